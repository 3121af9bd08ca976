"""A web server that plays every fault of somebody else's calendar; what it was asked is kept."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Town fair\r\n"
    b"DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261126\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@dataclass
class Answer:
    """What the server sends: the head, then pieces; `None` among them: nothing more for a long time.

    A piece that is long in making is made when it is sent.
    """

    status: str = "200 OK"
    headers: dict[str, str] = field(default_factory=dict)
    pieces: list[bytes | Callable[[], bytes] | None] = field(default_factory=lambda: [CALENDAR])
    endless: bytes = b""


@dataclass
class FaultyServer:
    """Path → what it answers; a function is asked with the headers of the request."""

    answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0
    sent: int = 0
    open: dict["asyncio.Task[None] | None", asyncio.StreamWriter] = field(default_factory=dict)

    def url(self, path: str, host: str = "calendars.example.org") -> str:
        return f"http://{host}:{self.port}{path}"

    async def close(self) -> None:
        """Ends the connections that are left, and waits for their sockets: nothing of them is found by a later test."""
        left = dict(self.open)
        for task, writer in left.items():
            writer.transport.abort()
            if task is not None:
                task.cancel()
        for writer in left.values():
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open[asyncio.current_task()] = writer
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            first = await reader.readexactly(1)
            if first == b"\x16":  # TLS, which is not spoken here
                writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                writer.close()
                return
            head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            path = head[0].split(" ")[1]
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            self.asked.append((path, headers))
            found = self.answers.get(path, Answer("404 Not Found", pieces=[b"gone"]))
            answer = found(headers) if callable(found) else found
            lines = [f"HTTP/1.1 {answer.status}", "Connection: close"]
            lines += [f"{name}: {value}" for name, value in answer.headers.items()]
            writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
            for piece in answer.pieces:
                if piece is None:
                    await writer.drain()
                    await asyncio.sleep(3600)
                else:
                    sent = piece() if callable(piece) else piece
                    writer.write(sent)
                    self.sent += len(sent)
            while answer.endless:
                writer.write(answer.endless)
                self.sent += len(answer.endless)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def faulty_server() -> AsyncIterator[FaultyServer]:
    """Serves on loopback."""
    playing = FaultyServer()
    server = await asyncio.start_server(playing.serve, "127.0.0.1", 0)
    playing.port = server.sockets[0].getsockname()[1]
    try:
        yield playing
    finally:
        server.close()
        await playing.close()


def bomb(mebibytes: int) -> bytes:
    """A gzip file a thousandth of what it unpacks to."""
    return gzip.compress(CALENDAR + b" " * (mebibytes * 2**20), 9, mtime=0)
