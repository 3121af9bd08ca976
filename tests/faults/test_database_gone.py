"""The database file is taken away, or another one put in its place, under the running process."""

import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.db import repository
from duty_teller.db.engine import dispose_engine
from duty_teller.db.file import DatabaseGoneError
from duty_teller.db.session import ChangeWatch, look_at_database, session_scope
from duty_teller.db.trouble import Cause
from duty_teller.utils import exit_codes
from tests.house import House, duty
from tests.process.conftest import ALICE, Service, wait_for


def unlink(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    copy = path.with_name("other")
    shutil.copyfile(path, copy)
    copy.replace(path)


def move_away(path: Path) -> None:
    path.rename(path.with_name("moved"))


def write_over(path: Path) -> None:
    """As `cp backup duty_teller.db`: the same file (inode) with another content."""
    subprocess.run(["cp", path.with_name("backup"), path], check=True)


WAYS = pytest.mark.parametrize("take_away", [unlink, replace, move_away])


@WAYS
def test_nothing_is_acknowledged_into_a_file_that_has_gone(house: House, take_away: Callable[[Path], None]) -> None:
    path = house.folder / "duty_teller.db"
    watch = ChangeWatch(house.url)
    watch.token()
    house.put(duty(house.dan, "2026-11-23"))

    with pytest.raises(DatabaseGoneError), session_scope(house.url, write=True) as session:
        repository.raise_revision(session, "people")
        take_away(path)
    with pytest.raises(DatabaseGoneError):
        watch.token()
    for write in (False, True):
        with pytest.raises(DatabaseGoneError), session_scope(house.url, write=write):
            pass
    assert look_at_database(house.url) is Cause.GONE
    watch.close()
    dispose_engine(house.url)
    assert path.exists() == (take_away is replace)


@pytest.mark.parametrize("begun", [False, True])
def test_log_of_a_lost_file_is_not_written_into_a_restored_one(house: House, begun: bool) -> None:
    path = house.folder / "duty_teller.db"
    dispose_engine(house.url)
    backup = house.folder / "backup"
    shutil.copyfile(path, backup)
    watch = ChangeWatch(house.url)
    watch.token()
    house.put(duty(house.dan, "2026-11-23"))  # stands in the log alone
    path.unlink()
    if begun:
        shutil.copyfile(backup, path)

    watch.close()
    dispose_engine(house.url)
    shutil.copyfile(backup, path)

    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM duties").fetchone() == (0,)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert path.with_name("duty_teller.db-lost-log").stat().st_size


@WAYS
def test_process_tells_health_and_admins_and_ends_with_a_code_of_its_own(
    service: Service, chat: StandInClient, take_away: Callable[[Path], None]
) -> None:
    if take_away is replace:  # while the start is under way: it reads the admins only after this
        chat.fault("setMyCommands", "slow", seconds=4)
    service.start()
    chat.send_text(ALICE, "/start")
    chat.wait_for_message(ALICE)
    if take_away is move_away:  # for longer than the health answer shows it: the last words are waited for
        chat.fault("sendMessage", "too_many_requests", retry_after=17)
    take_away(service.folder / "data" / "duty_teller.db")

    answer = wait_for(lambda: _health(service))
    assert answer["database"] == {"state": "gone"}
    chat.wait_for_message(ALICE, "removed or replaced the database file")
    assert service.process is not None
    assert service.process.wait(25) == exit_codes.DATABASE_GONE
    assert "the watch ended: the database file" in service.log()  # and nobody before it, who tells no admin
    assert "Traceback" not in service.log()
    if take_away is not replace:
        again = service.command("run")
        assert (again.returncode, "--new-database" in again.stderr) == (exit_codes.NO_INPUT, True)


def _health(service: Service) -> dict[str, object] | None:
    answer = httpx.get(f"http://127.0.0.1:{service.port}/healthz", timeout=5, verify=False)
    return answer.json() if answer.status_code == 503 else None


def shifts_and_integrity(path: Path) -> tuple[int, str]:
    connection = sqlite3.connect(path)
    try:
        count = connection.execute("SELECT count(*) FROM duties").fetchone()[0]
        return int(count), str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


def write_back(path: Path, how: str = "PASSIVE") -> None:
    """As another process does that has written much."""
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA wal_checkpoint({how})").fetchall()
    connection.close()


@pytest.mark.parametrize("in_the_log", [True, False], ids=["changes in the log", "changes written back"])
def test_backup_copied_over_the_file_is_noticed_and_stays_whole(house: House, in_the_log: bool) -> None:
    path = house.folder / "duty_teller.db"
    house.put(*(duty(house.dan, f"2026-11-{day}") for day in range(10, 20)))
    dispose_engine(house.url)
    shutil.copyfile(path, house.folder / "backup")
    watch = ChangeWatch(house.url)
    for days in (range(20, 25), range(25, 30)):
        watch.token()
        house.put(*(duty(house.dan, f"2026-11-{day}") for day in days))
        if days[0] == 20 or not in_the_log:
            write_back(path)
    watch.token()

    write_over(path)

    with pytest.raises(DatabaseGoneError, match="written over"):
        watch.token()
    for write in (False, True):
        with pytest.raises(DatabaseGoneError), session_scope(house.url, write=write):
            pass
    assert look_at_database(house.url) is Cause.GONE
    watch.close()
    dispose_engine(house.url)
    assert shifts_and_integrity(path) == (10, "ok")
    assert path.with_name("duty_teller.db-lost-log").stat().st_size


def test_what_sqlite_and_others_do_to_the_file_is_no_alarm(house: House) -> None:
    path = house.folder / "duty_teller.db"
    watch = ChangeWatch(house.url)
    for day in range(10, 30):
        house.put(duty(house.dan, f"2026-11-{day}"))
        watch.token()
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("UPDATE users SET full_name = full_name || 'x'")
        if day % 5 == 0:
            other.execute("VACUUM")
        if day % 3:
            write_back(path, "TRUNCATE" if day % 2 else "PASSIVE")
            watch.token()
            path.touch()
        watch.token()
        other.close()
    watch.close()
    dispose_engine(house.url)
    assert shifts_and_integrity(path) == (20, "ok")


def test_copy_of_what_the_file_holds_is_said_and_loses_nothing(house: House) -> None:
    path = house.folder / "duty_teller.db"
    watch = ChangeWatch(house.url)
    watch.token()
    write_back(path)
    shutil.copyfile(path, house.folder / "backup")
    watch.token()
    house.put(duty(house.dan, "2026-11-23"))

    write_over(path)

    with pytest.raises(DatabaseGoneError, match="are kept"):
        watch.token()
    watch.close()
    dispose_engine(house.url)
    assert shifts_and_integrity(path) == (1, "ok")


def test_process_whose_file_is_written_over_ends_and_serves_the_backup_after_its_restart(
    service: Service, chat: StandInClient
) -> None:
    service.start()
    chat.send_text(ALICE, "/start")
    chat.wait_for_message(ALICE)
    assert service.end() == 0
    path = service.folder / "data" / "duty_teller.db"
    shutil.copyfile(path, path.with_name("backup"))
    service.start()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE users SET full_name = 'Somebody else'")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint").fetchall()
    connection.close()
    time.sleep(1.5)  # a tick, which looks at what was written back

    write_over(path)

    assert service.process is not None
    chat.wait_for_message(ALICE, "removed or replaced the database file")
    assert service.process.wait(25) == exit_codes.DATABASE_GONE
    assert "written over" in service.log()
    service.start()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT full_name FROM users WHERE full_name = 'Somebody else'").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
