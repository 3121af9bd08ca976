"""Pages to bytes: workbooks of openpyxl, text files, and OpenDocument sheets."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook

from tests.importers.grammar.page import Case, Page

_DATE_FORMATS = ("dd.mm.yyyy", "yyyy-mm-dd", "d mmm yyyy", "dd/mm", "[$-419]d mmmm yyyy;@")


def written(case: Case) -> bytes:
    """Returns the file."""
    write = {"xlsx": _workbook, "csv": _text, "ods": _open_document}[case.plan.container]
    return write(case)


def _workbook(case: Case) -> bytes:
    shown = case.plan.random("format").choice(_DATE_FORMATS)
    book = Workbook()
    book.remove(book.active)
    for page in case.pages:
        sheet = book.create_sheet(page.name)
        for (row, column), value in page.cells.items():
            cell = sheet.cell(row + 1, column + 1, value)
            if isinstance(value, date):
                cell.number_format = shown
            elif isinstance(value, str) and value.startswith("="):
                cell.data_type = "s"
        for top, left, bottom, right in page.merges:
            sheet.merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)
        for row in page.hidden_rows:
            sheet.row_dimensions[row + 1].hidden = True
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _grid(page: Page) -> list[list[Any]]:
    rows: list[list[Any]] = [[None] * page.width for _ in range(page.height)]
    for (row, column), value in page.cells.items():
        rows[row][column] = value
    return rows


def _text(case: Case) -> bytes:
    numbers = case.plan.random("text")
    separator = numbers.choice((";", ",", "\t"))
    target = io.StringIO()
    if case.plan.has("sep_line"):
        target.write(f"sep={separator}\r\n")
    writer = csv.writer(target, delimiter=separator)
    writer.writerows([_plain(value) for value in row] for row in _grid(case.pages[0]))
    encodings = ["utf-8", "utf-8-sig", "utf-16"]
    written = target.getvalue()
    if case.plan.lang in ("ru", "en") and "✓" not in written:
        encodings.append("cp1251")
    return written.encode(numbers.choice(encodings))


_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
)
_TAIL = "</office:spreadsheet></office:body></office:document-content>"


def _open_document(case: Case) -> bytes:
    sheets = "".join(map(_open_sheet, case.pages))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", f"{_HEAD}{sheets}{_TAIL}")
    return target.getvalue()


def _open_sheet(page: Page) -> str:
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in page.merges}
    covered = {
        (row, column)
        for top, left, bottom, right in page.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }
    rows = []
    for number, row in enumerate(_grid(page)):
        cells = []
        for column, value in enumerate(row):
            if (number, column) in covered:
                cells.append("<table:covered-table-cell/>")
            else:
                cells.append(_open_cell(value, spans.get((number, column))))
        cells.append('<table:table-cell table:number-columns-repeated="16000"/>')
        hidden = ' table:visibility="collapse"' if number in page.hidden_rows else ""
        rows.append(f"<table:table-row{hidden}>{''.join(cells)}</table:table-row>")
    rows.append('<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>')
    return f"<table:table table:name={quoteattr(page.name)}>{''.join(rows)}</table:table>"


def _open_cell(value: Any, span: Sequence[int] | None) -> str:
    spread = f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"' if span else ""
    if value is None:
        return f"<table:table-cell{spread}/>"
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in _plain(value).split("\n"))
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}{spread}>{lines}</table:table-cell>"
