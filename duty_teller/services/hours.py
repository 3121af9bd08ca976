"""What people have worked: hours, nights and weekends, the parts of them that lie in a span."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.models import Roster
from duty_teller.domain.shift import EventType, Shift
from duty_teller.utils.dates import day_span, local_day, midnight
from duty_teller.utils.handover import instant

_DEEP: Final = time(3)
"""Who is on duty at this wall-clock time has that night: one a night, whatever the shift is called."""
_SATURDAY: Final = 5
_WORKING: Final = tuple(kind for kind in EventType if not kind.is_absence)


@dataclass(frozen=True, slots=True)
class Worked:
    """A person's part of a span; real hours (a duty over the change of the clocks has 23 or 25).

    Attributes:
        shifts: Stored shifts that touch the span.
        time: On duty in it.
        nights: How often they were on duty at 03:00 of the roster's zone.
        weekend: On duty on its local Saturdays and Sundays.
    """

    shifts: int = 0
    time: timedelta = timedelta()
    nights: int = 0
    weekend: timedelta = timedelta()

    def __add__(self, other: "Worked") -> "Worked":
        return Worked(
            self.shifts + other.shifts,
            self.time + other.time,
            self.nights + other.nights,
            self.weekend + other.weekend,
        )


def worked(shifts: Iterable[Shift], start: datetime, end: datetime, timezone: str) -> dict[int, Worked]:
    """Adds up shifts by person; of what reaches out of [start, end) the part inside counts.

    Args:
        shifts: Of a roster, all of which touch the span; absences are left out.
        start: Aware.
        end: Aware.
        timezone: The roster's: whose nights and weekends are meant.
    """
    found: dict[int, Worked] = {}
    for shift in shifts:
        if shift.event_type.is_absence:
            continue
        first, last = max(shift.start_at, start), min(shift.end_at, end)
        nights, weekend = _nights_and_weekend(first, last, timezone)
        part = Worked(1, last - first, nights, weekend)
        found[shift.user_id] = found.get(shift.user_id, Worked()) + part
    return found


def _nights_and_weekend(start: datetime, end: datetime, timezone: str) -> tuple[int, timedelta]:
    nights, weekend = 0, timedelta()
    day, last = local_day(start, timezone), local_day(end - timedelta(microseconds=1), timezone)
    while day <= last:
        nights += start <= instant(day, _DEEP, timezone) < end
        if day.weekday() >= _SATURDAY:
            weekend += min(end, midnight(day + timedelta(days=1), timezone)) - max(start, midnight(day, timezone))
        day += timedelta(days=1)
    return nights, weekend


def worked_in_days(
    session: Session, rosters: Iterable[Roster], first: date, last: date, user_id: int | None = None
) -> dict[int, Worked]:
    """Returns what people have worked, and are planned to, on the local days `first` to `last`, both included.

    Args:
        session: Where to read.
        rosters: Which rosters; each by its own zone, added up by person.
        first: A day.
        last: A day.
        user_id: Only this person's.
    """
    total: dict[int, Worked] = {}
    for roster in rosters:
        start, end = day_span(first, last, roster.timezone)
        rows = repository.shifts_between(session, [roster.id or 0], start, end, _WORKING, user_id=user_id)
        for person, part in worked(rows, start, end, roster.timezone).items():
            total[person] = total.get(person, Worked()) + part
    return total


def balance(session: Session, rosters: Iterable[Roster], first: date, last: date) -> list[tuple[int, str, Worked]]:
    """Returns what each of the people of some rosters has in a span of local days, by name.

    Whoever has ever had a shift there and is active is listed, with nothing where they had none in the span; so is
    whoever has left, and had one in it.

    Args:
        session: Where to read.
        rosters: Which rosters.
        first: A day.
        last: The last day, included.
    """
    chosen = list(rosters)
    found = worked_in_days(session, chosen, first, last)
    names = repository.names_of_all(session)
    known = repository.people_with_live_shifts(session, [roster.id or 0 for roster in chosen])
    active = {user.id or 0 for user in repository.active_users(session)}
    people = [(user_id, names[user_id], found.get(user_id, Worked())) for user_id in {*found, *(known & active)}]
    return sorted(people, key=lambda one: (one[1].casefold().replace("ё", "е"), one[0]))
