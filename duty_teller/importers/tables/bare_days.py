"""Days that a list leaves to its title: numbers of weeks (`KW 40`), and ranges of days (`1-5`) of the month above."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from duty_teller.importers.sheet import Sheet, Value, cell_text
from duty_teller.importers.tables.list_tables import label_of
from duty_teller.importers.words import lexicon
from duty_teller.importers.words.days import month_length
from duty_teller.importers.words.moments import read_moment
from duty_teller.importers.words.names import is_weekday
from duty_teller.importers.words.titles import Evidence, closest, is_week_heading, read_title, read_title_value

_WEEK: Final = re.compile(rf"(?:{lexicon.WEEK}|w)?\W{{0,2}}(\d{{1,2}})", re.IGNORECASE)
_RANGE: Final = re.compile(r"(\d{1,2})\s*[-–—]\s*(\d{1,2})")
_LONGEST_HEADING: Final = 16
_FEWEST: Final = 3
_TITLE_ROWS: Final = 8


def with_dates(sheet: Sheet, file_name: str) -> Sheet:
    """Returns a sheet in which the weeks and ranges of days of lists are written as dates.

    Args:
        sheet: The sheet.
        file_name: May name the month and the year.
    """
    rows: dict[int, dict[int, Value]] = {}
    numbers = sorted(sheet.rows)
    for at, number in enumerate(numbers):
        heads = [value for value in sheet.rows[number].values() if isinstance(value, str)]
        if any(map(is_weekday, heads)):
            continue  # weeks down, weekdays across
        for column, value in sheet.rows[number].items():
            if not isinstance(value, str) or len(value) > _LONGEST_HEADING:
                continue
            is_week = is_week_heading(value)
            if not is_week and label_of(value) != "date":
                continue
            below = _column_below(sheet, numbers[at + 1 :], column)
            if len(below) < _FEWEST - (not is_week) or _is_dated(sheet, below):
                continue
            told = _evidence(sheet, numbers[: at + 1], file_name)
            spans = _weeks(below.values(), told) if is_week else _ranges(below.values(), told)
            for row, (first, last) in zip(below, spans, strict=False):
                cells = rows.setdefault(row, dict(sheet.rows[row]))
                cells[column] = f"{first:%d.%m.%Y}-{last:%d.%m.%Y}"
    return replace(sheet, rows={**sheet.rows, **rows}) if rows else sheet


def _column_below(sheet: Sheet, numbers: Sequence[int], column: int) -> dict[int, str]:
    """Returns the cells of a column down to the first that is empty in a row with others, or not as short as these."""
    found: dict[int, str] = {}
    for number in numbers:
        value = sheet.rows[number].get(column)
        text = cell_text(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not _WEEK.fullmatch(text) and not _RANGE.fullmatch(text):
            break
        found[number] = text
    return found


def _is_dated(sheet: Sheet, rows: Iterable[int]) -> bool:
    """Tells whether rows have a date of their own."""
    return any(read_moment(value, sheet.mac_epoch) for row in rows for value in sheet.rows[row].values())


def _evidence(sheet: Sheet, numbers: Sequence[int], file_name: str) -> Evidence:
    """Returns the month and the year that stand closest above, or in the names of the sheet and the file."""
    values = [value for number in reversed(numbers[-_TITLE_ROWS:]) for value in sheet.rows[number].values()]
    return closest([*map(read_title_value, values), *map(read_title, (sheet.name, file_name.rsplit(".", 1)[0]))])


def _weeks(texts: Iterable[str], told: Evidence) -> list[tuple[date, date]]:
    """Returns the days of ISO weeks, in order; after the last of a year comes the first of the next."""
    spans: list[tuple[date, date]] = []
    year, before = told.year, 0
    for text in texts:
        match = _WEEK.fullmatch(text)
        if match is None or year is None:
            return []
        year += int(match[1]) < before
        before = int(match[1])
        try:
            first = date.fromisocalendar(year, before, 1)
        except ValueError:
            return []
        spans.append((first, first + timedelta(days=6)))
    is_told = told.month is None or told.month in {day.month for span in spans[:1] for day in span}
    return spans if is_told else []  # the first, second, third week of a month, or of a rotation


def _ranges(texts: Iterable[str], told: Evidence) -> list[tuple[date, date]]:
    """Returns the days of ranges within one month; nothing if it is not known, or if some are no ranges."""
    spans: list[tuple[date, date]] = []
    for text in texts:
        match = _RANGE.fullmatch(text)
        if match is None or told.month is None or told.year is None:
            return []
        first, last = int(match[1]), int(match[2])
        if not 1 <= first <= last <= month_length(told.year, told.month):
            return []
        spans.append((date(told.year, told.month, first), date(told.year, told.month, last)))
    return spans
