"""One process at a time polls Telegram for a database."""

import pytest
import sqlalchemy as sa

from duty_teller.db.engine import sqlite_path
from duty_teller.db.poll_lock import PollLock


def test_second_is_told_who_polls_and_takes_over_when_the_first_ends(database_url: str) -> None:
    first, second = PollLock(database_url), PollLock(database_url)

    assert first.take() == ""
    told = second.take()
    assert "process" in told and " since 20" in told and told.endswith(" UTC")
    assert (first.holds(), second.holds()) == (True, False)
    first.release()
    assert second.take() == ""
    assert (first.holds(), second.holds()) == (False, True)
    second.release()


def test_lock_that_was_lost_is_noticed(database_url: str) -> None:
    first, second = PollLock(database_url), PollLock(database_url)
    assert first.take() == ""
    path = sqlite_path(database_url)
    if path is not None:
        path.with_name(f".polling-{path.name}").unlink()
    else:
        with pytest.raises(sa.exc.SQLAlchemyError):
            first._connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    assert not first.holds()
    assert second.take() == ""
    assert first.take() != ""
    second.release()
