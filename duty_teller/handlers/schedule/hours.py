"""`/hours`: one's own hours of a month; for admins everybody's, with files for payroll and closing the month."""

import asyncio
from datetime import date, timedelta
from functools import partial
from typing import Final

from sqlmodel import Session
from telegram import InputFile, Update
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.domain.figures import HoursSheet
from duty_teller.exporters.hours_files import write_csv, write_xlsx
from duty_teller.handlers.common import App, Context, app_of, is_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.schedule.pages import Page, data_of
from duty_teller.handlers.transport.answers import answer, edit, reply, send_to_private
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import text_page
from duty_teller.i18n import LocalizedError, t
from duty_teller.i18n.lang import format_month
from duty_teller.services.export import file_name
from duty_teller.services.hours.report import close_everywhere, sheet
from duty_teller.services.people.access import Level, Person
from duty_teller.services.texts import days, people, typed_days
from duty_teller.services.texts import hours as texts
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import PAGE, declare, number, words

_NUMBER: Final = number(0, 999_999)
_OWN: Final = declare("hrs:o:", _NUMBER)
_ALL: Final = declare("hrs:a:", _NUMBER, PAGE)
_FILE: Final = declare("hrs:f:", _NUMBER, words("xlsx", "csv"))
_ASK_CLOSE: Final = declare("hrs:c:", _NUMBER)
_CLOSE: Final = declare("hrs:x:", _NUMBER)


@for_people()
async def hours(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows the hours of this month, or of one that is named: one's own, to admins everybody's."""
    if not is_private(update):
        await send_to_private(update, context, lang, "hours")
        return
    app, typed = app_of(context), " ".join(context.args or [])
    today = await app.db(partial(_today, app=app))
    month = typed_days.parse_month(typed, today) if typed else today
    if month is None:
        raise LocalizedError("view.no_month", text=typed[:32])
    wanted = people.month_number(month)
    text, rows = await (_everybody(app, lang, wanted) if person.is_admin else _own(app, person, lang, wanted))
    await reply(update, text, rows)


@for_people()
async def on_own(update: Update, context: Context, person: Person, lang: str) -> None:
    """Turns to one's own hours of a month."""
    values = _OWN.read(data_of(update))
    if values is None or not is_private(update):
        raise LocalizedError("bot.button_old")
    text, rows = await _own(app_of(context), person, lang, *values)
    await answer(update)
    await edit(update, context, text, rows)


@for_people(Level.ADMIN)
async def on_admin(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows everybody's hours, sends a file of them, or closes the month."""
    if not is_private(update):
        raise LocalizedError("bot.button_old")
    app, data = app_of(context), data_of(update)
    asked_for = next(
        (values[0] for kind in (_FILE, _ASK_CLOSE, _CLOSE) if (values := kind.read(data)) is not None), None
    )
    if asked_for is not None:
        await app.db(partial(_in_reach, app=app, number=asked_for))
    if (wanted := _FILE.read(data)) is not None:
        await answer(update)
        await _send(update, context, lang, *wanted)
        return
    if (asked := _ASK_CLOSE.read(data)) is not None:
        await answer(update)
        text = t(lang, "hours.ask_close", month=format_month(lang, people.first_of_month(asked[0])))
        row = [button(lang, "hours.close_now", _CLOSE(*asked)), button(lang, "hours.keep_open", _ALL(asked[0], 0))]
        await edit(update, context, text, [row])
        return
    if (closing := _CLOSE.read(data)) is not None:
        month = people.first_of_month(closing[0])
        close = partial(close_everywhere, month=month, author=person.full_name, now=app.clock())
        await app.db(close, write=True)
        number, page = closing[0], 0
    else:
        number, page = _ALL.read(data) or (0, 0)
    text, rows = await _everybody(app, lang, number, page)
    await answer(update)
    await edit(update, context, text, rows)


def _today(session: Session, app: App) -> date:
    return days.todays(repository.rosters(session), app.clock())


def _month(number: int) -> tuple[date, date]:
    return people.first_of_month(number), people.first_of_month(number + 1) - timedelta(days=1)


def _in_reach(session: Session, app: App, number: int) -> int:
    """Returns the number of this month.

    Raises:
        LocalizedError: `view.too_far`, another one is further than schedules go.
    """
    this = people.month_number(_today(session, app))
    if abs(number - this) > days.REACH.days // 31:
        raise LocalizedError("view.too_far")
    return this


def _turn(lang: str, number: int, this: int, data: partial[str]) -> list[Button]:
    reach = days.REACH.days // 31
    turns = (("◀ {}", number - 1), ("{} ▶", number + 1))
    return [
        Button(mark.format(format_month(lang, people.first_of_month(at))), data(at))
        for mark, at in turns
        if abs(at - this) <= reach
    ]


async def _own(app: App, person: Person, lang: str, number: int) -> Page:
    def look(session: Session) -> Page:
        this = _in_reach(session, app, number)
        found = sheet(session, *_month(number), user_id=person.user_id)
        rows = [_turn(lang, number, this, partial(_OWN))]
        if person.is_admin:
            rows.append([button(lang, "hours.to_everybody", _ALL(number, 0))])
        return texts.own_hours(found, person.user_id, lang), rows

    return await app.db(look)


async def _everybody(app: App, lang: str, number: int, page: int = 0) -> Page:
    def look(session: Session) -> tuple[HoursSheet, int]:
        this = _in_reach(session, app, number)
        return sheet(session, *_month(number)), this

    found, this = await app.db(look)
    text, more = text_page(texts.everybody(found, lang), page, partial(_ALL, number))
    rows = [*more, _turn(lang, number, this, partial(_all_of))]
    if found.details or found.closed:
        rows.append([button(lang, f"hours.to_{kind}", _FILE(number, kind)) for kind in ("xlsx", "csv")])
    closing = [button(lang, "hours.to_close", _ASK_CLOSE(number))] if number < this and not found.closed else []
    return text, [*rows, [button(lang, "hours.to_own", _OWN(number)), *closing]]


def _all_of(number: int) -> str:
    return _ALL(number, 0)


async def _send(update: Update, context: Context, lang: str, number: int, kind: str) -> None:
    app = app_of(context)
    found = await app.db(lambda session: sheet(session, *_month(number), lang=lang))
    data = await asyncio.to_thread(write_xlsx if kind == "xlsx" else write_csv, found, lang)
    caption = t(lang, "hours.sent", month=format_month(lang, found.first))
    chat = update.effective_chat
    if chat is not None:
        name = file_name(found.first, found.last, kind).replace("duty-", "hours-")
        await context.bot.send_document(chat.id, InputFile(data, name), caption=caption)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    application.add_handler(CommandHandler("hours", hours))
    application.add_handler(handler(on_own, _OWN))
    application.add_handler(handler(on_admin, _ALL, _FILE, _ASK_CLOSE, _CLOSE))
