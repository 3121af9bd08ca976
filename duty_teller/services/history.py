"""What changed lately: who changed the schedule, when, why, by how much, and whether it was taken back."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from duty_teller.db.models import ChangeKind, ScheduleChange, ScheduleChangeItem

COMMAND_LINE: Final = "command line"
"""Author of what the command line changes."""


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
        original: The change that it takes or brings back; None: it is no undo.
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
    original: "ChangeView | None" = None


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
    return _views(session, changes)


def last_changes(session: Session, uids: Collection[str]) -> dict[str, ScheduleChange]:
    """Returns of some shifts (by uid) the change that touched each last."""
    item = ScheduleChangeItem
    which = col(item.duty_uid).in_(uids)
    newest = sa.select(sa.func.max(col(item.change_id))).where(which).group_by(col(item.duty_uid))
    statement = (
        select(item.duty_uid, ScheduleChange)
        .join(ScheduleChange, col(ScheduleChange.id) == col(item.change_id))
        .where(which, col(item.change_id).in_(newest))
        .order_by(col(item.change_id))
    )
    return dict(session.exec(statement).all()) if uids else {}


def view(session: Session, change_id: int) -> ChangeView | None:
    """Returns one change, or None when there is none of that number."""
    change = session.get(ScheduleChange, change_id)
    return _views(session, [change])[0] if change is not None else None


def _views(session: Session, changes: Sequence[ScheduleChange]) -> list[ChangeView]:
    roster_ids = {change.roster_id for change in changes}
    undos = _undos(session, roster_ids)
    originals = {change.id or 0: _original(change.id or 0, undos) for change in changes}
    wanted = set(originals.values()) - originals.keys()
    further = session.exec(select(ScheduleChange).where(col(ScheduleChange.id).in_(wanted))).all() if wanted else ()
    counts = _counts(session, [change.id or 0 for change in (*changes, *further)])
    undone, redone = _undone(undos), _redone(undos)

    def one(change: ScheduleChange, original: "ChangeView | None" = None) -> ChangeView:
        number = change.id or 0
        added, removed, changed = counts.get(number, (0, 0, 0))
        return ChangeView(
            id=number,
            roster_id=change.roster_id,
            kind=change.kind,
            author=change.author_name,
            reason=change.reason,
            at=change.created_at,
            added=added,
            removed=removed,
            changed=changed,
            undone=number in undone,
            redoes=number in redone,
            original=original,
        )

    plain = {change.id or 0: one(change) for change in (*changes, *further)}
    found = []
    for change in changes:
        original = originals[change.id or 0]
        found.append(one(change, plain[original] if original != change.id else None))
    return found


def _original(change_id: int, undos: Sequence[tuple[int, int]]) -> int:
    """Returns what a change takes or brings back, through however many undos; itself when it is none."""
    targets = dict(undos)
    while change_id in targets:
        change_id = targets[change_id]
    return change_id


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


def _undos(session: Session, roster_ids: Collection[int]) -> list[tuple[int, int]]:
    """Returns all undos of some rosters as (undo, what it takes back), the oldest first."""
    statement = select(ScheduleChange.id, ScheduleChange.undoes_id).where(
        col(ScheduleChange.roster_id).in_(roster_ids), col(ScheduleChange.undoes_id).is_not(None)
    )
    return [(number or 0, target or 0) for number, target in session.exec(statement.order_by(col(ScheduleChange.id)))]


def _undone(undos: Sequence[tuple[int, int]]) -> set[int]:
    """Returns the changes that are taken back: by an undo that is not taken back itself."""
    undone: set[int] = set()
    for number, target in reversed(undos):
        if number not in undone:
            undone.add(target)
    return undone


def _redone(undos: Iterable[tuple[int, int]]) -> set[int]:
    """Returns the undos that bring a change back: those of an undo that is not itself such a one."""
    taking: set[int] = set()
    bringing: set[int] = set()
    for number, target in undos:
        (bringing if target in taking else taking).add(number)
    return bringing
