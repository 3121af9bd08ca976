"""Reading a calendar of somebody else's: fetched here, expanded in a child process, kept where it was good."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from sqlmodel import Session

from duty_teller.config import Settings
from duty_teller.domain.happenings import Expanded
from duty_teller.i18n import LocalizedError
from duty_teller.importers.child import expand_in_child
from duty_teller.services import calendar_absences
from duty_teller.services.calendars import store
from duty_teller.services.calendars.store import Asked
from duty_teller.utils.http_client import Limits, fetch
from duty_teller.utils.memory import give_back
from duty_teller.utils.web_address import Known

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Reader(Protocol):
    """Whose database it is kept in: a half of the process."""

    settings: Settings

    def clock(self) -> datetime:
        """Returns the present instant."""
        ...

    async def db(self, work: Callable[[Session], T], write: bool = False) -> T:
        """Runs work in a session in a thread."""
        ...


async def refresh(app: Reader, calendar_id: int, limits: Limits | None = None) -> None:
    """Fetches a calendar and keeps what it says; where that fails, the last good copy stays and the reason is noted.

    Args:
        app: Whose clock, settings and database.
        calendar_id: One that is gone meanwhile is left alone.
        limits: Of the fetch; None: those of the settings.
    """
    try:
        asked = await app.db(partial(store.asked, calendar_id=calendar_id, now=app.clock()))
    except LocalizedError:
        return
    networks = app.settings.external_calendar_networks
    try:
        fetched = await fetch(asked.url, asked.known, limits or Limits(networks=networks))
        expanded = None
        if fetched.body is not None:
            expanded = await expand_in_child(
                fetched.body, asked.first, asked.last, asked.timezone, fetched.charset, asked.naming
            )
        keep = partial(_keep, app=app, asked=asked, known=fetched.known, expanded=expanded)
        del fetched
        await app.db(keep, write=True)
    except LocalizedError as error:
        logger.info("calendar %s cannot be read: %s", calendar_id, error.key)
        await app.db(partial(store.note_failure, asked=asked, error=error, now=app.clock()), write=True)
    finally:
        await asyncio.to_thread(give_back)


def _keep(session: Session, app: Reader, asked: Asked, known: Known, expanded: Expanded | None) -> None:
    store.note_good(session, asked, known, expanded, app.clock())
    calendar_absences.sync(session, app.settings, asked.id, expanded, app.clock())
