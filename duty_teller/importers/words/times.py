"""Times of a day as people write them into cells: `08:00-20:00`, `1400-2200`, `7am-3pm`, `20:00-24:00`."""

import re
import unicodedata
from datetime import time
from functools import lru_cache
from typing import Final

from duty_teller.importers.words import lexicon

Span = tuple[time, time]
"""Start and end on the wall clock. An end that is not after the start means the next day; 24:00 is `time(0)`."""

_DASH: Final = rf"\s*(?:[-‐‑‒–—―−]|\b(?:{lexicon.BETWEEN})\b)\s*"
_TIME: Final = r"(?:\d{1,2}(?:[:.]\d{2})?\s*[ap](?:\.?m)?\b\.?|\d{1,2}[:.]\d{2}|\d{3,4})"
_SPAN: Final = re.compile(rf"(?:(?:{lexicon.FROM})\s+)?({_TIME}){_DASH}({_TIME})")
_ALL: Final = re.compile(rf"{_SPAN.pattern}(?:\s*[,;/+]?\s*{_SPAN.pattern})*")
_PART: Final = re.compile(r"(\d{1,2}?)(?:[:.]?(\d{2}))?\s*(?:([ap])(?:\.?m)?\.?)?")
_NEXT_DAY: Final = re.compile(rf"\s*(?:\(?\+\s*1\b\s*(?:{lexicon.DAY_WORD})?\)?|\(\s*(?:{lexicon.NEXT_DAY})\s*\))")
"""`(+1)` behind times: that the end is on the next day shows in the times themselves."""
_BELOW: Final = re.compile(r"(\d{1,2}:\d{2}) (\d{1,2}:\d{2})")
"""A start and below it, in the same cell, an end."""
_BARE: Final = re.compile(r"\d{1,2}[ap]")
_SHORTEST: Final = 4
"""Hours of the shortest shift that is written as `7a-3p`."""
_HOURS: Final = re.compile(rf"(\d{{1,2}}){_DASH}(\d{{1,2}})")

_HOURS_INSIDE: Final = re.compile(rf"(?<![\d.,:/-])(\d{{1,2}}){_DASH}(\d{{1,2}})(?![\d.,:/-])")


class BadTimeError(ValueError):
    """A text that has the shape of times and is none (`25:00-26:00`)."""


def clock(text: str) -> time:
    """Reads one end of a span. 24:00 gives midnight, which is the next day's because it is not after the start.

    Raises:
        BadTimeError: There is no such time.
    """
    if (match := _PART.fullmatch(text)) is None:
        raise BadTimeError(text)
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            raise BadTimeError(text)
        hour = hour % 12 + (12 if match[3] == "p" else 0)
    if hour == 24 and minute == 0:
        hour = 0
    if hour > 23 or minute > 59:
        raise BadTimeError(text)
    return time(hour, minute)


@lru_cache(maxsize=4096)
def explicit_spans(text: str) -> tuple[Span, ...]:
    """Reads the times of a cell that holds nothing else, one span or several (`8:00-12:00, 14:00-18:00`).

    Returns:
        The spans in the order written; nothing when the text is not made of times.

    Raises:
        BadTimeError: It has the shape of times, but there is no such time.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    plain = _NEXT_DAY.sub("", plain)
    if below := _BELOW.fullmatch(plain):
        return ((clock(below[1]), clock(below[2])),)
    if len(plain) > 200 or not _ALL.fullmatch(plain):
        return ()
    spans: list[Span] = []
    for match in _SPAN.finditer(plain):
        if match[1].startswith("24"):
            raise BadTimeError(text)
        start, end = clock(match[1]), clock(match[2])
        if _BARE.fullmatch(match[1]) and (end.hour - start.hour) % 24 < _SHORTEST:
            return ()  # `7a-8a` are classes of a school
        spans.append((start, end))
    return tuple(spans)


def span_inside(text: str) -> tuple[str, str]:
    """Takes explicit times out of a text that holds more (`Night 20:00-08:00`).

    Returns:
        The times as `write_span` writes them, or nothing, and the rest of the text.
    """
    match = _SPAN.search(text.casefold()) if len(text) <= 200 else None
    if match is None or len(text.casefold()) != len(text):
        return "", text
    around = text[: match.start()][-1:] + text[match.end() :][:1]
    try:
        spans = explicit_spans(match[0])
    except BadTimeError:
        return "", text
    if not spans or any(sign.isalnum() or sign in "+-" for sign in around):
        return "", text
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    return write_span(spans[0]), " ".join(re.sub(r"[(\[]\s*[)\]]", " ", rest).split()).strip(" ,;:-–—|")


def suggested_span(text: str) -> Span | None:
    """Reads bare hours, `8-20`: likely times, but not so surely that nobody is asked."""
    match = _HOURS.fullmatch(unicodedata.normalize("NFKC", text).strip().casefold())
    if match is None or int(match[1]) > 23 or not 1 <= int(match[2]) <= 24:
        return None
    return time(int(match[1])), time(int(match[2]) % 24)


def suggested_inside(text: str) -> Span | None:
    """Reads hours that stand beside something else, `П 10-22` or `обед, 8:00-16:00`: one pair of them."""
    span, _rest = span_inside(text)
    if span:
        return explicit_spans(span)[0]
    found = _HOURS_INSIDE.findall(unicodedata.normalize("NFKC", text).casefold()) if len(text) <= 100 else []
    return suggested_span("-".join(found[0])) if len(found) == 1 else None


def write_span(span: Span) -> str:
    """Writes a span as `08:00-16:30`; an end at midnight as `24:00`."""
    end = "24:00" if span[1] == time(0) else f"{span[1]:%H:%M}"
    return f"{span[0]:%H:%M}-{end}"
