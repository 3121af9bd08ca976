"""The bot: the application with its handlers."""

import importlib.util
import sys
import warnings
from functools import partial
from typing import Any

from telegram.ext import ApplicationBuilder
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from duty_teller.handlers import commands, errors, guard
from duty_teller.handlers.background import backups, calendars, tick
from duty_teller.handlers.background.job_queue import SteadyJobQueue
from duty_teller.handlers.common import App
from duty_teller.handlers.group_duty_pin import commands as pin_commands
from duty_teller.handlers.group_duty_pin import groups
from duty_teller.handlers.import_duty_schedule import dialogue, undo
from duty_teller.handlers.people import card_actions, cards, invite, joining, merge, phone, set_role
from duty_teller.handlers.schedule import (
    away,
    calendar_links,
    change,
    cover,
    cover_answers,
    duty,
    export,
    history,
    hours,
    inline,
    my,
    plain_words,
    swap,
    takeover,
    week,
)
from duty_teller.handlers.settings import backup, menu, preferences, status
from duty_teller.handlers.transport import pace
from duty_teller.handlers.transport.polling import AnyApplication, PollingRequest
from duty_teller.handlers.transport.queues import FairProcessor
from duty_teller.utils import tls


def build_application(app: App) -> AnyApplication:
    """Builds the bot with all handlers; nothing is sent yet."""
    base = app.settings.bot_api_base_url
    # Telegram's own check looks for a source path that stripped bytecode and the binary do not have.
    warnings.filterwarnings("ignore", "`Application` instances should be built", PTBUserWarning)
    checked_by = tls.context()
    if importlib.util.find_spec("sniffio") is None:
        # httpcore asks for it several times a call, and Python looks through all folders each time: now it knows.
        sys.modules["sniffio"] = None  # type: ignore[assignment]
    polling = PollingRequest(app, checked_by)
    processor = FairProcessor()
    builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = ApplicationBuilder()
    application = (
        builder.token(app.settings.bot_token)
        .base_url(f"{base}/bot")
        .base_file_url(f"{base}/file/bot")
        .request(
            HTTPXRequest(connection_pool_size=64, read_timeout=app.answer_seconds, httpx_kwargs={"verify": checked_by})
        )
        .get_updates_request(polling)
        .rate_limiter(pace.PaceLimiter(app.elapsed))
        .concurrent_updates(processor)
        .job_queue(SteadyJobQueue())
        .build()
    )
    application.bot_data.update(app=app, polling=polling, tick=tick.Tick(application, app))
    backups.schedule(application, app)
    calendars.schedule(application, app)
    processor.tell = partial(guard.tell_of_left_out, application)
    errors.register(application)
    dialogue.register(application)
    undo.register(application)
    export.register(application)
    history.register(application)
    hours.register(application)
    menu.register(application)
    status.register(application)
    backup.register(application)
    invite.register(application)
    for module in (joining, cards, card_actions, merge, set_role):
        module.register(application)
    pin_commands.register(application)
    for module in (duty, week, my, change, away, plain_words, cover, cover_answers, swap, takeover):
        module.register(application)
    calendar_links.register(application)
    preferences.register(application)
    phone.register(application)
    inline.register(application)
    groups.register(application)
    commands.register(application)
    return application
