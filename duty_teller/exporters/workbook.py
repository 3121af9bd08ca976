"""A workbook to print: a sheet a month, names down, days across, a legend and what everybody's month adds up to.

The visible cells are the truth: a team edits them and sends the file back. A hidden sheet says what the codes mean, so
that nothing has to be asked then (`importers.own_files`). Colours repeat what the codes say.
"""

from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from datetime import date, timedelta
from io import BytesIO
from typing import Any, Final

from duty_teller.domain.exchange import BETWEEN_CODES, CODES_SHEET, CONTINUES, NOTHING, CodeMeaning, guard
from duty_teller.domain.figures import Figures
from duty_teller.domain.shift import ABSENCES, EventType
from duty_teller.exporters.codes import Code, Codes, shown_days
from duty_teller.exporters.model import ExportedSchedule, ExportShift
from duty_teller.i18n.core import t
from duty_teller.i18n.lang import format_month, weekday

_TITLE_ROW, _DAY_ROW, _WEEKDAY_ROW, _FIRST_ROW = 1, 2, 3, 4
_FIRST_DAY: Final = 2
_LINE: Final = 15.5
"""Points of height for each line of a cell."""
_EVENTS: Final = 12
"""Events of other calendars named in the legend of a month; more are counted."""
_COLOURS: Final = {
    "day": "FFF2CC",
    "night": "B4B4D8",
    "other": "FCE4D6",
    **{kind.value: kind.rules.fill for kind in EventType},
}
_GOES_ON: Final = Code(CONTINUES, CodeMeaning(NOTHING), "other")
_WEEKEND, _HEAD, _RULE = "F2F2F2", "D9D9D9", "A6A6A6"


def write_xlsx(schedule: ExportedSchedule) -> bytes:
    """Writes the workbook. Times of its making are left out: the same schedule gives the same cells."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "Duty Teller"
    codes, looks = Codes(schedule), _Looks()
    for first, last in _months(schedule.first, schedule.last):
        _Month(book, schedule, codes, looks, first, last).write()
    _write_codes(book.create_sheet(CODES_SHEET), schedule, codes)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yields the days of each month in turn."""
    while first <= last:
        next_month = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, min(last, next_month - timedelta(days=1))
        first = next_month


def _write_codes(sheet: Any, schedule: ExportedSchedule, codes: Codes) -> None:
    sheet.append([CODES_SHEET, schedule.timezone])
    for code in codes.table():
        sheet.append([code.text, *code.meaning.to_row()])
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if cell.value is not None:
                cell.data_type = "s"
    sheet.sheet_state = "hidden"


class _Looks:
    """Fonts, fills and borders, each made once."""

    def __init__(self) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        side = Side(style="thin", color=_RULE)
        self.border = Border(left=side, right=side, top=side, bottom=side)
        self.monday = Border(left=Side(style="medium", color="7F7F7F"), right=side, top=side, bottom=side)
        self.fills = {name: PatternFill("solid", fgColor=colour) for name, colour in _COLOURS.items()}
        self.weekend = PatternFill("solid", fgColor=_WEEKEND)
        self.head = PatternFill("solid", fgColor=_HEAD)
        self.middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self.left = Alignment(horizontal="left", vertical="center", indent=1)
        self.flush = Alignment(horizontal="left", vertical="center")
        self.wrapped = Alignment(horizontal="left", vertical="top", wrap_text=True)
        self.title, self.bold = Font(size=16, bold=True), Font(size=10, bold=True)
        self.plain, self.small, self.note = Font(size=10), Font(size=8), Font(size=9, color="595959")
        self.italic = Font(size=10, italic=True)
        self._worn: dict[tuple[int, ...], Any] = {}

    def put_on(self, cell: Any, font: Any, alignment: Any, fill: Any, border: Any) -> None:
        """Has a new cell wear some of these; None leaves it without.

        openpyxl looks each part up by all that it consists of, which took longer than all the rest of a workbook; what
        a cell has put on together is copied to the next that wears the same.
        """
        together = (id(font), id(alignment), id(fill), id(border))
        worn = self._worn.get(together)
        if worn is not None:
            cell._style = copy(worn)
            return
        cell.font, cell.alignment = font, alignment
        if fill is not None:
            cell.fill = fill
        if border is not None:
            cell.border = border
        self._worn[together] = copy(cell._style)

    def font(self, look: str) -> Any:
        """Returns the font of a code: duties are bold, so that they stand out in black and white, too."""
        return self.italic if look in ABSENCES else self.bold


class _Month:
    """One sheet."""

    def __init__(
        self, book: Any, schedule: ExportedSchedule, codes: Codes, looks: _Looks, first: date, last: date
    ) -> None:
        self.schedule, self.codes, self.looks = schedule, codes, looks
        self.days = [first + timedelta(days=index) for index in range((last - first).days + 1)]
        self.month = format_month(schedule.lang, first)
        self.sheet = book.create_sheet(self.month[:1].upper() + self.month[1:])
        self.totals_column = _FIRST_DAY + len(self.days)
        self.cells: dict[tuple[str, date], list[Code]] = defaultdict(list)
        self.counted = ("hours", "nights", "night", "weekend", *(["holiday"] if schedule.holidays is not None else []))
        self.goes_on = False
        self.holidays = {day: name for day, name in (schedule.holidays or {}).items() if first <= day <= last}
        for shift in schedule.shifts:
            self._place(shift)

    def _place(self, shift: ExportShift) -> None:
        """Puts the code of a shift into the cells of its days."""
        first = self.schedule.local(shift.start).date()
        is_absence = shift.event_type.is_absence
        code: Code | None = None
        for index in range(shown_days(self.schedule, shift)):
            day = first + timedelta(days=index)
            if not self.days[0] <= day <= self.days[-1]:
                continue
            if is_absence or index == 0:
                code = code or self.codes.of(shift)
                self.cells[shift.name, day].append(code)
            else:
                self.goes_on = True
                self.cells[shift.name, day].append(_GOES_ON)

    def write(self) -> None:
        """Fills the sheet."""
        self._head()
        row = _FIRST_ROW
        for name in self.schedule.names:
            self._person(row, name)
            row += 1
        self._legend(row + 1)
        self._page(row)

    def put(
        self, row: int, column: int, value: object, font: Any, alignment: Any, fill: Any = None, border: Any = None
    ) -> Any:
        """Writes a cell; a text is never taken for a formula."""
        cell = self.sheet.cell(row, column)
        self.looks.put_on(cell, font, alignment, fill, border)  # before the value: a date brings its number format
        if isinstance(value, str):
            cell.value = _storable(guard(value))
            cell.data_type = "s"
        else:
            cell.value = value
        return cell

    def framed(self, row: int, column: int, value: object, font: Any, alignment: Any, fill: Any = None) -> Any:
        """Writes a cell of the table."""
        index = column - _FIRST_DAY
        is_monday = 0 < index < len(self.days) and self.days[index].weekday() == 0
        border = self.looks.monday if is_monday else self.looks.border
        return self.put(row, column, value, font, alignment, fill, border)

    def is_off(self, day: date) -> bool:
        """Tells whether a day is a public holiday, or part of the weekend."""
        return day in self.holidays or self.schedule.is_weekend(day)

    def _head(self) -> None:
        looks, lang = self.looks, self.schedule.lang
        key = "export.xlsx.title_named" if self.schedule.title else "export.xlsx.title"
        title = t(lang, key, name=self.schedule.title, month=self.month)
        self.put(_TITLE_ROW, 1, title, looks.title, looks.flush)
        self.framed(_DAY_ROW, 1, t(lang, "export.xlsx.name"), looks.bold, looks.left, looks.head)
        self.framed(_WEEKDAY_ROW, 1, None, looks.bold, looks.left, looks.head)
        for column, day in enumerate(self.days, start=_FIRST_DAY):
            fill = looks.head if self.is_off(day) else None
            cell = self.framed(_DAY_ROW, column, day, looks.bold, looks.middle, fill)
            cell.number_format = "d"
            self.framed(_WEEKDAY_ROW, column, weekday(lang, day), looks.small, looks.middle, fill)
        for offset, name in enumerate(self.counted):
            column = self.totals_column + offset
            self.framed(_DAY_ROW, column, t(lang, f"export.xlsx.{name}"), looks.bold, looks.middle, looks.head)
            self.framed(_WEEKDAY_ROW, column, None, looks.bold, looks.middle, looks.head)

    def _person(self, row: int, name: str) -> None:
        looks, lines = self.looks, 1
        self.framed(row, 1, name, looks.plain, looks.left)
        for column, day in enumerate(self.days, start=_FIRST_DAY):
            codes = list({code.text: code for code in self.cells.get((name, day), [])}.values())
            if not codes:
                empty = looks.weekend if self.is_off(day) else None
                self.framed(row, column, None, looks.plain, looks.middle, empty)
                continue
            text = f"{BETWEEN_CODES}\n".join(code.text for code in codes)
            long = any(len(code.text) > 4 for code in codes)
            lines = max(lines, sum(-(-len(code.text) // 5) for code in codes))
            font = looks.small if long else looks.font(codes[0].look)
            self.framed(row, column, text, font, looks.middle, looks.fills[codes[0].look])
        figures = self.schedule.hours.get((self.days[0].replace(day=1), name), Figures())
        times = [figures.total, figures.night, figures.weekend, figures.holiday]
        hours = [round(time.total_seconds() / 60) / 60 for time in times]
        values = [hours[0], figures.nights, *hours[1:]]
        for offset, value in enumerate(values[: len(self.counted)]):
            cell = self.framed(row, self.totals_column + offset, value, looks.plain, looks.middle)
            cell.number_format = "0" if value == int(value) else "0.00"
        self.sheet.row_dimensions[row].height = max(20.0, _LINE * lines)

    def _legend(self, row: int) -> None:
        looks, lang = self.looks, self.schedule.lang
        right = self.totals_column + len(self.counted) - 1
        self.put(row, 1, t(lang, "export.xlsx.legend"), looks.bold, looks.flush)
        used = [code.meaning for codes in self.cells.values() for code in codes]
        items = [(code.text, self.codes.explained(code), code.look) for code in self.codes.legend(used)]
        if self.goes_on:
            items.append((CONTINUES, t(lang, "export.xlsx.continues"), "other"))
        column = _FIRST_DAY
        for text, explained, look in items:
            width = 2 + -(-(len(explained) + 2) // 4)
            if column + width > right and column > _FIRST_DAY:
                row, column = row + 1, _FIRST_DAY
            self.put(row, column, text, looks.font(look), looks.middle, looks.fills[look], looks.border)
            self.put(row, column + 1, explained, looks.plain, looks.left)
            column += width
        held = {meaning.position for meaning in used}
        if positions := {name: number for name, number in self.codes.positions.items() if name in held}:
            row += 1
            names = ", ".join(f"{number} — {name}" for name, number in positions.items())
            self.put(row, _FIRST_DAY, t(lang, "export.xlsx.positions", list=names), looks.plain, looks.left)
        if self.holidays:
            row += 1
            named = ", ".join(f"{day.day} {name}" for day, name in sorted(self.holidays.items()))
            self.put(row, _FIRST_DAY, t(lang, "export.xlsx.holidays", list=named), looks.plain, looks.left)
        events = list(dict.fromkeys(f"{day.day} {text}" for day, text in self.schedule.events if day in self.days))
        if events:
            row += 1
            more = f" +{len(events) - _EVENTS}" if len(events) > _EVENTS else ""
            named = ", ".join(events[:_EVENTS]) + more
            self.put(row, _FIRST_DAY, t(lang, "export.xlsx.events", list=named), looks.plain, looks.left)
        row += 1
        night = self.schedule.night.replace("-", "–")
        note = t(lang, "export.xlsx.counting", night=night, zone=self.schedule.timezone)
        if self.days[0].replace(day=1) in self.schedule.closed:
            note = f"{t(lang, 'export.xlsx.closed')} {note}"
        self.put(row, 1, note, looks.note, looks.wrapped)
        self.sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=right)
        self.sheet.row_dimensions[row].height = 12.5 * -(-len(note) // (30 + 5 * len(self.days)))

    def _page(self, row: int) -> None:
        from openpyxl.utils import get_column_letter

        sheet, names = self.sheet, self.schedule.names
        sheet.column_dimensions["A"].width = min(40, max([12, *(len(name) + 2 for name in names)]))
        for column in range(_FIRST_DAY, self.totals_column):
            sheet.column_dimensions[get_column_letter(column)].width = 4.9
        for column in range(self.totals_column, self.totals_column + len(self.counted)):
            sheet.column_dimensions[get_column_letter(column)].width = 7.5
        sheet.row_dimensions[_TITLE_ROW].height = 26
        sheet.freeze_panes = sheet.cell(_FIRST_ROW, _FIRST_DAY)
        sheet.print_title_rows = f"{_TITLE_ROW}:{_WEEKDAY_ROW}"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.page_margins.header = sheet.page_margins.footer = 0.3
        sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.6
        sheet.print_options.horizontalCentered = True
        sheet.oddFooter.right.text = t(self.schedule.lang, "export.xlsx.page", page="&P", pages="&N")
        sheet.oddFooter.right.size = 8
        sheet.sheet_view.showGridLines = False


def _storable(text: str) -> str:
    """Drops control characters, which a workbook cannot hold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", text)
