"""The group's pinned message: `/pin_duty` makes it, the tick keeps it right.

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
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler, MessageHandler, filters

from duty_teller.db import repository
from duty_teller.db.models import Chat, Roster
from duty_teller.handlers.common import (
    App,
    Context,
    app_of,
    button,
    calendar_button,
    calendar_target,
    fit,
    is_private,
    pairs,
    reply,
)
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.transport.failures import Failure, Kind, Reason, failure_of
from duty_teller.i18n import LANGUAGES, LocalizedError, t
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.group_duty_pin_service import PinJob, PinText
from duty_teller.services.groups import groups
from duty_teller.services.people.access import Level, Person

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


def _markup(app: App, lang: str, bot: Bot, roster_id: int) -> InlineKeyboardMarkup | None:
    rows = calendar_button(app, lang, bot.username, private=False, roster_id=roster_id)
    return InlineKeyboardMarkup(rows) if rows else None


def chat_lock(app: App, chat_id: int) -> asyncio.Lock:
    """Returns the lock of a group's pins: a command and the tick do not post the same one.

    Forgotten when nobody holds or awaits it.
    """
    lock = app.chat_locks.get(chat_id)
    if lock is None:
        lock = app.chat_locks[chat_id] = asyncio.Lock()
    return lock


def settings_buttons(lang: str) -> list[list[InlineKeyboardButton]]:
    """Returns the buttons with which a group's digest and language are chosen."""
    return [
        [button(lang, "groups.digest_off", "grp:digest:off")],
        [button(lang, "groups.digest_weekly", "grp:digest:weekly")],
        [button(lang, "groups.digest_handover", "grp:digest:handover")],
        *pairs(InlineKeyboardButton(one.name, callback_data=f"grp:lang:{code}") for code, one in LANGUAGES.items()),
    ]


@for_people(Level.ADMIN)
async def pin_duty(update: Update, context: Context, person: Person, lang: str) -> None:
    """Trusts the group, posts the message, pins it and stores it."""
    chat, message = update.effective_chat, update.effective_message
    if chat is None or message is None:
        return
    if is_private(update):
        await reply(update, t(lang, "bot.pin_in_group"))
        return
    app, now = app_of(context), app_of(context).clock()
    thread_id = thread_of(update)

    def prepare(session: Session) -> tuple[bool, list[tuple[int, str]]]:
        new = not pins.is_trusted(session, chat.id)
        pins.trust_chat(session, chat.id, chat.title or "", lang, person.user_id)
        return new, [(roster.id or 0, roster.name) for roster in repository.rosters(session)]

    new, rosters = await app.db(prepare, write=True)
    if len(rosters) > 1:
        rows = [[InlineKeyboardButton(name or "–", callback_data=f"grp:pin:{number}")] for number, name in rosters]
        await reply(update, t(lang, "groups.pin_which"), [*rows, [button(lang, "groups.all", "grp:pin:0")]])
        return
    try:
        made = await make_pins(app, context.bot, chat.id, thread_id, lang, now)
    except TelegramError as error:
        logger.info("nothing can be pinned in %s: %s", chat.id, error)
        with contextlib.suppress(TelegramError):  # the group takes no answer either
            text = t(lang, "groups.cannot_write_in", title=escape(chat.title or ""))
            await context.bot.send_message(message.from_user.id if message.from_user else 0, text, ParseMode.HTML)
        return
    if not made:
        await reply(update, t(lang, "bot.pin_no_right"))
    elif new:
        await reply(update, t(lang, "groups.settings"), settings_buttons(lang))


def thread_of(update: Update) -> int:
    """Returns the topic an update is in, 0 for none."""
    message = update.effective_message
    return (message.message_thread_id or 0) if message is not None and message.is_topic_message else 0


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
        try:
            async with chat_lock(app, chat_id):
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
            fit(text.html),
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_id or None,
            reply_markup=_markup(app, lang, bot, roster_id),
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
            fit(job.text.html),
            job.chat_id,
            job.message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=_markup(app, job.language, bot, job.roster_id),
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


@for_people(Level.ADMIN)
async def refresh_pin(update: Update, context: Context, person: Person, lang: str) -> None:
    """Posts the pin anew when its message was deleted by hand (Telegram tells nobody), else brings it up to date."""
    chat = update.effective_chat
    if chat is None or is_private(update):
        await reply(update, t(lang, "bot.pin_in_group"))
        return
    app, now = app_of(context), app_of(context).clock()

    def look(session: Session) -> list[PinJob]:
        jobs = []
        stored = session.get(Chat, chat.id)
        theirs = (stored.language if stored is not None else None) or app.settings.default_language
        for pin in pins.pins_of_chat(session, chat.id):
            roster = session.get_one(Roster, pin.roster_id)
            text = pins.render_pin(session, roster, theirs, now, calendar_target(app))
            jobs.append(PinJob(pin.id or 0, chat.id, pin.thread_id, pin.roster_id, pin.message_id, theirs, text, True))
        return jobs

    jobs = await app.db(look)
    if not jobs:
        await reply(update, t(lang, "bot.pin_none"))
        return
    async with chat_lock(app, chat.id):
        outcomes = {job.pin_id: await show_pin(app, context.bot, job) for job in jobs}
    for pin_id in (pin_id for pin_id, outcome in outcomes.items() if outcome is Outcome.LATER):
        await app.db(partial(pins.forget_shown, pin_id=pin_id), write=True)  # the tick goes on trying
    if Outcome.NOT_PINNED in outcomes.values():
        await reply(update, t(lang, "bot.pin_no_right"))
    elif Outcome.LATER in outcomes.values():
        await reply(update, t(lang, "bot.pin_later"))
    elif Outcome.OFF not in outcomes.values():
        await reply(update, t(lang, "bot.pin_refreshed"))


async def on_migrate(update: Update, context: Context) -> None:
    """Follows a group that became a supergroup: the message names the new id or, in the new chat, the old one."""
    message = update.effective_message
    if message is None:
        return
    old, new = message.chat.id, message.migrate_to_chat_id
    if message.migrate_from_chat_id is not None:
        old, new = message.migrate_from_chat_id, message.chat.id
    if new is not None:
        await app_of(context).db(partial(pins.move_chat, old_id=old, new_id=new), write=True)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("pin_duty", pin_duty))
    application.add_handler(CommandHandler("refresh_pin", refresh_pin))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, on_migrate))
