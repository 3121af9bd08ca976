"""Days that take several columns: from, to and hours, or a column for each shift of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from itertools import pairwise
from typing import Final

from duty_teller.importers.sheet import Sheet, Value, cell_text
from duty_teller.importers.tables.cells import Heading, is_role, is_shift, read_headings
from duty_teller.importers.tables.headers import Header
from duty_teller.importers.words import lexicon
from duty_teller.importers.words.moments import read_clock
from duty_teller.importers.words.names import fold_word, row_kind

_MAX_PARTS: Final = 4
_BEGINS: Final = frozenset(lexicon.BEGINS.split(", "))
_ENDS: Final = frozenset(lexicon.ENDS.split(", "))
_HOURS: Final = frozenset(lexicon.HOURS.split(", "))


@dataclass(slots=True)
class DayParts:
    """What the columns of each day hold.

    Attributes:
        row: The row of the sub-headings.
        days: Column → index of its day, for all columns of all days.
        kinds: Column → `begins`, `ends`, `hours`, `plan`, `fact`, `extra` or `shift`.
        headings: Column → what it gives to the cells below it, for shifts.
    """

    row: int
    days: dict[int, int]
    kinds: dict[int, str]
    headings: dict[int, Heading] = field(default_factory=dict)


def find_parts(sheet: Sheet, header: Header) -> DayParts | None:
    """Finds a row of sub-headings that repeats under every day, within two rows of the header."""
    width = _width(header.columns)
    if width is None:
        return None
    for number in (header.row + 1, header.row + 2):
        row = sheet.rows.get(number, {})
        labels = [
            [text if isinstance(text := row.get(column + offset), str) else "" for offset in range(width)]
            for column in header.columns
        ]
        if not all(labels[0]) or any(found != labels[0] for found in labels) or len(set(labels[0])) < width:
            continue
        kinds = _kinds(labels[0])
        if kinds is None:
            continue
        parts = DayParts(number, {}, {})
        shifts = [label if kind == "shift" else "" for label, kind in zip(labels[0], kinds, strict=True)]
        headings = read_headings(shifts)
        for index, column in enumerate(header.columns):
            for offset, (kind, heading) in enumerate(zip(kinds, headings, strict=True)):
                parts.days[column + offset] = index
                parts.kinds[column + offset] = kind
                if kind == "shift":
                    parts.headings[column + offset] = heading
        return parts
    return None


def _width(columns: Sequence[int]) -> int | None:
    """Returns how many columns each day takes, if it is the same number for all, and more than one."""
    steps = {after - before for before, after in pairwise(columns)}
    return steps.pop() if len(steps) == 1 and 2 <= min(steps) <= _MAX_PARTS else None


def _kinds(labels: Sequence[str]) -> list[str] | None:
    words = [fold_word(label) for label in labels]
    if words[0] in _BEGINS and words[1] in _ENDS and all(word in _HOURS for word in words[2:]):
        return ["begins", "ends", *["hours"] * (len(words) - 2)]
    found = [row_kind(label) for label in labels]
    if all(found) and "hours" not in found[:1]:
        return found
    if all(is_shift(label) or is_role(label) for label in labels):
        return ["shift"] * len(labels)
    return None


def clock_of(value: Value | None) -> time | None:
    """Reads one end of a duty: a time, or the bare hour."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 24:
        return time(value % 24)
    return read_clock(value)


def joined_times(cells: Mapping[int, Value], parts: DayParts) -> tuple[dict[int, Value], list[int]]:
    """Writes the start and the end of each day as one text of times in the column of the start.

    Returns:
        The cells, without those of ends and hours, and the columns in which one end of two is missing.
    """
    joined = {column: value for column, value in cells.items() if parts.kinds.get(column) not in ("ends", "hours")}
    broken = []
    for column in [column for column, kind in parts.kinds.items() if kind == "begins"]:
        begins, ends = cells.get(column), cells.get(column + 1)
        start, end = clock_of(begins), clock_of(ends)
        if start is not None and end is not None:
            joined[column] = f"{_shown(begins, start)}-{_shown(ends, end)}"
        elif start is not None or (ends is not None and (begins is None or cell_text(ends) != cell_text(begins))):
            broken.append(column)
    return joined, broken


def _shown(value: Value | None, at: time) -> str:
    is_midnight = at == time(0) and value is not None and cell_text(value).startswith("24")
    return "24:00" if is_midnight else f"{at:%H:%M}"
