"""What changed lately: who changed the schedule, when, why, by how much, and whether it was taken back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from duty_teller.db.models import ChangeKind, ScheduleChange, ScheduleChangeItem


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change for people to read.

    Attributes:
        id: Its number, for undo.
        roster_id: Whose schedule changed.
        kind: Why it was made.
        author: Who made it.
        reason: The file's name, or the author's words.
        at: When (aware UTC).
        added: Shifts that came.
        removed: Shifts that went.
        changed: Shifts that moved.
        undone: Whether it has been taken back.
        redoes: Whether it brings a change back: an undo of an undo, however many deep.
    """

    id: int
    roster_id: int
    kind: ChangeKind
    author: str
    reason: str
    at: datetime
    added: int
    removed: int
    changed: int
    undone: bool
    redoes: bool


def recent_changes(session: Session, roster_ids: Collection[int], limit: int = 10, skip: int = 0) -> list[ChangeView]:
    """Returns the changes of these rosters, the newest first.

    Args:
        session: Where to read.
        roster_ids: The rosters.
        limit: How many.
        skip: How many of the newest to leave out.
    """
    statement = select(ScheduleChange).where(col(ScheduleChange.roster_id).in_(roster_ids))
    changes = session.exec(statement.order_by(col(ScheduleChange.id).desc()).offset(skip).limit(limit)).all()
    counts = _counts(session, [change.id or 0 for change in changes])
    undone = _undone(session, roster_ids)
    redone = _redone(session, roster_ids)
    return [
        ChangeView(
            id=change.id or 0,
            roster_id=change.roster_id,
            kind=change.kind,
            author=change.author_name,
            reason=change.reason,
            at=change.created_at,
            added=counts.get(change.id or 0, (0, 0, 0))[0],
            removed=counts.get(change.id or 0, (0, 0, 0))[1],
            changed=counts.get(change.id or 0, (0, 0, 0))[2],
            undone=change.id in undone,
            redoes=change.id in redone,
        )
        for change in changes
    ]


def _counts(session: Session, change_ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    before, after = col(ScheduleChangeItem.before), col(ScheduleChangeItem.after)

    def many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    statement = (
        sa.select(
            col(ScheduleChangeItem.change_id),
            many(before.is_(None)),
            many(after.is_(None)),
            many(sa.and_(before.is_not(None), after.is_not(None))),
        )
        .where(col(ScheduleChangeItem.change_id).in_(change_ids))
        .group_by(col(ScheduleChangeItem.change_id))
    )
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(statement)}


def _undone(session: Session, roster_ids: Collection[int]) -> set[int]:
    """Returns the changes that are taken back: undone by a change that stands itself."""
    statement = select(ScheduleChange.id, ScheduleChange.undoes_id).where(
        col(ScheduleChange.roster_id).in_(roster_ids), col(ScheduleChange.undoes_id).is_not(None)
    )
    undone: set[int] = set()
    for change_id, target in session.exec(statement.order_by(col(ScheduleChange.id).desc())):
        if change_id not in undone and target is not None:
            undone.add(target)
    return undone


def _redone(session: Session, roster_ids: Collection[int]) -> set[int]:
    """Returns the undos that bring a change back: those of an undo that is not itself such a one."""
    statement = select(ScheduleChange.id, ScheduleChange.undoes_id).where(
        col(ScheduleChange.roster_id).in_(roster_ids), col(ScheduleChange.undoes_id).is_not(None)
    )
    undos: set[int | None] = set()
    redos: set[int] = set()
    for change_id, target in session.exec(statement.order_by(col(ScheduleChange.id))):
        if target in undos and change_id is not None:
            redos.add(change_id)
        else:
            undos.add(change_id)
    return redos
