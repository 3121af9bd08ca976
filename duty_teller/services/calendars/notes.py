"""What local days are besides their shifts: public holidays, and the events of other calendars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from sqlmodel import Session

from duty_teller.db.models import Roster
from duty_teller.services.calendars import store
from duty_teller.services.rosters import days_off
from duty_teller.utils.zones import zone

MOST: Final = 20
"""Events of a day; a calendar with more is somebody's work, and no occasion."""


@dataclass(frozen=True, slots=True)
class DayNote:
    """A holiday or an event on a local day; the text of an event begins with its time, if it starts then."""

    kind: Literal["holiday", "event"]
    text: str


DayNotes = Mapping[date, Sequence[DayNote]]


def day_notes(session: Session, roster: Roster, first: date, last: date, lang: str) -> DayNotes:
    """Returns the notes of local days `first` to `last`, both included; days without any are left out.

    Args:
        session: Where to read.
        roster: Whose holidays and calendars; times are in its zone.
        first: A day.
        last: A day.
        lang: The reader's language.
    """
    found: dict[date, list[DayNote]] = {}
    for day, name in days_off.holidays(roster, first, last, lang).items():
        found.setdefault(day, []).append(DayNote("holiday", name))
    for event, calendar in store.events(session, roster.id or 0, first, last):
        title, begins = event.title or calendar, None
        if event.start_at is not None and event.end_at != event.start_at + timedelta(days=1):
            begins = event.start_at.astimezone(zone(roster.timezone))
        day = max(first, event.first_day)
        while day <= min(last, event.last_day):
            clock = f"{begins:%H:%M} " if begins is not None and begins.date() == day else ""
            note, there = DayNote("event", clock + title), found.setdefault(day, [])
            if note not in there and len(there) < MOST:
                there.append(note)
            day += timedelta(days=1)
    return dict(sorted(found.items()))
