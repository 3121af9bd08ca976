"""Every command of the terminal on every kind of broken data: one sentence and an exit code, never a traceback.

Nothing half done stays either: what the database held is as it was, or the file is the very one that was broken.
"""

import contextlib
import os
import pwd
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path

import pytest

from duty_teller.db import backup, engine
from duty_teller.utils import exit_codes
from tests.ports import free_port
from tests.process.conftest import Service, roster_json

DAYS = ("--from", "2026-11-01", "--to", "2026-11-30")
COMMANDS = {
    "migrate": ["migrate"],
    "import": ["import", "newer.json"],
    "dry run": ["import", "roster.json", "--dry-run", "--json"],
    "explain": ["import", "roster.json", "--dry-run", "--explain", "data/explained.xlsx"],
    "export": ["export", "data/out.csv", *DAYS],
    "hours": ["hours", *DAYS],
    "rates": ["hours", "--rates", "rates"],
    "backup": ["backup", "data/kept.zip"],
    "restore": ["restore", "good.zip"],
    "check": ["restore", "--check", "good.zip"],
    "doctor": ["doctor"],
    "healthcheck": ["healthcheck"],
}
"""All that work on data; `run` and `setup` have tests of their own."""
READS_NO_DATA = {"check", "healthcheck"}
NEEDS_ROOM = ("check", "full disk")
"""What is in a backup is tried in the temporary folder."""
CAN_BE_DONE = {"restore", "backup"}
"""The one puts it right, the other keeps what there is, each where it can."""
ONLY_READ = {"migrate", "dry run", "hours"}
WHOLE = {"read-only folder", "full disk", "locked"}
CAN_BE_READ = {("dry run", "missing"), ("explain", "missing"), ("export", "read-only folder")}
"""A preview needs no database; the file of an export is written as who called, here root."""
SENTENCE = "duty-teller: "


def by_sql(*statements: str) -> Callable[[Path], AbstractContextManager[None]]:
    def act(data: Path) -> AbstractContextManager[None]:
        with contextlib.closing(sqlite3.connect(data / "duty_teller.db", isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)
        return nullcontext()

    return act


def garbage(data: Path) -> AbstractContextManager[None]:
    (data / "duty_teller.db").write_bytes(b"garbage, no database" * 500)
    return nullcontext()


def damaged(data: Path) -> AbstractContextManager[None]:
    path = data / "duty_teller.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    return nullcontext()


def no_file(data: Path) -> AbstractContextManager[None]:
    (data / "duty_teller.db").unlink()
    (data / "secret").write_bytes(bytes(32))
    return nullcontext()


def a_folder(data: Path) -> AbstractContextManager[None]:
    (data / "duty_teller.db").unlink()
    (data / "duty_teller.db").mkdir()
    return nullcontext()


@contextmanager
def locked(data: Path) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(data / "duty_teller.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def full(_data: Path) -> Iterator[None]:
    """No file may grow: what a full disk does to whoever writes, without one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def not_ours_to_write(data: Path) -> Iterator[None]:
    """Root may write everywhere, so it is somebody else for that long."""
    nobody = pwd.getpwnam("nobody")
    files = [data, *data.rglob("*")]
    for path in files:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if os.geteuid():
        yield
        return
    os.seteuid(nobody.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


FAULTS: dict[str, tuple[Callable[[Path], AbstractContextManager[None]], set[int]]] = {
    "garbage": (garbage, {exit_codes.DATA}),
    "damaged": (damaged, {exit_codes.DATA}),
    "missing": (no_file, {exit_codes.NO_INPUT}),
    "a folder in its place": (
        a_folder,
        {exit_codes.NO_PERMISSION, exit_codes.DATA, exit_codes.IO, exit_codes.CANNOT_CREATE},
    ),
    "half migrated": (by_sql("UPDATE alembic_version SET version_num = '009'"), {exit_codes.DATA}),
    "a table lost": (by_sql("DROP TABLE schedule_changes"), {exit_codes.DATA}),
    "of a newer version": (by_sql("UPDATE alembic_version SET version_num = '999'"), {exit_codes.CONFIGURATION}),
    "locked": (locked, {exit_codes.TEMPORARY}),
    "full disk": (full, {exit_codes.IO}),
    "read-only folder": (not_ours_to_write, {exit_codes.NO_PERMISSION, exit_codes.IO}),
}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, as those of pytest are not."""
    with tempfile.TemporaryDirectory(prefix="duty-teller-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.parametrize("fault", FAULTS)
def test_every_command_says_in_a_sentence_what_is_wrong_with_the_data(
    open_folder: Path, migrated_file: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_PRAGMAS", ("busy_timeout=50", *engine._PRAGMAS[:-1]))
    monkeypatch.setattr(backup, "_PATIENCE", 0.1)
    terminal = Service(open_folder, f"http://127.0.0.1:{free_port()}", migrated_file)
    terminal.settle()
    (open_folder / "roster.json").write_bytes(roster_json(date(2026, 11, 23), {"Dan Duty": "ББ"}))
    (open_folder / "newer.json").write_bytes(roster_json(date(2026, 11, 23), {"Dan Duty": "БББ"}))
    (open_folder / "rates").write_text("base 100\n")
    assert terminal.here("import", "roster.json").returncode == 0
    assert terminal.here("backup", "good.zip").returncode == 0
    (open_folder / "good.zip").chmod(0o644)
    data, whole = open_folder / "data", open_folder / "whole"
    shutil.copytree(data, whole)
    broken, codes = FAULTS[fault]
    told = {}
    for name, words in COMMANDS.items():
        shutil.rmtree(data)
        shutil.copytree(whole, data)
        with broken(data):
            done = terminal.here(*words)
        for path in [data, *data.rglob("*")]:
            path.chmod(0o700 if path.is_dir() else 0o600)
        told[name] = (done.returncode, done.stderr.strip(), done.stdout.strip())

    wrong = {}
    for name, (code, said, output) in told.items():
        last = said.splitlines()[-1] if said else ""
        if name in READS_NO_DATA and (name, fault) != NEEDS_ROOM:
            fits = code in (0, 1) and "Traceback" not in said
        elif name == "doctor":
            fits = code == 2 and "Traceback" not in said and "FAULT" in output
        elif code == 0:
            fits = name in CAN_BE_DONE or (name, fault) in CAN_BE_READ or (name in ONLY_READ and fault in WHOLE)
        else:
            fits = code in codes and last.startswith(SENTENCE) and "Traceback" not in said
        if not fits:
            wrong[name] = (code, said[-300:], output[-200:])
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())
