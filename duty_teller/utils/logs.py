"""Logging that never shows a secret: tokens, launch data and passwords are masked in every record."""

import logging
import re
import sys
import time
from collections.abc import Callable, Iterable
from typing import Final

_PATTERNS: Final = (
    (re.compile(r"(/feed/)[^/\s\"']+?(?=\.ics|[/\s\"']|$)"), r"\1***"),
    (re.compile(r"(?<!\d)\d{6,}:[A-Za-z0-9_-]{20,}"), "<token>"),  # also behind the `bot` of an address
    (re.compile(r"(://[^:/@\s]*:)[^/\s]+@"), r"\1***@"),
    (re.compile(r"(hash(?:=|%3D))[0-9a-f]{64}", re.IGNORECASE), r"\1***"),
)


_A_MINUTE: Final = 60.0
_MESSAGES: Final = 200


class RedactingFormatter(logging.Formatter):
    """Masks secrets in the finished text, tracebacks included."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """Formats a record."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "<secret>")
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text


class Sparse(logging.Filter):
    """Lets a message through once a minute, with how often it came meanwhile: nobody fills a disk from outside."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._seen: dict[str, list[float]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tells whether to log a record."""
        now, key = self._clock(), str(record.msg)[:80]
        if len(self._seen) > _MESSAGES:
            self._seen.clear()
        last = self._seen.get(key)
        if last is not None and now - last[0] < _A_MINUTE:
            last[1] += 1
            return False
        if last is not None and last[1]:
            record.msg = f"{record.msg} ({last[1]:.0f} more like this in the last {now - last[0]:.0f} s)"
        self._seen[key] = [now, 0]
        return True


def configure(level: str, secrets: Iterable[str], brief: logging.Filter | None = None) -> None:
    """Sends all logs to standard error, English and redacted.

    Args:
        level: Of our own logs; httpx and its like speak up from WARNING on only (their INFO lines hold the token), and
            APScheduler at an ERROR: a tick that is left out on a busy machine is made up for by the next.
        secrets: Texts to mask wherever they stand.
        brief: Shortens and leaves out what an outage would say again and again.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(secrets))
    if brief is not None:
        handler.addFilter(brief)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "telegram", "uvicorn", "alembic", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn.error", "asyncio"):  # what anybody who reaches the port can cause
        logging.getLogger(name).addFilter(Sparse())
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
