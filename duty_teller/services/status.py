"""How everything is doing, in numbers, for an admin who was woken up: read in one session, nothing is written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import CalendarLink, Chat, GroupPin, LinkScope, User
from duty_teller.db.session import database_size
from duty_teller.services.calendars import store
from duty_teller.services.calendars.store import CalendarState
from duty_teller.services.outbox import outbox

SHOWN: Final = 5
"""How many of a list are shown; the rest is counted."""


@dataclass(frozen=True, slots=True)
class RosterState:
    """A roster's schedule: its revision, and the last change (None: nothing was ever changed)."""

    name: str
    timezone: str
    revision: int
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True, slots=True)
class LinkState:
    """A calendar link that was read: whose, what it shows, when, by which client (its User-Agent)."""

    owner: str
    scope: LinkScope
    read_at: datetime
    client: str


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the database and what is kept in it.

    Attributes:
        rosters: Those in use.
        database_bytes: Size.
        people: Active ones.
        reachable: Those of them the bot can write to.
        groups: Groups with a pin.
        pins_off: (group, reason) of pins that are switched off.
        pins_uncertain: How often a pin was posted again without knowing whether the last post had arrived.
        notices: Of the outbox.
        links: Calendar links that open something.
        links_read: Those read last, the newest first.
        calendars: Of others, shown over the rosters.
    """

    rosters: tuple[RosterState, ...]
    database_bytes: int
    people: int
    reachable: int
    groups: int
    pins_off: tuple[tuple[str, str], ...]
    pins_uncertain: int
    notices: outbox.OutboxState
    links: int
    links_read: tuple[LinkState, ...]
    calendars: tuple[CalendarState, ...]


def read(session: Session) -> Status:
    """Reads the state."""
    people = repository.active_users(session)
    pins = session.exec(select(GroupPin, Chat).join(Chat, col(GroupPin.chat_id) == col(Chat.id))).all()
    off = [(chat.title or str(chat.id), pin.failure) for pin, chat in pins if pin.failure is not None]
    return Status(
        rosters=tuple(_rosters(session)),
        database_bytes=database_size(session),
        people=len(people),
        reachable=sum(user.reachable and user.telegram_user_id is not None for user in people),
        groups=len({pin.chat_id for pin, _chat in pins}),
        pins_off=tuple(sorted(off)),
        pins_uncertain=sum(pin.uncertain for pin, _chat in pins),
        notices=outbox.state(session),
        links=_count_links(session),
        links_read=tuple(_links_read(session)),
        calendars=tuple(store.calendars(session)),
    )


def _rosters(session: Session) -> list[RosterState]:
    found = []
    revisions = repository.revisions(session)
    for roster in repository.rosters(session):
        last = repository.last_change(session, roster.id or 0)
        found.append(
            RosterState(
                name=roster.name,
                timezone=roster.timezone,
                revision=revisions.get(f"schedule:{roster.id}", 0),
                changed_at=None if last is None else last.created_at,
                changed_by="" if last is None else last.author_name,
            )
        )
    return found


def _count_links(session: Session) -> int:
    statement = (
        sa.select(sa.func.count())
        .select_from(CalendarLink)
        .join(User, col(CalendarLink.user_id) == col(User.id))
        .where(col(CalendarLink.revoked_at).is_(None), col(User.is_active))
    )
    return int(session.execute(statement).scalar() or 0)


def _links_read(session: Session) -> list[LinkState]:
    statement = (
        select(CalendarLink, User)
        .join(User, col(CalendarLink.user_id) == col(User.id))
        .where(col(CalendarLink.revoked_at).is_(None), col(User.is_active), col(CalendarLink.last_read_at).is_not(None))
        .order_by(col(CalendarLink.last_read_at).desc(), col(CalendarLink.id))
        .limit(SHOWN)
    )
    return [
        LinkState(user.full_name, link.scope, link.last_read_at, link.last_read_by or "")
        for link, user in session.exec(statement)
        if link.last_read_at is not None
    ]
