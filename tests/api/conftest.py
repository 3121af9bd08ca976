"""The web part in a real uvicorn on a free port, on a thread of its own."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn

from duty_teller.api.app import create_app
from duty_teller.api.connections import Connections
from duty_teller.api.server import server_config
from duty_teller.config import Settings
from duty_teller.services.health import Health
from duty_teller.utils.sockets import address_of, listen
from duty_teller.utils.user import Visitor
from tests.house import ALICE, SECRET, House


@dataclass
class Web:
    """A running server and its client, who is Alice unless told otherwise."""

    house: House
    url: str
    app: Any
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        # httpx itself would ask for gzip; certificates cost 50 ms a client and are not used.
        self.client = httpx.Client(base_url=self.url, headers={"Accept-Encoding": "identity"}, timeout=20, verify=False)

    def get(self, path: str, who: Visitor | None = ALICE, method: str = "GET", **headers: str) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            sent.setdefault("X-Telegram-Init-Data", self.house.init_data(who))
        return self.client.request(method, path, headers=sent)


class QuickServer(uvicorn.Server):
    """Looks ten times as often whether it should end: a hundred servers end within these tests."""

    async def main_loop(self) -> None:
        while not await self.on_tick(0):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@contextmanager
def serve(
    house: House, settings: Settings | None = None, limits: Connections | None = None, address: str = "127.0.0.1"
) -> Iterator[Web]:
    """Serves until the block ends; what is in memory is new each time, as after a restart."""
    app = create_app(settings or house.settings, house.clock, SECRET, Health(time.monotonic() - 90))
    server = QuickServer(server_config(app, limits))
    listener = listen(address, 0)
    started = threading.Event()

    async def run() -> None:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not task.done():  # noqa: ASYNC110  # an attribute is all uvicorn tells
            await asyncio.sleep(0.002)
        started.set()
        await task
        # Uvicorn leaves who has connected while it was ending; a later test would find their sockets.
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)
        app.state.api.close()

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    try:
        assert started.wait(20)
        web = Web(house, address_of(listener), app)
        yield web
        web.client.close()
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


@pytest.fixture
def web(house: House) -> Iterator[Web]:
    with serve(house) as running:
        yield running
