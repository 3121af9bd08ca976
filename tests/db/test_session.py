"""Sessions: whole or absent, hooks only after a commit that held, and no "database is locked" between threads."""

import contextlib
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from duty_teller.db import repository
from duty_teller.db.engine import dispose_engine, get_engine
from duty_teller.db.models import Duty, EventType, Revision, Role, Roster, User
from duty_teller.db.session import MESSAGES, ChangeWatch, on_commit, session_scope
from tests.house import NOW, House


@pytest.mark.sqlite("its pragmas")
def test_connections_have_the_pragmas(database_url: str) -> None:
    with get_engine(database_url).connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_failing_block_writes_nothing_and_runs_no_hook(database_url: str) -> None:
    called: list[str] = []
    with pytest.raises(KeyError), session_scope(database_url, write=True) as session:
        session.add(User(full_name="Nobody", created_at=NOW))
        session.flush()
        on_commit(session, lambda: called.append("hook"))
        raise KeyError
    with session_scope(database_url) as session:
        assert session.exec(select(User)).all() == []
    assert called == []


def test_hooks_run_once_each_and_only_after_the_commit_has_held(database_url: str) -> None:
    seen: list[int] = []

    def hook() -> None:
        with session_scope(database_url) as other:
            seen.append(len(other.exec(select(User)).all()))

    with session_scope(database_url, write=True) as session:
        session.add(User(full_name="Dan Duty", created_at=NOW))
        on_commit(session, hook)
        on_commit(session, hook)
        session.flush()
        assert seen == []
    assert seen == [1]


def test_failing_hook_does_not_undo_the_commit_nor_stop_the_others(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    called: list[str] = []

    def broken() -> None:
        raise OSError("cache folder is gone")

    with session_scope(database_url, write=True) as session:
        session.add(User(full_name="Dan Duty", created_at=NOW))
        on_commit(session, broken)
        on_commit(session, lambda: called.append("second"))
    assert called == ["second"]
    assert "after-commit hook" in caplog.text
    with session_scope(database_url) as session:
        assert len(session.exec(select(User)).all()) == 1


def test_eight_threads_reading_then_writing_never_meet_a_lock(database_url: str) -> None:
    start = threading.Barrier(8)
    failures: list[Exception] = []

    def work() -> None:
        start.wait()
        for _ in range(3):
            try:
                with session_scope(database_url, write=True) as session:
                    repository.raise_revision(session, "people")
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with session_scope(database_url) as session:
        assert repository.revision(session, "people") == 24


def test_threads_of_one_process_queue_and_need_no_patience_of_sqlite(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's busy handler is not fair: among a hundred commands at once one writer starved for five seconds."""
    from duty_teller.db import engine as module

    dispose_engine(database_url)
    impatient = tuple(p for p in module._PRAGMAS if "timeout" not in p)
    monkeypatch.setattr(module, "_PRAGMAS", (*impatient, "busy_timeout=0"))

    test_eight_threads_reading_then_writing_never_meet_a_lock(database_url)

    dispose_engine(database_url)


@pytest.mark.sqlite("its message")
def test_session_that_reads_cannot_write(house: House) -> None:
    """So a read that would write, and wait for writers, fails in a test and not under load."""
    with pytest.raises(sa.exc.OperationalError, match="readonly"), session_scope(house.url) as session:
        repository.raise_revision(session, "people")
    with session_scope(house.url, write=True) as session:  # the same connection, from the pool
        repository.raise_revision(session, "people")


def test_reader_does_not_wait_for_a_writer(database_url: str) -> None:
    with session_scope(database_url, write=True) as writer:
        repository.raise_revision(writer, "people")
        with session_scope(database_url) as reader:
            assert repository.revision(reader, "people") == 0


def test_counter_is_raised_from_the_expected_value_only(database_url: str) -> None:
    with session_scope(database_url, write=True) as session:
        assert repository.raise_revision_from(session, "schedule:1", 0) == 1
        assert repository.raise_revision_from(session, "schedule:1", 0) is None
        assert repository.raise_revision_from(session, "new", 3) is None
        assert repository.raise_revision_from(session, "new", 0) == 1
        assert repository.raise_revision(session, "new") == 2
        assert repository.revisions(session)["new"] == 2


def test_change_watch_moves_with_commits_of_others_only(database_url: str) -> None:
    watch = ChangeWatch(database_url)
    first = watch.token()
    assert watch.token() == first
    with session_scope(database_url) as session:
        session.exec(select(Revision)).all()
    assert watch.token() == first
    with session_scope(database_url, write=True) as session:
        repository.raise_revision(session, "people")
    assert watch.token() != first
    watch.close()


def test_times_come_back_aware_in_utc_and_naive_ones_are_refused(house: House) -> None:
    berlin = datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=2)))
    number = house.person("Dan", linked_at=berlin)
    stored = house.read(lambda session: session.get_one(User, number).linked_at)
    assert stored == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert stored is not None and stored.tzinfo == UTC
    with pytest.raises(sa.exc.StatementError, match="naive"):
        house.person("Naive", linked_at=datetime(2026, 7, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO duties (roster_id,user_id,start_at,end_at,event_type,uid,sequence,updated_at)"
        " VALUES (1,1,10,10,'duty','u',0,0)",
        "INSERT INTO duties (roster_id,user_id,start_at,end_at,event_type,uid,sequence,updated_at)"
        " VALUES (1,1,10,20,'party','u',0,0)",
        "INSERT INTO duties (roster_id,user_id,start_at,end_at,event_type,uid,sequence,updated_at)"
        " VALUES (1,999,10,20,'duty','u',0,0)",
        "UPDATE users SET telegram_user_id = 1001",
    ],
    ids=["an end that is the start", "an unknown type", "nobody's shift", "one account for two"],
)
def test_constraints_hold_in_the_database_itself(house: House, statement: str) -> None:
    with pytest.raises(sa.exc.IntegrityError), session_scope(house.url, write=True) as session:
        session.connection().exec_driver_sql(statement)


def test_enums_come_back_as_enums(house: House) -> None:
    def read(session: Session) -> tuple[object, object]:
        return session.get_one(User, house.alice).role, session.get_one(Roster, 1).coverage

    role, coverage = house.read(read)
    assert role is Role.USER
    assert str(coverage) == "daily"
    assert set(Duty.__table__.c.event_type.type.enums) == {kind.value for kind in EventType}  # type: ignore[attr-defined]


def test_messages_of_a_transaction_are_counted_once_and_those_after_a_savepoint_was_taken_back_again(
    database_url: str,
) -> None:
    def counted() -> int:
        with session_scope(database_url) as session:
            return repository.revision(session, MESSAGES)

    before = counted()
    with session_scope(database_url, write=True) as session:
        with contextlib.suppress(ZeroDivisionError), session.begin_nested():
            repository.messages_changed(session)
            raise ZeroDivisionError
        assert repository.revision(session, MESSAGES) == before
        for _ in range(3):
            repository.messages_changed(session)
        with session.begin_nested():
            repository.messages_changed(session)
        session.commit()
        assert counted() == before + 1
        repository.messages_changed(session)
    assert counted() == before + 2
