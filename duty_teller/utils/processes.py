"""Child processes that do not outlive their parent."""

import ctypes
import os
import signal
import sys
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
