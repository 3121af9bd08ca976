"""The rows of one table whose days run across: people with codes, or roles and shifts with people in their cells."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.model import BlockCell
from duty_teller.importers.problems import Arg, Problem, RosterFileError
from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Broken, Sheet, Value, cell_text
from duty_teller.importers.tables.cells import NO_HEADING, Heading, are_names, is_nobody, read_headings, split_people
from duty_teller.importers.tables.day_parts import DayParts, find_parts, joined_times
from duty_teller.importers.tables.found import Found
from duty_teller.importers.tables.headers import MAX_GAP, MIN_DAYS, Header
from duty_teller.importers.tables.people import (
    is_legend_row,
    is_name_like,
    looks_like_person,
    name_columns,
    person_name,
)
from duty_teller.importers.tables.person_rows import PersonRows, are_counts, are_times, labelled_groups, spaced_groups
from duty_teller.importers.words.codes import read_code
from duty_teller.importers.words.contacts import PHONE
from duty_teller.importers.words.names import is_legend, is_letter_row, is_total, is_weekday
from duty_teller.importers.words.text import fold_code
from duty_teller.importers.words.times import BadTimeError

_LONG_NOTE: Final = 24
_LEFT_COLUMNS: Final = 60
"""Columns left of the days that are looked at for names."""


class Rows:
    """Goes down the rows of one table and takes the people and their cells.

    Args:
        sheet: The sheet, turned if the days of its tables run down.
        numbers: Its rows, in order.
        found: Where to put what is found.
        header: The days of the table.
        weekday_row: Where their weekdays stand, if they do.
        reach: The first row that can belong to the table's title, and the last that can belong to it.
    """

    def __init__(
        self,
        sheet: Sheet,
        numbers: Sequence[int],
        found: Found,
        header: Header,
        weekday_row: int | None,
        reach: tuple[int, int],
    ) -> None:
        self.sheet, self.header, self.found = sheet, header, found
        top, bottom = reach
        self.cells: list[BlockCell] = []
        self.texts: set[str] = set()
        self.codes: set[str] = set()
        self.last_row = header.row
        self.outranked = 0
        self.names_at: dict[int, int] = {}
        rows = numbers[bisect_right(numbers, header.row) : bisect_right(numbers, bottom)]
        skipped = {weekday_row, *header.repeats, header.second and header.second.row}
        self.rows = {number: sheet.rows[number] for number in rows if number not in skipped}
        self.index = {column: index for index, column in enumerate(header.columns)}
        self.parts = find_parts(sheet, header)
        if self.parts is not None:
            self.rows.pop(self.parts.row, None)
            self.index = dict(self.parts.days)
        self.numbers = list(self.rows)
        self.headings: set[int] = set()
        self.unfold(sheet)
        if self.parts is not None:
            self.join_parts(self.parts)
        first = header.columns[0]
        self.left = sorted({column for row in self.rows.values() for column in row if column < first})[-_LEFT_COLUMNS:]
        labels = [
            sheet.rows[number]
            for number in range(header.row - 3, header.row + 3)
            if number in sheet.rows and number >= top and (number <= header.row or not self.is_of_person(number))
        ]
        self.name_columns = name_columns(list(self.rows.values()), labels, self.left)
        self.anchors = {
            number: top
            for top, left, bottom, _ in sheet.merges
            if left in self.name_columns and bottom > top
            for number in self.between(top, bottom)
        }
        self.skipped: list[int] = []
        texts = {value for cells in self.rows.values() for column, value in cells.items() if column in self.index}
        names = [self.name_of(cells) or self.label_of(cells) for cells in self.rows.values()]
        self.holds_names = are_names(
            {sheet.broken_lines.get(text, text) for text in texts if isinstance(text, str)}, names
        )

    def is_of_person(self, number: int) -> bool:
        """Tells whether a row below the days has anything under them, their weekdays and parts aside."""
        return any(column in self.index for column in self.rows.get(number, ()))

    def between(self, top: int, bottom: int) -> list[int]:
        """Returns the filled rows of the table among some, both ends included."""
        return self.numbers[bisect_left(self.numbers, top) : bisect_right(self.numbers, bottom)]

    def unfold(self, sheet: Sheet) -> None:
        """Spreads merged cells over the days and people they cover, and merged days over their columns."""
        header = self.header
        for top, left, bottom, right in sheet.merges:
            if top <= header.row <= bottom and left in self.index and right > left:
                for column in range(left + 1, min(right, left + MAX_GAP) + 1):
                    self.index.setdefault(column, self.index[left])
        first, last = min(self.index), max(self.index)
        for top, left, bottom, right in sheet.merges:
            if top not in self.rows or left > last:
                continue
            if left < first <= right:
                self.headings.add(top)
                continue
            value = sheet.rows[top][left]
            columns = [left] if left < first else [column for column in self.index if left <= column <= right]
            for number in self.between(top, bottom):
                row = self.rows[number]
                if number == top and columns == [left]:
                    continue
                self.found.cells += len(columns)
                if self.found.cells > limits.MAX_CELLS:
                    raise RosterFileError.of("import.file.too_many_cells", limit=limits.MAX_CELLS)
                self.rows[number] = {**row, **dict.fromkeys(columns, value)}

    def join_parts(self, parts: DayParts) -> None:
        """Writes start and end of each day as one text, and leaves out what the plan says where a fact is written."""
        for number, row in list(self.rows.items()):
            cells, broken = joined_times(row, parts)
            for column in broken:
                self.found.problems.append(Problem(self.sheet.where(number, column), "import.file.no_end"))
            facts = {parts.days[column] for column in cells if parts.kinds.get(column) == "fact"}
            plans = [column for column in cells if parts.kinds.get(column) == "plan" and parts.days[column] in facts]
            for column in plans:
                del cells[column]
            self.outranked += len(plans)
            gone = [column for column in row if column not in cells]
            self.sheet.note(number, gone, CellRole.HOURS)
            self.rows[number] = cells
        for column, kind in parts.kinds.items():
            if kind in ("ends", "hours"):
                self.index.pop(column, None)

    def take(self) -> None:
        """Takes every row until a legend begins."""
        if self.holds_names:
            self.take_names()
            return
        if self.header.second is not None:
            self.take_halves(self.header.second)
            return
        if groups := self.groups():
            self.take_groups(groups)
            return
        person, before = "", self.header.row
        named_at = 0
        for number, row in self.rows.items():
            gap = number - before > 1 and bool(self.cells)
            before = number
            filled = [column for column in row if column in self.index]
            lefts = [value for column in self.left if isinstance(value := row.get(column), str)]
            texts = lefts or [value for column in filled[:1] if isinstance(value := row[column], str)]
            if any(map(is_legend, texts)):
                break
            if any(map(is_total, lefts)) or number in self.headings:
                self.sheet.note(number, row, CellRole.TOTAL if number not in self.headings else CellRole.TITLE)
                person = ""
                continue
            name = self.name_of(row)
            if (
                filled
                and not is_name_like(name)
                and (self.is_weekday_row(row, filled) or self.is_numbering(row, filled))
            ):
                is_weekdays = self.is_weekday_row(row, filled)
                self.sheet.note(number, row, CellRole.WEEKDAY if is_weekdays else CellRole.NUMBER)
                continue
            if not name:
                note = any(self.is_note(row[column]) for column in filled) or self.is_counts(row, filled)
                values = [row[column] for column in filled]
                if filled and person and not gap and self.are_hours_of(values, filled, self.days_of(person)):
                    self.take_hours(number, row, filled)
                elif filled and person and not gap and not note:
                    self.person(person, number, row, filled)
                elif filled:
                    self.skipped.append(number)
                    person = ""
                else:
                    person = ""
                continue
            if self.cells and is_legend_row(name, self.codes):
                break
            if not is_name_like(name) or (gap and filled and not self.is_plausible(row, filled)):
                if filled:
                    self.skipped.append(number)
                person = ""
                continue
            if not filled and not self.is_idle_person(name, row, gap):
                person = ""
                continue
            same = name == person and named_at == self.anchors.get(number, number)
            if not same:
                self.found.rows += 1
            person = self.found.people.add(name)
            named_at = self.anchors.get(number, number)
            self.person(person, number, row, filled)

    def groups(self) -> list[PersonRows]:
        """Returns the people, if each of them takes several rows in the same order."""
        rows = {
            number: row
            for number, row in self.rows.items()
            if number not in self.headings and not any(map(is_total, self.lefts_of(row)))
        }
        names = {number: name for number, row in rows.items() if is_name_like(name := self.name_of(row))}
        merged = {number: self.anchors.get(number, number) for number in names}
        names = {number: name for number, name in names.items() if merged[number] == number}
        if found := labelled_groups(rows, names, self.left, self.name_columns):
            return found
        filled = {number: any(column in self.index for column in row) for number, row in rows.items()}
        return spaced_groups(list(rows), names, filled)

    def take_groups(self, groups: Sequence[PersonRows]) -> None:
        """Takes people of several rows each; a fact outranks the plan, and times are those of the code above them."""
        seen: set[str] = set()
        for group in groups:
            name = self.found.people.add(group.name)
            self.found.rows += 1
            facts = {
                self.index[column]
                for part in group.rows
                if part.kind == "fact"
                for column in self.rows[part.number]
                if column in self.index
            }
            shifts = dict(
                zip(
                    [part.number for part in group.rows],
                    read_headings([part.label if part.kind == "shift" else "" for part in group.rows]),
                    strict=True,
                )
            )
            above: list[int] = []
            for part in group.rows:
                row = self.rows[part.number]
                filled = [column for column in row if column in self.index]
                seen.add(part.kind)
                self.sheet.note(part.number, [column for column in self.name_columns if column in row], CellRole.NAME)
                self.sheet.note(part.number, [column for column in self.left if column in row], CellRole.FACT)
                if part.kind == "plan":
                    gone = [column for column in filled if self.index[column] in facts]
                    self.outranked += len(gone)
                    self.sheet.note(part.number, gone, CellRole.REMARK)
                    filled = [column for column in filled if column not in gone]
                values = [row[column] for column in filled]
                if part.kind == "hours" or (not part.kind and above and self.are_hours_of(values, filled, above)):
                    self.take_hours(part.number, row, filled)
                    continue
                if part.label and not part.kind and filled:
                    where = self.sheet.where(part.number, filled[0])
                    args: dict[str, Arg] = {"text": part.label[:32]}
                    self.found.problems.append(Problem(where, "import.file.row_label", args))
                    continue
                self.person(name, part.number, row, filled, shifts[part.number])
                above = filled
        self.last_row = max(part.number for group in groups for part in group.rows)
        if {"plan", "fact"} <= seen:
            self.warn_outranked()

    def take_halves(self, second: Header) -> None:
        """Takes people whose first rows are the first half of the month, and whose last ones are the second."""
        halves = [self.index, {column: self.header.width + index for index, column in enumerate(second.columns)}]
        people: list[tuple[int, str]] = []
        for number, row in self.rows.items():
            if any(map(is_legend, self.lefts_of(row))) or any(map(is_total, self.lefts_of(row))):
                break
            name = self.name_of(row)
            if is_name_like(name) and self.anchors.get(number, number) == number:
                people.append((number, name))
        steps = {after - before for (before, _), (after, _) in pairwise(people)} or self.spans_of(people)
        size = steps.pop() if len(steps) == 1 else 0
        if not size or size % 2:
            where = self.sheet.where(second.row, second.columns[0])
            self.found.problems.append(Problem(where, "import.file.halves"))
            return
        for start, name in people:
            person = self.found.people.add(name)
            self.found.rows += 1
            for half, index in enumerate(halves):
                self.index = index
                above: list[int] = []
                first = start + half * size // 2
                for number in range(first, first + size // 2):
                    row = self.rows.get(number, {})
                    filled = [column for column in row if column in index]
                    values = [row[column] for column in filled]
                    if above and self.are_hours_of(values, filled, above):
                        self.take_hours(number, row, filled)
                    elif filled:
                        self.person(person, number, row, filled)
                        above = filled
                    self.last_row = number
        self.index = halves[0]

    def spans_of(self, people: Sequence[tuple[int, str]]) -> set[int]:
        """Returns how many rows the merged names take."""
        starts = {number for number, _ in people}
        merges = self.sheet.merges
        return {bottom - top + 1 for top, left, bottom, _ in merges if top in starts and left in self.name_columns}

    def warn_outranked(self) -> None:
        """Says that facts were taken before plans."""
        self.found.warnings.append(Problem(self.sheet.name, "import.file.fact_first", {"n": self.outranked}))

    def are_hours_of(self, values: Sequence[Value], filled: Sequence[int], above: Sequence[int]) -> bool:
        """Tells whether a row holds the hours of the codes in the row above: times or counts, on the same days."""
        days = {self.index[column] for column in above}
        own = {self.index[column] for column in filled}
        if not filled or not own <= days:
            return False
        row = self.found.rows
        if any(are_times([cell.text]) for cell in self.cells if cell.row == row and cell.mark in own):
            return False  # more times of the same days: both are worked
        return are_times(values) or are_counts(values)

    def take_hours(self, number: int, row: dict[int, Value], filled: Sequence[int]) -> None:
        """Gives the codes of the row above the times that are written below them; counts of hours say nothing more."""
        self.sheet.note(number, filled, CellRole.HOURS)
        texts = {self.index[column]: value for column in filled if isinstance(value := row[column], str)}
        texts = {day: text for day, text in texts.items() if are_times([text])}
        if not texts:
            return
        last = self.found.rows
        for at in range(len(self.cells) - 1, -1, -1):
            cell = self.cells[at]
            if cell.row != last:
                break
            if cell.mark in texts:
                self.cells[at] = replace(cell, part=texts[cell.mark])

    def lefts_of(self, row: dict[int, Value]) -> list[str]:
        """Returns the texts left of the days."""
        return [value for column in self.left if isinstance(value := row.get(column), str)]

    def take_names(self) -> None:
        """Takes rows of roles or shifts with people in their cells."""
        label, labels = "", []
        rows: list[tuple[int, dict[int, Value], list[int]]] = []
        for number, row in self.rows.items():
            filled = [column for column in row if column in self.index]
            lefts = [value for column in self.left if isinstance(value := row.get(column), str)]
            if any(map(is_legend, lefts)):
                break
            if any(map(is_total, lefts)) or number in self.headings or not filled:
                label = "" if not filled else label
                continue
            if self.is_weekday_row(row, filled) or self.is_numbering(row, filled):
                continue
            label = self.label_of(row) or label
            labels.append(label)
            rows.append((number, row, filled))
            self.sheet.note(number, [column for column in self.left if column in row], CellRole.HEADING)
        headings = self.parts.headings if self.parts is not None else {}
        for (number, row, filled), heading in zip(rows, read_headings(labels), strict=True):
            self.last_row = number
            if are_times([row[column] for column in filled]) and self.cells:
                self.take_hours_of_names(number, row, filled)
                continue
            for column in filled:
                part = headings.get(column, NO_HEADING)
                if part.text or part.position:
                    role = " ".join(filter(None, (heading.position or heading.text, part.position)))
                    self.people(number, column, row[column], replace(part, position=role or None))
                else:
                    self.people(number, column, row[column], heading)

    def take_hours_of_names(self, number: int, row: dict[int, Value], filled: Sequence[int]) -> None:
        """Gives the names above the times that are written below them."""
        self.sheet.note(number, filled, CellRole.HOURS)
        above = max((at for at in self.names_at if at < number), default=0)
        first = self.names_at.get(above, len(self.cells))
        texts = {self.index[column]: cell_text(row[column]) for column in filled}
        for at in range(first, len(self.cells)):
            cell = self.cells[at]
            if cell.mark in texts:
                self.cells[at] = replace(cell, text="", asks="code", part=texts[cell.mark], part_asks="code")

    def people(self, number: int, column: int, value: Value, heading: Heading) -> None:
        """Takes the people of a cell."""
        if isinstance(value, Broken):
            self.found.refuse_broken(self.sheet, number, column)
        elif isinstance(value, str):
            where = self.sheet.where(number, column)
            self.names_at.setdefault(number, len(self.cells))
            people = split_people(self.sheet.broken_lines.get(value, value))
            if people or is_nobody(value):
                self.sheet.note(number, [column], CellRole.NAME if people else CellRole.REMARK)
            for name, span in people:
                person, asks = self.found.people.add(name), "code" if span else heading.asks
                self.cells.append(
                    BlockCell(person, self.index[column], span or heading.text, where, 0, heading.position, asks)
                )

    def label_of(self, row: dict[int, Value]) -> str:
        """Returns all texts left of the days, each once."""
        texts = [value for column in self.left if isinstance(value := row.get(column), str)]
        return " ".join(dict.fromkeys(text for text in texts if not PHONE.fullmatch(text)))

    def name_of(self, row: dict[int, Value]) -> str:
        """Returns the name a row begins with, if any."""
        parts = [value for column in self.name_columns if isinstance(value := row.get(column), str)]
        return person_name(" ".join(parts))

    def is_weekday_row(self, row: dict[int, Value], filled: Sequence[int]) -> bool:
        """Tells whether the filled days of a row are nothing but weekday names."""
        texts = [value if isinstance(value := row[column], str) else "" for column in filled]
        return len(texts) >= 3 and all(texts) and (all(map(is_weekday, texts)) or is_letter_row(texts))

    @staticmethod
    def is_numbering(row: dict[int, Value], filled: Sequence[int]) -> bool:
        """Tells whether a row numbers the columns of a form (`1 2 3 4 …`)."""
        values = [row[column] for column in filled]
        first = values[0]
        return len(values) >= MIN_DAYS and isinstance(first, int) and values == list(range(first, first + len(values)))

    def is_counts(self, row: dict[int, Value], filled: Sequence[int]) -> bool:
        """Tells whether a nameless row counts people or hours: bare numbers, which no person's cell holds."""
        numbers = all(isinstance(row[column], int | float) for column in filled)
        return numbers and not any(code.replace(".", "").isdecimal() for code in self.codes)

    @staticmethod
    def is_note(value: Value) -> bool:
        """Tells whether a cell is a remark: longer than any code, and no times."""
        try:
            return isinstance(value, str) and len(value) > _LONG_NOTE and not read_code(value)
        except BadTimeError:
            return False

    def is_plausible(self, row: dict[int, Value], filled: Sequence[int]) -> bool:
        """Tells whether a row after an empty one still belongs to the table: it has a number, or a known code."""
        if any(isinstance(row.get(column), int) for column in self.left):
            return True
        for column in filled:
            text = cell_text(row[column])
            try:
                if fold_code(text) in self.codes or read_code(text):
                    return True
            except BadTimeError:
                return True
        return False

    def is_idle_person(self, name: str, row: dict[int, Value], gap: bool) -> bool:
        """Tells whether a row without a filled day is a person: numbered, or written like one."""
        numbered = any(isinstance(row.get(column), int) for column in self.left if column not in self.name_columns)
        if numbered or gap:
            return numbered
        # Where the others go by one name (`Alice`), one capitalised word is enough.
        others = self.found.people.names
        alone = sum(" " not in other for other in others) * 2 > len(others)
        return looks_like_person(name) or (alone and looks_like_person(f"{name} {name}") and " " not in name)

    def days_of(self, name: str) -> list[int]:
        """Returns the columns of the days that the last row of a person fills."""
        row = self.found.rows
        marks = {cell.mark for cell in self.cells if cell.row == row and cell.name == name}
        return [column for column, mark in self.index.items() if mark in marks]

    def person(
        self, name: str, number: int, row: dict[int, Value], filled: Sequence[int], shift: Heading = NO_HEADING
    ) -> None:
        """Takes the cells of a person's row; `shift` is what the row as a whole stands for."""
        self.last_row = number
        where = self.sheet.where
        headings = self.parts.headings if self.parts is not None else {}
        self.sheet.note(number, filled, CellRole.CODE)
        self.sheet.note(number, [column for column in self.name_columns if column in row], CellRole.NAME)
        for column in filled:
            value = row[column]
            if isinstance(value, Broken):
                self.found.refuse_broken(self.sheet, number, column)
                continue
            text = value if isinstance(value, str) else cell_text(value)
            if text not in self.texts:
                self.texts.add(text)
                self.codes.add(fold_code(text))
            cell = BlockCell(name, self.index[column], text, where(number, column), self.found.rows)
            heading = headings.get(column, shift)
            if heading is not NO_HEADING and (heading.text or heading.position):
                cell = replace(cell, part=heading.text, part_asks=heading.asks, position=heading.position)
            self.cells.append(cell)
