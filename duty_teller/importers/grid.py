"""Month grids, people × days: finding the tables of a sheet and taking their cells."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.codes import read_code
from duty_teller.importers.headers import MAX_GAP, MIN_DAYS, Header, find_headers
from duty_teller.importers.model import Block, BlockCell
from duty_teller.importers.names import is_legend, is_letter_row, is_total, is_weekday, weekday_readings
from duty_teller.importers.people import (
    is_legend_row,
    is_name_like,
    looks_like_person,
    name_columns,
    person_name,
)
from duty_teller.importers.problems import Problem, RosterFileError
from duty_teller.importers.text import fold_code, fold_name
from duty_teller.importers.times import BadTimeError
from duty_teller.importers.titles import Evidence, read_title, read_title_value
from duty_teller.importers.xlsx import Broken, Sheet, Value

_LONG_NOTE: Final = 24
_TITLE_ROWS: Final = 12
_LEFT_COLUMNS: Final = 60
"""Columns left of the days that are looked at for names."""


def column_letter(column: int) -> str:
    """Returns the letters of a column counted from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_text(value: Value) -> str:
    """Returns a value the way its author sees it; numbers without a needless fraction, times as HH:MM."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return str(int(value)) if value == value and abs(value) < 1e15 and not value % 1 else f"{value:g}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, datetime) and (value.hour or value.minute):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return value.text


@dataclass(slots=True)
class Found:
    """What the tables of a file add up to."""

    names: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    rows: int = 0
    cells: int = 0


class SheetReader:
    """Takes the tables of one sheet."""

    def __init__(self, sheet: Sheet, file_name: str, found: Found) -> None:
        self.sheet = sheet
        self.found = found
        self.file_evidence = (read_title(sheet.name), read_title(file_name.rsplit(".", 1)[0]))
        self.numbers = sorted(sheet.rows)

    def where(self, row: int, column: int) -> str:
        """Returns the address of a cell, `Март!B7`."""
        return f"{self.sheet.name}!{column_letter(column)}{row}"

    def read(self) -> bool:
        """Adds the tables of the sheet to what was found; tells whether there was one."""
        headers = find_headers(self.sheet)
        top = 1
        for index, header in enumerate(headers):
            bottom = headers[index + 1].row - 1 if index + 1 < len(headers) else max(self.numbers)
            if header.broken is not None:
                self.refuse_broken(header.row, header.broken)
            top = self.table(header, top, bottom, is_first=index == 0)
        return bool(headers)

    def refuse_broken(self, row: int, column: int) -> None:
        """Records the problem of a cell without a usable value."""
        value = self.sheet.rows[row][column]
        text = value.text if isinstance(value, Broken) else ""
        key = "import.file.cell_error" if text else "import.file.no_stored_value"
        self.found.problems.append(Problem(self.where(row, column), key, {"text": text} if text else {}))

    def evidence(self, header: Header, top: int) -> Evidence:
        """Returns the month and year named closest above a header, down to the row it stands in."""
        month: int | None = None
        year: int | None = None
        end = bisect_right(self.numbers, header.row)
        for number in reversed(self.numbers[max(bisect_left(self.numbers, top), end - _TITLE_ROWS) : end]):
            row = self.sheet.rows[number]
            # A cell right of the first month of a header belongs to the next one; what stands closest to the days
            # counts.
            limit = header.columns[0] - 1 if number == header.row else header.columns[-1]
            for column in sorted((column for column in row if column <= limit), reverse=False):
                if number != header.row and column in header.columns and self.is_weekday_cell(row[column]):
                    continue
                seen = read_title_value(row[column])
                if seen.first and seen.first.day == header.marks[0].number:
                    return seen
                month = month or seen.month
                year = year or seen.year
        return Evidence(month, year)

    @staticmethod
    def is_weekday_cell(value: Value) -> bool:
        """Tells whether a cell is a weekday's name."""
        return isinstance(value, str) and is_weekday(value)

    def weekdays(self, header: Header) -> int | None:
        """Writes the names of the weekday row, found within two rows of a header, into its marks; returns that row."""
        for number in (header.row + 1, header.row - 1, header.row + 2, header.row - 2):
            row = self.sheet.rows.get(number, {})
            texts = [value if isinstance(value := row.get(column), str) else "" for column in header.columns]
            words = [text for text in texts if text]
            if len(words) < max(3, header.width * 3 // 5) and len(words) < header.width:
                continue
            if not words or not weekday_readings(texts) or not (all(map(is_weekday, words)) or is_letter_row(texts)):
                continue
            header.marks = [
                replace(mark, weekday=text, weekday_where=self.where(number, column)) if text else mark
                for mark, text, column in zip(header.marks, texts, header.columns, strict=True)
            ]
            return number
        return None

    def table(self, header: Header, top: int, bottom: int, is_first: bool) -> int:
        """Takes one table.

        Args:
            header: Its days.
            top: The first row that can belong to its title.
            bottom: The last row that can belong to it.
            is_first: No table stands above it on the sheet.

        Returns:
            The row below its last person.
        """
        header.marks = [
            replace(mark, where=self.where(header.row, column))
            for mark, column in zip(header.marks, header.columns, strict=True)
        ]
        weekday_row = self.weekdays(header)
        own = self.evidence(header, top)
        month, year = own.month, own.year
        if is_first:
            for other in self.file_evidence:
                month = month or other.month
        year = year or self.sheet_year()
        for other in self.file_evidence:
            year = year or other.year
        taker = _Rows(self, header, weekday_row, top, bottom)
        taker.take()
        block = Block(
            where=header.marks[0].where,
            marks=tuple(header.marks),
            cells=tuple(taker.cells),
            month=month,
            year=year,
            follows=not is_first and own.month is None,
        )
        self.found.blocks.append(block)
        return taker.last_row + 1

    def sheet_year(self) -> int | None:
        """Returns a year that stands alone in the first rows of the sheet."""
        for number in self.numbers[:3]:
            for value in self.sheet.rows[number].values():
                seen = read_title_value(value)
                if seen.year:
                    return seen.year
        return None


class _Rows:
    """Goes down the rows of one table and takes the people and their cells."""

    def __init__(self, reader: SheetReader, header: Header, weekday_row: int | None, top: int, bottom: int) -> None:
        self.reader, self.header, self.found = reader, header, reader.found
        self.cells: list[BlockCell] = []
        self.texts: set[str] = set()
        self.codes: set[str] = set()
        self.last_row = header.row
        sheet = reader.sheet
        numbers = reader.numbers
        rows = numbers[bisect_right(numbers, header.row) : bisect_right(numbers, bottom)]
        self.rows = {
            number: sheet.rows[number] for number in rows if number != weekday_row and number not in header.repeats
        }
        self.index = {column: index for index, column in enumerate(header.columns)}
        self.letters = {column: column_letter(column) for column in header.columns}
        self.numbers = list(self.rows)
        self.headings: set[int] = set()
        self.unfold(sheet)
        first = header.columns[0]
        self.left = sorted({column for row in self.rows.values() for column in row if column < first})[-_LEFT_COLUMNS:]
        labels = [
            sheet.rows[number]
            for number in range(header.row - 3, header.row + 3)
            if number in sheet.rows and number >= top
        ]
        self.name_columns = name_columns(list(self.rows.values()), labels, self.left)
        self.anchors = {
            number: top
            for top, left, bottom, _ in sheet.merges
            if left in self.name_columns and bottom > top
            for number in self.between(top, bottom)
        }
        self.skipped: list[int] = []

    def between(self, top: int, bottom: int) -> list[int]:
        """Returns the filled rows of the table among some, both ends included."""
        return self.numbers[bisect_left(self.numbers, top) : bisect_right(self.numbers, bottom)]

    def unfold(self, sheet: Sheet) -> None:
        """Spreads merged cells over the days and people they cover, and merged days over their columns."""
        header = self.header
        for top, left, bottom, right in sheet.merges:
            if top <= header.row <= bottom and left in self.index and right > left:
                for column in range(left + 1, min(right, left + MAX_GAP) + 1):
                    if self.index.setdefault(column, self.index[left]) == self.index[left]:
                        self.letters[column] = column_letter(column)
        first, last = min(self.index), max(self.index)
        for top, left, bottom, right in sheet.merges:
            if top not in self.rows or left > last:
                continue
            if left < first <= right:
                self.headings.add(top)
                continue
            value = sheet.rows[top][left]
            columns = [left] if left < first else [column for column in self.index if left <= column <= right]
            for number in self.between(top, bottom):
                row = self.rows[number]
                if number == top and columns == [left]:
                    continue
                self.found.cells += len(columns)
                if self.found.cells > limits.MAX_CELLS:
                    raise RosterFileError.of("import.file.too_many_cells", limit=limits.MAX_CELLS)
                self.rows[number] = {**row, **dict.fromkeys(columns, value)}

    def take(self) -> None:
        """Takes every row until a legend begins."""
        person, before = "", self.header.row
        named_at = 0
        for number, row in self.rows.items():
            gap = number - before > 1 and bool(self.cells)
            before = number
            filled = [column for column in row if column in self.index]
            lefts = [value for column in self.left if isinstance(value := row.get(column), str)]
            texts = lefts or [value for column in filled[:1] if isinstance(value := row[column], str)]
            if any(map(is_legend, texts)):
                break
            if any(map(is_total, lefts)) or number in self.headings:
                person = ""
                continue
            name = self.name_of(row)
            if (
                filled
                and not is_name_like(name)
                and (self.is_weekday_row(row, filled) or self.is_numbering(row, filled))
            ):
                continue
            if not name:
                note = any(self.is_note(row[column]) for column in filled) or self.is_counts(row, filled)
                if filled and person and not gap and not note:
                    self.person(person, number, row, filled)
                elif filled:
                    self.skipped.append(number)
                    person = ""
                else:
                    person = ""
                continue
            if self.cells and is_legend_row(name, self.codes):
                break
            if not is_name_like(name) or (gap and filled and not self.is_plausible(row, filled)):
                if filled:
                    self.skipped.append(number)
                person = ""
                continue
            if not filled and not self.is_idle_person(name, row, gap):
                person = ""
                continue
            same = name == person and named_at == self.anchors.get(number, number)
            if not same:
                self.found.rows += 1
            person = self.found.names.setdefault(fold_name(name), name)
            named_at = self.anchors.get(number, number)
            self.person(person, number, row, filled)
        self.warn_skipped()

    def name_of(self, row: dict[int, Value]) -> str:
        """Returns the name a row begins with, if any."""
        parts = [value for column in self.name_columns if isinstance(value := row.get(column), str)]
        return person_name(" ".join(parts))

    def is_weekday_row(self, row: dict[int, Value], filled: Sequence[int]) -> bool:
        """Tells whether the filled days of a row are nothing but weekday names."""
        texts = [value if isinstance(value := row[column], str) else "" for column in filled]
        return len(texts) >= 3 and all(texts) and (all(map(is_weekday, texts)) or is_letter_row(texts))

    @staticmethod
    def is_numbering(row: dict[int, Value], filled: Sequence[int]) -> bool:
        """Tells whether a row numbers the columns of a form (`1 2 3 4 …`)."""
        values = [row[column] for column in filled]
        first = values[0]
        return len(values) >= MIN_DAYS and isinstance(first, int) and values == list(range(first, first + len(values)))

    def is_counts(self, row: dict[int, Value], filled: Sequence[int]) -> bool:
        """Tells whether a nameless row counts people or hours: bare numbers, which no person's cell holds."""
        numbers = all(isinstance(row[column], int | float) for column in filled)
        return numbers and not any(code.replace(".", "").isdecimal() for code in self.codes)

    @staticmethod
    def is_note(value: Value) -> bool:
        """Tells whether a cell is a remark: longer than any code, and no times."""
        try:
            return isinstance(value, str) and len(value) > _LONG_NOTE and not read_code(value)
        except BadTimeError:
            return False

    def is_plausible(self, row: dict[int, Value], filled: Sequence[int]) -> bool:
        """Tells whether a row after an empty one still belongs to the table: it has a number, or a known code."""
        if any(isinstance(row.get(column), int) for column in self.left):
            return True
        for column in filled:
            text = cell_text(row[column])
            try:
                if fold_code(text) in self.codes or read_code(text):
                    return True
            except BadTimeError:
                return True
        return False

    def is_idle_person(self, name: str, row: dict[int, Value], gap: bool) -> bool:
        """Tells whether a row without a filled day is a person: numbered, or written like one."""
        numbered = any(isinstance(row.get(column), int) for column in self.left if column not in self.name_columns)
        if numbered or gap:
            return numbered
        # Where the others go by one name (`Alice`), one capitalised word is enough.
        others = list(self.found.names.values())
        alone = sum(" " not in other for other in others) * 2 > len(others)
        return looks_like_person(name) or (alone and looks_like_person(f"{name} {name}") and " " not in name)

    def person(self, name: str, number: int, row: dict[int, Value], filled: Sequence[int]) -> None:
        """Takes the cells of a person's row."""
        self.last_row = number
        sheet = self.reader.sheet.name
        for column in filled:
            value = row[column]
            if isinstance(value, Broken):
                key = "import.file.cell_error" if value.text else "import.file.no_stored_value"
                where = f"{sheet}!{self.letters[column]}{number}"
                self.found.problems.append(Problem(where, key, {"text": value.text} if value.text else {}))
                continue
            text = value if isinstance(value, str) else cell_text(value)
            if text not in self.texts:
                self.texts.add(text)
                self.codes.add(fold_code(text))
            self.cells.append(
                BlockCell(name, self.index[column], text, f"{sheet}!{self.letters[column]}{number}", self.found.rows)
            )

    def warn_skipped(self) -> None:
        """Says which rows with something under the days were not taken for people."""
        if self.skipped:
            rows = ", ".join(str(number) for number in self.skipped[:10]) + ("…" if len(self.skipped) > 10 else "")
            self.found.warnings.append(Problem(self.reader.sheet.name, "import.file.rows_not_read", {"rows": rows}))
