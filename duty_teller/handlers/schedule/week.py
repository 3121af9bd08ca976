"""`/week`: a week, day by day."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.schedule.pages import SHOWN_IN, Page, Shown, app_rows, data_of, other_rosters, turn_to
from duty_teller.handlers.transport.answers import reply
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import text_page
from duty_teller.i18n import LocalizedError
from duty_teller.i18n.lang import week_start
from duty_teller.services.people.access import Person
from duty_teller.services.texts import days, typed_days
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import DAY, PAGE, declare, words

_WEEK: Final = declare("week:", DAY, *SHOWN_IN)
_MORE: Final = declare("week:m", DAY, PAGE, *SHOWN_IN)
"""Pages of a week that is longer than a message."""
_THIS_WEEK: Final = declare("week:", words("now"), *SHOWN_IN)


@for_people(in_trusted_groups=True)
async def week(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Shows the week that is running; with a day or a word (`next`) that week."""
    app, now = app_of(context), app_of(context).clock()
    typed = " ".join(context.args or [])
    shown = Shown.asked(update, person, lang)

    def look(session: Session) -> Page:
        wanted = None
        if typed:
            wanted = typed_days.parse_week(typed, days.todays(repository.rosters(session), now))
            if wanted is None:
                raise LocalizedError("view.no_week", text=typed[:32])
        return _week_page(session, wanted, now, shown)

    text, rows = await app.db(look)
    await reply(update, text, rows + app_rows(update, context, person, lang))


def _week_page(session: Session, wanted: date | None, now: datetime, asked: Shown, page: int = 0) -> Page:
    roster, shown, rosters = asked.choose(session, now)
    lang, many = shown.lang, len(rosters) > 1
    today = days.todays([roster] if roster is not None else [], now)
    first_day = week_start(lang, wanted or today)
    if abs(first_day - today) > days.REACH:
        raise LocalizedError("view.too_far")
    whole = days.week_text(session, roster, first_day, now, lang, many) if roster is not None else ""
    text, more = text_page(whole, page, lambda at: _MORE(first_day, at, *shown.fields))
    turn = []
    for mark, near in (("◀", first_day - timedelta(days=7)), ("▶", first_day + timedelta(days=7))):
        if abs(near - today) <= days.REACH:
            turn.append(Button(mark, _WEEK(near, *shown.fields)))
    if first_day != week_start(lang, today):
        this_week = button(lang, "view.this_week", _THIS_WEEK("now", *shown.fields))
        turn.insert(1 if len(turn) == 2 else len(turn), this_week)
    return text, [*more, turn, *other_rosters(rosters, shown, lambda other: _WEEK(first_day, *other.fields))]


@for_people(in_trusted_groups=True)
async def on_week(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Turns to another week or roster; in a group it keeps the language it was asked for in."""
    data = data_of(update)
    page, named = 0, _WEEK.read(data)
    wanted: date | None
    if (more := _MORE.read(data)) is not None:
        wanted, page, tag, roster_id = more
    else:
        wanted, tag, roster_id = named if named is not None else (None, *_THIS_WEEK.of(update)[1:])
    shown = Shown.asked(update, person, lang).turned(tag, roster_id)
    app, now = app_of(context), app_of(context).clock()
    await turn_to(update, context, app, lambda session: _week_page(session, wanted, now, shown, page), shown.lang)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("week", week))
    application.add_handler(handler(on_week, _WEEK, _THIS_WEEK, _MORE))
