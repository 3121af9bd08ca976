"""`GET /healthz`: for supervisors; it tells nothing of people or duties."""

import logging
import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from duty_teller.api.dependencies import get_state
from duty_teller.api.state import ApiState
from duty_teller.db.trouble import Cause, cause_of

logger = logging.getLogger(__name__)
router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz(response: Response, state: Annotated[ApiState, Depends(get_state)]) -> dict[str, Any]:
    """Returns version, uptime and how each part does; 200 while the web part and the database answer.

    `status` is `ok`, or `degraded` with the `problems` in words: another process polls, the tick does not run.
    """
    response.headers["Cache-Control"] = "no-store"
    try:
        cause = await state.database_trouble()
    except Exception as error:  # no thread can be begun, say: who supervises is told so in the one shape it knows
        logger.exception("whether the database answers could not be asked")
        cause = cause_of(error) or Cause.SILENT
    answer = state.health.as_json(time.monotonic())
    answer["database"] = {"state": "ok" if cause is None else cause.value}
    if cause is not None:
        response.status_code = 503
        answer["status"] = "degraded"
        others = [text for text in answer["problems"] if not text.startswith("database:")]
        answer["problems"] = [*others, f"database: {cause.sentence}"]
    return answer
