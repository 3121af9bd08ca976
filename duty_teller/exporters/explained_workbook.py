"""A workbook that shows how a file was read: every cell coloured by its role, with a note of what became of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

COLOURS: Final = {
    "day": "DDEBF7",
    "weekday": "EAF3FB",
    "name": "E2EFDA",
    "code": "FFF2CC",
    "hours": "FCE4D6",
    "fact": "EADCF4",
    "note": "FADCE9",
    "heading": "D9D9D9",
    "title": "EDEDED",
    "legend": "D0E8E4",
    "number": "F5F5F5",
    "total": "F5F5F5",
    "signature": "F5F5F5",
    "remark": "F8F0E3",
    "unread": "FF7C80",
}
"""By role, as `importers.roles.CellRole` writes it."""
_NOT_IN_TITLES: Final = re.compile(r"[\\*?:/\[\]]")
MAX_NOTES: Final = 10_000
"""A spreadsheet app draws a box for each note: more of them take it too long to open."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of the file as it is shown: its value, its role, and a note or nothing."""

    row: int
    column: int
    value: Any
    role: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """A sheet of the file; merged ranges as first row, first column, last row, last column."""

    name: str
    cells: Sequence[ShownCell]
    merges: Sequence[tuple[int, int, int, int]] = ()


def write_explained(sheets: Sequence[ShownSheet], legend: str, roles: Mapping[str, str], lines: Sequence[str]) -> bytes:
    """Writes the workbook.

    Args:
        sheets: The sheets of the file.
        legend: The name of the first sheet.
        roles: Role → its name in the reader's language, in the order of the legend.
        lines: What is said of the file as a whole.
    """
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill
    from openpyxl.worksheet.cell_range import CellRange

    book = Workbook()
    book.properties.creator = "Duty Teller"
    fills = {role: PatternFill("solid", fgColor=colour) for role, colour in COLOURS.items()}
    front = book.worksheets[0]
    front.title = legend
    for row, (role, name) in enumerate(roles.items(), 1):
        front.cell(row, 1).fill = fills[role]
        front.cell(row, 2, name)
    for row, line in enumerate(lines, len(roles) + 2):
        _write(front.cell(row, 2), line)
    front.column_dimensions["B"].width = 100
    notes = 0
    for number, sheet in enumerate(sheets, 1):
        page = book.create_sheet(_NOT_IN_TITLES.sub(" ", sheet.name)[:31].strip("' ") or f"{legend} {number}"[:31])
        for cell in sheet.cells:
            target = page.cell(cell.row, cell.column)
            _write(target, cell.value)
            target.fill = fills[cell.role]
            if cell.note and notes < MAX_NOTES:
                target.comment = Comment(cell.note, "Duty Teller", height=18 * (cell.note.count("\n") + 2), width=320)
                notes += 1
        for top, left, bottom, right in sheet.merges:
            page.merged_cells.add(CellRange(min_row=top, min_col=left, max_row=bottom, max_col=right))
    book.active = min(1, len(book.worksheets) - 1)
    target_file = BytesIO()
    book.save(target_file)
    return target_file.getvalue()


def _write(cell: Any, value: Any) -> None:
    """Writes a value; a text that begins like a formula stays a text."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
