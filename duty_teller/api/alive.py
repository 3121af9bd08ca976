"""Whether the process lives: what `/healthz` says, from the first moment on, when little else is loaded."""

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from duty_teller.api.errors import error_object
from duty_teller.db.session import look_at_database
from duty_teller.db.trouble import Cause, cause_of
from duty_teller.services.health import Health

logger = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 0.15
_SILENT_SECONDS: Final = 2.0


class DatabaseLook:
    """Asks how the database does, in a thread of its own; belongs to one event loop.

    Args:
        database_url: Which one.
    """

    def __init__(self, database_url: str) -> None:
        self._work = partial(look_at_database, database_url)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="web-health")
        self._looked_at = 0.0
        self._last: Cause | None = None
        self._under_way: asyncio.Future[Cause | None] | None = None

    async def trouble(self) -> Cause | None:
        """Returns what is wrong with the database, or was a moment ago: it takes a fifth of a second at most."""
        look = self._under_way
        if look is None or look.done():
            look = self._under_way = asyncio.get_running_loop().run_in_executor(self._thread, self._work)
            self._looked_at = time.monotonic()
        done, _pending = await asyncio.wait({look}, timeout=_LOOK_SECONDS)
        if done:  # not what `_under_way` is now: who asked meanwhile may have begun another
            self._last = look.result()
        elif time.monotonic() - self._looked_at > _SILENT_SECONDS:
            self._last = Cause.SILENT
        return self._last

    def close(self) -> None:
        """Lets no more looks begin."""
        self._thread.shutdown(wait=False, cancel_futures=True)


async def health_answer(health: Health, look: DatabaseLook) -> tuple[int, dict[str, Any]]:
    """Returns status and body of the health answer: 200 while the database answers, 503 while it does not."""
    try:
        cause = await look.trouble()
    except Exception as error:  # no thread can be begun, say: who supervises is told so in the one shape it knows
        logger.exception("whether the database answers could not be asked")
        cause = cause_of(error) or Cause.SILENT
    answer = health.as_json(time.monotonic())
    answer["database"] = {"state": "ok" if cause is None else cause.value}
    if cause is None:
        return 200, answer
    answer["status"] = "degraded"
    others = [text for text in answer["problems"] if not text.startswith("database:")]
    answer["problems"] = [*others, said(cause)]
    answer["error"] = error_object("unavailable", said(cause))
    return 503, answer


def said(cause: Cause) -> str:
    """Returns what is wrong with the database, as one of the problems."""
    return f"database: {cause.sentence}"
