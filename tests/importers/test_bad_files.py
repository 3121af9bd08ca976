"""Files that are refused: each with a clear message that names the cell, none with a traceback."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from duty_teller.i18n.core import catalogue
from duty_teller.importers import limits
from duty_teller.importers.duty_schedule import (
    Answers,
    ParsedRoster,
    RosterFileError,
    parse_codes,
    parse_duty_schedule,
    read_roster_file,
)
from tests.importers.builders import MOSCOW, grid, repacked, ru, sheet_xml, workbook, zipped

MARCH = date(2025, 3, 1)
CODES = Answers(parse_codes("Д=duty"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GOOD = workbook(Март=grid(MARCH, 31, {"Алиса": {1: "Д"}}, title="Март 2025", weekday=ru))


def march(change: Callable[[Worksheet], None], **people: dict[int, Any]) -> bytes:
    """A good month of two people with one thing changed; names in A4 and A5, days from column B."""

    def fill(sheet: Worksheet) -> None:
        grid(MARCH, 31, people or {"Алиса": {1: "Д"}, "Даниил": {2: "Д"}}, title="Март 2025", weekday=ru)(sheet)
        change(sheet)

    return workbook(Март=fill)


def put(**cells: Any) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        for address, value in cells.items():
            sheet[address] = value

    return change


def april_with_31(sheet: Worksheet) -> None:
    grid(date(2025, 3, 1), 31, {"Алиса": {1: "Д", 31: "Д"}}, title="Апрель 2025")(sheet)


def error_value(data: bytes, address: str) -> bytes:
    """Puts an error into a cell, as Excel stores it."""

    def change(name: str, content: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return content
        begin = content.index(f'<c r="{address}"'.encode())
        end = content.index(b"</c>", begin) + 4
        return content[:begin] + f'<c r="{address}" t="e"><f>Z9</f><v>#REF!</v></c>'.encode() + content[end:]

    return repacked(data, change)


FILES = {
    "empty": (b" \n", ["The file is empty."]),
    "five_megabytes_and_one": (
        b"{" + b" " * 5 * 1024**2,
        ["The file is too big: I take up to 5 MB. Keep only the roster in it."],
    ),
    "docx": (
        zipped([("word/document.xml", b"<a/>")]),
        [
            "I can't read this kind of file. I take .xlsx, .ods, .csv, .ics and .json: open it in your spreadsheet "
            "app, save it as .xlsx and send it again."
        ],
    ),
    "xls": (
        OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"),
        ["This is an old Office file (.xls, .doc). Save the table as .xlsx and send it again."],
    ),
    "password_protected": (
        OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        ["The file is protected with a password. Remove the password, save it and send it again."],
    ),
    "image_renamed": (
        b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
        [
            "The file is named like a workbook, but there's something else inside. Open it, save it as .xlsx "
            "and "
            "send it again."
        ],
    ),
    "truncated": (
        GOOD[: len(GOOD) // 2],
        ["The file doesn't open: it looks damaged or cut short. Open it, save it as .xlsx and send it again."],
    ),
    "entity_bomb": (
        sheet_xml(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>',
            prolog='<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        ),
        ["The file doesn't open: it looks damaged or cut short. Open it, save it as .xlsx and send it again."],
    ),
    "no_cells": (
        workbook(Лист1=lambda sheet: None),
        ["There isn't a single filled cell on the visible sheets of this workbook."],
    ),
    "no_days": (
        workbook(Лист1=lambda sheet: sheet.append(["Алиса", "Д", "Д", 1, 2, 3, 4])),
        [
            "I can't find the days in this table. I need the days of the month, at least five in a row, with people "
            "next to them. Or a list with a date and a name in every row."
        ],
    ),
    "no_names": (
        workbook(Март=lambda sheet: sheet.append([None, *range(1, 32)])),
        ["Март!B1: I see the days but no names. Put them next to the days, one row or column per person."],
    ),
    "too_many_sheets": (
        workbook(**{f"S{number}": lambda sheet: None for number in range(25)}),
        ["The file has 25 sheets, I take up to 24. Keep only those you need."],
    ),
    "too_many_people": (
        workbook(Март=grid(MARCH, 31, {f"Алиса {number}": {1: "Д"} for number in range(501)}, title="Март 2025")),
        ["The file has more than 500 people, which is more than I take at once."],
    ),
    "too_many_days": (
        workbook(
            Март=grid(MARCH, 31, {"Алиса": {1: "Д"}}, title="Март 2025"),
            Потом=grid(date(2026, 4, 5), 7, {"Алиса": {1: "Д"}}, header=lambda day: day),
        ),
        ["There are more than 400 days from first to last. Split the file into parts."],
    ),
    "day_31_in_april": (
        workbook(Апрель=april_with_31),
        ["Апрель!AF3: this cell is filled, but there is no day 31 in 04.2025."],
    ),
    "weekday_mismatch": (
        march(put(D3="Вт")),
        ["Март!D3: this says “Вт”, but by its date it is Mon 3 Mar 2025. Check the month, the year or the weekdays."],
    ),
    "weekdays_fit_no_year": (
        workbook(Март=grid(MARCH, 31, {"Алиса": {1: "Д"}}, weekday=lambda day: "Пн")),
        ["Март!B1: the weekdays don't match the days in any year. Check the month and the row of weekdays."],
    ),
    "same_day_twice": (
        march(put(A5="алиса", B5="Д")),
        ["Март!B5: Алиса already has an entry for Sat 1 Mar 2025 in Март!B4."],
    ),
    "bad_time": (
        march(put(C4="25:00-26:00", D5="8:00-20:75")),
        ["Март!C4: “25:00-26:00” is not a time of day.", "Март!D5: “8:00-20:75” is not a time of day."],
    ),
    "error_value": (
        error_value(march(put(C4="Д")), "C4"),
        ["Март!C4: the cell holds the error #REF!. Fix the formula and send the file again."],
    ),
    "formula_without_value": (
        march(put(C4="=B4")),
        [
            "Март!C4: the cell has a formula whose value was never calculated. Open the file in Excel or LibreOffice, "
            "save it and send it again."
        ],
    ),
    "days_by_formulas_without_value": (
        workbook(Март=put(A1="ФИО", B1=1, C1="=B1+1", D1="=C1+1", A2="Алиса", B2="Д")),
        [
            f"Март!{cell}: the cell has a formula whose value was never calculated. Open the file in Excel or "
            "LibreOffice, save it and send it again."
            for cell in ("C1", "D1")
        ],
    ),
}


@pytest.mark.parametrize(("content", "problems"), FILES.values(), ids=FILES.keys())
def test_defect_is_named_with_its_cell(content: bytes, problems: list[str]) -> None:
    name = "roster.xlsx" if content[:4] == b"\x89PNG" else "roster"

    with pytest.raises(RosterFileError) as refused:
        parse_duty_schedule(content, name, MOSCOW, CODES)

    assert refused.value.text("en").splitlines() == problems
    assert refused.value.text("ru") != refused.value.text("en")
    assert RosterFileError.from_json(json.loads(json.dumps(refused.value.to_json()))).text("en") == "\n".join(problems)


def test_unzipped_size_is_refused_before_anything_is_parsed() -> None:
    bomb = repacked(GOOD, lambda name, content: b" " * (51 * 1024**2) if "sheet1" in name else content)

    with pytest.raises(RosterFileError) as refused:
        read_roster_file(bomb)

    assert len(bomb) < 200_000
    assert refused.value.problems[0].key == "import.file.too_big_unzipped"


def test_cells_are_counted_while_they_are_read() -> None:
    rows = "".join(f'<row r="{row}">' + "<c><v>1</v></c>" * 100 + "</row>" for row in range(1, 502))

    with pytest.raises(RosterFileError) as refused:
        read_roster_file(sheet_xml(rows))

    assert (
        refused.value.text("en")
        == f"The file has more than {limits.MAX_CELLS} filled cells. Keep only the roster in it."
    )


def days_row(row: int = 1) -> str:
    title = '<row r="1"><c r="A1" t="inlineStr"><is><t>Март 2025</t></is></c></row>'
    days = "".join(f"<c><v>{number}</v></c>" for number in range(1, 32))
    name = '<c t="inlineStr"><is><t>Алиса</t></is></c><c t="inlineStr"><is><t>Д</t></is></c>'
    return f'{title}<row r="2"><c/>{days}</row><row r="3">{name}</row>'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            sheet_xml(days_row() + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), id="cell-at-XFD1048576"
        ),
        pytest.param(
            sheet_xml(days_row(), '<mergeCells count="1"><mergeCell ref="A5:XFD1048576"/></mergeCells>'),
            id="merge-over-the-sheet",
        ),
        pytest.param(sheet_xml(days_row() + '<row r="9">' + "<c><v>7</v></c>" * 16_384 + "</row>"), id="16384-columns"),
        pytest.param(
            sheet_xml(days_row() + '<row r="9">' + '<c s="0"/>' * 16_384 + "</row>"), id="16384-empty-columns"
        ),
    ],
)
def test_odd_but_honest_sheets_are_read(content: bytes) -> None:
    roster = parse_duty_schedule(content, "", MOSCOW, CODES)

    assert isinstance(roster, ParsedRoster)
    assert [(shift.name, shift.where) for shift in roster.shifts] == [("Алиса", "Sheet!B3")]


def test_filled_merge_over_everything_counts_as_cells() -> None:
    rows = days_row() + "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(4, 5000))
    content = sheet_xml(rows, '<mergeCells count="1"><mergeCell ref="B3:XFD1048576"/></mergeCells>')

    with pytest.raises(RosterFileError) as refused:
        read_roster_file(content)

    assert refused.value.problems[0].key == "import.file.too_many_cells"


def test_macros_external_links_and_empty_results_of_formulas_do_no_harm() -> None:
    content = sheet_xml(days_row().replace("<c/>", '<c t="str"><f>IF(1,"","")</f><v></v></c>'))
    content = repacked(content, lambda name, part: part)
    with zipfile.ZipFile(target := io.BytesIO(content), "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0" * 100)
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<broken")

    assert read_roster_file(target.getvalue()).names == ("Алиса",)


def test_errors_outside_the_table_do_not_matter() -> None:
    content = error_value(march(put(AH4="Σ", B8="Всего")), "AH4")

    assert read_roster_file(content).names == ("Алиса", "Даниил")


def test_only_the_first_twenty_problems_are_listed() -> None:
    people = {f"Алиса {letter}": {1: "25:00-26:00"} for letter in "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩ"}

    with pytest.raises(RosterFileError) as refused:
        parse_duty_schedule(march(lambda sheet: None, **people), "", MOSCOW)

    assert (len(refused.value.problems), refused.value.total) == (20, 25)
    assert refused.value.text("en").splitlines()[-1] == "…and 5 more"
    assert refused.value.text("ru").splitlines()[-1] == "…и ещё 5"


def test_questions_do_not_hide_problems() -> None:
    cells = read_roster_file(march(put(C4="Ж", D4="99:00-99:30")))

    with pytest.raises(RosterFileError):
        parse_duty_schedule(cells, rules=MOSCOW, answers=Answers())


def test_every_text_has_both_languages() -> None:
    texts = {key: value for key, value in catalogue().items() if key.startswith("import.file.")}

    assert all(set(value) == {"ru", "en"} for value in texts.values())
    assert all(
        len(value["ru"]) == 3 and len(value["en"]) == 2 for value in texts.values() if isinstance(value["ru"], tuple)
    )
