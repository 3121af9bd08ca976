"""The rows of one table whose days run across: merged cells spread, parts of days put together, names found."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.model import BlockCell
from duty_teller.importers.problems import Problem, RosterFileError
from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Sheet, Value
from duty_teller.importers.tables.cells import are_names
from duty_teller.importers.tables.day_parts import DayParts, find_parts, joined_times
from duty_teller.importers.tables.headers import MAX_GAP, MIN_DAYS, Header
from duty_teller.importers.tables.parse_result import ParseResult
from duty_teller.importers.tables.people import (
    name_columns,
    person_name,
)
from duty_teller.importers.words.contacts import PHONE
from duty_teller.importers.words.names import is_letter_row, is_name_label, is_weekday

_LEFT_COLUMNS: Final = 60
"""Columns left of the days that are looked at for names."""


class TableRows:
    """The rows of one table, ready to be taken.

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
        found: ParseResult,
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
        self.outranked = 0
        self.names_at: dict[int, int] = {}
        rows = numbers[bisect_right(numbers, header.row) : bisect_right(numbers, bottom)]
        skipped = {weekday_row, *header.repeats, header.second and header.second.row}
        self.rows = {number: sheet.rows[number] for number in rows if number not in skipped}
        self.index = {column: index for index, column in enumerate(header.columns)}
        self.parts = find_parts(sheet, header)
        if self.parts is not None:
            self.rows.pop(self.parts.row, None)
            self.index = dict(self.parts.days)
        self.numbers = list(self.rows)
        self.headings: set[int] = set()
        self.unfold(sheet)
        if self.parts is not None:
            self.join_parts(self.parts)
        first = header.columns[0]
        self.left = sorted({column for row in self.rows.values() for column in row if column < first})[-_LEFT_COLUMNS:]
        labels = [
            sheet.rows[number]
            for number in range(header.row - 3, header.row + 3)
            if number in sheet.rows and number >= top and (number <= header.row or not self.is_of_person(number))
        ]
        self.name_columns = name_columns(list(self.rows.values()), labels, self.left)
        self.is_labelled = any(
            is_name_label(text)
            for row in labels
            for column in self.name_columns
            if isinstance(text := row.get(column), str)
        )
        self.anchors = {
            number: top
            for top, left, bottom, _ in sheet.merges
            if left in self.name_columns and bottom > top
            for number in self.between(top, bottom)
        }
        self.skipped: list[int] = []
        texts = {value for cells in self.rows.values() for column, value in cells.items() if column in self.index}
        names = [self.name_of(cells) or self.label_of(cells) for cells in self.rows.values()]
        self.holds_names = are_names(
            {sheet.broken_lines.get(text, text) for text in texts if isinstance(text, str)}, names
        )

    def is_of_person(self, number: int) -> bool:
        """Tells whether a row below the days has anything under them, their weekdays and parts aside."""
        return any(column in self.index for column in self.rows.get(number, ()))

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

    def join_parts(self, parts: DayParts) -> None:
        """Writes start and end of each day as one text, and leaves out what the plan says where a fact is written."""
        for number, row in list(self.rows.items()):
            cells, broken = joined_times(row, parts)
            for column in broken:
                self.found.problems.append(Problem(self.sheet.where(number, column), "import.file.no_end"))
            facts = {parts.days[column] for column in cells if parts.kinds.get(column) == "fact"}
            plans = [column for column in cells if parts.kinds.get(column) == "plan" and parts.days[column] in facts]
            for column in plans:
                del cells[column]
            self.outranked += len(plans)
            gone = [column for column in row if column not in cells]
            self.sheet.note(number, gone, CellRole.HOURS)
            self.rows[number] = cells
        for column, kind in parts.kinds.items():
            if kind in ("ends", "hours"):
                self.index.pop(column, None)

    def lefts_of(self, row: dict[int, Value]) -> list[str]:
        """Returns the texts left of the days."""
        return [value for column in self.left if isinstance(value := row.get(column), str)]

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
