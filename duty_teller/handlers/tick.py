"""The tick: once a second, has something been committed, has the wall clock passed a boundary, is something left over?

One mechanism for hand-overs, changes by the command line or another process, steps of the clock (the scheduler sleeps
on monotonic time), missed jobs, and healing after a crash. Nothing due costs microseconds.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from telegram.ext import Application

from duty_teller.db.session import ChangeWatch
from duty_teller.handlers.common import App, Context
from duty_teller.handlers.group_duty_pin import refresh_pins
from duty_teller.services import calendar_link_service

logger = logging.getLogger(__name__)

_WRITE_READS_EVERY: Final = timedelta(seconds=60)
_LONGEST_WAIT: Final = 60.0


class Tick:
    """The state between two ticks; used on the event loop."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.watch = ChangeWatch(app.settings.database_url)
        self._token: object = None
        self._last: datetime | None = None
        self._boundary: datetime | None = None
        self._left_over = True
        self._wait = 0.0
        self._not_before: datetime | None = None
        self._task: asyncio.Task[None] | None = None
        self._reads_written: datetime | None = None
        self._polling = False

    async def __call__(self, context: Context) -> None:
        """Is the job."""
        now = self.app.clock()
        if self._reads_written is None or not timedelta() <= now - self._reads_written < _WRITE_READS_EVERY:
            self._reads_written = now
            await self.write_reads()
        polling = self.app.health.telegram == "polling"
        if polling and not self._polling:
            self._wait, self._not_before = 0.0, None  # Telegram is back: what had to wait goes now
        self._polling = polling
        if self._due(now) and (self._task is None or self._task.done()) and self._connected(context):
            self._left_over = False
            self._task = asyncio.create_task(self._work(context, now))

    def _connected(self, context: Context) -> bool:
        """Tells whether calls make sense: a failed poll alone does not stop them, one bad answer is soon over."""
        return context.application.running and self.app.health.telegram in {"polling", "connecting"}

    def _due(self, now: datetime) -> bool:
        token = self.watch.token()
        stepped_back = self._last is not None and now < self._last
        self._last = now
        if token != self._token or stepped_back:
            self._token, self._not_before = token, None
            self._left_over = True
        if self._boundary is not None and now >= self._boundary:
            self._left_over = True
        waited = self._not_before is None or now >= self._not_before or stepped_back
        return self._left_over and waited

    async def _work(self, context: Context, now: datetime) -> None:
        try:
            again, self._boundary = await refresh_pins(self.app, context.bot, now)
        except Exception:
            logger.exception("refreshing the pins failed; it is tried again")
            again = True
        if again:
            self._wait = min(max(1.0, self._wait * 2), _LONGEST_WAIT)
            self._not_before, self._left_over = self.app.clock() + timedelta(seconds=self._wait), True
        else:
            self._wait, self._not_before = 0.0, None

    async def write_reads(self) -> None:
        """Writes when feeds were last read, as a batch."""
        reads = self.app.take_reads()
        if reads:
            await self.app.db(partial(calendar_link_service.note_reads, reads=reads), write=True)

    async def stop(self) -> None:
        """Ends what is under way and gives the watching connection back."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self.watch.close()


def schedule(application: Application[Any, Any, Any, Any, Any, Any], app: App) -> Tick:
    """Adds the tick to the JobQueue. Whatever the loop was busy with, a late tick runs and late ones are one."""
    tick = Tick(app)
    queue = application.job_queue
    assert queue is not None  # noqa: S101  # the extra job-queue is installed
    options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    queue.run_repeating(tick, interval=1, first=0, name="tick", job_kwargs=options)
    return tick
