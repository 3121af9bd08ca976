"""Bringing all pins up to date: a hand-over in a thousand groups, several at a time, at the pace of `pace`."""

import asyncio
import logging
from datetime import datetime
from functools import partial
from typing import Final

from sqlmodel import Session
from telegram import Bot

from duty_teller.db import repository
from duty_teller.handlers.common import App, calendar_target
from duty_teller.handlers.group_duty_pin.message import Outcome, chat_lock, show_pin, switch_off
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
        self.later: set[int] = set()
        self.met: set[int] = set()
        self.shown: list[tuple[int, int, str]] = []
        self.boundary: datetime | None = None
        self.changed = False
        self._state: object = None

    async def look(self) -> list[PinJob]:
        """Returns what is to be done, those not met yet first."""
        await self.flush()
        now = self.app.clock()
        default, button = self.app.settings.default_language, calendar_target(self.app)

        def read(session: Session) -> tuple[list[PinJob], datetime | None, dict[str, int]]:
            return *pins.due_pins(session, now, default, button), dict(repository.revisions(session))

        jobs, self.boundary, revisions = await self.app.db(read)
        self.changed, self._state = False, (revisions, self.boundary)
        todo = [job for job in jobs if job.pin_id not in self.later]
        return sorted(todo, key=lambda job: job.pin_id in self.met)

    async def work(self, jobs: list[PinJob]) -> None:
        """Shows one after another until none is left or what they say has changed."""
        while jobs and not self.changed:
            job = jobs.pop(0)
            async with chat_lock(self.app, job.chat_id):
                await self._show(job)
            if len(self.shown) >= _BATCH:
                await self.flush()

    async def _show(self, old: PinJob) -> None:
        now = self.app.clock()
        default, button = self.app.settings.default_language, calendar_target(self.app)

        def read(session: Session) -> tuple[PinJob | None, dict[str, int]]:
            return pins.due_pin(session, old.pin_id, now, default, button), dict(repository.revisions(session))

        self.met.add(old.pin_id)
        job, revisions = await self.app.db(read)
        boundary = self.boundary
        if (revisions, boundary) != self._state or (boundary is not None and now >= boundary):
            self.changed = True  # this one gets the new text at once; those done already have to come again
        if job is None:
            return
        outcome = await show_pin(self.app, self.bot, job, self.shown)
        if outcome is Outcome.NOT_PINNED:
            await switch_off(self.app, job, "no_pin")
        elif outcome is Outcome.LATER:
            self.later.add(job.pin_id)

    async def flush(self) -> None:
        """Commits what is shown by now; after a crash in between a pin is edited once more, which changes nothing."""
        shown, self.shown[:] = list(self.shown), []
        if shown:
            await self.app.db(partial(pins.note_shown, shown=shown), write=True)


async def refresh_pins(app: App, bot: Bot, now: datetime) -> tuple[bool, datetime | None]:
    """Brings every pin up to date; unchanged ones cost no call.

    Each text is looked up right before its call: what is changed during a refresh is shown from then on.

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
            if not refresh.changed:
                break
    finally:
        await refresh.flush()
    return bool(refresh.later), refresh.boundary
