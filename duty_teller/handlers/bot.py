"""The bot: the application with its handlers."""

import asyncio
import warnings
from collections import OrderedDict
from collections.abc import Awaitable
from typing import Any, Final

import httpx
from telegram import Update
from telegram.ext import ApplicationBuilder, BaseUpdateProcessor
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from duty_teller.handlers import commands, errors
from duty_teller.handlers.background import tick
from duty_teller.handlers.background.job_queue import SteadyJobQueue
from duty_teller.handlers.common import App
from duty_teller.handlers.group_duty_pin import commands as pin_commands
from duty_teller.handlers.group_duty_pin import groups
from duty_teller.handlers.import_duty_schedule import dialogue, undo
from duty_teller.handlers.people import card_actions, cards, invite, merge, phone, set_role
from duty_teller.handlers.schedule import calendar_links, duty, export, history, inline, my, week
from duty_teller.handlers.settings import menu, preferences, status
from duty_teller.handlers.transport import pace
from duty_teller.handlers.transport.polling import AnyApplication, PollingRequest

_CHATS: Final = 1000


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
        .job_queue(SteadyJobQueue())
        .build()
    )
    application.bot_data.update(app=app, polling=polling, tick=tick.schedule(application, app))
    errors.register(application)
    dialogue.register(application)
    undo.register(application)
    export.register(application)
    history.register(application)
    menu.register(application)
    status.register(application)
    invite.register(application)
    for module in (cards, card_actions, merge, set_role):
        module.register(application)
    pin_commands.register(application)
    for module in (duty, week, my):
        module.register(application)
    calendar_links.register(application)
    preferences.register(application)
    phone.register(application)
    inline.register(application)
    groups.register(application)
    commands.register(application)
    return application
