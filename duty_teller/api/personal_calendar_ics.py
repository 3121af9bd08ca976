"""Building the feeds: shifts in, the bytes of an iCalendar out; they change only with the shifts, names or the day.

The events are those of `exporters.calendar_file`. A removed shift stays as CANCELLED for 7 days, one that had begun,
too: a client that keeps by UID has what is stored, also when a take-over is taken back. PT1H, never P1H.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import Final

from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.models import Roster
from duty_teller.exporters.calendar_file import calendar_bytes, event_bytes, new_calendar
from duty_teller.exporters.model import ExportShift
from duty_teller.i18n import t
from duty_teller.utils.dates import local_day, midnight

PAST: Final = timedelta(days=90)
AHEAD: Final = timedelta(days=400)
CANCELLED_FOR: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Window:
    """What a feed shows: whole local days of one zone; it moves at that zone's midnight and only then."""

    start: datetime
    end: datetime
    opened: datetime

    @property
    def cancelled(self) -> datetime:
        """What was cancelled after this is still shown."""
        return self.opened - CANCELLED_FOR

    @classmethod
    def at(cls, now: datetime, timezone: str) -> "Window":
        """Returns the window of the local day that `now` lies in."""
        return _window(local_day(now, timezone), timezone)


@lru_cache(maxsize=64)
def _window(today: date, timezone: str) -> Window:
    """Is asked by every read of a feed, and is the same all day."""
    start, end = midnight(today - PAST, timezone), midnight(today + AHEAD, timezone)
    return Window(start, end, midnight(today, timezone))


@dataclass(frozen=True, slots=True)
class Feed:
    """A finished feed: its bytes, and when its content last changed."""

    body: bytes
    last_modified: datetime


def build_feed(
    session: Session,
    rosters: Sequence[Roster],
    user_id: int | None,
    lang: str,
    window: Window,
    page_url: str,
) -> Feed:
    """Builds the calendar of one person, or of the team.

    Args:
        session: Where to read.
        rosters: Which rosters.
        user_id: Only this person's shifts; None: everybody's.
        lang: The owner's language.
        window: From `Window.at`.
        page_url: Where the calendar can be looked at, or nothing.
    """
    by_id = {roster.id or 0: roster for roster in rosters}
    names = repository.names_of_all(session)
    title = (
        t(lang, "feed.personal", name=names.get(user_id, "?")) if user_id is not None else _team_title(lang, rosters)
    )
    calendar = new_calendar(title)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    if page_url:
        calendar.add("url", page_url)
    events = (
        event_bytes(
            ExportShift.of(duty, names.get(duty.user_id, "?")),
            by_id[duty.roster_id].timezone,
            by_id[duty.roster_id].name,
            lang,
            len(rosters) > 1,
            duty.cancelled_at is not None,
        )
        for duty in repository.shifts_of_feed(session, list(by_id), window.start, window.end, window.cancelled, user_id)
    )
    return Feed(calendar_bytes(calendar, events), last_modified(session, rosters, window))


def last_modified(session: Session, rosters: Sequence[Roster], window: Window) -> datetime:
    """Returns when a feed may have changed last.

    Not the newest change of its shifts: what was taken off long ago is among them no longer.
    """
    changed = repository.last_change_at(session, [roster.id for roster in rosters])
    return max(changed or window.opened, window.opened)


def mark_of_feed(session: Session, rosters: Sequence[Roster], user_id: int | None, window: Window) -> bytes:
    """Returns what is the same as before only where `build_feed` of that window would build the same."""
    numbers = [roster.id or 0 for roster in rosters]
    return repository.mark_of_feed(session, numbers, window.start, window.end, window.cancelled, user_id)


def _team_title(lang: str, rosters: Sequence[Roster]) -> str:
    named = [roster.name for roster in rosters if roster.name]
    return ", ".join(named) if named else t(lang, "feed.team")


@lru_cache(maxsize=256)
def http_date(moment: datetime) -> bytes:
    """Writes an instant as HTTP does (IMF-fixdate, always English)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True).encode()
