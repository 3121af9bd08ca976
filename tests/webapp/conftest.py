"""A real Chromium before a real server. Telegram's own script is not reachable unless a test says so."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect

from tests.webapp.phone import LOOKS, Phone, new_context
from tests.webapp.site import Site, serve

expect.set_options(timeout=60_000)


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


@pytest.fixture(scope="session")
def phone(browser: Browser) -> Iterator[Phone]:
    kept = Phone(browser)
    yield kept
    kept.close()


@pytest.fixture
def open_page(
    browser: Browser, phone: Phone, site: Site, watch: Watch, request: pytest.FixtureRequest
) -> Iterator[OpenPage]:
    """Returns a function that opens an address on a phone, the month if none is said.

    `telegram` answers requests for Telegram's script, `keeps_files` lets the page have its service worker. What a page
    cannot have of its own (`phone.LOOKS`), and a second page of a test, is given a new phone.
    """
    contexts: list[BrowserContext] = []
    taken = False
    failed = request.session.testsfailed

    def blank(**options: Any) -> Page:
        nonlocal taken
        if not taken and options.keys() <= LOOKS:
            taken = True
            return phone.page(**options)
        contexts.append(new_context(browser, **options))
        return contexts[-1].new_page()

    def opened(
        url: str | None = None,
        *,
        telegram: Callable[[Route], None] | None = None,
        wait: str = ".grid .day",
        **options: Any,
    ) -> Page:
        page = blank(**options)
        if telegram:
            page.route("https://telegram.org/**", telegram)
        watch.attach(page)
        page.goto(url or site.link(), wait_until="commit")
        page.wait_for_selector(wait)
        return page

    yield opened
    for context in contexts:
        context.close()
    if request.session.testsfailed > failed:  # it stopped anywhere
        phone.close()
    phone.forget()


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
