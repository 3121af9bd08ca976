"""Signals, pipes and children: what the system does to a process that runs for months."""

import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import httpx
import pytest

from duty_teller.bot_api_stand_in.client import StandInClient
from tests.faults.conftest import Faulty, wait_for
from tests.process.conftest import ALICE, PROGRAM, Service

SLOW_CHILD = (
    "import sys\nif sys.argv[1:2] == ['parse-file']:\n    from duty_teller.importers import child\n"
    "    def slow(*_):\n        {what}\n    child.read_roster_file = slow\n    from duty_teller.main import main\n"
    "    sys.exit(main(sys.argv[1:]))\n"
)


def child_of(pid: int) -> int | None:
    """The first child of a process (Linux)."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(found[0]) if found else None


def lives(pid: int) -> bool:
    """Tells whether a process runs; one that only waits to be counted does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_child_that_reads_a_file_ends_with_a_parent_that_is_killed(faulty: Faulty, chat: StandInClient) -> None:
    faulty.break_with(
        SLOW_CHILD.format(what="import time; time.sleep(60)")
        + "from duty_teller.importers import child\n"
        + "child._command = lambda _, name: [sys.executable, __file__, 'parse-file', "
        + "str(__import__('os').getpid()), name]"
    )
    faulty.start()
    chat.send_document(ALICE, "roster.json", b"{}")
    assert faulty.process is not None
    pid = wait_for(lambda: child_of(faulty.process.pid) if faulty.process is not None else None)
    wait_for(lambda: b"sleep" in Path(f"/proc/{pid}/wchan").read_bytes() or _cpu(pid) > 0.3)

    faulty.process.kill()
    faulty.process.wait()

    wait_for(lambda: not lives(pid), 5)


def _cpu(pid: int) -> float:
    """Seconds of processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_child_whose_parent_is_gone_already_reads_nothing() -> None:
    done = subprocess.run([*PROGRAM, "parse-file", "1", "--", "x.json"], input=b"{}", capture_output=True, timeout=30)

    assert (done.returncode, done.stdout) == (0, b"")


@pytest.mark.parametrize("what", ["time.sleep(60)", "sum(iter(int, 1))"], ids=["sleeps", "computes"])
def test_child_keeps_its_time_limit_by_itself(tmp_path: Path, what: str) -> None:
    path = tmp_path / "slow.py"
    path.write_text(
        "import os, sys, time\nfrom duty_teller.importers import child\nchild.SECONDS = 1.0\n"
        f"child.read_roster_file = lambda *_: {what}\nsys.exit(child.child_main(os.getppid(), 'x.json'))\n"
    )
    begun = time.monotonic()

    done = subprocess.run([sys.executable, path], input=b"{}", capture_output=True, timeout=30)

    assert done.returncode in (-signal.SIGALRM, -signal.SIGXCPU, -signal.SIGKILL)
    assert time.monotonic() - begun < 20


def test_reader_of_the_log_that_stalls_does_not_stop_the_service(faulty: Faulty, chat: StandInClient) -> None:
    faulty.environment["LOG_LEVEL"] = "DEBUG"
    faulty.break_with(
        "import logging\n"
        "def flood():\n    for number in range(5000):\n"
        "        logging.getLogger('flood').warning('%s %s', number, 'x' * 200)\n"
        "when_it_runs(flood)"
    )
    reading, writing = os.pipe()
    faulty.launch(writing)
    os.close(writing)
    try:
        faulty.wait_for_state("polling")
        faulty.break_now()
        wait_for(lambda: _is_full(reading))
        sent = chat.send_text(ALICE, "/start")

        chat.wait_for_message(ALICE, "Hello, Alice!", after_id=sent["message_id"], timeout=20)
        assert faulty.health()["status"] == "ok"

        os.set_blocking(reading, False)
        seen = b""

        def read_on() -> bool:
            nonlocal seen
            try:
                seen += os.read(reading, 2**20)
            except BlockingIOError:
                faulty.health()  # something to log
            return b" lines of the log were left out: nobody read them" in seen

        wait_for(read_on)
        assert faulty.end() == 0
    finally:
        os.close(reading)


def test_signal_while_the_log_stalls_ends_with_code_0(faulty: Faulty) -> None:
    faulty.break_with(
        "import logging\n"
        "def flood():\n    for number in range(5000):\n"
        "        logging.getLogger('flood').warning('%s %s', number, 'x' * 200)\n"
        "when_it_runs(flood)"
    )
    reading, writing = os.pipe()
    faulty.launch(writing)
    os.close(writing)
    try:
        faulty.wait_for_state("polling")
        faulty.break_now()
        wait_for(lambda: _is_full(reading))

        assert faulty.end() == 0
    finally:
        os.close(reading)


def _is_full(pipe: int) -> bool:
    """Tells whether a pipe takes no more lines: the last page of it is begun."""
    waiting = int(struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0])
    return waiting > fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ) - 4096


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2])
def test_signal_that_asks_for_nothing_changes_nothing(
    service: Service, chat: StandInClient, number: signal.Signals
) -> None:
    service.start()
    assert service.process is not None
    service.process.send_signal(number)

    sent = chat.send_text(ALICE, "/start")
    chat.wait_for_message(ALICE, "Hello, Alice!", after_id=sent["message_id"], timeout=20)
    assert httpx.get(f"http://127.0.0.1:{service.port}/healthz", verify=False).json()["status"] == "ok"
    assert ("the log level is DEBUG now" in service.log()) == (number is signal.SIGHUP)
    assert service.end() == 0


FIRST_START = ("data folder", "database", "log", "port")


@pytest.mark.parametrize("moment", FIRST_START)
def test_signal_during_the_first_start_ends_with_code_0(terminal: Service, moment: str) -> None:
    log = (terminal.folder / "log").open("ab")
    with log:
        terminal.process = subprocess.Popen(
            terminal.program, env=terminal.environment, cwd=terminal.folder, stdout=log, stderr=log
        )
    data = terminal.folder / "data"

    def port_is_open() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", terminal.port)) == 0

    reached = {
        "data folder": data.exists,
        "database": (data / "duty_teller.db").exists,
        "log": lambda: bool(terminal.log()),
        "port": port_is_open,
    }
    process = terminal.process
    wait_for(lambda: reached[moment]() or process.poll() is not None)

    assert terminal.end() == 0
    assert "Traceback" not in terminal.log()
    assert terminal.command("migrate").returncode == 0
