"""The Bot API's door: token, method, faults, limits, long polling, file download."""

import asyncio
import json
from typing import Any

from duty_teller.bot_api_stand_in.faults import Fault, Faults, Limits
from duty_teller.bot_api_stand_in.methods import REGISTRY
from duty_teller.bot_api_stand_in.model import Call
from duty_teller.bot_api_stand_in.params import Params, read_params
from duty_teller.bot_api_stand_in.refusals import Json, Refusal
from duty_teller.bot_api_stand_in.views import Views
from duty_teller.bot_api_stand_in.wire import Exchange

_MAX_POLL_SECONDS = 50
_CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class BotApi:
    """Answers what the bot asks."""

    def __init__(self, world: Views, enforce_limits: bool) -> None:
        self.world = world
        self.faults = Faults()
        self.limits = Limits(world.now)
        self.enforce_limits = enforce_limits
        self.stopping = asyncio.Event()
        self._poll: asyncio.Event | None = None

    async def call(self, exchange: Exchange, token: str, name: str) -> None:
        """Answer `/bot<token>/<method>`."""
        refusal = self._token_refusal(token)
        if refusal is not None:
            await self._answer(exchange, None, refusal)
            return
        method = name.lower()
        try:
            params = read_params(exchange.query, exchange.header("content-type"), await exchange.body())
        except Refusal as error:
            await self._answer(exchange, self.world.log_call(name, {}), error)
            return
        call = self.world.log_call(name, params.logged())
        fault = self.faults.take(method, params.integer("chat_id"))
        if fault is not None and not await self._goes_on(fault, exchange, call):
            return
        try:
            if method == "getupdates":
                result = await self._get_updates(exchange, params)
            else:
                result = self._run(method, params)
        except Refusal as error:
            await self._answer(exchange, call, error)
            return
        if fault is not None and fault.kind == "drop_after":
            await exchange.drop()
            return
        await self._answer(exchange, call, None, result)

    async def download(self, exchange: Exchange, token: str, path: str) -> None:
        """Answer `/file/bot<token>/<path>`."""
        refusal = self._token_refusal(token)
        stored = next((f for f in self.world.files.values() if f.path == path), None)
        if refusal is None and stored is None:
            refusal = Refusal(404, "Not Found")
        call = self.world.log_call("download", {"file_path": path})
        fault = self.faults.take("download", 0)
        if fault is not None and not await self._goes_on(fault, exchange, call):
            return
        if refusal is not None or stored is None:
            await self._answer(exchange, call, refusal)
            return
        call.code = 200
        if fault is not None and fault.kind == "drop_after":
            await exchange.drop()
            return
        await exchange.send(200, stored.data, "application/octet-stream")

    def _token_refusal(self, token: str) -> Refusal | None:
        if token == self.world.token:
            return None
        number, colon, secret = token.partition(":")
        # Telegram answers 404 to what can't be a token and 401 to one that is not valid (any more).
        return Refusal(401, "Unauthorized") if colon and number.isdigit() and secret else Refusal(404, "Not Found")

    def _run(self, method: str, params: Params) -> Any:
        handler = REGISTRY.get(method)
        if handler is None:
            raise Refusal(404, "Not Found: method not found")
        with self.world.lock:
            if self.enforce_limits:
                self.limits.check(method, params.integer("chat_id"))
            return handler(self.world, params)

    async def _goes_on(self, fault: Fault, exchange: Exchange, call: Call) -> bool:
        """Let a fault happen; tells whether the call itself still takes place."""
        refusal = fault.refusal()
        if refusal is not None:
            await asyncio.sleep(float(fault.options.get("seconds", 0)))
            await self._answer(exchange, call, refusal)
            return False
        if fault.kind == "drop":
            await exchange.drop()
            return False
        if fault.kind == "hang":
            await self._until_gone(exchange)
            return False
        if fault.kind == "slow":
            await asyncio.sleep(float(fault.options.get("seconds", 1)))
        return True

    async def _until_gone(self, exchange: Exchange) -> None:
        """Never answer: wait until the caller or the stand-in gives up."""
        gone = asyncio.create_task(exchange.gone())
        stopped = asyncio.create_task(self.stopping.wait())
        try:
            await asyncio.wait([gone, stopped], return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            stopped.cancel()
        await exchange.drop()

    async def _get_updates(self, exchange: Exchange, params: Params) -> list[Json]:
        """Long polling: confirm by offset, wait for updates, give way to a younger request with 409."""
        world = self.world
        if isinstance(params.get("allowed_updates"), list):
            world.allowed_updates = [str(kind) for kind in params.get("allowed_updates")]
        limit = max(1, min(100, params.integer("limit", 100)))
        timeout = max(0, min(_MAX_POLL_SECONDS, params.integer("timeout")))
        self._confirm(params.integer("offset"))
        if self._poll is not None:
            self._poll.set()
        ousted = self._poll = asyncio.Event()
        changed = asyncio.Event()
        waiter = world.add_waiter(changed)
        gone = asyncio.create_task(exchange.gone())
        watchers = [gone, asyncio.create_task(ousted.wait()), asyncio.create_task(self.stopping.wait())]
        deadline = asyncio.get_running_loop().time() + timeout
        try:
            while True:
                changed.clear()
                if ousted.is_set():
                    raise Refusal(409, _CONFLICT)
                if world.updates and not gone.done():
                    with world.lock:
                        return list(world.updates)[:limit]
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0 or gone.done() or self.stopping.is_set():
                    return []
                something = asyncio.create_task(changed.wait())
                await asyncio.wait([something, *watchers], timeout=left, return_when=asyncio.FIRST_COMPLETED)
                something.cancel()
        finally:
            for watcher in watchers:
                watcher.cancel()
            world.drop_waiter(waiter)
            if self._poll is ousted:
                self._poll = None

    def _confirm(self, offset: int) -> None:
        with self.world.lock:
            updates = self.world.updates
            if offset < 0:
                while len(updates) > -offset:
                    updates.popleft()
            while offset > 0 and updates and updates[0]["update_id"] < offset:
                updates.popleft()

    async def _answer(self, exchange: Exchange, call: Call | None, refusal: Refusal | None, result: Any = None) -> None:
        code = 200 if refusal is None else refusal.code
        body = {"ok": True, "result": result} if refusal is None else refusal.as_json()
        if call is not None:
            call.code = code
            call.description = None if refusal is None else refusal.description
            self.world.changed()
        headers = {}
        if refusal is not None and refusal.parameters and "retry_after" in refusal.parameters:
            headers["Retry-After"] = str(refusal.parameters["retry_after"])
        await exchange.send(code, json.dumps(body, ensure_ascii=False).encode(), "application/json", headers)
