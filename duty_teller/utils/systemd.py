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


def watchdog_seconds() -> float | None:
    """Returns within how many seconds systemd wants to hear `WATCHDOG=1` (WatchdogSec), or None without a watchdog.

    WATCHDOG_PID is not asked: of the one-file binary it names the parent, which only unpacks.
    """
    text = os.environ.get("WATCHDOG_USEC", "")
    return int(text) / 1e6 if text.isdigit() and int(text) > 0 else None
