"""The web application: the hot reads first, then the routes of FastAPI, then the page."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

from fastapi import FastAPI
from fastapi.openapi import utils as openapi_utils
from fastapi.telemetry import TelemetryConfig
from pydantic.json_schema import models_json_schema
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from duty_teller import __version__
from duty_teller.api import (
    away,
    balance,
    calendar_page,
    changes,
    choices,
    covers,
    failures,
    health,
    history,
    imports,
    me,
    mine,
    named,
    pages,
    people,
    rosters,
    team,
    upkeep,
)
from duty_teller.api.alive import DatabaseLook
from duty_teller.api.calendar_ics import FeedRoute
from duty_teller.api.dependencies import INIT_DATA_HEADER
from duty_teller.api.hot import DutiesRoute, NowRoute
from duty_teller.api.hot_first import HotFirst, Repeated
from duty_teller.api.public_path import PublicPath, prefix_of
from duty_teller.api.request_ids import RequestIds
from duty_teller.api.state import ApiState
from duty_teller.config import Settings
from duty_teller.db.models import DutyRead
from duty_teller.db.schemas import ErrorRead, NowRead
from duty_teller.services.health import Health
from duty_teller.utils.lean_libraries import whole

_NO_TELEMETRY: Final = TelemetryConfig(tracing=False, metrics=False, logs=False)
"""Nothing is told to anybody, and no request looks in the environment whether it should be."""

_FEEDS: Final = ("/api/calendar/ical/", "/feed/")
"""Folders of the feeds; the second is in links made before."""

ROUTERS: Final = tuple(
    module.router
    for module in (
        me,
        mine,
        team,
        balance,
        covers,
        away,
        changes,
        history,
        people,
        rosters,
        upkeep,
        choices,
        named,
        imports,
        health,
        pages,
        calendar_page,
    )
)


class NumberedApp(FastAPI):
    """FastAPI behind what it is too late for: the numbers of requests that crash it, and the hot reads.

    Attributes:
        first: What answers a numbered request; it is given FastAPI's own way.
    """

    first: Callable[[ASGIApp], ASGIApp]
    _numbered: RequestIds | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        if self._numbered is None:
            self._numbered = RequestIds(self.first(super().__call__))
        await self._numbered(scope, receive, send)


class HeadAsGet:
    """Answers a HEAD as a GET, everywhere; the server leaves the body out (RFC 9110 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)


def create_app(
    settings: Settings,
    clock: Callable[[], datetime],
    secret: bytes,
    process: Health,
    look: DatabaseLook | None = None,
) -> FastAPI:
    """Builds the application; nothing is opened before the first request.

    Args:
        settings: What to serve.
        clock: Returns the present instant, aware.
        secret: Of `utils.secret_file`: it signs feed links.
        process: What the health answer tells.
        look: At the database, where somebody has been looking before.
    """
    prefix = prefix_of(settings.mini_app_base_url)
    app = NumberedApp(
        title="Duty Teller",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        telemetry=_NO_TELEMETRY,
        servers=[{"url": prefix}] if prefix else None,
        redirect_slashes=False,
    )
    state = ApiState(settings, clock, secret, process, look)
    app.state.api = state
    feeds, reads = FeedRoute(state), {"/api/duties": DutiesRoute(state), "/api/now": NowRoute(state)}
    # Endpoints of plain ASGI: Starlette takes them, its annotation only functions.
    endpoints: dict[str, Any] = {**reads, **{f"{folder}{{token}}.ics": feeds for folder in _FEEDS}}
    for path, endpoint in endpoints.items():
        app.add_route(path, Repeated(endpoint), methods=["GET"])  # type: ignore[arg-type]
    app.first = partial(HotFirst, reads=reads, feeds=feeds, folders=_FEEDS, besides=unquote(prefix))
    app.add_middleware(HeadAsGet)
    app.add_middleware(PublicPath, prefix=prefix)
    failures.install(app, settings.default_language)
    # Not included: FastAPI would build every route once more at each start, for prefixes that they have already.
    app.router.routes += [route for router in ROUTERS for route in router.routes]
    # Zipped for this mount alone: as a middleware of the whole app it would halve the hot reads.
    app.mount("/app", GZipMiddleware(pages.AppFiles(directory=pages.WEBAPP)))

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            openapi_utils.OpenAPI = whole("fastapi.openapi.models").OpenAPI  # type: ignore[attr-defined]
            described = openapi_utils.get_openapi(title=app.title, version=app.version, routes=app.routes)
            app.openapi_schema = _with_hot_reads(described)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend the schema
    return app


def build_routes(app: FastAPI) -> None:
    """Builds what FastAPI would build while the first request waits for it: the way through its middleware."""
    app.middleware_stack = app.build_middleware_stack()


def _with_hot_reads(schema: dict[str, Any]) -> dict[str, Any]:
    """Describes the routes that FastAPI does not see; their shapes are the read classes."""
    models = [(model, "serialization") for model in (DutyRead, NowRead, ErrorRead)]
    _, extra = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    schema.setdefault("components", {}).setdefault("schemas", {}).update(extra["$defs"])
    launch = {"name": INIT_DATA_HEADER, "in": "header", "required": True, "schema": {"type": "string"}}
    days = [
        {"name": name, "in": "query", "required": True, "schema": {"type": "string", "format": "date"}}
        for name in ("from", "to")
    ]
    reference = {name: {"$ref": f"#/components/schemas/{name}"} for name in ("DutyRead", "NowRead", "ErrorRead")}

    def json(content: dict[str, Any], description: str) -> dict[str, Any]:
        return {"description": description, "content": {"application/json": {"schema": content}}}

    refused = {
        status: json(reference["ErrorRead"], text)
        for status, text in (("401", "No valid launch data"), ("403", "Nobody we know"))
    }
    schema["paths"]["/api/duties"] = {
        "get": {
            "summary": "All shifts that touch the local days from–to (each roster by its own zone; at most 400 days)",
            "operationId": "duties",
            "parameters": [*days, launch],
            "responses": {
                "200": json({"type": "array", "items": reference["DutyRead"]}, "By start; with an ETag"),
                "304": {"description": "The ETag of If-None-Match still holds"},
                "422": json(reference["ErrorRead"], "Not two dates, out of order, or too far apart"),
                **refused,
            },
        }
    }
    schema["paths"]["/api/now"] = {
        "get": {
            "summary": "Who is on duty now and next, in each roster",
            "operationId": "now",
            "parameters": [launch],
            "responses": {"200": json(reference["NowRead"], "True until valid_until or the next change"), **refused},
        }
    }
    schema["paths"]["/api/calendar/ical/{token}.ics"] = {
        "get": {
            "summary": "A calendar feed behind a secret link",
            "operationId": "feed",
            "parameters": [{"name": "token", "in": "path", "required": True, "schema": {"type": "string"}}],
            "responses": {
                "200": {"description": "An iCalendar", "content": {"text/calendar": {"schema": {"type": "string"}}}},
                "206": {"description": "The part that the Range header asks for"},
                "304": {"description": "Nothing has changed"},
                "404": json(reference["ErrorRead"], "Unknown or revoked"),
                "416": {"description": "There are no such bytes"},
                "429": json(reference["ErrorRead"], "Asked for in full too often; Retry-After says how long to wait"),
            },
        }
    }
    return schema
