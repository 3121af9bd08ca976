"""What admins have to know before it hurts: gaps of the next 14 days, and people on duty whom the bot cannot reach.

Everything is compared with what is stored, so a restart loses nothing; a roster that is being worked on is left alone
until two minutes after its last change.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.models import EventType, KnownGap, NoticeKind, Roster, User
from duty_teller.domain.coverage import Interval
from duty_teller.services.notices.pending import Pending, earliest, put_all
from duty_teller.services.people import access
from duty_teller.services.schedule_service.queries import gaps, roster_handover
from duty_teller.utils.handover import handover_day, handover_span

DAYS: Final = 14
SETTLED: Final = timedelta(minutes=2)
SOON: Final = timedelta(hours=48)


@dataclass(slots=True)
class Findings:
    """What the admins were not told yet.

    Attributes:
        opened: Roster → days with a new gap, as (day, gap in it); the end is None where the roster ends.
        beyond: Roster → further days after the roster's end that have come into sight: nothing new to anybody.
        closed: Roster → days whose gap is closed.
        over: Numbers of known gaps that are past or closed.
        unreachable: Who cannot be reached, with the start and roster of the next duty.
        reachable: People who were, and can be reached again.
        boundary: When to look again.
    """

    opened: dict[int, list[tuple[Interval, tuple[datetime, datetime | None]]]] = field(default_factory=dict)
    beyond: dict[int, list[Interval]] = field(default_factory=dict)
    closed: dict[int, list[Interval]] = field(default_factory=dict)
    over: list[int] = field(default_factory=list)
    unreachable: dict[int, tuple[datetime, int]] = field(default_factory=dict)
    reachable: list[int] = field(default_factory=list)
    boundary: datetime | None = None

    @property
    def any(self) -> bool:
        """Whether there is something to write."""
        return bool(self.opened or self.beyond or self.closed or self.over or self.unreachable or self.reachable)


def scan(session: Session, settings: Settings, now: datetime) -> Findings:
    """Compares the schedule with what the admins know.

    What nobody would hear (no admin wants it, or can be reached) is not found, and told once somebody does.

    Args:
        session: Where to read.
        settings: Tell who is an admin.
        now: The present instant.
    """
    found = Findings()
    tell_gaps = bool(access.admins_to_tell(session, settings, NoticeKind.GAPS))
    tell_people = bool(access.admins_to_tell(session, settings, NoticeKind.UNREACHABLE))
    people = {user.id: user for user in session.exec(select(User))}
    told = [user for user in people.values() if user.unreachable_told_at is not None]
    found.reachable = [user.id or 0 for user in told if _can_be_reached(user)]
    for roster in repository.rosters(session):
        roster_id = roster.id or 0
        changed_at = repository.last_change_at(session, [roster_id])
        if changed_at is not None and now < changed_at + SETTLED:
            found.boundary = earliest(found.boundary, changed_at + SETTLED)
            continue
        _find_gaps(session, roster, tell_gaps, now, found)
        if not tell_people:
            continue
        for row in repository.shifts_between(session, [roster_id], now, now + SOON, (EventType.DUTY,)):
            user = people[row.user_id]
            if _can_be_reached(user) or user.unreachable_told_at is not None:
                continue
            known = found.unreachable.get(row.user_id)
            if known is None or row.start_at < known[0]:
                found.unreachable[row.user_id] = row.start_at, roster_id
        later = repository.next_start(session, roster_id, now + SOON - timedelta(seconds=1))
        if later is not None:
            found.boundary = earliest(found.boundary, max(later - SOON, now) + timedelta(seconds=1))
    return found


def _can_be_reached(user: User) -> bool:
    return user.is_active and user.reachable and user.telegram_user_id is not None


def _find_gaps(session: Session, roster: Roster, tell: bool, now: datetime, found: Findings) -> None:
    roster_id, handover = roster.id or 0, roster_handover(roster)
    known = {gap.start_at: gap for gap in session.exec(select(KnownGap).where(KnownGap.roster_id == roster_id))}
    today = handover_day(now, handover)
    days = [handover_span(today + timedelta(days=number), handover) for number in range(DAYS)]
    found.boundary = earliest(found.boundary, days[0][1])
    end = repository.last_duty_end(session, roster_id)
    if not roster.gap_warnings or end is None:
        found.over += [gap.id or 0 for gap in known.values()]
        return
    open_gaps = gaps(session, roster, days[0][0], days[-1][1])  # whole days: nobody has asked for a slice of one
    told_from = min((start for start, gap in known.items() if gap.end_at > end), default=None)
    for day in days:
        pieces = [(max(start, day[0]), min(end, day[1])) for start, end in open_gaps]
        pieces = [piece for piece in pieces if piece[0] < piece[1]]
        gap = known.pop(day[0], None)
        ahead = [piece for piece in pieces if piece[1] > now]
        if gap is None and ahead and tell and ahead[0][0] >= end:
            # The roster ends here. That is told once, and not again with every day that comes into sight.
            if told_from is not None and told_from < day[0]:
                found.beyond.setdefault(roster_id, []).append(day)
            else:
                found.opened.setdefault(roster_id, []).append((day, (ahead[0][0], None)))
                told_from = day[0]
        elif gap is None and ahead and tell:
            found.opened.setdefault(roster_id, []).append((day, (ahead[0][0], ahead[-1][1])))
        elif gap is not None and not pieces:
            found.over.append(gap.id or 0)
            if tell:
                found.closed.setdefault(roster_id, []).append((gap.start_at, gap.end_at))
    found.over += [gap.id or 0 for gap in known.values()]  # past, or of another hand-over time


def tell(session: Session, settings: Settings, now: datetime) -> None:
    """Puts what the admins were not told yet into the outbox and notes that they were told, in one transaction."""
    found = scan(session, settings, now)
    for number in found.over:
        if (gap := session.get(KnownGap, number)) is not None:
            session.delete(gap)
    session.flush()
    pending: list[Pending] = []
    seconds = int(now.timestamp())
    expires_at = now + timedelta(days=2)
    for roster_id, days in found.beyond.items():
        for day in days:
            session.add(KnownGap(roster_id=roster_id, start_at=day[0], end_at=day[1], found_at=now))
    for roster_id in sorted(found.opened.keys() | found.closed.keys()):
        opened = found.opened.get(roster_id, [])
        payload = {
            "opened": [_seconds(piece) for _day, piece in opened],
            "closed": [_seconds(day) for day in found.closed.get(roster_id, [])],
        }
        for day, _piece in opened:
            session.add(KnownGap(roster_id=roster_id, start_at=day[0], end_at=day[1], found_at=now))
        for admin in access.admins_to_tell(session, settings, NoticeKind.GAPS):
            key = f"gaps:{admin.id}:{roster_id}:{repository.revision(session, f'schedule:{roster_id}')}:{seconds}"
            pending.append(Pending(NoticeKind.GAPS, key, payload, expires_at, roster_id, admin.id))
    if found.unreachable:
        numbers = sorted(found.unreachable, key=lambda number: (found.unreachable[number][0], number))
        people = [[n, int(found.unreachable[n][0].timestamp()), found.unreachable[n][1]] for n in numbers]
        for number in numbers:
            session.get_one(User, number).unreachable_told_at = now
        for admin in access.admins_to_tell(session, settings, NoticeKind.UNREACHABLE):
            key = f"unreachable:{admin.id}:{seconds}:{numbers[0]}"
            pending.append(Pending(NoticeKind.UNREACHABLE, key, {"people": people}, expires_at, user_id=admin.id))
    for user in session.exec(select(User).where(col(User.id).in_(found.reachable))):
        user.unreachable_told_at = None
        session.add(user)
    put_all(session, pending, now)


def _seconds(span: tuple[datetime, datetime | None]) -> list[int | None]:
    return [None if moment is None else int(moment.timestamp()) for moment in span]
