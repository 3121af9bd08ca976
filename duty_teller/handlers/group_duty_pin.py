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

from sqlmodel import Session, select
from telegram import Bot, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, CommandHandler, MessageHandler, filters

from duty_teller.db import repository
from duty_teller.db.models import Chat, GroupPin, Roster
from duty_teller.handlers.common import App, Context, app_of, calendar_button, fit, is_private, reply
from duty_teller.handlers.guard import for_people
from duty_teller.i18n import get_lang, t
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services import people_service
from duty_teller.services.access_service import Level, Person
from duty_teller.services.group_duty_pin_service import PinJob, PinText

logger = logging.getLogger(__name__)

_A_SECOND: Final = 25
"""Calls: Telegram takes about 30 in all, and people's answers go first."""

_LAST_BASIC_GROUP: Final = -1_000_000_000_000
"""Ids of supergroups are below, those of basic groups above."""

_GONE: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to pin not found",
)
_FOR_GOOD: Final = (
    "chat not found",
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
    "need administrator rights",
    "topic_closed",
    "topic_deleted",
    "message thread not found",
    "group chat was deactivated",
    "peer_id_invalid",
)


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
    thread_id = message.message_thread_id or 0 if message.is_topic_message else 0

    def prepare(session: Session) -> list[tuple[int, PinText]]:
        pins.trust_chat(session, chat.id, chat.title or "", lang, person.user_id)
        return [(r.id or 0, pins.render_pin(session, r, lang, now)) for r in repository.rosters(session)]

    texts = await app.db(prepare, write=True)
    for roster_id, text in texts:
        try:
            await _post_and_pin(app, context.bot, chat.id, thread_id, roster_id, lang, text)
        except PinRefusedError:
            await reply(update, t(lang, "bot.pin_no_right"))
            return
        except (NetworkError, RetryAfter) as error:
            if isinstance(error, BadRequest):
                raise
            logger.info("the pin in chat %s has to wait: %s", chat.id, error)
            await app.db(partial(_leave_to_tick, chat_id=chat.id, thread_id=thread_id, roster_id=roster_id), write=True)


def _leave_to_tick(session: Session, chat_id: int, thread_id: int, roster_id: int) -> None:
    """Stores that a pin is wanted, so that the tick makes it as soon as Telegram lets it."""
    stored = pins.find_pin(session, chat_id, thread_id, roster_id)
    pins.store_pin(session, chat_id, thread_id, roster_id, stored.message_id if stored is not None else 0, "")


async def _post_and_pin(
    app: App, bot: Bot, chat_id: int, thread_id: int, roster_id: int, lang: str, text: PinText
) -> None:
    """Sends, stores and pins a fresh message and takes away the one it follows.

    Raises:
        PinRefusedError: It is there, but may not be pinned.
        TelegramError: It could not be sent, or it has been stored as not pinned yet.
    """
    sent = await bot.send_message(
        chat_id,
        fit(text.html),
        parse_mode=ParseMode.HTML,
        message_thread_id=thread_id or None,
        reply_markup=_markup(app, lang, bot, roster_id),
        disable_notification=True,
    )

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
    except BadRequest as error:
        if not any(words in str(error).lower() for words in _FOR_GOOD):
            raise
        logger.info("pinning in %s was refused: %s", chat_id, error)
        raise PinRefusedError(str(error)) from error


async def refresh_pins(app: App, bot: Bot, now: datetime) -> tuple[bool, datetime | None]:
    """Brings every pin up to date; unchanged ones cost no call.

    Args:
        app: What the bot works with.
        bot: To send with.
        now: The present instant.

    Returns:
        Whether something has to be tried again, and the next instant at which a pin changes by itself.
    """
    default = app.settings.default_language

    def look(session: Session) -> tuple[list[PinJob], datetime | None, set[int]]:
        jobs, boundary = pins.due_pins(session, now, default)
        unknown = session.exec(select(GroupPin.id).where(GroupPin.content_hash == "")).all()
        return jobs, boundary, {pin_id for pin_id in unknown if pin_id is not None}

    jobs, boundary, unknown = await app.db(look)
    again = False
    for index, job in enumerate(jobs):
        if index:
            await asyncio.sleep(1 / _A_SECOND)
        outcome = await _refresh(app, bot, job, pin_again=job.pin_id in unknown)
        if outcome is Outcome.NOT_PINNED:
            outcome = await _switch_off(app, bot, job, "not enough rights to pin")
        again = again or outcome is Outcome.LATER
    return again, boundary


async def _refresh(app: App, bot: Bot, job: PinJob, pin_again: bool) -> Outcome:
    try:
        await _edit_or_post(app, bot, job, pin_again)
    except PinRefusedError:
        return Outcome.NOT_PINNED
    except ChatMigrated as error:
        new_id = error.new_chat_id
        await app.db(partial(pins.move_chat, old_id=job.chat_id, new_id=new_id), write=True)
        return Outcome.LATER
    except Forbidden as error:
        return await _switch_off(app, bot, job, str(error))
    except BadRequest as error:
        if any(words in str(error).lower() for words in _FOR_GOOD):
            return await _switch_off(app, bot, job, str(error))
        logger.warning("pin %s was refused, it is tried again: %s", job.pin_id, error)
        return Outcome.LATER
    except TelegramError as error:
        logger.info("pin %s has to wait: %s", job.pin_id, error)
        return Outcome.LATER
    return Outcome.SHOWN


async def _edit_or_post(app: App, bot: Bot, job: PinJob, pin_again: bool) -> None:
    """Brings a message up to date, or posts it anew.

    Args:
        app: What the bot works with.
        bot: To send with.
        job: What has to be shown where.
        pin_again: Also pin it: it is not known to be pinned, or was switched off. To pin what is pinned is harmless.
    """
    if job.message_id:
        try:
            await bot.edit_message_text(
                fit(job.text.html),
                job.chat_id,
                job.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=_markup(app, job.language, bot, job.roster_id),
            )
        except BadRequest as error:
            reason = str(error).lower()
            if "not modified" not in reason:
                if not any(words in reason for words in _GONE):
                    raise
                await _post_and_pin(app, bot, job.chat_id, job.thread_id, job.roster_id, job.language, job.text)
                return
        if job.chat_id > _LAST_BASIC_GROUP and job.chat_id not in app.basic_groups:
            # A group that was upgraded while nobody listened still takes edits, which nobody sees; it takes no pin.
            with contextlib.suppress(PinRefusedError):
                await _pin(bot, job.chat_id, job.message_id)
            app.basic_groups.add(job.chat_id)
        if pin_again:
            await _pin(bot, job.chat_id, job.message_id)
            store = partial(pins.store_pin, chat_id=job.chat_id, thread_id=job.thread_id, roster_id=job.roster_id)
            await app.db(partial(store, message_id=job.message_id, content_hash=job.text.content_hash), write=True)
            return
        shown = partial(pins.note_shown, pin_id=job.pin_id, content_hash=job.text.content_hash)
        await app.db(shown, write=True)
    else:
        await _post_and_pin(app, bot, job.chat_id, job.thread_id, job.roster_id, job.language, job.text)


async def _switch_off(app: App, bot: Bot, job: PinJob, reason: str) -> Outcome:
    logger.warning("the pin in chat %s is switched off: %s", job.chat_id, reason)

    def note(session: Session) -> tuple[str, list[tuple[int, str]]]:
        pins.note_failure(session, job.pin_id, reason)
        title = pins.chat_title(session, job.chat_id)
        default = app.settings.default_language
        admins = people_service.reachable_admins(session, app.settings.admin_ids)
        return title, [(admin.telegram_user_id or 0, get_lang(admin, default)) for admin in admins]

    title, admins = await app.db(note, write=True)
    for chat_id, lang in admins:
        try:
            text = t(lang, "bot.pin_off", title=escape(title), reason=escape(reason))
            await bot.send_message(chat_id, text, parse_mode=ParseMode.HTML)
        except TelegramError as error:
            logger.warning("an admin could not be told: %s", error)
    return Outcome.OFF


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
            text = pins.render_pin(session, session.get_one(Roster, pin.roster_id), theirs, now)
            jobs.append(PinJob(pin.id or 0, chat.id, pin.thread_id, pin.roster_id, pin.message_id, theirs, text))
        return jobs

    jobs = await app.db(look)
    if not jobs:
        await reply(update, t(lang, "bot.pin_none"))
        return
    outcomes = {job.pin_id: await _refresh(app, context.bot, job, pin_again=True) for job in jobs}
    for pin_id in (pin_id for pin_id, outcome in outcomes.items() if outcome is Outcome.LATER):
        await app.db(partial(pins.note_shown, pin_id=pin_id, content_hash=""), write=True)  # the tick goes on trying
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
