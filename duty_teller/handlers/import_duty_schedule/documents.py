"""The file of an import: taken from Telegram, and sent back as *How I read it*."""

import asyncio
import contextlib
import logging
from functools import partial
from html import escape
from pathlib import PurePath

from telegram import InputFile, Message, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError

from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.import_duty_schedule.steps import STEP
from duty_teller.handlers.transport.answers import answer
from duty_teller.handlers.transport.keyboards import button
from duty_teller.i18n import t
from duty_teller.importers.duty_schedule import RosterFileError
from duty_teller.services.import_service import draft_explained
from duty_teller.services.import_service.draft_explained import Explainable
from duty_teller.services.import_service.drafts import Draft
from duty_teller.services.import_service.explain import explained_workbook
from duty_teller.services.people.access import Person
from duty_teller.utils.buttons import Button

logger = logging.getLogger(__name__)


async def download(document_id: str, context: Context) -> bytes:
    """Returns a document's bytes.

    Raises:
        TelegramError: Telegram does not hand it over.
    """
    file = await context.bot.get_file(document_id)
    return bytes(await file.download_as_bytearray())


def explain_button(lang: str, draft: Draft) -> Button:
    """Makes the button that sends the file back with what each cell was read as."""
    return button(lang, "import.chat.explain", STEP(draft.id, "how"))


async def send_explained(update: Update, context: Context, draft: Draft, person: Person, lang: str) -> None:
    """Begins to send the file back, explained; one at a time, beside the dialogue, which goes on meanwhile.

    Raises:
        DraftGoneError: The import is over.
    """
    app = app_of(context)
    if person.user_id in app.explaining:
        await answer(update, t(lang, "import.chat.explain_wait"))
        return
    app.explaining.add(person.user_id)
    work = partial(draft_explained.to_explain, draft_id=draft.id, owner_id=person.user_id, now=app.clock())
    try:
        wanted = await app.db(work, write=True)
        await answer(update)
        shown = await context.bot.send_message(draft.chat_id, f"⏳ {t(lang, 'import.chat.explaining')}")
    except BaseException:
        app.explaining.discard(person.user_id)
        raise
    task = context.application.create_task(_explain(context, shown, wanted, lang), update=update)
    task.add_done_callback(partial(_forget, app.explaining, person.user_id))


def _forget(explaining: set[int], user_id: int, _task: "asyncio.Task[None]") -> None:
    explaining.discard(user_id)


async def _explain(context: Context, shown: Message, wanted: Explainable, lang: str) -> None:
    """Makes the workbook and sends it; what goes wrong is said where the progress stood."""
    try:
        data = await download(wanted.document_id, context)
    except TelegramError as error:
        logger.warning("a file could not be fetched again: %s", error)
        await _tell(shown, t(lang, "import.chat.explain_not_fetched"))
        return
    try:
        book = await explained_workbook(data, wanted.file_name, wanted.rules, wanted.answers, lang, wanted.names)
    except RosterFileError as error:
        await _tell(shown, f"{t(lang, 'import.chat.explain_nothing')}\n{escape(error.text(lang))}")
        return
    name = t(lang, "import.chat.explain_file", name=PurePath(wanted.file_name).stem)
    try:
        await context.bot.send_document(
            shown.chat_id, InputFile(book, f"{name}.xlsx"), caption=t(lang, "import.chat.explain_caption")
        )
    except TelegramError as error:
        logger.warning("an explained file could not be sent: %s", error)
        await _tell(shown, t(lang, "import.chat.explain_not_sent"))
        return
    with contextlib.suppress(TelegramError):  # the file says it
        await shown.delete()


async def _tell(shown: Message, text: str) -> None:
    with contextlib.suppress(TelegramError):
        await shown.edit_text(f"❌ {text}", parse_mode=ParseMode.HTML)
