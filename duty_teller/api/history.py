"""`GET /api/history`: who changed the schedule, and what taking a change back would do. For admins, as in the chat."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from sqlmodel import SQLModel

from duty_teller.api.dependencies import PersonOf, SessionOf, StateOf, not_stored
from duty_teller.api.once import refusal
from duty_teller.db import repository
from duty_teller.i18n import LocalizedError, get_lang
from duty_teller.services import editing
from duty_teller.services import history as history_service
from duty_teller.services.schedule_service import NothingToUndoError
from duty_teller.services.texts import history as texts

router = APIRouter(prefix="/api/history", dependencies=[Depends(not_stored)], tags=["history"])

_A_PAGE: Final = 20


class ChangeRead(SQLModel):
    """A change: what was done in words; `redoes`: taking it back brings another one back."""

    change_id: int
    roster_id: int
    at: datetime
    text: str
    undone: bool
    redoes: bool


class HistoryRead(SQLModel):
    """A page of the history, the newest change first; `more`: there are older ones."""

    changes: list[ChangeRead]
    more: bool


class UndoPartRead(SQLModel):
    """What taking a change back would do to a roster, in lines; `roster` is named where there are several."""

    roster: str
    lines: list[str]
    warnings: list[str]


class UndoRead(SQLModel):
    """What taking a change back would do."""

    parts: list[UndoPartRead]


@router.get("")
def history(
    person: PersonOf, session: SessionOf, state: StateOf, skip: Annotated[int, Query(ge=0, le=100_000)] = 0
) -> HistoryRead:
    """Returns the newest changes but the first `skip`."""
    lang = get_lang(person, state.settings.default_language)
    try:
        editing.check_admin(person)
    except LocalizedError as error:
        raise refusal(error, lang) from error
    rosters = {roster.id or 0: roster for roster in repository.rosters(session)}
    found = history_service.recent_changes(session, rosters, _A_PAGE + 1, skip)
    read = [
        ChangeRead(
            change_id=change.id,
            roster_id=change.roster_id,
            at=change.at,
            text=texts.sentence(session, lang, change, rosters[change.roster_id]),
            undone=change.undone,
            redoes=texts.takes_undo_back(change),
        )
        for change in found[:_A_PAGE]
    ]
    return HistoryRead(changes=read, more=len(found) > _A_PAGE)


@router.get("/{change_id}")
def undo_preview(change_id: int, person: PersonOf, session: SessionOf, state: StateOf) -> UndoRead:
    """Returns what taking a change back would do, or why it cannot be taken back. Nothing is written."""
    lang = get_lang(person, state.settings.default_language)
    try:
        editing.check_admin(person)
        rosters = {roster.id or 0: roster for roster in repository.rosters(session)}
        change = history_service.view(session, change_id)
        if change is None or change.roster_id not in rosters:
            raise NothingToUndoError("error.undo_unknown")
        parts = texts.undo_parts(session, lang, change, rosters, state.clock())
    except LocalizedError as error:
        raise refusal(error, lang) from error
    read = [
        UndoPartRead(
            roster=part.roster, lines=[*part.what, *([part.settings] if part.settings else [])], warnings=part.warned
        )
        for part in parts
    ]
    return UndoRead(parts=read)
