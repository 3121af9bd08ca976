"""The control door (`/_control/…`): the same actions over HTTP, for tests and the play page."""

import asyncio
import base64
import inspect
import json
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from typing import Any

from duty_teller.bot_api_stand_in.model import Stage
from duty_teller.bot_api_stand_in.refusals import ControlError, Json, Refusal
from duty_teller.bot_api_stand_in.wire import Exchange

ACTIONS = (
    "add_group",
    "add_user",
    "advance_clock",
    "block_bot",
    "callback_answer",
    "calls",
    "choose_inline",
    "clear_calls",
    "clear_faults",
    "clear_history",
    "close_topic",
    "commands",
    "commands_for",
    "create_topic",
    "delete_message",
    "delete_topic",
    "download",
    "edit_text",
    "fault",
    "init_data",
    "inline_query",
    "kick_bot",
    "last_message",
    "menu_button",
    "messages",
    "overview",
    "pinned",
    "press",
    "press_keyboard",
    "press_start",
    "reopen_topic",
    "return_bot",
    "send_contact",
    "send_document",
    "send_text",
    "set_bot_rights",
    "set_limits",
    "set_member",
    "set_mini_app_base_url",
    "set_title",
    "upgrade_to_supergroup",
    "web_app_url",
)
_LONGEST_WAIT = 25.0
_REMEMBERED = 100
"""Wishes whose results are kept for who asks again, because the answer was lost."""


@cache
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)


class Control:
    """Calls the public actions of the stand-in by name with JSON arguments; bytes travel as base64."""

    def __init__(self, target: Any, stopping: asyncio.Event) -> None:
        self._target = target
        self._stopping = stopping
        self._done: OrderedDict[str, Any] = OrderedDict()

    async def call(self, exchange: Exchange, action: str) -> None:
        """Answer `POST /_control/<action>` with `{"result": …}` or `{"error": …}`.

        Two arguments are the door's own: what has the same `once` is done once, and what has a `world` is meant for the
        demo of that name (its page's `born`) and for no later one.
        """
        if exchange.method != "POST":
            await self._answer(exchange, 405, {"error": "POST only"})
            return
        if not exchange.header("content-type").startswith("application/json"):
            # A foreign page can't send this type without asking first, and nobody grants it.
            await self._answer(exchange, 415, {"error": "application/json only"})
            return
        try:
            arguments = json.loads(await exchange.body() or b"{}")
            result = await self.wait(**arguments) if action == "wait" else self._run_once(action, arguments)
        except (ControlError, Refusal, TypeError, ValueError) as error:
            await self._answer(exchange, 400, {"error": str(error)})
            return
        await self._answer(exchange, 200, {"result": result})

    def _run_once(self, action: str, arguments: Json) -> Any:
        once, world = (arguments.pop(name, None) for name in ("once", "world"))
        stage: Stage | None = self._target.stage
        if once in self._done:
            return self._done[once]
        if world is not None and (stage is None or stage.world != world):
            raise ControlError(f"{action} was meant for a demo that has ended")
        result = self.run(action, arguments)
        if once is not None:
            self._done[once] = result
            if len(self._done) > _REMEMBERED:
                self._done.popitem(last=False)
        return result

    def run(self, action: str, arguments: Json) -> Any:
        """Do an action; any thread may.

        Raises:
            ControlError: there is no such action, or it takes other arguments.
            Refusal: nobody could do that in Telegram.
            ValueError: an argument makes no sense.
        """
        stage: Stage | None = self._target.stage
        if action in ACTIONS:
            function = getattr(self._target, action)
        elif stage is not None and action in stage.actions:
            function = stage.actions[action]
        else:
            raise ControlError(f"no action {action!r}")
        if "data" in arguments:
            arguments = {**arguments, "data": base64.b64decode(arguments["data"], validate=True)}
        try:
            _signature(function.__func__).bind(self._target, **arguments)
        except TypeError as error:
            raise ControlError(f"{action}: {error}") from None
        result = function(**arguments)
        return base64.b64encode(result).decode() if isinstance(result, bytes) else result

    async def wait(self, version: int = 0, timeout: float = 10) -> int:  # noqa: ASYNC109 — the caller's own wish
        """Return as soon as the state has another version than the one given, or after the time."""
        changed = asyncio.Event()
        waiter = self._target.add_waiter(changed)
        tasks = [asyncio.create_task(changed.wait()), asyncio.create_task(self._stopping.wait())]
        try:
            if self._target.version == version:
                await asyncio.wait(tasks, timeout=min(timeout, _LONGEST_WAIT), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            self._target.drop_waiter(waiter)
        return int(self._target.version)

    @staticmethod
    async def _answer(exchange: Exchange, status: int, body: Json) -> None:
        await exchange.send(status, json.dumps(body, ensure_ascii=False).encode(), "application/json")
