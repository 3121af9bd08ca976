"""Every failure of the application in the one shape of `api.errors`."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from duty_teller.api import request_ids
from duty_teller.api.errors import CODES, MALFORMED, ApiError, code_of, error_body
from duty_teller.db.trouble import KINDS, cause_of
from duty_teller.i18n import LocalizedError, t
from duty_teller.i18n.core import accepted_language

logger = logging.getLogger(__name__)


def error_response(status: int, code: str, message: str) -> Response:
    """Returns an error as a response that nobody keeps."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(error_body(code, message), status, headers, media_type="application/json")


def install(app: FastAPI, default_language: str) -> None:
    """Gives every failure of the app the one shape."""

    def language(request: Request) -> str:
        return accepted_language(request.headers.get("accept-language", ""), default_language)

    async def api_error(request: Request, error: Any) -> Response:
        return error_response(error.status, error.code, error.error.text(error.language or language(request)))

    async def localized(request: Request, error: Any) -> Response:
        return error_response(422, code_of(error), error.text(language(request)))

    async def http(request: Request, error: Any) -> Response:
        code = CODES.get(error.status_code, "error")
        response = error_response(error.status_code, code, t(language(request), f"error.http_{code}"))
        response.headers.update(error.headers or {})
        return response

    async def invalid(request: Request, _error: Any) -> Response:
        return error_response(422, "malformed", t(language(request), MALFORMED))

    async def trouble(request: Request, error: Exception) -> Response:
        if cause_of(error) is None and not isinstance(error, TimeoutError):
            raise error
        logger.error(
            "%s was not answered",
            request.scope["route"].path if "route" in request.scope else "a request",
            exc_info=error,
        )
        return error_response(503, "unavailable", t(language(request), "error.internal", id=request_ids.current()))

    async def crash(request: Request, error: Exception) -> Response:
        return error_response(500, "internal", t(language(request), "error.internal", id=request_ids.current()))

    app.add_exception_handler(ApiError, api_error)
    app.add_exception_handler(LocalizedError, localized)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    for kind in KINDS:
        app.add_exception_handler(kind, trouble)
    app.add_exception_handler(Exception, crash)
