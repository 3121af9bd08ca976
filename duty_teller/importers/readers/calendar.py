"""Calendars (.ics) that another product, Outlook or Google Calendar exported: one event a duty.

Times with a zone are instants; floating ones are of the calendar's own zone (X-WR-TIMEZONE) or of the roster's. Events
of whole days are whole duties, one a day. icalendar is imported on use: an idle service does not need it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from duty_teller.importers import limits
from duty_teller.importers.model import Fork, RosterCells
from duty_teller.importers.problems import Arg, Problem, RosterFileError
from duty_teller.importers.readers.calendar_rules import BadRuleError, Series, is_plain
from duty_teller.importers.readers.occasions import DAY, Guest, Occasion, Span, read_occasions
from duty_teller.importers.readers.text_table import decode
from duty_teller.importers.words.contacts import split_contact
from duty_teller.importers.words.text import clean
from duty_teller.utils.zones import meanings, zone

MAX_EVENTS: Final = 10_000
MAX_RULE_DAYS = 40_000
"""Days that the rules of all events run over, together: 15 events that repeat for 7 years."""
_MAX_TITLE: Final = 300
_NO_PEOPLE: Final = ("RESOURCE", "ROOM", "GROUP")


class _EventError(ValueError):
    """An event that cannot be taken: a key of the catalogue without its `import.file.`, and arguments."""

    def __init__(self, key: str, **args: Arg) -> None:
        super().__init__(key)
        self.key, self.args_of_key = key, args


def read_calendar(data: bytes) -> RosterCells:
    """Reads a calendar.

    Raises:
        RosterFileError: It is damaged or holds too much; or duties that cannot be taken, each by title and day.
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
    return _read_in_zones(calendars, {}, [name for calendar in calendars for name in _ambiguous(calendar)])


def _read_in_zones(calendars: Sequence[Any], chosen: dict[str, tzinfo], open_names: Sequence[str]) -> RosterCells:
    """Reads calendars; an abbreviation that stands for several zones is a fork, with a reading for each of them."""
    for name in open_names:
        if name not in chosen:
            readings = {
                key: _read_in_zones(calendars, {**chosen, name: zone(key)}, open_names) for key in meanings(name)
            }
            first = next(iter(readings.values()))
            events = sum(len(calendar.walk("VEVENT")) for calendar in calendars)
            return replace(first, fork=Fork("zone", name, name, events, readings))
    reader = EventReader(chosen)
    occasions = [occasion for calendar in calendars for occasion in reader.read(calendar)]
    names = [clean(str(calendar.get("X-WR-CALNAME") or "")) for calendar in calendars]
    stamps = [stamp for calendar in calendars if (stamp := _stamp(calendar))]
    return read_occasions(occasions, "ics", names, max(stamps, default=None))


def _ambiguous(calendar: Any) -> list[str]:
    """Returns the abbreviations of zones that a calendar uses and does not define, in capitals; each once."""
    defined = {str(part.get("TZID")) for part in calendar.walk("VTIMEZONE")}
    starts = [(event.get("DTSTART"), _dt(event, "DTSTART")) for event in calendar.walk("VEVENT")]
    timed = [(value, start) for value, start in starts if isinstance(start, datetime)]
    used = [str(value.params.get("TZID") or "") for value, _ in timed]
    if any(start.tzinfo is None for _, start in timed):
        used.append(clean(str(calendar.get("X-WR-TIMEZONE") or "")))
    return [name.upper() for name in dict.fromkeys(used) if name not in defined and meanings(name)]


def _stamp(calendar: Any) -> date | None:
    """Returns the latest date on which an event was written or exported: the calendar's idea of now."""
    stamps = []
    for event in calendar.walk("VEVENT"):
        for key in ("DTSTAMP", "LAST-MODIFIED", "CREATED"):
            value = _dt(event, key)
            if isinstance(value, datetime) and limits.FIRST_YEAR <= value.year <= limits.LAST_YEAR:
                stamps.append(value.date())
    return max(stamps, default=None)


class EventReader:
    """Takes the events of calendars; the rules of all of them together may run over so many days.

    `zones` are what the abbreviations of zones in them mean, in capitals.
    """

    def __init__(self, zones: Mapping[str, tzinfo]) -> None:
        self.zones = zones
        self.rule_days = 0
        self.own_zone: tzinfo | None = None

    def read(self, calendar: Any) -> list[Occasion]:
        """Returns all events of a calendar that are not cancelled."""
        events = calendar.walk("VEVENT")
        self.own_zone = own_zone(calendar, self.zones)
        horizon = _horizon(calendar, events)
        series: dict[str, list[Any]] = {}
        for index, event in enumerate(events):
            series.setdefault(str(event.get("UID") or f"\0{index}"), []).append(event)
        found: list[Occasion] = []
        for parts in series.values():
            if all(map(is_plain, parts)):
                found += [self.single(event) for event in parts if property_word(event, "STATUS") != "CANCELLED"]
            else:
                found += self.repeated(parts, horizon)
        return found

    def single(self, event: Any) -> Occasion:
        """Takes an event that does not repeat."""
        occasion = _occasion(event)
        try:
            span = self.span(event)
        except _EventError as error:
            return _refused(occasion, error)
        if span.start == span.end:
            return replace(occasion, warnings=(Problem(occasion.where, "import.file.event_empty"),))
        return replace(occasion, spans=(span,))

    def repeated(self, parts: Sequence[Any], horizon: date) -> list[Occasion]:
        """Takes an event that repeats, with the occurrences that were moved or given to somebody else."""
        first = _occasion(parts[0])
        begins = [value for event in parts if isinstance(value := _dt(event, "DTSTART"), date)]
        days = [value.date() if isinstance(value, datetime) else value for value in begins]
        try:
            for event in parts:
                self.span(event)
            self.rule_days += max(0, (horizon - min(days)).days)
            if self.rule_days > MAX_RULE_DAYS:
                raise RosterFileError.of("import.file.too_many_rules", where=first.where)
            series = Series(parts, min(days), horizon)
        except _EventError as error:
            return [_refused(first, error)]
        except BadRuleError:
            return [_refused(first, _EventError("event_rule"))]
        spans: dict[Occasion, list[Span]] = {}
        for occurrence in series.occurrences:
            if property_word(occurrence, "STATUS") == "CANCELLED":
                continue
            found = _occasion(occurrence)
            own = found if (found.title, found.guests, found.host) != (first.title, first.guests, first.host) else first
            spans.setdefault(own, []).append(self.span(occurrence))
        endless = (Problem(first.where, "import.file.event_endless", {"day": horizon}),) if series.is_cut else ()
        return [
            replace(occasion, spans=tuple(found), warnings=endless if occasion is first else ())
            for occasion, found in spans.items()
        ]

    def span(self, event: Any) -> Span:
        """Returns when an event is.

        Raises:
            _EventError: Its times are missing, broken, or of a zone that nobody knows.
        """
        first = event.get("DTSTART")
        start, end, length = (_dt(event, key) for key in ("DTSTART", "DTEND", "DURATION"))
        if not isinstance(start, date) or not limits.FIRST_YEAR <= start.year <= limits.LAST_YEAR:
            raise _EventError("event_without_time")
        name = first.params.get("TZID") if hasattr(first, "params") else None
        if isinstance(start, datetime) and start.tzinfo is None and name:
            raise _EventError("event_zone", zone=clean(str(name))[:64])
        if end is None:
            end = start + (length if isinstance(length, timedelta) else DAY * (not isinstance(start, datetime)))
        if not isinstance(end, date) or isinstance(end, datetime) != isinstance(start, datetime):
            raise _EventError("event_without_time")
        timezone: tzinfo | None = None
        if isinstance(start, datetime) and isinstance(end, datetime):
            timezone = self.zones.get(_zone_name(first)) or start.tzinfo or self.own_zone
            same = _zone_name(event.get("DTEND")) in ("", _zone_name(first))  # the clock of both, whatever it is called
            if end.tzinfo is not None and timezone is not None and not (same and end.tzinfo == start.tzinfo):
                end = end.astimezone(timezone)
            start, end = start.replace(tzinfo=None), end.replace(tzinfo=None)
        if end < start or (end - start).days > limits.MAX_DAYS:
            raise _EventError("event_without_time")
        return Span(start, end, timezone)


def _zone_name(value: Any) -> str:
    return str(getattr(value, "params", {}).get("TZID") or "").upper()


def _refused(occasion: Occasion, error: _EventError) -> Occasion:
    return replace(occasion, problems=(Problem(occasion.where, f"import.file.{error.key}", error.args_of_key),))


def _occasion(event: Any) -> Occasion:
    """Returns what an event says besides its times."""
    title = clean(str(event.get("SUMMARY") or "")[:_MAX_TITLE])
    begins = _dt(event, "DTSTART")
    where = f"{title[:40] or '?'} ({begins:%Y-%m-%d})" if isinstance(begins, date) else title[:40] or "?"
    attending = [
        person
        for person in _listed(event.get("ATTENDEE"))
        if _param(person, "PARTSTAT") != "DECLINED" and _param(person, "CUTYPE") not in _NO_PEOPLE
    ]
    guests = tuple(dict.fromkeys(guest for person in attending if (guest := _guest(person))))
    host = next((guest for person in _listed(event.get("ORGANIZER")) if (guest := _guest(person))), None)
    return Occasion(title, where, guests=guests, host=host)


def _guest(person: Any) -> Guest | None:
    """Returns an attendee or organiser; nothing if only a calendar's own address is known."""
    address = str(person).removeprefix("mailto:").removeprefix("MAILTO:")
    email = address.lower() if "@" in address and "calendar.google.com" not in address else None
    name = clean(_param(person, "CN", upper=False))
    if not name or split_contact(name)[0] == "":
        name = email or ""
    return Guest(name, email) if name else None


def _horizon(calendar: Any, events: Iterable[Any]) -> date:
    """Returns the day up to which events without an end are repeated: so far as one import may reach."""
    starts = [value for event in events if isinstance(value := _dt(event, "DTSTART"), date)]
    days = [value.date() if isinstance(value, datetime) else value for value in starts]
    stamp = _stamp(calendar)
    known = [day for day in (*days, *([stamp] if stamp else [])) if day.year <= limits.LAST_YEAR]
    last = max(known, default=date(limits.FIRST_YEAR, 1, 1))
    return min(last + timedelta(days=limits.MAX_DAYS - 1), date(limits.LAST_YEAR, 12, 31))


def property_word(event: Any, key: str) -> str:
    """Returns a property of an event in capitals, or nothing."""
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


def own_zone(calendar: Any, zones: Mapping[str, tzinfo]) -> tzinfo | None:
    """Returns the zone the calendar is shown in, if it names one that exists (Windows names are known, too)."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    name = clean(str(calendar.get("X-WR-TIMEZONE") or ""))
    try:
        return (zones.get(name.upper()) or zone(WINDOWS_TO_OLSON.get(name, name))) if name else None
    except Exception:  # LocalizedError: an unknown zone; the roster's is taken
        return None
