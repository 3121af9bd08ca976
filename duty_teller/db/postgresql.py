"""PostgreSQL's side of an engine: psycopg is loaded here alone, and no answer is waited for without an end."""

import sys
from importlib import import_module
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event

CONNECT_SECONDS: Final = 3
STATEMENT_SECONDS: Final = 10
"""After so long the server gives a statement up, and 2 s later we give the server up."""
_LOCK_SECONDS: Final = 8
_WRITERS: Final = 0x44757479
"""Key of the lock at which writing transactions queue, as at SQLite's: who reads and then writes relies on it."""

READING: Final = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
"""Of reading sessions: nothing can be written, and all statements see one state, as on SQLite."""


class DriverMissingError(Exception):
    """The address names PostgreSQL, and its driver is not installed."""


def create_engine(url: sa.URL) -> sa.Engine:
    """Returns an engine whose connections are bounded in time.

    Args:
        url: `postgresql://` or `postgresql+psycopg://`.

    Raises:
        DriverMissingError: The optional extra is not installed.
    """
    try:
        # Not everywhere installed, so its types are not asked for either.
        psycopg: Any = import_module("psycopg")
    except ImportError:
        how = "pip install 'duty-teller[postgresql]'"
        if getattr(sys, "frozen", False):
            how = f"this binary has none; use {how}"
        raise DriverMissingError(f"DATABASE_URL names PostgreSQL, whose driver is not installed: {how}") from None

    class BoundedConnection(psycopg.Connection):  # type: ignore[misc]
        """Closes itself when the server does not answer: a hung server must not hang threads for ever."""

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            try:
                return super().wait(gen, interval, timeout or STATEMENT_SECONDS + 2)
            except TimeoutError:
                raise self._given_up() from None
            except psycopg.Error as error:
                if type(error).__name__ != "_WaitTimeout":
                    raise
                raise self._given_up() from None

        def _given_up(self) -> Any:
            self.close()
            return psycopg.OperationalError("the server does not answer")

    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_SECONDS},
        pool_pre_ping=True,
        pool_timeout=CONNECT_SECONDS,
        hide_parameters=True,
    )

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, args: Any, named: Any) -> Any:
        return BoundedConnection.connect(*args, **named)

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        # By statements, not start-up options, which poolers such as PgBouncer refuse.
        connection.execute(f"SET statement_timeout = '{STATEMENT_SECONDS}s'")
        connection.execute(f"SET lock_timeout = '{_LOCK_SECONDS}s'")
        connection.execute("SET idle_in_transaction_session_timeout = '60s'")
        connection.commit()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("write"):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")

    return engine
