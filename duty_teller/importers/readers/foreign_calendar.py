"""Calendars that somebody else serves: their occurrences in a span of days, whatever else is wrong with them.

An event that cannot be read is left out and counted, and never takes the others with it: rules of several times a day
are refused by name, each rule has a second of processor time, all of them ten. Made for the child process
(`importers.child`), which ends what goes beyond that.
"""

import html
import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from time import process_time
from typing import Any, Final

from duty_teller.domain.happenings import Expanded, Happening
from duty_teller.domain.shift import ABSENCES, EventType
from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.readers.calendar import EventReader, own_zone, property_word
from duty_teller.importers.readers.calendar_rules import Series, is_plain
from duty_teller.importers.readers.calendar_titles import read_event_title
from duty_teller.importers.readers.text_table import decode
from duty_teller.importers.words.codes import read_code
from duty_teller.importers.words.text import clean
from duty_teller.utils.dates import local_day
from duty_teller.utils.zones import meanings, zone

MAX_EVENTS: Final = 20_000
MAX_OCCURRENCES: Final = 5_000
LONGEST_TITLE: Final = 120
_A_RULE: Final = 1.0
_ALL_RULES: Final = 10.0
"""Seconds of processor time."""
_CHUNK: Final = 250
_BREAK: Final = re.compile(r"\r\n|\n|\r")
_TAG: Final = re.compile(r"<[^<>]{0,300}>")
_START: Final = re.compile(r"^DTSTART[^:\n]{0,200}:(\d{4})(\d\d)(\d\d)", re.MULTILINE | re.IGNORECASE)
_SERIES: Final = re.compile(r"^(?:RRULE|RDATE|RECURRENCE-ID|DURATION)", re.MULTILINE | re.IGNORECASE)
_FAR: Final = timedelta(days=402)
"""No event is longer (`importers.limits.MAX_DAYS`)."""


class _TooLongError(Exception):
    """A rule took its second."""


def expand_calendar(
    data: bytes, first: date, last: date, timezone: str, charset: str = "", naming: bool = False
) -> Expanded:
    """Reads a calendar.

    Args:
        data: Its bytes.
        first: The first local day of the roster's zone.
        last: The last one, included.
        timezone: The roster's zone, in which floating times and whole days are meant.
        charset: As the server says.
        naming: Say who is away in each event of whole days.

    Raises:
        LocalizedError: `calendars.none`, it is no calendar (a page, most often); `calendars.too_many`.
    """
    text = _text(data, charset)
    if text is None or not text.lstrip("\ufeff \t\r\n").upper().startswith("BEGIN:VCALENDAR"):
        raise LocalizedError("calendars.none")
    head, events, broken = _split(text)
    if len(events) > MAX_EVENTS:
        raise LocalizedError("calendars.too_many", limit=MAX_EVENTS)
    near = [event for event in events if _may_touch(event, first, last)]
    reader = _Foreign(head, first, last, timezone)
    reader.left_out += broken
    reader.take(near)
    found = sorted(set(reader.found), key=lambda one: (one.first_day, one.start or 0, one.title, one.last_day))
    if naming:
        found = [_named(one) for one in found]
    return Expanded(tuple(found[:MAX_OCCURRENCES]), reader.left_out + max(0, len(found) - MAX_OCCURRENCES))


def _named(one: Happening) -> Happening:
    """Says who is away; a time of some hours is an appointment, and no absence."""
    people, kind = _who_is_away(one.title) if one.start is None else ((), "")
    return replace(one, people=people, kind=kind)


@lru_cache(maxsize=1024)
def _who_is_away(title: str) -> tuple[tuple[str, ...], str]:
    """Returns the people that a title names, and the type of their absence: a vacation, unless it says what it is."""
    said = read_event_title(title)
    if not said.people or said.duty or (said.foreign and not said.text):
        return (), ""
    kinds = {str(meaning.kind) for meaning in read_code(said.text)} if said.text else {EventType.VACATION.value}
    return said.people, next((kind.value for kind in ABSENCES if kind.value in kinds), "")


def _text(data: bytes, charset: str) -> str | None:
    """Decodes: UTF-8 is what the format asks for; what the server says counts where it is not that."""
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig")
    with suppress(UnicodeDecodeError, LookupError):
        if charset and charset not in {"utf-8", "utf8", "us-ascii"}:
            return data.decode(charset)
    return decode(data)


def _split(text: str) -> tuple[str, list[str], int]:
    """Returns the calendar's own lines with its zones, the lines of each event, and how many events have no end."""
    head: list[str] = []
    events: list[str] = []
    event: list[str] | None = None
    zone_depth = broken = 0
    for line in _BREAK.split(text):
        word = line.strip().upper()
        if word == "BEGIN:VEVENT":
            broken += event is not None
            event = [line]
        elif event is not None:
            event.append(line)
            if word == "END:VEVENT":
                events.append("\n".join(event) + "\n")
                event = None
        elif word.startswith(("BEGIN:VTIMEZONE", "END:VTIMEZONE")) or zone_depth:
            zone_depth += (word == "BEGIN:VTIMEZONE") - (word == "END:VTIMEZONE")
            head.append(line)
        elif word.startswith("X-WR-TIMEZONE"):
            head.append(line)
    return "\n".join(head) + "\n", events, broken + (event is not None)


def _may_touch(event: str, first: date, last: date) -> bool:
    """Tells whether an event may lie in the days; thousands of old ones are not worth parsing."""
    unfolded = event.replace("\n ", "").replace("\n\t", "")
    start = _START.search(unfolded)
    if start is None or _SERIES.search(unfolded):
        return True
    try:
        day = date(*map(int, start.groups()))
    except ValueError:
        return True
    return first - _FAR <= day <= last + timedelta(days=2)


class _Foreign:
    def __init__(self, head: str, first: date, last: date, timezone: str) -> None:
        self.first, self.last, self.timezone = first, last, timezone
        self.found: list[Happening] = []
        self.left_out = 0
        self._head = head
        self._rules_end = process_time() + _ALL_RULES

    def take(self, events: Sequence[str]) -> None:
        """Takes all events; those of one UID together."""
        parsed: list[Any] = []
        reader = self._reader(parsed, events)
        series: dict[str, list[Any]] = {}
        for index, event in enumerate(parsed):
            series.setdefault(str(event.get("UID") or f"\0{index}"), []).append(event)
        for parts in series.values():
            try:
                occurrences = parts if all(map(is_plain, parts)) else self._occurrences(parts)
                taken = [self._happening(reader, event) for event in occurrences if not _is_cancelled(event)]
            except Exception:  # whatever the libraries make of it
                self.left_out += len(parts)
                continue
            self.found += [one for one in taken if one.last_day >= self.first and one.first_day <= self.last]

    def _reader(self, parsed: list[Any], events: Sequence[str]) -> EventReader:
        calendar = self._parse(self._head, [])
        if calendar is None:  # the zones are broken: those with names of the database are known anyway
            self._head = ""
            calendar = self._parse("", [])
        for at in range(0, len(events), _CHUNK):
            parsed += self._parsed(events[at : at + _CHUNK])
        chosen: dict[str, tzinfo] = {
            name.upper(): zone(meanings(name)[0]) for name in _zone_names(parsed, calendar) if meanings(name)
        }
        reader = EventReader(chosen)
        reader.own_zone = own_zone(calendar, chosen)
        return reader

    def _parsed(self, events: Sequence[str]) -> Iterator[Any]:
        """Yields events; those that break the others are found by halving, and left out."""
        calendar = self._parse(self._head, events)
        if calendar is not None:
            yield from calendar.walk("VEVENT")
        elif len(events) < 2:
            self.left_out += len(events)
        else:
            half = len(events) // 2
            yield from self._parsed(events[:half])
            yield from self._parsed(events[half:])

    def _parse(self, head: str, events: Sequence[str]) -> Any:
        from icalendar import Calendar

        try:
            return Calendar.from_ical(f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{''.join(events)}END:VCALENDAR\n")
        except Exception:  # icalendar raises errors without a common base
            return None

    def _occurrences(self, parts: Sequence[Any]) -> Sequence[Any]:
        left = self._rules_end - process_time()
        if left <= 0:
            raise _TooLongError
        with _seconds(min(_A_RULE, left)):
            occurrences: Sequence[Any] = Series(parts, self.first, self.last).occurrences
        return occurrences

    def _happening(self, reader: EventReader, event: Any) -> Happening:
        span, title = reader.span(event), _title(event)
        if not isinstance(span.start, datetime) or not isinstance(span.end, datetime):
            return Happening(span.start, max(span.start, span.end - timedelta(days=1)), None, None, title)
        where = span.timezone or zone(self.timezone)
        start, end = (moment.replace(tzinfo=where).astimezone(UTC) for moment in (span.start, span.end))
        last = local_day(max(start, end - timedelta(seconds=1)), self.timezone)
        return Happening(local_day(start, self.timezone), last, int(start.timestamp()), int(end.timestamp()), title)


def _zone_names(events: Sequence[Any], calendar: Any) -> set[str]:
    used = {str(calendar.get("X-WR-TIMEZONE") or "")}
    for event in events:
        for key in ("DTSTART", "DTEND"):
            value = event.get(key)
            used.add(str(getattr(value, "params", {}).get("TZID") or ""))
    defined = {str(part.get("TZID")) for part in calendar.walk("VTIMEZONE")}
    return used - defined


def _is_cancelled(event: Any) -> bool:
    return property_word(event, "STATUS") == "CANCELLED"


def _title(event: Any) -> str:
    """Returns the title as plain text: no tags, no entities, not longer than a line or two."""
    raw = str(event.get("SUMMARY") or "")[: LONGEST_TITLE * 10]
    text = clean(_TAG.sub(" ", html.unescape(raw)))
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1].rstrip() + "…"


@contextmanager
def _seconds(limit: float) -> Iterator[None]:
    """Ends what takes more processor time.

    Raises:
        _TooLongError: It did.
    """

    def end(_number: int, _frame: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
