"""The phone that tests share gives each of them a page as on a new one."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.webapp.phone import PHONE, Phone
from tests.webapp.site import Site

LEAVE = """async () => {
    localStorage.setItem("left", "1");
    sessionStorage.setItem("left", "1");
    document.cookie = "left=1";
    window.name = "left";
    history.pushState(1, "", "#left");
    await (await caches.open("left")).put("/left", new Response("left"));
    await new Promise((done) => { indexedDB.open("left").onsuccess = done; });
    await (await (await navigator.storage.getDirectory()).getFileHandle("left", { create: true })).createWritable();
    window.left = 1;
    addEventListener("pagehide", () => { sessionStorage.later = localStorage.later = 1; });
    addEventListener("beforeunload", (event) => event.preventDefault());
}"""
FOUND = """async () => ({
    stored: [localStorage.length, sessionStorage.length, document.cookie, window.name, window.left],
    way: [history.length, history.state, navigation.entries().length, document.referrer, location.href],
    kept: [await caches.keys(), (await indexedDB.databases()).length],
    files: await Array.fromAsync((await navigator.storage.getDirectory()).keys()),
    may: (await navigator.permissions.query({ name: "geolocation" })).state,
    online: navigator.onLine,
    seen: [innerWidth, innerHeight, outerWidth, outerHeight, screen.width, screen.height, visualViewport.scale,
        devicePixelRatio, visualViewport.pageTop],
    wishes: ["color-scheme: dark", "reduced-motion: reduce"].map((wish) => matchMedia(`(prefers-${wish})`).matches),
    printed: matchMedia("print").matches,
    pointed: document.querySelectorAll(":hover").length,
    ahead: [document.hasFocus(), document.visibilityState, document.activeElement.tagName],
    hour: new Date().toISOString().slice(0, 13),
    told: (await fetch("/app/icon.svg")).status,
    in: [navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone, typeof navigator.serviceWorker],
})"""
STAYS = {"ahead", "in"}
"""What no test of a page that is shared changes; it must be as on a new phone all the same."""


def leave_everything(page: Page, heard: list[Any]) -> None:
    page.evaluate(LEAVE)
    page.clock.run_for(3_600_000)
    page.clock.fast_forward(3_600_000)
    page.mouse.click(100, 100)
    page.mouse.wheel(0, 300)
    page.keyboard.press("Shift")
    context = page.context
    context.grant_permissions(["geolocation"])
    context.route("**/icon.svg", lambda route: route.fulfill(status=418))
    context.add_cookies([{"name": "left", "value": "1", "url": page.url}])
    page.route("**/icon.svg", lambda route: route.fulfill(status=418))
    page.emulate_media(color_scheme="dark", reduced_motion="reduce", media="print")
    page.set_viewport_size({"width": 900, "height": 700})
    for event in ("request", "console", "pageerror"):
        page.on(event, lambda what: heard.append(what))
    context.set_offline(True)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Phone]:
    own = Phone(browser)
    yield own
    own.close()


def found(page: Page) -> dict[str, Any]:
    facts: dict[str, Any] = page.evaluate(FOUND)
    return facts


@pytest.fixture
def opened(phone: Phone, site: Site) -> Callable[..., Page]:
    def opened(**looks: Any) -> Page:
        page = phone.page(**looks)
        page.goto(f"{site.url}/app/style.css")
        return page

    return opened


def test_page_finds_nothing_of_the_test_before(phone: Phone, opened: Callable[..., Page]) -> None:
    """On the very page that the test before had; twice, as what was taken back once may be left again."""
    used = opened()
    new = found(used)
    phone.forget()
    for _ in range(2):
        page = opened(viewport=PHONE | {"width": 500}, color_scheme="dark")
        assert page is used
        heard: list[Any] = []
        leave_everything(page, heard)
        left = found(page)
        assert {fact for fact in new if left[fact] == new[fact]} == STAYS
        phone.forget()
        assert len(heard) > 0
        heard.clear()

        page = opened()
        page.evaluate("console.log('heard?')")
        assert page is used
        assert found(page) == new
        assert heard == []
        phone.forget()


def test_held_answers_and_timers_of_the_test_before_do_nothing_to_the_next(
    phone: Phone, opened: Callable[..., Page], site: Site
) -> None:
    page = opened()
    with page.expect_request("**/api/me"):
        page.route("**/api/me", lambda route: None)
        page.evaluate("setInterval(() => fetch('/api/now'), 1_000); void fetch('/api/me')")
    phone.forget()
    site.asked.clear()
    again = opened()
    again.clock.run_for(5_000)
    assert again.evaluate("fetch('/app/icon.svg').then(({ status }) => status)") == 200
    assert again is page
    assert site.asked == []


def _crash(page: Page) -> None:
    with pytest.raises(Error):
        page.goto("chrome://crash")


NOT_TAKEN_BACK: dict[str, Callable[[Page], Any]] = {
    "Page.add_init_script": lambda page: page.add_init_script("window.left = 1"),
    "BrowserContext.add_init_script": lambda page: page.context.add_init_script("window.left = 1"),
    "Page.expose_function": lambda page: page.expose_function("left", lambda: 1),
    "BrowserContext.expose_binding": lambda page: page.context.expose_binding("also", lambda *_: 1),
    "BrowserContext.new_cdp_session": lambda page: page.context.new_cdp_session(page),
    "Page.set_extra_http_headers": lambda page: page.set_extra_http_headers({"X-Left": "1"}),
    "BrowserContext.set_geolocation": lambda page: page.context.set_geolocation({"latitude": 1, "longitude": 1}),
    "Clock.set_fixed_time": lambda page: page.clock.set_fixed_time(0),
    "Mouse.down": lambda page: page.mouse.down(),
    "Keyboard.down": lambda page: page.keyboard.down("Shift"),
    "Page.set_default_timeout": lambda page: page.set_default_timeout(60_000),
    "Page.on dialog": lambda page: page.on("dialog", lambda dialog: None),
    "BrowserContext.on": lambda page: page.context.on("request", lambda request: None),
    "Page.add_locator_handler": lambda page: page.add_locator_handler(page.locator("nothing"), lambda: None),
}
GONE: dict[str, Callable[[Page], Any]] = {
    "another page": lambda page: page.context.new_page(),
    "popup": lambda page: page.evaluate("void window.open('about:blank')"),
    "closed": lambda page: page.close(),
    "crashed": _crash,
    "what cannot be taken back": lambda page: page.add_init_script("window.left = 1"),
}


def test_phone_knows_what_it_cannot_take_back(phone: Phone) -> None:
    page = phone.page()
    assert phone.cannot_take_back() == set()
    for leave in NOT_TAKEN_BACK.values():
        leave(page)
    assert phone.cannot_take_back() == NOT_TAKEN_BACK.keys()


def test_after_what_cannot_be_taken_back_the_phone_is_a_new_one(phone: Phone) -> None:
    kept = []
    for what, leave in GONE.items():
        page = phone.page()
        leave(page)
        phone.forget()
        if not page.is_closed():
            kept.append(what)
    assert kept == []


def test_what_playwright_keeps_of_a_page_is_not_read_where_others_have_used_it(phone: Phone) -> None:
    page = phone.page()
    for read in (lambda: page.console_messages(), lambda: page.page_errors(), lambda: page.requests()):
        with pytest.raises(AssertionError, match="of other tests"):
            read()
