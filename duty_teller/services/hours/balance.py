"""What people have worked in a span of days, one line a person: for the Mini App and /my."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.services.hours import report


@dataclass(frozen=True, slots=True)
class Worked:
    """A person's part of a span; real hours (a duty over the change of the clocks has 23 or 25).

    Attributes:
        shifts: Stored shifts that touch the span.
        time: On duty in it.
        nights: How often they were on duty in the middle of the roster's night.
        night: On duty in its nights.
        weekend: On duty on its local weekends.
        holiday: On duty on its holidays.
    """

    shifts: int = 0
    time: timedelta = timedelta()
    nights: int = 0
    night: timedelta = timedelta()
    weekend: timedelta = timedelta()
    holiday: timedelta = timedelta()


def worked_in_days(
    session: Session,
    first: date,
    last: date,
    roster_ids: Collection[int] | None = None,
    user_id: int | None = None,
) -> dict[int, Worked]:
    """Returns what people have worked, and are planned to, on the local days `first` to `last`, both included.

    A closed month that lies in them as a whole has the figures it was closed with, as on the sheet of hours.

    Args:
        session: Where to read.
        first: A day.
        last: A day.
        roster_ids: Which rosters; each by its own zone, added up by person; None: all.
        user_id: Only this person's.
    """
    found: dict[int, Worked] = {}
    for (person, _roster, _position), figures in report.totals(session, first, last, roster_ids, user_id).items():
        if figures.total:
            one = found.get(person, Worked())
            found[person] = Worked(
                one.shifts + figures.shifts,
                one.time + figures.total,
                one.nights + figures.nights,
                one.night + figures.night,
                one.weekend + figures.weekend,
                one.holiday + figures.holiday,
            )
    return found


def balance(session: Session, roster_ids: Collection[int], first: date, last: date) -> list[tuple[int, str, Worked]]:
    """Returns what each of the people of some rosters has in a span of local days, by name.

    Whoever has ever had a shift there and is active is listed, with nothing where they had none in the span; so is
    whoever has left, and had one in it.

    Args:
        session: Where to read.
        roster_ids: Which rosters.
        first: A day.
        last: The last day, included.
    """
    found = worked_in_days(session, first, last, roster_ids)
    names = repository.names_of_all(session)
    known = repository.people_with_live_shifts(session, list(roster_ids))
    active = {user.id or 0 for user in repository.active_users(session)}
    people = [(user_id, names[user_id], found.get(user_id, Worked())) for user_id in {*found, *(known & active)}]
    return sorted(people, key=lambda one: (one[1].casefold().replace("ё", "е"), one[0]))
