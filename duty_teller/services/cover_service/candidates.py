"""Who could cover a span: not away, not on duty, rested; whoever worked least in the last 28 days first."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import Duty, NoticeKind, User
from duty_teller.domain.shift import ABSENCES, Shift
from duty_teller.domain.stretches import find_overlaps
from duty_teller.services.outbox import choices
from duty_teller.services.schedule_service.consequences import REST

LOOK_BACK: Final = timedelta(days=28)
"""Whose hours are compared, and what a usual share is measured in."""

_SHARE: Final = 1.5
"""More than so many times the team's average is more than one's share."""

_AROUND: Final = timedelta(days=2)
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the roster, and what speaks against them.

    Attributes:
        user_id: Who.
        name: Their name.
        reachable: The bot can write to them, and they want to be asked.
        away: They are on vacation, ill or unavailable in that time.
        on_duty: They are on duty in that time (in any roster).
        rested: There are 11 hours between that time and their other duties.
        hours: On duty in the 28 days before it.
        much: With it they would have more than the team's usual share.
    """

    user_id: int
    name: str
    reachable: bool
    away: bool
    on_duty: bool
    rested: bool
    hours: float
    much: bool

    @property
    def free(self) -> bool:
        """Whether they could do it at all."""
        return not self.away and not self.on_duty


def team(session: Session, roster_id: int, position: str | None) -> list[User]:
    """Returns the active people who have shifts in a roster; with a position those who have had it."""
    known = repository.people_with_live_shifts(session, [roster_id])
    if position is not None:
        statement = select(Duty.user_id).where(Duty.roster_id == roster_id, col(Duty.cancelled_at).is_(None)).distinct()
        of_position = set(session.exec(statement.where(Duty.position == position)))
        known = of_position if len(of_position) > 1 else known
    return [user for user in repository.active_users(session) if user.id in known]


def is_on_roster(session: Session, roster_id: int, user_id: int) -> bool:
    """Tells whether a person has shifts in a roster."""
    statement = select(Duty.id).where(
        Duty.roster_id == roster_id, Duty.user_id == user_id, col(Duty.cancelled_at).is_(None)
    )
    return session.exec(statement.limit(1)).first() is not None


def candidates(
    session: Session,
    roster_id: int,
    position: str | None,
    start: datetime,
    end: datetime,
    without: frozenset[int],
    given: tuple[datetime, datetime] | None = None,
) -> list[Candidate]:
    """Returns the people of a roster, who could do it best first.

    Args:
        session: Where to read.
        roster_id: The roster.
        position: Of the shift.
        start: Of the span.
        end: Of the span.
        without: Whoever is not in question.
        given: Of a swap: a time on duty that they give away for it, which does not count.
    """
    people = [user for user in team(session, roster_id, position) if user.id not in without]
    everywhere = [roster.id or 0 for roster in repository.rosters(session)]
    rows = repository.shifts_between(session, everywhere, start - LOOK_BACK, end + _AROUND)
    hours: dict[int, float] = defaultdict(float)
    away, on_duty, tired = set(), set(), set()
    for row in rows:
        if given is not None and given[0] <= row.start_at and row.end_at <= given[1]:
            continue
        overlaps = row.start_at < end and row.end_at > start
        if row.event_type in ABSENCES:
            if overlaps:
                away.add(row.user_id)
            continue
        if overlaps:
            on_duty.add(row.user_id)
        if row.start_at < end + REST and row.end_at > start - REST:
            tired.add(row.user_id)
        hours[row.user_id] += max(0.0, (min(row.end_at, start) - max(row.start_at, start - LOOK_BACK)) / _HOUR)
    usual = sum(hours[user.id or 0] for user in people) / len(people) if people else 0.0
    found = [
        Candidate(
            user_id=user.id or 0,
            name=user.full_name,
            reachable=user.reachable and user.telegram_user_id is not None and choices.wants(user, NoticeKind.COVER),
            away=user.id in away,
            on_duty=user.id in on_duty,
            rested=user.id not in tired,
            hours=hours[user.id or 0],
            much=usual > 0 and hours[user.id or 0] + (end - start) / _HOUR > _SHARE * (usual + (end - start) / _HOUR),
        )
        for user in people
    ]
    return sorted(found, key=lambda c: (c.away, c.on_duty, not c.rested, c.hours, c.name.casefold(), c.user_id))


def to_ask(found: list[Candidate]) -> list[Candidate]:
    """Returns those who are asked: who is free and rested; where nobody is rested, who is free (and is told so)."""
    free = [candidate for candidate in found if candidate.free and candidate.reachable]
    return [candidate for candidate in free if candidate.rested] or free


def one(
    session: Session,
    roster_id: int,
    user_id: int,
    start: datetime,
    end: datetime,
    given: tuple[datetime, datetime] | None = None,
) -> Candidate | None:
    """Returns what speaks against one person, whatever their position; None: they have no shifts in the roster."""
    found = candidates(session, roster_id, None, start, end, frozenset(), given)
    return next((candidate for candidate in found if candidate.user_id == user_id), None)


def clashes(session: Session, user_id: int, start: datetime, end: datetime) -> list[str]:
    """Returns what is wrong with somebody's schedule as it is now, as keys that take a name: twice on duty, or away."""
    everywhere = [roster.id or 0 for roster in repository.rosters(session)]
    rows = repository.shifts_between(session, everywhere, start, end, user_id=user_id)
    on_duty = [replace(Shift.of(row), position=None) for row in rows if row.event_type not in ABSENCES]
    found = ["cover.now_twice"] if find_overlaps(on_duty) else []
    return [*found, "cover.now_away"] if on_duty and len(on_duty) < len(rows) else found


def warnings_of(candidate: Candidate | None) -> list[str]:
    """Returns what a person is warned about, as keys of the catalogue; nothing of it is forbidden."""
    if candidate is None:
        return []
    told = [("cover.warn_on_duty", candidate.on_duty), ("cover.warn_away", candidate.away)]
    told.append(("cover.warn_rest", not candidate.rested and not candidate.on_duty))
    told.append(("cover.warn_much", candidate.much))
    return [key for key, true in told if true]
