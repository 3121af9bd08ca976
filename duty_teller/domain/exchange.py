"""What the product's own files carry so that they go back in as they came out; written by exporters, read by importers.

A workbook has a hidden sheet that says what its codes mean. A calendar has properties of its own beside the texts
people read. A text that a spreadsheet would run as a formula is guarded by an apostrophe.
"""

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Final, Self

from duty_teller.domain.shift import EventType

CODES_SHEET: Final = "duty-teller"
"""Name of the hidden sheet, and the text of its first cell; the zone of the roster stands beside it."""
CONTINUES: Final = "→"
"""Stands on the later days of a shift that is longer than a day; the shift itself is written on its first."""
BETWEEN_CODES: Final = "/"

CALENDAR_PRODUCT: Final = "-//Duty Teller//Duty Teller//EN"
CALENDAR_DAYS: Final = "X-DUTY-TELLER-DAYS"
"""The local days a calendar is about, `YYYY-MM-DD/YYYY-MM-DD`, both included."""
CALENDAR_PERSON: Final = "X-DUTY-TELLER-PERSON"
CALENDAR_TYPE: Final = "X-DUTY-TELLER-TYPE"
CALENDAR_POSITION: Final = "X-DUTY-TELLER-POSITION"
CALENDAR_BEFORE: Final = "X-DUTY-TELLER-BEGAN-BEFORE"
"""Of an event that began before the days the calendar is about: to be seen, not to be taken back."""

CSV_COLUMNS: Final = ("date", "start", "end", "name", "username", "type", "position", "hours", "note")
"""The columns of a list, in order; their headings are `export.csv.<column>` of the catalogue."""

CSV_HOLIDAY: Final = "holiday"
"""A column behind them, where a roster keeps public holidays: to be read, not to be taken back."""

CSV_EVENTS: Final = "events"
"""A last one, where other calendars have something in these days: the same."""

TIMES: Final = "times"
"""What a code stands for: a duty from one time of the clock to another."""
NOTHING: Final = "nothing"
_KINDS: Final = frozenset({*EventType, TIMES, NOTHING})

_RUNS: Final = re.compile(r"'*[=+\-@\t\r]")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")
_SECOND: Final = "*"


def guard(text: str) -> str:
    """Puts an apostrophe before a text that a spreadsheet could take for a formula (OWASP: `= + - @`, tab, CR)."""
    return f"'{text}" if _RUNS.match(text) else text


def unguard(text: str) -> str:
    """Takes back what `guard` did; any other text stays as it is."""
    return text[1:] if _GUARDED.match(text) else text


def parse_days(text: str) -> tuple[date, date]:
    """Reads `YYYY-MM-DD/YYYY-MM-DD`.

    Raises:
        ValueError: It is something else, or the last day is before the first.
    """
    first, last = (date.fromisoformat(part) for part in text.split("/"))
    if last < first:
        raise ValueError(text)
    return first, last


@dataclass(frozen=True, slots=True)
class WallClock:
    """A time of a day on the roster's wall clock; `second` is the second pass of an hour that the clocks repeat."""

    at: time
    second: bool = False

    def __str__(self) -> str:
        return f"{self.at.isoformat('seconds' if self.at.second else 'minutes')}{_SECOND * self.second}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Takes back what `str` gave.

        Raises:
            ValueError: It is no time.
        """
        return cls(time.fromisoformat(text.removesuffix(_SECOND)), text.endswith(_SECOND))


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """What a code of a workbook stands for.

    Attributes:
        kind: A type of shift (`duty` is from hand-over to hand-over), `TIMES` or `NOTHING`.
        position: The role, of a duty.
        start: For `TIMES`: when it begins on its day.
        days: For `TIMES`: how many days later it ends.
        end: For `TIMES`: when it ends on that day.
    """

    kind: str
    position: str | None = None
    start: WallClock | None = None
    days: int = 0
    end: WallClock | None = None

    def to_row(self) -> list[str]:
        """Returns the cells beside the code."""
        times = [str(self.start), str(self.days), str(self.end)] if self.start and self.end else ["", "", ""]
        return [str(self.kind), *times, guard(self.position or "")]

    @classmethod
    def from_row(cls, cells: list[str]) -> Self:
        """Takes back what `to_row` gave; cells that are missing are empty.

        Raises:
            ValueError: It is something else.
        """
        kind, start, days, end, position = [*cells, "", "", "", "", ""][:5]
        if kind not in _KINDS:
            raise ValueError(kind)
        role = unguard(position) or None
        if kind != TIMES:
            return cls(kind, role)
        meaning = cls(kind, role, WallClock.parse(start), int(days), WallClock.parse(end))
        if not 0 <= meaning.days <= 400:
            raise ValueError(days)
        return meaning
