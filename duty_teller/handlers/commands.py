"""The everyday commands: /start, /help, /duty, /calendar_link, /cancel."""

import contextlib
import logging
import re
from datetime import date, datetime, timedelta
from html import escape

from sqlmodel import Session
from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler, MessageHandler, filters

from duty_teller.db import repository
from duty_teller.db.models import EventType, LinkScope, Roster
from duty_teller.db.schemas import ShiftRow
from duty_teller.handlers import dialogues, import_duty_schedule, people
from duty_teller.handlers.common import (
    Context,
    app_of,
    calendar_button,
    is_private,
    lang_of,
    reply,
)
from duty_teller.handlers.guard import for_people
from duty_teller.i18n import LocalizedError, t
from duty_teller.i18n.lang import format_day, format_moment
from duty_teller.services import calendar_link_service, group_duty_pin_service, people_service, schedule_service
from duty_teller.services.access_service import Person
from duty_teller.utils.dates import local_day, parse_date
from duty_teller.utils.handover import zone

logger = logging.getLogger(__name__)

_NAMED = 30
"""People named in one line of a day's answer; more are counted."""

_RELATIVE = {"today": 0, "сегодня": 0, "tomorrow": 1, "завтра": 1, "yesterday": -1, "вчера": -1, "послезавтра": 2}
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?")

PRIVATE_COMMANDS = ("duty", "calendar_link", "set_phone", "help")
ADMIN_COMMANDS = ("import_duty_schedule", "export", "undo", "history", "invite", "settings")
GROUP_COMMANDS = ("duty", "help")


async def start(update: Update, context: Context) -> None:
    """Welcomes, or takes an invitation."""
    payload = context.args[0] if context.args else ""
    if is_private(update) and people_service.is_invitation(payload):
        if await people.ask_admin_first(update, context, payload):
            return
        person = await people.accept_invitation(update, context, payload)
        if person is not None:
            lang = lang_of(update, context, person)
            buttons = calendar_button(app_of(context), lang, context.bot.username, private=True)
            await reply(update, t(lang, "bot.welcome_linked", name=escape(person.full_name)), buttons)
            return
    await welcome(update, context)


@for_people(in_trusted_groups=True)
async def welcome(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Says what the bot does for this person; notes that it may write to them from now on."""
    app = app_of(context)
    if not is_private(update) or person is None:
        await reply(update, t(lang, "bot.help_group"))
        return
    if person.is_admin:
        await _show_admin_commands(context, person, lang)
    text = t(lang, "bot.welcome", name=escape(person.full_name)) + "\n\n" + _help(lang, person)
    await reply(update, text, calendar_button(app, lang, context.bot.username, private=True))


@for_people(in_trusted_groups=True)
async def help_command(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Lists what this person can do here."""
    if not is_private(update):
        admin = person is not None and person.is_admin
        await reply(update, t(lang, "bot.help_group_admin" if admin else "bot.help_group"))
    elif person is not None:
        buttons = calendar_button(app_of(context), lang, context.bot.username, private=True)
        await reply(update, _help(lang, person), buttons)


def _help(lang: str, person: Person) -> str:
    text = t(lang, "bot.help")
    return f"{text}\n\n{t(lang, 'bot.help_admin')}" if person.is_admin else text


@for_people(in_trusted_groups=True)
async def duty(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Tells who is on duty now and next; with a date or a word (`tomorrow`), that day."""
    app, now = app_of(context), app_of(context).clock()
    wanted = " ".join(context.args or [])

    def look(session: Session) -> str:
        rosters = repository.rosters(session)
        parts = []
        for roster in rosters:
            if wanted:
                today = local_day(now, roster.timezone)
                parts.append(day_text(session, roster, parse_day(wanted, today), today, lang, len(rosters) > 1))
            else:
                answer = schedule_service.now_and_next(session, roster, now)
                parts.append(group_duty_pin_service.render(lang, answer, with_name=len(rosters) > 1))
        return "\n\n".join(parts)

    text = await app.db(look)
    private = is_private(update)
    buttons = calendar_button(app, lang, context.bot.username, private) if private or person is not None else []
    await reply(update, text, buttons)


def parse_day(text: str, today: date) -> date:
    """Reads a day as people type it: `tomorrow`, `завтра`, `24.11`, `24.11.2026`, `2026-11-24`.

    Without a year the nearest such day is meant: `02.01` in December is next year's.

    Args:
        text: What was typed.
        today: The local date in the roster's zone.

    Raises:
        LocalizedError: `bot.day_unknown` for something else, `error.date` for a day that does not exist.
    """
    word = text.strip().lower()
    if word in _RELATIVE:
        return today + timedelta(days=_RELATIVE[word])
    match = _DOTTED.fullmatch(word)
    if match is None:
        if not _ISO.fullmatch(word):
            raise LocalizedError("bot.day_unknown", text=text.strip()[:32])
        return parse_date(word)
    years = [int(match[3])] if match[3] else [today.year - 1, today.year, today.year + 1]
    meant = []
    for year in years:
        with contextlib.suppress(ValueError):
            meant.append(date(year, int(match[2]), int(match[1])))
    if not meant:
        raise LocalizedError("error.date", text=word[:32])
    return parse_date(min(meant, key=lambda day: abs(day - today)).isoformat())


def day_text(session: Session, roster: Roster, day: date, today: date, lang: str, many: bool) -> str:
    """Lists a local day's shifts as Telegram HTML."""
    rows = schedule_service.shifts_of_days(session, [roster], day, day)
    head = f"<b>{escape(format_day(lang, day, today))}</b>"
    lines = [f"{escape(roster.name)} · {head}" if many and roster.name else head]
    duties = [row for row in rows if row.event_type == EventType.DUTY]
    lines += [_duty_line(row, roster, day, lang) for row in duties]
    if not duties:
        last = repository.last_duty_day(session, roster.id or 0, roster.timezone)
        if last is not None and day > last:
            lines.append(t(lang, "bot.day_after_roster", last=format_day(lang, last, today)))
        else:
            lines.append(t(lang, "bot.day_nobody"))
    for kind in (EventType.VACATION, EventType.UNAVAILABLE):
        names = sorted({escape(row.full_name) for row in rows if row.event_type == kind})
        if names:
            more = f" {t(lang, 'import.chat.more', n=len(names) - _NAMED)}" if len(names) > _NAMED else ""
            lines.append(f"<i>{t(lang, f'bot.day_{kind}')}: {', '.join(names[:_NAMED])}{more}</i>")
    return "\n".join(lines)


def _span(lang: str, start: datetime, end: datetime, day: date) -> str:
    """Writes the part of a shift that lies in a local day, the way people say it."""
    early, late = start.date() < day, end.date() > day
    if early and late:
        return t(lang, "bot.span_all_day")
    if early:
        return t(lang, "bot.span_until", end=f"{end:%H:%M}")
    if late:
        return t(lang, "bot.span_from", start=f"{start:%H:%M}", moment=format_moment(lang, end, day))
    return f"{start:%H:%M} – {end:%H:%M}"


def _duty_line(row: ShiftRow, roster: Roster, day: date, lang: str) -> str:
    start, end = (moment.astimezone(zone(roster.timezone)) for moment in (row.start_at, row.end_at))
    span = _span(lang, start, end, day)
    position = f" ({escape(row.position)})" if row.position else ""
    contact = " · ".join([escape(row.phone)] if row.phone else [])
    contact += (" · " if contact and row.username else "") + (f"@{escape(row.username)}" if row.username else "")
    return f"• {span}: <b>{escape(row.full_name)}</b>{position}" + (f"\n    {contact}" if contact else "")


@for_people()
async def calendar_link(update: Update, context: Context, person: Person, lang: str) -> None:
    """Gives the personal and the team feed; secrets go to the private chat only."""
    if not is_private(update):
        await reply(update, t(lang, "bot.in_private", bot=context.bot.username))
        return
    app = app_of(context)
    base, now = app.settings.mini_app_base_url, app.clock()
    if not base:
        await reply(update, t(lang, "bot.link_no_address"))
        return

    def make(session: Session) -> dict[LinkScope, str]:
        return {
            scope: calendar_link_service.get_token(session, app.secret, person.user_id, scope, now)
            for scope in LinkScope
        }

    tokens = await app.db(make, write=True)
    parts = [t(lang, "bot.link_head")]
    for scope, token in tokens.items():
        https = f"{base}/feed/{token}.ics"
        webcal = re.sub(r"^https?", "webcal", https)
        parts.append(f"{t(lang, f'bot.link_{scope}')}\n<code>{https}</code>\n<code>{webcal}</code>")
    parts.append(t(lang, "bot.link_foot"))
    await reply(update, "\n\n".join(parts))


@for_people()
async def cancel(update: Update, context: Context, person: Person, lang: str) -> None:
    """Leaves whatever is going on."""
    if not is_private(update):
        return
    waited = await dialogues.end(app_of(context), person.user_id)
    dropped = await import_duty_schedule.drop_drafts(update, context) or waited is not None
    message = update.effective_message
    if message is not None:
        text = t(lang, "bot.cancelled" if dropped else "bot.nothing_to_cancel")
        await message.reply_text(text, reply_markup=ReplyKeyboardRemove())  # the phone's keyboard goes, too


async def on_text(update: Update, context: Context) -> None:
    """Takes text in the private chat: an answer somebody was asked for, or a hint at what can be done."""
    for take in (people.take_keyboard_away, dialogues.on_text, import_duty_schedule.on_text):
        if await take(update, context):
            return
    await _hint(update, context)


@for_people()
async def _hint(update: Update, context: Context, person: Person, lang: str) -> None:
    await reply(update, t(lang, "bot.hint"))


async def _show_admin_commands(context: Context, person: Person, lang: str) -> None:
    names = (*PRIVATE_COMMANDS[:-1], *ADMIN_COMMANDS, PRIVATE_COMMANDS[-1])
    commands = [BotCommand(name, t(lang, f"bot.command_{name}")) for name in names]
    await context.bot.set_my_commands(commands, BotCommandScopeChat(person.telegram_user_id))


async def publish_commands(application: Application, default_language: str) -> None:  # type: ignore[type-arg]
    """Tells Telegram which commands to offer, by scope and language; a failure is no reason not to start."""
    try:
        for lang in (None, "ru", "en"):
            shown = lang or default_language
            for names, scope in (
                (PRIVATE_COMMANDS, BotCommandScopeAllPrivateChats()),
                (GROUP_COMMANDS, BotCommandScopeAllGroupChats()),
            ):
                commands = [BotCommand(name, t(shown, f"bot.command_{name}")) for name in names]
                await application.bot.set_my_commands(commands, scope, language_code=lang)
    except TelegramError as error:
        logger.warning("the list of commands could not be published: %s", error)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers; the one for text comes last."""
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CommandHandler("help", help_command))
    application.add_handler(CommandHandler("duty", duty))
    application.add_handler(CommandHandler("calendar_link", calendar_link))
    application.add_handler(CommandHandler("cancel", cancel))
    application.add_handler(
        MessageHandler(filters.TEXT & ~filters.COMMAND & filters.ChatType.PRIVATE, on_text), group=0
    )
    application.add_handler(MessageHandler(filters.COMMAND & filters.ChatType.PRIVATE, _hint), group=0)
