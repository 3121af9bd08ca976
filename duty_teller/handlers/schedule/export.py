"""`/export`: which days, which format, then the document. One message, edited in place; it keeps nothing in between.

Where there are several rosters, the first question is which one; its id then stands in the buttons: `exp@2:…`.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import InputFile, Message, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler

from duty_teller.exporters.model import ExportedSchedule
from duty_teller.handlers.common import Context, app_of, is_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.settings.pages import roster_rows
from duty_teller.handlers.transport.answers import answer, reply, send_to_private
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.failures import Kind, failure_of
from duty_teller.handlers.transport.keyboards import button, markup_of
from duty_teller.i18n import LocalizedError, t
from duty_teller.i18n.lang import format_day, format_month
from duty_teller.services import export
from duty_teller.services.export import month_end
from duty_teller.services.people.access import Level, Person
from duty_teller.services.rosters import rosters
from duty_teller.services.rosters.rosters import RosterName
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import DAY, ID, PAGE, declare, maybe, words
from duty_teller.utils.dates import local_day

logger = logging.getLogger(__name__)

_MONTHS_AHEAD: Final = 12
_LONGEST: Final = timedelta(days=400)

_FORMAT: Final = maybe(words(*export.FORMATS))
_CANCEL: Final = declare("exp:x")
_PERIODS: Final = declare("exp:p")
_ROSTER: Final = declare("exp:r:", ID)
_ROSTERS: Final = declare("exp:rp:", PAGE)
_DAYS: Final = declare("exp:", DAY, DAY, _FORMAT)
_PERIODS_OF: Final = declare("exp@", ID, words("p"))
_DAYS_OF: Final = declare("exp@", ID, DAY, DAY, _FORMAT)
_KINDS: Final = (_CANCEL, _PERIODS, _ROSTER, _ROSTERS, _DAYS, _PERIODS_OF, _DAYS_OF)


@for_people(Level.ADMIN)
async def begin(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks which days; before that which roster, where there are several."""
    if not is_private(update):
        await send_to_private(update, context, lang, "export")
        return
    live = await app_of(context).db(rosters.live)
    if len(live) > 1:
        await reply(update, t(lang, "rosters.ask_export"), _rosters(lang, live))
    else:
        await reply(update, t(lang, "export.chat.ask_period"), await _periods(context, lang, None, live[0].id))


def _rosters(lang: str, live: list[RosterName], page: int = 0) -> Keyboard:
    return [*roster_rows(live, _ROSTER, _ROSTERS, page), [button(lang, "export.chat.cancel", _CANCEL())]]


async def _periods(context: Context, lang: str, named: int | None, roster_id: int) -> Keyboard:
    """Returns the buttons for this, the next and the previous month and for a year ahead, in the roster's zone."""
    app = app_of(context)
    today = local_day(app.clock(), await app.db(partial(_timezone, roster_id=roster_id)))
    this = today.replace(day=1)
    following = month_end(this) + timedelta(days=1)
    before = (this - timedelta(days=1)).replace(day=1)
    year_end = this
    for _month in range(_MONTHS_AHEAD):
        year_end = month_end(year_end) + timedelta(days=1)
    firsts = (this, following, before)
    months = [_period(_month_name(lang, first), named, first, month_end(first)) for first in firsts]
    year = _period(t(lang, "export.chat.year"), named, this, year_end - timedelta(days=1))
    return [months[:2], [months[2], year], [button(lang, "export.chat.cancel", _CANCEL())]]


def _timezone(session: Session, roster_id: int) -> str:
    return rosters.get(session, roster_id).timezone


def _month_name(lang: str, first: date) -> str:
    name = format_month(lang, first)
    return name[:1].upper() + name[1:]


def _days(named: int | None, first: date, last: date, file_format: str | None = None) -> str:
    """Returns the data of a button that names days; where there are several rosters, it names its one, too."""
    return _DAYS(first, last, file_format) if named is None else _DAYS_OF(named, first, last, file_format)


def _period(text: str, named: int | None, first: date, last: date) -> Button:
    return Button(text, _days(named, first, last))


def _formats(lang: str, named: int | None, first: date, last: date) -> Keyboard:
    offered = [button(lang, f"export.chat.{name}", _days(named, first, last, name)) for name in export.FORMATS]
    back = _PERIODS() if named is None else _PERIODS_OF(named, "p")
    return [
        offered[:2],
        offered[2:],
        [button(lang, "export.chat.back", back)],
    ]


@for_people(Level.ADMIN)
async def on_button(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes a tap on one of the buttons."""
    query = update.callback_query
    if query is None or query.data is None or not isinstance(query.message, Message):
        return
    data = query.data
    live = await app_of(context).db(rosters.live)
    if _CANCEL.read(data) is not None:
        await answer(update)
        await _show(query.message, t(lang, "export.chat.cancelled"))
        return
    of_roster = _ROSTER.read(data) or _PERIODS_OF.read(data) or _DAYS_OF.read(data)
    named = of_roster[0] if of_roster is not None else None
    meant = live[0].id if named is None and len(live) == 1 else named
    turned = _ROSTERS.read(data)
    chosen = next((roster for roster in live if roster.id == meant), None) if turned is None else None
    if chosen is None:
        # Not said yet: also a button from before there were several; or the roster was retired meanwhile.
        await answer(update, t(lang, "rosters.gone") if meant is not None and turned is None else "")
        page = turned[0] if turned is not None else 0
        await _show(query.message, t(lang, "rosters.ask_export"), _rosters(lang, live, page))
        return
    with_roster = _DAYS_OF.read(data)
    days = with_roster[1:] if with_roster is not None else _DAYS.read(data)
    if days is not None and not timedelta() <= days[1] - days[0] <= _LONGEST:  # no button of ours
        raise LocalizedError("bot.button_old")
    await answer(update)
    title = f"📋 <b>{escape(chosen.name)}</b>\n" if len(live) > 1 else ""
    if days is None:
        periods = await _periods(context, lang, named, chosen.id)
        await _show(query.message, title + t(lang, "export.chat.ask_period"), periods)
        return
    first, last, file_format = days
    if file_format is None:
        asked = title + _with_days(lang, "ask_format", first, last)
        await _show(query.message, asked, _formats(lang, named, first, last))
    else:
        await _export(context, query.message, lang, Wanted(named, chosen.id, title, first, last, file_format))


def _with_days(lang: str, name: str, first: date, last: date, file: str = "") -> str:
    days = {"first": format_day(lang, first), "last": format_day(lang, last)}
    return t(lang, f"export.chat.{name}", file=escape(file), **days)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that was asked for: the roster its buttons name, the roster and its title for people, days, format."""

    named: int | None
    roster_id: int
    title: str
    first: date
    last: date
    file_format: str


async def _export(context: Context, shown: Message, lang: str, wanted: Wanted) -> None:
    """Writes the file and sends it, and tells in the message how far it is."""
    app = app_of(context)
    await _show(shown, wanted.title + t(lang, "export.chat.writing"))
    try:
        schedule = await app.db(partial(_read, wanted=wanted, lang=lang))
        file = await asyncio.to_thread(export.write_file, schedule, wanted.file_format)
    except LocalizedError as error:
        again = _formats(lang, wanted.named, wanted.first, wanted.last)
        await _show(shown, f"{wanted.title}❌ {escape(error.text(lang))}", again)
        return
    await _show(shown, wanted.title + t(lang, "export.chat.sending", file=escape(file.name)))
    caption = t(lang, "export.chat.caption_ics" if wanted.file_format == "ics" else "export.chat.caption")
    with contextlib.suppress(TelegramError):  # a mere sign of life
        await context.bot.send_chat_action(shown.chat_id, ChatAction.UPLOAD_DOCUMENT)
    try:
        await context.bot.send_document(shown.chat_id, InputFile(file.data, file.name), caption=caption)
    except TelegramError as error:
        logger.warning("an exported file could not be sent: %s", error)
        await _show(shown, f"❌ {t(lang, 'export.chat.not_sent')}")
        return
    await _show(shown, wanted.title + _with_days(lang, "done", wanted.first, wanted.last, file.name))


def _read(session: Session, wanted: Wanted, lang: str) -> ExportedSchedule:
    roster = rosters.get(session, wanted.roster_id)
    return export.read_schedule(session, roster, wanted.first, wanted.last, lang)


async def _show(message: Message, text: str, buttons: Keyboard | None = None) -> None:
    markup = markup_of(buttons)
    try:
        await message.edit_text(text, parse_mode=ParseMode.HTML, reply_markup=markup)
    except TelegramError as error:
        failure = failure_of(error, message.chat_id)
        if failure.kind is Kind.UNCHANGED:
            return
        if not failure.is_for_good or failure.forbidden:
            raise
        await message.reply_text(text, parse_mode=ParseMode.HTML, reply_markup=markup)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("export", begin))
    application.add_handler(handler(on_button, *_KINDS))
