"""Days and weeks as people type them behind /duty and /week, in every language spoken."""

import contextlib
import re
from datetime import date, timedelta
from typing import Final, Literal

from duty_teller.i18n import LANGUAGES, LocalizedError
from duty_teller.importers.words.names import month_number, weekday_number
from duty_teller.utils.dates import parse_date

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_DOTTED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{4}|[0-9]{2}))?")
_NAMED: Final = re.compile(
    r"(?:([0-9]{1,2})(?:st|nd|rd|th|\.)? ([^\W\d]+)\.?|([^\W\d]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?),?(?: ([0-9]{4}))?"
)
_MONTH: Final = re.compile(r"([^\W\d]+|[0-9]{1,2})\.?(?:[ .]([0-9]{4}))?")


def parse_day(text: str, today: date) -> date | None:
    """Reads a day: `tomorrow`, `friday`, `в пятницу`, `24.11`, `24 Nov`, `24 ноября 2026`, `2026-11-24`.

    A weekday is the next one, today included. Without a year the nearest such day is meant: `02.01` in December is
    next year's.

    Args:
        text: What was typed.
        today: The local date in the roster's zone.

    Returns:
        None when it does not look like a day.

    Raises:
        LocalizedError: `error.date` for a day that does not exist.
    """
    word = " ".join(text.lower().split())
    if (away := _said(word, "days")) is not None:
        return today + timedelta(days=away)
    word = without_little_words(word)
    weekday = weekday_number(word)
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    if _ISO.fullmatch(word):
        return parse_date(word)
    typed = text.strip()
    if match := _DOTTED.fullmatch(word):
        return _nearest(int(match[1]), int(match[2]), match[3], today, typed)
    if match := _NAMED.fullmatch(word):
        month = month_number(match[2] or match[3])
        if month is not None:
            return _nearest(int(match[1] or match[4]), month, match[5], today, typed)
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
