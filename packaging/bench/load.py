"""Load: wrk where it is installed, a small client of our own elsewhere. 16 connections from one thread."""

import asyncio
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

CONNECTIONS = 16
WRK = shutil.which("wrk")

_SCRIPT = """
local headers = {headers}
local paths = {paths}
local at = 0
request = function()
    at = at % #paths + 1
    return wrk.format("GET", paths[at], headers)
end
done = function(summary, latency, requests)
    io.write(string.format("RESULT %d %d %d %f %d\\n", summary.requests, summary.duration, latency:percentile(99),
        summary.bytes / summary.requests, summary.errors.status + summary.errors.read + summary.errors.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did: requests a second, the 99th percentile in milliseconds, bytes on the wire per answer."""

    rate: float
    p99: float
    size: float


def generator() -> str:
    """Returns what makes the load, in words."""
    if WRK:
        return f"wrk, {CONNECTIONS} connections"
    return f"our own client, {CONNECTIONS} connections (slower than the floor, which flatters the ratios: install wrk)"


def run(port: int, paths: list[str], headers: dict[str, str], seconds: float) -> Load:
    """Asks for the paths in turn, as fast as the server answers.

    Raises:
        RuntimeError: An answer was neither 200 nor 304.
    """
    return _wrk(port, paths, headers, seconds) if WRK else asyncio.run(_own(port, paths, headers, seconds))


def ask_once(port: int, paths: list[str], headers: dict[str, str]) -> Load:
    """Asks for each path once, by our own client whatever `run` takes: no answer that is kept is asked for again.

    Raises:
        RuntimeError: An answer was neither 200 nor 304.
    """
    return asyncio.run(_own(port, paths, headers, None))


def _lua(value: str) -> str:
    return json.dumps(value, ensure_ascii=True)


def _wrk(port: int, paths: list[str], headers: dict[str, str], seconds: float) -> Load:
    assert WRK
    script = _SCRIPT.replace("{paths}", "{" + ",".join(map(_lua, paths)) + "}")
    script = script.replace("{headers}", "{" + ",".join(f"[{_lua(k)}]={_lua(v)}" for k, v in headers.items()) + "}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paths.lua"
        file.write_text(script, encoding="ascii")
        command = [WRK, "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", str(file), f"http://127.0.0.1:{port}/"]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    result = re.search(r"RESULT (\d+) (\d+) (\d+) ([\d.]+) (\d+)", output)
    if result is None or int(result[5]):
        raise RuntimeError(f"wrk: {output[-400:]}")
    requests, micros, p99 = int(result[1]), int(result[2]), int(result[3])
    return Load(requests / (micros / 1e6), p99 / 1000, float(result[4]))


class _Connection(asyncio.Protocol):
    """One connection that asks again as soon as it has an answer, while there is something to ask for."""

    def __init__(
        self,
        requests: Iterator[bytes],
        number: int | None,
        took: list[float],
        sizes: list[int],
        ended: "asyncio.Future[None]",
    ) -> None:
        self._requests, self._number, self._took, self._sizes, self._ended = requests, number, took, sizes, ended
        self._buffer = bytearray()
        self._since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        request = next(self._requests, None)
        if request is not None:
            self._since = time.perf_counter()
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        start = bytes(self._buffer[:head]).lower()
        status = start[9:12]
        if status not in (b"200", b"304"):
            self._fail(RuntimeError(f"answered {start[:200]!r}"))
            return
        length = re.search(rb"content-length: (\d+)", start)
        whole = head + 4 + (int(length[1]) if length and status == b"200" else 0)
        if len(self._buffer) >= whole:
            self._took.append(time.perf_counter() - self._since)
            self._sizes.append(whole)
            self._buffer.clear()
            if len(self._took) == self._number:
                self._ended.set_result(None)
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(RuntimeError(f"the connection was lost: {error}"))

    def _fail(self, error: Exception) -> None:
        if not self._ended.done():
            self._ended.set_exception(error)

    def close(self) -> None:
        self._transport.abort()


async def _own(port: int, paths: list[str], headers: dict[str, str], seconds: float | None) -> Load:
    """For so many seconds, or until each path was asked for once."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    each = [f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode() for path in paths]
    requests, number = (iter(each), len(each)) if seconds is None else (cycle(each), None)
    took: list[float] = []
    sizes: list[int] = []
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    begin = time.perf_counter()
    made = [
        await loop.create_connection(lambda: _Connection(requests, number, took, sizes, ended), "127.0.0.1", port)
        for _ in range(CONNECTIONS)
    ]
    await asyncio.wait([ended], timeout=seconds)
    duration = time.perf_counter() - begin
    if ended.done():
        ended.result()
    ended.cancel()
    for _, protocol in made:
        protocol.close()
    took.sort()
    return Load(len(took) / duration, took[int(len(took) * 0.99)] * 1000, sum(sizes) / len(sizes))
