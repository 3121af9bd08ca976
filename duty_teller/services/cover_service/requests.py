"""The life of a request: asked, taken by the first yes, approved, withdrawn."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import Session, and_, col, or_, select

from duty_teller.config import Settings
from duty_teller.db.models import (
    ChangeKind,
    CoverAnswer,
    CoverKind,
    CoverMessage,
    CoverRequest,
    CoverRole,
    CoverState,
    Duty,
    EventType,
    Roster,
    ScheduleChange,
    User,
)
from duty_teller.services import schedule_service
from duty_teller.services.cover_service import groups, messages
from duty_teller.services.cover_service.candidates import candidates, to_ask
from duty_teller.services.cover_service.model import (
    LONGEST_REASON,
    UNDECIDED,
    Actor,
    CoverError,
    OwnShift,
    closed_error,
    colleague,
    decide,
    minute,
    pieces_in,
    request_of,
    shift_of,
)
from duty_teller.services.schedule_service import DiffItem
from duty_teller.services.schedule_service.edits import give

APPLYING = "cover_request"
"""Key of a session's notes: the request whose own change is being written, which does not make itself void."""


def check_free(session: Session, shift: OwnShift, start: datetime, end: datetime) -> str:
    """Looks that nothing else is asked for any part of a span, nor for another part of the same stored shift.

    Returns:
        The uid that a request for the span is bound to.

    Raises:
        CoverError: `cover.asked_already`, or as `pieces_in`.
    """
    uid = pieces_in(session, shift, start, end)[0].uid
    overlaps = and_(
        col(CoverRequest.owner_id) == shift.user_id, col(CoverRequest.start_at) < end, col(CoverRequest.end_at) > start
    )
    statement = select(CoverRequest.id).where(
        UNDECIDED, CoverRequest.roster_id == shift.roster_id, or_(overlaps, col(CoverRequest.duty_uid) == uid)
    )
    if session.exec(statement.limit(1)).first() is not None:
        raise CoverError("cover.asked_already")
    return uid


def ask(
    session: Session,
    actor: Actor,
    duty_id: int,
    now: datetime,
    span: tuple[datetime, datetime] | None = None,
    reason: str = "",
    chat_id: int | None = None,
    because: EventType | None = None,
) -> CoverRequest:
    """Asks for cover: those who could are asked, or a group.

    Args:
        session: A writing session.
        actor: Whose shift it is, or an admin on their behalf.
        duty_id: A stored shift of the time on duty.
        now: The present instant.
        span: The part that is to be covered; None: all of it that is left.
        reason: Why, in their words.
        chat_id: A group to be asked instead of the people one by one, in the topic where it shows the roster.
        because: A kind of absence as the reason, which each reads in their own words.

    Raises:
        CoverError: `cover.gone`, `cover.over`, `cover.outside`, `cover.not_yours`, `cover.asked_already`,
            `cover.group_gone`, or `cover.nobody`: there is nobody to ask.
    """
    shift = shift_of(session, duty_id, now)
    if shift.user_id != actor.user_id and not actor.is_admin:
        raise CoverError("cover.not_yours")
    start, end = span or (shift.start_at, shift.end_at)
    start = max(start, minute(now)) if start < now else start
    uid = check_free(session, shift, start, end)
    request = CoverRequest(
        roster_id=shift.roster_id,
        kind=CoverKind.COVER,
        state=CoverState.OPEN,
        duty_uid=uid,
        owner_id=shift.user_id,
        position=shift.position,
        start_at=start,
        end_at=end,
        asked_by_id=actor.user_id if actor.user_id != shift.user_id else None,
        reason=reason.strip()[:LONGEST_REASON],
        because=because,
        created_at=now,
        expires_at=end if start <= now else start,
    )
    session.add(request)
    session.flush()
    if chat_id is not None:
        group = groups.group(session, shift.roster_id, chat_id)
        message = CoverMessage(
            request_id=request.id or 0, role=CoverRole.GROUP, chat_id=chat_id, thread_id=group.thread_id
        )
        messages.touch(session, request, message, now)
    else:
        found = to_ask(candidates(session, shift.roster_id, shift.position, start, end, frozenset({shift.user_id})))
        asked = [candidate.user_id for candidate in found if candidate.user_id != actor.user_id]
        if not asked:
            raise CoverError("cover.nobody")
        for user_id in asked:
            messages.tell_first(session, request, user_id, CoverRole.ASKED, now)
    messages.tell_first(session, request, shift.user_id, CoverRole.OWNER, now)
    return request


def began_with(session: Session, user_id: int, message_id: int | None) -> bool:
    """Tells whether a request was made by a tap in this very message: a second tap, or one that comes again."""
    if message_id is None:
        return False
    statement = select(CoverMessage.id).where(CoverMessage.user_id == user_id, CoverMessage.message_id == message_id)
    return session.exec(statement.limit(1)).first() is not None


def start_message(
    session: Session, request: CoverRequest, user_id: int, role: CoverRole, message_id: int | None, now: datetime
) -> None:
    """Makes the dialogue's message the person's message of the request: it shows from now on how that is doing."""
    message = messages.tell(session, request, user_id, role, now, loud=False)
    message.message_id = message_id if message.message_id is None else message.message_id
    message.due_at = now
    session.add(message)


def take(
    session: Session, settings: Settings, actor: Actor, request_id: int, now: datetime, user_id: int | None = None
) -> CoverRequest:
    """Says yes; the first one has it, and everybody asked sees so.

    Args:
        session: A writing session.
        settings: Tell who is an admin.
        actor: Who says it: whoever will have the shift, or an admin for them.
        request_id: Which request for cover.
        now: The present instant.
        user_id: Who will have it, where an admin says so; None: the actor.

    Raises:
        CoverError: `cover.taken_by`, `cover.closed`, `cover.own`, `cover.not_admin`, `cover.not_on_roster`.
    """
    request = request_of(session, request_id)
    taker = user_id if user_id is not None else actor.user_id
    if taker != actor.user_id and not actor.is_admin:
        raise CoverError("cover.not_admin")
    if request.kind == CoverKind.COVER and has_it(request, taker):
        return request
    if request.kind != CoverKind.COVER or request.state != CoverState.OPEN or now >= request.expires_at:
        raise closed_error(session, request)
    if taker == request.owner_id:
        raise CoverError("cover.own")
    colleague(session, taker)
    decide(session, request, CoverState.OPEN, CoverState.TAKEN, now)
    request.taker_id = taker
    note_answer(session, request, taker, CoverAnswer.YES)
    settle(session, settings, actor, request, now)
    return request


def has_it(request: CoverRequest, user_id: int) -> bool:
    """Tells whether somebody has said yes already: a second tap, or one that comes again after a restart."""
    return request.state in (CoverState.TAKEN, CoverState.APPROVED) and request.taker_id == user_id


def note_answer(session: Session, request: CoverRequest, user_id: int, answer: CoverAnswer) -> None:
    """Keeps what somebody has answered with their message."""
    statement = select(CoverMessage).where(CoverMessage.request_id == request.id, CoverMessage.user_id == user_id)
    message = session.exec(statement).first()
    if message is not None:
        message.answer = answer
        session.add(message)


def settle(session: Session, settings: Settings, actor: Actor, request: CoverRequest, now: datetime) -> None:
    """Writes what was agreed, or asks the admins where the roster wants that; whoever acts and is one has said yes."""
    both = frozenset(user for user in (request.owner_id, request.taker_id) if user is not None)
    session.add(request)
    roster = session.get_one(Roster, request.roster_id)
    if roster.cover_approval and not actor.is_admin:
        session.flush()
        messages.touch_all(session, request, now)  # nobody's duty has changed: they hear what the admin decides
        if not messages.tell_admins(session, settings, request, now):
            raise CoverError("cover.no_admin")
        return
    if roster.cover_approval:
        request.approver_id = actor.user_id
        request.state = CoverState.APPROVED
    write(session, request, actor, now)
    if request.taker_id is not None and request.taker_id != actor.user_id:
        messages.tell(session, request, request.taker_id, CoverRole.ASKED, now)
    messages.touch_all(session, request, now, both, actor.user_id)


def items_of(session: Session, request: CoverRequest, now: datetime) -> list[DiffItem]:
    """Returns what a request makes of the schedule.

    Raises:
        CoverError: The shift is not there as it was asked for (`cover.gone`, `cover.over`, `cover.outside`).
    """
    assert request.taker_id is not None  # noqa: S101  # asked when it is decided
    start = max(request.start_at, minute(now)) if request.expires_at == request.end_at else request.start_at
    items = _given(session, request.duty_uid, (start, request.end_at), request.taker_id, now)
    if request.wanted_uid is not None and request.wanted_start_at is not None and request.wanted_end_at is not None:
        span = request.wanted_start_at, request.wanted_end_at
        items += _given(session, request.wanted_uid, span, request.owner_id, now)
    return items


def _given(session: Session, uid: str, span: tuple[datetime, datetime], to: int, now: datetime) -> list[DiffItem]:
    duty_id = session.exec(select(Duty.id).where(Duty.uid == uid)).one()
    shift = shift_of(session, duty_id or 0, now)
    return give(pieces_in(session, shift, *span), *span, to)


def write(session: Session, request: CoverRequest, actor: Actor, now: datetime) -> ScheduleChange:
    """Writes what was agreed by the write door; the reason names both, the word why, and who approved."""
    names = {
        number: session.get_one(User, number).full_name
        for number in (request.owner_id, request.taker_id, request.approver_id)
        if number is not None
    }
    sign = "↔" if request.kind == CoverKind.SWAP else "→"
    reason = f"{names[request.owner_id]} {sign} {names[request.taker_id or 0]}"
    reason += f": {request.reason}" if request.reason else ""
    reason += f" (✓ {names[request.approver_id]})" if request.approver_id is not None else ""
    items = items_of(session, request, now)
    roster = session.get_one(Roster, request.roster_id)
    diff = schedule_service.plan_edit(session, roster, items, ChangeKind(request.kind.value)).diff
    session.info[APPLYING] = request.id
    try:
        change = schedule_service.apply(session, diff, actor.author, reason, diff.revision, now)
    finally:
        session.info.pop(APPLYING, None)
    request.change_id = change.id
    session.add(request)
    session.flush()
    return change


def say_no(session: Session, actor: Actor, request_id: int, now: datetime) -> CoverRequest:
    """Says no: to a request for cover for oneself alone, to a swap that was offered for both.

    Raises:
        CoverError: `cover.taken_by` or `cover.closed`.
    """
    request = request_of(session, request_id)
    if request.state == CoverState.REFUSED and request.approver_id is None and actor.user_id == request.wanted_user_id:
        return request
    if request.state != CoverState.OPEN:
        raise closed_error(session, request)
    note_answer(session, request, actor.user_id, CoverAnswer.NO)
    if request.kind == CoverKind.SWAP and actor.user_id == request.wanted_user_id:
        decide(session, request, CoverState.OPEN, CoverState.REFUSED, now)
        messages.touch_all(session, request, now, frozenset({request.owner_id}), actor.user_id)
        return request
    statement = select(CoverMessage).where(CoverMessage.request_id == request.id, CoverMessage.user_id == actor.user_id)
    for message in session.exec(statement):
        messages.touch(session, request, message, now)
    all_said_no = messages.all_said_no(session, request)
    for message in messages.of_request(session, request):
        if message.role == CoverRole.OWNER:  # how many have said no; when all have, that is worth hearing
            messages.touch(session, request, message, now, loud=all_said_no)
    return request


def approve(session: Session, actor: Actor, request_id: int, yes: bool, now: datetime) -> CoverRequest:
    """Lets an admin say yes or no to what two people have agreed on.

    Raises:
        CoverError: `cover.not_admin`, `cover.closed`, or the shift is not there any more.
    """
    request = request_of(session, request_id)
    if not actor.is_admin:
        raise CoverError("cover.not_admin")
    if request.approver_id == actor.user_id and request.state == (CoverState.APPROVED if yes else CoverState.REFUSED):
        return request
    if request.state != CoverState.TAKEN or request.change_id is not None or now >= request.expires_at:
        raise CoverError("cover.closed")
    decide(session, request, CoverState.TAKEN, CoverState.APPROVED if yes else CoverState.REFUSED, now)
    request.approver_id = actor.user_id
    session.add(request)
    if yes:
        write(session, request, actor, now)
    messages.touch_all(session, request, now, _both(request), actor.user_id)
    return request


def _both(request: CoverRequest) -> frozenset[int]:
    return frozenset(user for user in (request.owner_id, request.taker_id) if user is not None)


def withdraw(session: Session, actor: Actor, request_id: int, now: datetime) -> CoverRequest:
    """Takes a request back: an open one the asker, a taken one either of the two until the start, then an admin.

    A take-over whoever noted it takes back as long as it can be objected to.

    Raises:
        CoverError: `cover.not_yours`, `cover.started`, `cover.closed`.
        UndoConflictError: The shifts have been changed since.
    """
    request = request_of(session, request_id)
    askers = {request.owner_id, request.asked_by_id}
    if request.state == CoverState.OPEN:
        if actor.user_id not in askers and not actor.is_admin:
            raise CoverError("cover.not_yours")
        decide(session, request, CoverState.OPEN, CoverState.WITHDRAWN, now)
        messages.touch_all(session, request, now, frozenset({request.owner_id}), actor.user_id)
        return request
    if request.state == CoverState.WITHDRAWN and (actor.is_admin or actor.user_id in askers | {request.taker_id}):
        return request
    if request.state not in (CoverState.TAKEN, CoverState.APPROVED):
        raise CoverError("cover.closed")
    if not actor.is_admin:
        if actor.user_id not in askers | {request.taker_id}:
            raise CoverError("cover.not_yours")
        begins = min(moment for moment in (request.start_at, request.wanted_start_at) if moment is not None)
        if now >= begins and not takes_back_slip(session, request, actor.user_id):
            raise CoverError("cover.started")
    if request.change_id is None:
        decide(session, request, CoverState.TAKEN, CoverState.WITHDRAWN, now)
    else:
        schedule_service.undo(session, request.change_id, actor.author, now)  # `follow` withdraws the request with it
        session.refresh(request)
    messages.touch_all(session, request, now, _both(request), actor.user_id)
    return request


def takes_back_slip(session: Session, request: CoverRequest, user_id: int) -> bool:
    """Tells whether somebody has noted a take-over themselves, and it can still be objected to: they take it back."""
    if request.kind != CoverKind.TAKEOVER or request.state != CoverState.TAKEN or request.objection_until is None:
        return False
    change = session.get(ScheduleChange, request.change_id)
    return change is not None and change.author_id == user_id


def withdraw_undecided(session: Session, actor: Actor, request_id: int, now: datetime) -> CoverRequest:
    """Takes back a request as long as nobody's shifts have changed for it; arguments and errors are `withdraw`'s."""
    if request_of(session, request_id).change_id is not None:
        raise CoverError("cover.closed")
    return withdraw(session, actor, request_id, now)


def touching(asks: Iterable[CoverRequest], start: datetime, end: datetime) -> CoverRequest | None:
    """Returns the first of some requests that is about a part of a span."""
    return next((ask for ask in asks if ask.start_at < end and ask.end_at > start), None)


def open_asks(session: Session, user_ids: Collection[int]) -> list[CoverRequest]:
    """Returns what is undecided about the shifts of these people."""
    statement = select(CoverRequest).where(UNDECIDED, col(CoverRequest.owner_id).in_(user_ids))
    return list(session.exec(statement.order_by(col(CoverRequest.start_at))))
