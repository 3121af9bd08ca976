"""Planning: what is due goes into the outbox; a part with nothing to do is left alone until something it reads moves.

It is asked after every commit, in a storm of pins 25 times a second, so a part is remembered by the revision counters
(and the few rows without one) that it was made from, and by its boundary. That memory is the process's: after a
restart everything is looked at once, and compared with what is stored.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from duty_teller.config import Settings
from duty_teller.db.models import AccessName, Chat, DigestKind, GroupPin, Notice, Revision, Roster
from duty_teller.services.notices import digests, reminders, watch
from duty_teller.services.notices.pending import earliest, put_all


class Part(StrEnum):
    """What planning is made of."""

    REMINDERS = "reminders"
    DIGESTS = "digests"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Seen:
    """That a part had nothing to put in.

    Attributes:
        state: What it was made from; a part of another state is looked at again.
        at: When that was; a clock that was set back before it makes it worthless.
        boundary: When it has to be looked at again; None: not before the state moves.
        waits_for: Numbers of open notices that tell a reminder's news in its place; once one is closed, the reminder
            may be due.
    """

    state: tuple[Any, ...]
    at: datetime
    boundary: datetime | None
    waits_for: tuple[int, ...] = ()


Memory = Mapping[Part, Seen]
NOTHING: Final[Memory] = {}


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning found.

    Attributes:
        due: Parts that have something to put into the outbox.
        memory: Of the others; to be handed over the next time.
    """

    due: frozenset[Part]
    memory: Memory

    @property
    def boundary(self) -> datetime | None:
        """When to look again."""
        return earliest(*(seen.boundary for seen in self.memory.values()))


def plan(session: Session, settings: Settings, now: datetime, memory: Memory) -> Planned:
    """Tells what has something to put into the outbox now; reads only, and next to nothing when nothing has moved.

    Args:
        session: Where to read.
        settings: Tell who is an admin.
        now: The present instant.
        memory: Of the last time, or `NOTHING`.
    """
    states = _states(session)  # first: what is committed from here on moves them
    due: set[Part] = set()
    kept: dict[Part, Seen] = {}
    for part, state in states.items():
        seen = memory.get(part)
        if seen is None or seen.state != state or not _still_true(session, seen, now):
            found, seen = _look(session, settings, part, state, now)
            if found:
                due.add(part)
                continue
        kept[part] = seen
    return Planned(frozenset(due), kept)


def put_due(session: Session, settings: Settings, now: datetime, parts: Collection[Part] = tuple(Part)) -> None:
    """Puts what is due of some parts into the outbox, in the caller's transaction."""
    if Part.REMINDERS in parts:
        put_all(session, reminders.plan(session, now).pending, now)
    if Part.DIGESTS in parts:
        put_all(session, digests.plan(session, now)[0], now)
    if Part.WATCH in parts:
        watch.tell(session, settings, now)


def _states(session: Session) -> dict[Part, tuple[Any, ...]]:
    revisions = session.execute(sa.select(col(Revision.name), col(Revision.value)).order_by(col(Revision.name))).all()
    common = tuple((name, value) for name, value in revisions if name != "links")
    names = sa.select(col(AccessName.kind), col(AccessName.username), col(AccessName.telegram_user_id))
    groups = (
        sa.select(col(Chat.id), col(Chat.digest), col(Chat.digest_thread_id), col(GroupPin.roster_id))
        .join_from(Chat, GroupPin, col(GroupPin.chat_id) == col(Chat.id), isouter=True)
        .where(col(Chat.digest) != DigestKind.OFF, col(Chat.trusted), col(Chat.left_at).is_(None))
        .order_by(col(Chat.id), col(GroupPin.roster_id))
    )
    warnings = sa.select(col(Roster.id), col(Roster.gap_warnings)).order_by(col(Roster.id))
    watched = (*session.execute(names.order_by(col(AccessName.id))), *session.execute(warnings))
    return {
        Part.REMINDERS: common,
        Part.DIGESTS: (*common, *(tuple(row) for row in session.execute(groups))),
        Part.WATCH: (*common, *(tuple(row) for row in watched)),
    }


def _still_true(session: Session, seen: Seen, now: datetime) -> bool:
    if now < seen.at or (seen.boundary is not None and now >= seen.boundary):
        return False
    if not seen.waits_for:
        return True
    statement = select(func.count()).where(col(Notice.id).in_(seen.waits_for), col(Notice.closed_at).is_(None))
    return session.exec(statement).one() == len(seen.waits_for)


def _look(session: Session, settings: Settings, part: Part, state: tuple[Any, ...], now: datetime) -> tuple[bool, Seen]:
    if part == Part.REMINDERS:
        found = reminders.plan(session, now)
        return bool(found.pending), Seen(state, now, found.boundary, found.waits_for)
    if part == Part.DIGESTS:
        telling, boundary = digests.plan(session, now)
        return bool(telling), Seen(state, now, boundary)
    findings = watch.scan(session, settings, now)
    return findings.any, Seen(state, now, findings.boundary)
