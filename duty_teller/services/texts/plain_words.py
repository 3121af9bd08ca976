"""Plain words: what somebody means who writes no command, or one that does not exist.

A small parser over the words of every language's table (`Asked`), the days that can be typed, and the names of the
roster. It answers only what it has read whole: a word it does not know (a "not", an "after") makes it understand
nothing. What merely resembles something, a slip of the finger say, is offered and never done.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher, get_close_matches
from typing import Final, Literal

from sqlmodel import Session

from duty_teller.i18n import LANGUAGES, LocalizedError
from duty_teller.importers.duty_schedule import fold_name
from duty_teller.services.texts import people, typed_days

OFFERED: Final = 3
_MOST_WORDS: Final = 8
_LONGEST: Final = 100
_SHORTEST_DAY: Final = 3
"""Letters of a weekday that is written alone: `we` is more often a word."""
_SHORTEST_PART: Final = 4
"""Letters of the beginning of a name that is written alone."""
_ALIKE: Final = 0.72
_USUAL: Final = ("duty", "my", "help")
_EDGES: Final = "?!.,;:…\"'«»“”()[]`-–— "

Kind = Literal["who", "duty", "when", "mine", "shifts", "little"]
Find = Callable[[str], bool]
"""Tells whether words are the name of somebody on the roster."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A command, as if it had been typed: without the slash, with its argument."""

    command: str
    argument: str = ""


def finder(session: Session) -> Find:
    """Returns what looks names up: whole words of a name or @username, or the beginning of one person's name."""

    def find(text: str) -> bool:
        found = people.find_people(session, text)
        if not found:
            return False
        typed = fold_name(text.replace("@", " ")).split()
        if text.startswith("@") or any(set(typed) <= set(fold_name(name).split()) for _number, name in found):
            return True
        begins = any(word.startswith(typed[0]) for word in fold_name(found[0][1]).split())
        begins = begins or all(people.is_case_of(word, found[0][1]) for word in typed)
        return len(found) == 1 and len(typed) <= 2 and len(typed[0]) >= _SHORTEST_PART and begins

    return find


def split(text: str) -> list[str]:
    """Returns the words of a text in small letters, without the marks around them."""
    plain = text.replace("’", "'").casefold().replace("ё", "е").replace("_", " ")
    words = [word.strip(_EDGES) for word in plain.split()]
    return [word for word in words if word]


def understand(text: str, today: date, find: Find) -> Meaning | None:
    """Reads a text as a command.

    Args:
        text: What was written; a command that does not exist comes without its slash.
        today: The local date in the roster's zone.
        find: Of `finder`.

    Returns:
        None when any part of it says something that is not understood.
    """
    words = split(text)
    if not words or len(words) > _MOST_WORDS or len(text) > _LONGEST:
        return None
    said = " ".join(words)
    if said in (phrases := _phrases()):
        return Meaning(phrases[said])
    if len(words) > 1 and find(said):
        return Meaning("duty", said)
    if (act := _act(words, today)) is not None:
        return act
    kinds, rest = _sorted(words)
    left = " ".join(rest)
    kept = " ".join(word for word in words if word in rest or _table().get(word) == "little")
    if not kinds - {"little"}:
        return _alone(left, today, find) if rest else None
    if "mine" in kinds:
        about = kinds & {"duty", "shifts", "when"}
        if not about or "who" in kinds:
            return None
        if not rest:
            return Meaning("my")
        month = typed_days.without_little_words(left)
        return Meaning("my", month) if not _number(month) and typed_days.parse_month(month, today) else None
    if not rest:
        return Meaning("duty") if "duty" in kinds and "when" not in kinds else None
    if "when" in kinds:
        return Meaning("duty", left) if "duty" in kinds and find(left) and not _day(left, today) else None
    if _day(left, today) or typed_days.is_now(left) or find(left):
        return Meaning("duty", "" if typed_days.is_now(left) else left)
    week = next((one for one in (kept, left) if _week(one, today)), None)
    return Meaning("week", week) if week is not None else None


def _act(words: list[str], today: date) -> Meaning | None:
    """Reads what somebody wants to do, with a day or without: `хочу поменяться сменой в пятницу`, `I'm ill tonight`."""
    for command in dict.fromkeys(name for one in LANGUAGES.values() for name in one.asked.acts):
        for wanted, idle in (one.asked.acts[command] for one in LANGUAGES.values() if command in one.asked.acts):
            heads, others = set(wanted.split()), set(idle.split())
            if not heads & set(words):
                continue
            rest = [word for word in words if word not in heads]
            day = next((part for part in _runs(rest) if _day(part, today)), "")
            left = rest if not day else " ".join(rest).replace(day, " ", 1).split()
            if set(left) <= others:
                told = command != "my" and not (command == "away" and _day(day, today) == today)
                return Meaning(command, day if told else "")
    return None


def _runs(words: list[str]) -> list[str]:
    """Returns all runs of words, the longest first."""
    number = len(words)
    return [" ".join(words[at : at + length]) for length in range(number, 0, -1) for at in range(number - length + 1)]


def _alone(left: str, today: date, find: Find) -> Meaning | None:
    """Reads a day, a week or a name that stands alone."""
    if typed_days.is_now(left):
        return Meaning("duty")
    if find(left):
        return Meaning("duty", left)
    if _day(left, today) and (len(left) >= _SHORTEST_DAY or not left.isalpha()):
        return Meaning("duty", left)
    return Meaning("week", left) if " " in left and _week(left, today) else None


def _phrases() -> dict[str, str]:
    found: dict[str, str] = {}
    for one in LANGUAGES.values():
        found |= {phrase: command for command, phrases in one.asked.commands.items() for phrase in phrases.split("|")}
    return found


def _table() -> dict[str, Kind]:
    kinds: tuple[Kind, ...] = ("who", "duty", "when", "mine", "shifts", "little")
    return {word: kind for one in LANGUAGES.values() for kind in kinds for word in getattr(one.asked, kind)}


def _sorted(words: Iterable[str]) -> tuple[set[Kind], list[str]]:
    """Returns which kinds of known words there are, and the words that are none."""
    table = _table()
    kinds: set[Kind] = set()
    rest = []
    for word in words:
        if word in table:
            kinds.add(table[word])
        else:
            rest.append(word)
    return kinds, rest


def says_something(word: str) -> bool:
    """Tells whether a word is none of those that say nothing, or only who asks: `I am ill`, `я болею`."""
    return any(_table().get(one) not in ("little", "mine") for one in split(word))


def _number(text: str) -> bool:
    return text.replace(".", "").replace(" ", "").isdecimal()


def _day(text: str, today: date) -> date | None:
    try:
        return typed_days.parse_day(text, today)
    except LocalizedError:
        return None


def _week(text: str, today: date) -> bool:
    try:
        return typed_days.parse_week(text, today) is not None
    except LocalizedError:
        return False


def likeliest(text: str, today: date, find: Find, commands: Iterable[str]) -> list[Meaning]:
    """Returns what may be meant by a text that is not understood, the likeliest first.

    Args:
        text: What was written, without a slash.
        today: The local date in the roster's zone.
        find: Of `finder`.
        commands: Those the person may give.
    """
    words, known = split(text[:_LONGEST])[:_MOST_WORDS], set(commands)
    found = [meaning for meaning in (understand(_corrected(words), today, find),) if meaning is not None]
    found += [Meaning(command) for command in _hinted(words)]
    found += _parts(words, today, find)
    typed = "_".join(words)
    rated = sorted(((SequenceMatcher(None, typed, name).ratio(), name) for name in known), reverse=True)
    found += [Meaning(name) for rate, name in rated[:OFFERED] if rate >= _ALIKE]
    found += [Meaning(name) for name in _USUAL]
    return [meaning for meaning in dict.fromkeys(found) if meaning.command in known][:OFFERED]


def _hinted(words: Iterable[str]) -> list[str]:
    """Returns the commands that single words make likely."""
    said, found = list(words), []
    for one in LANGUAGES.values():
        for command, hints in one.asked.hints.items():
            for hint in hints.split():
                if any(word.startswith(hint[:-1]) if hint.endswith("*") else word == hint for word in said):
                    found.append(command)
    return list(dict.fromkeys(found))


def _corrected(words: Iterable[str]) -> str:
    """Returns a text with its words as the tables have those that they resemble."""
    vocabulary = [*_table(), *(word for phrase in _phrases() for word in phrase.split())]
    for one in LANGUAGES.values():
        vocabulary += [word for phrase in one.typed.days for word in phrase.split()]
        vocabulary += one.typed.weekdays.replace("|", " ").split()
    known = sorted({word for word in vocabulary if len(word) > 2})
    taken = set(known)
    return " ".join(
        word if word in taken or len(word) <= 2 else next(iter(get_close_matches(word, known, 1, _ALIKE)), word)
        for word in words
    )


def _parts(words: list[str], today: date, find: Find) -> list[Meaning]:
    """Returns the days and people that stand in a text, the longest parts first."""
    table, found = _table(), []
    for length in range(min(3, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            part = words[start : start + length]
            said = " ".join(part)
            if any(word in table for word in part) or len(said) < _SHORTEST_DAY:
                continue
            if (day := _day(said, today)) is not None:
                found.append(Meaning("duty", day.isoformat()))
            elif find(said):
                found.append(Meaning("duty", said))
    return found
