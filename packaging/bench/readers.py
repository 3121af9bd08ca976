"""Many readers of large answers: of one feed, of many ranges, and of both while a file is imported."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any

from crowd import Readers, Waited, all_at_once, reading
from processes import memory, product
from sample import ADMIN_ID, TOKEN, Sample, days_range, scratch, today
from table import Row

from duty_teller import cache
from duty_teller.bot_api_stand_in import StandIn, run_in_thread
from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.bot_api_stand_in.launch import sign_init_data
from duty_teller.db.models import EventType, LinkScope
from duty_teller.services.schedule_service import Shift

SHIFTS = 10_000
A_DAY = 21
"""Shifts of a day, so that all of them are in a feed: it shows 90 days back and 400 ahead."""

COLD_READERS = 16
ROUNDS = 3
RANGES = 504
RANGE_DAYS = 400
RANGE_READERS, RANGE_EVERY = 200, 2.0
MONTHS = 16
FEED_READERS, FEED_EVERY = 50, 5.0
HEALTH_EVERY = 0.1
IMPORTED_PEOPLE, IMPORTED_DAYS = 28, 358
BEFORE, AFTER = 3.0, 3.0
"""Seconds that the readers read before the import and after it."""

PATIENCE = 60.0
FIRST_NAMES = (
    "Boris", "Clara", "Edgar", "Fatima", "Greta", "Hugo", "Irina", "Jonas", "Katya", "Liam", "Maria", "Nils", "Olga",
    "Pavel", "Quentin", "Rosa", "Stefan", "Tamara", "Ulrich", "Vera", "Walter", "Xenia", "Yusuf", "Zoya", "Anton",
    "Bella", "Conrad", "Daria",
)  # fmt: skip
LAST_NAMES = ("Volkov", "Zimmer", "Poulsen", "Haddad", "Lindqvist", "Marchetti", "Orlov")


class Peak:
    """The most resident memory of a process and its children, looked at twenty times a second."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.most = memory(pid)
        self._ended = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.05):
            try:
                self.most = max(self.most, memory(self.pid))
            except OSError:  # a child that has ended meanwhile
                continue


def _sample(folder: Path) -> Sample:
    """A roster of 10,000 shifts, 21 a day, all of them in the feeds' window."""
    sample = Sample(scratch(folder, "readers"))
    first = today() - timedelta(days=80)
    shifts = []
    for number in range(SHIFTS):
        start = first + timedelta(days=number // A_DAY)
        person = sample.people[number % A_DAY % len(sample.people)]
        position = f"post {number % A_DAY + 1}"
        shifts.append(Shift(person, position, start, start + timedelta(days=1), EventType.DUTY))
    sample.store(shifts)
    return sample


def _change(sample: Sample, number: int) -> None:
    """Commits a change within the feed's window from another process, as the command line does: it is built anew."""
    day = today() + timedelta(days=200 + number)
    sample.store([Shift(sample.people[0], None, day, day + timedelta(days=1), EventType.DUTY)])


def _cold_feed(port: int, sample: Sample, feed: str) -> list[Row]:
    one: list[float] = []
    slowest: list[float] = []
    for number in range(ROUNDS):
        for count, took in ((1, one), (COLD_READERS, slowest)):
            _change(sample, 2 * number + (count > 1))
            took.append(_checked(all_at_once(port, [feed] * count), "the feed")[-1])
    alone, last = median(one), median(slowest)
    figure = f"feed of {SHIFTS:,} shifts, cold: the last of {COLD_READERS} readers"
    floor = f"a single one {alone * 1000:.0f} ms"
    return [Row(figure, floor, f"{last * 1000:.0f} ms", last / alone, "≤ 1.5", last <= 1.5 * alone)]


def _checked(waited: Waited, what: str) -> list[float]:
    if waited.errors:
        raise RuntimeError(f"{what}: {len(waited.errors)} errors, such as {waited.errors[0]}")
    return waited.seconds


def _ranges(port: int, pid: int, headers: dict[str, str]) -> list[Row]:
    """Every range once, sixteen at a time."""
    before = memory(pid)
    first = today() - timedelta(days=RANGES + 90)
    paths = [days_range(first + timedelta(days=number), RANGE_DAYS) for number in range(RANGES)]
    with Peak(pid) as peak:
        for at in range(0, RANGES, COLD_READERS):
            _checked(all_at_once(port, paths[at : at + COLD_READERS], headers), "a range")
    after = memory(pid)
    return [
        Row(
            f"{RANGES} ranges of {RANGE_DAYS} days: memory afterwards",
            f"before {before:.0f} MiB",
            f"{after:.0f} MiB",
            after / before,
            "< 200 MiB",
            after < 200,
        ),
        Row("  at most", "", f"{peak.most:.0f} MiB", None, "< 200 MiB", peak.most < 200),
    ]


def _import(port: int, pid: int, chat: StandInClient, feed: str, headers: dict[str, str]) -> list[Row]:
    """The chat's import, to the last message, while people look at the months of the plan and calendars read it."""
    months = list(_months(MONTHS))
    crowd = [
        Readers("month", [months[number % MONTHS] for number in range(RANGE_READERS)], RANGE_EVERY, headers),
        Readers("feed", [feed] * FEED_READERS, FEED_EVERY),
        Readers("health", ["/healthz"], HEALTH_EVERY),
    ]
    with Peak(pid) as peak, reading(port, crowd) as readers:
        time.sleep(BEFORE)
        begin = time.monotonic()
        read = _run_import(chat)
        took = time.monotonic() - begin
        time.sleep(AFTER)
        waited = readers.end()
    count = IMPORTED_PEOPLE * IMPORTED_DAYS
    rows = [Row(f"import of {count:,} duties in the chat", f"preview after {read:.1f} s", f"{took:.1f} s", None)]
    for kind in crowd:
        found = waited[kind.kind]
        asked = f"{len(found.seconds):,} answers, median {median(found.seconds) * 1000:.0f} ms"
        figure = f"  meanwhile {len(kind.paths)} × {kind.kind} every {kind.every:g} s: p99"
        rows.append(Row(figure, asked, f"{found.p99 * 1000:.0f} ms", None))
    readers_of_all = [waited["month"], waited["feed"]]
    p99 = Waited(sorted(second for found in readers_of_all for second in found.seconds), []).p99
    errors = sum(len(found.errors) for found in waited.values())
    worst = waited["health"].seconds[-1]
    return [
        *rows,
        Row("    months and feed together", "", f"{p99 * 1000:.0f} ms", None, "< 250 ms", p99 < 0.25),
        Row("    health at worst", "", f"{worst * 1000:.0f} ms", None, "< 250 ms", worst < 0.25),
        Row("    errors", "", str(errors), None, "0", not errors),
        Row(
            "    memory at most, the reading child's with it",
            "",
            f"{peak.most:.0f} MiB",
            None,
            "< 200 MiB",
            peak.most < 200,
        ),
    ]


def _months(count: int) -> Iterator[str]:
    """Yields the addresses of the six weeks that show a month, from two months ago."""
    first = (today().replace(day=1) - timedelta(days=45)).replace(day=1)
    for _ in range(count):
        yield days_range(first - timedelta(days=first.weekday()), 42)
        first = (first + timedelta(days=32)).replace(day=1)


def _run_import(chat: StandInClient) -> float:
    """Sends the file and applies it; returns the seconds to the preview."""
    first = today().date() + timedelta(days=450)
    duty = ";".join("Б" * IMPORTED_DAYS)
    schedule = [{"name": f"{FIRST_NAMES[n]} {LAST_NAMES[n % 7]}", "duty": duty} for n in range(IMPORTED_PEOPLE)]
    file = json.dumps({"meta": {"start_date": first.isoformat()}, "schedule": schedule}).encode()
    begin = time.monotonic()
    sent = int(chat.send_document(ADMIN_ID, "roster.json", file)["message_id"])
    asked = chat.wait_for_message(ADMIN_ID, "Is this another team?", after_id=sent, timeout=PATIENCE)
    _press(chat, asked, ":same")
    preview = chat.wait_for_message(ADMIN_ID, "Would add", after_id=sent, timeout=PATIENCE)
    read = time.monotonic() - begin
    _press(chat, preview, ":apply")
    chat.wait_for_message(ADMIN_ID, "Schedule updated", after_id=sent, timeout=PATIENCE)
    return read


def _press(chat: StandInClient, message: dict[str, Any], step: str) -> None:
    rows = message["reply_markup"]["inline_keyboard"]
    data = next(b["callback_data"] for row in rows for b in row if b.get("callback_data", "").endswith(step))
    chat.press(ADMIN_ID, message["message_id"], data, timeout=PATIENCE)


def measure(folder: Path) -> list[Row]:
    """Runs the product beside the stand-in on 10,000 shifts."""
    sample = _sample(folder)
    feed = f"/feed/{sample.feed_token(LinkScope.TEAM)}.ics"
    user = {"id": ADMIN_ID, "first_name": "Alice", "username": "user_0", "language_code": "en"}
    headers = {
        "X-Telegram-Init-Data": sign_init_data(TOKEN, user, datetime.now(UTC)),
        "Accept-Encoding": "gzip",  # as browsers do
    }
    cache.use_folder(sample.folder / "cache")  # this process changes the schedule as the command line does
    with run_in_thread(StandIn(token=TOKEN)) as chat, product(sample.folder, chat.base_url) as (port, _took, pid):
        chat.add_user(ADMIN_ID, "Alice", "user_0")
        started = chat.press_start(ADMIN_ID)
        chat.wait_for_message(ADMIN_ID, after_id=started["message_id"])
        rows = _cold_feed(port, sample, feed)
        sample.close()
        cache.close()
        return [*rows, *_import(port, pid, chat, feed, headers), *_ranges(port, pid, headers)]
