"""The hot reads beside a bare ASGI application that sends the same bytes, interleaved, medians of several rounds."""

import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter

from icalendar import Calendar, Event
from load import Load, ask_once, run
from processes import floor, product
from sample import ADMIN_ID, TOKEN, Sample, days_range, month_range, month_start, one_month, scratch, ten_years, today
from table import Row

from duty_teller import cache
from duty_teller.bot_api_stand_in.launch import sign_init_data

ROUNDS = 3
SECONDS = 2.0
MONTH, FEED = "/month", "/feed"


def _get(port: int, path: str, headers: dict[str, str]) -> tuple[int, bytes, str, float]:
    """Returns status, body, ETag and seconds of one request."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    begin = perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read(), answer.headers.get("ETag", ""), perf_counter() - begin
    except urllib.error.HTTPError as error:
        if error.code != 304:
            raise RuntimeError(f"{path.split('?')[0]}: {error.code} {error.read(300)!r}") from error
        return error.code, b"", "", perf_counter() - begin


def _fresh_ranges(whole_history: bool) -> list[str]:
    """Returns ranges of which none is asked for twice in one state of the schedule: none is answered from memory.

    Over ten years: a month somewhere in them. Where only one month is stored: that month with some empty days around
    it, up to the 62 days that are answered the same way.
    """
    first = month_start()
    if not whole_history:
        return [days_range(first - timedelta(days=n), n + 31 + after) for n in range(32) for after in range(32 - n)]
    starts = range(60, 8 * 365)
    return [days_range(first - timedelta(days=back), days) for days in (31, 30, 32, 29, 33, 28, 34) for back in starts]


def _feed_floor() -> float:
    """Returns the seconds that icalendar takes for a calendar of 365 plain events."""
    begin = perf_counter()
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//bench//EN")
    for number in range(365):
        event = Event()
        event.add("uid", f"{number:032x}@bench")
        event.add("dtstamp", today())
        event.add("last-modified", today())
        event.add("sequence", 0)
        event.add("dtstart", today() + timedelta(days=number))
        event.add("dtend", today() + timedelta(days=number + 1))
        event.add("summary", "Dan Dietrich")
        calendar.add_component(event)
    calendar.to_ical()
    return perf_counter() - begin


def _change(sample: Sample, day: int) -> None:
    """Commits a change of the schedule from another process than the server's, as the command line does."""
    first = today() + timedelta(days=600 + 2 * day)
    sample.store(list(sample.days(first, 1)))


class _Reads:
    """Servers that run, and what is asked of them."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        month, years = one_month(scratch(folder, "month")), ten_years(scratch(folder, "years"))
        self.years_sample, self._month_sample = years, month
        self.feed = f"/feed/{years.feed_token()}.ics"
        self.month = stack.enter_context(product(month.folder))[0]
        self.years = stack.enter_context(product(years.folder))[0]
        user = {"id": ADMIN_ID, "first_name": "Alice", "language_code": "en"}
        self.auth = {"X-Telegram-Init-Data": sign_init_data(TOKEN, user, datetime.now(UTC))}
        self.path = month_range()
        _, body, self.etag, _ = _get(self.month, self.path, self.auth)
        _, calendar, _, _ = _get(self.years, self.feed, {})
        self.sizes = len(body), len(calendar)
        self.events = calendar.count(b"BEGIN:VEVENT")
        for name, content in (("month.json", body), ("feed.ics", calendar)):
            (folder / name).write_bytes(content)
        self.floor = stack.enter_context(floor({MONTH: folder / "month.json", FEED: folder / "feed.ics"}))
        stack.callback(month.close)

    def cold(self, paths: list[str], number: int) -> Load:
        """Asks for ranges of the month after a change of the schedule, so that nothing that is kept holds any more."""
        _change(self._month_sample, number)
        return ask_once(self.month, paths, self.auth)


def measure(folder: Path) -> list[Row]:
    """Starts a floor and two products (a month, ten years of duties), loads them in turn, and compares."""
    with ExitStack() as stack:
        reads = _Reads(stack, folder)
        status = _get(reads.month, reads.path, reads.auth | {"If-None-Match": reads.etag})[0]
        if not reads.etag or status != 304:
            raise RuntimeError(f"no 304 for the ETag {reads.etag!r}, but {status}")
        some, fresh, rounds = _fresh_ranges(False), iter(_slices(_fresh_ranges(True))), count()
        revalidate = reads.auth | {"If-None-Match": reads.etag}
        ways: dict[str, Callable[[], Load]] = {
            "floor": lambda: run(reads.floor, [MONTH], reads.auth, SECONDS),
            "warm": lambda: run(reads.month, [reads.path], reads.auth, SECONDS),
            "304": lambda: run(reads.month, [reads.path], revalidate, SECONDS),
            "warm, years": lambda: run(reads.years, [reads.path], reads.auth, SECONDS),
            "cold": lambda: reads.cold(some, next(rounds)),
            "cold, years": lambda: ask_once(reads.years, next(fresh)[: len(some)], reads.auth),
            "feed floor": lambda: run(reads.floor, [FEED], {}, SECONDS),
            "feed": lambda: run(reads.years, [reads.feed], {}, SECONDS),
        }
        loads: dict[str, list[Load]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                loads[name].append(way())
        rate = {name: median(load.rate for load in done) for name, done in loads.items()}
        p99 = {name: median(load.p99 for load in done) for name, done in loads.items()}
        return [*_range_rows(reads, rate, p99), *_feed_rows(reads, rate, folder)]


def _slices(paths: list[str]) -> list[list[str]]:
    """Cuts the list for the rounds, so that no range is asked for twice."""
    size = len(paths) // ROUNDS
    return [paths[at : at + size] for at in range(0, size * ROUNDS, size)]


def _per_second(rate: float) -> str:
    return f"{rate:,.0f}/s"


def _range_rows(reads: _Reads, rate: dict[str, float], p99: dict[str, float]) -> list[Row]:
    bare = f"bare ASGI {_per_second(rate['floor'])}"
    rows = []
    for name, words, goal in (("warm", "warm", 0.30), ("304", "not modified", 0.30), ("cold", "cold", 0.03)):
        ratio = rate[name] / rate["floor"]
        figure = f"93 duties, {reads.sizes[0] / 1000:.0f} KB, auth included: {words}"
        rows.append(Row(figure, bare, _per_second(rate[name]), ratio, f"≥ {goal:.2f}", ratio >= goal))
    rows.append(
        Row("  p99 of warm", f"{p99['floor']:.1f} ms", f"{p99['warm']:.1f} ms", None, "≤ 10 ms", p99["warm"] <= 10)
    )
    for name in ("warm", "cold"):
        years = rate[f"{name}, years"]
        ratio = years / rate[name]
        rows.append(
            Row(
                f"  ten years stored: {name}",
                f"a month stored {_per_second(rate[name])}",
                _per_second(years),
                ratio,
                "flat: ≥ 0.80",
                ratio >= 0.8,
            )
        )
    return rows


def _feed_rows(reads: _Reads, rate: dict[str, float], folder: Path) -> list[Row]:
    cache.use_folder(reads.years_sample.folder / "cache")  # this process changes the schedule as the command line does
    built, warm = [], []
    for number in range(5):
        _change(reads.years_sample, number)
        built.append(_get(reads.years, reads.feed, {})[3])
        warm.append(_get(reads.years, reads.feed, {})[3])
    reads.years_sample.close()
    cache.close()
    alone = median(_feed_floor() for _ in range(5))
    ratio = rate["feed"] / rate["floor"]
    return [
        Row(
            f"feed of {reads.events} shifts, {reads.sizes[1] / 1000:.0f} KB: warm",
            f"bare ASGI, the month's JSON {_per_second(rate['floor'])}",
            _per_second(rate["feed"]),
            ratio,
            "≥ 0.30",
            ratio >= 0.30,
        ),
        Row(
            "  against the same bytes from memory",
            f"bare ASGI {_per_second(rate['feed floor'])}",
            _per_second(rate["feed"]),
            rate["feed"] / rate["feed floor"],
        ),
        Row(
            "  first read after a change",
            f"icalendar alone {alone * 1000:.0f} ms",
            f"{median(built) * 1000:.0f} ms",
            median(built) / alone,
        ),
        Row(
            "  built once: the next read",
            f"first read {median(built) * 1000:.0f} ms",
            f"{median(warm) * 1000:.1f} ms",
            median(warm) / median(built),
            "≤ 0.25",
            median(warm) <= 0.25 * median(built),
        ),
    ]
