"""The everyday looks: `/duty` (now, a day, a person), `/week`, `/my`, with buttons that turn the pages in place."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel import Session
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler

from duty_teller.db import repository
from duty_teller.handlers.common import (
    App,
    Context,
    answer,
    app_of,
    button,
    calendar_button,
    is_private,
    reply,
    send_to_private,
)
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.transport.editing import edit
from duty_teller.i18n import LANGUAGES, LocalizedError, t
from duty_teller.i18n.lang import format_day, format_month, week_start
from duty_teller.importers.duty_schedule import fold_name
from duty_teller.services.people import accounts
from duty_teller.services.people.access import Person
from duty_teller.services.texts import days as view_days
from duty_teller.services.texts import people, typed_days
from duty_teller.utils.dates import parse_date

Rows = list[list[InlineKeyboardButton]]
Page = tuple[str, Rows]

_CHOICES: Final = 8
"""People on a page of those a typed name may mean."""
_LONGEST_NAME: Final = 40
"""Bytes of a typed name that the buttons of such a page carry; with the rest they stay under Telegram's 64."""


# -- /duty -----------------------------------------------------------------------------------------------------------


@for_people(in_trusted_groups=True)
async def duty(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Tells who is on duty now and next; with a date or a word (`tomorrow`) that day; with a name that person."""
    app, now = app_of(context), app_of(context).clock()
    wanted = " ".join(context.args or [])
    tag = _tag(update, lang)

    def look(session: Session) -> Page:
        if person is not None and person.is_admin and is_private(update) and people.is_empty(session):
            return t(lang, "view.no_roster_admin"), []
        return _duty_page(session, wanted, now, lang, tag)

    text, rows = await app.db(look)
    await reply(update, text, rows + _app_rows(update, context, person, lang))


def _duty_page(session: Session, wanted: str, now: datetime, lang: str, tag: str) -> Page:
    """Returns what `/duty` answers.

    Raises:
        LocalizedError: `error.date`, or `view.nobody_found`: neither a day nor anybody's name.
    """
    if typed_days.is_now(wanted):
        return _now_page(session, now, lang, tag)
    today = view_days.todays(repository.rosters(session), now)
    day = typed_days.parse_day(wanted, today)
    if day is not None and not (typed_days.is_weekday(wanted) and people.is_word_of_a_name(session, wanted)):
        return _day_page(session, day, now, lang, tag)
    return _name_page(session, wanted, 0, now, lang, tag)


def _now_page(session: Session, now: datetime, lang: str, tag: str) -> Page:
    text = view_days.now_text(session, repository.rosters(session), now, lang)
    return text, [[button(lang, "view.yesterday", f"duty:-1{tag}"), button(lang, "view.tomorrow", f"duty:1{tag}")]]


def _day_page(session: Session, day: date, now: datetime, lang: str, tag: str) -> Page:
    rosters = repository.rosters(session)
    many = len(rosters) > 1
    parts = [view_days.day_text(session, roster, day, now, lang, many) for roster in rosters]
    today = view_days.todays(rosters, now)
    turn = []
    for mark, near in (("◀ {}", day - timedelta(days=1)), ("{} ▶", day + timedelta(days=1))):
        if abs(near - today) <= view_days.REACH:
            label = mark.format(format_day(lang, near, today))
            turn.append(InlineKeyboardButton(label, callback_data=f"duty:{near.isoformat()}{tag}"))
    back = ("view.now", f"duty:now{tag}") if day == today else ("view.today", f"duty:0{tag}")
    turn.insert(1 if len(turn) == 2 else len(turn), button(lang, *back))
    return "\n\n".join(parts), [turn]


def _name_page(session: Session, wanted: str, page: int, now: datetime, lang: str, tag: str) -> Page:
    found = people.find_people(session, wanted)
    if not found:
        raise LocalizedError("view.nobody_found", text=wanted.strip()[:32])
    if len(found) == 1 and page == 0:
        return _person_page(session, found[0][0], now, lang)
    page = min(page, (len(found) - 1) // _CHOICES)
    shown = found[page * _CHOICES : (page + 1) * _CHOICES]
    rows = [[InlineKeyboardButton(name[:60], callback_data=f"duty:p{user_id}{tag}")] for user_id, name in shown]
    typed = _shortened(wanted)
    turn = [(label, at) for label, at in (("◀", page - 1), ("▶", page + 1)) if 0 <= at * _CHOICES < len(found)]
    if turn:
        rows.append([InlineKeyboardButton(label, callback_data=f"duty:f{at}{tag}:{typed}") for label, at in turn])
    return t(lang, "view.which_person", n=len(found)), rows


def _shortened(wanted: str) -> str:
    """Returns as much of a typed name as a button can carry; what is cut off only makes more people fit."""
    folded = wanted.strip() if wanted.strip().startswith("@") else fold_name(wanted)
    return folded.encode()[:_LONGEST_NAME].decode(errors="ignore").strip()


def _person_page(session: Session, user_id: int, now: datetime, lang: str) -> Page:
    user = accounts.find(session, user_id)
    if user is None or not user.is_active:
        raise LocalizedError("view.person_gone")
    return people.person_text(session, user, repository.rosters(session), now, lang), []


@for_people(in_trusted_groups=True)
async def on_duty(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Turns a page of /duty; in a group it keeps the language it was asked for in."""
    where, _colon, typed = _data(update).removeprefix("duty:").partition(":")
    tag = ""
    if not is_private(update):
        theirs, _colon, typed = typed.partition(":")
        lang = theirs if theirs in LANGUAGES else lang
        tag = f":{lang}"
    app, now = app_of(context), app_of(context).clock()

    def look(session: Session) -> Page:
        today = view_days.todays(repository.rosters(session), now)
        if where == "now":
            return _now_page(session, now, lang, tag)
        if where.startswith("p"):
            return _person_page(session, int(where[1:]), now, lang)
        if where.startswith("f"):
            return _name_page(session, typed, int(where[1:]), now, lang, tag)
        day = today + timedelta(days=int(where)) if len(where) < len("2026-01-01") else parse_date(where)
        if abs(day - today) > view_days.REACH:
            raise LocalizedError("view.too_far")
        return _day_page(session, day, now, lang, tag)

    await _turn(update, context, app, look, lang)


# -- /week -----------------------------------------------------------------------------------------------------------


@for_people(in_trusted_groups=True)
async def week(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Shows the week that is running; with a day or a word (`next`) that week."""
    app, now = app_of(context), app_of(context).clock()
    typed = " ".join(context.args or [])
    tag = _tag(update, lang)

    def look(session: Session) -> Page:
        wanted = None
        if typed:
            wanted = typed_days.parse_week(typed, view_days.todays(repository.rosters(session), now))
            if wanted is None:
                raise LocalizedError("view.no_week", text=typed[:32])
        return _week_page(session, wanted, now, lang, tag)

    text, rows = await app.db(look)
    await reply(update, text, rows + _app_rows(update, context, person, lang))


def _week_page(session: Session, wanted: date | None, now: datetime, lang: str, tag: str) -> Page:
    rosters = repository.rosters(session)
    today = view_days.todays(rosters, now)
    first_day = week_start(lang, wanted or today)
    if abs(first_day - today) > view_days.REACH:
        raise LocalizedError("view.too_far")
    many = len(rosters) > 1
    parts = [view_days.week_text(session, roster, first_day, now, lang, many) for roster in rosters]
    turn = []
    for mark, near in (("◀", first_day - timedelta(days=7)), ("▶", first_day + timedelta(days=7))):
        if abs(near - today) <= view_days.REACH:
            turn.append(InlineKeyboardButton(mark, callback_data=f"week:{near.isoformat()}{tag}"))
    if first_day != week_start(lang, today):
        turn.insert(1 if len(turn) == 2 else len(turn), button(lang, "view.this_week", f"week:now{tag}"))
    return "\n\n".join(parts), [turn]


@for_people(in_trusted_groups=True)
async def on_week(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Turns to another week; in a group it keeps the language it was asked for in."""
    _week, where, *rest = _data(update).split(":")
    tag = ""
    if rest and not is_private(update):
        lang, tag = rest[0], f":{rest[0]}"
    app, now = app_of(context), app_of(context).clock()

    def look(session: Session) -> Page:
        return _week_page(session, None if where == "now" else parse_date(where), now, lang, tag)

    await _turn(update, context, app, look, lang)


# -- /my -------------------------------------------------------------------------------------------------------------


@for_people()
async def my(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows one's own shifts of this month, or of one that is named."""
    if not is_private(update):
        await send_to_private(update, context, lang, "my")
        return
    app, typed = app_of(context), " ".join(context.args or [])
    number = None
    if typed:
        today = await app.db(lambda session: view_days.todays(repository.rosters(session), app.clock()))
        month = typed_days.parse_month(typed, today)
        if month is None:
            raise LocalizedError("view.no_month", text=typed[:32])
        number = people.month_number(month)
    text, rows = await _my_page(app, person, lang, 0, number)
    await reply(update, text, rows + _app_rows(update, context, person, lang))


@for_people()
async def on_my(update: Update, context: Context, person: Person, lang: str) -> None:
    """Turns to another month in place (`my:p:<number>`), or answers with a new message (`my:<months from now>`)."""
    _my, *rest = _data(update).split(":")
    if not is_private(update):
        await answer(update)
        await send_to_private(update, context, lang, "my")
        return
    app = app_of(context)
    in_place = rest[0] == "p"
    try:
        text, rows = await _my_page(
            app, person, lang, 0 if in_place else int(rest[0]), int(rest[1]) if in_place else None
        )
    except LocalizedError as error:
        await answer(update, error.text(lang))
        return
    await answer(update)
    if in_place:
        await edit(update, context, text, rows + _app_rows(update, context, person, lang))
    else:
        await reply(update, text, rows + _app_rows(update, context, person, lang))


async def _my_page(app: App, person: Person, lang: str, months: int, number: int | None) -> Page:
    """Returns the page of a month: by its number, or so many months from now.

    Raises:
        LocalizedError: `view.too_far`.
    """
    now = app.clock()

    def look(session: Session) -> Page:
        rosters = repository.rosters(session)
        today = view_days.todays(rosters, now)
        this = people.month_number(today)
        wanted = this + months if number is None else number
        reach = view_days.REACH.days // 31
        if abs(wanted - this) > reach:
            raise LocalizedError("view.too_far")
        if not people.is_planned(session, person.user_id):
            if person.linked:
                return t(lang, "view.my_never"), []
            if people.is_empty(session):
                return t(lang, "view.no_roster_admin" if person.is_admin else "view.no_roster"), []
            return t(lang, "view.not_on_roster_admin" if person.is_admin else "view.not_on_roster"), []
        turn = []
        for mark, at in (("◀ {}", wanted - 1), ("{} ▶", wanted + 1)):
            if abs(at - this) <= reach:
                label = mark.format(format_month(lang, people.first_of_month(at)))
                turn.append(InlineKeyboardButton(label, callback_data=f"my:p:{at}"))
        back = [[button(lang, "view.this_month", f"my:p:{this}")]] if wanted != this else []
        return people.month_text(session, person.user_id, rosters, wanted, now, lang), [turn, *back]

    return await app.db(look)


# -- shared ----------------------------------------------------------------------------------------------------------


def _data(update: Update) -> str:
    query = update.callback_query
    return (query.data or "") if query is not None else ""


def _tag(update: Update, lang: str) -> str:
    """Returns what a group's buttons carry so that whoever turns the page leaves its language as it is."""
    return "" if is_private(update) else f":{lang}"


def _app_rows(update: Update, context: Context, person: Person | None, lang: str) -> list[list[Any]]:
    """Returns the row that opens the calendar: anew under a command, as it was under a page that is turned."""
    query = update.callback_query
    if query is None or is_private(update):
        private = is_private(update)
        wanted = private or person is not None
        return calendar_button(app_of(context), lang, context.bot.username, private) if wanted else []
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    return [list(row) for row in _rows_of(markup) if all(key.callback_data is None for key in row)]


def _rows_of(markup: InlineKeyboardMarkup | None) -> Sequence[Sequence[InlineKeyboardButton]]:
    return markup.inline_keyboard if markup is not None else ()


async def _turn(update: Update, context: Context, app: App, look: Any, lang: str) -> None:
    """Shows another page in place; what cannot be shown is said in an alert and changes nothing."""
    try:
        text, rows = await app.db(look)
    except LocalizedError as error:
        await answer(update, error.text(lang))
        return
    await answer(update)
    await edit(update, context, text, rows + _app_rows(update, context, None, lang))


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("duty", duty))
    application.add_handler(CommandHandler("week", week))
    application.add_handler(CommandHandler("my", my))
    day = r"now|-?\d{1,3}|\d{4}-\d\d-\d\d"
    application.add_handler(CallbackQueryHandler(on_duty, pattern=rf"^duty:({day}|p\d+|f\d+)(:|$)"))
    spoken = "|".join(LANGUAGES)
    application.add_handler(CallbackQueryHandler(on_week, pattern=rf"^week:(now|\d{{4}}-\d\d-\d\d)(:({spoken}))?$"))
    application.add_handler(CallbackQueryHandler(on_my, pattern=r"^my:(p:\d{1,6}|-?\d{1,3})$"))
