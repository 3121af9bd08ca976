"""What happens to requests without anybody's tap: the shift changed, the start came, nobody answered."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.config import Settings
from duty_teller.db.models import (
    CoverKind,
    CoverRequest,
    CoverRole,
    CoverState,
    Duty,
    NoticeKind,
    Roster,
    ScheduleChange,
    User,
)
from duty_teller.services.cover_service import messages
from duty_teller.services.cover_service.model import CoverError, decide, pieces_in, shift_of, undecided
from duty_teller.services.cover_service.requests import APPLYING
from duty_teller.services.outbox import choices
from duty_teller.services.people import access
from duty_teller.services.schedule_service import Diff
from duty_teller.services.schedule_service.consequences import joined
from duty_teller.services.schedule_service.edits import Stored

_PATIENCE: Final = timedelta(minutes=15)
"""Nobody is reminded, and no admin told, before colleagues have had that long to answer."""

_LONGEST_WAIT: Final = timedelta(hours=24)


def follow(session: Session, diff: Diff, change: ScheduleChange, now: datetime) -> None:
    """Makes requests void whose shift is not there any more, and withdraws those whose change was undone.

    A listener of the write door: it runs in the transaction of the change.
    """
    if not diff.items:
        return
    if change.undoes_id is not None:
        _follow_undo(session, change, now)
    for request in undecided(session, diff.roster_id):
        if request.id == session.info.get(APPLYING) or _is_there(session, request):
            continue
        decide(session, request, request.state, CoverState.VOID, now)
        told = {request.owner_id, request.taker_id}
        messages.touch_all(session, request, now, frozenset(user for user in told if user is not None))


def _is_there(session: Session, request: CoverRequest) -> bool:
    sides = [(request.duty_uid, request.owner_id, request.position, request.start_at, request.end_at)]
    if request.wanted_uid and request.wanted_user_id and request.wanted_start_at and request.wanted_end_at:
        side = request.wanted_uid, request.wanted_user_id, request.wanted_position
        sides.append((*side, request.wanted_start_at, request.wanted_end_at))
    for uid, user_id, position, start, end in sides:
        duty = session.exec(select(Duty).where(Duty.uid == uid).execution_options(populate_existing=True)).one()
        if duty.cancelled_at is not None or (duty.user_id, duty.position) != (user_id, position):
            return False
        try:
            shift = shift_of(session, duty.id or 0, start)
            pieces = pieces_in(session, shift, start, end)
        except CoverError:
            return False
        if not any(piece.uid == uid for piece in pieces) or len(joined(_spans(pieces))) != 1:
            return False
    return True


def _spans(pieces: list[Stored]) -> list[tuple[datetime, datetime]]:
    return [(piece.shift.start_at, piece.shift.end_at) for piece in pieces]


def _follow_undo(session: Session, change: ScheduleChange, now: datetime) -> None:
    """A request goes with its change: undone it is withdrawn, redone it is back."""
    root, depth = change, 0
    while root.undoes_id is not None:
        root, depth = session.get_one(ScheduleChange, root.undoes_id), depth + 1
    request = session.exec(select(CoverRequest).where(CoverRequest.change_id == root.id)).first()
    if request is None:
        return
    back = CoverState.APPROVED if request.approver_id is not None else CoverState.TAKEN
    request.state = CoverState.WITHDRAWN if depth % 2 else back
    request.objection_until = None
    session.add(request)
    session.flush()
    both = frozenset({request.owner_id, request.taker_id or 0})
    messages.touch_all(session, request, now, both, change.author_id)


def nudge_at(request: CoverRequest) -> datetime:
    """Returns when those who have not answered are reminded, once: half way to the start, a day at most."""
    wait = (request.expires_at - request.created_at) / 2
    return request.created_at + max(_PATIENCE, min(wait, _LONGEST_WAIT))


def warn_at(request: CoverRequest, roster: Roster) -> datetime:
    """Returns when the admins are told that nobody has said yes; at once where the shift is running already."""
    if request.start_at <= request.created_at:
        return request.created_at
    before = request.start_at - timedelta(minutes=roster.cover_warn_minutes)
    soonest = request.created_at + min(_PATIENCE, (request.start_at - request.created_at) / 2)
    return max(before, soonest)


def next_work(session: Session, now: datetime) -> tuple[bool, datetime | None]:
    """Tells whether `work` has something to do now, and when next; reads only."""
    moments: list[datetime] = []
    for request in undecided(session):
        moments.append(request.expires_at)
        if request.state == CoverState.OPEN and request.nudged_at is None and request.kind != CoverKind.TAKEOVER:
            moments.append(nudge_at(request))
        if request.state == CoverState.OPEN and request.warned_at is None and request.kind == CoverKind.COVER:
            moments.append(warn_at(request, session.get_one(Roster, request.roster_id)))
    statement = select(CoverRequest.objection_until).where(col(CoverRequest.objection_until).is_not(None))
    moments += [moment for moment in session.exec(statement) if moment is not None]
    return any(m <= now for m in moments), min((m for m in moments if m > now), default=None)


def work(session: Session, settings: Settings, now: datetime) -> None:
    """Expires, reminds and warns, in the caller's writing transaction."""
    for request in undecided(session):
        if request.expires_at <= now:
            decide(session, request, request.state, CoverState.EXPIRED, now)
            told = {request.owner_id if not messages.all_said_no(session, request) else None, request.taker_id}
            messages.touch_all(session, request, now, frozenset(user for user in told if user is not None))
            continue
        if request.state != CoverState.OPEN:
            continue
        roster = session.get_one(Roster, request.roster_id)
        if request.nudged_at is None and nudge_at(request) <= now:
            request.nudged_at = now
            _nudge(session, settings, request, now)
        if request.kind == CoverKind.COVER and request.warned_at is None and warn_at(request, roster) <= now:
            warn(session, settings, request, now)
        session.add(request)
    statement = select(CoverRequest).where(col(CoverRequest.objection_until) <= now)
    for request in session.exec(statement).all():
        request.objection_until = None
        session.add(request)
        messages.touch_all(session, request, now)


def warn(session: Session, settings: Settings, request: CoverRequest, now: datetime) -> None:
    """Tells the admins that somebody is wanted and nobody has said yes, once."""
    request.warned_at = now
    session.add(request)
    session.flush()
    messages.tell_admins(session, settings, request, now)


def _nudge(session: Session, settings: Settings, request: CoverRequest, now: datetime) -> None:
    """Reminds whoever was asked and has not answered; not those who want no such requests any more.

    Nor an admin who is to hear before the start that nobody has said yes: that is their reminder.
    """
    warned = request.kind == CoverKind.COVER and request.warned_at is None
    spared = {admin.id for admin in access.reachable_admins(session, settings)} if warned else set()
    for message in messages.of_request(session, request):
        if message.role != CoverRole.ASKED or message.answer is not None or message.user_id is None:
            continue
        if message.user_id in spared:
            continue
        if message.message_id is not None and choices.wants(session.get_one(User, message.user_id), NoticeKind.COVER):
            messages.touch(session, request, message, now, loud=True)
