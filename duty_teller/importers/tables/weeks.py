"""Tables of whole weeks with names in their cells: a row a week with a column a weekday, and the page of a calendar."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from duty_teller.importers.model import Block, BlockCell, Mark
from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Broken, Sheet, Value
from duty_teller.importers.tables.account import Area
from duty_teller.importers.tables.cells import Heading, is_nobody, read_headings, share_of_people, split_people
from duty_teller.importers.tables.grids import SheetReader
from duty_teller.importers.tables.headers import MIN_DAYS, Header
from duty_teller.importers.tables.parse_result import ParseResult
from duty_teller.importers.words.days import day_marks
from duty_teller.importers.words.moments import BOTH_ORDERS, Moment, has_two_orders, read_moment
from duty_teller.importers.words.names import is_legend, is_signer, is_total, is_weekday, weekday_readings
from duty_teller.importers.words.titles import read_week

_NUMBERED_NAME: Final = re.compile(r"(\d{1,2})(?:[.):]?\s*\n\s*|[.):]\s+|\s+[-–—]?\s*)(\D.*)", re.DOTALL)
_WEEK: Final = 7


@dataclass(slots=True)
class _Weekdays:
    """A row of weekdays in order: `first` is 0 for Monday; each column reaches to the one before the next."""

    row: int
    columns: list[int]
    texts: list[str]
    first: int

    def column_of(self, column: int) -> int | None:
        """Returns the index of the weekday that a column belongs to."""
        width = min(2, *(after - before for before, after in pairwise(self.columns)))
        for index, first in enumerate(self.columns):
            if first <= column < first + width:
                return index
        return None


def read_weeks(sheet: Sheet, file_name: str, found: ParseResult) -> bool:
    """Takes tables of weeks and pages of calendars; tells whether there was one. Their cells get their roles."""
    rows = _weekday_rows(sheet)
    taken = False
    last = max(sheet.rows, default=0)
    for index, weekdays in enumerate(rows):
        below = [other.row - 1 for other in rows[index + 1 :] if other.row > weekdays.row]
        bottom = min([*below, last])
        top = max([1, *(other.row + 1 for other in rows[:index] if other.row < weekdays.row)])
        reader = _Weeks(sheet, file_name, found, weekdays, top, bottom)
        taken |= reader.rows_of_weeks() or reader.page()
    return taken


def _weekday_rows(sheet: Sheet) -> list[_Weekdays]:
    found = []
    known: dict[Value, bool] = {}
    for number in sorted(sheet.rows):
        days: list[tuple[int, str]] = []
        for column, value in sheet.rows[number].items():
            if value not in known:
                known[value] = isinstance(value, str) and is_weekday(value)
            if known[value] and isinstance(value, str):
                days.append((column, value))
        if len(days) < MIN_DAYS:
            continue
        days.sort()
        for run in _in_order(days):
            found.append(replace(run, row=number))
    return found


def _in_order(days: Sequence[tuple[int, str]]) -> Iterator[_Weekdays]:
    """Yields runs of five to seven weekdays that follow each other within a week."""
    start = 0
    while start + MIN_DAYS <= len(days):
        for size in (7, 6, 5):
            part = days[start : start + size]
            first = _first_of([text for _, text in part]) if len(part) == size else None
            if first is not None and (first + size <= 7 or size == 7):
                yield _Weekdays(0, [column for column, _ in part], [text for _, text in part], first)
                start += size
                break
        else:
            start += 1


def _first_of(texts: Sequence[str]) -> int | None:
    for reading in weekday_readings(texts):
        for first in sorted(reading[0]):
            if all((first + index) % 7 in days for index, days in enumerate(reading)):
                return first
    return None


class _Weeks:
    """Reads what stands below one row of weekdays."""

    def __init__(
        self, sheet: Sheet, file_name: str, found: ParseResult, weekdays: _Weekdays, top: int, bottom: int
    ) -> None:
        self.sheet, self.found, self.weekdays = sheet, found, weekdays
        self.top, self.bottom = top, bottom
        self.reader = SheetReader(sheet, file_name, found)
        self.numbers = [number for number in sorted(sheet.rows) if weekdays.row < number <= bottom]

    # -- a row a week ----------------------------------------------------------------------------------------------

    def rows_of_weeks(self) -> bool:
        """Takes rows that begin with a date of their week: `30.03.2026 | Anna | Anna | Dan …`."""
        first = self.weekdays.columns[0]
        best: dict[int, Moment] = {}
        at = 0
        for column in range(first - 1, max(0, first - 4), -1):
            moments = {}
            for number in self.numbers:
                value = self.sheet.rows[number].get(column)
                if value is not None and (moment := self._week_of(value)):
                    moments[number] = moment
            if len(moments) > len(best):
                best, at = moments, column
        if not best or not self._holds_names(number for number in self.numbers if number >= min(best)):
            return False
        order, example = _order([self.sheet.rows[number][at] for number in best])
        marks: list[Mark] = []
        cells: list[BlockCell] = []
        week: int | None = None
        rows: list[tuple[int, int, str]] = []
        for number in self.numbers:
            row = self.sheet.rows[number]
            if number in best:
                mark = best[number].mark
                if order == "mdy" and mark.month and has_two_orders(str(row[at])):
                    mark = replace(mark, number=mark.month, month=mark.number)
                where = self.sheet.where(number, at)
                weekday_where = self.sheet.where(self.weekdays.row, self.weekdays.columns[0])
                marks.append(replace(mark, where=where, weekday=self.weekdays.texts[0], weekday_where=weekday_where))
                week = len(marks) - 1
                self.sheet.note(number, [at], CellRole.DAY)
            if week is None or self._ends(row):
                week = None if self._ends(row) else week
                continue
            rows.append((number, week, self._label(row, at)))
        headings = read_headings([label for _, _, label in rows])
        for (number, mark_index, _), heading in zip(rows, headings, strict=True):
            for column, value in self.sheet.rows[number].items():
                offset = self.weekdays.column_of(column)
                if offset is not None:
                    cells += self._people(number, column, value, mark_index, offset, heading)
        self._note_headings(at)
        evidence = self.reader.evidence(Header(self.weekdays.row, self.weekdays.columns, marks), self.top)
        self.found.blocks.append(
            Block(
                where=marks[0].where,
                marks=tuple(marks),
                cells=tuple(cells),
                month=evidence.month,
                year=evidence.year or self._year(),
                kind="weeks",
                order=example,
            )
        )
        return True

    def _week_of(self, value: Value) -> Moment | None:
        moment = read_moment(value, self.sheet.mac_epoch)
        if moment is None and isinstance(value, str) and (monday := read_week(value)):
            moment = Moment(Mark(monday.day, monday.month, monday.year))
        return moment

    def _label(self, row: dict[int, Value], at: int) -> str:
        lefts = [
            value
            for column, value in sorted(row.items())
            if column < self.weekdays.columns[0] and column != at and isinstance(value, str)
        ]
        return " ".join(text for text in lefts if not self._week_of(text))

    # -- the page of a calendar ------------------------------------------------------------------------------------

    def page(self) -> bool:
        """Takes the page of a calendar: rows of day numbers in their weekday's column, names below or beside them."""
        days: list[tuple[int, int, Mark]] = []
        names: list[tuple[int, int, int, str]] = []
        current: dict[int, int] = {}
        rows: list[tuple[int, dict[int, int]]] = []
        for number in self.numbers:
            row = self.sheet.rows[number]
            inside = [(column, row[column]) for column in sorted(row) if self.weekdays.column_of(column) is not None]
            numbered = [(column, *split) for column, value in inside if (split := self._numbered(value))]
            if numbered and len(numbered) * 2 >= len([1 for column, _ in inside if column in self.weekdays.columns]):
                if days and not self._goes_on(days[-1][2], numbered[0][1]):
                    break
                current = {}
                for column, mark, rest in numbered:
                    index = self.weekdays.column_of(column)
                    if index is None or index in current:
                        return False
                    current[index] = len(days)
                    days.append((number, column, mark))
                    if rest:
                        names.append((number, column, len(days) - 1, rest))
            if current and self._ends(row):
                break
            rows.append((number, dict(current)))
        marks = [mark for _, _, mark in days]
        if len(marks) < MIN_DAYS or not all(self._goes_on(a, b) for a, b in pairwise(marks)):
            return False
        if [self._weekday(column) for _, column, _ in days] != self._weekday_sequence(days):
            return False
        taken = {(number, column) for number, column, _ in days}
        texts = [rest for *_, rest in names]
        content: list[tuple[int, int, Value, int]] = []
        for number, indexes in rows:
            for column, value in self.sheet.rows[number].items():
                index = self.weekdays.column_of(column)
                if index is not None and index in indexes and (number, column) not in taken:
                    content.append((number, column, value, indexes[index]))
        texts += [value for _, _, value, _ in content if isinstance(value, str)]
        lefts = {number: self._label(self.sheet.rows[number], 0) for number, _ in rows}
        sure, maybe = share_of_people(texts)
        if not texts or (sure < 0.5 and maybe < 0.8):
            return False
        self._take_page(days, names, content, lefts)
        return True

    def _take_page(
        self,
        days: list[tuple[int, int, Mark]],
        names: list[tuple[int, int, int, str]],
        content: list[tuple[int, int, Value, int]],
        lefts: dict[int, str],
    ) -> None:
        where = self.sheet.where
        marks = [
            replace(
                mark,
                where=where(number, column),
                weekday=self.weekdays.texts[self.weekdays.column_of(column) or 0],
                weekday_where=where(self.weekdays.row, self.weekdays.columns[self.weekdays.column_of(column) or 0]),
            )
            for number, column, mark in days
        ]
        labelled = dict(zip(lefts, read_headings(list(lefts.values())), strict=True))
        cells: list[BlockCell] = []
        for number, column, mark_index, text in names:
            cells += self._people(number, column, text, mark_index, 0, Heading())
        for number, column, value, mark_index in content:
            cells += self._people(number, column, value, mark_index, 0, labelled[number])
        for number, column, _ in days:
            self.sheet.note(number, [column], CellRole.DAY)
        self._note_headings(0)
        header = Header(self.weekdays.row, self.weekdays.columns, marks[:1])
        evidence = self.reader.evidence(header, self.top)
        month, year = evidence.month, evidence.year
        for other in self.reader.file_evidence:
            month, year = month or other.month, year or other.year
        year = year or self._year()
        begins_before = marks[0].number > 7 and any(mark.number == 1 for mark in marks[:_WEEK])
        if begins_before and month and not marks[0].month and evidence.first is None:
            year = year and year - (month == 1)
            month = (month - 2) % 12 + 1
        self.found.blocks.append(
            Block(where=marks[0].where, marks=tuple(marks), cells=tuple(cells), month=month, year=year)
        )

    def _numbered(self, value: Value) -> tuple[Mark, str] | None:
        """Reads a day, or a day and names in one cell."""
        if marks := day_marks(value, self.sheet.mac_epoch):
            return marks[0], ""
        if isinstance(value, str):
            whole = self.sheet.broken_lines.get(value, value)
            if (match := _NUMBERED_NAME.fullmatch(whole)) and 1 <= int(match[1]) <= 31:
                return Mark(int(match[1])), match[2]
        return None

    @staticmethod
    def _goes_on(before: Mark, after: Mark) -> bool:
        """Tells whether a day can come next on the page: working days only are a page, too."""
        return 0 < after.number - before.number <= 3 or (before.number >= 26 and after.number <= 3)

    def _weekday(self, column: int) -> int:
        return self.weekdays.column_of(column) or 0

    def _weekday_sequence(self, days: Sequence[tuple[int, int, Mark]]) -> list[int]:
        """Returns the columns that the numbers ask for, counted on from the first one."""
        size = len(self.weekdays.columns)
        first, expected = self._weekday(days[0][1]), []
        passed, before = 0, days[0][2]
        for _, column, mark in days:
            gap = mark.number - before.number
            passed += gap if gap >= 0 else 0
            if gap < 0:  # the month turned; its length shows in the columns
                passed += (self._weekday(column) - first - passed) % 7 if size == 7 else 1
            before = mark
            expected.append((first + passed) % 7)
        return expected

    # -- both ------------------------------------------------------------------------------------------------------

    def _people(
        self, number: int, column: int, value: Value, mark: int, offset: int, heading: Heading
    ) -> Iterable[BlockCell]:
        if isinstance(value, Broken):
            self.found.refuse_broken(self.sheet, number, column)
            return
        if not isinstance(value, str):
            return
        where = self.sheet.where(number, column)
        people = split_people(self.sheet.broken_lines.get(value, value))
        if people or is_nobody(value):
            self.sheet.note(number, [column], CellRole.NAME if people else CellRole.REMARK)
        for name, span, role in people:
            person, asks = self.found.people.add(name), "code" if span else heading.asks
            yield BlockCell(person, mark, span or heading.text, where, 0, role or heading.position, asks, offset=offset)

    def _holds_names(self, numbers: Iterable[int]) -> bool:
        texts = [
            self.sheet.broken_lines.get(value, value)
            for number in numbers
            for column, value in self.sheet.rows[number].items()
            if self.weekdays.column_of(column) is not None and isinstance(value, str)
        ]
        sure, maybe = share_of_people(texts)
        return bool(texts) and (sure >= 0.5 or maybe >= 0.8)

    def _ends(self, row: dict[int, Value]) -> bool:
        texts = [value for value in row.values() if isinstance(value, str)]
        return any(is_legend(text) or is_total(text) or is_signer(text) for text in texts)

    def _note_headings(self, at: int) -> None:
        columns = self.weekdays.columns
        known = [number for number in self.numbers if self.sheet.account.rows.get(number)]
        left = min([at or columns[0], columns[0]])
        span = (left, columns[-1])
        rows = (self.weekdays.row, max(known, default=self.weekdays.row))
        self.found.areas.append(Area(self.sheet, rows, span, (columns[0], columns[-1]), self.weekdays.row))
        self.sheet.note(self.weekdays.row, self.weekdays.columns, CellRole.WEEKDAY)
        for column, value in self.sheet.rows[self.weekdays.row].items():
            if column < self.weekdays.columns[0] and isinstance(value, str):
                self.sheet.note(self.weekdays.row, [column], CellRole.HEADING)
        first = self.weekdays.columns[0]
        for number in self.numbers:
            for column, value in self.sheet.rows[number].items():
                if column < first and column != at and self.sheet.account.rows.get(number):
                    role = CellRole.FACT if isinstance(value, str) else CellRole.NUMBER
                    self.sheet.note(number, [column], role)

    def _year(self) -> int | None:
        year = self.reader.sheet_year()
        for other in self.reader.file_evidence:
            year = year or other.year
        return year


def _order(values: Iterable[Value]) -> tuple[str, str]:
    """Finds the order of day and month in slashed dates: the one in which they are seven days apart or make sense."""
    texts = [value for value in values if isinstance(value, str)]
    moments = [(text, moment) for text in texts if (moment := read_moment(text))]
    left = BOTH_ORDERS
    for _, moment in moments:
        left &= moment.orders
    two = [text for text, _ in moments if has_two_orders(text)]
    if not two or len(left) == 1:
        return ("mdy" if left == {"mdy"} else "dmy"), ""
    return "dmy", two[0]
