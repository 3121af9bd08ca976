"""Secret addresses of feeds: made, shown again, checked, and noted when they are read.

A token is the link's id and an HMAC-SHA256 over id and generation: 256 bits that can be shown again without being
stored. The database keeps its SHA-256, so that a copy of the database opens no feed.
"""

import hashlib
import hmac
import re
from datetime import datetime

from sqlmodel import Session, col, select, update

from duty_teller.db.models import CalendarLink, LinkScope, User
from duty_teller.utils.secret_file import encode, signature

_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([A-Za-z0-9_-]{43})")


def _token(secret: bytes, link_id: int, generation: int) -> str:
    return f"{link_id}-{encode(signature(secret, 'calendar', link_id, generation))}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def get_token(session: Session, secret: bytes, user_id: int, scope: LinkScope, now: datetime) -> str:
    """Returns the token of a person's link, made at the first call.

    Args:
        session: A writing session.
        secret: Of `utils.secret_file`.
        user_id: Whose link.
        scope: The person's own duties, or the whole team's.
        now: The present instant.
    """
    statement = select(CalendarLink).where(
        CalendarLink.user_id == user_id, CalendarLink.scope == scope, col(CalendarLink.revoked_at).is_(None)
    )
    link = session.exec(statement.order_by(col(CalendarLink.id))).first()
    if link is None:
        link = CalendarLink(user_id=user_id, scope=scope, token_sha256=f"new {user_id} {scope}", created_at=now)
        session.add(link)
        session.flush()
    assert link.id is not None  # noqa: S101  # flushed
    token = _token(secret, link.id, link.generation)
    if link.token_sha256 != _digest(token):  # new, or signed with a secret that was lost
        link.token_sha256 = _digest(token)
        session.add(link)
        session.flush()
    return token


def find_link(session: Session, secret: bytes, token: str) -> CalendarLink | None:
    """Returns the link of a token, or None when it is unknown or revoked or its owner is no longer active."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    link = session.get(CalendarLink, int(match[1]))
    generation = link.generation if link is not None else 0
    right = hmac.compare_digest(_token(secret, int(match[1]), generation), token)
    if link is None or not right or link.revoked_at is not None or link.token_sha256 != _digest(token):
        return None
    owner = session.get(User, link.user_id)
    return link if owner is not None and owner.is_active else None


def note_reads(session: Session, reads: dict[int, tuple[datetime, str]]) -> None:
    """Writes when links were last read, and by which client (its User-Agent), as a batch.

    Args:
        session: A writing session.
        reads: Link id → (instant, User-Agent).
    """
    for link_id, (moment, client) in reads.items():
        session.exec(
            update(CalendarLink)
            .where(col(CalendarLink.id) == link_id)
            .values(last_read_at=moment, last_read_by=client[:200])
        )
