"""`GET /healthz`: for supervisors; it tells nothing of people or duties."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from duty_teller.api.dependencies import get_state
from duty_teller.api.state import ApiState

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz(response: Response, state: Annotated[ApiState, Depends(get_state)]) -> dict[str, Any]:
    """Returns version, uptime and how each part does; 200 while the web part and the database answer.

    `status` is `ok`, or `degraded` with the `problems` in words: another process polls, the tick does not run.
    """
    response.headers["Cache-Control"] = "no-store"
    state.revisions()
    return state.health.as_json(time.monotonic())
