"""`GET /healthz`: for supervisors; it tells nothing of people or duties."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from duty_teller.api.dependencies import get_state
from duty_teller.api.state import ApiState

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz(response: Response, state: Annotated[ApiState, Depends(get_state)]) -> dict[str, Any]:
    """Returns version, uptime and the state of the polling; 200 while the web part and the database answer."""
    response.headers["Cache-Control"] = "no-store"
    state.revisions()
    return state.health.as_json(state.clock())
