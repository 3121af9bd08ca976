"""The one error shape: `{"error": {"code", "message", "request"}}`, the message in the reader's language.

`request` is the number by which the log tells what happened; where the fault is ours, the message says it, too.
"""

from typing import Final

import orjson

from duty_teller.api import request_ids
from duty_teller.i18n import LocalizedError, t

CODES: Final = {
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
"""Status → code for programs."""

MALFORMED: Final = "error.http_malformed"


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
    return "malformed" if error.key == MALFORMED else "invalid"


def error_object(code: str, message: str) -> dict[str, str]:
    """Returns an error as it stands in an answer, with the number of the request, which the log has, too."""
    return {"code": code, "message": message, "request": request_ids.current()}


def error_body(code: str, message: str) -> bytes:
    """Returns the JSON of an error."""
    return orjson.dumps({"error": error_object(code, message)})


def early_refusal(status: int, language: str) -> tuple[str, bytes]:
    """Returns number and JSON of a refusal before there is a request: its head or body does not even come whole."""
    code, number = CODES[status], request_ids.new()
    error = {"code": code, "message": t(language, f"error.http_{code}"), "request": number}
    return number, orjson.dumps({"error": error})
