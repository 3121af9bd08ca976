"""Ranges of days as people type them behind /away: `3-10 Jan`, `today`, `until monday`, `с 3 по 10 января`."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from duty_teller.i18n import LANGUAGES, LocalizedError
from duty_teller.services.texts.typed_days import is_weekday, length_of, parse_day, parse_month

_BARE: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|-?е|-?го|\.)?")
_DASHES: Final = re.compile(r"\s+[-–—]\s+|[–—…]|\.{2,}|(?<=\.[0-9]{4})-|(?<![0-9]{4})(?<![0-9]{4}-[0-9]{2})-")
_LONG_AGO: Final = timedelta(days=60)
_WORDS: Final = 9


@dataclass(frozen=True, slots=True)
class TypedRange:
    """Days that were typed, with what was left over.

    Attributes:
        first: A local day.
        last: Included.
        back_on: The day named behind `until`, on which the person is back: it may have been meant to be included.
        rest: Words that belong to no day: a name, a kind of absence.
    """

    first: date
    last: date
    back_on: date | None
    rest: str


def parse_range(text: str, today: date) -> TypedRange | None:
    """Reads a range of days, with anything else before or behind it.

    Args:
        text: What was typed.
        today: The local date in the roster's zone.

    Returns:
        None when it names no day.

    Raises:
        LocalizedError: `error.date` for a day that does not exist; `away.no_end` for a first day without a last one.
    """
    words = text.split()
    since = {little for one in LANGUAGES.values() for little in one.typed.since}
    failure: LocalizedError | None = None
    for length in range(min(_WORDS, len(words)), 0, -1):
        for at in range(len(words) - length + 1):
            try:
                found = _days(" ".join(words[at : at + length]), today)
            except LocalizedError as error:
                failure = failure or error
                continue
            if found is not None:
                if at and words[at - 1].lower() in since:
                    raise LocalizedError("away.no_end")
                return TypedRange(*found, " ".join(words[:at] + words[at + length :]))
    if failure is not None:
        raise failure
    return None


def _days(text: str, today: date) -> tuple[date, date, date | None] | None:
    word = text.lower()
    spoken = [one.typed for one in LANGUAGES.values()]
    words = word.split()
    since = {little for one in spoken for little in one.since}
    until = {little for one in spoken for little in one.until}
    through = {little for one in spoken for little in one.up_to}
    day = parse_day(word, today)
    if day is not None:
        return day, day, None
    if (whole := _whole(words, today) or _lasting(words, today)) is not None:
        return *whole, None
    if words[0] in since:
        words = words[1:]
    joining = {one.joining for one in spoken}
    for at, little in enumerate(words):
        if little in joining and 0 < at < len(words) - 1:
            pair = [parse_day(" ".join(part), today) for part in (words[:at], words[at + 1 :])]
            if pair[0] is not None and pair[1] == pair[0] + timedelta(days=1):
                return pair[0], pair[1], None
        if little in until or little in through:
            first = _first(" ".join(words[:at]), " ".join(words[at + 1 :]), today) if at else today
            last = parse_day(" ".join(words[at + 1 :]), today) if at + 1 < len(words) else None
            if first is None or last is None:
                continue
            if not at and last == today and is_weekday(words[-1]):  # until Monday, said on a Monday
                last += timedelta(days=7)
            last = _after(first, last, " ".join(words[at + 1 :]))
            if little in through:  # `to` says so, too
                return _shifted(first, last, today, text)
            if last <= first:
                return None
            return first, last - timedelta(days=1), last
    plain = " ".join(words)
    for match in _DASHES.finditer(plain):
        one, other = plain[: match.start()].strip(), plain[match.end() :].strip()
        if not one or not other:
            continue
        last = parse_day(other, today)
        if last is None and _BARE.fullmatch(other):  # Jan 3-10
            begins = parse_day(one, today)
            last = None if begins is None else _with_day(begins, int(_BARE.fullmatch(other)[1]))  # type: ignore[index]
        first = _first(one, other, today)
        if first is not None and last is not None:
            return _shifted(first, _after(first, last, other), today, text)
    return None


def _whole(words: list[str], today: date) -> tuple[date, date] | None:
    """Reads a week or a month by its name: `next week`, `весь декабрь`; what is over of the present one is left out."""
    said = " ".join(words)
    for spoken in (one.typed for one in LANGUAGES.values()):
        if len(words) > 1 and said in spoken.weeks:
            monday = today + timedelta(days=7 * spoken.weeks[said] - today.weekday())
            return max(monday, min(today, monday + timedelta(days=6))), monday + timedelta(days=6)
        if len(words) > 1 and words[0] in spoken.whole:
            first = parse_month(" ".join(words[1:]), today)
            if first is not None:
                after = (first + timedelta(days=31)).replace(day=1)
                return max(first, min(today, after - timedelta(days=1))), after - timedelta(days=1)
    return None


def _lasting(words: list[str], today: date) -> tuple[date, date] | None:
    """Reads how long: `for 3 days` (from today), `с 3 января на неделю`."""
    for spoken in (one.typed for one in LANGUAGES.values()):
        for at in (at for at, word in enumerate(words) if word in spoken.lasting or not at):
            length = length_of(" ".join(words[at + (words[at] in spoken.lasting) :]))
            if not length:
                continue
            before = words[1:at] if words[0] in spoken.since else words[:at]
            first = parse_day(" ".join(before), today) if before else today
            if first is not None:
                return first, first + timedelta(days=length - 1)
    return None


def _first(one: str, other: str, today: date) -> date | None:
    """Returns the first day; a number alone is of the month of the last day, or of the one before."""
    if (match := _BARE.fullmatch(one)) is None:
        return parse_day(one, today)
    last = parse_day(other, today)
    if last is None:
        return None
    if int(match[1]) <= last.day:
        return _with_day(last, int(match[1]))
    return _with_day(last.replace(day=1) - timedelta(days=1), int(match[1]))


def _with_day(day: date, number: int) -> date:
    try:
        return day.replace(day=number)
    except ValueError as error:
        raise LocalizedError("error.date", text=str(number)) from error


def _after(first: date, last: date, typed: str) -> date:
    """Returns the last day in the year that follows the first: 30 Dec – 5 Jan; weekdays a week later."""
    if last >= first or re.search(r"[0-9]{4}", typed):
        return last
    if not re.search(r"[0-9]", typed):
        return last + timedelta(days=7 * -(-(first - last).days // 7))
    return last.replace(year=last.year + 1)


def _shifted(first: date, last: date, today: date, typed: str) -> tuple[date, date, None]:
    """A range long past, without a year, is next year's: nobody enters last winter's vacation."""
    if last < today - _LONG_AGO and not re.search(r"[0-9]{4}", typed):
        first, last = first.replace(year=first.year + 1), last.replace(year=last.year + 1)
    return first, last, None
