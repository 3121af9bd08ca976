"""How people get in without an invitation: a group's *That's me*, and a stranger who asks for access.

The group's button opens the private chat with a signed payload for that group and day. Who presses it and is in the
group may choose a name that has no account yet; that is a claim, which an admin confirms. Whoever merely writes to the
bot may ask for access, once, and learns nothing of the roster. An account that was refused is not heard again.
"""

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session, col, func, select

from duty_teller.config import Settings
from duty_teller.db.models import Chat, JoinRequest, JoinState, NoticeKind, User
from duty_teller.i18n.core import LocalizedError
from duty_teller.services.outbox import outbox
from duty_teller.services.people import access, accounts, admin_notices
from duty_teller.services.people.access import Level
from duty_teller.services.people.admin_notices import ACCESS, DECIDE, JOINS, WHO
from duty_teller.utils.secret_file import encode, signature
from duty_teller.utils.user import Visitor

LINK_LIFETIME: Final = timedelta(days=30)
_LINK: Final = "j"
_MOST_ASKING: Final = 20
"""Strangers whose request for access is open at a time: more than that is a flood, not a team."""

_BUNDLE: Final = timedelta(minutes=10)
"""Claims of so long are told to an admin in two messages: the first at once, the others together."""

TELL_FOR: Final = timedelta(days=7)
_UNDECIDED: Final = (JoinState.CHOOSING, JoinState.OPEN)


class JoinError(LocalizedError):
    """A claim or request cannot be made or decided like that; nothing was changed."""


class Standing(StrEnum):
    """What an account that wants in has done so far."""

    NEW = "new"
    CHOOSING = "choosing"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decided:
    """A request that an admin has decided on, detached: whom to tell what."""

    telegram_user_id: int
    full_name: str
    language_code: str | None


def group_link(secret: bytes, chat_id: int, today: date) -> str:
    """Returns the payload of a group's button, `[A-Za-z0-9_-]`, under 64 characters."""
    day = today.toordinal()
    return f"{_LINK}{-chat_id:x}-{day:x}-{encode(signature(secret, 'join', chat_id, day)[:18])}"


def is_group_link(payload: str) -> bool:
    """Tells whether the payload of a /start looks like that of a group's button."""
    return payload.startswith(_LINK) and payload.count("-") >= 2


def group_of_link(secret: bytes, payload: str, today: date) -> int:
    """Returns the group whose button was pressed.

    Raises:
        JoinError: `join.link_invalid` (forged), `join.link_old`.
    """
    try:
        head, day_text, _sent = payload.removeprefix(_LINK).split("-", 2)
        chat_id, day = -int(head, 16), date.fromordinal(int(day_text, 16))
    except (ValueError, OverflowError) as error:
        raise JoinError("join.link_invalid") from error
    if not hmac.compare_digest(group_link(secret, chat_id, day).encode(), payload.encode()):
        raise JoinError("join.link_invalid")
    if today - day > LINK_LIFETIME:
        raise JoinError("join.link_old")
    return chat_id


def undecided(session: Session, telegram_user_id: int) -> JoinRequest | None:
    """Returns what an account has open."""
    statement = select(JoinRequest).where(
        JoinRequest.telegram_user_id == telegram_user_id, col(JoinRequest.state).in_(_UNDECIDED)
    )
    return session.exec(statement).first()


def standing(session: Session, telegram_user_id: int) -> tuple[Standing, str]:
    """Returns what an account has done so far, and the name it claims while that is open."""
    request = undecided(session, telegram_user_id)
    if request is not None:
        person = session.get(User, request.user_id) if request.user_id is not None else None
        found = Standing.CHOOSING if request.state == JoinState.CHOOSING else Standing.WAITING
        return found, person.full_name if person is not None else ""
    refused = select(JoinRequest.id).where(
        JoinRequest.telegram_user_id == telegram_user_id, JoinRequest.state == JoinState.REFUSED
    )
    return (Standing.REFUSED if session.exec(refused).first() is not None else Standing.NEW), ""


def begin(session: Session, visitor: Visitor, chat_id: int, now: datetime) -> Standing:
    """Lets an account choose its name that came by a group's button and is in the group.

    Args:
        session: A writing session.
        visitor: The account.
        chat_id: The group; an admin must have trusted it.
        now: The present instant.

    Returns:
        What it has done before; `choosing` when it may choose now.

    Raises:
        JoinError: `join.link_invalid`: the group is not trusted any more.
    """
    chat = session.get(Chat, chat_id)
    if chat is None or not chat.trusted:
        raise JoinError("join.link_invalid")
    request = undecided(session, visitor.telegram_user_id)
    if request is not None and request.chat_id is None:  # asked for access before: the group says more
        close(session, request, JoinState.VOID, None, now)
    before = standing(session, visitor.telegram_user_id)[0]
    if before != Standing.NEW:
        return before
    _add(session, visitor, JoinState.CHOOSING, now, chat_id)
    return Standing.CHOOSING


def _add(session: Session, visitor: Visitor, state: JoinState, now: datetime, chat_id: int | None) -> JoinRequest:
    request = JoinRequest(
        telegram_user_id=visitor.telegram_user_id,
        full_name=visitor.full_name[:200],
        username=visitor.username,
        language_code=visitor.language_code,
        chat_id=chat_id,
        state=state,
        created_at=now,
    )
    session.add(request)
    session.flush()
    return request


def close(session: Session, request: JoinRequest, state: JoinState, by: int | None, now: datetime) -> None:
    """Ends a request."""
    request.state, request.decided_at, request.decided_by_id = state, now, by
    session.add(request)
    session.flush()


def claim(session: Session, settings: Settings, visitor: Visitor, user_id: int, now: datetime) -> str:
    """Notes who an account says it is, and tells the admins.

    Args:
        session: A writing session.
        settings: Says who the admins are.
        visitor: The account; it must have come by a group's button.
        user_id: The person it says it is.
        now: The present instant.

    Returns:
        The person's name.

    Raises:
        JoinError: `bot.button_old` when the account may not choose (any more), `join.gone` without such a person.
        TakenError: The name is connected to another account.
    """
    request = undecided(session, visitor.telegram_user_id)
    if request is None or request.state != JoinState.CHOOSING:
        raise JoinError("bot.button_old")
    person = session.get(User, user_id)
    if person is None or not person.is_active:
        raise JoinError("join.gone")
    if person.telegram_user_id is not None:
        raise TakenError("join.taken", name=person.full_name)
    request.user_id, request.state = user_id, JoinState.OPEN
    request.full_name, request.username = visitor.full_name[:200], visitor.username
    request.created_at = now
    session.add(request)
    session.flush()
    _tell_of_claim(session, settings, request, person, now)
    return person.full_name


class TakenError(JoinError):
    """A name is claimed that has an account; the admins have to hear of it (`tell_of_taken`)."""


def tell_of_taken(session: Session, settings: Settings, visitor: Visitor, user_id: int, now: datetime) -> None:
    """Tells the admins, once, that an account claims the name of somebody who is connected already."""
    person = session.get(User, user_id)
    if person is None:
        return
    text = {"name": person.full_name, "account": admin_notices.account_text(visitor)}
    for admin in access.admins_to_tell(session, settings, NoticeKind.PEOPLE):
        key = f"join-taken:{visitor.telegram_user_id}:{user_id}:{admin.id}"
        payload = outbox.plain("join.told_taken", text)
        outbox.put(session, NoticeKind.PEOPLE, key, payload, now, now + TELL_FOR, user_id=admin.id)


def tell_of_missing(session: Session, settings: Settings, visitor: Visitor, now: datetime) -> None:
    """Tells the admins, once, that an account of the group is none of the names without an account.

    It counts as a request for access from then on as far as the admins' buttons go: they let it in, or say who it is.
    """
    request = undecided(session, visitor.telegram_user_id)
    if request is None or request.state != JoinState.CHOOSING:
        raise JoinError("bot.button_old")
    text = {"account": admin_notices.account_text(visitor)}
    for admin in access.admins_to_tell(session, settings, NoticeKind.PEOPLE):
        key = f"join-missing:{visitor.telegram_user_id}:{admin.id}"
        payload = outbox.plain("join.told_missing", text, _access_buttons(request))
        outbox.put(session, NoticeKind.PEOPLE, key, payload, now, now + TELL_FOR, user_id=admin.id)
    request.state = JoinState.OPEN
    session.add(request)
    session.flush()


def _access_buttons(request: JoinRequest) -> dict[str, str]:
    number = request.id or 0
    return {"join.let_in": ACCESS("in", number), "join.who_is_it": WHO(number, 0), "join.refuse": ACCESS("no", number)}


def _tell_of_claim(session: Session, settings: Settings, request: JoinRequest, person: User, now: datetime) -> None:
    """The first claim of ten minutes is told at once, the others together at their end: 48 are two messages."""
    seconds = int(_BUNDLE.total_seconds())
    bundle = int(now.timestamp()) // seconds
    for admin in access.admins_to_tell(session, settings, NoticeKind.PEOPLE):
        if admin.telegram_user_id == request.telegram_user_id:
            continue
        text = {"name": person.full_name, "account": admin_notices.account_text(visitor_of(request))}
        number = request.id or 0
        buttons = {"join.confirm": DECIDE("y", number), "join.refuse": DECIDE("n", number), "join.all": JOINS(0)}
        first = outbox.plain("join.told_claim", text, buttons)
        key = f"joins:{bundle}:{admin.id}"
        if outbox.put(session, NoticeKind.PEOPLE, key, first, now, now + TELL_FOR, user_id=admin.id):
            continue
        due = now + timedelta(seconds=(bundle + 1) * seconds - int(now.timestamp()))
        more = outbox.plain("join.told_more", {}, {"join.all": JOINS(0)})
        key = f"joins-more:{bundle}:{admin.id}"
        outbox.put(session, NoticeKind.PEOPLE, key, more, now, due + TELL_FOR, user_id=admin.id, due_at=due)


def withdraw(session: Session, telegram_user_id: int, now: datetime) -> None:
    """Takes an open claim back, so that another name can be chosen; the buttons the admins have end with it.

    Raises:
        JoinError: `bot.button_old`: there is none.
    """
    request = undecided(session, telegram_user_id)
    if request is None or request.state != JoinState.OPEN or request.chat_id is None:
        raise JoinError("bot.button_old")
    close(session, request, JoinState.VOID, None, now)
    _add(session, visitor_of(request), JoinState.CHOOSING, now, request.chat_id)


def visitor_of(request: JoinRequest) -> Visitor:
    """Returns the account that a request comes from."""
    return Visitor(request.telegram_user_id, request.full_name, request.username, request.language_code)


def ask_for_access(session: Session, settings: Settings, visitor: Visitor, now: datetime) -> Standing:
    """Notes that a stranger asks for access, and asks the admins.

    Args:
        session: A writing session.
        settings: Says who the admins are.
        visitor: The stranger.
        now: The present instant.

    Returns:
        What the account had done before: `new` when the admins are asked by this.

    Raises:
        JoinError: `join.too_many`: too many strangers wait for an answer.
    """
    before = standing(session, visitor.telegram_user_id)[0]
    if before != Standing.NEW:
        return before
    asking = select(func.count()).where(JoinRequest.state == JoinState.OPEN, col(JoinRequest.chat_id).is_(None))
    if session.exec(asking).one() >= _MOST_ASKING:
        raise JoinError("join.too_many")
    request = _add(session, visitor, JoinState.OPEN, now, None)
    if admin_notices.was_asked(session, visitor.telegram_user_id, now):
        return before  # the question whether they are whose @username they bear is asked already
    text = {"account": admin_notices.account_text(visitor), "id": str(visitor.telegram_user_id)}
    buttons = _access_buttons(request)
    for admin in access.admins_to_tell(session, settings, NoticeKind.PEOPLE):
        key = f"access:{request.id}:{admin.id}"
        payload = outbox.plain("join.told_access", text, buttons)
        outbox.put(session, NoticeKind.PEOPLE, key, payload, now, now + TELL_FOR, user_id=admin.id)
    return before


def tie(session: Session, request: JoinRequest, user_id: int, by: int, now: datetime) -> Decided:
    """Gives a person the account of a request."""
    person = session.get(User, user_id)
    if person is None or not person.is_active:
        raise JoinError("join.gone")
    linked = accounts.link(session, person, visitor_of(request), now)
    accounts.set_reachable(session, user_id, True)
    close(session, request, JoinState.CONFIRMED, by, now)
    return Decided(request.telegram_user_id, linked.full_name, linked.language or request.language_code)


def choose_oneself(session: Session, settings: Settings, visitor: Visitor, user_id: int, now: datetime) -> str | None:
    """Ties an admin's account to the name it claims: their own word counts.

    Returns:
        The name; None: the account is no admin's, and this is a claim like everybody's.

    Raises:
        JoinError: As `claim`.
    """
    if access.level_of(session, settings, visitor.telegram_user_id) != Level.ADMIN:
        return None
    request = undecided(session, visitor.telegram_user_id)
    if request is None or request.state != JoinState.CHOOSING:
        raise JoinError("bot.button_old")
    person = session.get(User, user_id)
    if person is None or not person.is_active:
        raise JoinError("join.gone")
    if person.telegram_user_id is not None and person.telegram_user_id != visitor.telegram_user_id:
        raise TakenError("join.taken", name=person.full_name)
    tie(session, request, user_id, user_id, now)
    admins = access.admins_to_tell(session, settings, NoticeKind.PEOPLE)
    admin_notices.joined(session, admins, session.get_one(User, user_id), visitor, now, user_id)
    return person.full_name
