"""What FastAPI routes depend on."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from fastapi import Depends, Header, Query, Request, Response
from sqlmodel import Session

from duty_teller.api.state import ApiState
from duty_teller.db.session import session_scope
from duty_teller.services.people.access import Person
from duty_teller.utils.dates import day_range

INIT_DATA_HEADER = "X-Telegram-Init-Data"


async def get_state(request: Request) -> ApiState:
    """Returns the app's shared state; on the event loop, so that the health answer needs no thread."""
    state: ApiState = request.app.state.api
    return state


def get_validated_dates(
    from_date: Annotated[str | None, Query(alias="from")] = None,
    to_date: Annotated[str | None, Query(alias="to")] = None,
) -> tuple[date, date]:
    """Returns the days of a request: local ones, both included; also called as it is, by the hot reads.

    Raises:
        LocalizedError: As `day_range`; it is answered with 422.
    """
    return day_range(from_date, to_date)


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


StateOf = Annotated[ApiState, Depends(get_state)]
SessionOf = Annotated[Session, Depends(get_db_session)]
PersonOf = Annotated[Person, Depends(require_miniapp_username)]
DaysOf = Annotated[tuple[date, date], Depends(get_validated_dates)]
"""What routes ask for: the app's state, a reading session, whoever asks, the local days `from` to `to`."""


def not_stored(response: Response) -> None:
    """Says that nobody keeps the answer: it is about people, and about this moment."""
    response.headers["Cache-Control"] = "private, no-store"
