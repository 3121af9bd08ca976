"""Many readers at their own pace, in a process of their own: what they wait does not count into what is measured.

Run with a port, and a plan (JSON) on standard input, where a second line ends it; the answer is JSON: how long each
kind of reader waited, and what failed.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Readers:
    """Readers of one kind.

    Attributes:
        kind: Their name in the answer.
        paths: One for each reader; each asks for its own, again and again.
        every: Seconds from one question of a reader to its next; they begin spread over that time. 0: all at once,
            and only once.
        headers: Of their questions.
        keeps: Each keeps what it has read, and asks whether that has changed (If-None-Match).
    """

    kind: str
    paths: list[str]
    every: float
    headers: dict[str, str] = field(default_factory=dict)
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Waited:
    """What readers of one kind have seen.

    Attributes:
        seconds: Of every answer, from the moment it was due to its last byte, in order of size.
        errors: What else came: other statuses, lost connections, answers that did not come in time.
    """

    seconds: list[float]
    errors: list[str]

    @property
    def p99(self) -> float:
        """Returns the 99th percentile."""
        return self.seconds[int(len(self.seconds) * 0.99)]


class _Reader(asyncio.BufferedProtocol):
    """One connection: the bytes are counted, not kept."""

    def __init__(self, shared: bytearray) -> None:
        self._shared = shared
        self._head = b""
        self._left = -1
        self.status = 0
        self.etag = b""
        self.answered: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def ask(self, request: bytes) -> "asyncio.Future[None]":
        self._head, self._left, self.status = b"", -1, 0
        self.answered = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.answered

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._shared

    def buffer_updated(self, nbytes: int) -> None:
        if self._left < 0:
            self._head += bytes(self._shared[:nbytes])
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self._head[:end].lower()
            self.status = int(head[9:12])
            if b"\r\netag: " in head:
                self.etag = head.split(b"\r\netag: ", 1)[1].split(b"\r\n", 1)[0]
            at = head.find(b"content-length: ")
            length = int(head[at + 16 :].split(b"\r\n", 1)[0]) if at >= 0 and self.status != 304 else 0
            self._left = end + 4 + length - len(self._head)
        else:
            self._left -= nbytes
        if self._left == 0 and self.answered is not None and not self.answered.done():
            self.answered.set_result(None)

    @property
    def is_open(self) -> bool:
        """Whether another question can be asked: a server closes a connection that was idle for some seconds."""
        return not self.transport.is_closing()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.answered is not None and not self.answered.done():
            self.answered.set_exception(ConnectionError("the connection was lost"))


async def _read(port: int, readers: Readers, number: int, waited: Waited, begin: float, shared: bytearray) -> None:
    loop = asyncio.get_running_loop()
    lines = "".join(f"{name}: {value}\r\n" for name, value in readers.headers.items())
    request = f"GET {readers.paths[number]} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode()
    due, reader, etag = begin + readers.every * number / len(readers.paths), None, b""
    while True:
        await asyncio.sleep(max(0.0, due - loop.time()))
        try:
            async with asyncio.timeout(PATIENCE):
                known = b"If-None-Match: " + etag + b"\r\n\r\n" if readers.keeps and etag else b"\r\n"
                reader = await _asked(port, request[:-2] + known, reader, shared)
                waited.seconds.append(loop.time() - due)
            etag = reader.etag
            if reader.status not in (200, 304):
                waited.errors.append(str(reader.status))
        except OSError as error:  # a time that is over is one, too
            waited.errors.append(type(error).__name__)
            reader = None
        if not readers.every:
            return
        # Who was kept waiting asks for what it wanted meanwhile no more, but its next question is not late.
        due = max(due + readers.every, loop.time())


async def _asked(port: int, request: bytes, reader: _Reader | None, shared: bytearray) -> _Reader:
    """Asks on a connection that is open, or a new one; returns the reader that has the answer.

    As every HTTP client does (RFC 9110 9.2.2): a kept connection that the server has closed meanwhile is no error.
    """
    if reader is not None and reader.is_open:
        try:
            await reader.ask(request)
            return reader
        except ConnectionError:
            if reader.status:
                raise
    loop = asyncio.get_running_loop()
    _transport, reader = await loop.create_connection(lambda: _Reader(shared), "127.0.0.1", port)
    await reader.ask(request)
    return reader


async def _main(port: int, crowd: list[Readers]) -> dict[str, Any]:
    loop, shared = asyncio.get_running_loop(), bytearray(256 * 1024)
    waited = {readers.kind: Waited([], []) for readers in crowd}
    begin = loop.time() + 0.2
    tasks = [
        asyncio.create_task(_read(port, readers, number, waited[readers.kind], begin, shared))
        for readers in crowd
        for number in range(len(readers.paths))
    ]
    if any(readers.every for readers in crowd):
        await loop.run_in_executor(None, sys.stdin.readline)
        for task in tasks:
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
    return {kind: {"seconds": sorted(found.seconds), "errors": found.errors} for kind, found in waited.items()}


class Crowd:
    """Readers that are under way."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def end(self) -> dict[str, Waited]:
        """Ends them (those that ask once end by themselves); returns what each kind has seen."""
        output, _ = self._process.communicate("\n", timeout=PATIENCE + 10)
        if self._process.returncode:
            raise RuntimeError(f"the readers ended with code {self._process.returncode}")
        return {kind: Waited(**found) for kind, found in json.loads(output).items()}


@contextmanager
def reading(port: int, crowd: list[Readers]) -> Iterator[Crowd]:
    """Lets readers read."""
    plan = json.dumps([asdict(readers) for readers in crowd])
    process = subprocess.Popen(
        [sys.executable, __file__, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdin is not None
        process.stdin.write(plan + "\n")
        process.stdin.flush()
        yield Crowd(process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def all_at_once(port: int, paths: list[str], headers: dict[str, str] | None = None) -> Waited:
    """Has readers ask at the same moment, once, each for its own."""
    with reading(port, [Readers("once", paths, 0, headers or {})]) as crowd:
        return crowd.end()["once"]


if __name__ == "__main__":
    given = [Readers(**readers) for readers in json.loads(sys.stdin.readline())]
    print(json.dumps(asyncio.run(_main(int(sys.argv[1]), given))))
