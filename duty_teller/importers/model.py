"""The shapes between bytes and shifts: what was read, what has to be asked, what came out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from duty_teller.importers.problems import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """One filled cell of one person.

    Attributes:
        name: The person, as written at the first place of the file.
        day: The local day the cell stands under.
        text: What the cell holds.
        where: The cell (`Март!B7`, `schedule[3].duty`).
        row: Counts the rows of people in the file; two rows of one person that fill the same day contradict each other.
    """

    name: str
    day: date
    text: str
    where: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A day as a header names it: a number, and as much of month, year and weekday as stands there.

    Attributes:
        number: Day of the month.
        month: 1…12 if written.
        year: Four digits if written; never without the month.
        weekday: The weekday's name as written beside the day or in a weekday row.
        where: The cell.
        weekday_where: The cell of the weekday.
    """

    number: int
    month: int | None = None
    year: int | None = None
    weekday: str = ""
    where: str = ""
    weekday_where: str = ""


@dataclass(frozen=True, slots=True)
class BlockCell:
    """A filled cell of a block: an `Entry` whose date is not known yet; `mark` is an index into `Block.marks`."""

    name: str
    mark: int
    text: str
    where: str
    row: int


@dataclass(frozen=True, slots=True)
class Block:
    """One table of a sheet: days, people and cells, with the month and year that its surroundings name.

    Attributes:
        where: Its first day cell; also the subject of a question about its month.
        marks: The days, in order.
        cells: The filled cells.
        month: The month of the first day.
        year: The year of the first day.
        follows: The block before it stands on the same sheet, and nothing in between names a month: weeks stacked, or a
            repeated header.
    """

    where: str
    marks: tuple[Mark, ...]
    cells: tuple[BlockCell, ...]
    month: int | None = None
    year: int | None = None
    follows: bool = False

    def to_json(self) -> list[Any]:
        """Returns JSON-safe data."""
        marks = [[m.number, m.month, m.year, m.weekday, m.where, m.weekday_where] for m in self.marks]
        cells = [[c.name, c.mark, c.text, c.where, c.row] for c in self.cells]
        return [self.where, marks, cells, self.month, self.year, self.follows]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        """Takes back what `to_json` gave."""
        where, marks, cells, month, year, follows = data
        return cls(
            where, tuple(Mark(*mark) for mark in marks), tuple(BlockCell(*cell) for cell in cells), month, year, follows
        )


@dataclass(frozen=True, slots=True)
class RosterCells:
    """A file that was read: everything the quick part needs, and nothing else of the file.

    Attributes:
        format: `json` or `xlsx`.
        names: All people, also those without a filled cell, in the order of the file.
        first_day: First local day the file is about; None while the dates are open.
        last_day: Last local day, included.
        entries: The filled cells; none while the dates are open.
        blocks: The tables whose dates depend on an answer; none when the dates are known.
        covered: Runs of days the file is about, as pairs (first, last), both included.
        already_meant: Cell text → meaning (`Meaning.parse`) of a format that fixes its codes; None where codes are read
            and asked.
        warnings: What the person who sent the file should know.
    """

    format: str
    names: tuple[str, ...]
    first_day: date | None = None
    last_day: date | None = None
    entries: tuple[Entry, ...] = ()
    blocks: tuple[Block, ...] = ()
    covered: tuple[tuple[date, date], ...] = ()
    already_meant: Mapping[str, str] | None = None
    warnings: tuple[Problem, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Returns JSON-safe data."""
        return {
            "format": self.format,
            "names": list(self.names),
            "entries": [[e.name, e.day.isoformat(), e.text, e.where, e.row] for e in self.entries],
            "blocks": [block.to_json() for block in self.blocks],
            "covered": [[first.isoformat(), last.isoformat()] for first, last in self.covered],
            "already_meant": None if self.already_meant is None else dict(self.already_meant),
            "warnings": [warning.to_json() for warning in self.warnings],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Takes back what `to_json` gave."""
        parse = date.fromisoformat
        covered = tuple((parse(first), parse(last)) for first, last in data["covered"])
        return cls(
            format=data["format"],
            names=tuple(data["names"]),
            first_day=covered[0][0] if covered else None,
            last_day=covered[-1][1] if covered else None,
            entries=tuple(Entry(name, parse(day), text, where, row) for name, day, text, where, row in data["entries"]),
            blocks=tuple(Block.from_json(block) for block in data["blocks"]),
            covered=covered,
            already_meant=data["already_meant"],
            warnings=tuple(Problem.from_json(warning) for warning in data["warnings"]),
        )


@dataclass(frozen=True, slots=True)
class Question:
    """Something the file leaves open. Each distinct one is asked once.

    Attributes:
        kind: `code`, `month` or `year`.
        subject: The code as written; for `month` the first day cell of the table; for `year` the month, `1`…`12`.
        example: The first cell it is about.
        count: How many cells it is about.
        options: Answers that fit, in the form `Answers.answered` takes; for a code also `times`, which stands for times
            to be typed.
    """

    kind: str
    subject: str
    example: str
    count: int
    options: tuple[str, ...]

    def nearest_years(self, year: int, count: int = 3) -> tuple[str, ...]:
        """Returns the options of a year question that lie nearest to a year, in order (the importer has no clock)."""
        return tuple(sorted(sorted(self.options, key=lambda option: (abs(int(option) - year), option))[:count]))


@dataclass(frozen=True, slots=True)
class FileShift:
    """A shift as the file has it.

    Attributes:
        name: The person, one of `ParsedRoster.names`.
        start: Aware UTC.
        end: Aware UTC, after the start, not part of the shift.
        event_type: `duty`, `unavailable` or `vacation`; the last two are whole local days.
        position: The role, if the file has roles.
        where: The first cell it came from.
    """

    name: str
    start: datetime
    end: datetime
    event_type: str
    position: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class ParsedRoster:
    """A file understood.

    Attributes:
        format: `json` or `xlsx`.
        timezone: The IANA zone its days and times were read in.
        names: All people of the file, also those without a shift.
        first_day: First local day covered.
        last_day: Last local day covered, included.
        shifts: Sorted by start, then name.
        covered: Runs of covered days, as pairs (first, last), both included: a file of January and March says nothing
            of February.
        warnings: What the person who sent the file should know.
    """

    format: str
    timezone: str
    names: tuple[str, ...]
    first_day: date
    last_day: date
    shifts: tuple[FileShift, ...]
    covered: tuple[tuple[date, date], ...] = ()
    warnings: tuple[Problem, ...] = field(default=())
