"""Lists: one row a duty, or one row a day with a column for each shift or role. Days run down, in any order."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Final

from duty_teller.domain.notes import MAX_NOTE, NoteTooLongError, clean_note
from duty_teller.importers.model import Block, BlockCell, Contact, Entry, Mark
from duty_teller.importers.problems import Problem
from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Broken, Sheet, Value, cell_text
from duty_teller.importers.tables.account import Area
from duty_teller.importers.tables.cells import (
    Heading,
    is_nobody,
    is_role,
    is_shift,
    likeness,
    read_headings,
    split_people,
)
from duty_teller.importers.tables.list_columns import Columns
from duty_teller.importers.tables.list_tables import ListTable, label_of
from duty_teller.importers.tables.parse_result import ParseResult
from duty_teller.importers.words.contacts import EMAIL, PHONE
from duty_teller.importers.words.days import fits
from duty_teller.importers.words.moments import BOTH_ORDERS, Moment, has_two_orders, read_clock, read_moment
from duty_teller.importers.words.names import is_legend, is_name_part_label, is_replacement, is_total
from duty_teller.importers.words.times import BadTimeError, explicit_spans
from duty_teller.importers.words.titles import (
    Evidence,
    closest,
    is_week_heading,
    read_title,
    read_title_value,
    read_week,
    rivals,
)

_ROLES: Final = {
    "date": CellRole.DAY,
    "last": CellRole.DAY,
    "time": CellRole.HOURS,
    "span": CellRole.HOURS,
    "weekday": CellRole.WEEKDAY,
    "type": CellRole.CODE,
    "role": CellRole.FACT,
    "phone": CellRole.FACT,
    "email": CellRole.FACT,
    "username": CellRole.FACT,
    "number": CellRole.NUMBER,
    "note": CellRole.NOTE,
    "ignored": CellRole.REMARK,
}


_SURE: Final = 2
_DASHES: Final = ("-", "–", "—")
_NO_COLUMN: Final = 0
"""Where the person stands whose name is the sheet's."""
_LONG: Final = 5
"""Letters of a name that has other endings in other cases."""
_NAME_PART: Final = re.compile(r"[^\W\d_]{3,}")


class ListReader:
    """Takes one list with names in its cells."""

    def __init__(self, sheet: Sheet, table: ListTable, file_name: str, found: ParseResult) -> None:
        self.sheet, self.table, self.found = sheet, table, found
        self.file_name = file_name
        self.columns = Columns(sheet, table)
        self.rows, self.headings = self.columns.rows, self.columns.headings
        self.surname_first: tuple[int, ...] = ()
        self.instead: int | None = None
        self.annotated: set[int] = set()
        ends = [row.get(column) for row in self.rows.values() for column in self.columns.of_kind("last")]
        self.timed_ends = any(end is not None and (at := read_moment(end)) and at.at for end in ends)
        self.timed_starts = any(moment.at for moment in table.moments.values())

    def read(self) -> bool:
        """Adds the list to what was found; tells whether it is one."""
        columns = self.columns.name_columns() or self._of_the_sheet()
        if not columns:
            return False
        parts = [column for column in columns if is_name_part_label(self.headings[column])]
        self.surname_first = tuple(parts) if len(parts) > 1 else ()
        if self.surname_first:
            columns = [column for column in columns if column not in parts[1:]]
        self.instead = self._instead(columns)
        columns = [column for column in columns if column != self.instead]
        headings = read_headings([self.headings[column] for column in columns])
        only = self.headings[columns[0]] if len(columns) == 1 else ""
        plain = ("name", "username") if self.sheet.turned else ("name", "username", "")
        if only and label_of(only) in plain and not is_shift(only) and not is_role(only):
            headings = [Heading()]  # a heading nobody knows (`Who`) over the only names
        self._take(dict(zip(columns, headings, strict=True)))
        self._note([*(self.surname_first or columns), *([self.instead] if self.instead else [])])
        return True

    def _of_the_sheet(self) -> list[int]:
        """Puts the person whom the sheet is called after beside the rows that say when; returns that column, if any."""
        if likeness(self.sheet.name) < _SURE:
            return []
        told = [column for kind in ("time", "span", "type") for column in self.columns.of_kind(kind)]
        for row in self.rows.values():
            if not told or any(column in row for column in told):
                row[_NO_COLUMN] = self.sheet.name
        self.headings[_NO_COLUMN] = ""
        return [_NO_COLUMN]

    def _instead(self, columns: list[int]) -> int | None:
        """Returns the column of those who are on duty instead of the one named, filled in few of the rows."""
        found = [
            column
            for column in self.columns.columns
            if self.columns.kinds[column] in ("name", "maybe", "text") and is_replacement(self.headings[column])
        ]
        others = [column for column in columns if column not in found]
        if len(found) != 1 or len(others) != 1:
            return None
        filled = [bool(split_people(self._name(row, found[0]))) for row in self.rows.values()]
        return found[0] if 0 < sum(filled) * 2 <= len(filled) else None

    def _take(self, names: dict[int, Heading]) -> None:
        marks: list[Mark] = []
        cells: list[BlockCell] = []
        day: tuple[int, Moment] | None = None
        order, example = self._order()
        for number, row in self.rows.items():
            moment = self.table.moments.get(number)
            if number in self.columns.bad:
                self._refuse_date(number, row)
                continue
            if moment is not None:
                marks.append(self._mark(number, row, moment, order))
                day = (len(marks) - 1, moment)
            lefts = [value for value in row.values() if isinstance(value, str)]
            if moment is None and (any(map(is_total, lefts)) or any(map(is_legend, lefts))):
                continue
            if day is not None:
                cells += self._cells(number, row, day, names, order)
        if not marks:
            return
        nearby, named = self._told()
        title = closest([*nearby, *named])
        if marks[0].month is None:
            self.found.told_otherwise(marks[0].where, closest(nearby), self._names())
        self.found.blocks.append(
            Block(
                where=marks[0].where,
                marks=tuple(marks),
                cells=tuple(cells),
                month=title.month,
                year=title.year,
                kind=self.table.kind,
                order=example,
                monday=self._monday() if self.table.kind == "week" else None,
                every="week" if is_week_heading(self.headings.get(self.table.date_column, "")) else "",
                rivals=rivals(nearby, named) if marks[0].month is None else (),
            )
        )

    def _cells(
        self, number: int, row: dict[int, Value], day: tuple[int, Moment], names: dict[int, Heading], order: str
    ) -> Iterable[BlockCell]:
        """Takes the people of one row."""
        index, moment = day
        kind, role = self._text(row, "type"), self._text(row, "role")
        begins, ends, last = self._times(number, row, moment, order)
        note = self._note_of(number, row)
        for column, heading in names.items():
            value = row.get(column)
            where = self.sheet.where_row(number, column or self.table.date_column)
            if isinstance(value, Broken):
                key = "import.file.cell_error" if value.text else "import.file.no_stored_value"
                self.found.problems.append(Problem(where, key, {"text": value.text} if value.text else {}))
            text = self._name(row, column)
            if self.instead is not None and split_people(other := self._name(row, self.instead)):
                self.found.replaced.append((where, f"{text} → {other}"))
                text = other
            people = split_people(self.sheet.broken_lines.get(text, text))
            each = [part.strip() for part in self.headings[column].split("/")]
            each = each if len(each) == len(people) and all(map(is_role, each)) else [""] * len(people)
            for (name, span, said), own in zip(people, each, strict=True):
                contact = Contact() if len(people) > 1 or len(names) > 1 else self._contact(row)
                person = self.found.people.add(name, contact)
                if label_of(self.headings[column]) == "name":
                    self.found.labelled.add(person)
                position = said or (own if len(people) > 1 else "") or heading.position or role or None
                at, until = (begins, ends)
                meant, asks = (kind, "code") if kind else (heading.text, heading.asks)
                if span and (written := explicit_spans(span)):
                    at, until = written[0]
                elif span:
                    meant, asks, at, until = span, "code", None, None
                if at is not None and not kind:
                    meant = ""
                line = 0 if len(names) > 1 or position or self.table.kind != "list" else number
                self.annotated.add(number)
                if moment.aware is not None:
                    self._aware(BlockCell(person, index, meant, where, line, position, note=note), row, moment)
                    continue
                yield BlockCell(person, index, meant, where, line, position, asks, at, until, last, note=note)

    def _aware(self, cell: BlockCell, row: dict[int, Value], moment: Moment) -> None:
        """Takes a row whose times name their offset from UTC."""
        ends = [found for column in self.columns.of_kind("last") if (found := read_moment(row.get(column, "")))]
        end = ends[0].aware if ends else None
        if moment.aware is None or end is None or end <= moment.aware or end - moment.aware > timedelta(days=400):
            self.found.problems.append(Problem(cell.where, "import.file.no_end", {}))
            return
        span = moment.aware, end
        self.found.entries.append(
            Entry(cell.name, span[0].date(), cell.text, cell.where, 0, cell.position, "code", *span, note=cell.note)
        )

    def _name(self, row: dict[int, Value], column: int) -> str:
        columns = self.surname_first if column in self.surname_first else (column,)
        return " ".join(value for at in columns if isinstance(value := row.get(at), str))

    def _text(self, row: dict[int, Value], kind: str) -> str:
        for column in self.columns.of_kind(kind):
            value = row.get(column)
            if value is not None and not isinstance(value, Broken):
                return cell_text(value)[:100]
        return ""

    def _note_of(self, number: int, row: dict[int, Value]) -> str | None:
        """Returns the note of a row's shifts, as `Entry.note`; one that is too long is a problem of its cell."""
        columns = self.columns.of_kind("note")
        if not columns or any(isinstance(row.get(column), Broken) for column in columns):
            return None
        lines = []
        for column in columns:
            text = cell_text(row.get(column, ""))
            try:
                lines.append(clean_note(self.sheet.broken_lines.get(text, text)) or "")
            except NoteTooLongError:
                where = self.sheet.where_row(number, column)
                self.found.problems.append(Problem(where, "import.file.long_note", {"limit": MAX_NOTE}))
        note = "\n".join(line for line in lines if line and line not in _DASHES)
        if len(note) <= MAX_NOTE:
            return note
        where = self.sheet.where_row(number, columns[0])
        self.found.problems.append(Problem(where, "import.file.long_note", {"limit": MAX_NOTE}))
        return None

    def _contact(self, row: dict[int, Value]) -> Contact:
        phone, email, username = (self._text(row, kind) for kind in ("phone", "email", "username"))
        phones = PHONE.search(phone)
        emails = EMAIL.search(email)
        handle = re.fullmatch(r"@?([A-Za-z]\w{3,31})", username)
        return Contact(handle and handle[1].lower(), emails and emails[0].lower(), phones and phones[0])

    def _times(
        self, number: int, row: dict[int, Value], moment: Moment, order: str
    ) -> tuple[time | None, time | None, Mark | None]:
        """Returns start, end and last day as far as they are written."""
        begins, ends, last = moment.at, None, moment.last
        for column in self.columns.of_kind("last"):
            value = row.get(column)
            if value is None:
                continue
            end = read_moment(value, self.sheet.mac_epoch)
            if end is None:
                if not isinstance(value, str) or value not in ("-", "—"):
                    self._refuse_date(number, row, column)
                continue
            last, ends = (
                _turned(end.mark) if order == "mdy" and has_two_orders(cell_text(value)) else end.mark
            ), end.at
            last = replace(last, where=self.sheet.where(number, column))
            break
        for column in self.columns.of_kind("span"):
            text = cell_text(row.get(column, ""))
            try:
                spans = explicit_spans(text)
            except BadTimeError:
                self._refuse_time(number, column, text)
                return None, None, None
            if spans:
                return *spans[0], last
        clocks = []
        for column in self.columns.of_kind("time"):
            value = row.get(column)
            if value is None:
                continue
            at = read_clock(value)
            if at is None:
                self._refuse_time(number, column, cell_text(value))
                return None, None, None
            clocks.append(at)
        if begins is None and clocks:
            begins = clocks.pop(0)
        if ends is None and clocks:
            ends = clocks.pop(0)
        # Spreadsheets show midnight as a date alone.
        if last is not None and begins is not None and ends is None and self.timed_ends:
            ends = time(0)
        if last is not None and begins is None and ends is not None and self.timed_starts:
            begins = time(0)
        if (begins is None) != (ends is None):
            where = self.sheet.where_row(number, self.table.date_column)
            self.found.problems.append(Problem(where, "import.file.no_end"))
            return None, None, None
        return begins, ends, last

    def _refuse_time(self, number: int, column: int, text: str) -> None:
        where = self.sheet.where_row(number, column)
        self.found.problems.append(Problem(where, "import.file.bad_time", {"text": text[:32]}))

    def _refuse_date(self, number: int, row: dict[int, Value], column: int | None = None) -> None:
        column = column or self.table.date_column
        value = row.get(column, "")
        where = self.sheet.where_row(number, column)
        if isinstance(value, Broken):
            key = "import.file.cell_error" if value.text else "import.file.no_stored_value"
            self.found.problems.append(Problem(where, key, {"text": value.text} if value.text else {}))
        else:
            self.found.problems.append(Problem(where, "import.file.bad_day", {"text": cell_text(value)[:32]}))

    def _mark(self, number: int, row: dict[int, Value], moment: Moment, order: str) -> Mark:
        column = self.table.date_column
        value = row[column]
        mark = moment.mark
        if order == "mdy" and isinstance(value, str) and has_two_orders(value):
            mark = _turned(mark)
        weekday, weekday_where = mark.weekday, ""
        if self.table.kind == "list" or self.table.kind == "run":
            for at in self.columns.of_kind("weekday"):
                if isinstance(text := row.get(at), str):
                    weekday, weekday_where = text, self.sheet.where_row(number, at)
        return replace(mark, where=self.sheet.where_row(number, column), weekday=weekday, weekday_where=weekday_where)

    def _order(self) -> tuple[str, str]:
        """Finds the order of day and month.

        Returns:
            `dmy` or `mdy`, and a date as written when it has to be asked (day first until then).
        """
        if self.table.kind != "list":
            return "dmy", ""
        dated = [self.table.date_column, *self.columns.of_kind("last")]
        texts = [
            (number, column, value, moment)
            for number, row in self.rows.items()
            for column in dated
            if isinstance(value := row.get(column), str) and (moment := read_moment(value))
        ]
        left = BOTH_ORDERS
        for number, column, value, moment in texts:
            if not left & moment.orders:
                where = self.sheet.where_row(number, column)
                self.found.problems.append(Problem(where, "import.file.mixed_order", {"text": value[:32]}))
                return "dmy", ""
            left &= moment.orders
        two = [value for _, _, value, _ in texts if has_two_orders(value)]
        if not two or len(left) == 1:
            return ("mdy" if left == {"mdy"} else "dmy"), ""
        fitting = [order for order in ("dmy", "mdy") if self._weekdays_fit(order)]
        return (fitting[0], "") if len(fitting) == 1 else ("dmy", two[0])

    def _weekdays_fit(self, order: str) -> bool:
        marks = [
            self._mark(number, row, self.table.moments[number], order)
            for number, row in self.rows.items()
            if number in self.table.moments
        ]
        if not any(mark.weekday for mark in marks):
            return True
        first = marks[0]
        nearby, named = self._told()
        year = first.year or closest([*nearby, *named]).year
        if year is None:
            return True
        return fits(marks, first.month or 1, year, is_list=True)

    def _titles(self) -> list[Value]:
        """Returns what stands above the table, the closest first."""
        values: list[Value] = []
        for number in sorted((row for row in self.sheet.rows if row < self.table.first_row), reverse=True)[:8]:
            values += [value for column, value in self.sheet.rows[number].items() if column <= self.table.right]
        return values

    def _told(self) -> tuple[list[Evidence], list[Evidence]]:
        """Returns what the texts above say, the closest first, and what the names of the sheet and the file do."""
        return list(map(read_title_value, self._titles())), list(map(read_title, self._names()))

    def _names(self) -> tuple[str, str]:
        return self.sheet.name, self.file_name.rsplit(".", 1)[0]

    def _monday(self) -> date | None:
        texts = [value for value in self._titles() if isinstance(value, str)]
        texts += self._names()
        return next((monday for text in texts if (monday := read_week(text))), None)

    def _note(self, names: Iterable[int]) -> None:
        """Keeps account of what the columns were read as; texts that nobody needs are remarks where they are headed."""
        sheet, table = self.sheet, self.table
        people = set(self.found.people.names)
        parts = {part for name in people for part in _NAME_PART.findall(name.casefold())}
        for number, row in self.rows.items():
            for column in row.keys() & sheet.rows.get(number, {}).keys():
                kind = self.columns.kinds.get(column, "")
                role = CellRole.NAME if column in names else _ROLES.get(kind)
                text = cell_text(row[column])
                if column in names and not split_people(text):
                    role = CellRole.REMARK if is_nobody(text) or number not in table.moments else None
                if role is None and kind in ("text", "maybe") and self._is_remark(column, people):
                    role = CellRole.REMARK
                if kind == "note" and (number not in self.annotated or isinstance(row[column], Broken)):
                    role = CellRole.REMARK if not isinstance(row[column], Broken) else None
                if kind in ("ignored", "note") and role is not None and _names_one_of(text, parts):
                    self.found.remarks.append((sheet.where(number, column), text))
                if role is not None:
                    sheet.note(number, [column], role)
        top = table.top
        if table.heading_row is not None:
            for number in range(max(1, table.heading_row), table.first_row):
                sheet.note(
                    number, [at for at in sheet.rows.get(number, ()) if at in self.columns.kinds], CellRole.HEADING
                )
        columns = self.columns.columns
        span = (min(columns), max(columns))
        last = max(self.rows, default=table.bottom)
        self.found.areas.append(Area(sheet, (top, last), span, span, table.first_row - 1))

    def _is_remark(self, column: int, people: set[str]) -> bool:
        """Tells whether a column of texts is beside the point: none of its texts names somebody of the list."""
        texts = [value for row in self.rows.values() if isinstance(value := row.get(column), str)]
        return bool(self.headings[column]) and not any(
            person.name in people for text in texts for person in split_people(text)
        )


def _names_one_of(text: str, parts: Iterable[str]) -> bool:
    """Tells whether a remark has a part of somebody's name in it, in any case of the name (`вместо Зайцева`)."""
    words = _NAME_PART.findall(text.casefold())
    return any(
        word == part or (len(part) >= _LONG and word.startswith(part[:-1]) and len(word) <= len(part) + 2)
        for part in parts
        for word in words
    )


def _turned(mark: Mark) -> Mark:
    return replace(mark, number=mark.month or mark.number, month=mark.number)
