"""Month grids, people × days: finding the tables of a sheet and taking their cells."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.codes import read_code
from duty_teller.importers.contacts import PHONE, People
from duty_teller.importers.headers import MAX_GAP, MIN_DAYS, Header
from duty_teller.importers.model import Block, BlockCell, Entry
from duty_teller.importers.named_cells import Heading, are_names, read_headings, split_people
from duty_teller.importers.names import is_legend, is_letter_row, is_total, is_weekday, weekday_readings
from duty_teller.importers.people import (
    is_legend_row,
    is_name_like,
    looks_like_person,
    name_columns,
    person_name,
)
from duty_teller.importers.problems import Arg, Problem, RosterFileError
from duty_teller.importers.sheet import Broken, Sheet, Value, cell_text, column_letter
from duty_teller.importers.text import fold_code
from duty_teller.importers.times import BadTimeError
from duty_teller.importers.titles import Evidence, read_title, read_title_value, read_week

_LONG_NOTE: Final = 24
_TITLE_ROWS: Final = 12
_LEFT_COLUMNS: Final = 60
"""Columns left of the days that are looked at for names."""


@dataclass(slots=True)
class Found:
    """What the tables of a file add up to."""

    people: People = field(default_factory=People)
    blocks: list[Block] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    rows: int = 0
    cells: int = 0


class SheetReader:
    """Takes the tables of one sheet whose days run across.

    Args:
        sheet: The sheet, turned if the days of its tables run down.
        file_name: May name the month and the year.
        found: Where to put what is found.
        titles: The texts above a turned table, the closest first.
    """

    def __init__(self, sheet: Sheet, file_name: str, found: Found, titles: Sequence[Value] = ()) -> None:
        self.sheet = sheet
        self.found = found
        self.titles = titles
        self.names = (sheet.name, file_name.rsplit(".", 1)[0])
        self.file_evidence = tuple(map(read_title, self.names))
        self.numbers = sorted(sheet.rows)

    def where(self, row: int, column: int) -> str:
        """Returns the address of a cell, `Март!B7`."""
        return self.sheet.where(row, column)

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
        for value in self.titles:
            seen = read_title_value(value)
            if seen.first and seen.first.day == header.marks[0].number:
                return seen
            month, year = month or seen.month, year or seen.year
        if self.titles:
            return Evidence(month, year)
        end = bisect_right(self.numbers, header.row)
        for number in reversed(self.numbers[max(bisect_left(self.numbers, top), end - _TITLE_ROWS) : end]):
            row = self.sheet.rows[number]
            # A cell right of the first month of a header belongs to the next one; what stands closest to the days
            # counts.
            limit = header.columns[0] - 1 if number == header.row else header.columns[-1]
            for column in sorted(column for column in row if column <= limit):
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
        is_week = header.kind == "week"
        weekday_row = None if is_week else self.weekdays(header)
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
            kind=header.kind,
            monday=self.monday(header, top) if is_week else None,
        )
        self.found.blocks.append(block)
        return taker.last_row + 1

    def monday(self, header: Header, top: int) -> date | None:
        """Returns the Monday of a table of weekdays, if something above it or a name says which week it is."""
        texts: list[Value] = list(self.titles)
        for number in reversed(self.numbers):
            if top <= number < header.row:
                texts += self.sheet.rows[number].values()
        named = (read_week(text) for text in (*texts, *self.names) if isinstance(text, str))
        return next((monday for monday in named if monday), None)

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
        texts = {value for cells in self.rows.values() for column, value in cells.items() if column in self.index}
        names = [self.name_of(cells) or self.label_of(cells) for cells in self.rows.values()]
        self.holds_names = are_names({text for text in texts if isinstance(text, str)}, names)

    def between(self, top: int, bottom: int) -> list[int]:
        """Returns the filled rows of the table among some, both ends included."""
        return self.numbers[bisect_left(self.numbers, top) : bisect_right(self.numbers, bottom)]

    def unfold(self, sheet: Sheet) -> None:
        """Spreads merged cells over the days and people they cover, and merged days over their columns."""
        header = self.header
        for top, left, bottom, right in sheet.merges:
            if top <= header.row <= bottom and left in self.index and right > left:
                for column in range(left + 1, min(right, left + MAX_GAP) + 1):
                    self.index.setdefault(column, self.index[left])
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
        if self.holds_names:
            self.take_names()
            return
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
            person = self.found.people.add(name)
            named_at = self.anchors.get(number, number)
            self.person(person, number, row, filled)
        self.warn_skipped()

    def take_names(self) -> None:
        """Takes rows of roles or shifts with people in their cells."""
        label, labels = "", []
        rows: list[tuple[int, dict[int, Value], list[int]]] = []
        for number, row in self.rows.items():
            filled = [column for column in row if column in self.index]
            lefts = [value for column in self.left if isinstance(value := row.get(column), str)]
            if any(map(is_legend, lefts)):
                break
            if any(map(is_total, lefts)) or number in self.headings or not filled:
                label = "" if not filled else label
                continue
            if self.is_weekday_row(row, filled) or self.is_numbering(row, filled):
                continue
            label = self.label_of(row) or label
            labels.append(label)
            rows.append((number, row, filled))
        for (number, row, filled), heading in zip(rows, read_headings(labels), strict=True):
            self.last_row = number
            for column in filled:
                self.people(number, column, row[column], heading)

    def people(self, number: int, column: int, value: Value, heading: Heading) -> None:
        """Takes the people of a cell."""
        if isinstance(value, Broken):
            self.reader.refuse_broken(number, column)
        elif isinstance(value, str):
            where = self.reader.sheet.where(number, column)
            for name, span in split_people(self.reader.sheet.broken_lines.get(value, value)):
                person, asks = self.found.people.add(name), "code" if span else heading.asks
                self.cells.append(
                    BlockCell(person, self.index[column], span or heading.text, where, 0, heading.position, asks)
                )

    def label_of(self, row: dict[int, Value]) -> str:
        """Returns all texts left of the days, each once."""
        texts = [value for column in self.left if isinstance(value := row.get(column), str)]
        return " ".join(dict.fromkeys(text for text in texts if not PHONE.fullmatch(text)))

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
        others = self.found.people.names
        alone = sum(" " not in other for other in others) * 2 > len(others)
        return looks_like_person(name) or (alone and looks_like_person(f"{name} {name}") and " " not in name)

    def person(self, name: str, number: int, row: dict[int, Value], filled: Sequence[int]) -> None:
        """Takes the cells of a person's row."""
        self.last_row = number
        where = self.reader.sheet.where
        for column in filled:
            value = row[column]
            if isinstance(value, Broken):
                key = "import.file.cell_error" if value.text else "import.file.no_stored_value"
                args: dict[str, Arg] = {"text": value.text} if value.text else {}
                self.found.problems.append(Problem(where(number, column), key, args))
                continue
            text = value if isinstance(value, str) else cell_text(value)
            if text not in self.texts:
                self.texts.add(text)
                self.codes.add(fold_code(text))
            self.cells.append(BlockCell(name, self.index[column], text, where(number, column), self.found.rows))

    def warn_skipped(self) -> None:
        """Says which rows with something under the days were not taken for people."""
        if self.skipped:
            sheet = self.reader.sheet
            shown = [column_letter(number) if sheet.turned and sheet.name else str(number) for number in self.skipped]
            rows = ", ".join(shown[:10]) + ("…" if len(shown) > 10 else "")
            key = "import.file.columns_not_read" if sheet.turned else "import.file.rows_not_read"
            self.found.warnings.append(Problem(sheet.name, key, {"rows": rows}))
