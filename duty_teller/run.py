"""Composes the process: settings, database, web part and bot in one event loop; signals; systemd.

The socket is opened first and answers at once; the bot, whose libraries take the longest to load, comes behind it.
The end is bounded: whatever Telegram or an import does, SIGTERM and SIGINT end the process with code 0 within 2 s.
"""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

from duty_teller import cache
from duty_teller.api.app import create_app
from duty_teller.config import Settings
from duty_teller.db.file import make_private_folder
from duty_teller.db.migrations import migrate
from duty_teller.services.health import Health
from duty_teller.utils import systemd
from duty_teller.utils.dates import utc_now
from duty_teller.utils.secret_file import load_secret

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """What is known once the web part answers: where it listens."""

    host: str
    port: int


_SWITCH: Final = 0.001
"""Seconds a thread may keep the interpreter while another one waits for it."""
_BEHIND: Final = 0.1
"""Seconds the web part has to itself: loading the bot beside the first answer makes it wait for the interpreter."""

OnReady = Callable[[Running], Awaitable[None]]


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling, which would end the process before the rest has been put away."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        """Leaves the signals to us."""
        yield


def server_config(app: FastAPI) -> uvicorn.Config:
    """Returns how uvicorn is run: httptools, no access log (it costs a third, and would hold secrets)."""
    return uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        proxy_headers=False,
    )


async def serve(
    settings: Settings,
    listener: socket.socket,
    on_ready: OnReady | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> None:
    """Serves until SIGTERM or SIGINT.

    Args:
        settings: Checked.
        listener: From `utils.sockets.listen`.
        on_ready: Called once the web part answers (the demo introduces itself).
        clock: Returns the present instant.
    """
    # A request takes the interpreter back several times; beside a busy thread each costs one interval (5 ms at first).
    sys.setswitchinterval(_SWITCH)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    health = Health(started_at=clock())
    secret = load_secret(settings.data_dir)
    app = create_app(settings, clock, secret, health)
    server = _Server(server_config(app))
    web = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not web.done():  # noqa: ASYNC110
        await asyncio.sleep(0.005)  # uvicorn tells by an attribute, not an event
    host, port = listener.getsockname()[:2]
    logger.info("serving on http://%s:%s", host, port)
    systemd.notify("READY=1")
    bot = asyncio.create_task(_run_bot(settings, clock, secret, health, app.state.api.reads, stop))
    if on_ready is not None:
        await on_ready(Running(host, port))
    await asyncio.wait({asyncio.create_task(stop.wait()), web}, return_when=asyncio.FIRST_COMPLETED)
    systemd.notify("STOPPING=1")
    server.should_exit = True
    stop.set()
    await asyncio.wait({web, bot}, timeout=1.5)
    app.state.api.close()


async def _run_bot(
    settings: Settings,
    clock: Callable[[], datetime],
    secret: bytes,
    health: Health,
    reads: dict[int, tuple[datetime, str]],
    stop: asyncio.Event,
) -> None:
    """Loads the bot in a thread, lets it poll, and puts it away; whatever happens to it, the web part goes on."""

    def take_reads() -> dict[int, tuple[datetime, str]]:
        taken = dict(reads)
        reads.clear()
        return taken

    def load() -> Any:
        from duty_teller.handlers.bot import build_application
        from duty_teller.handlers.common import App
        from duty_teller.handlers.transport.polling import Poller

        app = App(settings, clock, secret, health, take_reads)
        return app, build_application(app), Poller

    await asyncio.sleep(_BEHIND)
    app, application, poller_type = await asyncio.to_thread(load)
    gc.collect()
    gc.freeze()
    poller = poller_type(app, application)
    polling = asyncio.create_task(poller.run())
    polling.add_done_callback(_log_failure)
    await stop.wait()
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    await poller.stop()
    app.close()


def _log_failure(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("the bot ended", exc_info=error)


def prepare(settings: Settings) -> None:
    """Makes the data folder, brings the schema up to date, and opens the caches."""
    make_private_folder(settings.data_dir)
    if migrate(settings.database_url, settings.duty_display_tz):
        logger.info("the database is up to date now")
    cache.use_folder(settings.data_dir / "cache")


def run_loop(main: Coroutine[Any, Any, None]) -> int:
    """Runs the main coroutine and puts its threads away without waiting for them; returns the exit code."""
    threads = ThreadPoolExecutor(8, thread_name_prefix="worker")

    async def whole() -> None:
        asyncio.get_running_loop().set_default_executor(threads)
        await main

    loop = asyncio.new_event_loop()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            loop.run_until_complete(whole())
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        cache.close()
    return 0


def leave(code: int, seconds: float = 0.4) -> int:
    """Is the last thing before the process ends.

    A thread may still be in a transaction: it gets a moment, then the process ends without it, and SQLite forgets
    what was not committed.
    """
    deadline = time.monotonic() + seconds
    others = [t for t in threading.enumerate() if t is not threading.current_thread() and not t.daemon]
    for thread in others:
        thread.join(max(0.0, deadline - time.monotonic()))
    if any(thread.is_alive() for thread in others):
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
