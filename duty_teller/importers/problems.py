"""What is wrong with a roster file: a cell, a key of the catalogue and its arguments."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Self

from duty_teller.i18n.core import LocalizedError, t
from duty_teller.i18n.lang import format_day

KEPT_PROBLEMS: Final = 20
_LINE: Final = re.compile(r"line (\d+)(?:, column (\d+))?")
_CELL: Final = re.compile(r"(.+)!([A-Z]{1,3}\d+(?::[A-Z]{1,3}\d+)?)")

Arg = str | int | date


def place(lang: str, where: str) -> str:
    """Writes a place in the reader's language, as a prefix: `Март!B7`, `line 14, column 3`."""
    match = _LINE.fullmatch(where)
    if match is None:
        return where
    key = "import.file.place_cell" if match[2] else "import.file.place_line"
    return t(lang, key, line=match[1], column=match[2])


def place_in_words(lang: str, where: str) -> str:
    """Writes a place in a sentence, the cell first as a spreadsheet shows it: `B7 (sheet “Март”)`."""
    match = _CELL.fullmatch(where)
    if match is None:
        return place(lang, where)
    return t(lang, "import.file.place_sheet", cell=match[2], sheet=match[1])


@dataclass(frozen=True, slots=True)
class Problem:
    """One error or warning about a file.

    Attributes:
        where: The place as its author knows it (`Март!B7`, `schedule[3].duty`), or nothing for the whole file.
        key: A key of the catalogue, `import.file.*`.
        args: Its arguments; a date is written in the reader's language.
    """

    where: str
    key: str
    args: Mapping[str, Arg] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """Returns the place and the message in the language."""
        values = {
            name: format_day(lang, value) if isinstance(value, date) else value for name, value in self.args.items()
        }
        message = t(lang, self.key, **values)
        return f"{place(lang, self.where)}: {message}" if self.where else message[:1].upper() + message[1:]

    def to_json(self) -> list[Any]:
        """Returns lists, strings and numbers only."""
        args = {
            name: {"date": value.isoformat()} if isinstance(value, date) else value for name, value in self.args.items()
        }
        return [self.where, self.key, args]

    @classmethod
    def from_json(cls, data: Sequence[Any]) -> Self:
        """Takes back what `to_json` gave."""
        where, key, args = data
        values = {
            name: date.fromisoformat(value["date"]) if isinstance(value, dict) else value
            for name, value in args.items()
        }
        return cls(where, key, values)


class RosterFileError(LocalizedError):
    """A file that cannot be taken: every problem found, of which the first 20 are kept, and how many there were."""

    def __init__(self, problems: Sequence[Problem], total: int | None = None) -> None:
        super().__init__("import.file.refused", n=total or len(problems))
        self.total = len(problems) if total is None else total
        self.problems = tuple(problems[:KEPT_PROBLEMS])

    @classmethod
    def of(cls, key: str, where: str = "", **args: Arg) -> Self:
        """Makes the error of a single problem."""
        return cls((Problem(where, key, args),))

    def text(self, lang: str) -> str:
        """Returns a line for each problem that was kept and, where there are more, one that counts the rest."""
        lines = [problem.text(lang) for problem in self.problems]
        if rest := self.total - len(self.problems):
            lines.append(t(lang, "import.file.more", n=rest))
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """Returns JSON-safe data, for a parent process."""
        return {"problems": [problem.to_json() for problem in self.problems], "total": self.total}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Takes back what `to_json` gave."""
        return cls([Problem.from_json(problem) for problem in data["problems"]], data["total"])
