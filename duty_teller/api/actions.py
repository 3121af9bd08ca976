"""`POST /api/actions/…`: what people do in the Mini App, by the same services as in the chat.

Every action carries a key of its own (`Idempotency-Key`, as in the IETF's draft of that name): sent again, it changes
nothing and answers the same. Who may do what, the services decide. There are no cookies, so no other site can act.
"""

from collections.abc import Callable
from datetime import date, datetime

from fastapi import APIRouter, Depends
from sqlmodel import Field, Session, SQLModel

from duty_teller.api.dependencies import PersonOf, StateOf, not_stored
from duty_teller.api.moments import sent_instant
from duty_teller.api.once import ActionKey, KeyOf, do_once
from duty_teller.api.state import ApiState
from duty_teller.db.models import CoverRole, EventType, Roster
from duty_teller.db.schemas import DoneRead
from duty_teller.services import away
from duty_teller.services.cover_service import messages, requests, takeovers
from duty_teller.services.cover_service.model import LONGEST_REASON, Actor, shift_of
from duty_teller.services.people.access import Person

router = APIRouter(prefix="/api/actions", dependencies=[Depends(not_stored)], tags=["actions"])


class CoverAsk(SQLModel):
    """Somebody else is wanted for a time on duty, of which `duty_id` is any stored shift, or for a part of it.

    Times without an offset are wall-clock times of the roster's zone; without any it is all that is left.
    """

    duty_id: int
    start: datetime | None = None
    end: datetime | None = None
    reason: str = Field(default="", max_length=LONGEST_REASON)


class RequestRef(SQLModel):
    """A request that nobody has decided yet."""

    request_id: int


class ShiftRef(SQLModel):
    """A stored shift."""

    duty_id: int


class AwayDays(SQLModel):
    """Whole local days on which somebody is away, both included: `user_id`, or (0) the person who asks."""

    user_id: int = Field(default=0, ge=0)
    kind: EventType
    first: date
    last: date


def _do(
    state: ApiState,
    person: Person,
    key: ActionKey,
    asked: SQLModel,
    work: Callable[[Session, str, datetime], DoneRead],
) -> DoneRead:
    return DoneRead.model_validate_json(do_once(state, person, key, asked, work))


def _actor(person: Person) -> Actor:
    return Actor(person.user_id, person.full_name, person.is_admin)


@router.post("/cover")
def cover(asked: CoverAsk, key: KeyOf, person: PersonOf, state: StateOf) -> DoneRead:
    """Asks those who could for cover of a time on duty, or a part; `asked`: how many they are."""

    def work(session: Session, _lang: str, now: datetime) -> DoneRead:
        span = _span(session, asked, now)
        request = requests.ask(session, _actor(person), asked.duty_id, now, span, asked.reason)
        if request.owner_id != person.user_id:
            requests.start_message(session, request, person.user_id, CoverRole.ADMIN, None, now)
        told = [message for message in messages.of_request(session, request) if message.role == CoverRole.ASKED]
        return DoneRead(asked=len(told))

    return _do(state, person, key, asked, work)


def _span(session: Session, asked: CoverAsk, now: datetime) -> tuple[datetime, datetime] | None:
    """Returns the part of a time on duty that was sent; None: all that is left.

    Raises:
        LocalizedError: `cover.gone`, `cover.over`, `view.too_far`, `error.time_in_gap`.
    """
    if asked.start is None and asked.end is None:
        return None
    shift = shift_of(session, asked.duty_id, now)
    timezone = session.get_one(Roster, shift.roster_id).timezone
    start = shift.start_at if asked.start is None else sent_instant(asked.start, timezone, now)
    end = shift.end_at if asked.end is None else sent_instant(asked.end, timezone, now)
    return start, end


@router.post("/withdraw")
def withdraw(asked: RequestRef, key: KeyOf, person: PersonOf, state: StateOf) -> DoneRead:
    """Takes back a request for cover that is not decided."""

    def work(session: Session, _lang: str, now: datetime) -> DoneRead:
        requests.withdraw_undecided(session, _actor(person), asked.request_id, now)
        return DoneRead()

    return _do(state, person, key, asked, work)


@router.post("/take_over")
def take_over(asked: ShiftRef, key: KeyOf, person: PersonOf, state: StateOf) -> DoneRead:
    """Gives a running duty of a colleague to the person who asks, from now to its end."""

    def work(session: Session, _lang: str, now: datetime) -> DoneRead:
        takeovers.take_over(session, _actor(person), asked.duty_id, person.user_id, now)
        return DoneRead()

    return _do(state, person, key, asked, work)


@router.post("/away")
def be_away(asked: AwayDays, key: KeyOf, person: PersonOf, state: StateOf) -> DoneRead:
    """Enters an absence; `affected`: times on duty in it, `asked`: those asked about now."""

    def work(session: Session, lang: str, now: datetime) -> DoneRead:
        who = asked.user_id or person.user_id
        done = away.enter(session, state.settings, lang, person, who, asked.kind, asked.first, asked.last, now)
        return DoneRead(affected=len(done.affected), asked=len(done.asked))

    return _do(state, person, key, asked, work)


@router.post("/back")
def back(asked: ShiftRef, key: KeyOf, person: PersonOf, state: StateOf) -> DoneRead:
    """Ends an absence today; one that has not begun is removed."""

    def work(session: Session, lang: str, now: datetime) -> DoneRead:
        away.come_back(session, lang, person, asked.duty_id, now)
        return DoneRead()

    return _do(state, person, key, asked, work)
