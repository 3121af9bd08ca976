"""`/api/people`: people as admins look at them, and what admins do to them, each once; the services ask who acts."""

from datetime import datetime

from fastapi import APIRouter, Depends
from sqlmodel import Field, Session, SQLModel

from duty_teller.api.dependencies import PersonOf, SessionOf, StateOf, not_stored
from duty_teller.api.errors import ApiError
from duty_teller.api.once import KeyOf, do_once
from duty_teller.api.state import ApiState
from duty_teller.db.models import Role
from duty_teller.db.schemas import InvitationRead, MergeRead, PersonRead, RosterSpan, SomebodyRead
from duty_teller.i18n import LocalizedError, get_lang
from duty_teller.services.people import by_admin, cards, merge
from duty_teller.services.people.access import Person
from duty_teller.services.people.cards import Mark, Which
from duty_teller.services.people.merge import MergePlan
from duty_teller.services.people.roles import Source

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["people"])

_LONGEST = 200


class Naming(SQLModel):
    """A name for somebody; without `user_id` for somebody new."""

    user_id: int | None = None
    name: str = Field(max_length=_LONGEST)


class Phoning(SQLModel):
    """A phone for somebody; an empty one takes it away."""

    user_id: int
    phone: str = Field(max_length=_LONGEST)


class RoleGiving(SQLModel):
    """What somebody is to be."""

    user_id: int
    role: Role


class Activating(SQLModel):
    """Whether somebody has access."""

    user_id: int
    active: bool


class Inviting(SQLModel):
    """Somebody without an account."""

    user_id: int


class Merging(SQLModel):
    """Two who are one, as a plan has shown it."""

    source_id: int
    target_id: int
    fingerprint: str = Field(max_length=64)


def _refused(state: ApiState, person: Person, error: LocalizedError) -> ApiError:
    return ApiError(409, "refused", error, get_lang(person, state.settings.default_language))


@router.get("/people")
def people(person: PersonOf, session: SessionOf, state: StateOf) -> list[PersonRead]:
    """Returns everybody by name, the inactive last, for admins; names that were merged away are left out."""
    try:
        by_admin.check(person)
    except LocalizedError as error:
        raise _refused(state, person, error) from error
    lines = [
        line for which in (Which.ALL, Which.INACTIVE) for line in cards.list_people(session, state.settings, which)
    ]
    return [_read(session, state, line.user_id) for line in lines if Mark.MERGED not in line.marks]


def _read(session: Session, state: ApiState, user_id: int) -> PersonRead:
    card = cards.card(session, state.settings, user_id, state.clock())
    return PersonRead(
        id=card.user_id,
        full_name=card.full_name,
        username=card.username,
        phone=card.phone,
        has_account=card.telegram_user_id is not None,
        reachable=card.reachable,
        is_active=card.is_active,
        is_admin=bool(card.sources),
        admin_by_settings=bool(card.sources & {Source.IDS, Source.NAME}),
        coming=card.coming,
    )


@router.get("/people/{user_id}/likely")
def likely(user_id: int, person: PersonOf, session: SessionOf, state: StateOf) -> list[SomebodyRead]:
    """Returns who may be the same person as somebody, the likeliest first, for admins."""
    try:
        by_admin.check(person)
    except LocalizedError as error:
        raise _refused(state, person, error) from error
    return [SomebodyRead(id=number, full_name=name) for number, name in merge.candidates(session, user_id)]


@router.get("/people/{user_id}/merge")
def merge_plan(user_id: int, other: int, person: PersonOf, session: SessionOf, state: StateOf) -> MergeRead:
    """Returns what it would do if two were one, for admins. Nothing is written."""
    try:
        plan = by_admin.plan_merge(session, person, user_id, other, state.clock())
    except LocalizedError as error:
        raise _refused(state, person, error) from error
    return _plan_read(plan)


def _plan_read(plan: MergePlan) -> MergeRead:
    overlaps = [(part.roster_id, overlap) for part in plan.parts for overlap in part.overlaps]
    return MergeRead(
        source_id=plan.source_id,
        source_name=plan.source_name,
        target_id=plan.target_id,
        target_name=plan.target_name,
        moved=plan.moved,
        twice=plan.twice,
        overlaps=[
            RosterSpan(
                roster_id=roster_id,
                start_at=max(overlap.first.start_at, overlap.second.start_at),
                end_at=min(overlap.first.end_at, overlap.second.end_at),
            )
            for roster_id, overlap in overlaps
        ],
        fingerprint=plan.fingerprint,
    )


@router.post("/actions/add_person")
def add_person(asked: Naming, key: KeyOf, person: PersonOf, state: StateOf) -> SomebodyRead:
    """Adds somebody who is in no file yet."""

    def work(session: Session, _lang: str, now: datetime) -> SomebodyRead:
        return SomebodyRead(id=by_admin.add(session, person, asked.name, now), full_name=asked.name)

    return SomebodyRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/rename")
def rename(asked: Naming, key: KeyOf, person: PersonOf, state: StateOf) -> SomebodyRead:
    """Calls somebody otherwise."""

    def work(session: Session, _lang: str, now: datetime) -> SomebodyRead:
        user_id = asked.user_id or 0
        return SomebodyRead(id=user_id, full_name=by_admin.rename(session, person, user_id, asked.name, now))

    return SomebodyRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/phone")
def phone(asked: Phoning, key: KeyOf, person: PersonOf, state: StateOf) -> PersonRead:
    """Sets somebody's phone, or takes it away."""

    def work(session: Session, _lang: str, _now: datetime) -> PersonRead:
        by_admin.set_phone(session, person, asked.user_id, asked.phone)
        return _read(session, state, asked.user_id)

    return PersonRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/role")
def role(asked: RoleGiving, key: KeyOf, person: PersonOf, state: StateOf) -> PersonRead:
    """Makes somebody an admin, or a member again; they are told."""

    def work(session: Session, _lang: str, now: datetime) -> PersonRead:
        by_admin.set_role(session, state.settings, person, asked.user_id, asked.role, now)
        return _read(session, state, asked.user_id)

    return PersonRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/active")
def active(asked: Activating, key: KeyOf, person: PersonOf, state: StateOf) -> PersonRead:
    """Takes somebody's access, or gives it back."""

    def work(session: Session, _lang: str, now: datetime) -> PersonRead:
        by_admin.set_active(session, state.settings, person, asked.user_id, asked.active, now)
        return _read(session, state, asked.user_id)

    return PersonRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/invite")
def invite(asked: Inviting, key: KeyOf, person: PersonOf, state: StateOf) -> InvitationRead:
    """Makes an invitation that its person opens in Telegram; good for a week and one use."""

    def work(session: Session, _lang: str, now: datetime) -> InvitationRead:
        if not state.health.bot_username:
            raise LocalizedError("app.people.no_bot")
        payload = by_admin.invitation(session, state.secret, person, asked.user_id, now)
        return InvitationRead(link=f"https://t.me/{state.health.bot_username}?start={payload}")

    return InvitationRead.model_validate_json(do_once(state, person, key, asked, work))


@router.post("/actions/merge")
def merge_people(asked: Merging, key: KeyOf, person: PersonOf, state: StateOf) -> MergeRead:
    """Merges two as it was shown; it can be taken back as any change can."""

    def work(session: Session, _lang: str, now: datetime) -> MergeRead:
        plan = by_admin.plan_merge(session, person, asked.source_id, asked.target_id, now)
        by_admin.merge_as_shown(session, person, asked.source_id, asked.target_id, asked.fingerprint, now)
        return _plan_read(plan)

    return MergeRead.model_validate_json(do_once(state, person, key, asked, work))
