"""Memory that is not used any more, back to the system."""

import contextlib
import ctypes


def give_back() -> None:
    """Returns the free parts of the heap to the system (glibc; elsewhere nothing happens).

    glibc keeps what a large file took, in each thread's arena, for a next one that may come in a month.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
