"""Reminders of one's own time on duty: found when they are due, never stored ahead, so that none outlives its shift."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, or_, select

from duty_teller.db import repository
from duty_teller.db.models import (
    CoverMessage,
    CoverRequest,
    Duty,
    EventType,
    Notice,
    NoticeKind,
    NoticeOutcome,
    Roster,
    ScheduleChangeItem,
    User,
)
from duty_teller.domain.stretches import stretches
from duty_teller.services.notices import changes
from duty_teller.services.notices.pending import Pending, unknown
from duty_teller.services.outbox import choices
from duty_teller.services.outbox.quiet import quiet_span
from duty_teller.services.schedule_service import Stretch

BEFORE_END: Final = timedelta(minutes=15)
_HORIZON: Final = timedelta(hours=72)
_LOOK_AGAIN: Final = timedelta(hours=24)
"""A stretch beyond the horizon starts its first reminder 24 h before, and quiet hours pull it forward by a day at most.
So whatever was not seen is due later than this."""
_A_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Reminders:
    """The reminders that are due.

    Attributes:
        pending: Reminders that are due and not in the outbox yet.
        boundary: When the next one becomes due, or when to look again; None: nobody is to be reminded.
    """

    pending: list[Pending]
    boundary: datetime | None


def plan(session: Session, now: datetime) -> Reminders:
    """Finds the reminders that are due and not in the outbox yet; reads only."""
    people = {
        number: user
        for number, user in changes.listeners(session).items()
        if choices.leads_of(user) or choices.wants(user, NoticeKind.ENDS)
    }
    if not people:
        return Reminders([], None)
    found: list[Pending] = []
    firsts: dict[str, Stretch] = {}
    boundary = now + _LOOK_AGAIN
    for roster in repository.rosters(session):
        rows = repository.shifts_between(session, [roster.id or 0], now, now + _HORIZON, (EventType.DUTY,))
        for stretch in stretches(row for row in rows if row.user_id in people):
            user = people[stretch.row.user_id]
            for at, pending in (*_start(user, roster, stretch, now), *_end(user, roster, stretch)):
                if at > now:
                    boundary = min(boundary, at)
                elif now < pending.expires_at:
                    found.append(pending)
                    firsts[pending.key] = stretch
    due = []
    for reminder in unknown(session, found):
        stretch = firsts[reminder.key]
        if not _told_by_change(session, reminder, stretch, people[stretch.row.user_id]):
            due.append(reminder)
    return Reminders(due, boundary)


def start_moments(user: User, roster: Roster, start: datetime) -> list[tuple[datetime, int]]:
    """Returns when a person is reminded of a start, with the lead in minutes, earliest first.

    One that falls into the quiet hours comes a minute before they begin.
    """
    moments = []
    for lead in choices.leads_of(user):
        at = start - timedelta(minutes=lead)
        quiet = quiet_span(user, at, roster.timezone)
        moments.append((at if quiet is None else quiet[0] - _A_MINUTE, lead))
    return sorted(moments, key=lambda moment: (moment[0], -moment[1]))


def _start(user: User, roster: Roster, stretch: Stretch, now: datetime) -> Iterator[tuple[datetime, Pending]]:
    """Yields the reminders to come and, of those whose time has passed, the latest only."""
    latest: tuple[datetime, Pending] | None = None
    start = stretch.start_at
    if start <= now:
        return
    where = f"{roster.id}:{stretch.row.position or ''}:{int(start.timestamp())}"
    for at, lead in start_moments(user, roster, start):
        payload = {
            "start": int(start.timestamp()),
            "position": stretch.row.position,
            "lead": lead,
            "at": int(at.timestamp()),
        }
        key = f"starts:{user.id}:{where}:{lead}"
        moment = at, Pending(NoticeKind.STARTS, key, payload, start, roster.id, user.id)
        if at > now:
            yield moment
        else:
            latest = moment
    if latest is not None:
        yield latest


def _end(user: User, roster: Roster, stretch: Stretch) -> Iterator[tuple[datetime, Pending]]:
    if not choices.wants(user, NoticeKind.ENDS):
        return
    end = stretch.end_at
    payload = {"end": int(end.timestamp()), "position": stretch.row.position}
    key = f"ends:{user.id}:{roster.id}:{stretch.row.position or ''}:{int(end.timestamp())}"
    at = max(end - BEFORE_END, stretch.start_at)
    yield at, Pending(NoticeKind.ENDS, key, payload, end, roster.id, user.id)


def _told_by_change(session: Session, pending: Pending, stretch: Stretch, user: User) -> bool:
    """Tells whether the notice of a change tells a reminder's news: its shift was put in after the reminder's time.

    While that notice is open, the reminder waits; once it is closed without having been sent, the reminder is due. The
    message of a request tells the same to the two whom it is about.
    """
    if pending.kind != NoticeKind.STARTS:
        return False
    uid, updated_at = session.exec(select(Duty.uid, Duty.updated_at).where(Duty.id == stretch.row.id)).one()
    if updated_at.timestamp() <= pending.payload["at"]:
        return False
    if _told_by_request(session, uid, user):
        return True
    statement = select(Notice).where(
        Notice.user_id == pending.user_id,
        Notice.roster_id == pending.roster_id,
        col(Notice.kind).in_(changes.KINDS),
        Notice.created_at <= updated_at,
    )
    for notice in session.exec(statement):
        sent = notice.outcome == NoticeOutcome.SENT and notice.closed_at is not None and notice.closed_at >= updated_at
        if choices.wants(user, notice.kind) and (sent or notice.closed_at is None) and _tells(notice, stretch):
            return True
    return False


def _told_by_request(session: Session, uid: str, user: User) -> bool:
    """Tells whether a shift is as it is because of a request whose message the person has, or is about to get."""
    made = select(ScheduleChangeItem.change_id).where(ScheduleChangeItem.duty_uid == uid)
    reaches = or_(col(CoverMessage.message_id).is_not(None), col(CoverMessage.due_at).is_not(None))
    statement = (
        select(CoverMessage.id)
        .join(CoverRequest, col(CoverRequest.id) == CoverMessage.request_id)
        .where(
            CoverMessage.user_id == user.id,
            or_(CoverRequest.owner_id == user.id, CoverRequest.taker_id == user.id),
            col(CoverRequest.change_id).in_(made),
            reaches,
        )
    )
    return session.exec(statement.limit(1)).first() is not None


def _tells(notice: Notice, stretch: Stretch) -> bool:
    """Tells whether a notice of a change names the begin of a stretch: one that was on its way knows no later cover."""
    told = changes.shifts_of(json.loads(notice.payload)["new"])
    start = int(stretch.start_at.timestamp())
    return any((shift.position, shift.start) == (stretch.row.position, start) for shift in told)


def find_start(session: Session, roster: Roster, user_id: int, position: str | None, start: datetime) -> Stretch | None:
    """Returns the stretch of a person that starts then, or None when it was cancelled or moved."""
    rows = repository.shifts_between(session, [roster.id or 0], start - _A_MINUTE, start + _HORIZON, (EventType.DUTY,))
    own = stretches(row for row in rows if row.user_id == user_id and row.position == position)
    return next((stretch for stretch in own if stretch.start_at == start), None)


def find_end(session: Session, roster: Roster, user_id: int, position: str | None, end: datetime) -> Stretch | None:
    """Returns the stretch of a person that ends then, or None when it was cancelled or moved."""
    rows = repository.shifts_between(session, [roster.id or 0], end - _A_MINUTE, end + _A_MINUTE, (EventType.DUTY,))
    own = stretches(row for row in rows if row.user_id == user_id and row.position == position)
    return next((stretch for stretch in own if stretch.end_at == end), None)


def around(session: Session, roster: Roster, moment: datetime, own: Stretch) -> tuple[list[Stretch], list[Stretch]]:
    """Returns who else ends at an instant, and who else is on duty just from it on; those of the position first."""
    span = moment - _A_MINUTE, moment + _A_MINUTE
    rows = repository.shifts_between(session, [roster.id or 0], *span, (EventType.DUTY,))
    others = [s for s in stretches(rows) if s.row.user_id != own.row.user_id]
    others.sort(key=lambda s: s.row.position != own.row.position)
    return [s for s in others if s.end_at == moment], [s for s in others if s.start_at <= moment < s.end_at]
