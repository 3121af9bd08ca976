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
    cause = await state.database_trouble()
    answer = state.health.as_json(time.monotonic())
    answer["database"] = {"state": "ok" if cause is None else cause.value}
    if cause is not None:
        response.status_code = 503
        answer["status"] = "degraded"
        others = [text for text in answer["problems"] if not text.startswith("database:")]
        answer["problems"] = [*others, f"database: {cause.sentence}"]
    return answer
