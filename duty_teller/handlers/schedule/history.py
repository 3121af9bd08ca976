"""`/history` tells who changed what, with an undo for each change; `/undo` offers to take the last one back."""

from datetime import datetime
from typing import Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, Roster
from duty_teller.handlers.common import Context, app_of, is_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.schedule.pages import Page, looked_up
from duty_teller.handlers.transport.answers import answer, edit, reply, send_to_private
from duty_teller.handlers.transport.callbacks import REDO, UNDO, handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import turning
from duty_teller.i18n import LocalizedError, t
from duty_teller.services import history as history_service
from duty_teller.services.history import ChangeView
from duty_teller.services.people.access import Level, Person
from duty_teller.services.schedule_service import NothingToUndoError
from duty_teller.services.texts import history as texts
from duty_teller.utils.callback_data import ID, PAGE, declare

_A_PAGE: Final = 5
_LIST: Final = declare("history:", PAGE)
_ASK: Final = declare("history_undo:", ID, PAGE)
"""A change, and the page of the list it is on."""


def _rosters(session: Session) -> dict[int, Roster]:
    return {roster.id or 0: roster for roster in repository.rosters(session)}


def _page(session: Session, lang: str, page: int) -> Page:
    rosters = _rosters(session)
    found = history_service.recent_changes(session, rosters, _A_PAGE + 1, skip=page * _A_PAGE)
    if not found:
        return t(lang, "history.none"), turning(page, False, _LIST)
    rows = []
    entries = []
    for change in found[:_A_PAGE]:
        roster = rosters[change.roster_id]
        entries.append(texts.entry(session, lang, change, roster, len(rosters) > 1))
        if not change.undone:
            key = "history.redo_one" if texts.takes_undo_back(change) else "history.undo_one"
            what = texts.label(session, lang, change, roster)
            rows.append([button(lang, key, _ASK(change.id, page), what=what)])
    return "\n\n".join(entries), [*rows, *turning(page, len(found) > _A_PAGE, _LIST)]


def _preview(session: Session, lang: str, change: ChangeView, now: datetime, page: int | None = None) -> Page:
    """Returns what taking a change back would do, with the button that does it.

    Raises:
        LocalizedError: It cannot be taken back, and why.
    """
    rosters = _rosters(session)
    if change.roster_id not in rosters:
        raise LocalizedError("rosters.gone")
    text = texts.undo_preview(session, lang, change, rosters, now)
    rows = [
        [
            button(
                lang,
                "history.redo" if texts.takes_undo_back(change) else "history.undo",
                (REDO if texts.takes_undo_back(change) else UNDO)(change.id),
            )
        ]
    ]
    return text, rows if page is None else [*rows, [button(lang, "history.back", _LIST(page))]]


@for_people(Level.ADMIN)
async def history(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows the newest changes."""
    if not is_private(update):
        await send_to_private(update, context, lang, "history")
        return
    text, rows = await app_of(context).db(lambda session: _page(session, lang, 0))
    await reply(update, text, rows)


@for_people(Level.ADMIN)
async def on_page(update: Update, context: Context, person: Person, lang: str) -> None:
    """Turns the page."""
    await answer(update)
    (page,) = _LIST.of(update)
    text, rows = await app_of(context).db(lambda session: _page(session, lang, page))
    await edit(update, context, text, rows)


@for_people(Level.ADMIN)
async def on_ask(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows what an undo would do, or says what is in its way."""
    change_id, page = _ASK.of(update)
    app = app_of(context)

    def look(session: Session) -> Page:
        change = history_service.view(session, change_id)
        if change is None:
            raise NothingToUndoError("error.undo_unknown")
        return _preview(session, lang, change, app.clock(), page)

    found = await looked_up(update, app, look, lang)
    if found is not None:
        await edit(update, context, *found)


@for_people(Level.ADMIN)
async def undo(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows what taking back the last change would do, with the button that does it."""
    if not is_private(update):
        await send_to_private(update, context, lang, "undo")
        return
    app = app_of(context)

    def look(session: Session) -> Page | None:
        for change in history_service.recent_changes(session, _rosters(session), 50):
            if not change.undone and change.kind != ChangeKind.UNDO:
                return _preview(session, lang, change, app.clock())
        return None

    try:
        found = await app.db(look)
    except LocalizedError as error:
        await reply(update, error.text(lang))
        return
    await reply(update, *(found if found is not None else (t(lang, "error.undo_unknown"), [])))


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers; the button that undoes is the import dialogue's."""
    application.add_handler(CommandHandler("history", history))
    application.add_handler(CommandHandler("undo", undo))
    application.add_handler(handler(on_page, _LIST))
    application.add_handler(handler(on_ask, _ASK))
