"""`/week`: a week, day by day."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session
from telegram import InlineKeyboardButton, Update
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.handlers.common import Context, app_of, button, is_private, reply
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.schedule.pages import Page, app_rows, data_of, tag_of, turn_to
from duty_teller.handlers.transport.callbacks import DAY, LANG, declare, handler, maybe, words
from duty_teller.i18n import LocalizedError
from duty_teller.i18n.lang import week_start
from duty_teller.services.people.access import Person
from duty_teller.services.texts import days, typed_days

_WEEK: Final = declare("week:", DAY, maybe(LANG))
_THIS_WEEK: Final = declare("week:", words("now"), maybe(LANG))


@for_people(in_trusted_groups=True)
async def week(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Shows the week that is running; with a day or a word (`next`) that week."""
    app, now = app_of(context), app_of(context).clock()
    typed = " ".join(context.args or [])
    tag = tag_of(update, lang)

    def look(session: Session) -> Page:
        wanted = None
        if typed:
            wanted = typed_days.parse_week(typed, days.todays(repository.rosters(session), now))
            if wanted is None:
                raise LocalizedError("view.no_week", text=typed[:32])
        return _week_page(session, wanted, now, lang, tag)

    text, rows = await app.db(look)
    await reply(update, text, rows + app_rows(update, context, person, lang))


def _week_page(session: Session, wanted: date | None, now: datetime, lang: str, tag: str | None) -> Page:
    rosters = repository.rosters(session)
    today = days.todays(rosters, now)
    first_day = week_start(lang, wanted or today)
    if abs(first_day - today) > days.REACH:
        raise LocalizedError("view.too_far")
    many = len(rosters) > 1
    parts = [days.week_text(session, roster, first_day, now, lang, many) for roster in rosters]
    turn = []
    for mark, near in (("◀", first_day - timedelta(days=7)), ("▶", first_day + timedelta(days=7))):
        if abs(near - today) <= days.REACH:
            turn.append(InlineKeyboardButton(mark, callback_data=_WEEK(near, tag)))
    if first_day != week_start(lang, today):
        turn.insert(1 if len(turn) == 2 else len(turn), button(lang, "view.this_week", _THIS_WEEK("now", tag)))
    return "\n\n".join(parts), [turn]


@for_people(in_trusted_groups=True)
async def on_week(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Turns to another week; in a group it keeps the language it was asked for in."""
    named = _WEEK.read(data_of(update))
    wanted, theirs = named if named is not None else (None, _THIS_WEEK.of(update)[1])
    tag = None
    if theirs is not None and not is_private(update):
        lang = tag = theirs
    app, now = app_of(context), app_of(context).clock()

    def look(session: Session) -> Page:
        return _week_page(session, wanted, now, lang, tag)

    await turn_to(update, context, app, look, lang)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("week", week))
    application.add_handler(handler(on_week, _WEEK, _THIS_WEEK))
