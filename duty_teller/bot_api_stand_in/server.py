"""The stand-in itself: state, HTTP server on loopback, and the doors to it."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from uvicorn.config import Config
from uvicorn.server import Server

from duty_teller.bot_api_stand_in.bot_api import BotApi
from duty_teller.bot_api_stand_in.control import Control
from duty_teller.bot_api_stand_in.markup import is_loopback
from duty_teller.bot_api_stand_in.model import Clock
from duty_teller.bot_api_stand_in.refusals import ControlError
from duty_teller.bot_api_stand_in.views import Views
from duty_teller.bot_api_stand_in.wire import Exchange, Receive, Scope, Send
from duty_teller.bot_api_stand_in.world import utc_now
from duty_teller.utils.sockets import listen

logger = logging.getLogger(__name__)

PAGE = Path(__file__).parent.parent / "demo" / "page"
DEFAULT_TOKEN = "1000000001:AAF-stand-in-token-of-the-playground00"  # noqa: S105 — opens nothing but the stand-in
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src {frame}; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE_HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


class _Server(Server):
    """uvicorn without its own signal handlers: whoever runs the loop decides about signals. It ends when it is told."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._leaving = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def leave(self) -> None:
        """Make it end."""
        self.should_exit = True
        self._leaving.set()

    async def main_loop(self) -> None:
        await self._leaving.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End at once where nobody is connected; uvicorn gives everybody a tenth of a second, and nobody, too."""
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
            return
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()


class StandIn(Views):
    """A small strict Bot API server with people, groups and a page to play with. Listens on 127.0.0.1 only.

    Attributes:
        app: the ASGI application.
        base_url: "http://127.0.0.1:PORT" after `start`; what BOT_API_BASE_URL is set to.
        mini_app_base_url: where the product's Mini App lives; the play page opens it there.
    """

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        bot_username: str = "duty_teller_demo_bot",
        clock: Clock = utc_now,
        enforce_limits: bool = False,
    ) -> None:
        super().__init__(token, bot_username, clock)
        self.base_url = ""
        self._enforce_limits = enforce_limits
        self._api: BotApi | None = None
        self._control: Control | None = None
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def api(self) -> BotApi:
        """The Bot API's side; made at the first use, so that a state can be prepared outside of a loop."""
        if self._api is None:
            self._api = BotApi(self, self._enforce_limits)
        return self._api

    @property
    def control(self) -> Control:
        """The control door."""
        return self._control or Control(self, self.api.stopping)

    # -- running -----------------------------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one. `base_url` is known afterwards.

        After `stop` it can be started again, also on its old port: Telegram was away and is back, with the same state.

        Raises:
            OSError: the port is taken.
        """
        listener = listen("127.0.0.1", port)
        self.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.api.stopping = asyncio.Event()
        self._control = Control(self, self.api.stopping)
        config = Config(
            self.app,
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,  # its own clock's
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started:
            if self._task.done():
                await self._task
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Let every open call go and stop listening. The state stays readable."""
        self.api.stopping.set()
        if self._server is not None and self._task is not None:
            self._server.leave()
            await self._task
            self._server = self._task = None

    # -- faults and limits -------------------------------------------------------------------------------------------

    def fault(self, method: str, kind: str, times: int = 1, chat_id: int | None = None, **options: Any) -> None:
        """Let calls fail.

        Args:
            method: a Bot API method, "download", or "*" for everything but getUpdates.
            kind: `too_many_requests` (option retry_after), `server_error` (option code, 502 by default), `drop`
                (connection broken, nothing done), `drop_after` (done, but the answer is lost), `hang` (never answers),
                `unauthorized` (401), `refuse` (options code, description, parameters), `slow` (option seconds).
            times: how many calls; 0 until `clear_faults`.
            chat_id: only calls to this chat.
            options: see `kind`.
        """
        self.api.faults.add(method, kind, times, chat_id, options)

    def clear_faults(self) -> None:
        """No more faults."""
        self.api.faults.waiting.clear()

    def set_limits(self, on: bool) -> None:
        """Enforce Telegram's sending limits, or stop doing so."""
        self.api.enforce_limits = on

    def set_mini_app_base_url(self, url: str) -> None:
        """Tell where the Mini App lives."""
        self.mini_app_base_url = url
        self.changed()

    # -- HTTP --------------------------------------------------------------------------------------------------------

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        if scope["type"] != "http":
            return
        # A clock that the page moves would be ahead of an answer that is on its way.
        exchange = Exchange(scope, receive, send, self.now if self.stage is None else None)
        if not self._local(exchange.header("host")):
            await exchange.send(403, b'{"error": "this address is for this machine only"}', "application/json")
            return
        try:
            await self._route(exchange)
        except Exception:
            # A bug of the stand-in must not look like a moody Telegram; the path stays out, it holds the token.
            logger.exception("the stand-in failed at %s", exchange.path.rpartition("/")[2])
            raise

    async def _route(self, exchange: Exchange) -> None:
        head, _, rest = exchange.path.removeprefix("/").partition("/")
        if head.startswith("bot") and rest:
            await self.api.call(exchange, unquote(head[3:]), rest)
        elif head == "file" and rest.startswith("bot"):
            token, _, path = rest[3:].partition("/")
            await self.api.download(exchange, unquote(token), path)
        elif head == "_control":
            await self.control.call(exchange, rest)
        elif head == "open":
            await self._open(exchange, rest)
        elif head == "samples":
            await self._sample(exchange, unquote(rest))
        else:
            await self._page(exchange, exchange.path)

    async def _open(self, exchange: Exchange, user: str) -> None:
        """`/open/<user id>`: on to the Mini App, freshly signed in as that person; short enough for a terminal."""
        try:
            address = self.web_app_url(int(user), theme=None)
        except (ValueError, ControlError):
            await exchange.send(404, b'{"ok":false,"error_code":404,"description":"Not Found"}', "application/json")
            return
        await exchange.send(302, b"", "text/plain", {"location": address, "referrer-policy": "no-referrer"})

    @staticmethod
    def _local(host: str) -> bool:
        """Only this machine's own names: a foreign page whose name was bent to 127.0.0.1 sends its own name."""
        name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
        return is_loopback(name)

    async def _sample(self, exchange: Exchange, name: str) -> None:
        """`/samples/<name>`: a file to look at before it is sent."""
        content = None if self.stage is None else self.stage.download(name)
        if content is None:
            await exchange.send(404, b'{"ok":false,"error_code":404,"description":"Not Found"}', "application/json")
            return
        headers = {**_PAGE_HEADERS, "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        await exchange.send(200, content, "application/octet-stream", headers)

    async def _page(self, exchange: Exchange, path: str) -> None:
        name = "index.html" if path == "/" else path.removeprefix("/")
        known = {file.name: file for file in PAGE.iterdir() if file.suffix in _TYPES}
        if exchange.method not in ("GET", "HEAD") or name not in known:
            await exchange.send(404, b'{"ok":false,"error_code":404,"description":"Not Found"}', "application/json")
            return
        content = known[name].read_bytes()
        policy = _POLICY.format(frame=self.mini_app_base_url or "'none'")
        headers = {**_PAGE_HEADERS, "content-security-policy": policy}
        await exchange.send(200, content, _TYPES[known[name].suffix], headers)
