"""Whose a shift was in the plan: covers, swaps and take-overs are followed through the change log.

Every part of a stored shift has an origin, the person the plan had there. A cover hands it on: whoever takes over a
part of which somebody else was the origin keeps that origin, also when it is handed on again or taken back. A file, an
admin's edit and an absence are the plan itself: what they write is its own origin.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.db.models import ChangeKind, Duty, ScheduleChange, ScheduleChangeItem
from duty_teller.domain.shift import Shift
from duty_teller.domain.working_time import Interval, without
from duty_teller.services.schedule_service.log import shift_from_json

_HANDED_ON: Final = (ChangeKind.COVER, ChangeKind.SWAP, ChangeKind.TAKEOVER)
_AT_ONCE: Final = 500

Origins = list[tuple[Interval, int]]
"""Parts of a shift and the person the plan had there; what is in none of them is the shift's own person's."""


@dataclass(slots=True)
class _Item:
    """What a change did to a shift."""

    uid: str
    before: Shift | None
    after: Shift | None


@dataclass(slots=True)
class _Walk:
    """The origins as of a change, by uid; those of removed shifts are kept, they may come back."""

    known: dict[str, Origins] = field(default_factory=dict)

    def origins(self, uid: str, shift: Shift) -> Origins:
        """Returns the origins of a shift; they fill it."""
        span = (shift.start_at, shift.end_at)
        parts = [(part, who) for held, who in self.known.get(uid, []) if (part := _both(held, span)) is not None]
        own = without([span], [part for part, _who in parts])
        return parts + [(part, shift.user_id) for part in own]

    def follow(self, kind: ChangeKind, items: Iterable[_Item]) -> None:
        """Takes one change in."""
        items = list(items)
        if kind == ChangeKind.MERGE:
            self._merge(items)
        if kind not in _HANDED_ON:
            for item in items:
                if item.before is not None and item.after is not None and item.before.user_id == item.after.user_id:
                    self.known[item.uid] = self.origins(item.uid, item.after)
            return
        was = [
            (item.uid, item.before, self.origins(item.uid, item.before)) for item in items if item.before is not None
        ]
        for item in items:
            if item.after is not None:
                self.known[item.uid] = _inherited(item.uid, item.after, was)

    def _merge(self, items: Iterable[_Item]) -> None:
        pairs = {(i.before.user_id, i.after.user_id) for i in items if i.before is not None and i.after is not None}
        one = {old: new for old, new in pairs if old != new}
        self.known = {uid: [(span, one.get(who, who)) for span, who in parts] for uid, parts in self.known.items()}


def _inherited(uid: str, shift: Shift, was: list[tuple[str, Shift, Origins]]) -> Origins:
    """Returns the origins of what a person has after a cover: what was theirs stays so, the rest is handed on."""
    nearest = sorted(
        was, key=lambda one: (one[0] != uid, one[1].user_id != shift.user_id, one[1].position != shift.position)
    )
    left: list[Interval] = [(shift.start_at, shift.end_at)]
    found: Origins = []
    for _uid, _before, parts in nearest:
        for held, who in parts:
            taken = [part for piece in left if (part := _both(piece, held)) is not None]
            found += [(part, who) for part in taken]
            left = without(left, taken)
    return found + [(part, shift.user_id) for part in left]


def _both(one: Interval, other: Interval) -> Interval | None:
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else None


def origins_of(session: Session, roster_ids: Collection[int], start: datetime, end: datetime) -> dict[str, Origins]:
    """Returns the origins of the shifts that were ever handed on and touch [start, end), by uid.

    Args:
        session: Where to read.
        roster_ids: Which rosters.
        start: Aware.
        end: Aware.
    """
    touching = (
        select(Duty.uid)
        .where(col(Duty.roster_id).in_(roster_ids), col(Duty.start_at) < end, col(Duty.end_at) > start)
        .join(ScheduleChangeItem, col(ScheduleChangeItem.duty_uid) == col(Duty.uid))
        .join(ScheduleChange, col(ScheduleChange.id) == col(ScheduleChangeItem.change_id))
        .where(col(ScheduleChange.kind).in_(_HANDED_ON))
        .distinct()
    )
    uids = list(session.exec(touching))
    changes: dict[int, tuple[ChangeKind, list[_Item]]] = {}
    for at in range(0, len(uids), _AT_ONCE):
        rows = session.exec(
            select(ScheduleChange.id, ScheduleChange.kind, ScheduleChangeItem)
            .join(ScheduleChangeItem, col(ScheduleChangeItem.change_id) == col(ScheduleChange.id))
            .where(col(ScheduleChangeItem.duty_uid).in_(uids[at : at + _AT_ONCE]))
            .order_by(col(ScheduleChangeItem.id))
        )
        for number, kind, row in rows:
            _kind, items = changes.setdefault(number or 0, (ChangeKind(kind), []))
            items.append(_Item(row.duty_uid, shift_from_json(row.before), shift_from_json(row.after)))
    walk = _Walk()
    for number in sorted(changes):
        walk.follow(*changes[number])
    return walk.known
