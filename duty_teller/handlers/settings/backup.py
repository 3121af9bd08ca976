"""`/backup`: everything in one file, for the admin who asks, in the private chat."""

import asyncio
import contextlib
import logging
import sqlite3
from functools import partial
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from telegram import InputFile, Message, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler

from duty_teller.db import backup
from duty_teller.db.engine import sqlite_path
from duty_teller.handlers.common import Context, app_of, is_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.settings.status import size_text
from duty_teller.handlers.transport.answers import reply, send_to_private
from duty_teller.i18n import t
from duty_teller.services.people.access import Level, Person
from duty_teller.services.texts.duty import moment_text

logger = logging.getLogger(__name__)

_LARGEST: Final = 50 * 1000 * 1000
"""Bytes of a document that a bot may send (core.telegram.org/bots/api#senddocument)."""


@for_people(Level.ADMIN)
async def begin(update: Update, context: Context, person: Person, lang: str) -> None:
    """Makes a backup and sends it; the message tells how far it is."""
    app, message = app_of(context), update.effective_message
    if not is_private(update) or message is None:
        await send_to_private(update, context, lang, "backup")
        return
    if sqlite_path(app.settings.database_url) is None:
        await reply(update, t(lang, "backup.server"))
        return
    shown = await message.reply_text(t(lang, "backup.making"))
    now = app.clock()
    with TemporaryDirectory(prefix=".backup-", dir=app.settings.data_dir) as folder:
        target = Path(folder) / backup.name_for(now)
        make = partial(backup.make_backup, app.settings.database_url, app.settings.data_dir, target, now)
        try:
            made = await asyncio.to_thread(make)
            data = await asyncio.to_thread(target.read_bytes) if made.size <= _LARGEST else None
            if data is None:
                kept = await asyncio.to_thread(backup.make_own, app.settings.database_url, app.settings.data_dir, now)
                size = size_text(lang, kept.size)
                await _show(shown, t(lang, "backup.too_big", size=size, path=escape(str(kept.path))))
                return
        except (backup.BackupError, OSError, sqlite3.Error) as error:
            logger.error("no backup could be made: %s", error)
            await _show(shown, t(lang, "backup.not_made", why=escape(str(error)[:200])))
            return
    with contextlib.suppress(TelegramError):  # a mere sign of life
        await context.bot.send_chat_action(shown.chat_id, ChatAction.UPLOAD_DOCUMENT)
    try:
        file = InputFile(data, target.name)
        await context.bot.send_document(shown.chat_id, file, caption=t(lang, "backup.caption"))
    except TelegramError as error:
        logger.warning("a backup could not be sent: %s", error)
        await _show(shown, t(lang, "backup.not_sent"))
        return
    moment = moment_text(lang, made.made_at, app.settings.duty_display_tz)
    await _show(shown, t(lang, "backup.done", moment=moment, size=size_text(lang, made.size)))


async def _show(shown: Message, text: str) -> None:
    with contextlib.suppress(TelegramError):  # the file says it
        await shown.edit_text(text, parse_mode=ParseMode.HTML)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handler."""
    application.add_handler(CommandHandler("backup", begin))
