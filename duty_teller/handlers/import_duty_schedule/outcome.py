"""What became of an Apply: told by the handler that applied, and by the tick where that one could not."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from html import escape

from sqlmodel import Session
from telegram import Bot, ReplyParameters
from telegram.error import TelegramError

from duty_teller.handlers.common import App
from duty_teller.handlers.import_duty_schedule.steps import show_by
from duty_teller.handlers.transport.callbacks import UNDO
from duty_teller.handlers.transport.failures import Kind, failure_of
from duty_teller.handlers.transport.keyboards import button
from duty_teller.i18n import get_lang, t
from duty_teller.services.import_service import applying
from duty_teller.services.import_service.applying import Applied, Untold
from duty_teller.services.import_service.drafts import Draft
from duty_teller.services.people import accounts
from duty_teller.services.rosters import rosters
from duty_teller.services.texts.notices import UNINVITED
from duty_teller.utils.buttons import Keyboard

logger = logging.getLogger(__name__)


@contextmanager
def busy_with(app: App, draft: Draft) -> Iterator[None]:
    """Says that a handler applies a draft and tells the outcome itself."""
    app.applying.add(draft.id)
    try:
        yield
    finally:
        app.applying.discard(draft.id)


async def show_applied(app: App, bot: Bot, draft: Draft, applied: Applied, lang: str) -> None:
    """Shows in the preview's message what was done, with Undo; then nothing is left of the draft."""
    name = await app.db(partial(rosters.shown_name, roster_id=draft.roster_id))
    head = f"📋 <b>{escape(name)}</b>\n" if name else ""
    text = f"{head}✅ {t(lang, 'import.chat.applied')}\n{escape(applied.facts)}\n\n{t(lang, 'import.chat.next_step')}"
    rows: Keyboard = []
    if applied.change_id is not None:
        rows.append([button(lang, "import.chat.undo", UNDO(applied.change_id))])
    if applied.unlinked:
        rows.append([button(lang, "import.chat.invite", UNINVITED(0), n=applied.unlinked)])
    await show_by(app, bot, draft, text, rows)
    await app.db(partial(applying.end, draft_id=draft.id), write=True)


async def tell_outcomes(app: App, bot: Bot, now: datetime) -> tuple[bool, datetime | None]:
    """Tells what became of every Apply that was cut short, by a stop or by Telegram; is a chore of the tick.

    What was written is shown in the preview's message. Where nothing was, the preview still has its Apply: a reply
    to it says so.

    Returns:
        Whether something has to be tried again, and None: nothing of it waits for an instant.
    """

    def look(session: Session) -> list[tuple[Untold, str]]:
        default = app.settings.default_language
        return [
            (found, get_lang(accounts.find(session, found.draft.owner_id), default))
            for found in applying.untold(session)
        ]

    again = False
    for found, lang in await app.db(look):
        draft = found.draft
        if draft.id in app.applying:
            again = True
            continue
        try:
            if found.applied is not None:
                await show_applied(app, bot, draft, found.applied, lang)
            else:
                reply = ReplyParameters(draft.message_id or 0, allow_sending_without_reply=True)
                await bot.send_message(draft.chat_id, t(lang, "import.chat.interrupted"), reply_parameters=reply)
        except TelegramError as error:
            if failure_of(error, draft.chat_id).kind in {Kind.LATER, Kind.TOKEN}:
                logger.info("what became of an import has to wait: %s", error)
                again = True
                continue
            logger.info("what became of an import cannot be told: %s", error)
        done = partial(applying.go_back, now=now) if found.applied is None else applying.end
        await app.db(partial(done, draft_id=draft.id), write=True)
    return again, None
