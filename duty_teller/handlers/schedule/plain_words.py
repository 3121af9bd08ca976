"""Plain words and commands that do not exist: answered when they are understood, else met with three buttons."""

from datetime import date
from typing import Final

from sqlmodel import Session
from telegram import Message, MessageEntity, Update
from telegram.ext import Application, CommandHandler, MessageHandler, filters

from duty_teller.db import repository
from duty_teller.handlers.common import Context, Handler, app_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.transport import command_lists
from duty_teller.handlers.transport.answers import answer, reply
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.i18n import t
from duty_teller.i18n.lang import format_day
from duty_teller.services.people.access import Person
from duty_teller.services.texts import days, plain_words
from duty_teller.services.texts.plain_words import Meaning
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import LONGEST, declare, maybe, typed, words
from duty_teller.utils.dates import parse_date

_COMMANDS: Final = (*command_lists.MEMBER_COMMANDS, *command_lists.ADMIN_COMMANDS)
_SAY: Final = declare("say:", words(*_COMMANDS), maybe(typed(r"[^\x00-\x1f]{1,40}", "ivanov", "2026-11-23")))
_INSTEAD: Final = {"swap": "my"}
"""What leads to what a command would do where that command is not there: a shift is swapped from one's own shifts."""


def named(context: Context, command: str) -> Handler | None:
    """Returns the handler of a command: each asks for itself who is there."""
    for one in context.application.handlers.get(0, ()):
        if isinstance(one, CommandHandler) and command in one.commands:
            return one.callback
    return None


async def _run(update: Update, context: Context, meaning: Meaning) -> None:
    command = named(context, meaning.command) or named(context, _INSTEAD.get(meaning.command, meaning.command))
    if command is not None:
        context.args = meaning.argument.split()
        await command(update, context)


@for_people()
async def in_private(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes text and unknown commands of the private chat that nothing else has taken."""
    message = update.effective_message
    text = ((message.text if message is not None else None) or "").removeprefix("/")
    await _take(update, context, person, lang, text, offers=True)


async def in_group(update: Update, context: Context) -> None:
    """Takes a text that mentions the bot, or that answers it; the latter is passed over unless it is understood."""
    message = update.effective_message
    if message is None or message.text is None:
        return
    mention = f"@{context.bot.username}".casefold()
    mentioned = [
        text for text in message.parse_entities([MessageEntity.MENTION]).values() if text.casefold() == mention
    ]
    text = message.text
    for one in mentioned:
        text = text.replace(one, " ")
    if mentioned or _answers(message, context.bot.id):
        await _in_group(update, context, text, bool(mentioned))


def _answers(message: Message, bot_id: int) -> bool:
    before = message.reply_to_message
    return before is not None and before.from_user is not None and before.from_user.id == bot_id


async def _in_group(update: Update, context: Context, text: str, offers: bool) -> None:
    @for_people(in_trusted_groups=True)
    async def take(update: Update, context: Context, person: Person | None, lang: str) -> None:
        await _take(update, context, person, lang, text, offers)

    await take(update, context)


async def _take(update: Update, context: Context, person: Person | None, lang: str, text: str, offers: bool) -> None:
    app, may = app_of(context), _may(context, person)

    def read(session: Session) -> tuple[Meaning | None, list[Meaning], date]:
        today = days.todays(repository.rosters(session), app.clock())
        find = plain_words.finder(session)
        meaning = plain_words.understand(text, today, find)
        return meaning, [] if meaning is not None else plain_words.likeliest(text, today, find, may), today

    meaning, likely, today = await app.db(read)
    if meaning is not None:
        await _run(update, context, meaning)
    elif offers:
        rows = [[Button(_label(lang, one, today), _data(one))] for one in likely]
        await reply(update, t(lang, "bot.hint"), rows)


async def offers(context: Context, person: Person | None, lang: str, command: str, text: str) -> Keyboard:
    """Returns buttons of a command with what may be meant by what was typed behind it, a slip of the finger say."""
    app, may = app_of(context), _may(context, person)

    def read(session: Session) -> tuple[list[Meaning], date]:
        today = days.todays(repository.rosters(session), app.clock())
        return plain_words.likeliest(text, today, plain_words.finder(session), may), today

    likely, today = await app.db(read)
    return [[Button(_label(lang, one, today), _data(one))] for one in likely if one.command == command and one.argument]


def _may(context: Context, person: Person | None) -> list[str]:
    commands = command_lists.MEMBER_COMMANDS if person is not None else command_lists.GROUP_COMMANDS
    admins = command_lists.ADMIN_COMMANDS if person is not None and person.is_admin else ()
    return [name for name in (*commands, *admins) if named(context, name) is not None]


def _data(meaning: Meaning) -> str:
    room = LONGEST - len(f"{_SAY.head}{meaning.command}:")
    argument = meaning.argument.encode()[: min(room, 40)].decode(errors="ignore").strip()
    return _SAY(meaning.command, argument or None)


def _label(lang: str, meaning: Meaning, today: date) -> str:
    if not meaning.argument:
        return t(lang, f"bot.command_{meaning.command}")
    if meaning.argument[:4].isdecimal():
        return t(lang, "bot.hint_day", day=format_day(lang, parse_date(meaning.argument), today))
    return f"/{meaning.command} {meaning.argument}"


async def on_say(update: Update, context: Context) -> None:
    """Does what a button offers, as if it had been written."""
    command, argument = _SAY.of(update)
    await answer(update)
    await _run(update, context, Meaning(command, argument or ""))


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers but the private chat's, which come last (`commands`)."""
    application.add_handler(handler(on_say, _SAY))
    addressed = filters.Entity(MessageEntity.MENTION) | filters.REPLY
    application.add_handler(
        MessageHandler(filters.TEXT & ~filters.COMMAND & filters.ChatType.GROUPS & addressed, in_group)
    )
