"""`/week`: a week, day by day."""

from datetime import date, datetime, timedelta

from sqlmodel import Session
from telegram import InlineKeyboardButton, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler

from duty_teller.db import repository
from duty_teller.handlers.common import Context, app_of, button, is_private, reply
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.schedule.pages import Page, app_rows, data_of, tag_of, turn_to
from duty_teller.i18n import LANGUAGES, LocalizedError
from duty_teller.i18n.lang import week_start
from duty_teller.services.people.access import Person
from duty_teller.services.texts import days, typed_days
from duty_teller.utils.dates import parse_date


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


def _week_page(session: Session, wanted: date | None, now: datetime, lang: str, tag: str) -> Page:
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
            turn.append(InlineKeyboardButton(mark, callback_data=f"week:{near.isoformat()}{tag}"))
    if first_day != week_start(lang, today):
        turn.insert(1 if len(turn) == 2 else len(turn), button(lang, "view.this_week", f"week:now{tag}"))
    return "\n\n".join(parts), [turn]


@for_people(in_trusted_groups=True)
async def on_week(update: Update, context: Context, person: Person | None, lang: str) -> None:
    """Turns to another week; in a group it keeps the language it was asked for in."""
    _week, where, *rest = data_of(update).split(":")
    tag = ""
    if rest and not is_private(update):
        lang, tag = rest[0], f":{rest[0]}"
    app, now = app_of(context), app_of(context).clock()

    def look(session: Session) -> Page:
        return _week_page(session, None if where == "now" else parse_date(where), now, lang, tag)

    await turn_to(update, context, app, look, lang)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("week", week))
    spoken = "|".join(LANGUAGES)
    application.add_handler(CallbackQueryHandler(on_week, pattern=rf"^week:(now|\d{{4}}-\d\d-\d\d)(:({spoken}))?$"))
