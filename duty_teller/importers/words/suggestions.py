"""What a code is likely to mean: offered as an answer that somebody agrees to, never taken by itself."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Final

from duty_teller.domain.shift import EventType
from duty_teller.importers.words import lexicon
from duty_teller.importers.words.codes import code_options, kind_of
from duty_teller.importers.words.meaning import WORKING, Kind, Meaning, MeaningKind
from duty_teller.importers.words.text import fold_code

_CYRILLIC: Final = re.compile("[а-яёіїєґ]", re.IGNORECASE)


def suggested_meanings(
    codes: Iterable[str], names: Collection[str], known: Iterable[Meaning] = ()
) -> Mapping[str, Meaning]:
    """Returns code → meaning of those that have a likely one.

    Hours inside a code are its hours. A letter counts where it is usual in the language of the file and the other
    codes bear it out: `Д` is the day shift beside a night, an absence or a day off stands beside some duty.

    Args:
        codes: The codes nobody has explained, as written.
        names: The people of the file: their letters tell its language.
        known: What the other codes of the file mean.
    """
    open_codes = list(codes)
    found: dict[str, Meaning] = {}
    for code in open_codes:
        first = Meaning.parse(code_options(code)[0]) if code_options(code)[0][:1].isdigit() else None
        if first is not None:
            found[code] = first
    usual: dict[str, Kind] = {}
    for language in reversed(_languages(names, open_codes)):
        usual |= _usual(language)
    letters = {code: usual[fold_code(code)] for code in open_codes if code not in found and fold_code(code) in usual}
    kinds = {*letters.values(), *(meaning.kind for meaning in (*known, *found.values()))}
    works = any(kind in WORKING and kind is not MeaningKind.DAY for kind in kinds)
    for code, kind in letters.items():
        beside = MeaningKind.NIGHT in kinds if kind is MeaningKind.DAY else works
        if beside or kind in (MeaningKind.NIGHT, EventType.DUTY):
            found[code] = Meaning(kind)
    return found


@cache
def _usual(language: str) -> dict[str, Kind]:
    return {
        fold_code(code): kind_of(kind)
        for kind, codes in lexicon.USUAL_CODES[language].items()
        for code in codes.split(",")
    }


def _languages(names: Collection[str], codes: Iterable[str]) -> list[str]:
    """Returns in which languages a file's codes may be, the likeliest first."""
    written = " ".join(names).casefold()
    for language, letters in lexicon.OWN_LETTERS.items():
        if any(letter in written for letter in letters):
            return [language]
    if _CYRILLIC.search(written) or any(_CYRILLIC.search(code) for code in codes):
        return ["ru", "en"]
    return ["en"]
