"""Codes taken without asking: explicit times, and whole words of the languages the sample files were written in."""

from functools import cache
from typing import Final

from duty_teller.importers.meaning import Meaning, MeaningKind
from duty_teller.importers.text import fold_code
from duty_teller.importers.times import explicit_spans, suggested_span, write_span

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


def code_options(text: str) -> tuple[str, ...]:
    """Returns the answers to offer for a code; bare hours (`8-20`) come with their times as the first one."""
    span = suggested_span(text)
    hint = (write_span(span),) if span else ()
    return (*hint, *(kind.value for kind in MeaningKind))
