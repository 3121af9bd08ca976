"""What a code means in a roster, the rules that turn it into times, and the answers somebody gave."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from duty_teller.domain.shift import ABSENCES, EventType
from duty_teller.i18n.core import LocalizedError, t
from duty_teller.i18n.languages import LANGUAGES
from duty_teller.importers import limits
from duty_teller.importers.words.text import fold_code
from duty_teller.importers.words.times import BadTimeError, explicit_spans, suggested_span, write_span
from duty_teller.utils.handover import Handover
from duty_teller.utils.zones import MEANT


class MeaningKind(StrEnum):
    """What a cell can mean beside a type of shift: a duty of other hours, or nothing.

    A duty (`EventType.DUTY`) is from the hand-over of the day to the hand-over of the next.
    """

    DAY = "day"
    NIGHT = "night"
    TIMES = "times"
    """From `start` to `end` on the wall clock."""
    NOTHING = "nothing"


Kind = EventType | MeaningKind
WORKING: Final[tuple[Kind, ...]] = (EventType.DUTY, MeaningKind.DAY, MeaningKind.NIGHT, MeaningKind.TIMES)
KINDS: Final[tuple[Kind, ...]] = (*WORKING, *ABSENCES, MeaningKind.NOTHING)
"""All that a cell can mean, in the order in which people are asked."""
WORDS: Final = {kind.value: kind for kind in KINDS if kind is not MeaningKind.TIMES}
"""What is typed on the command line → what it means."""


def _typed() -> dict[str, Kind]:
    """Returns what may be typed: the words themselves, and those of the languages for types of shifts."""
    words: dict[str, Kind] = {"день": MeaningKind.DAY, "ночь": MeaningKind.NIGHT, "ничего": MeaningKind.NOTHING}
    return words | {t(lang, f"shift.word.{kind}"): kind for lang in LANGUAGES for kind in EventType} | WORDS


def not_understood(text: str) -> LocalizedError:
    """Returns what to say of a typed answer that is none."""
    return LocalizedError("import.file.meaning", text=text.strip()[:32], words=", ".join(WORDS))


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of a code.

    Attributes:
        kind: What it is.
        start: Wall-clock start, for `TIMES` only.
        end: Wall-clock end, for `TIMES` only. One that is not after the start is on the next day; `24:00` is kept as
            `time(0)`.
    """

    kind: Kind
    start: time | None = None
    end: time | None = None

    @classmethod
    def times(cls, start: time, end: time) -> Self:
        """Makes the meaning of explicit times."""
        return cls(MeaningKind.TIMES, start, end)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads one of `WORDS`, or times such as `08:00-16:30` or `8-16`.

        Raises:
            LocalizedError: `import.file.meaning`, it is none of these.
        """
        if kind := _typed().get(text.strip().casefold()):
            return cls(kind)
        hours = suggested_span(text)
        try:
            spans = explicit_spans(text) if hours is None else (hours,)
        except BadTimeError as error:
            raise not_understood(text) from error
        if len(spans) != 1:
            raise not_understood(text)
        return cls.times(*spans[0])

    def __str__(self) -> str:
        if self.start is None or self.end is None:
            return self.kind.value
        return write_span((self.start, self.end))


def parse_codes(text: str) -> dict[str, Meaning]:
    """Reads the meanings of codes as the command line takes them: `Д=day,Н=night,Z=08:00-16:30`.

    Returns:
        Folded code → meaning.

    Raises:
        LocalizedError: `import.file.codes` for another shape, `import.file.meaning` for an unknown meaning.
    """
    codes: dict[str, Meaning] = {}
    for pair in filter(str.strip, text.split(",")):
        code, separator, meaning = pair.rpartition("=")
        if not separator or not code.strip():
            raise LocalizedError("import.file.codes", text=pair.strip()[:32])
        codes[fold_code(code)] = Meaning.parse(meaning)
    return codes


CHOICES: Final = {
    "hidden": ("skip", "read"),
    "struck": ("drop", "keep"),
    "comma": ("one", "two"),
    "unread": ("leave",),
    "name": ("person", "nobody"),
    "foreign": ("leave", "take"),
    "order": ("dmy", "mdy"),
    "zone": MEANT,
}
"""Questions with options of their own: kind → options."""


@dataclass(frozen=True, slots=True)
class RosterRules:
    """The rules of the roster a file goes into.

    Attributes:
        handover: When a duty is handed over, and the zone in which every day and time of the file is read.
        day_shift: Wall-clock start and end of the day shift.
        night_shift: The same of the night shift; it ends on the next day.
    """

    handover: Handover
    day_shift: tuple[time, time] = (time(8), time(20))
    night_shift: tuple[time, time] = (time(20), time(8))


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered about a file so far.

    Attributes:
        codes: Folded code or heading → meaning.
        year: The year of the first month for which the file names none; later months go on from it.
        months: Subject of a month question → month 1…12.
        date_order: `dmy` or `mdy`, for dates that can be read both ways.
        weeks: Subject of a week question → a Monday.
        since: The first day to take.
        every: Subject of an `every` question → `week` or `day`.
        choices: Kind and subject of any other question, with a colon between → option.
        days: Cell that names a day → the day that it means, whatever it says.
    """

    codes: Mapping[str, Meaning] = field(default_factory=dict)
    year: int | None = None
    months: Mapping[str, int] = field(default_factory=dict)
    date_order: str | None = None
    weeks: Mapping[str, date] = field(default_factory=dict)
    since: date | None = None
    every: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)

    def answered(self, kind: str, subject: str, answer: str) -> Self:
        """Returns the answers with one more.

        Args:
            kind: `Question.kind`.
            subject: `Question.subject`.
            answer: A meaning as `Meaning.parse` reads it (`code`, `shift`), a year, the number of a month, `dmy` or
                `mdy`, `week` or `day` (`every`), or a date as YYYY-MM-DD (`week`: any day of it; `since`; `day`).

        Raises:
            LocalizedError: `import.file.meaning` or `import.file.answer_date`, the answer does not suit the question.
        """
        answer = answer.strip()
        if kind in ("code", "shift"):
            return replace(self, codes={**self.codes, fold_code(subject): Meaning.parse(answer)})
        if kind == "date_order" and answer in ("dmy", "mdy"):
            return replace(self, date_order=answer)
        if kind == "every" and answer in ("week", "day"):
            return replace(self, every={**self.every, subject: answer})
        if answer in CHOICES.get(kind, ()):
            return replace(self, choices={**self.choices, f"{kind}:{subject}": answer})
        if kind == "day":
            kept = {where: day for where, day in self.days.items() if where != subject}
            return replace(self, days={**kept, subject: _date(answer)})
        if kind == "since":
            return replace(self, since=_date(answer))
        if kind == "week":
            day = _date(answer)
            return replace(self, weeks={**self.weeks, subject: day - timedelta(days=day.weekday())})
        if kind not in ("year", "month") or not answer.isdecimal() or len(answer) > 4:
            raise not_understood(answer)
        if kind == "year":
            return replace(self, year=int(answer))
        return replace(self, months={**self.months, subject: int(answer)})

    def remembering(self, codes: Mapping[str, Meaning]) -> Self:
        """Returns the answers with what codes were known to mean before; what was answered now goes first."""
        return replace(self, codes={**codes, **self.codes})

    def to_json(self) -> dict[str, Any]:
        """Returns JSON-safe data."""
        return {
            "codes": {code: str(meaning) for code, meaning in self.codes.items()},
            "year": self.year,
            "months": dict(self.months),
            "date_order": self.date_order,
            "weeks": {subject: day.isoformat() for subject, day in self.weeks.items()},
            "since": self.since and self.since.isoformat(),
            "every": dict(self.every),
            "choices": dict(self.choices),
            "days": {where: day.isoformat() for where, day in self.days.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Takes back what `to_json` gave; keys that are missing count as not answered."""
        since = data.get("since")
        return cls(
            codes={fold_code(code): Meaning.parse(meaning) for code, meaning in data.get("codes", {}).items()},
            year=data.get("year"),
            months=dict(data.get("months", {})),
            date_order=data.get("date_order"),
            weeks={subject: date.fromisoformat(day) for subject, day in data.get("weeks", {}).items()},
            since=since and date.fromisoformat(since),
            every=dict(data.get("every", {})),
            choices=dict(data.get("choices", {})),
            days={where: date.fromisoformat(day) for where, day in data.get("days", {}).items()},
        )


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
        if not limits.FIRST_YEAR <= day.year <= limits.LAST_YEAR:
            raise ValueError(text)
    except ValueError as error:
        raise LocalizedError("import.file.answer_date", text=text[:32]) from error
    return day
