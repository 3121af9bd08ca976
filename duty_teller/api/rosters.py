"""`/api/rosters`: rosters and their settings as admins look at them, and what admins do to them; each once."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Depends
from sqlmodel import Field, Session, SQLModel

from duty_teller.api.dependencies import PersonOf, SessionOf, StateOf, not_stored
from duty_teller.api.once import ActionKey, KeyOf, do_once, refusal
from duty_teller.api.state import ApiState
from duty_teller.db import repository
from duty_teller.db.models import Roster
from duty_teller.db.schemas import SomebodyRead
from duty_teller.i18n import LocalizedError, get_lang
from duty_teller.services import roster_form
from duty_teller.services.people import by_admin
from duty_teller.services.people.access import Person
from duty_teller.services.roster_form import Entry
from duty_teller.services.rosters import rosters, settings

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["rosters"])

_LONGEST = 2000


class RememberedRead(SQLModel):
    """What imports have taught a roster, to be forgotten by `kind` and `key`."""

    kind: str
    key: str
    text: str


class RosterForm(SQLModel):
    """A roster's settings: field → what it shows; minutes → words to choose from for `cover_warn`."""

    id: int
    values: dict[Entry, str]
    leads: dict[str, str]
    remembered: list[RememberedRead]


class RosterNamed(SQLModel):
    """A roster by its name."""

    id: int
    name: str


class RostersRead(SQLModel):
    """The answer of `/api/rosters`: those in use, those out of use, and weekly hours to choose from."""

    rosters: list[RosterForm]
    retired: list[RosterNamed]
    presets: list[str]


class SettingsWish(SQLModel):
    """Fields that were changed: what they showed, and what they are to be."""

    roster_id: int
    before: dict[Entry, str]
    after: dict[Entry, str]


class SettingsDone(SQLModel):
    """What was stored: the change for undo (0: none), and what there is to know of it."""

    change_id: int
    remarks: list[str]


class NewRoster(SQLModel):
    """A roster to be added; `first_name` names the only one there is, where it has no name."""

    name: str = Field(max_length=200)
    first_name: str = Field(default="", max_length=200)


class RosterRef(SQLModel):
    """A roster."""

    roster_id: int


class Forgetting(SQLModel):
    """What is to be forgotten."""

    roster_id: int
    kind: str = Field(max_length=8)
    key: str = Field(max_length=200)


@router.get("/rosters")
def look(person: PersonOf, session: SessionOf, state: StateOf) -> RostersRead:
    """Returns all rosters with their settings, for admins."""
    lang = get_lang(person, state.settings.default_language)
    try:
        by_admin.check(person)
    except LocalizedError as error:
        raise refusal(error, lang) from error
    forms = []
    for roster in repository.rosters(session):
        known = roster_form.remembered(lang, settings.remembered(session, roster))
        taught = [RememberedRead(kind=one.kind, key=one.key, text=one.text) for one in known]
        shown, leads = roster_form.shown(roster, lang), roster_form.leads(lang, roster)
        forms.append(RosterForm(id=roster.id or 0, values=shown, leads=leads, remembered=taught))
    retired = [RosterNamed(id=one.id, name=one.name) for one in rosters.retired(session)]
    return RostersRead(rosters=forms, retired=retired, presets=roster_form.presets(lang))


@router.post("/actions/settings")
def change(asked: SettingsWish, key: KeyOf, person: PersonOf, state: StateOf) -> SettingsDone:
    """Stores the fields that were changed, where they still are what was shown."""

    def work(session: Session, lang: str, now: datetime) -> SettingsDone:
        if any(len(value) > _LONGEST for value in asked.after.values()):
            raise LocalizedError("error.http_malformed")
        saved = roster_form.save(session, lang, person, asked.roster_id, asked.before, asked.after, now)
        return SettingsDone(change_id=saved.change_id or 0, remarks=saved.remarks)

    return SettingsDone.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/add_roster")
def add(asked: NewRoster, key: KeyOf, person: PersonOf, state: StateOf) -> SomebodyRead:
    """Adds a roster with the times of the first one."""

    def work(session: Session, _lang: str, now: datetime) -> SomebodyRead:
        by_admin.check(person)
        first = asked.first_name.strip() or None
        made = rosters.add(session, asked.name, now, first)
        return SomebodyRead(id=made.id or 0, full_name=made.name)

    return SomebodyRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/retire_roster")
def retire(asked: RosterRef, key: KeyOf, person: PersonOf, state: StateOf) -> RosterNamed:
    """Takes a roster out of use; its shifts and history stay."""
    return _put(state, person, key, asked, rosters.retire)


@router.post("/actions/restore_roster")
def restore(asked: RosterRef, key: KeyOf, person: PersonOf, state: StateOf) -> RosterNamed:
    """Takes a roster into use again."""
    return _put(state, person, key, asked, rosters.restore)


def _put(
    state: ApiState, person: Person, key: ActionKey, asked: RosterRef, into: Callable[[Session, int, datetime], Roster]
) -> RosterNamed:
    """Puts a roster into use or out of it, for an admin."""

    def work(session: Session, _lang: str, now: datetime) -> RosterNamed:
        by_admin.check(person)
        return RosterNamed(id=asked.roster_id, name=into(session, asked.roster_id, now).name)

    return RosterNamed.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/forget")
def forget(asked: Forgetting, key: KeyOf, person: PersonOf, state: StateOf) -> RosterRef:
    """Forgets something that imports have taught: the next file asks again."""

    def work(session: Session, lang: str, now: datetime) -> RosterRef:
        roster_form.forget(session, lang, person, asked.roster_id, asked.kind, asked.key, now)
        return RosterRef(roster_id=asked.roster_id)

    return RosterRef.model_validate_json(do_once(state, person, key, asked, work))
