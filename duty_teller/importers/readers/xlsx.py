"""Workbooks: bytes to sheets of filled cells.

openpyxl's own parser reads the cells, but they are not bound to its worksheets: that would unfold every merged range (a
range over a whole sheet has 17 billion cells), and it cannot tell an empty cell from a formula that was never
calculated. XML is parsed with defusedxml, which openpyxl uses by itself. openpyxl is imported on use, because it costs
7 MB and 70 ms that an idle service does not need.
"""

import warnings
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from duty_teller.importers import limits
from duty_teller.importers.problems import RosterFileError
from duty_teller.importers.sheet import Broken, Sheet
from duty_teller.importers.words.text import clean


def read_sheets(archive: ZipFile, data: bytes) -> list[Sheet]:
    """Reads the worksheets of a workbook that was found to be no larger than allowed.

    Args:
        archive: The opened file, already checked.
        data: The same file.

    Raises:
        RosterFileError: Too many sheets or cells, or a lock.
        Exception: Anything openpyxl raises for a damaged workbook.
    """
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    if any(item.flag_bits & 1 for item in archive.infolist()):
        raise RosterFileError.of("import.file.password")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = ExcelReader(BytesIO(data), data_only=True, keep_links=False)
        try:
            reader.read_manifest()
            reader.read_workbook()
            found = [(sheet, rel) for sheet, rel in reader.parser.find_sheets() if "worksheet" in rel.Type]
            if len(found) > limits.MAX_SHEETS:
                raise RosterFileError.of("import.file.too_many_sheets", n=len(found), limit=limits.MAX_SHEETS)
            reader.read_strings()
            apply_stylesheet(reader.archive, reader.wb)
            room = limits.MAX_CELLS
            sheets = []
            for entry, rel in found:
                if rel.target not in reader.valid_files:
                    continue
                mac_epoch = reader.wb.epoch == CALENDAR_MAC_1904
                sheet = Sheet(clean(str(entry.name)), entry.state != "visible", mac_epoch)
                room -= _read_cells(reader, rel.target, sheet, room)
                sheets.append(sheet)
            return sheets
        finally:
            reader.archive.close()


def _read_cells(reader: Any, path: str, sheet: Sheet, room: int) -> int:
    """Fills a sheet and returns the number of its filled cells, at most `room`."""
    from openpyxl.utils.cell import range_boundaries
    from openpyxl.worksheet._reader import COL_TAG, FORMULA_TAG, MERGE_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser
    from openpyxl.worksheet.merge import MergeCells
    from openpyxl.xml.functions import iterparse

    filled = 0
    book = reader.wb
    ranges: list[Any] = []
    cleaned: dict[str, str] = {}
    hidden_rows: set[int] = set()
    hidden_columns: list[tuple[int, int]] = []
    with reader.archive.open(path) as source:
        parser = WorkSheetParser(
            source, reader.shared_strings, True, book.epoch, book._date_formats, book._timedelta_formats
        )
        parse_cell = parser.parse_cell
        for _, element in iterparse(source):
            if element.tag == MERGE_TAG:
                ranges.extend(getattr(MergeCells.from_tree(element), "mergeCell", ()))
                element.clear()
                continue
            if element.tag == COL_TAG and _is_hidden(element, "width"):
                hidden_columns.append((int(element.get("min") or 0), int(element.get("max") or 0)))
            if element.tag != ROW_TAG:
                continue
            parser.row_counter = int(float(element.get("r") or parser.row_counter + 1))
            if _is_hidden(element, "ht"):
                hidden_rows.add(parser.row_counter)
            parser.col_counter = 0
            for node in element:
                cell = parse_cell(node)
                value: Any = cell["value"]
                if value is None:
                    formula = node.find(FORMULA_TAG) is not None
                    # A text formula may well give an empty text: that is stored as an empty value.
                    if not formula or (node.get("t") == "str" and node.find(VALUE_TAG) is not None):
                        continue
                    value = Broken("")
                elif cell["data_type"] == "e":
                    value = Broken(clean(str(value))[:16])
                elif isinstance(value, str):
                    text = cleaned.get(value)
                    if text is None:
                        text = cleaned[value] = clean(value)
                        if "\n" in value.strip():
                            sheet.broken_lines[text] = "\n".join(filter(None, map(clean, value.splitlines())))
                    if not text:
                        continue
                    value = text
                filled += 1
                if filled > room:
                    raise RosterFileError.of("import.file.too_many_cells", limit=limits.MAX_CELLS)
                sheet.rows.setdefault(cell["row"], {})[cell["column"]] = value
            element.clear()
    columns = {column for row in sheet.rows.values() for column in row} if hidden_columns else set()
    sheet.hidden_columns |= {column for column in columns if any(a <= column <= b for a, b in hidden_columns)}
    sheet.hidden_rows |= hidden_rows & sheet.rows.keys()
    for item in ranges:
        left, top, right, bottom = range_boundaries(item.ref)
        if left and top and right and bottom and left in sheet.rows.get(top, ()):
            sheet.merges.append((top, left, bottom, right))
    return filled


def _is_hidden(element: Any, size: str) -> bool:
    """Tells whether a row or column is not shown: by its mark, or because it has no height or width."""
    return element.get("hidden") in ("1", "true") or element.get(size) in ("0", "0.0")
