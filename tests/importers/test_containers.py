"""Workbooks as different programs write them: what is read of a container, whatever stands in its cells."""

import io
import re
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from duty_teller.importers.duty_schedule import Answers, ParsedRoster, parse_codes, parse_duty_schedule
from duty_teller.importers.readers.package import Package
from duty_teller.importers.readers.xlsx import read_sheets
from duty_teller.importers.sheet import Broken, Sheet
from tests.importers.builders import MOSCOW, grid, opened, repacked, saved, sheet_xml, workbook

MARCH = date(2025, 3, 1)
CODES = Answers(parse_codes("Д=duty"))
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = {
    MAIN: b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    DOCUMENT: b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def fill(sheet: Worksheet) -> None:
    """A month by true dates: without their number format nobody knows them for days."""
    grid(MARCH, 31, {"Алиса": {1: "Д"}, "Даниил": {2: "Д"}}, header=lambda day: day, title="Март")(sheet)


GOOD = workbook(Март=fill)


def sheets_of(data: bytes) -> list[Sheet]:
    with opened(data) as archive:
        return read_sheets(Package(archive))


def renamed(data: bytes, names: dict[str, str]) -> bytes:
    """Returns a workbook whose parts have other names; what refers to them stays as it is."""
    target = io.BytesIO()
    with opened(data) as source, zipfile.ZipFile(target, "w") as result:
        for name in source.namelist():
            result.writestr(names.get(name, name), source.read(name))
    return target.getvalue()


def replaced(part: str, *changes: tuple[bytes, bytes]) -> bytes:
    """Returns the workbook with some bytes of the parts exchanged whose name holds a word."""

    def change(name: str, content: bytes) -> bytes:
        if part in name:
            for old, new in changes:
                assert re.search(old, content)
                content = re.sub(old, new, content)
        return content

    return repacked(GOOD, change)


def strict(name: str, content: bytes) -> bytes:
    for usual, other in STRICT.items():
        content = content.replace(usual, other)
    if name.startswith("xl/worksheets/"):
        days = iter(range(1, 32))
        content = re.sub(
            rb'<c r="(\w+2)" s="(\d+)" t="n"><v>\d+</v>',
            lambda match: b'<c r="%b" s="%b" t="d"><v>2025-03-%02d</v>' % (match[1], match[2], next(days)),
            content,
        )
        assert b't="d"><v>2025-03-31<' in content
    return content


EXTENSION = (
    b'<patternFill><extLst><ext uri="sm"><pm:shade xmlns:pm="smNativeData" id="1"/></ext></extLst></patternFill>'
)

BOOKS = {
    "parts_in_other_case": renamed(
        GOOD, {"xl/sharedStrings.xml": "xl/SharedStrings.xml", "xl/worksheets/sheet1.xml": "xl/worksheets/Sheet1.xml"}
    ),
    "everything_in_capitals": renamed(GOOD, {name: name.upper() for name in opened(GOOD).namelist()}),
    "backslashes": renamed(GOOD, {name: name.replace("/", "\\") for name in opened(GOOD).namelist()}),
    "relative_targets": replaced("workbook.xml.rels", (rb'Target="/xl/', b'Target="')),
    "targets_with_dots": replaced("workbook.xml.rels", (rb'Target="/xl/', b'Target="../xl/./')),
    "unknown_extension_in_a_fill": replaced("styles", (rb"<patternFill */>", EXTENSION)),
    "unknown_element_in_styles": replaced("styles", (rb"<fonts", b"<smart:thing xmlns:smart='x'/><fonts")),
    "unknown_attributes": replaced("xl/workbook.xml", (rb"<workbookPr\b", b"<workbookPr newThing='1'")),
    "no_dimension": replaced("sheet1", (rb"<dimension[^>]*/>", b"")),
    "wrong_dimension": replaced("sheet1", (rb"<dimension[^>]*/>", b'<dimension ref="A1"/>')),
    "no_rows_and_cells_named": replaced("sheet1", (rb'<row r="(\d+)"[^>]*>', rb"<row>")),
    "strict": repacked(GOOD, strict),
    "damaged_theme": repacked(GOOD, lambda name, content: b"<broken" if "theme" in name else content),
}  # fmt: skip


@pytest.mark.parametrize("data", BOOKS.values(), ids=BOOKS)
def test_workbook_of_any_program_is_read(data: bytes) -> None:
    roster = parse_duty_schedule(data, "roster.xlsx", MOSCOW, CODES)

    assert isinstance(roster, ParsedRoster)
    assert [(shift.name, shift.start.date()) for shift in roster.shifts] == [
        ("Алиса", date(2025, 3, 1)),
        ("Даниил", date(2025, 3, 2)),
    ]


@pytest.mark.parametrize("styles", [b"", b"<styleSheet><oops", b"<styleSheet/>"])
def test_styles_never_decide_whether_a_file_opens(styles: bytes) -> None:
    (sheet,) = sheets_of(repacked(GOOD, lambda name, content: styles if "styles" in name else content))

    assert sheet.rows[3] == {1: "Алиса", 2: "Д"}
    assert sheet.rows[2][2] == 45717


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active["A1"] = datetime(2025, 3, 1)  # noqa: DTZ001

    (sheet,) = sheets_of(saved(book))

    assert (sheet.mac_epoch, sheet.rows[1][1]) == (True, datetime(2025, 3, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1" t="inlineStr"><is><r><t>Але</t></r><r><t>на</t></r><rPh><t>x</t></rPh></is></c>', "Алена"),
        ('<c r="A1" t="inlineStr"><is><t>a_x000D_b</t></is></c>', "a b"),
        ('<c r="A1" t="str"><v>Алиса</v></c>', "Алиса"),
        ('<c r="a1"><v>5</v></c>', 5),
        ('<c r="A1"><v>1.5E1</v></c>', 15.0),
        ('<c r="A1"><v>Д</v></c>', "Д"),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>false</v></c>', False),
        ('<c r="A1" t="e"><v>#REF!</v></c>', Broken("#REF!")),
        ('<c r="A1"><f>B1</f></c>', Broken("")),
        ('<c r="A1" t="d"><v>2025-03-01T09:00:00</v></c>', datetime(2025, 3, 1, 9)),  # noqa: DTZ001
        ('<c r="A1" t="d"><v>09:30:00</v></c>', time(9, 30)),
    ],
)
def test_cells_of_every_kind(cell: str, value: object) -> None:
    (sheet,) = sheets_of(sheet_xml(f'<row r="1">{cell}</row>'))

    assert sheet.rows == {1: {1: value}}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("dd.mm.yyyy", datetime(2025, 3, 1)),  # noqa: DTZ001
        ("[$-419]d mmmm yyyy;@", datetime(2025, 3, 1)),  # noqa: DTZ001
        ('0" days"', 45717),
        ("General", 45717),
        ("Standard", 45717),
        ("#,##0", 45717),
    ],
)
def test_number_format_tells_dates_from_numbers(code: str, value: object) -> None:
    def put(sheet: Worksheet) -> None:
        sheet["A1"] = 45717
        sheet["A1"].number_format = code

    (sheet,) = sheets_of(workbook(Март=put))

    assert sheet.rows[1][1] == value


def test_hidden_sheets_rows_and_columns_are_facts() -> None:
    def hide(sheet: Worksheet) -> None:
        fill(sheet)
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[90].hidden = True
        for letter in ("D", "E", "AA", "ZZ"):
            sheet.column_dimensions[letter].hidden = True

    def secret(sheet: Worksheet) -> None:
        fill(sheet)
        sheet.sheet_state = "veryHidden"

    sheet, other = sheets_of(workbook(Март=hide, Апрель=secret))

    assert (sheet.hidden, other.hidden) == (False, True)
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3}, {4, 5, 27})
    assert (sheet.turn().hidden_rows, sheet.turn().hidden_columns) == ({4, 5, 27}, {3})
    assert sheet.part(4, 5).hidden_rows == set()


def test_rows_and_columns_without_size_are_hidden() -> None:
    row = '<row r="1" ht="0" customHeight="1"><c><v>1</v></c></row><row r="2"><c/><c><v>2</v></c></row>'
    data = sheet_xml(row)
    columns = b'<cols><col min="2" max="16384" width="0"/></cols><sheetData>'

    (sheet,) = sheets_of(repacked(data, lambda name, content: content.replace(b"<sheetData>", columns)))

    assert (sheet.hidden_rows, sheet.hidden_columns) == ({1}, {2})


def test_listed_sheet_that_is_not_there_is_not_passed_over() -> None:
    both = workbook(Март=fill, Апрель=fill)
    target = io.BytesIO()
    with opened(both) as source, zipfile.ZipFile(target, "w") as result:
        for name in source.namelist():
            if "sheet2" not in name:
                result.writestr(name, source.read(name))

    with pytest.raises(ValueError, match="sheet2"):
        sheets_of(target.getvalue())


def test_sheet_of_a_chart_is_no_worksheet() -> None:
    book = Workbook()
    book.active["A1"] = 1
    book.create_chartsheet("Диаграмма")

    assert [sheet.name for sheet in sheets_of(saved(book))] == ["Sheet"]
