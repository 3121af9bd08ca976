"""Comma, semicolon or tab separated text: bytes to a sheet of filled cells.

Whole numbers become numbers, so that a text file is read as the workbook it was saved from; a cell keeps the number of
the line it begins in.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.problems import RosterFileError
from duty_teller.importers.sheet import Sheet, Value
from duty_teller.importers.words.text import clean

MAX_LINE: Final = 200_000
"""Characters of a line: more than any roster needs, less than what makes the parser slow."""
_MAX_CELL: Final = 5_000
_SEPARATORS: Final = ";\t,"
_NUMBER: Final = re.compile(r"0|-?[1-9]\d{0,8}")
_BOM: Final = b"\xef\xbb\xbf"
_NAMED: Final = re.compile(r"sep=([;,\t|])[;,\t|]*\s*", re.IGNORECASE)
"""The first line by which Excel is told the separator; no row of the table."""
_PAGES: Final = ("cp1251", "cp1252", "cp1250", "cp866")
"""What programs of the languages that files come in wrote before Unicode; of equally good ones the first is taken."""
_CYRILLIC: Final = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёєіїґў")
_LETTERS: Final = _CYRILLIC | frozenset("äöüßåéèáíóúñçøąćęłńśźżčřšžýěůťďňőű")
_SIGNS: Final = frozenset("№«»„“”‘’…–—•·°§±×÷½¼¾€£®©™\xa0\xad")
_LATIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_SAMPLE: Final = 50


def decode(data: bytes) -> str | None:
    """Returns the text of a file in utf-8, utf-16 or one of the code pages before them; None when it is no text.

    A code page shows in what it makes of the bytes: letters of the languages known, and no word of two alphabets.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            return None
    if b"\0" in data:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = min((data.decode(page, errors="replace") for page in _PAGES), key=_strangeness)
    controls = sum(sign < " " and sign not in "\t\r\n\f" for sign in text[:10_000])
    return None if controls * 50 > min(len(text), 10_000) or text.count("\ufffd") * 50 > len(text) else text


def _strangeness(text: str) -> int:
    """Counts what shows that a text was read by the wrong code page."""
    signs = Counter(text.casefold())
    strange = sum(n for sign, n in signs.items() if sign >= "\x80" and sign not in _LETTERS and sign not in _SIGNS)
    words = set(re.findall(r"[^\W\d_]{2,}", text[:200_000]))
    return 4 * strange + sum(map(_is_mixed, words))


def _is_mixed(word: str) -> bool:
    """Tells whether a word has letters of two alphabets; short codes in capitals may well mix look-alikes."""
    signs = set(word.casefold())
    return not word.isupper() and bool(signs & _LATIN) and bool(signs & _CYRILLIC)


def longest_line(data: bytes) -> int:
    """Returns the length of the longest line in bytes; nothing is looked at beyond one that is too long."""
    longest = start = 0
    while start < len(data) and longest <= 4 * MAX_LINE:
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        longest, start = max(longest, end - start), end + 1
    return longest


def separator_of(text: str) -> str | None:
    """Returns the separator: of those that split most lines into the same number of cells, the one with most cells.

    A file of one column has none.
    """
    best, best_score = None, (0.0, 0)
    for separator in _SEPARATORS:
        widths = [len(row) for _, row in _rows(text, separator, _SAMPLE) if any(map(str.strip, row))]
        split = [width for width in widths if width > 1]
        if not split:
            continue
        _, same = Counter(split).most_common(1)[0]
        score = (len(split) / len(widths) + same / len(widths), max(split))
        if score > best_score:
            best, best_score = separator, score
    return best


def _rows(text: str, separator: str, limit: int | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yields the number of the line in which a row begins, and its cells.

    A quote that never ends would swallow the rest of the file: then quotes are taken for letters.
    """
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=separator)
    before = 0
    try:
        for count, row in enumerate(reader):
            if limit is not None and count >= limit:
                return
            yield before + 1, row
            before = reader.line_num
    except csv.Error as error:
        raise RosterFileError.of("import.file.csv_row", f"line {before + 1}") from error


def _value(text: str) -> Value:
    # Only whole numbers: `31.12` is more likely a day than a number.
    return int(text) if _NUMBER.fullmatch(text) else text


def read_text_table(data: bytes) -> Sheet | None:
    """Reads a text file.

    Args:
        data: The file, no larger than allowed.

    Returns:
        The sheet, without a name; None when it is no table at all.

    Raises:
        RosterFileError: A line or a cell that is far too long, or too many cells.
    """
    if longest_line(data) > 4 * MAX_LINE:
        raise RosterFileError.of("import.file.long_line", limit=MAX_LINE)
    text = decode(data)
    if text is None:
        return None
    named = _NAMED.match(text)
    separator = named[1] if named else separator_of(text)
    if separator is None:
        return None
    sheet = Sheet("")
    filled = 0
    for number, row in _rows(text, separator):
        if named and number == 1:
            continue
        cells: dict[int, Value] = {}
        for column, raw in enumerate(row, 1):
            cleaned = clean(raw)
            if not cleaned:
                continue
            if len(cleaned) > _MAX_CELL:
                raise RosterFileError.of("import.file.long_cell", f"line {number}", limit=_MAX_CELL)
            filled += 1
            if filled > limits.MAX_CELLS:
                raise RosterFileError.of("import.file.too_many_cells", limit=limits.MAX_CELLS)
            if "\n" in raw.strip():
                sheet.broken_lines[cleaned] = "\n".join(filter(None, map(clean, raw.splitlines())))
            cells[column] = _value(cleaned)
        if cells:
            sheet.rows[number] = cells
    return sheet
