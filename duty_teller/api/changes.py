"""A day as one changes it: who changed its shifts last, what an edit would cause, and the edit itself.

The services are those of `/change` in the chat. An edit is shown first (`/api/changes/preview`); what is written then
is what was shown, or it is answered `moved`, and shown anew with what others have changed since.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints
from sqlmodel import Field, Session, SQLModel

from duty_teller.api.dependencies import PersonOf, SessionOf, StateOf, not_stored
from duty_teller.api.mine import asked_fields
from duty_teller.api.moments import sent_instant
from duty_teller.api.once import KeyOf, do_once, refusal
from duty_teller.db.models import ChangeKind
from duty_teller.domain.notes import MAX_NOTE, clean_note
from duty_teller.i18n import LocalizedError, get_lang, t
from duty_teller.services import editing, history
from duty_teller.services.cover_service import requests
from duty_teller.services.editing import LONGEST_REASON, Seen
from duty_teller.services.people.team import teammates
from duty_teller.services.rosters import rosters
from duty_teller.services.schedule_service import asked_edits, edits
from duty_teller.services.schedule_service.asked_edits import AskedEdit, EditKind
from duty_teller.services.texts import changes
from duty_teller.utils.dates import day_span

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["changes"])


class LastChange(SQLModel):
    """Who changed a shift last; `file` is the name of the file where it was an import."""

    name: str
    at: datetime
    file: str | None


class DayShift(SQLModel):
    """What is known of a shift besides what `/api/duties` says; `asked`: an undecided request for cover or a swap.

    `asked_start` and `asked_end`: the part of a time on duty that the request is about.
    """

    duty_id: int
    asked: int | None
    asked_start: datetime | None
    asked_end: datetime | None
    changed: LastChange | None


class Named(SQLModel):
    """Somebody who may get a shift."""

    id: int
    full_name: str


class UsualSpan(SQLModel):
    """Times that a new shift may well have."""

    start_at: datetime
    end_at: datetime


class Position(SQLModel):
    """A position in use near the day, by a stored shift that has it."""

    position: str
    duty_id: int


class DayRead(SQLModel):
    """The answer of `/api/day`; `people`, `spans` and `positions` are for admins, who may change it."""

    shifts: list[DayShift]
    people: list[Named]
    spans: list[UsualSpan]
    positions: list[Position]


class What(StrEnum):
    """What is done to a shift."""

    GIVE = "give"
    MOVE = "move"
    SPLIT = "split"
    REMOVE = "remove"
    ADD = "add"
    NOTE = "note"


class EditAsked(SQLModel):
    """An edit. Times without an offset are wall-clock times of the roster's zone.

    `duty_id` is a stored shift (of `add` one whose position the new shift has, 0: none), `user_id` who gets it (of
    `give` and `add`; of `move` where it goes to somebody else, too), `start` and `end` the part that is given or
    removed, the times of `move` and `add`, the instant of `split` (which has no end), the shifts of `note`. `note` is
    what such a shift says then; nothing takes it off.
    """

    what: What
    roster_id: int
    duty_id: int = Field(default=0, ge=0)
    user_id: int = Field(default=0, ge=0)
    start: datetime
    end: datetime | None = None
    note: str = Field(default="", max_length=10 * MAX_NOTE)


class PreviewAsked(EditAsked):
    """An edit to be shown; `since`: a revision after which others' changes are told."""

    since: int | None = None


class PreviewRead(SQLModel):
    """What an edit would do; `past`: it needs a reason. `fingerprint` and `revision` go with the edit itself."""

    lines: list[str]
    warnings: list[str]
    past: bool
    fingerprint: str
    revision: int
    moved: list[str]


class EditOrder(EditAsked):
    """An edit as it was shown."""

    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}$")]
    revision: int
    reason: str = Field(default="", max_length=LONGEST_REASON)


class ChangeRef(SQLModel):
    """A change of the history."""

    change_id: int


class ChangedRead(SQLModel):
    """A change that was made: its number, for undo, and what it did in words; `warned`: what it caused."""

    change_id: int
    what: str
    warned: list[str] = []


@router.get("/day")
def day(
    person: PersonOf,
    session: SessionOf,
    state: StateOf,
    on: Annotated[date, Query(alias="date")],
    roster_id: Annotated[int, Query(alias="roster")],
) -> DayRead:
    """Returns what there is to know, and to choose from, where somebody wants to change a local day of a roster."""
    now, lang = state.clock(), get_lang(person, state.settings.default_language)
    try:
        editing.check_reach(now, datetime(on.year, on.month, on.day, tzinfo=UTC))
        roster = rosters.get(session, roster_id)
    except LocalizedError as error:
        raise refusal(error, lang) from error
    start, end = day_span(on, on, roster.timezone)
    rows = edits.stored_between(session, roster_id, start, end)
    seen_asks = {row.shift.user_id for row in rows} if person.is_admin else {person.user_id}
    asks = [ask for ask in requests.open_asks(session, seen_asks) if ask.roster_id == roster_id]
    last = history.last_changes(session, [row.uid for row in rows])

    def one(row: edits.Stored) -> DayShift:
        shift, changed = row.shift, last.get(row.uid)
        theirs = (a for a in asks if a.owner_id == shift.user_id)
        ask = requests.touching(theirs, shift.start_at, shift.end_at)
        found = DayShift(duty_id=row.id, **asked_fields(ask), changed=None)
        if changed is None:
            return found
        name = changed.author_name
        name = t(lang, "history.command_line") if name == history.COMMAND_LINE else name
        file = changed.reason if changed.kind == ChangeKind.IMPORT else None
        found.changed = LastChange(name=name, at=changed.created_at, file=file)
        return found

    found = DayRead(shifts=[one(row) for row in rows], people=[], spans=[], positions=[])
    if person.is_admin:
        team = teammates(session, [roster], now)
        found.people = [Named(id=mate.user.id or 0, full_name=mate.user.full_name) for mate in team]
        spans = editing.usual_spans(session, roster, on)
        found.spans = [UsualSpan(start_at=begin, end_at=stop) for begin, stop in spans]
        known = editing.positions(session, roster_id, start)
        found.positions = [Position(position=name, duty_id=known[name]) for name in sorted(known)]
    return found


def _asked(session: Session, asked: EditAsked, now: datetime) -> AskedEdit:
    """Returns an edit as the services know it.

    Raises:
        LocalizedError: `rosters.gone`, `change.note_long`, or as `sent_instant`.
    """
    roster = rosters.get(session, asked.roster_id)
    start = sent_instant(asked.start, roster.timezone, now)
    end = start if asked.end is None else sent_instant(asked.end, roster.timezone, now)
    kind, note = EditKind[asked.what.name], None
    if kind is EditKind.NOTE:
        note = clean_note(asked.note)
        kind = EditKind.CLEAR if note is None else kind
    return AskedEdit(kind, asked.roster_id, asked.duty_id, asked.user_id, start, end, note)


@router.post("/changes/preview")
def show(asked: PreviewAsked, person: PersonOf, session: SessionOf, state: StateOf) -> PreviewRead:
    """Returns what an edit would do and cause. Nothing is written."""
    now, lang = state.clock(), get_lang(person, state.settings.default_language)
    try:
        editing.check_admin(person)
        found = editing.preview(session, _asked(session, asked, now), now)
    except LocalizedError as error:
        raise refusal(error, lang) from error
    items, causes, tz = found.planned.diff.items, found.planned.consequences, found.roster.timezone
    names = changes.names_of(session, changes.people_in(items, causes))
    moved = () if asked.since is None else asked_edits.changed_since(session, asked.roster_id, asked.since)
    return PreviewRead(
        lines=changes.change_lines(lang, items, names, tz),
        warnings=changes.consequence_lines(lang, causes, names, found.roster, now),
        past=found.past,
        fingerprint=found.seen.fingerprint,
        revision=found.seen.revision,
        moved=[one.text(lang) for one in moved],
    )


@router.post("/actions/change")
def change(asked: EditOrder, key: KeyOf, person: PersonOf, state: StateOf) -> ChangedRead:
    """Changes the schedule as it was shown."""

    def work(session: Session, lang: str, now: datetime) -> ChangedRead:
        editing.check_admin(person)
        seen, reason = Seen(asked.fingerprint, asked.revision), asked.reason.strip()
        number, what = editing.apply(session, lang, person, _asked(session, asked, now), seen, reason, now)
        return ChangedRead(change_id=number, what=what)

    return ChangedRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/undo")
def undo(asked: ChangeRef, key: KeyOf, person: PersonOf, state: StateOf) -> ChangedRead:
    """Takes a change back, or brings it back where it is an undo itself."""

    def work(session: Session, lang: str, now: datetime) -> ChangedRead:
        done = editing.take_back(session, lang, person, asked.change_id, now)
        return ChangedRead(change_id=done.change_id, what=done.what, warned=list(done.warned))

    return ChangedRead.model_validate_json(do_once(state, person, key, asked, work))
