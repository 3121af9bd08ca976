"""Whose message of a request has to change, and who is to notice it. One message a request and person.

A phone rings once: when the message comes. Later it is edited, which rings nobody. It comes anew, and the older one
goes, only where an edit that nobody sees would do harm:

- a reminder, once, to whoever was asked and has not answered;
- the answer to what they wait for: to whoever asked how it ended, to whoever agreed or objected what an admin decided;
- somebody else's tap has changed whether they are on duty;
- a decision that is an admin's.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.models import CoverAnswer, CoverMessage, CoverRequest, CoverRole, CoverState, Roster, User
from duty_teller.services.cover_service.model import SHORT
from duty_teller.services.outbox.choices import quiet_of
from duty_teller.services.outbox.quiet import quiet_span
from duty_teller.services.people import access


def of_request(session: Session, request: CoverRequest) -> list[CoverMessage]:
    """Returns the messages of a request."""
    statement = select(CoverMessage).where(CoverMessage.request_id == request.id).order_by(col(CoverMessage.id))
    return list(session.exec(statement))


def tell(
    session: Session, request: CoverRequest, user_id: int, role: CoverRole, now: datetime, loud: bool = True
) -> CoverMessage:
    """Has a person's message made, or shown anew where there is one.

    Args:
        session: A writing session.
        request: Which.
        user_id: Who.
        role: Why; an admin who was asked before, or whose own request waits for an admin, is told as one from then on.
        now: The present instant.
        loud: They have to notice it: a message they have already comes anew, the older one goes.
    """
    statement = select(CoverMessage).where(CoverMessage.request_id == request.id, CoverMessage.user_id == user_id)
    message = session.exec(statement).first()
    if message is None:
        message = CoverMessage(request_id=request.id or 0, role=role, user_id=user_id)
    elif role == CoverRole.ADMIN and (message.role == CoverRole.ASKED or request.state == CoverState.TAKEN):
        message.role = role
    touch(session, request, message, now, loud)
    return message


def tell_first(session: Session, request: CoverRequest, user_id: int, role: CoverRole, now: datetime) -> None:
    """Has the message made of somebody who has none yet: of a new request nobody need be looked up for theirs."""
    touch(session, request, CoverMessage(request_id=request.id or 0, role=role, user_id=user_id), now)


def touch(session: Session, request: CoverRequest, message: CoverMessage, now: datetime, loud: bool = False) -> None:
    """Says that a message may not show any more what it has to."""
    message.version += 1
    message.loud = message.loud or loud
    message.due_at = now
    rings = message.loud or message.message_id is None
    if message.user_id is not None and rings and request.start_at > now + SHORT:
        user = session.get_one(User, message.user_id)
        if quiet_of(user) is not None:
            quiet = quiet_span(user, now, session.get_one(Roster, request.roster_id).timezone)
            message.due_at = quiet[1] if quiet is not None else now
    session.add(message)
    repository.messages_changed(session)


def touch_all(
    session: Session, request: CoverRequest, now: datetime, loud: frozenset[int] = frozenset(), actor: int | None = None
) -> None:
    """Has all messages of a decided request shown anew; those of `loud`, who did not act themselves, are to notice it.

    What still waits to ring and has nothing to say any more (colleagues in their quiet hours) does not ring.
    """
    both = {request.owner_id, request.taker_id}
    for message in of_request(session, request):
        noticed = message.user_id in loud and message.user_id != actor
        if not noticed and (message.user_id not in both or message.user_id == actor):
            message.loud = False
            if message.message_id is None and message.attempted_at is None and message.user_id not in both:
                message.due_at = None  # whoever was never asked need not hear that it is over
                session.add(message)
                continue
        touch(session, request, message, now, noticed)


def all_said_no(session: Session, request: CoverRequest) -> bool:
    """Tells whether everybody who was asked has said no: the asker has heard then that they are still on duty."""
    asked = [message for message in of_request(session, request) if message.role != CoverRole.OWNER]
    return bool(asked) and all(message.answer == CoverAnswer.NO for message in asked)


def tell_admins(session: Session, settings: Settings, request: CoverRequest, now: datetime) -> int:
    """Has the admins told, whatever they have switched off: somebody has to decide. Returns how many there are.

    As long as nobody has said yes, whoever asked need not hear so.
    """
    admins = access.reachable_admins(session, settings)
    if request.state == CoverState.OPEN:
        admins = [admin for admin in admins if admin.id != request.owner_id]
    for admin in admins:
        tell(session, request, admin.id or 0, CoverRole.ADMIN, now)
    return len(admins)
