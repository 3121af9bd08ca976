"""The last net: a failure is logged with a short id, and the person is told that id in their language."""

import logging
import secrets
from html import escape

from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError
from telegram.ext import Application

from duty_teller.handlers.common import Context, lang_of, person_of, reply
from duty_teller.i18n import LocalizedError, t

logger = logging.getLogger(__name__)


async def on_error(update: object, context: Context) -> None:
    """Handles whatever a handler raised."""
    error = context.error
    if isinstance(error, Forbidden):
        logger.info("a chat does not let the bot write: %s", error)
        return
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        logger.warning("Telegram did not answer: %s", error)
        return
    if isinstance(error, LocalizedError):
        await _tell(update, context, None, error)
        return
    short = secrets.token_hex(3).upper()
    logger.error("failure %s", short, exc_info=error)
    await _tell(update, context, short, None)


async def _tell(update: object, context: Context, short: str | None, error: LocalizedError | None) -> None:
    if not isinstance(update, Update) or update.effective_message is None:
        return
    try:
        lang = lang_of(update, context, await person_of(update, context))
        text = escape(error.text(lang)) if error is not None else t(lang, "error.internal_id", id=short)
        if update.callback_query is not None:
            await update.callback_query.answer()
        await reply(update, text)
    except TelegramError as second:
        logger.warning("the person could not be told: %s", second)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handler."""
    application.add_error_handler(on_error)
