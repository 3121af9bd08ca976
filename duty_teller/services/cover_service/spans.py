"""Parts of a shift as people type them, with a word why or without: `20:00–23:00 dentist`, `до 23:00`, `dentist`."""

from datetime import datetime, time, timedelta
from typing import Final

from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.words.times import BadTimeError, explicit_spans, suggested_span
from duty_teller.services.cover_service.model import CoverError
from duty_teller.utils.dates import local_day
from duty_teller.utils.handover import instant, parse_clock

Interval = tuple[datetime, datetime]

_LONGEST: Final = 5
"""Words that times are made of: `from 8 pm to 11 pm`."""

_UNTIL: Final = frozenset({"until", "till", "до"})


def part_and_reason(text: str, start: datetime, end: datetime, timezone: str) -> tuple[Interval | None, str]:
    """Reads what was typed about a shift.

    Args:
        text: Times, a reason, or both in any order.
        start: Of the shift.
        end: Of the shift.
        timezone: Of the roster: whose wall clock is meant.

    Returns:
        The part (None: no times were typed) and the reason.

    Raises:
        CoverError: `cover.outside`: those times are not in the shift.
    """
    words = text.split()
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for first in dict.fromkeys((0, len(words) - length)):
            found = _times(" ".join(words[first : first + length]))
            if found is not None:
                return _placed(*found, start, end, timezone), " ".join(words[:first] + words[first + length :])
    return None, " ".join(words)


def until(text: str, start: datetime, end: datetime, timezone: str) -> datetime:
    """Reads the end of a take-over, `23:00` or `until 23`: the first such time after its begin.

    Raises:
        LocalizedError: `error.clock`: it is no time. `cover.outside`: it is not before the shift's end.
    """
    words = text.lower().split()
    at = parse_clock(" ".join(words[1:] if words and words[0] in _UNTIL else words))
    day = local_day(start, timezone)
    while (moment := instant(day, at, timezone)) <= start:
        day += timedelta(days=1)
    if moment > end:
        raise CoverError("cover.outside")
    return moment


def _times(text: str) -> tuple[time, time] | None:
    plain = text.strip(".,;:()")
    try:
        spans = explicit_spans(plain)
    except BadTimeError:
        raise LocalizedError("error.clock", text=plain[:32]) from None
    if len(spans) == 1:
        return spans[0]
    try:
        return suggested_span(plain)
    except BadTimeError:
        return None


def _placed(opens: time, closes: time, start: datetime, end: datetime, timezone: str) -> Interval:
    """Returns the first pass of two wall-clock times that lies in a shift."""
    day, last = local_day(start, timezone) - timedelta(days=1), local_day(end, timezone)
    while day <= last:
        begins = instant(day, opens, timezone)
        ends = instant(day if closes > opens else day + timedelta(days=1), closes, timezone)
        if start <= begins < ends <= end:
            return begins, ends
        day += timedelta(days=1)
    raise CoverError("cover.outside")
