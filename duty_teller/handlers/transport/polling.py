"""Polling that survives whatever the network does."""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, Protocol

import httpx
import orjson
from sqlmodel import Session
from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import Application
from telegram.request import HTTPXRequest

from duty_teller.db.models import NoticeKind, User
from duty_teller.handlers.common import App, Context
from duty_teller.handlers.transport import command_lists
from duty_teller.services.people import access, admin_notices
from duty_teller.utils.texts import usable_json

logger = logging.getLogger(__name__)

ALLOWED_UPDATES: Final = ["message", "callback_query", "inline_query", "my_chat_member"]
_FIRST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 30.0
POLL: Final = timedelta(seconds=20)
"""How long Telegram keeps a getUpdates open when there is no news."""

CONFLICT_LASTS: Final = 20.0
"""Seconds after a 409 in which a poll that goes well is no sign of peace: two pollers oust each other by turns."""
_TELL_AGAIN: Final = 3600.0
"""Seconds without a conflict after which the next one is news."""
_NUMBERS: Final = 2**52

_CLOCK_MAY_BE_WRONG: Final = 600.0
"""Seconds that a computer without a battery may take to set its clock before its admins hear of it."""

_STOPPING: Final = 5.0
_TROUBLE: Final = 120.0
_WATCHED: Final = ("polling", "connecting", "conflict")

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class PollingRequest(HTTPXRequest):
    """The connection of getUpdates; it notes when Telegram last answered: that is what says the bot is alive.

    It also notes how far our clock is from Telegram's: a small computer without a battery wakes in the past.
    """

    def __init__(self, app: App, tls: ssl.SSLContext) -> None:
        hooks = {"response": [self._look_at_clock]}
        super().__init__(connection_pool_size=1, httpx_kwargs={"verify": tls, "event_hooks": hooks})
        self._app = app
        self._clock_was_wrong = False

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Makes a request."""
        health = self._app.health
        health.last_attempt = self._app.monotonic()
        code, payload = await super().do_request(*args, **kwargs)
        if code == 200:
            payload = _readable(usable_json(payload))  # what is no JSON (a portal's page) was not Telegram: it raises
            health.last_poll = self._app.monotonic()
            if health.conflict_at is None or health.last_poll - health.conflict_at > CONFLICT_LASTS:
                health.telegram, health.telegram_detail = "polling", ""
        return code, payload

    async def _look_at_clock(self, answer: httpx.Response) -> None:
        try:
            behind = parsedate_to_datetime(answer.headers["date"]) - self._app.clock()
        except (KeyError, ValueError, TypeError):  # none, or none that can be read: not Telegram's
            return
        health = self._app.health
        health.clock_behind = behind.total_seconds()
        if wrong := health.clock_trouble():
            if not self._clock_was_wrong:
                logger.warning("the clock is %s: shifts and reminders go by it (timedatectl set-ntp true)", wrong)
        elif self._clock_was_wrong:
            logger.warning("the clock agrees with Telegram's again")
        self._clock_was_wrong = bool(wrong)

    async def renew(self) -> None:
        """Throws the connection away, which may be dead without knowing it, and makes a new one."""
        await self.shutdown()
        await self.initialize()


def _readable(payload: bytes) -> bytes:
    """Empties updates that cannot be read: python-telegram-bot would log them whole and ask for them for ever.

    Raises:
        NetworkError: None of them has a number, so none can be confirmed and all would come again at once.
    """
    answer = orjson.loads(payload)
    found = answer.get("result")
    if not isinstance(found, list):
        return payload
    numbered = [update for update in found if _has_number(update)]
    spoilt = len(numbered) < len(found)
    if spoilt:
        logger.error("%s updates have no number that can be read, and are left out", len(found) - len(numbered))
        if not numbered:
            raise NetworkError("updates without a number")
    found[:] = numbered
    for place, update in enumerate(found):
        try:
            Update.de_json(update, None)
        except Exception as error:  # a field that is missing, new, of another type
            kinds = ", ".join(sorted(set(update) - {"update_id"}))
            logger.error("an update (%s) cannot be read and is left out: %s", kinds, error)
            found[place], spoilt = {"update_id": update["update_id"]}, True
    return orjson.dumps(answer) if spoilt else payload


def _has_number(update: Any) -> bool:
    """Tells whether an update can be confirmed; a number beyond all sense would confirm every later one, unread."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < _NUMBERS


class _Tick(Protocol):
    """What is put away with polling: the background work, which this room knows nothing else of."""

    def begin(self) -> None:
        """Goes on from now on."""

    async def write_reads(self) -> None:
        """Writes what would be lost."""

    async def stop(self) -> None:
        """Ends what is under way."""


class Poller:
    """Connects and polls until it is told to stop; without a network it tries for ever."""

    def __init__(self, app: App, application: AnyApplication) -> None:
        self.app = app
        self.application = application
        self.tick: _Tick = application.bot_data["tick"]
        self._polling_since = 0.0
        self._jobs_run = False
        self._telling: asyncio.Task[None] | None = None
        self._beginning: asyncio.Task[None] | None = None
        self._clock_wrong_since: float | None = None
        self._told_of_clock = False

    async def run(self) -> None:
        """Connects and begins to poll. A token that Telegram refuses ends it: the web part goes on and says so."""
        health = self.app.health
        queue = self.application.job_queue
        if queue is not None:
            await queue.start()  # before Telegram is there: backups and the like do not need it
            self._jobs_run = True
        self.tick.begin()
        health.telegram = "connecting"
        wait = _FIRST_WAIT
        while True:
            health.last_attempt = self.app.monotonic()
            try:
                await self.application.initialize()
                break
            except InvalidToken:
                health.telegram, health.telegram_detail = "bad_token", "Telegram refuses BOT_TOKEN"
                logger.error("Telegram refuses BOT_TOKEN: take a new one from @BotFather and restart")
                return
            except TelegramError as error:
                health.telegram_detail = type(error).__name__
                logger.warning("Telegram is not reachable (%s), next try in %.0f s", error, wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
        health.bot_username = self.application.bot.username
        await self.application.start()
        updater = self.application.updater
        if updater is not None:
            await self._start_polling()
            if queue is not None:
                options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
                # Not before polling has had time to begin.
                queue.run_repeating(self._watch, interval=10, first=4, name="watch polling", job_kwargs=options)
        if health.telegram == "connecting":
            health.telegram = "polling"  # without news the first answer of getUpdates takes its whole long poll
        logger.info("polling as @%s", self.application.bot.username)
        await command_lists.keep_publishing(self.app, self.application.bot)

    async def _start_polling(self) -> None:
        updater = self.application.updater
        assert updater is not None  # noqa: S101  # built with one
        self._polling_since = self.app.health.last_attempt = self.app.monotonic()
        await updater.start_polling(
            timeout=POLL, bootstrap_retries=-1, allowed_updates=ALLOWED_UPDATES, error_callback=self._on_poll_error
        )

    async def _watch(self, _context: Context) -> None:
        await self.look_after_polling()
        await self.look_at_clock(self.app.monotonic())

    async def look_at_clock(self, now: float) -> None:
        """Tells the admins of a clock that has been wrong for ten minutes: who is on duty goes by it.

        Args:
            now: Monotonic seconds.
        """
        if not self.app.health.clock_trouble():
            self._clock_wrong_since, self._told_of_clock = None, False
            return
        if self._clock_wrong_since is None:
            self._clock_wrong_since = now
        if now - self._clock_wrong_since >= _CLOCK_MAY_BE_WRONG and not self._told_of_clock:
            self._told_of_clock = True
            await self._tell_admins(admin_notices.wrong_clock)

    async def look_after_polling(self) -> bool:
        """Polls anew, over a new connection, when polling has died in silence (python-telegram-bot #4523).

        The last answer to getUpdates must not be older than 2.5 long polls; where the failure is known (no network,
        another process), polling goes on by itself and is helped every `_TROUBLE` seconds only.

        Returns:
            Whether it did.
        """
        health, updater, now = self.app.health, self.application.updater, self.app.monotonic()
        if updater is None or health.telegram not in _WATCHED:
            return False
        patience = 2.5 * POLL.total_seconds() if health.telegram == "polling" else _TROUBLE
        since = max(health.last_poll or 0.0, self._polling_since)
        if now - since <= patience:
            return False
        self._polling_since = health.last_attempt = now  # another look meanwhile has nothing to do, and nobody is dead
        health.poll_restarts += 1
        logger.error("no answer to getUpdates for %.0f s (%s): polling anew", now - since, health.telegram)
        if health.telegram == "polling":
            health.telegram, health.telegram_detail = "connecting", "no answer"
        await self._end_beginning()
        with _quiet("telegram.ext.Updater"):
            if updater.running:
                await _bounded(updater.stop(), _STOPPING)
            await _bounded(self.application.bot_data["polling"].renew(), _STOPPING)
        # It asks by itself until Telegram is back; ended meanwhile, nobody would ask until the next help.
        self._beginning = asyncio.create_task(self._begin_anew())
        return True

    async def _begin_anew(self) -> None:
        try:
            await self._start_polling()
        except (TelegramError, RuntimeError) as error:  # RuntimeError: the one before has not ended yet
            logger.warning("polling could not be begun anew: %s", error)
            if isinstance(error, TelegramError):
                self._on_poll_error(error)

    async def _end_beginning(self) -> None:
        if self._beginning is not None:
            self._beginning.cancel()
            await asyncio.gather(self._beginning, return_exceptions=True)
            self._beginning = None

    def _on_poll_error(self, error: TelegramError) -> None:
        health = self.app.health
        if isinstance(error, Conflict):
            now = self.app.monotonic()
            if health.conflict_at is None or now - health.conflict_at > _TELL_AGAIN:
                logger.error("another process polls with this token: stop it, or give this one a bot of its own")
                self._telling = asyncio.create_task(self._tell_admins(admin_notices.another_poller))
            health.conflict_at = now
            health.telegram, health.telegram_detail = "conflict", "another process polls with this token"
        elif isinstance(error, InvalidToken):
            health.telegram, health.telegram_detail = "bad_token", "Telegram refuses BOT_TOKEN"
            logger.error("Telegram refuses BOT_TOKEN: take a new one from @BotFather and restart")
        else:
            health.telegram, health.telegram_detail = "connecting", type(error).__name__
            logger.warning("polling: %s", error)

    async def _tell_admins(self, notice: Callable[[Session, Sequence[User], datetime], None]) -> None:
        """Tells the admins in words, once a day at most: sending needs no polling."""
        settings, now = self.app.settings, self.app.clock()

        def tell(session: Session) -> None:
            admins = access.admins_to_tell(session, settings, NoticeKind.PEOPLE)
            notice(session, admins, now)

        try:
            await self.app.db(tell, write=True)
        except Exception:
            logger.exception("the admins could not be told (%s)", notice.__name__)

    def ended(self) -> str:
        """Says what of the bot has ended although nobody told it to; an empty text while all of it lives."""
        queue = self.application.job_queue
        if self._jobs_run and queue is not None and not queue.scheduler.running:
            return "the JobQueue does not run any more"
        # python-telegram-bot keeps it to itself; without the name nothing is said.
        fetcher = getattr(self.application, "_Application__update_fetcher_task", None)
        if self.application.running and isinstance(fetcher, asyncio.Task) and fetcher.done():
            return "nobody takes what Telegram sends any more"
        return ""

    async def stop(self) -> None:
        """Ends polling, handlers and jobs, each within a bound: a hanging Telegram must not hold the process."""
        await _bounded(self.tick.write_reads(), 0.3)
        await self.tick.stop()
        await self._end_beginning()
        updater = self.application.updater
        if updater is not None and updater.running:
            with _quiet("telegram.ext.Updater"):  # unconfirmed updates come again: no reason for a traceback
                await _bounded(updater.stop(), 0.4)
        with _quiet("apscheduler.executors.default"):  # a job that is cut short
            if self.application.running:
                await _bounded(self.application.stop(), 0.4)
            elif self.application.job_queue is not None:
                with contextlib.suppress(Exception):
                    await _bounded(self.application.job_queue.stop(wait=False), 0.2)
            await _bounded(self.application.shutdown(), 0.2)


@contextlib.contextmanager
def _quiet(name: str) -> Iterator[None]:
    log = logging.getLogger(name)
    level = log.level
    log.setLevel(logging.CRITICAL + 1)  # python-telegram-bot calls it critical that updates come again
    try:
        yield
    finally:
        log.setLevel(level)


async def _bounded(action: Awaitable[Any], seconds: float) -> None:
    try:
        await asyncio.wait_for(action, seconds)
    except (TimeoutError, TelegramError, RuntimeError) as error:
        logger.debug("ending: %r", error)
