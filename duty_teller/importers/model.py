"""The shapes between bytes and shifts: what was read of a file, in a form that goes through JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
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
            0 where a person may well stand twice under a day (lists, columns of shifts).
        position: The role that the heading of the cell names.
        asks: The kind of question its text becomes when nobody knows it: `code`, or `shift` for a heading.
        start: When it begins, if that is written: the roster's wall clock, or aware UTC. The text is its type then.
        end: When it ends, together with `start`.
        part: The part of the day that its row or column stands for, or the times below it: that is when a duty is.
        part_asks: The kind of question that becomes when nobody knows it, as `asks`.
        note: What is written beside the shift, as `clean_note` gives it; empty: there is a place for it and nothing in
            it; None: the file says nothing of notes here.
    """

    name: str
    day: date
    text: str
    where: str
    row: int = 0
    position: str | None = None
    asks: str = "code"
    start: datetime | None = None
    end: datetime | None = None
    part: str = ""
    part_asks: str = "code"
    note: str | None = None

    def to_json(self) -> list[Any]:
        """Returns JSON-safe data."""
        plain = [self.name, self.day.isoformat(), self.text, self.where, self.row]
        is_plain = self.position is None and self.start is None and self.asks == "code" and not self.part
        if is_plain and self.note is None:
            return plain
        start, end = self.start and self.start.isoformat(), self.end and self.end.isoformat()
        note = [] if self.note is None else [self.note]
        return [*plain, self.position, self.asks, start, end, self.part, self.part_asks, *note]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        """Takes back what `to_json` gave."""
        name, day, text, where, row, *rest = data
        if not rest:
            return cls(name, date.fromisoformat(day), text, where, row)
        position, asks, start, end, part, part_asks, *note = rest
        begin, finish = (moment and datetime.fromisoformat(moment) for moment in (start, end))
        at = date.fromisoformat(day)
        return cls(name, at, text, where, row, position, asks, begin, finish, part, part_asks, *note)


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

    def to_json(self) -> list[Any]:
        """Returns the parts in order."""
        return [self.number, self.month, self.year, self.weekday, self.where, self.weekday_where]


@dataclass(frozen=True, slots=True)
class BlockCell:
    """A filled cell of a block: an `Entry` whose date is not known yet; `mark` is an index into `Block.marks`.

    Attributes:
        begins: Wall-clock time of the start, if written; `ends` is written too, then.
        ends: Wall-clock time of the end; on the next day if it is not after the start and no last day is written.
        last: The last day as written, included where no times are.
        offset: Days after the mark: the marks of a table of weeks are their first days.
        part: As `Entry.part`.
        part_asks: As `Entry.part_asks`.
        note: As `Entry.note`.
    """

    name: str
    mark: int
    text: str
    where: str
    row: int
    position: str | None = None
    asks: str = "code"
    begins: time | None = None
    ends: time | None = None
    last: Mark | None = None
    offset: int = 0
    part: str = ""
    part_asks: str = "code"
    note: str | None = None

    def to_json(self) -> list[Any]:
        """Returns JSON-safe data."""
        plain = [self.name, self.mark, self.text, self.where, self.row]
        is_plain = not (self.position or self.begins or self.last or self.offset or self.part) and self.asks == "code"
        if is_plain and self.note is None:
            return plain
        times = [moment and moment.isoformat() for moment in (self.begins, self.ends)]
        last = self.last and self.last.to_json()
        note = [] if self.note is None else [self.note]
        return [*plain, self.position, self.asks, *times, last, self.offset, self.part, self.part_asks, *note]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        """Takes back what `to_json` gave."""
        if len(data) == 5:
            return cls(*data)
        name, mark, text, where, row, position, asks, begins, ends, last, *rest = data
        start, end = (moment and time.fromisoformat(moment) for moment in (begins, ends))
        return cls(name, mark, text, where, row, position, asks, start, end, last and Mark(*last), *rest)


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
        kind: `run` for days that follow each other, `list` for one day a row in any order, `week` for weekdays alone,
            `weeks` for the first days of weeks, `days` for days of a month that are listed beside people.
        order: A date as written (`03/04/2025`) when day and month of all dates could be either way round; the marks
            hold the day first. Also the subject of the question.
        monday: The Monday of a `week`, if something names it.
        every: `week` if the heading of a list's days says that they are weeks.
        rivals: Months that texts around the table claim against each other; one of them is the month.
    """

    where: str
    marks: tuple[Mark, ...]
    cells: tuple[BlockCell, ...]
    month: int | None = None
    year: int | None = None
    follows: bool = False
    kind: str = "run"
    order: str = ""
    monday: date | None = None
    every: str = ""
    rivals: tuple[int, ...] = ()

    def to_json(self) -> list[Any]:
        """Returns JSON-safe data."""
        marks = [mark.to_json() for mark in self.marks]
        cells = [cell.to_json() for cell in self.cells]
        monday = self.monday and self.monday.isoformat()
        return [
            self.where,
            marks,
            cells,
            self.month,
            self.year,
            self.follows,
            self.kind,
            self.order,
            monday,
            self.every,
            list(self.rivals),
        ]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        """Takes back what `to_json` gave."""
        where, marks, cells, month, year, follows, kind, order, monday, every, *rivals = data
        return cls(
            where=where,
            marks=tuple(Mark(*mark) for mark in marks),
            cells=tuple(BlockCell.from_json(cell) for cell in cells),
            month=month,
            year=year,
            follows=follows,
            kind=kind,
            order=order,
            monday=monday and date.fromisoformat(monday),
            every=every,
            rivals=tuple(rivals[0]) if rivals else (),
        )


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person of the file can be recognised and reached besides the name.

    Attributes:
        username: Telegram's, lower case, without the @.
        email: As written, in lower case.
        phone: As written; `utils.user.normalize_phone` gives its international form.
    """

    username: str | None = None
    email: str | None = None
    phone: str | None = None

    def __bool__(self) -> bool:
        return bool(self.username or self.email or self.phone)

    def filled(self, other: Self) -> Self:
        """Returns this contact with the other's parts where it has none."""
        return type(self)(self.username or other.username, self.email or other.email, self.phone or other.phone)


@dataclass(frozen=True, slots=True)
class Fork:
    """Two ways to read a file that only its author can choose between.

    Attributes:
        kind: `hidden` (rows or columns are hidden: are they read?), `struck` (the same of texts with a line through),
            `comma` (`Lindt, Anna`: one person or two?), `foreign` (events that look like no duties: are they?), `order`
            (day or month first?) or `zone` (which of several zones does an abbreviation stand for?).
        subject: What it is about: the first place, or a text.
        example: The first cell it is about.
        count: How many rows, columns or cells it is about.
        readings: Option → what the file holds then. The first option is what the file itself suggests.
    """

    kind: str
    subject: str
    example: str
    count: int
    readings: "Mapping[str, RosterCells]"

    def to_json(self) -> list[Any]:
        """Returns JSON-safe data."""
        readings = {option: cells.to_json() for option, cells in self.readings.items()}
        return [self.kind, self.subject, self.example, self.count, readings]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        """Takes back what `to_json` gave."""
        kind, subject, example, count, readings = data
        return cls(
            kind, subject, example, count, {option: RosterCells.from_json(cells) for option, cells in readings.items()}
        )


@dataclass(frozen=True, slots=True)
class RosterCells:
    """A file that was read: everything the quick part needs, and nothing else of the file.

    Attributes:
        format: `json`, `xlsx`, `ods`, `csv` or `ics`.
        names: All people, also those without a filled cell, in the order of the file.
        first_day: First local day the file is about; None while the dates are open, or depend on the roster's zone.
        last_day: Last local day, included.
        entries: The filled cells; none while the dates are open.
        blocks: The tables whose dates depend on an answer; none when the dates are known.
        tables: The tables whose dates are known: with a day of theirs corrected they are dated anew.
        loose: How many entries are of no table; they come first.
        covered: Runs of days the file is about, as pairs (first, last), both included.
        already_meant: Cell text → meaning (`Meaning.parse`) of a format that fixes its codes; None where codes are read
            and asked.
        warnings: What the person who sent the file should know.
        contacts: Name → what else the file says of that person, for those of whom it says something.
        since: Days to offer as the first one to take, when the file spans more days than one import may.
        unread: (place, text) of cells that were read as nothing, the first ones.
        legend: (code, meaning, cell) of what the file itself says of its codes.
        asked: (range, first cell, count) of those that could be part of the schedule: somebody has to say that they
            are not.
        doubts: (name, first cell, count) of those that may be no people.
        fork: What has to be chosen before anything of the file is known for sure; the other parts are then those of
            the likelier reading.
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
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    since: tuple[date, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    legend: tuple[tuple[str, str, str], ...] = ()
    asked: tuple[tuple[str, str, int], ...] = ()
    doubts: tuple[tuple[str, str, int], ...] = ()
    fork: Fork | None = None
    tables: tuple[Block, ...] = ()
    loose: int = 0

    def to_json(self) -> dict[str, Any]:
        """Returns JSON-safe data."""
        return {
            "format": self.format,
            "names": list(self.names),
            "entries": [entry.to_json() for entry in self.entries],
            "blocks": [block.to_json() for block in self.blocks],
            "covered": [[first.isoformat(), last.isoformat()] for first, last in self.covered],
            "already_meant": None if self.already_meant is None else dict(self.already_meant),
            "warnings": [warning.to_json() for warning in self.warnings],
            "contacts": {name: [c.username, c.email, c.phone] for name, c in self.contacts.items()},
            "since": [day.isoformat() for day in self.since],
            "unread": [list(cell) for cell in self.unread],
            "legend": [list(line) for line in self.legend],
            "asked": [list(cell) for cell in self.asked],
            "doubts": [list(name) for name in self.doubts],
            **({"tables": [block.to_json() for block in self.tables], "loose": self.loose} if self.tables else {}),
            **({"fork": self.fork.to_json()} if self.fork else {}),
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
            entries=tuple(map(Entry.from_json, data["entries"])),
            blocks=tuple(Block.from_json(block) for block in data["blocks"]),
            covered=covered,
            already_meant=data["already_meant"],
            warnings=tuple(Problem.from_json(warning) for warning in data["warnings"]),
            contacts={name: Contact(*contact) for name, contact in data.get("contacts", {}).items()},
            since=tuple(map(parse, data.get("since", ()))),
            unread=tuple((where, text) for where, text in data.get("unread", ())),
            legend=tuple((code, meaning, where) for code, meaning, where in data.get("legend", ())),
            asked=tuple((subject, first, count) for subject, first, count in data.get("asked", ())),
            doubts=tuple((name, first, count) for name, first, count in data.get("doubts", ())),
            fork=Fork.from_json(data["fork"]) if "fork" in data else None,
            tables=tuple(map(Block.from_json, data.get("tables", ()))),
            loose=data.get("loose", 0),
        )
