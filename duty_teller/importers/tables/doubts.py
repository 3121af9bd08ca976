"""Names that may be no people: places, positions, titles of schedules, words of calendars. Somebody is asked."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from duty_teller.importers.model import Block, BlockCell, Entry, RosterCells
from duty_teller.importers.problems import RosterFileError
from duty_teller.importers.tables.cells import likeness
from duty_teller.importers.tables.parse_result import ParseResult
from duty_teller.importers.words import lexicon, lexicon_people
from duty_teller.importers.words.contacts import EMAIL, PHONE
from duty_teller.importers.words.meaning import Answers
from duty_teller.importers.words.names import is_no_name

_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_UNSURE: Final = re.compile(
    rf"\b(?:{'|'.join((*lexicon_people.INSTEAD.split(', '), *lexicon_people.EITHER.split()))})\b", re.IGNORECASE
)
"""Words that leave open who of two people it is."""
_MOST: Final = 0.8
_SURE: Final = 2
_SENTENCE: Final = 6

Doubt = tuple[str, str, int]
"""A name, its first cell, and in how many cells it stands."""


def doubts_of(found: ParseResult) -> list[Doubt]:
    """Returns the names of a file that may be no people, in its order.

    A place, a position or a title is told by its words; so is what no name can be (`False`, `Standup`), also below
    the heading of a list's names. What stands once, is written unlike the others and below no such heading is doubtful,
    too. The people of a grid below the heading of names are people, whatever they are called.
    """
    where: dict[str, str] = {}
    count: Counter[str] = Counter()
    cells: Iterable[Entry | BlockCell] = (*found.entries, *(cell for block in found.blocks for cell in block.cells))
    for cell in cells:
        where.setdefault(cell.name, cell.where)
        count[cell.name] += 1
    names = [name for name in count if name not in found.trusted]
    odd = {name for name in names if is_odd(name)}
    sure = sum(count[name] for name in names if likeness(name) == _SURE)
    if sure >= _MOST * sum(count[name] for name in names):
        odd |= {name for name in names if count[name] == 1 and likeness(name) < _SURE and name not in found.labelled}
    return [(name, where[name], count[name]) for name in names if name in odd]


def without_nobody(cells: RosterCells, answers: Answers) -> RosterCells:
    """Returns a file without the names that were answered to be nobody's.

    Raises:
        RosterFileError: `import.file.no_names`, nobody is left.
    """
    nobody = {name for name, _, _ in cells.doubts if answers.choices.get(f"name:{name}") == "nobody"}
    if not nobody:
        return cells
    names = tuple(name for name in cells.names if name not in nobody)
    if not names:
        raise RosterFileError.of("import.file.no_names", where=cells.doubts[0][1])

    def of_somebody(blocks: Iterable[Block]) -> tuple[Block, ...]:
        return tuple(
            replace(block, cells=tuple(cell for cell in block.cells if cell.name not in nobody)) for block in blocks
        )

    return replace(
        cells,
        names=names,
        entries=tuple(entry for entry in cells.entries if entry.name not in nobody),
        blocks=of_somebody(cells.blocks),
        tables=of_somebody(cells.tables),
        loose=sum(entry.name not in nobody for entry in cells.entries[: cells.loose]),
    )


def is_odd(name: str) -> bool:
    """Tells whether the words of a name are those of a place, a team, an event … or leave open who it is."""
    if EMAIL.search(name) or PHONE.search(name) or "@" in name:
        return False
    words = [word.casefold() for word in _WORD.findall(name)]
    if not words or is_no_name(name) or "?" in name or _UNSURE.search(name):
        return True
    if not _titles().isdisjoint(words):
        return True
    told = [word for word in words if len(word) > 1 or "." in name]  # `Team A`, unlike `Hall M.`
    return all(word in _no_names() for word in told) or len(words) >= _SENTENCE


def _all_words(*tables: Mapping[str, str]) -> frozenset[str]:
    return frozenset(word for table in tables for words in table.values() for word in words.split())


@cache
def _titles() -> frozenset[str]:
    return _all_words(lexicon_people.SCHEDULES)


@cache
def _no_names() -> frozenset[str]:
    places, events = (lexicon_people.PLACES, lexicon_people.TEAMS), (lexicon_people.NO_DUTY_EVENTS,)
    return _all_words(*places, *events, lexicon_people.POSITIONS, lexicon.ROLES, {"": lexicon.JOBS})
