"""Days and weeks as people type them behind /duty and /week, in every language spoken."""

import contextlib
import re
from datetime import date, timedelta
from typing import Final, Literal

from duty_teller.i18n import LANGUAGES, LocalizedError
from duty_teller.importers.words.names import month_number, weekday_number
from duty_teller.utils.dates import parse_date

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_DOTTED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{4}|[0-9]{2})|\.)?")
_SLASHED: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?")
_ORDINAL: Final = r"(?:st|nd|rd|th|-?го|-?ое|-?е)"
_NAMED: Final = re.compile(
    rf"(?:([0-9]{{1,2}})(?:{_ORDINAL}|\.)?(?: of)? ?([^\W\d]+)\.?|([^\W\d]+)\.? ([0-9]{{1,2}}){_ORDINAL}?)"
    r",?(?: ([0-9]{4}))?"
)
_OF_A_MONTH: Final = re.compile(rf"([0-9]{{1,2}})(?:{_ORDINAL}(?: числа)?| числа)")
_NUMBER: Final = re.compile(rf"([0-9]{{1,2}}){_ORDINAL}?")
_MONTH: Final = re.compile(r"([^\W\d]+|[0-9]{1,2})\.?(?:[ .]([0-9]{4}))?")


def parse_day(text: str, today: date) -> date | None:
    """Reads a day: `tomorrow`, `friday`, `в следующую пятницу`, `24.11`, `the 24th`, `пт 24 ноября 2026`, `in 3 days`.

    A weekday is the next one, today included; behind `next` it is the next calendar week's. Without a year the nearest
    such day is meant: `02.01` in December is next year's. `3/4` is nothing: who knows which of them is the month.

    Args:
        text: What was typed.
        today: The local date in the roster's zone.

    Returns:
        None when it does not look like a day.

    Raises:
        LocalizedError: `error.date` for a day that does not exist.
    """
    typed = text.strip()
    word = " ".join(text.lower().split()).rstrip(",;!?")
    for said in dict.fromkeys((word, _without_part(word))):
        if (away := _said(said, "days")) is not None:
            return today + timedelta(days=away)
        plain = without_little_words(said)
        if (away := _said(plain, "days")) is not None:
            return today + timedelta(days=away)
        found = _named_day(plain, today) or _ahead(said, today) or _numbered(plain, today, typed)
        if found is not None:
            return found
        if (found := _with_weekday(plain, today, typed)) is not None:
            return found
    return None


def _without_part(word: str) -> str:
    """Takes off a part of the day: `tomorrow evening`, `вечером в пятницу`."""
    parts = {part for one in LANGUAGES.values() for part in one.typed.parts_of_day}
    words = word.split(" ")
    if len(words) > 1 and words[-1] in parts:
        return " ".join(words[:-1])
    return " ".join(words[1:]) if len(words) > 1 and words[0] in parts else word


def _named_day(word: str, today: date) -> date | None:
    """Reads a weekday, that of this week or of the next one."""
    *before, name = word.split(" ")
    weekday = weekday_number(name)
    if weekday is None or len(before) > 1:
        return None
    spoken = [one.typed for one in LANGUAGES.values()]
    if before and any(before[0] in one.next_ for one in spoken):
        return today + timedelta(days=7 + weekday - today.weekday())
    if before and not any(before[0] in one.this_ for one in spoken):
        return None
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _ahead(word: str, today: date) -> date | None:
    """Reads how far ahead a day is: `in 3 days`, `через неделю`."""
    for spoken in (one.typed for one in LANGUAGES.values()):
        words = word.split(" ")
        if len(words) > 1 and words[0] in spoken.ahead:
            length = length_of(" ".join(words[1:]))
            if length is not None:
                return today + timedelta(days=length)
    return None


def length_of(text: str) -> int | None:
    """Reads how many days something takes: `3 days`, `неделю`, `a couple of weeks`; None: it says no such thing."""
    words = [word for word in text.lower().split() if word != "of"]
    for spoken in (one.typed for one in LANGUAGES.values()):
        if words and words[0] in spoken.numbers and len(words) > 1 and words[1] in spoken.numbers:
            words = words[1:]  # a couple
        number = spoken.numbers.get(words[0]) if len(words) == 2 else 1 if len(words) == 1 else None
        if len(words) == 2 and words[0].isdecimal() and len(words[0]) < 4:
            number = int(words[0])
        if number and words[-1] in spoken.day_units:
            return number
        if number and words[-1] in spoken.week_units:
            return 7 * number
    return None


def _numbered(word: str, today: date, typed: str) -> date | None:
    """Reads a day by its number: with a month, or of this month or the next one."""
    if _ISO.fullmatch(word):
        return parse_date(word)
    if match := _DOTTED.fullmatch(word):
        return _nearest(int(match[1]), int(match[2]), match[3], today, typed)
    if match := _SLASHED.fullmatch(word):
        one, other = int(match[1]), int(match[2])
        if one == other or (one > 12) != (other > 12):
            return _nearest(max(one, other), min(one, other), match[3], today, typed)
        return None
    if match := _NAMED.fullmatch(word):
        month = month_number(match[2] or match[3])
        if month is not None:
            return _nearest(int(match[1] or match[4]), month, match[5], today, typed)
    if match := _OF_A_MONTH.fullmatch(word):
        return _coming(int(match[1]), today)
    return None


def _coming(number: int, today: date) -> date | None:
    """Returns the next day that has a number in its month, today included."""
    found = (today + timedelta(days=ahead) for ahead in range(62))
    return next((day for day in found if day.day == number), None)


def _with_weekday(word: str, today: date, typed: str) -> date | None:
    """Reads a date with its weekday before or behind it, if that is right: `пт, 27 нояб.`, `friday 27`."""
    words = word.split(" ")
    if len(words) < 2:
        return None
    for name, rest in ((words[0], words[1:]), (words[-1], words[:-1])):
        weekday = weekday_number(name.strip(",()"))
        if weekday is None:
            continue
        plain = without_little_words(" ".join(rest)).rstrip(",")
        bare = _NUMBER.fullmatch(plain)
        found = _coming(int(bare[1]), today) if bare is not None else _numbered(plain, today, typed)
        if found is not None and found.weekday() == weekday:
            return found
    return None


def is_weekday(text: str) -> bool:
    """Tells whether a day was typed by the word of a weekday alone; some are names of people, too."""
    return weekday_number(text.strip()) is not None


def parse_week(text: str, today: date) -> date | None:
    """Reads a week by any day of it, or `next`, `следующая`, `last`, `прошлая`.

    Args:
        text: What was typed.
        today: The local date in the roster's zone.

    Returns:
        A day of that week; None when it is neither a week nor a day.

    Raises:
        LocalizedError: `error.date` for a day that does not exist.
    """
    word = " ".join(text.lower().split())
    if (away := _said(word, "weeks")) is not None:
        return today + timedelta(weeks=away)
    return parse_day(text, today)


def parse_month(text: str, today: date) -> date | None:
    """Reads a month: `december`, `декабрь 2026`, `12.2026`, `next`; without a year the nearest such month is meant.

    Args:
        text: What was typed.
        today: The local date in the roster's zone.

    Returns:
        Its first day; None when it is no month.
    """
    word = " ".join(text.lower().split())
    if (away := _said(word, "months_ahead")) is not None:
        number = today.year * 12 + today.month - 1 + away
        return date(number // 12, number % 12 + 1, 1)
    match = _MONTH.fullmatch(word)
    month = match and (month_number(match[1]) or (int(match[1]) if match[1].isdecimal() else None))
    if not match or not month or month > 12:
        return None
    years = [int(match[2])] if match[2] else [today.year - 1, today.year, today.year + 1]
    return min((date(max(year, 1), month, 1) for year in years), key=lambda one: abs(one - today))


def _said(word: str, of: Literal["days", "weeks", "months_ahead"]) -> int | None:
    """Returns how far ahead the day, week or month is that a word of any language names."""
    return next((words[word] for one in LANGUAGES.values() if word in (words := getattr(one.typed, of))), None)


def without_little_words(word: str) -> str:
    """Takes off what says nothing: `on friday`, `24 ноября 2026 г.`."""
    before = {little for one in LANGUAGES.values() for little in one.typed.before_day}
    after = {little for one in LANGUAGES.values() for little in one.typed.after_year}
    words = word.split(" ")
    words = words[1:] if len(words) > 1 and words[0] in before else words
    return " ".join(words[:-1] if len(words) > 1 and words[-1] in after else words)


def is_now(text: str) -> bool:
    """Tells whether this moment was typed, or nothing."""
    word = text.strip().lower()
    return not word or any(word in one.typed.now for one in LANGUAGES.values())


def _nearest(day: int, month: int, year: str | None, today: date, typed: str) -> date:
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else [today.year - 1, today.year, today.year + 1]
    meant = []
    for number in years:
        with contextlib.suppress(ValueError):
            meant.append(date(number, month, day))
    if not meant:
        raise LocalizedError("error.date", text=typed[:32])
    try:
        return parse_date(min(meant, key=lambda one: abs(one - today)).isoformat())
    except LocalizedError as error:  # a year out of reach: what is said of it names what was typed
        raise LocalizedError("error.date", text=typed[:32]) from error
