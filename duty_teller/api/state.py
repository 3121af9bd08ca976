"""What the routes share: settings, clock, and memory that is right because a commit anywhere is noticed at once."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from sqlmodel import Session

from duty_teller.api.alive import DatabaseLook
from duty_teller.api.errors import ApiError
from duty_teller.api.memory import AnswerMemory
from duty_teller.api.telegram_auth import InitDataError, LaunchData, validate_init_data
from duty_teller.composition import in_session, writing
from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.session import ChangeWatch, session_scope
from duty_teller.i18n import LocalizedError, normalize_lang
from duty_teller.services.health import Health
from duty_teller.services.people import access
from duty_teller.services.people.access import Person, Recognised
from duty_teller.utils.user import Visitor

logger = logging.getLogger(__name__)

T = TypeVar("T")

_REMEMBERED: Final = 2000
_FILES_AT_ONCE: Final = 2
"""Roster files that are read for the Mini App: each may take a gigabyte."""
_CHECKS_FILE_EVERY: Final = 0.005
"""Seconds for which answers may still come from memory when the file has gone: hot reads need not look each time."""
_HINT_SECONDS: Final = 0.2
_SERVER_SECONDS: Final = 5.0


class ApiState:
    """Belongs to one app and is used on its event loop.

    Every request asks `PRAGMA data_version` (4 µs). When it moved, somebody committed: what is known of people and
    links is forgotten, and the revisions are read anew; finished answers are kept under the revisions they were made
    from.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime],
        secret: bytes,
        health: Health,
        look: DatabaseLook | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.secret = secret
        self.health = health
        self.look = look or DatabaseLook(settings.database_url)
        self.memory = AnswerMemory()
        self.reading = asyncio.Semaphore(_FILES_AT_ONCE)
        self.backing_up = threading.Lock()
        self.under_way: set[asyncio.Task[Any]] = set()
        self.reads: dict[int, tuple[datetime, str]] = {}
        self._watch = ChangeWatch(settings.database_url, _CHECKS_FILE_EVERY)
        self._token: object = None
        self._revisions: tuple[tuple[str, int], ...] = ()
        self._commits = 0
        # Threads of their own: writers that wait for each other, or for a server, keep no reader waiting.
        self._writers = ThreadPoolExecutor(1, thread_name_prefix="web-writer")
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="web-watch")
        self._people: dict[bytes, tuple[Person, datetime]] = {}
        self._forget: list[Callable[[], None]] = [self._people.clear]

    def on_commit_anywhere(self, forget: Callable[[], None]) -> None:
        """Has a function called (on the event loop) before the first request after a commit."""
        self._forget.append(forget)

    def revisions(self) -> tuple[tuple[str, int], ...]:
        """Returns all revision counters; what was kept from before a commit is forgotten first.

        Not on the event loop where a server is asked: `current_revisions`.
        """
        token = self._watch.token()
        if token != self._token:
            self._note_commit(token, self._read_revisions())
        return self._revisions

    async def current_revisions(self) -> tuple[tuple[str, int], ...]:
        """Returns all revision counters, as `revisions` does; a server is asked in a thread.

        Raises:
            TimeoutError: The server does not answer.
        """
        if not self._watch.waits_for_a_server:
            return self.revisions()
        asked = asyncio.get_running_loop().run_in_executor(self._asking, self._ask_server)
        token, revisions = await asyncio.wait_for(asked, _SERVER_SECONDS)
        self._note_commit(token, revisions)
        return self._revisions

    def _ask_server(self) -> tuple[object, tuple[tuple[str, int], ...] | None]:
        token = self._watch.token()
        return token, None if token == self._token else self._read_revisions()

    def _read_revisions(self) -> tuple[tuple[str, int], ...]:
        with session_scope(self.settings.database_url) as session:
            return tuple(sorted(repository.revisions(session).items()))

    def _note_commit(self, token: object, revisions: tuple[tuple[str, int], ...] | None) -> None:
        """Takes over what was read after a commit; None: there was none."""
        if revisions is None:
            return
        self._revisions, self._token = revisions, token
        self._commits += 1
        for forget in self._forget:
            forget()

    def commits_seen(self) -> int:
        """Returns a number that grows when a commit is noticed: what was read before is not to be kept after it."""
        return self._commits

    def known_person(self, init_data: bytes) -> Person | None:
        """Returns the person of launch data that were checked since the last commit. `revisions()` comes first."""
        known = self._people.get(init_data)
        return known[0] if known is not None and self.clock() < known[1] else None

    async def authenticate(self, init_data: bytes) -> Person:
        """Checks launch data and returns the person. It may write: a name is bound, a row is made.

        A name that only wants storing is good to know and no more: where that takes long or fails, the person gets in.

        Raises:
            ApiError: 401 `unauthorized` or `expired`, 403 `forbidden`.
        """
        now, seen = self.clock(), self._commits
        max_age = timedelta(seconds=self.settings.init_data_max_age_seconds)
        try:
            launch, found = await asyncio.to_thread(self._look, init_data, now, max_age)
        except InitDataError as error:
            raise ApiError(401, error.code, error) from error
        person = found.person
        if found.to_store:
            admitting = asyncio.get_running_loop().run_in_executor(self._writers, self._admit, launch.visitor, now)
            if person is None:
                person = await admitting
            else:
                admitting.add_done_callback(_log_lost_hint)
                done, _pending = await asyncio.wait({admitting}, timeout=_HINT_SECONDS)
                person = admitting.result() if done and admitting.exception() is None else person
        if person is None:
            language = normalize_lang(launch.visitor.language_code, self.settings.default_language)
            raise ApiError(403, "forbidden", LocalizedError("error.forbidden"), language)
        if len(self._people) >= _REMEMBERED:
            self._people.clear()
        if seen == self._commits:
            self._people[init_data] = (person, launch.auth_date + max_age)
        return person

    def _look(self, init_data: bytes, now: datetime, max_age: timedelta) -> tuple[LaunchData, Recognised]:
        launch = validate_init_data(init_data.decode("latin-1"), self.settings.bot_token, now, max_age)
        with session_scope(self.settings.database_url) as session:
            return launch, access.recognise(session, self.settings, launch.visitor)

    def _admit(self, visitor: Visitor, now: datetime) -> Person | None:
        with writing(self.settings.database_url) as session:
            return access.admit(session, self.settings, visitor, now)

    async def db(self, work: Callable[[Session], T], write: bool = False) -> T:
        """Runs work in a session in a thread; no ORM object comes back.

        Args:
            work: Takes the session; what it returns must be detached.
            write: Open a writing session.
        """
        threads = self._writers if write else None
        return await asyncio.get_running_loop().run_in_executor(
            threads, in_session, self.settings.database_url, work, write
        )

    def close(self) -> None:
        """Gives the watching connection back and lets no more work begin."""
        self.memory.close()
        for threads in (self._writers, self._asking):
            threads.shutdown(wait=False, cancel_futures=True)
        self.look.close()
        self._watch.close()


def _log_lost_hint(writing: "asyncio.Future[Person | None]") -> None:
    if not writing.cancelled() and (error := writing.exception()) is not None:
        logger.warning("what is known of a person could not be stored: %s", type(error).__name__)
