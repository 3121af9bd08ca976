"""The real process, started as somebody would start it."""

import contextlib
import io
import json
import logging
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

import httpx
import pytest

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn, run_in_thread
from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.console import import_file
from duty_teller.importers.duty_schedule import RosterCells, read_roster_file
from duty_teller.main import main
from duty_teller.utils import logs
from tests.ports import free_port
from tests.process import nursery

ALICE, DAN, SAM = 1001, 1002, 1003
GROUP = -1001700000000
PROGRAM = [sys.executable, "-m", "duty_teller"]

Json = dict[str, Any]


def wait_for(true: Callable[[], Any], timeout: float = 60) -> Any:
    """Asks again and again until the answer is true, and returns it."""
    deadline = time.monotonic() + timeout
    while not (found := true()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)
    return found


def roster_json(start: date, people: dict[str, str]) -> bytes:
    """The fixed JSON; a letter a day."""
    schedule = [{"name": name, "duty": ";".join(cells)} for name, cells in people.items()]
    return json.dumps({"meta": {"start_date": start.isoformat()}, "schedule": schedule}).encode()


class Service:
    """`duty-teller` in a folder of its own."""

    def __init__(self, folder: Path, base_url: str, database: Path | None = None) -> None:
        self.folder = folder
        self.database = database
        self.port = free_port()
        self.process: nursery.Running | None = None
        self.afresh = False
        self.program = [*PROGRAM, "run"]
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),  # these very sources, wherever they are checked out
            "HOME": str(folder),
            "BOT_TOKEN": DEFAULT_TOKEN,
            "BOT_API_BASE_URL": base_url,
            "ADMIN_IDS": str(ALICE),
            "DATA_DIR": str(folder / "data"),
            "DUTY_DISPLAY_TZ": "Europe/Moscow",
            "HTTP_PORT": str(self.port),
            "MINI_APP_BASE_URL": f"http://127.0.0.1:{self.port}",
        }

    def start(self, state: str = "polling") -> None:
        """Runs it until Telegram is in a state."""
        with (self.folder / "log").open("ab") as log:
            self.launch(log)
        self.wait_for_state(state)

    def settle(self) -> None:
        """Lets a service that has no data yet find a database of this version; making one is a third of a start."""
        path = self.folder / "data" / "duty_teller.db"
        if self.database is not None and not self.afresh and not path.parent.exists():
            path.parent.mkdir(0o700)
            shutil.copyfile(self.database, path)
            path.chmod(0o600)

    def launch(self, output: int | IO[bytes]) -> nursery.Running:
        """Runs it without waiting for anything; `output` takes what it says."""
        self.settle()
        self.process = nursery.start(self.program, self.environment, self.folder, output, afresh=self.afresh)
        return self.process

    def health(self) -> Json:
        """The health answer."""
        answer = httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5, verify=False)
        assert answer.status_code == 200
        found: Json = answer.json()
        return found

    def wait_for_state(self, state: str) -> Json:
        def look() -> Json | None:
            assert self.process is not None
            assert self.process.poll() is None, self.log()
            try:
                answer = httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5, verify=False)
            except httpx.TransportError:
                return None
            assert answer.status_code == 200
            telegram: Json = answer.json()["telegram"]
            return telegram if telegram["state"] == state else None

        found: Json = wait_for(look)
        return found

    def end(self, number: int = signal.SIGTERM) -> int:
        """Sends a signal and returns the exit code; 2 s are promised, a loaded machine gets more."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(8)

    def command(self, *arguments: str, **changed: str | None) -> "subprocess.CompletedProcess[str]":
        """Runs a command of the terminal; `changed` sets variables, None takes one away."""
        return self.run([*PROGRAM, *arguments], **changed)

    def run(self, program: list[str], **changed: str | None) -> "subprocess.CompletedProcess[str]":
        """Runs another program of Python's like this one."""
        environment = {name: value for name, value in (self.environment | changed).items() if value is not None}
        return nursery.run(program, environment, self.folder, afresh=self.afresh)

    def here(self, *arguments: str, **changed: str | None) -> "subprocess.CompletedProcess[str]":
        """Like `command` without a process: for what is about arguments, files, words and exit codes.

        Starting Python and loading the program is nine tenths of what a command takes. The file is read in this
        process, too.
        """
        environment = {name: value for name, value in (self.environment | changed).items() if value is not None}
        said, complained = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="", write_through=True) for _ in "12")

        def configure(
            level: str, secrets: Iterable[str], brief: logging.Filter | None = None, as_json: bool = False
        ) -> None:
            handler.setFormatter(logs.RedactingFormatter(secrets, as_json))
            handler.setLevel(level)
            if brief is not None:
                handler.addFilter(brief)

        async def read(data: bytes, name: str) -> RosterCells:
            return read_roster_file(data, name)

        handler = logging.StreamHandler(complained)
        logging.getLogger().addHandler(handler)
        mask = os.umask(0o022)
        try:
            with (
                pytest.MonkeyPatch.context() as patched,
                contextlib.chdir(self.folder),
                contextlib.redirect_stdout(said),
                contextlib.redirect_stderr(complained),
            ):
                patched.setattr(os, "environ", environment)
                patched.setattr(sys, "stdin", io.StringIO())
                patched.setattr(logs, "configure", configure)
                patched.setattr(import_file, "read_in_child", read)
                try:
                    code = main(arguments)
                except SystemExit as end:
                    code = int(end.code or 0)
        finally:
            os.umask(mask)
            logging.getLogger().removeHandler(handler)
        texts = [stream.buffer.getvalue().decode() for stream in (said, complained)]  # type: ignore[attr-defined]
        return subprocess.CompletedProcess(arguments, code, *texts)

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.folder / "data" / "duty_teller.db")
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()


@pytest.fixture
def chat() -> Iterator[StandInClient]:
    with run_in_thread(StandIn()) as client:
        client.add_user(ALICE, "Alice", "alice")
        client.add_user(DAN, "Dan", "dan_duty", "ru")
        yield client


@pytest.fixture
def terminal(tmp_path: Path, migrated_file: Path) -> Iterator[Service]:
    """The program without a Telegram: nothing listens at its address."""
    service = Service(tmp_path, f"http://127.0.0.1:{free_port()}", migrated_file)
    try:
        yield service
    finally:
        if service.process is not None and service.process.poll() is None:
            service.process.kill()
            service.process.wait()


@pytest.fixture
def afresh(terminal: Service) -> None:
    """Has the program start as somebody would start it, with everything still to be loaded."""
    terminal.afresh = True


@pytest.fixture
def service(terminal: Service, chat: StandInClient) -> Service:
    """The program with the stand-in for Telegram; not started."""
    terminal.environment["BOT_API_BASE_URL"] = chat.base_url
    return terminal
