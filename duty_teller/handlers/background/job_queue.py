"""The JobQueue on a scheduler that bears any step of the wall clock, forwards or back, and any halt of the process.

APScheduler keeps the next run of a job as an instant of the wall clock. After a step forwards it walks every run that
was missed (30 days of a one-second job: 8 s and 245 MiB on the event loop); after a step back nothing is due for as
long as the step. It sleeps on the monotonic clock, however, so it looks as often as its shortest interval is (polling
is watched every ten seconds): what is out of reach of a job's own interval then can only be a step or a halt, and the
job runs now, once.
"""

from datetime import datetime
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from telegram.ext import ContextTypes, JobQueue


class SteadyScheduler(AsyncIOScheduler):  # type: ignore[misc]  # APScheduler has no types
    """Knows repeating jobs only by their interval; their first run is at most one interval away."""

    def _process_jobs(self) -> float | None:
        now = datetime.now(self.timezone)
        with self._jobstores_lock:
            for store in self._jobstores.values():
                for job in store.get_all_jobs():
                    if job.next_run_time is None or not isinstance(job.trigger, IntervalTrigger):
                        continue
                    if abs(job.next_run_time - now) > job.trigger.interval:
                        job._modify(next_run_time=now)
                        store.update_job(job)
        wait: float | None = super()._process_jobs()
        return wait

    def _start_timer(self, wait_seconds: float | None) -> None:
        """Wakes on the loop itself: APScheduler's own timer wakes it a second time, through a pipe to itself."""
        self._stop_timer()
        if wait_seconds is not None:
            self._timeout = self._eventloop.call_later(wait_seconds, self._wake)

    def _wake(self) -> None:
        self._stop_timer()
        self._start_timer(self._process_jobs())


class SteadyJobQueue(JobQueue[ContextTypes.DEFAULT_TYPE]):
    """python-telegram-bot's JobQueue with that scheduler."""

    def __init__(self) -> None:
        super().__init__()
        self.scheduler: Any = SteadyScheduler(**self.scheduler_configuration)
