"""The team as its members look at it: how to reach whom, when each is on duty next, who is away until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.models import Roster, User
from duty_teller.db.schemas import ShiftRow
from duty_teller.domain.stretches import Stretch, stretches
from duty_teller.services.people import accounts

_AHEAD: Final = timedelta(days=400)
"""How far ahead a next time on duty is looked for."""


@dataclass(frozen=True, slots=True)
class Teammate:
    """Somebody of the roster.

    Attributes:
        user: Who; detached when the session ends.
        next: The time on duty that is running, else the next one, in whichever roster.
        away: The absence that is running; absences that meet are one, of the type of the first.
    """

    user: User
    next: Stretch[ShiftRow] | None
    away: Stretch[ShiftRow] | None


def teammates(session: Session, rosters: Sequence[Roster], now: datetime) -> list[Teammate]:
    """Returns the active people of the rosters, by name; who was merely let in, or only had shifts taken back, is not.

    Args:
        session: Where to read.
        rosters: Those in use.
        now: The present instant.
    """
    on_duty: dict[int, Stretch[ShiftRow]] = {}
    away: dict[int, Stretch[ShiftRow]] = {}
    for roster in rosters:
        rows = repository.shifts_between(session, [roster.id or 0], now, now + _AHEAD)
        for stretch in stretches(row for row in rows if not row.event_type.is_absence):
            known = on_duty.get(stretch.row.user_id)
            if known is None or stretch.start_at < known.start_at:
                on_duty[stretch.row.user_id] = stretch
        for stretch in stretches(row for row in rows if row.event_type.is_absence):
            known = away.get(stretch.row.user_id)
            if stretch.start_at <= now and (known is None or stretch.end_at > known.end_at):
                away[stretch.row.user_id] = stretch
    gone = repository.people_without_live_shifts(session)
    found = [
        Teammate(user, on_duty.get(user.id or 0), away.get(user.id or 0))
        for user in repository.active_users(session)
        if accounts.is_of_roster(user) and (user.id not in gone or user.telegram_user_id is not None)
    ]
    return sorted(found, key=lambda one: (one.user.full_name.casefold().replace("ё", "е"), one.user.id or 0))
