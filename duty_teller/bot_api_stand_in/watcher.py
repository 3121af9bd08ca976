"""What the bot did, seen through the stand-in's control door."""

import base64
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

Json = dict[str, Any]
T = TypeVar("T")
Door = Callable[[str, Json], Any]
"""Does an action (a name) with its arguments and returns its result; raises StandInError."""


class StandInError(Exception):
    """The stand-in could not do what was asked: nobody could do it in Telegram either."""


class StandInWatcher:
    """Looks at what the bot did in the stand-in's world.

    Use it as a context manager or call `close`. Waiting methods raise TimeoutError.

    Args:
        base_url: the stand-in's `base_url`.
        door: the way to its actions where it runs in this very process; without one they go over HTTP.
    """

    def __init__(self, base_url: str, door: Door | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self._http: httpx.Client | None = None
        if door is None:
            # There is no TLS on loopback; without this every client would read the certificates of the system first.
            self._http = httpx.Client(base_url=self.base_url, timeout=40, trust_env=False, verify=False)  # noqa: S501
        self._door = door or self._over_http

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            self._http.close()

    def _call(self, action: str, **arguments: Any) -> Any:
        return self._door(action, arguments)

    def _over_http(self, action: str, arguments: Json) -> Any:
        assert self._http is not None  # noqa: S101  # this is the way without a door
        answer = self._http.post(f"/_control/{action}", json=arguments).json()
        if "error" in answer:
            raise StandInError(answer["error"])
        return answer["result"]

    def _dict(self, action: str, **arguments: Any) -> Json:
        result: Json = self._call(action, **arguments)
        return result

    def _maybe(self, action: str, **arguments: Any) -> Json | None:
        result: Json | None = self._call(action, **arguments)
        return result

    def _rows(self, action: str, **arguments: Any) -> list[Json]:
        result: list[Json] = self._call(action, **arguments)
        return result

    def _answer_to(self, query_id: str, timeout: float) -> Json | None:
        if timeout <= 0:
            return None
        try:
            return self.wait_until(lambda: self._maybe("callback_answer", query_id=query_id), timeout)
        except TimeoutError:
            return None

    def messages(self, chat_id: int, after_id: int = 0) -> list[Json]:
        """All messages of a chat (with a higher id than `after_id`) as they are now, oldest first.

        Keys: message_id, chat_id, date, sender {id, name, is_bot}, text, html, entities, reply_markup, edited, pinned,
        service, reply_to, thread_id, document, contact.
        """
        return self._rows("messages", chat_id=chat_id, after_id=after_id)

    def last_message(self, chat_id: int) -> Json | None:
        """The newest message that is not a service message."""
        return self._maybe("last_message", chat_id=chat_id)

    def pinned(self, chat_id: int) -> Json | None:
        """The message pinned on top of a chat."""
        return self._maybe("pinned", chat_id=chat_id)

    def wait_until(self, look: Callable[[], T | None], timeout: float = 60, what: str = "what was waited for") -> T:
        """Call `look` at every change of the stand-in's state until it gives something true, and return that."""
        deadline = time.monotonic() + timeout
        while True:
            version = self._call("wait", version=-1)
            found = look()
            if found:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{what} did not come within {timeout} s")
            self._call("wait", version=version, timeout=min(left, 5))

    def wait_for_message(
        self,
        chat_id: int,
        wanted: Callable[[Json], bool] | str = "",
        after_id: int = 0,
        timeout: float = 60,
        from_bot: bool = True,
    ) -> Json:
        """Wait for a message and return it (as `messages` shows it).

        Args:
            chat_id: where.
            wanted: a test of a message, or text it must contain (also after an edit).
            after_id: only messages with a greater id.
            timeout: in seconds.
            from_bot: only messages of the bot.

        Raises:
            TimeoutError: none came; the message lists what is there.
        """
        fits = wanted if callable(wanted) else lambda message: wanted in message["text"]

        def look() -> Json | None:
            for message in self.messages(chat_id, after_id):
                own = message["sender"]["id"] == self._bot_id()
                if message["service"] is None and (own or not from_bot) and fits(message):
                    return message
            return None

        try:
            return self.wait_until(look, timeout)
        except TimeoutError:
            there = [(m["message_id"], m["sender"]["name"], m["text"]) for m in self.messages(chat_id)]
            raise TimeoutError(f"no such message in {chat_id} within {timeout} s, there is {there}") from None

    def _bot_id(self) -> int:
        if not hasattr(self, "_bot"):
            self._bot = int(self._call("overview")["bot"]["id"])
        return self._bot

    def calls(self, method: str | None = None, since: int = 0) -> list[Json]:
        """The bot's calls: number, method, params, time, code, description. Without a method all but getUpdates."""
        return self._rows("calls", method=method, since=since)

    def clear_calls(self) -> None:
        """Forget the log."""
        self._call("clear_calls")

    def commands(self, scope: Json | str | None = None, lang: str = "") -> list[Json]:
        """The commands of exactly this scope (`{"type": …}` or its type) and language."""
        return self._rows("commands", scope=scope, lang=lang)

    def commands_for(self, user_id: int) -> list[Json]:
        """The commands a person sees in the private chat."""
        return self._rows("commands_for", user_id=user_id)

    def menu_button(self, user_id: int) -> Json:
        """The menu button of a private chat."""
        return self._dict("menu_button", user_id=user_id)

    def download(self, file_id: str) -> bytes:
        """The content of a file, also of one the bot sent."""
        return base64.b64decode(self._call("download", file_id=file_id))
