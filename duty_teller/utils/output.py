"""What a command tells on standard output, which may be a full disk or a reader that has left."""

import contextlib
import os
import sys
from collections.abc import Iterator


class OutputError(Exception):
    """Standard output cannot be written; says why. What a command has done until then is done."""


def tell(text: str) -> None:
    """Prints a text at once.

    Raises:
        OutputError: It cannot be written.
    """
    with _written():
        print(text, flush=True)  # noqa: T201  # what this file is for


def hand_over(data: bytes) -> None:
    """Writes bytes to standard output, and nothing else.

    Raises:
        OutputError: They cannot be written.
    """
    with _written():
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def finish() -> None:
    """Writes what is still held back.

    Raises:
        OutputError: It cannot be written.
    """
    with _written():
        sys.stdout.flush()


@contextlib.contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        with contextlib.suppress(
            OSError, ValueError
        ):  # what is held back goes nowhere: Python would tell of it at the end
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
        raise OutputError(f"standard output cannot be written: {error.strerror}") from error
