"""/start, /help, /cancel, and text that nobody asked for."""

from html import escape

from telegram import ReplyKeyboardRemove, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from duty_teller.handlers.common import Context, app_of, is_private, lang_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.import_duty_schedule import dialogue
from duty_teller.handlers.people import invite, joining, phone
from duty_teller.handlers.schedule import plain_words
from duty_teller.handlers.transport import command_lists, typed_text
from duty_teller.handlers.transport.answers import answer, reply
from duty_teller.handlers.transport.keyboards import calendar_button, deep_link
from duty_teller.i18n import t
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.people import accounts
from duty_teller.services.people import joining as join_service
from duty_teller.services.people.access import Person
from duty_teller.utils.buttons import Button


async def start(update: Update, context: Context) -> None:
    """Takes an invitation, runs the command that a group's button names, or welcomes."""
    payload = context.args[0] if context.args else ""
    if is_private(update) and join_service.is_group_link(payload):
        await joining.begin(update, context, payload)
        return
    if is_private(update) and accounts.is_invitation(payload):
        if await invite.ask_admin_first(update, context, payload):
            return
        person = await invite.accept_invitation(update, context, payload)
        if person is not None:
            lang = lang_of(update, context, person)
            buttons = calendar_button(app_of(context), lang, context.bot.username, private=True)
            await reply(update, t(lang, "bot.welcome_linked", name=escape(person.full_name)), buttons)
            await _show_commands(context, person, lang)
            return
    runs = payload in command_lists.IN_PRIVATE
    if is_private(update) and runs and (command := plain_words.named(context, payload)) is not None:
        context.args = []
        await command(update, context)
        return
    await welcome(update, context)


async def _show_commands(context: Context, person: Person, lang: str) -> None:
    app = app_of(context)
    await command_lists.show_to(context.bot, app, person.telegram_user_id, person.is_admin, lang, person.language)


@for_people(in_trusted_groups=True)
async def welcome(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Says what the bot does for this person; in private it sets their commands and menu button, too."""
    if not is_private(update) or person is None:
        await _help_in_group(update, context, person, lang)
        return
    text = t(lang, "bot.welcome", name=escape(person.full_name)) + "\n\n" + _help(lang, person)
    await reply(update, text, calendar_button(app_of(context), lang, context.bot.username, private=True))
    await _show_commands(context, person, lang)


@for_people(in_trusted_groups=True)
async def help_command(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Lists what this person can do here."""
    if not is_private(update) or person is None:
        await _help_in_group(update, context, person, lang)
        return
    buttons = calendar_button(app_of(context), lang, context.bot.username, private=True)
    await reply(update, _help(lang, person), buttons)


async def _help_in_group(update: Update, context: Context, person: Person | None, lang: str) -> None:
    chat_id = update.effective_chat.id if update.effective_chat is not None else 0
    trusted = await app_of(context).db(lambda session: pins.is_trusted(session, chat_id))
    lines = [] if trusted else [t(lang, "bot.help_untrusted"), ""]  # only an admin is answered there
    lines.append(t(lang, "bot.help_group"))
    if person is not None and person.is_admin:
        lines.append(t(lang, "bot.help_group_admin"))
    link = Button(t(lang, "view.open_private"), url=deep_link(context.bot.username, "help"))
    await reply(update, "\n".join(lines), [[link]] if person is not None else None)


def _help(lang: str, person: Person) -> str:
    text = t(lang, "bot.help")
    return f"{text}\n\n{t(lang, 'bot.help_admin')}" if person.is_admin else text


@for_people()
async def cancel(update: Update, context: Context, person: Person, lang: str) -> None:
    """Leaves whatever is going on."""
    if not is_private(update):
        return
    waited = await typed_text.end(app_of(context), person.user_id)
    dropped = await dialogue.drop_drafts(update, context) or waited is not None
    message = update.effective_message
    if message is not None:
        text = t(lang, "bot.cancelled" if dropped else "bot.nothing_to_cancel")
        await message.reply_text(text, reply_markup=ReplyKeyboardRemove())  # the phone's keyboard goes, too


async def on_text(update: Update, context: Context) -> None:
    """Takes text in the private chat: an answer somebody was asked for, or plain words."""
    for take in (phone.on_key, typed_text.on_text):
        if await take(update, context):
            return
    await plain_words.in_private(update, context)


@for_people(in_trusted_groups=True)
async def on_other_button(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Answers a button that no declaration reads: of another version, damaged, or forged."""
    await answer(update, t(lang, "bot.button_old"))


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers; the one for text comes last."""
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CommandHandler("help", help_command))
    application.add_handler(CommandHandler("cancel", cancel))
    application.add_handler(
        MessageHandler(filters.TEXT & ~filters.COMMAND & filters.ChatType.PRIVATE, on_text), group=0
    )
    application.add_handler(MessageHandler(filters.COMMAND & filters.ChatType.PRIVATE, plain_words.in_private), group=0)
    application.add_handler(CallbackQueryHandler(on_other_button))
