"""Backups: whole, private, kept for days and weeks; put back only where nobody works, and never over the only copy."""

import fcntl
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from alembic import command

from duty_teller.composition import writing
from duty_teller.config import sqlite_address
from duty_teller.db import in_use, repository
from duty_teller.db.backup import BackupError, NoBackupError, kept, look_into, make_backup, make_own
from duty_teller.db.engine import dispose_engine
from duty_teller.db.in_use import InUseError
from duty_teller.db.migrations import ForeignDatabaseError, SchemaTooNewError, alembic_config, bring_up, known_revisions
from duty_teller.db.restore import check, restore
from duty_teller.utils.secret_file import load_secret

NOW = datetime(2026, 11, 29, 3, tzinfo=UTC)
pytestmark = pytest.mark.sqlite("a backup is a copy of the file")


@pytest.fixture
def data(tmp_path: Path, migrated_file: Path) -> Path:
    """A data folder with a database whose first roster is called “before”, and a secret."""
    folder = tmp_path / "data"
    folder.mkdir(0o700)
    (folder / "duty_teller.db").touch(0o600)
    shutil.copyfile(migrated_file, folder / "duty_teller.db")
    bring_up(url(folder), folder)
    load_secret(folder)
    rename(folder, "before")
    return folder


def url(folder: Path) -> str:
    return sqlite_address(folder / "duty_teller.db")


def rename(folder: Path, name: str) -> None:
    with writing(url(folder)) as session:
        roster = repository.rosters(session)[0]
        roster.name = name
        session.add(roster)


def name_in(file: Path) -> str:
    connection = sqlite3.connect(file)
    try:
        return str(connection.execute("SELECT name FROM rosters").fetchone()[0])
    finally:
        connection.close()


def stopped(folder: Path) -> Path:
    dispose_engine(url(folder))
    return folder


def test_backup_beside_a_writer_holds_what_was_committed_and_only_its_owner_reads_it(data: Path) -> None:
    with writing(url(data)) as session:  # a transaction that is under way
        roster = repository.rosters(session)[0]
        roster.name = "not committed yet"
        session.add(roster)
        session.flush()

        made = make_backup(url(data), data, data / "b.zip", NOW)

    assert (made.schema, made.made_at) == (known_revisions()[-1], NOW)
    assert (data / "b.zip").stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(data / "b.zip") as archive:
        assert archive.read("secret") == (data / "secret").read_bytes()
        archive.extract("duty_teller.db", data / "out")
    assert name_in(data / "out" / "duty_teller.db") == "before"
    assert [path.name for path in data.iterdir() if path.name.startswith(".backup")] == []


def test_restore_puts_database_and_secret_back_and_keeps_what_was_there(data: Path) -> None:
    make_backup(url(data), data, data / "b.zip", NOW)
    old_secret = (data / "secret").read_bytes()
    rename(data, "after")
    stopped(data)
    (data / "secret").write_bytes(b"x" * 32)
    (data / "cache").mkdir()
    shutil.copy(data / "duty_teller.db", data / "duty_teller.db-wal")  # of another database: it must not be applied

    found, aside = restore(data / "b.zip", url(data), data, NOW)

    assert aside is not None
    assert (found.made_at, name_in(data / "duty_teller.db")) == (NOW, "before")
    assert (data / "secret").read_bytes() == old_secret
    assert (aside / "secret").read_bytes() == b"x" * 32
    (aside / "duty_teller.db-wal").unlink()
    assert name_in(aside / "duty_teller.db") == "after"
    assert not (data / "cache").exists()
    assert {path.stat().st_mode & 0o777 for path in data.rglob("*") if path.is_file() and path.name != "b.zip-x"} == {
        0o600
    }


def test_restore_into_an_empty_folder_is_moving_in(data: Path, tmp_path: Path) -> None:
    make_backup(url(data), data, tmp_path / "b.zip", NOW)
    new = tmp_path / "new" / "place"

    _found, aside = restore(tmp_path / "b.zip", url(new), new, NOW)

    assert aside is None
    assert name_in(new / "duty_teller.db") == "before"
    assert (new / "secret").read_bytes() == (data / "secret").read_bytes()


def test_restore_while_somebody_works_on_the_data_is_refused_and_the_other_way_round(data: Path) -> None:
    make_backup(url(data), data, data / "b.zip", NOW)
    rename(stopped(data), "after")
    stopped(data)
    in_use.share(data, url(data))
    with pytest.raises(InUseError, match="stop the service"):
        restore(data / "b.zip", url(data), data, NOW)
    assert name_in(data / "duty_teller.db") == "after"

    other = data.parent / "other"
    other.mkdir()
    with in_use.alone(other, url(other)), pytest.raises(InUseError, match="being restored"):
        in_use.share(other, url(other))


@pytest.mark.parametrize("user", ["data", "other"])
def test_restore_from_another_data_folder_onto_a_database_in_use_is_refused(data: Path, user: str) -> None:
    make_backup(url(data), data, data / "b.zip", NOW)
    rename(data, "after")
    stopped(data)
    folder = data.parent / user
    folder.mkdir(exist_ok=True)
    in_use.share(folder, url(data))

    with pytest.raises(InUseError, match=f"working on {data}: stop the service"):
        restore(data / "b.zip", url(data), data.parent / "third", NOW)

    assert name_in(data / "duty_teller.db") == "after"


def test_backup_with_a_secret_that_is_none_leaves_the_earlier_one_and_names_the_secret(data: Path) -> None:
    make_backup(url(data), data, data / "b.zip", NOW)
    whole = (data / "b.zip").read_bytes()
    (data / "secret").write_bytes(b"short")

    with pytest.raises(BackupError, match="secret is not a secret of duty-teller"):
        make_backup(url(data), data, data / "b.zip", NOW)

    assert (data / "b.zip").read_bytes() == whole


@pytest.mark.parametrize("damage", ["cut", "flipped", "text", "another zip", "short secret", "no database inside"])
def test_damaged_backup_is_refused_and_nothing_changes(data: Path, damage: str) -> None:
    make_backup(url(data), data, data / "b.zip", NOW)
    whole = (data / "b.zip").read_bytes()
    if damage == "cut":
        (data / "b.zip").write_bytes(whole[: len(whole) // 2])
    elif damage == "flipped":
        middle = len(whole) // 2
        (data / "b.zip").write_bytes(whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :])
    elif damage == "text":
        (data / "b.zip").write_text("not a zip")
    else:
        with zipfile.ZipFile(data / "b.zip") as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        changed = {
            "another zip": {"a.txt": b"a"},
            "short secret": {**parts, "secret": b"short"},
            "no database inside": {**parts, "duty_teller.db": b"nothing" * 1000},
        }[damage]
        with zipfile.ZipFile(data / "b.zip", "w") as archive:
            for name, content in changed.items():
                archive.writestr(name, content)
    rename(data, "after")
    before = stopped(data)

    with pytest.raises(BackupError):
        restore(data / "b.zip", url(data), data, NOW)

    assert name_in(before / "duty_teller.db") == "after"
    assert [path.name for path in data.iterdir() if path.name.startswith((".restoring", "before-restore"))] == []


def test_backup_with_any_byte_changed_is_whole_or_refused(data: Path) -> None:
    make_backup(url(data), data, data / "b.zip", NOW)
    whole = (data / "b.zip").read_bytes()
    refused = 0
    directory = len(whole) - 400  # where each byte has a meaning of its own
    for at in (*range(0, directory, directory // 100), *range(directory, len(whole))):
        (data / "b.zip").write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            look_into(data / "b.zip")
        except BackupError:
            refused += 1
    assert refused > 300  # a date or a comment of the archive may be another one


def test_backup_of_a_newer_version_names_the_version_to_install(data: Path) -> None:
    make_backup(url(data), data, data / "b.zip", NOW)
    with zipfile.ZipFile(data / "b.zip") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["about.json"] = b'{"made_at": "2027-01-01T00:00:00+00:00", "schema": "999", "version": "7.0.0"}'
    with zipfile.ZipFile(data / "b.zip", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    stopped(data)

    with pytest.raises(BackupError, match=r"install duty-teller 7\.0\.0"):
        restore(data / "b.zip", url(data), data, NOW)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DROP TABLE notices", r"not whole: tables are missing \(notices\)"),
        ("DELETE FROM alembic_version", "no record of its schema"),
        ("UPDATE alembic_version SET version_num = 'feed'", "belongs to another program"),
        ("UPDATE alembic_version SET version_num = '099'", "install a newer duty-teller"),
    ],
)
def test_check_refuses_what_could_not_be_restored(data: Path, tmp_path: Path, statement: str, said: str) -> None:
    """It was whole, and the one without a table was restored: the next start refused what there was then."""
    make_backup(url(data), data, data / "b.zip", NOW)
    with zipfile.ZipFile(data / "b.zip") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    (tmp_path / "inside.db").write_bytes(parts["duty_teller.db"])
    with closing(sqlite3.connect(tmp_path / "inside.db")) as connection:
        connection.execute(statement)
        connection.execute("PRAGMA user_version = 0")
        connection.commit()
    parts["duty_teller.db"] = (tmp_path / "inside.db").read_bytes()
    with zipfile.ZipFile(data / "b.zip", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    before = (stopped(data) / "duty_teller.db").read_bytes()

    for refuses in (partial(check, data / "b.zip"), partial(restore, data / "b.zip", url(data), data, NOW)):
        with pytest.raises((BackupError, ForeignDatabaseError, SchemaTooNewError), match=said):
            refuses()
    assert (data / "duty_teller.db").read_bytes() == before
    assert not list(data.glob("before-restore-*"))


def test_own_backups_of_seven_days_and_four_weeks_are_kept(data: Path) -> None:
    make_own(url(data), data, NOW - timedelta(days=60))
    one = kept(data)[0][1].read_bytes()
    for days in range(59, -1, -1):  # the bytes do not matter for what is kept
        moment = NOW - timedelta(days=days)
        (data / "backups" / f"duty-teller-{moment:%Y-%m-%d-%H%M}.zip").write_bytes(one)
    (data / "backups" / "mine.zip").write_text("somebody's own file")
    for hours in range(9):  # while the clock was a year ahead; they would push out all that is made from now on
        (data / "backups" / f"duty-teller-2027-12-{hours + 1:02}-0300.zip").write_bytes(one)

    made = make_own(url(data), data, NOW + timedelta(hours=1))

    assert made.path.exists()
    days = [f"{moment:%m-%d}" for moment, _path in kept(data, NOW + timedelta(hours=1))]
    assert len(kept(data)) == len(days) + 9
    assert days == ["11-29", "11-28", "11-27", "11-26", "11-25", "11-24", "11-23", "11-22", "11-15", "11-08"]
    assert (data / "backups" / "mine.zip").exists()


def test_schema_is_not_changed_under_another_process_that_works_on_it(data: Path) -> None:
    """A newer `import` beside the service of before changed the schema under it."""
    command.downgrade(alembic_config(url(data)), "-1")
    before = (stopped(data) / "duty_teller.db").read_bytes()
    in_use.share(data, url(data))
    with (data / "lock").open("rb") as service:
        fcntl.flock(service, fcntl.LOCK_SH)
        with pytest.raises(InUseError, match=r"schema has to change from .* restart the service"):
            bring_up(url(data), data)
        assert (stopped(data) / "duty_teller.db").read_bytes() == before
        assert not (data / "backups").exists()

    assert bring_up(url(data), data) is True
    with (data / "lock").open("rb") as service:
        fcntl.flock(service, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared again by who has changed it


def test_migration_is_preceded_by_a_backup_and_does_not_happen_without_one(data: Path) -> None:
    stopped(data)
    with sqlite3.connect(data / "duty_teller.db") as connection:  # as the version before left it
        connection.execute("UPDATE alembic_version SET version_num = '001'")
    (data / "backups").write_text("a file where the folder should be")

    with pytest.raises(NoBackupError, match="nothing was changed"):
        bring_up(url(data), data)
    (data / "backups").unlink()
    with pytest.raises(Exception, match=r"already exists|duplicate"):
        bring_up(url(data), data)  # the tables of 002 are there: the migration fails

    (saved,) = (data / "backups").glob("before-schema-001-*.zip")
    assert look_into(saved).schema == "001"
    stopped(data)
    with sqlite3.connect(data / "duty_teller.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("001",)
    assert name_in(data / "duty_teller.db") == "before"
