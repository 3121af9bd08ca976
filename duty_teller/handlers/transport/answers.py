"""Answering: a new message, an alert, or something else in the message whose button was pressed."""

import logging
from typing import Final

from telegram import InaccessibleMessage, Message, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError

from duty_teller.handlers.common import Context
from duty_teller.handlers.transport.failures import Kind, failure_of
from duty_teller.handlers.transport.keyboards import deep_link, markup_of
from duty_teller.handlers.transport.paging import message_texts
from duty_teller.i18n import t
from duty_teller.utils.bidi import isolate
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.texts import without_unseen

logger = logging.getLogger(__name__)

_LONGEST_ANSWER: Final = 200


async def reply(update: Update, text: str, buttons: Keyboard | None = None) -> Message | None:
    """Answers in the chat (and topic) of an update, as HTML; the text is escaped by the caller where it holds data.

    What is too long for a message goes on in the next; the buttons are under the last, which is returned.
    """
    query, message = update.callback_query, update.effective_message
    sent: Message | None = None
    texts = message_texts(text)
    for number, part in enumerate(texts, 1):
        markup = markup_of(buttons) if number == len(texts) else None
        if query is not None and isinstance(query.message, InaccessibleMessage):  # its button is too old to show it
            bot, chat_id = query.get_bot(), query.message.chat.id
            sent = await bot.send_message(chat_id, part, parse_mode=ParseMode.HTML, reply_markup=markup)
        elif message is not None:
            sent = await message.reply_text(
                part, parse_mode=ParseMode.HTML, reply_markup=markup, allow_sending_without_reply=True
            )
    return sent


async def answer(update: Update, text: str = "") -> None:
    """Answers a tap on a button, with an alert if there is text.

    A tap that Telegram no longer takes an answer to (the process was down) is carried out all the same.
    """
    query = update.callback_query
    if query is None:
        return
    shown = isolate(without_unseen(text))
    short = shown.encode("utf-16-le")[: 2 * _LONGEST_ANSWER].decode("utf-16-le", errors="ignore")
    try:
        await query.answer(short or None, show_alert=bool(short))
    except TelegramError as error:
        logger.info("a tap could not be answered: %s", error)


async def send_to_private(update: Update, context: Context, lang: str, command: str) -> None:
    """Says in a group that a command works in the private chat only, with a button that opens it there and runs it.

    Args:
        update: Of the group.
        context: Of the update.
        lang: Of who asks.
        command: Without the slash; one of `command_lists.IN_PRIVATE`.
    """
    name = context.bot.username
    link = Button(t(lang, "view.open_private"), url=deep_link(name, command))
    await reply(update, t(lang, "bot.in_private", bot=name), [[link]])


async def edit(update: Update, context: Context, text: str, buttons: Keyboard | None = None) -> None:
    """Changes the message whose button was pressed, however old it is; one that cannot be changed is followed by a new.

    What is too long for a message goes on in a new one; the buttons are under the last. A second tap that
    changes nothing is no failure.
    """
    message = update.callback_query.message if update.callback_query is not None else None
    if message is None:
        return
    first, *more = message_texts(text)
    markup = None if more else markup_of(buttons)
    try:
        await context.bot.edit_message_text(
            first, message.chat.id, message.message_id, parse_mode=ParseMode.HTML, reply_markup=markup
        )
    except TelegramError as error:
        failure = failure_of(error, message.chat.id)
        if failure.kind is not Kind.UNCHANGED:
            if not failure.is_for_good or failure.forbidden:
                raise
            logger.info("a message could not be edited (%s); a new one is sent", error)
            more = [first, *more]
    thread_id = getattr(message, "message_thread_id", None) if getattr(message, "is_topic_message", False) else None
    for number, part in enumerate(more, 1):
        markup = markup_of(buttons) if number == len(more) else None
        await context.bot.send_message(
            message.chat.id, part, parse_mode=ParseMode.HTML, reply_markup=markup, message_thread_id=thread_id
        )
