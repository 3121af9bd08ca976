"""The real process with a fault put into it from outside: a few lines that run before its own `main`."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from duty_teller.bot_api_stand_in.client import StandInClient
from tests.process.conftest import Service, afresh, chat, service, terminal, wait_for

__all__ = ["Faulty", "afresh", "chat", "faulty", "service", "systemd", "terminal", "wait_for"]

_SOON = """
import asyncio, functools
def when_it_runs(act, seconds=0.5):
    '''Calls `act` on the loop of the running process, once a file named `now` lies in its folder.'''
    import os
    from duty_teller import run
    serve = run.serve
    @functools.wraps(serve)
    async def wrapped(*args, **kwargs):
        async def later():
            while not os.path.exists("now"):
                await asyncio.sleep(0.05)
            act()
        task = asyncio.ensure_future(later())
        try:
            return await serve(*args, **kwargs)
        finally:
            task.cancel()
    run.serve = wrapped
def task_of(name):
    '''The task that runs a coroutine of this (qualified) name.'''
    return next(t for t in asyncio.all_tasks() if t.get_coro().__qualname__ == name)
"""


class Faulty(Service):
    """`duty-teller run` with a fault."""

    def break_with(self, code: str) -> None:
        """Has Python lines run in the process before it starts."""
        path = self.folder / "faulty.py"
        path.write_text(f"{_SOON}\n{code}\nimport sys\nfrom duty_teller.main import main\nsys.exit(main(['run']))\n")
        self.program = [sys.executable, str(path)]

    def break_now(self) -> None:
        """Lets what waits for `when_it_runs` happen."""
        (self.folder / "now").touch()


@pytest.fixture
def faulty(tmp_path: Path, chat: StandInClient, migrated_file: Path) -> Iterator[Faulty]:
    """A service that polls the stand-in; not started."""
    made = Faulty(tmp_path, chat.base_url, migrated_file)
    try:
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.process.kill()
            made.process.wait()


@pytest.fixture
def systemd(faulty: Faulty) -> Iterator[socket.socket]:
    """The other end of NOTIFY_SOCKET; WatchdogSec is short."""
    path = faulty.folder / "notify"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(path))
    listener.settimeout(10)
    faulty.environment |= {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "900000"}
    with listener:
        yield listener
