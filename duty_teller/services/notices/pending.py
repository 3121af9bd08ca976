"""What planning finds due: notices that are not in the outbox yet, and the next instant at which to look again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from duty_teller.db.models import Notice, NoticeKind
from duty_teller.services.outbox import outbox

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Pending:
    """A notice that is due; the fields are those of `outbox.put`."""

    kind: NoticeKind
    key: str
    payload: Mapping[str, Any]
    expires_at: datetime
    roster_id: int | None = None
    user_id: int | None = None
    chat_id: int | None = None
    thread_id: int = 0


def unknown(session: Session, found: Sequence[Pending]) -> list[Pending]:
    """Returns those that were never put into the outbox."""
    keys = [pending.key for pending in found]
    known: set[str] = set()
    for at in range(0, len(keys), _AT_ONCE):
        statement = select(Notice.dedupe_key).where(col(Notice.dedupe_key).in_(keys[at : at + _AT_ONCE]))
        known |= set(session.exec(statement))
    return [pending for pending in found if pending.key not in known]


def put_all(session: Session, found: Iterable[Pending], now: datetime) -> None:
    """Puts them into the outbox."""
    for pending in found:
        outbox.put(
            session,
            pending.kind,
            pending.key,
            pending.payload,
            now,
            pending.expires_at,
            user_id=pending.user_id,
            chat_id=pending.chat_id,
            thread_id=pending.thread_id,
            roster_id=pending.roster_id,
        )


def earliest(*moments: datetime | None) -> datetime | None:
    """Returns the first of some instants; None stands for never."""
    return min((moment for moment in moments if moment is not None), default=None)
