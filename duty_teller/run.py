"""Composes the process: settings, database, web part and bot in one event loop; signals; systemd.

The socket is opened first, and `/healthz` answers as soon as the database is open and up to date. What else the web
part has is loaded behind that answer, and the bot, whose libraries take the longest, behind the web part.
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
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from duty_teller import cache
from duty_teller.api.server import Around, WebPart
from duty_teller.config import Settings
from duty_teller.db import in_use
from duty_teller.db.file import DatabaseGoneError, make_private_folder
from duty_teller.db.leftovers import remove_leftovers
from duty_teller.db.migrations import bring_up
from duty_teller.db.poll_lock import PollLock, PollLockError
from duty_teller.db.session import session_scope
from duty_teller.db.trouble import KINDS
from duty_teller.services.health import Health
from duty_teller.services.supervision import PartDiedError, Watch, why_not_built
from duty_teller.utils import exit_codes, logs, systemd
from duty_teller.utils.dates import utc_now
from duty_teller.utils.memory import give_back, keep_loaded
from duty_teller.utils.secret_file import load_secret
from duty_teller.utils.sockets import address_of

logger = logging.getLogger(__name__)


EXIT_ENDED: Final = 70
"""EX_SOFTWARE: a part ended that should not have; a supervisor starts the process again."""

_SWITCH: Final = 0.0002
"""Seconds a thread may keep the interpreter while another one waits for it."""
_BEHIND: Final = 0.1
"""Seconds the web part has to itself: loading the bot beside the first answers makes them wait for the interpreter."""
_KNOCK: Final = 5.0
"""Seconds after which a process that does not poll asks again whether it may: it has taken over within 15."""
_LOOK: Final = 30.0
"""Seconds after which a process that polls looks whether that is still its right: an idle one has little to do."""
_SHOWN: Final = 10.0
"""Seconds that the health answer tells why the bot cannot be built before the process ends."""

OnReady = Callable[[Callable[[], None]], Awaitable[None]]
"""Is called with what ends the process as a signal would, from any thread."""


class BotEndedError(Exception):
    """The bot cannot be built; the reason was logged, and shown by the health answer, when it was found."""


async def serve(
    settings: Settings,
    listener: socket.socket,
    on_ready: OnReady | None = None,
    clock: Callable[[], datetime] = utc_now,
    around: Around | None = None,
    elapsed: Callable[[], float] = time.monotonic,
) -> int:
    """Serves until SIGTERM or SIGINT, or until a part of it ends by itself.

    Args:
        settings: Checked.
        listener: From `utils.sockets.listen`.
        on_ready: Called once the web part answers (the demo introduces itself).
        clock: Returns the present instant.
        around: Puts the web part into another application (the demo shows the page in a frame of its own).
        elapsed: Returns the seconds by which messages are paced (the demo's pass as its clock is moved).

    Returns:
        The exit code: 0 after a signal, `EXIT_ENDED` when a part ended, `exit_codes.DATABASE_GONE`.
    """
    # A request takes the interpreter back several times; beside a busy thread each costs one interval (5 ms at first).
    sys.setswitchinterval(_SWITCH)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, logs.toggle_debug, settings.log_level)
    health = Health(web="loading")
    secret = load_secret(settings.data_dir)
    web_part = WebPart(settings, clock, secret, health, around)
    web = asyncio.create_task(web_part.serve(listener))
    stopped = asyncio.create_task(stop.wait())
    loading = asyncio.create_task(web_part.load(partial(_follow_settings, settings)))
    await asyncio.wait({stopped, web, loading}, return_when=asyncio.FIRST_COMPLETED)
    parts: dict[str, asyncio.Task[Any]] = {"the web part": web}
    if loading.done() and loading.exception() is None:
        logger.info("serving on %s", address_of(listener))
        systemd.notify("READY=1")
        loop.run_in_executor(None, _look_at_secret, settings.database_url, secret)
        bot_part = BotPart(settings, clock, secret, health, loading.result().reads, elapsed)
        parts["the bot"] = asyncio.create_task(bot_part.run(stop))
        if on_ready is not None:

            def end() -> None:
                loop.call_soon_threadsafe(stop.set)

            await on_ready(end)
        asking = partial(_read_something, settings.database_url)
        parts["the watch"] = asyncio.create_task(Watch(health, asking, bot_part.ended).run())
        await asyncio.wait({stopped, *parts.values()}, return_when=asyncio.FIRST_COMPLETED)
    code = 0 if stop.is_set() else EXIT_ENDED
    for name, task in parts.items():
        if task.done():
            log_end(name, task)
            if not task.cancelled() and isinstance(task.exception(), DatabaseGoneError):
                code = exit_codes.DATABASE_GONE
    systemd.notify("STOPPING=1")
    web_part.leave()
    stop.set()
    if (watching := parts.get("the watch")) is not None:
        watching.cancel()
    loading.cancel()
    await asyncio.wait(parts.values(), timeout=1.5)
    web_part.close()
    if not loading.cancelled() and loading.done() and (failure := loading.exception()) is not None:
        raise failure
    return code


def log_end(name: str, task: "asyncio.Task[Any]") -> None:
    """Says that a part ended which should not have, and why."""
    error = None if task.cancelled() else task.exception()
    if isinstance(error, (BotEndedError, PartDiedError, DatabaseGoneError, PollLockError)):
        logger.critical("%s ended: %s", name, error)
    elif error is not None:
        logger.critical("%s ended: %s", name, type(error).__name__, exc_info=error)
    else:
        logger.critical("%s ended: %s", name, "it was cancelled" if task.cancelled() else "nobody had told it to")


class BotPart:
    """The half that talks to Telegram: loaded in a thread, let poll, put away."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime],
        secret: bytes,
        health: Health,
        reads: dict[int, tuple[datetime, str]],
        elapsed: Callable[[], float],
    ) -> None:
        self.health = health
        self._elapsed = elapsed
        self._settings = settings
        self._clock = clock
        self._secret = secret
        self._reads = reads
        self._poller: Any = None

    def _take_reads(self) -> dict[int, tuple[datetime, str]]:
        taken = dict(self._reads)
        self._reads.clear()
        return taken

    def _load(self) -> tuple[Any, Any]:
        from duty_teller.handlers.bot import build_application
        from duty_teller.handlers.common import App
        from duty_teller.handlers.transport.polling import Poller

        app = App(self._settings, self._clock, self._secret, self.health, self._take_reads, elapsed=self._elapsed)
        application = build_application(app)
        return app, partial(Poller, app, application)

    def ended(self) -> str:
        """Tells what of it has ended though it says nothing; empty while all of it lives."""
        return self._poller.ended() if self._poller is not None else ""

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until it is told to stop; a token that is refused, or a Telegram that is away, is no end.

        Raises:
            BotEndedError: It cannot be built.
            Exception: Whatever ended it.
        """
        await asyncio.sleep(_BEHIND)
        keep_loaded()
        try:
            app, make_poller = await asyncio.to_thread(self._load)
        except Exception as error:
            why = why_not_built(error)
            self.health.telegram, self.health.telegram_detail = "failed", why
            logger.critical("the bot cannot be built: %s", why, exc_info=None if why.startswith("set ") else error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _SHOWN)
                return
            raise BotEndedError(why) from error
        finally:
            gc.enable()  # `begin_loading` has put it off
        keep_loaded()
        give_back()
        lock = PollLock(self._settings.database_url)
        if not await self._take_turn(lock, stop):
            app.close()
            return
        self._poller = poller = make_poller()
        polling = asyncio.create_task(poller.run())
        stopped = asyncio.create_task(stop.wait())
        kept = asyncio.create_task(_keep(lock))
        await asyncio.wait({polling, stopped, kept}, return_when=asyncio.FIRST_COMPLETED)
        failure = polling.exception() if polling.done() and not polling.cancelled() else None
        if failure is None and kept.done():
            failure = kept.exception()
        if failure is not None or polling.cancelled():
            self.health.telegram, self.health.telegram_detail = "failed", type(failure).__name__
        elif not stop.is_set():
            # Everything is under way, or Telegram has refused the token.
            await asyncio.wait({stopped, kept}, return_when=asyncio.FIRST_COMPLETED)
            failure = kept.exception() if kept.done() else None
        for task in (polling, stopped, kept):
            task.cancel()
        await asyncio.gather(polling, stopped, kept, return_exceptions=True)
        await poller.stop()
        app.close()
        lock.release()
        if failure is not None:
            raise failure
        if not stop.is_set():
            raise asyncio.CancelledError

    async def _take_turn(self, lock: PollLock, stop: asyncio.Event) -> bool:
        """Waits until no other process polls for this database; False: told to stop meanwhile."""
        told = ""
        while True:
            try:
                holder = await asyncio.to_thread(lock.take)
            except SQLAlchemyError as error:
                holder = f"nobody knows who ({type(error).__name__}: the database server does not answer)"
            if not holder:
                if told:
                    logger.warning("polling from now on: %s is gone", told)
                    self.health.telegram, self.health.telegram_detail = "starting", ""
                return True
            if holder != told:
                logger.warning("not polling, only serving HTTP: %s polls; taking over when it ends", holder)
                told = holder
            self.health.telegram, self.health.telegram_detail = "standby", f"{holder} polls"
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _KNOCK)
                return False


async def _keep(lock: PollLock) -> None:
    """Looks whether polling is still ours.

    Raises:
        PollLockError: It is not.
    """
    while True:
        await asyncio.sleep(_LOOK)
        if await asyncio.to_thread(lock.holds):
            continue
        with contextlib.suppress(SQLAlchemyError):  # a server that is away lets nobody else poll either
            if holder := await asyncio.to_thread(lock.take):
                raise PollLockError(f"the lock on polling was lost, and {holder} polls now")


def _look_at_secret(database_url: str, secret: bytes) -> None:
    """Says when the calendar links were made with another secret: each of them answers 404."""
    from duty_teller.services.feeds import links

    try:
        with session_scope(database_url) as session:
            strange, all_of_them = links.not_ours(session, secret)
    except KINDS:  # what the database cannot do is told by who watches it
        return
    if strange:
        logger.error(
            "%d of %d calendar links do not open: they were made with another DATA_DIR/secret; put that one back, "
            "or have people take new links (/calendar_link)",
            strange,
            all_of_them,
        )


def _read_something(database_url: str) -> None:
    from duty_teller.db import repository

    with session_scope(database_url) as session:
        repository.revisions(session)


def prepare(settings: Settings) -> None:
    """Makes the data folder, brings the schema up to date, and opens the caches: what has to be before anybody asks."""
    make_private_folder(settings.data_dir)
    in_use.share(settings.data_dir, settings.database_url)
    remove_leftovers(settings.data_dir)
    if bring_up(settings.database_url, settings.data_dir, settings.duty_display_tz):
        logger.info("the database is up to date now")
    cache.use_folder(settings.data_dir / "cache")


def _follow_settings(settings: Settings) -> None:
    """Has rosters, calendars and links follow what the environment says, where it says something else than before."""
    from duty_teller.composition import writing
    from duty_teller.services import calendar_absences
    from duty_teller.services.calendars import store
    from duty_teller.services.feeds import links
    from duty_teller.services.rosters import days_off

    calendars = settings.external_calendar_ics_url
    with session_scope(settings.database_url) as session:
        others = days_off.have_others(session, settings.holidays)
        others = others or not store.follows_setting(session, calendars)
        others = others or not links.follows_default_language(session, settings.default_language)
    if others:
        with writing(settings.database_url) as session:
            days_off.follow_setting(session, settings.holidays)
            for calendar_id in store.dropped(session, calendars):
                calendar_absences.withdraw(session, settings, calendar_id, utc_now())
            store.follow_setting(session, calendars, utc_now())
            links.follow_default_language(session, settings.default_language, utc_now())


def run_loop(main: Coroutine[Any, Any, int]) -> int:
    """Runs the main coroutine and puts its threads away without waiting for them; returns its exit code."""
    threads = ThreadPoolExecutor(8, thread_name_prefix="worker")

    async def whole() -> int:
        asyncio.get_running_loop().set_default_executor(threads)
        return await main

    loop = asyncio.new_event_loop()
    code = 0
    try:
        with contextlib.suppress(KeyboardInterrupt):
            code = loop.run_until_complete(whole())
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        cache.close()
    return code


def leave(code: int, seconds: float = 0.4) -> int:
    """Ends the process, as the last thing it does; returns the exit code when no thread is left.

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
