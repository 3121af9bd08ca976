"""Cells in shorthand: `"` and `same` for what stands above, `Lindt → Kern` for a replacement."""

import re
from dataclasses import replace
from typing import Final

from duty_teller.importers.sheet import Sheet, Value
from duty_teller.importers.tables.cells import likeness, split_people
from duty_teller.importers.tables.parse_result import ParseResult
from duty_teller.importers.words import lexicon
from duty_teller.importers.words.contacts import PHONE
from duty_teller.importers.words.moments import read_moment

_ARROW: Final = re.compile(r"\s*(?:[→⇒➔➜➡⟶]|[-=]{1,2}>|>{2,})\s*")
_DITTO: Final = frozenset(lexicon.DITTO.split())
_DITTO_WORDS: Final = frozenset(lexicon.DITTO_WORDS.split(", "))
_LONGEST_DITTO: Final = 16


def spelled_out(sheet: Sheet, found: ParseResult) -> Sheet:
    """Returns a sheet whose shorthand is written out; what was replaced in a cell is added to `found`.

    A ditto mark stands for the cell above it, or left of it where nothing stands above, if that is a person, a date or
    a phone: elsewhere it is a code like any other. Of people joined by arrows the last one is on duty.
    """
    known: dict[str, str | None] = {}
    rows: dict[int, dict[int, Value]] = {}
    for number in sorted(sheet.rows):
        row = sheet.rows[number]
        for column in sorted(row):
            value = row[column]
            if not isinstance(value, str):
                continue
            if value not in known:
                known[value] = _last_of(value)
            new: Value | None = known[value]
            if new is not None:
                found.replaced.append((sheet.where(number, column), value))
            elif is_ditto(value):
                above = rows.get(number - 1, sheet.rows.get(number - 1, {})).get(column)
                left = rows.get(number, row).get(column - 1)
                new = next((other for other in (above, left) if other is not None and _is_repeatable(other)), None)
            if new is not None:
                rows.setdefault(number, dict(row))[column] = new
    return replace(sheet, rows={**sheet.rows, **rows}) if rows else sheet


def is_ditto(text: str) -> bool:
    """Tells whether a text says that the same stands here as above."""
    if len(text) > _LONGEST_DITTO:
        return False
    return text.replace(" ", "") in _DITTO or text.casefold().strip(" .") in _DITTO_WORDS


def _is_repeatable(value: Value) -> bool:
    if isinstance(value, str) and (PHONE.fullmatch(value) or max(map(likeness, _names(value)), default=0) > 0):
        return True
    return read_moment(value) is not None


def _names(text: str) -> list[str]:
    return [person.name for person in split_people(text)]


def _last_of(text: str) -> str | None:
    """Returns the last of the people that arrows join; nothing if it is no such text."""
    parts = _ARROW.split(text) if _ARROW.search(text) else []
    people = [max(map(likeness, _names(part)), default=0) for part in parts]
    return parts[-1] if len(parts) > 1 and all(people) else None
