"""What the routes share: settings, clock, and memory that is right because a commit anywhere is noticed at once."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from duty_teller.api.errors import ApiError
from duty_teller.api.telegram_auth import InitDataError, validate_init_data
from duty_teller.composition import writing
from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.session import ChangeWatch, session_scope
from duty_teller.i18n import LocalizedError, normalize_lang
from duty_teller.services.health import Health
from duty_teller.services.people import access
from duty_teller.services.people.access import Person

logger = logging.getLogger(__name__)

_REMEMBERED = 2000


class ApiState:
    """Belongs to one app and is used on its event loop.

    Every request asks `PRAGMA data_version` (4 µs). When it moved, somebody committed: what is known of people and
    links is forgotten, and the revisions are read anew; finished answers are kept under the revisions they were made
    from.
    """

    def __init__(self, settings: Settings, clock: Callable[[], datetime], secret: bytes, health: Health) -> None:
        self.settings = settings
        self.clock = clock
        self.secret = secret
        self.health = health
        self.reads: dict[int, tuple[datetime, str]] = {}
        self._watch = ChangeWatch(settings.database_url)
        self._token: object = None
        self._revisions: tuple[tuple[str, int], ...] = ()
        self._commits = 0
        self._people: dict[bytes, tuple[Person, datetime]] = {}
        self._forget: list[Callable[[], None]] = [self._people.clear]

    def on_commit_anywhere(self, forget: Callable[[], None]) -> None:
        """Has a function called (on the event loop) before the first request after a commit."""
        self._forget.append(forget)

    def revisions(self) -> tuple[tuple[str, int], ...]:
        """Returns all revision counters; what was kept from before a commit is forgotten first."""
        token = self._watch.token()
        if token != self._token:
            with session_scope(self.settings.database_url) as session:
                self._revisions = tuple(sorted(repository.revisions(session).items()))
            self._token = token
            self._commits += 1
            for forget in self._forget:
                forget()
        return self._revisions

    def commits_seen(self) -> int:
        """Returns a number that grows when a commit is noticed: what was read before is not to be kept after it."""
        return self._commits

    def known_person(self, init_data: bytes) -> Person | None:
        """Returns the person of launch data that were checked since the last commit. `revisions()` comes first."""
        known = self._people.get(init_data)
        return known[0] if known is not None and self.clock() < known[1] else None

    def authenticate(self, init_data: bytes) -> Person:
        """Checks launch data and returns the person. It may write (a name is bound, a row is made): a thread's work.

        Raises:
            ApiError: 401 `unauthorized` or `expired`, 403 `forbidden`.
        """
        now, seen = self.clock(), self._commits
        max_age = timedelta(seconds=self.settings.init_data_max_age_seconds)
        try:
            launch = validate_init_data(init_data.decode("latin-1"), self.settings.bot_token, now, max_age)
        except InitDataError as error:
            raise ApiError(401, error.code, error) from error
        url = self.settings.database_url
        with session_scope(url) as session:
            person = access.recognise(session, self.settings, launch.visitor)
            welcome = person is None and access.may_enter(session, self.settings, launch.visitor)
        if welcome:
            with writing(url) as session:
                person = access.admit(session, self.settings, launch.visitor, now)
        if person is None:
            language = normalize_lang(launch.visitor.language_code, self.settings.default_language)
            raise ApiError(403, "forbidden", LocalizedError("error.forbidden"), language)
        if len(self._people) >= _REMEMBERED:
            self._people.clear()
        if seen == self._commits:
            self._people[init_data] = (person, launch.auth_date + max_age)
        return person

    def close(self) -> None:
        """Gives the watching connection back."""
        self._watch.close()
