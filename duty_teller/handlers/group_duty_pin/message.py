"""The pinned message: posted, pinned, edited.

What Telegram answers decides: "not modified" is success; a message that is gone is sent and pinned again; an upgrade
to a supergroup moves the stored id; a refusal for good switches the pin off and tells the admins once; everything
else is tried again.
"""

import asyncio
import contextlib
import logging
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Final

from sqlmodel import Session
from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from duty_teller.db import repository
from duty_teller.handlers.common import App
from duty_teller.handlers.transport.failures import Failure, Kind, Reason, failure_of
from duty_teller.handlers.transport.keyboards import calendar_button, calendar_target, markup_of
from duty_teller.handlers.transport.paging import one_message
from duty_teller.i18n import LocalizedError, t
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.group_duty_pin_service import PinJob, PinText
from duty_teller.services.groups import groups

logger = logging.getLogger(__name__)

_LAST_BASIC_GROUP: Final = -1_000_000_000_000
"""Ids of supergroups are below, those of basic groups above."""


class Outcome(Enum):
    """What became of one message."""

    SHOWN = "shown"
    LATER = "later"
    NOT_PINNED = "not pinned"
    OFF = "off"


class PinRefusedError(Exception):
    """The message is there and stored, and Telegram refuses to pin it for good."""


def chat_lock(app: App, chat_id: int) -> asyncio.Lock:
    """Returns the lock of a group's pins: a command and the tick do not post the same one.

    What Telegram refused is noted before it is let go, and what Telegram says of the bot's rights is noted under it: a
    refusal from before never has the last word. Forgotten when nobody holds or awaits it.
    """
    lock = app.chat_locks.get(chat_id)
    if lock is None:
        lock = app.chat_locks[chat_id] = asyncio.Lock()
    return lock


async def make_pins(
    app: App, bot: Bot, chat_id: int, thread_id: int, lang: str, now: datetime, roster_id: int = 0
) -> bool:
    """Posts and pins a roster (0: every one) in a trusted group; what Telegram cannot take now is left to the tick.

    Returns:
        Whether the bot may pin there.

    Raises:
        TelegramError: The group takes no message of the bot's, or the bot is not there; the pin is stored as switched
            off and comes back by itself.
        LocalizedError: The roster is out of use.
    """

    def prepare(session: Session) -> list[tuple[int, PinText]]:
        wanted = [r for r in repository.rosters(session) if roster_id in (0, r.id)]
        if not wanted:
            raise LocalizedError("rosters.gone")
        return [(r.id or 0, pins.render_pin(session, r, lang, now, calendar_target(app))) for r in wanted]

    for number, text in await app.db(prepare):
        place = (chat_id, thread_id, number)
        async with chat_lock(app, chat_id):
            try:
                await _post_and_pin(app, bot, chat_id, thread_id, number, lang, text)
            except PinRefusedError:
                return False
            except TelegramError as error:
                failure = failure_of(error, chat_id)
                if failure.kind is Kind.CHAT:
                    await app.db(partial(pins.note_failure, place=place, reason=failure.reason), write=True)
                    raise
                if failure.kind is Kind.MOVED:
                    await app.db(partial(pins.move_chat, old_id=chat_id, new_id=failure.new_chat_id), write=True)
                else:
                    logger.info("the pin in chat %s has to wait: %s", chat_id, failure.text)
                    await app.db(partial(pins.want, place=place), write=True)
    return True


async def _post_and_pin(
    app: App, bot: Bot, chat_id: int, thread_id: int, roster_id: int, lang: str, text: PinText
) -> None:
    """Sends, stores and pins a fresh message and takes away the one it follows.

    Raises:
        PinRefusedError: It is there, but may not be pinned.
        TelegramError: It could not be sent, or it has been stored as not pinned yet.
    """
    begin = partial(pins.begin_posting, chat_id=chat_id, thread_id=thread_id, roster_id=roster_id, now=app.clock())
    refused = partial(pins.posting_was_refused, chat_id=chat_id, thread_id=thread_id, roster_id=roster_id)
    if await app.db(begin, write=True):
        logger.warning("the pin in chat %s is posted again: whether the last one arrived is not known", chat_id)
    try:
        sent = await bot.send_message(
            chat_id,
            one_message(text.html, t(lang, "view.rest")),
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_id or None,
            reply_markup=markup_of(calendar_button(app, lang, bot.username, private=False, roster_id=roster_id)),
            disable_notification=True,
        )
    except TelegramError as error:
        if not failure_of(error, chat_id).uncertain:
            await app.db(refused, write=True)
        raise
    store = partial(
        pins.store_pin, chat_id=chat_id, thread_id=thread_id, roster_id=roster_id, message_id=sent.message_id
    )
    old = await app.db(partial(store, content_hash=text.content_hash), write=True)
    try:
        await _pin(bot, chat_id, sent.message_id)
    except TelegramError:
        await app.db(partial(store, content_hash=""), write=True)
        raise
    if old is None:
        return
    try:
        await bot.unpin_chat_message(chat_id, message_id=old)  # by its id: without one the newest pin would go
        await bot.delete_message(chat_id, old)
    except TelegramError as error:
        logger.debug("the old pin stays: %s", error)


async def _pin(bot: Bot, chat_id: int, message_id: int) -> None:
    try:
        await bot.pin_chat_message(chat_id, message_id, disable_notification=True)
    except TelegramError as error:
        failure = failure_of(error, chat_id)
        if failure.kind is not Kind.CHAT or failure.forbidden:
            raise
        logger.info("pinning in %s was refused: %s", chat_id, error)
        raise PinRefusedError(str(error)) from error


async def show_pin(app: App, bot: Bot, job: PinJob, shown: list[tuple[int, int, str]] | None = None) -> Outcome:
    """Brings one message up to date.

    Args:
        app: What the bot works with.
        bot: To send with.
        job: What has to be shown where.
        shown: Takes (pin, message, hash) of a plain edit, to be committed by the caller; None: committed here.
    """
    try:
        await _edit_or_post(app, bot, job, shown)
    except PinRefusedError:
        return Outcome.NOT_PINNED
    except TelegramError as error:
        return await _on_failure(app, job, failure_of(error, job.chat_id))
    return Outcome.SHOWN


async def _on_failure(app: App, job: PinJob, failure: Failure) -> Outcome:
    if failure.kind is Kind.CHAT:
        await switch_off(app, job, failure.reason)
        return Outcome.OFF
    if failure.kind is Kind.MOVED:
        await app.db(partial(pins.move_chat, old_id=job.chat_id, new_id=failure.new_chat_id), write=True)
    elif failure.kind is Kind.CALL:
        logger.warning("pin %s was refused, it is tried again: %s", job.pin_id, failure.text)
    else:
        logger.info("pin %s has to wait: %s", job.pin_id, failure.text)
    return Outcome.LATER


async def _edit_or_post(app: App, bot: Bot, job: PinJob, shown: list[tuple[int, int, str]] | None) -> None:
    if not job.message_id:
        await _post_and_pin(app, bot, job.chat_id, job.thread_id, job.roster_id, job.language, job.text)
        return
    try:
        await bot.edit_message_text(
            one_message(job.text.html, t(job.language, "view.rest")),
            job.chat_id,
            job.message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=markup_of(
                calendar_button(app, job.language, bot.username, private=False, roster_id=job.roster_id)
            ),
        )
    except TelegramError as error:
        failure = failure_of(error, job.chat_id)
        if failure.kind is not Kind.UNCHANGED:
            if failure.reason is not Reason.MESSAGE_GONE:
                raise
            await _post_and_pin(app, bot, job.chat_id, job.thread_id, job.roster_id, job.language, job.text)
            return
    if job.chat_id > _LAST_BASIC_GROUP and job.chat_id not in app.basic_groups:
        # A group that was upgraded while nobody listened still takes edits, which nobody sees; it takes no pin.
        with contextlib.suppress(PinRefusedError):
            await _pin(bot, job.chat_id, job.message_id)
        app.basic_groups.add(job.chat_id)
    if job.pin_again:
        await _pin(bot, job.chat_id, job.message_id)
        store = partial(pins.store_pin, chat_id=job.chat_id, thread_id=job.thread_id, roster_id=job.roster_id)
        await app.db(partial(store, message_id=job.message_id, content_hash=job.text.content_hash), write=True)
        return
    done = (job.pin_id, job.message_id, job.text.content_hash)
    if shown is None:
        await app.db(partial(pins.note_shown, shown=[done]), write=True)
    else:
        shown.append(done)


async def switch_off(app: App, job: PinJob, reason: str) -> None:
    """Switches a pin off that Telegram refuses for good; the admins are told once, in the same transaction."""
    logger.warning("the pin in chat %s is switched off: %s", job.chat_id, reason)
    work = partial(groups.switch_off, settings=app.settings, now=app.clock(), reason=reason)
    await app.db(partial(work, chat_id=job.chat_id, pin_ids=[job.pin_id]), write=True)
