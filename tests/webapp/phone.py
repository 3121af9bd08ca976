"""The phone on which tests open pages: used by many, one after the other, and each finds it as new."""

from collections.abc import Callable
from functools import cache
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, ViewportSize

from tests.webapp.site import NOW

PHONE = ViewportSize(width=360, height=740)
PLACE = {"viewport": PHONE, "timezone_id": "Europe/Moscow", "locale": "en-GB"}
LOOKS = frozenset({"viewport", "color_scheme", "reduced_motion"})
"""What a page may have of its own; anything else takes a phone of its own."""
_TESTS = 64
"""After so many a new phone is taken: Playwright runs all that its clock was ever told in every page."""

_GOES_WITH_THE_PAGE = frozenset(
    {
        *("Page.click", "Page.evaluate", "Page.goto", "Page.press", "Page.reload", "Page.set_content"),
        *("Page.frame_locator", "Page.frames", "Page.is_closed", "Page.locator", "Page.title", "Page.url"),
        *("Page.get_by_label", "Page.get_by_role", "Page.get_by_text", "Page.viewport_size", "Page.unroute"),
        *("Page.wait_for_function", "Page.wait_for_load_state", "Page.wait_for_selector", "Page.wait_for_timeout"),
        *("Page.expect_download", "Page.expect_event", "Page.expect_request", "Page.expect_response"),
        *("Page.clock", "Page.context", "Page.keyboard", "Page.mouse"),
        *("Keyboard.insert_text", "Keyboard.press", "Keyboard.type", "Mouse.click", "Mouse.move", "Mouse.wheel"),
        *("Clock.fast_forward", "Clock.install", "Clock.run_for", "BrowserContext.add_cookies", "BrowserContext.clock"),
    }
)
"""What leaves nothing behind on a blank page whose places to store, history, pointer and clock are made new."""
_TAKEN_BACK = frozenset(
    {
        *("Page.emulate_media", "Page.on", "Page.route", "Page.set_viewport_size"),
        *("BrowserContext.grant_permissions", "BrowserContext.route", "BrowserContext.set_offline"),
    }
)
_AS_THE_SYSTEM: dict[str, Any] = dict.fromkeys(
    ("media", "color_scheme", "reduced_motion", "contrast", "forced_colors"), "null"
)
_HEARD = frozenset({"console", "pageerror", "request"})
"""Events to which a page of its own may be listened; a dialog that nobody has closed, say, would keep it."""
_OF_OTHERS = frozenset({"Page.console_messages", "Page.page_errors", "Page.requests"})


class _Watched:
    """Notes each public name of an object of Playwright that is used."""

    _kind: str
    _used: set[str]

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_"):
            used = f"{self._kind}.{name}"
            assert used not in _OF_OTHERS, f"{used} tells of other tests, too"
            self._used.add(used)
        return super().__getattribute__(name)


@cache
def _watched(kind: type) -> type:
    return type(kind.__name__, (_Watched, kind), {"_kind": kind.__name__})


def new_context(browser: Browser, keeps_files: bool = False, **options: Any) -> BrowserContext:
    """A phone that nobody has used, in Moscow at `site.NOW`."""
    context = browser.new_context(**PLACE | options)
    context.set_default_timeout(60_000)
    context.clock.install(time=NOW)
    if not keeps_files:  # a page of one test has no use for a service worker, and the suite would wait for it
        context.add_init_script("delete Navigator.prototype.serviceWorker")
    return context


class Phone:
    """One page for several tests: its process runs and has compiled the modules.

    `forget` takes away what a test can leave. It knows all that was used of Playwright, and where it cannot take
    something back, or does not know it, the next test has a new phone. What stays are answers by HTTP: for each but the
    modules the browser asks whether it is still right.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._page: Page | None = None
        self._used: set[str] = set()
        self._listeners: list[tuple[str, Any]] = []
        self._tests = 0

    def page(self, **looks: Any) -> Page:
        """A blank page that looks as said (`LOOKS`)."""
        if self._page is None:
            self._page = self._bought()
        else:
            self._page.clock.install(time=NOW)
        self._tests += 1
        if "viewport" in looks:
            self._page.set_viewport_size(looks.pop("viewport"))
        if looks:
            self._page.emulate_media(**looks)
        return self._page

    def _bought(self) -> Page:
        context = new_context(self._browser)
        page = context.new_page()
        self._devtools = context.new_cdp_session(page)
        page.goto("about:blank")
        self._begin(page)
        listen: Callable[..., None] = page.on

        def on(event: str, listener: Any) -> None:
            self._used.add("Page.on" if event in _HEARD else f"Page.on {event}")
            self._listeners.append((event, listener))
            listen(event, listener)

        self._used.clear()
        for thing in (context, page, page.clock, page.mouse, page.keyboard):
            kind: Any = type(thing)
            thing.__class__ = _watched(kind)
            thing.__dict__["_used"] = self._used
        page.__dict__["on"] = on
        return page

    def forget(self) -> None:
        """Leaves of a test nothing that the next one could find."""
        if self._page is None:
            return
        if self.cannot_take_back() or self._tests >= _TESTS:
            self.close()
            return
        try:
            self._take_back(self._page, frozenset(self._used))
        except Error:  # it has crashed, or somebody has closed it
            self.close()
            return
        self._used.clear()

    def cannot_take_back(self) -> set[str]:
        """What the test has used of which something may stay, as `Page.add_init_script`."""
        return self._used - _GOES_WITH_THE_PAGE - _TAKEN_BACK

    def _take_back(self, page: Page, used: frozenset[str]) -> None:
        context = page.context
        if context.pages != [page]:
            raise Error("another page was opened")
        page.goto("about:blank")
        if "Page.route" in used:
            page.unroute_all()
        if "BrowserContext.route" in used:
            context.unroute_all()
        for event, listener in self._listeners:
            page.remove_listener(event, listener)
        self._listeners.clear()
        if "Page.set_viewport_size" in used:
            page.set_viewport_size(PHONE)
        if "Page.emulate_media" in used:
            page.emulate_media(
                media="null", color_scheme="null", reduced_motion="null", contrast="null", forced_colors="null"
            )
        if "BrowserContext.set_offline" in used:
            context.set_offline(False)
        if "BrowserContext.grant_permissions" in used:
            context.clear_permissions()
        everywhere = {"origin": "*", "storageTypes": "all"}  # cookies, too, and what a session stores
        self._devtools.send("Storage.clearDataForOrigin", everywhere)
        self._begin(page)

    def _begin(self, page: Page) -> None:
        """From here on a blank page, a new one or not, is as each test finds it."""
        page.evaluate("window.name = ''")  # and then the page is there, and hears of the pointer
        page.mouse.move(-1, -1)
        self._devtools.send("Page.resetNavigationHistory")

    def close(self) -> None:
        """Ends it, if it has begun."""
        if self._page is not None:
            self._page.context.close()
            self._page = None
            self._listeners.clear()
            self._used.clear()
            self._tests = 0
