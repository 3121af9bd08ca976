"""How a finished calendar is answered: whole, a part of it, not at all when the reader has it, and not too often."""

import math
import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import Final

from starlette.types import Scope, Send

from duty_teller.api.hot import HeaderList, etag_matches, header, send_bytes

_RANGE: Final = re.compile(rb"bytes=(\d{0,15})-(\d{0,15})")
_LINKS: Final = 5000


@dataclass(frozen=True, slots=True)
class FinishedFeed:
    """A feed ready to be sent.

    Attributes:
        body: Its bytes.
        etag: Strong.
        modified: When it may have changed last.
        mark: Of `services.feeds.building.mark_of_feed`.
    """

    body: bytes
    etag: bytes
    modified: datetime
    mark: bytes

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.body) + 512


class Patience:
    """How often a link is answered in full: a bucket of a minute's answers that fills again steadily.

    Args:
        a_minute: Whole answers a minute; 0: as many as are asked for.
    """

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._left: OrderedDict[int, tuple[float, datetime]] = OrderedDict()

    def wait(self, link_id: int, now: datetime) -> int:
        """Takes one answer; returns 0, or after how many seconds there will be one."""
        if not self.a_minute:
            return 0
        left, since = self._left.pop(link_id, (float(self.a_minute), now))
        passed = max((now - since).total_seconds(), 0.0)
        left = min(float(self.a_minute), left + passed * self.a_minute / 60)
        taken = left >= 1
        self._left[link_id] = (left - taken, now)
        if len(self._left) > _LINKS:
            self._left.popitem(last=False)
        return 0 if taken else max(1, math.ceil((1 - left) * 60 / self.a_minute))


def headers_of(feed: FinishedFeed) -> HeaderList:
    """Returns what every answer about a feed says."""
    return [
        (b"etag", feed.etag),
        (b"last-modified", http_date(feed.modified)),
        (b"accept-ranges", b"bytes"),
        (b"cache-control", b"private, no-cache"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    ]


def is_unchanged(scope: Scope, feed: FinishedFeed) -> bool:
    """Tells whether the reader has it.

    If-None-Match decides where it is sent; If-Modified-Since counts only without it (RFC 9110 13.1.3).
    """
    if header(scope, b"if-none-match"):
        return etag_matches(scope, feed.etag)
    since = header(scope, b"if-modified-since").decode("latin-1")
    try:
        return bool(since) and feed.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError, OverflowError, IndexError):  # whatever a client takes for a date
        return False


async def send_unchanged(send: Send, feed: FinishedFeed) -> None:
    """Answers 304."""
    await send({"type": "http.response.start", "status": 304, "headers": headers_of(feed)})
    await send({"type": "http.response.body", "body": b""})


async def send_feed(scope: Scope, send: Send, feed: FinishedFeed) -> None:
    """Answers 200 with the calendar, 206 with the one part that was asked for, or 416 (RFC 9110 14)."""
    headers = [
        *headers_of(feed),
        (b"content-type", b"text/calendar; charset=utf-8"),
        (b"content-disposition", b'inline; filename="duty.ics"'),
    ]
    part = _part(scope, feed)
    if part is None:
        await send_bytes(send, 200, headers, feed.body)
        return
    first, last = part
    length = len(feed.body)
    if first > last:
        await send_bytes(send, 416, [*headers, (b"content-range", b"bytes */%d" % length)], b"")
        return
    ranged = (b"content-range", b"bytes %d-%d/%d" % (first, last, length))
    await send_bytes(send, 206, [*headers, ranged], feed.body[first : last + 1])


def _part(scope: Scope, feed: FinishedFeed) -> tuple[int, int] | None:
    """Returns first and last byte that are asked for; None: all; the first behind the last: there are none such.

    Several parts at once, and a part of another version (If-Range), are answered by the whole.
    """
    found = _RANGE.fullmatch(header(scope, b"range").replace(b" ", b""))
    condition = header(scope, b"if-range")
    if found is None or found[0] == b"bytes=-" or (condition and condition != feed.etag):
        return None
    length = len(feed.body)
    if not found[1]:  # the last so many bytes
        asked = int(found[2])
        return (length, -1) if asked == 0 else (max(length - asked, 0), length - 1)
    first = int(found[1])
    last = min(int(found[2]), length - 1) if found[2] else length - 1
    if found[2] and int(found[2]) < first:
        return None  # no range at all: it is ignored
    return (first, last) if first < length else (length, -1)


@lru_cache(maxsize=256)
def http_date(moment: datetime) -> bytes:
    """Writes an instant as HTTP does (IMF-fixdate, always English)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True).encode()
