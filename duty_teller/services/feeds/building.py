"""Building calendars: shifts in, the bytes of an iCalendar out. They change only with what they show, or with the day.

The events are those of `exporters.calendar_file`. A removed shift stays as CANCELLED for 7 days, one that had begun,
too: a client that keeps by UID has what is stored, also when a take-over is taken back. So it is with the shifts to
come of a roster that went out of use. PT1H, never P1H.

What moves an event: its shift (`Duty.sequence`, raised by the write door, also where somebody or a roster is called
otherwise), and the link that shows it (`CalendarLink.shown_times`: the owner's language, the alarm).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import Roster
from duty_teller.exporters.calendar_file import calendar_bytes, event_bytes, new_calendar
from duty_teller.exporters.model import ExportShift
from duty_teller.i18n import t
from duty_teller.utils.dates import local_day, midnight

PAST_DAYS: Final = 90
AHEAD_DAYS: Final = 400
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
    def at(cls, now: datetime, timezone: str, past: int = PAST_DAYS, ahead: int = AHEAD_DAYS) -> "Window":
        """Returns the window of the local day that `now` lies in, so many days back and ahead."""
        return _window(local_day(now, timezone), timezone, past, ahead)


@lru_cache(maxsize=64)
def _window(today: date, timezone: str, past: int, ahead: int) -> Window:
    """Is asked by every read of a feed, and is the same all day."""
    start, end = midnight(today - timedelta(days=past), timezone), midnight(today + timedelta(days=ahead), timezone)
    return Window(start, end, midnight(today, timezone))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which feed, and how it looks.

    Attributes:
        user_id: Only this person's shifts; None: everybody's.
        roster_id: Only this roster's; None: of all.
        language: The owner's.
        alarm_minutes: How long before a duty the calendar rings; None: never.
        shown_times: Of the link.
        shown_at: Of the link.
    """

    user_id: int | None
    roster_id: int | None
    language: str
    alarm_minutes: int | None = None
    shown_times: int = 0
    shown_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A finished feed: its bytes, and when its content last changed."""

    body: bytes
    last_modified: datetime


def rosters_of_feed(session: Session, wanted: Wanted, window: Window) -> list[Roster]:
    """Returns the rosters that a feed tells of, oldest first: retired ones, too, as long as anything of them shows."""
    rows = session.exec(select(Roster).order_by(col(Roster.id)))
    return [
        roster
        for roster in rows
        if wanted.roster_id in (None, roster.id) and (roster.retired_at is None or roster.retired_at > window.start)
    ]


def build_feed(session: Session, rosters: Sequence[Roster], wanted: Wanted, window: Window, page_url: str) -> Feed:
    """Builds the calendar of one person, of a roster, or of the team.

    Args:
        session: Where to read.
        rosters: Of `rosters_of_feed`.
        wanted: Which feed.
        window: From `Window.at`.
        page_url: Where the calendar can be looked at, or nothing.
    """
    names, lang = repository.names_of_all(session), wanted.language
    in_use = [roster for roster in rosters if roster.retired_at is None]
    if wanted.user_id is not None:
        title = t(lang, "feed.personal", name=names.get(wanted.user_id, "?"))
    else:
        title = _team_title(lang, in_use or rosters)
    calendar = new_calendar(title)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    if page_url:
        calendar.add("url", page_url)
    events = _events(session, rosters, names, wanted, window)
    return Feed(calendar_bytes(calendar, events), last_modified(session, rosters, wanted, window))


def _events(
    session: Session, rosters: Sequence[Roster], names: dict[int, str], wanted: Wanted, window: Window
) -> Iterator[bytes]:
    by_id = {roster.id or 0: roster for roster in rosters}
    several = sum(roster.retired_at is None for roster in rosters) > 1
    found = repository.shifts_of_feed(session, list(by_id), window.start, window.end, window.cancelled, wanted.user_id)
    for duty in found:
        roster = by_id[duty.roster_id]
        cancelled = duty.cancelled_at is not None
        if roster.retired_at is not None and duty.end_at > roster.retired_at:
            if roster.retired_at <= window.cancelled:
                continue
            cancelled = True
        shift = ExportShift.of(duty, names.get(duty.user_id, "?"))
        if wanted.shown_times:
            changed = max(shift.updated_at, wanted.shown_at or shift.updated_at)
            shift = replace(shift, sequence=shift.sequence + wanted.shown_times, updated_at=changed)
        yield event_bytes(
            shift,
            roster.timezone,
            roster.name,
            wanted.language,
            several,
            cancelled,
            alarm_minutes=wanted.alarm_minutes,
        )


def last_modified(session: Session, rosters: Sequence[Roster], wanted: Wanted, window: Window) -> datetime:
    """Returns when a feed may have changed last.

    Not the newest change of its shifts: what was taken off long ago is among them no longer.
    """
    changed = repository.last_change_at(session, [roster.id for roster in rosters])
    moments = [changed, wanted.shown_at, *(moment for one in rosters for moment in (one.shown_at, one.retired_at))]
    return max([window.opened, *(moment for moment in moments if moment is not None)])


def mark_of_feed(session: Session, rosters: Sequence[Roster], wanted: Wanted, window: Window) -> bytes:
    """Returns what is the same as before only where `build_feed` of that window would build the same."""
    numbers = [roster.id or 0 for roster in rosters]
    return repository.mark_of_feed(session, numbers, window.start, window.end, window.cancelled, wanted.user_id)


def _team_title(lang: str, rosters: Sequence[Roster]) -> str:
    named = [roster.name for roster in rosters if roster.name]
    return ", ".join(named) if named else t(lang, "feed.team")
