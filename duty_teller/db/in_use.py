"""Who works on the data: whatever opens the database shares a lock; what replaces it wants the lock alone.

It lies in DATA_DIR, and one beside a database that is elsewhere: two folders may be used with the same one.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from duty_teller.db.engine import sqlite_path

_FILE: Final = "lock"
_shared: Final[dict[Path, int]] = {}


class InUseError(Exception):
    """Somebody else works on the data just now."""


def share(data_dir: Path, database_url: str) -> None:
    """Says that this process works on the data, until it ends.

    Raises:
        InUseError: The data are being replaced.
    """
    for lock in _locks(data_dir, database_url):
        if lock in _shared:
            continue
        try:
            number = _open(lock)
        except OSError:  # a folder that cannot be written: nobody restores into it either
            continue
        try:
            fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(number)
            what = "a backup is being restored, or the schema changed"
            raise InUseError(f"{what}, in {lock.parent}: try again in a minute") from None
        _shared[lock] = number


@contextlib.contextmanager
def alone(data_dir: Path, database_url: str) -> Iterator[None]:
    """Keeps everybody else off the data for the time of the block.

    Raises:
        InUseError: The service runs on them, or another command works on them.
        OSError: The folder cannot be written.
    """
    with contextlib.ExitStack() as held:
        locks = _locks(data_dir, database_url)
        locks += [lock for lock in {lock.with_name(_FILE) for lock in locks} - set(locks) if lock.exists()]
        for lock in locks:  # that of whoever has the database's folder as DATA_DIR, too
            number = _open(lock)
            held.callback(os.close, number)
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                todo = "stop the service (systemctl stop duty-teller) and try again"
                raise InUseError(f"duty-teller is working on {lock.parent}: {todo}") from None
        yield


@contextlib.contextmanager
def undisturbed(data_dir: Path, database_url: str) -> Iterator[None]:
    """Keeps everybody else off the data for the time of the block; what this process shares it shares again afterwards.

    Raises:
        InUseError: Another process works on them.
    """
    with contextlib.ExitStack() as held:
        for lock in _locks(data_dir, database_url):
            number = _shared.get(lock)
            try:
                if number is None:
                    number = _open(lock)
                    held.callback(os.close, number)
                else:
                    held.callback(_share_again, number)
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InUseError(f"another duty-teller is working on {lock.parent}") from None
            except OSError:  # as `share`
                continue
        yield


def _share_again(number: int) -> None:
    with contextlib.suppress(OSError):
        fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)


def _locks(data_dir: Path, database_url: str) -> list[Path]:
    folder, path = data_dir.resolve(), sqlite_path(database_url)
    found = [folder / _FILE]
    if path is not None and path.resolve().parent != folder:
        found.append(path.resolve().with_name(f".in-use-{path.name}"))
    return found


def _open(lock: Path) -> int:
    return os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
