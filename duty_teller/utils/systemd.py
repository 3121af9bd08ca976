"""Telling systemd how the start and the end go (sd_notify(3)): one datagram, or nothing without systemd."""

import os
import socket


def notify(state: str) -> None:
    """Sends a state such as `READY=1` to the socket in NOTIFY_SOCKET, if there is one; a failure stops nothing."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
        try:
            connection.sendto(state.encode(), address)
        except OSError:
            return
