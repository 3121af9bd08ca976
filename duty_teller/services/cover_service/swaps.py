"""Two people swap times on duty: nothing happens unless both agree, and then both sides are one change."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.models import CoverAnswer, CoverKind, CoverRequest, CoverRole, CoverState, Roster, User
from duty_teller.services.cover_service import messages, requests
from duty_teller.services.cover_service.model import (
    LONGEST_REASON,
    Actor,
    CoverError,
    OwnShift,
    closed_error,
    decide,
    request_of,
    shift_of,
)
from duty_teller.services.schedule_service.queries import stretches_between

AHEAD: Final = timedelta(days=60)
"""How far ahead shifts are offered for a swap."""


def shifts_ahead(
    session: Session, roster: Roster, now: datetime, user_id: int | None = None, running: bool = False
) -> list[OwnShift]:
    """Returns the times on duty that begin in the next 60 days, by start.

    Args:
        session: Where to read.
        roster: The roster.
        now: The present instant.
        user_id: Only this person's.
        running: Those under way, too.
    """
    found = stretches_between(session, roster, now, now + AHEAD, user_id)
    return [
        OwnShift(s.row.id, roster.id or 0, s.row.user_id, s.row.position, s.start_at, s.end_at)
        for s in sorted(found, key=lambda s: (s.start_at, s.row.full_name))
        if s.start_at > now or running
    ]


def own_shifts(session: Session, user_id: int, now: datetime) -> list[OwnShift]:
    """Returns a person's times on duty of all rosters, the one under way first."""
    found = [
        shift
        for roster in repository.rosters(session)
        for shift in shifts_ahead(session, roster, now, user_id, running=True)
    ]
    return sorted(found, key=lambda shift: shift.start_at)


def partners(session: Session, mine: OwnShift, now: datetime) -> list[OwnShift]:
    """Returns the colleagues' times on duty that one can be swapped for: of the same position, and not yet begun."""
    roster = session.get_one(Roster, mine.roster_id)
    return [
        shift
        for shift in shifts_ahead(session, roster, now)
        if shift.user_id != mine.user_id and shift.position == mine.position
    ]


def propose(
    session: Session, actor: Actor, mine_id: int, theirs_id: int, now: datetime, reason: str = ""
) -> CoverRequest:
    """Offers a time on duty for a colleague's.

    Args:
        session: A writing session.
        actor: Whose the first one is, or an admin on their behalf.
        mine_id: A stored shift of the time on duty that is offered.
        theirs_id: One of the time on duty that is wanted.
        now: The present instant.
        reason: Why, in their words.

    Raises:
        CoverError: `cover.gone`, `cover.over`, `cover.not_yours`, `cover.started`, `cover.same`,
            `cover.asked_already`, or `cover.unreachable` (`name`): the colleague cannot be asked.
    """
    mine, theirs = shift_of(session, mine_id, now), shift_of(session, theirs_id, now)
    if mine.user_id != actor.user_id and not actor.is_admin:
        raise CoverError("cover.not_yours")
    if mine.user_id == theirs.user_id or mine.roster_id != theirs.roster_id:
        raise CoverError("cover.same")
    if min(mine.start_at, theirs.start_at) <= now:
        raise CoverError("cover.started")
    partner = session.get_one(User, theirs.user_id)
    if not partner.is_active or not partner.reachable or partner.telegram_user_id is None:
        raise CoverError("cover.unreachable", name=partner.full_name)
    mine_uid, theirs_uid = (requests.check_free(session, s, s.start_at, s.end_at) for s in (mine, theirs))
    request = CoverRequest(
        roster_id=mine.roster_id,
        kind=CoverKind.SWAP,
        state=CoverState.OPEN,
        duty_uid=mine_uid,
        owner_id=mine.user_id,
        position=mine.position,
        start_at=mine.start_at,
        end_at=mine.end_at,
        asked_by_id=actor.user_id if actor.user_id != mine.user_id else None,
        reason=reason.strip()[:LONGEST_REASON],
        wanted_uid=theirs_uid,
        wanted_user_id=theirs.user_id,
        wanted_position=theirs.position,
        wanted_start_at=theirs.start_at,
        wanted_end_at=theirs.end_at,
        created_at=now,
        expires_at=min(mine.start_at, theirs.start_at),
    )
    session.add(request)
    session.flush()
    messages.tell(session, request, theirs.user_id, CoverRole.ASKED, now, loud=False)
    if request.asked_by_id is not None:
        messages.tell(session, request, mine.user_id, CoverRole.OWNER, now, loud=False)
    return request


def agree(session: Session, settings: Settings, actor: Actor, request_id: int, now: datetime) -> CoverRequest:
    """Says yes to a swap that was offered to oneself.

    Raises:
        CoverError: `cover.not_yours`, `cover.taken_by`, `cover.closed`, or a side is not there any more.
    """
    request = request_of(session, request_id)
    if request.kind == CoverKind.SWAP and requests.has_it(request, actor.user_id):
        return request
    if request.kind != CoverKind.SWAP or request.state != CoverState.OPEN or now >= request.expires_at:
        raise closed_error(session, request)
    if actor.user_id != request.wanted_user_id:
        raise CoverError("cover.not_yours")
    decide(session, request, CoverState.OPEN, CoverState.TAKEN, now)
    request.taker_id = actor.user_id
    requests.note_answer(session, request, actor.user_id, CoverAnswer.YES)
    requests.settle(session, settings, actor, request, now)
    return request
