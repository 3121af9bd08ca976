"""`Lindt, Anna`: one person by surname and first name, or two people. Only whoever made the file knows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from duty_teller.importers.roles import Account, CellRole
from duty_teller.importers.sheet import Sheet
from duty_teller.importers.tables.cells import is_somebody
from duty_teller.importers.words import lexicon_people
from duty_teller.importers.words.contacts import EMAIL, PHONE
from duty_teller.importers.words.text import clean, fold_name

_WORD: Final = r"[^\W\d_]{2,}(?:[-'’][^\W\d_]+)*"
_SURNAME: Final = rf"(?:(?:{'|'.join(lexicon_people.NAME_PARTICLES.split())}) ){{0,2}}{_WORD}"
_FIRST: Final = rf"{_WORD}(?: (?:{_WORD}|[^\W\d_]\.))?"
_PAIR: Final = re.compile(rf"(?<![\w.-])({_SURNAME})\s*,\s*({_FIRST})(?![\w-])", re.IGNORECASE)
_PAIRS: Final = re.compile(rf"(?:{_SURNAME})\s*,\s*{_FIRST}(?:\s*,\s*(?:{_SURNAME})\s*,\s*{_FIRST})*", re.IGNORECASE)
_JOINT: Final = re.compile(rf"[/;\n]+|\s*[&+]\s*|\s+(?:{'|'.join(lexicon_people.JOINTS.split())})\s+", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"[(\[][^()\[\]]*[)\]]")


@dataclass(frozen=True, slots=True)
class SurnamesFirst:
    """Cells in which a comma may stand between a surname and a first name.

    Attributes:
        text: What stands in the first of them.
        where: The first of them.
        count: How many there are.
        sheets: The sheets with the commas taken out of them, each with an account of its own.
    """

    text: str
    where: str
    count: int
    sheets: tuple[Sheet, ...]


def surnames_first(sheets: Sequence[Sheet], names: Sequence[str]) -> SurnamesFirst | None:
    """Looks for cells of people that could be `Surname, First` throughout.

    Whole names (`Anna Lindt, Boris Kern`) are several people, and so are single ones that stand alone in other cells
    or on either side of a comma.

    Args:
        sheets: As read, with the roles of their cells.
        names: The people that were read. A name with a comma in it is one of them as a whole.
    """
    whole = {fold_name(name) for name in names}
    found: list[tuple[str, str]] = []
    pairs: set[tuple[str, str]] = set()
    alone: set[str] = set()
    for sheet, row, column, text in _cells_of_people(sheets):
        parts = [clean(part) for part in _JOINT.split(_bare(sheet.broken_lines.get(text, text)))]
        with_comma = [part for part in parts if "," in part.strip(", ")]
        alone.update(fold_name(part) for part in parts if part not in with_comma)
        if not with_comma or fold_name(text) in whole:
            continue
        read = [_PAIR.findall(part) if _PAIRS.fullmatch(part) else [] for part in with_comma]
        if not all(read) or not all(is_somebody(piece) for some in read for pair in some for piece in pair):
            return None
        pairs.update((fold_name(surname), fold_name(first)) for some in read for surname, first in some)
        found.append((text, sheet.where(row, column)))
    alone |= {surname for surname, _ in pairs} & {first for _, first in pairs}
    known = sum(surname in alone or first in alone for surname, first in pairs)
    if not found or known * 2 >= len(pairs):
        return None
    return SurnamesFirst(*found[0], len(found), tuple(_joined(sheet) for sheet in sheets))


def _bare(text: str) -> str:
    """Returns a text without what stands in brackets, phones and addresses."""
    return PHONE.sub(" ", EMAIL.sub(" ", _BRACKETS.sub(" ", text)))


def _cells_of_people(sheets: Sequence[Sheet]) -> Iterator[tuple[Sheet, int, int, str]]:
    for sheet in sheets:
        for row, roles in sorted(sheet.account.rows.items()):
            for column, role in sorted(roles.items()):
                if role is CellRole.NAME and isinstance(text := sheet.rows.get(row, {}).get(column), str):
                    yield sheet, row, column, text


def _joined(sheet: Sheet) -> Sheet:
    """Returns a sheet without the commas between surname and first name in the cells of its people."""
    rows = dict(sheet.rows)
    lines = dict(sheet.broken_lines)
    for _, row, column, text in _cells_of_people([sheet]):
        written = _PAIR.sub(r"\1 \2", sheet.broken_lines.get(text, text))
        if "\n" in written:
            lines[clean(written)] = written
        rows[row] = {**rows[row], column: clean(written)}
    return replace(sheet, rows=rows, broken_lines=lines, account=Account())
