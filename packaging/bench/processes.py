"""Processes under measurement: started, waited for, asked for their memory, ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sample import ADMIN_ID, TOKEN, quiet_environment
from user_venv import user_python

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY = REPOSITORY / "dist" / "duty-teller"
OPTIONS = ["-OO", "-X", "no_debug_ranges"]
"""As `make run` starts it and the binary is built."""

PATIENCE = 30.0
MINI_APP = "https://duty.example.org"


def sources() -> list[str]:
    """Returns the command of the product from the sources, in the environment of a user."""
    return [user_python(), *OPTIONS, "-m", "duty_teller"]


def free_port() -> int:
    """Returns a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def product_environment(folder: Path, port: int, bot_api: str) -> dict[str, str]:
    """Returns the settings of a product on a data folder."""
    return quiet_environment(
        BOT_TOKEN=TOKEN,
        ADMIN_IDS=str(ADMIN_ID),
        DATA_DIR=str(folder),
        HTTP_PORT=str(port),
        BOT_API_BASE_URL=bot_api,
        MINI_APP_BASE_URL=MINI_APP,
        LOG_LEVEL="ERROR",
        FEED_REQUESTS_PER_MINUTE="0",
    )


def _ask(port: int, path: str) -> int:
    """Returns the status of one request without a client library: importing one takes longer than the request."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        head = connection.recv(64)
    return int(head.split(b" ")[1]) if head.startswith(b"HTTP/1.1 ") else 0


def wait_until_healthy(process: "subprocess.Popen[bytes]", port: int, path: str = "/healthz") -> float:
    """Waits for the first 200; returns the monotonic time of it.

    Raises:
        RuntimeError: The process ended, or nothing came in time.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with code {process.returncode}")
        try:
            if _ask(port, path) == 200:
                return time.monotonic()
        except OSError:
            pass
        time.sleep(0.003)
    raise RuntimeError(f"no healthy answer from {process.args!r} within {PATIENCE:.0f} s")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ends a process as a service manager does."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # the one-file binary runs as a child of what was started
            process.wait()


@contextmanager
def product(
    folder: Path, bot_api: str | None = None, command: list[str] | None = None, path: str = "/healthz"
) -> Iterator[tuple[int, float, int]]:
    """Runs the product on a data folder.

    Args:
        folder: DATA_DIR.
        bot_api: The Bot API's address; None is one where nobody answers.
        command: The program; None runs the sources, in the environment of a user.
        path: What is asked for.

    Yields:
        Its port, the seconds to the first answer, its process id.
    """
    port = free_port()
    environment = product_environment(folder, port, bot_api or f"http://127.0.0.1:{free_port()}")
    begin = time.monotonic()
    process = subprocess.Popen(
        [*(command or sources()), "run"], cwd=folder, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield port, wait_until_healthy(process, port, path) - begin, process.pid
    finally:
        stop(process)


@contextmanager
def floor(bodies: dict[str, Path]) -> Iterator[int]:
    """Runs the bare application that serves some files from memory; yields its port."""
    port = free_port()
    arguments = [f"{path}={file}" for path, file in bodies.items()]
    command = [sys.executable, str(Path(__file__).parent / "floor_app.py"), str(port), *arguments]
    process = subprocess.Popen(command, env=quiet_environment(), stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_until_healthy(process, port, next(iter(bodies)))
        yield port
    finally:
        stop(process)


def proportional_memory(pid: int) -> float:
    """Returns the memory of a process and its children in MiB, what they share counted once (PSS of Linux)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    total = next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return total + sum(proportional_memory(int(child)) for child in children)


def memory(pid: int) -> float:
    """Returns the resident memory of a process and its children, in MiB (Linux)."""
    total = 0.0
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            total = int(line.split()[1]) / 1024
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return total + sum(memory(int(child)) for child in (children.read_text().split() if children.exists() else []))
