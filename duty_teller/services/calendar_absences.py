"""A calendar of somebody else's that says who is away: its events become absences, by the write door.

What the calendar has brought is kept apart from what people enter: what it takes back, or changes, is taken back or
changed here; an absence that somebody has entered stays as it is, and one that was undone by hand does not come back.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session, select

from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, ExternalAbsence, ExternalCalendar, NoticeKind, Roster
from duty_teller.domain.happenings import Expanded
from duty_teller.domain.shift import ABSENCES, EventType, Shift
from duty_teller.i18n import get_lang
from duty_teller.services import schedule_service
from duty_teller.services.away import name_of, rosters_of
from duty_teller.services.calendars import store
from duty_teller.services.outbox import outbox
from duty_teller.services.people import access, matching
from duty_teller.services.schedule_service import Author, DiffItem, absences, edits
from duty_teller.services.schedule_service.asked_edits import SHIFT, AskedEdit, EditKind
from duty_teller.services.texts import changes
from duty_teller.services.texts.duty import span_text
from duty_teller.utils.dates import day_span, local_day, midnight

_NAMES_KEPT: Final = 10
_TELL_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, order=True)
class _Absence:
    user_id: int
    kind: EventType
    first: date
    last: date


def sync(session: Session, settings: Settings, calendar_id: int, expanded: Expanded | None, now: datetime) -> None:
    """Makes the absences of a calendar those that it names; a calendar that is none of absences is left alone.

    Args:
        session: A writing session.
        settings: Tell who is an admin.
        calendar_id: The calendar.
        expanded: What it says; None: nothing new.
        now: The present instant.
    """
    calendar = session.get(ExternalCalendar, calendar_id)
    if calendar is None or not calendar.is_absences or expanded is None:
        return
    named = [one for one in expanded.happenings if one.people and one.kind]
    names = sorted({name for one in named for name in one.people})
    known = matching.people_named(session, names)
    calendar.unknown = json.dumps([name for name in names if name not in known][:_NAMES_KEPT], ensure_ascii=False)
    session.add(calendar)
    wanted = {
        _Absence(known[name], EventType(one.kind), one.first_day, one.last_day)
        for one in named
        for name in one.people
        if name in known
    }
    _make(session, settings, calendar, wanted, now)


def withdraw(session: Session, settings: Settings, calendar_id: int, now: datetime) -> None:
    """Takes back what a calendar has brought, from today on: it is removed, or shows events instead."""
    calendar = session.get(ExternalCalendar, calendar_id)
    if calendar is not None:
        _make(session, settings, calendar, set(), now)


def forget(session: Session, settings: Settings, calendar_id: int, now: datetime) -> None:
    """Forgets a calendar, its events and what it has brought from today on.

    Raises:
        LocalizedError: As `store.check_removable`.
    """
    store.check_removable(session, calendar_id)
    withdraw(session, settings, calendar_id, now)
    store.remove(session, calendar_id)


def count(session: Session, settings: Settings, calendar_id: int, wanted: bool, now: datetime) -> None:
    """Says whether a calendar's events are absences; it has to be read once more after it.

    Raises:
        LocalizedError: `calendars.gone`.
    """
    calendar = store.get(session, calendar_id)
    if not wanted:
        withdraw(session, settings, calendar_id, now)
    calendar.is_absences, calendar.known_until, calendar.next_at, calendar.unknown = wanted, None, now, "[]"
    session.add(calendar)


def _make(
    session: Session, settings: Settings, calendar: ExternalCalendar, wanted: set[_Absence], now: datetime
) -> None:
    today = local_day(now, session.get_one(Roster, calendar.roster_id).timezone)
    rows = session.exec(select(ExternalAbsence).where(ExternalAbsence.calendar_id == calendar.id)).all()
    brought = {_Absence(row.user_id, EventType(row.event_type), row.first_day, row.last_day): row for row in rows}
    gone = [one for one in sorted(brought.keys() - wanted) if one.last >= today]
    new = [one for one in sorted(wanted - brought.keys()) if one.last >= today]
    author = Author(None, calendar.name)
    for roster in repository.rosters(session):
        theirs = [_of_roster(session, roster, some) for some in (gone, new)]
        items = _items(session, roster, theirs[0], theirs[1], today)
        if items:
            planned = edits.plan_edit(session, roster, items, ChangeKind.AWAY)
            reason = changes.words_of(session, settings.default_language, roster, planned.diff.items)
            schedule_service.apply(session, planned.diff, author, reason, planned.diff.revision, now)
    for one in gone:
        session.delete(brought[one])
    for one in new:
        row = ExternalAbsence(
            calendar_id=calendar.id or 0,
            user_id=one.user_id,
            event_type=one.kind.value,
            first_day=one.first,
            last_day=one.last,
        )
        session.add(row)
        _tell_admins(session, settings, calendar, one, now)


def _of_roster(session: Session, roster: Roster, some: Iterable[_Absence]) -> list[_Absence]:
    return [one for one in some if any(roster.id == other.id for other in rosters_of(session, one.user_id))]


def _items(
    session: Session, roster: Roster, gone: Sequence[_Absence], new: Sequence[_Absence], today: date
) -> list[DiffItem]:
    """Returns what changes in a roster: what lies before today stays, and so does what people have entered."""
    items: list[DiffItem] = []
    removed: set[str] = set()
    for one in gone:
        start, end = day_span(one.first, one.last, roster.timezone)
        for row in edits.stored_between(session, roster.id or 0, start, end, one.user_id, (one.kind,)):
            begins = max(row.shift.start_at, midnight(today, roster.timezone))
            whole = start <= row.shift.start_at and row.shift.end_at <= end
            if whole and begins < row.shift.end_at and row.uid not in removed:
                removed.add(row.uid)
                items += edits.remove([row], begins, row.shift.end_at)
    taken = {
        user: [
            (row.shift.start_at, row.shift.end_at)
            for row in edits.stored_between(session, roster.id or 0, *_reach(new, roster), user, ABSENCES)
            if row.uid not in removed
        ]
        for user in {one.user_id for one in new}
    }
    for item in items:
        if item.after is not None and item.after.user_id in taken:
            taken[item.after.user_id].append((item.after.start_at, item.after.end_at))
    for one in new:
        free = [day_span(one.first, one.last, roster.timezone)]
        for start, end in taken[one.user_id]:
            free = [part for begin, stop in free for part in ((begin, min(stop, start)), (max(begin, end), stop))]
            free = [(begin, stop) for begin, stop in free if begin < stop]
        items += [DiffItem(None, None, Shift(one.user_id, None, begin, stop, one.kind)) for begin, stop in free]
        taken[one.user_id] += free
    return items


def _reach(new: Sequence[_Absence], roster: Roster) -> tuple[datetime, datetime]:
    return day_span(min(one.first for one in new), max(one.last for one in new), roster.timezone)


def _tell_admins(
    session: Session, settings: Settings, calendar: ExternalCalendar, one: _Absence, now: datetime
) -> None:
    """Tells the admins once of duties that fall into an absence."""
    rosters = rosters_of(session, one.user_id)
    found = absences.affected(session, rosters, one.user_id, one.kind, one.first, one.last, now)
    if not found:
        return
    roster, shift = session.get_one(Roster, found[0].roster_id), found[0]
    asked = AskedEdit(EditKind.GIVE, shift.roster_id, shift.shift_id, 0, shift.start_at, shift.end_at)
    for admin in access.admins_to_tell(session, settings, NoticeKind.PEOPLE):
        lang = get_lang(admin, settings.default_language)
        spans = "; ".join(span_text(lang, part.start_at, part.end_at, roster.timezone) for part in found)
        text = {"name": name_of(session, one.user_id), "calendar": calendar.name, "spans": spans}
        payload = outbox.plain("calendars.overlap", text, {"change.button": SHIFT(asked)})
        key = f"calendar:{calendar.id}:{one.user_id}:{one.kind}:{one.first}:{one.last}:{admin.id}"
        outbox.put(session, NoticeKind.PEOPLE, key, payload, now, now + _TELL_FOR, user_id=admin.id)
