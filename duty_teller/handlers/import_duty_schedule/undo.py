"""Undo and Redo under a change: an import in its own words, any other change in those of the history."""

from html import escape

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application

from duty_teller.db.models import ChangeKind, Roster, ScheduleChange
from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.transport.answers import answer, edit
from duty_teller.handlers.transport.callbacks import REDO, UNDO, handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.i18n import LocalizedError, t
from duty_teller.services import history, schedule_service
from duty_teller.services.people.access import Level, Person
from duty_teller.services.rosters import rosters
from duty_teller.services.schedule_service import Author
from duty_teller.services.texts.changes import clash_lines
from duty_teller.services.texts.history import sentence


@for_people(Level.ADMIN)
async def on_undo(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes a change back by its button, or that taking back."""
    query = update.callback_query
    if query is None:
        return
    app, now = app_of(context), app_of(context).clock()
    undoes = UNDO.read(query.data) is not None
    (change_id,) = (UNDO if undoes else REDO).of(update)
    author = Author(person.user_id, person.full_name)

    def take_back(session: Session) -> tuple[int, str, bool, list[str]]:
        stored = session.get(ScheduleChange, change_id)
        if stored is not None:
            rosters.get(session, stored.roster_id)
        diffs = schedule_service.plan_undo(session, change_id)
        warned = [line for diff in diffs for line in clash_lines(session, lang, diff)]
        change = schedule_service.undo(session, change_id, author, now)
        return change.id or 0, _what(session, lang, change), _is_of_import(session, change), warned

    try:
        undo_id, what, of_import, warned = await app.db(take_back, write=True)
    except LocalizedError as error:
        await answer(update, error.text(lang))
        return
    await answer(update)
    done, offered = ("undone", "redo") if undoes else ("redone", "undo")
    text_key = f"import.chat.{done}" if of_import else f"history.{done}"
    label_key = f"import.chat.{offered}" if of_import else f"history.{offered}"
    text = "\n".join([t(lang, text_key, name=escape(what)), *map(escape, warned)])
    await edit(update, context, text, [[button(lang, label_key, (REDO if undoes else UNDO)(undo_id))]])


def _what(session: Session, lang: str, change: ScheduleChange) -> str:
    """Returns what was taken back: of an import the file, else who did what."""
    view = history.view(session, change.id or 0)
    if view is None or view.original is None or view.original.kind == ChangeKind.IMPORT:
        return change.reason
    return sentence(session, lang, view.original, session.get_one(Roster, change.roster_id))


def _is_of_import(session: Session, change: ScheduleChange) -> bool:
    """Tells whether an undo, through however many others, goes back to an import."""
    while change.undoes_id is not None:
        change = session.get_one(ScheduleChange, change.undoes_id)
    return change.kind == ChangeKind.IMPORT


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handler."""
    application.add_handler(handler(on_undo, UNDO, REDO))
