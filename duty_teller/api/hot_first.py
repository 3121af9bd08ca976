"""The hot reads are answered before FastAPI: its middleware would be a large part of what such an answer takes."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send

_FAILED: Final = "duty_teller.failed"


class Repeated:
    """A hot read as FastAPI calls it: by another way than `HotFirst` knows, or to take over what failed there.

    Args:
        read: What answers.
    """

    def __init__(self, read: ASGIApp) -> None:
        self._read = read

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or raises what it has failed with before.

        Raises:
            Exception: Whatever the read raised.
        """
        if _FAILED in scope:
            raise scope[_FAILED]
        await self._read(scope, receive, send)


class HotFirst:
    """Answers a GET of a hot read at its own address; everything else is FastAPI's, failures of hot reads, too.

    Args:
        app: FastAPI, with each of the reads as a route, `Repeated`.
        reads: Path → what answers.
        feeds: What answers `<folder><token>.ics`, the token in `path_params`.
        folders: Of the feeds.
        besides: A path that is not ours: the public prefix itself.
    """

    def __init__(
        self, app: ASGIApp, reads: Mapping[str, Any], feeds: Any, folders: tuple[str, ...], besides: str
    ) -> None:
        self._app = app
        self._reads = {path: read for path, read in reads.items() if path != besides}
        self._feeds, self._besides = feeds, besides
        self._folders = frozenset(folder.rstrip("/") for folder in folders)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        read = None
        if scope["type"] == "http" and scope["method"] == "GET":
            path: str = scope["path"]
            folder, _, name = path.rpartition("/")
            if path in self._reads:
                read = self._reads[path]
            elif name[:-4] and name.endswith(".ics") and folder in self._folders and path != self._besides:
                read, scope["path_params"] = self._feeds, {"token": name[:-4]}
        if read is None:
            await self._app(scope, receive, send)
            return
        try:
            await read(scope, receive, send)
        except Exception as error:
            await self._app({**scope, _FAILED: error}, receive, send)
