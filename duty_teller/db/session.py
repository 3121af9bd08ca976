"""Sessions: whole or absent, reading ones that cannot write, and hooks that run once a commit has held."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from enum import IntEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session

from duty_teller.db.engine import OwnCommits, database, get_engine, sqlite_path
from duty_teller.db.trouble import Cause, cause_of

logger = logging.getLogger(__name__)

MESSAGES: Final = "messages"
"""The counter of what has to be sent or edited, raised in the transaction that wants it; no answer is made from it."""

_REMEMBERED: Final = 60.0
"""Seconds for which a failed transaction is a trouble, when no later one has succeeded."""
_OVER_WHEN_READ: Final = (Cause.UNREACHABLE, Cause.SILENT, Cause.CANNOT_OPEN, Cause.INCOMPLETE)
_HOOKS: Final = "after_commit_hooks"
_COMMITS: Final = "own_commits"
_NOTES: Final = "notes_only"


class DutySession(Session):
    """A session that runs hooks once its commit has held."""


@event.listens_for(DutySession, "after_commit")
def _run_hooks(session: Any) -> None:
    commits: OwnCommits | None = session.info.get(_COMMITS)
    if commits is not None:
        if session.info.pop(_NOTES, False):
            commits.notes += 1
        else:
            commits.work += 1
    hooks: dict[Callable[[], object], None] = session.info.pop(_HOOKS, {})
    for hook in hooks:
        try:
            hook()
        except Exception:  # the commit has held; a failed hook must not look like a failed change
            logger.exception("after-commit hook %r failed", hook)


@event.listens_for(DutySession, "after_rollback")
def _drop_hooks(session: Any) -> None:
    session.info.pop(_HOOKS, None)


def notes_only(session: Session) -> None:
    """Says that the session's transaction only notes what was done: nobody need look for work because of it."""
    session.info[_NOTES] = True


def on_commit(session: Session, hook: Callable[[], object]) -> None:
    """Has a function called after the session's commit, once however often it is asked for; a rollback forgets it."""
    session.info.setdefault(_HOOKS, {})[hook] = None


def get_session(database_url: str, write: bool = False, lost: bool = False) -> Session:
    """Opens a session that the caller commits and closes; `session_scope` does both.

    Args:
        database_url: Where.
        write: Take the write lock at the beginning. Needed for anything that writes: without it the database refuses.
        lost: Read from the file that was opened though it has gone: to tell who has to hear of it.

    Raises:
        DatabaseGoneError: The file was removed or replaced since it was opened.
    """
    found = database(database_url)
    if not lost:
        found.check()
    engine = found.writing if write else found.reading
    return DutySession(engine, expire_on_commit=False, info={_COMMITS: found.commits} if write else None)


@contextmanager
def session_scope(database_url: str, write: bool = False, lost: bool = False) -> Iterator[Session]:
    """Opens a session that commits at the end, or rolls back when the block raises.

    Args:
        database_url: Where.
        lost: As `get_session`.
        write: As `get_session`; this process's own writers wait for each other first.

    Raises:
        DatabaseGoneError: The file was removed or replaced since it was opened.
    """
    found = database(database_url)
    with found.turn if write and found.turn is not None else nullcontext():
        session = get_session(database_url, write, lost)
        try:
            yield session
            if write:
                found.check()  # what is committed into a file that nobody can open again is not kept
            session.commit()
            if write:
                found.check()  # whoever took the file away while it was committed; and the log has moved on
                found.failed = None
        except BaseException as error:
            session.rollback()
            cause = cause_of(error)
            if cause is not None and (write or cause is not Cause.READ_ONLY):
                found.failed = cause, time.monotonic()
            raise
        finally:
            session.close()


class Change(IntEnum):
    """What was committed since somebody last asked."""

    NOTHING = 0
    NOTES = 1
    """By this process, which only notes what it has done."""
    WORK = 2
    """Something may have to be done."""
    REVISION = 3
    """A revision counter has moved: schedule, people, rosters, links."""


class ChangeWatch:
    """Tells cheaply whether anything was committed, by this process or another one.

    On SQLite it asks `PRAGMA data_version` (4 µs) on a connection that never writes; elsewhere it reads the revision
    rows. To be used from one thread.

    Args:
        database_url: Of the database.
        checks_every: Seconds between two looks whether the file is still the one that was opened; sessions look always.
    """

    def __init__(self, database_url: str, checks_every: float = 0.0) -> None:
        self._database = database(database_url)
        self._connection: Any = None
        self._checks_every, self._checked = checks_every, 0.0
        self._seen: tuple[object, frozenset[tuple[str, int]], int, int] | None = None

    @property
    def waits_for_a_server(self) -> bool:
        """Whether asking goes over a network and may wait: not on the event loop."""
        return self._database.waits_for_a_server

    def token(self) -> object:
        """Returns a value that differs from the last one when something was committed in between.

        Raises:
            DatabaseGoneError: The file was removed or replaced.
        """
        if not self._database.waits_for_a_server:
            asked = time.monotonic()
            if asked - self._checked >= self._checks_every:
                self._database.check()
                self._checked = asked
            if self._connection is None:
                self._connection = self._database.engine.raw_connection()
                self._cursor = self._connection.cursor()
            return self._cursor.execute("PRAGMA data_version").fetchone()[0]
        with self._database.engine.connect() as connection:
            return frozenset(map(tuple, connection.exec_driver_sql("SELECT name, value FROM revisions").all()))

    def change(self) -> Change:
        """Tells what was committed since the last call; the first one is told of everything.

        A commit that is nobody's of this process (the command line's, an admin's by hand) counts as work.

        Raises:
            DatabaseGoneError: The file was removed or replaced.
        """
        commits = self._database.commits
        work, notes = commits.work, commits.notes  # first: what is committed from here on is told the next time
        token = self.token()
        if self._seen is not None and self._seen[::2] == (token, work):
            self._seen = (token, self._seen[1], work, notes)
            return Change.NOTHING
        revisions = token if isinstance(token, frozenset) else self._revisions()
        before, self._seen = self._seen, (token, revisions, work, notes)
        if before is None:
            return Change.REVISION
        moved = {name for name, _value in revisions ^ before[1]}
        if moved - {MESSAGES}:
            return Change.REVISION
        # Another process's commit beside notes of this one is seen by its counter alone.
        return Change.WORK if moved or before[2] != work or before[3] == notes else Change.NOTES

    def _revisions(self) -> frozenset[tuple[str, int]]:
        return frozenset(map(tuple, self._cursor.execute("SELECT name, value FROM revisions").fetchall()))

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
    """Returns what `schema_revision` does, without making the SQLite file of an address when it is not there.

    An empty file is not opened either: SQLite would remove what lies beside it and says that there was a database.
    """
    path = sqlite_path(database_url)
    if path is not None and not (path.exists() and path.stat().st_size):
        return None
    return schema_revision(database_url)


def database_size(session: Session) -> int:
    """Returns how many bytes the database takes."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        pages, size = (connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("page_count", "page_size"))
        return int(pages or 0) * int(size or 0)
    return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar() or 0)


def look_at_database(database_url: str) -> Cause | None:
    """Returns what is wrong with the database now, or was with a transaction of the last minute.

    It reads a row and asks the file system; nothing is written. A server may take its time: a thread's work.
    """
    try:
        found = database(database_url)
        with session_scope(database_url) as session:
            session.connection().exec_driver_sql("SELECT 1 FROM revisions").first()
        if found.file is not None and (trouble := found.file.trouble()):
            return Cause(trouble)
    except Exception as error:
        return cause_of(error) or Cause.SILENT
    if found.failed is None:
        return None
    cause, moment = found.failed
    if cause in _OVER_WHEN_READ:
        return None
    return cause if cause is Cause.DAMAGED or time.monotonic() - moment < _REMEMBERED else None
