"""What the database promises, on a real PostgreSQL server: `make test-postgresql` starts one and points these at it."""

import os
import signal
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from alembic import command
from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.migrations import alembic_config, known_revisions
from duty_teller.db.session import ChangeWatch, look_at_database, schema_revision, session_scope
from duty_teller.db.trouble import Cause, cause_of
from duty_teller.services.schedule_service import ScheduleMovedError
from tests.api.conftest import serve
from tests.conftest import SERVER
from tests.house import House, duty
from tests.process.conftest import Service, terminal

__all__ = ["terminal"]

pytestmark = pytest.mark.skipif(not SERVER, reason="needs a server: make test-postgresql")


def server_processes(url: str) -> list[int]:
    """Those that serve a database: halted, they are what a hung server looks like."""
    with session_scope(url) as session:
        rows = session.connection().exec_driver_sql(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        )
        backends = [row[0] for row in rows]
    # The one that takes new connections is their parent.
    parent = int(Path(f"/proc/{backends[0]}/stat").read_text().rpartition(")")[2].split()[1])
    return [parent, *backends]


def test_each_migration_goes_up_down_and_up_again(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"))
    config = alembic_config(house.url, "Europe/Moscow")
    for _ in known_revisions():
        command.downgrade(config, "-1")
    assert schema_revision(house.url) is None
    command.upgrade(config, "head")
    assert schema_revision(house.url) == known_revisions()[-1]


def test_schedule_is_written_read_and_undone(house: House) -> None:
    change = house.put(*(duty(house.dan, date(2026, 11, 1) + timedelta(days=n)) for n in range(20)))
    assert len(house.live()) == 20
    house.undo(change)
    assert house.live() == []
    assert house.revision() == 2


def test_session_that_reads_cannot_write(house: House) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="read-only"), session_scope(house.url) as session:
        repository.raise_revision(session, "people")
    with session_scope(house.url, write=True) as session:
        repository.raise_revision(session, "people")


def test_two_imports_at_once_are_one_import_and_one_refusal(house: House) -> None:
    """The revision was read, compared and then raised: both took, and every shift was there twice."""
    wanted = [duty(house.dan, date(2026, 1, 1) + timedelta(days=n)) for n in range(360)]
    plans = [house.plan(wanted) for _ in range(4)]
    together, outcomes = threading.Barrier(4), list[str]()

    def work(index: int) -> None:
        together.wait()
        try:
            house.apply(plans[index])
            outcomes.append("applied")
        except ScheduleMovedError:
            outcomes.append("moved")

    threads = [threading.Thread(target=work, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["applied", "moved", "moved", "moved"]
    assert len(house.live()) == 360


def test_counter_is_raised_once_though_nobody_queues(house: House) -> None:
    """The statement alone decides, without the lock at which our own writers queue."""
    together, taken = threading.Barrier(6), list[int | None]()

    def work() -> None:
        engine = sa.create_engine(house.url)
        with Session(engine) as session:
            together.wait()
            taken.append(repository.raise_revision_from(session, "schedule:1", 0))
            session.commit()
        engine.dispose()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken, key=str) == [1, None, None, None, None, None]


def test_watch_moves_with_a_commit(house: House) -> None:
    watch = ChangeWatch(house.url)
    before = watch.token()
    assert watch.token() == before
    house.put(duty(house.dan, "2026-11-23"))
    assert watch.token() != before
    watch.close()


def test_web_part_answers(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"))
    with serve(house) as web:
        assert web.get("/healthz").json()["database"] == {"state": "ok"}
        assert [row["full_name"] for row in web.get("/api/duties?from=2026-11-01&to=2026-11-30").json()] == ["Dan Duty"]
        assert web.get("/api/me").json()["full_name"] == "Alice Admin"


def test_hung_server_holds_neither_health_nor_other_pages(house: House) -> None:
    with serve(house) as web:
        assert web.get("/api/now").status_code == 200
        processes = server_processes(house.url)
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            waiting = threading.Thread(target=lambda: web.get("/api/now"))
            waiting.start()
            assert web.get("/").status_code == 200
            wait_until_silent(web)
            assert web.get("/").status_code == 200
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)
        waiting.join()


def wait_until_silent(web: object) -> None:
    deadline = time.monotonic() + 20
    while web.get("/healthz").json()["database"]["state"] not in ("silent", "unreachable"):  # type: ignore[attr-defined]
        assert time.monotonic() < deadline


def test_hung_server_does_not_hold_the_end(terminal: Service, database_url: str) -> None:
    terminal.environment["DATABASE_URL"] = database_url
    terminal.start("connecting")
    processes = server_processes(database_url)
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        httpx.get(f"http://127.0.0.1:{terminal.port}/healthz", timeout=5, verify=False)
        assert terminal.end() == 0
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
    assert "Traceback" not in terminal.log()


def test_server_that_is_away_is_named_in_one_sentence(terminal: Service) -> None:
    away = SERVER.rpartition("@")[0] + "@127.0.0.1:1/duty"
    done = terminal.command("run", DATABASE_URL=away.replace("duty@", "duty:hunter2@"))
    assert (done.returncode, done.stderr.count("\n")) == (69, 1), done.stderr
    assert "cannot be reached" in done.stderr
    assert "hunter2" not in done.stderr


def test_server_that_goes_away_is_a_trouble_with_a_name(house: House) -> None:
    with pytest.raises(sa.exc.DBAPIError) as caught, session_scope(house.url, write=True) as session:
        connection = session.connection()
        own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        other = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT")
        with other.connect() as killer:
            killer.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
        other.dispose()
        connection.exec_driver_sql("SELECT 1")
    assert cause_of(caught.value) is Cause.UNREACHABLE
    assert look_at_database(house.url) is None
