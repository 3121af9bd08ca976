"""What people choose for themselves in the Mini App: reminders, and with whom to swap a time on duty."""

from datetime import datetime

from fastapi import APIRouter, Depends
from sqlmodel import Field, Session, SQLModel

from duty_teller.api.dependencies import PersonOf, SessionOf, StateOf, not_stored
from duty_teller.api.errors import ApiError
from duty_teller.api.once import KeyOf, do_once
from duty_teller.db.models import NoticeKind, User
from duty_teller.db.schemas import DoneRead, RemindersRead, SwapRead
from duty_teller.i18n import get_lang
from duty_teller.services.cover_service import swaps
from duty_teller.services.cover_service.model import LONGEST_REASON, Actor, CoverError, shift_of
from duty_teller.services.outbox import choices
from duty_teller.services.people import preferences
from duty_teller.services.people.access import Person

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["mine"])


class SwapAsk(SQLModel):
    """A time on duty that is offered for a colleague's; both by any stored shift of it."""

    duty_id: int
    wanted_id: int
    reason: str = Field(default="", max_length=LONGEST_REASON)


class RemindersWish(SQLModel):
    """All that somebody wants to be told; `quiet` like `22:00-07:00`, empty for none."""

    leads: list[int] = Field(max_length=len(choices.LEADS))
    quiet: str = Field(default="", max_length=32)
    kinds: list[NoticeKind] = Field(max_length=len(NoticeKind))


def _kinds(person: Person) -> tuple[NoticeKind, ...]:
    return (*choices.FOR_EVERYBODY, *(choices.FOR_ADMINS if person.is_admin else ()))


@router.get("/reminders")
def reminders(person: PersonOf, session: SessionOf) -> RemindersRead:
    """Returns what the person who asks is told unasked and when, and what there is to choose from."""
    chosen = preferences.look(session, person.user_id)
    return RemindersRead(
        leads=list(chosen.leads),
        possible_leads=list(choices.LEADS),
        quiet=None if chosen.quiet is None else [f"{moment:%H:%M}" for moment in chosen.quiet],
        kinds=[kind for kind in _kinds(person) if kind not in chosen.off],
        possible_kinds=list(_kinds(person)),
    )


@router.post("/actions/remind")
def remind(asked: RemindersWish, key: KeyOf, person: PersonOf, state: StateOf) -> DoneRead:
    """Stores what the person who asks wants to be told."""

    def work(session: Session, _lang: str, _now: datetime) -> DoneRead:
        quiet = preferences.parse_quiet(asked.quiet) if asked.quiet.strip() else None
        for minutes in choices.LEADS:
            preferences.set_lead(session, person.user_id, minutes, minutes in asked.leads)
        preferences.set_quiet(session, person.user_id, quiet)
        for kind in _kinds(person):
            preferences.set_kind(session, person.user_id, kind, kind in asked.kinds)
        return DoneRead()

    return DoneRead.model_validate_json(do_once(state, person, key, asked, work))


@router.get("/swaps")
def partners(duty_id: int, person: PersonOf, session: SessionOf, state: StateOf) -> list[SwapRead]:
    """Returns the colleagues' times on duty of the next 60 days that one's own can be swapped for, by start."""
    now = state.clock()
    try:
        mine = shift_of(session, duty_id, now)
    except CoverError as error:
        raise ApiError(409, "refused", error, get_lang(person, state.settings.default_language)) from error
    found = []
    for shift in swaps.partners(session, mine, now):
        user = session.get_one(User, shift.user_id)
        if user.is_active and user.reachable and user.telegram_user_id is not None:
            found.append(
                SwapRead(
                    duty_id=shift.duty_id,
                    full_name=user.full_name,
                    roster_id=shift.roster_id,
                    start_at=shift.start_at,
                    end_at=shift.end_at,
                )
            )
    return found


@router.post("/actions/swap")
def swap(asked: SwapAsk, key: KeyOf, person: PersonOf, state: StateOf) -> DoneRead:
    """Offers a time on duty for a colleague's, who is asked."""

    def work(session: Session, _lang: str, now: datetime) -> DoneRead:
        actor = Actor(person.user_id, person.full_name, person.is_admin)
        swaps.propose(session, actor, asked.duty_id, asked.wanted_id, now, asked.reason)
        return DoneRead(asked=1)

    return DoneRead.model_validate_json(do_once(state, person, key, asked, work))
