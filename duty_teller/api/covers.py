"""Cover for a time on duty: whom it can be asked of, the question itself, and its end; by the services of the chat."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlmodel import Field, Session, SQLModel

from duty_teller.api.dependencies import PersonOf, SessionOf, StateOf, not_stored
from duty_teller.api.moments import sent_instant
from duty_teller.api.once import KeyOf, do_once, refusal
from duty_teller.db.models import CoverRole, Roster
from duty_teller.db.schemas import CoverRead, DoneRead, GroupRead
from duty_teller.i18n import LocalizedError, get_lang
from duty_teller.services.cover_service import candidates, groups, messages, requests, takeovers
from duty_teller.services.cover_service.model import LONGEST_REASON, Actor, CoverError, OwnShift, minute, shift_of
from duty_teller.services.people.access import Person

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["cover"])


class CoverSpan(SQLModel):
    """A time on duty, of which `duty_id` is any stored shift, or a part of it.

    Times without an offset are wall-clock times of the roster's zone; without any it is all that is left.
    """

    duty_id: int
    start: datetime | None = None
    end: datetime | None = None


class CoverAsk(CoverSpan):
    """Somebody else is wanted for it: colleagues are asked one by one, or a group (`chat_id`, 0: none)."""

    reason: str = Field(default="", max_length=LONGEST_REASON)
    chat_id: int = 0


class RequestRef(SQLModel):
    """A request that nobody has decided yet."""

    request_id: int


class ShiftRef(SQLModel):
    """A stored shift."""

    duty_id: int


def _actor(person: Person) -> Actor:
    return Actor(person.user_id, person.full_name, person.is_admin)


def _span(session: Session, asked: CoverSpan, shift: OwnShift, now: datetime) -> tuple[datetime, datetime] | None:
    """Returns the part of a time on duty that was sent; None: all that is left.

    Raises:
        LocalizedError: `view.too_far`, `error.time_in_gap`.
    """
    if asked.start is None and asked.end is None:
        return None
    timezone = session.get_one(Roster, shift.roster_id).timezone
    start = shift.start_at if asked.start is None else sent_instant(asked.start, timezone, now)
    end = shift.end_at if asked.end is None else sent_instant(asked.end, timezone, now)
    return start, end


@router.get("/cover")
def look(asked: Annotated[CoverSpan, Query()], person: PersonOf, session: SessionOf, state: StateOf) -> CoverRead:
    """Returns who would be asked for cover, the first to be asked first, and the groups that can be asked instead."""
    now = state.clock()
    try:
        shift = shift_of(session, asked.duty_id, now)
        if shift.user_id != person.user_id and not person.is_admin:
            raise CoverError("cover.not_yours")
        start, end = _span(session, asked, shift, now) or (shift.start_at, shift.end_at)
        start = max(start, minute(now))
        if not shift.start_at <= start < end <= shift.end_at:
            raise CoverError("cover.outside")
    except LocalizedError as error:
        raise refusal(error, get_lang(person, state.settings.default_language)) from error
    without = frozenset({shift.user_id, person.user_id})
    known = candidates.candidates(session, shift.roster_id, shift.position, start, end, without)
    found = candidates.to_ask(known)
    return CoverRead(
        people=[one.name for one in found],
        rested=all(one.rested for one in found),
        groups=[GroupRead(chat_id=one.chat_id, title=one.title) for one in groups.groups(session, shift.roster_id)],
    )


@router.post("/actions/cover")
def cover(asked: CoverAsk, key: KeyOf, person: PersonOf, state: StateOf) -> DoneRead:
    """Asks for cover of a time on duty, or a part; `asked`: how many people, 0 where it is a group."""

    def work(session: Session, _lang: str, now: datetime) -> DoneRead:
        span = _span(session, asked, shift_of(session, asked.duty_id, now), now)
        chat_id = asked.chat_id or None
        request = requests.ask(session, _actor(person), asked.duty_id, now, span, asked.reason, chat_id)
        if request.owner_id != person.user_id:
            requests.start_message(session, request, person.user_id, CoverRole.ADMIN, None, now)
        told = [message for message in messages.of_request(session, request) if message.role == CoverRole.ASKED]
        return DoneRead(asked=len(told))

    return DoneRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/withdraw")
def withdraw(asked: RequestRef, key: KeyOf, person: PersonOf, state: StateOf) -> DoneRead:
    """Takes back a request for cover that is not decided."""

    def work(session: Session, _lang: str, now: datetime) -> DoneRead:
        requests.withdraw_undecided(session, _actor(person), asked.request_id, now)
        return DoneRead()

    return DoneRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/take_over")
def take_over(asked: ShiftRef, key: KeyOf, person: PersonOf, state: StateOf) -> DoneRead:
    """Gives a running duty of a colleague to the person who asks, from now to its end."""

    def work(session: Session, _lang: str, now: datetime) -> DoneRead:
        takeovers.take_over(session, _actor(person), asked.duty_id, person.user_id, now)
        return DoneRead()

    return DoneRead.model_validate_json(do_once(state, person, key, asked, work))
