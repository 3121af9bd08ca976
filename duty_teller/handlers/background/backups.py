"""The backup of each night: made by the JobQueue, also while Telegram is away."""

import asyncio
import logging
import sqlite3
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session
from telegram.ext import Application

from duty_teller.db import backup
from duty_teller.db.engine import sqlite_path
from duty_teller.db.models import NoticeKind
from duty_teller.handlers.common import App, Context
from duty_teller.services.people import access, admin_notices
from duty_teller.utils.texts import reason
from duty_teller.utils.zones import zone

logger = logging.getLogger(__name__)

_AT: Final = 3
"""The hour (of DUTY_DISPLAY_TZ) from which on a day's backup is due: most rosters are quiet then."""
_LOOK: Final = timedelta(minutes=30)
_FIRST: Final = timedelta(minutes=2)
"""After the start: a computer that is off at night makes up for it, but not while it starts."""


class Backups:
    """Looks every half hour whether a backup is due, makes it in a thread, and tells the admins when it cannot."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, _context: Context | None = None) -> None:
        """Makes the backup of the day, if it is due."""
        settings, now = self._app.settings, self._app.clock()
        if not await asyncio.to_thread(self._is_due, now):
            return
        try:
            made = await asyncio.to_thread(backup.make_own, settings.database_url, settings.data_dir, now)
        except (backup.BackupError, OSError, sqlite3.Error) as error:
            logger.error("no backup could be made: %s", reason(error))
            await self._tell(reason(error)[:200], now)
            return
        logger.info("backup %s, %s KiB", made.path.name, -(-made.size // 1024))

    def _is_due(self, now: datetime) -> bool:
        found = backup.kept(self._app.settings.data_dir, now)
        local = now.astimezone(zone(self._app.settings.duty_display_tz))
        due = local.replace(hour=_AT, minute=0, second=0, microsecond=0)
        if due > local:
            due -= timedelta(days=1)
        return not any(due <= moment for moment, _path in found)

    async def _tell(self, why: str, now: datetime) -> None:
        def tell(session: Session) -> None:
            admins = access.admins_to_tell(session, self._app.settings, NoticeKind.PEOPLE)
            admin_notices.no_backup(session, admins, why, now)

        try:
            await self._app.db(tell, write=True)
        except Exception:
            logger.exception("the admins could not be told that there is no backup")


def schedule(application: Application[Any, Any, Any, Any, Any, Any], app: App) -> None:
    """Adds the job; a server has backups of its own."""
    if sqlite_path(app.settings.database_url) is None or application.job_queue is None:
        return
    options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    application.job_queue.run_repeating(Backups(app), interval=_LOOK, first=_FIRST, name="backups", job_kwargs=options)
