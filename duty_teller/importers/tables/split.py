"""Tables that stand side by side, each with people of its own: the sheet is cut between them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from duty_teller.importers.model import Mark
from duty_teller.importers.sheet import Sheet, Value
from duty_teller.importers.tables.headers import MIN_DAYS, days_of_row
from duty_teller.importers.tables.people import is_name_like, person_name
from duty_teller.importers.words.names import is_name_label, is_total

_ROWS_LOOKED_AT: Final = 12


def side_by_side(sheet: Sheet) -> list[Sheet]:
    """Returns the sheet, or its parts from left to right: each begins with the column of its names.

    Titles above the first of the tables belong to all of them.
    """
    cuts: set[int] = set()
    spans: list[tuple[int, int]] = []
    top = 0
    known: dict[Value, tuple[Mark, ...] | None] = {}
    for row in sorted(sheet.rows):
        runs = [run for run in days_of_row(sheet, row, known) if len(run[0]) >= MIN_DAYS]
        if not runs:
            continue
        columns, marks, _ = max(runs, key=lambda run: len(run[0]))
        pieces = _pieces(sheet, row, columns, marks)
        for run in sorted(runs, key=lambda run: -len(run[0])):  # the same days can be read in several ways
            if all(run[0][0] > piece[-1] or run[0][-1] < piece[0] for piece in pieces):
                pieces.append(run[0])
        pieces.sort()
        spans += [(piece[0], piece[-1]) for piece in pieces]
        found = [_cut(sheet, row, left[-1], right[0]) for left, right in pairwise(pieces)]
        if found and all(found):
            cuts.update(cut for cut in found if cut)
            top = top or row
    if not cuts or any(first < cut <= last for first, last in spans for cut in cuts):
        return [sheet]
    edges = [1, *sorted(cuts), max(max(row) for row in sheet.rows.values()) + 1]
    return [_part(sheet, top, left, right - 1) for left, right in pairwise(edges)]


def _pieces(sheet: Sheet, row: int, columns: Sequence[int], marks: Sequence[Mark]) -> list[list[int]]:
    """Cuts a run of days where they begin again behind a column of names or an empty one."""
    pieces: list[list[int]] = [[columns[0]]]
    for index in range(1, len(columns)):
        before, column = columns[index - 1], columns[index]
        begins_again = marks[index].number < marks[index - 1].number and column - before > 1
        if begins_again and _cut(sheet, row, before, column):
            pieces.append([])
        pieces[-1].append(column)
    return [piece for piece in pieces if len(piece) >= MIN_DAYS] or [list(columns)]


def _cut(sheet: Sheet, row: int, last: int, first: int) -> int | None:
    """Returns the first column of the table on the right; None if nothing between two runs of days holds names."""
    labels = sheet.rows[row], sheet.rows.get(row - 1, {}), sheet.rows.get(row + 1, {})
    numbers = [number for number in sorted(sheet.rows) if number > row][:_ROWS_LOOKED_AT]
    names: list[int] = []
    for column in range(last + 1, first):
        headings = [text for cells in labels if isinstance(text := cells.get(column), str)]
        texts = [text for number in numbers if isinstance(text := sheet.rows[number].get(column), str)]
        alike = {text for text in texts if is_name_like(person_name(text)) and not is_total(text)}
        if any(map(is_name_label, headings)) or (len(alike) >= 2 and len(alike) * 2 > len(set(texts))):
            names.append(column)
    if not names:
        return None
    at = names[0]
    while at - 1 > last:
        heading = sheet.rows[row].get(at - 1)
        filled = any(at - 1 in sheet.rows[number] for number in numbers)
        if isinstance(heading, str) and is_total(heading):
            break
        if heading is None and not filled:
            break
        at -= 1
    return at


def _part(sheet: Sheet, top: int, left: int, right: int) -> Sheet:
    rows: dict[int, dict[int, Value]] = {}
    for number, row in sheet.rows.items():
        cells = {column: value for column, value in row.items() if left <= column <= right}
        if not cells and number < top:
            cells = {column: value for column, value in row.items() if column < left and isinstance(value, str)}
        if cells:
            rows[number] = cells
    merges = [merge for merge in sheet.merges if merge[1] in rows.get(merge[0], ())]
    return replace(sheet, rows=rows, merges=merges)
