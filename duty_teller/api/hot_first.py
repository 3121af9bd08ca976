"""The hot reads are answered before FastAPI: the way through its middleware takes as long as half of such an answer."""

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
        self._feeds, self._folders, self._besides = feeds, folders, besides

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        read = None
        if scope["type"] == "http" and scope["method"] == "GET":
            path: str = scope["path"]
            read = self._reads.get(path)
            if read is None and path.endswith(".ics") and path.startswith(self._folders) and path != self._besides:
                token = path[path.rindex("/") + 1 : -4]
                if token and path[: -len(token) - 4] in self._folders:
                    read, scope["path_params"] = self._feeds, {"token": token}
        if read is None:
            await self._app(scope, receive, send)
            return
        try:
            await read(scope, receive, send)
        except Exception as error:
            await self._app({**scope, _FAILED: error}, receive, send)
