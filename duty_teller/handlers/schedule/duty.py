"""`/duty`: who is on duty now, on a day, or when somebody is."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session
from telegram import InlineKeyboardButton, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler

from duty_teller.db import repository
from duty_teller.handlers.common import Context, app_of, button, is_private, reply
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.schedule.pages import Page, app_rows, data_of, tag_of, turn_to
from duty_teller.i18n import LANGUAGES, LocalizedError, t
from duty_teller.i18n.lang import format_day
from duty_teller.importers.duty_schedule import fold_name
from duty_teller.services.people import accounts
from duty_teller.services.people.access import Person
from duty_teller.services.texts import days, people, typed_days
from duty_teller.utils.dates import parse_date

_CHOICES: Final = 8
"""People on a page of those a typed name may mean."""

_LONGEST_NAME: Final = 40
"""Bytes of a typed name that the buttons of such a page carry; with the rest they stay under Telegram's 64."""


@for_people(in_trusted_groups=True)
async def duty(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Tells who is on duty now and next; with a date or a word (`tomorrow`) that day; with a name that person."""
    app, now = app_of(context), app_of(context).clock()
    wanted = " ".join(context.args or [])
    tag = tag_of(update, lang)

    def look(session: Session) -> Page:
        if person is not None and person.is_admin and is_private(update) and people.is_empty(session):
            return t(lang, "view.no_roster_admin"), []
        return _duty_page(session, wanted, now, lang, tag)

    text, rows = await app.db(look)
    await reply(update, text, rows + app_rows(update, context, person, lang))


def _duty_page(session: Session, wanted: str, now: datetime, lang: str, tag: str) -> Page:
    """Returns what `/duty` answers.

    Raises:
        LocalizedError: `error.date`, or `view.nobody_found`: neither a day nor anybody's name.
    """
    if typed_days.is_now(wanted):
        return _now_page(session, now, lang, tag)
    today = days.todays(repository.rosters(session), now)
    day = typed_days.parse_day(wanted, today)
    if day is not None and not (typed_days.is_weekday(wanted) and people.is_word_of_a_name(session, wanted)):
        return _day_page(session, day, now, lang, tag)
    return _name_page(session, wanted, 0, now, lang, tag)


def _now_page(session: Session, now: datetime, lang: str, tag: str) -> Page:
    text = days.now_text(session, repository.rosters(session), now, lang)
    return text, [[button(lang, "view.yesterday", f"duty:-1{tag}"), button(lang, "view.tomorrow", f"duty:1{tag}")]]


def _day_page(session: Session, day: date, now: datetime, lang: str, tag: str) -> Page:
    rosters = repository.rosters(session)
    many = len(rosters) > 1
    parts = [days.day_text(session, roster, day, now, lang, many) for roster in rosters]
    today = days.todays(rosters, now)
    turn = []
    for mark, near in (("◀ {}", day - timedelta(days=1)), ("{} ▶", day + timedelta(days=1))):
        if abs(near - today) <= days.REACH:
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
    where, _colon, typed = data_of(update).removeprefix("duty:").partition(":")
    tag = ""
    if not is_private(update):
        theirs, _colon, typed = typed.partition(":")
        lang = theirs if theirs in LANGUAGES else lang
        tag = f":{lang}"
    app, now = app_of(context), app_of(context).clock()

    def look(session: Session) -> Page:
        today = days.todays(repository.rosters(session), now)
        if where == "now":
            return _now_page(session, now, lang, tag)
        if where.startswith("p"):
            return _person_page(session, int(where[1:]), now, lang)
        if where.startswith("f"):
            return _name_page(session, typed, int(where[1:]), now, lang, tag)
        day = today + timedelta(days=int(where)) if len(where) < len("2026-01-01") else parse_date(where)
        if abs(day - today) > days.REACH:
            raise LocalizedError("view.too_far")
        return _day_page(session, day, now, lang, tag)

    await turn_to(update, context, app, look, lang)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("duty", duty))
    day = r"now|-?\d{1,3}|\d{4}-\d\d-\d\d"
    application.add_handler(CallbackQueryHandler(on_duty, pattern=rf"^duty:({day}|p\d+|f\d+)(:|$)"))
