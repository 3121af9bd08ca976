"""Workbooks: bytes to sheets of filled cells, whichever program wrote them.

The parts are read here and not by openpyxl: it refuses a whole file for one extension in a fill, knows one spelling of
the names of parts, no Strict files, and unfolds every merged range (a range over a whole sheet has 17 billion cells).
Its number formats, its dates and its ranges are used. Of the styles only number formats are looked at, because they
tell dates from numbers; a table of styles that cannot be read costs the dates their form, never the file. XML is parsed
with defusedxml. Both are imported on use, because an idle service needs neither.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from xml.etree.ElementTree import Element

from duty_teller.importers import limits
from duty_teller.importers.problems import RosterFileError
from duty_teller.importers.readers.package import MissingPartError, Package, attribute, children, local
from duty_teller.importers.sheet import Broken, Sheet, Value
from duty_teller.importers.words.text import clean

_DIGITS: Final = "0123456789$"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DATE_IDS: Final = frozenset((*range(27, 37), *range(50, 59)))
"""Number formats without a code that are dates in the Excels of East Asia."""
_GENERAL: Final = ("general", "standard")


@dataclass(slots=True)
class _Book:
    """What all sheets share.

    Attributes:
        package: The parts.
        strings: Shared texts.
        dates: Styles of cells that show a day or a time of day.
        lengths: Styles of cells that show a length of time (`[h]:mm`).
        struck: Styles of cells with a line through their text.
        unstruck: Number of a shared text with a line through a part of it → the rest.
        mac_epoch: As `Sheet.mac_epoch`.
        room: How many more cells may be filled.
        cleaned: Text as stored → cleaned.
    """

    package: Package
    strings: list[str] = field(default_factory=list)
    dates: frozenset[str] = frozenset()
    lengths: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()
    unstruck: dict[str, str] = field(default_factory=dict)
    mac_epoch: bool = False
    room: int = limits.MAX_CELLS
    cleaned: dict[str, str] = field(default_factory=dict)


def workbook_part(package: Package) -> str | None:
    """Returns the name of the part that lists the sheets; nothing if the archive is no workbook of XML."""
    from defusedxml.ElementTree import iterparse

    found = [name for kind, name in package.relations("").values() if kind == "officeDocument"]
    for name in (*found, "xl/workbook.xml"):
        if name in package and name.lower().endswith(".xml"):
            with package.open(name) as source:
                _, root = next(iterparse(source, events=("start",)), ("", None))
            if root is not None and local(root.tag) == "workbook":
                return name
    return None


def read_sheets(package: Package) -> list[Sheet]:
    """Reads the worksheets of a workbook that was found to be no larger than allowed.

    Raises:
        RosterFileError: Too many sheets or cells.
        Exception: Anything a damaged workbook leads to.
    """
    part = workbook_part(package)
    if part is None:
        raise MissingPartError("workbook")
    root = package.xml(part)
    relations = package.relations(part)
    listed = [sheet for sheets in children(root, "sheets") for sheet in children(sheets, "sheet")]
    sheets = [(sheet, _sheet_part(package, relations, sheet, number)) for number, sheet in enumerate(listed, 1)]
    worksheets = [(sheet, name) for sheet, name in sheets if name]
    if len(worksheets) > limits.MAX_SHEETS:
        raise RosterFileError.of("import.file.too_many_sheets", n=len(worksheets), limit=limits.MAX_SHEETS)
    book = _Book(package)
    book.mac_epoch = any(_is_on(part.get("date1904")) for part in children(root, "workbookPr"))
    named = dict(relations.values())
    book.strings = _strings(package, named.get("sharedStrings", "xl/sharedStrings.xml"), book.unstruck)
    book.dates, book.lengths, book.struck = _formats(package, named.get("styles", "xl/styles.xml"))
    found = []
    for element, name in worksheets:
        hidden = (element.get("state") or "visible") != "visible"
        found.append(Sheet(clean(element.get("name") or ""), hidden, book.mac_epoch))
        _read_cells(book, name, found[-1])
    return found


def _sheet_part(package: Package, relations: dict[str, tuple[str, str]], sheet: Element, number: int) -> str:
    """Returns the name of a worksheet's part; nothing for a sheet of charts or dialogs."""
    kind, name = relations.get(attribute(sheet, "id") or "", ("worksheet", f"xl/worksheets/sheet{number}.xml"))
    return name if kind == "worksheet" else ""


def _is_on(value: str | None) -> bool:
    return value in ("1", "true", "on")


def _strings(package: Package, name: str, unstruck: dict[str, str]) -> list[str]:
    """Returns the shared texts; those of a file without any are written into its cells.

    Args:
        package: The parts.
        name: Of the part of texts.
        unstruck: Takes number → the rest, of texts that are struck through in part.
    """
    from defusedxml.ElementTree import iterparse

    found: list[str] = []
    if name not in package:
        return found
    with package.open(name) as source:
        for _, element in iterparse(source):
            if local(element.tag) == "si":
                found.append(_text(element))
                if (rest := _unstruck(element)) is not None:
                    unstruck[str(len(found) - 1)] = rest
                element.clear()
    return found


def _text(element: Element) -> str:
    """Returns the text of a string: all its runs, without the hints for reading it aloud."""
    parts: list[str] = []
    for child in element:
        name = local(child.tag)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.append(_text(child))
    text = "".join(parts)
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _is_struck(properties: Iterable[Element]) -> bool:
    """Tells whether properties of a font or of a run have a line through the text."""
    found = [part for group in properties for part in group if local(part.tag) == "strike"]
    return any((part.get("val") or "1") not in ("0", "false", "off") for part in found)


def _unstruck(element: Element) -> str | None:
    """Returns what of a text has no line through it; nothing if no part of it has one."""
    runs = list(children(element, "r"))
    struck = [_is_struck(children(run, "rPr")) for run in runs]
    if not any(struck):
        return None
    return clean("".join(_text(run) for run, gone in zip(runs, struck, strict=True) if not gone))


def _formats(package: Package, name: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Returns the styles of dates and times, of lengths of time, and of struck text; none if they cannot be read."""
    from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format

    try:
        root = package.xml(name)
    except Exception:  # styles never decide whether a file opens
        return frozenset(), frozenset(), frozenset()
    fonts = [font for group in children(root, "fonts") for font in children(group, "font")]
    crossed = {str(number) for number, font in enumerate(fonts) if _is_struck([font])}
    struck: set[str] = set()
    codes = {
        item.get("numFmtId"): item.get("formatCode") or ""
        for formats in children(root, "numFmts")
        for item in children(formats, "numFmt")
    }
    dates: set[str] = set()
    lengths: set[str] = set()
    styles = (style for group in children(root, "cellXfs") for style in children(group, "xf"))
    for index, style in enumerate(styles):
        if style.get("fontId") in crossed:
            struck.add(str(index))
        number = style.get("numFmtId") or "0"
        code = codes.get(number)
        if code is None and number.isdecimal():
            code = "d" if int(number) in _DATE_IDS else builtin_format_code(int(number))
        if code and code.casefold() not in _GENERAL and is_date_format(code):
            (lengths if is_timedelta_format(code) else dates).add(str(index))
    return frozenset(dates), frozenset(lengths), frozenset(struck)


def _read_cells(book: _Book, part: str, sheet: Sheet) -> None:
    """Fills a sheet."""
    from defusedxml.ElementTree import iterparse
    from openpyxl.utils.cell import range_boundaries

    ranges: list[str] = []
    columns: list[tuple[int, int]] = []
    row = 0
    with book.package.open(part) as source:
        for _, element in iterparse(source):
            name = local(element.tag)
            if name == "row":
                row = int(float(element.get("r") or row + 1))
                _read_row(book, sheet, element, row)
                element.clear()
            elif name == "mergeCell":
                ranges.append(element.get("ref") or "")
            elif name == "col" and _is_hidden(element, "width"):
                columns.append((int(element.get("min") or 0), int(element.get("max") or 0)))
    if columns:
        filled = {column for cells in sheet.rows.values() for column in cells}
        sheet.hidden_columns |= {column for column in filled if any(a <= column <= b for a, b in columns)}
    for reference in ranges:
        left, top, right, bottom = range_boundaries(reference)
        if left and top and right and bottom and left in sheet.rows.get(top, ()):
            sheet.merges.append((top, left, bottom, right))


def _is_hidden(element: Element, size: str) -> bool:
    """Tells whether a row or column is not shown: by its mark, or because it has no height or width."""
    return _is_on(element.get("hidden")) or element.get(size) in ("0", "0.0")


def _read_row(book: _Book, sheet: Sheet, element: Element, row: int) -> None:
    cells: dict[int, Value] = {}
    space = element.tag[: -len("row")]
    tags = f"{space}v", f"{space}f", f"{space}is"
    at = 0
    for node in element:
        reference = node.get("r")
        at = _column(reference.rstrip(_DIGITS)) if reference else at + 1
        if not len(node):
            continue
        value = _value(book, sheet, node, tags)
        if value is None:
            continue
        book.room -= 1
        if book.room < 0:
            raise RosterFileError.of("import.file.too_many_cells", limit=limits.MAX_CELLS)
        cells[at] = value
        if (rest := _rest(book, node, tags)) is not None:
            sheet.struck[row, at] = rest
    if cells:
        sheet.rows.setdefault(row, {}).update(cells)
        if _is_hidden(element, "ht"):
            sheet.hidden_rows.add(row)


def _rest(book: _Book, node: Element, tags: tuple[str, str, str]) -> str | None:
    """Returns what of a cell's text has no line through it; nothing if no part of it has one."""
    if node.get("s") in book.struck:
        return ""
    kind = node.get("t")
    if kind == "s" and book.unstruck:
        return book.unstruck.get(node.findtext(tags[0]) or "")
    inline = node.find(tags[2]) if kind == "inlineStr" else None
    return None if inline is None else _unstruck(inline)


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper().replace("$", ""):
        number = number * 26 + _LETTERS.index(letter) + 1
    return number


def _value(book: _Book, sheet: Sheet, node: Element, tags: tuple[str, str, str]) -> Value | None:
    """Returns the value of a cell; None if it is empty. The tags are those of values, formulas and texts in cells."""
    kind = node.get("t") or "n"
    stored = node.findtext(tags[0])
    if kind == "s" and stored:
        return _cleaned(book, sheet, book.strings[int(stored)])
    if kind == "inlineStr" or stored is None:
        inline = node.find(tags[2])
        if inline is not None:
            return _cleaned(book, sheet, _text(inline))
    if not stored:
        # A text formula may well give an empty text: that is stored as an empty value.
        is_empty = node.find(tags[1]) is None or (kind == "str" and stored is not None)
        return None if is_empty else Broken("")
    if kind == "e":
        return Broken(clean(stored)[:16])
    if kind == "b":
        return _is_on(stored)
    if kind == "n":
        return _number(book, sheet, stored, node.get("s") or "0")
    if kind == "d":
        return _iso(stored)
    return _cleaned(book, sheet, stored)


def _cleaned(book: _Book, sheet: Sheet, stored: str) -> str | None:
    text = book.cleaned.get(stored)
    if text is None:
        text = book.cleaned[stored] = clean(stored)
    if "\n" in stored and text not in sheet.broken_lines and "\n" in stored.strip():
        sheet.broken_lines[text] = "\n".join(filter(None, map(clean, stored.splitlines())))
    return text or None


def _number(book: _Book, sheet: Sheet, stored: str, style: str) -> Value | None:
    """Returns a number, or the date that its style shows it as; text that is none stays a text."""
    try:
        number = int(stored) if stored.isdecimal() else float(stored)
    except ValueError:
        return _cleaned(book, sheet, stored)
    if style not in book.dates and style not in book.lengths:
        return number
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    epoch = CALENDAR_MAC_1904 if book.mac_epoch else CALENDAR_WINDOWS_1900
    try:
        moment: Value = from_excel(number, epoch, timedelta=style in book.lengths)
    except (OverflowError, ValueError):
        return Broken("#VALUE!")
    return moment


def _iso(stored: str) -> Value:
    """Returns the date, time or length of a Strict file's cell."""
    from openpyxl.utils.datetime import from_ISO8601

    moment: Any = from_ISO8601(stored)  # type: ignore[no-untyped-call]
    if isinstance(moment, datetime) or not hasattr(moment, "year"):
        return moment  # type: ignore[no-any-return]
    return datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001  # a cell has no zone
