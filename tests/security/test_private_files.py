"""Nobody else reads what the product keeps, whatever the umask and whoever made the folder."""

import logging
import os
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from duty_teller import cache
from duty_teller.config import Settings
from duty_teller.console.export_file import export_file
from duty_teller.db.engine import dispose_engine
from duty_teller.db.migrations import migrate
from duty_teller.db.session import session_scope
from duty_teller.run import prepare
from duty_teller.utils.secret_file import load_secret
from tests.house import House, duty


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    return sorted(str(path) for path in [folder, *folder.rglob("*")] if path.stat().st_mode & 0o077)


@pytest.mark.usefixtures("open_umask")
@pytest.mark.parametrize("made_by_somebody", [False, True])
def test_everything_in_the_data_folder_is_ours_alone(tmp_path: Path, made_by_somebody: bool) -> None:
    folder = tmp_path / "data"
    if made_by_somebody:
        folder.mkdir(mode=0o777)
        for name in ("duty_teller.db", "duty_teller.db-wal", "secret"):
            (folder / name).write_bytes(bytes(32) if name == "secret" else b"")
            (folder / name).chmod(0o666)
    settings = Settings(data_dir=folder)
    migrate(settings.database_url)
    prepare(settings)
    load_secret(folder)
    cache.duty_pin_cache.set((1,), "text" * 20_000, None)
    try:
        with session_scope(settings.database_url, write=True) as session:
            session.connection().exec_driver_sql("UPDATE rosters SET name = 'Support'")
            names = {path.name for path in folder.iterdir()}
            private = open_to_others(folder)
    finally:
        cache.close()
        cache._store._folder = None
        dispose_engine(settings.database_url)

    assert {"duty_teller.db", "duty_teller.db-wal", "duty_teller.db-shm", "secret", "cache"} <= names
    assert [path for path in private if "/cache/" not in path or not Path(path).is_dir()] == []


@pytest.mark.usefixtures("open_umask")
def test_folder_that_everybody_shares_is_left_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    settings = Settings(data_dir=shared)
    prepare(settings)
    cache.close()
    cache._store._folder = None
    dispose_engine(settings.database_url)

    assert shared.stat().st_mode & 0o7777 == 0o1777
    assert (shared / "duty_teller.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("open_umask")
def test_export_is_ours_alone_even_over_an_open_file(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"))
    target = house.folder / "november.csv"
    target.write_text("")
    target.chmod(0o666)
    given = Namespace(file=str(target), first="2026-11-01", last="2026-11-30", roster=None, format=None, language=None)
    assert export_file(house.settings, given) == 0
    assert target.stat().st_mode & 0o777 == 0o600


def test_no_value_of_a_statement_is_told_by_an_error(house: House, caplog: pytest.LogCaptureFixture) -> None:
    phone = "".join(("+7 900 ", "SEC", "RET"))  # the traceback shows this source, too
    try:
        with session_scope(house.url, write=True) as session:
            statement = sa.text("UPDATE users SET telegram_user_id = 1001, phone = :phone")
            session.execute(statement, {"phone": phone})
    except sa.exc.IntegrityError:
        logging.getLogger("test").exception("failed")

    assert "UPDATE users" in caplog.text
    assert phone not in caplog.text


@pytest.mark.parametrize("name", ["a%20b 100%", "no#1 %3F", "what?", "a&b=c?mode=ro#x", "..%2f данные"])
def test_database_is_in_the_folder_that_was_named(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    settings = Settings.from_env({"DATA_DIR": str(folder)})
    migrate(settings.database_url)
    dispose_engine(settings.database_url)

    assert {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()} == {
        Path(name, "duty_teller.db")
    }
    written = Settings.from_env({"DATABASE_URL": f"sqlite:///{quote(str(folder / 'duty_teller.db'))}"})
    assert written.database_url == settings.database_url
