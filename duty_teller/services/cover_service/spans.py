"""Parts of a shift as people type them, with a word why or without: `20:00–23:00 dentist`, `до 23:00`, `dentist`."""

from datetime import datetime, time, timedelta
from typing import Final

from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.words.hours import hours_of
from duty_teller.services.cover_service.model import CoverError
from duty_teller.utils.dates import local_day
from duty_teller.utils.handover import instant, parse_clock

Interval = tuple[datetime, datetime]

_LONGEST: Final = 7
"""Words that times are made of: `from 8 pm to 11 pm`, `с 8 вечера до 11 вечера`."""


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
            found = hours_of([word.strip(".,;:()") for word in words[first : first + length]], alone=False)
            if found is not None:
                return _placed(*found, start, end, timezone), " ".join(words[:first] + words[first + length :])
    return None, " ".join(words)


def until(text: str, start: datetime, end: datetime, timezone: str) -> datetime:
    """Reads the end of a take-over, `23:00` or `until 23`: the first such time after its begin.

    Raises:
        LocalizedError: `error.clock`: it is no time. `cover.outside`: it is not before the shift's end.
    """
    opens, closes = hours_of(text.split()) or (None, None)
    if opens is not None and closes is not None:
        raise LocalizedError("error.clock", text=text.strip()[:32])
    moment = _first_pass(closes or opens or parse_clock(text), start, timezone)
    if moment > end:
        raise CoverError("cover.outside")
    return moment


def _first_pass(at: time, start: datetime, timezone: str) -> datetime:
    """Returns the first time of the wall clock after an instant."""
    day = local_day(start, timezone)
    while (moment := instant(day, at, timezone)) <= start:
        day += timedelta(days=1)
    return moment


def _placed(opens: time | None, closes: time | None, start: datetime, end: datetime, timezone: str) -> Interval:
    """Returns the first pass of two wall-clock times that lies in a shift; one that was not said is the shift's own."""
    if opens is None or closes is None:
        at = closes if opens is None else opens
        assert at is not None  # noqa: S101  # one of them was said
        moment = _first_pass(at, start, timezone)
        if not start < moment < end:
            raise CoverError("cover.outside")
        return (start, moment) if opens is None else (moment, end)
    day, last = local_day(start, timezone) - timedelta(days=1), local_day(end, timezone)
    while day <= last:
        begins = instant(day, opens, timezone)
        ends = instant(day if closes > opens else day + timedelta(days=1), closes, timezone)
        if start <= begins < ends <= end:
            return begins, ends
        day += timedelta(days=1)
    raise CoverError("cover.outside")
