"""Whom the title of a calendar's event names, and what that person does."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from duty_teller.domain.shift import EventType
from duty_teller.importers.tables.cells import is_role, is_shift, is_somebody, likeness, split_people
from duty_teller.importers.words.codes import known_words, read_code
from duty_teller.importers.words.text import clean
from duty_teller.importers.words.times import BadTimeError

_TAGS: Final = re.compile(r"^(?:\s*\[[^\[\]]{1,40}\]\s*)+")
_PARTS: Final = re.compile(r"\s+[-–—|]+\s+|[:|]\s+|\s*[()]\s*|\s+@\s+")
_FILLER: Final = r"(?:is|are|will be|for|by|the|now|—|-)"


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says.

    Attributes:
        people: Those it names; nobody for `On call`.
        sure: Whether they look like people: if not, an attendee goes first.
        text: A word for what they do (`vacation`, `отпуск`), or nothing for a duty.
    """

    people: tuple[str, ...]
    sure: bool
    text: str


@cache
def _affix() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = "|".join(map(re.escape, sorted((word for word in known_words() if len(word) > 2), key=len, reverse=True)))
    return (
        re.compile(rf"(?P<word>{words})\s+(?:{_FILLER}\s+)*(?P<rest>\S.*)", re.IGNORECASE),
        re.compile(rf"(?P<rest>\S.*?)\s+(?:{_FILLER}\s+)*(?P<word>{words})", re.IGNORECASE),
    )


def _is_duty(text: str) -> bool:
    try:
        return read_code(text) != () and all(meaning.kind is EventType.DUTY for meaning in read_code(text))
    except BadTimeError:
        return False


def _is_surname(rest: str, word: str) -> bool:
    """Tells whether the last word of a title is more likely a surname: `Dan Duty`, unlike `Dan on duty`."""
    return " " not in rest and word.istitle() and word.isalpha()


def read_event_title(title: str) -> Title:
    """Reads `[L1] Alice Adams`, `On call: Alice Adams`, `Alice Adams is on call`, `Отпуск — Орлова Алиса`.

    Tags in front are dropped, and so are words for roles and shifts.
    """
    suffix = _affix()[1]
    parts = [clean(part) for part in _PARTS.split(_TAGS.sub("", title))]
    text = ""
    names: list[tuple[int, list[str]]] = []
    for part in filter(None, parts):
        rest = part
        for pattern in _affix():
            match = pattern.fullmatch(rest)
            if match and not (pattern is suffix and _is_surname(match["rest"], match["word"])):
                text = text or ("" if _is_duty(match["word"]) else match["word"])
                rest = clean(match["rest"])
        if not is_somebody(rest) or is_shift(rest):
            if rest.casefold() in known_words() and not _is_duty(rest):
                text = text or rest
            continue
        people = [name for name, _ in split_people(rest)]
        score = max((likeness(name) for name in people), default=0)
        if people and not (is_role(rest) and score < 2):
            names.append((score, people))
    if not names:
        return Title((), False, text)
    score, people = max(names, key=lambda found: found[0])
    return Title(tuple(people), score > 0, text)
