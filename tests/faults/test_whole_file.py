"""A clean end leaves one file, and a copy of it alone holds everything."""

import shutil
import sqlite3
from pathlib import Path

from duty_teller.db.engine import dispose_engine
from duty_teller.db.session import ChangeWatch, session_scope
from tests.house import House, duty


def shifts_of_a_copy(path: Path, folder: Path) -> int:
    copy = folder / "copy.db"
    shutil.copyfile(path, copy)
    connection = sqlite3.connect(copy)
    try:
        return int(connection.execute("SELECT count(*) FROM duties").fetchone()[0])
    finally:
        connection.close()


def test_end_writes_the_log_back_into_the_file(house: House, tmp_path: Path) -> None:
    house.put(*(duty(house.dan, f"2026-11-{day}") for day in range(10, 30)))
    watch = ChangeWatch(house.url)
    watch.token()
    path = house.folder / "duty_teller.db"

    dispose_engine(house.url)  # while a connection is still out: it could not be closed in time

    assert shifts_of_a_copy(path, tmp_path) == 20
    watch.close()


def test_end_beside_another_process_that_reads_says_nothing_and_loses_nothing(house: House) -> None:
    other = sqlite3.connect(house.folder / "duty_teller.db", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM duties").fetchall()
    house.put(duty(house.dan, "2026-11-23"))

    dispose_engine(house.url)

    other.execute("ROLLBACK")
    assert other.execute("SELECT count(*) FROM duties").fetchone() == (1,)
    other.close()
    with session_scope(house.url) as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM duties").scalar() == 1
