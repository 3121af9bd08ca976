"""Codes taken without asking: explicit times, and whole words of the languages the sample files were written in."""

from functools import cache
from typing import Final

from duty_teller.importers.words.meaning import Meaning, MeaningKind
from duty_teller.importers.words.text import fold_code
from duty_teller.importers.words.times import explicit_spans, suggested_span, write_span

# A word stands here only if it cannot mean anything else in a roster. A day off is the absence of duty (nothing to
# store); somebody who is ill cannot be called in (unavailable).
_WORDS: Final = {
    MeaningKind.DUTY: (
        "дежурство, дежурный, дежурная, дежурит, деж., on call, on-call, oncall, on duty, duty, чергування, черговий, "
        "чергова, dyżur, päivystys, bereitschaft, bereitschaftsdienst"
    ),
    MeaningKind.DAY: "день, дневная, дневная смена, day, day shift, dayshift, денна, денна зміна, dzień",
    MeaningKind.NIGHT: (
        "ночь, ночная, ночная смена, night, night shift, nightshift, ніч, нічна, нічна зміна, noc, nacht, "
        "nachtdienst, yö"
    ),
    MeaningKind.UNAVAILABLE: (
        "больничный, больничный лист, болеет, болен, болезнь, sick, sick leave, недоступен, недоступна, "
        "unavailable, лікарняний, chorobowe, sairaus, sairausloma, krank"
    ),
    MeaningKind.VACATION: (
        "отпуск, ежегодный отпуск, annual leave, vacation, holiday leave, on leave, відпустка, urlop, loma, vuosiloma, "
        "urlaub"
    ),
    MeaningKind.NOTHING: "off, day off, выходной, выходной день, вых., вихідний, wolne, vapaa, frei",
}

_NO_HOURS: Final = (MeaningKind.UNAVAILABLE, MeaningKind.VACATION)
_HOURS: Final = {
    ("08:00-16:00", "07:00-15:00"): "morning, early, утро, утренняя, ранок, ranek, rano, aamu, früh, frühdienst",
    ("16:00-24:00", "15:00-23:00"): "evening, late, вечер, вечерняя, вечір, wieczór, ilta, spät, spätdienst",
    ("20:00-08:00", "00:00-08:00", "22:00-06:00"): "night, ночь, ночная, ніч, noc, yö, nacht, nachtdienst",
}
_USUAL: Final = {fold_code(word): spans for spans, words in _HOURS.items() for word in words.split(",")}


@cache
def _known() -> dict[str, Meaning]:
    return {fold_code(word): Meaning(kind) for kind, words in _WORDS.items() for word in words.split(",")}


def read_code(text: str) -> tuple[Meaning, ...]:
    """Reads a cell that speaks for itself.

    Returns:
        One meaning, or several when it holds several times; nothing when it has to be asked about.

    Raises:
        BadTimeError: It has the shape of times, but there is no such time.
    """
    if known := _known().get(fold_code(text)):
        return (known,)
    return tuple(Meaning.times(start, end) for start, end in explicit_spans(text))


def is_away(text: str) -> bool:
    """Tells whether a text is known to mean that somebody cannot be on duty."""
    known = _known().get(fold_code(text))
    return known is not None and known.kind in (MeaningKind.UNAVAILABLE, MeaningKind.VACATION)


@cache
def known_words() -> frozenset[str]:
    """Returns all words that are taken without asking, in lower case."""
    return frozenset(word.strip() for words in _WORDS.values() for word in words.split(","))


def is_known_word(text: str) -> bool:
    """Tells whether a text is a whole word that is taken without asking."""
    return fold_code(text) in _known()


def shift_options(text: str, is_role: bool) -> tuple[str, ...]:
    """Returns the answers to offer for the hours of a heading; a role is likely to be held around the clock."""
    span = suggested_span(text)
    hints: tuple[str, ...] = (write_span(span),) if span else ()
    if not is_role and not hints:
        hints = _USUAL.get(fold_code(text), ())
    kinds = tuple(kind.value for kind in MeaningKind if kind not in _NO_HOURS)
    return (*hints, *kinds)


def code_options(text: str) -> tuple[str, ...]:
    """Returns the answers to offer for a code; bare hours (`8-20`) come with their times as the first one."""
    span = suggested_span(text)
    hint = (write_span(span),) if span else ()
    return (*hint, *(kind.value for kind in MeaningKind))
