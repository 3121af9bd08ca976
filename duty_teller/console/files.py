"""Files that a command writes."""

import os
from pathlib import Path

from duty_teller.utils.owner import whose_file


def write_whole(path: Path, data: bytes, data_dir: Path) -> None:
    """Writes beside the file and puts it in its place, so that nobody ever reads half of it.

    Raises:
        OSError: It cannot be written; it names the file that was asked for.
    """
    try:
        _write_whole(path, data, data_dir)
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
