"""The tick: once a second, has something been committed, has the wall clock passed a boundary, is something left over?

One mechanism for hand-overs, notices, changes by the command line or another process, steps of the clock (the loop
sleeps on monotonic time), missed jobs, and healing after a crash. Nothing due costs microseconds; as a job of the
JobQueue each beat cost 0.3 ms more, which was a quarter of all that an idle service does. What is done then are the
chores, side by side: a hand-over in a thousand groups holds no reminder up.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from telegram import Bot
from telegram.ext import Application

from duty_teller.db.file import DatabaseGoneError
from duty_teller.db.session import Change, ChangeWatch
from duty_teller.handlers.background import covers
from duty_teller.handlers.background.farewell import tell_admins
from duty_teller.handlers.background.menus import keep_menus
from duty_teller.handlers.background.outbox import deliver
from duty_teller.handlers.common import App
from duty_teller.handlers.group_duty_pin.refresh import refresh_pins
from duty_teller.handlers.group_duty_pin.retired import take_down
from duty_teller.handlers.group_duty_pin.tags import keep_tags
from duty_teller.handlers.import_duty_schedule.outcome import tell_outcomes
from duty_teller.handlers.transport import pace
from duty_teller.handlers.transport.typed_text import end_forgotten
from duty_teller.services.feeds import links

logger = logging.getLogger(__name__)

_WRITE_READS_EVERY: Final = 60.0
_LONGEST_WAIT: Final = 60.0
_EVERY: Final = 1.0
"""Seconds from beat to beat."""
_A_TICK: Final = timedelta(seconds=_EVERY)
_STEP: Final = 2.0
"""Seconds that the wall clock gains on the monotonic one from tick to tick: more is no drift."""

Work = Callable[[App, Bot, datetime], Awaitable[tuple[bool, datetime | None]]]
"""Does what is due at an instant; returns whether something has to be tried again, and the next boundary."""

CHORES: Final[dict[str, Work]] = {
    "pins": refresh_pins,
    "notices": deliver,
    "covers": covers.deliver,
    "dialogues": end_forgotten,
    "retired": take_down,
    "tags": keep_tags,
    "menus": keep_menus,
    "applied imports": tell_outcomes,
}


class Chore:
    """One kind of work and what is known of it between two ticks; used on the event loop."""

    def __init__(self, name: str, work: Work, monotonic: Callable[[], float]) -> None:
        self.name = name
        self.work = work
        self._monotonic = monotonic
        self.boundary: datetime | None = None
        self.left_over = True
        self.task: asyncio.Task[None] | None = None
        self._wait = 0.0
        self._not_before = 0.0

    def look(self) -> None:
        """Something was committed that may be this chore's: look again, once what failed is tried again anyway."""
        self.left_over = True

    def wake(self) -> None:
        """The schedule has moved, or the clock was set: look again at once, whatever had to wait."""
        self.left_over, self._not_before = True, 0.0

    def telegram_is_back(self) -> None:
        """What had to wait goes now."""
        self._wait = self._not_before = 0.0

    def is_due(self, now: datetime) -> bool:
        """Tells whether there is something to do."""
        if self.boundary is not None and now >= self.boundary:
            self.left_over = True
        return self.left_over and self._monotonic() >= self._not_before

    def begin(self, app: App, bot: Bot, now: datetime) -> None:
        """Begins, unless it is still busy."""
        if self.task is None or self.task.done():
            self.left_over = False
            self.task = asyncio.create_task(self._do(app, bot, now))

    async def _do(self, app: App, bot: Bot, now: datetime) -> None:
        try:
            with pace.background():
                again, self.boundary = await self.work(app, bot, now)
        except Exception:
            logger.exception("%s: failed, it is tried again", self.name)
            again = True
        if again:
            self._wait = min(max(1.0, self._wait * 2), _LONGEST_WAIT)
            self._not_before, self.left_over = self._monotonic() + self._wait, True
        else:
            self._wait = self._not_before = 0.0


class Tick:
    """The state between two ticks; used on the event loop."""

    def __init__(self, application: Application[Any, Any, Any, Any, Any, Any], app: App) -> None:
        self.app = app
        self.every = _EVERY
        self._application = application
        self.watch = ChangeWatch(app.settings.database_url)
        self.chores: Sequence[Chore] = [Chore(name, work, lambda: app.monotonic()) for name, work in CHORES.items()]
        self._last: tuple[datetime, float] | None = None
        self._reads_written: float | None = None
        self._writing: asyncio.Task[None] | None = None
        self._asked: asyncio.Future[Change] | None = None
        self._farewell: asyncio.Task[None] | None = None
        self._polling = False
        self._beating: asyncio.Task[None] | None = None
        self._early: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Beats from now on, until it is stopped."""
        self._beating = asyncio.create_task(self._beat_on())

    async def _beat_on(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            self.beat()
            due = max(due + self.every, loop.time())  # whatever the loop was busy with: late ones are one
            await asyncio.sleep(due - loop.time())

    def beat(self) -> None:
        """Runs once a second and never waits for anybody; a failure is told by the health answer, and logged once."""
        health = self.app.health
        health.last_tick = self.app.monotonic()
        try:
            self._once()
        except Exception as error:
            if isinstance(error, DatabaseGoneError) and self._farewell is None:
                self._farewell = asyncio.create_task(tell_admins(self.app, self._application.bot))
            trouble = f"{type(error).__name__}: {getattr(error, 'orig', None) or error}"
            if trouble != health.tick_trouble:
                health.tick_trouble = trouble
                logger.exception("the tick failed, it is tried again every second")
        else:
            if health.tick_trouble:
                logger.warning("the tick runs again")
            health.tick_trouble = ""

    def _once(self) -> None:
        now, passed = self.app.clock(), self.app.monotonic()
        if self._reads_written is None or passed - self._reads_written >= _WRITE_READS_EVERY:
            self._reads_written = passed
            self._writing = asyncio.create_task(self._write_reads_quietly())
        polling = self.app.health.telegram == "polling"
        if polling and not self._polling:
            for chore in self.chores:
                chore.telegram_is_back()
        self._polling = polling
        change = self._change()
        stepped = self._clock_stepped(now, passed)
        for chore in self.chores:
            if change == Change.REVISION or stepped:
                chore.wake()
            elif change == Change.WORK:
                chore.look()
        self._begin_due(now)
        self._be_on_time(now)

    def _clock_stepped(self, now: datetime, passed: float) -> bool:
        """Tells whether the wall clock was set since the last tick."""
        before, self._last = self._last, (now, passed)
        if before is None:
            return False
        wall, real = (now - before[0]).total_seconds(), passed - before[1]
        if now < before[0]:
            self.app.clock_went_back = True
            logger.warning("the clock was set back by %.0f s", real - wall)
        return wall < 0 or wall - real > _STEP

    def _change(self) -> Change:
        """Tells what was committed since the last tick; a server is asked in a thread, for the next one."""
        if not self.watch.waits_for_a_server:
            return self.watch.change()
        if self._asked is not None and not self._asked.done():
            return Change.NOTHING
        asked, self._asked = self._asked, asyncio.ensure_future(asyncio.to_thread(self.watch.change))
        return Change.NOTHING if asked is None else asked.result()

    def _begin_due(self, now: datetime) -> None:
        for chore in self.chores:
            if chore.is_due(now) and self._connected():
                chore.begin(self.app, self._application.bot, now)

    def _be_on_time(self, now: datetime) -> None:
        """Does what becomes due before the next tick when it does, not up to a second late."""
        coming = [chore.boundary for chore in self.chores if chore.boundary is not None]
        first = min((moment for moment in coming if now < moment < now + _A_TICK), default=None)
        if first is None or self._early is not None:
            return

        def go() -> None:
            self._early = None
            moment = self.app.clock()
            if moment >= first:
                self._begin_due(moment)

        seconds = (first - now).total_seconds() + 0.001
        self._early = asyncio.get_running_loop().call_later(seconds, go)

    def _connected(self) -> bool:
        """Tells whether calls make sense: a failed poll alone does not stop them, and sending needs no polling."""
        return self._application.running and self.app.health.telegram in {"polling", "connecting", "conflict"}

    @property
    def tasks(self) -> list["asyncio.Task[None]"]:
        """What is under way."""
        begun = [*(chore.task for chore in self.chores), self._writing, self._farewell]
        return [task for task in begun if task is not None and not task.done()]

    async def write_reads(self) -> None:
        """Writes when feeds were last read, as a batch."""
        reads = self.app.take_reads()
        if reads:
            await self.app.db(partial(links.note_reads, reads=reads), write=True)

    async def _write_reads_quietly(self) -> None:
        try:
            await self.write_reads()
        except Exception:
            logger.exception("who read the feeds could not be noted")

    async def stop(self) -> None:
        """Ends what is under way and gives the watching connection back."""
        if self._early is not None:
            self._early.cancel()
        tasks = [*self.tasks, *([self._beating] if self._beating is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.watch.close()
