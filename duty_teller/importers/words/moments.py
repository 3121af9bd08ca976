"""Days and moments of a list: `01.03.2025`, `2025-03-01 09:00`, `3–9 марта`, a true date, a serial number."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from duty_teller.importers.model import Mark
from duty_teller.importers.sheet import Value
from duty_teller.importers.words import lexicon, lexicon_people
from duty_teller.importers.words.days import day_marks, days_between
from duty_teller.importers.words.names import is_weekday
from duty_teller.importers.words.times import BadTimeError, clock

_WITH_TIME: Final = re.compile(
    r"(.*?\S)[ ,t]+(?:в |at |um |o )?(\d{1,2}[:.]\d{2})(?::\d{2})?(?:\.\d+)? ?([ap]\.?m\.?)?"
)
_AWARE: Final = re.compile(r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d)?(?:\.\d+)? ?(?:z|utc|[+-]\d\d:?\d\d)")
_SLASHED: Final = re.compile(r"(?<!\d)(\d{1,2})(/)(\d{1,2})(?!\d)|^(\d{2})(-)(\d{2})(?![\d.])")
_YEAR_FIRST: Final = re.compile(r"\d{4}[-./]")
_JOINT: Final = re.compile(rf"\s*[-–—]+\s*|\s+(?:{lexicon.BETWEEN})\s+|\s*(?:\.\.+|…)\s*")
_WEEKDAY_LAST: Final = re.compile(r"(.*\S)[ ,(]+([^\W\d_]+)\.?\)?")
_DAY_AND_YEAR: Final = re.compile(r"(\d{1,2})(?:,?\s*(20\d\d))?")
_PAIR: Final = re.compile(rf"\s*[,;/&+]\s*|\s+(?:{'|'.join(lexicon_people.JOINTS.split())})\s+")
_CLOCK: Final = re.compile(r"\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?")
_CLOCK_WORDS: Final = {word: at for at, words in lexicon.CLOCK_WORDS.items() for word in words.split(", ")}
_ONE_DAY: Final = re.compile(r"(?:с |from |von |od )?(\d{1,2})\.?")
BOTH_ORDERS: Final = frozenset({"dmy", "mdy"})


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and as much of a time as stands with it.

    Attributes:
        mark: The day; day first where it could be either way round.
        at: Wall-clock time.
        last: The last day of a range within one cell.
        aware: The instant, if an offset from UTC is written.
        orders: `dmy` and `mdy`, as far as the text can be read so; both for other forms.
    """

    mark: Mark
    at: time | None = None
    last: Mark | None = None
    aware: datetime | None = None
    orders: frozenset[str] = BOTH_ORDERS


def orders_of(text: str) -> frozenset[str]:
    """Returns the orders in which the first slashed or dashed date of a text can be read; both if there is none."""
    match = _SLASHED.search(text)
    if match is None or _YEAR_FIRST.match(text):
        return BOTH_ORDERS
    first, second = (int(match[1]), int(match[3])) if match[2] else (int(match[4]), int(match[6]))
    return frozenset(["dmy"] * (second <= 12 and first <= 31) + ["mdy"] * (first <= 12 and second <= 31))


def has_two_orders(text: str) -> bool:
    """Tells whether a text names another day when day and month change places."""
    match = _SLASHED.search(text)
    if match is None or _YEAR_FIRST.match(text) or len(orders_of(text)) < 2:
        return False
    return match[1] != match[3] if match[2] else match[4] != match[6]


@lru_cache(maxsize=4096)
def _text_moment(text: str) -> Moment | None:
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if not 4 <= len(plain) <= 48 or not any(sign.isdigit() for sign in plain):
        return None
    if (match := _WEEKDAY_LAST.fullmatch(plain)) and is_weekday(match[2]) and not day_marks(plain):
        found = _text_moment(match[1].rstrip(" ,"))
        return found and replace(found, mark=replace(found.mark, weekday=match[2]))
    if _AWARE.fullmatch(plain):
        try:
            aware = datetime.fromisoformat(plain.upper().replace("UTC", "Z").replace(" Z", "Z")).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
        return Moment(Mark(aware.day, aware.month, aware.year), aware=aware)
    if mark := _dated(plain):
        return Moment(mark, orders=orders_of(plain))
    if (match := _WITH_TIME.fullmatch(plain)) and (mark := _dated(match[1].rstrip(","))):
        try:
            return Moment(mark, clock(match[2] + (match[3] or "")), orders=orders_of(plain))
        except BadTimeError:
            return None
    for joint in _JOINT.finditer(plain):
        first, last = plain[: joint.start()], plain[joint.end() :]
        end = _dated(last)
        start = _dated(first.removeprefix("с ").removeprefix("from "))
        if end and start is None and (day := _ONE_DAY.fullmatch(first)) and end.month and 1 <= int(day[1]) <= 31:
            start = replace(end, number=int(day[1]), weekday="")
        if start and end is None and (day := _DAY_AND_YEAR.fullmatch(last)) and 1 <= int(day[1]) <= 31:
            end = replace(start, number=int(day[1]), year=int(day[2]) if day[2] else start.year, weekday="")
        if start and end:
            year = start.year or (end.year and end.year - ((start.month or 0) > (end.month or 0)))
            return Moment(replace(start, year=year), last=end, orders=orders_of(first) & orders_of(last))
    return _two_days(plain)


def _two_days(plain: str) -> Moment | None:
    """Reads two days that follow each other: `18,19.04`, `25 и 26 апреля`, `04.04 / 05.04`."""
    for joint in _PAIR.finditer(plain):
        first, last = plain[: joint.start()], plain[joint.end() :]
        end, start = _dated(last), _dated(first)
        if end and start is None and (day := _ONE_DAY.fullmatch(first)):
            start = replace(end, number=int(day[1]), weekday="")
        if start and end and days_between(start, end) == 1:
            return Moment(replace(start, year=start.year or end.year), last=end)
    return None


def _dated(text: str) -> Mark | None:
    marks = day_marks(text)
    return marks[0] if marks and marks[0].month else None


def read_moment(value: Value, mac_epoch: bool = False) -> Moment | None:
    """Reads a cell that names a day with its month, and maybe a time."""
    if isinstance(value, str):
        return _text_moment(value)
    if isinstance(value, datetime):
        marks = day_marks(value.date())
        at = time(value.hour, value.minute) if value.hour or value.minute else None
        return Moment(marks[0], at) if marks and marks[0].month else None
    if isinstance(value, float) and value % 1:
        marks = day_marks(int(value), mac_epoch)
        if marks and marks[0].month:
            minutes = min(round(value % 1 * 1440), 1439)
            return Moment(marks[0], time(minutes // 60, minutes % 60))
        return None
    if isinstance(value, date | int | float) and not isinstance(value, bool):
        marks = day_marks(value, mac_epoch)
        return Moment(marks[0]) if marks and marks[0].month else None
    return None


def read_clock(value: Value) -> time | None:
    """Reads a cell that holds a time of the day and nothing else; 24:00 gives midnight."""
    if isinstance(value, time):
        return time(value.hour, value.minute)
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return time(minutes // 60 % 24, minutes % 60) if 0 <= minutes <= 1440 else None
    if isinstance(value, str) and (said := _CLOCK_WORDS.get(value.casefold().strip())):
        return time.fromisoformat(said)
    if isinstance(value, str) and _CLOCK.fullmatch(value.casefold()):
        try:
            return clock(re.sub(r"^(\d{1,2}[:.]\d{2}):\d{2}", r"\1", value.casefold()))
        except BadTimeError:
            return None
    return None
