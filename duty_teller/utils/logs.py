"""Logging that never shows a secret: tokens, launch data and passwords are masked in every record."""

import contextlib
import json
import logging
import os
import queue
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

_PATTERNS: Final = (
    (re.compile(r"((?:/|%2F)(?:feed|ical)(?:/|%2F))[^/\s\"'&%]+?(?=\.ics|[/\s\"'&%]|$)"), r"\1***"),
    (re.compile(r"(/calendar/)\d+-[A-Za-z0-9_-]{20,}"), r"\1***"),
    (re.compile(r"(?<!\d)\d{6,}:[A-Za-z0-9_-]{20,}"), "<token>"),  # also behind the `bot` of an address
    (re.compile(r"(://[^:/@\s]*:)[^/\s]+@"), r"\1***@"),
    (re.compile(r"(hash(?:=|%3D))[0-9a-f]{64}", re.IGNORECASE), r"\1***"),
)


_A_MINUTE: Final = 60.0
_MESSAGES: Final = 200
_ROOM: Final = 1000
"""Lines that wait to be written."""
_FAREWELL: Final = 0.3
"""Seconds that the end of the process waits for a reader."""
_LEFT_OUT: Final = "lines of the log were left out: nobody read them"
_PAUSE: Final = 0.05


ABOUT: Final[ContextVar[Mapping[str, int | str]]] = ContextVar("about", default=MappingProxyType({}))
"""What is handled here and now (`update`, `chat`, `user`; `request`): it stands in every line that is logged of it."""


class RedactingFormatter(logging.Formatter):
    """Masks secrets in the finished text, tracebacks included.

    Args:
        secrets: Texts to mask.
        as_json: One JSON object a line, for programs that collect logs.
    """

    def __init__(self, secrets: Iterable[str], as_json: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if secret]
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Formats a record."""
        about = ABOUT.get()
        if self._as_json:
            text = self._json(record, about)
        else:
            text = super().format(record)
            if about:
                first, line_feed, rest = text.partition("\n")
                text = f"{first} [{' '.join(f'{name}={number}' for name, number in about.items())}]{line_feed}{rest}"
        for secret in self._secrets:
            text = text.replace(secret, "<secret>")
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text

    def _json(self, record: logging.LogRecord, about: Mapping[str, int | str]) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **about,
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


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


class StandardError(logging.Handler):
    """Writes to standard error from a thread of its own: whoever reads it may stall, the service does not.

    A pipe that nobody empties is full after 64 KiB, and writing waits; the event loop must not. What finds no room in
    the queue is left out, and counted in its place.
    """

    def __init__(self, descriptor: int = 2, room: int = _ROOM) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._lines: queue.Queue[bytes] = queue.Queue(room)
        self._left_out = 0
        self._thread: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Takes a record (called with the handler's lock held)."""
        try:
            line = (self.format(record) + "\n").encode(errors="backslashreplace")
        except Exception:  # a record whose arguments do not fit must not end who wrote it
            self.handleError(record)
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._write_all, name="log", daemon=True)
            self._thread.start()
        if self._left_out:
            line = f"{self._left_out} {_LEFT_OUT}\n".encode() + line
        try:
            self._lines.put_nowait(line)
            self._left_out = 0
        except queue.Full:
            self._left_out += 1

    def _write_all(self) -> None:
        while True:
            line = self._lines.get()
            with contextlib.suppress(OSError):  # closed: nobody can be told
                while line:
                    line = line[self._write(line) :]
            self._lines.task_done()
            if self._left_out and self._lines.empty():
                self._tell_what_was_left_out()

    def _tell_what_was_left_out(self) -> None:
        """Says it as soon as there is room again: nothing else may be logged for hours."""
        with self.lock or contextlib.nullcontext(), contextlib.suppress(queue.Full):
            self._lines.put_nowait(f"{self._left_out} {_LEFT_OUT}\n".encode())
            self._left_out = 0

    def _write(self, line: bytes) -> int:
        try:
            return os.write(self._descriptor, line)
        except BlockingIOError:  # somebody has made it a descriptor that does not wait
            time.sleep(_PAUSE)
            return 0

    def flush(self) -> None:
        """Waits until all is written, a moment at most."""
        deadline = time.monotonic() + _FAREWELL
        while self._lines.unfinished_tasks and time.monotonic() < deadline:
            time.sleep(0.001)


def toggle_debug(level: str) -> None:
    """Makes our own logs as talkative as can be, and at the next call as they are set up."""
    root = logging.getLogger()
    wanted = logging.getLevelNamesMapping()[level] if root.level == logging.DEBUG else logging.DEBUG
    root.setLevel(wanted)
    logging.getLogger(__name__).warning("the log level is %s now", logging.getLevelName(wanted))


def configure(level: str, secrets: Iterable[str], brief: logging.Filter | None = None, as_json: bool = False) -> None:
    """Sends all logs to standard error, English and redacted.

    Args:
        level: Of our own logs; httpx and its like speak up from WARNING on only (their INFO lines hold the token), and
            APScheduler at an ERROR: a tick that is left out on a busy machine is made up for by the next.
        secrets: Texts to mask wherever they stand.
        brief: Shortens and leaves out what an outage would say again and again.
        as_json: One JSON object a line.
    """
    handler = StandardError()
    handler.setFormatter(RedactingFormatter(secrets, as_json))
    if brief is not None:
        handler.addFilter(brief)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "telegram", "uvicorn", "alembic", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn.error", "asyncio"):  # what anybody who reaches the port can cause
        logging.getLogger(name).addFilter(Sparse())
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
