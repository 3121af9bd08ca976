"""The Bot API, asked by hand from the terminal: nothing of the service's part is loaded for that."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

SECONDS: Final = 10.0

Json = dict[str, Any]


class BusyError(ValueError):
    """Telegram answered neither yes nor no: it was asked too often, or a fault is on its side; says which."""


def is_busy(answer: Json) -> bool:
    """Tells whether an answer is neither yes nor no."""
    code = int(answer.get("error_code") or 0)
    return code == httpx.codes.TOO_MANY_REQUESTS or code >= httpx.codes.INTERNAL_SERVER_ERROR


class Telegram:
    """A bot by its token.

    Args:
        base_url: BOT_API_BASE_URL.
        token: Its token; no error shows it.
    """

    def __init__(self, base_url: str, token: str) -> None:
        self._client = httpx.Client(base_url=f"{base_url}/bot{token}/")
        self.moment: datetime | None = None

    def call(self, method: str, wait: float = 0, **arguments: Any) -> Json:
        """Returns the answer with `ok`, and `result` or `description` and `error_code`; `moment` is its Date then.

        Args:
            method: Of the Bot API.
            wait: Seconds that Telegram may take beyond the ordinary.
            arguments: Of the method.

        Raises:
            httpx.HTTPError: Telegram cannot be reached.
            ValueError: What answers is not Telegram.
        """
        answer = self._client.post(method, json=arguments, timeout=SECONDS + wait)
        if date := answer.headers.get("date"):
            self.moment = parsedate_to_datetime(date)
        found = answer.json()
        if not isinstance(found, dict) or "ok" not in found:
            raise ValueError("no answer of the Bot API")
        return found

    def ask(self, method: str, wait: float = 0, **arguments: Any) -> Json:
        """Does what `call` does, for whom an answer is a yes or a no.

        Raises:
            BusyError: It is neither.
            httpx.HTTPError, ValueError: As `call`.
        """
        answer = self.call(method, wait, **arguments)
        if is_busy(answer):
            raise BusyError(str(answer.get("description")))
        return answer

    def close(self) -> None:
        """Ends the connection."""
        self._client.close()
