"""`GET /api/me`: the person who asks, and the rosters they see."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from sqlmodel import Session

from duty_teller.api.dependencies import get_db_session, get_state, require_miniapp_username
from duty_teller.api.state import ApiState
from duty_teller.db import repository
from duty_teller.db.models import Role, RosterRead
from duty_teller.db.schemas import ErrorRead, MeRead
from duty_teller.i18n import get_lang
from duty_teller.services.people.access import Person

router = APIRouter(prefix="/api", tags=["people"])


@router.get("/me", responses={401: {"model": ErrorRead}, 403: {"model": ErrorRead}})
def me(
    response: Response,
    person: Annotated[Person, Depends(require_miniapp_username)],
    session: Annotated[Session, Depends(get_db_session)],
    state: Annotated[ApiState, Depends(get_state)],
) -> MeRead:
    """Returns the signed-in person; `on_roster` tells whether they have ever had a shift."""
    response.headers["Cache-Control"] = "private, no-store"
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
