"""Somebody has the duty from now on: written at once, told to the other one, who can object for ten minutes."""

from datetime import datetime

from sqlmodel import Session, col, select

from duty_teller.config import Settings
from duty_teller.db.models import CoverKind, CoverRequest, CoverRole, CoverState, Duty, Roster
from duty_teller.services import schedule_service
from duty_teller.services.cover_service import messages, requests
from duty_teller.services.cover_service.candidates import is_on_roster
from duty_teller.services.cover_service.model import (
    LONGEST_REASON,
    OBJECTION,
    Actor,
    CoverError,
    colleague,
    minute,
    request_of,
    shift_of,
)


def running(session: Session, roster: Roster, now: datetime) -> list[tuple[int, int, str]]:
    """Returns who is on duty now, as (stored shift, person, name)."""
    current = schedule_service.now_and_next(session, roster, now).current
    return [(stretch.row.id, stretch.row.user_id, stretch.row.full_name) for stretch in current]


def take_over(
    session: Session,
    actor: Actor,
    duty_id: int,
    to: int,
    now: datetime,
    span: tuple[datetime, datetime] | None = None,
    reason: str = "",
) -> CoverRequest:
    """Gives a running duty, or a part of it, to somebody.

    Args:
        session: A writing session.
        actor: Who is on duty, who takes over, or an admin for somebody absent.
        duty_id: A stored shift of the time on duty.
        to: Who has it then.
        now: The present instant.
        span: From when until when; None: from now to its end. Only an admin may say an earlier or a later begin.
        reason: Why, in their words.

    Raises:
        CoverError: `cover.gone`, `cover.over`, `cover.outside`, `cover.not_yours`, `cover.not_running`, `cover.own`,
            `cover.not_on_roster`, `cover.you_not_on_roster`, `cover.asked_already`
            (somebody is being asked for that part: withdraw it, or answer it).
    """
    shift = shift_of(session, duty_id, now)
    if actor.user_id not in (shift.user_id, to) and not actor.is_admin:
        raise CoverError("cover.not_yours")
    if to == shift.user_id:
        raise CoverError("cover.own")
    colleague(session, to)
    if to == actor.user_id and not actor.is_admin and not is_on_roster(session, shift.roster_id, to):
        raise CoverError("cover.you_not_on_roster")
    from_now = max(minute(now), shift.start_at)
    start, end = span or (from_now, shift.end_at)
    if not actor.is_admin and (shift.start_at > now or start != from_now):
        raise CoverError("cover.not_running")
    uid = requests.check_free(session, shift, start, end)
    request = CoverRequest(
        roster_id=shift.roster_id,
        kind=CoverKind.TAKEOVER,
        state=CoverState.TAKEN,
        duty_uid=uid,
        owner_id=shift.user_id,
        position=shift.position,
        start_at=start,
        end_at=end,
        asked_by_id=actor.user_id if actor.user_id not in (shift.user_id, to) else None,
        reason=reason.strip()[:LONGEST_REASON],
        taker_id=to,
        created_at=now,
        decided_at=now,
        expires_at=start,
        objection_until=now + OBJECTION,
    )
    session.add(request)
    session.flush()
    requests.write(session, request, actor, now)
    for user_id, role in ((shift.user_id, CoverRole.OWNER), (to, CoverRole.ASKED)):
        messages.tell(session, request, user_id, role, now, loud=user_id != actor.user_id)
    return request


def is_noted(session: Session, duty_id: int, to: int, now: datetime) -> bool:
    """Tells whether somebody has taken over this stored shift just now: a tap may come again after a restart."""
    statement = (
        select(CoverRequest.id)
        .join(Duty, col(Duty.uid) == col(CoverRequest.duty_uid))
        .where(
            Duty.id == duty_id,
            CoverRequest.kind == CoverKind.TAKEOVER,
            CoverRequest.state == CoverState.TAKEN,
            CoverRequest.taker_id == to,
            col(CoverRequest.objection_until) > now,
        )
    )
    return session.exec(statement.limit(1)).first() is not None


def object_to(session: Session, settings: Settings, actor: Actor, request_id: int, now: datetime) -> CoverRequest:
    """Objects to a take-over; the schedule stays as it is until an admin settles it.

    Raises:
        CoverError: `cover.not_yours`, or `cover.too_late`: ten minutes are over, or it is settled.
    """
    request = request_of(session, request_id)
    if actor.user_id not in (request.owner_id, request.taker_id):
        raise CoverError("cover.not_yours")
    if request.state == CoverState.TAKEN and request.objected_by_id == actor.user_id:
        return request
    if request.state != CoverState.TAKEN or request.objection_until is None or now >= request.objection_until:
        raise CoverError("cover.too_late")
    request.objected_by_id, request.objection_until = actor.user_id, None
    session.add(request)
    session.flush()
    messages.touch_all(session, request, now)  # nobody's duty has changed: both hear what an admin decides
    messages.tell_admins(session, settings, request, now)
    return request


def settle(session: Session, actor: Actor, request_id: int, keep: bool, now: datetime) -> CoverRequest:
    """Lets an admin settle what was objected to: the take-over is kept, or taken back.

    Raises:
        CoverError: `cover.not_admin` or `cover.closed`.
        UndoConflictError: The shifts have been changed since.
    """
    request = request_of(session, request_id)
    if not actor.is_admin:
        raise CoverError("cover.not_admin")
    if request.approver_id == actor.user_id and request.state == (CoverState.APPROVED if keep else CoverState.REFUSED):
        return request
    if request.state != CoverState.TAKEN or request.objected_by_id is None or request.change_id is None:
        raise CoverError("cover.closed")
    waits = request.objected_by_id
    if not keep:
        schedule_service.undo(session, request.change_id, actor.author, now)
        session.refresh(request)
    request.state = CoverState.APPROVED if keep else CoverState.REFUSED
    request.approver_id, request.decided_at = actor.user_id, now
    session.add(request)
    session.flush()
    told = {waits} if keep else {request.owner_id, request.taker_id}  # kept, nobody's duty has changed
    messages.touch_all(session, request, now, frozenset(user for user in told if user is not None), actor.user_id)
    return request
