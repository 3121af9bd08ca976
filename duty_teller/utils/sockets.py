"""Listening sockets."""

import socket


def listen(host: str, port: int) -> socket.socket:
    """Opens a listening TCP socket.

    The protocol is named and Nagle's delay is off: asyncio turns it off by itself only for sockets that name their
    protocol, and with it every answer larger than a packet waits 40 ms for the reader's delayed ACK.

    Args:
        host: An address of this machine.
        port: 0 takes a free one.

    Raises:
        OSError: The address is taken or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener
