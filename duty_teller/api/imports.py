"""`POST /api/imports…`: a roster file's way into the schedule in the Mini App, by the services of the chat's dialogue.

The file is the body of a request; its bytes are not kept, the page has them. What comes next (a question, the codes,
the preview) is a `StepRead` of `api/import_steps.py`; a step is answered by its mark, so a late tap answers nothing
else. What is applied is the plan of which the preview was shown, or it is answered `moved`, and shown anew with what
has moved.
"""

import asyncio
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Field, Session, SQLModel

from duty_teller.api.dependencies import PersonOf, StateOf, not_stored
from duty_teller.api.import_steps import (
    CellRead,
    CodeRead,
    Kind,
    StepRead,
    cell_read,
    code_read,
    day_read,
    offered,
    offered_of_cell,
    preview_step,
    question_step,
)
from duty_teller.api.once import KeyOf, do_once, refusal
from duty_teller.api.state import ApiState
from duty_teller.composition import writing
from duty_teller.db.models import Roster
from duty_teller.db.session import session_scope
from duty_teller.i18n import LocalizedError, get_lang, t
from duty_teller.importers import limits
from duty_teller.importers.child import read_in_child
from duty_teller.services import editing
from duty_teller.services.import_service import (
    applying,
    draft_answers,
    draft_cells,
    draft_codes,
    draft_explained,
    drafts,
    planning,
)
from duty_teller.services.import_service.by_hand import mark_of as mark_of_changes
from duty_teller.services.import_service.drafts import IN_APP, Draft, DraftGoneError
from duty_teller.services.import_service.explain import explained_cells
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.people.access import Person
from duty_teller.services.rosters import rosters
from duty_teller.services.schedule_service import Author
from duty_teller.services.texts import by_hand
from duty_teller.services.texts.import_preview import facts_text
from duty_teller.utils.handover import Handover, parse_handover

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["imports"])

DraftOf = Annotated[int, Query(alias="draft", ge=1)]


class Do(StrEnum):
    """What is done at a step."""

    LOOK = "look"
    ANSWER = "answer"
    AGREE = "agree"
    BACK = "back"
    TEAM = "team"
    BY_HAND = "by_hand"
    MISSING = "missing"
    CANCEL = "cancel"


class StepOrder(SQLModel):
    """An answer to a step: an option by its index or a text to a mark; `keep`: of the roster, or changes by hand."""

    do: Do
    draft_id: int = 0
    mark: str = Field(default="", max_length=8)
    option: int | None = Field(default=None, ge=0)
    text: str = Field(default="", max_length=200)
    keep: bool = True
    first_name: str = Field(default="", max_length=200)
    answered: int = 0


class ImportOrder(SQLModel):
    """Apply, of the plan with this fingerprint."""

    draft_id: int
    fingerprint: str = Field(max_length=64)


class ImportedRead(SQLModel):
    """What was imported: facts in lines; `change_id` for undo, 0 where there was nothing to change."""

    facts: str
    change_id: int
    unlinked: int


class GridRead(SQLModel):
    """A file as it was read, cell by cell (`explain.explained_cells`), and what its codes, names and days may be."""

    sheets: list[dict[str, Any]]
    roles: dict[str, str]
    lines: list[str]
    left_out: int
    codes: list[CodeRead]
    cells: list[CellRead]


def _lang(state: ApiState, person: Person) -> str:
    return get_lang(person, state.settings.default_language)


def _draft(session: Session, draft_id: int, person: Person, now: datetime) -> Draft:
    """Returns somebody's import in the Mini App.

    Raises:
        DraftGoneError: It is over; numbers are used again, maybe by one in the chat.
    """
    draft = drafts.view(drafts.row_of(session, draft_id, person.user_id, now))
    if draft.chat_id != IN_APP:
        raise DraftGoneError("import.chat.gone")
    return draft


async def _body(request: Request, lang: str) -> bytes:
    """Reads a file that is sent, up to its limit.

    Raises:
        ApiError: 409: it is longer.
    """
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > limits.MAX_FILE_BYTES:
            limit = limits.MAX_FILE_BYTES // 1024**2
            raise refusal(LocalizedError("import.file.too_big", limit=limit), lang)
    return bytes(data)


@router.post("/imports")
async def take_file(
    request: Request,
    person: PersonOf,
    state: StateOf,
    roster_id: Annotated[int, Query(alias="roster")],
    name: Annotated[str, Query(max_length=200)] = "file",
    handover: Annotated[str, Query(max_length=80)] = "",
) -> StepRead:
    """Takes a file (the body) for a roster, with its hand-over or another one, and returns what comes next."""
    lang, now = _lang(state, person), state.clock()

    def begin() -> str:
        editing.check_admin(person)
        with session_scope(state.settings.database_url) as session:
            roster = rosters.get(session, roster_id)
            own = Handover(roster.handover_at, roster.timezone)
            return str(parse_handover(handover, roster.timezone) if handover.strip() else own)

    def keep(chosen: str, cells: Any) -> int:
        with writing(state.settings.database_url) as session:
            draft = drafts.start(session, person.user_id, roster_id, IN_APP, now, chosen)
            drafts.set_file(session, draft.id, person.user_id, name, cells, now)
            return draft.id

    try:
        chosen = await asyncio.to_thread(begin)
        data = await _body(request, lang)
        async with state.reading:
            cells = await read_in_child(data, name)
        draft_id = await asyncio.to_thread(keep, chosen, cells)
    except LocalizedError as error:
        raise refusal(error, lang) from error
    return await asyncio.to_thread(_next, state, person, draft_id)


@router.post("/imports/step")
def step(asked: StepOrder, person: PersonOf, state: StateOf) -> StepRead:
    """Answers what an import asks, and returns what comes next; `look` without a draft finds the one under way."""
    lang, now = _lang(state, person), state.clock()
    draft_id = asked.draft_id
    try:
        with writing(state.settings.database_url) as session:
            editing.check_admin(person)
            if not draft_id:
                found = drafts.current(session, person.user_id, now, in_app=True)
                if found is None:
                    return StepRead(kind=Kind.NONE)
                draft_id = found.id
            if asked.do is Do.CANCEL:
                drafts.drop(session, person.user_id)
                return StepRead(kind=Kind.NONE)
            _take(session, person, draft_id, asked, now)
    except LocalizedError as error:
        raise refusal(error, lang) from error
    return _next(state, person, draft_id)


def _take(session: Session, person: Person, draft_id: int, asked: StepOrder, now: datetime) -> None:
    """Takes an answer, where it is about what is open now; another one changes nothing.

    Raises:
        LocalizedError: It does not suit the question; or the import is over.
    """
    owner = person.user_id
    draft = _draft(session, draft_id, person, now)
    if asked.do is Do.ANSWER:
        cell = draft_cells.find_day(session, draft_id, owner, asked.mark, now)
        if cell is not None:  # maybe what keeps the file from being taken
            draft_answers.answer(session, draft_id, owner, cell.question, asked.text, now)
            return
        question = draft_codes.question_of(session, draft_id, owner, asked.mark, now)
        options = () if question is None else offered(question, now)
        if question is None:
            cell = draft_cells.find(session, draft_id, owner, asked.mark, now)
            question, options = (None, ()) if cell is None else (cell.question, offered_of_cell(cell, now))
        if question is None:
            return
        if asked.option is not None and asked.option >= len(options):
            return
        text = asked.text if asked.option is None else options[asked.option]
        draft_answers.answer(session, draft_id, owner, question, text, now)
    elif asked.do is Do.AGREE:
        draft_codes.agree(session, draft_id, owner, asked.mark, now)
    elif asked.do is Do.BACK and asked.answered == draft.answered:
        draft_answers.take_answer_back(session, draft_id, owner, now)
    elif asked.do is Do.TEAM and asked.keep:
        draft_codes.keep_roster(session, draft_id, owner, now)
    elif asked.do is Do.TEAM:
        first = asked.first_name.strip() or None
        if first is not None and " ".join(asked.text.split()).casefold() == " ".join(first.split()).casefold():
            raise LocalizedError("rosters.name_taken", name=first)
        draft_codes.move_to_new_roster(session, draft_id, owner, asked.text, first, now)
    elif asked.do is Do.BY_HAND:
        found = draft_codes.next_step(session, draft_id, owner, now)
        if isinstance(found, ImportPlan) and mark_of_changes(found.by_hand) == asked.mark:
            drafts.answer_by_hand(session, draft_id, owner, asked.keep, asked.mark, now)
    elif asked.do is Do.MISSING:
        drafts.toggle_missing(session, draft_id, owner, now)


def _next(state: ApiState, person: Person, draft_id: int) -> StepRead:
    """Returns what an import is to show; that a preview is shown is noted with it.

    Raises:
        ApiError: 409: the import is over.
    """
    lang, now = _lang(state, person), state.clock()
    with writing(state.settings.database_url) as session:
        try:
            draft = _draft(session, draft_id, person, now)
            read = StepRead(
                kind=Kind.REFUSED,
                draft_id=draft_id,
                file_name=draft.file_name or "",
                roster=rosters.shown_name(session, draft.roster_id),
                answered=draft.answered,
            )
            try:
                found = draft_codes.next_step(session, draft_id, person.user_id, now)
            except DraftGoneError:
                raise
            except LocalizedError as error:
                read.text, read.lines = t(lang, "import.chat.refused"), error.text(lang).split("\n")
                return read
            if isinstance(found, ImportPlan) and not found.is_open:
                return preview_step(session, lang, person, read, draft, found, now)
            drafts.note_question(session, draft_id, person.user_id, now)
            return question_step(session, lang, read, draft, found, now)
        except LocalizedError as error:
            raise refusal(error, lang) from error


@router.post("/actions/import")
def apply(asked: ImportOrder, key: KeyOf, person: PersonOf, state: StateOf) -> ImportedRead:
    """Applies the plan that was shown."""

    def work(session: Session, lang: str, now: datetime) -> ImportedRead:
        editing.check_admin(person)
        _draft(session, asked.draft_id, person, now)
        author = Author(person.user_id, person.full_name)
        done = applying.apply(
            session,
            asked.draft_id,
            author,
            now,
            partial(facts_text, lang),
            partial(by_hand.reason_text, lang),
            asked.fingerprint,
        )
        applying.end(session, asked.draft_id)
        return ImportedRead(facts=done.facts, change_id=done.change_id or 0, unlinked=done.unlinked)

    return ImportedRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/imports/grid")
async def grid(request: Request, person: PersonOf, state: StateOf, draft_id: DraftOf) -> GridRead:
    """Returns the file of an import (the body, once more) as it was read, cell by cell."""
    lang, now = _lang(state, person), state.clock()

    def look() -> tuple[draft_explained.Explainable, list[CodeRead], list[CellRead]]:
        with writing(state.settings.database_url) as session:
            editing.check_admin(person)
            draft = _draft(session, draft_id, person, now)
            wanted = draft_explained.to_explain(session, draft_id, person.user_id, now)
            hours = planning.shift_hours(session.get_one(Roster, draft.roster_id))
            days = [day_read(one) for one in draft_cells.named_days(session, draft_id, person.user_id, now)]
            try:
                codes = draft_codes.codes_of(session, draft_id, person.user_id, now)
                cells = draft_cells.corrections(session, draft_id, person.user_id, now)
            except DraftGoneError:
                raise
            except LocalizedError:  # a file that cannot be taken is shown all the same
                codes, cells = (), ()
            return (
                wanted,
                [code_read(lang, code, hours, now) for code in codes],
                [*(cell_read(lang, one, hours, now) for one in cells), *days],
            )

    try:
        wanted, codes, cells = await asyncio.to_thread(look)
        data = await _body(request, lang)
        async with state.reading:
            found = await explained_cells(data, wanted.file_name, wanted.rules, wanted.answers, lang, wanted.names)
    except LocalizedError as error:
        raise refusal(error, lang) from error
    return GridRead(codes=codes, cells=cells, **found)
