"""A database that is locked, full, damaged or read-only: everybody gets an answer, and health names the cause."""

import asyncio
import logging
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa

from duty_teller.api import alive
from duty_teller.db.engine import dispose_engine, get_engine
from duty_teller.db.session import look_at_database, session_scope
from duty_teller.db.trouble import BriefTrouble, Cause, cause_of
from tests.api.conftest import Web, serve, web
from tests.handlers.conftest import (
    ALICE,
    DAN,
    World,
    dan_linked,
    empty_database,
    failures,
    planned,
    settled,
    stopped,
    world,
)
from tests.house import DAN as DAN_ACCOUNT
from tests.house import House

__all__ = ["dan_linked", "empty_database", "failures", "planned", "settled", "stopped", "web", "world"]


@contextmanager
def locked(url: str) -> Iterator[None]:
    other = sqlite3.connect(str(sa.make_url(url).database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def fill_up(url: str) -> None:
    """Lets the file grow no further: SQLite's own "disk is full"."""

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")

    sa.event.listen(get_engine(url), "connect", limit)
    get_engine(url).dispose()


def write_much(url: str) -> None:
    with session_scope(url, write=True) as session:
        session.connection().exec_driver_sql("UPDATE rosters SET codes = :text", {"text": "x" * 100_000})


def test_locked_database_lets_everybody_read_though_a_name_wants_storing(web: Web) -> None:
    """It was an error 500, or 15 s; a person known to the house needs no write."""
    renamed = replace(DAN_ACCOUNT, username="dan_new")
    with locked(web.house.url):
        assert web.get("/api/me", renamed).json()["full_name"] == "Dan Duty"
        assert web.get("/api/duties?from=2026-11-01&to=2026-11-30", renamed).status_code == 200
    assert web.get("/healthz").status_code == 200


def test_four_writers_that_wait_keep_no_reader_waiting(web: Web) -> None:
    strangers = replace(web.house.settings, allowed_usernames=frozenset(f"new_{n}" for n in range(12)))
    with serve(web.house, strangers) as other:
        waiting = [
            threading.Thread(
                target=other.get, args=("/api/me", replace(DAN_ACCOUNT, telegram_user_id=5000 + n, username=f"new_{n}"))
            )
            for n in range(12)
        ]
        with locked(web.house.url):
            for thread in waiting:
                thread.start()
            assert other.get("/api/me").json()["full_name"] == "Alice Admin"
            assert [thread for thread in waiting if not thread.is_alive()] == []
            assert other.get("/healthz").status_code == 200
        for thread in waiting:
            thread.join()


def test_full_disk_is_named_until_a_write_takes(house: House) -> None:
    assert look_at_database(house.url) is None
    fill_up(house.url)
    with pytest.raises(sa.exc.OperationalError) as caught:
        write_much(house.url)
    assert cause_of(caught.value) is Cause.FULL
    assert look_at_database(house.url) is Cause.FULL
    house.write(lambda session: session.connection().exec_driver_sql("UPDATE rosters SET name = ''"))
    assert look_at_database(house.url) is None


def damage(house: House) -> None:
    """Writes over every page behind the first."""
    dispose_engine(house.url)
    path = house.folder / "duty_teller.db"
    path.write_bytes(path.read_bytes()[:4096] + b"\xa5" * (path.stat().st_size - 4096))


def test_damaged_database_is_named_by_health_and_answered_by_the_api(house: House) -> None:
    damage(house)
    with serve(house) as web:
        health = web.get("/healthz")
        assert (health.status_code, health.json()["database"]) == (503, {"state": "damaged"})
        for path in ("/api/me", "/api/now", "/api/duties?from=2026-11-01&to=2026-11-30"):
            answer = web.get(path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")


@pytest.mark.parametrize("who", [ALICE, DAN])
@pytest.mark.usefixtures("dan_linked")
def test_person_is_answered_in_their_telegram_language_without_a_database(
    planned: World, monkeypatch: pytest.MonkeyPatch, failures: list[str], who: int
) -> None:

    def broken(*_args: object, **_named: object) -> None:
        raise sa.exc.DatabaseError("SELECT 1", {}, sqlite3.DatabaseError("database disk image is malformed"))

    monkeypatch.setattr("duty_teller.composition.session_scope", broken)
    monkeypatch.setattr("duty_teller.composition.writing", broken)
    said = planned.say(who, "/duty")["text"]
    monkeypatch.undo()

    assert planned.say(who, "/duty")["text"]  # it is well again, and what failed in the background has been logged
    assert re.search(r"[0-9A-F]{6}", said)
    assert said.startswith("Something broke" if who == ALICE else "Что-то сломалось")
    failures.clear()


def test_outage_is_said_in_a_few_lines() -> None:
    brief, kept = BriefTrouble("told"), 0
    for number in range(1000):
        error = sa.exc.OperationalError("SELECT", {}, Exception("server closed the connection"))
        name = "told" if number == 999 else f"room{number % 3}"
        record = logging.LogRecord(name, logging.ERROR, "", 0, "failed", (), (type(error), error, None))
        kept += brief.filter(record)
        assert record.exc_info is None
        assert record.getMessage() == "failed: the database server cannot be reached"
    assert kept == 4


def test_health_asked_from_several_sides_at_once_has_an_answer_for_each(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One begins the next look in the very turn in which the other hears of the last."""
    looks: list[str] = []
    monkeypatch.setattr(alive, "look_at_database", lambda url: looks.append(url))
    look = alive.DatabaseLook(house.settings.database_url)

    async def ask(times: int) -> list[object]:
        return [await look.trouble() for _ in range(times)]

    async def both() -> list[list[object]]:
        return await asyncio.gather(ask(2), ask(1))

    assert asyncio.run(both()) == [[None, None], [None]]
    assert len(looks) == 2
    look.close()
