"""The web part as a process has it: uvicorn without what this program has no use for, and an application behind a door.

uvicorn gets no signals, no timer of its own, no access log, and limits for connections.
"""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable
from datetime import datetime
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Final

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.server import Server, ServerState

from duty_teller.api.alive import DatabaseLook
from duty_teller.api.connections import BACKLOG, Connections, protocol_class
from duty_teller.api.door import Door
from duty_teller.config import Settings
from duty_teller.services.health import Health

if TYPE_CHECKING:
    from duty_teller.api.state import ApiState

_BEHIND: Final = 0.05
"""Seconds the first question has to itself: loading beside its answer makes it wait for the interpreter."""

Around = Callable[[ASGIApp], ASGIApp]


class _ServerState(ServerState):
    """uvicorn's state with a Date that is made when somebody asks: its own is renewed by a timer, asked or not."""

    def __init__(self) -> None:
        self._second = 0
        self._headers: list[tuple[bytes, bytes]] = []
        super().__init__()

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        """The headers of every answer."""
        second = int(time.time())
        if second != self._second:
            self._second, self._headers = second, [(b"date", formatdate(second, usegmt=True).encode())]
        return self._headers

    @default_headers.setter
    def default_headers(self, headers: list[tuple[bytes, bytes]]) -> None:
        """Nobody else knows the Date."""


class _Server(Server):
    """uvicorn without its own signal handling, which would end the process before the rest has been put away.

    It sleeps until it is told to leave; uvicorn's own loop looks ten times a second whether it should.
    """

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.server_state = _ServerState()
        self._leaving = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        """Leaves the signals to us."""
        yield

    async def main_loop(self) -> None:
        """Waits for the end."""
        await self._leaving.wait()

    def leave(self) -> None:
        """Makes the server end."""
        self.should_exit = True
        self._leaving.set()


def server_config(app: ASGIApp, limits: Connections | None = None) -> Config:
    """Returns how uvicorn is run: httptools with limits, no access log (it costs a third, and would hold secrets).

    Args:
        app: What it serves.
        limits: Of the connections; None: those of a process of its own.
    """
    return Config(
        app,
        http=protocol_class(limits or Connections()),
        backlog=BACKLOG,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        proxy_headers=False,
    )


class WebPart:
    """The half that answers HTTP: how the process does at once, the rest as soon as it is loaded, in a thread.

    To be made on the event loop.

    Args:
        settings: What to serve.
        clock: Returns the present instant.
        secret: Signs feed links.
        health: What the health answer tells.
        around: Puts the application into another one.

    Attributes:
        state: Of the application; None until it is loaded.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime],
        secret: bytes,
        health: Health,
        around: Around | None = None,
    ) -> None:
        self.state: ApiState | None = None
        self._settings = settings
        self._clock = clock
        self._secret = secret
        self._health = health
        self._around = around
        self._look = DatabaseLook(settings.database_url)
        self._door = Door(health, self._look)
        limits = Connections(proxies=settings.trusted_proxies, language=settings.default_language)
        self._server = _Server(server_config(self._door, limits))

    async def serve(self, listener: socket.socket) -> None:
        """Answers until it is told to leave."""
        await self._server.serve(sockets=[listener])

    def leave(self) -> None:
        """Makes `serve` end."""
        self._server.leave()

    async def load(self, first: Callable[[], object]) -> "ApiState":
        """Loads what answers anything but the health request, lets it answer, and returns its state.

        Args:
            first: What is to be done before the first answer, in the same thread.
        """
        self._health.web = "loading"
        while not self._server.started:  # noqa: ASYNC110
            await asyncio.sleep(0.005)  # uvicorn tells by an attribute, not an event
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._door.answered.wait(), _BEHIND)
        app, state = await asyncio.to_thread(self._build, first)
        self.state = state
        self._health.web = "serving"
        self._door.let_in(app)
        return state

    def _build(self, first: Callable[[], object]) -> "tuple[ASGIApp, ApiState]":
        from duty_teller.api.app import build_routes, create_app

        first()
        app = create_app(self._settings, self._clock, self._secret, self._health, self._look)
        build_routes(app)
        return app if self._around is None else self._around(app), app.state.api

    def close(self) -> None:
        """Lets no more work begin."""
        if self.state is not None:
            self.state.close()
        self._look.close()
