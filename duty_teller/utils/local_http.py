"""Asking our own HTTP server on this machine, on its port or its unix socket."""

import http.client
import socket
from typing import Final

from duty_teller.utils.sockets import UNIX

_ANYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # asked, not listened on


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Connects to the socket's path."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def get(host: str, port: int, path: str, timeout: float = 5.0) -> tuple[int, bytes]:
    """Returns status and body of an answer.

    Args:
        host: HTTP_HOST: an address, or `unix:` and a path.
        port: HTTP_PORT.
        path: To ask for.
        timeout: Seconds.

    Raises:
        OSError, http.client.HTTPException: Nobody answers, or not in HTTP.
    """
    if host.startswith(UNIX):
        connection: http.client.HTTPConnection = _UnixConnection(host.removeprefix(UNIX), timeout)
    else:
        connection = http.client.HTTPConnection(_ANYWHERE.get(host, host), port, timeout=timeout)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
