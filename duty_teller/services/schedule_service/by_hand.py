"""What people made of the schedule by hand, read from the change log: a file that says otherwise has to ask.

A row is made by hand where covers, swaps, take-overs, edits or absences changed it and nothing wrote over them since:
an undo gives a row back what it was before, an import that changes it makes it the file's, a merge of two people hands
it on.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, select

from duty_teller.db.models import ChangeKind, ScheduleChange, ScheduleChangeItem
from duty_teller.domain.shift import Shift
from duty_teller.services.schedule_service.log import shift_from_json
from duty_teller.services.schedule_service.model import DiffItem

_AT_ONCE = 500
_BY_HAND = tuple(kind for kind in ChangeKind if kind.by_hand)


@dataclass(frozen=True, slots=True)
class HandMade:
    """A row that people changed.

    Attributes:
        item: What it was before the first of the changes (None: it was not there), and what it is now.
        change_ids: The changes, the oldest first.
        span: From the earliest begin to the latest end that it has had since; instants of UTC.
    """

    item: DiffItem
    change_ids: tuple[int, ...]
    span: tuple[datetime, datetime]


class _Entry(NamedTuple):
    change_id: int
    kind: ChangeKind
    undoes_id: int | None
    uid: str
    before: Shift | None
    after: Shift | None


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as far as the log was read: what it is, what it was before people changed it, who did, and when it was.

    `lost` holds what of them a file wrote over: (change, from, to).
    """

    shift: Shift | None = None
    base: Shift | None = None
    change_ids: tuple[int, ...] = ()
    span: tuple[datetime, datetime] | None = None
    lost: tuple[tuple[int, datetime, datetime], ...] = ()


def made_by_hand(session: Session, roster_id: int) -> list[HandMade]:
    """Returns the rows of a roster that people changed, removed ones too, and those that are again what they were."""
    entries = _entries(session, roster_id)
    rows = _replayed(entries)
    lost: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for row in rows.values():
        for change_id, start, end in row.lost:
            lost[change_id].append((start, end))
    found = []
    for uid, row in rows.items():
        if row.span is None:
            continue
        start, end = row.span
        # A change that a file wrote over is over in the other rows of it, too.
        kept = tuple(n for n in row.change_ids if not any(a < end and start < b for a, b in lost.get(n, ())))
        if kept:
            found.append(HandMade(DiffItem(uid, row.base, row.shift), kept, row.span))
    return found


def _entries(session: Session, roster_id: int) -> list[_Entry]:
    """Returns all that the log says of rows that people ever changed, the oldest first."""
    touched = (
        select(ScheduleChangeItem.duty_uid)
        .join(ScheduleChange, col(ScheduleChange.id) == col(ScheduleChangeItem.change_id))
        .where(ScheduleChange.roster_id == roster_id, col(ScheduleChange.kind).in_(_BY_HAND))
        .distinct()
    )
    uids, merges = set(session.exec(touched)), set[int]()
    found: dict[int, _Entry] = {}
    new_uids, new_merges = set(uids), set[int]()
    while new_uids or new_merges:  # a merge hands rows on to new ones
        read = _read(session, ScheduleChangeItem.duty_uid, new_uids) | _read(
            session, ScheduleChangeItem.change_id, new_merges
        )
        found |= read
        merges |= new_merges
        new_merges = {e.change_id for e in read.values() if e.kind == ChangeKind.MERGE} - merges
        new_uids = _heirs(read.values(), uids)
        uids |= new_uids
    return [found[number] for number in sorted(found, key=lambda number: (found[number].change_id, number))]


def _heirs(entries: Iterable[_Entry], uids: set[str]) -> set[str]:
    """Returns the rows that a merge made of known ones."""
    gone = {(e.change_id, e.before.what) for e in entries if e.before and not e.after and e.uid in uids}
    return {
        e.uid
        for e in entries
        if e.kind == ChangeKind.MERGE and e.after and not e.before and (e.change_id, e.after.what) in gone
    } - uids


def _read(session: Session, column: object, values: Iterable[object]) -> dict[int, _Entry]:
    wanted = list(values)
    found: dict[int, _Entry] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        statement = (
            select(ScheduleChangeItem, ScheduleChange.kind, ScheduleChange.undoes_id)
            .join(ScheduleChange, col(ScheduleChange.id) == col(ScheduleChangeItem.change_id))
            .where(col(column).in_(wanted[at : at + _AT_ONCE]))
        )
        for item, kind, undoes_id in session.exec(statement):
            before, after = shift_from_json(item.before), shift_from_json(item.after)
            found[item.id or 0] = _Entry(item.change_id, ChangeKind(kind), undoes_id, item.duty_uid, before, after)
    return found


def _replayed(entries: Sequence[_Entry]) -> dict[str, _Row]:
    """Goes through the log; returns uid → row."""
    rows: dict[str, _Row] = {}
    before: dict[tuple[int, str], _Row] = {}
    gone: dict[int, list[tuple[Shift, _Row]]] = defaultdict(list)
    for entry in entries:
        row = rows.get(entry.uid, _Row(shift=entry.before))
        before[entry.change_id, entry.uid] = row
        if entry.kind == ChangeKind.MERGE and entry.before is not None and entry.after is None:
            gone[entry.change_id].append((entry.before, row))
        rows[entry.uid] = _after(row, entry, before, gone)
    return rows


def _after(
    row: _Row, entry: _Entry, before: dict[tuple[int, str], _Row], gone: dict[int, list[tuple[Shift, _Row]]]
) -> _Row:
    """Returns what a row is after an entry of the log."""
    if entry.kind.by_hand:
        base = row.base if row.change_ids else entry.before
        had = [(s.start_at, s.end_at) for s in (entry.before, entry.after) if s is not None]
        had += [row.span] if row.span is not None else []
        span = min(start for start, _end in had), max(end for _start, end in had)
        return _Row(entry.after, base, (*row.change_ids, entry.change_id), span, row.lost)
    if entry.kind == ChangeKind.UNDO:
        known = before.get((entry.undoes_id or 0, entry.uid))
        return _Row(entry.after) if known is None else replace(known, shift=entry.after)
    if entry.kind == ChangeKind.MERGE:
        return _Row(entry.after) if entry.after is None else _inherited(entry, gone[entry.change_id])
    lost = row.lost
    if row.span is not None:
        lost = (*lost, *((change_id, *row.span) for change_id in row.change_ids))
    return _Row(entry.after, lost=lost)


def _inherited(entry: _Entry, gone: Sequence[tuple[Shift, _Row]]) -> _Row:
    """Returns what a merge made of somebody's row: the same, of somebody else."""
    assert entry.after is not None  # noqa: S101  # asked by the caller
    for shift, row in gone:
        if shift.what == entry.after.what:
            base = row.base
            if base is not None and base.user_id == shift.user_id:
                base = replace(base, user_id=entry.after.user_id)
            return _Row(entry.after, base, row.change_ids, row.span)
    return _Row(entry.after)
