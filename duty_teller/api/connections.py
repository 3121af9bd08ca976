"""The HTTP port bears being reachable: limits for heads, times and the number of connections.

uvicorn takes a head of any length, waits for the first request for ever, and as many connections as there are
descriptors. Here a connection has a time for each head, and when there are too many, the one that has waited longest
without a request makes room: who is served is never the one to go, so that health stays reachable.
"""

import asyncio
import resource
from collections import Counter
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from duty_teller.api.errors import early_refusal
from duty_teller.api.request_ids import HEADER
from duty_teller.i18n.core import accepted_language
from duty_teller.importers.limits import MAX_FILE_BYTES

HEAD_BYTES: Final = 32 * 1024
"""Of request line and headers together; launch data of the Mini App have about 1 KiB."""

BODY_BYTES: Final = 64 * 1024
"""Of a request's body; what people do in the Mini App has a few hundred bytes."""

FILE_BYTES: Final = MAX_FILE_BYTES + 64 * 1024
"""Of the body of a request that brings a roster file; nothing of it is read before it is known who sends it."""

_FILES: Final = (b"/api/imports", b"/api/imports/grid")

ANSWER_SECONDS: Final = 120.0
"""From the end of the head to the end of the answer: who does not read it lets others in."""

HEAD_SECONDS: Final = 10.0
"""From the connection, or the first byte of a further request, to the end of its head."""

ALL: Final = 512
"""Connections at once, fewer where the process may open few files."""

PER_ADDRESS: Final = 64
"""Connections of one address; this machine's own (a proxy's, the tests') count with all only."""

RESERVED_FILES: Final = 128
"""Descriptors that connections leave to the database, the caches and Telegram."""

BACKLOG: Final = 128
"""Connections that the kernel keeps ready; asyncio takes so many at once."""

_REASONS: Final = {
    400: "Bad Request",
    408: "Request Timeout",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
}


class Connections:
    """The open connections of one server, those without a request under way first to go.

    Args:
        most: How many there may be; None: `ALL`, or what the limit of open files leaves.
        proxies: Addresses that bring many people's connections: no limit for one of them.
        language: Of refusals to who names none.
    """

    def __init__(
        self,
        most: int | None = None,
        proxies: Sequence[IPv4Network | IPv6Network] = (),
        language: str = "en",
    ) -> None:
        self._proxies = proxies
        self.language = language
        self.most = most if most is not None else _most_connections()
        self._waiting: dict[Protocol, None] = {}
        self._busy: set[Protocol] = set()
        self._by_address: Counter[str] = Counter()

    def is_proxy(self, host: str) -> bool:
        """Tells whether an address is a trusted proxy's."""
        return bool(self._proxies) and any(ip_address(host.partition("%")[0]) in network for network in self._proxies)

    def __len__(self) -> int:
        return len(self._waiting) + len(self._busy)

    def enter(self, protocol: "Protocol") -> None:
        """Takes a connection in; where there are too many, the longest waiting one is closed for it."""
        self._waiting[protocol] = None
        self._by_address[protocol.address] += 1
        if protocol.address and self._by_address[protocol.address] > PER_ADDRESS:
            self._close_one(protocol.address)
        if len(self) > self.most:
            self._close_one(None)

    def _close_one(self, address: str | None) -> None:
        """Closes the longest waiting connection (of an address); if all are busy, the newest one, which waits."""
        oldest = next(p for p in self._waiting if address in (None, p.address))
        oldest.transport.abort()
        self.leave(oldest)

    def begin_request(self, protocol: "Protocol") -> None:
        """Notes that a whole head has come: this connection is served."""
        if protocol in self._waiting:
            del self._waiting[protocol]
            self._busy.add(protocol)

    def end_request(self, protocol: "Protocol") -> None:
        """Notes that the answer was sent: the connection waits again, as the newest."""
        if protocol in self._busy:
            self._busy.discard(protocol)
            self._waiting[protocol] = None

    def leave(self, protocol: "Protocol") -> None:
        """Forgets a connection; twice is harmless."""
        if protocol in self._waiting or protocol in self._busy:
            self._waiting.pop(protocol, None)
            self._busy.discard(protocol)
            self._by_address[protocol.address] -= 1
            if not self._by_address[protocol.address]:
                del self._by_address[protocol.address]


def _most_connections() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ALL + RESERVED_FILES
    if soft < wanted <= hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(16, min(ALL, soft - RESERVED_FILES))


class Protocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with limits; made by `protocol_class`."""

    limits: Connections
    address = ""

    def connection_made(self, transport: Any) -> None:
        """Begins the time for the first head."""
        super().connection_made(transport)
        host = self.client[0] if self.client else ""
        self.address = "" if host in ("127.0.0.1", "::1", "") or self.limits.is_proxy(host) else host
        self._head = self._body = 0
        self._most = BODY_BYTES
        self._in_head = True
        self._in_body = False
        self._refused = False
        self._timer: asyncio.TimerHandle | None = self.loop.call_later(HEAD_SECONDS, self._too_late)
        self.limits.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the connection."""
        self._stop_timer()
        self.limits.leave(self)
        super().connection_lost(exc)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_late(self) -> None:
        self._timer = None
        self._refuse(408)

    def send_400_response(self, msg: str) -> None:
        """Says in our own shape that this is no HTTP."""
        self._refuse(400)

    def _refuse(self, status: int) -> None:
        if self.transport.is_closing():
            return
        self._refused = True
        if self._in_body:
            answer = not self.pipeline and not self.cycle.response_started
            self.cycle.disconnected = True  # nothing else is sent behind it
        else:
            answer = self.cycle is None or self.cycle.response_complete
        if answer:
            self.transport.write(self._early(status))
        self.transport.close()

    def _early(self, status: int) -> bytes:
        wanted = next((value for name, value in self.headers or () if name == b"accept-language"), b"")
        language = accepted_language(wanted.decode("latin-1"), self.limits.language)
        number, body = early_refusal(status, language)
        head = [
            f"HTTP/1.1 {status} {_REASONS[status]}",
            "content-type: application/json",
            f"content-length: {len(body)}",
            "cache-control: no-store",
            "x-content-type-options: nosniff",
            f"{HEADER.decode()}: {number}",
            "connection: close",
        ]
        return "\r\n".join([*head, "", ""]).encode() + body

    def data_received(self, data: bytes) -> None:
        """Feeds the parser, while the head is within its bounds."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self._refuse(431)

    def on_message_begin(self) -> None:
        """Begins the time for a further head."""
        super().on_message_begin()
        self._in_head, self._head, self._body, self._most = True, 0, 0, BODY_BYTES
        if self._timer is None:
            self._timer = self.loop.call_later(HEAD_SECONDS, self._too_late)

    def on_headers_complete(self) -> None:
        """Lets the request begin, unless it says itself that it will be too long."""
        self._in_head = False
        self._stop_timer()
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > HEAD_BYTES:
            self._refuse(431)
            return
        if self.url.partition(b"?")[0].endswith(_FILES):
            self._most = FILE_BYTES
        length = next((value for name, value in self.headers if name == b"content-length"), b"").strip()
        if length.isdigit() and int(length) > self._most:
            self._refuse(413)
            return
        self._in_body = True
        self.limits.begin_request(self)
        self._timer = self.loop.call_later(ANSWER_SECONDS, self.transport.abort)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Takes no body of a request that was refused, and none that is too long."""
        self._body += len(body)
        if self._body > self._most and not self._refused:
            self._refuse(413)
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Ends no request that was refused."""
        self._in_body = False
        if not self._refused:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Lets the connection wait again."""
        super().on_response_complete()
        if not self._in_head:
            self._stop_timer()
        if not self.pipeline and not self.transport.is_closing():
            self.limits.end_request(self)


def protocol_class(limits: Connections) -> type[Protocol]:
    """Returns the protocol of one server, whose connections share these limits."""
    return type("LimitedProtocol", (Protocol,), {"limits": limits})
