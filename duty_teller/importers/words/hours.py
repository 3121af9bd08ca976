"""Hours as people type them to the bot, in words, too: `from 20 to 8`, `с 9 утра до 9 вечера`, `8pm`, `до полуночи`."""

import re
from collections.abc import Sequence
from datetime import time
from functools import partial
from typing import Final

from duty_teller.i18n import LANGUAGES, LocalizedError
from duty_teller.importers.words.times import BadTimeError, clock, explicit_spans, suggested_span

Hours = tuple[time | None, time | None]
"""From and to; one of them may not have been said."""

_LONGEST: Final = 7
"""Words: `с 9 часов утра до 9 вечера`."""
_CLOCK: Final = re.compile(r"\d{1,2}(?:[:.]?\d{2})?\s*(?:[ap]\.?m?\.?)?")


def hours_in(words: Sequence[str]) -> tuple[time | None, time | None, list[str]]:
    """Takes hours out of words that say something else, too, the longest first.

    Returns:
        From, to (None: not said, both None: there are no hours), and the words that are left.

    Raises:
        LocalizedError: `error.clock`: it looks like hours, and there are none such.
    """
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for first in range(len(words) - length + 1):
            found = hours_of(words[first : first + length])
            if found is not None:
                return *found, [*words[:first], *words[first + length :]]
    return None, None, list(words)


def hours_of(words: Sequence[str], alone: bool = True) -> Hours | None:
    """Reads words that say hours and nothing else; None: they do not.

    Args:
        words: Some. A number alone is no hour: `8pm`, `20:00`, or a word before it (`from 20`) makes it one.
        alone: Take one time with no word before it.

    Raises:
        LocalizedError: As `hours_in`.
    """
    since, until = (
        {word for one in LANGUAGES.values() for word in getattr(one.typed, name)} for name in ("since", "until")
    )
    said = [word.lower().strip(",;") for word in words]
    begins, ends = said[0] in since and len(said) > 1, said[0] in until and len(said) > 1
    plain = said[1:] if begins or ends else said
    text = hours_said(" ".join("-" if word in until and at else word for at, word in enumerate(plain)))
    try:
        spans = explicit_spans(text)
        span = spans[0] if len(spans) == 1 else suggested_span(text)
        if span is not None:
            return None if ends else span
        if _CLOCK.fullmatch(text) and (begins or ends or (alone and not text.isdecimal())):
            return (None, clock(text)) if ends else (clock(text), None)
    except BadTimeError as error:
        raise LocalizedError("error.clock", text=" ".join(words)[:32]) from error
    return None


def hours_said(text: str) -> str:
    """Writes hours that are said in words as figures: `9 утра` as `9:00`, `20h` as `20:00`, `noon` as `12:00`."""
    plain = _both_halves(text)
    for one in (spoken.typed for spoken in LANGUAGES.values()):
        for word, at in one.named_times.items():
            plain = re.sub(rf"(?<!\w){word}(?!\w)", at, plain)
        for word, half in one.half_days.items():
            pattern = rf"(?<![\d:.])(\d{{1,2}})(?:[:.](\d\d))?(?:\s*час(?:ов|а)?)?\s*{word}(?!\w)"
            plain = re.sub(pattern, partial(_figures, half), plain)
    return re.sub(r"(?<![\d:.])(\d{1,2})\s*(?:h|ч\.?|час(?:ов|а)?|o'clock)(?!\w)", r"\1:00", plain)


def _both_halves(text: str) -> str:
    """Says of both hours what stands behind the second: `8 - 10 вечера` begins in the evening, `9 - 6pm` does not."""
    halves = "|".join(word for one in LANGUAGES.values() for word in one.typed.half_days)
    match = re.search(rf"(?<![\d:.])(\d{{1,2}})\s*[-–—]\s*(\d{{1,2}})\s*((?:[ap]m?|{halves}))(?!\w)", text)
    if match is None:
        return text
    half = f" {match[3]}" if int(match[1]) < int(match[2]) < 12 else ":00"
    return f"{text[: match.end(1)]}{half}{text[match.end(1) :]}"


def _figures(half: str, match: re.Match[str]) -> str:
    hour, minutes = int(match[1]), match[2] or "00"
    late = half == "p" or (half == "d" and hour < 11) or (half == "n" and 6 < hour < 12)
    if hour == 12:
        hour = 0 if half in "an" else 12
    elif late and hour < 12:
        hour += 12
    return f"{hour}:{minutes}"
