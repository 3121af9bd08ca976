"""`/change`: an admin gives a shift away, cuts, moves, removes, adds or annotates one; first what that causes.

Two admins do not meet unawares: what is applied is what was shown, or it is said what has changed since.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from html import escape
from typing import Any, Final

from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, CommandHandler

from duty_teller.db import repository
from duty_teller.domain.notes import clean_note
from duty_teller.handlers.common import Context, app_of, is_private
from duty_teller.handlers.guard import for_people, refusal
from duty_teller.handlers.schedule.change_line import resolve, typed_name, typed_new, typed_times
from duty_teller.handlers.schedule.change_pages import (
    APPLY,
    ASK,
    CHANGE_DAY,
    NEW,
    POSITION,
    REASON,
    SHIFTS_OF,
    SHOW,
    TO_WHOM,
    Preview,
    back_button,
    day_page,
    new_page,
    note_page,
    position_page,
    preview_page,
    roster_of,
    shift_page,
    shifts_of_page,
    whom_page,
)
from duty_teller.handlers.schedule.pages import Page
from duty_teller.handlers.transport import typed_text
from duty_teller.handlers.transport.answers import answer, edit, reply, send_to_private
from duty_teller.handlers.transport.callbacks import UNDO, handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.i18n import LocalizedError, t
from duty_teller.services import dialogues, editing
from duty_teller.services.dialogues import Waiting
from duty_teller.services.editing import EditMovedError, Seen, positions
from duty_teller.services.people.access import Level, Person
from duty_teller.services.rosters.own import first_of
from duty_teller.services.schedule_service import asked_edits
from duty_teller.services.schedule_service.asked_edits import SHIFT, AskedEdit, EditKind
from duty_teller.services.texts.duty import span_text
from duty_teller.services.texts.typed_change import split_note
from duty_teller.utils.dates import local_day

KIND: Final = "change"
"""Of the dialogue."""


@for_people(Level.ADMIN)
async def change(update: Update, context: Context, person: Person, lang: str) -> None:
    """Shows today's shifts; with a day, times or a name what they mean, down to the preview of one line."""
    if not is_private(update):
        await send_to_private(update, context, lang, "change")
        return
    app, line = app_of(context), " ".join(context.args or [])
    now = app.clock()

    def look(session: Session) -> Page | AskedEdit:
        rosters = repository.rosters(session)
        if not rosters:
            raise LocalizedError("view.no_roster_admin")
        roster = first_of(session, rosters, person.user_id, None, now)
        if not line:
            return day_page(session, lang, local_day(now, roster.timezone), roster, now)
        return resolve(session, lang, line, roster, now)

    found = await app.db(look)
    if isinstance(found, AskedEdit):
        await _show(update, context, person, lang, found)
        return
    await reply(update, *found)
    if note := split_note(line)[1]:  # which shift it is for has to be chosen
        await typed_text.wait_for_text(update, context, person, KIND, {"what": "which", "text": note})


async def _show(update: Update, context: Context, person: Person, lang: str, asked: AskedEdit) -> None:
    """Shows the preview of an edit."""
    app = app_of(context)
    shown = await app.db(lambda session: preview_page(session, lang, asked, app.clock()))
    await _show_preview(update, context, person, asked, shown, new=True)


async def _show_preview(
    update: Update,
    context: Context,
    person: Person,
    asked: AskedEdit,
    shown: Preview,
    new: bool,
) -> None:
    sent = None
    if new:
        sent = await reply(update, *shown.page)
    else:
        await edit(update, context, *shown.page)
    payload: dict[str, Any] | None = None
    if shown.past:
        payload = {"what": "reason", "edit": str(asked), "seen": list(shown.seen)}
    elif asked.note is not None:  # no button can hold it
        payload = {"what": "note", "edit": str(asked), "text": asked.note}
    if payload is not None:
        await typed_text.wait_for_text(update, context, person, KIND, payload, sent.message_id if sent else None)


def _with_note(session: Session, person: Person, asked: AskedEdit, now: datetime) -> AskedEdit:
    """Returns an edit with the note that was typed for it, if it is one of a note."""
    if asked.kind != EditKind.NOTE:
        return asked
    waiting = dialogues.current(session, person.user_id, now)
    text = waiting.payload.get("text") if waiting is not None and waiting.kind == KIND else None
    return replace(asked, note=text)


@for_people(Level.ADMIN)
async def on_change(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes a tap on a button of these pages."""
    if not is_private(update):
        await answer(update)
        await send_to_private(update, context, lang, "change")
        return
    app, now = app_of(context), app_of(context).clock()
    data = update.callback_query.data if update.callback_query is not None else None
    shown, applied, reasoned, question = SHOW.read(data), APPLY.read(data), REASON.read(data), ASK.read(data)
    if applied is not None:
        _look_when(data, now)
        asked = await app.db(partial(_with_note, person=person, asked=applied[0], now=now))
        await _apply(update, context, person, lang, asked, (applied[1], applied[2]), "")
        return
    if shown is not None:
        shown = (await app.db(partial(_with_note, person=person, asked=shown[0], now=now)),)

    def look(session: Session) -> Any:
        _look_when(data, now)
        if shown is not None:
            return preview_page(session, lang, shown[0], now)
        if (on_day := CHANGE_DAY.read(data)) is not None:
            return day_page(session, lang, on_day[0], roster_of(session, on_day[1]), now, on_day[2])
        if (one := SHIFT.read(data)) is not None:
            return shift_page(session, lang, one[0], now)
        if (theirs := SHIFTS_OF.read(data)) is not None:
            return shifts_of_page(session, lang, theirs[0], roster_of(session, theirs[1]), now, theirs[2])
        if (whom := TO_WHOM.read(data)) is not None:
            return whom_page(session, lang, *whom)
        if (new := NEW.read(data)) is not None:
            return new_page(session, lang, new[0], roster_of(session, new[1]))
        if (placed := POSITION.read(data)) is not None:
            return position_page(session, lang, placed[0])
        if question is not None and question[0] == "note":
            return note_page(session, lang, question[1])
        asked = reasoned[0] if reasoned is not None else ASK.of(update)[1]
        roster = roster_of(session, asked.roster_id)
        key = "change.ask_reason" if question is None else f"change.ask_{question[0]}"
        span = span_text(lang, asked.start, asked.end, roster.timezone)
        return f"<b>{escape(span)}</b>\n{t(lang, key)}", [[back_button(lang, roster, asked)]]

    try:
        page = await app.db(look)
    except LocalizedError as error:
        await answer(update, await refusal(update, context, error, lang))
        return
    await answer(update)
    if shown is not None:
        await _show_preview(update, context, person, shown[0], page, new=False)
        return
    await edit(update, context, *page)
    payload = _waited_for(data)
    if payload is not None:
        await typed_text.wait_for_text(update, context, person, KIND, payload)


def _look_when(data: object, now: datetime) -> None:
    """Looks that a button is about a time that pages reach; no other is shown, but one can be forged.

    Raises:
        LocalizedError: `view.too_far`.
    """
    read = (kind.read(data) for kind in (CHANGE_DAY, NEW))
    moments = [datetime.combine(found[0], time(12), UTC) for found in read if found is not None]
    edits = (kind.read(data) for kind in (SHIFT, TO_WHOM, POSITION, SHOW, APPLY, REASON))
    asked = [found[0] for found in edits if found is not None]
    if (question := ASK.read(data)) is not None:
        asked.append(question[1])
    moments += [moment for one in asked for moment in (one.start, one.end)]
    editing.check_reach(now, *moments)


def _waited_for(data: object) -> dict[str, Any] | None:
    """Returns what is to be typed behind a button."""
    if (question := ASK.read(data)) is not None:
        return {"what": question[0], "edit": str(question[1])}
    if (reasoned := REASON.read(data)) is not None:
        return {"what": "reason", "edit": str(reasoned[0]), "seen": list(reasoned[1:])}
    if (whom := TO_WHOM.read(data)) is not None:
        return {"what": "whom", "edit": str(whom[0])}
    if (new := NEW.read(data)) is not None:
        return {"what": "add", "day": new[0].isoformat(), "roster": new[1]}
    return None


async def _on_typed(update: Update, context: Context, person: Person, lang: str, waiting: Waiting) -> None:
    """Takes what was typed: times, a name, a reason.

    Raises:
        LocalizedError: It does not suit the question, which stays open.
    """
    message, app = update.effective_message, app_of(context)
    text = ((message.text if message is not None else None) or "").strip()
    payload, now = waiting.payload, app.clock()
    if not person.is_admin:  # no longer
        await typed_text.end(app, person.user_id)
        raise LocalizedError("bot.admins_only")
    if payload["what"] == "reason":
        await typed_text.end(app, person.user_id)
        asked = AskedEdit.parse(payload["edit"])
        fingerprint, revision = payload["seen"]
        await _apply(update, context, person, lang, asked, (fingerprint, revision), text)
        return
    if payload["what"] == "which":
        raise LocalizedError("change.which_shift")

    def look(session: Session) -> Page | AskedEdit:
        if payload["what"] == "add":
            roster = roster_of(session, payload["roster"])
            asked = typed_new(roster, date.fromisoformat(payload["day"]), text, local_day(now, roster.timezone))
            if positions(session, asked.roster_id, asked.start):
                return position_page(session, lang, asked)
            return whom_page(session, lang, asked, 0)
        asked = AskedEdit.parse(payload["edit"])
        roster = roster_of(session, asked.roster_id)
        if payload["what"] == "whom":
            return typed_name(session, lang, text, asked)
        if payload["what"] == "note":
            note = clean_note(text)
            return replace(asked, kind=EditKind.CLEAR if note is None else EditKind.NOTE, note=note)
        asked = typed_times(session, roster, asked, payload["what"], text, local_day(now, roster.timezone))
        return whom_page(session, lang, asked, 0) if payload["what"] == "part" else asked

    found = await app.db(look)
    await typed_text.end(app, person.user_id)
    if isinstance(found, AskedEdit):
        await _show(update, context, person, lang, found)
        return
    await reply(update, *found)


async def _apply(
    update: Update, context: Context, person: Person, lang: str, asked: AskedEdit, seen: tuple[str, int], reason: str
) -> None:
    """Applies an edit as it was shown; what has changed since is said, with how it would be now."""
    app, now = app_of(context), app_of(context).clock()

    def work(session: Session) -> tuple[int, str] | None:
        try:
            return editing.apply(session, lang, person, asked, Seen(*seen), reason, now)
        except EditMovedError:
            return None

    def look_again(session: Session) -> Preview:
        moved = asked_edits.changed_since(session, asked.roster_id, seen[1])
        return preview_page(session, lang, asked, now, moved)

    try:
        done = await app.db(work, write=True)
        page = await app.db(look_again) if done is None else None
    except LocalizedError as error:
        since = await app.db(partial(asked_edits.changed_since, roster_id=asked.roster_id, revision=seen[1]))
        text = "\n".join([error.text(lang), *(f"• {one.text(lang)}" for one in since[-2:])])
        await (answer(update, text) if update.callback_query is not None else reply(update, escape(text)))
        return
    await answer(update)
    is_new = update.callback_query is None
    if page is not None:
        await _show_preview(update, context, person, asked, page, new=is_new)
        return
    assert done is not None  # noqa: S101  # else there is a page
    change_id, what = done
    if asked.kind in (EditKind.NOTE, EditKind.CLEAR):  # what is typed from now on is about something else
        await typed_text.end(app, person.user_id)
    text, rows = f"{t(lang, 'change.done')}\n{escape(what)}", [[button(lang, "history.undo", UNDO(change_id))]]
    await (reply(update, text, rows) if is_new else edit(update, context, text, rows))


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    typed_text.takes_text(KIND, _on_typed)
    application.add_handler(CommandHandler("change", change))
    kinds = (CHANGE_DAY, SHIFT, SHIFTS_OF, TO_WHOM, ASK, NEW, POSITION, SHOW, APPLY, REASON)
    application.add_handler(handler(on_change, *kinds))
