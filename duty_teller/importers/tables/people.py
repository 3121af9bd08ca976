"""Which column of a table holds the names, and which of its rows are people."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.sheet import Value
from duty_teller.importers.words.names import (
    is_legend,
    is_name_label,
    is_name_part_label,
    is_total,
    is_weekday,
    row_kind,
)
from duty_teller.importers.words.text import clean, fold_code, fold_name
from duty_teller.importers.words.titles import read_title

_NUMBERED: Final = re.compile(r"\d{1,3}[.)]\s*(?=\D)")
_LEGEND_LINE: Final = re.compile(r"\S{1,4}\s*[-–—=:]\s*\S.*")


def person_name(text: str) -> str:
    """Returns a name as the file has it, without a number in front (`1. Иванов`)."""
    return clean(_NUMBERED.sub("", text, count=1))


def is_name_like(text: str) -> bool:
    """Tells whether a text can be a person at all: two letters or more, no label, no total, no weekday."""
    if sum(sign.isalpha() for sign in text) < 2 or len(text) > limits.MAX_NAME:
        return False
    return not (
        is_total(text) or is_legend(text) or is_weekday(text) or is_name_label(text) or _LEGEND_LINE.fullmatch(text)
    )


def looks_like_person(text: str) -> bool:
    """Tells whether a text without any filled day is likely a person: written like one, and no month in it."""
    return is_capitalised(text) and read_title(text).month is None


def is_capitalised(text: str) -> bool:
    """Tells whether a text is two to five capitalised words or initials, with no digit and no sign of a label."""
    words = text.replace(".", ". ").split()
    if not 2 <= len(words) <= 5 or any(sign.isdigit() or sign in ":;=/_*!?" for sign in text):
        return False
    return all(word[0].isupper() or word[0] in "(@" for word in words)


def name_columns(
    rows: Sequence[dict[int, Value]], labels: Iterable[dict[int, Value]], left: Sequence[int]
) -> tuple[int, ...]:
    """Finds the columns whose texts, put together, are the names.

    Args:
        rows: The rows below the header.
        labels: The rows of the header and around it.
        left: The columns left of the first day.

    Returns:
        One column, several when surname and first name stand apart, or none.
    """
    labelled: list[int] = []
    parts: list[int] = []
    for row in labels:
        for column in left:
            text = row.get(column)
            if isinstance(text, str) and is_name_label(text):
                labelled.append(column)
                if is_name_part_label(text):
                    parts.append(column)
    if len(set(parts)) > 1:
        return tuple(sorted(set(parts)))
    if labelled:
        return (labelled[0],)
    best, best_score = -1, 0
    for column in left:
        seen = {
            fold_name(text)
            for row in rows
            if isinstance(text := row.get(column), str) and is_name_like(person_name(text)) and not row_kind(text)
        }
        if len(seen) > best_score:
            best, best_score = column, len(seen)
    return () if best < 0 else (best,)


def is_legend_row(name: str, codes: set[str]) -> bool:
    """Tells whether a row explains codes: its name is one of those used above, or it reads `Д - день`."""
    if fold_code(name) in codes or is_legend(name):
        return True
    return bool(_LEGEND_LINE.fullmatch(name)) and fold_code(re.split(r"[-–—=:]", name, maxsplit=1)[0]) in codes
