"""Hand-overs: wall-clock times of a roster's zone, and the instants they fall on.

Rules for the days on which clocks change: a hand-over that falls into the spring gap happens at the end of the gap,
one in the doubled hour of autumn at its first pass. So a duty from hand-over to hand-over has 23 or 25 hours on those
days.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from duty_teller.i18n.core import LocalizedError
from duty_teller.utils.zones import AmbiguousZoneError, typed_zone, zone

_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")

_WORDS_OF_A_CITY = 4


def parse_clock(text: str) -> time:
    """Reads a wall-clock time, `9`, `9:00`, `09.00` or `09:00`.

    Raises:
        LocalizedError: `error.clock`, it is not a time of a day.
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise LocalizedError("error.clock", text=text.strip()[:32])
    return time(int(match[1]), int(match[2] or 0))


def clock_span(text: str) -> tuple[time, time]:
    """Reads a span of the wall clock as it is stored, `09:00-18:00`; an end at `24:00` is `time(0)`, the next day's.

    Raises:
        ValueError: It is none.
    """
    start, end = text.split("-")
    return time.fromisoformat(start), time(0) if end == "24:00" else time.fromisoformat(end)


@dataclass(frozen=True, slots=True)
class Handover:
    """When one duty ends and the next begins: a wall-clock time in an IANA zone."""

    at: time
    timezone: str

    def __str__(self) -> str:
        return f"{self.at:%H:%M} {self.timezone}"


class AmbiguousHandoverError(AmbiguousZoneError):
    """A hand-over whose zone may be one of several; `handovers` are what may be meant, the likeliest first."""

    def __init__(self, at: time, error: AmbiguousZoneError) -> None:
        super().__init__(error.typed, error.zones)
        self.handovers = [Handover(at, name) for name in error.zones]


def parse_handover(text: str, timezone: str | None = None) -> Handover:
    """Reads a hand-over as people write it: `09:00 Europe/Moscow`, `9 New York`; a time alone where a zone is known.

    Args:
        text: What was typed.
        timezone: The zone of the roster, used when the text names none.

    Raises:
        LocalizedError: `error.handover` for another shape, else as `parse_clock` and `typed_zone`.
        AmbiguousHandoverError: The zone is an abbreviation that stands for several.
    """
    clock, _space, name = " ".join(text.split()).partition(" ")
    if not clock[:1].isdecimal() or len(name.split()) > _WORDS_OF_A_CITY or (not name and timezone is None):
        raise LocalizedError("error.handover", text=text.strip()[:64])
    at = parse_clock(clock)
    if not name or name == timezone:
        return Handover(at, zone(timezone or "").key)
    try:
        return Handover(at, typed_zone(name).key)
    except AmbiguousZoneError as error:
        raise AmbiguousHandoverError(at, error) from error


def is_gap(moment: datetime) -> bool:
    """Tells whether a zoned wall-clock time is skipped when clocks go forward."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) != moment.replace(tzinfo=None, fold=0)


def is_doubled(moment: datetime) -> bool:
    """Tells whether a zoned wall-clock time happens twice when clocks go back."""
    return not is_gap(moment) and moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def instant(day: date, at: time, timezone: str) -> datetime:
    """Returns the UTC instant of a wall-clock time by the rules for hand-overs (module docstring); it never fails.

    Args:
        day: The local date.
        at: The wall-clock time.
        timezone: An IANA name.
    """
    moment = datetime.combine(day, at, zone(timezone)).replace(fold=0)
    if not is_gap(moment):
        return moment.astimezone(UTC)
    # In a gap fold=0 counts with the offset before it and fold=1 with the one after: between the two instants lies
    # the jump.
    low, high = moment.replace(fold=1).astimezone(UTC), moment.astimezone(UTC)
    before = low.astimezone(zone(timezone)).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone(timezone)).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0) + timedelta(seconds=1 if high.microsecond else 0)


def explicit_instant(day: date, at: time, timezone: str) -> tuple[datetime, bool]:
    """Returns the UTC instant of a written-down time, and whether it happens twice that day (the first pass counts).

    Raises:
        LocalizedError: `error.time_in_gap`, the clocks skip that time on that day.
    """
    moment = datetime.combine(day, at, zone(timezone)).replace(fold=0)
    if is_gap(moment):
        raise LocalizedError("error.time_in_gap", time=f"{at:%H:%M}", day=day.isoformat(), zone=timezone)
    return moment.astimezone(UTC), is_doubled(moment)


def handover_span(day: date, handover: Handover) -> tuple[datetime, datetime]:
    """Returns the UTC start and end of the duty of a hand-over day: from its hand-over to the next day's."""
    return (
        instant(day, handover.at, handover.timezone),
        instant(day + timedelta(days=1), handover.at, handover.timezone),
    )


def handover_day(moment: datetime, handover: Handover) -> date:
    """Returns the hand-over day that an instant belongs to: before the hand-over it is still the day before."""
    day = moment.astimezone(zone(handover.timezone)).date()
    return day if moment >= instant(day, handover.at, handover.timezone) else day - timedelta(days=1)
