"""The SQLite file of an address: made private, never made anew in silence, and watched for being the same one."""

import errno
import hashlib
import logging
import os
import shutil
import stat
import struct
import threading
from pathlib import Path
from typing import Final, NamedTuple

logger = logging.getLogger(__name__)

ROOM: Final = 256 * 1024
"""Bytes without which the next commits fail."""
BESIDE: Final = ("-wal", "-shm", "-journal")
"""How the files end that SQLite keeps beside a database."""
_OTHER: Final = "written over"
_SAME: Final = "written over with what it held before (newer changes are in its log, and are kept)"


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
    if path.exists() and not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "there is a file where the folder of the data should be", str(path))
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_private(path, 0o700)


class _WrittenBack(NamedTuple):
    """How much of which log was written back into the file, as its index (`-shm`) says: sqlite.org/walformat.html."""

    salt: bytes
    begun: int
    done: int

    @property
    def is_under_way(self) -> bool:
        """Whether somebody is writing back now, or died while they did."""
        return self.begun != self.done


class _Content(NamedTuple):
    """The file at a moment when nobody was writing into it."""

    stamp: tuple[int, int]
    written_back: _WrittenBack
    digest: bytes


class DatabaseFile:
    """A file by its path, by its identity (device, inode) from the moment it was opened, and by its content.

    SQLite writes into the file only to write its log back, and says so in the log's index before it begins. A file that
    changed though the index says nothing was written over by something else: a backup copied into it, for one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._identity: tuple[int, int] | None = None
        self._log_identity: tuple[int, int] | None = None
        # Both stay open as long as SQLite uses the files: closing any descriptor of a file ends the process's locks.
        self._file: int | None = None
        self._index: int | None = None
        self._content: _Content | None = None
        self._written_over = ""
        self._looking = threading.Lock()

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
        for path in (self.path, *(self.path.with_name(self.path.name + ending) for ending in BESIDE)):
            if path.exists():
                make_private(path, 0o600)
        self._identity = _identity(self.path)

    def note_log(self) -> None:
        """Remembers which log (WAL) belongs to the file, once SQLite has opened it."""
        self._log_identity = _identity(self._log) or self._log_identity
        with self._looking:
            if self._file is None:
                self._file = os.open(self.path, os.O_RDONLY)
            if self._index is None or not self._is_index_at_its_place():
                self._content = None
                if self._index is not None:
                    os.close(self._index)
                self._index = os.open(self._index_path, os.O_RDONLY) if self._index_path.exists() else None

    def set_log_aside(self) -> None:
        """Takes the log of a file that has gone out of the way of the one that comes in its place.

        SQLite does not ask which file a log belongs to: it would be written into a restored backup.
        """
        if (
            self._written_over != _SAME
            and self._log_identity is not None
            and _identity(self._log) == self._log_identity
        ):
            if self._written_over:  # it was emptied, and its copy is there
                self._log.unlink()
            else:
                self._log.replace(self._lost_log)
            self._index_path.unlink(missing_ok=True)

    def empty_log(self) -> None:
        """Keeps a copy of the log and empties it, when the file was written over under SQLite.

        SQLite writes the log back when its last connection closes; of an empty one it can write nothing.
        """
        if self._written_over == _OTHER and self._log.exists() and self._log.stat().st_size:
            shutil.copyfile(self._log, self._lost_log)
            os.truncate(self._log, 0)

    def close(self) -> None:
        """Lets go of the files, after SQLite has."""
        with self._looking:
            for number in (self._file, self._index):
                if number is not None:
                    os.close(number)
            self._file = self._index = self._content = None

    def trouble(self) -> str:
        """Returns `full` or `read_only` when the file could not be written now; asks the file system alone."""
        disk = os.statvfs(self.path.parent)
        both = (self.path, self.path.parent)
        if disk.f_flag & os.ST_RDONLY or not all(os.access(path, os.W_OK, effective_ids=True) for path in both):
            return "read_only"
        return "full" if disk.f_bavail * disk.f_frsize < ROOM else ""

    @property
    def _log(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal")

    @property
    def _lost_log(self) -> Path:
        return self.path.with_name(f"{self.path.name}-lost-log")

    @property
    def _index_path(self) -> Path:
        return self.path.with_name(f"{self.path.name}-shm")

    def check(self) -> None:
        """Looks whether the path still leads to the file that was opened, and nobody wrote over it (a microsecond).

        Raises:
            DatabaseGoneError: Another file is there, or none, or another content.
        """
        if self._identity is None:
            return
        try:
            found = os.stat(self.path)  # noqa: PTH116  # asked with every request
        except OSError:
            found = None
        if found is None or (found.st_dev, found.st_ino) != self._identity:
            raise self._gone("removed or replaced")
        with self._looking:
            self._look_at_content()

    def _gone(self, how: str) -> DatabaseGoneError:
        return DatabaseGoneError(
            f"the database file {self.path} was {how} while it was in use: nothing more is written; "
            "put the right file in its place and start again"
        )

    def _look_at_content(self) -> None:
        """Raises DatabaseGoneError when the file differs and no log was written back; else remembers the content."""
        if self._written_over:
            raise self._gone(self._written_over)
        if self._file is None or self._index is None:
            return
        # The file first: what SQLite had written into it by then, the index tells of.
        stamp = self._stamp(self._file)
        written_back, before = self._written_back(self._index), self._content
        if before is not None and before[:2] == (stamp, written_back):
            return
        if written_back is None or not self._is_index_at_its_place() or written_back.is_under_way:
            return  # the next look will tell
        same = before is not None and before.stamp == stamp
        digest = before.digest if before is not None and same else self._digest(self._file)
        if before is not None and written_back == before.written_back:
            if digest != before.digest:
                self._written_over = _OTHER
            elif self._has_more(self._index, written_back):
                self._written_over = _SAME
            if self._written_over:
                raise self._gone(self._written_over)
        if (stamp, written_back) == (self._stamp(self._file), self._written_back(self._index)):
            self._content = _Content(stamp, written_back, digest)

    def _is_index_at_its_place(self) -> bool:
        if self._index is None:
            return False
        found = os.fstat(self._index)
        return _identity(self._index_path) == (found.st_dev, found.st_ino)

    @staticmethod
    def _stamp(number: int) -> tuple[int, int]:
        found = os.fstat(number)
        return found.st_mtime_ns, found.st_size

    @staticmethod
    def _digest(number: int) -> bytes:
        digest, offset = hashlib.blake2b(digest_size=16), 0
        while part := os.pread(number, 2**20, offset):
            digest.update(part)
            offset += len(part)
        return digest.digest()

    @staticmethod
    def _has_more(number: int, written_back: _WrittenBack) -> bool:
        """Tells whether the log holds changes that the file does not."""
        return bool(struct.unpack("=I", os.pread(number, 4, 16))[0] > written_back.done)

    @staticmethod
    def _written_back(number: int) -> _WrittenBack | None:
        head = os.pread(number, 132, 0)
        if len(head) < 132:
            return None
        done, begun = struct.unpack_from("=I", head, 96)[0], struct.unpack_from("=I", head, 128)[0]
        return _WrittenBack(head[32:40], begun, done)


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
    return sorted({sign for sign in signs if sign.exists() and sign.stat().st_size and not _is_of_a_first_write(sign)})


def _is_of_a_first_write(path: Path) -> bool:
    """Tells whether this is the journal of the write that makes a database: whoever died there had none before.

    The header (sqlite.org/fileformat2.html#the_rollback_journal) keeps how many pages the database had, and their size.
    """
    if not path.name.endswith("-journal"):
        return False
    with path.open("rb") as file:
        header = file.read(28)
    return len(header) == 28 and header[16:20] == bytes(4) and header[24:28] != bytes(4)


def _literal(text: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in text)
