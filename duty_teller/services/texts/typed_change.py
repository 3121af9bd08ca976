"""What people type behind /change: a day, times and a name in any order, in every language spoken."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

from duty_teller.i18n import LANGUAGES, LocalizedError
from duty_teller.importers.words.times import BadTimeError, clock
from duty_teller.services.texts.typed_days import parse_day
from duty_teller.utils.handover import explicit_instant
from duty_teller.utils.zones import zone

_TIME: Final = r"(\d{1,2}:\d{2}(?:\s*[ap]m)?|\d{1,2}\s*[ap]m)"
_LONGEST_DAY: Final = 4
"""Words: `в 24 ноября 2026`."""


@dataclass(frozen=True, slots=True)
class TypedChange:
    """What was typed.

    Attributes:
        day: None: none was named.
        start: A time, or the first of two.
        end: The second of two; not after the first it is the next day's.
        name: What is left.
    """

    day: date | None
    start: time | None
    end: time | None
    name: str


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    since = "|".join(re.escape(word) for one in LANGUAGES.values() for word in one.typed.since)
    until = "|".join(re.escape(word) for one in LANGUAGES.values() for word in one.typed.until)
    begin = rf"(?<!\S)(?:(?:{since})\s+)?{_TIME}"
    return re.compile(rf"{begin}\s*(?:[-–—]|\b(?:{until})\b)\s*{_TIME}(?!\S)"), re.compile(rf"{begin}(?!\S)")


def read_time(text: str) -> time:
    """Reads a time of a day: `9`, `09:00`, `9.30`, `9pm`; `24:00` is midnight.

    Raises:
        LocalizedError: `error.clock`.
    """
    try:
        return clock("".join(text.lower().split()))
    except BadTimeError as error:
        raise LocalizedError("error.clock", text=text.strip()[:32]) from error


def parse_change(text: str, today: date) -> TypedChange:
    """Reads `24.11 Smith`, `friday 20:00-08:00 Смирнов`, `Dan tomorrow 13:00`.

    Args:
        text: What was typed.
        today: The local date in the roster's zone.

    Raises:
        LocalizedError: `error.date` or `error.clock` for what does not exist.
    """
    plain = " ".join(text.split())
    start = end = None
    both, single = _patterns()
    if match := both.search(plain.lower()):
        start, end = read_time(match[1]), read_time(match[2])
    elif match := single.search(plain.lower()):
        start = read_time(match[1])
    if match is not None and len(plain) == len(plain.lower()):
        plain = f"{plain[: match.start()]} {plain[match.end() :]}"
    words = [word for word in plain.split() if word not in {"→", "->", "-", "–", "—"}]
    for length in range(min(_LONGEST_DAY, len(words)), 0, -1):
        for part, rest in ((words[:length], words[length:]), (words[-length:], words[:-length])):
            day = parse_day(" ".join(part), today)
            if day is not None:
                return TypedChange(day, start, end, " ".join(rest))
    return TypedChange(None, start, end, " ".join(words))


def parse_moment(text: str, near: datetime, after: bool, timezone: str, today: date) -> datetime:
    """Reads an instant: a time, or a day with a time (`25.11 01:00`).

    Args:
        text: What was typed.
        near: An instant of the shift. A time alone is the first such time after it, or the nearest one.
        after: Which of the two.
        timezone: The roster's zone.
        today: Its local date.

    Raises:
        LocalizedError: `error.clock`, `error.date`, `error.time_in_gap`.
    """
    plain = " ".join(text.split())
    typed = parse_change(plain, today)
    if typed.start is None or typed.name:
        words = plain.rsplit(" ", 1)
        typed = TypedChange(parse_day(words[0], today) if len(words) == 2 else None, read_time(words[-1]), None, "")
        if len(words) == 2 and typed.day is None:
            raise LocalizedError("error.clock", text=plain[:32])
    assert typed.start is not None  # noqa: S101  # read above
    return instant_near(typed.day, typed.start, near, after, timezone)


def instant_near(day: date | None, at: time, near: datetime, after: bool, timezone: str) -> datetime:
    """Returns the instant of a wall-clock time of a day, or of the day that `near` and `after` choose.

    Raises:
        LocalizedError: `error.time_in_gap`.
    """
    if day is not None:
        return explicit_instant(day, at, timezone)[0]
    from_day = near.astimezone(zone(timezone)).date()
    found: list[datetime] = []
    failure: LocalizedError | None = None
    for offset in (-1, 0, 1):
        try:
            found.append(explicit_instant(from_day + timedelta(days=offset), at, timezone)[0])
        except LocalizedError as error:
            failure = error
    if after:
        later = [moment for moment in found if moment > near]
        if later:
            return later[0]
        raise failure or LocalizedError("error.clock", text=f"{at:%H:%M}")
    return min(found, key=lambda moment: abs(moment - near))
