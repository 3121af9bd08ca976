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

from playwright.sync_api import Browser, Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "docs" / "screenshots"
NOW: Final = datetime(2026, 11, 18, 10, 20, tzinfo=UTC)
"""A Wednesday; the clock stands still here until the page moves it."""
ZONES: Final = {"en": "Europe/London", "ru": "Europe/Moscow"}
THEMES: Final = ("light", "dark")
VIEWS: Final = ("now", "month", "mine", "team", "balance")
PHONE: Final = {"width": 390, "height": 760}
DESKTOP: Final = {"width": 1280, "height": 800}
ADMIN: Final = 1001
MEMBER: Final = 1002
_BROWSERS: Final = ("chromium-headless-shell", "chromium")
_FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP telegram.org ~NOTFOUND"]


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


def opened(browser: Browser, address: str, lang: str, theme: str, size: dict[str, int]) -> Page:
    """A page by the demo's clock, in a language, a theme and a size; twice as fine as a screen of old."""
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        locale="en-GB" if lang == "en" else "ru-RU",
        timezone_id=ZONES[lang],
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    context.clock.set_fixed_time(NOW)
    page = context.new_page()
    page.goto(address)
    return page


def keep(page: Page, name: str, part: str = "") -> None:
    """Keeps a picture, of the whole window or of a part of the page."""
    page.wait_for_load_state("networkidle") if not part else None
    page.evaluate("document.activeElement?.blur()")
    target = page.locator(part) if part else page
    target.screenshot(path=FOLDER / f"{name}.png", animations="disabled", caret="hide")
    print(f"docs/screenshots/{name}.png", flush=True)


def mini_app(browser: Browser, page_address: str, lang: str, theme: str) -> None:
    """The Mini App's views on a phone, and a day of the month."""
    page = opened(browser, f"{page_address}open/{MEMBER}", lang, theme, PHONE)
    page.locator("#now .card").first.wait_for()
    for view in VIEWS:
        page.locator("#tabs button").nth(VIEWS.index(view)).click()
        page.locator(f"#{view}").wait_for()
        keep(page, f"{view}.{lang}.{theme}")
        if view == "month":
            page.locator(f'[data-day="{NOW:%Y-%m}-20"]').press("Enter")
            page.locator("dialog[open]").wait_for()
            keep(page, f"day.{lang}.{theme}")
            page.keyboard.press("Escape")
    page.context.close()
    page = opened(browser, f"{page_address}open/{ADMIN}", lang, theme, PHONE)
    page.locator("#tabs button").nth(len(VIEWS)).click()
    page.locator("#admin").wait_for()
    keep(page, f"admin.{lang}.{theme}")
    page.context.close()


def demo_page(browser: Browser, address: str, lang: str, theme: str) -> None:
    """The demo's page as it opens, on a phone and on a desktop."""
    for name, size in (("phone", PHONE), ("desktop", DESKTOP)):
        page = opened(browser, address, lang, theme, size)
        page.locator("#steps li").first.wait_for()
        if name == "desktop":
            page.frame_locator("iframe").locator("#now .card").first.wait_for()
        time.sleep(1)  # the page asks for what has changed all the time: it is never idle
        keep(page, f"demo-{name}.{lang}.{theme}", "html")
        page.context.close()


def told(browser: Browser, address: str, lang: str) -> None:
    """What README begins with: a file was sent, the bot shows what would change; beside it the pin and the month."""
    page = opened(browser, address, lang, "light", {"width": 1280, "height": 900})
    page.locator("#steps button").nth(1).click()
    page.locator(".sample button").first.click()
    page.locator('#bot [data-ends="apply"]').wait_for()
    app = page.frame_locator("iframe")
    app.locator("#tabs button").nth(1).click()
    app.locator("#month [data-day]").first.wait_for()
    time.sleep(1)
    keep(page, f"product.{lang}", "main")
    page.locator('#bot [data-ends="apply"]').click()
    page.locator("#steps li.done:nth-child(3)").wait_for()
    page.locator("#to-handover").click()
    page.locator("#steps li.done:nth-child(4)").wait_for()
    page.locator('#clock[aria-busy="false"]').wait_for()
    time.sleep(1)
    keep(page, f"handover.{lang}", "html")
    page.context.close()


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
