"""The phone on which tests open pages: used by many, one after the other, and each finds it as new."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.webapp.site import NOW

PHONE = {"width": 360, "height": 740}
PLACE = {"viewport": PHONE, "timezone_id": "Europe/Moscow", "locale": "en-GB"}
LOOKS = frozenset({"viewport", "color_scheme", "reduced_motion"})
"""What a page may have of its own; anything else takes a phone of its own."""
_TESTS = 16
"""After so many a new phone is taken: Playwright runs all that its clock was ever told in every page."""


def new_context(browser: Browser, keeps_files: bool = False, **options: Any) -> BrowserContext:
    """A phone that nobody has used, in Moscow at `site.NOW`."""
    context = browser.new_context(**PLACE | options)
    context.set_default_timeout(60_000)
    context.clock.install(time=NOW)
    if not keeps_files:  # a page of one test has no use for a service worker, and the suite would wait for it
        context.add_init_script("delete Navigator.prototype.serviceWorker")
    return context


class Phone:
    """One context for several tests: its process runs and has compiled the modules; a page takes half the CPU.

    Each test has a page of its own, and `forget` takes away what else it can leave. What stays are answers by HTTP: for
    each but the modules the browser asks whether it is still right.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._context: BrowserContext | None = None
        self._tests = 0

    def page(self, **looks: Any) -> Page:
        """A blank page that looks as said (`LOOKS`)."""
        if self._context is None:
            self._context = new_context(self._browser)
            self._context.new_page()  # stays blank: with its last page a context's process would end
        else:
            self._context.clock.install(time=NOW)
        self._tests += 1
        page = self._context.new_page()
        if "viewport" in looks:
            page.set_viewport_size(looks.pop("viewport"))
        if looks:
            page.emulate_media(**looks)
        return page

    def forget(self) -> None:
        """Leaves of a test nothing that the next one could find."""
        if self._context is None:
            return
        if self._tests >= _TESTS:
            self.close()
            return
        blank, *pages = self._context.pages
        for page in pages:
            page.close()
        everywhere = {"origin": "*", "storageTypes": "all"}  # cookies, too
        devtools = self._context.new_cdp_session(blank)
        devtools.send("Storage.clearDataForOrigin", everywhere)
        devtools.detach()
        self._context.clear_permissions()
        self._context.unroute_all()
        self._context.set_offline(False)

    def close(self) -> None:
        """Ends it, if it has begun."""
        if self._context is not None:
            self._context.close()
            self._context = None
            self._tests = 0
