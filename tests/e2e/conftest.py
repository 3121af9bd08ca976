"""The real process, as somebody would run it, with a wall clock that the test can move."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn, run_in_thread
from duty_teller.bot_api_stand_in.client import StandInClient
from tests.missing import missing
from tests.ports import free_port
from tests.process import nursery

ALICE, DAN, SAM, GROUP = 1001, 1002, 1003, -1001700000000


def program() -> list[str]:
    """The binary that DUTY_TELLER_BINARY names, else the sources."""
    binary = os.environ.get("DUTY_TELLER_BINARY")
    return [binary] if binary else [sys.executable, "-m", "duty_teller"]


def faketime_library() -> str:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        missing("libfaketime", "Debian: libfaketime")
    return str(found[0])


@dataclass
class Product:
    """A running `duty-teller run` and what it was told."""

    stand_in: StandInClient
    folder: Path
    port: int
    environment: dict[str, str]
    process: nursery.Running | None = None
    offset: timedelta = field(default_factory=timedelta)
    afresh: bool = False

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = nursery.start(
                [*program(), "run"], self.environment, self.folder, log, group=True, afresh=self.afresh
            )
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                answer = httpx.get(f"{self.base}/healthz", timeout=2).json()
                if answer.get("telegram", {}).get("state") == "polling":  # what has just begun may only say that it has
                    return
            except httpx.HTTPError:
                pass
            assert self.process.poll() is None, self.log()
            time.sleep(0.1)
        raise AssertionError(f"not healthy within 90 s:\n{self.log()}")

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)

    def kill(self) -> None:
        """Kills the process where it runs; a one-file binary is two."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def move_clock(self, to: datetime) -> None:
        """Sets the product's wall clock (its monotonic clock stays) and the stand-in's."""
        by = to - self.now()
        self.offset += by
        (self.folder / "clock").write_text(f"{self.offset.total_seconds():+.0f}\n")
        self.stand_in.advance_clock(by.total_seconds())

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Runs a command of the terminal on the same data."""
        return nursery.run([*program(), *arguments], self.environment, self.folder, afresh=self.afresh)

    def begin(self, *arguments: str) -> nursery.Running:
        """Begins a command on the same data, and lets nobody hear of it."""
        with Path(os.devnull).open("wb") as nothing:
            return nursery.start([*program(), *arguments], self.environment, self.folder, nothing)

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


@contextmanager
def on_real_ground(folder: Path, stand_in: StandIn, **environment: str) -> Iterator[Product]:
    """A product that is not started yet, with the stand-in it talks to; at the end it is killed."""
    port = free_port()
    with run_in_thread(stand_in) as client:
        known = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),  # these very sources, wherever they are checked out
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "BOT_TOKEN": DEFAULT_TOKEN,
            "BOT_API_BASE_URL": client.base_url,
            "ADMIN_IDS": str(ALICE),
            "DATA_DIR": str(folder / "data"),
            "HTTP_PORT": str(port),
            "MINI_APP_BASE_URL": f"http://127.0.0.1:{port}",
        }
        running = Product(client, folder, port, known | environment)
        try:
            yield running
        finally:
            running.kill()


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """The product with a wall clock that can be moved."""
    (tmp_path / "clock").write_text("+0\n")
    faketime = {
        "LD_PRELOAD": faketime_library(),
        "FAKETIME_TIMESTAMP_FILE": str(tmp_path / "clock"),
        "FAKETIME_CACHE_DURATION": "1",  # reading the file at every look at the clock takes a core
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # Its cure for waits on the monotonic clock lets threads that wait for the interpreter spin: 6 s a start.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }
    with on_real_ground(tmp_path, StandIn(), **faketime) as running:
        yield running
