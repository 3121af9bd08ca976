"""What FastAPI routes depend on."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Header, Request
from sqlmodel import Session

from duty_teller.api.state import ApiState
from duty_teller.db.session import session_scope
from duty_teller.services.people.access import Person

INIT_DATA_HEADER = "X-Telegram-Init-Data"


def get_state(request: Request) -> ApiState:
    """Returns the app's shared state."""
    state: ApiState = request.app.state.api
    return state


def get_db_session(state: Annotated[ApiState, Depends(get_state)]) -> Iterator[Session]:
    """Opens a reading session for one request."""
    with session_scope(state.settings.database_url) as session:
        yield session


async def require_miniapp_username(
    state: Annotated[ApiState, Depends(get_state)],
    init_data: Annotated[str, Header(alias=INIT_DATA_HEADER)] = "",
) -> Person:
    """Returns the validated person of the Mini App; despite its name it grants by the numeric id.

    Raises:
        ApiError: 401 or 403.
    """
    return await state.authenticate(init_data.encode("latin-1", "replace"))
