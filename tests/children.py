"""Files read in this process: a child of their own takes longer than the rest of a test, and has tests of its own."""

import io
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from duty_teller.importers import child
from duty_teller.services.import_service import explain

_ONE = threading.Lock()


def read_here(patch: pytest.MonkeyPatch) -> None:
    """Has the hidden commands that read files run here, with what they are given and what they print, unlimited."""

    async def run(command: str, file_name: str, data: bytes, _seconds: float) -> tuple[int, bytes, bytes]:
        module: Any = explain if command == explain.COMMAND else child
        given, printed = io.TextIOWrapper(io.BytesIO(data)), io.TextIOWrapper(io.BytesIO())
        with _ONE, pytest.MonkeyPatch.context() as one:
            one.setattr(module, "sys", SimpleNamespace(stdin=given, stdout=printed))
            if command == explain.COMMAND:
                code = explain.child_main(0)
            else:
                code = (child.child_main if command == child.READ else child.expand_main)(0, file_name)
        return code, printed.buffer.getvalue(), b""

    for module in (child, explain):
        patch.setattr(module, "run_child", run)
        patch.setattr(module, "limit_this_process", lambda _parent, _seconds: True)
