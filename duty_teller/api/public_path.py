"""One place for every address, whichever way a request came: below the public prefix or not, with or without a slash.

A reverse proxy may serve us under a path of its own (`MINI_APP_BASE_URL=https://example.org/duty`) and pass that path
on or cut it off; both are the same here. The one redirect there is names neither scheme nor host: it is right behind
any proxy, and needs no header of one to be believed.
"""

from typing import Final
from urllib.parse import unquote, urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

ROOTS: Final = frozenset({"", "app", "sw.js", "api", "feed", "calendar", "healthz", "readyz", "metrics"})
"""First parts of our own paths: after a prefix that is called like one of them, only these are ours."""

_MOVED: Final = 307


def prefix_of(base_url: str) -> str:
    """Returns the path of a public address, still quoted: `/duty`, or an empty text for none."""
    return urlsplit(base_url).path.rstrip("/")


class PublicPath:
    """Takes the prefix and a slash at the end off a path, before anything is looked up.

    Args:
        app: What answers.
        prefix: Of `prefix_of`.
    """

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = unquote(prefix)
        self._below = self._prefix + "/"
        self._location = prefix.rpartition("/")[2].encode("latin-1") + b"/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or sends who asks for the bare prefix to the page below it."""
        if scope["type"] == "http":
            path: str = scope["path"]
            if self._prefix and path.startswith(self._prefix):
                if path == self._prefix and path[1:] not in ROOTS:
                    await self._to_page(scope, send)
                    return
                rest = path[len(self._prefix) :]
                if path.startswith(self._below) and rest.split("/", 2)[1] in ROOTS:
                    scope = _at(scope, rest)
                    path = rest
            if path[-1:] == "/" and len(path) > 1 and not path.startswith("/app/"):
                scope = _at(scope, path.rstrip("/") or "/")
        await self._app(scope, receive, send)

    async def _to_page(self, scope: Scope, send: Send) -> None:
        query = scope.get("query_string", b"")
        location = self._location + (b"?" + query if query else b"")
        headers = [(b"location", location), (b"content-length", b"0"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": _MOVED, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _at(scope: Scope, path: str) -> Scope:
    return {**scope, "path": path, "raw_path": path.encode()}
