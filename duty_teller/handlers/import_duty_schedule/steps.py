"""What the steps of an import share: the one message that is edited in place, and the questions before the file."""

import logging
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Bot, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError

from duty_teller.db.models import Roster
from duty_teller.handlers.common import App, Context, app_of
from duty_teller.handlers.settings.pages import roster_rows
from duty_teller.handlers.transport.failures import Kind, failure_of
from duty_teller.handlers.transport.keyboards import button, markup_of
from duty_teller.handlers.transport.paging import message_texts
from duty_teller.i18n import t
from duty_teller.services.import_service import drafts
from duty_teller.services.import_service.drafts import Draft
from duty_teller.services.rosters import rosters
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import ID, ID_OR_ALL, declare, typed, words
from duty_teller.utils.handover import AmbiguousHandoverError, Handover
from duty_teller.utils.zones import zone_label

logger = logging.getLogger(__name__)

STEP: Final = declare("imp:", ID, words("x", "ho", "ask", "missing", "apply", "how", "team", "same"))
ZONE: Final = declare("imp:", ID, words("hz"), typed(r"[0-9]{2}:[0-9]{2} [A-Za-z0-9_/+-]{1,30}", "09:00 Europe/London"))
"""A hand-over whose zone was typed as an abbreviation."""
NUMBERED: Final = declare("imp:", ID, words("rp", "r", "again"), ID_OR_ALL)
"""A page of rosters, a roster, or how many answers there were when the button was made."""


def cancel(lang: str, draft: Draft) -> Button:
    """Makes the button that leaves the import."""
    return button(lang, "import.chat.cancel", STEP(draft.id, "x"))


def leaving(lang: str, draft: Draft) -> list[Button]:
    """Makes the last row under a question: back to the one before, if there is one, and out."""
    back = [button(lang, "settings.back", NUMBERED(draft.id, "again", draft.answered))] if draft.answered else []
    return [*back, cancel(lang, draft)]


async def show(
    update: Update, context: Context, draft: Draft, text: str, buttons: Keyboard | None, new: bool = False
) -> None:
    """Edits the draft's message, or sends a new one below what was written in the meantime."""
    await show_by(app_of(context), context.bot, draft, text, buttons, new)


async def show_by(app: App, bot: Bot, draft: Draft, text: str, buttons: Keyboard | None, new: bool = False) -> None:
    """Does what `show` does, where no update is at hand."""
    *before, text = message_texts(text)
    for part in before:
        await bot.send_message(draft.chat_id, part, parse_mode=ParseMode.HTML)
        new = True  # the buttons stand below all of it
    markup = markup_of(buttons)
    if not new and draft.message_id is not None:
        try:
            await bot.edit_message_text(
                text, draft.chat_id, draft.message_id, parse_mode=ParseMode.HTML, reply_markup=markup
            )
            return
        except TelegramError as error:
            failure = failure_of(error, draft.chat_id)
            if failure.kind is Kind.UNCHANGED:
                return
            if not failure.is_for_good or failure.forbidden:
                raise
            logger.info("the import's message could not be edited (%s); a new one is sent", error)
    sent = await bot.send_message(draft.chat_id, text, parse_mode=ParseMode.HTML, reply_markup=markup)
    await app.db(partial(drafts.set_message, draft_id=draft.id, message_id=sent.message_id), write=True)


async def ask_roster(
    update: Update, context: Context, draft: Draft, lang: str, new: bool = False, page: int = 0
) -> None:
    """Asks into which roster the file goes."""
    live = await app_of(context).db(rosters.live)
    rows = roster_rows(live, partial(NUMBERED, draft.id, "r"), partial(NUMBERED, draft.id, "rp"), page)
    head = f"<b>{escape(draft.file_name)}</b>\n" if draft.file_name else ""
    await show(update, context, draft, head + t(lang, "rosters.ask_import"), [*rows, [cancel(lang, draft)]], new)


async def ask_handover(update: Update, context: Context, draft: Draft, lang: str, new: bool = False) -> None:
    """Asks for the hand-over; the button is the roster's own."""
    handover = str(await app_of(context).db(partial(handover_of, roster_id=draft.roster_id)))
    text = await titled(context, draft, t(lang, "import.chat.ask_handover"))
    buttons = [[Button(handover, STEP(draft.id, "ho"))], [cancel(lang, draft)]]
    await show(update, context, draft, text, buttons, new)


async def ask_zone(update: Update, context: Context, draft: Draft, lang: str, error: AmbiguousHandoverError) -> None:
    """Asks which zone is meant by an abbreviation; typing the hand-over again answers, too."""
    rows = [[Button(zone_label(lang, one.timezone), ZONE(draft.id, "hz", str(one)))] for one in error.handovers]
    text = await titled(context, draft, t(lang, "settings.ask_zone", zone=escape(error.typed)))
    await show(update, context, draft, text, [*rows, [cancel(lang, draft)]], new=True)


def handover_of(session: Session, roster_id: int) -> Handover:
    """Returns the hand-over of a roster."""
    roster = session.get_one(Roster, roster_id)
    return Handover(roster.handover_at, roster.timezone)


async def titled(context: Context, draft: Draft, text: str) -> str:
    """Heads a text with the roster's name, where there are several."""
    name = await app_of(context).db(partial(rosters.shown_name, roster_id=draft.roster_id))
    return f"📋 <b>{escape(name)}</b>\n{text}" if name else text


async def ask_file(update: Update, context: Context, draft: Draft, lang: str, new: bool = False) -> None:
    """Asks for the file."""
    text = await titled(context, draft, t(lang, "import.chat.ask_file", handover=escape(draft.handover or "")))
    await show(update, context, draft, text, [[cancel(lang, draft)]], new=new)
