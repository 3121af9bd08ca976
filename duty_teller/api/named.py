"""What a link names: `GET /api/shifts/{id}`, `GET /api/requests/{id}`, and the answer to a request."""

import re
from datetime import datetime
from enum import StrEnum
from html import unescape
from typing import Final

from fastapi import APIRouter, Depends
from sqlmodel import Session, SQLModel

from duty_teller.api.dependencies import PersonOf, SessionOf, StateOf, not_stored
from duty_teller.api.errors import ApiError
from duty_teller.api.once import KeyOf, do_once
from duty_teller.api.state import ApiState
from duty_teller.db.models import CoverKind, CoverMessage, CoverRequest
from duty_teller.db.schemas import ChoiceRead, RequestRead, ShiftPlaceRead
from duty_teller.i18n import LocalizedError, get_lang
from duty_teller.services.cover_service import messages, requests, swaps
from duty_teller.services.cover_service.model import Actor, CoverError, request_of, shift_of
from duty_teller.services.people.access import Person
from duty_teller.services.texts import covers
from duty_teller.utils.buttons import Button

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["mine"])

_TAG: Final = re.compile(r"<[^>]+>")


class Answer(StrEnum):
    """What can be said to a request."""

    YES = "yes"
    NO = "no"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REFUSE = "refuse"


class Answering(SQLModel):
    """An answer to a request."""

    request_id: int
    answer: Answer


@router.get("/shifts/{duty_id}")
def shift_place(duty_id: int, person: PersonOf, session: SessionOf, state: StateOf) -> ShiftPlaceRead:
    """Returns where a time on duty is; one that was moved, given away or is over is refused with the reason."""
    try:
        shift = shift_of(session, duty_id, state.clock())
    except CoverError as error:
        raise ApiError(409, "refused", error, get_lang(person, state.settings.default_language)) from error
    return ShiftPlaceRead(roster_id=shift.roster_id, start_at=shift.start_at)


@router.get("/requests/{request_id}")
def request(request_id: int, person: PersonOf, session: SessionOf, state: StateOf) -> RequestRead:
    """Returns what the person's message of a request says, and what they can answer; who has none is refused."""
    lang = get_lang(person, state.settings.default_language)
    try:
        return _shown(session, person, request_id, lang, state.clock())
    except LocalizedError as error:
        raise ApiError(409, "refused", error, lang) from error


def _message(session: Session, asked: CoverRequest, person: Person) -> CoverMessage:
    found = next((one for one in messages.of_request(session, asked) if one.user_id == person.user_id), None)
    if found is None:
        raise CoverError("cover.not_yours")
    return found


def _shown(session: Session, person: Person, request_id: int, lang: str, now: datetime) -> RequestRead:
    asked = request_of(session, request_id)
    shown = covers.render_message(session, asked, _message(session, asked, person), lang, now)
    lines = [unescape(_TAG.sub("", line)) for line in shown.html.splitlines() if line.strip()]
    choices = [(button, _answer_of(button, asked)) for button in shown.buttons]
    return RequestRead(
        id=request_id,
        lines=lines,
        choices=[ChoiceRead(answer=answer, label=button.text) for button, answer in choices if answer is not None],
    )


def _answer_of(button: Button, asked: CoverRequest) -> Answer | None:
    """Returns what a button of the chat answers; None for those that lead further there."""
    if covers.YES.read(button.data) is not None:
        return Answer.YES
    if covers.NO.read(button.data) is not None:
        return Answer.NO
    if covers.BACK.read(button.data) is not None and asked.change_id is None:
        return Answer.WITHDRAW
    approval = covers.APPROVE.read(button.data)
    if approval is not None:
        return Answer.APPROVE if approval[1] else Answer.REFUSE
    return None


@router.post("/actions/answer")
def answer(asked: Answering, key: KeyOf, person: PersonOf, state: StateOf) -> RequestRead:
    """Answers a request, and returns how it is doing then."""

    def work(session: Session, lang: str, now: datetime) -> RequestRead:
        _message(session, request_of(session, asked.request_id), person)
        _answer(session, state, person, asked, now)
        session.flush()
        return _shown(session, person, asked.request_id, lang, now)

    return RequestRead.model_validate_json(do_once(state, person, key, asked, work))


def _answer(session: Session, state: ApiState, person: Person, asked: Answering, now: datetime) -> None:
    actor = Actor(person.user_id, person.full_name, person.is_admin)
    match asked.answer:
        case Answer.YES:
            is_swap = request_of(session, asked.request_id).kind == CoverKind.SWAP
            say = swaps.agree if is_swap else requests.take
            say(session, state.settings, actor, asked.request_id, now)
        case Answer.NO:
            requests.say_no(session, actor, asked.request_id, now)
        case Answer.WITHDRAW:
            requests.withdraw_undecided(session, actor, asked.request_id, now)
        case Answer.APPROVE | Answer.REFUSE:
            requests.approve(session, actor, asked.request_id, asked.answer == Answer.APPROVE, now)
