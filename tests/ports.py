"""Ports for services of tests that are told theirs before they listen, or listen at it again after a restart."""

import os
import socket
from itertools import count
from typing import Final

_FIRST: Final = 20_000
_OF_A_WORKER: Final = 1_000
_WORKER: Final = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10
_NUMBERS: Final = count(os.getpid())


def free_port() -> int:
    """Returns a port of the loopback address at which nobody listens, and that nobody is given by chance.

    One that the system chose (`bind` to 0) may be any other program's a moment later, also the source of a connection.
    These are below the range it chooses from, and each worker of a run has a thousand of its own.
    """
    while True:
        port = _FIRST + _WORKER * _OF_A_WORKER + next(_NUMBERS) % _OF_A_WORKER
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what has ended may linger
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
