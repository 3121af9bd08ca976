"""The messages of requests, a chore of the tick: expires, reminds and warns, then sends, edits and deletes.

Each attempt is committed before its call. A process that dies between Telegram's answer and the commit sends a second
copy of a new message, which is counted; an edit is made again and changes nothing.
"""

import asyncio
import logging
from datetime import datetime
from functools import partial
from typing import Final

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from duty_teller.handlers.common import App
from duty_teller.handlers.transport.failures import Kind, Reason, failure_of
from duty_teller.handlers.transport.keyboards import markup_of
from duty_teller.handlers.transport.paging import readable
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.cover_service import delivery, follow
from duty_teller.services.cover_service.delivery import Call
from duty_teller.services.notices.pending import earliest
from duty_teller.services.texts.covers import render_message

logger = logging.getLogger(__name__)

_AT_ONCE: Final = 8
_BATCH: Final = 64


async def deliver(app: App, bot: Bot, now: datetime) -> tuple[bool, datetime | None]:
    """Does what is due of requests, and has every message show how its request is doing.

    Args:
        app: What the bot works with.
        bot: To send with.
        now: The present instant.

    Returns:
        False (what has to be tried again has its own due time), and the next instant at which something is due.
    """
    if not app.covers_released:
        number = await app.db(delivery.release_interrupted, write=True)
        app.covers_released = True
        if number:
            logger.warning("%s messages of requests may have arrived twice", number)
    due, boundary = await app.db(partial(follow.next_work, now=now))
    if due:
        await app.db(partial(follow.work, settings=app.settings, now=now), write=True)
        _due, boundary = await app.db(partial(follow.next_work, now=now))
    while True:
        found, following = await app.db(partial(delivery.due, now=now, number=_BATCH))
        if not found:
            return False, earliest(boundary, following)
        room = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(_one(app, bot, number, room) for number in found))
        now = max(now, app.clock())


async def _one(app: App, bot: Bot, number: int, room: asyncio.Semaphore) -> None:
    async with room:
        claim = partial(delivery.claim, number=number, settings=app.settings, render=render_message)
        call = await app.db(partial(claim, now=app.clock()), write=True)
        if call is not None:
            await _call(app, bot, call)


async def _call(app: App, bot: Bot, call: Call) -> None:
    """Makes a call whose attempt is committed, and commits what became of it."""
    markup = markup_of([one] for one in call.shown.buttons)
    sent: int | None = None
    try:
        if call.delete_id is not None:
            await bot.delete_message(call.chat_id, call.delete_id)
        elif call.message_id is not None:
            await bot.edit_message_text(
                readable(call.shown.html), call.chat_id, call.message_id, parse_mode=ParseMode.HTML, reply_markup=markup
            )
        else:
            message = await bot.send_message(
                call.chat_id,
                readable(call.shown.html),
                parse_mode=ParseMode.HTML,
                message_thread_id=call.thread_id or None,
                reply_markup=markup,
            )
            sent = message.message_id
    except TelegramError as error:
        await _note_failure(app, call, error)
    else:
        await app.db(partial(delivery.note_done, call=call, message_id=sent), write=True)


async def _note_failure(app: App, call: Call, error: TelegramError) -> None:
    failure, now = failure_of(error, call.chat_id), app.clock()
    if failure.kind is Kind.UNCHANGED or (call.delete_id is not None and failure.kind is Kind.CALL):
        # It shows that already; or what was to be deleted is not there, or too old (48 hours) and stays.
        await app.db(partial(delivery.note_done, call=call, message_id=None), write=True)
        return
    if failure.reason is Reason.MESSAGE_GONE and call.message_id is not None:
        await app.db(partial(delivery.note_gone, call=call, now=now), write=True)
        return
    if failure.is_for_good:
        logger.info("a message of a request was refused: %s", failure.text)
        lost = failure.kind is Kind.PERSON
        await app.db(partial(delivery.note_refused, call=call, error=failure.text, lost=lost), write=True)
        return
    if failure.kind is Kind.MOVED:
        await app.db(partial(pins.move_chat, old_id=call.chat_id, new_id=failure.new_chat_id), write=True)
    later = partial(delivery.note_later, call=call, error=failure.text, now=now, wait=failure.retry_after)
    await app.db(partial(later, lost=failure.uncertain), write=True)
