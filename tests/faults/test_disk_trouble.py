"""A disk that is full, a database that is read-only, locked or damaged, while somebody works with it.

One sentence in the person's language, health that names the cause, nothing half written, an exit code of its own; and
where the trouble has gone, the same press works.
"""

import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from duty_teller import cache
from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.config import Settings
from duty_teller.console import failures as of_commands
from duty_teller.db.engine import get_engine
from duty_teller.db.session import look_at_database
from duty_teller.db.trouble import Cause
from tests.handlers.conftest import ALICE, DAN, World, buttons, roster_json
from tests.handlers.conftest import empty_database as empty_database
from tests.handlers.conftest import failures as failures
from tests.handlers.conftest import planned as planned
from tests.handlers.conftest import settled as settled
from tests.handlers.conftest import stopped as stopped
from tests.handlers.conftest import world as world
from tests.house import NOW
from tests.process import nursery
from tests.process.conftest import PROGRAM, Service
from tests.process.conftest import chat as chat
from tests.process.conftest import roster_json as plain_roster
from tests.process.conftest import terminal as terminal


@contextmanager
def _each_connection(url: str, event: str, act: Callable[..., Any]) -> Iterator[None]:
    engine = get_engine(url)
    sa.event.listen(engine, event, act)
    engine.dispose()
    try:
        yield
    finally:
        sa.event.remove(engine, event, act)
        engine.dispose()


def full(url: str) -> Any:
    """SQLite's own "database or disk is full": the file may not grow."""
    return _each_connection(url, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count=1"))


def read_only(url: str) -> Any:
    """As on a disk that was mounted anew for reading after a fault."""
    path = sa.make_url(url).database

    def connect(*_args: object) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)

    return _each_connection(url, "do_connect", connect)


@contextmanager
def locked(url: str) -> Iterator[None]:
    other = sqlite3.connect(str(sa.make_url(url).database), isolation_level=None)
    with _each_connection(url, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=100")):
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()


SAID = {
    "full": (full, Cause.FULL, "The server's disk is full", "На сервере кончилось место"),
    "read-only": (read_only, Cause.READ_ONLY, "The bot can't write to its database", "Бот не может писать в свою базу"),
    "locked": (locked, Cause.LOCKED, "Another program is holding", "База данных занята другой программой"),
}


@pytest.mark.parametrize("kind", SAID)
def test_apply_that_cannot_be_written_is_said_in_a_sentence_and_works_afterwards(
    planned: World, failures: list[str], kind: str
) -> None:
    trouble, cause, english, russian = SAID[kind]
    url = planned.settings.database_url
    planned.link_dan()
    planned.be_through()
    sent = planned.chat.send_document(ALICE, "roster.json", roster_json(Dan_Duty="Б" * 200, Alice_Admin="Б" * 200))
    preview = planned.chat.wait_for_message(ALICE, lambda m: "✅ Apply" in buttons(m), after_id=sent["message_id"])
    planned.be_through()
    before = planned.counts()

    with trouble(url), planned.without_ticks():  # a write of theirs that succeeds ends what health has to say
        planned.chat.press(ALICE, preview["message_id"], "✅ Apply")
        said = planned.chat.wait_for_message(ALICE, english, after_id=sent["message_id"])["text"]
        assert look_at_database(url) is cause
        if trouble is not full:  # where a few bytes still fit
            his = planned.say(DAN, "/language")
            planned.chat.press(DAN, his["message_id"], "English")
            planned.chat.wait_for_message(DAN, russian, after_id=his["message_id"])
    after = planned.counts()

    assert (len(re.findall(r"[0-9A-F]{6}", said)), said.count("\n")) == (1, 0)
    assert {name: after[name] for name in before if before[name] != after[name]} == {}
    planned.chat.press(ALICE, preview["message_id"], "✅ Apply")
    planned.chat.wait_for_message(ALICE, "Schedule updated", after_id=sent["message_id"])
    failures.clear()


CRIPPLED = """
import sqlite3, sys
import sqlalchemy as sa
{fault}
from duty_teller.main import main
sys.exit(main(sys.argv[1:]))
"""
FAULTS = {
    "full": (
        "@sa.event.listens_for(sa.Engine, 'connect')\n"
        "def limit(connection, _):\n    connection.execute('PRAGMA max_page_count=1')",
        74,
        "the disk of the database is full",
    ),
    "read-only": (
        "@sa.event.listens_for(sa.Engine, 'do_connect', retval=True)\n"
        "def connect(*_):\n    import os\n"
        "    path = os.path.join(os.environ['DATA_DIR'], 'duty_teller.db')\n"
        "    return sqlite3.connect(f'file:{path}?mode=ro', uri=True)",
        77,
        "cannot be written",
    ),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_import_of_the_terminal_that_cannot_be_written_changes_nothing(terminal: Service, kind: str) -> None:
    fault, code, words = FAULTS[kind]
    terminal.settle()
    program = terminal.folder / "crippled.py"
    program.write_text(CRIPPLED.format(fault=fault))
    file = terminal.folder / "roster.json"
    file.write_bytes(plain_roster(date(2026, 11, 30), {"Dan Duty": "Б" * 365, "Erin Eklund": "Б" * 365}))

    done = terminal.run([sys.executable, str(program), "import", str(file)])

    assert done.returncode == code, done.stderr
    assert done.stderr.splitlines()[-1].startswith("duty-teller: ") and words in done.stderr
    assert "Traceback" not in done.stderr
    for table in ("duties", "users", "schedule_changes", "notices"):
        assert terminal.rows(f"SELECT count(*) FROM {table}") == [(0,)]
    assert terminal.command("import", str(file)).returncode == 0
    assert terminal.rows("SELECT count(*) FROM duties") == [(730,)]


def test_export_onto_a_full_disk_is_said_with_a_code_of_its_own(terminal: Service) -> None:
    file = terminal.folder / "roster.json"
    file.write_bytes(plain_roster(date(2026, 11, 1), {"Dan Duty": "Б" * 30}))
    assert terminal.command("import", str(file)).returncode == 0

    done = terminal.command("export", "/dev/full", "--format", "csv", "--from", "2026-11-01", "--to", "2026-11-30")

    assert (done.returncode, done.stderr.count("\n")) == (74, 1), done.stderr
    assert "No space left" in done.stderr


def test_cache_on_a_full_disk_costs_a_recomputation(cache_folder: Path) -> None:
    cache.ics_calendar_cache.set((1,), "kept")
    store = cache._store._open()
    store._sql("PRAGMA max_page_count=1")

    cache.ics_calendar_cache.set((2,), "x" * 2_000_000)
    cache.ics_calendar_cache.set((3,), "y" * 20_000)

    assert cache.ics_calendar_cache.get((2,), NOW) in (None, "x" * 2_000_000)
    cache.ics_calendar_cache.set((4,), "later")
    assert cache.ics_calendar_cache.get((4,), NOW) == "later"


def test_log_on_a_full_disk_does_not_stop_the_service(service: Service, chat: StandInClient) -> None:
    with Path("/dev/full").open("wb") as log:
        service.launch(log)
    service.wait_for_state("polling")
    sent = chat.send_text(ALICE, "/start")

    chat.wait_for_message(ALICE, "Hello, Alice!", after_id=sent["message_id"], timeout=20)
    assert service.health()["status"] == "ok"
    assert service.end() == 0


def test_start_on_a_full_disk_is_said_and_the_next_one_begins_anew(terminal: Service) -> None:
    program = terminal.folder / "crippled.py"
    program.write_text(CRIPPLED.format(fault=FAULTS["full"][0]))
    done = terminal.run([sys.executable, str(program), "migrate"])
    assert (done.returncode, done.stderr.count("\n")) == (74, 1), done.stderr
    assert terminal.command("migrate").returncode == 0


def test_standard_output_on_a_full_disk_is_one_sentence_and_nothing_unseen_is_applied(terminal: Service) -> None:
    file = terminal.folder / "roster.json"
    file.write_bytes(plain_roster(date(2026, 11, 1), {"Dan Duty": "Б" * 30}))

    def onto_a_full_disk(*words: str) -> tuple[int, str]:
        with Path("/dev/full").open("wb") as output:
            done = nursery.run([*PROGRAM, *words], terminal.environment, terminal.folder, output=output)
        return done.returncode, done.stderr.splitlines()[-1]

    told = "standard output cannot be written: No space left on device"
    assert onto_a_full_disk("version") == (74, f"duty-teller: {told}")
    assert onto_a_full_disk("import", str(file)) == (74, f"duty-teller: nothing was changed, for {told}")
    assert terminal.rows("SELECT count(*) FROM duties") == [(0,)]


def test_disk_without_room_is_called_full_though_sqlite_says_that_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What SQLite keeps beside the file is mapped: without room for it, it reports a disk that fails."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR | 19 << 8  # SQLITE_IOERR_SHMSIZE
    settings = Settings(data_dir=tmp_path)

    assert "fails to read or write" in str(of_commands.explain(error, settings))
    monkeypatch.setattr(of_commands, "ROOM", 2**62)
    assert of_commands.explain(error, settings) == (f"the disk of the database is full ({tmp_path}/duty_teller.db)", 74)
