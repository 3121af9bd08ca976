"""What a start or a command meets is told in one sentence, with an exit code that fits; never by a traceback."""

import errno
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from duty_teller.config import Settings
from duty_teller.console.failures import explain
from duty_teller.db.file import signs_of_a_database
from duty_teller.db.models import LinkScope
from duty_teller.run import _look_at_secret
from duty_teller.services.feeds import links
from tests.house import SECRET, House
from tests.process.conftest import PROGRAM, Service, roster_json

Made = Callable[[Path], None]
ROSTER = (
    b'{"meta": {"start_date": "2026-11-23"}, "schedule": [{"name": "\xd0\x94\xd0\xb0\xd0\xbd", "duty": "\xd0\xb1"}]}'
)


def database(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder / "duty_teller.db"


def run_sql(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def ran(terminal: Service, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command; only the service itself needs a process."""
    return terminal.command(*arguments) if arguments[0] == "run" else terminal.here(*arguments)


def one_sentence(done: "subprocess.CompletedProcess[str]", code: int, *words: str) -> None:
    assert (done.returncode, done.stderr.count("\n")) == (code, 1), done.stderr
    assert done.stderr.startswith("duty-teller: ")
    assert [word for word in words if word not in done.stderr] == []


@pytest.mark.parametrize(
    ("made", "code", "word"),
    [
        pytest.param(lambda path: path.write_bytes(b"garbage, no database" * 500), 65, "no SQLite", id="garbage"),
        pytest.param(lambda path: run_sql(path, "CREATE TABLE songs (id INTEGER)"), 65, "songs", id="foreign"),
        pytest.param(
            lambda path: run_sql(
                path, "CREATE TABLE alembic_version (version_num TEXT)", "INSERT INTO alembic_version VALUES ('ab12cd')"
            ),
            65,
            "ab12cd",
            id="of another program with migrations",
        ),
        pytest.param(
            lambda path: run_sql(
                path, "CREATE TABLE alembic_version (version_num TEXT)", "INSERT INTO alembic_version VALUES ('999')"
            ),
            78,
            "newer duty-teller",
            id="newer",
        ),
        pytest.param(
            lambda path: run_sql(
                path, "CREATE TABLE alembic_version (version_num TEXT)", "INSERT INTO alembic_version VALUES ('001')"
            ),
            65,
            "missing",
            id="half of it",
        ),
        pytest.param(lambda path: path.mkdir(), 77, "cannot be opened", id="a folder"),
    ],
)
@pytest.mark.parametrize("command", ["run", "migrate"])
def test_database_that_is_not_ours_is_left_alone(
    terminal: Service, made: Made, code: int, word: str, command: str
) -> None:
    path = database(terminal.folder / "data")
    made(path)
    before = path.read_bytes() if path.is_file() else b""

    one_sentence(ran(terminal, command), code, word)

    assert (path.read_bytes() if path.is_file() else b"")[100:] == before[100:]


@pytest.mark.parametrize("had", [False, True], ids=["first write", "database"])
def test_journal_of_the_write_that_made_the_database_is_no_sign_of_another(tmp_path: Path, had: bool) -> None:
    """A real one, as a process leaves it that is killed within the write."""
    path = database(tmp_path / "data")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        if had:
            connection.execute("CREATE TABLE one (a)")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE other (a)")
        journal = path.with_name(f"{path.name}-journal")
        left = journal.read_bytes()
        connection.rollback()
    path.write_bytes(b"")
    journal.write_bytes(left)

    assert signs_of_a_database(path, path.parent) == ([journal] if had else [])


@pytest.mark.parametrize("sign", ["secret", "duty_teller.db-wal", "duty_teller.db.bak", "backups/2026-11-01.zip"])
def test_start_never_makes_an_empty_database_where_there_was_one(terminal: Service, sign: str) -> None:
    found = terminal.folder / "data" / sign
    found.parent.mkdir(parents=True)
    found.write_bytes(bytes(32))
    roster = terminal.folder / "roster.json"
    roster.write_bytes(ROSTER)

    for command in (["run"], ["migrate"], ["import", str(roster)]):
        one_sentence(ran(terminal, *command), 66, sign, "--new-database")
    assert not (terminal.folder / "data" / "duty_teller.db").exists()

    told = terminal.here("migrate", "--new-database")
    assert (told.returncode, told.stderr) == (0, "")
    assert terminal.here("migrate").stdout.startswith("already at")


def test_import_into_an_emptied_database_is_refused_each_time(terminal: Service) -> None:
    """SQLite, asked about the empty file, would remove the one sign."""
    index = terminal.folder / "data" / "duty_teller.db-shm"
    index.parent.mkdir(parents=True)
    index.write_bytes(bytes(32768))
    (terminal.folder / "data" / "duty_teller.db").touch()
    roster = terminal.folder / "roster.json"
    roster.write_bytes(ROSTER)

    for command in (["import", str(roster)], ["import", str(roster), "--dry-run"], ["import", str(roster)]):
        told = terminal.here(*command)
        if "--dry-run" not in command:
            one_sentence(told, 66, "duty_teller.db-shm", "--new-database")
    assert index.exists()


def test_locked_database_is_said(terminal: Service) -> None:
    terminal.settle()
    (terminal.folder / "roster.json").write_bytes(ROSTER)
    other = sqlite3.connect(terminal.folder / "data" / "duty_teller.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    done = terminal.here("import", str(terminal.folder / "roster.json"))

    other.execute("ROLLBACK")
    other.close()
    assert done.returncode == 75
    assert done.stderr.splitlines()[-1].startswith("duty-teller: another program keeps the database locked")
    assert "Traceback" not in done.stderr


def test_damaged_database_is_said(terminal: Service) -> None:
    terminal.settle()
    path = terminal.folder / "data" / "duty_teller.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 4000 + whole[4100:])

    one_sentence(terminal.command("run"), 65, "damaged")


def test_folder_that_cannot_be_made_is_said(terminal: Service) -> None:
    (terminal.folder / "data").write_text("a file")
    said = "there is a file where the folder of the data should be"
    one_sentence(terminal.here("migrate"), 73, f"{terminal.folder / 'data'}: {said}")
    one_sentence(terminal.command("run"), 73, said)


def test_full_disk_without_a_file_name_is_said_with_the_folder_of_the_data(tmp_path: Path) -> None:
    settings = replace(Settings(), data_dir=tmp_path)
    said = explain(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), settings)
    assert said == (f"{tmp_path}: No space left on device", 74)


def test_folder_of_somebody_else_is_said(terminal: Service) -> None:
    if os.geteuid():
        pytest.skip("needs another account, so root")
    terminal.folder.chmod(0o755)
    for parent in terminal.folder.parents:
        if not parent.stat().st_mode & 0o005:
            parent.chmod(parent.stat().st_mode | 0o005)
    try:
        subprocess.run([PROGRAM[0], "-c", "import duty_teller"], env=terminal.environment, user=65534, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("others may not run these sources here")
    done = subprocess.run(
        [*PROGRAM, "migrate"], env=terminal.environment, cwd="/", capture_output=True, text=True, user=65534
    )
    one_sentence(done, 77, "Permission denied")


def test_secret_that_is_none_is_said(terminal: Service) -> None:
    terminal.settle()
    (terminal.folder / "data" / "secret").write_text("short")
    one_sentence(terminal.command("run"), 65, "secret")


@pytest.mark.parametrize("host", ["nothing.invalid", "a..b", "x" * 80])
def test_host_that_is_no_address_is_said(terminal: Service, host: str) -> None:
    one_sentence(terminal.command("run", HTTP_HOST=host), 78, "HTTP_HOST")


def test_missing_driver_is_said_with_its_name(terminal: Service) -> None:
    (terminal.folder / "psycopg.py").write_text("raise ImportError")
    terminal.environment["PYTHONPATH"] = f"{terminal.folder}:{terminal.environment['PYTHONPATH']}"

    done = terminal.command("migrate", DATABASE_URL="postgresql://duty:hunter2@localhost/duty")

    one_sentence(done, 78, "duty-teller[postgresql]")
    assert "hunter2" not in done.stderr


TWO_IMPORTS = """
import os, sys
from duty_teller.main import main
for data, *more in (("data",), ("other", "--json")):
    os.environ["DATA_DIR"] = data
    print("code", main(["import", sys.argv[1], *more]))
"""


@pytest.mark.parametrize("setting", [{"PYTHONIOENCODING": "ascii"}, {"LANG": "C", "PYTHONUTF8": "0", "LC_ALL": "C"}])
def test_import_on_a_terminal_that_has_no_such_letters(terminal: Service, setting: dict[str, str]) -> None:
    """The interpreter has to begin with the setting; it does both imports."""
    (terminal.folder / "график.json").write_bytes(ROSTER)
    terminal.settle()
    shutil.copytree(terminal.folder / "data", terminal.folder / "other")

    done = subprocess.run(
        [PROGRAM[0], "-c", TWO_IMPORTS, str(terminal.folder / "график.json")],
        env=terminal.environment | setting,
        cwd=terminal.folder,
        capture_output=True,
        timeout=60,
    )

    assert (done.returncode, done.stderr.count(b"Traceback")) == (0, 0), done.stderr
    text, as_json, nothing = done.stdout.split(b"code 0\n")
    assert (b"applied as change 1" in text, b"\\u0414\\u0430\\u043d" in as_json, nothing) == (True, True, b"")
    for data in ("data", "other"):
        with closing(sqlite3.connect(terminal.folder / data / "duty_teller.db")) as connection:
            assert connection.execute("SELECT count(*) FROM duties").fetchall() == [(1,)]


def test_import_of_a_file_whose_name_is_no_text(terminal: Service) -> None:
    name = os.fsdecode(os.fsencode(terminal.folder) + b"/\xff\xfe.json")
    Path(name).write_bytes(roster_json(date(2026, 11, 2), {"Dan Duty": "Б"}))

    done = terminal.command("import", name)

    assert (done.returncode, done.stderr) == (0, "")
    assert terminal.rows("SELECT reason FROM schedule_changes") == [("��.json",)]


def test_option_that_is_no_text_is_refused(terminal: Service) -> None:
    days = ("--from", "2026-11-01", "--to", "2026-11-02")
    done = terminal.command("export", "x.csv", *days, "--roster", os.fsdecode(b"\xff"))
    one_sentence(done, 64, "--roster")


def test_links_of_another_secret_are_told_at_the_start(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Another DATA_DIR on the same database made every feed link 404 without a word."""
    house.write(lambda s: links.get_token(s, SECRET, house.dan, LinkScope.PERSONAL, house.clock.now))

    _look_at_secret(house.url, SECRET)
    assert not caplog.records
    _look_at_secret(house.url, bytes(32))

    assert "1 of 1 calendar links do not open: they were made with another DATA_DIR/secret" in caplog.text
