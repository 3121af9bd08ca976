"""A number of each request: in every line that is logged of it, in its answer's head, and in what an error says.

It is ours, never the client's or a proxy's: nobody writes into the log what they like. It says nothing of who asked.
"""

import logging
import os
from itertools import count
from types import MappingProxyType
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from duty_teller.utils.logs import ABOUT

logger = logging.getLogger(__name__)

HEADER: Final = b"x-request-id"
_KEY: Final = "request"
_PROCESS: Final = os.urandom(3).hex()  # two processes never give the same ones
_numbers = count(1)
_REFUSED: Final = 400


def new() -> str:
    """Returns the next number: `a1b2c3-4f`."""
    return f"{_PROCESS}-{next(_numbers):x}"


class RequestIds:
    """Gives each request its number. It is the outermost: an answer to a crash has one, too.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = new()
        ABOUT.set(MappingProxyType({_KEY: number}))  # of this request's task, and of the threads that work for it
        head = (HEADER, number.encode())

        async def with_number(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], head]
                if message["status"] >= _REFUSED:  # whoever quotes the number is found where the log is talkative
                    logger.debug("%s was answered with %s", scope["method"], message["status"])
            await send(message)

        await self._app(scope, receive, with_number)


def current() -> str:
    """Returns the number of the request that is answered here; empty outside of one."""
    return str(ABOUT.get().get(_KEY, ""))
