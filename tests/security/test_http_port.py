"""The HTTP port bears being reachable: half-open connections, endless heads, readers who do not read."""

import logging
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from duty_teller.api import connections
from duty_teller.api.connections import ALL, HEAD_BYTES, RESERVED_FILES, Connections
from duty_teller.config import Settings
from duty_teller.utils.logs import Sparse
from tests.api.conftest import Web, serve, web
from tests.api.test_feeds import link
from tests.faults.test_memory import mebibytes
from tests.house import House
from tests.process.conftest import Service, chat, service, terminal

__all__ = ["chat", "service", "terminal", "web"]


@pytest.fixture
def few(house: House) -> Iterator[tuple[Web, Connections]]:
    """A server for twenty connections."""
    limits = Connections(20)
    with serve(house, limits=limits) as web:
        yield web, limits


def connect(web: Web) -> socket.socket:
    address = urlsplit(web.url)
    assert address.hostname is not None and address.port is not None
    return socket.create_connection((address.hostname, address.port), timeout=10)


def answer_of(half: socket.socket) -> bytes:
    """Reads to the end; a reset is an end too."""
    received = b""
    try:
        while piece := half.recv(65536):
            received += piece
    except ConnectionError:
        pass
    return received


def test_half_open_connections_make_room_for_whoever_asks(few: tuple[Web, Connections]) -> None:
    web, limits = few
    with ExitStack() as stack:
        half_open = [stack.enter_context(connect(web)) for _ in range(100)]
        for half in half_open:
            half.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        for _ in range(30):
            assert web.client.get("/healthz", headers={"Connection": "close"}).status_code == 200
        assert len(limits) <= 20


def test_connection_that_is_served_is_not_closed_for_others(few: tuple[Web, Connections]) -> None:
    web, _limits = few
    with ExitStack() as stack:
        assert web.client.get("/healthz").status_code == 200  # kept alive, and the oldest
        for _ in range(19):
            stack.enter_context(connect(web))
        assert web.client.get("/healthz").status_code == 200
        for _ in range(19):
            stack.enter_context(connect(web))
        assert web.client.get("/healthz").status_code == 200


def test_one_address_has_its_own_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PER_ADDRESS", 2)
    closed: list[str] = []

    class Fake:
        def __init__(self, name: str, address: str) -> None:
            self.address = address
            self.transport = self
            self.name = name

        def abort(self) -> None:
            closed.append(self.name)

    limits = Connections(10)
    for name, address in (("a", "192.0.2.1"), ("b", "192.0.2.1"), ("c", "192.0.2.2"), ("d", "192.0.2.1"), ("e", "")):
        limits.enter(Fake(name, address))  # type: ignore[arg-type]
    assert (closed, len(limits)) == (["a"], 4)


def test_trusted_proxy_counts_like_this_machine() -> None:
    limits = Connections(10, Settings.from_env({"TRUSTED_PROXIES": "172.18.0.0/16, 2001:db8::7"}).trusted_proxies)
    hosts = ("172.18.3.4", "2001:db8::7", "172.19.0.1", "2001:db8::8")
    assert [limits.is_proxy(host) for host in hosts] == [True, True, False, False]


def test_service_bears_1100_half_open_connections_and_heads_without_end(service: Service) -> None:
    """They exhausted the descriptors and wrote 34 MB of log; a head took 200 MiB."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 2000)), hard))
    service.start()
    assert service.process is not None
    here = Path(f"/proc/{service.process.pid}")
    before = mebibytes(service)
    try:
        with ExitStack() as stack:
            half_open = [
                stack.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=10))
                for _ in range(1100)
            ]
            for half in half_open:
                with suppress(OSError):  # those that made room
                    half.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            assert service.health()["status"] == "ok"
            assert len(list((here / "fd").iterdir())) < ALL + RESERVED_FILES
            for half in half_open[-30:]:
                with suppress(OSError):
                    for _ in range(50):
                        half.sendall(b"a" * 65_000)
            assert service.health()["status"] == "ok"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert mebibytes(service) - before < 40
    assert len(service.log()) < 4000
    assert service.end() == 0


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * (HEAD_BYTES + 1) + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * HEAD_BYTES,
        b"GET /healthz HTTP/1.1\r\nX-A: " + b"a" * (4 * HEAD_BYTES),
    ],
    ids=["address", "many-headers", "one-header-without-end"],
)
def test_head_without_bounds_is_refused(web: Web, head: bytes) -> None:
    with connect(web) as half:
        with suppress(ConnectionError):
            half.sendall(head)
        assert answer_of(half)[:12] in (b"HTTP/1.1 431", b"")
    assert web.client.get("/healthz").status_code == 200


@pytest.mark.parametrize("begun", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\n"], ids=["silent", "half-a-head"])
def test_connection_without_a_request_ends(house: House, monkeypatch: pytest.MonkeyPatch, begun: bytes) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    with serve(house) as web, connect(web) as half:
        half.sendall(begun)
        assert answer_of(half)[:12] == b"HTTP/1.1 408"


def test_head_that_drips_after_a_first_answer_ends_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    with serve(house) as web, connect(web) as half:
        half.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert half.recv(65536)[:12] == b"HTTP/1.1 200"
        received = b""
        try:
            for piece in [b"GET /healthz HTTP/1.1\r\n", *([b"X-Slow: a\r\n"] * 50)]:
                half.sendall(piece)
                time.sleep(0.02)
            received = answer_of(half)
        except ConnectionError:
            pass
        assert received[:12] in (b"HTTP/1.1 408", b"")


def test_reader_who_does_not_read_is_let_go(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "ANSWER_SECONDS", 0.2)
    limits = Connections(20)
    with serve(house, limits=limits) as web, connect(web) as half:
        half.sendall(b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
        assert b"405" in half.recv(65536)[:20]
        deadline = time.monotonic() + 10
        while len(limits) > 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(limits) == 0


def test_garbage_is_answered_and_logged_once_a_minute(web: Web, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(5):
        with connect(web) as half:
            half.sendall(b"\x16\x03\x01 what?\r\n\r\n")
            assert answer_of(half)[:12] == b"HTTP/1.1 400"
    seconds = [0.0]
    sparse = Sparse(lambda: seconds[0])

    def record() -> logging.LogRecord:
        return logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, "Invalid HTTP request received.", None, None)

    assert [sparse.filter(record()) for _ in range(4)] == [True, False, False, False]
    seconds[0] = 61.0
    again = record()
    assert sparse.filter(again)
    assert again.getMessage() == "Invalid HTTP request received. (3 more like this in the last 61 s)"


@pytest.mark.parametrize("path", ["/", "/healthz", "/app", "/app/core.js", "/api/messages?lang=en"])
def test_head_is_a_get_without_its_body(web: Web, path: str) -> None:
    whole, head = web.client.get(path), web.client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]


@pytest.mark.parametrize(
    "since",
    [
        "Mon, 01 Jan 99999999999 00:00:00 GMT",
        "Mon, 99 Foo 0000 99:99:99 +9999",
        "Thu, 01 Jan 1970 00:00:00 -9999999",
        "0",
        "\u00ff",
        "1" * 5000,
        "Sat, 28 Nov 2026 10:00:00",
    ],
)
@pytest.mark.parametrize("path", ["/app/core.js", "feed"])
def test_absurd_if_modified_since_is_no_failure(web: Web, since: str, path: str) -> None:
    if path == "feed":
        path = link(web.house, web.house.dan)
    response = web.client.get(path, headers={b"If-Modified-Since": since.encode("latin-1")})
    assert response.status_code in (200, 304)  # a date of the far future may count as one
