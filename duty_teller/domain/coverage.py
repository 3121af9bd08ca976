"""When a roster wants somebody on duty, and where its shifts leave a gap."""

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import Protocol

from duty_teller.domain.shift import Shift
from duty_teller.utils.handover import Handover, clock_span, handover_day, handover_span, instant

Interval = tuple[datetime, datetime]


class Coverage(StrEnum):
    """When a roster wants somebody on duty; what it asks and no shift gives is a gap."""

    DAILY = "daily"
    ALWAYS = "always"
    WEEKLY = "weekly"


class HandoverRules(Protocol):
    """When a roster hands over.

    Attributes:
        timezone: IANA name.
        handover_at: Wall clock.
    """

    timezone: str
    handover_at: time


class CoverageRules(HandoverRules, Protocol):
    """What a roster asks for.

    Attributes:
        coverage: Which kind.
        coverage_hours: JSON for `weekly`: `{"0": ["09:00-18:00"], …}`, 0 is Monday.
    """

    coverage: Coverage
    coverage_hours: str | None


def gaps_of(rules: CoverageRules, shifts: Iterable[Shift], start: datetime, end: datetime) -> list[Interval]:
    """Returns the gaps in [start, end) given the shifts, which must include those of the hand-over days it touches.

    With `daily` coverage a hand-over day is covered by a duty whose middle lies in it, or which fills more than half
    of it. To touch it is not enough: with a hand-over at 09:00, tomorrow's day shift from 08:00 is not today's.

    Somebody who is ill when their part of a hand-over day begins does not cover that part, whatever is left of it on
    the next morning.
    """
    duties = _Duties(_present(rules, list(shifts)))
    found: list[Interval] = []
    for required_start, required_end in _required(rules, start, end):
        around = duties.around(required_start, required_end)
        if rules.coverage == Coverage.DAILY:
            covered = any(_belongs(duty, required_start, required_end) for duty in around)
            pieces = [] if covered else [(required_start, required_end)]
        else:
            pieces = list(_uncovered(around, required_start, required_end))
        for piece in pieces:
            piece = (max(piece[0], start), min(piece[1], end))
            if piece[0] >= piece[1]:
                continue
            if found and found[-1][1] >= piece[0]:
                found[-1] = (found[-1][0], max(found[-1][1], piece[1]))
            else:
                found.append(piece)
    return found


class _Duties:
    """Duties by start, found by time: asking for each day of a year does not look through all of them each time."""

    def __init__(self, duties: list[Interval]) -> None:
        self._duties = duties
        self._starts = [start for start, _end in duties]
        self._reach = list(accumulate((end for _start, end in duties), max))

    def around(self, start: datetime, end: datetime) -> list[Interval]:
        """Returns all that touch [start, end), by start; some that do not may be among them."""
        return self._duties[bisect_right(self._reach, start) : bisect_left(self._starts, end)]


def _present(rules: CoverageRules, shifts: Sequence[Shift]) -> list[Interval]:
    """Returns the duties by start, without the hand-over days whose part begins while the person is ill."""
    ill: dict[int, list[Interval]] = defaultdict(list)
    for shift in shifts:
        if shift.event_type.rules.uncovers:
            ill[shift.user_id].append((shift.start_at, shift.end_at))
    found: list[Interval] = []
    for duty in (shift for shift in shifts if not shift.event_type.is_absence):
        found += present_parts(rules, (duty.start_at, duty.end_at), ill.get(duty.user_id, ()))
    return sorted(found)


def present_parts(rules: HandoverRules, duty: Interval, ill: Iterable[Interval]) -> list[Interval]:
    """Returns a duty without its parts of hand-over days that begin while the person is ill.

    Args:
        rules: The roster's.
        duty: Start and end.
        ill: When the person is.
    """
    spans = [span for span in ill if span[0] < duty[1] and duty[0] < span[1]]
    if not spans:
        return [duty]
    handover = Handover(rules.handover_at, rules.timezone)
    found: list[Interval] = []
    at = begun = duty[0]
    while at < duty[1]:
        until = min(handover_span(handover_day(at, handover), handover)[1], duty[1])
        if any(start <= at < end for start, end in spans):
            if begun < at:
                found.append((begun, at))
            begun = until
        at = until
    if begun < duty[1]:
        found.append((begun, duty[1]))
    return found


def _belongs(duty: Interval, start: datetime, end: datetime) -> bool:
    middle = duty[0] + (duty[1] - duty[0]) / 2
    return start <= middle < end or min(duty[1], end) - max(duty[0], start) > (end - start) / 2


def _uncovered(duties: Sequence[Interval], start: datetime, end: datetime) -> Iterator[Interval]:
    at = start
    for duty_start, duty_end in duties:
        if at >= end or duty_start >= end:
            break
        if duty_end <= at:
            continue
        if duty_start > at:
            yield at, duty_start
        at = max(at, duty_end)
    if at < end:
        yield at, end


def _required(rules: CoverageRules, start: datetime, end: datetime) -> Iterator[Interval]:
    """Yields the spans that coverage asks for in [start, end): whole hand-over days, all of it, or weekly hours."""
    if rules.coverage == Coverage.ALWAYS:
        yield start, end
        return
    handover = Handover(rules.handover_at, rules.timezone)
    day = handover_day(start, handover) - timedelta(days=1)
    hours: dict[str, list[str]] = json.loads(rules.coverage_hours or "{}")
    while instant(day, time(0), rules.timezone) < end:
        if rules.coverage == Coverage.DAILY:
            spans = [handover_span(day, handover)]
        else:
            spans = [_window(day, text, rules.timezone) for text in hours.get(str(day.weekday()), [])]
        yield from (span for span in spans if span[0] < end and span[1] > start)
        day += timedelta(days=1)


def _window(day: date, text: str, timezone: str) -> Interval:
    opens, closes = clock_span(text)
    closing_day = day if closes > opens else day + timedelta(days=1)
    return instant(day, opens, timezone), instant(closing_day, closes, timezone)
