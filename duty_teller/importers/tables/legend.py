"""Finds the legends of a sheet among the cells that no table took."""

from collections.abc import Iterable, Sequence

from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Sheet, cell_text
from duty_teller.importers.words.legends import read_legend, read_legend_row
from duty_teller.importers.words.text import fold_code

Explained = tuple[str, str, str]
"""What a file says of one of its codes: the code as the legend writes it, its meaning as `Meaning` does, the cell."""


def legends_of(sheets: Iterable[Sheet], texts: Iterable[str]) -> list[Explained]:
    """Returns what the legends of a file say of its codes; a code that is explained in two ways is left out.

    Args:
        sheets: With the account of what was taken.
        texts: The codes of the file, as written.
    """
    codes = [text for text in dict.fromkeys(texts) if text and len(text) <= 24]
    folded = frozenset(map(fold_code, codes))
    found: dict[str, Explained] = {}
    twice: set[str] = set()
    for sheet in sheets:
        for explained in _of_sheet(sheet, codes, folded):
            key = fold_code(explained[0])
            if key in found and found[key][1] != explained[1]:
                twice.add(key)
            found.setdefault(key, explained)
    return [explained for key, explained in found.items() if key not in twice]


def _of_sheet(sheet: Sheet, codes: Sequence[str], folded: frozenset[str]) -> list[Explained]:
    found: list[Explained] = []
    for row, cells in sorted(sheet.rows.items()):
        known = sheet.account.rows.get(row, {})
        if cells.keys() <= known.keys():
            continue
        left = [(column, value) for column, value in sorted(cells.items()) if column not in known]
        before = len(found)
        for column, value in left:
            if isinstance(value, str):
                whole = sheet.broken_lines.get(value, value)
                pairs = read_legend(whole, codes)
                found += [(code, str(meaning), sheet.where(row, column)) for code, meaning in pairs]
                if pairs:
                    sheet.note(row, [column], CellRole.LEGEND)
        if len(found) > before:
            continue
        for at in range(len(left) - 1):
            column = left[at][0]
            beside = [left[at]]
            for other in left[at + 1 : at + 3]:
                if fold_code(cell_text(other[1])) in folded:
                    break
                beside.append(other)
            if pair := read_legend_row([cell_text(value) for _, value in beside], folded):
                found.append((pair[0], str(pair[1]), sheet.where(row, column)))
                sheet.note(row, [column for column, _ in beside], CellRole.LEGEND)
    return found
