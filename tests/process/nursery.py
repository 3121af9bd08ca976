"""Processes of the program that are forked from one in which its libraries are loaded already.

Loading them is most of what a start takes. What becomes of it is a process like any other: it has its own pid,
environment, folder, streams, signals and end. A test that is about the start itself starts the program as somebody
would.
"""

import atexit
import contextlib
import functools
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

from duty_teller.utils.lean_libraries import load_lean

SOURCES: Final = Path(__file__).resolve().parents[2]
_READ_AT_THE_START: Final = ("PYTHON", "LD_", "LC_", "LANG", "MALLOC_")
"""Beginnings of variables that the interpreter reads before it runs anything."""
_LOADED: Final = (
    "alembic.context",
    "duty_teller.api.app",
    "duty_teller.console.export_file",
    "duty_teller.console.import_file",
    "duty_teller.handlers.bot",
    "duty_teller.handlers.transport.polling",
    "duty_teller.run",
)
_LARGEST: Final = 2**17
"""Bytes of a request."""


class Process:
    """A process that was forked; it is asked and waited for like a `subprocess.Popen`."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._nursery = nursery

    def poll(self) -> int | None:
        """Returns the exit code, or None while it runs."""
        if self.returncode is None:
            self.returncode = self._nursery.ask({"ended": self.pid})["code"]
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Returns the exit code.

        Raises:
            subprocess.TimeoutExpired: It still runs.
        """
        begun = time.monotonic()
        while (code := self.poll()) is None:
            if timeout is not None and time.monotonic() - begun > timeout:
                raise subprocess.TimeoutExpired([str(self.pid)], timeout)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        """Sends a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kills it."""
        self.send_signal(signal.SIGKILL)


Running = Process | subprocess.Popen[bytes]


class Nursery:
    """The side of the tests."""

    def __init__(self) -> None:
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES)}
        command = [sys.executable, "-m", "tests.process.nursery", str(theirs.fileno())]
        self._process = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()], cwd=SOURCES)
        theirs.close()
        atexit.register(self.close)

    def close(self) -> None:
        self._door.close()
        self._process.wait()

    def ask(self, request: dict[str, Any], files: Sequence[int] = ()) -> dict[str, Any]:
        socket.send_fds(self._door, [json.dumps(request).encode()], files)
        answer: dict[str, Any] = json.loads(self._door.recv(_LARGEST))
        return answer

    def start(
        self, program: Sequence[str], environment: Mapping[str, str], folder: Path, streams: Sequence[int]
    ) -> Process:
        request = {"program": program, "environment": environment, "folder": str(folder)}
        return Process(self, self.ask(request, streams)["pid"])


@functools.cache
def nursery() -> Nursery:
    """Returns the one of this process."""
    return Nursery()


def start(
    program: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    output: int | IO[bytes],
    complaints: int | IO[bytes] | None = None,
    afresh: bool = False,
) -> Running:
    """Starts the program.

    Args:
        program: The interpreter and its arguments: a file, or `-m` with a module.
        environment: All of it.
        folder: Where it runs.
        output: Takes what it says.
        complaints: Takes what it complains of; None: the same.
        afresh: As somebody would, with everything still to be loaded.
    """
    complaints = output if complaints is None else complaints
    early = [name for name in environment if name.startswith(_READ_AT_THE_START) and name != "PYTHONPATH"]
    if afresh or early or environment["PYTHONPATH"] != str(SOURCES):
        return subprocess.Popen(program, env=dict(environment), cwd=folder, stdout=output, stderr=complaints)
    with Path(os.devnull).open("rb") as nothing:
        streams = [stream if isinstance(stream, int) else stream.fileno() for stream in (nothing, output, complaints)]
        return nursery().start(program, environment, folder, streams)


# --- in the nursery ---------------------------------------------------------------------------------------------------


def _keep(door: socket.socket) -> dict[str, Any] | None:
    """Answers until there is nobody left who asks; in a new process it returns what that is to become."""
    while True:
        message, files, _flags, _address = socket.recv_fds(door, _LARGEST, 3)
        if not message:
            return None
        request: dict[str, Any] = json.loads(message)
        if "ended" in request:
            pid, status = os.waitpid(request["ended"], os.WNOHANG)
            door.send(json.dumps({"code": os.waitstatus_to_exitcode(status) if pid else None}).encode())
            continue
        if pid := os.fork():
            for file in files:
                os.close(file)
            door.send(json.dumps({"pid": pid}).encode())
            continue
        door.close()
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        return request


def _become(request: dict[str, Any]) -> None:
    # What the interpreter makes of its streams depends on what they are.
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", 1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["folder"])
    program = request["program"][1:]
    if program[0] == "-m":
        sys.argv = program[1:]
        runpy.run_module(program[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = program
        runpy.run_path(program[0], run_name="__main__")


if __name__ == "__main__":
    load_lean()
    for module in _LOADED:
        importlib.import_module(module)
    with contextlib.suppress(KeyboardInterrupt):
        wanted = _keep(socket.socket(fileno=int(sys.argv[1])))
    if wanted is not None:
        _become(wanted)
