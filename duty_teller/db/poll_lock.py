"""Which process polls Telegram for a database: one at a time, the next one as soon as it ends, however it ends.

A SQLite file has a lock file beside it, which the kernel lets go of with the process; on a server it is a lock of a
session (`pg_advisory_lock`), which the server lets go of with the connection. Whoever holds it does everything that
must not be done twice: updates, pins, notices.
"""

import contextlib
import fcntl
import logging
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from duty_teller.db.engine import get_engine, sqlite_path

logger = logging.getLogger(__name__)

_SERVER_KEY: Final = 0x506F6C6C
_SHOWN: Final = 200


class PollLockError(Exception):
    """Another process has taken over polling."""


class PollLock:
    """The right to poll for one database."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        path = sqlite_path(database_url)
        # Not named like the database: what is may be taken for a part of it.
        self._path: Path | None = None if path is None else path.with_name(f".polling-{path.name}")
        self._number: int | None = None
        self._connection: Any = None

    def take(self) -> str:
        """Takes it if it is free.

        Returns:
            An empty text when it is ours, else who has it, in English.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: The server does not answer.
        """
        self.release()
        return self._take_on_server() if self._path is None else self._take_file(self._path)

    def _take_file(self, path: Path) -> str:
        try:
            number = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:  # where nothing can be written, the database says so, and louder
            logger.warning("no lock on polling can be made at %s: %s", path, error.strerror)
            return ""
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            said = os.pread(number, _SHOWN, 0).decode(errors="replace").strip()
            os.close(number)
            return said or "another process"
        except OSError as error:
            logger.warning("the file system of %s knows no locks: %s", path, error.strerror)
        self._number = number
        with contextlib.suppress(OSError):  # a full disk: who holds it cannot be told, and that is all
            os.ftruncate(number, 0)
            os.pwrite(number, f"{_ourselves()}\n".encode(), 0)
        return ""

    def _take_on_server(self) -> str:
        connection = get_engine(self._url).connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            if connection.execute(sa.select(sa.func.pg_try_advisory_lock(_SERVER_KEY))).scalar():
                self._connection = connection
                return ""
            found = connection.exec_driver_sql(
                "SELECT a.pid, host(a.client_addr), a.backend_start FROM pg_stat_activity a "
                "JOIN pg_locks l USING (pid) "
                "WHERE l.locktype = 'advisory' AND l.objid = %(key)s AND l.classid = 0 AND l.granted",
                {"key": _SERVER_KEY},
            ).first()
        except BaseException:
            connection.close()
            raise
        connection.close()
        if found is None:
            return "another process"
        return f"the process at {found[1] or 'the server itself'} (session {found[0]}) since {_minute(found[2])}"

    def holds(self) -> bool:
        """Tells whether it is still ours: the file at its place, the session alive."""
        if self._path is None:
            try:
                return self._connection is not None and self._connection.execute(sa.select(1)).scalar() == 1
            except sa.exc.SQLAlchemyError:
                return False
        if self._number is None:
            return False
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._number))
        except OSError:
            return False

    def release(self) -> None:
        """Lets go of it; twice is harmless."""
        if self._number is not None:
            os.close(self._number)
            self._number = None
        if self._connection is not None:
            with contextlib.suppress(sa.exc.SQLAlchemyError):
                self._connection.invalidate()  # back in the pool it would go on holding the lock
                self._connection.close()
            self._connection = None


def _ourselves() -> str:
    return f"process {os.getpid()} on {socket.gethostname()} since {_minute(datetime.now(UTC))}"


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
