"""The outbox: putting notices in, in the transaction that causes them. One cause is one dedupe key is one notice."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select, update

from duty_teller.db import repository
from duty_teller.db.models import Notice, NoticeKind


def put(
    session: Session,
    kind: NoticeKind,
    dedupe_key: str,
    payload: Mapping[str, Any],
    now: datetime,
    expires_at: datetime,
    *,
    user_id: int | None = None,
    chat_id: int | None = None,
    thread_id: int = 0,
    roster_id: int | None = None,
    due_at: datetime | None = None,
) -> bool:
    """Puts a notice into the outbox, unless one with this key was put there before.

    Args:
        session: A writing session: the caller's, so that cause and notice are committed together.
        kind: What it is about.
        dedupe_key: Of the cause and the receiver.
        payload: What its text is made of, as JSON can hold it.
        now: The present instant.
        expires_at: After this it helps nobody.
        user_id: A person, or
        chat_id: a group.
        thread_id: The group's topic.
        roster_id: The roster it is about.
        due_at: Not before; None: at once.

    Returns:
        Whether it is new.
    """
    if session.exec(select(Notice.id).where(Notice.dedupe_key == dedupe_key)).first() is not None:
        return False
    receiver = {"user_id": user_id, "chat_id": chat_id, "thread_id": thread_id, "roster_id": roster_id}
    session.add(made(kind, dedupe_key, payload, now, expires_at, due_at=due_at, **receiver))
    session.flush()
    repository.messages_changed(session)
    return True


def made(
    kind: NoticeKind,
    dedupe_key: str,
    payload: Mapping[str, Any],
    now: datetime,
    expires_at: datetime,
    **fields: Any,
) -> Notice:
    """Returns a notice to be added by a caller whose key is new for certain: 500 people are one statement then.

    Args:
        kind: As `put`.
        dedupe_key: Holds the number of something that this transaction makes.
        payload: As `put`.
        now: As `put`.
        expires_at: As `put`.
        fields: Receiver, roster and due time, as `put`.
    """
    return Notice(
        kind=kind,
        payload=json.dumps(dict(payload), ensure_ascii=False),
        dedupe_key=dedupe_key,
        created_at=now,
        expires_at=expires_at,
        **fields | {"due_at": fields.get("due_at") or now},
    )


def follow_chat(session: Session, old_id: int, new_id: int) -> None:
    """Has a group's notices known by its new id, after the rows have moved: what was told is not told again."""
    key = func.replace(col(Notice.dedupe_key), f":{old_id}:", f":{new_id}:")
    session.exec(update(Notice).where(col(Notice.chat_id) == new_id).values(dedupe_key=key))


def plain(key: str, args: Mapping[str, str], buttons: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Returns the payload of a notice that is one text of the catalogue (kinds `groups` and `people`).

    Args:
        key: Of the catalogue; written out by the caller, so that the test of unused keys sees it.
        args: Its placeholders; they are escaped when the text is made.
        buttons: Key of the label → data (made by a kind of `utils.callback_data`), one a row.
    """
    return {"key": key, "args": dict(args), "buttons": [list(button) for button in (buttons or {}).items()]}


@dataclass(frozen=True, slots=True)
class OutboxState:
    """What waits and what may have arrived twice.

    Attributes:
        open: Notices that are not closed, those held for later included.
        uncertain: How often one was sent again without knowing whether it had arrived (of the last 60 days).
        oldest_open_at: When the oldest open one was put in.
    """

    open: int
    uncertain: int
    oldest_open_at: datetime | None


def state(session: Session) -> OutboxState:
    """Returns how the outbox is doing, for /status."""
    waiting = col(Notice.closed_at).is_(None)
    number = session.exec(select(func.count()).select_from(Notice).where(waiting)).one()
    doubtful = session.exec(select(func.coalesce(func.sum(Notice.uncertain), 0))).one()
    oldest = session.exec(select(Notice.created_at).where(waiting).order_by(col(Notice.created_at)).limit(1)).first()
    return OutboxState(number, int(doubtful), oldest)
