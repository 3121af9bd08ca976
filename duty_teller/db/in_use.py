"""Who works on a data folder: whatever opens the database shares a lock; what replaces it wants the lock alone."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_FILE: Final = "lock"
_shared: Final[dict[Path, int]] = {}


class InUseError(Exception):
    """Somebody else works on the data just now."""


def share(data_dir: Path) -> None:
    """Says that this process works on the data, until it ends.

    Raises:
        InUseError: The data are being replaced.
    """
    place = data_dir.resolve()
    if place in _shared:
        return
    try:
        number = _open(place)
    except OSError:  # a folder that cannot be written: nobody restores into it either
        return
    try:
        fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(number)
        raise InUseError(f"a backup is being restored in {data_dir}: try again in a minute") from None
    _shared[place] = number


@contextlib.contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Keeps everybody else off the data for the time of the block.

    Raises:
        InUseError: The service runs on them, or another command works on them.
        OSError: The folder cannot be written.
    """
    number = _open(data_dir.resolve())
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise InUseError(
            f"duty-teller is working on {data_dir}: stop the service (systemctl stop duty-teller) and try again"
        ) from None
    finally:
        os.close(number)


def _open(data_dir: Path) -> int:
    return os.open(data_dir / _FILE, os.O_RDWR | os.O_CREAT, 0o600)
