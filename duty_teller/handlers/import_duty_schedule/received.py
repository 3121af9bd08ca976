"""A file that is sent: the one an import waits for, or one that begins an import by itself."""

import logging
from functools import partial
from pathlib import PurePath
from typing import Final

from sqlmodel import Session
from telegram import Document, Update
from telegram.error import TelegramError

from duty_teller.db import repository
from duty_teller.db.models import DraftStage
from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.import_duty_schedule.documents import download
from duty_teller.handlers.import_duty_schedule.going_on import go_on
from duty_teller.handlers.import_duty_schedule.preview import show_refusal
from duty_teller.handlers.import_duty_schedule.steps import ask_roster, cancel, handover_of, show
from duty_teller.i18n import LocalizedError, t
from duty_teller.i18n.lang import format_decimal
from duty_teller.importers.child import read_in_child
from duty_teller.importers.duty_schedule import RosterFileError
from duty_teller.services.import_service import drafts
from duty_teller.services.import_service.drafts import Draft
from duty_teller.services.people.access import Level, Person

logger = logging.getLogger(__name__)

_MAX_FILE: Final = 5 * 2**20


@for_people(Level.ADMIN)
async def on_document(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes a file: the one an import waits for, or one that begins an import by itself."""
    message = update.effective_message
    if message is None or message.document is None or update.effective_chat is None:
        return
    app, now, chat_id = app_of(context), app_of(context).clock(), update.effective_chat.id
    document = message.document
    if (document.file_size or 0) > _MAX_FILE:
        raise LocalizedError(
            "import.chat.too_big", size=_megabytes(document.file_size or 0, lang), limit=_megabytes(_MAX_FILE, lang)
        )

    def draft_for_file(session: Session) -> Draft:
        draft = drafts.current(session, person.user_id, now)
        if draft is not None and draft.handover is not None:
            return draft
        rosters = repository.rosters(session)
        if draft is not None and draft.stage == DraftStage.HANDOVER:
            chosen: int | None = draft.roster_id
        else:
            chosen = rosters[0].id if len(rosters) == 1 else None
        if chosen is None:
            return drafts.start(session, person.user_id, None, chat_id, now)
        own = str(handover_of(session, chosen))
        return drafts.start(session, person.user_id, chosen, chat_id, now, handover=own)

    draft = await app.db(draft_for_file, write=True)
    await show(update, context, draft, "⏳ " + t(lang, "import.chat.reading"), None, new=True)
    name = _file_name(document)
    note = partial(drafts.set_document, file_name=name, document_id=document.file_id, now=now)
    draft = await app.db(partial(note, draft_id=draft.id, owner_id=person.user_id), write=True)
    try:
        data = await download(document.file_id, context)
    except TelegramError as error:
        logger.warning("a file could not be fetched: %s", error)
        text = f"❌ {t(lang, 'import.chat.not_fetched')}"
        await show(update, context, draft, text, [[cancel(lang, draft)]])
        return
    try:
        cells = await read_in_child(data, name)
    except RosterFileError as error:
        await show_refusal(update, context, draft, error, lang)
        return
    draft = await app.db(lambda s: drafts.set_file(s, draft.id, person.user_id, name, cells, now), write=True)
    if draft.stage == DraftStage.ROSTER:
        await ask_roster(update, context, draft, lang)
    else:
        await go_on(update, context, draft, person, lang)


def _megabytes(size: int, lang: str) -> str:
    tenths = -(-size * 10 // 2**20)  # upwards: what is over the limit must not read like the limit
    return format_decimal(lang, tenths / 10)


def _file_name(document: Document) -> str:
    return PurePath(document.file_name or "file").name[:200]
