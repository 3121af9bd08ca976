"""The last net: a failure is logged with a short id, and the person is told that id in their language."""

import logging
import secrets
from collections.abc import Callable
from functools import partial
from html import escape
from typing import Final

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application

from duty_teller.db.trouble import Cause, cause_of
from duty_teller.handlers import guard
from duty_teller.handlers.common import Context, app_of, lang_of, person_of
from duty_teller.handlers.transport.answers import answer, reply
from duty_teller.handlers.transport.failures import Kind, failure_of
from duty_teller.i18n import LocalizedError, t
from duty_teller.services import group_duty_pin_service as pins

logger = logging.getLogger(__name__)

_TROUBLE: Final = {
    Cause.FULL: "error.database_full",
    Cause.LOCKED: "error.database_locked",
    Cause.READ_ONLY: "error.database_read_only",
    Cause.CANNOT_OPEN: "error.database_read_only",
    Cause.DAMAGED: "error.database_damaged",
    Cause.NOT_A_DATABASE: "error.database_damaged",
    Cause.INCOMPLETE: "error.database_damaged",
}
"""What people are told of a trouble with the database; of the others, that something broke."""


async def error_handler(update: object, context: Context) -> None:
    """Handles whatever a handler raised."""
    error = context.error
    if not context.application.running:
        logger.info("the end of the process cut an answer short: %s", error)
        return
    if isinstance(error, TelegramError) and await _on_failed_call(update, context, error):
        return
    if isinstance(error, LocalizedError):
        await _refuse(update, context, error)
        return
    short = secrets.token_hex(3).upper()
    logger.error("failure %s", short, exc_info=error)
    cause = None if error is None else cause_of(error)
    key = "error.internal_id" if cause is None else _TROUBLE.get(cause, "error.internal_id")
    await _tell(update, context, lambda lang: t(lang, key, id=short), cause is None)


async def _refuse(update: object, context: Context, error: LocalizedError) -> None:
    """Says what is wrong; who may not do something hears who may."""
    if not isinstance(update, Update):
        return
    lang = await _lang(update, context)
    text = await guard.refusal(update, context, error, lang)
    await _tell(update, context, lambda _lang: escape(text))


async def _on_failed_call(update: object, context: Context, error: TelegramError) -> bool:
    """Handles a call to Telegram that failed; returns whether there is nothing of ours to look into."""
    chat = update.effective_chat if isinstance(update, Update) else None
    failure = failure_of(error, chat.id if chat is not None else 0)
    if failure.forbidden or failure.kind is Kind.CHAT:
        logger.info("a chat does not let the bot write: %s", error)
    elif failure.kind is Kind.LATER:
        logger.warning("Telegram did not answer: %s", error)
        await _tell(update, context, lambda lang: t(lang, "bot.telegram_failed"))
    elif failure.kind is Kind.MOVED:
        await _follow(update, context, failure.new_chat_id)
    elif failure.kind is Kind.TOKEN:
        logger.error("Telegram refuses BOT_TOKEN: take a new one from @BotFather and restart")
    else:
        return False
    return True


async def _follow(update: object, context: Context, new_chat_id: int) -> None:
    """Answers where a group has gone: it became a supergroup while somebody waited for the answer."""
    if not isinstance(update, Update) or update.effective_chat is None:
        return
    move = partial(pins.move_chat, old_id=update.effective_chat.id, new_id=new_chat_id)
    await app_of(context).db(move, write=True)
    lang = lang_of(update, context, await person_of(update, context))
    try:
        await context.bot.send_message(new_chat_id, t(lang, "bot.telegram_failed"))
    except TelegramError as second:
        logger.info("the new supergroup could not be written to: %s", second)


async def _tell(update: object, context: Context, text: Callable[[str], str], ask: bool = True) -> None:
    """Answers whoever caused an update.

    Args:
        update: From Telegram.
        context: Of the update.
        text: Makes the answer in a language.
        ask: Look up the language that the person has chosen; without it, or where that fails, Telegram's.
    """
    if not isinstance(update, Update) or update.effective_chat is None:
        return
    try:
        lang = await _lang(update, context) if ask else lang_of(update, context)
        await answer(update)
        await reply(update, text(lang))
    except TelegramError as second:
        logger.warning("the person could not be told: %s", second)


async def _lang(update: Update, context: Context) -> str:
    try:
        return lang_of(update, context, await person_of(update, context))
    except Exception as second:  # the database's trouble may have begun just now
        logger.info("the person's language could not be read: %s", type(second).__name__)
        return lang_of(update, context)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handler."""
    application.add_error_handler(error_handler)
