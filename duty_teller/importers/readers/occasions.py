"""Events of a calendar, whatever file they came in: who is on duty in each, and which of them are no duties.

An attendee names the person before the organiser, and the organiser before the title; unless that one is the same in
all events while the titles name different people: then it is whoever keeps the calendar. What looks like no duty
(a meeting, a holiday, an event of an hour with a title of its own) is named and asked about, all of it at once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.model import Contact, Entry, Fork, RosterCells
from duty_teller.importers.problems import Problem, RosterFileError
from duty_teller.importers.readers.calendar_titles import SURE, Title, read_event_title
from duty_teller.importers.tables.dating import covered_runs, filled
from duty_teller.importers.words.contacts import People
from duty_teller.importers.words.text import fold_name

DAY: Final = timedelta(days=1)
_SHORT: Final = timedelta(hours=4)
"""An event shorter than this with a title of its own is more likely a meeting than a duty."""
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Guest:
    """An attendee or the organiser.

    Attributes:
        name: As written; an e-mail address where there is no name.
        email: In lower case.
    """

    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """When an event is.

    Attributes:
        start: A date for events of whole days; else the wall clock of `timezone`, without it.
        end: Of the same type.
        timezone: None for days and for floating times.
    """

    start: date
    end: date
    timezone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """One event with all its occurrences.

    Attributes:
        title: Cleaned.
        where: Its title and first day, for people.
        spans: When it takes place.
        guests: Who takes part; nobody who declined, no rooms.
        host: Who organises it.
        problems: Why it cannot be taken; it is refused only if it is a duty.
        warnings: What is worth saying if it is taken.
    """

    title: str
    where: str
    spans: tuple[Span, ...] = ()
    guests: tuple[Guest, ...] = ()
    host: Guest | None = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Cast:
    """Who is on duty in an event.

    Attributes:
        people: Those who are; nobody if it names none.
        is_duty: Whether it looks like one.
    """

    occasion: Occasion
    title: Title
    people: list[Guest] = field(default_factory=list)
    is_duty: bool = True


def read_occasions(
    occasions: Sequence[Occasion], file_format: str, names: Iterable[str] = (), stamp: date | None = None
) -> RosterCells:
    """Turns events into cells of a roster.

    Args:
        occasions: All that are not cancelled.
        file_format: As `RosterCells.format`.
        names: Of the calendars: they are no people.
        stamp: The calendar's idea of now.

    Raises:
        RosterFileError: Duties that cannot be taken, each by title and day; nothing to take; too many people.
    """
    casts = _cast(occasions, {fold_name(name) for name in names if name})
    duties = [cast for cast in casts if cast.is_duty and cast.people]
    nameless = [cast for cast in casts if not cast.people]
    foreign = [cast for cast in casts if cast.people and not cast.is_duty]
    problems = [problem for cast in duties for problem in cast.occasion.problems]
    problems += [Problem(cast.occasion.where, "import.file.event_of_nobody") for cast in nameless if cast.title.duty]
    if problems:
        raise RosterFileError(problems)
    if not any(cast.occasion.spans for cast in (*duties, *foreign)):
        if nameless:
            raise RosterFileError([Problem(cast.occasion.where, "import.file.event_of_nobody") for cast in nameless])
        raise RosterFileError.of("import.file.no_events")
    remarks = [_left_out("import.file.events_of_nobody", nameless)] if nameless else []
    if not foreign:
        return _cells(duties, file_format, stamp, remarks)
    good = [cast for cast in foreign if not cast.occasion.problems]
    bad = [cast for cast in foreign if cast.occasion.problems]
    lost = [_left_out("import.file.events_left_out", bad)] if bad else []
    readings = {}
    if duties:
        left = _left_out("import.file.events_left_out", foreign)
        readings["leave"] = _cells(duties, file_format, stamp, [*remarks, left])
    if good:
        readings["take"] = _cells([*duties, *good], file_format, stamp, [*remarks, *lost])
    if len(readings) == 1 and duties:
        return readings["leave"]
    asked = Fork("foreign", _titles(good), good[0].occasion.where, len(good), readings)
    return replace(next(iter(readings.values())), fork=asked)


def _titles(casts: Sequence[_Cast]) -> str:
    found = list(dict.fromkeys(cast.occasion.title or "?" for cast in casts))
    return ", ".join(title[:40] for title in found[:_SHOWN]) + ("…" if len(found) > _SHOWN else "")


def _left_out(key: str, casts: Sequence[_Cast]) -> Problem:
    return Problem("", key, {"n": len(casts), "titles": _titles(casts)})


def _cast(occasions: Sequence[Occasion], names: set[str]) -> list[_Cast]:
    """Says of each event who is on duty and whether it is a duty, by what all of them have in common."""
    casts = [_Cast(occasion, read_event_title(occasion.title)) for occasion in occasions]
    for cast in casts:
        if fold_name(cast.occasion.title) in names:
            cast.title = Title((), 0, cast.title.text, cast.title.duty, cast.title.foreign)
    named = Counter(fold_name(name) for cast in casts for name in cast.title.people)
    of_titles = {name for cast in casts if cast.title.score == SURE for name in cast.title.people}
    audience = {cast.occasion.guests for cast in casts if cast.occasion.guests}
    hosts = {cast.occasion.host for cast in casts if cast.occasion.host}
    is_keeper = len(of_titles) > 1 and len(hosts) == 1
    is_audience = len(of_titles) > 1 and len(audience) == 1 and sum(bool(cast.occasion.guests) for cast in casts) > 1
    usual = _usual_titles(casts)
    for cast in casts:
        occasion, title = cast.occasion, cast.title
        of_title = [Guest(name) for name in title.people]
        surely_named = title.score == SURE or (title.people and (title.duty or bool(title.text)))
        if occasion.guests and not (is_audience and surely_named):
            cast.people = [guest for guest in occasion.guests if _is_named(guest, title)] or [*occasion.guests]
        elif occasion.host and not ((is_keeper or title.duty or title.text) and surely_named):
            cast.people = [occasion.host]
        else:
            cast.people = of_title
        cast.is_duty = not title.foreign or title.duty
        if not title.duty and not title.text and cast.is_duty:
            cast.is_duty = _looks_like_duty(cast, of_title, named, usual)
    return casts


def _usual_titles(casts: Sequence[_Cast]) -> set[str]:
    """Returns titles that at least half of all events have, with different people: names of a schedule."""
    found: dict[str, set[object]] = {}
    counts: Counter[str] = Counter()
    for cast in casts:
        key = fold_name(cast.occasion.title)
        found.setdefault(key, set()).add(cast.occasion.guests or cast.occasion.host)
        counts[key] += 1
    return {key for key, people in found.items() if len(people) > 1 and counts[key] * 2 >= len(casts)}


def _is_named(guest: Guest, title: Title) -> bool:
    """Tells whether the title names an attendee: by the whole name, or by a part of it."""
    words = set(fold_name(guest.name.partition("@")[0].replace(".", " ")).split())
    return any(set(fold_name(name).split()) <= words for name in title.people)


def _looks_like_duty(cast: _Cast, of_title: list[Guest], named: Counter[str], usual: set[str]) -> bool:
    """Tells whether an event whose title has no word for duty is likely one."""
    title, spans = cast.title, cast.occasion.spans
    is_long = all(isinstance(span.start, datetime) is False or span.end - span.start >= _SHORT for span in spans)
    if cast.people == of_title:
        # A single word that stands once is as likely a holiday, and a short event a meeting with somebody.
        often = len(spans) > 1 or any(named[fold_name(name)] > 1 for name in title.people)
        return title.score == SURE or (is_long and (often or not _is_whole_day(spans)))
    if any(_is_named(guest, title) for guest in cast.people):
        return True
    return is_long and (not title.people or fold_name(cast.occasion.title) in usual)


def _is_whole_day(spans: Sequence[Span]) -> bool:
    return any(not isinstance(span.start, datetime) for span in spans)


def _cells(casts: Sequence[_Cast], file_format: str, stamp: date | None, remarks: Sequence[Problem]) -> RosterCells:
    people = People()
    entries: list[Entry] = []
    for cast in casts:
        names = [people.add(guest.name, Contact(email=guest.email)) for guest in cast.people]
        for span in cast.occasion.spans:
            _take(entries, names, cast.title.text, span, cast.occasion.where)
    if len(people) > limits.MAX_PEOPLE:
        raise RosterFileError.of("import.file.too_many_people", limit=limits.MAX_PEOPLE)
    return RosterCells(
        format=file_format,
        names=people.names,
        entries=tuple(entries),
        warnings=(*remarks, *(warning for cast in casts for warning in cast.occasion.warnings)),
        contacts=dict(people.contacts),
        since=_since(entries, stamp),
    )


def _take(entries: list[Entry], names: Sequence[str], text: str, span: Span, where: str) -> None:
    """Adds one occurrence."""
    if len(entries) > limits.MAX_CELLS:
        raise RosterFileError.of("import.file.too_many_cells", limit=limits.MAX_CELLS)
    start, end, timezone = span.start, span.end, span.timezone
    for name in names:
        if isinstance(start, datetime) and isinstance(end, datetime):
            begins, ends = start, end
            if timezone is not None:
                begins = start.replace(tzinfo=timezone).astimezone(UTC)
                ends = end.replace(tzinfo=timezone).astimezone(UTC)
            if begins < ends:
                entries.append(Entry(name, start.date(), text, where, start=begins, end=ends))
        else:
            entries += [Entry(name, start + DAY * offset, text, where) for offset in range((end - start).days)]


def _since(entries: Sequence[Entry], stamp: date | None) -> tuple[date, ...]:
    """Returns days to offer as the first one, when there are more than one import may have."""
    days: set[date] = set()
    for entry in entries:
        days.add(entry.day)
        if entry.end is not None:
            days.add(max(entry.day, (entry.end - DAY).date()))
    covered = covered_runs(filled(days))
    if not covered or (covered[-1][1] - covered[0][0]).days < limits.MAX_DAYS:
        return ()
    first, last = covered[0][0], covered[-1][1]
    now = stamp or last
    likely = (now.replace(day=1), now.replace(month=1, day=1), last - timedelta(days=limits.MAX_DAYS - 1), first)
    return tuple(dict.fromkeys(day for day in likely if first <= day <= last))
