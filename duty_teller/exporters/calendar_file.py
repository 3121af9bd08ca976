"""Calendars: the events of the feeds, and the file that is made of the same ones.

Rules (RFC 5545 and what readers were seen to do with it): a UID for the life of a shift; SEQUENCE, LAST-MODIFIED and
DTSTAMP are those of the last change, never "now"; duties in UTC, whole-day absences as dates; no METHOD and no alarms.
"""

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

_COLOUR: Final = "steelblue"


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


def event_of(
    shift: ExportShift, timezone: str, roster: str, lang: str, several_rosters: bool, cancelled: bool = False
) -> Any:
    """Returns the icalendar.Event of a shift.

    Args:
        shift: The shift.
        timezone: The zone of whole-day absences.
        roster: The roster's name, or nothing.
        lang: The reader's language.
        several_rosters: The title has to say that it is about a roster even if that has no name.
        cancelled: It was taken off.
    """
    from icalendar import Event

    event = Event()
    is_absence = shift.event_type.is_absence
    what = t(lang, f"shift.event.{shift.event_type}")
    title = roster or (what if not several_rosters else t(lang, "feed.roster"))
    if is_absence and roster:
        title = f"{roster}, {what}"
    position = f" ({shift.position})" if shift.position else ""
    event.add("uid", f"{shift.uid}@duty-teller")
    event.add("summary", f"{title}: {shift.called or shift.name}{position}")
    event.add("dtstamp", shift.updated_at)
    event.add("last-modified", shift.updated_at)
    event.add("sequence", shift.sequence)
    for name, moment in (("dtstart", shift.start), ("dtend", shift.end)):
        event.add(name, local_day(moment, timezone) if is_absence else moment)
    if shift.note:
        event.add("description", shift.note)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    # A duty is no meeting: it must not block the owner's free time (linkedin/oncall #327).
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    return event


def write_ics(schedule: ExportedSchedule) -> bytes:
    """Writes the events that the team's feed has for these days; properties of its own let the file go back in."""
    calendar = new_calendar(schedule.title or t(schedule.lang, "feed.team"))
    calendar.add(CALENDAR_DAYS, f"{schedule.first.isoformat()}/{schedule.last.isoformat()}")
    for shift in schedule.shifts:
        event = event_of(shift, schedule.timezone, schedule.title, schedule.lang, schedule.several_rosters)
        event.add(CALENDAR_PERSON, shift.name, parameters={"VALUE": "TEXT"})
        event.add(CALENDAR_TYPE, shift.event_type.value)
        if shift.position:
            event.add(CALENDAR_POSITION, shift.position, parameters={"VALUE": "TEXT"})
        if shift.start < schedule.span[0]:
            event.add(CALENDAR_BEFORE, "TRUE")
        calendar.add_component(event)
    data: bytes = calendar.to_ical(sorted=False)
    return data
