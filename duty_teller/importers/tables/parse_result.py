"""What the tables of a file add up to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from duty_teller.importers.model import Block, Entry
from duty_teller.importers.problems import Problem
from duty_teller.importers.sheet import Broken, Sheet
from duty_teller.importers.tables.account import Area
from duty_teller.importers.words.contacts import People
from duty_teller.importers.words.titles import Evidence, differing


@dataclass(slots=True)
class ParseResult:
    """What the tables of a file add up to."""

    people: People = field(default_factory=People)
    blocks: list[Block] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    rows: int = 0
    cells: int = 0
    areas: list[Area] = field(default_factory=list)
    trusted: set[str] = field(default_factory=set)
    """People of grids whose names stand below a heading that says so."""
    labelled: set[str] = field(default_factory=set)
    """People of lists whose names do."""
    replaced: list[tuple[str, str]] = field(default_factory=list)
    """(place, text) of cells in which somebody was replaced by another person."""
    remarks: list[tuple[str, str]] = field(default_factory=list)
    """(place, text) of remarks about people: they are told, not read."""

    def told_otherwise(self, where: str, title: Evidence, names: Sequence[str]) -> None:
        """Records that the name of the sheet or file speaks of another time than the title: last month's file, copied.

        Args:
            where: The table's first day.
            title: What the title says; it has the word.
            names: The names of the sheet and the file.
        """
        if (name := differing(title, names)) is not None:
            month = ".".join(part for part in (f"{title.month:02d}", str(title.year or "")) if part)
            self.warnings.append(Problem(where, "import.file.title_differs", {"name": name, "month": month}))

    def refuse_broken(self, sheet: Sheet, row: int, column: int) -> None:
        """Records the problem of a cell without a usable value."""
        value = sheet.rows[row][column]
        text = value.text if isinstance(value, Broken) else ""
        key = "import.file.cell_error" if text else "import.file.no_stored_value"
        self.problems.append(Problem(sheet.where(row, column), key, {"text": text} if text else {}))
