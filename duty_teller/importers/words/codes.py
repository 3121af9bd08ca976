"""Codes taken without asking: explicit times, and whole words of the languages the sample files were written in."""

from functools import cache
from typing import Final

from duty_teller.domain.shift import ABSENCES, EventType
from duty_teller.importers.words import lexicon
from duty_teller.importers.words.meaning import KINDS, WORDS, WORKING, Kind, Meaning, MeaningKind
from duty_teller.importers.words.text import fold_code
from duty_teller.importers.words.times import explicit_spans, span_inside, suggested_inside, suggested_span, write_span

_USUAL: Final = {fold_code(word): spans for spans, words in lexicon.USUAL_HOURS.items() for word in words.split(",")}
_ON_DUTY: Final = (EventType.DUTY, MeaningKind.DAY, MeaningKind.NIGHT)
_TAG: Final = 3
"""Characters of a code that stands before its hours: `П 10:00-22:00`."""


def kind_of(word: str) -> Kind:
    """Returns the kind of meaning that a key of the lexicon's meanings stands for."""
    return WORDS[word]


@cache
def _known() -> dict[str, Meaning]:
    return {
        fold_code(word): Meaning(kind_of(kind)) for kind, words in lexicon.MEANINGS.items() for word in words.split(",")
    }


@cache
def shift_words() -> frozenset[str]:
    """Returns the words of headings that name a part of the day."""
    return frozenset(word for words in lexicon.SHIFTS.values() for word in words.split())


def read_code(text: str) -> tuple[Meaning, ...]:
    """Reads a cell that speaks for itself.

    Returns:
        One meaning, or several when it holds several times; nothing when it has to be asked about.

    Raises:
        BadTimeError: It has the shape of times, but there is no such time.
    """
    if known := _known().get(fold_code(text)):
        return (known,)
    if spans := explicit_spans(text):
        return tuple(Meaning.times(start, end) for start, end in spans)
    if len(text) < 7 or not any(sign.isdigit() for sign in text):
        return ()
    span, rest = span_inside(text)
    return tuple(Meaning.times(*found) for found in explicit_spans(span)) if span and _is_tag(rest) else ()


def _is_tag(rest: str) -> bool:
    """Tells whether what stands beside hours is the name of those hours: a short code, or a part of the day."""
    plain = rest.strip("()[].,:;-–— ")
    known = _known().get(fold_code(plain))
    if known is not None:
        return known.kind in _ON_DUTY
    if any(sign.isdigit() for sign in plain):
        return False
    return len(plain) <= _TAG or all(word.casefold() in shift_words() for word in plain.split())


def is_away(text: str) -> bool:
    """Tells whether a text is known to mean that somebody cannot be on duty."""
    known = _known().get(fold_code(text))
    return known is not None and known.kind in ABSENCES


def is_no_duty(text: str) -> bool:
    """Tells whether a text is known to mean an absence or a day off."""
    known = _known().get(fold_code(text))
    return known is not None and known.kind not in WORKING


@cache
def known_words() -> frozenset[str]:
    """Returns all words that are taken without asking, in lower case."""
    return frozenset(word.strip() for words in lexicon.MEANINGS.values() for word in words.split(","))


def is_known_word(text: str) -> bool:
    """Tells whether a text is a whole word that is taken without asking."""
    return fold_code(text) in _known()


@cache
def _ticks() -> frozenset[str]:
    return frozenset(map(fold_code, lexicon.TICKS.split()))


def is_tick(text: str) -> bool:
    """Tells whether a cell says only that somebody has the shift of its column or row (`+`, `x`)."""
    return fold_code(text) in _ticks()


def shift_options(text: str, is_role: bool) -> tuple[str, ...]:
    """Returns the answers to offer for the hours of a heading; a role is likely to be held around the clock."""
    span = suggested_span(text)
    hints: tuple[str, ...] = (write_span(span),) if span else ()
    if not is_role and not hints:
        hints = _USUAL.get(fold_code(text), ())
    return (*hints, *(kind.value for kind in WORKING), MeaningKind.NOTHING.value)


def code_options(text: str) -> tuple[str, ...]:
    """Returns the answers to offer for a code; hours within it (`8-20`, `П 10-22`) come first."""
    span = suggested_span(text) or suggested_inside(text)
    hint = (write_span(span),) if span else ()
    return (*hint, *(kind.value for kind in KINDS))
