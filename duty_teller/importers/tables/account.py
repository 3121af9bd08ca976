"""The account of a sheet: what the cells are that no reader took, and which of them could be part of the schedule."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Sheet, Value, cell_text, column_letter
from duty_teller.importers.tables.cells import likeness
from duty_teller.importers.tables.headers import MIN_DAYS
from duty_teller.importers.tables.list_tables import label_of
from duty_teller.importers.words import lexicon
from duty_teller.importers.words.codes import is_tick
from duty_teller.importers.words.contacts import EMAIL, PHONE
from duty_teller.importers.words.days import day_marks
from duty_teller.importers.words.moments import read_moment
from duty_teller.importers.words.names import is_legend, is_signature, is_signer, is_total, is_weekday
from duty_teller.importers.words.text import fold_code

_EXPLAINS: Final = re.compile(rf".{{1,12}}?\s*(?:[-–—=:]|{lexicon.MEANS})\s*\S.*", re.DOTALL)
_TITLE_ROWS: Final = 3
_APART: Final = 2
"""Columns that cells which touch each other may be apart."""
_TAKEN: Final = frozenset({CellRole.NAME, CellRole.CODE, CellRole.DAY, CellRole.HOURS})


@dataclass(frozen=True, slots=True)
class Area:
    """Where a table was read.

    Attributes:
        sheet: The sheet as it was read: turned if the days run down a grid.
        rows: The first and the last row, headings included.
        columns: The first and the last column of the table.
        days: The first and the last column of the days of a grid; the same as `columns` in other tables.
        heading: The last row of its headings.
        codes: The codes in its cells, folded.
    """

    sheet: Sheet
    rows: tuple[int, int]
    columns: tuple[int, int]
    days: tuple[int, int]
    heading: int
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that was read as nothing.

    Attributes:
        row: Counted from 1, as in the file.
        column: The same.
        value: What it holds.
        asks: It could be part of the schedule.
    """

    row: int
    column: int
    value: Value
    asks: bool


@dataclass(frozen=True, slots=True)
class _RowFacts:
    """What a row of a table says of its cells; made once a row, since a row may be thousands of cells wide."""

    is_of_person: bool
    is_total: bool
    is_legend: bool
    names: frozenset[object]
    touching: int
    """The last column that touches the table in this row."""

    @classmethod
    def of(cls, view: Sheet, area: Area, row: int, codes: set[str]) -> "_RowFacts":
        cells = view.rows[row]
        roles = {at: _role(view, row, at) for at in cells}
        is_of_person = not _TAKEN.isdisjoint(roles.values())
        lefts = [text for at, text in cells.items() if at < area.days[0] and isinstance(text, str)]
        texts = [value for value in cells.values() if isinstance(value, str)]
        explains = not is_of_person and _explains(texts, codes)
        names = frozenset(value for at, value in cells.items() if roles[at] is CellRole.NAME)
        touching = next(column for column in count(area.columns[1]) if column + 1 not in cells)
        return cls(is_of_person, any(map(is_total, lefts)), explains or any(map(is_legend, lefts)), names, touching)


def settle(sheet: Sheet, areas: Sequence[Area], codes: Iterable[str]) -> list[Unread]:
    """Gives every cell of a sheet a role and returns those that are unread, in order.

    Args:
        sheet: The whole sheet, with the account that its readers kept.
        areas: Its tables.
        codes: The codes of the file's legends and tables, folded.
    """
    known = set(codes).union(*(area.codes for area in areas))
    unread: dict[tuple[int, int], bool] = {}
    for area in areas:
        view = area.sheet
        facts: dict[int, _RowFacts] = {}
        reach = _reach(view, area)
        for row, column, value in _left(view, area.rows):
            if row not in facts:
                facts[row] = _RowFacts.of(view, area, row, known)
            role, asks = _in_table(view, area, row, column, value, known, facts[row], reach)
            if role is not None:
                view.note(row, [column], role)
            elif asks is not None:
                unread[(column, row) if view.turned else (row, column)] = asks
    top = min((_top(area) for area in areas), default=0)
    people = _people(sheet)
    for row, cells in _rows_left(sheet):
        cells = [(column, value) for column, value in cells if (row, column) not in unread]
        if not any(_holds(area, row) for area in areas) and _has_duties(sheet, cells, people, known):
            unread |= dict.fromkeys(((row, column) for column, _ in cells), True)
            continue
        role = _of_row(sheet, row, cells, row < top, known, areas)
        for column, _value in cells:
            if role is not None:
                sheet.note(row, [column], role)
            else:
                unread[row, column] = False
    _ask_about_tables(sheet, unread, known)
    for row, column in unread:
        sheet.note(row, [column], CellRole.UNREAD)
    return [Unread(row, column, sheet.rows[row][column], asks) for (row, column), asks in sorted(unread.items())]


def _holds(area: Area, row: int) -> bool:
    """Tells whether a row of the sheet is one of a table's."""
    first, last = area.columns if area.sheet.turned else area.rows
    return first <= row <= last


def _people(sheet: Sheet) -> set[Value]:
    """Returns what the cells of people hold."""
    rows = sheet.account.rows
    return {
        sheet.rows[row][column]
        for row, roles in rows.items()
        for column, role in roles.items()
        if role is CellRole.NAME and column in sheet.rows.get(row, ())
    }


def _has_duties(sheet: Sheet, cells: Sequence[tuple[int, Value]], people: set[Value], codes: set[str]) -> bool:
    """Tells whether cells of a row that no table took are somebody of the roster with codes, or several days."""
    named = any(value in people for _, value in cells)
    coded = sum(isinstance(value, str) and fold_code(value) in codes for _, value in cells)
    numbers = sum(type(value) is int and fold_code(str(value)) in codes for _, value in cells)
    dated = sum(bool(read_moment(value, sheet.mac_epoch)) for _, value in cells)
    return (named and (coded > 0 or numbers > 1)) or dated > 2


def _top(area: Area) -> int:
    return area.columns[0] if area.sheet.turned else area.rows[0]


def _role(view: Sheet, row: int, column: int) -> CellRole | None:
    return view.account.role(column, row) if view.turned else view.account.role(row, column)


def _left(view: Sheet, rows: tuple[int, int]) -> Iterator[tuple[int, int, Value]]:
    """Yields the cells without a role of some rows."""
    for row in range(rows[0], rows[1] + 1):
        cells = view.rows.get(row, {})
        if not view.turned and cells.keys() <= view.account.rows.get(row, {}).keys():
            continue
        for column, value in sorted(cells.items()):
            if _role(view, row, column) is None:
                yield row, column, value


def _rows_left(sheet: Sheet) -> Iterator[tuple[int, list[tuple[int, Value]]]]:
    for row, cells in sorted(sheet.rows.items()):
        known = sheet.account.rows.get(row, {})
        if cells.keys() <= known.keys():
            continue
        if left := [(column, value) for column, value in sorted(cells.items()) if column not in known]:
            yield row, left


def _in_table(
    view: Sheet, area: Area, row: int, column: int, value: Value, codes: set[str], facts: _RowFacts, reach: int
) -> tuple[CellRole | None, bool | None]:
    """Returns the role of a cell within the rows of a table, or whether to ask about it; nothing for other places."""
    first, last = area.columns
    days = area.days
    text = cell_text(value)
    if row <= area.heading:
        if column > facts.touching:
            return None, None
        if days[0] <= column <= days[1] and day_marks(value, view.mac_epoch) and area.codes:
            return None, True  # a day that does not belong to the others
        return CellRole.HEADING, None
    is_of_person = facts.is_of_person
    if facts.is_total or is_total(text):
        return CellRole.TOTAL, None
    if facts.is_legend or is_legend(text):
        return CellRole.LEGEND, None
    heading = _heading(view, area, column)
    if column < days[0]:
        return _left_of_days(view, row, column, value, is_of_person, max(last, reach))
    if column > max(last, reach):
        return None, None
    label = label_of(heading)
    if PHONE.fullmatch(text) or EMAIL.fullmatch(text):
        return CellRole.FACT, None
    if heading and (is_total(heading) or label in ("ignored", "note")):
        return (CellRole.REMARK if isinstance(value, str) and not text.isdecimal() else CellRole.TOTAL), None
    if value in facts.names and column not in (first, last) and area.codes:
        return CellRole.HEADING, None  # the headings again, above another month
    if heading and fold_code(heading) == fold_code(text):
        return CellRole.HEADING, None  # the filler of a form
    may_be_title = isinstance(value, str) and likeness(text) < 2 and not area.codes and first <= column <= last
    if may_be_title and not any(first <= at <= last and at != column for at in view.rows[row]):
        return CellRole.TITLE, None  # the title of what follows in the same columns
    if column > days[1] and is_of_person:
        if isinstance(value, int | float) and not isinstance(value, bool) and fold_code(text) not in codes:
            return CellRole.TOTAL, None
        return None, fold_code(text) in codes or (isinstance(value, str) and likeness(text) == 2)
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and not is_of_person
        and fold_code(text) not in codes
    ):
        return CellRole.TOTAL, None  # how many are on duty
    if isinstance(value, str) and is_weekday(value):
        return CellRole.WEEKDAY, None
    if isinstance(value, str) and len(text) > 24 and not is_of_person:
        return CellRole.REMARK, None
    if not area.codes and not any(map(str.isalnum, text)) and not is_tick(text):
        return CellRole.REMARK, None  # an exclamation mark beside a duty
    return None, True


def _left_of_days(
    view: Sheet, row: int, column: int, value: Value, is_of_person: bool, last: int
) -> tuple[CellRole | None, bool | None]:
    if is_of_person:
        is_number = isinstance(value, int | float) and not PHONE.fullmatch(cell_text(value))
        return (CellRole.NUMBER if is_number else CellRole.FACT), None
    if not any(at != column and at <= last for at in view.rows[row]):
        return CellRole.TITLE, None  # a group of people
    if not isinstance(value, str):
        return CellRole.NUMBER, None
    if not any(column < at <= last and _role(view, row, at) is None for at in view.rows[row]):
        return CellRole.TITLE, None  # nothing under the days is left
    return None, likeness(value) > 0


def _heading(view: Sheet, area: Area, column: int) -> str:
    """Returns the lowest text above a column."""
    for row in range(area.heading, max(0, area.rows[0] - 1), -1):
        if isinstance(text := view.rows.get(row, {}).get(column), str):
            return text
    return ""


def _reach(view: Sheet, area: Area) -> int:
    """Returns the last column that touches a table: no column between them is empty."""
    first, last = area.rows
    filled = {column for row, cells in view.rows.items() if first <= row <= last for column in cells}
    reach = area.columns[1]
    while reach + 1 in filled:
        reach += 1
    return reach


def _of_row(
    sheet: Sheet, row: int, cells: Sequence[tuple[int, Value]], is_above: bool, codes: set[str], areas: Sequence[Area]
) -> CellRole | None:
    """Returns the role of cells outside the tables: titles above them, legends, signatures and totals elsewhere."""
    texts = [value for value in sheet.rows[row].values() if isinstance(value, str)]
    if any(map(is_signature, texts)):
        return CellRole.SIGNATURE
    if any(map(is_legend, texts)):
        return CellRole.LEGEND
    near = any(_top(area) - _TITLE_ROWS <= row < _top(area) for area in areas)
    if any(map(is_signer, texts)) and not is_above:
        return CellRole.SIGNATURE
    if (is_above or (near and len(cells) <= 2)) and sum(
        bool(day_marks(value, sheet.mac_epoch)) for _, value in cells
    ) < MIN_DAYS:
        return CellRole.TITLE
    if any(map(is_total, texts)):
        return CellRole.TOTAL
    own = [value for _, value in cells if isinstance(value, str)]
    if _explains(own, codes):
        return CellRole.LEGEND
    if len(own) >= 2 and fold_code(own[0]) in codes and len(cells) <= 3:
        return CellRole.LEGEND
    if len(cells) == 1 and own and len(own[0]) > 24:
        return CellRole.REMARK
    return None


def _explains(texts: Sequence[str], codes: set[str]) -> bool:
    """Tells whether texts are lines of a legend: each explains something, the first one a code of the file."""
    return bool(texts) and all(map(_EXPLAINS.fullmatch, texts)) and _begins_with_code(texts[0], codes)


def _begins_with_code(text: str, codes: set[str]) -> bool:
    head = re.split(rf"\s*(?:[-–—=:]|{lexicon.MEANS})\s*", text, maxsplit=1)[0]
    return fold_code(head) in codes


def _ask_about_tables(sheet: Sheet, unread: dict[tuple[int, int], bool], codes: set[str]) -> None:
    """Asks about what looks like another table: rows of days, several dates, or the codes of the roster."""
    by_row: dict[int, list[int]] = {}
    for row, column in unread:
        by_row.setdefault(row, []).append(column)
    dated = [(row, column) for row, column in unread if read_moment(sheet.rows[row][column], sheet.mac_epoch)]
    suspicious: set[int] = {row for row, _ in dated} if len(dated) >= 3 else set()
    for row, columns in by_row.items():
        values = [sheet.rows[row][column] for column in columns]
        days = sum(bool(day_marks(value, sheet.mac_epoch)) for value in values)
        coded = sum(isinstance(value, str) and fold_code(value) in codes for value in values)
        if days >= MIN_DAYS or coded >= 3:
            suspicious.add(row)
    for row in suspicious:
        for column in by_row[row]:
            unread[row, column] = True


def ranges(cells: Iterable[Unread]) -> list[tuple[str, list[Unread]]]:
    """Returns cells in groups that touch each other, each with its range as a spreadsheet writes it (`AF3:AI9`)."""
    every = list(cells)
    group_of = {(cell.row, cell.column): number for number, cell in enumerate(every)}
    parent = list(range(len(every)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for number, cell in enumerate(every):
        for row in (cell.row - 1, cell.row):
            for column in range(cell.column - _APART, cell.column + _APART + 1):
                other = group_of.get((row, column))
                if other is not None:
                    one, two = sorted((root(number), root(other)))
                    parent[two] = one
    groups: dict[int, list[Unread]] = {}
    for number, cell in enumerate(every):
        groups.setdefault(root(number), []).append(cell)
    return [(_range(group), group) for group in groups.values()]


def _range(group: Sequence[Unread]) -> str:
    top, bottom = min(cell.row for cell in group), max(cell.row for cell in group)
    left, right = min(cell.column for cell in group), max(cell.column for cell in group)
    first = f"{column_letter(left)}{top}"
    return first if (top, left) == (bottom, right) else f"{first}:{column_letter(right)}{bottom}"
