"""What each filled cell of a file was read as: the account a reader gives of a sheet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class CellRole(StrEnum):
    """What a cell is to a roster; exactly one each."""

    DAY = "day"
    WEEKDAY = "weekday"
    NAME = "name"
    CODE = "code"
    """What somebody does on a day: a code, a word, a mark, or the heading whose shift is taken."""
    HOURS = "hours"
    FACT = "fact"
    """A phone, an e-mail, a role and other facts of a person or a shift."""
    NOTE = "note"
    """What is kept as the note of the shifts of its row."""
    HEADING = "heading"
    TITLE = "title"
    LEGEND = "legend"
    NUMBER = "number"
    TOTAL = "total"
    SIGNATURE = "signature"
    REMARK = "remark"
    """A remark that is not kept, or a word for nobody, where a name or a code could stand."""
    UNREAD = "unread"


FURNITURE = frozenset(
    {CellRole.HEADING, CellRole.TITLE, CellRole.LEGEND, CellRole.NUMBER, CellRole.TOTAL, CellRole.SIGNATURE}
)


@dataclass(slots=True)
class Account:
    """The roles of a sheet's cells, by row and column as the file has them (counted from 1).

    Attributes:
        rows: Row → column → role.
    """

    rows: dict[int, dict[int, CellRole]] = field(default_factory=dict)

    def note(self, row: int, column: int, role: CellRole) -> None:
        """Gives a cell its role; the first one stays."""
        self.rows.setdefault(row, {}).setdefault(column, role)

    def note_row(self, row: int, columns: Iterable[int], role: CellRole) -> None:
        """Gives cells of a row their role; those that have one keep it."""
        known = self.rows.get(row)
        found = dict.fromkeys(columns, role)
        if not known:
            self.rows[row] = found
        elif len(found) > 1:
            self.rows[row] = found | known
        else:  # one by one, a row of thousands would be copied thousands of times
            for column in found:
                known.setdefault(column, role)

    def role(self, row: int, column: int) -> CellRole | None:
        """Returns the role of a cell, if it has one."""
        return self.rows.get(row, {}).get(column)
