"""A row a person with the days of a month in one cell: `Иванов | 1, 5, 9`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.model import Block, BlockCell, Mark
from duty_teller.importers.problems import Problem
from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Sheet, Value, cell_text
from duty_teller.importers.tables.account import Area
from duty_teller.importers.tables.cells import Heading, likeness, read_headings
from duty_teller.importers.tables.grids import SheetReader
from duty_teller.importers.tables.headers import Header
from duty_teller.importers.tables.parse_result import ParseResult
from duty_teller.importers.tables.people import name_columns, person_name
from duty_teller.importers.words import lexicon
from duty_teller.importers.words.contacts import PHONE
from duty_teller.importers.words.days import day_marks
from duty_teller.importers.words.names import fold_word, is_legend, is_name_label, is_total, month_number

_DAYS: Final = r"\d{1,2}(?:\s*[-–—]\s*\d{1,2})?"
_SEPARATED: Final = re.compile(rf"{_DAYS}(?:\s*(?:[.,;]+|\s)\s*{_DAYS})+\s*[.,;]?")
_DATES: Final = re.compile(r"\d{1,2}\.\d{1,2}\.?(?:\s*[,;]\s*\d{1,2}\.\d{1,2}\.?)+")
_ONE: Final = re.compile(r"\d{1,2}\.?|\d{1,2}\s*[-–—]\s*\d{1,2}")
_RUN: Final = re.compile(r"(\d{1,2})\s*[-–—]\s*(\d{1,2})")
_DAYS_LABEL: Final = re.compile(lexicon.DAYS_LABEL)
_HEADING_ROWS: Final = 3


@dataclass(slots=True)
class _Column:
    """A column of lists: row → the days it names, as marks."""

    column: int
    days: dict[int, list[Mark]]
    heading: str
    heading_row: int | None


def read_day_lists(sheet: Sheet, file_name: str, found: ParseResult) -> bool:
    """Takes tables of people with lists of days; tells whether there was one. Their cells get their roles."""
    columns = [column for at in _candidates(sheet) if (column := _column(sheet, at))]
    if not columns:
        return False
    rows = sorted({number for column in columns for number in column.days})
    top, bottom = rows[0], rows[-1]
    names = _names(sheet, columns, rows)
    if not names:
        return False
    reader = SheetReader(sheet, file_name, found)
    headings = _headings(columns)
    people: dict[int, str] = {}
    for number in rows:
        row = sheet.rows[number]
        text = person_name(" ".join(value for at in names if isinstance(value := row.get(at), str)))
        if not text or is_total(text) or is_legend(text):
            continue
        beside = [cell_text(value) for at, value in row.items() if at not in names]
        phones = [match[0] for value in beside if (match := PHONE.fullmatch(value))]
        people[number] = found.people.add(f"{text} {phones[0]}" if phones and not PHONE.search(text) else text)
        sheet.note(number, names, CellRole.NAME)
    found.trusted.update(people.values())
    for column, heading in zip(columns, headings, strict=True):
        _take(reader, column, heading, people, top)
    _note_rest(sheet, columns, names, people, bottom, found.areas)
    return True


def _candidates(sheet: Sheet) -> list[int]:
    """Returns the columns with a list of days."""
    known: dict[Value, bool] = {}
    found: set[int] = set()
    for row in sheet.rows.values():
        for column, value in row.items():
            if value not in known:
                known[value] = isinstance(value, str) and value[:1].isdigit() and _is_list(value)
            if known[value]:
                found.add(column)
    return sorted(found)


def _column(sheet: Sheet, column: int) -> _Column | None:
    """Returns a column that holds lists of days and little else; at least two, or one below a heading that says so."""
    values = {number: row[column] for number, row in sorted(sheet.rows.items()) if column in row}
    lists = {number: value for number, value in values.items() if isinstance(value, str) and _is_list(value)}
    if not lists:
        return None
    first = min(lists)
    heading_row = next((number for number in sorted(values, reverse=True) if _heads(number, first, values)), None)
    heading = str(values[heading_row]) if heading_row else ""
    labelled = bool(_DAYS_LABEL.fullmatch(fold_word(heading)))
    if len(lists) < 2 and not labelled:
        return None
    days: dict[int, list[Mark]] = {}
    for number, value in values.items():
        if heading_row is not None and number <= heading_row:
            continue
        marks = _marks(value)
        if marks:
            days[number] = marks
        elif number < max(lists) and not (isinstance(value, str) and not any(map(str.isdigit, value))):
            return None
    if len(lists) * 2 < len(days):
        return None
    return _Column(column, days, heading, heading_row)


def _heads(number: int, first: int, values: dict[int, Value]) -> bool:
    value = values[number]
    return first - _HEADING_ROWS <= number < first and isinstance(value, str) and not _marks(value)


def _is_list(text: str) -> bool:
    if len(text) > 200 or day_marks(text):  # `01.06` is a date
        return False
    return bool(_SEPARATED.fullmatch(text) or _DATES.fullmatch(text)) and len(_marks(text)) > 1


def _marks(value: Value) -> list[Mark]:
    """Reads the days of a cell, in order and each once; nothing if it is anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return [Mark(value)] if 1 <= value <= 31 else []
    if not isinstance(value, str):
        return []
    if _DATES.fullmatch(value):
        pairs = re.findall(r"(\d{1,2})\.(\d{1,2})", value)
        marks = [Mark(int(day), int(month)) for day, month in pairs]
        return marks if all(1 <= mark.number <= 31 and 1 <= (mark.month or 0) <= 12 for mark in marks) else []
    if not (_SEPARATED.fullmatch(value) or _ONE.fullmatch(value)):
        return []
    days: list[int] = []
    for part in re.findall(r"\d{1,2}\s*[-–—]\s*\d{1,2}|\d{1,2}", value):
        if match := _RUN.fullmatch(part):
            days += range(int(match[1]), int(match[2]) + 1)
        else:
            days.append(int(part))
    if not all(1 <= day <= 31 for day in days) or days != sorted(set(days)):
        return []
    return [Mark(day) for day in days]


def _names(sheet: Sheet, columns: Sequence[_Column], rows: Sequence[int]) -> tuple[int, ...]:
    own = {column.column for column in columns}
    tops = [column.heading_row for column in columns if column.heading_row is not None]
    labels = [sheet.rows[number] for number in sorted(set(tops))]
    others = sorted({at for number in rows for at in sheet.rows[number]} - own)
    filled = {at for number in (*rows, *tops) for at in sheet.rows[number]}
    first, last = min(own), max(own)  # behind an empty column another table may stand
    while first - 1 in filled:
        first -= 1
    while last + 1 in filled:
        last += 1
    others = [at for at in others if first <= at <= last] or others
    names = name_columns([sheet.rows[number] for number in rows], labels, others)
    labelled = any(is_name_label(text) for row in labels for at in names if isinstance(text := row.get(at), str))
    texts = [text for number in rows for at in names if isinstance(text := sheet.rows[number].get(at), str)]
    alike = sum(bool(likeness(text)) for text in texts)
    return names if texts and (labelled or alike * 2 > len(texts)) else ()


def _headings(columns: Sequence[_Column]) -> list[Heading]:
    texts = [
        "" if _DAYS_LABEL.fullmatch(fold_word(column.heading)) or month_number(column.heading) else column.heading
        for column in columns
    ]
    if len(columns) == 1 and columns[0].heading and not month_number(columns[0].heading):
        texts = texts if texts[0] == "" else [columns[0].heading]
    return read_headings(texts)


def _take(reader: SheetReader, column: _Column, heading: Heading, people: dict[int, str], top: int) -> None:
    sheet = reader.sheet
    marks: dict[tuple[int, int | None], int] = {}
    first = min(column.days)
    for day in sorted({(mark.month or 0, mark.number) for number in people for mark in column.days.get(number, ())}):
        marks[day[1], day[0] or None] = len(marks)
    cells: list[BlockCell] = []
    for number, name in people.items():
        where = sheet.where(number, column.column)
        if number not in column.days:
            if (value := sheet.rows[number].get(column.column)) is not None:
                text = cell_text(value)[:32]
                reader.found.problems.append(Problem(where, "import.file.bad_day", {"text": text}))
            continue
        reader.found.cells += len(column.days[number])
        if reader.found.cells > limits.MAX_CELLS:
            return
        for mark in column.days[number]:
            at = marks[mark.number, mark.month]
            cells.append(BlockCell(name, at, heading.text, where, 0, heading.position, heading.asks))
        sheet.note(number, [column.column], CellRole.DAY)
    if column.heading_row is not None:
        sheet.note(column.heading_row, [column.column], CellRole.HEADING)
    where = sheet.where(first, column.column)
    days = [replace(Mark(number, month), where=where) for number, month in marks]
    if not days:
        return
    evidence = reader.evidence(Header(column.heading_row or top, [column.column + 1], days[:1]), 1)
    month, year = month_number(column.heading) or evidence.month, evidence.year
    for other in reader.file_evidence:
        month, year = month or other.month, year or other.year
    year = year or reader.sheet_year()
    reader.found.blocks.append(
        Block(where=where, marks=tuple(days), cells=tuple(cells), month=month, year=year, kind="days")
    )


def _note_rest(
    sheet: Sheet,
    columns: Sequence[_Column],
    names: Sequence[int],
    people: dict[int, str],
    bottom: int,
    areas: list[Area],
) -> None:
    """Gives the facts beside the people, and the headings, their roles."""
    for number in people:
        for at, value in sheet.rows[number].items():
            if PHONE.fullmatch(cell_text(value)):
                sheet.note(number, [at], CellRole.FACT)
            elif at < min(names) and isinstance(value, int):
                sheet.note(number, [at], CellRole.NUMBER)
    tops = [column.heading_row for column in columns if column.heading_row is not None]
    top = min([*tops, *people])
    used = [*names, *(column.column for column in columns)]
    span = (min(used), max(used))
    own = (min(column.column for column in columns), max(column.column for column in columns))
    areas.append(Area(sheet, (top, bottom), span, own, max(tops, default=top - 1)))
    for row in {column.heading_row for column in columns if column.heading_row is not None}:
        sheet.note(row, sheet.rows[row], CellRole.HEADING)
