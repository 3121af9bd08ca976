"""Whose message of a request has to change, and who is to notice it. One message a request and person."""

from datetime import datetime

from sqlmodel import Session, col, select

from duty_teller.config import Settings
from duty_teller.db.models import CoverMessage, CoverRequest, CoverRole, Roster, User
from duty_teller.services.cover_service.model import SHORT
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
        role: Why; an admin who was asked before is told as an admin from then on.
        now: The present instant.
        loud: They have to notice it: a message they have already comes anew, the older one goes.
    """
    statement = select(CoverMessage).where(CoverMessage.request_id == request.id, CoverMessage.user_id == user_id)
    message = session.exec(statement).first()
    if message is None:
        message = CoverMessage(request_id=request.id or 0, role=role, user_id=user_id)
    elif role == CoverRole.ADMIN and message.role == CoverRole.ASKED:
        message.role = role
    touch(session, request, message, now, loud)
    return message


def touch(session: Session, request: CoverRequest, message: CoverMessage, now: datetime, loud: bool = False) -> None:
    """Says that a message may not show any more what it has to."""
    message.version += 1
    message.loud = message.loud or loud
    message.due_at = now
    if message.user_id is not None and (loud or message.message_id is None) and request.start_at > now + SHORT:
        user, roster = session.get_one(User, message.user_id), session.get_one(Roster, request.roster_id)
        quiet = quiet_span(user, now, roster.timezone)
        message.due_at = quiet[1] if quiet is not None else now
    session.add(message)


def touch_all(
    session: Session, request: CoverRequest, now: datetime, loud: frozenset[int] = frozenset(), actor: int | None = None
) -> None:
    """Has all messages of a request shown anew; those of `loud`, who did not act themselves, are to notice it."""
    for message in of_request(session, request):
        noticed = message.user_id in loud and message.user_id != actor
        # Whoever was never sent it need not hear that it is over.
        if message.message_id is None and message.attempted_at is None and not noticed and message.due_at is None:
            continue
        touch(session, request, message, now, noticed)


def tell_admins(session: Session, settings: Settings, request: CoverRequest, now: datetime) -> int:
    """Has the admins told, whatever they have switched off: somebody has to decide. Returns how many there are."""
    admins = access.reachable_admins(session, settings)
    for admin in admins:
        tell(session, request, admin.id or 0, CoverRole.ADMIN, now)
    return len(admins)
