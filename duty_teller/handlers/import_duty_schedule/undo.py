"""Undo and Redo under a change: an import in its own words, any other change in those of the history."""

from html import escape

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application

from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.transport.answers import answer, edit
from duty_teller.handlers.transport.callbacks import REDO, UNDO, handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.i18n import LocalizedError, t
from duty_teller.services import editing
from duty_teller.services.editing import TakenBack
from duty_teller.services.people.access import Level, Person


@for_people(Level.ADMIN)
async def on_undo(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes a change back by its button, or that taking back."""
    query = update.callback_query
    if query is None:
        return
    app, now = app_of(context), app_of(context).clock()
    undoes = UNDO.read(query.data) is not None
    (change_id,) = (UNDO if undoes else REDO).of(update)

    def take_back(session: Session) -> TakenBack:
        return editing.take_back(session, lang, person, change_id, now)

    try:
        taken = await app.db(take_back, write=True)
    except LocalizedError as error:
        await answer(update, error.text(lang))
        return
    await answer(update)
    done, offered = ("undone", "redo") if undoes else ("redone", "undo")
    text_key = f"import.chat.{done}" if taken.of_import else f"history.{done}"
    label_key = f"import.chat.{offered}" if taken.of_import else f"history.{offered}"
    text = "\n".join([t(lang, text_key, name=escape(taken.what)), *map(escape, taken.warned)])
    await edit(update, context, text, [[button(lang, label_key, (REDO if undoes else UNDO)(taken.change_id))]])


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handler."""
    application.add_handler(handler(on_undo, UNDO, REDO))
