"""Day headers: what one cell can say about a day, which of them follow each other, and the dates they come to."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.model import Mark
from duty_teller.importers.words import lexicon
from duty_teller.importers.words.names import is_weekday, month_number, weekday_readings

_ORDINAL: Final = f"(?:{lexicon.ORDINAL})?"
_NUMBER: Final = re.compile(rf"(\d{{1,2}}){_ORDINAL}\.?")
_ISO: Final = re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?:[t ]0{1,2}:00(?::00)?)?")
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2})?)?(?: ?г\.?)?")
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?|(\d{2})-(\d{2})(?:-(\d{4}))?")
_DAY_MONTH: Final = re.compile(
    rf"(\d{{1,2}}){_ORDINAL}\.?[ -]?([^\W\d_]+)\.?(?:[ -]*,? ?(\d{{4}}|\d{{2}}))?" rf"(?: ?(?:{lexicon.YEAR}))?"
)
_MONTH_DAY: Final = re.compile(rf"([^\W\d_]+)\.?[ -]?(\d{{1,2}}){_ORDINAL}(?:,? ?(\d{{4}}))?")
_WEEKDAY_FIRST: Final = re.compile(r"([^\W\d_]+)[.,]? ?[-‐‑‒–—/|(]? ?((?:\d|[^\W\d_]+[. -]+\d).*?)\)?")
_WEEKDAY_LAST: Final = re.compile(r"(.*?[\d.])[ ,(/|‐‑‒–—-]*([^\W\d_]+)\.?\)?")

_LONGEST: Final = 40
_LONGEST_SKIP: Final = 11
"""Days from one to the next of a month with gaps: the longest run of holidays with the weekends around it."""

# Serial numbers of Excel's days, counted from its two epochs.
_EPOCHS: Final = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_FIRST_SERIAL: Final = {mac: (date(limits.FIRST_YEAR, 1, 1) - epoch).days for mac, epoch in _EPOCHS.items()}
_LAST_SERIAL: Final = {mac: (date(limits.LAST_YEAR, 12, 31) - epoch).days for mac, epoch in _EPOCHS.items()}


def _mark(day: str, month: str | int | None, year: str | None, weekday: str) -> Mark | None:
    number, in_month = int(day), None if month is None else int(month)
    full = None if not year else int(year) + (2000 if len(year) == 2 else 0)
    if not 1 <= number <= 31 or (in_month is not None and not 1 <= in_month <= 12):
        return None
    if full is not None and not limits.FIRST_YEAR <= full <= limits.LAST_YEAR:
        return None
    return Mark(number, in_month, full, weekday)


def _plain_marks(text: str, weekday: str) -> list[Mark | None]:
    """Reads a day text from which the weekday was taken away; with slashes both orders are possible."""
    if match := _NUMBER.fullmatch(text):
        return [_mark(match[1], None, None, weekday)]
    if match := _ISO.fullmatch(text):
        return [_mark(match[4], match[3], match[1], weekday)]
    if match := _DOTTED.fullmatch(text):
        return [_mark(match[1], match[2], match[3], weekday)]
    if match := _SLASHED.fullmatch(text):
        first, second, year = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
        return [_mark(first, second, year, weekday), _mark(second, first, year, weekday)]
    if (match := _DAY_MONTH.fullmatch(text)) and (month := month_number(match[2])):
        return [_mark(match[1], month, match[3], weekday)]
    if (match := _MONTH_DAY.fullmatch(text)) and (month := month_number(match[1])):
        return [_mark(match[2], month, match[3], weekday)]
    return []


@lru_cache(maxsize=4096)
def _text_marks(text: str) -> tuple[Mark, ...]:
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if len(plain) > _LONGEST or not any(sign.isdigit() for sign in plain) or not plain.isprintable():
        return ()
    found = _plain_marks(plain, "")
    if not found and (match := _WEEKDAY_FIRST.fullmatch(plain)) and is_weekday(match[1]):
        found = _plain_marks(match[2], match[1])
    if not found and (match := _WEEKDAY_LAST.fullmatch(plain)) and is_weekday(match[2]):
        found = _plain_marks(match[1], match[2])
    return tuple(dict.fromkeys(mark for mark in found if mark))


def day_marks(value: object, mac_epoch: bool = False) -> tuple[Mark, ...]:
    """Reads what a cell says about a day.

    Args:
        value: The cell's value. A true date of January 1900 is a number that was formatted as a date.
        mac_epoch: The workbook counts its days from 1904.

    Returns:
        Nothing if it is no day, one mark, or two where day and month could be either way round.
    """
    if isinstance(value, str):
        return _text_marks(value)
    if isinstance(value, datetime):
        if value.hour or value.minute:
            return ()
        value = value.date()
    if isinstance(value, date):
        if value.year == 1900 and value.month == 1:
            return (Mark(value.day),)
        return (
            (Mark(value.day, value.month, value.year),) if limits.FIRST_YEAR <= value.year <= limits.LAST_YEAR else ()
        )
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value % 1:
        return ()
    number = int(value)
    if 1 <= number <= 31:
        return (Mark(number),)
    if _FIRST_SERIAL[mac_epoch] <= number <= _LAST_SERIAL[mac_epoch]:
        day = _EPOCHS[mac_epoch] + timedelta(days=number)
        return (Mark(day.day, day.month, day.year),)
    return ()


def month_length(year: int, month: int) -> int:
    """Returns the number of days of a month."""
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day if (year, month) != (9999, 12) else 31


def follows(before: Mark, after: Mark) -> bool:
    """Tells whether a day can stand right after another; both have to be written equally fully."""
    if before.year and after.year and before.month and after.month:
        try:
            return date(after.year, after.month, after.number) - date(
                before.year, before.month, before.number
            ) == timedelta(1)
        except ValueError:
            return False
    if (before.month is None) != (after.month is None) or before.year or after.year:
        return False
    same_month = before.month == after.month
    next_month = before.month is None or after.month == before.month % 12 + 1
    if after.number == 1 and before.number >= 28:
        return next_month
    return same_month and after.number == before.number + 1


def skips(before: Mark, after: Mark) -> bool:
    """Tells whether a day can stand after another with days left out between them: a weekend, a Sunday, a holiday."""
    if (before.month is None) != (after.month is None) or (before.year is None) != (after.year is None):
        return False
    if before.month is None or after.month is None:
        return 1 < after.number - before.number <= _LONGEST_SKIP or (before.number >= 24 and after.number <= 7)
    try:
        days = (_any_year(after, before) - _any_year(before, before)).days
    except ValueError:
        return False
    return 1 < days <= _LONGEST_SKIP


def days_between(before: Mark, after: Mark) -> int | None:
    """Returns how many days lie between two days with their months; nothing if one of them does not exist."""
    try:
        return (_any_year(after, before) - _any_year(before, before)).days
    except ValueError:
        return None


def _any_year(mark: Mark, first: Mark) -> date:
    year = mark.year or (2000 if (mark.month or 1) >= (first.month or 1) else 2001)
    return date(year, mark.month or 1, mark.number)


def skipped(marks: Sequence[Mark]) -> int:
    """Returns how many days are left out between the first and the last of marks that follow or skip each other."""
    count = 0
    for before, after in pairwise(marks):
        if not follows(before, after):
            days = after.number - before.number
            if before.month and after.month:
                days = (_any_year(after, before) - _any_year(before, before)).days
            count += max(days, 1) - 1 if days > 0 else 1
    return count


def resolve(marks: Sequence[Mark], month: int, year: int) -> list[date | None]:
    """Returns the dates of marks, the first of which lies in the given month; None where a month has no such day."""
    dates: list[date | None] = []
    before = marks[0].number
    for mark in marks:
        if mark.month and mark.year:
            month, year = mark.month, mark.year
        elif (mark.month and mark.month != month) or (mark.month is None and mark.number < before):
            year += month == 12
            month = month % 12 + 1
        before = mark.number
        dates.append(date(year, month, mark.number) if mark.number <= month_length(year, month) else None)
    return dates


def resolve_list(marks: Sequence[Mark], month: int, year: int) -> list[date | None]:
    """Returns the dates of marks that stand in any order, as in a list; None where a month has no such day.

    Args:
        marks: The days.
        month: The month of the first one, if it names none.
        year: The year of the first one, if it names none; from a December to a January it is the next.
    """
    dates: list[date | None] = []
    before = marks[0].number
    for mark in marks:
        if mark.year and mark.month:
            month, year = mark.month, mark.year
        elif mark.month:
            year += (month - mark.month >= 6) - (mark.month - month >= 6)
            month = mark.month
        elif mark.number < before:
            year += month == 12
            month = month % 12 + 1
        before = mark.number
        dates.append(date(year, month, mark.number) if mark.number <= month_length(year, month) else None)
    return dates


def break_after(marks: Sequence[Mark], dates: Sequence[date | None]) -> int | None:
    """Returns the index of the first date that is not the day after the one before it (`28, 1` in March).

    Days that are left out as written (`5, 7`) are no break; where some are, the last day of a month may be one of them.
    """
    has_gaps = skipped(marks) > 0
    for index in range(1, len(dates)):
        before, after = dates[index - 1], dates[index]
        if has_gaps and after is not None and before is not None and 0 < (after - before).days <= _LONGEST_SKIP:
            continue
        if after is not None and (before is None or after - before != timedelta(days=1)):
            return index
    return None


def weekday_mismatch(marks: Sequence[Mark], dates: Sequence[date | None]) -> int | None:
    """Returns the index of the first weekday that contradicts its date, if any."""
    readings = weekday_readings([mark.weekday for mark in marks])
    if not readings:
        return None
    wrong = [
        [index for index, day in enumerate(dates) if day is not None and day.weekday() not in reading[index]]
        for reading in readings
    ]
    best = min(wrong, key=len)
    return best[0] if best else None


def fits(marks: Sequence[Mark], month: int, year: int, is_list: bool = False) -> bool:
    """Tells whether the days can lie in that month of that year."""
    dates = resolve_list(marks, month, year) if is_list else resolve(marks, month, year)
    ordered = is_list or break_after(marks, dates) is None
    return dates[0] is not None and ordered and weekday_mismatch(marks, dates) is None
