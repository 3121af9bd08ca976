"""The questions: who is on duty, who is next, what is in a range, where the gaps are."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.models import Coverage, EventType, Roster
from duty_teller.db.schemas import ShiftRow
from duty_teller.services.schedule_service.model import Shift
from duty_teller.utils.dates import day_span
from duty_teller.utils.handover import Handover, clock_span, handover_day, handover_span, instant

_LOOK_AHEAD = timedelta(days=45)
_LOOK_BACK = timedelta(days=45)
"""Far enough to see where a stretch began, and every duty of the hand-over day that is running."""

_LONGEST_STRETCH = timedelta(days=800)
"""Nobody looks for the begin of a time on duty further than this."""

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Shifts of one person in one position that meet: one time on duty, as people see it. `row` is the first."""

    row: ShiftRow
    start_at: datetime
    end_at: datetime


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


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two shifts that cannot both be meant: one person twice, or one position twice."""

    first: Shift
    second: Shift


def roster_handover(roster: Roster) -> Handover:
    """Returns the roster's hand-over."""
    return Handover(roster.handover_at, roster.timezone)


def stretches(rows: Iterable[ShiftRow]) -> list[Stretch]:
    """Joins shifts of one person in one position that meet or overlap, by start."""
    found: list[Stretch] = []
    open_by: dict[tuple[int, str | None], int] = {}
    for row in rows:
        key = row.user_id, row.position
        at = open_by.get(key)
        if at is not None and row.start_at <= found[at].end_at:
            last = found[at]
            found[at] = Stretch(last.row, last.start_at, max(last.end_at, row.end_at))
        else:
            open_by[key] = len(found)
            found.append(Stretch(row, row.start_at, row.end_at))
    return found


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
        rows = repository.shifts_between(session, [roster.id], now - _LOOK_BACK, horizon, (EventType.DUTY,))
        joined = stretches(rows)
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


def next_boundary(session: Session, now: datetime) -> datetime | None:
    """Returns the next instant at which the answer of `now_and_next` changes for any roster by time alone."""
    boundaries = (now_and_next(session, roster, now).valid_until for roster in repository.rosters(session))
    return min((boundary for boundary in boundaries if boundary is not None), default=None)


def shifts_of_days(session: Session, rosters: Iterable[Roster], first: date, last: date) -> list[ShiftRow]:
    """Returns all shifts that touch the local days `first` to `last` (both included), each roster by its own zone."""
    rows: list[ShiftRow] = []
    for roster in rosters:
        start, end = day_span(first, last, roster.timezone)
        rows += repository.shifts_between(session, [roster.id or 0], start, end)
    return sorted(rows, key=lambda row: (row.start_at, row.roster_id, row.full_name, row.id))


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
        found = [s for s in stretches(rows) if s.start_at < end and s.end_at > start]
        if margin > _LONGEST_STRETCH or all(s.start_at > first and s.end_at < last for s in found):
            return found
        margin *= 4


def gaps(session: Session, roster: Roster, start: datetime, end: datetime) -> list[Interval]:
    """Returns where the roster's coverage asks for somebody in [start, end) and no shift gives one."""
    rows = repository.shifts_between(session, [roster.id or 0], start - timedelta(days=2), end, (EventType.DUTY,))
    return gaps_of(roster, rows, start, end)


def gaps_of(roster: Roster, rows: Iterable[ShiftRow | Shift], start: datetime, end: datetime) -> list[Interval]:
    """Returns the gaps in [start, end) given the duties, which must include those of the hand-over days it touches.

    With `daily` coverage a hand-over day is covered by a duty whose middle lies in it, or which fills more than half
    of it. To touch it is not enough: with a hand-over at 09:00, tomorrow's day shift from 08:00 is not today's.
    """
    duties = sorted((row.start_at, row.end_at) for row in rows if row.event_type == EventType.DUTY)
    found: list[Interval] = []
    for required_start, required_end in _required(roster, start, end):
        if roster.coverage == Coverage.DAILY:
            covered = any(_belongs(duty, required_start, required_end) for duty in duties)
            pieces = [] if covered else [(required_start, required_end)]
        else:
            pieces = list(_uncovered(duties, required_start, required_end))
        for piece in pieces:
            piece = (max(piece[0], start), min(piece[1], end))
            if piece[0] >= piece[1]:
                continue
            if found and found[-1][1] >= piece[0]:
                found[-1] = (found[-1][0], max(found[-1][1], piece[1]))
            else:
                found.append(piece)
    return found


def _belongs(duty: Interval, start: datetime, end: datetime) -> bool:
    middle = duty[0] + (duty[1] - duty[0]) / 2
    return start <= middle < end or min(duty[1], end) - max(duty[0], start) > (end - start) / 2


def _uncovered(duties: Sequence[Interval], start: datetime, end: datetime) -> Iterator[Interval]:
    at = start
    for duty_start, duty_end in duties:
        if duty_start >= end:
            break
        if duty_end <= at:
            continue
        if duty_start > at:
            yield at, duty_start
        at = max(at, duty_end)
    if at < end:
        yield at, end


def _required(roster: Roster, start: datetime, end: datetime) -> Iterator[Interval]:
    """Yields the spans that coverage asks for in [start, end): whole hand-over days, all of it, or weekly hours."""
    if roster.coverage == Coverage.ALWAYS:
        yield start, end
        return
    handover = roster_handover(roster)
    day = handover_day(start, handover) - timedelta(days=1)
    hours: dict[str, list[str]] = json.loads(roster.coverage_hours or "{}")
    while instant(day, time(0), roster.timezone) < end:
        if roster.coverage == Coverage.DAILY:
            spans = [handover_span(day, handover)]
        else:
            spans = [_window(day, text, roster.timezone) for text in hours.get(str(day.weekday()), [])]
        yield from (span for span in spans if span[0] < end and span[1] > start)
        day += timedelta(days=1)


def _window(day: date, text: str, timezone: str) -> Interval:
    opens, closes = clock_span(text)
    closing_day = day if closes > opens else day + timedelta(days=1)
    return instant(day, opens, timezone), instant(closing_day, closes, timezone)


def find_overlaps(shifts: Iterable[Shift]) -> list[Overlap]:
    """Finds one person twice at once (duty on a vacation too), and one position given twice.

    Shifts without a position stand beside each other freely: a team may have two people on duty. A duty that began the
    day before an absence and ends in its morning is how absences begin, and no overlap.
    """
    found: list[Overlap] = []
    ordered = sorted(shifts, key=lambda s: (s.start_at, s.end_at, s.user_id))
    open_by: dict[Any, Shift] = {}
    for shift in ordered:
        keys: list[Any] = [("person", shift.user_id)]
        if shift.position is not None and shift.event_type == EventType.DUTY:
            keys.append(("position", shift.position))
        for key in keys:
            last = open_by.get(key)
            if last is not None and last.end_at > shift.start_at and not _ends_in_absence(last, shift):
                overlap = Overlap(last, shift)
                if overlap not in found[-2:]:
                    found.append(overlap)
            if last is None or shift.end_at >= last.end_at:
                open_by[key] = shift
    return found


def _ends_in_absence(first: Shift, second: Shift) -> bool:
    began_before = first.start_at < second.start_at
    return began_before and first.event_type == EventType.DUTY and second.event_type != EventType.DUTY


def first_handover(handover: Handover, moment: datetime) -> datetime:
    """Returns the first hand-over at an instant or after it."""
    day = handover_day(moment, handover)
    start, end = handover_span(day, handover)
    return start if start == moment else end
