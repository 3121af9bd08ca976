"""What is wrong with a database: a cause with a name, one sentence, and an exit code, from any exception."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from duty_teller.db.file import DatabaseGoneError, DatabaseMissingError
from duty_teller.utils import exit_codes

_SAID_EVERY: Final = 60.0


class Cause(StrEnum):
    """What may be wrong, as the health answer names it."""

    LOCKED = "locked"
    FULL = "full"
    READ_ONLY = "read_only"
    FAILING = "failing"
    CANNOT_OPEN = "cannot_open"
    DAMAGED = "damaged"
    NOT_A_DATABASE = "not_a_database"
    INCOMPLETE = "incomplete"
    GONE = "gone"
    MISSING = "missing"
    UNREACHABLE = "unreachable"
    SILENT = "silent"

    @property
    def sentence(self) -> str:
        """What it means, in English."""
        return _SENTENCES[self]

    @property
    def exit_code(self) -> int:
        """What a command ends with."""
        return _EXIT[self]


_SENTENCES: Final = {
    Cause.LOCKED: "another program keeps the database locked",
    Cause.FULL: "the disk of the database is full",
    Cause.READ_ONLY: "the database, its folder or its disk cannot be written",
    Cause.FAILING: "the disk of the database fails to read or write",
    Cause.CANNOT_OPEN: "the database file cannot be opened",
    Cause.DAMAGED: "the database file is damaged: restore it from a backup",
    Cause.NOT_A_DATABASE: "the file is no SQLite database: look at DATA_DIR and DATABASE_URL, or restore a backup",
    Cause.INCOMPLETE: "tables are missing in the database: restore it from a backup",
    Cause.GONE: "the database file was removed or replaced while it was in use",
    Cause.MISSING: "the database file is missing",
    Cause.UNREACHABLE: "the database server cannot be reached",
    Cause.SILENT: "the database does not answer",
}
_EXIT: Final = {
    Cause.LOCKED: exit_codes.TEMPORARY,
    Cause.FULL: exit_codes.IO,
    Cause.READ_ONLY: exit_codes.NO_PERMISSION,
    Cause.FAILING: exit_codes.IO,
    Cause.CANNOT_OPEN: exit_codes.NO_PERMISSION,
    Cause.DAMAGED: exit_codes.DATA,
    Cause.NOT_A_DATABASE: exit_codes.DATA,
    Cause.INCOMPLETE: exit_codes.DATA,
    Cause.GONE: exit_codes.DATABASE_GONE,
    Cause.MISSING: exit_codes.NO_INPUT,
    Cause.UNREACHABLE: exit_codes.UNAVAILABLE,
    Cause.SILENT: exit_codes.UNAVAILABLE,
}
_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: Cause.LOCKED,
    sqlite3.SQLITE_LOCKED: Cause.LOCKED,
    sqlite3.SQLITE_FULL: Cause.FULL,
    sqlite3.SQLITE_READONLY: Cause.READ_ONLY,
    sqlite3.SQLITE_PERM: Cause.READ_ONLY,
    sqlite3.SQLITE_IOERR: Cause.FAILING,
    sqlite3.SQLITE_CANTOPEN: Cause.CANNOT_OPEN,
    sqlite3.SQLITE_CORRUPT: Cause.DAMAGED,
    sqlite3.SQLITE_NOTADB: Cause.NOT_A_DATABASE,
}


KINDS: Final = (sa.exc.SQLAlchemyError, sqlite3.Error, DatabaseGoneError, TimeoutError)
"""What a trouble of the database is raised as."""


class BriefTrouble(logging.Filter):
    """Says a trouble of the database in a line, not a traceback, and each kind once a minute a place.

    A code that a person was told is always found in the log.
    """

    def __init__(self, never_left_out: str) -> None:
        super().__init__()
        self._never_left_out = never_left_out
        self._said: dict[tuple[str, Cause], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tells whether a record is written, and makes it brief."""
        error = record.exc_info[1] if record.exc_info else None
        cause = cause_of(error) if error is not None else None
        if cause is None or cause is Cause.INCOMPLETE:  # may be a fault of ours
            return True
        record.msg, record.args = f"{record.getMessage()}: {cause.sentence}", ()
        record.exc_info = record.exc_text = None
        if record.name == self._never_left_out:
            return True
        now, key = time.monotonic(), (record.name, cause)
        if now - self._said.get(key, -_SAID_EVERY) < _SAID_EVERY:
            return False
        self._said[key] = now
        return True


def cause_of(error: BaseException) -> Cause | None:
    """Returns what is wrong with the database, or None when the exception is about something else."""
    for found in _chain(error):
        if isinstance(found, DatabaseGoneError):
            return Cause.GONE
        if isinstance(found, DatabaseMissingError):
            return Cause.MISSING
        if isinstance(found, sqlite3.Error):
            code = getattr(found, "sqlite_errorcode", None)
            if code is not None and code & 0xFF in _SQLITE:
                return _SQLITE[code & 0xFF]
            if isinstance(found, sqlite3.OperationalError) and "no such " in str(found):
                return Cause.INCOMPLETE
        if isinstance(found, sa.exc.TimeoutError):  # of the pool: all connections are waiting
            return Cause.SILENT
        if isinstance(found, sa.exc.OperationalError) and not isinstance(found.orig, sqlite3.Error):
            return Cause.UNREACHABLE
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        if isinstance(error, sa.exc.DBAPIError) and error.orig is not None:
            yield error.orig
        error = error.__cause__ or error.__context__
