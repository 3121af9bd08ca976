"""`/backup`: everything in one file, for the admin who asks, in the private chat."""

import asyncio
import contextlib
import logging
import sqlite3
from datetime import datetime
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from telegram import InputFile, Message, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler

from duty_teller.config import Settings
from duty_teller.db import backup, sealed
from duty_teller.db.engine import sqlite_path
from duty_teller.handlers.common import Context, app_of, is_private
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.settings.status import size_text
from duty_teller.handlers.transport.answers import reply, send_to_private
from duty_teller.i18n import t
from duty_teller.importers.child import run_child
from duty_teller.importers.duty_schedule import RosterFileError
from duty_teller.services.people.access import Level, Person
from duty_teller.services.texts.duty import moment_text
from duty_teller.utils.texts import reason

_SEALING: Final = 120.0
"""Seconds for the passphrase, on the slowest of computers."""

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
    passphrase = " ".join(context.args or [])
    if passphrase and len(passphrase) < sealed.SHORTEST:
        await reply(update, t(lang, "backup.passphrase_short", n=sealed.SHORTEST))
        return
    shown = await message.reply_text(t(lang, "backup.making"))
    now = app.clock()
    try:
        made, data = await asyncio.to_thread(_make, app.settings, now)
        if data is not None and passphrase:
            data = await _sealed(data, passphrase)
        if data is None:
            kept = await asyncio.to_thread(backup.make_own, app.settings.database_url, app.settings.data_dir, now)
            size = size_text(lang, kept.size)
            await _show(shown, t(lang, "backup.too_big", size=size, path=escape(str(kept.path))))
            return
    except (backup.BackupError, OSError, sqlite3.Error) as error:
        logger.error("no backup could be made: %s", error)
        await _show(shown, t(lang, "backup.not_made", why=escape(reason(error)[:200])))
        return
    with contextlib.suppress(TelegramError):  # a mere sign of life
        await context.bot.send_chat_action(shown.chat_id, ChatAction.UPLOAD_DOCUMENT)
    try:
        file = InputFile(data, made.path.name + (sealed.SUFFIX if passphrase else ""))
        caption = t(lang, "backup.caption_sealed" if passphrase else "backup.caption")
        await context.bot.send_document(shown.chat_id, file, caption=caption)
    except TelegramError as error:
        logger.warning("a backup could not be sent: %s", error)
        await _show(shown, t(lang, "backup.not_sent"))
        return
    if passphrase:
        await _forget(message, lang)
    moment = moment_text(lang, made.made_at, app.settings.duty_display_tz)
    await _show(shown, t(lang, "backup.done", moment=moment, size=size_text(lang, made.size)))


def _make(settings: Settings, now: datetime) -> tuple[backup.Backup, bytes | None]:
    """Makes a backup that stays nowhere; returns it with its bytes, None where Telegram takes so many from no bot."""
    with TemporaryDirectory(prefix=".backup-", dir=settings.data_dir) as folder:
        target = Path(folder) / backup.name_for(now)
        made = backup.make_backup(settings.database_url, settings.data_dir, target, now)
        return made, target.read_bytes() if made.size <= _LARGEST else None


async def _sealed(data: bytes, passphrase: str) -> bytes:
    """Puts a backup behind a passphrase, in a child: it takes memory that the service should not.

    Raises:
        backup.BackupError: The child has failed.
    """
    try:
        code, out, err = await run_child(sealed.COMMAND, "", passphrase.encode() + b"\n" + data, _SEALING)
    except RosterFileError as error:
        raise backup.BackupError("the passphrase took too long") from error
    if code or not out:
        logger.error("a backup was not encrypted: %s", err.decode(errors="replace")[-500:])
        raise backup.BackupError("it could not be encrypted")
    return out


async def _forget(message: Message, lang: str) -> None:
    """Takes the message with the passphrase out of the chat, or asks for that."""
    try:
        await message.delete()
    except TelegramError:
        await message.reply_text(t(lang, "backup.forget"))


async def _show(shown: Message, text: str) -> None:
    with contextlib.suppress(TelegramError):  # the file says it
        await shown.edit_text(text, parse_mode=ParseMode.HTML)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handler."""
    application.add_handler(CommandHandler("backup", begin))
