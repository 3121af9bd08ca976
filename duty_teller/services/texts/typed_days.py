"""Days and weeks as people type them behind /duty and /week, in Russian and English."""

import contextlib
import re
from datetime import date, timedelta
from typing import Final

from duty_teller.i18n import LocalizedError
from duty_teller.importers.words.names import month_number, weekday_number
from duty_teller.utils.dates import parse_date

_RELATIVE: Final = {
    "today": 0,
    "сегодня": 0,
    "tomorrow": 1,
    "завтра": 1,
    "day after tomorrow": 2,
    "послезавтра": 2,
    "yesterday": -1,
    "вчера": -1,
}
_WEEKS: Final = {
    "this": 0,
    "this week": 0,
    "эта": 0,
    "эта неделя": 0,
    "next": 1,
    "next week": 1,
    "следующую": 1,
    "следующую неделю": 1,
    "на следующей неделе": 1,
    "следующая": 1,
    "следующая неделя": 1,
    "last": -1,
    "last week": -1,
    "прошлая": -1,
    "прошлая неделя": -1,
    "прошлую неделю": -1,
    "на прошлой неделе": -1,
}
_MONTHS: Final = {
    "this": 0,
    "this month": 0,
    "этот": 0,
    "этот месяц": 0,
    "next": 1,
    "next month": 1,
    "следующий": 1,
    "следующий месяц": 1,
    "last": -1,
    "last month": -1,
    "прошлый": -1,
    "прошлый месяц": -1,
}
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_DOTTED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{4}|[0-9]{2}))?")
_NAMED: Final = re.compile(
    r"(?:([0-9]{1,2})(?:st|nd|rd|th)? ([^\W\d]+)\.?|([^\W\d]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?),?"
    r"(?: ([0-9]{4}))?(?: года| г\.)?"
)
_MONTH: Final = re.compile(r"([^\W\d]+|[0-9]{1,2})\.?(?:[ .]([0-9]{4}))?")
_PREPOSITION: Final = re.compile(r"(?:on|в|во) ")


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
    if word in _RELATIVE:
        return today + timedelta(days=_RELATIVE[word])
    word = _PREPOSITION.sub("", word, count=1) if _PREPOSITION.match(word) else word
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
    if word in _WEEKS:
        return today + timedelta(weeks=_WEEKS[word])
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
    if word in _MONTHS:
        number = today.year * 12 + today.month - 1 + _MONTHS[word]
        return date(number // 12, number % 12 + 1, 1)
    match = _MONTH.fullmatch(word)
    month = match and (month_number(match[1]) or (int(match[1]) if match[1].isdecimal() else None))
    if not match or not month or month > 12:
        return None
    years = [int(match[2])] if match[2] else [today.year - 1, today.year, today.year + 1]
    return min((date(max(year, 1), month, 1) for year in years), key=lambda one: abs(one - today))


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
