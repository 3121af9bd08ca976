"""Files that this product wrote, perhaps edited since: they say what they mean, so nothing is left to ask.

`exporters` writes them, `domain.exchange` says what marks them. Each reader returns None for a file that is not of its
kind, or no longer: then it is read like any other. What somebody typed into it is read (and asked about) as usual.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from duty_teller.domain.exchange import (
    BETWEEN_CODES,
    CALENDAR_BEFORE,
    CALENDAR_DAYS,
    CALENDAR_PERSON,
    CALENDAR_POSITION,
    CALENDAR_PRODUCT,
    CALENDAR_TYPE,
    CODES_SHEET,
    CSV_COLUMNS,
    CSV_EVENTS,
    CSV_HOLIDAY,
    NOTHING,
    CodeMeaning,
    WallClock,
    parse_days,
    unguard,
)
from duty_teller.domain.notes import MAX_NOTE, NoteTooLongError, clean_note
from duty_teller.domain.shift import EventType
from duty_teller.i18n.core import LocalizedError, t
from duty_teller.i18n.languages import LANGUAGES
from duty_teller.importers import limits
from duty_teller.importers.model import Contact, Entry, RosterCells
from duty_teller.importers.problems import Problem, RosterFileError
from duty_teller.importers.sheet import Broken, Sheet, Value, cell_text
from duty_teller.importers.tables.dating import covered_runs
from duty_teller.importers.words.days import day_marks
from duty_teller.importers.words.text import fold_code, fold_name
from duty_teller.utils.zones import zone

_NOTE: Final = CSV_COLUMNS.index("note")


class _Taken:
    """What a reader has taken so far."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.entries: list[Entry] = []
        self.days: set[date] = set()
        self.problems: list[Problem] = []
        self.contacts: dict[str, Contact] = {}

    def name(self, name: str, where: str) -> str:
        """Returns the name of a person as it stood at its first place."""
        if len(name) > limits.MAX_NAME:
            self.problems.append(Problem(where, "import.file.long_name", {"limit": limits.MAX_NAME}))
        return self.names.setdefault(fold_name(name), name)

    def note(self, text: str, where: str) -> str:
        """Returns what a place for notes holds; of one that holds too much nothing."""
        try:
            return clean_note(text) or ""
        except NoteTooLongError:
            self.problems.append(Problem(where, "import.file.long_note", {"limit": MAX_NOTE}))
            return ""

    def result(self, kind: str) -> RosterCells:
        if self.problems:
            raise RosterFileError(self.problems)
        if len(self.names) > limits.MAX_PEOPLE:
            raise RosterFileError.of("import.file.too_many_people", limit=limits.MAX_PEOPLE)
        covered = covered_runs(self.days)
        return RosterCells(
            format=kind,
            names=tuple(self.names.values()),
            first_day=covered[0][0],
            last_day=covered[-1][1],
            entries=tuple(self.entries),
            covered=covered,
            contacts=self.contacts,
        )


def _any_language(key: str) -> frozenset[str]:
    return frozenset(fold_name(t(lang, key)) for lang in LANGUAGES)


def _text(value: Value | None) -> str:
    return "" if value is None else cell_text(value)


# -- workbooks -----------------------------------------------------------------------------------------------------


def own_workbook(sheets: Sequence[Sheet]) -> RosterCells | None:
    """Reads the sheets of a workbook with a hidden sheet of codes.

    Raises:
        RosterFileError: A cell without a usable value, or too many people.
    """
    hidden = next((sheet for sheet in sheets if sheet.hidden and _text(_at(sheet, 1, 1)) == CODES_SHEET), None)
    if hidden is None:
        return None
    try:
        codes = _codes(hidden)
        timezone = zone(_text(_at(hidden, 1, 2))).key
    except (ValueError, LocalizedError):
        return None
    reader = _Workbook(codes, timezone)
    if not all(reader.read(sheet) for sheet in sheets if not sheet.hidden) or not reader.taken.days:
        return None
    return reader.taken.result("xlsx")


def _at(sheet: Sheet, row: int, column: int) -> Value | None:
    return sheet.rows.get(row, {}).get(column)


def _codes(sheet: Sheet) -> dict[str, CodeMeaning]:
    rows = [row for number, row in sheet.rows.items() if number > 1]
    return {
        _code_key(_text(row.get(1))): CodeMeaning.from_row([_text(row.get(column)) for column in range(2, 7)])
        for row in rows
    }


def _code_key(text: str) -> str:
    return fold_code("".join(text.split()))


class _Workbook:
    """Goes through the months of a workbook."""

    def __init__(self, codes: Mapping[str, CodeMeaning], timezone: str) -> None:
        self.codes, self.timezone = codes, timezone
        self.taken = _Taken()
        self.rows = 0
        self.label = _any_language("export.xlsx.name")
        self.ends = _any_language("export.xlsx.legend")
        self.totals = _any_language("export.xlsx.hours")

    def read(self, sheet: Sheet) -> bool:
        """Takes a month; returns False when the sheet has lost its shape."""
        for number, row in sorted(sheet.rows.items()):
            for column, value in row.items():
                if isinstance(value, str) and fold_name(value) in self.label:
                    days = self.days(row, column)
                    if days is None:
                        return False
                    self.taken.days.update(days.values())
                    self.people(sheet, number, column, days)
                    return True
        return False

    def days(self, row: Mapping[int, Value], name_column: int) -> dict[int, date] | None:
        """Returns the days of the header by column; None when something else stands among them."""
        days: dict[int, date] = {}
        for column in sorted(column for column in row if column > name_column):
            value = row[column]
            if isinstance(value, str) and fold_name(value) in self.totals:
                break
            if not isinstance(value, date):
                return None
            day = value.date() if isinstance(value, datetime) else value
            if not limits.FIRST_YEAR <= day.year <= limits.LAST_YEAR or day in days.values():
                return None
            days[column] = day
        return days or None

    def people(self, sheet: Sheet, header: int, name_column: int, days: Mapping[int, date]) -> None:
        name = ""
        for number in sorted(number for number in sheet.rows if number > header):
            row = sheet.rows[number]
            called = _text(row.get(name_column))
            if called and fold_name(called) in self.ends:
                return
            if called:
                name = self.taken.name(unguard(called), sheet.where(number, name_column))
                self.rows += 1
            if not name:  # the row of weekdays
                continue
            for column, day in days.items():
                if (value := row.get(column)) is not None:
                    self.cell(name, day, value, sheet.where(number, column))

    def cell(self, name: str, day: date, value: Value, where: str) -> None:
        if isinstance(value, Broken):
            key = "import.file.cell_error" if value.text else "import.file.no_stored_value"
            self.taken.problems.append(Problem(where, key, {"text": value.text} if value.text else {}))
            return
        text = cell_text(value)
        pieces = [text] if _code_key(text) in self.codes else [piece.strip() for piece in text.split(BETWEEN_CODES)]
        for piece in filter(None, pieces):
            meaning = self.codes.get(_code_key(piece))
            if meaning is None:
                self.taken.entries.append(Entry(name, day, unguard(piece), where, self.rows))
            elif meaning.kind != NOTHING:
                self.taken.entries.append(self.entry(name, day, meaning, where))

    def entry(self, name: str, day: date, meaning: CodeMeaning, where: str) -> Entry:
        if meaning.start is None or meaning.end is None:
            return Entry(name, day, meaning.kind, where, self.rows, meaning.position)
        last = day + timedelta(days=meaning.days)
        start, end = datetime.combine(day, meaning.start.at), datetime.combine(last, meaning.end.at)
        if meaning.start.second or meaning.end.second:
            start, end = self.aware(start, meaning.start), self.aware(end, meaning.end)
        return Entry(name, day, EventType.DUTY.value, where, self.rows, meaning.position, "code", start, end)

    def aware(self, moment: datetime, clock: WallClock) -> datetime:
        return moment.replace(tzinfo=zone(self.timezone), fold=int(clock.second)).astimezone(UTC)


# -- lists ---------------------------------------------------------------------------------------------------------


def own_list(sheet: Sheet) -> RosterCells | None:
    """Reads the rows of a list that has exactly our headings, in either language.

    It is about all days from the first to the last on which something begins: a row that was taken out is a shift that
    was taken off.

    Raises:
        RosterFileError: A row without a name, or with a start or end that is none.
    """
    headings = [[fold_name(t(lang, f"export.csv.{column}")) for column in CSV_COLUMNS] for lang in LANGUAGES]
    first = [fold_name(_text(_at(sheet, 1, column))) for column in range(1, len(CSV_COLUMNS) + 1)]
    rest = [fold_name(_text(cell)) for column, cell in sheet.rows.get(1, {}).items() if column > len(CSV_COLUMNS)]
    others = [[fold_name(t(lang, f"export.csv.{name}")) for name in (CSV_HOLIDAY, CSV_EVENTS)] for lang in LANGUAGES]
    if first not in headings or not any(rest in ([], [one], [two], [one, two]) for one, two in others):
        return None
    reader = _List()
    for number in sorted(sheet.rows):
        if number > 1:
            row = sheet.rows[number]
            cells = [_text(row.get(column)) for column in range(1, len(CSV_COLUMNS) + 1)]
            cells[_NOTE] = sheet.broken_lines.get(cells[_NOTE], cells[_NOTE])
            reader.row(dict(zip(CSV_COLUMNS, cells, strict=True)), sheet.where_row(number, 1))
    taken = reader.taken
    if not taken.entries and not taken.problems:
        return None
    if taken.days:
        begin, end = min(taken.days), max(taken.days)
        taken.days = {begin + timedelta(days=index) for index in range((end - begin).days + 1)}
    return taken.result("csv")


class _List:
    """Goes down the rows of a list."""

    def __init__(self) -> None:
        self.taken = _Taken()
        self.types = {fold_code(t(lang, f"shift.word.{kind}")): kind.value for lang in LANGUAGES for kind in EventType}

    def row(self, cells: Mapping[str, str], where: str) -> None:
        if not cells["name"]:
            self.taken.problems.append(Problem(where, "import.file.empty_name"))
            return
        name = self.taken.name(unguard(cells["name"]), where)
        if username := unguard(cells["username"]).removeprefix("@").lower():
            self.taken.contacts[name] = Contact(username=username)
        kind = self.types.get(fold_code(cells["type"]), unguard(cells["type"])) or EventType.DUTY.value
        try:
            start, end = _moment(cells["start"]), _moment(cells["end"])
            whole_days = not isinstance(start, datetime) and not isinstance(end, datetime)
            if whole_days:
                end += timedelta(days=1)
                start, end = datetime.combine(start, time(0)), datetime.combine(end, time(0))
            if not isinstance(start, datetime) or not isinstance(end, datetime) or start >= end:
                raise ValueError(f"{cells['start']} – {cells['end']}")
        except (ValueError, TypeError):
            text = f"{cells['start']} – {cells['end']}"
            self.taken.problems.append(Problem(where, "import.file.bad_time", {"text": text[:64]}))
            return
        day = start.date()
        if start.tzinfo is not None:
            start, end = start.astimezone(UTC), end.astimezone(UTC)
        self.taken.days.add(day)
        role = unguard(cells["position"]) or None
        note = self.taken.note(unguard(cells["note"]), where)
        self.taken.entries.append(Entry(name, day, kind, where, 0, role, "code", start, end, note=note))


def _moment(text: str) -> datetime | date:
    """Reads `2026-11-23 09:00+03:00`, or a day; spreadsheets like to write days in another order.

    Raises:
        ValueError: It is neither.
    """
    marks = day_marks(text)
    if len(marks) == 1 and (mark := marks[0]).month and mark.year:
        return date(mark.year, mark.month, mark.number)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not limits.FIRST_YEAR <= moment.year <= limits.LAST_YEAR:
        raise ValueError(text)
    return moment


# -- calendars -----------------------------------------------------------------------------------------------------


def own_calendar(data: bytes) -> RosterCells | None:
    """Reads a calendar that names its days and the person of every event.

    What begins before its days is context and is left alone.

    Raises:
        RosterFileError: Too many people.
    """
    if CALENDAR_PRODUCT.encode() not in data or CALENDAR_DAYS.encode() not in data:
        return None
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(data)
        first, last = parse_days(str(calendar[CALENDAR_DAYS]))
    except (ValueError, KeyError):
        return None
    taken = _Taken()
    taken.days = {first + timedelta(days=index) for index in range((last - first).days + 1)}
    for number, event in enumerate(calendar.walk("VEVENT"), 1):
        if CALENDAR_PERSON not in event or str(event.get(CALENDAR_TYPE)) not in set(EventType) or "RRULE" in event:
            return None
        if str(event.get("STATUS", "")) != "CANCELLED" and CALENDAR_BEFORE not in event:
            _take_event(taken, event, f"VEVENT {number}")
    return taken.result("ics")


def _take_event(taken: _Taken, event: Any, where: str) -> None:
    start, end = event.start, event.end
    position = str(event[CALENDAR_POSITION]) if CALENDAR_POSITION in event else None
    kind = str(event[CALENDAR_TYPE])
    if not isinstance(start, datetime):
        start, end = datetime.combine(start, time(0)), datetime.combine(end, time(0))
    name = taken.name(str(event[CALENDAR_PERSON]), where)
    note = taken.note(str(event.get("DESCRIPTION", "")), where)
    taken.entries.append(Entry(name, start.date(), kind, where, 0, position, "code", start, end, note=note))
