"""`make screenshots`: a picture of each state of the product, from the demo with a clock that stands still.

Into docs/screenshots: the Mini App's views on a phone in each language and theme, the demo's page, and the picture that
README begins with. The same commit gives the same pictures, as far as the machine's fonts are the same.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Request, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "docs" / "screenshots"
NOW: Final = datetime(2026, 11, 18, 10, 20, tzinfo=UTC)
"""A Wednesday; the clock stands still here until the page moves it."""
ZONES: Final = {"en": "Europe/London", "ru": "Europe/Moscow"}
THEMES: Final = ("light", "dark")
VIEWS: Final = ("now", "month", "mine", "team", "balance")
PHONE: Final = {"width": 390, "height": 760}
DESKTOP: Final = {"width": 1280, "height": 800}
CALM: Final = 1.5
"""Seconds without a request until everything is there: what changes in the demo reaches its Mini App after 0.7."""
ADMIN: Final = 1001
MEMBER: Final = 1002
_BROWSERS: Final = ("chromium-headless-shell", "chromium")
_FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-partial-raster",  # otherwise edges of round things tell when what was drawn
    "--host-resolver-rules=MAP telegram.org ~NOTFOUND",
]


def play(port: int) -> int:
    """Runs the demo in this process; the other one takes the pictures."""
    from duty_teller.demo.play import run_demo
    from duty_teller.main import _serve

    os.environ["HTTP_PORT"] = str(port)
    return run_demo(_serve, clock=lambda: NOW)


@contextmanager
def demo(lang: str) -> Iterator[str]:
    """A running demo in a language; yields the address of its page."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        own = {"DEFAULT_LANGUAGE": lang, "DUTY_DISPLAY_TZ": ZONES[lang], "TMPDIR": folder}
        running = subprocess.Popen(
            [sys.executable, __file__, str(port)],
            env={**os.environ, **own, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            said = ""
            while "Ctrl-C" not in said:
                line = running.stdout.readline() if running.stdout else ""
                if not line:
                    raise SystemExit(f"the demo ended:\n{said}")
                said += line
            yield next(word.partition("open/")[0] for word in said.split() if "/open/" in word)
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(20)


class Camera:
    """A page by the demo's clock, in a language, a theme and a size; a picture is taken when nothing moves any more."""

    def __init__(self, browser: Browser, address: str, lang: str, theme: str, size: dict[str, int]) -> None:
        self.context = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            locale="en-GB" if lang == "en" else "ru-RU",
            timezone_id=ZONES[lang],
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        self.context.clock.set_fixed_time(NOW)
        self.page = self.context.new_page()
        self._asked: set[int] = set()
        self._last = time.monotonic()
        self.page.on("request", self._ask)
        for end in ("requestfinished", "requestfailed"):
            self.page.on(end, self._answered)
        self.page.goto(address)

    def _ask(self, request: Request) -> None:
        if not request.url.endswith("/wait"):  # the demo's page has that one open all the time
            self._asked.add(id(request))
            self._last = time.monotonic()

    def _answered(self, request: Request) -> None:
        self._asked.discard(id(request))
        self._last = time.monotonic()

    def calm(self) -> None:
        """Waits until all that was asked for is there and drawn, also what a message of the demo's page causes."""
        self._last = time.monotonic()
        while self._asked or time.monotonic() - self._last < CALM:
            self.page.wait_for_timeout(50)
        self.page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")

    def keep(self, name: str, part: str = "") -> None:
        """Keeps a picture, of the whole window or of a part of the page."""
        self.page.mouse.move(0, 0)
        self.calm()
        self.page.evaluate("document.activeElement?.blur()")
        target = self.page.locator(part) if part else self.page
        target.screenshot(path=FOLDER / f"{name}.png", animations="disabled", caret="hide")
        print(f"docs/screenshots/{name}.png", flush=True)

    def close(self) -> None:
        """Ends the page."""
        self.context.close()


def mini_app(browser: Browser, page_address: str, lang: str, theme: str) -> None:
    """The Mini App's views on a phone, and a day of the month."""
    camera = Camera(browser, f"{page_address}open/{MEMBER}", lang, theme, PHONE)
    page = camera.page
    page.locator("#now .card").first.wait_for()
    for view in VIEWS:
        page.locator("#tabs button").nth(VIEWS.index(view)).click()
        page.locator(f"#{view}").wait_for()
        camera.keep(f"{view}.{lang}.{theme}")
        if view == "month":
            page.locator(f'[data-day="{NOW:%Y-%m}-20"]').press("Enter")
            page.locator("dialog[open] .changed").first.wait_for()
            camera.keep(f"day.{lang}.{theme}")
            page.keyboard.press("Escape")
    camera.close()
    camera = Camera(browser, f"{page_address}open/{ADMIN}", lang, theme, PHONE)
    camera.page.locator("#tabs button").nth(len(VIEWS)).click()
    camera.page.locator("#admin").wait_for()
    camera.keep(f"admin.{lang}.{theme}")
    camera.close()


def demo_page(browser: Browser, address: str, lang: str, theme: str) -> None:
    """The demo's page as it opens, on a phone and on a desktop."""
    for name, size in (("phone", PHONE), ("desktop", DESKTOP)):
        camera = Camera(browser, address, lang, theme, size)
        camera.page.locator("#steps li").first.wait_for()
        if name == "desktop":
            camera.page.frame_locator("iframe").locator("#now .card").first.wait_for()
        camera.keep(f"demo-{name}.{lang}.{theme}", "html")
        camera.close()


def told(browser: Browser, address: str, lang: str) -> None:
    """What README begins with: a file was sent, the bot shows what would change; beside it the pin and the month."""
    camera = Camera(browser, address, lang, "light", {"width": 1280, "height": 900})
    page = camera.page
    page.locator("#hint button").click()
    page.locator("#steps li.done:nth-child(1)").wait_for()
    page.locator(".sample button").first.click()
    page.locator('#bot [data-ends="apply"]').wait_for()
    app = page.frame_locator("iframe")
    app.locator("#tabs button").nth(1).click()
    app.locator("#month [data-day]").first.wait_for()
    camera.keep(f"product.{lang}", "main")
    page.locator('#bot [data-ends="apply"]').click()
    page.locator("#steps li.done:nth-child(3)").wait_for()
    page.locator("#group .message").nth(1).wait_for()  # the digest, by the clock as it is
    page.locator("#clock [data-move=handover]").click()
    page.locator("#steps li.done:nth-child(4)").wait_for()
    page.locator('#clock[aria-busy="false"]').wait_for()
    camera.keep(f"handover.{lang}", "html")
    camera.close()


def main() -> int:
    """Takes all pictures."""
    path = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit(f"Chromium is not installed (Debian: {_BROWSERS[0]})")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        for lang in ZONES:
            with demo(lang) as address:
                for theme in THEMES:
                    mini_app(browser, address, lang, theme)
                    demo_page(browser, address, lang, theme)
                told(browser, address, lang)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(play(int(sys.argv[1])) if len(sys.argv) > 1 else main())
