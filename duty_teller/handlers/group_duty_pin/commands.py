"""`/pin_duty` and `/refresh_pin`; the tick keeps right what they make."""

import contextlib
import logging
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler, MessageHandler, filters

from duty_teller.db import repository
from duty_teller.db.models import Chat, DigestKind, Roster
from duty_teller.handlers.common import Context, app_of, is_private
from duty_teller.handlers.group_duty_pin.message import Outcome, chat_lock, make_pins, show_pin
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.transport.answers import reply
from duty_teller.handlers.transport.keyboards import button, calendar_target, pairs
from duty_teller.i18n import LANGUAGES, t
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.group_duty_pin_service import PinJob
from duty_teller.services.people.access import Level, Person
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import FLAG, ID_OR_ALL, LANG, declare, one_of

logger = logging.getLogger(__name__)

DIGEST: Final = declare("grp:digest:", one_of(DigestKind))
LANGUAGE: Final = declare("grp:lang:", LANG)
PIN: Final = declare("grp:pin:", ID_OR_ALL)
TAG: Final = declare("grp:tag:", FLAG)


def settings_buttons(lang: str) -> Keyboard:
    """Returns the buttons with which a group's digest, member tag and language are chosen."""
    return [
        [button(lang, "groups.digest_off", DIGEST(DigestKind.OFF))],
        [button(lang, "groups.digest_weekly", DIGEST(DigestKind.WEEKLY))],
        [button(lang, "groups.digest_handover", DIGEST(DigestKind.HANDOVER))],
        [button(lang, "groups.tag_on", TAG(True)), button(lang, "groups.tag_off", TAG(False))],
        *pairs(Button(one.name, LANGUAGE(code)) for code, one in LANGUAGES.items()),
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
        rows = [[Button(name or "–", PIN(number))] for number, name in rosters]
        await reply(update, t(lang, "groups.pin_which"), [*rows, [button(lang, "groups.all", PIN(0))]])
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
