"""Processes of the program that are forked from one in which its libraries are loaded already.

Loading them is most of what a start takes. What becomes of it is a process like any other: it has its own pid,
environment, folder, streams, signals and end. A test that is about the start itself starts the program as somebody
would.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

from duty_teller.utils.lean_libraries import load_lean

SOURCES: Final = Path(__file__).resolve().parents[2]
_READ_AT_THE_START: Final = ("PYTHON", "LC_", "LANG", "MALLOC_")
"""Beginnings of variables that the interpreter reads before it runs anything."""
_OF_ANOTHER_CLOCK: Final = ("LD_PRELOAD", "FAKETIME_")
"""Beginnings of those that libfaketime reads before that: with them there is a nursery of its own."""
_CLOCK: Final = "FAKETIME_TIMESTAMP_FILE"
"""The one that it reads each time."""
_STALE_SECONDS: Final = 2.5
"""For so long libfaketime remembers what its file said, also in a process that is forked and has another file."""
_LOADED: Final = (
    "alembic.context",
    "duty_teller.api.app",
    "duty_teller.console.backup_file",
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
        begun, pause = time.monotonic(), 0.005
        while (code := self.poll()) is None:
            if timeout is not None and time.monotonic() - begun > timeout:
                raise subprocess.TimeoutExpired([str(self.pid)], timeout)
            time.sleep(pause)
            pause = min(1.5 * pause, 0.05)  # whoever takes long is not asked a hundred times a second
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

    def __init__(self, early: Mapping[str, str]) -> None:
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {"PATH": os.environ["PATH"], **early, "PYTHONPATH": str(SOURCES)}
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
        self,
        program: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        streams: Sequence[int],
        group: bool = False,
    ) -> Process:
        request = {"program": program, "environment": environment, "folder": str(folder), "group": group}
        return Process(self, self.ask(request, streams)["pid"])


_NURSERIES: Final[dict[frozenset[tuple[str, str]], Nursery]] = {}


def nursery(early: Mapping[str, str]) -> Nursery:
    """Returns the one of this process in which these variables were set from the start."""
    key = frozenset((name, value) for name, value in early.items() if name != _CLOCK)
    if key not in _NURSERIES:
        _NURSERIES[key] = Nursery(early)
    return _NURSERIES[key]


def start(
    program: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    output: int | IO[bytes],
    complaints: int | IO[bytes] | None = None,
    *,
    given: int | IO[bytes] | None = None,
    group: bool = False,
    afresh: bool = False,
) -> Running:
    """Starts the program.

    Args:
        program: The interpreter and its arguments: a file, `-m` with a module, or `-c` with lines. Anything else than
            this interpreter is started as somebody would.
        environment: All of it.
        folder: Where it runs.
        output: Takes what it says.
        complaints: Takes what it complains of; None: the same.
        given: What it reads; None: nothing.
        group: It leads a group of processes of its own.
        afresh: As somebody would, with everything still to be loaded.
    """
    with Path(os.devnull).open("rb") as nothing:
        asked = (nothing if given is None else given, output, output if complaints is None else complaints)
        streams = [stream if isinstance(stream, int) else stream.fileno() for stream in asked]
        early = [name for name in environment if name.startswith(_READ_AT_THE_START) and name != "PYTHONPATH"]
        if afresh or early or program[0] != sys.executable or environment.get("PYTHONPATH") != str(SOURCES):
            stdin, stdout, stderr = streams
            process_group = 0 if group else None
            return subprocess.Popen(
                program,
                env=dict(environment),
                cwd=folder,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                process_group=process_group,
            )
        clock = {name: value for name, value in environment.items() if name.startswith(_OF_ANOTHER_CLOCK)}
        return nursery(clock).start(program, environment, folder, streams, group)


def run(
    program: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    *,
    given: bytes = b"",
    output: int | IO[bytes] | None = None,
    afresh: bool = False,
) -> "subprocess.CompletedProcess[str]":
    """Starts the program, waits for its end, and returns its exit code and what it said, as text.

    Args:
        program, environment, folder, afresh: As for `start`.
        given: What it reads.
        output: Takes what it says; what is returned is nothing then.
    """
    with tempfile.TemporaryFile() as read, tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        read.write(given)
        read.seek(0)
        taken = said if output is None else output
        process = start(program, environment, folder, taken, complained, given=read, afresh=afresh)
        try:
            code = process.wait(60)
        finally:
            process.kill()
        texts = [(stream.seek(0), stream.read())[1].decode() for stream in (said, complained)]
    return subprocess.CompletedProcess(program, code, *texts)


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
            if request["group"]:
                os.setpgid(pid, 0)  # before anybody is told of it
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
    elif program[0] == "-c":
        sys.argv = ["-c", *program[2:]]
        exec(program[1], {"__name__": "__main__"})
    else:
        sys.argv = program
        runpy.run_path(program[0], run_name="__main__")


if __name__ == "__main__":
    load_lean()
    gc.disable()
    for module in _LOADED:
        importlib.import_module(module)
    gc.collect()
    gc.enable()
    gc.freeze()  # to look through what is loaded took each process 0.4 s at its end, and a copy of all of it
    if _CLOCK in os.environ:
        select.select([], [], [], _STALE_SECONDS)  # libfaketime refuses `time.sleep`
    with contextlib.suppress(KeyboardInterrupt):
        wanted = _keep(socket.socket(fileno=int(sys.argv[1])))
    if wanted is not None:
        _become(wanted)
