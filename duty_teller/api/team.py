"""`GET /api/team`, `/api/gaps`, `/api/days`: people and how to reach them, where nobody is planned, what days are."""

from fastapi import APIRouter, Depends

from duty_teller.api.dependencies import DaysOf, PersonOf, SessionOf, StateOf, not_stored
from duty_teller.db import repository
from duty_teller.db.schemas import AwayRead, DayNoteRead, RosterSpan, ShiftRow, TeammateRead
from duty_teller.domain.stretches import Stretch
from duty_teller.i18n import get_lang
from duty_teller.services import schedule_service
from duty_teller.services.calendars.notes import day_notes
from duty_teller.services.people.team import Teammate, teammates
from duty_teller.utils.dates import day_span

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["team"])


@router.get("/team")
def team(
    _person: PersonOf,
    session: SessionOf,
    state: StateOf,
) -> list[TeammateRead]:
    """Returns the people of the rosters by name: contacts, the time on duty that runs or comes next, who is away."""
    return [_read(one) for one in teammates(session, repository.rosters(session), state.clock())]


def _read(one: Teammate) -> TeammateRead:
    user = one.user
    return TeammateRead(
        id=user.id or 0,
        full_name=user.full_name,
        username=user.username,
        phone=user.phone,
        next=None if one.next is None else _span(one.next),
        away=None if one.away is None else _away(one.away),
    )


def _span(stretch: Stretch[ShiftRow]) -> RosterSpan:
    return RosterSpan(roster_id=stretch.row.roster_id, start_at=stretch.start_at, end_at=stretch.end_at)


def _away(stretch: Stretch[ShiftRow]) -> AwayRead:
    return AwayRead(roster_id=stretch.row.roster_id, event_type=stretch.row.event_type, end_at=stretch.end_at)


@router.get("/gaps")
def gaps(
    _person: PersonOf,
    session: SessionOf,
    state: StateOf,
    days: DaysOf,
) -> list[RosterSpan]:
    """Returns where coverage asks for somebody on the local days `from` to `to` and no shift gives one.

    From now on, and as far as the roster is planned: what comes after its last shift is not a gap yet.
    """
    found, now = [], state.clock()
    for roster in repository.rosters(session):
        start, end = day_span(*days, roster.timezone)
        planned = repository.last_duty_end(session, roster.id or 0)
        start, end = max(start, now), end if planned is None else min(end, planned)
        spans = schedule_service.gaps(session, roster, start, end) if planned is not None and start < end else []
        found += [RosterSpan(roster_id=roster.id or 0, start_at=begin, end_at=stop) for begin, stop in spans]
    return found


@router.get("/days")
def days(
    person: PersonOf,
    session: SessionOf,
    state: StateOf,
    days: DaysOf,
) -> list[DayNoteRead]:
    """Returns what the local days `from` to `to` are besides their shifts, in the language of the person who asks."""
    lang = get_lang(person, state.settings.default_language)
    return [
        DayNoteRead(roster_id=roster.id or 0, day=day, kind=note.kind, text=note.text)
        for roster in repository.rosters(session)
        for day, notes in day_notes(session, roster, *days, lang).items()
        for note in notes
    ]
