"""The browser of the tests: Chromium without its windows, which is the same engine at a third of the work."""

import shutil

from playwright.sync_api import Browser, Playwright

from tests.missing import missing

_NAMES = ("chromium-headless-shell", "chromium")
"""Debian's packages, each with a program of its name. To open a page takes the first 0.7 s of CPU, the other 2.2 s."""
_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # a process less to start and to draw for
    "--disable-quic",
    "--renderer-process-limit=1",  # a page takes a quarter less where no process has to be started for it
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch(playwright: Playwright, *args: str) -> Browser:
    """Starts it; where there is none the test is skipped, in CI it fails."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        missing("Chromium", f"Debian: {_NAMES[0]}")
    return playwright.chromium.launch(executable_path=path, args=[*_ARGS, *args])
