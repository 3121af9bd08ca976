"""A machine made of a folder (systemd-nspawn), what it is asked, and how a step is proved."""

import contextlib
import ctypes
import json
import os
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from duty_teller.bot_api_stand_in.client import StandInClient

ALICE, DAN, GROUP = 1001, 1002, -1001700000000
PORT: Final = 8765
PATIENCE: Final = 120.0
_NETWORK: Final = 0x40000000
"""CLONE_NEWNET of sched.h."""

T = TypeVar("T")


class StepFailedError(Exception):
    """A step did not hold; the text says which and how."""


class Machine:
    """A Debian in a folder, on or off."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.process: subprocess.Popen[bytes] | None = None
        self.log = root.parent / "console.log"

    def boot(self, *options: str) -> None:
        """Starts it and waits for its systemd; `options` are of systemd-nspawn."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "-D", str(self.root), *options, "-b"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait("the machine to boot", lambda: self._running() in {"running", "degraded"})

    def halt(self) -> None:
        """Shuts it down."""
        if self.process is not None:
            with contextlib.suppress(StepFailedError):
                self.do("systemctl", "poweroff")
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def do(self, *command: str, code: int | None = 0) -> str:
        """Runs a command as root inside; returns what it printed.

        Raises:
            StepFailedError: It ended with another code.
        """
        found = subprocess.run(["nsenter", "-t", self._leader(), "-a", *command], capture_output=True, text=True)
        said = found.stdout + found.stderr
        if code is not None and found.returncode != code:
            raise StepFailedError(f"{' '.join(command)} ended with {found.returncode}, not {code}:\n{said}")
        return said

    @contextlib.contextmanager
    def talking(self, *command: str) -> Iterator[tuple[Callable[[], str], Callable[[str], None]]]:
        """Runs a command as root inside that asks questions; gives what it has said so far, and a way to answer.

        Raises:
            StepFailedError: It ended with another code than 0.
        """
        with tempfile.TemporaryFile("w+") as output:
            process = subprocess.Popen(
                ["nsenter", "-t", self._leader(), "-a", *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                text=True,
            )

            def said() -> str:
                return os.pread(output.fileno(), 1_000_000, 0).decode()

            def answer(text: str) -> None:
                assert process.stdin is not None
                process.stdin.write(text)
                process.stdin.flush()

            yield said, answer
            code = process.wait(PATIENCE)
            if code:
                raise StepFailedError(f"{' '.join(command)} ended with {code}:\n{said()}")

    def inside(self, act: Callable[[], T]) -> T:
        """Runs a function where the machine's network is; a socket that it opens stays there."""

        def there() -> T:
            with Path(f"/proc/{self._leader()}/ns/net").open() as network:
                if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), _NETWORK):
                    raise OSError(ctypes.get_errno(), "setns")
            return act()

        with ThreadPoolExecutor(1) as thread:  # a thread of its own: only that one goes there
            return thread.submit(there).result()

    def log_says(self, text: str) -> bool:
        """Tells whether the service's log of this boot holds a text."""
        return text in self.do("journalctl", "-b", "-u", "duty-teller.service", "-o", "cat", "--no-pager")

    def shows(self, name: str) -> str:
        """Returns a property of the service."""
        return self.do("systemctl", "show", "-P", name, "duty-teller.service").strip()

    def _leader(self) -> str:
        if self.process is None:
            raise StepFailedError("the machine is off")
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        if not children:
            raise StepFailedError("the machine is off")
        return children[0]

    def _running(self) -> str:
        try:
            return self.do("systemctl", "is-system-running", code=None).strip()
        except (StepFailedError, OSError):
            return ""


def wait(what: str, true: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Asks until the answer is true, and returns it.

    Raises:
        StepFailedError: It did not come in time.
    """
    end = time.monotonic() + seconds
    while not (found := true()):
        if time.monotonic() > end:
            raise StepFailedError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.1)
    return found


def prove(what: str, holds: object) -> None:
    """Prints what holds, or raises StepFailedError."""
    if not holds:
        raise StepFailedError(what)
    print(f"  ok  {what}", flush=True)


def health(port: int = PORT) -> dict[str, Any] | None:
    """Returns the health answer, or None while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as answer:  # 503: the database is in trouble
        found = json.load(answer)
    except (OSError, ValueError):
        return None
    return found


def healthy(port: int = PORT) -> bool:
    """Tells whether the service serves and polls."""
    found = health(port)
    return found is not None and found["status"] == "ok" and found["telegram"]["state"] == "polling"


def roster(*names: str) -> bytes:
    """A roster of thirty days from today on: each of them has the duty on every n-th day."""
    schedule = [
        {"name": name, "duty": ";".join("Б" if day % len(names) == place else "" for day in range(30))}
        for place, name in enumerate(names)
    ]
    return json.dumps({"meta": {"start_date": datetime.now(UTC).date().isoformat()}, "schedule": schedule}).encode()


def pinned(chat: StandInClient, text: str) -> bool:
    """Tells whether the group's pinned message says so."""
    found = chat.pinned(GROUP)
    return found is not None and text in found["text"]


def told(chat: StandInClient) -> dict[int, list[str]]:
    """Returns the messages of the bot's in each chat."""
    return {
        who: [one["text"] for one in chat.messages(who) if one["sender"]["is_bot"] and one["service"] is None]
        for who in (ALICE, DAN, GROUP)
    }


@contextlib.contextmanager
def network_to(machine: Machine, port: int) -> Iterator[None]:
    """Lets a port of the machine, which has a network of its own, lead to the same one out here."""
    listener = machine.inside(lambda: socket.create_server(("127.0.0.1", port)))

    def pump(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(65536):
                target.sendall(part)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = listener.accept()
                far = socket.create_connection(("127.0.0.1", port))
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=pump, args=ends, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield
    finally:
        listener.close()
