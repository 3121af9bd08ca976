"""Running the stand-in in a thread of its own, for tests whose product lives in another process or loop."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.bot_api_stand_in.refusals import ControlError, Json, Refusal
from duty_teller.bot_api_stand_in.server import StandIn
from duty_teller.bot_api_stand_in.watcher import Door, StandInError


def _door(stand_in: StandIn) -> Door:
    """The control door without HTTP in between; what goes through it is copied by way of JSON all the same."""

    def act(action: str, arguments: Json) -> Any:
        if action == "wait":
            return stand_in.wait_in_thread(arguments["version"], arguments.get("timeout", 0.0))
        try:
            result = stand_in.control.run(action, json.loads(json.dumps(arguments)))
            return orjson.loads(orjson.dumps(result, option=orjson.OPT_PASSTHROUGH_DATETIME))
        except (ControlError, Refusal, ValueError) as error:
            raise StandInError(str(error)) from None

    return act


@contextmanager
def run_in_thread(stand_in: StandIn, port: int = 0) -> Iterator[StandInClient]:
    """Start the stand-in in a thread; stop it at the end.

    Args:
        stand_in: not started yet. Its state methods may be called from any thread while it runs.
        port: 0 takes a free one.

    Yields:
        A client for it; it needs no HTTP.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="bot-api-stand-in", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(stand_in.start(port), loop).result(10)
        try:
            with StandInClient(stand_in.base_url, _door(stand_in)) as client:
                yield client
        finally:
            asyncio.run_coroutine_threadsafe(stand_in.stop(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
