"""Files that a command writes."""

import errno
import os
from pathlib import Path

from duty_teller.config import Settings
from duty_teller.db.engine import sqlite_path
from duty_teller.db.file import BESIDE
from duty_teller.utils.owner import as_caller, followed, whose_file


def destination(path: Path, settings: Settings) -> Path:
    """Returns where a file is to be written that somebody named: a link of theirs is followed.

    Raises:
        OSError: It is one of the files that the data are made of; it names the file that was asked for.
    """
    own = [settings.data_dir / "secret", settings.data_dir / "lock"]
    if (database := sqlite_path(settings.database_url)) is not None:
        own += [database, *(database.with_name(database.name + ending) for ending in BESIDE)]
    with as_caller():
        if path.resolve() in {one.resolve() for one in own}:
            text = "that is a file of the data themselves: name another one"
            raise OSError(errno.EEXIST, text, str(path))
    return followed(path)


def write_whole(path: Path, data: bytes, settings: Settings) -> None:
    """Writes beside the file and puts it in its place, so that nobody ever reads half of it.

    Raises:
        OSError: It cannot be written, or is one of our own; it names the file that was asked for.
    """
    try:
        _write_whole(destination(path, settings), data, settings.data_dir)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _write_whole(path: Path, data: bytes, data_dir: Path) -> None:
    with whose_file(path, data_dir):
        if path.exists() and not path.is_file():  # /dev/full, a named pipe
            path.write_bytes(data)
            return
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
                file.write(data)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
