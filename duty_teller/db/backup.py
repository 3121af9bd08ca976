"""Backups: the database and the secret that signs links, in one compressed file, taken while the service works.

SQLite's online backup copies a whole state in one read transaction (sqlite.org/backup.html); the copy is checked before
it is kept. A server has tools of its own (`pg_dump`).
"""

import contextlib
import errno
import os
import re
import sqlite3
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from duty_teller import __version__
from duty_teller.db.engine import sqlite_path
from duty_teller.db.file import make_private_folder

FOLDER: Final = "backups"
"""In DATA_DIR: those that were made by themselves."""
DATABASE: Final = "duty_teller.db"
SECRET: Final = "secret"  # noqa: S105  # the name of its file
_ABOUT: Final = "about.json"
_NAME: Final = re.compile(r"duty-teller-(\d{4}-\d\d-\d\d-\d{4})\.zip")
_STAMP: Final = "%Y-%m-%d-%H%M"
_BEFORE: Final = re.compile(r"before-schema-\d{3}-.*\.zip")
_DAILY: Final = 7
_WEEKLY: Final = 4
_BEFORE_KEPT: Final = 3
_PATIENCE: Final = 10.0
"""Seconds that another program may keep the database locked."""
_LARGEST: Final = 2**31
"""Bytes unpacked beyond which a file is no backup of ours."""


_SECRET_BYTES: Final = 32
_PUT_BACK: Final = "restore it from a backup, or move it away (then people take new calendar links)"
# What zipfile raises for a file that is no zip, is cut, or holds something else: a format it has not, a password.
_UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class _About(BaseModel):
    """What a backup says of itself."""

    made_at: AwareDatetime
    schema_: str = Field(alias="schema")
    version: str


class BackupError(Exception):
    """A backup cannot be made of this database, or the file is none, or is damaged; says so in English."""


class NoBackupError(BackupError):
    """A backup could not be written."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is whole.

    Attributes:
        path: The file.
        made_at: When the state was read.
        schema: The revision of its database.
        version: Of the program that made it.
        size: In bytes.
    """

    path: Path
    made_at: datetime
    schema: str
    version: str
    size: int


def name_for(now: datetime) -> str:
    """Returns the name of the backup of a moment (UTC)."""
    return f"duty-teller-{now.astimezone(UTC):{_STAMP}}.zip"


def make_backup(database_url: str, data_dir: Path, target: Path, now: datetime) -> Backup:
    """Writes a backup; the service may be at work. Nobody ever sees half of one.

    Args:
        database_url: Of the database.
        data_dir: Where the secret is.
        target: The file to write, 0600; one that is there is replaced.
        now: The present instant.

    Raises:
        BackupError: It is no SQLite database, or the copy is not whole.
        OSError, sqlite3.Error: It cannot be read or written.
    """
    source = sqlite_path(database_url)
    if source is None:
        raise BackupError("the data are on a PostgreSQL server: back it up with pg_dump, and DATA_DIR/secret with it")
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        copy, packed = Path(folder) / DATABASE, Path(folder) / "packed"
        os.close(os.open(copy, os.O_RDWR | os.O_CREAT, 0o600))
        with (
            closing(sqlite3.connect(f"file:{quote(os.fsencode(source.absolute()))}?mode=ro", uri=True)) as reading,
            closing(sqlite3.connect(copy)) as writing,
        ):
            reading.backup(writing, progress=_until_patience_ends())
            writing.execute("PRAGMA journal_mode=DELETE")
        schema = check_database(copy)
        about = _About(made_at=now.astimezone(UTC), schema=schema, version=__version__)
        with (
            open(os.open(packed, os.O_RDWR | os.O_CREAT, 0o600), "w+b") as file,  # noqa: PTH123  # 0600 from the start
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
        ):
            archive.writestr(zipfile.ZipInfo(_ABOUT), about.model_dump_json(by_alias=True))
            archive.write(copy, DATABASE)
            if (secret := data_dir / SECRET).exists():
                if secret.stat().st_size != _SECRET_BYTES:
                    raise BackupError(f"{secret} is not a secret of duty-teller ({_SECRET_BYTES} bytes): {_PUT_BACK}")
                archive.write(secret, SECRET)
        with packed.open("rb") as whole:
            os.fsync(whole.fileno())
        made = look_into(packed)
        packed.replace(target)
    return replace(made, path=target)


def _until_patience_ends() -> Callable[[int, int, int], None]:
    """Ends a copy that another program keeps off the database: Python tries again for ever."""
    end = time.monotonic() + _PATIENCE

    def look(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > end:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = status
            raise error

    return look


def check_database(path: Path) -> str:
    """Returns the schema of a database file that is whole.

    Raises:
        BackupError: It is damaged, or not ours.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(os.fsencode(path.absolute()))}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()
            if found != ("ok",):
                raise BackupError(f"the database is damaged: {found[0]}")
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"the database is damaged or not of duty-teller: {error}") from error
    if row is None:
        raise BackupError("the database has no record of its schema: a part of it is missing, or it is not ours")
    return str(row[0])


def look_into(path: Path) -> Backup:
    """Returns what a backup says of itself, once all of it could be read.

    Raises:
        BackupError: It is none, or is damaged.
        OSError: It cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
            if not {_ABOUT, DATABASE} <= sizes.keys() or sum(sizes.values()) > _LARGEST:
                raise BackupError(f"{path} is no backup of duty-teller")
            if (broken := archive.testzip()) is not None:
                raise BackupError(f"{path} is damaged ({broken})")
            about = archive.read(_ABOUT)
    except (*_UNREADABLE, OSError) as error:
        if (
            isinstance(error, OSError) and error.errno != errno.EINVAL
        ):  # that one is a place before the file's beginning
            raise
        raise BackupError(f"{path} is no backup of duty-teller, or is damaged") from error
    if sizes.get(SECRET, _SECRET_BYTES) != _SECRET_BYTES:
        raise BackupError(f"{path} is damaged (the secret has {sizes[SECRET]} bytes, not {_SECRET_BYTES})")
    try:
        said = _About.model_validate_json(about)
    except ValidationError as error:
        raise BackupError(f"{path} is no backup of duty-teller: what it says of itself cannot be read") from error
    return Backup(path, said.made_at, said.schema_, said.version, path.stat().st_size)


def unpack(path: Path, folder: Path) -> None:
    """Unpacks the database and the secret (0600) into a folder of ours."""
    with zipfile.ZipFile(path) as archive:
        for name in {DATABASE, SECRET} & set(archive.namelist()):
            number = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(number, "wb") as file, archive.open(name) as packed:  # noqa: PTH123
                while part := packed.read(2**20):
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())


def kept(data_dir: Path, now: datetime | None = None) -> list[tuple[datetime, Path]]:
    """Returns the backups that were made by themselves, the newest first.

    Args:
        data_dir: Where they lie.
        now: The present instant: those of a later one are left out. They were made while the clock was wrong, and would
            pass for the newest until it is as late as that.
    """
    found = []
    with contextlib.suppress(OSError):
        for path in (data_dir / FOLDER).iterdir():
            if match := _NAME.fullmatch(path.name):
                with contextlib.suppress(ValueError):
                    found.append((datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC), path))
    return sorted((one for one in found if now is None or one[0] <= now), reverse=True)


def make_own(database_url: str, data_dir: Path, now: datetime) -> Backup:
    """Makes the backup of the day in DATA_DIR and removes those that are not kept: 7 daily ones and 4 weekly ones are.

    Raises:
        BackupError, OSError, sqlite3.Error: As `make_backup`.
    """
    folder = data_dir / FOLDER
    make_private_folder(folder)
    made = make_backup(database_url, data_dir, folder / name_for(now), now)
    found = kept(data_dir, now)
    for _moment, path in found:
        if path not in _worth_keeping(found):
            path.unlink(missing_ok=True)
    return made


def _worth_keeping(found: list[tuple[datetime, Path]]) -> set[Path]:
    days: dict[str, Path] = {}
    weeks: dict[tuple[int, int], Path] = {}
    for moment, path in found:  # the newest of each
        days.setdefault(f"{moment:%Y-%m-%d}", path)
        weeks.setdefault(moment.isocalendar()[:2], path)
    return {*list(days.values())[:_DAILY], *list(weeks.values())[:_WEEKLY]}


def before_migration(database_url: str, data_dir: Path, schema: str, now: datetime) -> Backup:
    """Makes the backup that precedes a change of the schema; the last three of these are kept.

    Raises:
        BackupError, OSError, sqlite3.Error: As `make_backup`; the schema must not be changed then.
    """
    folder = data_dir / FOLDER
    make_private_folder(folder)
    stamp = f"{now.astimezone(UTC):{_STAMP}}"
    made = make_backup(database_url, data_dir, folder / f"before-schema-{schema}-{stamp}.zip", now)
    older = sorted((p for p in folder.iterdir() if _BEFORE.fullmatch(p.name)), key=lambda p: p.stat().st_mtime)
    for path in older[:-_BEFORE_KEPT]:
        path.unlink(missing_ok=True)
    return made
