"""The questions: who is on duty, who is next, what is in a range, where the gaps are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.models import Roster
from duty_teller.db.schemas import ROW_FIELDS, ShiftRow
from duty_teller.domain import stretches
from duty_teller.domain.coverage import Interval, gaps_of
from duty_teller.domain.shift import COVERAGE, EventType
from duty_teller.utils.dates import day_span
from duty_teller.utils.handover import Handover, handover_day, handover_span

_LOOK_AHEAD = timedelta(days=45)
_LOOK_BACK = timedelta(days=45)
"""Far enough to see where a stretch began, and every duty of the hand-over day that is running."""

_LONGEST_STRETCH = timedelta(days=800)
"""Nobody looks for the begin of a time on duty further than this."""

Stretch = stretches.Stretch[ShiftRow]
"""A time on duty, with the person's name and contacts."""


@dataclass(frozen=True, slots=True)
class NowNext:
    """Who is on duty in a roster and who follows.

    Attributes:
        roster: The roster.
        current: On duty now, by name.
        next: Who begins next (all who begin at that instant), whoever is on duty now left out.
        gap: The gap that is open now, or the first one before the next begin; its end is None when nobody is planned
            after it.
        valid_until: When this stops being true; None: not before the schedule changes.
        missing: Nobody is on duty, and coverage asks for somebody now, or will and nobody is planned any more.
    """

    roster: Roster
    current: tuple[Stretch, ...]
    next: tuple[Stretch, ...]
    gap: tuple[datetime, datetime | None] | None
    valid_until: datetime | None
    missing: bool = False


def roster_handover(roster: Roster) -> Handover:
    """Returns the roster's hand-over."""
    return Handover(roster.handover_at, roster.timezone)


def now_and_next(session: Session, roster: Roster, now: datetime) -> NowNext:
    """Tells who is on duty in a roster and who is next.

    Args:
        session: Where to read.
        roster: The roster.
        now: The instant asked about.
    """
    assert roster.id is not None  # noqa: S101  # a stored row
    horizon: datetime | None = now + _LOOK_AHEAD
    while horizon is not None:
        rows = repository.shifts_between(session, [roster.id], now - _LOOK_BACK, horizon, COVERAGE)
        joined = stretches.stretches(row for row in rows if not row.event_type.is_absence)
        current = tuple(s for s in joined if s.start_at <= now < s.end_at)
        coming = [s for s in joined if s.start_at > now]
        first = min((s.start_at for s in coming), default=None)
        shown = (*current, *(s for s in coming if s.start_at == first))
        if first is not None and all(s.end_at < horizon for s in shown):
            break
        # Nobody else yet, or a stretch that goes on beyond: one person alone for months, a plan far ahead.
        later = repository.next_start(session, roster.id, horizon - timedelta(seconds=1))
        horizon = None if later is None else later + _LOOK_AHEAD
    gap = _gap_around(roster, rows, now, first)
    edges = [edge for s in joined for edge in (s.start_at, s.end_at)] + [edge for edge in gap or () if edge]
    if not current and gap is None and first is not None:
        # Between two duties of one day nobody is missing; the next hand-over may open a gap.
        edges.append(handover_span(handover_day(now, roster_handover(roster)), roster_handover(roster))[1])
    return NowNext(
        roster=roster,
        current=current,
        next=tuple(s for s in coming if s.start_at == first),
        gap=gap,
        valid_until=min((edge for edge in edges if edge > now), default=None),
        missing=not current and gap is not None and (gap[0] <= now or gap[1] is None),
    )


def _gap_around(
    roster: Roster, rows: Sequence[ShiftRow], now: datetime, first: datetime | None
) -> tuple[datetime, datetime | None] | None:
    found = gaps_of(roster, rows, now, first or now + _LOOK_AHEAD)
    if not found:
        return None
    return found[0] if first is not None else (found[0][0], None)


def shifts_of_days(session: Session, rosters: Iterable[Roster], first: date, last: date) -> list[ShiftRow]:
    """Returns all shifts that touch the local days `first` to `last` (both included), each roster by its own zone."""
    rows: list[ShiftRow] = []
    for roster in rosters:
        start, end = day_span(first, last, roster.timezone)
        rows += repository.shifts_between(session, [roster.id or 0], start, end)
    return sorted(rows, key=lambda row: (row.start_at, row.roster_id, row.full_name, row.id))


def records_of_days(session: Session, rosters: Iterable[Roster], first: date, last: date) -> list[dict[str, Any]]:
    """Returns what `shifts_of_days` does, as the API answers it: `DutyRead` as JSON has it, instants in ISO 8601."""
    rows: list[Sequence[Any]] = []
    for roster in rosters:
        start, end = day_span(first, last, roster.timezone)
        rows += repository.stored_shifts_between(session, [roster.id or 0], start, end)
    rows.sort(key=_RECORD_ORDER)
    records = [dict(zip(ROW_FIELDS, row, strict=True)) for row in rows]
    for record in records:
        record["start_at"], record["end_at"] = _iso(record["start_at"]), _iso(record["end_at"])
    return records


_RECORD_ORDER = itemgetter(*(ROW_FIELDS.index(name) for name in ("start_at", "roster_id", "full_name", "id")))


@lru_cache(maxsize=4096)
def _iso(seconds: int) -> str:
    """Hand-overs are the same of many shifts."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def stretches_between(
    session: Session, roster: Roster, start: datetime, end: datetime, user_id: int | None = None
) -> list[Stretch]:
    """Returns the whole times on duty that touch [start, end), by start: what meets on either side belongs to them.

    Args:
        session: Where to read.
        roster: The roster.
        start: Aware.
        end: Aware.
        user_id: Only this person's.
    """
    margin = timedelta(days=8)
    while True:
        first, last = start - margin, end + margin
        rows = repository.shifts_between(session, [roster.id or 0], first, last, (EventType.DUTY,), user_id=user_id)
        found = [s for s in stretches.stretches(rows) if s.start_at < end and s.end_at > start]
        if margin > _LONGEST_STRETCH or all(s.start_at > first and s.end_at < last for s in found):
            return found
        margin *= 4


def gaps(session: Session, roster: Roster, start: datetime, end: datetime) -> list[Interval]:
    """Returns where the roster's coverage asks for somebody in [start, end) and no shift gives one."""
    rows = repository.shifts_between(session, [roster.id or 0], start - timedelta(days=2), end, COVERAGE)
    return gaps_of(roster, rows, start, end)


def first_handover(handover: Handover, moment: datetime) -> datetime:
    """Returns the first hand-over at an instant or after it."""
    day = handover_day(moment, handover)
    start, end = handover_span(day, handover)
    return start if start == moment else end
