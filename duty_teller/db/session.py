"""Engines and sessions, and the only place that asks which database it is.

SQLite: WAL, synchronous=FULL (writes are rare, the power of a small computer is not safe), foreign_keys ON,
    busy_timeout 5 s. A
transaction that will write starts with BEGIN IMMEDIATE: read-then-write under a plain BEGIN ends in "database is
locked" in spite of the timeout. One connection writes at a time.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlmodel import Session

logger = logging.getLogger(__name__)

_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")
_HOOKS: Final = "after_commit_hooks"


def _prepare_sqlite(engine: sa.Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        # Transactions are begun by us (below), also around DDL, so that a migration is whole or absent.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN")


@cache
def get_engine(database_url: str) -> sa.Engine:
    """Returns the engine of an address, made at the first call; a SQLite file's folder is made too (mode 0700)."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = sa.create_engine(url, connect_args={"check_same_thread": False})
        _prepare_sqlite(engine)
        return engine
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return sa.create_engine(url, pool_pre_ping=True)


def dispose_engine(database_url: str) -> None:
    """Closes all connections of an address and forgets its engine."""
    get_engine(database_url).dispose()
    get_engine.cache_clear()


@cache
def _turn_of(database_url: str) -> "AbstractContextManager[object]":
    """Returns what the process's own writers queue at.

    SQLite's busy handler polls, and among a hundred writers one can starve beyond any timeout: the threads of this
    process wait for each other here, and busy_timeout is for the command line beside them.
    """
    return threading.Lock() if make_url(database_url).get_backend_name() == "sqlite" else nullcontext()


class DutySession(Session):
    """A session that runs hooks once its commit has held."""


@event.listens_for(DutySession, "after_commit")
def _run_hooks(session: Any) -> None:
    hooks: dict[Callable[[], object], None] = session.info.pop(_HOOKS, {})
    for hook in hooks:
        try:
            hook()
        except Exception:  # the commit has held; a failed hook must not look like a failed change
            logger.exception("after-commit hook %r failed", hook)


@event.listens_for(DutySession, "after_rollback")
def _drop_hooks(session: Any) -> None:
    session.info.pop(_HOOKS, None)


def on_commit(session: Session, hook: Callable[[], object]) -> None:
    """Has a function called after the session's commit, once however often it is asked for; a rollback forgets it."""
    session.info.setdefault(_HOOKS, {})[hook] = None


@contextmanager
def session_scope(database_url: str, write: bool = False) -> Iterator[Session]:
    """Opens a session that commits at the end, or rolls back when the block raises.

    Args:
        database_url: Where.
        write: Take the write lock at the beginning (SQLite; ignored elsewhere). Needed for anything that writes.
    """
    engine = get_engine(database_url)
    with _turn_of(database_url) if write else nullcontext():
        session = DutySession(engine.execution_options(write=True) if write else engine, expire_on_commit=False)
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()


class ChangeWatch:
    """Tells cheaply whether anything was committed, by this process or another one.

    On SQLite it asks `PRAGMA data_version` (4 µs) on a connection that never writes; elsewhere it reads the revision
    rows. To be used from one thread.
    """

    def __init__(self, database_url: str) -> None:
        self._engine = get_engine(database_url)
        self._sqlite = self._engine.dialect.name == "sqlite"
        self._connection: Any = None

    def token(self) -> object:
        """Returns a value that differs from the last one when something was committed in between."""
        if self._sqlite:
            if self._connection is None:
                self._connection = self._engine.raw_connection()
                self._cursor = self._connection.cursor()
            return self._cursor.execute("PRAGMA data_version").fetchone()[0]
        with self._engine.connect() as connection:
            return tuple(connection.exec_driver_sql("SELECT name, value FROM revisions ORDER BY name").all())

    def close(self) -> None:
        """Gives the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def schema_revision(database_url: str) -> str | None:
    """Returns the migration the database is at, or None for an empty one."""
    engine = get_engine(database_url)
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def schema_revision_of_file(database_url: str) -> str | None:
    """Returns what `schema_revision` does, without making the SQLite file of an address when it is not there."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        return None
    return schema_revision(database_url)


def database_size(session: Session) -> int:
    """Returns how many bytes the database takes."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        pages, size = (connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("page_count", "page_size"))
        return int(pages or 0) * int(size or 0)
    return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar() or 0)
