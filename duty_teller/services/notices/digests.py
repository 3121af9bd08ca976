"""Digests: what groups ask for beside their pin. On Monday at the hand-over the week; or each hand-over, who is on."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import Chat, DigestKind, GroupPin, NoticeKind, Roster
from duty_teller.services.notices.pending import Pending, earliest, unknown
from duty_teller.services.schedule_service import NowNext, now_and_next
from duty_teller.utils.dates import day_span
from duty_teller.utils.handover import instant
from duty_teller.utils.zones import zone


def plan(session: Session, now: datetime) -> tuple[list[Pending], datetime | None]:
    """Finds the digests that are due and not in the outbox yet: the newest of each group, and only while it is true.

    Args:
        session: Where to read.
        now: The present instant.

    Returns:
        Them, and the next instant at which one becomes due.
    """
    statement = select(Chat).where(col(Chat.trusted), col(Chat.left_at).is_(None), Chat.digest != DigestKind.OFF)
    chats = session.exec(statement.order_by(col(Chat.id))).all()
    if not chats:
        return [], None
    rosters = repository.rosters(session)
    pinned: dict[int, set[int]] = {}
    for pin in session.exec(select(GroupPin)):
        pinned.setdefault(pin.chat_id, set()).add(pin.roster_id)
    found: list[Pending] = []
    boundary: datetime | None = None
    answers: dict[int | None, NowNext] = {}
    for chat in chats:
        theirs = [roster for roster in rosters if roster.id in pinned.get(chat.id, ())] or rosters
        for roster in theirs:
            following: datetime | None
            if chat.digest == DigestKind.WEEKLY:
                pending, following = _weekly(chat, roster, now)
            else:
                if roster.id not in answers:
                    answers[roster.id] = now_and_next(session, roster, now)
                pending, following = _handover(chat, answers[roster.id])
            boundary = earliest(boundary, following)
            found += [pending] if pending is not None else []
    return unknown(session, found), boundary


def _weekly(chat: Chat, roster: Roster, now: datetime) -> tuple[Pending | None, datetime]:
    today = now.astimezone(zone(roster.timezone)).date()
    monday = today - timedelta(days=today.weekday())
    at = instant(monday, roster.handover_at, roster.timezone)
    if now < at:
        return None, at
    following = instant(monday + timedelta(days=7), roster.handover_at, roster.timezone)
    if today != monday:
        return None, following
    key = f"digest:weekly:{chat.id}:{roster.id}:{monday.isoformat()}"
    payload = {"digest": DigestKind.WEEKLY.value, "monday": monday.isoformat()}
    _start, midnight = day_span(monday, monday, roster.timezone)
    return _to(chat, roster, key, payload, midnight), following


def _handover(chat: Chat, answer: NowNext) -> tuple[Pending | None, datetime | None]:
    if not answer.current:
        return None, answer.valid_until
    start = max(stretch.start_at for stretch in answer.current)
    expires_at = min(stretch.end_at for stretch in answer.current if stretch.start_at == start)
    key = f"digest:handover:{chat.id}:{answer.roster.id}:{int(start.timestamp())}"
    payload = {"digest": DigestKind.HANDOVER.value}
    return _to(chat, answer.roster, key, payload, expires_at), answer.valid_until


def _to(chat: Chat, roster: Roster, key: str, payload: dict[str, str], expires_at: datetime) -> Pending:
    return Pending(
        NoticeKind.DIGEST, key, payload, expires_at, roster.id, chat_id=chat.id, thread_id=chat.digest_thread_id
    )
