"""The wall clock is set by seconds or years while the process runs: it costs nothing, and what is due now is done.

A small computer without a clock of its own wakes in 1970, or at its last shutdown, and meets NTP.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import time_machine
from sqlmodel import select

from duty_teller.composition import writing
from duty_teller.db import repository
from duty_teller.db.engine import dispose_engine
from duty_teller.db.models import User
from duty_teller.db.session import session_scope
from duty_teller.handlers.background.job_queue import SteadyJobQueue
from duty_teller.importers.duty_schedule import read_roster_file
from duty_teller.services import import_service
from duty_teller.services.import_service import Imported, RosterFile, run_import
from duty_teller.services.people import admin_notices
from duty_teller.services.schedule_service import Author
from tests.e2e.conftest import ALICE, DAN, GROUP, Product, product
from tests.e2e.test_main_job import MOSCOW, handover_day, roster
from tests.faults.conftest import wait_for

__all__ = ["product"]

STEPS = {
    "−30 s": timedelta(seconds=-30),
    "−90 s": timedelta(seconds=-90),
    "−20 min": timedelta(minutes=-20),
    "+1 h": timedelta(hours=1),
    "−24 h": timedelta(hours=-24),
    "+1 d": timedelta(days=1),
    "+30 d": timedelta(days=30),
    "−400 d": timedelta(days=-400),
    "+400 d": timedelta(days=400),
}
NAMES = [
    "Boris_Volkov",
    "Clara_Zimmer",
    "Edgar_Poulsen",
    "Fatima_Haddad",
    "Greta_Lindqvist",
    "Hugo_Marchetti",
    "Irina_Sokolova",
    "Jonas_Weber",
    "Katya_Orlova",
    "Liam_Brennan",
    "Maria_Ferreira",
    "Nils_Aaltonen",
    "Olga_Tarasenko",
    "Pavel_Dvorak",
    "Quentin_Roux",
    "Rosa_Jimenez",
    "Stefan_Ionescu",
    "Tamara_Gelashvili",
]
"""Nobody who could be taken for somebody else."""
MEMORY = 16
"""MiB that a step may take; 365 days took 1,800."""


class Watched:
    """A service that is asked how it is all the time, as a supervisor does."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.unanswered = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def _ask(self) -> None:
        with httpx.Client(base_url=self.product.base, timeout=30) as client:
            while not self._stopped.wait(0.1):
                try:
                    client.get("/healthz")
                except httpx.HTTPError:
                    self.unanswered += 1

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def memory(self) -> float:
        assert self.product.process is not None
        lines = Path(f"/proc/{self.product.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


@pytest.fixture
def pinned(product: Product) -> Iterator[Product]:
    """At noon in Moscow; Alice is an admin, the group has its pin, nobody is on duty."""
    chat = product.stand_in
    chat.add_user(ALICE, "Alice", "alice")
    chat.add_user(DAN, "Dan", "dan_duty")
    chat.add_group(GROUP, "Support", members=[ALICE, DAN])
    product.environment["DUTY_DISPLAY_TZ"] = "Europe/Moscow"
    product.move_clock(product.now().astimezone(MOSCOW).replace(hour=12, minute=0, second=0, microsecond=0))
    product.start()
    chat.press_start(ALICE)
    chat.wait_for_message(ALICE)
    chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    chat.wait_until(lambda: chat.pinned(GROUP))
    yield product
    assert product.stop() == 0


def plan(product: Product, around: datetime, name: str) -> None:
    """Puts somebody on duty from the day before an instant to the day after, from another process than the service."""
    cells = read_roster_file(roster(handover_day(around) - timedelta(days=1), **{name: "БББ"}), "roster.json")
    url = f"sqlite:///{product.folder / 'data' / 'duty_teller.db'}"
    with writing(url) as session:
        stored = repository.rosters(session)[0]
        file = RosterFile(cells, import_service.rules_of(stored), remove_missing=True)
        author = Author(None, "command line")
        assert isinstance(run_import(session, stored, file, author, "roster.json", product.now()), Imported)
    dispose_engine(url)


def shows(product: Product, name: str) -> None:
    product.stand_in.wait_until(
        lambda: f"On duty now: {name.replace('_', ' ')}" in (product.stand_in.pinned(GROUP) or {"text": ""})["text"]
    )


def test_any_step_is_borne_and_followed_by_what_is_due_now(pinned: Product) -> None:
    plan(pinned, pinned.now(), "Dan_Duty")
    shows(pinned, "Dan Duty")
    watched = Watched(pinned)
    try:
        before = watched.memory()
        for turn, (step, by) in enumerate(STEPS.items()):
            target = pinned.now() + by
            far = abs(by) >= timedelta(days=30)
            there, afterwards = NAMES[2 * turn], NAMES[2 * turn + 1]
            if far:
                plan(pinned, target, there)
            pinned.move_clock(target)
            if far:
                shows(pinned, there)  # by itself
            plan(pinned, target, afterwards)
            shows(pinned, afterwards)
            health = httpx.get(f"{pinned.base}/healthz", timeout=5).json()
            assert (health.get("status"), health.get("problems")) == ("ok", []), (step, health, pinned.log())
            assert 0 <= health["telegram"]["last_poll_age_seconds"] < 60, step
            assert 0 <= health["uptime_seconds"] < 3600, step
            assert watched.memory() - before < MEMORY, step
    finally:
        watched.stop()
    assert watched.unanswered == 0  # 365 days took 106 s
    assert sum(m["text"].startswith("🟢") for m in pinned.stand_in.messages(GROUP)) == 1  # edited, never sent again


def test_notice_that_failed_before_a_step_back_does_not_wait_for_as_long_as_the_step(pinned: Product) -> None:
    chat = pinned.stand_in
    chat.fault("sendMessage", "server_error", times=0)
    url = f"sqlite:///{pinned.folder / 'data' / 'duty_teller.db'}"
    with session_scope(url, write=True) as session:
        admins = session.exec(select(User).where(User.telegram_user_id == ALICE)).all()
        admin_notices.another_poller(session, admins, pinned.now())
    dispose_engine(url)
    calls = len(chat.calls("sendMessage"))
    wait_for(lambda: len(chat.calls("sendMessage")) > calls + 1)  # tried and put off

    pinned.move_clock(pinned.now() - timedelta(days=1))
    chat.clear_faults()

    chat.wait_for_message(ALICE, "Another program receives", timeout=30)


def test_steps_in_the_middle_of_a_hand_over_leave_every_pin_right(pinned: Product) -> None:
    chat = pinned.stand_in
    groups = [GROUP - number for number in range(1, 12)]
    for chat_id in groups:
        chat.add_group(chat_id, f"Group {chat_id}", members=[ALICE])
        chat.send_text(ALICE, "/pin_duty", chat_id=chat_id)
    for chat_id in groups:
        chat.wait_until(lambda chat_id=chat_id: chat.pinned(chat_id), 60)
    day = handover_day(pinned.now())
    path = pinned.folder / "roster.json"
    path.write_bytes(roster(day, Dan_Duty="Б Б", Alice_Admin=" Б "))
    assert pinned.command("import", str(path)).returncode == 0
    shows(pinned, "Dan Duty")
    nine = datetime(day.year, day.month, day.day, 9, tzinfo=MOSCOW) + timedelta(days=1)
    chat.fault("editMessageText", "slow", times=0, seconds=0.4)

    for moment, name in ((nine, "Alice Admin"), (nine + timedelta(days=1), "Dan Duty"), (nine, "Alice Admin")):
        edits = len(chat.calls("editMessageText"))
        pinned.move_clock(moment + timedelta(minutes=1))
        wait_for(lambda edits=edits: len(chat.calls("editMessageText")) > edits + 2)  # in the middle of it
        expected = name

    chat.clear_faults()
    for chat_id in [GROUP, *groups]:
        chat.wait_until(lambda c=chat_id: f"On duty now: {expected}" in chat.pinned(c)["text"], 30)


# --- the JobQueue by itself ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
async def test_repeating_job_runs_on_after_a_step_and_never_makes_up_for_it(step: str) -> None:
    queue, runs = SteadyJobQueue(), 0

    async def job() -> None:
        nonlocal runs
        runs += 1

    queue.scheduler.add_job(job, "interval", seconds=0.05, misfire_grace_time=None, coalesce=True, max_instances=1)
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with time_machine.travel(start) as traveller:
        queue.scheduler.start()
        await runs_reach(lambda: runs, 2)
        then, begun = runs, time.monotonic()
        traveller.move_to(datetime.now(UTC) + STEPS[step])

        await runs_reach(lambda: runs, then + 3)

        assert runs <= then + 3 + (time.monotonic() - begun) / 0.05
        queue.scheduler.shutdown(wait=False)
        await asyncio.sleep(0)


async def runs_reach(number: Callable[[], int], wanted: int) -> None:
    async with asyncio.timeout(10):
        while number() < wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
