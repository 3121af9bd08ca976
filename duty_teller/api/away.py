"""Being away, in the Mini App: entered and ended by the services of `/away`."""

from datetime import date, datetime

from fastapi import APIRouter, Depends
from sqlmodel import Field, Session, SQLModel

from duty_teller.api.covers import ShiftRef
from duty_teller.api.dependencies import PersonOf, StateOf, not_stored
from duty_teller.api.once import KeyOf, do_once
from duty_teller.db.models import EventType
from duty_teller.db.schemas import DoneRead
from duty_teller.services import away

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["away"])


class AwayDays(SQLModel):
    """Whole local days on which somebody is away, both included: `user_id`, or (0) the person who asks."""

    user_id: int = Field(default=0, ge=0)
    kind: EventType
    first: date
    last: date


@router.post("/actions/away")
def be_away(asked: AwayDays, key: KeyOf, person: PersonOf, state: StateOf) -> DoneRead:
    """Enters an absence; `affected`: times on duty in it, `asked`: those asked about now."""

    def work(session: Session, lang: str, now: datetime) -> DoneRead:
        who = asked.user_id or person.user_id
        done = away.enter(session, state.settings, lang, person, who, asked.kind, asked.first, asked.last, now)
        return DoneRead(affected=len(done.affected), asked=len(done.asked))

    return DoneRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/back")
def back(asked: ShiftRef, key: KeyOf, person: PersonOf, state: StateOf) -> DoneRead:
    """Ends an absence today; one that has not begun is removed."""

    def work(session: Session, lang: str, now: datetime) -> DoneRead:
        away.come_back(session, lang, person, asked.duty_id, now)
        return DoneRead()

    return DoneRead.model_validate_json(do_once(state, person, key, asked, work))
