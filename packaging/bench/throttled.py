"""The Mini App of a team of 40 on a slow phone: Chromium with a quarter of its processor (`setCPUThrottlingRate`).

What opens it is a cold cache. A month is turned as a thumb does it, and measured from the tap to the frame that shows
it, its data included: the page has them where it asked for them while the month before was looked at, which is a third
of a second here. Layout shifts are counted from opening on, but for what moves at a tap.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlencode

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from processes import product
from sample import ADMIN_ID, TOKEN, Sample, month_start, scratch
from table import Row

from duty_teller.bot_api_stand_in.launch import sign_init_data
from duty_teller.composition import writing
from duty_teller.db.models import EventType, User
from duty_teller.services.schedule_service import Shift

_BROWSERS = ("chromium-headless-shell", "chromium")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP telegram.org ~NOTFOUND"]
_SLOWER = 4
_ROUNDS = 7
_PEOPLE = 40
_DAYS = 92
_DAY_SHIFTS, _NIGHT_SHIFTS = 7, 4
_SHIFTED = """
window.shifted = [];
new PerformanceObserver((list) => {
  for (const { value, startTime, sources, hadRecentInput } of list.getEntries()) {
    // As browsers reckon it: what moves at a tap was asked for.
    if (hadRecentInput || startTime - (window.tapped ?? -1e9) < 500) continue;
    shifted.push([value, ...sources.map(({ node }) => node?.className ?? "?")]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
_CARD = """() => new Promise((done) => {
  const look = () => (document.querySelector("#now:not([hidden]) .card .name")
    ? requestAnimationFrame(() => setTimeout(() => done(performance.now()))) : setTimeout(look, 4));
  look();
})"""
# From the tap to the frame that shows the month: `label` names the button, `view` what has to be there.
_TURN = """(label) => new Promise((done) => {
  const begin = window.tapped = performance.now();
  const before = document.querySelector(".month-title").textContent;
  document.querySelector(`#month button.${label}`).click();
  const there = () => document.querySelector(".month-title").textContent !== before
    && document.querySelector(".grid").getAttribute("aria-busy") === "false";
  const painted = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin)));
  const look = () => (there() ? painted() : setTimeout(look, 2));
  look();
})"""


def _crowd(folder: Path) -> Sample:
    """Forty people, eleven of them on duty each day and night of last, this and next month, and four away at a time."""
    sample = Sample(folder)
    with writing(sample.url) as session:
        now = datetime.now(UTC)
        more = [User(full_name=f"{name} Nr{at}", created_at=now) for at, name in enumerate(_names())]
        session.add_all(more)
        session.flush()
        sample.people += [user.id for user in more if user.id is not None]
    sample.store(list(_shifts(sample.people, (month_start() - timedelta(days=1)).replace(day=1))))
    sample.close()
    return sample


def _names() -> Iterator[str]:
    given = ("Marianne", "Константин", "Oleg", "Siobhán", "Екатерина", "Jürgen")
    family = ("Fitzgerald-Sauvage", "Задунайский", "Li", "Вишневская", "Ødegaard")
    for at in range(_PEOPLE - 10):
        yield f"{family[at % 5]} {given[at % 6]}"


def _shifts(people: list[int], first: datetime) -> Iterator[Shift]:
    for day in range(_DAYS):
        start, night = first + timedelta(days=day), first + timedelta(days=day, hours=12)
        at_work = [people[(11 * day + place) % len(people)] for place in range(_DAY_SHIFTS + _NIGHT_SHIFTS)]
        for person in at_work[:_DAY_SHIFTS]:
            yield Shift(person, None, start, night, EventType.DUTY)
        for person in at_work[_DAY_SHIFTS:]:
            yield Shift(person, None, night, start + timedelta(days=1), EventType.DUTY)
        if day % 7 == 0:
            for person in people[day % 30 : day % 30 + 4]:
                yield Shift(person, None, start, start + timedelta(days=6), EventType.VACATION)


class _Wire:
    """What went over the wire since it was asked last."""

    def __init__(self, speaker: CDPSession) -> None:
        self.size = self.requests = 0
        self._ours: set[str] = set()
        speaker.on("Network.requestWillBeSent", self._asked)
        speaker.on("Network.loadingFinished", self._came)

    def _asked(self, event: dict[str, object]) -> None:
        if "127.0.0.1" in json.dumps(event["request"]):
            self._ours.add(str(event["requestId"]))
            self.requests += 1

    def _came(self, event: dict[str, object]) -> None:
        if str(event["requestId"]) in self._ours:
            self.size += int(float(str(event["encodedDataLength"])))


def _opened(browser: Browser, address: str) -> tuple[Page, _Wire, float]:
    """Opens it with nothing kept; returns the page, what came over the wire, and the seconds to the first card."""
    context = browser.new_context(viewport={"width": 390, "height": 760}, timezone_id="UTC", has_touch=True)
    page = context.new_page()
    speaker = context.new_cdp_session(page)
    speaker.send("Network.enable")
    speaker.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    page.add_init_script(_SHIFTED)
    wire = _Wire(speaker)
    page.goto(address, wait_until="commit")
    card = page.evaluate(_CARD)
    size, requests = wire.size, wire.requests
    page.wait_for_load_state("networkidle")
    wire.size, wire.requests = max(size, wire.size), max(requests, wire.requests)
    return page, wire, card / 1000


def _turned(page: Page, layout: str) -> list[float]:
    """Turns months to and fro; milliseconds of each."""
    if page.locator(f'#month .layout[data-next="{layout}"]').count():
        page.locator("#month .layout").click()
    page.wait_for_timeout(300)
    return [page.evaluate(_TURN, turn) for turn in ("forth", "back", "back", "forth")]


def measure(folder: Path) -> list[Row]:
    """Opens it several times, turns months in the list (what 40 people get) and in the grid."""
    path = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise RuntimeError("Chromium is not installed")
    sample = _crowd(scratch(folder, "throttled"))
    auth = sign_init_data(TOKEN, {"id": ADMIN_ID, "first_name": "Alice"}, datetime.now(UTC))
    cards: list[float] = []
    turns: dict[str, list[float]] = {"list": [], "grid": []}
    moved: list[list[object]] = []
    size = requests = 0
    with product(sample.folder) as (port, _, _), sync_playwright() as playwright:
        launch = urlencode({"tgWebAppData": auth, "tgWebAppVersion": "8.0"}, quote_via=quote)
        address = f"http://127.0.0.1:{port}/#{launch}"
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        for _round in range(_ROUNDS):
            page, wire, seconds = _opened(browser, address)
            cards.append(seconds)
            size, requests = max(size, wire.size), max(requests, wire.requests)
            page.locator("#tabs button").nth(1).click()
            page.wait_for_selector("#month .list-title")
            for layout in turns:
                turns[layout] += _turned(page, layout)
            moved += page.evaluate("shifted")
            page.context.close()
        browser.close()
    card, listed, drawn = median(cards), median(turns["list"]), median(turns["grid"])
    shift = sum(float(str(one[0])) for one in moved) / _ROUNDS
    return [
        Row(f"Mini App at {_SLOWER} × throttle, cold: first card", "", f"{card:.2f} s", None, "≤ 1.0 s", card <= 1.0),
        Row(f"  month of {_PEOPLE} people turned: list", "", f"{listed:.0f} ms", None, "≤ 100 ms", listed <= 100),
        Row("  the same as a grid", "", f"{drawn:.0f} ms", None, "≤ 100 ms", drawn <= 100),
        Row("  layout shift, months turned too", "", f"{shift:.3f}", None, "0", shift == 0),
        Row("  on the wire, all files of the first view", "", f"{size / 1000:.0f} KB", None, "≤ 60 KB", size <= 60_000),
        Row("  requests", "", str(requests), None, "≤ 12", requests <= 12),
    ]  # fmt: skip
