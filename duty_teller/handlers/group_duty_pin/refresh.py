"""Bringing all pins up to date: a hand-over in a thousand groups, several at a time, at the pace of `pace`."""

import asyncio
import logging
from datetime import datetime
from functools import partial
from typing import Final

from telegram import Bot

from duty_teller.handlers.common import App
from duty_teller.handlers.group_duty_pin.message import Outcome, chat_lock, show_pin, switch_off
from duty_teller.handlers.transport.keyboards import calendar_target
from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.group_duty_pin_service import PinJob

logger = logging.getLogger(__name__)

_WORKERS: Final = 8
"""At a round trip of 200 ms they still reach Telegram's 30 calls a second."""

_BATCH: Final = 20


class _Refresh:
    """One run over the pins that show something else than they should."""

    def __init__(self, app: App, bot: Bot) -> None:
        self.app = app
        self.bot = bot
        self.tried: dict[int, str] = {}
        """Pin → hash of the content it was to show last."""
        self.shown: list[tuple[int, int, str]] = []
        self.boundary: datetime | None = None
        self.left = False

    async def look(self) -> list[PinJob]:
        """Returns the pins to be shown, those not tried yet first; what was tried with this very content is left."""
        await self.flush()
        default, button = self.app.settings.default_language, calendar_target(self.app)
        due = partial(pins.due_pins, now=self.app.clock(), default_language=default, button=button)
        jobs, self.boundary = await self.app.db(due)
        todo = [job for job in jobs if self.tried.get(job.pin_id) != job.text.content_hash]
        self.left = len(todo) < len(jobs)
        return sorted(todo, key=lambda job: job.pin_id in self.tried)

    async def work(self, jobs: list[PinJob]) -> None:
        """Shows one after another until none is left."""
        while jobs:
            job = jobs.pop(0)
            async with chat_lock(self.app, job.chat_id):
                await self._show(job)
            if len(self.shown) >= _BATCH:
                await self.flush()

    async def _show(self, found: PinJob) -> None:
        default, button = self.app.settings.default_language, calendar_target(self.app)
        due = partial(pins.due_pin, pin_id=found.pin_id, now=self.app.clock(), default_language=default, button=button)
        job = await self.app.db(due)
        self.tried[found.pin_id] = (job or found).text.content_hash
        if job is None:
            return
        if await show_pin(self.app, self.bot, job, self.shown) is Outcome.NOT_PINNED:
            await switch_off(self.app, job, "no_pin")

    async def flush(self) -> None:
        """Commits what is shown by now; after a crash in between a pin is edited once more, which changes nothing."""
        shown, self.shown[:] = list(self.shown), []
        if shown:
            await self.app.db(partial(pins.note_shown, shown=shown), write=True)


async def refresh_pins(app: App, bot: Bot, now: datetime) -> tuple[bool, datetime | None]:
    """Brings every pin up to date; unchanged ones cost no call.

    Each text is looked up right before its call: what is changed during a refresh is shown from then on, and what was
    shown before is shown again at its end.

    Args:
        app: What the bot works with.
        bot: To send with.
        now: The present instant.

    Returns:
        Whether something has to be tried again, and the next instant at which a pin changes by itself.
    """
    refresh = _Refresh(app, bot)
    try:
        while jobs := await refresh.look():
            await asyncio.gather(*(refresh.work(jobs) for _ in range(min(_WORKERS, len(jobs)))))
    finally:
        await refresh.flush()
    return refresh.left, refresh.boundary
