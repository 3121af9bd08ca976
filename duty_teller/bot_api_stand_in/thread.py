"""Running the stand-in in a thread of its own, for tests whose product lives in another process or loop."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.bot_api_stand_in.server import StandIn


@contextmanager
def run_in_thread(stand_in: StandIn, port: int = 0) -> Iterator[StandInClient]:
    """Start the stand-in in a thread; stop it at the end.

    Args:
        stand_in: not started yet. Its state methods may be called from any thread while it runs.
        port: 0 takes a free one.

    Yields:
        A client for it.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="bot-api-stand-in", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(stand_in.start(port), loop).result(10)
        try:
            with StandInClient(stand_in.base_url) as client:
                yield client
        finally:
            asyncio.run_coroutine_threadsafe(stand_in.stop(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
