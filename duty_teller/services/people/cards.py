"""People as admins look at them: the list with its filters, and everything about one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.models import Duty, EventType, Roster, User, UserAlias
from duty_teller.services.people import access, accounts, roles
from duty_teller.services.people.access import Level
from duty_teller.services.people.roles import Source
from duty_teller.services.schedule_service import stretches_between
from duty_teller.utils.callback_data import PAGE, declare, one_of


class Which(StrEnum):
    """Whom the list shows; the values are part of callback data."""

    ALL = "a"
    UNREACHABLE = "u"
    ADMINS = "m"
    INACTIVE = "i"


PEOPLE: Final = declare("users:", one_of(Which), PAGE)
"""A page of the list."""


class Mark(StrEnum):
    """The mark beside a name of the list."""

    ADMIN = "admin"
    NO_ACCOUNT = "no_account"
    UNREACHABLE = "unreachable"
    INACTIVE = "inactive"
    MERGED = "merged"
    LEFT_OVER = "left_over"


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list."""

    user_id: int
    full_name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Everything about one person; moments are aware UTC, `timezone` is the zone to show each in.

    Attributes:
        user_id: Their number.
        full_name: Their name.
        username: A hint, without the @.
        phone: In international form.
        telegram_user_id: Their account, or None.
        linked_at: When the account was tied to this person; None: an account that was merely let in, or none.
        sources: What makes them an admin.
        level: What they may do.
        reachable: Whether the bot may write to them.
        is_active: Whether they have not been deactivated.
        merged_into: Whose name theirs is since a merge, as (number, name).
        left_over: Nothing hangs on them any more: their shifts were all taken back.
        on_duty_until: The end of the time on duty that is running (shifts that meet are one), with its zone.
        next_shift: The begin of the next one, with its zone.
        coming: Shifts that are not over yet, all types but absences.
        aliases: Other names that files use, folded.
    """

    user_id: int
    full_name: str
    username: str | None
    phone: str | None
    telegram_user_id: int | None
    linked_at: datetime | None
    sources: frozenset[Source]
    level: Level
    reachable: bool
    is_active: bool
    merged_into: tuple[int, str] | None
    left_over: bool
    on_duty_until: tuple[datetime, str] | None
    next_shift: tuple[datetime, str] | None
    coming: int
    aliases: tuple[str, ...]


def list_people(session: Session, settings: Settings, which: Which) -> list[Line]:
    """Returns the people of a filter, by name.

    Who was made by an import that was taken back, and has neither shifts nor an account nor another name in files,
    stands with the inactive ones: nothing hangs on them.
    """
    left_over = _left_over(session)
    lines = []
    for user in session.exec(select(User)):
        user_id = user.id or 0
        inactive = not user.is_active or user_id in left_over
        if inactive != (which == Which.INACTIVE):
            continue
        admin = bool(roles.sources_of(session, settings, user))
        marks = [Mark.ADMIN] if admin else []
        if not user.is_active:
            marks.append(Mark.INACTIVE if accounts.merged_into(session, user) is None else Mark.MERGED)
        elif user_id in left_over:
            marks.append(Mark.LEFT_OVER)
        elif user.telegram_user_id is None:
            marks.append(Mark.NO_ACCOUNT)
        elif not user.reachable:
            marks.append(Mark.UNREACHABLE)
        if which == Which.UNREACHABLE and not {Mark.NO_ACCOUNT, Mark.UNREACHABLE} & set(marks):
            continue
        if which == Which.ADMINS and not admin:
            continue
        lines.append(Line(user_id, user.full_name, tuple(marks)))
    return sorted(lines, key=lambda line: (line.full_name.casefold(), line.user_id))


def _left_over(session: Session) -> set[int]:
    gone = repository.people_without_live_shifts(session)
    if not gone:
        return set()
    named = set(session.exec(select(UserAlias.user_id)))
    accounts = session.exec(select(User.id).where(col(User.telegram_user_id).is_not(None))).all()
    return gone - named - set(accounts)


def card(session: Session, settings: Settings, user_id: int, now: datetime) -> Card:
    """Returns everything about a person.

    Raises:
        GoneError: There is no such person (any more).
    """
    user = roles.get_person(session, user_id)
    coming = _coming(session, user_id, now)
    last = max((duty.end_at for duty, _roster in coming), default=now)
    spans = [
        (stretch, roster.timezone)
        for roster in {roster.id: roster for _duty, roster in coming}.values()
        for stretch in stretches_between(session, roster, now, last, user_id)
    ]
    running = [(stretch.end_at, timezone) for stretch, timezone in spans if stretch.start_at <= now]
    later = [(stretch.start_at, timezone) for stretch, timezone in spans if stretch.start_at > now]
    account = user.telegram_user_id
    other = accounts.merged_into(session, user)
    aliases = session.exec(select(UserAlias.name_key).where(UserAlias.user_id == user_id)).all()
    return Card(
        user_id=user_id,
        full_name=user.full_name,
        username=user.username,
        phone=user.phone,
        telegram_user_id=account,
        linked_at=user.linked_at,
        sources=roles.sources_of(session, settings, user),
        level=access.level_of(session, settings, account) if account is not None else Level.STRANGER,
        reachable=user.reachable,
        is_active=user.is_active,
        merged_into=None if other is None else (other.id or 0, other.full_name),
        left_over=user_id in _left_over(session),
        on_duty_until=max(running, default=None),
        next_shift=min(later, default=None),
        coming=len(coming),
        aliases=tuple(sorted(aliases)),
    )


def _coming(session: Session, user_id: int, now: datetime) -> list[tuple[Duty, Roster]]:
    """Returns a person's duties of rosters in use that are not over, by start."""
    statement = (
        select(Duty, Roster)
        .where(
            col(Duty.roster_id) == col(Roster.id),
            col(Roster.retired_at).is_(None),
            Duty.user_id == user_id,
            Duty.event_type == EventType.DUTY,
            col(Duty.cancelled_at).is_(None),
            col(Duty.end_at) > now,
        )
        .order_by(col(Duty.start_at), col(Duty.id))
    )
    return [(duty, roster) for duty, roster in session.exec(statement)]


def with_accounts(session: Session) -> list[Line]:
    """Returns the active people with an account, by name: who can get a role."""
    statement = select(User).where(col(User.is_active), col(User.telegram_user_id).is_not(None))
    people = sorted(session.exec(statement), key=lambda user: (user.full_name.casefold(), user.id or 0))
    return [Line(user.id or 0, user.full_name, ()) for user in people]
