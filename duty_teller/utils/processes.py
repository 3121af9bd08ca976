"""Child processes that do not outlive their parent."""

import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
"""<linux/prctl.h>"""


def end_with(parent: int) -> bool:
    """Has the kernel kill this process when its parent ends, also by SIGKILL (Linux; elsewhere nothing is asked).

    Args:
        parent: Process id of who started this one.

    Returns:
        False: the parent has ended already, and no signal will come.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    return os.getppid() == parent  # asked afterwards: it may have ended in between


def end_with_unpacker() -> None:
    """Has the kernel ask this process to end when that ends which has unpacked the one-file binary, and waits for it.

    That is the one whose number a supervisor or a person knows: killed, it would leave behind what goes on polling and
    keeps the port. To be called once the user is the last one: a change of it takes this back (prctl(2)).
    """
    if sys.platform == "linux" and Path(getattr(sys, "_MEIPASS", "")).name.startswith("_MEI"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
