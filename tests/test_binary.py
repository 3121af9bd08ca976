"""The one-file binary on a machine without Python: an empty environment, nothing on the PATH, an empty folder."""

import fcntl
import http.server
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from duty_teller import __version__
from duty_teller.config import EXIT_CONFIGURATION
from tests.missing import missing

BINARY = os.environ.get("DUTY_TELLER_BINARY", "")

pytestmark = pytest.mark.skipif(not BINARY, reason="DUTY_TELLER_BINARY does not name a binary (make binary)")

ROSTER = {
    "meta": {"start_date": "2028-02-28"},
    "schedule": [{"name": "Alice Anders", "duty": "Б; ;Б; "}, {"name": "Dan Dietrich", "duty": " ;Б; ;О"}],
}


def test_nothing_inside_tells_where_it_was_built() -> None:
    """No path of the checkout, nothing that pip noted there: the same sources give the same bytes."""
    from PyInstaller.archive.readers import CArchiveReader

    here = os.fsencode(Path(__file__).parents[1])
    archive = CArchiveReader(BINARY)
    (modules,) = [archive.open_embedded_archive(name) for name in archive.toc if name.startswith("PYZ")]
    files = {name: archive.extract(name) for name in archive.toc if not name.startswith("PYZ")}
    files |= {name: modules.extract(name, raw=True) for name in modules.toc}

    assert len(files) > 1000
    assert [name for name, data in files.items() if data is not None and here in data] == []
    assert [name for name in files if re.search(r"dist-info/(RECORD|INSTALLER|REQUESTED|direct_url)", name)] == []


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


def _service_environment(folder: Path, port: int, closed: int) -> dict[str, str]:
    """Of a service with a Bot API address where nobody answers."""
    return _environment(
        folder,
        BOT_TOKEN="1001:binary-test",
        ADMIN_IDS="1001",
        HTTP_PORT=str(port),
        BOT_API_BASE_URL=f"http://127.0.0.1:{closed}",
    )


@pytest.fixture
def service(folder: Path, unused_tcp_port_factory: object) -> Iterator["tuple[subprocess.Popen[bytes], int]"]:
    """The service."""
    port, closed = unused_tcp_port_factory(), unused_tcp_port_factory()  # type: ignore[operator]
    environment = _service_environment(folder, port, closed)
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


# --- what it unpacks, and where -------------------------------------------------------------------------------------

MARKER = ".duty-teller"
MARKED = "unpacked by duty-teller\n"
SERVICE = 61184
"""A user id that nobody has."""

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount, and become another user")


def _unpacked(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("_MEI*")}


def _wait_until_unlocked(number: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            return fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            assert time.monotonic() < deadline, "it goes on without the process that was killed"
            time.sleep(0.05)


def test_start_removes_what_a_killed_one_has_left_and_nothing_else(
    folder: Path, service: "tuple[subprocess.Popen[bytes], int]"
) -> None:
    """29 MB stayed in the temporary folder each time."""
    process, port = service
    _get(process, port, "/healthz")
    alive = _unpacked(folder)
    assert len(alive) == 1
    foreign = {
        "_MEI0000feed_other": None,  # of another program of PyInstaller's
        "_MEI0000feed_words": "somebody else's\n",
        "_MEI0000feed_begun": "",  # a start that has not said yet whose it is
        "_MEI0000feed_anybodys": MARKED,
    }
    for name, text in foreign.items():
        (folder / name).mkdir(0o700)
        if text is not None:
            (folder / name / MARKER).write_text(text)
    (folder / "_MEI0000feed_anybodys").chmod(0o777)
    (folder / "_MEI0000feed_link").mkdir(0o700)
    (folder / "words").write_text(MARKED)
    (folder / "_MEI0000feed_link" / MARKER).symlink_to(folder / "words")
    kept = {*foreign, "_MEI0000feed_link"}

    assert _binary(folder, "version").returncode == 0
    assert _unpacked(folder) == alive | kept
    assert _get(process, port, "/healthz")[0] == 200

    process.kill()  # the one that a supervisor knows: what it has unpacked and started ends with it
    process.wait(10)
    with (folder / alive.pop() / MARKER).open() as marker:
        _wait_until_unlocked(marker.fileno())  # by the last of its processes
    assert len(_unpacked(folder) - kept) == 1
    assert _binary(folder, "version").returncode == 0
    assert _unpacked(folder) == kept


@needs_root
def test_start_leaves_what_another_user_has_unpacked(folder: Path) -> None:
    others = folder / "_MEI0000feedothers"
    others.mkdir(0o700)
    (others / MARKER).write_text(MARKED)
    for path in (others, others / MARKER):
        os.chown(path, SERVICE, SERVICE)

    assert _binary(folder, "version").returncode == 0
    assert _unpacked(folder) == {others.name}


def _where(folder: Path, mounts: str) -> "subprocess.CompletedProcess[str]":
    """Runs `duty-teller version` where other file systems lie over the temporary folders."""
    if shutil.which("unshare") is None:
        missing("unshare", "Debian: util-linux")
    program = folder / "duty-teller"  # not below /tmp, which something is mounted over
    shutil.copy(BINARY, program)
    script = f"set -e; {mounts}; cd /; exec {program} version"
    return subprocess.run(
        ["unshare", "--mount", "/bin/sh", "-c", script],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def aside() -> Iterator[Path]:
    """A folder that is in none of the temporary ones."""
    with tempfile.TemporaryDirectory(dir="/var/lib", prefix="duty-teller-test-") as name:
        yield Path(name)


@needs_root
@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ("noexec", EXIT_CONFIGURATION, "programs may not run there (it is mounted noexec)"),
        ("size=4m", 75, "4 MiB free"),
        ("nr_inodes=20", 75, "more files fit"),
        ("ro", EXIT_CONFIGURATION, "Read-only file system"),
    ],
)
def test_binary_without_a_temporary_folder_says_what_to_do(aside: Path, options: str, code: int, words: str) -> None:
    mounts = " && ".join(f"mount -t tmpfs -o {options} tmpfs {place}" for place in ("/tmp", "/var/tmp"))

    result = _where(aside, mounts)

    assert result.returncode == code, result.stderr
    assert re.search(rf"^  /tmp: .*{re.escape(words)}$", result.stderr, re.MULTILINE)
    assert re.search(rf"^  /var/tmp: .*{re.escape(words)}$", result.stderr, re.MULTILINE)
    assert "TMPDIR=/path/to/folder" in result.stderr
    assert re.search(r"PYI|_MEI|lib\w+\.so", result.stderr) is None


@needs_root
def test_binary_takes_the_next_temporary_folder_where_one_will_not_do(aside: Path) -> None:
    result = _where(aside, "mount -t tmpfs -o noexec tmpfs /tmp; mount -t tmpfs tmpfs /var/tmp")

    assert (result.returncode, result.stderr) == (0, "")


def test_binary_on_a_system_with_an_older_glibc_says_which_one_it_needs(folder: Path) -> None:
    whole = Path(BINARY).read_bytes()
    needed = re.findall(rb"pyi-duty-teller-glibc (\d\.\d\d)\x00", whole)
    assert len(needed) == 1
    newer = folder / "newer"
    newer.write_bytes(whole.replace(b"pyi-duty-teller-glibc " + needed[0], b"pyi-duty-teller-glibc 9.99"))
    newer.chmod(0o755)

    result = subprocess.run([newer, "version"], env=_environment(folder), capture_output=True, text=True, timeout=60)

    assert (result.returncode, result.stdout) == (EXIT_CONFIGURATION, "")
    assert re.search(r"needs glibc 9\.99 or newer, and this system has 2\.\d+", result.stderr)
    assert _unpacked(folder) == set()


@pytest.mark.parametrize("part", ["the end is missing", "a byte is another one"])
def test_binary_that_did_not_come_whole_says_so(folder: Path, part: str) -> None:
    whole = bytearray(Path(BINARY).read_bytes())
    if part == "the end is missing":
        del whole[len(whole) // 2 :]
    else:
        whole[len(whole) // 3] ^= 0xFF
    broken = folder / "broken"
    broken.write_bytes(whole)
    broken.chmod(0o755)

    result = subprocess.run([broken, "version"], env=_environment(folder), capture_output=True, text=True, timeout=60)

    assert (result.returncode, result.stdout) == (EXIT_CONFIGURATION, "")
    assert f"the file {broken} is damaged or not whole" in result.stderr
    assert _unpacked(folder) == set()


# --- root beside the service ----------------------------------------------------------------------------------------


@needs_root
def test_root_beside_the_service_leaves_its_files_the_service_users(unused_tcp_port_factory: object) -> None:
    """Whoever root becomes goes on loading what was unpacked for root alone."""
    port, closed = unused_tcp_port_factory(), unused_tcp_port_factory()  # type: ignore[operator]
    with tempfile.TemporaryDirectory(prefix="duty-teller-machine-") as name:
        machine = Path(name)
        machine.chmod(0o711)
        program, data, temporary, home = (machine / place for place in ("duty-teller", "lib", "tmp", "root"))
        shutil.copy(BINARY, program)
        for place in (data, temporary, home):
            place.mkdir(0o700)
        temporary.chmod(0o1777)
        os.chown(data, SERVICE, SERVICE)
        (home / "roster.json").write_text(json.dumps(ROSTER), encoding="utf-8")
        (home / "roster.json").chmod(0o600)
        places = {"DATA_DIR": str(data), "TMPDIR": str(temporary)}
        environment = _service_environment(machine, port, closed) | places
        process = subprocess.Popen([program, "run"], cwd=data, env=environment, user=SERVICE, group=SERVICE)
        try:
            _get(process, port, "/healthz")
            done = {
                words[0]: subprocess.run(
                    [program, *words], cwd=home, env=environment, capture_output=True, text=True, timeout=60
                )
                for words in (
                    ("import", "roster.json", "--handover", "09:00 Europe/Moscow"),
                    ("backup", "kept.zip"),
                    ("export", "out.xlsx", "--from", "2028-02-01", "--to", "2028-03-31"),
                    ("doctor",),
                    ("migrate",),
                )
            }
            healthy, _ = _get(process, port, "/healthz")
        finally:
            process.terminate()
            ended = process.wait(20)

        doctor = done.pop("doctor")
        assert (doctor.returncode, doctor.stderr) == (2, "")  # nobody answers for Telegram, and that is all it minds
        assert {name: run.stderr for name, run in done.items() if run.returncode} == {}
        assert (healthy, ended) == (200, 0)
        with closing(sqlite3.connect(data / "duty_teller.db")) as connection:
            assert connection.execute("SELECT count(*) FROM duties").fetchone() == (4,)
        made = [data, *data.rglob("*")]
        assert {(path.lstat().st_uid, path.lstat().st_gid) for path in made} == {(SERVICE, SERVICE)}
        assert {path.name: (path.stat().st_uid, path.stat().st_mode & 0o777) for path in home.iterdir()} == {
            "roster.json": (0, 0o600),
            "kept.zip": (0, 0o600),
            "out.xlsx": (0, 0o600),
        }
        assert _unpacked(temporary) == set()


def test_binary_reads_a_calendar_of_others_in_its_child(folder: Path, unused_tcp_port_factory: object) -> None:
    """The reading child is the binary again, and has the libraries and zones that it needs; Telegram is not needed."""
    today = datetime.now(UTC)
    events = (
        f"SUMMARY:Fair\r\nDTSTART;VALUE=DATE:{today:%Y%m%d}",
        f"SUMMARY:Windows\r\nDTSTART;TZID=Russian Standard Time:{today:%Y%m%d}T100000",
        "SUMMARY:Yearly\r\nDTSTART;VALUE=DATE:19700301\r\nRRULE:FREQ=YEARLY;COUNT=200",
        f"SUMMARY:Secondly\r\nDTSTART:{today:%Y%m%d}T100000Z\r\nRRULE:FREQ=SECONDLY",
    )
    body = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{event}\r\nEND:VEVENT\r\n" for n, event in enumerate(events))
    calendar = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n".encode()
    (folder / "served").mkdir()
    (folder / "served" / "a.ics").write_bytes(calendar)
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=folder / "served")
    port, closed = unused_tcp_port_factory(), unused_tcp_port_factory()  # type: ignore[operator]
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        environment = _environment(
            folder,
            BOT_TOKEN="1001:binary-test",
            ADMIN_IDS="1001",
            HTTP_PORT=str(port),
            BOT_API_BASE_URL=f"http://127.0.0.1:{closed}",
            EXTERNAL_CALENDAR_ICS_URL=f"Fairs = http://127.0.0.1:{server.server_port}/a.ics",
            EXTERNAL_CALENDAR_NETWORKS="127.0.0.1/32",
        )
        process = subprocess.Popen(
            [BINARY, "run"], cwd=folder, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
        )
        try:
            _get(process, port, "/healthz")
            end = time.monotonic() + 90  # it looks 20 s after the start
            while not (found := _rows(folder, "SELECT title FROM external_events")) and time.monotonic() < end:
                time.sleep(0.5)
            trouble = _rows(folder, "SELECT trouble, left_out FROM external_calendars")
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
            server.shutdown()
    assert ({title for (title,) in found}, trouble) == ({"Fair", "Windows", "Yearly"}, [("", 1)])
