"""Rows of roles or shifts with people in their cells."""

from collections.abc import Sequence
from dataclasses import replace

from duty_teller.importers.model import BlockCell
from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Broken, Value, cell_text
from duty_teller.importers.tables.cells import NO_HEADING, Heading, is_nobody, read_headings, split_people
from duty_teller.importers.tables.person_rows import are_times
from duty_teller.importers.tables.table_rows import TableRows
from duty_teller.importers.words.names import is_legend, is_total


class RowsOfNames(TableRows):
    """Takes the rows of a table that holds people in its cells."""

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
            for name, span, role in people:
                person, asks = self.found.people.add(name), "code" if span else heading.asks
                position = role or heading.position
                self.cells.append(BlockCell(person, self.index[column], span or heading.text, where, 0, position, asks))
