"""The bot: the application with its handlers, and polling that survives whatever the network does."""

import asyncio
import contextlib
import logging
import ssl
import warnings
from collections import OrderedDict
from collections.abc import Awaitable, Iterator
from datetime import timedelta
from typing import Any, Final

import httpx
import orjson
from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder, BaseUpdateProcessor
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from duty_teller.handlers import commands, errors
from duty_teller.handlers.background import tick
from duty_teller.handlers.common import App, Context
from duty_teller.handlers.group_duty_pin import commands as group_duty_pin
from duty_teller.handlers.group_duty_pin import groups
from duty_teller.handlers.import_duty_schedule import dialogue
from duty_teller.handlers.people import card_actions, cards, invite, merge, phone, set_role
from duty_teller.handlers.schedule import calendar_links, export, history, inline, views
from duty_teller.handlers.settings import menu, preferences, status
from duty_teller.handlers.transport import command_lists, pace

logger = logging.getLogger(__name__)

ALLOWED_UPDATES: Final = ["message", "callback_query", "inline_query", "my_chat_member"]
_FIRST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 30.0
_CHATS: Final = 1000
POLL: Final = timedelta(seconds=10)
"""How long Telegram keeps a getUpdates open when there is no news."""

_STOPPING: Final = 5.0
_TROUBLE: Final = 120.0
_WATCHED: Final = ("polling", "connecting", "conflict")

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class PerChatProcessor(BaseUpdateProcessor):
    """Takes one chat's updates in order and different chats' side by side: a long import holds nobody up.

    Inline queries come from no chat: each person's are taken in order, beside everything else.
    """

    def __init__(self) -> None:
        super().__init__(256)
        self._locks: OrderedDict[tuple[str, int], asyncio.Lock] = OrderedDict()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Runs the handlers of an update when those before it in the same chat are done."""
        lock = self._locks.setdefault(_queue_of(update), asyncio.Lock())
        async with lock:
            await coroutine
        for key in [key for key, value in list(self._locks.items())[:-_CHATS] if not value.locked()]:
            del self._locks[key]

    async def initialize(self) -> None:
        """Needs nothing."""

    async def shutdown(self) -> None:
        """Holds nothing."""


def _queue_of(update: object) -> tuple[str, int]:
    """Returns the name of the queue in which an update waits for those before it."""
    if not isinstance(update, Update):
        return "other", 0
    if update.effective_chat is not None:
        return "chat", update.effective_chat.id
    return "person", update.effective_user.id if update.effective_user is not None else 0


class PollingRequest(HTTPXRequest):
    """The connection of getUpdates; it notes when Telegram last answered: that is what says the bot is alive."""

    def __init__(self, app: App, tls: ssl.SSLContext) -> None:
        super().__init__(connection_pool_size=1, httpx_kwargs={"verify": tls})
        self._app = app

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Makes a request."""
        code, payload = await super().do_request(*args, **kwargs)
        if code == 200:
            payload = _readable(payload)  # what is no JSON (a portal's page) was not Telegram: it raises
            health = self._app.health
            health.telegram, health.telegram_detail = "polling", ""
            health.last_poll_at = self._app.clock()
            health.last_poll_monotonic = self._app.monotonic()
        return code, payload

    async def renew(self) -> None:
        """Throws the connection away, which may be dead without knowing it, and makes a new one."""
        await self.shutdown()
        await self.initialize()


def _readable(payload: bytes) -> bytes:
    """Empties updates that cannot be read: python-telegram-bot would log them whole and ask for them for ever."""
    answer = orjson.loads(payload)
    found = answer.get("result")
    spoilt = False
    for place, update in enumerate(found if isinstance(found, list) else ()):
        try:
            Update.de_json(update, None)
        except Exception as error:  # a field that is missing, new, of another type
            kinds = ", ".join(sorted(set(update) - {"update_id"}))
            logger.error("an update (%s) cannot be read and is left out: %s", kinds, error)
            found[place], spoilt = {"update_id": update["update_id"]}, True
    return orjson.dumps(answer) if spoilt else payload


def build_application(app: App) -> AnyApplication:
    """Builds the bot with all handlers; nothing is sent yet."""
    base = app.settings.bot_api_base_url
    # Telegram's own check looks for a source path that stripped bytecode and the binary do not have.
    warnings.filterwarnings("ignore", "`Application` instances should be built", PTBUserWarning)
    tls = httpx.create_ssl_context()  # one for both connections: each costs 3 MB
    polling = PollingRequest(app, tls)
    builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = ApplicationBuilder()
    application = (
        builder.token(app.settings.bot_token)
        .base_url(f"{base}/bot")
        .base_file_url(f"{base}/file/bot")
        .request(HTTPXRequest(connection_pool_size=64, httpx_kwargs={"verify": tls}))
        .get_updates_request(polling)
        .rate_limiter(pace.PaceLimiter())
        .concurrent_updates(PerChatProcessor())
        .build()
    )
    application.bot_data.update(app=app, polling=polling)
    errors.register(application)
    dialogue.register(application)
    export.register(application)
    history.register(application)
    menu.register(application)
    status.register(application)
    invite.register(application)
    for module in (cards, card_actions, merge, set_role):
        module.register(application)
    group_duty_pin.register(application)
    views.register(application)
    calendar_links.register(application)
    preferences.register(application)
    phone.register(application)
    inline.register(application)
    groups.register(application)
    commands.register(application)
    return application


class Poller:
    """Connects and polls until it is told to stop; without a network it tries for ever."""

    def __init__(self, app: App, application: AnyApplication) -> None:
        self.app = app
        self.application = application
        self.tick = tick.schedule(application, app)
        self._polling_since = 0.0

    async def run(self) -> None:
        """Connects and begins to poll. A token that Telegram refuses ends it: the web part goes on and says so."""
        health = self.app.health
        queue = self.application.job_queue
        if queue is not None:
            await queue.start()  # before Telegram is there: backups and the like do not need it
        health.telegram = "connecting"
        wait = _FIRST_WAIT
        while True:
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
        await self.application.start()
        updater = self.application.updater
        if updater is not None:
            await self._start_polling()
            if queue is not None:
                options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
                queue.run_repeating(self._watch, interval=5, name="watch polling", job_kwargs=options)
        if health.telegram == "connecting":
            health.telegram = "polling"  # without news the first answer of getUpdates takes its whole long poll
        logger.info("polling as @%s", self.application.bot.username)
        await command_lists.keep_publishing(self.app, self.application.bot)

    async def _start_polling(self) -> None:
        updater = self.application.updater
        assert updater is not None  # noqa: S101  # built with one
        self._polling_since = self.app.monotonic()
        await updater.start_polling(
            timeout=POLL, bootstrap_retries=-1, allowed_updates=ALLOWED_UPDATES, error_callback=self._on_poll_error
        )

    async def _watch(self, _context: Context) -> None:
        await self.look_after_polling()

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
        since = max(health.last_poll_monotonic or 0.0, self._polling_since)
        if now - since <= patience:
            return False
        health.poll_restarts += 1
        logger.error("no answer to getUpdates for %.0f s (%s): polling anew", now - since, health.telegram)
        if health.telegram == "polling":
            health.telegram, health.telegram_detail = "connecting", "no answer"
        with _quiet("telegram.ext.Updater"):
            if updater.running:
                await _bounded(updater.stop(), _STOPPING)
            await _bounded(self.application.bot_data["polling"].renew(), _STOPPING)
            await _bounded(self._start_polling(), _STOPPING)
        return True

    def _on_poll_error(self, error: TelegramError) -> None:
        health = self.app.health
        if isinstance(error, Conflict):
            if health.telegram != "conflict":
                logger.error("another process polls with this token: stop it, or give this one a bot of its own")
            health.telegram, health.telegram_detail = "conflict", "another process polls with this token"
        elif isinstance(error, InvalidToken):
            health.telegram, health.telegram_detail = "bad_token", "Telegram refuses BOT_TOKEN"
            logger.error("Telegram refuses BOT_TOKEN: take a new one from @BotFather and restart")
        else:
            health.telegram, health.telegram_detail = "connecting", type(error).__name__
            logger.warning("polling: %s", error)

    async def stop(self) -> None:
        """Ends polling, handlers and jobs, each within a bound: a hanging Telegram must not hold the process."""
        await _bounded(self.tick.write_reads(), 0.3)
        await self.tick.stop()
        updater = self.application.updater
        if updater is not None and updater.running:
            with _quiet("telegram.ext.Updater"):  # unconfirmed updates come again: no reason for a traceback
                await _bounded(updater.stop(), 0.4)
        with _quiet("apscheduler.executors.default"):  # a tick that is cut short
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
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


async def _bounded(action: Awaitable[Any], seconds: float) -> None:
    try:
        await asyncio.wait_for(action, seconds)
    except (TimeoutError, TelegramError, RuntimeError) as error:
        logger.debug("ending: %r", error)
