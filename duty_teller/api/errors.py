"""The one error shape: `{"error": {"code", "message", "request"}}`, the message in the reader's language.

`request` is the number by which the log tells what happened; where the fault is ours, the message says it, too.
"""

import logging
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from duty_teller.api import request_ids
from duty_teller.db.trouble import KINDS, cause_of
from duty_teller.i18n import LocalizedError, t
from duty_teller.i18n.core import accepted_language

logger = logging.getLogger(__name__)

_CODES = {
    400: "malformed",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "late",
    413: "too_large",
    422: "malformed",
    431: "too_large",
}
_MALFORMED: Final = "error.http_malformed"


class ApiError(Exception):
    """An answer that is no success: HTTP status, code for programs, and the error for people."""

    def __init__(self, status: int, code: str, error: LocalizedError, language: str | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.error = error
        self.language = language


def code_of(error: LocalizedError) -> str:
    """Returns the code of a request that is wrong: by a value that somebody gave, or as no program of ours sends it."""
    return "malformed" if error.key == _MALFORMED else "invalid"


def error_object(code: str, message: str) -> dict[str, str]:
    """Returns an error as it stands in an answer, with the number of the request, which the log has, too."""
    return {"code": code, "message": message, "request": request_ids.current()}


def error_body(code: str, message: str) -> bytes:
    """Returns the JSON of an error."""
    return orjson.dumps({"error": error_object(code, message)})


def early_refusal(status: int, language: str) -> tuple[str, bytes]:
    """Returns number and JSON of a refusal before there is a request: its head or body does not even come whole."""
    code, number = _CODES[status], request_ids.new()
    error = {"code": code, "message": t(language, f"error.http_{code}"), "request": number}
    return number, orjson.dumps({"error": error})


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
        code = _CODES.get(error.status_code, "error")
        response = error_response(error.status_code, code, t(language(request), f"error.http_{code}"))
        response.headers.update(error.headers or {})
        return response

    async def invalid(request: Request, _error: Any) -> Response:
        return error_response(422, "malformed", t(language(request), _MALFORMED))

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
