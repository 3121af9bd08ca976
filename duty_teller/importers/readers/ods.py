"""OpenDocument spreadsheets (.ods, as LibreOffice and Google save them): bytes to sheets of filled cells.

Read here, because no library passes: odfpy (last release in 2020) builds a tree of the whole file with an XML parser
that expands entities and knows no limit, ezodf is older still, and python-calamine gives neither hidden rows nor merged
cells of this format and brought the process down on one far cell. What is needed of the format is small: rows and cells
that repeat, cells that are merged, rows and columns that are hidden. XML is parsed with defusedxml, on use.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, Final
from xml.etree.ElementTree import Element

from duty_teller.importers import limits
from duty_teller.importers.problems import RosterFileError
from duty_teller.importers.readers.package import Package, local
from duty_teller.importers.sheet import Broken, Sheet, Value
from duty_teller.importers.words.text import clean

_TYPES: Final = (
    b"application/vnd.oasis.opendocument.spreadsheet",
    b"application/vnd.oasis.opendocument.spreadsheet-template",
)
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_EXTENSION: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_NO_SHEETS: Final = (f"{_TABLE}tracked-changes", f"{_OFFICE}annotation", f"{_TABLE}shapes", f"{_OFFICE}dde-source")
"""Inside these, rows and texts are none of the sheet: what was deleted, remarks, drawings."""
_GROUPS: Final = (f"{_TABLE}table-row-group", f"{_TABLE}table-column-group")
_MAX_ROWS: Final = 1_048_576
_SPACES: Final = 100


def is_spreadsheet(package: Package) -> bool:
    """Tells whether an archive is a spreadsheet of this format.

    Raises:
        RosterFileError: It is one, and locked with a password.
    """
    if "mimetype" not in package or "content.xml" not in package:
        return False
    with package.open("mimetype") as source:
        kind = source.read(200).strip()
    if kind not in _TYPES:
        return False
    if "META-INF/manifest.xml" in package:
        manifest = package.xml("META-INF/manifest.xml")
        if any(local(element.tag) == "encryption-data" for element in manifest.iter()):
            raise RosterFileError.of("import.file.password")
    return True


def read_sheets(package: Package) -> list[Sheet]:
    """Reads the sheets of a spreadsheet that was found to be no larger than allowed.

    Raises:
        RosterFileError: Too many sheets or cells.
        Exception: Anything a damaged file leads to.
    """
    from defusedxml.ElementTree import iterparse

    reader = _Reader()
    with package.open("content.xml") as source:
        for event, element in iterparse(source, events=("start", "end")):
            if event == "start":
                reader.start(element)
            else:
                reader.end(element)
    return reader.sheets


class _Reader:
    """Follows the parts of a document from top to bottom."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.hidden_styles: set[str] = set()
        self.struck_styles: set[str] = set()
        self.outside = 0
        self.depth = 0
        self.folded = 0
        self.row = self.column = 1
        self.columns: list[tuple[int, int]] = []
        self.room = limits.MAX_CELLS

    def start(self, element: Element) -> None:
        """Takes what is known before the content of an element."""
        tag = element.tag
        if tag in _NO_SHEETS:
            self.outside += 1
        elif self.outside:
            return
        elif tag == f"{_TABLE}table":
            self.depth += 1
            if self.depth == 1:
                self.begin(element)
        elif tag in _GROUPS and element.get(f"{_TABLE}display") == "false":
            self.folded += 1

    def begin(self, element: Element) -> None:
        """Begins a sheet."""
        hidden = element.get(f"{_TABLE}style-name") in self.hidden_styles
        self.sheets.append(Sheet(clean(element.get(f"{_TABLE}name") or ""), hidden))
        if len(self.sheets) > limits.MAX_SHEETS:
            n = len(self.sheets)
            raise RosterFileError.of("import.file.too_many_sheets", n=n, limit=limits.MAX_SHEETS)
        self.row = self.column = 1
        self.columns = []

    def end(self, element: Element) -> None:
        """Takes an element that is complete."""
        tag = element.tag
        if tag in _NO_SHEETS:
            self.outside -= 1
            element.clear()
        elif self.outside:
            return
        elif tag == f"{_TABLE}table":
            self.depth -= 1
            if self.depth == 0:
                self.finish()
        elif tag in _GROUPS and element.get(f"{_TABLE}display") == "false":
            self.folded -= 1
        elif self.depth == 1 and tag == f"{_TABLE}table-row":
            self.take_row(element)
            element.clear()
        elif self.depth == 1 and tag == f"{_TABLE}table-column":
            last = self.column + _count(element, "number-columns-repeated") - 1
            if self.is_hidden(element):
                self.columns.append((self.column, last))
            self.column = last + 1
        elif tag == f"{_STYLE}style":
            if any(child.get(f"{_TABLE}display") == "false" for child in element):
                self.hidden_styles.add(element.get(f"{_STYLE}name") or "")
            if any((child.get(f"{_STYLE}text-line-through-style") or "none") != "none" for child in element):
                self.struck_styles.add(element.get(f"{_STYLE}name") or "")
            element.clear()

    def finish(self) -> None:
        sheet = self.sheets[-1]
        filled = {column for row in sheet.rows.values() for column in row} if self.columns else set()
        sheet.hidden_columns = {column for column in filled if any(a <= column <= b for a, b in self.columns)}

    def is_hidden(self, element: Element) -> bool:
        return self.folded > 0 or element.get(f"{_TABLE}visibility") in ("collapse", "filter")

    def take_row(self, element: Element) -> None:
        """Takes a row as often as it repeats; one that is empty costs nothing."""
        sheet = self.sheets[-1]
        times = _count(element, "number-rows-repeated")
        column = 1
        cells: dict[int, Value] = {}
        struck: dict[int, str] = {}
        merges: list[tuple[int, int, int]] = []
        for node in element:
            if node.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            repeated = _count(node, "number-columns-repeated")
            value = None if node.tag.endswith("covered-table-cell") else self.value(node)
            if value is not None:
                self.spend(repeated * min(times, _MAX_ROWS))
                cells |= dict.fromkeys(range(column, column + repeated), value)
                if self.struck_styles and (rest := self.unstruck(node)) is not None:
                    struck |= dict.fromkeys(range(column, column + repeated), rest)
                down, right = _count(node, "number-rows-spanned"), _count(node, "number-columns-spanned")
                if down > 1 or right > 1:
                    merges.append((column, down, right))
            column += repeated
        if cells:
            for row in range(self.row, self.row + times):
                sheet.rows[row] = dict(cells)
                sheet.struck |= {(row, at): rest for at, rest in struck.items()}
                sheet.merges += [(row, at, row + down - 1, at + right - 1) for at, down, right in merges]
                if self.is_hidden(element):
                    sheet.hidden_rows.add(row)
        self.row += times

    def unstruck(self, node: Element) -> str | None:
        """Returns what of a cell's text has no line through it; nothing if no part of it has one."""
        if node.get(f"{_TABLE}style-name") in self.struck_styles:
            return ""
        spans = [span for span in node.iter(f"{_TEXT}span") if span.get(f"{_TEXT}style-name") in self.struck_styles]
        if not spans:
            return None
        for span in spans:
            tail = span.tail
            span.clear()
            span.tail = tail
        return clean(_lines(node))

    def spend(self, cells: int) -> None:
        self.room -= cells
        if self.room < 0:
            raise RosterFileError.of("import.file.too_many_cells", limit=limits.MAX_CELLS)

    def value(self, node: Element) -> Value | None:
        """Returns the value of a cell; None if it is empty."""
        kind = node.get(f"{_OFFICE}value-type") or ""
        if node.get(f"{_EXTENSION}value-type") == "error":
            return Broken(clean(_lines(node))[:16])
        if kind in ("float", "percentage", "currency"):
            number = float(node.get(f"{_OFFICE}value") or "nan")
            return int(number) if number.is_integer() else number
        if kind == "date":
            moment = datetime.fromisoformat((node.get(f"{_OFFICE}date-value") or "").strip())
            return moment.replace(tzinfo=None)
        if kind == "time":
            return _time(node.get(f"{_OFFICE}time-value") or "")
        if kind == "boolean":
            return node.get(f"{_OFFICE}boolean-value") == "true"
        stored = node.get(f"{_OFFICE}string-value") or _lines(node)
        text = clean(stored)
        if not text:
            is_formula = node.get(f"{_TABLE}formula") is not None
            return Broken("") if is_formula and not kind else None
        if "\n" in stored.strip():
            self.sheets[-1].broken_lines[text] = "\n".join(filter(None, map(clean, stored.splitlines())))
        return text


def _count(element: Element, name: str) -> int:
    return min(max(1, int(element.get(f"{_TABLE}{name}") or 1)), _MAX_ROWS)


def _time(text: str) -> Value:
    """Returns a time of day, or a length where it is longer than a day: `PT08H30M00S`."""
    from openpyxl.utils.datetime import from_ISO8601

    length: Any = from_ISO8601(text.strip())  # type: ignore[no-untyped-call]
    if isinstance(length, timedelta) and timedelta() <= length < timedelta(days=1):
        return time(*divmod(int(length.total_seconds()) // 60, 60))
    return length  # type: ignore[no-any-return]


def _lines(node: Element) -> str:
    """Returns the text of a cell, its paragraphs as lines."""
    return "\n".join("".join(_pieces(child)) for child in node if child.tag == f"{_TEXT}p")


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            yield " " * min(_SPACES, int(child.get(f"{_TEXT}c") or 1))
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag not in _NO_SHEETS:
            yield from _pieces(child)
        yield child.tail or ""
