"""Putting a backup back: checked and migrated beside the old data, which are kept."""

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from duty_teller.config import sqlite_address
from duty_teller.db import in_use
from duty_teller.db.backup import DATABASE, SECRET, Backup, BackupError, check_database, look_into, unpack
from duty_teller.db.engine import dispose_engine, sqlite_path
from duty_teller.db.file import BESIDE, make_private_folder
from duty_teller.db.migrations import known_revisions, migrate, missing_tables


def restore(backup: Path, database_url: str, data_dir: Path, now: datetime) -> tuple[Backup, Path | None]:
    """Replaces the data by those of a backup.

    Args:
        backup: Made by `db.backup`.
        database_url: Of the database.
        data_dir: Where the secret and the caches are.
        now: The present instant; names the folder of the old data.

    Returns:
        The backup, and the folder with the data as they were; None when there were none.

    Raises:
        InUseError: The service runs.
        BackupError: The backup is none, is damaged, or was made by a newer version; or the data are on a server.
        OSError: Something cannot be written; the old data are where they were.
    """
    path = sqlite_path(database_url)
    if path is None:
        raise BackupError("the data are on a PostgreSQL server: restore them with pg_restore")
    path = path.resolve()  # a link stays one, and what SQLite keeps beside lies beside the file that it leads to
    make_private_folder(data_dir)
    make_private_folder(path.parent) if not path.parent.exists() else None
    with in_use.alone(data_dir, database_url):
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=path.parent) as name:
            folder = Path(name)
            found = _prepare(backup, folder)
            aside = _set_aside(path, data_dir, now)
            for ending in BESIDE:  # a log belongs to the file it was written for, and SQLite does not ask
                path.with_name(path.name + ending).unlink(missing_ok=True)
            (folder / DATABASE).replace(path)
            if (folder / SECRET).exists():
                _copy(folder / SECRET, data_dir / SECRET)
        shutil.rmtree(data_dir / "cache", ignore_errors=True)
    return found, aside


def check(backup: Path) -> Backup:
    """Returns what a backup says of itself, when it could be restored: all is tried but for the last step.

    Raises:
        BackupError, SchemaTooNewError, ForeignDatabaseError, MigrationError: It could not.
        OSError: It cannot be read, or there is no room for its database in the temporary folder.
    """
    with tempfile.TemporaryDirectory(prefix="duty-teller-check-") as name:
        try:
            return _prepare(backup, Path(name))
        except OSError as error:
            if error.filename is None:  # of a write: it is not the disk of the data that is full
                raise OSError(error.errno, error.strerror, tempfile.gettempdir()) from error
            raise


def _prepare(backup: Path, folder: Path) -> Backup:
    """Unpacks a backup into a folder of ours, looks whether it is whole, and brings it to the present schema."""
    found = look_into(backup)
    if found.schema not in known_revisions():
        raise BackupError(
            f"the backup was made by duty-teller {found.version} (schema {found.schema}), this one knows "
            f"{known_revisions()[-1]}: install duty-teller {found.version} or newer"
        )
    unpack(backup, folder)
    check_database(folder / DATABASE)
    address = sqlite_address(folder / DATABASE)
    try:
        migrate(address)
        missing = missing_tables(address)
    finally:
        dispose_engine(address)
    if missing:
        raise BackupError(f"the database in {backup} is not whole: tables are missing ({', '.join(missing)})")
    return found


def _set_aside(path: Path, data_dir: Path, now: datetime) -> Path | None:
    """Copies the old data into a folder of their own; returns it."""
    old = [path, *(path.with_name(path.name + ending) for ending in BESIDE), data_dir / SECRET]
    old = [file for file in old if file.exists() and file.stat().st_size]
    if not old:
        return None
    stem = f"before-restore-{now.astimezone(UTC):%Y-%m-%d-%H%M%S}"
    aside = next(p for n in range(1000) if not (p := data_dir / (f"{stem}-{n}" if n else stem)).exists())
    make_private_folder(aside)
    for file in old:
        _copy(file, aside / file.name)
    return aside


def _copy(source: Path, target: Path) -> None:
    """Copies a file (0600) so that it is on the disk, and never half there."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    with (
        source.open("rb") as reading,
        open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as to,  # noqa: PTH123
    ):
        shutil.copyfileobj(reading, to)
        to.flush()
        os.fsync(to.fileno())
    beside.replace(target)
