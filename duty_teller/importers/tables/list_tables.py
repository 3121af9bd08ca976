"""Columns of days that run down: where the lists of a sheet are."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from duty_teller.importers.model import Mark
from duty_teller.importers.sheet import Sheet, Value
from duty_teller.importers.tables.cells import likeness
from duty_teller.importers.tables.headers import MIN_DAYS, Header, runs_of_days
from duty_teller.importers.words import lexicon
from duty_teller.importers.words.days import day_marks
from duty_teller.importers.words.moments import Moment, read_clock, read_moment
from duty_teller.importers.words.names import fold_word, is_name_label, is_weekday, weekday_readings
from duty_teller.importers.words.titles import read_title

_DATE_LABEL: Final = re.compile(lexicon.DATE_LABEL)
_OTHER_DATE: Final = re.compile(lexicon.OTHER_DATE)
_LABELS: Final = {label: re.compile(pattern) for label, pattern in lexicon.LABELS.items()}
DATE_LIKE: Final = re.compile(r"\d{1,4}[./-]\d{1,2}(?:[./-]\d{1,4})?.*")
"""Something that was meant as a date, whether there is such a day or not."""
_HEADING_ROWS: Final = 3
_DATED_LINE: Final = 3
"""Cells of a line about the roster that names a date (`Approved on | 20.01.2025`), at most."""
_DATE_LABELS: Final = ("date", "begins", "ends")


@dataclass(slots=True)
class ListTable:
    """Rows with a day in one column.

    Attributes:
        date_column: The column of the days, or of the starts.
        moments: Row → what its date cell says.
        left: The first column of the table.
        right: The last one.
        heading_row: The lowest row of headings, if there is one.
        kind: As `Block.kind`.
    """

    date_column: int
    moments: dict[int, Moment]
    left: int = 1
    right: int = 1
    heading_row: int | None = None
    kind: str = "list"

    @property
    def rows(self) -> list[int]:
        """The rows with a day."""
        return sorted(self.moments)

    @property
    def first_row(self) -> int:
        """The first row with a day."""
        return min(self.moments)

    @property
    def top(self) -> int:
        """The first row of the table, headings included."""
        return self.first_row if self.heading_row is None else min(self.heading_row, self.first_row)

    @property
    def bottom(self) -> int:
        """The last row with a day."""
        return max(self.moments)


@lru_cache(maxsize=4096)
def label_of(text: str) -> str:
    """Returns what the heading of a list's column stands for: a key of `_LABELS`, `name`, `date`, or nothing."""
    folded = fold_word(text).replace("_", " ")
    for label, pattern in _LABELS.items():
        if pattern.fullmatch(folded):
            return label
    if is_name_label(text):
        return "name"
    return "date" if _DATE_LABEL.fullmatch(folded) else ""


def find_lists(sheet: Sheet, headers: Sequence[Header]) -> list[ListTable]:
    """Finds the columns of days that run down, from top left to bottom right."""
    across = {row for header in headers for row in (header.row, *header.repeats)}
    columns: dict[int, dict[int, Moment]] = {}
    numbers: dict[int, list[tuple[int, Value]]] = {}
    weekdays: dict[int, list[tuple[int, str]]] = {}
    texts: dict[int, dict[int, str]] = {}
    known: dict[Value, Moment | None] = {}
    for row in sorted(sheet.rows):
        if row in across:
            continue
        for column, value in sheet.rows[row].items():
            if type(value) is int and value <= 31:
                numbers.setdefault(column, []).append((row, value))
                continue
            if value not in known:
                known[value] = read_moment(value, sheet.mac_epoch)
            if moment := known[value]:
                columns.setdefault(column, {})[row] = moment
            elif isinstance(value, str):
                texts.setdefault(column, {})[row] = value
                if is_weekday(value):
                    weekdays.setdefault(column, []).append((row, value))
                elif len(value) <= 12 and (value[0].isdigit() or value[-1].isdigit()) and day_marks(value):
                    numbers.setdefault(column, []).append((row, value))
    tables = _tables(sheet, columns, texts)
    for column, cells in sorted(numbers.items()):
        tables += _number_tables(sheet, column, cells, tables, texts.get(column, {}))
    if not tables and not headers:
        tables = _week_tables(sheet, weekdays)
    for table in tables:
        _end_at_empty_columns(sheet, table)
        if table.heading_row is None:
            table.heading_row = _heading_row(sheet, table)
    tables = [table for table in tables if not _is_a_single_date(sheet, table, headers)]
    return sorted(tables, key=lambda table: (table.top, table.left))


def _tables(
    sheet: Sheet, columns: dict[int, dict[int, Moment]], texts: Mapping[int, Mapping[int, str]]
) -> list[ListTable]:
    """Makes tables of columns of full dates; a column of ends belongs to the starts left of it."""
    tables: list[ListTable] = []
    parts = [
        (column, {row: moments[row] for row in rows})
        for column, moments in sorted(columns.items())
        for rows in cut_at_headings(sheet, texts.get(column, {}), sorted(moments))
    ]
    for column, moments in parts:
        heading = _heading_above(sheet, column, min(moments))
        if _OTHER_DATE.fullmatch(fold_word(heading)):
            continue
        if not label_of(heading) and all(isinstance(sheet.rows[row][column], int | float) for row in moments):
            days = [moment.mark.year or 0 for moment in moments.values()]
            if max(days) - min(days) > 1:
                continue  # numbers of five digits that are no serial numbers of days
        before = next((table for table in reversed(tables) if set(moments) & set(table.moments)), None)
        if before is not None:
            between = [sheet.rows[row].get(at) for row in moments for at in range(before.date_column + 1, column)]
            if label_of(heading) == "ends" or not any(
                isinstance(value, str)
                and value not in ("-", "—")
                and not is_weekday(value)
                and read_clock(value) is None
                for value in between
            ):
                continue  # the ends of the duties that begin in the column before
            before.right = column - 1
        tables.append(ListTable(column, moments, column if before else 1, 10**6))
    return tables


def cut_at_headings(sheet: Sheet, texts: Mapping[int, str], rows: Sequence[int]) -> list[list[int]]:
    """Cuts the rows of a column of days where the heading of days stands again: another table begins below it.

    Args:
        sheet: The sheet.
        texts: Row → text of the column's other cells, in order.
        rows: The rows with a day.
    """
    parts: list[list[int]] = [[]]
    headed = [row for row, text in texts.items() if label_of(text) in _DATE_LABELS] if len(rows) > 1 else []
    for row in rows:
        if parts[-1] and bisect_right(headed, parts[-1][-1]) < bisect_left(headed, row):
            parts.append([])
        parts[-1].append(row)
    first, *others = parts[0]
    is_apart = len(others) > 1 and others[0] - first > 1 and first + 1 not in sheet.rows and others[1] - others[0] == 1
    beside = [value for value in sheet.rows.get(first, {}).values() if isinstance(value, str)] if is_apart else []
    if is_apart and not any(likeness(sheet.broken_lines.get(text, text)) == 2 for text in beside):
        parts[:1] = [[first], others]  # the date of an approval
    return parts


def _number_tables(
    sheet: Sheet,
    column: int,
    cells: list[tuple[int, Value]],
    tables: Sequence[ListTable],
    texts: Mapping[int, str],
) -> list[ListTable]:
    """Makes tables of bare day numbers (`1 2 3 …`) that something beside them shows to be days."""
    found = []
    values = dict(cells)
    parts = cut_at_headings(sheet, texts, list(values))
    runs = [run for part in parts for run in runs_of_days([(row, values[row]) for row in part], sheet.mac_epoch)]
    for rows, marks in runs:
        if len(rows) < MIN_DAYS or any(_is_beside(sheet, table, column, rows) for table in tables):
            continue
        heading = _heading_above(sheet, column, rows[0])
        beside = [value for row in rows for at in (column - 1, column + 1) if (value := sheet.rows[row].get(at))]
        is_dated = (
            marks[0].weekday
            or marks[0].month
            or label_of(heading) == "date"
            or read_title(heading).month
            or sum(isinstance(value, str) and is_weekday(value) for value in beside) >= MIN_DAYS
            or (not heading and marks[0].number == 1 and marks[-1].number >= 28)
        )
        if is_dated and label_of(heading) not in ("ignored", "note"):
            moments = {row: Moment(mark) for row, mark in zip(rows, marks, strict=True)}
            found.append(ListTable(column, moments, 1, 10**6, kind="run"))
    return found


def _is_beside(sheet: Sheet, table: ListTable, column: int, rows: Sequence[int]) -> bool:
    """Tells whether days stand in the rows of another table, and nothing shows that they begin one of their own."""
    if table.first_row > rows[-1] or rows[0] > table.bottom:
        return False
    is_apart = all(column - 1 not in sheet.rows.get(row, ()) for row in range(rows[0] - 1, rows[-1] + 1))
    return not (is_apart and label_of(_heading_above(sheet, column, rows[0])) == "date")


def _week_tables(sheet: Sheet, columns: dict[int, list[tuple[int, str]]]) -> list[ListTable]:
    """Makes a table of weekdays that run down, if there is nothing else to go by."""
    for column, cells in sorted(columns.items()):
        if not MIN_DAYS <= len(cells) <= 7:
            continue
        for reading in weekday_readings([text for _, text in cells]):
            first = min(reading[0])
            if all(first + index in days for index, days in enumerate(reading)):
                moments = {row: Moment(Mark(first + index)) for index, (row, _) in enumerate(cells)}
                return [ListTable(column, moments, 1, 10**6, kind="week")]
    return []


def _end_at_empty_columns(sheet: Sheet, table: ListTable) -> None:
    """Ends a table at the empty columns beside it, where something stands beside its days: behind them another may."""
    rows = [sheet.rows.get(number, {}) for number in range(table.first_row - 1, table.bottom + 1)]
    used = {column for row in rows for column in row if table.left <= column <= table.right}
    left = right = table.date_column
    while left - 1 in used:
        left -= 1
    while right + 1 in used:
        right += 1
    dated = [sheet.rows[number] for number in table.rows]
    beside = range(left, right + 1)
    texts = sum(any(isinstance(row.get(at), str) for at in beside if at != table.date_column) for row in dated)
    above = rows[0]
    is_headed = sum(isinstance(above.get(at), str) for at in beside if at != table.date_column) > 1
    if texts * 4 > len(dated) or (is_headed and any(at in row for row in dated for at in beside if at != left)):
        table.left, table.right = left, right


def _is_a_single_date(sheet: Sheet, table: ListTable, headers: Sequence[Header]) -> bool:
    """Tells whether dates are no list: above the days of a grid, or alone and not below the heading of a date."""
    label = label_of(_heading_above(sheet, table.date_column, table.first_row))
    if any(table.bottom < header.row for header in headers):
        return len(table.moments) < MIN_DAYS and label not in _DATE_LABELS
    if len(table.moments) > 1 or label in _DATE_LABELS:
        return False
    if sheet.account.rows:
        return True  # another table was read
    others = [row.get(table.date_column) for number, row in sheet.rows.items() if number != table.first_row]
    return not all(isinstance(value, str) and DATE_LIKE.fullmatch(value) for value in others)


def _heading_above(sheet: Sheet, column: int, row: int) -> str:
    for number in sheet.above(row, _HEADING_ROWS):
        value = sheet.rows.get(number, {}).get(column)
        if isinstance(value, str) and not _is_dated(sheet, number):
            return value
    return ""


def _is_dated(sheet: Sheet, number: int) -> bool:
    """Tells whether a row names a date: a line about the roster, no headings."""
    row = sheet.rows.get(number, {})
    return len(row) <= _DATED_LINE and any(read_moment(value, sheet.mac_epoch) for value in row.values())


def _heading_row(sheet: Sheet, table: ListTable) -> int | None:
    """Returns the closest row above the days with two texts or more, or one that is a label."""
    for number in sheet.above(table.first_row, _HEADING_ROWS):
        row = {} if _is_dated(sheet, number) else sheet.rows.get(number, {})
        texts = [
            value for column, value in row.items() if isinstance(value, str) and table.left <= column <= table.right
        ]
        if len(texts) >= 2 or any(label_of(text) for text in texts):
            return number
    return None
