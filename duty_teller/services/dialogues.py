"""What the bot waits for a person to type: stored, one a person, and over ten minutes after the last word."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, select

from duty_teller.db.models import Dialogue

LIFETIME: Final = timedelta(minutes=10)
"""A dialogue that is forgotten for so long ends itself."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dialogue, detached.

    Attributes:
        user_id: Whose it is.
        kind: Which handler takes the text.
        payload: What the handler needs.
        chat_id: Where it is held.
        message_id: The bot's question, or None.
        expires_at: When it ends itself.
    """

    user_id: int
    kind: str
    payload: Mapping[str, Any]
    chat_id: int
    message_id: int | None
    expires_at: datetime


def _view(row: Dialogue) -> Waiting:
    return Waiting(row.user_id, row.kind, json.loads(row.payload), row.chat_id, row.message_id, row.expires_at)


def begin(
    session: Session,
    user_id: int,
    kind: str,
    chat_id: int,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
    message_id: int | None = None,
) -> None:
    """Waits for a person's next text; what was waited for before is forgotten.

    Args:
        session: A writing session.
        user_id: Who is asked.
        kind: Which handler takes the text.
        chat_id: Where.
        now: The present instant.
        payload: What the handler needs, as JSON can hold it.
        message_id: The question, so that it can say when it is over.
    """
    row = session.get(Dialogue, user_id) or Dialogue(user_id=user_id, kind=kind, chat_id=chat_id, expires_at=now)
    row.kind, row.chat_id, row.message_id = kind, chat_id, message_id
    row.payload = json.dumps(dict(payload or {}), ensure_ascii=False)
    row.expires_at = now + LIFETIME
    session.add(row)


def current(session: Session, user_id: int, now: datetime) -> Waiting | None:
    """Returns what a person is asked, unless it is over."""
    row = session.get(Dialogue, user_id)
    return _view(row) if row is not None and row.expires_at > now else None


def drop(session: Session, user_id: int) -> Waiting | None:
    """Ends a person's dialogue; returns what it was."""
    row = session.get(Dialogue, user_id)
    if row is None:
        return None
    session.delete(row)
    return _view(row)


def forgotten(session: Session, now: datetime) -> tuple[list[Waiting], datetime | None]:
    """Returns the dialogues that are over and were not ended, and the next instant at which one will be."""
    rows = session.exec(select(Dialogue).order_by(col(Dialogue.expires_at))).all()
    over = [_view(row) for row in rows if row.expires_at <= now]
    return over, next((row.expires_at for row in rows if row.expires_at > now), None)
