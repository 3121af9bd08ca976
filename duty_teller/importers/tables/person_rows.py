"""People who take several rows each: plan and fact, day and night, codes and hours, halves of a month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from duty_teller.importers.sheet import Value, cell_text
from duty_teller.importers.tables.cells import is_shift
from duty_teller.importers.words.names import is_legend, row_kind
from duty_teller.importers.words.times import BadTimeError, explicit_spans, suggested_span

_MAX_ROWS: Final = 6


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One of the rows of a person; its kind is `plan`, `fact`, `extra`, `hours`, `shift` or nothing."""

    number: int
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class PersonRows:
    """A person and all its rows."""

    name: str
    rows: tuple[PersonRow, ...]


def labelled_groups(
    rows: Mapping[int, Mapping[int, Value]], names: Mapping[int, str], left: Sequence[int], name_columns: Sequence[int]
) -> list[PersonRows]:
    """Finds people by a column whose labels repeat: `план, факт, план, факт`; the name stands in any of their rows.

    Args:
        rows: The rows of the table.
        names: Row → name, for rows that have one.
        left: The columns left of the days.
        name_columns: Those with the names.
    """
    for column in reversed(left):
        if column in name_columns:
            continue
        labels = {}
        for number, row in rows.items():
            if any(isinstance(value := row.get(at), str) and is_legend(value) for at in left):
                break
            if isinstance(text := row.get(column), str):
                labels[number] = text
        cycle = _cycle(list(labels.values()))
        if cycle and (found := _grouped(list(labels.items()), len(cycle), names)):
            return found
    return []


def _cycle(labels: Sequence[str]) -> list[str]:
    """Returns the labels that repeat; a single round counts where all of them are known."""
    for size in range(2, min(_MAX_ROWS, len(labels)) + 1):
        cycle = list(labels[:size])
        if (
            len(set(cycle)) < size
            or len(labels) % size
            or any(labels[index] != cycle[index % size] for index in range(len(labels)))
        ):
            continue
        known = [row_kind(label) or is_shift(label) for label in cycle]
        if all(known) or (len(labels) > size and any(known)):
            return cycle
    return []


def _grouped(labels: Sequence[tuple[int, str]], size: int, names: Mapping[int, str]) -> list[PersonRows]:
    found = []
    for at in range(0, len(labels), size):
        part = labels[at : at + size]
        own = {names[number] for number, _ in part if names.get(number)}
        if len(own) != 1:
            return []
        kinds = [row_kind(label) or ("shift" if is_shift(label) else "") for _, label in part]
        rows = tuple(PersonRow(number, kind, label) for (number, label), kind in zip(part, kinds, strict=True))
        found.append(PersonRows(own.pop(), rows))
    return found


def spaced_groups(numbers: Sequence[int], names: Mapping[int, str], filled: Mapping[int, bool]) -> list[PersonRows]:
    """Finds people by names that stand equally far apart, below rows of the first one: the name is in the middle.

    Args:
        numbers: The rows of the table that hold something.
        names: Row → name, for rows that have one.
        filled: Whether a row holds anything under the days.
    """
    named = [index for index, number in enumerate(numbers) if names.get(number)]
    if len(named) < 2 or named[0] == 0 or not filled.get(numbers[0]):
        return []
    steps = {after - before for before, after in pairwise(named)}
    size = steps.pop() if len(steps) == 1 else 0
    if not named[0] < size <= _MAX_ROWS or len(numbers) < len(named) * size:
        return []
    return [
        PersonRows(
            names[numbers[at]],
            tuple(PersonRow(number, "", "") for number in numbers[at - named[0] : at - named[0] + size]),
        )
        for at in named
    ]


def are_times(values: Sequence[Value]) -> bool:
    """Tells whether cells hold nothing but times or hours of the day: `08:00-20:00`, `8-20`."""
    return bool(values) and all(isinstance(value, str) and _is_time(value) for value in values)


def _is_time(text: str) -> bool:
    try:
        return bool(explicit_spans(text) or suggested_span(text))
    except BadTimeError:
        return True


def are_counts(values: Sequence[Value]) -> bool:
    """Tells whether cells hold nothing but numbers of hours."""
    return bool(values) and all(
        isinstance(value, int | float) or cell_text(value).replace(",", "").replace(".", "").isdecimal()
        for value in values
    )
