"""`/settings`: hand-over, shift times, and what imports have taught the roster, each with a button to forget it."""

from html import escape
from typing import Final
from zlib import crc32

from sqlmodel import Session
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import Application, CallbackQueryHandler, CommandHandler

from duty_teller.db import repository
from duty_teller.handlers.common import Context, answer, app_of, is_private, reply, send_to_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.import_questions import meaning_text
from duty_teller.i18n import t
from duty_teller.services import roster_settings_service as memory
from duty_teller.services.access_service import Level, Person
from duty_teller.services.roster_settings_service import Memory

_A_PAGE: Final = 10


def _mark(code: str) -> str:
    """Returns a code's short form for a button: codes may be longer than its 64 bytes."""
    return f"{crc32(code.encode()):x}"


def _items(lang: str, known: Memory) -> list[tuple[str, str, str]]:
    """Returns (line, button, callback data) of everything that can be forgotten."""
    found = []
    hours = {"day": known.day_shift.replace("-", "–"), "night": known.night_shift.replace("-", "–")}
    if known.date_order:
        text = f"{t(lang, 'settings.dates')}: {t(lang, f'import.chat.order_{known.date_order}')}"
        found.append((text, t(lang, "settings.dates"), "settings:dates"))
    if known.files:
        text = t(lang, "settings.files", n=known.files)
        found.append((text, t(lang, "settings.files_forget"), "settings:files"))
    found += [
        (f"<b>{escape(code)}</b> = {escape(meaning_text(lang, meaning, hours))}", code, f"settings:code:{_mark(code)}")
        for code, meaning in known.codes.items()
    ]
    found += [
        (f"“{escape(name)}” → {escape(who)}", name, f"settings:name:{alias}") for alias, name, who in known.aliases
    ]
    return found


def _page(lang: str, known: Memory, page: int) -> tuple[str, list[list[InlineKeyboardButton]]]:
    lines = [
        t(lang, "settings.head", handover=known.handover, zone=escape(known.timezone)),
        t(lang, "settings.shifts", day=known.day_shift, night=known.night_shift),
        "",
    ]
    items = _items(lang, known)
    shown = items[page * _A_PAGE : (page + 1) * _A_PAGE]
    lines.append(t(lang, "settings.memory" if items else "settings.no_memory"))
    lines += [line for line, _label, _data in shown]
    forget = [InlineKeyboardButton(f"✕ {label}"[:40], callback_data=data) for _line, label, data in shown]
    rows = [forget[at : at + 2] for at in range(0, len(forget), 2)]
    turn = [InlineKeyboardButton("◀", callback_data=f"settings:page:{page - 1}")] if page else []
    turn += (
        [InlineKeyboardButton("▶", callback_data=f"settings:page:{page + 1}")]
        if len(items) > (page + 1) * _A_PAGE
        else []
    )
    return "\n".join(lines), rows + ([turn] if turn else [])


@for_people(Level.ADMIN)
async def settings(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows the roster's settings."""
    if not is_private(update):
        await send_to_private(update, context, lang, "settings")
        return
    known = await app_of(context).db(lambda s: memory.remembered(s, repository.rosters(s)[0]))
    text, rows = _page(lang, known, 0)
    await reply(update, text, rows)


@for_people(Level.ADMIN)
async def on_button(update: Update, context: Context, person: Person, lang: str) -> None:
    """Turns the page, or forgets something and shows what is left."""
    query = update.callback_query
    if query is None or query.data is None:
        return
    _settings, action, *rest = query.data.split(":")

    def act(session: Session) -> Memory:
        roster = repository.rosters(session)[0]
        if action == "dates":
            memory.forget_date_order(session, roster.id or 0)
        elif action == "files":
            memory.forget_files(session, roster.id or 0)
        elif action == "name":
            memory.forget_alias(session, int(rest[0]))
        elif action == "code":
            for code in [code for code in memory.remembered(session, roster).codes if _mark(code) == rest[0]]:
                memory.forget_code(session, roster.id or 0, code)
        return memory.remembered(session, roster)

    known = await app_of(context).db(act, write=action != "page")
    await answer(update)
    text, rows = _page(lang, known, int(rest[0]) if action == "page" else 0)
    markup = InlineKeyboardMarkup(rows) if rows else None
    try:
        await query.edit_message_text(text, parse_mode=ParseMode.HTML, reply_markup=markup)
    except BadRequest as error:
        if "not modified" not in str(error).lower():
            raise


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("settings", settings))
    application.add_handler(
        CallbackQueryHandler(on_button, pattern=r"^settings:(dates|files|code:[0-9a-f]+|name:\d+|page:\d+)$")
    )
