"""Engines: one an address, and all that differs between SQLite and PostgreSQL.

SQLite: WAL, synchronous=FULL (writes are rare, the power of a small computer is not safe), foreign_keys ON,
busy_timeout 5 s. A transaction that will write starts with BEGIN IMMEDIATE: read-then-write under a plain BEGIN ends in
"database is locked" in spite of the timeout. One that reads cannot write: its connection has `query_only` on.
"""

import contextlib
import logging
import os
import sqlite3
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url

from duty_teller.db.file import DatabaseFile, DatabaseGoneError
from duty_teller.db.trouble import Cause

logger = logging.getLogger(__name__)

_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")
_WRITES: Final = "writes"
"""What is remembered of a connection: whether `query_only` is off."""
_LAST_TURN: Final = 0.3
"""Seconds the end waits for a transaction that is under way."""


@dataclass(slots=True)
class OwnCommits:
    """How often this process has committed: `work` may have left something to do, `notes` only say what was done."""

    work: int = 0
    notes: int = 0


@dataclass(slots=True)
class Database:
    """An address that is in use.

    Attributes:
        engine: For migrations; transactions read unless `write=True` is set.
        reading: What reading sessions are made of: the engine with their execution options.
        writing: The same of writing ones.
        file: Of SQLite.
        turn: What the process's own writers queue at. SQLite's busy handler polls, and among a hundred writers one can
            starve beyond any timeout: the threads of this process wait for each other here, and busy_timeout is for
            the command line beside them. None where the server keeps the queue.
        failed: What the last transaction failed with (a cause) and when, on the monotonic clock; None once a write
            has taken.
        commits: Of this process.
    """

    engine: sa.Engine
    reading: sa.Engine
    writing: sa.Engine
    file: DatabaseFile | None = None
    turn: "threading.Lock | None" = None
    failed: tuple[Cause, float] | None = None
    commits: OwnCommits = field(default_factory=OwnCommits)

    @property
    def waits_for_a_server(self) -> bool:
        """Whether a read goes over a network and may wait: never on the event loop."""
        return self.file is None

    def check(self) -> None:
        """Looks whether the database is still the one that was opened; costs a microsecond.

        Raises:
            DatabaseGoneError: Its file was removed or replaced.
        """
        if self.file is not None:
            self.file.check()


_databases: Final[dict[str, Database]] = {}
_opening: Final = threading.Lock()


def sqlite_path(database_url: str) -> Path | None:
    """Returns the file of an address, None for a server."""
    url = make_url(database_url)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def database(database_url: str) -> Database:
    """Returns the database of an address, opened at the first call; a SQLite file is made when there is none.

    Raises:
        OSError: The file or its folder cannot be made.
        DriverMissingError: The driver of PostgreSQL is not installed.
    """
    found = _databases.get(database_url)
    if found is None:
        with _opening:
            found = _databases.get(database_url)
            if found is None:
                found = _databases[database_url] = _open(database_url)
    return found


def get_engine(database_url: str) -> sa.Engine:
    """Returns the engine of an address."""
    return database(database_url).engine


def _open(database_url: str) -> Database:
    path = sqlite_path(database_url)
    if path is None:
        from duty_teller.db import postgresql

        server = postgresql.create_engine(make_url(database_url))
        return Database(server, server.execution_options(**postgresql.READING), server.execution_options(write=True))
    file = DatabaseFile(path)
    file.open()
    engine = sa.create_engine(
        make_url(database_url), connect_args={"check_same_thread": False}, pool_timeout=10, hide_parameters=True
    )
    _prepare_sqlite(engine, file)
    return Database(engine, engine, engine.execution_options(write=True), file, threading.Lock())


def _prepare_sqlite(engine: sa.Engine, file: DatabaseFile) -> None:
    @event.listens_for(engine, "do_connect")
    def open_file(_dialect: Any, _record: Any, args: list[Any], named: dict[str, Any]) -> None:
        # The file is there, or it has gone: SQLite is never to make one.
        file.check()
        args[0] = f"file:{quote(os.fsencode(file.path.absolute()))}?mode=rw"
        named["uri"] = True

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        # Transactions are begun by us (below), also around DDL, so that a migration is whole or absent.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        # After a crash the log's index does not say how much was written back before: it is, from here on.
        with contextlib.suppress(sqlite3.OperationalError):
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        cursor.close()
        file.note_log()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        write = bool(connection.get_execution_options().get("write"))
        plain: Any = connection.connection.driver_connection
        if connection.info.get(_WRITES) is not write:
            plain.execute(f"PRAGMA query_only={'OFF' if write else 'ON'}")
            connection.info[_WRITES] = write
        if write:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            plain.execute("BEGIN")  # touches nothing and waits for nobody


def dispose_engine(database_url: str) -> None:
    """Ends the use of an address: one whole file stays, so that a copy of it alone holds everything.

    A transaction that is under way gets a moment; while another process uses the file, a part may stay in its log.
    """
    found = _databases.pop(database_url, None)
    if found is None:
        return
    if found.turn is not None:
        free = found.turn.acquire(timeout=_LAST_TURN)
        _write_log_back(found)
        if free:
            found.turn.release()
    if found.file is not None:
        with contextlib.suppress(DatabaseGoneError):
            found.check()
        found.file.empty_log()
    found.engine.dispose()
    if found.file is not None:
        try:
            found.check()
        except DatabaseGoneError:
            found.file.set_log_aside()
        found.file.close()


def _write_log_back(found: Database) -> None:
    try:
        found.check()
        connection = found.engine.raw_connection()
        try:
            cursor = connection.cursor()
            connection.info.pop(_WRITES, None)
            cursor.execute("PRAGMA query_only=OFF")
            cursor.execute("PRAGMA busy_timeout=200")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.close()
        finally:
            connection.close()
    except Exception as error:  # the end comes all the same: nothing is lost, the log is read at the next start
        logger.debug("the log was not written back: %s", error)
