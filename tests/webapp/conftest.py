"""A real Chromium before a real server. Telegram's own script is not reachable unless a test says so."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect, sync_playwright

from tests.browser import launch
from tests.webapp.site import NOW, Site, serve

expect.set_options(timeout=60_000)
# Not by a route: those switch the browser's cache off, and with it the 304s.
NO_TELEGRAM = "--host-resolver-rules=MAP telegram.org ~NOTFOUND"
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = launch(playwright, NO_TELEGRAM)
        yield running
        running.close()


@pytest.fixture(scope="session")
def running_site() -> Iterator[Site]:
    with serve() as site:
        yield site


@pytest.fixture
def site(running_site: Site) -> Site:
    running_site.reset()
    return running_site


class Watch:
    """What the browser complained about; a failed load of Telegram's script is expected."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "telegram.org" not in message.location.get("url", ""):
            self.errors.append(message.text)

    def attach(self, page: Page) -> None:
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))


OpenPage = Callable[..., Page]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def open_page(browser: Browser, site: Site, watch: Watch) -> Iterator[OpenPage]:
    """Returns a function that opens an address on a phone, the month if none is said.

    `telegram` answers requests for Telegram's script, `keeps_files` lets the page have its service worker.
    """
    contexts = []

    def opened(
        url: str | None = None,
        *,
        telegram: Callable[[Route], None] | None = None,
        wait: str = ".day",
        keeps_files: bool = False,
        **options: Any,
    ) -> Page:
        settings = {"viewport": PHONE, "timezone_id": "Europe/Moscow", "locale": "en-GB"} | options
        context = browser.new_context(**settings)
        contexts.append(context)
        context.set_default_timeout(60_000)
        context.clock.install(time=NOW)
        if not keeps_files:  # a page of one test has no use for a service worker, and the suite would wait for it
            context.add_init_script("delete Navigator.prototype.serviceWorker")
        if telegram:
            context.route("https://telegram.org/**", telegram)
        page = context.new_page()
        watch.attach(page)
        page.goto(url or site.link(), wait_until="commit")
        page.wait_for_selector(wait)
        return page

    yield opened
    for context in contexts:
        context.close()


class Core:
    """The pure modules, run by the browser that will run them."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def __call__(self, name: str, *args: Any) -> Any:
        """Calls a function by name: of `core.js`, or as `models/month.js:name`."""
        script = """async ([path, name, args]) => {
            const answer = (await import(`/app/${path}`))[name](...args);
            return answer instanceof Map ? [...answer] : answer;
        }"""
        module, _colon, function = name.rpartition(":")
        return self.run(script, [module or "core.js", function, list(args)])

    def run(self, script: str, argument: Any) -> Any:
        """Runs a function of one argument that imports what it needs."""
        return self._page.evaluate(script, argument)


@pytest.fixture(scope="session")
def core(browser: Browser, running_site: Site) -> Iterator[Core]:
    context = browser.new_context(timezone_id="Pacific/Kiritimati")
    page = context.new_page()
    page.goto(f"{running_site.url}/app/style.css")
    yield Core(page)
    context.close()
