"""Workbooks as different programs write them: what is read of a container, whatever stands in its cells."""

from datetime import date

from openpyxl.worksheet.worksheet import Worksheet

from duty_teller.importers.readers.xlsx import read_sheets
from duty_teller.importers.sheet import Sheet
from tests.importers.builders import grid, opened, workbook

MARCH = date(2025, 3, 1)


def sheets_of(data: bytes) -> list[Sheet]:
    with opened(data) as archive:
        return read_sheets(archive, data)


def test_hidden_rows_and_columns_are_facts_of_the_sheet() -> None:
    def fill(sheet: Worksheet) -> None:
        grid(MARCH, 31, {"Алиса": {1: "Д"}, "Даниил": {2: "Д"}}, title="Март 2025")(sheet)
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[4].hidden = True
        sheet.row_dimensions[90].hidden = True
        for letter in ("D", "E", "AA"):
            sheet.column_dimensions[letter].hidden = True
        sheet.column_dimensions["ZZ"].hidden = True

    (sheet,) = sheets_of(workbook(Март=fill))

    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3, 4}, {4, 5, 27})
    assert (sheet.turn().hidden_rows, sheet.turn().hidden_columns) == ({4, 5, 27}, {3, 4})
    assert sheet.part(4, 5).hidden_rows == {4}
