"""Being away, in the Mini App: entered and ended by the services of `/away`."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlmodel import Field, Session, SQLModel

from duty_teller.api.covers import ShiftRef
from duty_teller.api.dependencies import PersonOf, SessionOf, StateOf, not_stored
from duty_teller.api.once import KeyOf, do_once, refusal
from duty_teller.db.models import EventType, Roster
from duty_teller.db.schemas import DoneRead, EnteredRead, FallingRead
from duty_teller.i18n import LocalizedError, get_lang
from duty_teller.services import away
from duty_teller.services.schedule_service.absences import Affected
from duty_teller.services.texts.duty import span_text

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["away"])


class AwayDays(SQLModel):
    """Whole local days on which somebody is away, both included: `user_id`, or (0) the person who asks."""

    user_id: int = Field(default=0, ge=0)
    kind: EventType
    first: date
    last: date


class AwayWish(AwayDays):
    """An absence to be entered; `cover`: the times on duty in it for which colleagues are to be asked."""

    cover: list[int] = Field(default=[], max_length=400)


@router.get("/away")
def look(
    asked: Annotated[AwayDays, Query()], person: PersonOf, session: SessionOf, state: StateOf
) -> list[FallingRead]:
    """Returns the times on duty that would fall into an absence, by start."""
    lang, who = get_lang(person, state.settings.default_language), asked.user_id or person.user_id
    try:
        found = away.falling(session, person, who, asked.kind, asked.first, asked.last, state.clock())
    except LocalizedError as error:
        raise refusal(error, lang) from error
    return [
        FallingRead(
            duty_id=one.duty.shift_id,
            text=_text(session, lang, one.duty),
            asked=one.request is not None,
            at_once=one.at_once,
        )
        for one in found
    ]


def _text(session: Session, lang: str, duty: Affected) -> str:
    roster = session.get_one(Roster, duty.roster_id)
    text = span_text(lang, duty.start_at, duty.end_at, roster.timezone)
    return " · ".join(part for part in (text, duty.position, roster.name) if part)


@router.post("/actions/away")
def be_away(asked: AwayWish, key: KeyOf, person: PersonOf, state: StateOf) -> EnteredRead:
    """Enters an absence, and has colleagues asked for what falls into it."""

    def work(session: Session, lang: str, now: datetime) -> EnteredRead:
        who, settings = asked.user_id or person.user_id, state.settings
        days = asked.kind, asked.first, asked.last
        done = away.enter(session, settings, lang, person, who, *days, now, frozenset(asked.cover))
        return EnteredRead(affected=len(done.affected), asked=len(done.asked), left=len(done.left))

    return EnteredRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/back")
def back(asked: ShiftRef, key: KeyOf, person: PersonOf, state: StateOf) -> DoneRead:
    """Ends an absence today; one that has not begun is removed."""

    def work(session: Session, lang: str, now: datetime) -> DoneRead:
        away.come_back(session, lang, person, asked.duty_id, now)
        return DoneRead()

    return DoneRead.model_validate_json(do_once(state, person, key, asked, work))
