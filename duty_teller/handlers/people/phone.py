"""`/set_phone`: one's own contact by Telegram's button, or a number typed; how it will look; taking it away."""

from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import ReplyKeyboardRemove, Update
from telegram.constants import ParseMode
from telegram.ext import Application, CommandHandler, MessageHandler, filters

from duty_teller.handlers.common import Context, app_of, is_private, lang_of, person_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.transport import typed_text
from duty_teller.handlers.transport.answers import answer, edit, reply, send_to_private
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button, typing_keys
from duty_teller.i18n import LANGUAGES, t
from duty_teller.services import dialogues
from duty_teller.services.dialogues import Waiting
from duty_teller.services.people import accounts
from duty_teller.services.people.access import Person
from duty_teller.services.texts import people
from duty_teller.utils.callback_data import declare

KIND: Final = "phone"
_REMOVE: Final = declare("phone:remove")


@for_people()
async def set_phone(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks for the contact by Telegram's own button, which exists in private chats only, or for a typed number."""
    message = update.effective_message
    if not is_private(update):
        await send_to_private(update, context, lang, "set_phone")
        return
    if message is None:
        return
    words: list[str] = []
    text = t(lang, "bot.phone_ask")
    if person.phone:
        words.append(t(lang, "view.phone_remove"))
        sample = await app_of(context).db(partial(people.sample_text, user_id=person.user_id, lang=lang))
        text = t(lang, "bot.phone_ask_again", phone=escape(person.phone)) + "\n\n" + _shown(lang, sample)
    words.append(t(lang, "bot.phone_cancel"))
    keyboard = typing_keys(t(lang, "bot.phone_button"), *words)
    await message.reply_text(text, parse_mode=ParseMode.HTML, reply_markup=keyboard)
    await typed_text.wait_for_text(update, context, person, KIND, {"keyboard": True})


def _shown(lang: str, sample: str) -> str:
    return f"{t(lang, 'view.phone_shown')}\n{sample}"


@for_people()
async def on_contact(update: Update, context: Context, person: Person, lang: str) -> None:
    """Stores the sender's own phone; anybody else's contact is refused."""
    message = update.effective_message
    if message is None or message.contact is None:
        return
    if message.contact.user_id != person.telegram_user_id:
        await reply(update, t(lang, "bot.phone_not_yours"))
        return
    await _store(update, context, person, lang, "+" + message.contact.phone_number.lstrip("+"))


async def _on_typed(update: Update, context: Context, person: Person, lang: str, waiting: Waiting) -> None:
    """Stores a typed number.

    Raises:
        LocalizedError: `error.phone`; the question stays open.
    """
    message = update.effective_message
    await _store(update, context, person, lang, (message.text if message is not None else None) or "")


async def _store(update: Update, context: Context, person: Person, lang: str, number: str) -> None:
    app = app_of(context)

    def store(session: Session) -> tuple[str, str]:
        phone = accounts.set_phone(session, person.user_id, number).phone or ""
        return phone, people.sample_text(session, person.user_id, lang)

    phone, sample = await app.db(store, write=True)
    await _end(update, context, person, t(lang, "bot.phone_stored", phone=escape(phone)))
    await reply(update, _shown(lang, sample), [[button(lang, "view.phone_remove", _REMOVE())]])


async def _end(update: Update, context: Context, person: Person, text: str) -> None:
    """Ends the dialogue and takes the keyboard away; a dialogue about something else goes on."""
    app = app_of(context)
    waiting = await app.db(partial(dialogues.current, user_id=person.user_id, now=app.clock()))
    if waiting is not None and waiting.kind == KIND:
        await typed_text.end(app, person.user_id)
    message = update.effective_message
    if message is not None:
        await message.reply_text(text, parse_mode=ParseMode.HTML, reply_markup=ReplyKeyboardRemove())


async def on_key(update: Update, context: Context) -> bool:
    """Takes the words of the keyboard's other two keys, whenever they are pressed; returns whether it was one."""
    message = update.effective_message
    text = message.text if message is not None else None
    leaves = text in {t(lang, "bot.phone_cancel") for lang in LANGUAGES}
    removes = text in {t(lang, "view.phone_remove") for lang in LANGUAGES}
    if not (leaves or removes) or (person := await person_of(update, context)) is None:
        return False
    lang = lang_of(update, context, person)
    if removes:
        await app_of(context).db(partial(accounts.set_phone, user_id=person.user_id, phone=None), write=True)
    await _end(update, context, person, t(lang, "view.phone_removed" if removes else "bot.cancelled"))
    return True


@for_people()
async def on_remove(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes the number away by the button under its sample; a second tap finds none and says the same."""
    await app_of(context).db(partial(accounts.set_phone, user_id=person.user_id, phone=None), write=True)
    await answer(update)
    await edit(update, context, t(lang, "view.phone_removed"))


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    typed_text.takes_text(KIND, _on_typed)
    application.add_handler(CommandHandler("set_phone", set_phone))
    application.add_handler(MessageHandler(filters.CONTACT & filters.ChatType.PRIVATE, on_contact))
    application.add_handler(handler(on_remove, _REMOVE))
