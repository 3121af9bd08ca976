"""The SQLite file of an address: made private, never made anew in silence, and watched for being the same one."""

import logging
import os
import stat
from pathlib import Path
from typing import Final

logger = logging.getLogger(__name__)

_ROOM: Final = 256 * 1024
"""Bytes without which the next commits fail."""
_BESIDE: Final = ("-wal", "-shm", "-journal")


class DatabaseGoneError(Exception):
    """The file that was opened is not the one at its path any more: removed, or another one is in its place."""


class DatabaseMissingError(Exception):
    """There is no database where something says that there was one."""


def make_private(path: Path, mode: int) -> None:
    """Takes the rights of group and others away from what is ours; what is somebody else's is left alone, and said.

    Args:
        path: A file or folder that is there.
        mode: 0o600 or 0o700.
    """
    found = path.stat()
    if found.st_uid != os.geteuid() or found.st_mode & stat.S_ISVTX:  # a shared folder such as /tmp is not ours
        if found.st_mode & 0o007:
            logger.warning("%s can be read by others, and is not ours to change", path)
        return
    if found.st_mode & 0o077:
        path.chmod(mode)


def make_private_folder(path: Path) -> None:
    """Makes a folder that is ours alone (0700), whatever the umask; one that is there already becomes so.

    Raises:
        OSError: It cannot be made.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_private(path, 0o700)


class DatabaseFile:
    """A file by its path, and by its identity (device, inode) from the moment it was opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._identity: tuple[int, int] | None = None
        self._log_identity: tuple[int, int] | None = None

    def open(self) -> None:
        """Makes the file where there is none (0600, its new folder 0700) and remembers which one it is.

        Raises:
            OSError: It cannot be made.
        """
        if not self.path.parent.exists():
            make_private_folder(self.path.parent)
        if not self.path.exists():
            # By us and not by SQLite, which goes by the umask; WAL and shared memory take the mode of the file.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        for path in (self.path, *(self.path.with_name(self.path.name + ending) for ending in _BESIDE)):
            if path.exists():
                make_private(path, 0o600)
        self._identity = _identity(self.path)

    def note_log(self) -> None:
        """Remembers which log (WAL) belongs to the file, once SQLite has opened it."""
        self._log_identity = _identity(self._log) or self._log_identity

    def set_log_aside(self) -> None:
        """Takes the log of a file that has gone out of the way of the one that comes in its place.

        SQLite does not ask which file a log belongs to: it would be written into a restored backup.
        """
        if self._log_identity is not None and _identity(self._log) == self._log_identity:
            self._log.replace(self.path.with_name(f"{self.path.name}-lost-log"))
            self.path.with_name(f"{self.path.name}-shm").unlink(missing_ok=True)

    def trouble(self) -> str:
        """Returns `full` or `read_only` when the file could not be written now; asks the file system alone."""
        disk = os.statvfs(self.path.parent)
        if disk.f_flag & os.ST_RDONLY or not os.access(self.path, os.W_OK) or not os.access(self.path.parent, os.W_OK):
            return "read_only"
        return "full" if disk.f_bavail * disk.f_frsize < _ROOM else ""

    @property
    def _log(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal")

    def check(self) -> None:
        """Looks whether the path still leads to the file that was opened (a microsecond).

        Raises:
            DatabaseGoneError: It does not.
        """
        if self._identity is not None and _identity(self.path) != self._identity:
            raise DatabaseGoneError(
                f"the database file {self.path} was removed or replaced while it was in use: nothing more is written; "
                "put the right file in its place and start again"
            )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  # asked with every request: a Path takes three times as long
    except OSError:
        return None
    return found.st_dev, found.st_ino


def signs_of_a_database(path: Path, data_dir: Path) -> list[Path]:
    """Returns what says that there was a database at a path where none is now (or an empty file)."""
    if path.exists() and path.stat().st_size:
        return []
    signs = [data_dir / "secret"]
    for folder in {path.parent, data_dir}:
        signs += [found for found in folder.glob(f"{_literal(path.stem)}*") if found != path and found.is_file()]
    for name in ("backup", "backups"):
        signs += list((data_dir / name).glob("*"))
    return sorted({sign for sign in signs if sign.exists() and sign.stat().st_size})


def _literal(text: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in text)
