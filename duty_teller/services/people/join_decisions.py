"""What admins decide about those who want in: claims of a group's button, and requests for access."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from duty_teller.config import Settings
from duty_teller.db.models import JoinRequest, JoinState, NoticeKind, Role, User
from duty_teller.services.outbox import outbox
from duty_teller.services.people import access, accounts, admin_notices, roles
from duty_teller.services.people.cards import PEOPLE, Which
from duty_teller.services.people.joining import TELL_FOR, Decided, JoinError, close, tie, undecided, visitor_of
from duty_teller.utils.user import Visitor


@dataclass(frozen=True, slots=True)
class Line:
    """An open claim as an admin looks at it.

    Attributes:
        request_id: Its number.
        account: The account as admins read it; not escaped.
        name: Of the person they say they are.
        fits: The roster gives that person this very @username.
        rivals: How many others claim that name.
    """

    request_id: int
    account: str
    name: str
    fits: bool
    rivals: int


def open_claims(session: Session) -> list[Line]:
    """Returns the claims that wait for an admin, the oldest first; those overtaken meanwhile are left out."""
    statement = (
        select(JoinRequest, User)
        .where(
            JoinRequest.state == JoinState.OPEN,
            col(JoinRequest.user_id) == col(User.id),
            col(User.is_active),
            col(User.telegram_user_id).is_(None),
        )
        .order_by(col(JoinRequest.id))
    )
    found = list(session.exec(statement))
    claimed = Counter(person.id for _request, person in found)
    return [
        Line(
            request.id or 0,
            admin_notices.account_text(visitor_of(request)),
            person.full_name,
            _fits(request, person),
            claimed[person.id] - 1,
        )
        for request, person in found
    ]


def open_number(session: Session) -> int:
    """Returns how many claims and requests for access wait for an admin."""
    statement = select(func.count()).where(JoinRequest.state == JoinState.OPEN)
    return len(open_claims(session)) + session.exec(statement.where(col(JoinRequest.user_id).is_(None))).one()


def open_access(session: Session) -> list[tuple[int, str]]:
    """Returns the requests for access that wait for an admin, the oldest first: (number, account, not escaped)."""
    statement = select(JoinRequest).where(JoinRequest.state == JoinState.OPEN, col(JoinRequest.user_id).is_(None))
    return [
        (request.id or 0, admin_notices.account_text(visitor_of(request)))
        for request in session.exec(statement.order_by(col(JoinRequest.id)))
    ]


def _fits(request: JoinRequest, person: User) -> bool:
    return request.username is not None and request.username.lower() == (person.username or "").lower()


def account_of(session: Session, request_id: int) -> Visitor:
    """Returns the account behind an open request.

    Raises:
        JoinError: As `_open`.
    """
    return visitor_of(_open(session, request_id))


def _open(session: Session, request_id: int) -> JoinRequest:
    """Returns an open request.

    Raises:
        JoinError: `join.decided` when an admin has decided on it, `join.void` when it was taken back or overtaken.
    """
    request = session.get(JoinRequest, request_id)
    if request is None or request.state in (JoinState.VOID, JoinState.CHOOSING):
        raise JoinError("join.void")
    if request.state != JoinState.OPEN:
        by = session.get(User, request.decided_by_id) if request.decided_by_id is not None else None
        raise JoinError("join.decided", name=by.full_name if by is not None else "–")
    return request


def confirm(session: Session, settings: Settings, request_id: int, by: int, now: datetime) -> Decided:
    """Ties a claim's account to the name it claims, by an admin's word.

    Raises:
        JoinError: As `_open`.
        LinkError: As `accounts.link`.
    """
    request = _open(session, request_id)
    if request.user_id is None:
        raise JoinError("join.void")
    decided = tie(session, request, request.user_id, by, now)
    visitor, person = visitor_of(request), session.get_one(User, request.user_id)
    admins = access.admins_to_tell(session, settings, NoticeKind.PEOPLE)
    admin_notices.joined(session, admins, person, visitor, now, by)
    return decided


def confirm_many(
    session: Session, settings: Settings, request_ids: Collection[int], by: int, now: datetime
) -> list[Decided]:
    """Confirms several claims that nobody else claims; the other admins get one message about all of them.

    Args:
        session: A writing session.
        settings: Says who the admins are.
        request_ids: Which; what was decided meanwhile, or has a rival, is left as it is.
        by: Number of the admin.
        now: The present instant.
    """
    done = []
    for line in open_claims(session):
        if line.request_id in request_ids and not line.rivals:
            request = _open(session, line.request_id)
            try:
                done.append(tie(session, request, request.user_id or 0, by, now))
            except accounts.LinkError:
                continue  # the account has become somebody else meanwhile: the list shows it, alone it says why
    author = session.get(User, by)
    text = {"who": author.full_name if author is not None else "–", "n": str(len(done))}
    for admin in access.admins_to_tell(session, settings, NoticeKind.PEOPLE) if done else []:
        if admin.id != by:
            key = f"joins-done:{by}:{int(now.timestamp())}:{min(request_ids)}:{admin.id}"
            payload = outbox.plain("join.told_confirmed", text, {"join.users": PEOPLE(Which.ALL, 0)})
            outbox.put(session, NoticeKind.PEOPLE, key, payload, now, now + TELL_FOR, user_id=admin.id)
    return done


def refuse(session: Session, request_id: int, by: int, now: datetime) -> Decided:
    """Says no to a claim or request; the account is not heard again (an invitation still lets it in).

    Raises:
        JoinError: As `_open`.
    """
    request = _open(session, request_id)
    close(session, request, JoinState.REFUSED, by, now)
    return Decided(request.telegram_user_id, request.full_name, request.language_code)


def let_in(session: Session, settings: Settings, request_id: int, by: int, now: datetime) -> Decided:
    """Makes an account that asked for access a person of its own.

    Raises:
        JoinError: As `_open`.
        RoleError: As `roles.let_in`: it was deactivated, say.
    """
    request = _open(session, request_id)
    visitor = visitor_of(request)
    told = roles.let_in(session, settings, visitor, Role.USER, now)
    person = session.get_one(User, told.user_id)
    accounts.set_reachable(session, told.user_id, True)
    close(session, request, JoinState.CONFIRMED, by, now)
    admin_notices.joined(session, access.admins_to_tell(session, settings, NoticeKind.PEOPLE), person, visitor, now, by)
    return Decided(request.telegram_user_id, person.full_name, person.language or request.language_code)


def is_person(session: Session, settings: Settings, request_id: int, user_id: int, by: int, now: datetime) -> Decided:
    """Ties an account that asked for access to the person of the roster an admin says it is.

    Raises:
        JoinError: As `_open`, or `join.gone`.
        LinkError: As `accounts.link`.
    """
    request = _open(session, request_id)
    decided = tie(session, request, user_id, by, now)
    admins = access.admins_to_tell(session, settings, NoticeKind.PEOPLE)
    admin_notices.joined(session, admins, session.get_one(User, user_id), visitor_of(request), now, by)
    return decided


def refuse_account(session: Session, telegram_user_id: int, by: int, now: datetime) -> None:
    """Ends what an account has open: an admin has said in another way that it is nobody of the roster."""
    request = undecided(session, telegram_user_id)
    if request is not None:
        close(session, request, JoinState.REFUSED, by, now)
