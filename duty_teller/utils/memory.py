"""Memory that is not used any more: for what comes next, or back to the system."""

import contextlib
import ctypes
import gc
import sys
from types import FunctionType
from typing import Final

_ANNOTATED: Final = (
    *("anyio.", "apscheduler.", "asyncio.", "fastapi.", "h11.", "httpcore.", "httpx.", "sqlalchemy.", "sqlmodel."),
    *("starlette.", "telegram.", "uvicorn."),
    *("duty_teller.db.", "duty_teller.domain.", "duty_teller.handlers.", "duty_teller.importers."),
    *("duty_teller.services.", "duty_teller.utils."),
)
"""Where functions say much of their parameters that nobody asks for while they run: 2.2 MiB.

Not `duty_teller.api` and pydantic: what routes ask for, and how values are checked, is read from annotations.
"""

_ARENA_MAX: Final = -8
"""M_ARENA_MAX of mallopt(3): how many heaps there may be."""
_ARENAS: Final = 2


def begin_loading() -> None:
    """Prepares for loading what stays, until `gc.enable`: to be called before there are threads.

    Looking through it for garbage again and again is a sixth of a start. Of the heaps that glibc makes for threads
    (eight a processor) each keeps half-empty pages; the interpreter lets one thread run at a time anyway.
    """
    gc.disable()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def keep_loaded() -> None:
    """Collects the garbage of what was loaded since the last time, and looks at the rest never again.

    Nothing else runs meanwhile: several short looks hold the event loop up for less than one at the end.
    """
    _forget_loading()  # it does not see what is frozen
    gc.collect()
    gc.freeze()


def _forget_loading() -> None:
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
