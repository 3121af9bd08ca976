"""Tables whose days run across: what dates them, and where they begin and end."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from duty_teller.importers.model import Block
from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Sheet, Value
from duty_teller.importers.tables.account import Area
from duty_teller.importers.tables.headers import Header
from duty_teller.importers.tables.parse_result import ParseResult
from duty_teller.importers.tables.rows import Rows
from duty_teller.importers.words.days import day_marks
from duty_teller.importers.words.names import is_letter_row, is_weekday, weekday_readings
from duty_teller.importers.words.titles import Evidence, closest, read_title, read_title_value, read_week, rivals

_TITLE_ROWS: Final = 12
_TURN_OF_THE_YEAR: Final = 6
"""A table whose month lies so many months before that of the table above is one of the next year."""


class SheetReader:
    """Takes the tables of one sheet whose days run across.

    Args:
        sheet: The sheet, turned if the days of its tables run down.
        file_name: May name the month and the year.
        found: Where to put what is found.
        titles: The texts above a turned table, the closest first.
    """

    def __init__(self, sheet: Sheet, file_name: str, found: ParseResult, titles: Sequence[Value] = ()) -> None:
        self.sheet = sheet
        self.found = found
        self.titles = titles
        self.names = (sheet.name, file_name.rsplit(".", 1)[0])
        self.file_evidence = tuple(map(read_title, self.names))
        self.numbers = sorted(sheet.rows)
        self.above: Block | None = None

    def where(self, row: int, column: int) -> str:
        """Returns the address of a cell, `Март!B7`."""
        return self.sheet.where(row, column)

    def evidence(self, header: Header, top: int) -> Evidence:
        """Returns the month and year named closest above a header, down to the row it stands in."""
        told = self.told(header, top)
        begins = [seen for seen in told if seen.first and seen.first.day == header.marks[0].number]
        return begins[0] if begins else closest(told)

    def told(self, header: Header, top: int) -> list[Evidence]:
        """Returns what the texts above a header say, the closest first.

        A range of dates that begins with the header's first day is returned alone. Months that stand beside each other
        in one row are the heads of a table each.
        """
        told: list[Evidence] = []
        for value in self.titles:
            seen = read_title_value(value)
            if seen.first and seen.first.day == header.marks[0].number:
                return [seen]
            told.append(seen)
        if self.titles:
            return told
        end = bisect_right(self.numbers, header.row)
        for number in reversed(self.numbers[max(bisect_left(self.numbers, top), end - _TITLE_ROWS) : end]):
            row = self.sheet.rows[number]
            # A cell right of the first month of a header belongs to the next one; what stands closest to the days
            # counts.
            limit = header.columns[0] - 1 if number == header.row else header.columns[-1]
            beside: list[Evidence] = []
            for column in sorted(column for column in row if column <= limit):
                if number != header.row and column in header.columns and self.is_weekday_cell(row[column]):
                    continue
                value = row[column]
                seen = read_title_value(value)
                if named := self.year_of_first_day(value, header):
                    return [Evidence(header.marks[0].month, named)]
                if seen.first and seen.first.day == header.marks[0].number:
                    return [seen]
                beside.append(seen)
            heads = {seen.month for seen in beside if seen.is_bare}
            told += [replace(seen, several=True) if len(heads) > 1 and seen.is_bare else seen for seen in beside]
        return told

    @staticmethod
    def year_of_first_day(value: Value, header: Header) -> int | None:
        """Returns the year of a date in a title (`Week of 4/6/2026`) that is the first day of a header."""
        first = header.marks[0]
        if first.month is None or first.year is not None:
            return None
        found = (mark for mark in day_marks(value) if (mark.number, mark.month) == (first.number, first.month))
        return next((mark.year for mark in found if mark.year), None)

    @staticmethod
    def is_weekday_cell(value: Value) -> bool:
        """Tells whether a cell is a weekday's name."""
        return isinstance(value, str) and is_weekday(value)

    def weekdays(self, header: Header) -> int | None:
        """Writes the names of the weekday row, found within two rows of a header, into its marks; returns that row."""
        for number in (header.row + 1, header.row - 1, header.row + 2, header.row - 2):
            row = self.sheet.rows.get(number, {})
            texts = [value if isinstance(value := row.get(column), str) else "" for column in header.columns]
            words = [text for text in texts if text]
            if len(words) < max(3, header.width * 3 // 5) and len(words) < header.width:
                continue
            if not words or not weekday_readings(texts) or not (all(map(is_weekday, words)) or is_letter_row(texts)):
                continue
            header.marks = [
                replace(mark, weekday=text, weekday_where=self.where(number, column)) if text else mark
                for mark, text, column in zip(header.marks, texts, header.columns, strict=True)
            ]
            return number
        return None

    def table(self, header: Header, top: int, bottom: int, is_first: bool) -> int:
        """Takes one table.

        Args:
            header: Its days.
            top: The first row that can belong to its title.
            bottom: The last row that can belong to it.
            is_first: No table stands above it on the sheet.

        Returns:
            The row below its last person.
        """
        header.marks = [
            replace(mark, where=self.where(header.row, column))
            for mark, column in zip(header.marks, header.columns, strict=True)
        ]
        is_week = header.kind == "week"
        weekday_row = None if is_week else self.weekdays(header)
        marks = list(header.marks)
        if (second := header.second) is not None:
            marks += [
                replace(mark, where=self.where(second.row, column))
                for mark, column in zip(second.marks, second.columns, strict=True)
            ]
        told = self.told(header, top)
        own = closest(told)
        month, year = own.month, own.year
        if is_first:
            for other in self.file_evidence:
                month = month or other.month
        if is_first or self.above is None:
            year = year or self.sheet_year()
            for other in self.file_evidence:
                year = year or other.year
        else:
            year = year or self.following_year(marks[0].month or month)
        taker = Rows(self.sheet, self.numbers, self.found, header, weekday_row, (top, bottom))
        taker.take()
        self.note(header, weekday_row, taker)
        block = Block(
            where=header.marks[0].where,
            marks=tuple(marks),
            cells=tuple(taker.cells),
            month=month,
            year=year,
            follows=not is_first and own.month is None,
            kind=header.kind,
            monday=self.monday(header, top) if is_week else None,
            rivals=rivals(told, self.file_evidence) if is_first and not marks[0].month else (),
        )
        self.found.blocks.append(block)
        if is_first and marks[0].month is None and not block.rivals:
            self.found.told_otherwise(header.marks[0].where, own, self.names)
        self.above = block
        return taker.last_row + 1

    def following_year(self, month: int | None) -> int | None:
        """Returns the year of a table that names its month only, by that of the table above it."""
        if self.above is None or month is None:
            return None
        first = self.above.marks[0]
        year, before = first.year or self.above.year, first.month or self.above.month
        return year and before and year + (before - month >= _TURN_OF_THE_YEAR)

    def note(self, header: Header, weekday_row: int | None, taker: Rows) -> None:
        """Keeps account of the header's cells, and of where the table is."""
        sheet = self.sheet
        role = CellRole.WEEKDAY if header.kind == "week" else CellRole.DAY
        rows = {header.row, *header.repeats}
        for number in rows:
            sheet.note(number, [at for at in header.columns if at in sheet.rows.get(number, ())], role)
        if header.second is not None:
            sheet.note(header.second.row, header.second.columns, CellRole.DAY)
            rows.add(header.second.row)
        if weekday_row is not None:
            rows.add(weekday_row)
            texts = sheet.rows[weekday_row]
            sheet.note(weekday_row, [at for at in header.columns if at in texts], CellRole.WEEKDAY)
        if taker.parts is not None:
            rows.add(taker.parts.row)
        heading = max(row for row in rows if row <= header.row + 3)
        first, last = min(taker.index, default=header.columns[0]), max(taker.index, default=header.columns[-1])
        left = taker.left[0] if taker.left else first
        bottom = max(taker.last_row, heading, *(number for number in taker.skipped), 0)
        self.found.areas.append(
            Area(sheet, (min(rows), bottom), (left, last), (first, last), heading, frozenset(taker.codes))
        )

    def monday(self, header: Header, top: int) -> date | None:
        """Returns the Monday of a table of weekdays, if something above it or a name says which week it is."""
        texts: list[Value] = list(self.titles)
        for number in reversed(self.numbers):
            if top <= number < header.row:
                texts += self.sheet.rows[number].values()
        named = (read_week(text) for text in (*texts, *self.names) if isinstance(text, str))
        return next((monday for monday in named if monday), None)

    def sheet_year(self) -> int | None:
        """Returns a year that stands in the first rows of the sheet, where it is the only one."""
        values = [value for number in self.numbers[:3] for value in self.sheet.rows[number].values()]
        years = {seen.year for seen in map(read_title_value, values) if seen.year and not seen.is_loose}
        return years.pop() if len(years) == 1 else None
