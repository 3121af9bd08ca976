"""A roster's public holidays and weekends: what `/week`, the Mini App, exports and hours ask."""

from datetime import date, datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from duty_teller.db.models import Roster
from duty_teller.services.rosters import settings
from duty_teller.services.schedule_service import Author
from duty_teller.utils import public_holidays


def holidays(roster: Roster, first: date, last: date, lang: str) -> dict[date, str]:
    """Returns the public holidays of local days `first` to `last`, both included: day → name.

    Args:
        roster: Whose holidays.
        first: A day.
        last: A day.
        lang: The reader's language; see `utils.public_holidays.holiday_names`.
    """
    return public_holidays.holiday_names(roster.holidays, first, last, lang)


def is_weekend(roster: Roster, day: date) -> bool:
    """Tells whether a local day is part of the weekend of the roster's country; without one, Saturday and Sunday."""
    return public_holidays.is_weekend(roster.holidays, day)


def choose(session: Session, roster_id: int, place: str, author: Author, reason: str, now: datetime) -> int | None:
    """Says whose public holidays a roster keeps from now on, by the write door: logged and undoable.

    Args:
        session: A writing session.
        roster_id: The roster.
        place: As `utils.public_holidays.typed_place` returns it; empty: nobody's.
        author: Who.
        reason: What changes, in the author's language.
        now: The present instant.

    Returns:
        The change; None when there was nothing to change.

    Raises:
        RosterGoneError: The roster was retired.
    """
    change_id = settings.change(session, roster_id, author, reason, now, holidays=place)
    note_chosen(session, roster_id)
    return change_id


def note_chosen(session: Session, roster_id: int) -> None:
    """Notes that an admin has said whose public holidays a roster keeps: the setting HOLIDAYS does not any more."""
    roster = session.get_one(Roster, roster_id)
    roster.holidays_chosen = True
    session.add(roster)


def have_others(session: Session, place: str) -> bool:
    """Tells whether `follow_setting` would change anything."""
    return session.exec(_others(place).limit(1)).first() is not None


def follow_setting(session: Session, place: str) -> None:
    """Gives the rosters about which no admin has said anything the place of the setting HOLIDAYS.

    Args:
        session: A writing session.
        place: The setting's.
    """
    for roster in session.exec(_others(place)):
        roster.holidays = place
        session.add(roster)


def _others(place: str) -> SelectOfScalar[Roster]:
    return select(Roster).where(col(Roster.holidays_chosen).is_(False), Roster.holidays != place)
