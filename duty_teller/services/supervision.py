"""Looking after the process from inside: whoever should live and does not ends it, and only a whole one feeds systemd.

Restarting is the supervisor's work (systemd's `Restart=on-failure`, a container's policy): what is half dead ends, with
its cause in the log.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from duty_teller.config import CERTIFICATES, PROXIES, set_variables
from duty_teller.db.file import DatabaseGoneError
from duty_teller.db.trouble import cause_of
from duty_teller.services.health import Health
from duty_teller.utils import systemd

logger = logging.getLogger(__name__)

_EVERY: Final = 10.0
_ASK_EVERY: Final = 30.0
"""Seconds between two questions to a database of which nothing bad is known."""
_LATE: Final = 5.0
"""Seconds by which a look may come late; after more the process was halted, and the others have not run either."""
_FAREWELL: Final = 5.0
"""Seconds for which the health answer shows that the database has gone."""
_LAST_WORDS: Final = 20.0
"""Seconds the admins may take to be told of it: Telegram may be slow just then."""
_ANSWER: Final = 15.0
"""Seconds the database has for one read: its own writers may hold it for less."""


class PartDiedError(Exception):
    """A part of the process does not run any more, though nothing was raised."""


class Watch:
    """Looks every ten seconds whether loop, tick and polling live, and every half minute whether the database does.

    When the tick has trouble, or systemd gives less time, the database is asked sooner.

    Args:
        health: Of the process; what the database says is noted there.
        ask_database: Reads something; called in a thread.
        ended: Says which part of the bot has ended in silence; an empty text while all of it lives.
        monotonic: Returns seconds.
    """

    def __init__(
        self,
        health: Health,
        ask_database: Callable[[], object],
        ended: Callable[[], str],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._health = health
        self._ask_database = ask_database
        self._ended = ended
        self._monotonic = monotonic
        self._gone: DatabaseGoneError | None = None
        self._asked: asyncio.Future[object] | None = None
        self._ask_every = min(_ASK_EVERY, (systemd.watchdog_seconds() or _ASK_EVERY * 3) / 3)
        self._every = min(_EVERY, self._ask_every)

    async def run(self) -> None:
        """Looks until something is dead.

        Raises:
            PartDiedError: It is.
            DatabaseGoneError: The database file was removed or replaced; the health answer has shown it for a while,
                and the tick has had time to tell the admins.
        """
        asked = float("-inf")
        while True:
            trouble = self._health.tick_trouble or self._health.database_trouble
            if trouble or self._monotonic() - asked >= self._ask_every - 1:
                asked = self._monotonic()
                await self.feed()
            if self._gone is not None:
                await self._let_admins_be_told()
                raise self._gone
            before = self._monotonic()
            await asyncio.sleep(self._every)
            if self._monotonic() - before <= self._every + _LATE:
                self.look()

    async def _let_admins_be_told(self) -> None:
        begun = self._monotonic()
        await asyncio.sleep(_FAREWELL)
        while self._health.telling_admins and self._monotonic() - begun < _LAST_WORDS:  # noqa: ASYNC110  # an attribute
            await asyncio.sleep(0.1)

    def look(self) -> None:
        """Raises PartDiedError when a part of the bot is dead."""
        now = self._monotonic()
        if why := self._ended():
            raise PartDiedError(why)
        if self._health.tick_is_dead(now):
            raise PartDiedError("the tick does not run any more")
        if self._health.polling_is_dead(now):
            raise PartDiedError("nobody polls Telegram any more")

    async def feed(self) -> None:
        """Asks the database, and tells systemd that the process is whole; with a dead database it is not."""
        why = await self._database_trouble()
        if why != self._health.database_trouble:
            self._health.database_trouble = why
            if why:
                logger.error("the database does not answer: %s", why)
            else:
                logger.warning("the database answers again")
        if not why:
            systemd.notify(f"WATCHDOG=1\nSTATUS=Telegram: {self._health.telegram}")

    async def _database_trouble(self) -> str:
        if self._asked is None:
            self._asked = asyncio.get_running_loop().run_in_executor(None, self._ask_database)
        await asyncio.wait({self._asked}, timeout=_ANSWER)
        if not self._asked.done():
            return f"no answer within {_ANSWER:.0f} s"
        error, self._asked = self._asked.exception(), None
        if isinstance(error, DatabaseGoneError):
            self._gone = error
        return _brief(error) if error is not None else ""


def _brief(error: BaseException) -> str:
    """Returns an error without its statement and parameters."""
    if (known := cause_of(error)) is not None:
        return known.sentence
    cause: Any = getattr(error, "orig", None) or error
    return f"{type(cause).__name__}: {cause}"


def why_not_built(error: Exception) -> str:
    """Says in a sentence, without a secret, which variable is to blame that the bot cannot be built."""
    kind = type(error).__name__
    if isinstance(error, OSError) and (names := _named(CERTIFICATES)):  # an SSLError is one, too
        return f"set {names} to certificates that can be read ({kind}: {error.strerror or error})"
    if names := _named(PROXIES):
        if "socks" in str(error).lower():
            return f"set {names} to an http proxy: socks is not supported by this installation"
        if isinstance(error, ValueError) or kind == "InvalidURL":
            return f"set {names} to an address such as http://proxy:3128 ({kind})"
    return f"{kind}: {error}"


def _named(names: Sequence[str]) -> str:
    return " or ".join(set_variables(names))
