"""Names of weekdays and months in the languages of the sample files, and the labels found around a roster's table."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from duty_teller.i18n.languages import LANGUAGES
from duty_teller.importers.words import lexicon, lexicon_people

_NAME_LABEL: Final = re.compile(lexicon.NAME_LABEL)
_PART_LABEL: Final = re.compile(lexicon.PART_LABEL)
_REPLACEMENT: Final = re.compile(lexicon.REPLACEMENT)
_UNIT: Final = re.compile(lexicon.UNIT)
_TOTAL: Final = re.compile(lexicon.TOTAL)
_LEGEND: Final = re.compile(lexicon.LEGEND)
_SIGNER: Final = re.compile(lexicon.SIGNER)
_SIGNATURE: Final = re.compile(lexicon.SIGNATURE)
_NO_NAMES: Final = frozenset(lexicon_people.NO_NAMES.split(", "))
_PLAN: Final = frozenset(lexicon.PLAN.split(", "))
_FACT: Final = frozenset(lexicon.FACT.split(", "))
_EXTRA: Final = frozenset(lexicon.EXTRA.split(", "))
_LONGEST_SHORT: Final = 4
"""Letters of the short form of a weekday."""
_HOURS: Final = frozenset(lexicon.HOURS.split(", "))


def fold_word(text: str) -> str:
    """Returns the form in which the names of this module are compared."""
    return unicodedata.normalize("NFC", text).casefold().strip(" .,:;()[]").replace("’", "").replace("'", "")


@cache
def _months() -> dict[str, int]:
    named = {
        fold_word(form): number
        for names in lexicon.MONTHS.values()
        for number, forms in enumerate(names.split("|"), 1)
        for form in forms.split()
    }
    for spoken in LANGUAGES.values():
        typed = [forms.split() for forms in spoken.typed.months.split("|")] if spoken.typed.months else []
        for forms in (spoken.months, spoken.months_in_date, spoken.months_in_date_long):
            named |= {fold_word(form): number for number, form in enumerate(forms, 1)}
        named |= {fold_word(form): number for number, some in enumerate(typed, 1) for form in some}
    return named


def month_number(word: str) -> int | None:
    """Returns 1…12 for the name of a month in any case and of any known language."""
    return _months().get(fold_word(word))


@cache
def _languages() -> tuple[dict[str, frozenset[int]], ...]:
    tables = []
    for names in (*lexicon.WEEKDAYS.values(), *lexicon.LETTERS.values()):
        table: dict[str, set[int]] = {}
        for number, forms in enumerate(names.split("|")):
            for form in forms.split():
                table.setdefault(fold_word(form), set()).add(number)
        tables.append({form: frozenset(numbers) for form, numbers in table.items()})
    return tuple(tables)


@lru_cache(maxsize=4096)
def is_weekday(word: str) -> bool:
    """Tells whether a text is the name of a weekday, single letters not counted."""
    folded = fold_word(word)
    return any(folded in table for table in _languages()[: len(lexicon.WEEKDAYS)])


def weekday_number(word: str) -> int | None:
    """Returns 0 (Monday) … 6 for a weekday as people type it to the bot, in a language it speaks."""
    return _typed_weekdays().get(fold_word(word))


@cache
def _typed_weekdays() -> dict[str, int]:
    named: dict[str, int] = {}
    for spoken in LANGUAGES.values():
        for number, forms in enumerate(spoken.typed.weekdays.split("|")):
            for form in (*forms.split(), spoken.weekdays[number], spoken.weekdays_long[number]):
                named.setdefault(fold_word(form), number)
    return named


def weekday_readings(words: Sequence[str]) -> list[list[frozenset[int]]]:
    """Reads a row of weekdays.

    Args:
        words: The names in order; an empty one says nothing.

    Returns:
        For each language that knows all of them, what each can be (0 = Monday); an empty word can be any day.
    """
    every = frozenset(range(7))
    folded = [fold_word(word) for word in words]
    if not any(folded):
        return []
    return [
        [table[word] if word else every for word in folded]
        for table in _languages()
        if all(word in table for word in folded if word)
    ]


def is_letter_row(words: Sequence[str]) -> bool:
    """Tells whether letters are weekdays in the order of a week (`П В С Ч П С В`, `lun mar mer`), five at least."""
    if len(words) < 5 or not all(words) or any(len(fold_word(word)) > _LONGEST_SHORT for word in words):
        return False
    return any(
        all((offset + index) % 7 in days for index, days in enumerate(reading))
        for reading in weekday_readings(words)
        for offset in range(7)
    )


def is_name_label(text: str) -> bool:
    """Tells whether a text heads the column of names."""
    return _NAME_LABEL.fullmatch(fold_word(text)) is not None


def is_no_name(text: str) -> bool:
    """Tells whether a text is a word that no name can be (`False`, `Standup`)."""
    return text.casefold().strip() in _NO_NAMES


def is_name_part_label(text: str) -> bool:
    """Tells whether a text heads a column with a part of the names (surname, first name)."""
    return _PART_LABEL.fullmatch(fold_word(text)) is not None


def is_replacement(text: str) -> bool:
    """Tells whether a text heads the column of those who are on duty instead of others."""
    return _REPLACEMENT.fullmatch(fold_word(text)) is not None


def is_unit(text: str) -> bool:
    """Tells whether a text heads a column with the names of teams or schedules."""
    return _UNIT.fullmatch(fold_word(text)) is not None


@lru_cache(maxsize=4096)
def is_total(text: str) -> bool:
    """Tells whether a text labels totals."""
    return _TOTAL.fullmatch(fold_word(text)) is not None


@lru_cache(maxsize=4096)
def is_legend(text: str) -> bool:
    """Tells whether a text opens a legend or notes, after which a table has no more people."""
    return _LEGEND.fullmatch(fold_word(text)) is not None or is_signature(text)


@lru_cache(maxsize=4096)
def is_signer(text: str) -> bool:
    """Tells whether a text is the job of somebody who signs a roster; a person of the roster may have it, too."""
    return _SIGNER.fullmatch(fold_word(text)) is not None


@lru_cache(maxsize=4096)
def is_signature(text: str) -> bool:
    """Tells whether a text is about who made, approved or signed the roster."""
    return _SIGNATURE.fullmatch(fold_word(text)) is not None


def row_kind(text: str) -> str:
    """Returns what a label of a row or column of one person stands for: `plan`, `fact`, `extra`, `hours` or nothing."""
    word = fold_word(text)
    for kind, words in (("plan", _PLAN), ("fact", _FACT), ("extra", _EXTRA), ("hours", _HOURS)):
        if word in words:
            return kind
    return ""
