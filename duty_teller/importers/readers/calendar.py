"""Calendars (.ics) that another product or Google Calendar exported: one event a duty.

A title names the person; an attendee or the organiser does where it names nobody. All-day events are whole duties, one
a day. Times with a zone are instants; floating ones are of the calendar's own zone (X-WR-TIMEZONE) or of the roster's.
icalendar is imported on use: an idle service does not need it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from duty_teller.importers import limits
from duty_teller.importers.model import Contact, Entry, RosterCells
from duty_teller.importers.problems import Arg, Problem, RosterFileError
from duty_teller.importers.readers.calendar_rules import BadRuleError, occurrences
from duty_teller.importers.readers.calendar_titles import read_event_title
from duty_teller.importers.readers.text_table import decode
from duty_teller.importers.tables.dating import covered_runs, filled
from duty_teller.importers.words.contacts import People, split_contact
from duty_teller.importers.words.text import clean
from duty_teller.utils.zones import zone

MAX_EVENTS: Final = 10_000
MAX_RULE_DAYS = 40_000
"""Days that the rules of all events run over, together: 15 events that repeat for 7 years."""
_MAX_TITLE: Final = 300
_DAY: Final = timedelta(days=1)


@dataclass(slots=True)
class _Span:
    """When an event is.

    Attributes:
        start: A date for all-day events; else the wall clock of `timezone`, without it.
        end: Of the same type.
        timezone: None for days and for floating times.
    """

    start: date
    end: date
    timezone: tzinfo | None

    @property
    def is_timed(self) -> bool:
        return isinstance(self.start, datetime)


@dataclass(slots=True)
class _Result:
    people: People = field(default_factory=People)
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    rule_days: int = 0


def read_calendar(data: bytes) -> RosterCells:
    """Reads a calendar.

    Raises:
        RosterFileError: It is damaged or holds too much; or events that cannot be taken, each by title and day.
    """
    from icalendar import Calendar

    text = decode(data)
    if text is None:
        raise RosterFileError.of("import.file.bad_calendar")
    if text.upper().count("BEGIN:VEVENT") > MAX_EVENTS:
        raise RosterFileError.of("import.file.too_many_events", limit=MAX_EVENTS)
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise RosterFileError.of("import.file.bad_calendar") from error
    result = _Result()
    for calendar in calendars:
        _Reader(calendar, result).read()
    if result.problems:
        raise RosterFileError(result.problems)
    if not result.entries:
        raise RosterFileError.of("import.file.no_events")
    if len(result.people) > limits.MAX_PEOPLE:
        raise RosterFileError.of("import.file.too_many_people", limit=limits.MAX_PEOPLE)
    return _cells(result, [stamp for calendar in calendars if (stamp := _stamp(calendar))])


def _cells(result: _Result, stamps: list[date]) -> RosterCells:
    days: set[date] = set()
    for entry in result.entries:
        days.add(entry.day)
        if entry.end is not None:
            days.add(max(entry.day, (entry.end - _DAY).date()))
    covered = covered_runs(filled(days))
    first, last = covered[0][0], covered[-1][1]
    since: tuple[date, ...] = ()
    if (last - first).days >= limits.MAX_DAYS:
        stamp = max(stamps, default=last)
        likely = (
            stamp.replace(day=1),
            stamp.replace(month=1, day=1),
            last - timedelta(days=limits.MAX_DAYS - 1),
            first,
        )
        since = tuple(dict.fromkeys(day for day in likely if first <= day <= last))
    return RosterCells(
        format="ics",
        names=result.people.names,
        entries=tuple(result.entries),
        warnings=tuple(result.warnings),
        contacts=dict(result.people.contacts),
        since=since,
    )


def _stamp(calendar: Any) -> date | None:
    """Returns the latest date on which an event was written or exported: the calendar's idea of now."""
    stamps = []
    for event in calendar.walk("VEVENT"):
        for key in ("DTSTAMP", "LAST-MODIFIED", "CREATED"):
            value = _dt(event, key)
            if isinstance(value, datetime) and limits.FIRST_YEAR <= value.year <= limits.LAST_YEAR:
                stamps.append(value.date())
    return max(stamps, default=None)


class _Reader:
    """Takes the events of one calendar."""

    def __init__(self, calendar: Any, result: _Result) -> None:
        self.result = result
        self.events = [event for event in calendar.walk("VEVENT") if _word(event, "STATUS") != "CANCELLED"]
        self.cancelled = [event for event in calendar.walk("VEVENT") if _word(event, "STATUS") == "CANCELLED"]
        self.own_zone = _own_zone(calendar)
        self.horizon = self._horizon(calendar)
        self.replaced = self._replaced()

    def _horizon(self, calendar: Any) -> date:
        """Returns the day up to which events without an end are repeated: so far as one import may reach."""
        starts = [value for event in self.events if (value := _dt(event, "DTSTART"))]
        days = [value.date() if isinstance(value, datetime) else value for value in starts if isinstance(value, date)]
        stamp = _stamp(calendar)
        known = [day for day in (*days, *([stamp] if stamp else [])) if day.year <= limits.LAST_YEAR]
        last = max(known, default=date(limits.FIRST_YEAR, 1, 1))
        return min(last + timedelta(days=limits.MAX_DAYS - 1), date(limits.LAST_YEAR, 12, 31))

    def _replaced(self) -> dict[str, set[date]]:
        """Returns UID → occurrences that another event moves or that are cancelled."""
        replaced: dict[str, set[date]] = {}
        for event in (*self.events, *self.cancelled):
            moment = _dt(event, "RECURRENCE-ID")
            if isinstance(moment, date):
                replaced.setdefault(str(event.get("UID")), set()).add(_instant(moment))
        return replaced

    def refuse(self, where: str, key: str, **args: Arg) -> None:
        """Records what is wrong with an event."""
        self.result.problems.append(Problem(where, f"import.file.{key}", args))

    def read(self) -> None:
        """Takes all events that are not cancelled."""
        for event in self.events:
            title = clean(str(event.get("SUMMARY") or "")[:_MAX_TITLE])
            raw = _dt(event, "DTSTART")
            where = f"{title[:40] or '?'} ({raw:%Y-%m-%d})" if isinstance(raw, date) else title[:40] or "?"
            span = self.span(event, where)
            if span is None:
                continue
            names, text = self.who(event, title)
            if not names:
                self.refuse(where, "event_of_nobody")
                continue
            for start, end in self.times(event, span, where):
                self.take(names, text, start, end, span.timezone, where)

    def span(self, event: Any, where: str) -> _Span | None:
        """Returns when an event is; nothing after a problem, or when it has no length."""
        first = event.get("DTSTART")
        start, end, length = (_dt(event, key) for key in ("DTSTART", "DTEND", "DURATION"))
        if not isinstance(start, date) or not limits.FIRST_YEAR <= start.year <= limits.LAST_YEAR:
            self.refuse(where, "event_without_time")
            return None
        name = first.params.get("TZID") if hasattr(first, "params") else None
        if isinstance(start, datetime) and start.tzinfo is None and name:
            self.refuse(where, "event_zone", zone=clean(str(name))[:64])
            return None
        if end is None:
            end = (
                start + length
                if isinstance(length, timedelta)
                else start + (_DAY if not isinstance(start, datetime) else timedelta())
            )
        if not isinstance(end, date) or isinstance(end, datetime) != isinstance(start, datetime):
            self.refuse(where, "event_without_time")
            return None
        timezone: tzinfo | None = None
        if isinstance(start, datetime) and isinstance(end, datetime):
            timezone = start.tzinfo or self.own_zone
            if end.tzinfo is not None and timezone is not None:
                end = end.astimezone(timezone)
            start, end = start.replace(tzinfo=None), end.replace(tzinfo=None)
        if end < start or (end - start).days > limits.MAX_DAYS:
            self.refuse(where, "event_without_time")
            return None
        if end == start:
            self.result.warnings.append(Problem(where, "import.file.event_empty"))
            return None
        return _Span(start, end, timezone)

    def who(self, event: Any, title: str) -> tuple[list[str], str]:
        """Returns the people of an event, and what they do."""
        found = read_event_title(title)
        if found.sure:
            return [self.result.people.add(name) for name in found.people], found.text
        others = [*_listed(event.get("ATTENDEE")), *_listed(event.get("ORGANIZER"))[:1]]
        attending = [person for person in _listed(event.get("ATTENDEE")) if _param(person, "PARTSTAT") != "DECLINED"]
        chosen = [person for person in attending if _param(person, "CUTYPE") not in ("RESOURCE", "ROOM")] or others[-1:]
        people = [name for person in chosen if (name := self.invited(person))]
        return people or [self.result.people.add(name) for name in found.people], found.text

    def invited(self, person: Any) -> str:
        """Returns the name of an attendee or organiser; nothing if only a calendar's address is known."""
        address = str(person).removeprefix("mailto:").removeprefix("MAILTO:")
        email = address.lower() if "@" in address and "calendar.google.com" not in address else None
        name = clean(_param(person, "CN", upper=False))
        if not name or split_contact(name)[0] == "":
            name = email or ""
        return self.result.people.add(name, Contact(email=email)) if name else ""

    def times(self, event: Any, span: _Span, where: str) -> Iterator[tuple[date, date]]:
        """Yields start and end of all occurrences, as in the span."""
        length = span.end - span.start
        rule = event.get("RRULE")
        if _param(event.get("RECURRENCE-ID"), "RANGE"):
            self.refuse(where, "event_rule")
            return
        if rule is None and event.get("RDATE") is None:
            yield span.start, span.end
            return
        first = span.start.date() if isinstance(span.start, datetime) else span.start
        self.result.rule_days += max(0, (self.horizon - first).days)
        if self.result.rule_days > MAX_RULE_DAYS:
            raise RosterFileError.of("import.file.too_many_rules", where=where)
        try:
            gone = {_instant(moment) for moment in _dates(event.get("EXDATE"))}
            extra = [_local(moment, span) for moment in _dates(event.get("RDATE"))]
            starts, is_cut = occurrences(rule, span.start, self.horizon, span.timezone)
        except BadRuleError:
            self.refuse(where, "event_rule")
            return
        gone |= self.replaced.get(str(event.get("UID")), set()) if event.get("RECURRENCE-ID") is None else set()
        if is_cut:
            self.result.warnings.append(Problem(where, "import.file.event_endless", {"day": self.horizon}))
        for start in sorted({*starts, *(moment for moment in extra if moment is not None)}):
            day = start.date() if isinstance(start, datetime) else start
            if not {_instant(start, span.timezone), _instant(start), day} & gone:
                yield start, start + length

    def take(
        self, names: Iterable[str], text: str, start: date, end: date, timezone: tzinfo | None, where: str
    ) -> None:
        """Adds one occurrence."""
        entries = self.result.entries
        if len(entries) > limits.MAX_CELLS:
            raise RosterFileError.of("import.file.too_many_cells", limit=limits.MAX_CELLS)
        for name in names:
            if isinstance(start, datetime) and isinstance(end, datetime):
                begins, ends = start, end
                if timezone is not None:
                    begins = start.replace(tzinfo=timezone).astimezone(UTC)
                    ends = end.replace(tzinfo=timezone).astimezone(UTC)
                if begins < ends:
                    entries.append(Entry(name, start.date(), text, where, start=begins, end=ends))
            else:
                entries += [Entry(name, start + _DAY * offset, text, where) for offset in range((end - start).days)]


def _word(event: Any, key: str) -> str:
    return str(event.get(key) or "").strip().upper()


def _param(value: Any, key: str, upper: bool = True) -> str:
    text = str(getattr(value, "params", {}).get(key) or "")
    return text.upper() if upper else text


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _dt(event: Any, key: str) -> Any:
    """Returns the day, moment or length of a property; None if it is missing or broken."""
    value = event.get(key)
    try:
        return value.dt if value is not None else None
    except Exception:  # icalendar reads a broken property only now, and raises errors without a common base
        return None


def _dates(value: Any) -> list[date]:
    """Returns the days or moments of EXDATE and RDATE lines.

    Raises:
        BadRuleError: They are broken, or periods.
    """
    try:
        found = [item.dt for line in _listed(value) for item in line.dts]
    except Exception as error:
        raise BadRuleError("dates") from error
    if not all(isinstance(item, date) for item in found):
        raise BadRuleError("periods")
    return found


def _instant(moment: date, timezone: tzinfo | None = None) -> date:
    """Returns a form in which occurrences are compared: UTC where a zone is known."""
    if isinstance(moment, datetime):
        if moment.tzinfo is None and timezone is not None:
            moment = moment.replace(tzinfo=timezone)
        return moment.astimezone(UTC) if moment.tzinfo is not None else moment
    return moment


def _local(moment: date, span: _Span) -> date | None:
    """Returns an additional day or moment in the form of the span's start."""
    if not span.is_timed:
        return moment.date() if isinstance(moment, datetime) else moment
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(0)) if span.timezone is None else None
    if moment.tzinfo is not None and span.timezone is not None:
        moment = moment.astimezone(span.timezone)
    return moment.replace(tzinfo=None)


def _own_zone(calendar: Any) -> tzinfo | None:
    """Returns the zone the calendar is shown in, if it names one that exists (Windows names are known, too)."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    name = clean(str(calendar.get("X-WR-TIMEZONE") or ""))
    try:
        return zone(WINDOWS_TO_OLSON.get(name, name)) if name else None
    except Exception:  # LocalizedError: an unknown zone; the roster's is taken
        return None
