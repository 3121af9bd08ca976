"""Calendars: the events of the feeds, and the file that is made of the same ones.

Rules (RFC 5545 and what readers were seen to do with it): a UID for the life of a shift; SEQUENCE, LAST-MODIFIED and
DTSTAMP are those of the last change, never "now"; duties in UTC, whole-day absences as dates; no METHOD, and alarms
only where the owner of a link wants them. Texts are cleaned: a control character or a line separator that is none of
iCalendar's makes one reader refuse the whole feed.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from duty_teller.domain.exchange import (
    CALENDAR_BEFORE,
    CALENDAR_DAYS,
    CALENDAR_PERSON,
    CALENDAR_POSITION,
    CALENDAR_PRODUCT,
    CALENDAR_TYPE,
)
from duty_teller.exporters.model import ExportedSchedule, ExportShift
from duty_teller.i18n.core import t
from duty_teller.utils.dates import local_day
from duty_teller.utils.texts import plain_lines

_COLOUR: Final = "steelblue"
_END: Final = b"END:VCALENDAR\r\n"
_FOLDED: Final = 74
"""Octets of name, colon and text from which on icalendar folds a line."""


def new_calendar(title: str) -> Any:
    """Returns an icalendar.Calendar without events."""
    from icalendar import Calendar

    calendar = Calendar()
    for name, value in (
        ("prodid", CALENDAR_PRODUCT),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("name", plain_lines(title)),
        ("x-wr-calname", plain_lines(title)),
        ("color", _COLOUR),
    ):
        calendar.add(name, value)
    return calendar


def calendar_bytes(calendar: Any, events: Iterable[bytes]) -> bytes:
    """Returns the bytes of an icalendar.Calendar without events, and of events from `event_bytes` in it."""
    head: bytes = calendar.to_ical(sorted=False)
    return b"".join([head.removesuffix(_END), *events, _END])


def event_bytes(
    shift: ExportShift,
    timezone: str,
    roster: str,
    lang: str,
    several_rosters: bool,
    cancelled: bool = False,
    own: Iterable[tuple[str, str]] = (),
    alarm_minutes: int | None = None,
) -> bytes:
    """Returns the lines of a shift's event, as icalendar writes them.

    An icalendar.Event costs a hundred times what its lines do, in time and in memory: ten thousand of them held the
    interpreter for seconds. So numbers and times are written here, and icalendar writes every text, once.

    Args:
        shift: The shift.
        timezone: The zone of whole-day absences.
        roster: The roster's name, or nothing.
        lang: The reader's language.
        several_rosters: The title has to say that it is about a roster even if that has no name.
        cancelled: It was taken off.
        own: Names and texts of properties of ours.
        alarm_minutes: How long before a duty the calendar rings; None: never.
    """
    is_absence = shift.event_type.is_absence
    what = t(lang, f"shift.event.{shift.event_type}")
    title = roster or (what if not several_rosters else t(lang, "feed.roster"))
    if is_absence and roster:
        title = f"{roster}, {what}"
    position = f" ({shift.position})" if shift.position else ""
    changed = _instant(shift.updated_at)
    if is_absence:
        first, last = (f"{local_day(moment, timezone):%Y%m%d}" for moment in (shift.start, shift.end))
        span = f"DTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{last}\r\n"
    else:
        span = f"DTSTART:{_instant(shift.start)}\r\nDTEND:{_instant(shift.end)}\r\n"
    lines = [
        "BEGIN:VEVENT\r\n",
        _plain_line("UID", f"{shift.uid}@duty-teller"),
        _text_line("SUMMARY", f"{title}: {shift.called or shift.name}{position}"),
        f"DTSTAMP:{changed}\r\nLAST-MODIFIED:{changed}\r\nSEQUENCE:{shift.sequence}\r\n",
        span,
        _text_line("DESCRIPTION", shift.note) if shift.note else "",
        "STATUS:CANCELLED\r\n" if cancelled else "STATUS:CONFIRMED\r\n",
        # A duty is no meeting: it must not block the owner's free time (linkedin/oncall #327).
        "TRANSP:TRANSPARENT\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n",
        *(_text_line(f"{name};VALUE=TEXT", text) for name, text in own),
        _alarm(alarm_minutes, title) if alarm_minutes is not None and not is_absence and not cancelled else "",
        "END:VEVENT\r\n",
    ]
    return "".join(lines).encode()


def _alarm(minutes: int, title: str) -> str:
    told = _text_line("DESCRIPTION", title)
    return f"BEGIN:VALARM\r\nACTION:DISPLAY\r\n{told}TRIGGER:-PT{minutes}M\r\nEND:VALARM\r\n"


@lru_cache(maxsize=2048)
def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _plain_line(name: str, text: str) -> str:
    """Returns the line of a text that mostly needs neither escapes nor a fold."""
    plain = len(text) < _FOLDED - len(name) and text.isascii() and text.replace("-", "").replace("@", "").isalnum()
    return f"{name}:{text}\r\n" if plain else _text_line(name, text)


@lru_cache(maxsize=512)
def _text_line(name: str, text: str) -> str:
    """Returns the folded line of a text: those of a few people in a few positions come again and again."""
    from icalendar import vText
    from icalendar.parser import Contentline

    make: Any = Contentline  # without types
    line: bytes = make(f"{name}:{vText(plain_lines(text)).to_ical().decode()}").to_ical()
    return f"{line.decode()}\r\n"


def write_ics(schedule: ExportedSchedule) -> bytes:
    """Writes the events that the team's feed has for these days; properties of its own let the file go back in."""
    calendar = new_calendar(schedule.title or t(schedule.lang, "feed.team"))
    calendar.add(CALENDAR_DAYS, f"{schedule.first.isoformat()}/{schedule.last.isoformat()}")
    title, lang, several = schedule.title, schedule.lang, schedule.several_rosters
    events = (
        event_bytes(shift, schedule.timezone, title, lang, several, own=_own(schedule, shift))
        for shift in schedule.shifts
    )
    return calendar_bytes(calendar, events)


def _own(schedule: ExportedSchedule, shift: ExportShift) -> Iterator[tuple[str, str]]:
    yield CALENDAR_PERSON, shift.name
    yield CALENDAR_TYPE, shift.event_type.value
    if shift.position:
        yield CALENDAR_POSITION, shift.position
    if shift.start < schedule.span[0]:
        yield CALENDAR_BEFORE, "TRUE"
