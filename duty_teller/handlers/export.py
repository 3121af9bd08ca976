"""`/export`: which days, which format, then the document. One message, edited in place; it keeps nothing in between."""

import asyncio
import logging
from datetime import date, timedelta
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Message, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import Application, CallbackQueryHandler, CommandHandler

from duty_teller.db import repository
from duty_teller.exporters.model import ExportedSchedule
from duty_teller.handlers.common import Context, answer, app_of, button, is_private, reply, send_to_private
from duty_teller.handlers.guard import for_people
from duty_teller.i18n import LocalizedError, t
from duty_teller.i18n.lang import format_day
from duty_teller.services import export_service
from duty_teller.services.access_service import Level, Person
from duty_teller.services.export_service import month_end
from duty_teller.utils.dates import local_day

logger = logging.getLogger(__name__)

_MONTHS_AHEAD: Final = 12

Buttons = list[list[InlineKeyboardButton]]


@for_people(Level.ADMIN)
async def begin(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks which days."""
    if not is_private(update):
        await send_to_private(update, context, lang, "export")
        return
    await reply(update, t(lang, "export.chat.ask_period"), await _periods(context, lang))


async def _periods(context: Context, lang: str) -> Buttons:
    """Returns the buttons for this, the next and the previous month and for a year ahead, in the roster's zone."""
    app = app_of(context)
    today = local_day(app.clock(), await app.db(_timezone))
    this = today.replace(day=1)
    following = month_end(this) + timedelta(days=1)
    before = (this - timedelta(days=1)).replace(day=1)
    year_end = this
    for _month in range(_MONTHS_AHEAD):
        year_end = month_end(year_end) + timedelta(days=1)
    months = [_period(_month_name(lang, first), first, month_end(first)) for first in (this, following, before)]
    year = _period(t(lang, "export.chat.year"), this, year_end - timedelta(days=1))
    return [months[:2], [months[2], year], [button(lang, "export.chat.cancel", "exp:x")]]


def _timezone(session: Session) -> str:
    return repository.rosters(session)[0].timezone


def _month_name(lang: str, first: date) -> str:
    name = t(lang, f"export.month_{first.month}", year=first.year)
    return name[:1].upper() + name[1:]


def _period(text: str, first: date, last: date) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=f"exp:{first.isoformat()}:{last.isoformat()}")


def _formats(lang: str, first: date, last: date) -> Buttons:
    span = f"exp:{first.isoformat()}:{last.isoformat()}"
    offered = [button(lang, f"export.chat.{name}", f"{span}:{name}") for name in export_service.FORMATS]
    return [offered[:2], offered[2:], [button(lang, "export.chat.back", "exp:p")]]


@for_people(Level.ADMIN)
async def on_button(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes a tap on one of the buttons."""
    query = update.callback_query
    if query is None or query.data is None or not isinstance(query.message, Message):
        return
    await answer(update)
    parts = query.data.split(":")[1:]
    if parts == ["x"]:
        await _show(query.message, t(lang, "export.chat.cancelled"))
    elif parts == ["p"]:
        await _show(query.message, t(lang, "export.chat.ask_period"), await _periods(context, lang))
    else:
        first, last = (date.fromisoformat(text) for text in parts[:2])
        if len(parts) == 2:
            await _show(query.message, _with_days(lang, "ask_format", first, last), _formats(lang, first, last))
        else:
            await _export(context, query.message, lang, first, last, parts[2])


def _with_days(lang: str, name: str, first: date, last: date, file: str = "") -> str:
    days = {"first": format_day(lang, first), "last": format_day(lang, last)}
    return t(lang, f"export.chat.{name}", file=escape(file), **days)


async def _export(context: Context, shown: Message, lang: str, first: date, last: date, file_format: str) -> None:
    """Writes the file and sends it, and tells in the message how far it is."""
    app = app_of(context)
    await _show(shown, t(lang, "export.chat.writing"))
    try:
        schedule = await app.db(partial(_read, first=first, last=last, lang=lang))
        file = await asyncio.to_thread(export_service.write_file, schedule, file_format)
    except LocalizedError as error:
        await _show(shown, f"❌ {escape(error.text(lang))}", _formats(lang, first, last))
        return
    await _show(shown, t(lang, "export.chat.sending", file=escape(file.name)))
    caption = t(lang, "export.chat.caption_ics" if file_format == "ics" else "export.chat.caption")
    try:
        await context.bot.send_chat_action(shown.chat_id, ChatAction.UPLOAD_DOCUMENT)
        await context.bot.send_document(shown.chat_id, InputFile(file.data, file.name), caption=caption)
    except TelegramError as error:
        logger.warning("an exported file could not be sent: %s", error)
        await _show(shown, f"❌ {t(lang, 'export.chat.not_sent')}")
        return
    await _show(shown, _with_days(lang, "done", first, last, file.name))


def _read(session: Session, first: date, last: date, lang: str) -> ExportedSchedule:
    return export_service.read_schedule(session, repository.rosters(session)[0], first, last, lang)


async def _show(message: Message, text: str, buttons: Buttons | None = None) -> None:
    markup = InlineKeyboardMarkup(buttons) if buttons else None
    try:
        await message.edit_text(text, parse_mode=ParseMode.HTML, reply_markup=markup)
    except BadRequest as error:
        if "not modified" not in str(error).lower():
            raise


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("export", begin))
    day = r"\d{4}-\d{2}-\d{2}"
    application.add_handler(CallbackQueryHandler(on_button, pattern=rf"^exp:(?:x|p|{day}:{day}(?::[a-z]+)?)$"))
