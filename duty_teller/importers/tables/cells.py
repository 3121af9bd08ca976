"""Tables with names in their cells: who stands in a cell, and what the heading above (or left of) it says."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from duty_teller.importers import limits
from duty_teller.importers.tables.people import looks_like_person
from duty_teller.importers.words import lexicon, lexicon_people
from duty_teller.importers.words.codes import is_known_word, is_no_duty, kind_of, read_code, shift_words
from duty_teller.importers.words.contacts import EMAIL, PHONE
from duty_teller.importers.words.legends import read_explanation
from duty_teller.importers.words.meaning import WORKING, MeaningKind
from duty_teller.importers.words.names import is_legend, is_name_label, is_no_name, is_total, is_weekday, month_number
from duty_teller.importers.words.text import clean
from duty_teller.importers.words.times import BadTimeError, span_inside, suggested_span

_SHIFT_WORDS: Final = shift_words()
_JOBS: Final = frozenset(lexicon.JOBS.split())
_ROLE_WORDS: Final = _JOBS.union(*(words.split() for words in lexicon.ROLES.values()))
_WHOLE_DAY_ROLES: Final = _ROLE_WORDS - _JOBS
_NOBODY: Final = frozenset(lexicon_people.NOBODY.split(", "))
_HALVES: Final = frozenset(lexicon_people.HALVES.split(", "))
_ABSENCES: Final = frozenset(
    word
    for kind, words in lexicon.LEGEND_MEANINGS.items()
    if kind_of(kind) not in WORKING
    for word in words.split(", ")
)
_RANKS: Final = frozenset(lexicon_people.RANKS.split())
_OFF: Final = frozenset(lexicon_people.NOBODY_INSIDE.split(", "))
_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)?")
_LEVEL: Final = re.compile(r"[lLт]?\d{1,2}|\d-?[йяе]")
_SURNAME: Final = re.compile(rf"[^\W\d_]{{2,}}(?:{'|'.join(lexicon_people.SURNAME_ENDINGS.split())})", re.IGNORECASE)
_REMARK: Final = re.compile(r"\([^()]*[\d,;][^()]*\)")
_JOINT: Final = re.compile(
    rf"[()]|[,/;\n]+|\s*&\s*|\s*\+\s*(?!\d)|\s+(?:{'|'.join(lexicon_people.JOINTS.split())})\s+", re.IGNORECASE
)
_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_HOURS_BEHIND: Final = re.compile(r"(?<=\s)\d{1,2}\s*[-–—]\s*\d{1,2}(?:\s*[чh])?\.?$")
_UNTIL: Final = re.compile(
    rf"(?:{'|'.join(lexicon_people.BEFORE_TIMES.split())})\s*\d{{1,2}}(?:[:.]\d{{2}})?\s*(?:[ap]m|ч|h)?"
    rf"|\d{{1,2}}(?:[.,]5)?\s*(?:{'|'.join(lexicon_people.HOUR_WORDS.split())})\.?"
    rf"|{'|'.join(lexicon_people.HALF_DAY.split(', '))}"
)
_INSTEAD: Final = re.compile(
    rf"[(\[]?\s*\b(?:{'|'.join(lexicon_people.INSTEAD.split(', '))})\s+[^)\]]*[)\]]?\s*$", re.IGNORECASE
)
_DASHED: Final = re.compile(r"(.*\S)\s+[-–—]\s+([^-–—]*\S)")
_PREFIX: Final = re.compile(r"([^\W\d_][^:\n]{0,23}?)\s*:\s*(?=[^\W\d_@(])")
_SHORT_PHONE: Final = re.compile(r"(?<![\d:.])\d{3}-(?!\d\d(?:00|15|30|45))\d{4}(?![\d:.])")
"""`555-0102` beside a name: no hours, though 5:55 is a time of the day."""
_CODE: Final = 3
"""Characters of a code that stands before a name: `Н: Орлова`."""
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.?\s*){1,3}")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading gives to the names below it.

    Attributes:
        text: The text whose meaning is looked up or asked; empty for a duty from hand-over to hand-over.
        asks: `code` or `shift`, as `Entry.asks`.
        position: The role.
    """

    text: str = ""
    asks: str = "code"
    position: str | None = None


NO_HEADING: Final = Heading()


class Named(NamedTuple):
    """A person of a cell.

    Attributes:
        name: As written there.
        when: What is written of their part of the day, or of an absence; or nothing.
        role: What is written before the name (`Backup: Anna Lindt`), if that is a role.
    """

    name: str
    when: str = ""
    role: str = ""


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def is_shift(text: str) -> bool:
    """Tells whether a heading names a part of the day (`Morning`, `1 смена`, `Ночь 20:00-08:00`)."""
    rest = span_inside(text)[1]
    words = _words(rest)
    if not words:
        return rest != text
    return all(word in _SHIFT_WORDS or word.isdecimal() for word in words) and not all(map(str.isdecimal, words))


def is_role(text: str) -> bool:
    """Tells whether a heading is made of words for roles (`US SHIFT PRIMARY`, `L1`, `Резерв`), at least in part."""
    words = _words(text)
    known = any(word in _ROLE_WORDS or word in _SHIFT_WORDS or _LEVEL.fullmatch(word) for word in words)
    return bool(words) and (known or (text.isupper() and len(words) > 1))


def _is_only_role(text: str) -> bool:
    """Tells whether nothing in a text can be a name: `Primary Engineer` and `US SHIFT`, unlike `Dan Duty`."""
    words = _words(text)
    known = [word in _ROLE_WORDS or word in _SHIFT_WORDS or bool(_LEVEL.fullmatch(word)) for word in words]
    return all(known) or (any(known) and text.isupper())


def _is_whole_day(text: str) -> bool:
    return all(word in _WHOLE_DAY_ROLES or _LEVEL.fullmatch(word) for word in _words(text))


def read_headings(texts: Sequence[str]) -> list[Heading]:
    """Reads the headings of one table.

    Times in a heading are taken. Day and night alone are the shifts of the roster; beside a morning or an evening they
    are other hours, so all of them are asked about. A role is the position; unless its words say that it is held around
    the clock, its hours are asked about, too.
    """
    shifts = [text for text in texts if text and is_shift(text)]
    two_shifts = all(is_known_word(text) for text in shifts)
    pair = {} if two_shifts else _day_and_night(shifts)
    headings = []
    for text in texts:
        span, rest = span_inside(text)
        rest = rest[:100]
        if span:
            headings.append(Heading(span, "code", None if not rest or is_shift(rest) or is_name_label(rest) else rest))
        elif not text or is_name_label(text) or month_number(text):
            headings.append(Heading())
        elif is_no_duty(text):
            headings.append(Heading(text))
        elif text in pair:
            headings.append(Heading(pair[text]))
        elif is_shift(text):
            headings.append(Heading(text, "code" if two_shifts else "shift"))
        else:
            headings.append(Heading("" if _is_whole_day(text) else text, "shift", rest))
    return headings


def _day_and_night(shifts: Sequence[str]) -> dict[str, str]:
    """Returns the words for day and night, if the shifts are these two: `Tag` says so only beside `Nacht`."""
    meant = {text: meaning.kind for text in set(shifts) if (meaning := read_explanation(text)) and not meaning.start}
    is_pair = set(meant) == set(shifts) and set(meant.values()) == {MeaningKind.DAY, MeaningKind.NIGHT}
    return {text: kind.value for text, kind in meant.items()} if is_pair else {}


def split_people(text: str) -> list[Named]:
    """Returns the people of a cell, each with what is written of their part of the day and of their role.

    Commas, slashes, semicolons, line breaks, `&`, `+` and words like `and` separate; not within brackets, and not a
    surname from its initials. Hours and halves of a day, in brackets or behind the name, are of that person alone.
    """
    return list(_split_people(text))


@lru_cache(maxsize=2048)
def _split_people(text: str) -> tuple[Named, ...]:
    parts: list[str] = []
    depth, begin = 0, 0
    for match in _JOINT.finditer(text):
        sign = match[0]
        if sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
        elif depth == 0 or "\n" in sign:
            parts.append(text[begin : match.start()])
            begin = match.end()
    parts.append(text[begin:])
    people: list[Named] = []
    for part in map(clean, parts):
        if people and _INITIALS.fullmatch(part) and "." in part:
            people[-1] = people[-1]._replace(name=f"{people[-1].name} {part}")
            continue
        if people and PHONE.fullmatch(part) and not PHONE.fullmatch(people[-1].name):
            people[-1] = people[-1]._replace(name=f"{people[-1].name} {part}")
            continue
        role, part_of, rest = _prefix(part)
        name, when = _part_of_day(rest)
        when = when or part_of
        if not name and when and people:
            people[-1] = people[-1]._replace(when=when)
        elif is_somebody(name) or is_no_name(name):
            people.append(Named(name, when, role))
    return tuple(people)


def _prefix(part: str) -> tuple[str, str, str]:
    """Takes what stands before a colon from a name: a role (`Backup: …`), or a part of the day (`Night: …`, `Н: …`)."""
    if ":" not in part or (match := _PREFIX.match(part)) is None:
        return "", "", part
    head, rest = match[1], part[match.end() :]
    if is_shift(head) or is_part_of_day(head) or (len(head) <= _CODE and not is_role(head)):
        return "", head, rest
    return (head, "", rest) if is_role(head) else ("", "", part)


def _part_of_day(part: str) -> tuple[str, str]:
    """Takes hours or a half of the day out of what is written of one person: the name, and the part or nothing."""
    span, name = ("", part) if _SHORT_PHONE.search(part) else span_inside(part)
    if span:
        return clean(_REMARK.sub(" ", name)), span
    if (instead := _INSTEAD.search(part)) and clean(part[: instead.start()]):
        part = clean(part[: instead.start()])
    if (dashed := _DASHED.fullmatch(part)) and is_part_of_day(dashed[2]):
        return dashed[1], dashed[2]
    for match in _BRACKETS.finditer(part):
        inside = clean(match[1])
        if is_part_of_day(inside):
            return clean(f"{part[: match.start()]} {part[match.end() :]}"), inside
    if (hours := _HOURS_BEHIND.search(part)) and not PHONE.search(part):
        return clean(part[: hours.start()]), clean(hours[0])
    return clean(_REMARK.sub(" ", part) if not PHONE.search(part) else part), ""


def is_part_of_day(text: str) -> bool:
    """Tells whether a remark behind a name is about a part of the day, or about an absence: `до 14:00`, `день`, `½`."""
    if PHONE.search(text):
        return False
    word = text.casefold().strip(" .")
    if word in _HALVES or word in _ABSENCES or is_known_word(text) or _UNTIL.fullmatch(word):
        return True
    return suggested_span(word) is not None


def is_somebody(text: str) -> bool:
    """Tells whether a text can name a person: it has letters or a phone, and is no word for a day off or for nobody."""
    if len(text) > limits.MAX_NAME:
        return False
    if sum(sign.isalpha() for sign in text) < 2:
        return PHONE.fullmatch(text) is not None
    if text.casefold() in _NOBODY or is_no_name(text) or is_banner(text) or is_name_label(text):
        return False
    return not (is_known_word(text) or is_total(text) or is_weekday(text))


def is_nobody(text: str) -> bool:
    """Tells whether a text says on purpose that nobody is on duty: a dash, `none`, a day off."""
    word = text.casefold()
    return word in _NOBODY or is_known_word(text) or is_banner(text) or not any(map(str.isalnum, word))


def is_banner(text: str) -> bool:
    """Tells whether a text says that a day is off (`Общий выходной`, `Public holiday`) where a name could stand."""
    words = text.casefold()
    return not _OFF.isdisjoint(_words(text)) or any(" " in phrase and phrase in words for phrase in _OFF)


def _without_ranks(name: str) -> str:
    """Returns a name without ranks and titles before it: `ст. л-т Зайцев А.Н.`, `Dr. Anna Lindt`."""
    words = name.split()
    while len(words) > 1 and words[0].casefold().replace(".", "") in _RANKS:
        words.pop(0)
    return " ".join(words)


@lru_cache(maxsize=4096)
def likeness(text: str) -> int:
    """Tells how much a text looks like a person: 2 for sure, 1 maybe, 0 not."""
    if not is_somebody(text) or is_legend(text) or is_name_label(text):
        return 0
    if "@" in text or EMAIL.search(text):
        return 2
    try:
        if read_code(text) or month_number(text):
            return 0
    except BadTimeError:
        return 0
    plain = _without_ranks(clean(re.sub(r"\([^()]*\)", " ", PHONE.sub(" ", text))))
    if looks_like_person(plain) and not _is_only_role(plain):
        return 2
    word = plain.replace("-", "")
    if not word.isalpha() or len(word) < 3:
        return 0
    if word[0].isupper() and _SURNAME.fullmatch(word):
        return 2
    return int(word.istitle() or (word.isupper() and len(word) >= 5))


def share_of_people(texts: Iterable[str]) -> tuple[float, float]:
    """Returns which share of the texts holds people for sure, and which at least maybe."""
    likely = [
        max((likeness(person.name) for person in split_people(text)), default=0)
        for text in set(texts)
        if any(map(str.isalnum, text)) and text.casefold() not in _NOBODY
    ]
    if not likely:
        return 0.0, 0.0
    return likely.count(2) / len(likely), sum(map(bool, likely)) / len(likely)


def are_names(texts: set[str], labels: Sequence[str]) -> bool:
    """Tells whether the cells of a table hold people, rather than codes of the people in its labels.

    Args:
        texts: What stands in the cells, each once.
        labels: The headings of rows or columns.
    """
    sure, maybe = share_of_people(texts)
    if sure >= 0.5:
        return True
    named = [label for label in labels if label and not is_name_label(label)]
    roles = sum(is_shift(label) or is_role(label) for label in named)
    if roles * 2 > len(named) or not named:
        return maybe >= 0.8
    people = sum(likeness(label) == 2 for label in named)
    return sure > 0 and maybe >= 0.8 and people * 2 < len(named)
