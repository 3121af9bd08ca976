"""What a killed process has left among the data: folders it worked in, and files it had not put in place yet."""

import contextlib
import logging
import os
import re
import shutil
import stat
import time
from pathlib import Path
from typing import Final

from duty_teller.db.backup import FOLDER

logger = logging.getLogger(__name__)

_FOLDERS: Final = re.compile(r"\.(backup|restoring|opened|borrowed|handed-over)-\w+")
_FILES: Final = re.compile(r"\.[^.].*\.\d+")
"""`.NAME.PID`: written whole, then put in the place of NAME."""
_OLD: Final = 3600.0
"""Seconds after which nobody is at work there any more."""


def remove_leftovers(data_dir: Path) -> None:
    """Removes what is ours and older than an hour: each is a copy of the database, and a full disk after some crashes.

    What cannot be looked at or removed stays; nothing depends on it.
    """
    for folder in (data_dir, data_dir / FOLDER):
        try:
            found = [path for path in folder.iterdir() if _is_left(path)]
        except OSError:
            continue
        for path in found:
            logger.info("removing %s, left by a process that was killed", path)
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    path.unlink()


def _is_left(path: Path) -> bool:
    entry = path.lstat()
    kind = _FOLDERS if stat.S_ISDIR(entry.st_mode) else _FILES if stat.S_ISREG(entry.st_mode) else None
    is_ours = kind is not None and kind.fullmatch(path.name) is not None and entry.st_uid == os.geteuid()
    return is_ours and time.time() - entry.st_mtime > _OLD
