"""Days and weeks as people type them behind /duty and /week, in Russian and English."""

import contextlib
import re
from datetime import date, timedelta
from typing import Final

from duty_teller.i18n import LocalizedError
from duty_teller.importers.names import month_number, weekday_number
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
    "следующая": 1,
    "следующая неделя": 1,
    "last": -1,
    "last week": -1,
    "прошлая": -1,
    "прошлая неделя": -1,
}
_ISO: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?")
_NAMED: Final = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)? ([^\W\d]+)\.?|([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?),?(?: (\d{4}))?"
)
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
    if match := _DOTTED.fullmatch(word):
        return _nearest(int(match[1]), int(match[2]), match[3], today, word)
    if match := _NAMED.fullmatch(word):
        month = month_number(match[2] or match[3])
        if month is not None:
            return _nearest(int(match[1] or match[4]), month, match[5], today, word)
    return None


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


def _nearest(day: int, month: int, year: str | None, today: date, typed: str) -> date:
    years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
    meant = []
    for number in years:
        with contextlib.suppress(ValueError):
            meant.append(date(number, month, day))
    if not meant:
        raise LocalizedError("error.date", text=typed[:32])
    return parse_date(min(meant, key=lambda one: abs(one - today)).isoformat())
