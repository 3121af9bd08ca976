"""One HTTP request and its answer over plain ASGI, with a way to break the connection."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from duty_teller.bot_api_stand_in.params import MAX_BODY
from duty_teller.bot_api_stand_in.refusals import Refusal

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Exchange:
    """A request being answered, with the Date of the clock `now`; without one where there is none."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, now: Callable[[], datetime] | None) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: str = scope["query_string"].decode("latin-1")
        self._headers: dict[str, str] = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        self._receive = receive
        self._send = send
        self._now = now
        self._left = False

    def header(self, name: str) -> str:
        """A request header by its lower-case name, empty when it is missing."""
        return str(self._headers.get(name, ""))

    async def body(self) -> bytes:
        """The whole request body.

        Raises:
            Refusal: 413 above 50 MB.
        """
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self._left = True
                return b"".join(chunks)
            size += len(message.get("body", b""))
            if size > MAX_BODY:
                raise Refusal(413, "Request Entity Too Large")
            chunks.append(message.get("body", b""))
            if not message.get("more_body"):
                return b"".join(chunks)

    async def gone(self) -> None:
        """Return when the caller has left."""
        while not self._left:
            self._left = (await self._receive())["type"] == "http.disconnect"

    async def send(self, status: int, body: bytes, content_type: str, headers: Mapping[str, str] | None = None) -> None:
        """Give the whole answer."""
        fields = {"content-type": content_type, "content-length": str(len(body)), "cache-control": "no-store"}
        if self._now is not None:
            fields["date"] = format_datetime(self._now(), usegmt=True)
        fields.update(headers or {})
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in fields.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})
        await self._send({"type": "http.response.body", "body": body})

    async def drop(self) -> None:
        """Break the connection without an answer.

        ASGI has no word for it, so the transport is taken from uvicorn's own request cycle, to which `send` is bound.
        """
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()
            await self.gone()
