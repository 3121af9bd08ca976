"""The events of calendars are written by hand, for speed: they are what icalendar writes, to the byte."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import icalendar
import pytest

from duty_teller.domain.shift import EventType
from duty_teller.exporters.calendar_file import calendar_bytes, event_bytes, new_calendar
from duty_teller.exporters.model import ExportShift
from duty_teller.utils.dates import local_day

TEXTS = [
    "Dan",
    "Иванова Анна",
    "\\n, BEGIN:VEVENT",
    "x;y,z\\",
    "line\nbreak\r\nand\rmore",
    "日本" * 30,
    "👩‍🚒" * 20,
    "a\\" * 40,
    "tab\there",
    '"q": ^^^ ',
    *("b" * count for count in range(57, 66)),  # about where a line is folded
]
UIDS = ["0123456789abcdef" * 2, "A-9@x", "é;,", *("c" * count for count in range(50, 61))]
MOSCOW = timezone(timedelta(hours=3))


def library_event(shift: ExportShift, title: str, cancelled: bool, own: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{shift.uid}@duty-teller")
    event.add("summary", title)
    event.add("dtstamp", shift.updated_at)
    event.add("last-modified", shift.updated_at)
    event.add("sequence", shift.sequence)
    for name, moment in (("dtstart", shift.start), ("dtend", shift.end)):
        is_absence = shift.event_type.is_absence
        event.add(name, local_day(moment, "Europe/Moscow") if is_absence else moment.astimezone(UTC))
    if shift.note:
        event.add("description", shift.note)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    event.add("x-duty-teller-person", own, parameters={"VALUE": "TEXT"})
    return event


@pytest.mark.parametrize("kind", list(EventType))
def test_event_is_what_icalendar_writes(kind: EventType) -> None:
    words = {"duty": "On duty", "vacation": "Vacation", "sick": "Sick leave", "unavailable": "Unavailable"}[kind]
    for (number, text), uid in product(enumerate(TEXTS), UIDS):
        position, note = (text if number % 2 else None), (text if number % 3 else None)
        start = datetime(2026, 11, 3, tzinfo=MOSCOW)
        changed = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
        shift = ExportShift(text, start, start + timedelta(days=1), kind, position, note, uid=uid, updated_at=changed)
        title = f"{words}: {text}" + (f" ({position})" if position else "")
        cancelled = number % 5 == 0
        calendar = new_calendar("Team")
        calendar.add_component(library_event(shift, title, cancelled, text))

        own = [("X-DUTY-TELLER-PERSON", text)]
        written = event_bytes(shift, "Europe/Moscow", "", "en", False, cancelled, own)

        assert calendar_bytes(new_calendar("Team"), [written]) == calendar.to_ical(sorted=False)
