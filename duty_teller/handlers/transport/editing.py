"""Showing something else in a message that is there: the one whose button was pressed."""

import logging

from telegram import InlineKeyboardButton, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError

from duty_teller.handlers.common import Context, fit, keyboard
from duty_teller.handlers.transport.failures import Kind, failure_of

logger = logging.getLogger(__name__)


async def edit(
    update: Update, context: Context, text: str, buttons: list[list[InlineKeyboardButton]] | None = None
) -> None:
    """Changes the message whose button was pressed, however old it is; one that cannot be changed is followed by a new.

    A second tap that changes nothing is no failure.
    """
    message = update.callback_query.message if update.callback_query is not None else None
    if message is None:
        return
    markup = keyboard(buttons)
    try:
        await context.bot.edit_message_text(
            fit(text), message.chat.id, message.message_id, parse_mode=ParseMode.HTML, reply_markup=markup
        )
    except TelegramError as error:
        failure = failure_of(error, message.chat.id)
        if failure.kind is Kind.UNCHANGED:
            return
        if not failure.is_for_good or failure.forbidden:
            raise
        logger.info("a message could not be edited (%s); a new one is sent", error)
        thread_id = getattr(message, "message_thread_id", None) if getattr(message, "is_topic_message", False) else None
        await context.bot.send_message(
            message.chat.id, fit(text), parse_mode=ParseMode.HTML, reply_markup=markup, message_thread_id=thread_id
        )
