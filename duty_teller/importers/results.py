"""What reading a file comes to: questions that it leaves open, or a roster."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from duty_teller.domain.shift import EventType
from duty_teller.importers.model import Contact
from duty_teller.importers.problems import Problem


@dataclass(frozen=True, slots=True)
class Question:
    """Something the file leaves open. Each distinct one is asked once.

    Attributes:
        kind: `code` (what a cell's text means), `shift` (what hours a heading stands for), `month`, `year`,
            `date_order`, `week` (which week a table of weekdays is), `every` (whether duties whose dates are a week
            apart last a week or a day), `since` (from which day on to take a file that is longer than one import),
            `unread` (whether cells that could be part of the schedule may be left out), `name` (whether that is a
            person), or the kind of a `Fork`. `day` is never asked: it corrects what a cell says.
        subject: The code or heading as written; for `month`, `week` and `every` the first day cell of the table; for
            `year` the month, `1`…`12`; for `date_order` a date as written; for `since` the first and last day, `…/…`.
        example: The first cell it is about.
        count: How many cells it is about.
        options: Answers that fit, in the form `Answers.answered` takes; for `code` and `shift` also `times`, which
            stands for times to be typed; none for `week` (`weeks_near` gives them).
    """

    kind: str
    subject: str
    example: str
    count: int
    options: tuple[str, ...]

    def nearest_years(self, year: int, count: int = 3) -> tuple[str, ...]:
        """Returns the options of a year question that lie nearest to a year, in order (the importer has no clock)."""
        return tuple(sorted(sorted(self.options, key=lambda option: (abs(int(option) - year), option))[:count]))

    @staticmethod
    def weeks_near(today: date, count: int = 4) -> tuple[str, ...]:
        """Returns the Mondays of this week and the next ones, to answer `week` with: the importer has no clock."""
        monday = today - timedelta(days=today.weekday())
        return tuple((monday + timedelta(weeks=index)).isoformat() for index in range(count))


@dataclass(frozen=True, slots=True)
class FileShift:
    """A shift as the file has it.

    Attributes:
        name: The person, one of `ParsedRoster.names`.
        start: Aware UTC.
        end: Aware UTC, after the start, not part of the shift.
        event_type: What it is; absences are whole local days.
        position: The role, if the file has roles.
        where: The first cell it came from.
        note: What is written beside it; empty: there is a place for it and nothing in it; None: the file says nothing
            of notes, and the stored one stays.
    """

    name: str
    start: datetime
    end: datetime
    event_type: EventType
    position: str | None = None
    where: str = ""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedRoster:
    """A file understood.

    Attributes:
        format: `json`, `xlsx`, `ods`, `csv` or `ics`.
        timezone: The IANA zone its days and times were read in.
        names: All people of the file, also those without a shift.
        first_day: First local day covered.
        last_day: Last local day covered, included.
        shifts: Sorted by start, then name.
        covered: Runs of covered days, as pairs (first, last), both included: a file of January and March says nothing
            of February.
        warnings: What the person who sent the file should know.
        contacts: Name → @username, e-mail and phone, for those of whom the file tells any. A name may also end in its
            @username.
        codes: (code or heading, meaning as `Meaning` writes it) of those that were read by an answer, now or before,
            or by the file's legend; in the order of the file.
        legend: (code, meaning, cell) of those that were read by the file's legend.
        unread: (place, text) of cells that were read as nothing, the first ones.
    """

    format: str
    timezone: str
    names: tuple[str, ...]
    first_day: date
    last_day: date
    shifts: tuple[FileShift, ...]
    covered: tuple[tuple[date, date], ...] = ()
    warnings: tuple[Problem, ...] = field(default=())
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    codes: tuple[tuple[str, str], ...] = ()
    legend: tuple[tuple[str, str, str], ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
