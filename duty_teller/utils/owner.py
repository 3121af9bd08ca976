"""Root works on the data as their owner: whatever a command makes there, the service has to be able to write.

The change is of the effective ids, so that files that root named (a roster in its home, the place of a backup) are
still read and written as root, inside `as_caller`. The child that reads a roster file has no such way back.
"""

import contextlib
import errno
import os
import pwd
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path


def become_owner(folder: Path, for_good: bool = False) -> str:
    """Becomes the owner of a folder where this process is root's and the folder is not.

    Args:
        folder: Of the data.
        for_good: Also give up the way back.

    Returns:
        The owner's name, or an empty text when nothing was changed.

    Raises:
        OSError: The owner may not read this program, so that nothing more of it could be loaded; nothing was changed.
    """
    if os.geteuid() != 0 or not folder.exists():
        return ""
    found = folder.stat()
    if found.st_uid == 0:
        return ""
    try:
        name = pwd.getpwuid(found.st_uid).pw_name
        os.initgroups(name, found.st_gid)
    except KeyError:  # a user of systemd's that is not there while the service is not
        name = str(found.st_uid)
        os.setgroups([found.st_gid])
    _open_unpacked()
    os.setegid(found.st_gid)
    os.seteuid(found.st_uid)
    unread = "" if getattr(sys, "frozen", False) else _unread()
    if unread or for_good:
        os.seteuid(0)
        os.setegid(0)
    if unread:
        text = f"not to be read by {name}, who owns {folder}: install the program for everybody (docs/install.md)"
        raise OSError(errno.EACCES, text, unread)
    if for_good:
        os.setresgid(found.st_gid, found.st_gid, found.st_gid)
        os.setresuid(found.st_uid, found.st_uid, found.st_uid)
    return name


def _unread() -> str:
    """Returns a file of the program that whoever this process works as may not read; empty when there is none."""
    places = (os.__file__, __file__)
    return next((place for place in places if not os.access(place, os.R_OK, effective_ids=True)), "")


def _open_unpacked() -> None:
    """Lets whom root becomes read what the one-file binary has unpacked for root alone, and goes on loading from.

    It stays root's: who owned it could change what a process runs that has a way back to root.
    """
    unpacked = Path(getattr(sys, "_MEIPASS", "") or "/")
    if not unpacked.name.startswith("_MEI") or unpacked.stat().st_uid != 0:
        return
    for path in (unpacked, *unpacked.rglob("*")):
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode) or (stat.S_ISREG(mode) and not path.name.startswith(".")):
            path.chmod(stat.S_IMODE(mode) | (0o055 if mode & stat.S_IXUSR else 0o044))


def ids_of_child() -> tuple[int | None, int | None]:
    """Returns the user and group that a child process is to be started as, so that it has no way back to root."""
    return (os.geteuid(), os.getegid()) if _is_switched() else (None, None)


def _is_switched() -> bool:
    return os.getuid() == 0 != os.geteuid()


@contextlib.contextmanager
def as_caller() -> Iterator[None]:
    """Is root again for the time of the block, where `become_owner` has changed that."""
    if not _is_switched():
        yield
        return
    user, group = os.geteuid(), os.getegid()
    os.seteuid(0)
    os.setegid(0)
    try:
        yield
    finally:
        os.setegid(group)
        os.seteuid(user)


def followed(path: Path) -> Path:
    """Returns where a link leads that is the caller's own, anything else as it is.

    What is written is put in the place of whatever is there: of a link, that would leave what it leads to behind. One
    that somebody else has made could lead root anywhere.
    """
    with as_caller():
        is_ours = path.is_symlink() and path.lstat().st_uid == os.geteuid()
        return path.resolve() if is_ours else path


def _lies_in(folder: Path, path: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def whose_file(path: Path, data_dir: Path) -> contextlib.AbstractContextManager[None]:
    """Is for the time of the block who a file that a command makes shall belong to.

    Among the data that is their owner, elsewhere the caller.
    """
    return contextlib.nullcontext() if _lies_in(data_dir, path) else as_caller()


@contextlib.contextmanager
def borrowed(path: Path, data_dir: Path) -> Iterator[Path]:
    """Gives a file of the caller's that the owner of the data can read: itself, or a copy among the data.

    Raises:
        OSError: It cannot be read.
    """
    if not _is_switched():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix=".borrowed-", dir=data_dir) as folder:
        copy = Path(folder) / path.name
        with as_caller(), path.open("rb") as reading:
            number = os.dup(reading.fileno())
        with open(number, "rb") as reading, copy.open("wb") as writing:  # noqa: PTH123  # opened above, as root
            shutil.copyfileobj(reading, writing)
        yield copy


@contextlib.contextmanager
def handed_over(path: Path, data_dir: Path) -> Iterator[Path]:
    """Gives a place where the owner of the data may write what becomes the caller's file `path` (0600) at the end.

    What is to lie among the data is theirs, like everything there.

    Raises:
        OSError: It cannot be written.
    """
    if not _is_switched() or _lies_in(data_dir, path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix=".handed-over-", dir=data_dir) as folder:
        made = Path(folder) / path.name
        yield made
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        with made.open("rb") as reading, as_caller():
            try:
                number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with open(number, "wb") as writing:  # noqa: PTH123  # 0600 from the start
                    shutil.copyfileobj(reading, writing)
                    writing.flush()
                    os.fsync(writing.fileno())
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
