"""A clean end leaves one file, and a copy of it alone holds everything."""

import os
import shutil
import sqlite3
import time
from pathlib import Path

from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.db.engine import dispose_engine
from duty_teller.db.leftovers import remove_leftovers
from duty_teller.db.session import ChangeWatch, session_scope
from tests.handlers.conftest import buttons, roster_json
from tests.house import House, duty
from tests.process.conftest import ALICE, Service
from tests.process.conftest import chat as chat
from tests.process.conftest import service as service
from tests.process.conftest import terminal as terminal


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


def test_copy_of_the_file_alone_holds_everything_once_the_service_has_ended(
    service: Service, chat: StandInClient, tmp_path: Path
) -> None:
    service.start()
    sent = chat.send_document(ALICE, "roster.json", roster_json(Dan_Duty="Б" * 60, Erin_Eklund="Б" * 60))
    preview = chat.wait_for_message(ALICE, lambda m: "✅ Apply" in buttons(m), after_id=sent["message_id"], timeout=30)
    chat.press(ALICE, preview["message_id"], "✅ Apply")
    chat.wait_for_message(ALICE, "Schedule updated", after_id=sent["message_id"], timeout=20)
    folder = service.folder / "data"
    assert (folder / "duty_teller.db-wal").stat().st_size > 0

    assert service.end() == 0

    assert shifts_of_a_copy(folder / "duty_teller.db", tmp_path) == 120
    assert not (folder / "duty_teller.db-wal").exists()


def test_leftovers_of_killed_processes_go_and_nothing_else_does(tmp_path: Path) -> None:
    """Each crash within a backup left a copy of the database, for good."""
    left = (
        ".backup-ab12",
        ".restoring-ab12",
        ".opened-x_1",
        "backups/.backup-ab12",
        ".secret.123",
        ".duty_teller.db.9",
    )
    kept = (
        "secret",
        "duty_teller.db",
        "duty_teller.db-wal",
        ".hidden",
        "before-restore-1",
        "backups/a.zip",
        ".backup-of-mine",
    )
    young = (".backup-young", ".secret.77")
    (tmp_path / "backups").mkdir()
    for name in (*left, *kept, *young):
        path = tmp_path / name
        if ".backup" in name or "-ab12" in name or "opened" in name:
            path.mkdir()
            (path / "duty_teller.db").write_bytes(b"a copy")
        else:
            path.write_bytes(b"content")
        if name not in young:
            os.utime(path, (time.time() - 4000,) * 2)

    remove_leftovers(tmp_path)
    remove_leftovers(tmp_path / "nowhere")

    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert [name for name in left if name in found] == []
    assert [name for name in (*kept, *young) if name not in found] == []
