"""Hours as files: a list for payroll, JSON, and a workbook whose sums are formulas over the pieces of every shift.

The workbook has a sheet of sums and a sheet of details. Each detail says in columns of its own whose it was in the
plan, whether it was worked and what it counts as; a sum adds up the times of those that fit (`SUMIFS`), so a bookkeeper
can follow every minute. The results stand beside the formulas: a viewer on a phone, which does not reckon, shows them.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

import orjson

from duty_teller.domain.exchange import guard
from duty_teller.domain.figures import Correction, Detail, Figures, HoursSheet, Line
from duty_teller.i18n.core import t
from duty_teller.i18n.lang import table
from duty_teller.utils.zones import zone

_TIMES: Final = ("planned", "covered", "given", "ill", "total", "night", "weekend", "holiday")
_WHO: Final = ("name", "roster", "position")
_DURATION: Final = "[h]:mm"
_MOMENT: Final = "yyyy-mm-dd hh:mm"
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_EMPTY_VALUE: Final = re.compile(rb'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v(?: ?/>|></v>)')
_Key = tuple[str, str, str]
"""Name, roster, position."""


def clock(span: timedelta) -> str:
    """Writes a time as hours and minutes, `187:30`, also a negative one; half a minute and more is one."""
    minutes = round(abs(span.total_seconds()) / 60)
    return f"{'-' if span < timedelta() and minutes else ''}{minutes // 60}:{minutes % 60:02}"


def write_csv(sheet: HoursSheet, lang: str) -> bytes:
    """Writes the sums as a list, corrections below them with their month; spreadsheets of the language can read it."""
    target = StringIO()
    writer = csv.writer(target, delimiter=table(lang).csv_separator, lineterminator="\r\n")
    with_pay = _with_pay(sheet)
    heads = [*_WHO, "shifts", *_TIMES[:5], "nights", *_TIMES[5:], *(["pay"] if with_pay else []), "correction"]
    writer.writerow([t(lang, f"hours.head.{name}") for name in heads])
    for line in (*sheet.lines, *sheet.corrections):
        month = f"{line.month:%Y-%m}" if isinstance(line, Correction) else ""
        who = (guard(text) for text in (line.name, line.roster, line.position))
        writer.writerow([*who, *_cells(line.figures, with_pay, lang), month])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _cells(figures: Figures, with_pay: bool, lang: str) -> Iterator[str]:
    yield str(figures.shifts)
    yield from (clock(getattr(figures, name)) for name in _TIMES[:5])
    yield str(figures.nights)
    yield from (clock(getattr(figures, name)) for name in _TIMES[5:])
    if with_pay:
        yield "" if figures.pay is None else str(figures.pay).replace(".", table(lang).decimal_mark)


def write_json(sheet: HoursSheet) -> bytes:
    """Writes everything but the details: times in minutes, money as text."""
    answer = {
        "from": sheet.first.isoformat(),
        "to": sheet.last.isoformat(),
        "closed": [f"{month:%Y-%m}" for month in sheet.closed],
        "hours": [_object(line) for line in sheet.lines],
        "corrections": [_object(line) | {"month": f"{line.month:%Y-%m}"} for line in sheet.corrections],
    }
    return orjson.dumps(answer, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _object(line: Line) -> dict[str, Any]:
    figures = line.figures
    times = {f"{name}_minutes": round(getattr(figures, name).total_seconds() / 60) for name in _TIMES}
    pay = None if figures.pay is None else str(figures.pay)
    who = {"name": line.name, "roster": line.roster, "position": line.position}
    return who | {"shifts": figures.shifts, "nights": figures.nights} | times | {"pay": pay}


def _with_pay(sheet: HoursSheet) -> bool:
    return any(line.figures.pay is not None for line in (*sheet.lines, *sheet.corrections))


def write_xlsx(sheet: HoursSheet, lang: str) -> bytes:
    """Writes the workbook."""
    return _Workbook(sheet, lang).written()


def _new_book() -> Any:
    from openpyxl import Workbook

    return Workbook()


class _Workbook:
    """The workbook while it is written."""

    def __init__(self, sheet: HoursSheet, lang: str) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill

        self.sheet, self.lang = sheet, lang
        self.book = _new_book()
        self.sums = self.book.active
        self.details = self.book.create_sheet(t(lang, "hours.sheet.details"))
        self.sums.title = t(lang, "hours.sheet.sums")
        self.bold, self.head = Font(bold=True), PatternFill("solid", fgColor="FFEDEDED")
        self.wrapped = Alignment(wrap_text=True, vertical="top")
        self.results: dict[Any, dict[str, float]] = {self.sums: {}, self.details: {}}
        self.with_pay = _with_pay(sheet) or any(one.rate is not None for one in sheet.details)
        # What is closed has its figures on a sheet of its own: the sums are those of the schedule as it is now.
        self.by_person: dict[_Key, list[Detail]] = defaultdict(list)
        self.by_plan: dict[_Key, list[Detail]] = defaultdict(list)
        for one in sheet.details:
            self.by_person[one.name, one.roster, one.position].append(one)
            self.by_plan[one.planned_for, one.roster, one.position].append(one)
        keys = self.by_person.keys() | self.by_plan.keys()
        self.now = sorted(keys, key=lambda key: (key[0].casefold(), key[1], key[2]))

    def written(self) -> bytes:
        """Returns the bytes."""
        self._write_sums()
        self._write_details()
        if self.sheet.closed:
            self._write_closed()
        target = BytesIO()
        self.book.save(target)
        return self._with_results(target.getvalue())

    def _heads(self, page: Any, names: list[str], widths: dict[str, int]) -> None:
        from openpyxl.utils import get_column_letter

        for column, name in enumerate(names, start=1):
            cell = page.cell(1, column, t(self.lang, f"hours.head.{name}"))
            cell.font, cell.fill, cell.alignment = self.bold, self.head, self.wrapped
            page.column_dimensions[get_column_letter(column)].width = widths.get(name, 11)
        page.freeze_panes = page.cell(2, 2)

    def _text(self, page: Any, row: int, column: int, text: str) -> None:
        cell = page.cell(row, column)
        cell.value = _ILLEGAL.sub("", guard(text))
        cell.data_type = "s"

    def _formula(self, page: Any, row: int, column: int, formula: str, result: float, shown: str) -> None:
        cell = page.cell(row, column, formula)
        cell.number_format = shown
        self.results[page][cell.coordinate] = result

    def _write_sums(self) -> None:
        page, last = self.sums, len(self.sheet.details) + 1
        names = ["number", *_WHO, *_TIMES[:5], "nights", *_TIMES[5:], *(["pay"] if self.with_pay else [])]
        self._heads(page, names, {"name": 26, "roster": 16, "position": 14, "number": 5})
        details = "'" + self.details.title.replace("'", "''") + "'!"

        def column(letter: str) -> str:
            return f"{details}${letter}$2:${letter}${last}"

        for row, key in enumerate(self.now, start=2):
            page.cell(row, 1, row - 1)
            for at, text in enumerate(key, start=2):
                self._text(page, row, at, text)
            own, plan, ill = f"{column('A')},$A{row}", f"{column('C')},$A{row}", f"{column('O')},0"
            worked = f"{own},{column('O')},1"
            time = column("L")
            formulas = [
                f"=SUMIFS({time},{plan})",
                f"=SUMIFS({time},{own},{column('M')},1)",
                f"=SUMIFS({time},{plan},{column('M')},1)",
                f"=SUMIFS({time},{own},{ill})",
                f"=E{row}+F{row}-G{row}-H{row}",
                f"=SUMIFS({column('T')},{worked})",
                f"=SUMIFS({time},{worked},{column('P')},1)",
                f"=SUMIFS({time},{worked},{column('Q')},1)",
                f"=SUMIFS({time},{worked},{column('R')},1)",
            ]
            values = self._values(key)
            for at, (formula, value) in enumerate(zip(formulas, values, strict=False), start=5):
                self._formula(page, row, at, formula, value, "0" if at == 10 else _DURATION)
            if self.with_pay:
                self._formula(page, row, 14, f"=ROUND(SUMIFS({column('V')},{worked}),2)", values[9], "0.00")
        total = len(self.now) + 2
        page.cell(total, 2, t(self.lang, "hours.head.sum")).font = self.bold
        for at in range(5, 15 if self.with_pay else 14):
            letter = "ABCDEFGHIJKLMN"[at - 1]
            value = sum(self.results[page].get(f"{letter}{row}", 0.0) for row in range(2, total))
            shown = "0.00" if at == 14 else "0" if at == 10 else _DURATION
            self._formula(page, total, at, f"=SUM({letter}2:{letter}{max(total - 1, 2)})", value, shown)
            page.cell(total, at).font = self.bold
        note = page.cell(total + 2, 2, t(self.lang, "hours.sheet.note"))
        note.alignment = self.wrapped
        page.merge_cells(start_row=total + 2, start_column=2, end_row=total + 2, end_column=13)
        page.row_dimensions[total + 2].height = 62

    def _values(self, key: _Key) -> list[float]:
        """Returns what the formulas of a line give: times in days."""
        own, plan = self.by_person[key], self.by_plan[key]
        worked = [one for one in own if one.worked]
        chosen = [
            plan,
            [one for one in own if one.planned_for != one.name],
            [one for one in plan if one.planned_for != one.name],
            [one for one in own if not one.worked],
        ]
        times = [_days(part) for part in chosen]
        times.append(times[0] + times[1] - times[2] - times[3])
        pay = sum(map(_pay, worked))
        return [
            *times,
            float(sum(one.piece.mid_night for one in worked)),
            _days([one for one in worked if one.piece.night]),
            _days([one for one in worked if one.piece.weekend]),
            _days([one for one in worked if one.piece.holiday]),
            round(pay + 1e-9, 2),
        ]

    def _write_details(self) -> None:
        page = self.details
        names = ["number", "name", "plan_number", "planned_for", "roster", "position", "day", "start", "end"]
        names += ["start_utc", "end_utc", "time", "is_covered", "zone", "is_worked", "is_night", "is_weekend"]
        names += ["is_holiday", "holiday_name", "mid_night"]
        limited = any(one.over for one in self.sheet.details)
        names += ["rate", "pay"] if self.with_pay else []
        names += ["over"] if limited else []
        wide = {"name": 24, "planned_for": 24, "start": 17, "end": 17, "start_utc": 17, "end_utc": 17, "zone": 18}
        self._heads(page, names, wide | {"number": 5, "plan_number": 7, "holiday_name": 20})
        numbers = {key: number for number, key in enumerate(self.now, start=1)}
        for row, one in enumerate(self.sheet.details, start=2):
            page.cell(row, 1, numbers[one.name, one.roster, one.position])
            page.cell(row, 3, numbers[one.planned_for, one.roster, one.position])
            for at, text in ((2, one.name), (4, one.planned_for), (5, one.roster), (6, one.position)):
                self._text(page, row, at, text)
            self._text(page, row, 14, one.timezone)
            self._text(page, row, 19, one.piece.holiday)
            self._moments(page, row, one)
            self._formula(page, row, 12, f"=K{row}-J{row}", one.piece.time / timedelta(days=1), _DURATION)
            flags = {13: one.planned_for != one.name, 15: one.worked, 16: one.piece.night, 17: one.piece.weekend}
            for at, flag in (flags | {18: bool(one.piece.holiday), 20: one.piece.mid_night}).items():
                page.cell(row, at, int(flag))
            if self.with_pay and one.rate is not None:
                page.cell(row, 21, one.rate).number_format = "0.00"
                less = f"-W{row}" if limited else ""
                self._formula(page, row, 22, f"=L{row}*24*U{row}{less}", _pay(one), "0.00")
            if limited:
                page.cell(row, 23, one.over).number_format = "0.00"

    def _moments(self, page: Any, row: int, one: Detail) -> None:
        start, end = one.piece.start, one.piece.end
        page.cell(row, 7, one.piece.day).number_format = "yyyy-mm-dd"
        local = zone(one.timezone)
        for at, moment, where in ((8, start, local), (9, end, local), (10, start, UTC), (11, end, UTC)):
            cell = page.cell(row, at, _naive(moment.astimezone(where)))
            cell.number_format = _MOMENT

    def _write_closed(self) -> None:
        page = self.book.create_sheet(t(self.lang, "hours.sheet.closed"))
        names = [*_WHO, "correction", *_TIMES[:5], "nights", *_TIMES[5:], *(["pay"] if self.with_pay else [])]
        self._heads(page, names, {"name": 26, "roster": 16, "position": 14, "correction": 14})
        for row, line in enumerate((*self.sheet.lines, *self.sheet.corrections), start=2):
            month = f"{line.month:%Y-%m}" if isinstance(line, Correction) else ""
            for at, text in enumerate((line.name, line.roster, line.position, month), start=1):
                self._text(page, row, at, text)
            values = [getattr(line.figures, name) for name in (*_TIMES[:5], "nights", *_TIMES[5:])]
            for at, value in enumerate(values, start=5):
                # A spreadsheet shows no negative time: hours as a number carry the sign.
                is_time = isinstance(value, timedelta)
                cell = page.cell(row, at, value / timedelta(hours=1) if is_time else value)
                cell.number_format = "0.00" if is_time else "0"
            if self.with_pay and line.figures.pay is not None:
                page.cell(row, 14, line.figures.pay).number_format = "0.00"

    def _with_results(self, data: bytes) -> bytes:
        """Puts the results beside the formulas, which openpyxl leaves out."""
        target = BytesIO()
        with ZipFile(BytesIO(data)) as source, ZipFile(target, "w", ZIP_DEFLATED) as written:
            pages = {f"xl/worksheets/sheet{at}.xml": page for at, page in enumerate(self.book.worksheets, start=1)}
            for item in source.infolist():
                content = source.read(item)
                if (page := pages.get(item.filename)) in self.results:
                    content = _filled(content, self.results[page])
                written.writestr(item.filename, content)
        return target.getvalue()


def _filled(xml: bytes, results: dict[str, float]) -> bytes:
    def put(match: re.Match[bytes]) -> bytes:
        return match[1] + f"<v>{results[match[2].decode()]!r}</v>".encode()

    return _EMPTY_VALUE.sub(put, xml)


def _pay(one: Detail) -> float:
    return float(one.rate or 0) * one.piece.time.total_seconds() / 3600 - float(one.over)


def _days(details: list[Detail]) -> float:
    return sum((one.piece.time for one in details), timedelta()) / timedelta(days=1)


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
