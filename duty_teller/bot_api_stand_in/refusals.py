"""What the stand-in answers when Telegram would refuse.

Descriptions are those of the official Bot API server, word for word: a bot that reads them meets the real ones here.
"""

from typing import Any, NoReturn

Json = dict[str, Any]


class Refusal(Exception):  # noqa: N818 — for Telegram it is an answer, not a failure of the stand-in
    """A call that Telegram would refuse.

    Attributes:
        code: the HTTP status and `error_code` of the answer.
        description: the whole `description` of the answer.
        parameters: `parameters` of the answer (`retry_after`, `migrate_to_chat_id`) or None.
    """

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> Json:
        """The body of the answer."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class ControlError(ValueError):
    """A test or the play page asks for what nobody could do in Telegram (an unknown person, button, message …)."""


def bad_request(text: str, parameters: Json | None = None) -> Refusal:
    """400 with the prefix Telegram gives it."""
    return Refusal(400, f"Bad Request: {text}", parameters)


def forbidden(text: str) -> Refusal:
    """403 with the prefix Telegram gives it."""
    return Refusal(403, f"Forbidden: {text}")


def too_many_requests(retry_after: int) -> Refusal:
    """429; `retry_after` in whole seconds."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def nothing_like(what: str) -> NoReturn:
    """Raise the ControlError for a wish that can't be met."""
    raise ControlError(what)
