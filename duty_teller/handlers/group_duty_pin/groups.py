"""Groups: trusting them, taking pins down, their settings, and what Telegram tells about the bot's place in them."""

import contextlib
import logging
from functools import partial
from html import escape
from typing import Any, Final

from telegram import Bot, ChatMember, Update
from telegram.constants import ChatAction, ChatMemberStatus, ChatType, ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, ChatMemberHandler, CommandHandler, MessageHandler, filters

from duty_teller.handlers.common import App, Context, app_of, is_admin_async, is_private, lang_of
from duty_teller.handlers.group_duty_pin.commands import DIGEST, LANGUAGE, PIN, TAG, settings_buttons, thread_of
from duty_teller.handlers.group_duty_pin.message import chat_lock, make_pins
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.transport.answers import answer, reply
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.failures import Kind, failure_of
from duty_teller.handlers.transport.keyboards import button, markup_of
from duty_teller.i18n import t
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.groups import digests, groups, tags
from duty_teller.services.people.access import Level, Person
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import ID_OR_ALL, declare, words

logger = logging.getLogger(__name__)

_UNPIN: Final = declare("grp:unpin:", ID_OR_ALL)
_UNTRUST: Final = declare("grp:untrust:", words("1"))
_KINDS: Final = (groups.TRUST, groups.LEAVE, PIN, _UNPIN, _UNTRUST, DIGEST, LANGUAGE, TAG)

_GONE: Final = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


@for_people(Level.ADMIN)
async def trust_group(update: Update, context: Context, person: Person, lang: str) -> None:
    """Trusts the group: its members may ask from now on; offers its settings."""
    chat = update.effective_chat
    if chat is None or is_private(update):
        await reply(update, t(lang, "bot.pin_in_group"))
        return
    work = partial(pins.trust_chat, chat_id=chat.id, title=chat.title or "", language=lang, user_id=person.user_id)
    await app_of(context).db(lambda session: work(session) and None, write=True)
    await reply(update, t(lang, "groups.trusted"), settings_buttons(lang))


@for_people(Level.ADMIN)
async def untrust_group(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks once before the pins go."""
    chat = update.effective_chat
    if chat is None or is_private(update):
        await reply(update, t(lang, "bot.pin_in_group"))
    elif await app_of(context).db(partial(pins.is_trusted, chat_id=chat.id)):
        await reply(update, t(lang, "groups.untrust_ask"), [[button(lang, "groups.untrust_yes", _UNTRUST("1"))]])
    else:
        await reply(update, t(lang, "groups.not_trusted"))


@for_people(Level.ADMIN)
async def unpin_duty(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes the group's pin down; with several it asks which."""
    chat = update.effective_chat
    if chat is None or is_private(update):
        await reply(update, t(lang, "bot.pin_in_group"))
        return
    there = await app_of(context).db(partial(groups.pin_names, chat_id=chat.id))
    if not there:
        await reply(update, t(lang, "bot.pin_none"))
    elif len(there) == 1:
        await _take_down(context, chat.id, there[0][0], lang)
        await reply(update, t(lang, "groups.unpinned"))
    else:
        rows = [
            [Button(f"{name or '–'}{f' · #{thread}' if thread else ''}", _UNPIN(pin))] for pin, name, thread in there
        ]
        await reply(update, t(lang, "groups.unpin_which"), [*rows, [button(lang, "groups.all", _UNPIN(0))]])


async def _take_down(context: Context, chat_id: int, pin_id: int, lang: str, untrust: bool = False) -> None:
    forget = partial(groups.forget_pins, chat_id=chat_id, pin_id=pin_id)
    work = partial(groups.untrust, chat_id=chat_id) if untrust else forget
    for message_id in await app_of(context).db(work, write=True):
        try:
            await context.bot.unpin_chat_message(chat_id, message_id=message_id)
        except TelegramError as error:
            logger.info("the old pin stays: %s", error)
        try:
            await context.bot.delete_message(chat_id, message_id)
        except TelegramError as error:
            logger.info("the old pin's message stays: %s", error)  # it is older than 48 hours, say
            with contextlib.suppress(TelegramError):
                await context.bot.edit_message_text(t(lang, "groups.no_longer_kept"), chat_id, message_id)


@for_people(Level.ADMIN)
async def on_button(update: Update, context: Context, person: Person, lang: str) -> None:
    """Does what an admin's button says; in private it names the group, in a group it means this one."""
    query, chat = update.callback_query, update.effective_chat
    if query is None or chat is None:
        return
    value: Any
    kind, value = next((kind, found[0]) for kind in _KINDS if (found := kind.read(query.data)) is not None)
    buttons = None
    app, private = app_of(context), is_private(update)
    if private != (kind in {groups.TRUST, groups.LEAVE}):
        await answer(update)
        return
    if not private and not await app.db(partial(pins.is_trusted, chat_id=chat.id)):
        await answer(update, t(lang, "groups.not_trusted"))
        return
    await answer(update)
    thread = thread_of(update)
    if kind is groups.TRUST:
        text = await _trust_from_afar(context, person, value, lang)
    elif kind is groups.LEAVE:
        text = await _leave(context.bot, value, lang)
    elif kind is PIN:
        try:
            made = await make_pins(app, context.bot, chat.id, thread, lang, app.clock(), value)
            text = t(lang, "groups.pinned") if made else t(lang, "bot.pin_no_right")
            buttons = settings_buttons(lang) if made else None
        except TelegramError:
            text = t(lang, "groups.cannot_write")
    elif kind is _UNPIN:
        await _take_down(context, chat.id, value, lang)
        text = t(lang, "groups.unpinned")
    elif kind is _UNTRUST:
        await _take_down(context, chat.id, 0, lang, untrust=True)
        text = t(lang, "groups.untrusted")
    elif kind is LANGUAGE:
        await app.db(partial(groups.set_language, chat_id=chat.id, lang=value), write=True)
        text = t(value, "groups.language_set")
    elif kind is TAG:
        await app.db(partial(tags.set_wanted, chat_id=chat.id, wanted=value), write=True)
        text = t(lang, "groups.tag_wanted" if value else "groups.tag_unwanted")
    else:
        store = partial(digests.set_digest, chat_id=chat.id, kind=value, thread_id=thread)
        await app.db(store, write=True)
        text = t(lang, "groups.digest_set")
    await reply(update, text, buttons)


async def _trust_from_afar(context: Context, person: Person, chat_id: int, lang: str) -> str:
    app, bot = app_of(context), context.bot
    try:
        title = (await bot.get_chat(chat_id)).title or ""
        work = partial(pins.trust_chat, chat_id=chat_id, title=title, language=lang, user_id=person.user_id)
        await app.db(lambda session: work(session) and None, write=True)
        made = await make_pins(app, bot, chat_id, 0, lang, app.clock())
    except TelegramError as error:
        failure = failure_of(error, chat_id)
        if failure.kind is Kind.MOVED:
            return await _trust_from_afar(context, person, failure.new_chat_id, lang)
        logger.info("group %s could not be trusted from afar: %s", chat_id, error)
        return t(lang, "groups.cannot_write")
    return t(lang, "groups.pinned") if made else t(lang, "bot.pin_no_right")


async def _leave(bot: Bot, chat_id: int, lang: str) -> str:
    try:
        await bot.leave_chat(chat_id)
    except TelegramError as error:
        logger.info("group %s was left before: %s", chat_id, error)
    return t(lang, "groups.left")


async def on_my_member(update: Update, context: Context) -> None:
    """Follows where the bot is and what it may: pins go off and come back by themselves."""
    change, app = update.my_chat_member, app_of(context)
    if change is None:
        return
    chat, now, new = change.chat, app.clock(), change.new_chat_member
    gone = new.status in _GONE
    if chat.type == ChatType.PRIVATE:
        work = partial(groups.set_reachable, telegram_user_id=chat.id, reachable=not gone)
        await app.db(work, write=True)
        return
    if chat.type == ChatType.CHANNEL:
        return
    if gone:
        async with chat_lock(app, chat.id):
            await app.db(partial(groups.bot_left, settings=app.settings, chat_id=chat.id, now=now), write=True)
        return
    title = chat.title or ""
    there = partial(groups.bot_is_there, chat_id=chat.id, title=title)
    may = {"may_write": _may(new, "can_send_messages"), "may_pin": _may(new, "can_pin_messages")}
    async with chat_lock(app, chat.id):
        trusted = await app.db(partial(there, **may), write=True)
    if trusted or change.old_chat_member.status not in _GONE or await _was_upgraded(app, context.bot, chat.id, title):
        return
    by = change.from_user
    if await is_admin_async(app, by.id):
        lang = lang_of(update, context)
        try:
            await context.bot.send_message(
                by.id,
                t(lang, "groups.you_added", title=escape(title)),
                parse_mode=ParseMode.HTML,
                reply_markup=markup_of([[button(lang, "groups.trust_and_pin", groups.TRUST(chat.id))]]),
            )
            return
        except TelegramError as error:
            logger.info("the admin who added the bot to %s cannot be written to: %s", chat.id, error)
    tell = partial(groups.added_by_somebody, settings=app.settings, chat_id=chat.id, title=title)
    await app.db(partial(tell, who=by.full_name, account=by.id, now=now), write=True)


async def _was_upgraded(app: App, bot: Bot, chat_id: int, title: str) -> bool:
    """Tells whether an unknown supergroup is a known group after its upgrade, and follows it then.

    The message that says so may come later, or never: Telegram keeps updates for a day.
    """
    for old_id in await app.db(partial(groups.basic_group_named, title=title)):
        try:
            await bot.send_chat_action(old_id, ChatAction.TYPING)
        except TelegramError as error:
            if failure_of(error, old_id).new_chat_id == chat_id:
                await app.db(partial(pins.move_chat, old_id=old_id, new_id=chat_id), write=True)
                return True
            logger.info("whether %s was upgraded is not known: %s", old_id, error)
    return False


def _may(member: ChatMember, right: str) -> bool:
    """Tells a right of the bot's; an ordinary member may write, and may pin by the group's rule."""
    if member.status == ChatMemberStatus.ADMINISTRATOR and right == "can_send_messages":
        return True
    return bool(getattr(member, right, member.status != ChatMemberStatus.RESTRICTED))


async def on_title(update: Update, context: Context) -> None:
    """Follows a new title."""
    message = update.effective_message
    if message is not None and message.new_chat_title:
        work = partial(groups.rename, chat_id=message.chat.id, title=message.new_chat_title)
        await app_of(context).db(work, write=True)


async def on_topic_reopened(update: Update, context: Context) -> None:
    """Brings a reopened topic's pins back."""
    message = update.effective_message
    if message is not None:
        topic = message.message_thread_id or 0
        work = partial(groups.topic_reopened, chat_id=message.chat.id, thread_id=topic)
        async with chat_lock(app_of(context), message.chat.id):
            await app_of(context).db(work, write=True)


async def on_file(update: Update, context: Context) -> None:
    """Sends an admin with a file to the private chat; nobody else gets an answer."""
    user, chat, message = update.effective_user, update.effective_chat, update.effective_message
    if user is None or chat is None or message is None or message.sender_chat is not None:
        return
    app = app_of(context)
    if await is_admin_async(app, user.id) and await app.db(partial(pins.is_trusted, chat_id=chat.id)):
        link = f"https://t.me/{context.bot.username}?start=import"
        await reply(update, t(lang_of(update, context), "groups.file_in_private", link=link))


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("unpin_duty", unpin_duty))
    application.add_handler(CommandHandler("trust_group", trust_group))
    application.add_handler(CommandHandler("untrust_group", untrust_group))
    application.add_handler(handler(on_button, *_KINDS))
    application.add_handler(ChatMemberHandler(on_my_member, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.StatusUpdate.NEW_CHAT_TITLE, on_title))
    application.add_handler(MessageHandler(filters.StatusUpdate.FORUM_TOPIC_REOPENED, on_topic_reopened))
    application.add_handler(MessageHandler(filters.Document.ALL & filters.ChatType.GROUPS, on_file))
