"""What is drawn of a file before it is written: a plan is small, printable, and gives the same file each time."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.importers.grammar.vocabulary import LANGUAGES, Language

NOISE = (
    "title",
    "title_merged",
    "maker",
    "approval",
    "signature",
    "legend_below",
    "legend_beside",
    "total_row",
    "total_column",
    "numbering",
    "job",
    "phone",
    "tab_number",
    "weekday_row",
    "groups",
    "gap_row",
    "gap_column",
    "repeated_header",
    "side_table",
    "staff_sheet",
    "idle_person",
    "note_column",
    "hidden",
    "sep_line",
)
DATES = ("number", "number_weekday", "dotted", "native", "words", "iso", "weekday_dash")
CONTAINERS = ("xlsx", "csv", "ods")
NEIGHBOURS = ("", "beside", "below", "sheet")


@dataclass(frozen=True)
class Plan:
    """One file.

    Attributes:
        seed: Of everything that the other fields leave open.
        shape: A key of `shapes.SHAPES`.
        lang: A key of `vocabulary.LANGUAGES`.
        container: How it is written.
        people: How many.
        days: How many, at most.
        dates: How days are written, where the shape leaves a choice.
        noise: What stands around the table and in it.
        neighbour: Where a second table of another team stands, if there is one.
    """

    seed: int
    shape: str
    lang: str = "en"
    container: str = "xlsx"
    people: int = 4
    days: int = 31
    dates: str = "number"
    noise: tuple[str, ...] = ()
    neighbour: str = ""

    def random(self, topic: str) -> random.Random:
        """Returns the numbers of one topic: what is drawn for one is not moved by another."""
        return random.Random(f"{self.seed}/{topic}")

    def has(self, noise: str) -> bool:
        return noise in self.noise

    @property
    def language(self) -> Language:
        return LANGUAGES[self.lang]


def draw(seed: int, shapes: dict[str, Any]) -> Plan:
    """Draws the plan of a seed among some shapes."""
    numbers = random.Random(f"{seed}/plan")
    noise = [name for name in NOISE if name != "hidden" and numbers.random() < 0.2]
    if numbers.random() < 0.02:
        noise.append("hidden")
    return Plan(
        seed=seed,
        shape=numbers.choice(sorted(shapes)),
        lang=numbers.choice(sorted(LANGUAGES)),
        container=numbers.choices(CONTAINERS, (6, 3, 1))[0],
        people=numbers.randint(2, 9),
        days=numbers.choice((7, 10, 14, 28, 31, 31, 31)),
        dates=numbers.choice(DATES),
        noise=tuple(noise),
        neighbour=numbers.choices(NEIGHBOURS, (20, 1, 1, 1))[0],
    )


@dataclass(frozen=True, order=True)
class Duty:
    """A shift as a sensible person reads it in the file; all times are of UTC, the zone of the roster.

    Attributes:
        name: As written, without number and remarks.
        start: ISO, to the minute.
        end: The same.
        kind: `duty`, `vacation` or `sick`.
    """

    name: str
    start: str
    end: str
    kind: str = "duty"


DAY, NIGHT = "08:00-20:00", "20:00-08:00"


def duty(name: str, day: date, meaning: str) -> Duty | None:
    """Returns what a meaning on a day is: hand-over at 09:00, day shift 8–20, night shift 20–8.

    Args:
        name: The person.
        day: The day it stands under.
        meaning: `duty`, `day`, `night`, `vacation`, `sick`, `nothing` or hours (`08:00-16:30`).
    """
    if meaning == "nothing":
        return None
    if meaning in ("vacation", "sick"):
        return Duty(name, f"{day}T00:00", f"{day + timedelta(days=1)}T00:00", meaning)
    hours = {"duty": "09:00-09:00", "day": DAY, "night": NIGHT}.get(meaning, meaning)
    start, end = hours.split("-")
    last = day + timedelta(days=end <= start)
    if end == "24:00":
        last, end = day + timedelta(days=1), "00:00"
    return Duty(name, f"{day}T{start}", f"{last}T{end}")


Cell = tuple[int, int]


@dataclass
class Table:
    """A table on a page, counted from its own top left corner (0, 0).

    Attributes:
        cells: (row, column) → text, number, date or time.
        merges: First row and column, last row and column.
        truth: The shifts it holds.
        codes: What a person answers who is asked about a code or a heading.
        needs: What its own cells leave open: `` (nothing), `year`, or `month` and year.
        first: The first day.
        last: The last day.
        hidden_rows: Rows nobody sees; what they hold is no part of the truth.
        body: Rows of people or days, where a total row may follow.
        days: Columns of days, where numbers may be counted below.
    """

    first: date
    last: date
    cells: dict[Cell, Any] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    truth: list[Duty] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    needs: str = ""
    hidden_rows: set[int] = field(default_factory=set)
    body: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)

    def put(self, row: int, column: int, value: Any) -> None:
        if value is not None and value != "":
            self.cells[row, column] = value

    def row(self, row: int, values: list[Any], column: int = 0) -> None:
        for offset, value in enumerate(values):
            self.put(row, column + offset, value)

    def takes(self, found: Duty | None) -> None:
        if found is not None:
            self.truth.append(found)

    @property
    def height(self) -> int:
        return max(row for row, _ in self.cells) + 1

    @property
    def width(self) -> int:
        return max(column for _, column in self.cells) + 1

    def moved(self, down: int, right: int) -> "Table":
        """Returns the table at another place of the page."""
        return Table(
            self.first,
            self.last,
            {(row + down, column + right): value for (row, column), value in self.cells.items()},
            [(a + down, b + right, c + down, d + right) for a, b, c, d in self.merges],
            self.truth,
            self.codes,
            self.needs,
            {row + down for row in self.hidden_rows},
            [row + down for row in self.body],
            [column + right for column in self.days],
        )
