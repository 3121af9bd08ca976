"""Planning absences: whole local days on which somebody is away, and the duties that fall into them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from duty_teller.db.models import ChangeKind, Roster
from duty_teller.domain.shift import ABSENCES, EventType, Shift
from duty_teller.services.schedule_service import edits
from duty_teller.services.schedule_service.edits import EditError, PlannedEdit
from duty_teller.services.schedule_service.model import DiffItem
from duty_teller.utils.dates import day_span, midnight

LONGEST_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class Affected:
    """A time on duty, or the part of it, that falls into an absence; bound to the shift in which it begins."""

    roster_id: int
    shift_id: int
    uid: str
    position: str | None
    start_at: datetime
    end_at: datetime


def plan_absence(
    session: Session, roster: Roster, user_id: int, kind: EventType, first: date, last: date
) -> PlannedEdit:
    """Plans somebody being away; what was entered for these days before is replaced.

    Args:
        session: Where to read.
        roster: In whose zone the days are meant.
        user_id: Who is away.
        kind: A type of absence.
        first: The first local day.
        last: The last one, included.

    Raises:
        EditError: `away.order` or `away.long`; `away.already`: it is entered like that.
    """
    if last < first:
        raise EditError("away.order")
    if (last - first).days >= LONGEST_DAYS:
        raise EditError("away.long")
    start, end = day_span(first, last, roster.timezone)
    stored = edits.stored_between(session, roster.id or 0, start, end, user_id, ABSENCES)
    if any(s.shift.event_type == kind and s.shift.start_at <= start and end <= s.shift.end_at for s in stored):
        raise EditError("away.already")
    items = edits.remove(stored, start, end) if stored else []
    items.append(DiffItem(None, None, Shift(user_id, None, start, end, kind)))
    return edits.plan_edit(session, roster, items, ChangeKind.AWAY)


def plan_back(session: Session, roster: Roster, shift_id: int, today: date) -> PlannedEdit:
    """Plans the end of an absence: what lies before today stays.

    Raises:
        EditError: `change.gone`: it is not there any more, or over.
    """
    stored = edits.stored_shift(session, roster.id or 0, shift_id)
    start = max(stored.shift.start_at, midnight(today, roster.timezone))
    if not stored.shift.event_type.is_absence or start >= stored.shift.end_at:
        raise EditError("change.gone")
    return edits.plan_edit(session, roster, edits.remove([stored], start, stored.shift.end_at), ChangeKind.AWAY)


def affected(
    session: Session, rosters: Sequence[Roster], user_id: int, kind: EventType, first: date, last: date, now: datetime
) -> list[Affected]:
    """Returns the times on duty that fall into an absence and are not over, by start.

    A duty that began the day before a vacation and ends in its morning is how vacations begin, and not affected; with
    somebody who is ill it is, from now on.
    """
    found: list[Affected] = []
    for roster in rosters:
        start, end = day_span(first, last, roster.timezone)
        open_by: dict[str | None, int] = {}
        for row in edits.stored_between(session, roster.id or 0, start, end, user_id):
            shift = row.shift
            if kind != EventType.SICK and shift.start_at < start:
                continue
            begins = max(shift.start_at, start, now.replace(second=0, microsecond=0))
            if shift.end_at <= begins:
                continue
            ends = shift.end_at
            at = open_by.get(shift.position)
            if at is not None and begins <= found[at].end_at and begins - found[at].start_at < timedelta(days=62):
                last_one = found[at]
                found[at] = Affected(
                    last_one.roster_id,
                    last_one.shift_id,
                    last_one.uid,
                    last_one.position,
                    last_one.start_at,
                    max(last_one.end_at, ends),
                )
                continue
            open_by[shift.position] = len(found)
            found.append(Affected(roster.id or 0, row.id, row.uid, shift.position, begins, ends))
    return sorted(found, key=lambda one: (one.start_at, one.shift_id))
