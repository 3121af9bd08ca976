"""`/history` lists the last changes with author and reason; `/undo` offers to take the last one back."""

from html import escape
from typing import Final

from sqlmodel import Session
from telegram import InlineKeyboardButton, Update
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, Roster
from duty_teller.handlers.common import Context, answer, app_of, button, is_private, reply, send_to_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.transport.callbacks import PAGE, UNDO, declare, handler
from duty_teller.handlers.transport.editing import edit
from duty_teller.i18n import t
from duty_teller.services import history as history_service
from duty_teller.services.history import ChangeView
from duty_teller.services.people.access import Level, Person
from duty_teller.services.texts.duty import moment_text

_A_PAGE: Final = 8
_LIST: Final = declare("history:", PAGE)


def _line(lang: str, change: ChangeView, rosters: dict[int, Roster]) -> str:
    """Writes a change; where there are several rosters, it is said whose schedule changed."""
    roster = rosters[change.roster_id]
    whose = f" · 📋 {escape(roster.name)}" if len(rosters) > 1 else ""
    kind = "redo" if change.redoes else change.kind
    what = t(lang, f"history.kind_{kind}", reason=escape(change.reason) or "—")
    counts = [f"{sign}{n}" for sign, n in (("+", change.added), ("−", change.removed), ("~", change.changed)) if n]
    head = f"{moment_text(lang, change.at, roster.timezone)}, {escape(change.author)}{whose}"
    line = f"{head}\n{what} {' '.join(counts)}".rstrip()
    return f"<s>{line}</s>" if change.undone else line


def _rosters(session: Session) -> dict[int, Roster]:
    return {roster.id or 0: roster for roster in repository.rosters(session)}


def _page(session: Session, lang: str, page: int) -> tuple[str, list[list[InlineKeyboardButton]]]:
    rosters = _rosters(session)
    found = history_service.recent_changes(session, rosters, _A_PAGE + 1, skip=page * _A_PAGE)
    if not found:
        return t(lang, "history.none"), []
    shown = found[:_A_PAGE]
    text = "\n\n".join(f"<b>{change.id}.</b> {_line(lang, change, rosters)}" for change in shown)
    open_ones = [change for change in shown if not change.undone]
    rows = [
        [button(lang, "history.undo_one", UNDO(c.id), number=c.id) for c in open_ones[i : i + 3]] for i in (0, 3, 6)
    ]
    turn = [InlineKeyboardButton("◀", callback_data=_LIST(page - 1))] if page else []
    turn += [InlineKeyboardButton("▶", callback_data=_LIST(page + 1))] if len(found) > _A_PAGE else []
    return text, [row for row in (*rows, turn) if row]


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
async def undo(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows the last change that stands, with the button that takes it back."""
    if not is_private(update):
        await send_to_private(update, context, lang, "undo")
        return

    def look(session: Session) -> tuple[str, int] | None:
        rosters = _rosters(session)
        for change in history_service.recent_changes(session, rosters, 50):
            if not change.undone and change.kind != ChangeKind.UNDO:
                return _line(lang, change, rosters), change.id
        return None

    found = await app_of(context).db(look)
    if found is None:
        await reply(update, t(lang, "error.undo_unknown"))
        return
    line, change_id = found
    await reply(update, f"{t(lang, 'history.last')}\n\n{line}", [[button(lang, "history.undo", UNDO(change_id))]])


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers; the button itself is the import dialogue's."""
    application.add_handler(CommandHandler("history", history))
    application.add_handler(CommandHandler("undo", undo))
    application.add_handler(handler(on_page, _LIST))
