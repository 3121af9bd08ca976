"""The one-file binary on a machine without Python: an empty environment, nothing on the PATH, an empty folder."""

import json
import os
import signal
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from duty_teller import __version__
from duty_teller.config import EXIT_CONFIGURATION

BINARY = os.environ.get("DUTY_TELLER_BINARY", "")

pytestmark = pytest.mark.skipif(not BINARY, reason="DUTY_TELLER_BINARY does not name a binary (make binary)")

ROSTER = {
    "meta": {"start_date": "2028-02-28"},
    "schedule": [{"name": "Alice Anders", "duty": "Б; ;Б; "}, {"name": "Dan Dietrich", "duty": " ;Б; ;О"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def _environment(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": "/nonexistent", "DATA_DIR": str(folder / "data"), "TMPDIR": str(folder)} | more


def _binary(folder: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [BINARY, *arguments],
        cwd=folder,
        env=_environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def _rows(folder: Path, question: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / "data" / "duty_teller.db")
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def test_binary_tells_its_version(folder: Path) -> None:
    result = _binary(folder, "version")

    assert (result.returncode, result.stdout.split()[-1]) == (0, __version__)


def test_binary_brings_its_migrations(folder: Path) -> None:
    result = _binary(folder, "migrate", DUTY_DISPLAY_TZ="Europe/Moscow")

    assert result.returncode == 0, result.stderr
    assert _rows(folder, "SELECT timezone FROM rosters") == [("Europe/Moscow",)]


def test_binary_imports_a_roster(folder: Path) -> None:
    (folder / "roster.json").write_text(json.dumps(ROSTER), encoding="utf-8")

    result = _binary(folder, "import", "roster.json", "--handover", "09:00 Europe/Moscow")

    assert result.returncode == 0, result.stderr
    stored = _rows(folder, "SELECT event_type, count(*) FROM duties GROUP BY event_type ORDER BY event_type")
    assert stored == [("duty", 3), ("vacation", 1)]


def test_binary_imports_a_workbook(folder: Path) -> None:
    """The workbook is read in a child process, which is the binary again."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Февраль 2028"
    sheet.append(["ФИО", *range(1, 30)])
    sheet.append(["Alice Anders", *("Д" if day % 2 else None for day in range(1, 30))])
    sheet.append(["Dan Dietrich", *(None if day % 2 else "Д" for day in range(1, 30))])
    book.save(folder / "roster.xlsx")

    result = _binary(folder, "import", "roster.xlsx", "--handover", "09:00 Europe/Moscow", "--codes", "Д=duty")

    assert result.returncode == 0, result.stderr
    assert _rows(folder, "SELECT count(*) FROM duties WHERE event_type = 'duty'") == [(29,)]


def test_binary_with_wrong_configuration_names_every_variable(folder: Path) -> None:
    result = _binary(folder, "run", BOT_TOKEN="secret-nonsense", HTTP_PORT="http")

    assert result.returncode == EXIT_CONFIGURATION
    assert [name for name in ("BOT_TOKEN", "HTTP_PORT") if name not in result.stderr] == []
    assert "secret-nonsense" not in result.stderr + result.stdout


@pytest.fixture
def service(folder: Path, unused_tcp_port_factory: object) -> Iterator["tuple[subprocess.Popen[bytes], int]"]:
    """The service, with a Bot API address where nobody answers."""
    port, closed = unused_tcp_port_factory(), unused_tcp_port_factory()  # type: ignore[operator]
    environment = _environment(
        folder,
        BOT_TOKEN="1001:binary-test",
        ADMIN_IDS="1001",
        HTTP_PORT=str(port),
        BOT_API_BASE_URL=f"http://127.0.0.1:{closed}",
    )
    process = subprocess.Popen(
        [BINARY, "run"], cwd=folder, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    )
    yield process, port
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)  # the program is a child of the process that unpacked it
    process.wait(10)


def _get(process: "subprocess.Popen[bytes]", port: int, path: str) -> tuple[int, bytes]:
    """Asks until the service listens."""
    end = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return answer.status, answer.read()
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.05)


def test_binary_runs_without_a_network_and_ends_cleanly(service: "tuple[subprocess.Popen[bytes], int]") -> None:
    process, port = service

    healthy, _ = _get(process, port, "/healthz")
    status, page = _get(process, port, "/")
    process.send_signal(signal.SIGTERM)

    assert (healthy, status) == (200, 200)
    assert page.lstrip().lower().startswith(b"<!doctype html>")
    assert process.wait(10) == 0
