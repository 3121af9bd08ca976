"""`GET /api/me`: the person who asks, and the rosters they see."""

from fastapi import APIRouter, Depends

from duty_teller.api.dependencies import PersonOf, SessionOf, StateOf, not_stored
from duty_teller.db import repository
from duty_teller.db.models import Role, RosterRead
from duty_teller.db.schemas import ErrorRead, MeRead
from duty_teller.i18n import get_lang

router = APIRouter(prefix="/api", dependencies=[Depends(not_stored)], tags=["people"])


@router.get("/me", responses={401: {"model": ErrorRead}, 403: {"model": ErrorRead}})
def me(
    person: PersonOf,
    session: SessionOf,
    state: StateOf,
) -> MeRead:
    """Returns the signed-in person; `on_roster` tells whether they have ever had a shift."""
    return MeRead(
        id=person.user_id,
        full_name=person.full_name,
        username=person.username,
        phone=person.phone,
        role=Role.ADMIN if person.is_admin else Role.USER,
        language=get_lang(person, state.settings.default_language),
        on_roster=repository.has_shifts(session, person.user_id),
        rosters=[RosterRead.model_validate(roster, from_attributes=True) for roster in repository.rosters(session)],
        now=state.clock().replace(microsecond=0),
    )
