"""The front of the web part: open before the rest of it is loaded.

From the first moment `/healthz` says what is true then: the process lives, the database is open and up to date, and
the web part is `loading`. Whatever else is asked for waits that half second and is answered as ever; nobody is refused.
"""

import asyncio
from typing import Final

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from duty_teller.api.alive import DatabaseLook, health_answer
from duty_teller.api.request_ids import RequestIds
from duty_teller.services.health import Health

_HEALTH: Final = "/healthz"


class Door:
    """An application that waits for the real one. To be made on the event loop.

    Args:
        health: Of the process.
        look: At its database.

    Attributes:
        answered: Set once somebody was told how the process does.
    """

    def __init__(self, health: Health, look: DatabaseLook) -> None:
        self.answered = asyncio.Event()
        self._health = health
        self._look = look
        self._tell = RequestIds(self._tell_health)
        self._inside: ASGIApp | None = None
        self._coming: asyncio.Future[ASGIApp] = asyncio.get_running_loop().create_future()

    def let_in(self, inside: ASGIApp) -> None:
        """Has the real application answer, those first who have waited for it."""
        self._inside = inside
        self._coming.set_result(inside)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, as soon as there is who answers it."""
        inside = self._inside
        if inside is None:
            if scope["path"] == _HEALTH and scope["method"] == "GET":
                await self._tell(scope, receive, send)
                self.answered.set()
                return
            inside = await asyncio.shield(self._coming)  # who goes away while waiting takes it from nobody
        await inside(scope, receive, send)

    async def _tell_health(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        status, answer = await health_answer(self._health, self._look)
        body = orjson.dumps(answer)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
