"""`/duty`: who is on duty now, on a day, or when somebody is."""

from datetime import date, datetime, timedelta
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.handlers.common import Context, app_of, is_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.schedule import takeover
from duty_teller.handlers.schedule.change_pages import CHANGE_DAY
from duty_teller.handlers.schedule.pages import SHOWN_IN, Page, Shown, app_rows, data_of, other_rosters, turn_to
from duty_teller.handlers.schedule.plain_words import offers
from duty_teller.handlers.transport.answers import reply
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import page_of, text_page
from duty_teller.i18n import LocalizedError, t
from duty_teller.i18n.lang import format_day
from duty_teller.importers.duty_schedule import fold_name
from duty_teller.services.people import accounts
from duty_teller.services.people.access import Person
from duty_teller.services.texts import days, people, typed_days
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import DAY, ID, LANG, PAGE, declare, number, typed, words

_CHOICES: Final = 8
"""People on a page of those a typed name may mean."""

_LONGEST_NAME: Final = 40
"""Bytes of a typed name that the buttons of such a page carry; with the rest they stay under Telegram's 64."""

_NOW: Final = declare("duty:", words("now"), *SHOWN_IN)
_OFFSET: Final = declare("duty:", number(-999, 999), *SHOWN_IN)
"""So many days from today."""
_DAY: Final = declare("duty:", DAY, *SHOWN_IN)
_NOW_MORE: Final = declare("duty:nm", PAGE, *SHOWN_IN)
_DAY_MORE: Final = declare("duty:dm", DAY, PAGE, *SHOWN_IN)
"""Pages of an answer that is longer than a message."""
_PERSON: Final = declare("duty:p", ID, *SHOWN_IN)
_NAME: Final = typed(r"[^\x00-\x1f]{1,40}", "ivanov", "a:b")
_FOUND: Final = declare("duty:f", PAGE, _NAME)
_FOUND_IN_GROUP: Final = declare("duty:f", PAGE, LANG, _NAME)


@for_people(in_trusted_groups=True)
async def duty(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Tells who is on duty now and next; with a date or a word (`tomorrow`) that day; with a name that person."""
    app, now = app_of(context), app_of(context).clock()
    wanted = " ".join(context.args or [])
    shown = Shown.asked(update, person, lang)

    def look(session: Session) -> Page:
        if person is not None and person.is_admin and is_private(update) and people.is_empty(session):
            return t(lang, "view.no_roster_admin"), []
        return _duty_page(session, wanted, now, shown, person)

    try:
        text, rows = await app.db(look)
    except LocalizedError as error:
        if error.key != "view.nobody_found":
            raise
        await reply(update, escape(error.text(lang)), await offers(context, person, lang, "duty", wanted))
        return
    await reply(update, text, rows + app_rows(update, context, person, lang))


def _duty_page(session: Session, wanted: str, now: datetime, shown: Shown, person: Person | None) -> Page:
    """Returns what `/duty` answers.

    Raises:
        LocalizedError: `error.date`, or `view.nobody_found`: neither a day nor anybody's name.
    """
    if typed_days.is_now(wanted):
        return _now_page(session, now, shown, person)
    today = days.todays(repository.rosters(session), now)
    day = typed_days.parse_day(wanted, today)
    if day is not None and not (typed_days.is_weekday(wanted) and people.is_word_of_a_name(session, wanted)):
        return _day_page(session, day, now, shown)
    return _name_page(session, wanted, 0, now, shown)


def _now_page(session: Session, now: datetime, asked: Shown, person: Person | None, page: int = 0) -> Page:
    roster, shown, rosters = asked.choose(session, now)
    whole = days.now_text(session, roster, now, shown.lang, len(rosters) > 1) if roster is not None else ""
    text, more = text_page(whole, page, lambda at: _NOW_MORE(at, *shown.fields))
    near = (("view.yesterday", -1), ("view.tomorrow", 1))
    turn = [button(shown.lang, key, _OFFSET(offset, *shown.fields)) for key, offset in near]
    over: Keyboard = []
    if roster is not None and person is not None and not shown.in_group:
        over = takeover.rows_of(session, roster, person, now, shown.lang)
    return text, [*more, turn, *over, *other_rosters(rosters, shown, lambda other: _NOW("now", *other.fields))]


def _day_page(session: Session, day: date, now: datetime, asked: Shown, page: int = 0) -> Page:
    roster, shown, rosters = asked.choose(session, now)
    lang = shown.lang
    whole = days.day_text(session, roster, day, now, lang, len(rosters) > 1) if roster is not None else ""
    text, more = text_page(whole, page, lambda at: _DAY_MORE(day, at, *shown.fields))
    today = days.todays([roster] if roster is not None else [], now)
    turn = []
    for mark, near in (("◀ {}", day - timedelta(days=1)), ("{} ▶", day + timedelta(days=1))):
        if abs(near - today) <= days.REACH:
            label = mark.format(format_day(lang, near, today))
            turn.append(Button(label, _DAY(near, *shown.fields)))
    is_today = day == today
    back = ("view.now", _NOW("now", *shown.fields)) if is_today else ("view.today", _OFFSET(0, *shown.fields))
    turn.insert(1 if len(turn) == 2 else len(turn), button(lang, *back))
    others = other_rosters(rosters, shown, lambda other: _DAY(day, *other.fields))
    if roster is not None and shown.may_change:
        others.insert(0, [button(lang, "change.button", CHANGE_DAY(day, roster.id or 0, 0))])
    return text, [*more, turn, *others]


def _name_page(session: Session, wanted: str, page: int, now: datetime, shown: Shown) -> Page:
    found = people.find_people(session, wanted)
    if not found:
        raise LocalizedError("view.nobody_found", text=wanted.strip()[:32])
    if len(found) == 1 and page == 0:
        return _person_page(session, found[0][0], now, shown.lang)
    kept, tag = _shortened(wanted), shown.lang if shown.in_group else None
    part = page_of(found, page, _CHOICES, lambda at: _found(at, tag, kept))
    rows = [[Button(name[:60], _PERSON(user_id, *shown.fields))] for user_id, name in part.shown]
    return t(shown.lang, "view.which_person", n=len(found)), rows + part.turn


def _shortened(wanted: str) -> str:
    """Returns as much of a typed name as a button can carry; what is cut off only makes more people fit."""
    folded = wanted.strip() if wanted.strip().startswith("@") else fold_name(wanted)
    return folded.encode()[:_LONGEST_NAME].decode(errors="ignore").strip()


def _found(page: int, tag: str | None, name: str) -> str:
    return _FOUND(page, name) if tag is None else _FOUND_IN_GROUP(page, tag, name)


def _found_in(data: str, private: bool) -> tuple[int, str | None, str] | None:
    """Returns page, language and typed name behind a button of those a name may mean."""
    in_group = None if private else _FOUND_IN_GROUP.read(data)
    plain = _FOUND.read(data)
    return in_group if in_group is not None else (plain[0], None, plain[1]) if plain is not None else None


def _person_page(session: Session, user_id: int, now: datetime, lang: str) -> Page:
    user = accounts.find(session, user_id)
    if user is None or not user.is_active:
        raise LocalizedError("view.person_gone")
    return people.person_text(session, user, repository.rosters(session), now, lang), []


@for_people(in_trusted_groups=True)
async def on_duty(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Turns a page of /duty; in a group it keeps the language it was asked for in."""
    data = data_of(update)
    found = _found_in(data, is_private(update))
    at_now, offset, somebody, on_day = _NOW.read(data), _OFFSET.read(data), _PERSON.read(data), _DAY.read(data)
    more_now, more_day = _NOW_MORE.read(data), _DAY_MORE.read(data)
    by_fields = next((part[-2:] for part in (at_now, offset, somebody, on_day, more_now, more_day) if part), None)
    fields = by_fields if by_fields is not None else (found[1] if found is not None else None, None)
    shown = Shown.asked(update, person, lang).turned(*fields)
    app, now = app_of(context), app_of(context).clock()

    def look(session: Session) -> Page:
        today = days.todays(repository.rosters(session), now)
        if at_now is not None:
            return _now_page(session, now, shown, person)
        if more_now is not None:
            return _now_page(session, now, shown, person, more_now[0])
        if somebody is not None:
            return _person_page(session, somebody[0], now, shown.lang)
        if found is not None:
            return _name_page(session, found[2], found[0], now, shown)
        if offset is not None:
            day, page = today + timedelta(days=offset[0]), 0
        else:
            day, page = more_day[:2] if more_day is not None else (_DAY.of(update)[0], 0)
        if abs(day - today) > days.REACH:
            raise LocalizedError("view.too_far")
        return _day_page(session, day, now, shown, page)

    await turn_to(update, context, app, look, shown.lang)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("duty", duty))
    application.add_handler(
        handler(on_duty, _NOW, _NOW_MORE, _OFFSET, _DAY, _DAY_MORE, _PERSON, _FOUND, _FOUND_IN_GROUP)
    )
