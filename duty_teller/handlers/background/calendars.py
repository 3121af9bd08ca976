"""The calendars of others: fetched by the JobQueue, also while Telegram is away, one after another."""

import logging
from datetime import timedelta
from functools import partial
from typing import Any, Final

from telegram.ext import Application

from duty_teller.handlers.common import App, Context
from duty_teller.services.calendar_reading import refresh
from duty_teller.services.calendars import store

logger = logging.getLogger(__name__)

_LOOK: Final = timedelta(minutes=5)
_FIRST: Final = timedelta(seconds=20)
"""After the start, which has other things to do."""


class Calendars:
    """Looks every five minutes which calendars are due."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, _context: Context | None = None) -> None:
        """Fetches those that are; what one of them does is no matter to the others."""
        for calendar_id in await self._app.db(partial(store.due, now=self._app.clock())):
            try:
                await refresh(self._app, calendar_id)
            except Exception as error:  # its text may hold the address
                logger.error("calendar %s: %s", calendar_id, type(error).__name__)


def schedule(application: Application[Any, Any, Any, Any, Any, Any], app: App) -> None:
    """Adds the job."""
    if application.job_queue is not None:
        options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        job = Calendars(app)
        application.job_queue.run_repeating(job, interval=_LOOK, first=_FIRST, name="calendars", job_kwargs=options)
