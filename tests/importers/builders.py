"""Workbooks made in memory, as teams would make them."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time, timedelta
from functools import cache
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from duty_teller.importers.duty_schedule import RosterRules
from duty_teller.utils.handover import Handover

MOSCOW = RosterRules(Handover(time(9), "Europe/Moscow"))
BERLIN = RosterRules(Handover(time(9), "Europe/Berlin"))
WEEKDAYS_RU = ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс")


def workbook(**sheets: Callable[[Worksheet], None]) -> bytes:
    """Makes a workbook; each keyword is a sheet's name and what fills it."""
    book = Workbook()
    book.remove(book.active)
    for name, fill in sheets.items():
        fill(book.create_sheet(name))
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def grid(
    first: date,
    days: int,
    people: Mapping[str, Mapping[int, Any]],
    *,
    header: Callable[[date], Any] = lambda day: day.day,
    weekday: Callable[[date], Any] | None = None,
    title: str | None = None,
    row: int = 1,
    column: int = 2,
    label: str | None = None,
) -> Callable[[Worksheet], None]:
    """Makes a month grid: names in the first column, codes by day number of the run (1 = the first day)."""

    def fill(sheet: Worksheet) -> None:
        at = row
        if title is not None:
            sheet.cell(at, 1, title)
            at += 1
        span = [first + timedelta(days=offset) for offset in range(days)]
        if label is not None:
            sheet.cell(at, column - 1, label)
        for offset, day in enumerate(span):
            sheet.cell(at, column + offset, header(day))
        if weekday is not None:
            at += 1
            for offset, day in enumerate(span):
                sheet.cell(at, column + offset, weekday(day))
        for name, cells in people.items():
            at += 1
            sheet.cell(at, column - 1, name)
            for number, value in cells.items():
                sheet.cell(at, column + number - 1, value)

    return fill


def ru(day: date) -> str:
    return WEEKDAYS_RU[day.weekday()]


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Returns a workbook whose parts went through a function of (name, content)."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result:
        for name in source.namelist():
            result.writestr(name, change(name, source.read(name)))
    return target.getvalue()


def sheet_xml(rows: str, tail: str = "", prolog: str = "") -> bytes:
    """Returns a workbook with one sheet (`Sheet`) made of raw XML, such as no program would write."""
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    xml = f'<?xml version="1.0"?>{prolog}{start}<sheetData>{rows}</sheetData>{tail}</worksheet>'

    def change(name: str, content: bytes) -> bytes:
        return xml.encode() if name.startswith("xl/worksheets/sheet") else content

    return repacked(_empty(), change)


@cache
def _empty() -> bytes:
    return workbook(Sheet=lambda sheet: None)


def zipped(parts: Iterable[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return target.getvalue()
