"""Calendars that Google and Outlook saved as a table: a row an event, with a column for its subject."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final

from duty_teller.importers.model import Fork, RosterCells
from duty_teller.importers.problems import Problem
from duty_teller.importers.readers.occasions import DAY, Guest, Occasion, Span, read_occasions
from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Sheet, Value, cell_text
from duty_teller.importers.tables.headers import find_headers
from duty_teller.importers.tables.shapes import hidden_note
from duty_teller.importers.words import lexicon_people
from duty_teller.importers.words.contacts import EMAIL, split_contact
from duty_teller.importers.words.moments import BOTH_ORDERS, Moment, has_two_orders, orders_of, read_clock, read_moment
from duty_teller.importers.words.text import clean

_NEEDED: Final = ("subject", "start_date", "end_date")
_ROLES: Final = {
    "subject": CellRole.NAME,
    "start_date": CellRole.DAY,
    "start_time": CellRole.HOURS,
    "end_date": CellRole.DAY,
    "end_time": CellRole.HOURS,
    "all_day": CellRole.FACT,
    "attendees": CellRole.NAME,
    "organiser": CellRole.NAME,
}
_TRUE: Final = frozenset(lexicon_people.TRUE.split(", "))
_HALF_DAY: Final = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)
_LONG: Final = timedelta(days=15)
_TITLE_ROWS: Final = 12


@cache
def _heads() -> dict[str, str]:
    return {word.strip(): head for head, words in lexicon_people.CALENDAR_HEADS.items() for word in words.split(",")}


def _top_of(sheet: Sheet) -> int | None:
    """Returns the row of headings, which titles may precede."""
    rows = sorted(sheet.rows)[:_TITLE_ROWS]
    return next((row for row in rows if all(head in _heads_of(sheet.rows[row]) for head in _NEEDED)), None)


def _heads_of(row: dict[int, Value]) -> dict[str, int]:
    return {
        head: column
        for column, value in row.items()
        if isinstance(value, str) and (head := _heads().get(value.casefold()))
    }


def calendar_table(sheet: Sheet, file_format: str) -> RosterCells | None:
    """Reads a calendar saved as a table; None if the sheet is none.

    Raises:
        RosterFileError: As `read_occasions`.
    """
    top = _top_of(sheet)
    if top is None:
        return None
    heads = _heads_of(sheet.rows[top])
    reader = _Table(sheet, top, heads)
    _note(sheet, top, heads, reader.rows)
    orders = reader.orders()
    readings = {order: read_occasions(reader.occasions(order), file_format) for order in orders}
    first, *others = readings.values()
    if not others or all(other == first for other in others):
        return first
    where, text = reader.first_date()
    return replace(first, fork=Fork("order", text, where, len(reader.rows), readings))


def _note(sheet: Sheet, top: int, heads: dict[str, int], events: Sequence[int]) -> None:
    """Gives the cells their roles; what is no part of an event is a title above them and a remark elsewhere."""
    kinds = {column: _ROLES.get(head, CellRole.REMARK) for head, column in heads.items()}
    for number, row in sheet.rows.items():
        for column in row:
            role = CellRole.TITLE if number < top else CellRole.HEADING
            if number > top:
                role = kinds.get(column, CellRole.REMARK) if number in events else CellRole.REMARK
            sheet.account.note(number, column, role)


class _Table:
    """The events of a table."""

    def __init__(self, sheet: Sheet, top: int, heads: dict[str, int]) -> None:
        self.sheet = sheet
        self.heads = heads
        dated = [heads[head] for head in ("start_date", "end_date", "start_time", "end_time") if head in heads]
        below = [number for number in sorted(sheet.rows) if number > top]
        # A signature or a remark below the events has no date.
        last = max((number for number in below if any(at in sheet.rows[number] for at in dated)), default=top)
        self.rows = [number for number in below if number <= last]

    def cell(self, number: int, head: str) -> Value | None:
        return self.sheet.rows[number].get(self.heads[head]) if head in self.heads else None

    def text(self, number: int, head: str) -> str:
        value = self.cell(number, head)
        return "" if value is None else cell_text(value)

    def first_date(self) -> tuple[str, str]:
        """Returns the place of the first date that can be read both ways, and its text."""
        for number in self.rows:
            text = self.text(number, "start_date")
            if has_two_orders(text):
                return self.sheet.where(number, self.heads["start_date"]), text
        return "", ""

    def orders(self) -> list[str]:
        """Returns the orders of day and month that all dates allow, the likelier first; one if there is no doubt."""
        left = BOTH_ORDERS
        for number in self.rows:
            for head in ("start_date", "end_date"):
                if isinstance(value := self.cell(number, head), str):
                    left &= orders_of(value)
        found = sorted(left, reverse=any(_HALF_DAY.search(self.text(number, "start_time")) for number in self.rows))
        # Duties of a month or more, or that end before they begin, are those of dates read the wrong way.
        sound = [order for order in found if self.is_sound(order)]
        return sound or found or ["dmy"]

    def is_sound(self, order: str) -> bool:
        lengths = []
        for number in self.rows:
            begin, end = self.moment(number, "start", order), self.moment(number, "end", order)
            if begin is not None and end is not None:
                lengths.append(end[0] - begin[0])
        return all(timedelta() <= length for length in lengths) and not any(length > _LONG for length in lengths)

    def moment(self, number: int, which: str, order: str) -> tuple[date, time | None] | None:
        """Returns day and time of a start or an end; nothing if there is no such day."""
        value = self.cell(number, f"{which}_date")
        found = read_moment(value) if value is not None else None
        if found is None:
            return None
        day = _day(found, order, value if isinstance(value, str) else "")
        at = found.at
        clock = self.cell(number, f"{which}_time")
        if clock is not None:
            at = read_clock(clock)
            if at is None:
                return None
        return (day, at) if day else None

    def occasions(self, order: str) -> list[Occasion]:
        """Returns the events."""
        return [self.occasion(number, order) for number in self.rows]

    def occasion(self, number: int, order: str) -> Occasion:
        title = clean(self.text(number, "subject"))[:300]
        where = self.sheet.where_row(number, self.heads["subject"])
        found = Occasion(title, where, guests=self.guests(number, "attendees"), host=self.host(number))
        begin, end = self.moment(number, "start", order), self.moment(number, "end", order)
        if begin is None or (end is None and "end_date" in self.heads and self.cell(number, "end_date") is not None):
            return replace(found, problems=(Problem(where, "import.file.event_without_time"),))
        span = self.span(number, begin, end or begin)
        if span.end < span.start:
            return replace(found, problems=(Problem(where, "import.file.event_without_time"),))
        if span.end == span.start:
            return replace(found, warnings=(Problem(where, "import.file.event_empty"),))
        return replace(found, spans=(span,))

    def span(self, number: int, begin: tuple[date, time | None], end: tuple[date, time | None]) -> Span:
        """Returns when an event is; the last day of whole days belongs to them, if the times do not say otherwise."""
        (first, starts), (last, ends) = begin, end
        midnight = time(0)
        if self.text(number, "all_day").casefold() in _TRUE or (starts is None and ends is None):
            is_open = ends == midnight and starts == midnight and last > first  # Outlook: up to the midnight after
            return Span(first, last if is_open else last + DAY)
        return Span(datetime.combine(first, starts or midnight), datetime.combine(last, ends or midnight))

    def guests(self, number: int, head: str) -> tuple[Guest, ...]:
        parts = [clean(part) for part in re.split(r"[;\n]", self.text(number, head))]
        return tuple(dict.fromkeys(_guest(part) for part in parts if part))

    def host(self, number: int) -> Guest | None:
        return next(iter(self.guests(number, "organiser")), None)


def _guest(text: str) -> Guest:
    name, contact = split_contact(text)
    email = EMAIL.search(text)
    return Guest(name or text, contact.email or (email and email[0].lower()) or None)


def _day(moment: Moment, order: str, text: str) -> date | None:
    """Returns the day of a moment in an order; nothing if there is no such day."""
    number, month = moment.mark.number, moment.mark.month or 0
    if order == "mdy" and has_two_orders(text):
        number, month = month, number
    elif order not in moment.orders:
        return None
    try:
        return date(moment.mark.year or 0, month, number)
    except ValueError:
        return None


def find_calendar_table(
    sheets: Sequence[Sheet], file_format: str, readings: dict[str, list[Sheet]]
) -> RosterCells | None:
    """Reads the calendar of a file; None unless one of its visible sheets is one, and no other holds days.

    Args:
        sheets: As read.
        file_format: As `RosterCells.format`.
        readings: Takes the sheets with the roles of their cells, if it is one.

    Raises:
        RosterFileError: As `read_occasions`.
    """
    shown = [sheet for sheet in sheets if sheet.rows and not sheet.hidden]
    own = [sheet for sheet in shown if _top_of(sheet) is not None]
    if len(own) != 1:
        return None
    others = [sheet for sheet in shown if sheet is not own[0]]
    if any(_has_days(sheet) for sheet in others):
        return None
    found = calendar_table(own[0], file_format)
    if found is None:
        return None
    readings[""] = list(sheets)
    if own[0].hidden_rows or own[0].hidden_columns:
        visible = own[0].shown()
        readings |= {"skip": [visible if sheet is own[0] else sheet for sheet in sheets], "read": list(sheets)}
        found = _without_hidden(own[0], visible, found, file_format)
    if not others:
        return found
    names = ", ".join(sheet.name for sheet in others[:5]) + ("…" if len(others) > 5 else "")
    left = Problem("", "import.file.sheets_without", {"sheets": names, "n": len(others)})
    return replace(found, warnings=(*found.warnings, left), fork=found.fork and _with(found.fork, left))


def _without_hidden(sheet: Sheet, visible: Sheet, found: RosterCells, file_format: str) -> RosterCells:
    """Returns the events that are shown; where the hidden ones make a difference, both readings to choose from."""
    shown = calendar_table(visible, file_format)
    if shown is None or shown == found:
        return found
    note = hidden_note([sheet])
    shown = replace(shown, warnings=(note, *shown.warnings))
    count = len(sheet.hidden_rows) + len(sheet.hidden_columns)
    return replace(shown, fork=Fork("hidden", note.where, note.where, count, {"skip": shown, "read": found}))


def _has_days(sheet: Sheet) -> bool:
    """Tells whether a sheet could hold duties: several dates, or several days in a row."""
    dates = sum(bool(read_moment(value, sheet.mac_epoch)) for row in sheet.rows.values() for value in row.values())
    return dates > 2 or bool(find_headers(sheet))


def _with(fork: Fork, warning: Problem) -> Fork:
    readings = {option: replace(cells, warnings=(*cells.warnings, warning)) for option, cells in fork.readings.items()}
    return replace(fork, readings=readings)
