"""Working time: a span is cut where its hours begin to count as something else, and each piece says what it is.

Cuts are local midnight, the edges of the night and the edges of the rules for pay, all as instants of the roster's
zone (`utils.handover.instant`: an edge in the spring gap is at its end, one in the doubled hour at its first pass). So
the day on which clocks change has the 23 or 25 hours it really has, and its night an hour less or more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from duty_teller.domain.rates import Rates
from duty_teller.utils.dates import local_day, midnight
from duty_teller.utils.handover import instant

NIGHT: Final = (time(22), time(6))
"""When it is night unless a roster says otherwise."""

_DAY: Final = timedelta(days=1)

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Rules:
    """By what the hours of a roster are told apart.

    Attributes:
        timezone: IANA name.
        night: From and to on the wall clock; an end that is not after the begin is the next day's.
        weekend: Weekdays, 0 is Monday.
        holidays: Local days and what they are called.
        rates: What an hour is paid; None: nothing is reckoned.
    """

    timezone: str
    night: tuple[time, time] = NIGHT
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: Mapping[date, str] | None = None
    rates: Rates | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of which every minute counts as the same.

    Attributes:
        start: Aware UTC.
        end: Aware UTC.
        day: The local day it lies in.
        night: It lies in the night.
        weekend: It lies on the weekend.
        holiday: The name of the holiday it lies on, or nothing.
        rate: What an hour of it is paid; None where nothing is reckoned.
        mid_night: It holds the middle of a night: whoever is on duty then has that night.
    """

    start: datetime
    end: datetime
    day: date
    night: bool
    weekend: bool
    holiday: str
    rate: Decimal | None
    mid_night: bool

    @property
    def time(self) -> timedelta:
        """How long it is, really."""
        return self.end - self.start


class Cutter:
    """Cuts spans by the rules of a roster. What a day looks like is worked out once."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._days: dict[date, tuple[Piece, ...]] = {}
        opens, closes = rules.night
        minutes = (closes.hour * 60 + closes.minute - opens.hour * 60 - opens.minute) % (24 * 60)
        middle = (opens.hour * 60 + opens.minute + minutes // 2) % (24 * 60)
        self._middle = time(middle // 60, middle % 60)

    def cut(self, start: datetime, end: datetime) -> Iterator[Piece]:
        """Yields the pieces of [start, end), by time; together they are as long as it is."""
        day = local_day(start, self.rules.timezone)
        while start < end:
            for piece in self._of_day(day):
                first, last = max(piece.start, start), min(piece.end, end)
                if first < last:
                    whole = first == piece.start and last == piece.end
                    yield piece if whole else self._part(piece, first, last)
                    start = last
            day += _DAY

    def _part(self, piece: Piece, start: datetime, end: datetime) -> Piece:
        mid = piece.mid_night and start <= instant(piece.day, self._middle, self.rules.timezone) < end
        return Piece(start, end, piece.day, piece.night, piece.weekend, piece.holiday, piece.rate, mid)

    def _of_day(self, day: date) -> tuple[Piece, ...]:
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = tuple(self._made(day))
        return found

    def _made(self, day: date) -> Iterator[Piece]:
        rules, zone = self.rules, self.rules.timezone
        opens, closes = midnight(day, zone), midnight(day + _DAY, zone)
        nights = [span for back in (_DAY, timedelta()) for span in _spans(day - back, rules.night, zone)]
        paid = list(self._paid(day))
        edges = {opens, closes}
        for start, end in (*nights, *(span for span, _rate in paid)):
            edges |= {edge for edge in (start, end) if opens < edge < closes}
        middle = instant(day, self._middle, zone)
        at = sorted(edges)
        for start, end in pairwise(at):
            rate = next((rate for span, rate in paid if span[0] <= start < span[1]), None)
            if rules.rates is not None and rate is None:
                rate = rules.rates.base
            yield Piece(
                start,
                end,
                day,
                any(first <= start < last for first, last in nights),
                day.weekday() in rules.weekend,
                (rules.holidays or {}).get(day, ""),
                rate,
                start <= middle < end,
            )

    def _paid(self, day: date) -> Iterator[tuple[Interval, Decimal]]:
        """Yields the spans of the rules for pay that touch a day, the one that counts first."""
        if self.rules.rates is None:
            return
        zone, holidays = self.rules.timezone, self.rules.holidays or {}
        for rule in self.rules.rates.in_order():
            for begins in (day, day - _DAY):
                if not rule.is_for(begins, begins in holidays):
                    continue
                if rule.hours is not None:
                    yield from ((span, rule.rate) for span in _spans(begins, rule.hours, zone))
                elif begins == day:
                    yield (midnight(day, zone), midnight(day + _DAY, zone)), rule.rate


def _spans(day: date, clock: tuple[time, time], zone: str) -> Sequence[Interval]:
    """Returns the span of the wall clock that begins on a day; one that a change of the clocks leaves empty is none."""
    opens, closes = clock
    start = instant(day, opens, zone)
    end = instant(day if closes > opens else day + _DAY, closes, zone)
    return [(start, end)] if start < end else []


def without(spans: Iterable[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """Returns what of some spans lies in none of the others."""
    left = list(spans)
    for start, end in taken:
        left = [
            piece
            for first, last in left
            for piece in ((first, min(last, start)), (max(first, end), last))
            if piece[0] < piece[1]
        ]
    return left
