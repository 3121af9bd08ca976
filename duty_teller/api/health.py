"""`GET /healthz`, `/readyz`, `/metrics`: for supervisors and monitoring; they tell nothing of people or duties."""

import asyncio
import hmac
import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from duty_teller.api.alive import health_answer, said
from duty_teller.api.dependencies import get_state
from duty_teller.api.errors import error_object
from duty_teller.api.state import ApiState
from duty_teller.db.session import session_scope
from duty_teller.db.trouble import KINDS, Cause, cause_of
from duty_teller.services import readiness

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz(response: Response, state: Annotated[ApiState, Depends(get_state)]) -> dict[str, Any]:
    """Returns version, uptime and how each part does; 200 while the web part and the database answer.

    `status` is `ok`, or `degraded` with the `problems` in words: another process polls, the tick does not run.
    """
    response.headers["Cache-Control"] = "no-store"
    response.status_code, answer = await health_answer(state.health, state.look)
    return answer


def _look(state: ApiState) -> readiness.Stored:
    with session_scope(state.settings.database_url) as session:
        return readiness.read(session, state.settings.data_dir, state.clock())


@router.get("/readyz")
async def readyz(response: Response, state: Annotated[ApiState, Depends(get_state)]) -> dict[str, Any]:
    """Returns how old polling, outbox and backup are and what the disk has left; 503 when the database does not answer.

    That Telegram is away is among the `problems` and no reason for 503: the Mini App and the feeds are served.
    """
    response.headers["Cache-Control"] = "no-store"
    stored = await _stored(state)
    if isinstance(stored, Cause):
        answer: dict[str, Any] = {"ready": False, "problems": [said(stored)], "database": {"state": stored.value}}
    else:
        answer = readiness.as_json(state.health, stored, time.monotonic())
    if not answer["ready"]:
        response.status_code = 503
        answer["error"] = error_object("unavailable", "; ".join(answer["problems"]))
    return answer


async def _stored(state: ApiState) -> readiness.Stored | Cause:
    cause = await state.look.trouble()
    if cause is not None:
        return cause
    try:
        return await asyncio.to_thread(_look, state)
    except (*KINDS, OSError) as error:
        return cause_of(error) or Cause.SILENT


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, state: Annotated[ApiState, Depends(get_state)]) -> Response:
    """Returns the same for Prometheus, to who has METRICS_TOKEN (RFC 6750); without one set there is no such page."""
    token = state.settings.metrics_token
    if not token:
        raise HTTPException(404)
    scheme, _blank, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode("latin-1", "replace"), token.encode()):
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    stored = await _stored(state)
    text = readiness.as_metrics(state.health, None if isinstance(stored, Cause) else stored, time.monotonic())
    headers = {"Cache-Control": "no-store"}
    return Response(text, headers=headers, media_type="text/plain; version=0.0.4; charset=utf-8")
