"""Calendars: the events of the feeds, and the file that is made of the same ones.

Rules (RFC 5545 and what readers were seen to do with it): a UID for the life of a shift; SEQUENCE, LAST-MODIFIED and
DTSTAMP are those of the last change, never "now"; duties in UTC, whole-day absences as dates; no METHOD and no alarms.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from duty_teller.exporters.model import ExportedSchedule
from duty_teller.i18n.core import t
from duty_teller.utils.dates import local_day
from duty_teller.utils.exchange import (
    CALENDAR_BEFORE,
    CALENDAR_DAYS,
    CALENDAR_PERSON,
    CALENDAR_POSITION,
    CALENDAR_PRODUCT,
    CALENDAR_TYPE,
)

_COLOUR: Final = "steelblue"


@dataclass(frozen=True, slots=True)
class CalendarShift:
    """A shift as an event.

    Attributes:
        uid: Stable for the life of the shift.
        name: The person.
        start: Aware UTC.
        end: Aware UTC.
        event_type: `duty`, `unavailable` or `vacation`.
        timezone: The zone of whole-day absences.
        roster: The roster's name, or nothing.
        position: The role, or None.
        note: Any text, or None.
        sequence: Raised by each change.
        updated_at: Of the last change.
        cancelled: It was taken off.
    """

    uid: str
    name: str
    start: datetime
    end: datetime
    event_type: str
    timezone: str
    roster: str
    position: str | None
    note: str | None
    sequence: int
    updated_at: datetime
    cancelled: bool = False


def new_calendar(title: str) -> Any:
    """Returns an icalendar.Calendar without events."""
    from icalendar import Calendar

    calendar = Calendar()
    for name, value in (
        ("prodid", CALENDAR_PRODUCT),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("name", title),
        ("x-wr-calname", title),
        ("color", _COLOUR),
    ):
        calendar.add(name, value)
    return calendar


def event_of(shift: CalendarShift, lang: str, several_rosters: bool) -> Any:
    """Returns the icalendar.Event of a shift.

    Args:
        shift: The shift.
        lang: The reader's language.
        several_rosters: The title has to say that it is about a roster even if that has no name.
    """
    from icalendar import Event

    event = Event()
    is_duty = shift.event_type == "duty"
    what = t(lang, f"feed.{shift.event_type}")
    title = shift.roster or (what if not several_rosters else t(lang, "feed.roster"))
    if not is_duty and shift.roster:
        title = f"{shift.roster}, {what}"
    position = f" ({shift.position})" if shift.position else ""
    event.add("uid", f"{shift.uid}@duty-teller")
    event.add("summary", f"{title}: {shift.name}{position}")
    event.add("dtstamp", shift.updated_at)
    event.add("last-modified", shift.updated_at)
    event.add("sequence", shift.sequence)
    for name, moment in (("dtstart", shift.start), ("dtend", shift.end)):
        event.add(name, moment if is_duty else local_day(moment, shift.timezone))
    if shift.note:
        event.add("description", shift.note)
    event.add("status", "CANCELLED" if shift.cancelled else "CONFIRMED")
    # A duty is no meeting: it must not block the owner's free time (linkedin/oncall #327).
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    return event


def write_ics(schedule: ExportedSchedule) -> bytes:
    """Writes the events that the team's feed has for these days; properties of its own let the file go back in."""
    calendar = new_calendar(schedule.title or t(schedule.lang, "feed.team"))
    calendar.add(CALENDAR_DAYS, f"{schedule.first.isoformat()}/{schedule.last.isoformat()}")
    for shift in schedule.shifts:
        event = event_of(
            CalendarShift(
                uid=shift.uid,
                name=shift.called or shift.name,
                start=shift.start,
                end=shift.end,
                event_type=shift.event_type,
                timezone=schedule.timezone,
                roster=schedule.title,
                position=shift.position,
                note=shift.note,
                sequence=shift.sequence,
                updated_at=shift.updated_at,
            ),
            schedule.lang,
            schedule.several_rosters,
        )
        event.add(CALENDAR_PERSON, shift.name, parameters={"VALUE": "TEXT"})
        event.add(CALENDAR_TYPE, shift.event_type)
        if shift.position:
            event.add(CALENDAR_POSITION, shift.position, parameters={"VALUE": "TEXT"})
        if shift.start < schedule.span[0]:
            event.add(CALENDAR_BEFORE, "TRUE")
        calendar.add_component(event)
    data: bytes = calendar.to_ical(sorted=False)
    return data
