"""Listening sockets."""

import socket
import stat
from pathlib import Path
from typing import Final

UNIX: Final = "unix:"
"""Before the path of a unix socket, where else an address stands."""


class ListenError(OSError):
    """The address cannot be listened on; `for_good` when no restart will change that."""

    def __init__(self, text: str, for_good: bool = False) -> None:
        super().__init__(text)
        self.for_good = for_good


def listen(host: str, port: int) -> socket.socket:
    """Opens a listening socket: TCP, or a unix socket.

    TCP names its protocol and Nagle's delay is off: asyncio turns it off by itself only for sockets that name their
    protocol, and with it every answer larger than a packet waits 40 ms for the reader's delayed ACK.

    Args:
        host: An address of this machine, or `unix:` and a path. A socket that nobody listens on any more is replaced.
        port: 0 takes a free one; a unix socket has none.

    Raises:
        ListenError: The address is taken, not ours, or none at all.
    """
    if host.startswith(UNIX):
        return _listen_on_path(Path(host.removeprefix(UNIX)))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except (OSError, UnicodeError) as error:
        listener.close()
        if isinstance(error, (socket.gaierror, UnicodeError)):
            raise ListenError(f"{host} is no address of this machine", for_good=True) from error
        raise ListenError(error.strerror or str(error)) from error
    return listener


def _listen_on_path(path: Path) -> socket.socket:
    """Opens a unix socket that every account may connect to, as to a port of loopback: its folder says who gets in."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _remove_dead(path)
        listener.bind(str(path))
        path.chmod(0o666)  # see above; the umask would keep the reverse proxy out
        listener.listen(1024)
    except OSError as error:
        listener.close()
        too_long = error.errno is None  # "AF_UNIX path too long"
        raise ListenError(f"{path}: {error.strerror or error}", for_good=too_long) from error
    return listener


def _remove_dead(path: Path) -> None:
    try:
        if not stat.S_ISSOCK(path.stat().st_mode):
            return  # whatever it is, it is not ours to remove: binding says that it is there
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knocking:
        try:
            knocking.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()


def address_of(listener: socket.socket) -> str:
    """Returns where a socket listens, as a person would write it."""
    name = listener.getsockname()
    if isinstance(name, str):
        return f"{UNIX}{name}"
    host, port = name[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
