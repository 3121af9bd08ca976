"""What people type behind /change: a day, times and a name in any order, in every language spoken."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from duty_teller.i18n import LANGUAGES, LocalizedError
from duty_teller.importers.words.hours import hours_in
from duty_teller.importers.words.times import BadTimeError, clock
from duty_teller.services.texts.typed_days import parse_day
from duty_teller.utils.handover import explicit_instant
from duty_teller.utils.zones import zone

_LONGEST_DAY: Final = 5
"""Words: `в пятницу 27 ноября 2026`."""


@dataclass(frozen=True, slots=True)
class TypedChange:
    """What was typed.

    Attributes:
        day: None: none was named.
        start: A time, or the first of two; None with an end: from the begin of the shift (`until 13:00`).
        end: The second of two; not after the first it is the next day's.
        name: What is left: who is to have it.
        holder: Who has it, where that was said, too (`Smith instead of Dan`, `Dan → Smith`).
    """

    day: date | None
    start: time | None
    end: time | None
    name: str
    holder: str = ""


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
    """Reads `24.11 Smith`, `friday 20-8 Смирнов`, `Dan tomorrow 1pm`, `give Friday to Smith`, `Dan → Smith 24.11`.

    Args:
        text: What was typed.
        today: The local date in the roster's zone.

    Raises:
        LocalizedError: `error.date` or `error.clock` for what does not exist.
    """
    words = text.split()
    day = None
    for first, last in _windows(words):
        day = parse_day(" ".join(words[first:last]), today)
        if day is not None:
            words = words[:first] + words[last:]
            break
    start, end, words = hours_in(words)
    return TypedChange(day, start, end, *_people(words))


def split_note(text: str) -> tuple[str, str | None]:
    """Takes the note off a line: what stands behind `note:`; None: there is none, nothing: the note is to go."""
    words = "|".join(re.escape(word) for one in LANGUAGES.values() for word in one.typed.noting)
    found = re.search(rf"(?<!\S)(?:{words})\s*:\s*(.*)\Z", text, re.IGNORECASE | re.DOTALL) if words else None
    return (text, None) if found is None else (text[: found.start()].rstrip(), found[1])


def _windows(words: list[str]) -> list[tuple[int, int]]:
    """Returns where a day may stand: with a number before by its word alone (Sun is a name, too), the longest first."""
    number = len(words)
    found = [(first, first + length) for length in range(1, _LONGEST_DAY + 1) for first in range(number - length + 1)]

    def order(part: tuple[int, int]) -> tuple[bool, int, bool, int]:
        first, last = part
        counted = any(sign.isdecimal() for word in words[first:last] for sign in word)
        return not counted, first - last, first > 0 and last < number, first

    return sorted(found, key=order)


def _people(words: list[str]) -> tuple[str, str]:
    """Returns who is to have a shift, and who has it, where both are named."""
    spoken = [one.typed for one in LANGUAGES.values()]
    giving = {word for one in spoken for word in one.giving} | {"-", "–", "—"}
    said = [word.strip(",;") for word in words]
    for arrow in ("→", "->", "=>"):
        if arrow in said[1:-1]:
            at = said.index(arrow, 1)
            return _without(said[at + 1 :], giving), _without(said[:at], giving)
    lowered = [word.lower() for word in said]
    for phrase in sorted((word.split() for one in spoken for word in one.instead), key=len, reverse=True):
        for at in range(1, len(said) - len(phrase)):
            if lowered[at : at + len(phrase)] == phrase:
                return _without(said[:at], giving), _without(said[at + len(phrase) :], giving)
    return _without(said, giving), ""


def _without(words: list[str], giving: set[str]) -> str:
    """Takes off words at either end that say nothing of a name."""
    idle = giving | {"→", "->", "=>", ""}
    kept = list(words)
    while kept and kept[0].lower() in idle:
        kept.pop(0)
    while kept and kept[-1].lower() in idle:
        kept.pop()
    return " ".join(kept)


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
    day, at = typed.day, typed.start if typed.start is not None else typed.end
    if at is None or typed.name:
        words = plain.rsplit(" ", 1)
        day, at = parse_day(words[0], today) if len(words) == 2 else None, read_time(words[-1])
        if len(words) == 2 and day is None:
            raise LocalizedError("error.clock", text=plain[:32])
    return instant_near(day, at, near, after, timezone)


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
