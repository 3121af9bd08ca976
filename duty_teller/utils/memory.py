"""Memory that is not used any more: for what comes next, or back to the system."""

import contextlib
import ctypes
import gc
import sys
from types import FunctionType
from typing import Final

_ANNOTATED: Final = ("duty_teller.handlers.", "duty_teller.services.", "fastapi.", "sqlalchemy.", "telegram.")
"""Where functions say much of their parameters that nobody asks for while they run: 1.7 MiB."""


def forget_loading() -> None:
    """Frees what loading has left and nobody reads from here on: lists of folders, annotations for readers.

    Pages are rarely empty afterwards, so it is to be called before the rest of what an idle service holds is made:
    that fills the gaps.
    """
    sys.path_importer_cache.clear()  # the next import looks again
    for found in gc.get_objects():
        if type(found) is FunctionType and str(found.__module__).startswith(_ANNOTATED):
            del found.__annotations__


def give_back() -> None:
    """Returns the free parts of the heap to the system (glibc; elsewhere nothing happens).

    glibc keeps what a large file took, in each thread's arena, for a next one that may come in a month.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
