"""Calendars that somebody else serves: which there are, when each is fetched, what each said when it was last good."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from duty_teller.config import NamedCalendar
from duty_teller.db import repository
from duty_teller.db.models import ExternalCalendar, ExternalEvent, Roster
from duty_teller.domain.happenings import Expanded
from duty_teller.i18n.core import LocalizedError, t
from duty_teller.services.rosters import rosters
from duty_teller.utils.dates import local_day
from duty_teller.utils.web_address import Known, checked_address

BACK: Final = timedelta(days=90)
AHEAD: Final = timedelta(days=400)
"""The days around today whose events are kept."""
_EVERY: Final = timedelta(hours=1)
_AGAIN: Final = timedelta(minutes=15)
_AGAIN_AT_MOST: Final = timedelta(hours=6)
_WINDOW_LEFT: Final = timedelta(days=370)
"""With fewer days known ahead a calendar is read whole, even one that has not changed."""
LONGEST_NAME: Final = 60
MOST: Final = 20
"""Calendars of a roster."""
_EVENTS: Any = sa.table(
    "external_events",
    sa.column("calendar_id"),
    sa.column("first_day", sa.Date()),
    sa.column("last_day", sa.Date()),
    *(sa.column(name) for name in ("start_at", "end_at", "title")),
)
"""Instants as they are stored: thousands of rows go in at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is needed to fetch a calendar, detached."""

    id: int
    url: str
    known: Known
    first: date
    last: date
    timezone: str
    naming: bool


@dataclass(frozen=True, slots=True)
class CalendarState:
    """How a calendar is doing, detached; without its address.

    Attributes:
        id: Its number.
        roster_id: Whose it is.
        roster: The name of that roster.
        name: What it is called.
        host: Of its address.
        from_setting: It comes from EXTERNAL_CALENDAR_ICS_URL.
        is_absences: Its events are absences.
        events: How many occurrences are kept.
        left_out: Events that could not be read.
        good_at: When it was last good; None: it never was.
        trouble: Why it is not now: a key of the catalogue, or nothing.
        trouble_args: For it.
        unknown: Names of absences that are nobody's.
    """

    id: int
    roster_id: int
    roster: str
    name: str
    host: str
    from_setting: bool
    is_absences: bool
    events: int
    left_out: int
    good_at: datetime | None
    trouble: str
    trouble_args: dict[str, Any]
    unknown: tuple[str, ...]

    def why(self, lang: str) -> str:
        """Says why it is not good now."""
        return t(lang, self.trouble, **self.trouble_args)


def calendars(session: Session, roster_id: int | None = None) -> list[CalendarState]:
    """Returns how the calendars of a roster, or of all in use, are doing."""
    counts = select(ExternalEvent.calendar_id, sa.func.count()).group_by(col(ExternalEvent.calendar_id))
    events: dict[int, int] = dict(session.exec(counts).all())
    live = {roster.id: roster.name for roster in repository.rosters(session)}
    statement = select(ExternalCalendar).order_by(col(ExternalCalendar.roster_id), col(ExternalCalendar.id))
    return [
        CalendarState(
            id=row.id or 0,
            roster_id=row.roster_id,
            roster=live[row.roster_id],
            name=row.name,
            host=urlsplit(row.url).hostname or "",
            from_setting=row.from_setting,
            is_absences=row.is_absences,
            events=events.get(row.id or 0, 0),
            left_out=row.left_out,
            good_at=row.good_at,
            trouble=row.trouble,
            trouble_args=json.loads(row.trouble_args),
            unknown=tuple(json.loads(row.unknown)),
        )
        for row in session.exec(statement)
        if row.roster_id in live and roster_id in (None, row.roster_id)
    ]


def add(session: Session, roster_id: int, name: str, address: str, now: datetime) -> int:
    """Adds a calendar; it is fetched next. Returns its number.

    Args:
        session: A writing session.
        roster_id: The roster.
        name: What people call it.
        address: http, https or webcal.
        now: The present instant.

    Raises:
        RosterGoneError: The roster was retired.
        LocalizedError: `calendars.name`, `calendars.taken`, `calendars.most`, `fetch.address`.
    """
    rosters.get(session, roster_id)
    words = " ".join(name.split())
    if not words or len(words) > LONGEST_NAME:
        raise LocalizedError("calendars.name", limit=LONGEST_NAME)
    stored = session.exec(select(ExternalCalendar).where(ExternalCalendar.roster_id == roster_id)).all()
    if any(one.name.casefold() == words.casefold() for one in stored):
        raise LocalizedError("calendars.taken", name=words)
    if len(stored) >= MOST:
        raise LocalizedError("calendars.most", limit=MOST)
    row = ExternalCalendar(roster_id=roster_id, name=words, url=checked_address(address), next_at=now)
    session.add(row)
    session.flush()
    return row.id or 0


def get(session: Session, calendar_id: int) -> ExternalCalendar:
    """Returns a calendar.

    Raises:
        LocalizedError: `calendars.gone`.
    """
    row = session.get(ExternalCalendar, calendar_id)
    if row is None:
        raise LocalizedError("calendars.gone")
    return row


def remove(session: Session, calendar_id: int) -> None:
    """Forgets a calendar and its events.

    Raises:
        LocalizedError: As `check_removable`.
    """
    check_removable(session, calendar_id)
    session.delete(get(session, calendar_id))


def check_removable(session: Session, calendar_id: int) -> None:
    """Looks that a calendar may be removed.

    Raises:
        LocalizedError: `calendars.gone`; `calendars.of_setting`, it would come back at the next start.
    """
    if get(session, calendar_id).from_setting:
        raise LocalizedError("calendars.of_setting")


def _wanted(session: Session, named: Sequence[NamedCalendar]) -> dict[tuple[int, str], str]:
    return {
        (roster.id or 0, one.name): one.url
        for roster in repository.rosters(session)
        for one in named
        if one.roster.casefold() in ("", roster.name.casefold())
    }


def _of_setting(session: Session) -> dict[tuple[int, str], ExternalCalendar]:
    rows = session.exec(select(ExternalCalendar).where(col(ExternalCalendar.from_setting)))
    return {(row.roster_id, row.name): row for row in rows}


def follows_setting(session: Session, named: Sequence[NamedCalendar]) -> bool:
    """Tells whether the calendars of the setting are those that are stored."""
    return {key: row.url for key, row in _of_setting(session).items()} == _wanted(session, named)


def dropped(session: Session, named: Sequence[NamedCalendar]) -> list[int]:
    """Returns the calendars of the setting that are not in it any more."""
    wanted = _wanted(session, named)
    return [row.id or 0 for key, row in _of_setting(session).items() if wanted.get(key) != row.url]


def follow_setting(session: Session, named: Sequence[NamedCalendar], now: datetime) -> None:
    """Stores the calendars of the setting, and forgets those that are not in it any more."""
    wanted, stored = _wanted(session, named), _of_setting(session)
    for number in dropped(session, named):
        session.delete(get(session, number))
    session.flush()
    for (roster_id, name), url in wanted.items():
        if (roster_id, name) not in stored or stored[roster_id, name].url != url:
            session.add(ExternalCalendar(roster_id=roster_id, name=name, url=url, from_setting=True, next_at=now))


def due(session: Session, now: datetime) -> list[int]:
    """Returns the calendars to fetch now; after a step of the clock back, those whose turn is too far away, too."""
    far = now + _AGAIN_AT_MOST + _EVERY
    statement = (
        select(ExternalCalendar.id)
        .join(Roster, col(Roster.id) == col(ExternalCalendar.roster_id))
        .where(col(Roster.retired_at).is_(None))
        .where(sa.or_(col(ExternalCalendar.next_at) <= now, col(ExternalCalendar.next_at) > far))
    )
    return [number or 0 for number in session.exec(statement.order_by(col(ExternalCalendar.next_at)))]


def asked(session: Session, calendar_id: int, now: datetime) -> Asked:
    """Returns what is needed to fetch a calendar.

    Raises:
        LocalizedError: `calendars.gone`.
    """
    row = get(session, calendar_id)
    timezone = rosters.get(session, row.roster_id).timezone
    today = local_day(now, timezone)
    known = Known(row.etag, row.last_modified)
    if row.timezone != timezone or row.known_until is None or row.known_until < today + _WINDOW_LEFT:
        known = Known()
    return Asked(calendar_id, row.url, known, today - BACK, today + AHEAD, timezone, row.is_absences)


def note_good(session: Session, asked: Asked, known: Known, expanded: Expanded | None, now: datetime) -> None:
    """Keeps what a calendar said.

    Args:
        session: A writing session.
        asked: From `asked`; a calendar that was removed or given another address meanwhile is left alone.
        known: To be sent at the next time.
        expanded: Its events; None: they are as they were.
        now: The present instant.
    """
    row = session.get(ExternalCalendar, asked.id)
    if row is None or row.url != asked.url:
        return
    row.good_at, row.next_at, row.failures, row.trouble, row.trouble_args = now, now + _EVERY, 0, "", "{}"
    if expanded is not None:
        row.etag, row.last_modified, row.left_out = known.etag, known.last_modified, expanded.left_out
        row.timezone, row.known_until = asked.timezone, asked.last
        _replace_events(session, asked.id, expanded)
    session.add(row)


def _replace_events(session: Session, calendar_id: int, expanded: Expanded) -> None:
    wanted = [
        {
            "calendar_id": calendar_id,
            "first_day": one.first_day,
            "last_day": one.last_day,
            "start_at": one.start,
            "end_at": one.end,
            "title": one.title,
        }
        for one in expanded.happenings
    ]
    session.exec(delete(ExternalEvent).where(col(ExternalEvent.calendar_id) == calendar_id))
    if wanted:
        session.connection().execute(_EVENTS.insert(), wanted)


def note_failure(session: Session, asked: Asked, error: LocalizedError, now: datetime) -> None:
    """Notes why a calendar could not be fetched: its last good copy stays, it is tried again later and later."""
    row = session.get(ExternalCalendar, asked.id)
    if row is None or row.url != asked.url:
        return
    row.failures += 1
    row.next_at = now + min(_AGAIN * 2 ** min(row.failures - 1, 8), _AGAIN_AT_MOST)
    row.trouble, row.trouble_args = error.key, json.dumps(dict(error.args_by_name), default=str)
    session.add(row)


def events(session: Session, roster_id: int, first: date, last: date) -> Iterable[tuple[ExternalEvent, str]]:
    """Returns the events of a roster's calendars that touch local days, and the calendars' names; no absences."""
    statement = (
        select(ExternalEvent, ExternalCalendar.name)
        .join(ExternalCalendar, col(ExternalCalendar.id) == col(ExternalEvent.calendar_id))
        .where(ExternalCalendar.roster_id == roster_id, col(ExternalCalendar.is_absences).is_(False))
        .where(col(ExternalEvent.first_day) <= last, col(ExternalEvent.last_day) >= first)
        .order_by(col(ExternalEvent.first_day), col(ExternalEvent.start_at).nulls_first(), col(ExternalEvent.id))
    )
    return session.exec(statement).all()
