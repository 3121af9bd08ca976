"""One sentence and an exit code for what may go wrong with files, the database and the port, instead of a traceback."""

import errno
import os
from typing import Final

from sqlalchemy.engine import make_url

from duty_teller.config import Settings
from duty_teller.db.backup import BackupError, NoBackupError
from duty_teller.db.engine import sqlite_path
from duty_teller.db.file import ROOM, DatabaseGoneError, DatabaseMissingError
from duty_teller.db.in_use import InUseError
from duty_teller.db.migrations import ForeignDatabaseError, MigrationError, SchemaTooNewError
from duty_teller.db.postgresql import DriverMissingError
from duty_teller.db.trouble import Cause, cause_of
from duty_teller.utils import exit_codes
from duty_teller.utils.secret_file import SecretError
from duty_teller.utils.sockets import ListenError

_OWN: Final = {
    DatabaseMissingError: exit_codes.NO_INPUT,
    DatabaseGoneError: exit_codes.DATABASE_GONE,
    SchemaTooNewError: exit_codes.CONFIGURATION,
    ForeignDatabaseError: exit_codes.DATA,
    MigrationError: exit_codes.DATA,
    DriverMissingError: exit_codes.CONFIGURATION,
    SecretError: exit_codes.DATA,
    NoBackupError: exit_codes.IO,
    BackupError: exit_codes.DATA,
    InUseError: exit_codes.TEMPORARY,
}
_BY_ERRNO: Final = {
    errno.EACCES: exit_codes.NO_PERMISSION,
    errno.EPERM: exit_codes.NO_PERMISSION,
    errno.ENOSPC: exit_codes.IO,
    errno.EDQUOT: exit_codes.IO,
    errno.EFBIG: exit_codes.IO,
    errno.EIO: exit_codes.IO,
    errno.EROFS: exit_codes.IO,
}
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def explain(error: BaseException, settings: Settings) -> tuple[str, int] | None:
    """Returns what to say of a failure and the exit code, or None when it is a fault of the program.

    Args:
        error: What a command ended with.
        settings: Where the data are; a password in the address is not shown.
    """
    for kind, code in _OWN.items():
        if isinstance(error, kind):
            is_of_file = kind is NoBackupError and isinstance(error.__cause__, OSError)
            return str(error), code_of_failed_file(error.__cause__) if is_of_file else code  # type: ignore[arg-type]
    if isinstance(error, ListenError):
        code = exit_codes.CONFIGURATION if error.for_good else exit_codes.FAILURE
        return f"cannot listen (HTTP_HOST, HTTP_PORT): {error}", code
    cause = cause_of(error)
    if cause in (Cause.READ_ONLY, Cause.CANNOT_OPEN) and _is_on_a_read_only_disk(settings):
        # What has been mounted so after a fault may be written again later: a service tries until then.
        return (
            f"the disk of the database cannot be written: it is mounted read-only ({_place(settings)})",
            exit_codes.IO,
        )
    if cause is Cause.FAILING and _is_on_a_full_disk(settings):  # SQLite's word for its log's index without room
        cause = Cause.FULL
    if cause is not None:
        detail = f": {_first_line(error)}" if cause is Cause.UNREACHABLE else ""
        return f"{cause.sentence} ({_place(settings)}){detail}", cause.exit_code
    if isinstance(error, OSError) and error.errno is not None:
        name = ""
        if isinstance(error.filename, (str, bytes, os.PathLike)):
            name = f"{os.fsdecode(error.filename)}: "
        elif error.errno in _NO_ROOM:  # it was written already: a file of our own, and its name is not told
            name = f"{settings.data_dir}: "
        return f"{name}{error.strerror}", code_of_failed_file(error)
    return None


def code_of_failed_file(error: OSError) -> int:
    """Returns the exit code for a file that could not be made or written."""
    return _BY_ERRNO.get(error.errno or 0, exit_codes.CANNOT_CREATE)


def _is_on_a_read_only_disk(settings: Settings) -> bool:
    path = sqlite_path(settings.database_url)
    try:
        return path is not None and bool(os.statvfs(path.parent).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _is_on_a_full_disk(settings: Settings) -> bool:
    path = sqlite_path(settings.database_url)
    try:
        disk = os.statvfs(path.parent) if path is not None else None
    except OSError:
        return False
    return disk is not None and disk.f_bavail * disk.f_frsize < ROOM


def _place(settings: Settings) -> str:
    path = sqlite_path(settings.database_url)
    if path is not None:
        return str(path)
    url = make_url(settings.database_url)
    return f"{url.host or 'local'}{f':{url.port}' if url.port else ''}/{url.database or ''}"


def _first_line(error: BaseException) -> str:
    original = getattr(error, "orig", None) or error
    return str(original).strip().partition("\n")[0][:300]
