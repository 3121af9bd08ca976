"""The floor of the reads: a bare ASGI application with the same bytes, under the uvicorn settings of the product.

Usage: floor_app.py PORT PATH=FILE …
"""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn

BODIES: dict[str, bytes] = {}


async def application(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Sends the bytes of a path."""
    body = BODIES[scope["path"]]
    headers = [(b"content-type", b"application/octet-stream"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def main(port: str, *files: str) -> None:
    """Loads the files and serves them."""
    for pair in files:
        path, _, file = pair.partition("=")
        BODIES[path] = Path(file).read_bytes()
    uvicorn.run(
        application,
        host="127.0.0.1",
        port=int(port),
        loop="asyncio",
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="error",
        server_header=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
