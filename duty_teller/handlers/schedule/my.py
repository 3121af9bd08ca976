"""`/my`: one's own shifts, month by month."""

from functools import partial
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.handlers.common import App, Context, app_of, is_private
from duty_teller.handlers.guard import for_people, refusal
from duty_teller.handlers.schedule import cover
from duty_teller.handlers.schedule.pages import Page, app_rows, data_of
from duty_teller.handlers.transport.answers import answer, edit, reply, send_to_private
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import text_page
from duty_teller.i18n import LocalizedError, t
from duty_teller.i18n.lang import format_month
from duty_teller.services.cover_service import swaps
from duty_teller.services.people.access import Person
from duty_teller.services.texts import days, people, typed_days
from duty_teller.services.texts.notices import MY_SHIFTS
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import PAGE, declare, number

_NUMBER: Final = number(0, 999_999)
_MONTH: Final = declare("my:p:", _NUMBER)
_MORE: Final = declare("my:m:", _NUMBER, PAGE)
"""Pages of a month that is longer than a message."""


@for_people()
async def my(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows one's own shifts of this month, or of one that is named."""
    if not is_private(update):
        await send_to_private(update, context, lang, "my")
        return
    app, typed = app_of(context), " ".join(context.args or [])
    shown = None
    if typed:
        today = await app.db(lambda session: days.todays(repository.rosters(session), app.clock()))
        month = typed_days.parse_month(typed, today)
        if month is None:
            raise LocalizedError("view.no_month", text=typed[:32])
        shown = people.month_number(month)
    text, rows = await _my_page(app, person, lang, 0, shown)
    await reply(update, text, rows + app_rows(update, context, person, lang))


@for_people()
async def on_my(update: Update, context: Context, person: Person, lang: str) -> None:
    """Turns to another month in place (`my:p:<number>`), or answers with a new message (`my:<months from now>`)."""
    if not is_private(update):
        await answer(update)
        await send_to_private(update, context, lang, "my")
        return
    app = app_of(context)
    month, more = _MONTH.read(data_of(update)), _MORE.read(data_of(update))
    turned = month is not None or more is not None
    try:
        if more is not None:
            text, rows = await _my_page(app, person, lang, 0, *more)
        elif month is not None:
            text, rows = await _my_page(app, person, lang, 0, month[0])
        else:
            text, rows = await _my_page(app, person, lang, MY_SHIFTS.of(update)[0], None)
    except LocalizedError as error:
        await answer(update, await refusal(update, context, error, lang))
        return
    await answer(update)
    if turned:
        await edit(update, context, text, rows + app_rows(update, context, person, lang))
    else:
        await reply(update, text, rows + app_rows(update, context, person, lang))


async def _my_page(app: App, person: Person, lang: str, months: int, named: int | None, page: int = 0) -> Page:
    """Returns the page of a month (by its number, or so many months from now), of a long one a part.

    Raises:
        LocalizedError: `view.too_far`.
    """
    now = app.clock()

    def look(session: Session) -> Page:
        rosters = repository.rosters(session)
        today = days.todays(rosters, now)
        this = people.month_number(today)
        wanted = this + months if named is None else named
        reach = days.REACH.days // 31
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
                turn.append(Button(label, _MONTH(at)))
        own = swaps.own_shifts(session, person.user_id, now)
        act = [[button(lang, "cover.to_shifts", cover.LIST(0))]] if own and wanted == this else []
        back = [[button(lang, "view.this_month", _MONTH(this))]] if wanted != this else []
        whole = people.month_text(session, person.user_id, rosters, wanted, now, lang)
        text, more = text_page(whole, page, partial(_MORE, wanted))
        return text, [*more, turn, *back, *act]

    return await app.db(look)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("my", my))
    application.add_handler(handler(on_my, _MONTH, _MORE, MY_SHIFTS))
