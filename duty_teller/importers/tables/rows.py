"""The rows of one table whose days run across: people with codes, or roles and shifts with people in their cells."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.model import BlockCell
from duty_teller.importers.problems import Problem, RosterFileError
from duty_teller.importers.sheet import Broken, Sheet, Value, cell_text, column_letter
from duty_teller.importers.tables.cells import Heading, are_names, read_headings, split_people
from duty_teller.importers.tables.found import Found
from duty_teller.importers.tables.headers import MAX_GAP, MIN_DAYS, Header
from duty_teller.importers.tables.people import (
    is_legend_row,
    is_name_like,
    looks_like_person,
    name_columns,
    person_name,
)
from duty_teller.importers.words.codes import read_code
from duty_teller.importers.words.contacts import PHONE
from duty_teller.importers.words.names import is_legend, is_letter_row, is_total, is_weekday
from duty_teller.importers.words.text import fold_code
from duty_teller.importers.words.times import BadTimeError

_LONG_NOTE: Final = 24
_LEFT_COLUMNS: Final = 60
"""Columns left of the days that are looked at for names."""


class Rows:
    """Goes down the rows of one table and takes the people and their cells.

    Args:
        sheet: The sheet, turned if the days of its tables run down.
        numbers: Its rows, in order.
        found: Where to put what is found.
        header: The days of the table.
        weekday_row: Where their weekdays stand, if they do.
        reach: The first row that can belong to the table's title, and the last that can belong to it.
    """

    def __init__(
        self,
        sheet: Sheet,
        numbers: Sequence[int],
        found: Found,
        header: Header,
        weekday_row: int | None,
        reach: tuple[int, int],
    ) -> None:
        self.sheet, self.header, self.found = sheet, header, found
        top, bottom = reach
        self.cells: list[BlockCell] = []
        self.texts: set[str] = set()
        self.codes: set[str] = set()
        self.last_row = header.row
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
            self.found.refuse_broken(self.sheet, number, column)
        elif isinstance(value, str):
            where = self.sheet.where(number, column)
            for name, span in split_people(self.sheet.broken_lines.get(value, value)):
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
        where = self.sheet.where
        for column in filled:
            value = row[column]
            if isinstance(value, Broken):
                self.found.refuse_broken(self.sheet, number, column)
                continue
            text = value if isinstance(value, str) else cell_text(value)
            if text not in self.texts:
                self.texts.add(text)
                self.codes.add(fold_code(text))
            self.cells.append(BlockCell(name, self.index[column], text, where(number, column), self.found.rows))

    def warn_skipped(self) -> None:
        """Says which rows with something under the days were not taken for people."""
        if self.skipped:
            sheet = self.sheet
            shown = [column_letter(number) if sheet.turned and sheet.name else str(number) for number in self.skipped]
            rows = ", ".join(shown[:10]) + ("…" if len(shown) > 10 else "")
            key = "import.file.columns_not_read" if sheet.turned else "import.file.rows_not_read"
            self.found.warnings.append(Problem(sheet.name, key, {"rows": rows}))
