"""Backups behind a passphrase, in the age format (age-encryption.org/v1): `age -d` opens them, too.

The key is made of the passphrase by scrypt, which takes a second of a fast computer and up to half a GiB for that long:
the service does it in a child process.
"""

import sys
from pathlib import Path
from typing import Final

from duty_teller.db.backup import BackupError
from duty_teller.utils.processes import end_with

SUFFIX: Final = ".age"
SHORTEST: Final = 8
"""Characters of a passphrase."""
COMMAND: Final = "seal-backup"
"""The hidden command that takes a passphrase, a line feed and a backup on standard input, and gives the sealed one."""

_HEAD: Final = b"age-encryption.org/v1\n"


def is_sealed(path: Path) -> bool:
    """Tells whether a file is behind a passphrase.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return file.read(len(_HEAD)) == _HEAD


def seal(data: bytes, passphrase: str) -> bytes:
    """Puts a backup behind a passphrase."""
    import pyrage  # type: ignore[import-untyped]

    sealed: bytes = pyrage.passphrase.encrypt(data, passphrase)
    return sealed


def unseal(path: Path, passphrase: str) -> bytes:
    """Returns what is behind a passphrase.

    Raises:
        BackupError: It is not the right one, or the file is damaged.
        OSError: It cannot be read.
    """
    import pyrage

    try:
        opened: bytes = pyrage.passphrase.decrypt(path.read_bytes(), passphrase)
    except (pyrage.DecryptError, ValueError) as error:
        raise BackupError(f"{path}: the passphrase is not the right one, or the file is damaged") from error
    return opened


def child_main(parent: int) -> int:
    """Runs the hidden command; it ends with the process that waits for it."""
    if not end_with(parent):
        return 1
    passphrase, _line_feed, data = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.buffer.write(seal(data, passphrase.decode()))
    return 0
