"""Listening sockets."""

import socket


class ListenError(OSError):
    """The address cannot be listened on; `for_good` when no restart will change that."""

    def __init__(self, text: str, for_good: bool = False) -> None:
        super().__init__(text)
        self.for_good = for_good


def listen(host: str, port: int) -> socket.socket:
    """Opens a listening TCP socket.

    The protocol is named and Nagle's delay is off: asyncio turns it off by itself only for sockets that name their
    protocol, and with it every answer larger than a packet waits 40 ms for the reader's delayed ACK.

    Args:
        host: An address of this machine.
        port: 0 takes a free one.

    Raises:
        ListenError: The address is taken, not ours, or none at all.
    """
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
