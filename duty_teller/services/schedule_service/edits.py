"""Planning edits of a published roster: give a time on duty away (or a part of it), split, move, remove, add, annotate.

Each plans a `Diff` for `apply`; nothing is written. What is not touched stays: the rest of a shift of which a part is
given away, with its uid. A shift given to somebody else is cancelled, and a new one begins a life of its own, so that
the first person's calendar can say so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, Duty, Roster
from duty_teller.domain.shift import EventType, Shift
from duty_teller.i18n.core import LocalizedError
from duty_teller.services.schedule_service.consequences import Consequences, consequences_of
from duty_teller.services.schedule_service.model import Diff, DiffItem

LONGEST: Final = timedelta(days=62)
"""Of one shift that is added or moved: more is a slip of the year."""

_UIDS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored shift with what it is known by."""

    id: int
    uid: str
    shift: Shift


@dataclass(frozen=True, slots=True)
class PlannedEdit:
    """What an edit would write, and what that causes."""

    diff: Diff
    consequences: Consequences


class EditError(LocalizedError):
    """The edit cannot be meant (`change.gone`, `change.outside`, `change.empty`, `change.long`, `change.same`)."""


def stored_between(
    session: Session,
    roster_id: int,
    start: datetime,
    end: datetime,
    user_id: int | None = None,
    kinds: Sequence[EventType] = (EventType.DUTY,),
) -> list[Stored]:
    """Returns the stored shifts that touch [start, end), by start."""
    rows = repository.shifts_between(session, [roster_id], start, end, kinds, user_id=user_id)
    uids: dict[int | None, str] = {}
    for at in range(0, len(rows), _UIDS_AT_ONCE):
        numbers = [row.id for row in rows[at : at + _UIDS_AT_ONCE]]
        uids |= dict(session.exec(select(Duty.id, Duty.uid).where(col(Duty.id).in_(numbers))).all())
    return [Stored(row.id, uids[row.id], Shift.of(row)) for row in rows]


def stored_shift(session: Session, roster_id: int, shift_id: int) -> Stored:
    """Returns a stored shift by its number.

    Raises:
        EditError: `change.gone`: it was removed or given away since.
    """
    duty = session.get(Duty, shift_id)
    if duty is None or duty.cancelled_at is not None or duty.roster_id != roster_id:
        raise EditError("change.gone")
    return Stored(shift_id, duty.uid, Shift.of(duty))


def pieces_of(session: Session, roster_id: int, shift: Shift, start: datetime, end: datetime) -> list[Stored]:
    """Returns the stored shifts of a shift's person and position that touch [start, end)."""
    rows = stored_between(session, roster_id, start, end, shift.user_id, (shift.event_type,))
    return [row for row in rows if row.shift.position == shift.position]


def give(pieces: Iterable[Stored], start: datetime, end: datetime, user_id: int) -> list[DiffItem]:
    """Plans giving [start, end) of some shifts to somebody; what lies outside stays with whoever has it.

    Raises:
        EditError: `change.outside`: none of them lies there. `change.same`: they are that person's already.
    """
    inside = [piece for piece in pieces if piece.shift.start_at < end and piece.shift.end_at > start]
    items = [item for piece in inside if piece.shift.user_id != user_id for item in _carved(piece, start, end, user_id)]
    if not items:
        raise EditError("change.same" if inside else "change.outside")
    return items


def remove(pieces: Iterable[Stored], start: datetime, end: datetime) -> list[DiffItem]:
    """Plans removing [start, end) of some shifts.

    Raises:
        EditError: `change.outside`: none of them lies there.
    """
    items = [item for piece in pieces for item in _carved(piece, start, end, None)]
    if not items:
        raise EditError("change.outside")
    return items


def _carved(piece: Stored, start: datetime, end: datetime, user_id: int | None) -> list[DiffItem]:
    """Takes [start, end) out of a shift, for somebody else or for nobody: the rest keeps the uid, its first part."""
    shift = piece.shift
    start, end = max(start, shift.start_at), min(end, shift.end_at)
    if start >= end:
        return []
    rests = [
        replace(shift, start_at=one, end_at=two)
        for one, two in ((shift.start_at, start), (end, shift.end_at))
        if one < two
    ]
    items = [DiffItem(piece.uid, shift, rests[0] if rests else None)]
    items += [DiffItem(None, None, rest) for rest in rests[1:]]
    if user_id is not None:
        items.append(DiffItem(None, None, replace(shift, user_id=user_id, start_at=start, end_at=end)))
    return items


def split(piece: Stored, at: datetime) -> list[DiffItem]:
    """Plans making two shifts of one; the first keeps the uid.

    Raises:
        EditError: `change.outside`: the instant is not inside it.
    """
    shift = piece.shift
    if not shift.start_at < at < shift.end_at:
        raise EditError("change.outside")
    first, second = replace(shift, end_at=at), replace(shift, start_at=at)
    return [DiffItem(piece.uid, shift, first), DiffItem(None, None, second)]


def move(pieces: Sequence[Stored], start: datetime, end: datetime) -> list[DiffItem]:
    """Plans another begin and end for a time on duty: its outer shifts are lengthened or cut, those outside go.

    Args:
        pieces: The shifts of one time on duty, by start.
        start: When it begins.
        end: When it ends.

    Raises:
        EditError: `change.empty`: it would end before it begins. `change.long`. `change.same`: it is so already.
    """
    if start >= end:
        raise EditError("change.empty")
    if end - start > max(LONGEST, pieces[-1].shift.end_at - pieces[0].shift.start_at):
        raise EditError("change.long")
    inside = [piece for piece in pieces if piece.shift.start_at < end and piece.shift.end_at > start]
    kept = inside or [min(pieces, key=lambda piece: abs(piece.shift.start_at - start))]
    items = [DiffItem(piece.uid, piece.shift, None) for piece in pieces if piece not in kept]
    for piece in kept:
        begins = start if piece is kept[0] else piece.shift.start_at
        ends = end if piece is kept[-1] else min(piece.shift.end_at, end)
        moved = replace(piece.shift, start_at=begins, end_at=ends)
        if moved != piece.shift:
            items.append(DiffItem(piece.uid, piece.shift, moved))
    if not items:
        raise EditError("change.same")
    return items


def annotate(pieces: Iterable[Stored], note: str | None) -> list[DiffItem]:
    """Plans another note for some shifts.

    Args:
        pieces: The shifts.
        note: As `clean_note` gives it; None: none.

    Raises:
        EditError: `change.outside`: there is no shift. `change.same`: all of them have it already.
    """
    every = list(pieces)
    items = [
        DiffItem(piece.uid, piece.shift, replace(piece.shift, note=note)) for piece in every if piece.shift.note != note
    ]
    if not items:
        raise EditError("change.same" if every else "change.outside")
    return items


def hand(piece: Stored, user_id: int, start: datetime, end: datetime) -> list[DiffItem]:
    """Plans giving a shift to somebody at other times: it ends, and a new one begins a life of its own.

    Raises:
        EditError: `change.empty`, `change.long`.
    """
    if start >= end:
        raise EditError("change.empty")
    if end - start > max(LONGEST, piece.shift.end_at - piece.shift.start_at):
        raise EditError("change.long")
    given = replace(piece.shift, user_id=user_id, start_at=start, end_at=end)
    return [DiffItem(piece.uid, piece.shift, None), DiffItem(None, None, given)]


def add(
    user_id: int, start: datetime, end: datetime, position: str | None = None, event_type: EventType = EventType.DUTY
) -> list[DiffItem]:
    """Plans a new shift.

    Raises:
        EditError: `change.empty` or `change.long`.
    """
    if start >= end:
        raise EditError("change.empty")
    if end - start > LONGEST:
        raise EditError("change.long")
    return [DiffItem(None, None, Shift(user_id, position, start, end, event_type))]


def plan_edit(
    session: Session, roster: Roster, items: Iterable[DiffItem], kind: ChangeKind = ChangeKind.EDIT
) -> PlannedEdit:
    """Returns items as a difference from the schedule as it is now, with what it causes."""
    assert roster.id is not None  # noqa: S101  # a stored row
    revision = repository.revision(session, f"schedule:{roster.id}")
    diff = Diff(roster.id, revision, kind, tuple(items))
    return PlannedEdit(diff, consequences_of(session, roster, diff.items))
