"""What a calendar of somebody else's says: occurrences in a span of days."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Happening:
    """An occurrence.

    Attributes:
        first_day: Of the roster's zone.
        last_day: Included.
        start: Seconds since 1970 UTC; None: whole days.
        end: The same.
        title: Plain text, short.
        people: Who is away; nobody unless absences were asked for.
        kind: The type of the absence, or nothing.
    """

    first_day: date
    last_day: date
    start: int | None
    end: int | None
    title: str
    people: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A calendar's occurrences in a span of days, by their start.

    Attributes:
        happenings: The occurrences.
        left_out: How many events could not be read, or were too many.
    """

    happenings: tuple[Happening, ...]
    left_out: int

    def to_json(self) -> dict[str, Any]:
        """Returns what `from_json` takes."""
        rows = [
            [h.first_day.isoformat(), h.last_day.isoformat(), h.start, h.end, h.title, h.people, h.kind]
            for h in self.happenings
        ]
        return {"rows": rows, "left_out": self.left_out}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Returns what was written."""
        rows = (
            Happening(date.fromisoformat(first), date.fromisoformat(last), start, end, title, tuple(people), kind)
            for first, last, start, end, title, people, kind in data["rows"]
        )
        return cls(tuple(rows), int(data["left_out"]))
