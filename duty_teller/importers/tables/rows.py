"""The rows of one table whose days run across: people with codes, or roles and shifts with people in their cells."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from duty_teller.importers.model import BlockCell
from duty_teller.importers.problems import Arg, Problem
from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Broken, Value, cell_text
from duty_teller.importers.tables.cells import NO_HEADING, Heading, read_headings
from duty_teller.importers.tables.doubts import is_odd
from duty_teller.importers.tables.headers import Header
from duty_teller.importers.tables.people import (
    is_legend_row,
    is_name_like,
    looks_like_person,
)
from duty_teller.importers.tables.person_rows import PersonRows, are_counts, are_times, labelled_groups, spaced_groups
from duty_teller.importers.tables.rows_of_names import RowsOfNames
from duty_teller.importers.words.codes import read_code
from duty_teller.importers.words.names import is_legend, is_total
from duty_teller.importers.words.text import fold_code
from duty_teller.importers.words.times import BadTimeError

_LONG_NOTE: Final = 24


class Rows(RowsOfNames):
    """Goes down the rows of one table and takes the people and their cells."""

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
            gap = bool(self.cells) and any(at not in self.sheet.rows for at in range(before + 1, number))
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
        if is_odd(name):
            return False  # `Team A` above its people
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
        if self.is_labelled:
            self.found.trusted.add(name)
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
