"""Whom the title of a calendar's event names, and what that person does."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from duty_teller.domain.shift import EventType
from duty_teller.importers.tables.cells import is_role, is_shift, is_somebody, likeness, split_people
from duty_teller.importers.words import lexicon, lexicon_people
from duty_teller.importers.words.codes import known_words, read_code
from duty_teller.importers.words.text import clean
from duty_teller.importers.words.times import BadTimeError

_TAGS: Final = re.compile(r"^(?:\s*\[[^\[\]]{1,40}\]\s*)+")
_PARTS: Final = re.compile(r"\s+[-–—|]+\s+|[:|]\s+|\s*[()]\s*|\s+@\s+")
_FILLER: Final = r"(?:is|are|will be|for|by|the|now|—|-)"


SURE: Final = 2
"""The score of what looks like a person and nothing else."""


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says.

    Attributes:
        people: Those it names; nobody for `On call`.
        score: How much they look like people: `SURE`, 1 for maybe, 0 for not.
        text: A word for what they do (`vacation`, `отпуск`), or nothing for a duty.
        duty: It has a word for being on duty.
        foreign: It has a word for a meeting, a holiday and the like.
    """

    people: tuple[str, ...]
    score: int
    text: str
    duty: bool = False
    foreign: bool = False


@cache
def _affix() -> tuple[re.Pattern[str], ...]:
    words = "|".join(map(re.escape, sorted((word for word in known_words() if len(word) > 2), key=len, reverse=True)))
    return (
        re.compile(rf"(?P<word>{words})\s+(?:{_FILLER}\s+)*(?P<rest>\S.*)", re.IGNORECASE),
        re.compile(rf"(?P<rest>\S.*?)\s+(?:{_FILLER}\s+)*(?P<word>{words})", re.IGNORECASE),
        # `anna@example.org on-call for Schedule Ops`
        re.compile(rf"(?P<rest>\S.*?)\s+(?:{_FILLER}\s+)*(?P<word>{words})\s+(?:{lexicon.ABOUT})\s.*", re.IGNORECASE),
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
    tagless = _TAGS.sub("", title)
    parts = [clean(part) for part in _PARTS.split(tagless)]
    foreign = bool(_words(tagless) & _event_words())
    duty = tagless != title
    text = ""
    names: list[tuple[int, list[str]]] = []
    for part in filter(None, parts):
        rest = part
        for pattern in _affix():
            match = pattern.fullmatch(rest)
            if match and not (pattern is suffix and _is_surname(match["rest"], match["word"])):
                duty = duty or _is_duty(match["word"])
                text = text or ("" if _is_duty(match["word"]) else match["word"])
                rest = clean(match["rest"])
        if not is_somebody(rest) or is_shift(rest):
            duty = duty or is_shift(rest) or (rest.casefold() in known_words() and _is_duty(rest))
            if rest.casefold() in known_words() and not _is_duty(rest):
                text = text or rest
            continue
        rest = _without_roles(rest)
        people = [person.name for person in split_people(rest)]
        score = max((likeness(name) for name in people), default=0)
        if _words(rest) & (_event_words() | _team_words()):
            duty = duty or bool(_words(rest) & _duty_words())
            continue
        if people and not (is_role(rest) and score < SURE):
            names.append((score, people))
        else:
            duty = duty or is_role(rest)
    if not names:
        return Title((), 0, text, duty, foreign)
    score, people = max(names, key=lambda found: found[0])
    return Title(tuple(people), score, text, duty, foreign)


def _without_roles(text: str) -> str:
    """Returns `Alice Adams` of `Primary Alice Adams`; a text of which less than two words are left stays."""
    words = text.split()
    while words and words[-1].casefold() in _duty_words():
        words.pop()
    while words and words[0].casefold() in _duty_words():
        words.pop(0)
    return " ".join(words) if len(words) > 1 else text


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+(?:-[^\W_]+)*", text.casefold()))


@cache
def _event_words() -> frozenset[str]:
    return frozenset(word for words in lexicon_people.NO_DUTY_EVENTS.values() for word in words.split())


@cache
def _team_words() -> frozenset[str]:
    return frozenset(word for words in lexicon_people.TEAMS.values() for word in words.split())


@cache
def _duty_words() -> frozenset[str]:
    return frozenset(word for words in lexicon.ROLES.values() for word in words.split())
