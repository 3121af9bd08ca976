"""`duty-teller backup FILE` and `duty-teller restore FILE`."""

import argparse
import contextlib
import errno
import getpass
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from duty_teller.config import Settings
from duty_teller.console.files import destination
from duty_teller.db import in_use, sealed
from duty_teller.db.backup import Backup, BackupError, NoBackupError, make_backup
from duty_teller.db.engine import sqlite_path
from duty_teller.db.file import DatabaseMissingError, make_private_folder
from duty_teller.db.restore import check, restore
from duty_teller.db.trouble import Cause, cause_of
from duty_teller.utils import exit_codes
from duty_teller.utils.dates import utc_now
from duty_teller.utils.output import tell
from duty_teller.utils.owner import as_caller, borrowed, handed_over

_OF_WRITING: Final = (None, Cause.FULL, Cause.FAILING, Cause.READ_ONLY)


def backup_file(settings: Settings, given: argparse.Namespace) -> int:
    """Writes a backup; the service may be running.

    Args:
        settings: Where the data are.
        given: Of the argument parser in `main`.

    Raises:
        DatabaseMissingError: There is nothing to back up.
        BackupError: The database is damaged, or on a server.
        NoBackupError: The file cannot be written.
    """
    path = sqlite_path(settings.database_url)
    if path is not None and not (path.exists() and path.stat().st_size):
        raise DatabaseMissingError(f"there is no database at {path}: nothing to back up")
    passphrase = _ask_twice() if given.passphrase else ""
    make_private_folder(settings.data_dir)
    in_use.share(settings.data_dir, settings.database_url)
    try:
        place = destination(given.file, settings)
        with as_caller():
            if place.exists() and not place.is_file():  # a device would be replaced, /dev/null for everybody
                raise OSError(errno.EEXIST, "that is no file", str(place))
        with handed_over(place, settings.data_dir) as target:
            made = _make(settings, target, passphrase)
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, sqlite3.Error) and cause_of(error) not in _OF_WRITING:
            raise  # it is the database that cannot be read
        why = (isinstance(error, OSError) and error.strerror) or error
        raise NoBackupError(f"{given.file}: no backup could be written: {why}") from error
    tell(f"{given.file}: {_about(made)}, read back whole")
    return 0


def _make(settings: Settings, target: Path, passphrase: str) -> Backup:
    if not passphrase:
        return make_backup(settings.database_url, settings.data_dir, target, utc_now())
    # What everybody could read never lies at the place where what nobody can is expected.
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        open_, closed = Path(folder) / "open", Path(folder) / "sealed"
        made = make_backup(settings.database_url, settings.data_dir, open_, utc_now())
        number = os.open(closed, os.O_WRONLY | os.O_CREAT, 0o600)
        with open(number, "wb") as file:  # noqa: PTH123  # 0600 from the start
            file.write(sealed.seal(open_.read_bytes(), passphrase))
            file.flush()
            os.fsync(file.fileno())
        closed.replace(target)
    return made


def restore_file(settings: Settings, given: argparse.Namespace) -> int:
    """Puts a backup in the place of the data; with `--check` only looks whether it is whole.

    Args:
        settings: Where the data are.
        given: Of the argument parser in `main`.

    Returns:
        0, 66 when the file cannot be read.

    Raises:
        InUseError: The service runs.
        BackupError: The file is no backup, is damaged, or was made by a newer version.
        OSError: Something cannot be read or written.
    """
    if why := _why_not_read(given.file):
        print(f"duty-teller: {given.file}: {why}", file=sys.stderr)
        return exit_codes.NO_INPUT
    if given.check:
        with as_caller(), _opened(given.file) as backup:
            tell(f"{given.file}: whole, {_about(check(backup))}")
        return 0
    with borrowed(given.file, settings.data_dir) as file, _opened(file, settings.data_dir) as backup:
        found, aside = restore(backup, settings.database_url, settings.data_dir, utc_now())
    tell(f"restored: {_about(found)}")
    if aside is not None:
        tell(f"the data as they were are in {aside}")
    return 0


def _why_not_read(file: Path) -> str:
    with as_caller():
        try:
            if file.exists() and not file.is_file():  # a device is read without end, a pipe waited for
                return "that is no file"
            file.open("rb").close()
        except OSError as error:
            return error.strerror or str(error)
    return ""


@contextlib.contextmanager
def _opened(file: Path, folder: Path | None = None) -> Iterator[Path]:
    """Gives a backup as it is, or what is in it once its passphrase was given; that lies in a folder for so long."""
    if not sealed.is_sealed(file):
        yield file
        return
    with tempfile.TemporaryDirectory(prefix=".opened-", dir=folder) as name:
        opened = Path(name) / file.name.removesuffix(sealed.SUFFIX)
        opened.write_bytes(sealed.unseal(file, _ask("Passphrase: ")))
        yield opened


def _ask(question: str) -> str:
    """Asks without showing what is typed; where nobody sits at the terminal, standard input's first line counts."""
    return getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _ask_twice() -> str:
    first = _ask("Passphrase: ")
    if len(first) < sealed.SHORTEST:
        raise BackupError(f"a passphrase has {sealed.SHORTEST} characters at least")
    if sys.stdin.isatty() and _ask("Once more: ") != first:
        raise BackupError("that was not the same passphrase")
    return first


def _about(backup: Backup) -> str:
    kilobytes = -(-backup.size // 1024)
    return f"a backup of {backup.made_at:%Y-%m-%d %H:%M} UTC, schema {backup.schema}, {kilobytes} KiB"
