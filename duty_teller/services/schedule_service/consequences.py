"""What a difference causes that was not so before: people twice on duty, too little rest, duty while away, gaps."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.models import Roster
from duty_teller.domain.coverage import Interval, gaps_of
from duty_teller.domain.shift import EventType, Shift
from duty_teller.domain.stretches import Overlap, find_overlaps
from duty_teller.services.schedule_service.model import DiffItem
from duty_teller.utils.handover import Handover, handover_day, handover_span

REST: Final = timedelta(hours=11)
"""Between two times on duty (directive 2003/88/EC, article 3): less is warned about, never forbidden."""

_AROUND: Final = timedelta(days=3)
"""How far from what is changed something can follow from it: rest, a hand-over day, an absence of a whole day."""


@dataclass(frozen=True, slots=True)
class ShortRest:
    """Less than `REST` between two times on duty of a person; instants of UTC."""

    user_id: int
    ends_at: datetime
    begins_at: datetime


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a difference causes, and nothing that was so before it.

    Attributes:
        overlaps: One person on duty twice at once (in any roster), or one position given twice.
        rests: Less than 11 hours between two times on duty.
        away: Duty while the person is away, as (duty, absence).
        gaps_opened: Where coverage asks for somebody and nobody is there any more.
        gaps_closed: The reverse.
    """

    overlaps: tuple[Overlap, ...] = ()
    rests: tuple[ShortRest, ...] = ()
    away: tuple[Overlap, ...] = ()
    gaps_opened: tuple[Interval, ...] = ()
    gaps_closed: tuple[Interval, ...] = ()


def consequences_of(session: Session, roster: Roster, items: Sequence[DiffItem]) -> Consequences:
    """Compares what is stored with what a difference would make of it.

    Args:
        session: Where to read.
        roster: Whose schedule it is.
        items: Of the difference.
    """
    items = [plain for item in items if (plain := _without_note(item)).before != plain.after]
    shifts = [shift for item in items for shift in (item.before, item.after) if shift is not None]
    if not shifts:
        return Consequences()
    handover = Handover(roster.handover_at, roster.timezone)
    first = min(shift.start_at for shift in shifts) - _AROUND
    start = handover_span(handover_day(first, handover), handover)[0]
    last = max(shift.end_at for shift in shifts) + _AROUND
    end = handover_span(handover_day(last, handover), handover)[1]
    others = [other.id or 0 for other in repository.rosters(session) if other.id != roster.id]
    own = [
        replace(Shift.of(row), note=None)
        for row in repository.shifts_between(session, [roster.id or 0], start - _AROUND, end + _AROUND)
    ]
    people = {shift.user_id for shift in shifts}
    elsewhere = [
        Shift.of(row)
        for row in repository.shifts_between(session, others, start - _AROUND, end + _AROUND)
        if row.user_id in people
    ]
    after = _result(own, items)
    before_gaps, after_gaps = gaps_of(roster, own, start, end), gaps_of(roster, after, start, end)
    before_pairs, after_pairs = set(_pairs(own, elsewhere, people)), _pairs(after, elsewhere, people)
    new = [pair for pair in after_pairs if pair not in before_pairs]
    rests = set(_rests(own, elsewhere, people))
    return Consequences(
        overlaps=tuple(pair for pair in new if not _is_absence_in(pair)),
        rests=tuple(rest for rest in _rests(after, elsewhere, people) if rest not in rests),
        away=tuple(_duty_first(pair) for pair in new if _is_absence_in(pair)),
        gaps_opened=tuple(without(after_gaps, before_gaps)),
        gaps_closed=tuple(without(before_gaps, after_gaps)),
    )


def _without_note(item: DiffItem) -> DiffItem:
    """Returns an item without notes: nothing follows from them."""
    before, after = (shift and replace(shift, note=None) for shift in (item.before, item.after))
    return DiffItem(item.uid, before, after)


def _result(stored: Iterable[Shift], items: Iterable[DiffItem]) -> list[Shift]:
    result = Counter(stored)
    result.subtract(item.before for item in items if item.before is not None)
    result.update(item.after for item in items if item.after is not None)
    return sorted(result.elements(), key=lambda shift: (shift.start_at, shift.end_at, shift.user_id))


def _pairs(own: Iterable[Shift], elsewhere: Iterable[Shift], people: set[int]) -> list[Overlap]:
    """Returns what cannot both be meant: in the roster, and for the people of the difference in all of them.

    Two absences at once are nobody's worry.
    """
    found = find_overlaps(own)
    for person in people:
        mine = [s for s in own if s.user_id == person]
        theirs = [s for s in elsewhere if s.user_id == person]
        if theirs:
            found += [
                pair
                for pair in find_overlaps(replace(shift, position=None) for shift in (*mine, *theirs))
                if pair not in found
            ]
    return [pair for pair in found if not (pair.first.event_type.is_absence and pair.second.event_type.is_absence)]


def _is_absence_in(pair: Overlap) -> bool:
    return pair.first.event_type.is_absence or pair.second.event_type.is_absence


def _duty_first(pair: Overlap) -> Overlap:
    return Overlap(pair.second, pair.first) if pair.first.event_type.is_absence else pair


def _rests(own: Iterable[Shift], elsewhere: Iterable[Shift], people: set[int]) -> list[ShortRest]:
    spans: dict[int, list[Interval]] = defaultdict(list)
    for shift in (*own, *elsewhere):
        if shift.user_id in people and shift.event_type == EventType.DUTY:
            spans[shift.user_id].append((shift.start_at, shift.end_at))
    return [
        ShortRest(person, one[1], two[0])
        for person, found in sorted(spans.items())
        for one, two in pairwise(joined(found))
        if two[0] - one[1] < REST
    ]


def joined(spans: Iterable[Interval]) -> list[Interval]:
    """Joins spans that meet or overlap, by start."""
    found: list[Interval] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(spans: Iterable[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """Returns what of some spans lies in none of the others."""
    found = joined(spans)
    for gone_start, gone_end in joined(taken):
        rest: list[Interval] = []
        for start, end in found:
            if gone_end <= start or end <= gone_start:
                rest.append((start, end))
                continue
            if start < gone_start:
                rest.append((start, gone_start))
            if gone_end < end:
                rest.append((gone_end, end))
        found = rest
    return found
