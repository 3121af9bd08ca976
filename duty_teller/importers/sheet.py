"""A sheet of filled cells: what every reader of tables gives and every detector of shapes takes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from duty_teller.importers.roles import Account, CellRole


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that should hold a value and does not: an error (`#REF!`), or a formula never calculated (empty text)."""

    text: str


_CODE: Final = 3
"""Characters of the longest code."""

Value = str | int | float | bool | datetime | date | time | timedelta | Broken
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 1."""


@lru_cache(maxsize=1024)
def column_letter(column: int) -> str:
    """Returns the letters of a column counted from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(slots=True)
class Sheet:
    """The filled cells of a sheet.

    Attributes:
        name: As on its tab; empty for a text file, whose cells are called by line and column.
        hidden: Somebody hid it.
        mac_epoch: Serial numbers count from 1904.
        rows: Row → column → value, counted from 1; texts are cleaned.
        merges: Merged ranges whose first cell is filled; that cell is in `rows`, the others are not.
        broken_lines: Cleaned text → the same with its line breaks, for texts that have any.
        turned: Rows and columns are exchanged, so that days written downwards run across.
        hidden_rows: Filled rows that are not shown: hidden by hand, by a filter or folded away.
        hidden_columns: Filled columns that are not shown.
        account: What its cells were read as; shared by its parts, turned or not.
    """

    name: str
    hidden: bool = False
    mac_epoch: bool = False
    rows: dict[int, dict[int, Value]] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    broken_lines: dict[str, str] = field(default_factory=dict)
    turned: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    account: Account = field(default_factory=Account)
    struck: dict[tuple[int, int], str] = field(default_factory=dict)
    """Row and column of cells with a line through their text → what of it has none."""

    def note(self, row: int, columns: Iterable[int], role: CellRole) -> None:
        """Says what cells of a row were read as; a cell keeps the first role it was given."""
        if self.turned:
            for column in columns:
                self.account.note(column, row, role)
        else:
            self.account.note_row(row, columns, role)

    def shown(self) -> "Sheet":
        """Returns the sheet without its hidden rows and columns, and with an account of its own."""
        rows = {
            number: shown
            for number, row in self.rows.items()
            if number not in self.hidden_rows
            and (shown := {column: value for column, value in row.items() if column not in self.hidden_columns})
        }
        merges = [merge for merge in self.merges if merge[1] in rows.get(merge[0], ())]
        return replace(self, rows=rows, merges=merges, account=Account())

    def without_struck(self) -> "Sheet":
        """Returns the sheet without what is struck through, and with an account of its own.

        With the name in front of a row its short codes are gone, too: they would become those of the person above.
        """
        rows: dict[int, dict[int, Value]] = {}
        for number, row in self.rows.items():
            texts = [(at, value) for at, value in sorted(row.items()) if isinstance(value, str)]
            name = texts[0] if texts else (0, "")
            is_gone = self.struck.get((number, name[0])) == "" and len(name[1]) > _CODE
            if is_gone and all(len(text) <= _CODE for _, text in texts[1:]):
                continue
            left = {at: self.struck.get((number, at), value) for at, value in row.items()}
            if kept := {at: value for at, value in left.items() if value != ""}:
                rows[number] = kept
        merges = [merge for merge in self.merges if merge[1] in rows.get(merge[0], ())]
        return replace(self, rows=rows, merges=merges, account=Account(), struck={})

    def above(self, row: int, count: int) -> list[int]:
        """Returns the numbers of the rows above a row, the closest first; those that were hidden do not count."""
        found: list[int] = []
        number = row - 1
        while number > 0 and len(found) < count:
            if number in self.rows or number not in self.hidden_rows:
                found.append(number)
            number -= 1
        return found

    def without_read(self) -> "Sheet":
        """Returns the cells that have no role yet."""
        known = self.account.rows
        rows: dict[int, dict[int, Value]] = {}
        for number, row in self.rows.items():
            taken = known.get(number, {})
            if left := {column: value for column, value in row.items() if column not in taken}:
                rows[number] = left
        merges = [merge for merge in self.merges if merge[1] in rows.get(merge[0], ())]
        return replace(self, rows=rows, merges=merges)

    def where(self, row: int, column: int) -> str:
        """Returns the address of a cell: `Март!B7`, or `line 14, column 2`."""
        if self.turned:
            row, column = column, row
        return f"{self.name}!{column_letter(column)}{row}" if self.name else f"line {row}, column {column}"

    def where_row(self, row: int, column: int) -> str:
        """Returns the address of a row of a list: its cell in a workbook, its line in a text file."""
        return self.where(row, column) if self.name or self.turned else f"line {row}"

    def part(self, top: int, bottom: int) -> "Sheet":
        """Returns the rows from `top` to `bottom`, both included; merged cells are cut at the edges."""
        rows = {number: row for number, row in self.rows.items() if top <= number <= bottom}
        merges = [(a, b, min(c, bottom), d) for a, b, c, d in self.merges if top <= a <= bottom]
        return replace(self, rows=rows, merges=merges, hidden_rows=self.hidden_rows & rows.keys())

    def turn(self) -> "Sheet":
        """Returns the sheet with rows and columns exchanged; addresses stay those of the file."""
        rows: dict[int, dict[int, Value]] = {}
        for number, row in self.rows.items():
            for column, value in row.items():
                rows.setdefault(column, {})[number] = value
        merges = [(left, top, right, bottom) for top, left, bottom, right in self.merges]
        return replace(
            self,
            rows=rows,
            merges=merges,
            turned=not self.turned,
            hidden_rows=self.hidden_columns,
            hidden_columns=self.hidden_rows,
        )


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
