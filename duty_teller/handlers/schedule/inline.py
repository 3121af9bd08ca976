"""Inline mode: `@bot` in any chat offers cards to people who are let in, and nothing at all to anybody else."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from sqlmodel import Session
from telegram import InlineQueryResultArticle, InputTextMessageContent, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, InlineQueryHandler

from duty_teller.db import repository
from duty_teller.db.models import Roster
from duty_teller.handlers.common import Context, app_of, lang_of, person_of
from duty_teller.handlers.transport.failures import Kind, failure_of
from duty_teller.handlers.transport.paging import one_message
from duty_teller.i18n import LocalizedError, t
from duty_teller.i18n.lang import format_day, week_start
from duty_teller.services import schedule_service
from duty_teller.services.people import accounts
from duty_teller.services.texts import days, typed_days
from duty_teller.services.texts import people as view_people
from duty_teller.services.texts.duty import moment_text

logger = logging.getLogger(__name__)

_PEOPLE: Final = 10
"""Cards of people that a typed name may mean."""
_LONGEST: Final = 200
"""Of a card's description: Telegram shows two lines."""

Card = tuple[str, str, str, str]
"""Id, title, description (plain text) and the HTML that is sent."""


async def on_query(update: Update, context: Context) -> None:
    """Offers the cards; nothing is kept by Telegram, or strangers would get them too."""
    query = update.inline_query
    if query is None:
        return
    app = app_of(context)
    person = await person_of(update, context)
    cards: list[Card] = []
    lang = lang_of(update, context, person)
    if person is not None:
        cards = await app.db(partial(_cards, typed=query.query.strip(), now=app.clock(), lang=lang))
    results = [
        InlineQueryResultArticle(
            id=name,
            title=title,
            description=description[:_LONGEST],
            input_message_content=InputTextMessageContent(
                one_message(html, t(lang, "view.rest")), parse_mode=ParseMode.HTML
            ),
        )
        for name, title, description, html in cards
    ]
    try:
        await query.answer(results, cache_time=0, is_personal=True)
    except TelegramError as error:
        if failure_of(error, 0).kind is not Kind.CALL:
            raise  # else the person has typed on, or the answer came too late
        logger.info("an inline query could not be answered: %s", error)


def _cards(session: Session, typed: str, now: datetime, lang: str) -> list[Card]:
    """Returns the cards: of a typed day or name, or else now, tomorrow and this week."""
    rosters = repository.rosters(session)
    today = days.todays(rosters, now)
    try:
        day = typed_days.parse_day(typed, today) if typed else None
    except LocalizedError:
        day = None
    cards = [_day_card(session, rosters, day, now, lang, format_day(lang, day, today))] if day is not None else []
    if typed and (day is None or typed_days.is_weekday(typed)):  # half a name may be the word of a weekday
        people = view_people.find_people(session, typed)[:_PEOPLE]
        cards += [_person_card(session, rosters, user_id, now, lang) for user_id, _name in people]
    if cards:
        return cards
    tomorrow = today + timedelta(days=1)
    title = t(lang, "view.card_tomorrow", day=format_day(lang, tomorrow, today))
    return [
        _now_card(session, rosters, now, lang),
        _day_card(session, rosters, tomorrow, now, lang, title),
        _week_card(session, rosters, today, now, lang),
    ]


def _now_card(session: Session, rosters: Sequence[Roster], now: datetime, lang: str) -> Card:
    said = []
    for roster in rosters:
        for stretch in schedule_service.now_and_next(session, roster, now).current:
            until = moment_text(lang, stretch.end_at, roster.timezone)
            said.append(f"{stretch.row.full_name} {t(lang, 'pin.until', moment=until)}")
    description = ", ".join(said) or t(lang, "pin.nobody")
    many = len(rosters) > 1
    parts = [days.now_text(session, roster, now, lang, many) for roster in rosters]
    return "now", t(lang, "view.card_now"), description, "\n\n".join(parts)


def _names(session: Session, rosters: Sequence[Roster], first: date, last: date, lang: str) -> str:
    rows = schedule_service.shifts_of_days(session, rosters, first, last)
    names = dict.fromkeys(row.full_name for row in rows if not row.event_type.is_absence)
    return ", ".join(names) or t(lang, "bot.day_nobody")


def _day_card(session: Session, rosters: Sequence[Roster], day: date, now: datetime, lang: str, title: str) -> Card:
    many = len(rosters) > 1
    parts = [days.day_text(session, r, day, now, lang, many) for r in rosters]
    return f"day-{day.isoformat()}", title, _names(session, rosters, day, day, lang), "\n\n".join(parts)


def _week_card(session: Session, rosters: Sequence[Roster], today: date, now: datetime, lang: str) -> Card:
    first_day, many = week_start(lang, today), len(rosters) > 1
    parts = [days.week_text(session, r, first_day, now, lang, many) for r in rosters]
    names = _names(session, rosters, first_day, first_day + timedelta(days=6), lang)
    return "week", t(lang, "view.card_week"), names, "\n\n".join(parts)


def _person_card(session: Session, rosters: Sequence[Roster], user_id: int, now: datetime, lang: str) -> Card:
    user = accounts.find(session, user_id)
    assert user is not None  # noqa: S101  # found in the same session
    html = view_people.person_text(session, user, rosters, now, lang)
    return f"person-{user_id}", user.full_name, t(lang, "view.card_person"), html


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handler."""
    application.add_handler(InlineQueryHandler(on_query))
