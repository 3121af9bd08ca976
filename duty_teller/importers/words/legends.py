"""Legends: `Д – день 08:00–20:00, О – отпуск` says what the codes of a file mean, so that nobody has to be asked."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from duty_teller.importers.words import lexicon, lexicon_people
from duty_teller.importers.words.codes import kind_of, shift_words
from duty_teller.importers.words.meaning import WORKING, Kind, Meaning
from duty_teller.importers.words.text import clean, fold_code
from duty_teller.importers.words.times import explicit_spans, span_inside, suggested_inside

_BRACKETS: Final = re.compile(r"[(\[][^()\[\]]*[)\]]")
_HOUR_WORDS: Final = "|".join(lexicon_people.HOUR_WORDS.split())
_BARE_HOURS: Final = re.compile(
    rf"(?:{lexicon.FROM})?\s*\d{{1,2}}\s*(?:[-–—]|{lexicon.BETWEEN})\s*\d{{1,2}}(?:\s*(?:{_HOUR_WORDS})\b\.?)?"
)
_MAX_TEXT: Final = 600


@cache
def _phrases() -> dict[str, Kind]:
    phrases: dict[str, Kind] = {}
    for kind, words in lexicon.LEGEND_MEANINGS.items():
        for word in words.split(","):
            phrases.setdefault(clean(word).casefold(), kind_of(kind))
    return phrases


def read_explanation(text: str) -> Meaning | None:
    """Returns what a legend's words mean; nothing unless they are a whole phrase that is known, or hours.

    Part of a phrase is not enough: `работа в выходной` is no day off.
    """
    whole = clean(_BRACKETS.sub(lambda match: match[0] if any(map(str.isdigit, match[0])) else " ", text))
    span, rest = span_inside(whole)
    if not span and (bare := suggested_inside(whole)):
        span, rest = f"{bare[0]:%H:%M}-{bare[1]:%H:%M}", _BARE_HOURS.sub(" ", whole, count=1)
    words = clean(rest.strip(" .,;:()[]-–—")).casefold()
    kind = _phrases().get(words)
    if span and not any(map(str.isdigit, words)):
        named = not words or kind in WORKING or all(word in shift_words() for word in words.split())
        return Meaning.times(*explicit_spans(span)[0]) if named and explicit_spans(span) else None
    return Meaning(kind) if kind is not None and not span else None


def read_legend(text: str, codes: Iterable[str]) -> list[tuple[str, Meaning]]:
    """Returns (code, meaning) of the codes that a text explains.

    Args:
        text: A cell, with its line breaks.
        codes: The codes of the file, as written.
    """
    if len(text) > _MAX_TEXT:
        return []
    places: list[tuple[int, int, str]] = []
    plain = text.casefold()
    for code in codes:
        if code.casefold() not in plain:
            continue
        pattern = (
            rf"(?:^|[;,.\n(]|\s{{2,}}|\s)\s*[«\"']?({re.escape(code)})[»\"']?\s*(?:[-–—=:]|(?:{lexicon.MEANS})\s)\s*"
        )
        places += [(match.start(1), match.end(), code) for match in re.finditer(pattern, text, re.IGNORECASE)]
    places.sort()
    found = []
    for index, (_, begin, code) in enumerate(places):
        end = places[index + 1][0] if index + 1 < len(places) else len(text)
        words = text[begin:end].split("\n")[0].strip(" ;,.\n\t«\"'(")
        if (meaning := read_explanation(words)) is not None:
            found.append((code, meaning))
    return found


def read_legend_row(cells: Sequence[str], codes: frozenset[str]) -> tuple[str, Meaning] | None:
    """Reads a row of a legend that stands in cells of its own: a code, its words, maybe its hours."""
    if len(cells) < 2 or fold_code(cells[0]) not in codes:
        return None
    meaning = read_explanation(" ".join(cells[1:]).lstrip(" -–—=:"))
    return (cells[0], meaning) if meaning is not None else None
