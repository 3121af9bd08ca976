"""Logging that never shows a secret: tokens, launch data and passwords are masked in every record."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Final

_PATTERNS: Final = (
    (re.compile(r"(/feed/)[^/\s\"']+?(?=\.ics|[/\s\"']|$)"), r"\1***"),
    (re.compile(r"(?<!\d)\d{6,}:[A-Za-z0-9_-]{20,}"), "<token>"),  # also behind the `bot` of an address
    (re.compile(r"(://[^:/@\s]*:)[^/\s]+@"), r"\1***@"),
    (re.compile(r"(hash(?:=|%3D))[0-9a-f]{64}", re.IGNORECASE), r"\1***"),
)


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
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
