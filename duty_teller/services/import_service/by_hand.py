"""A file and the changes that people made by hand: which of them it would overwrite.

Covers, swaps, take-overs, edits and absences are asked about where the file says otherwise, once for all of them. A
file that says the same of a time as the people do, whatever rows it is made of, overwrites nothing.
"""

import hashlib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta

import orjson
from sqlmodel import Session, col, select

from duty_teller.db.models import ChangeKind, EventType, ScheduleChange, User
from duty_teller.domain.coverage import Interval
from duty_teller.domain.shift import ABSENCES, Shift
from duty_teller.i18n.core import LocalizedError
from duty_teller.services.people import accounts
from duty_teller.services.schedule_service import DiffItem
from duty_teller.services.schedule_service.by_hand import HandMade, made_by_hand
from duty_teller.services.schedule_service.consequences import without

_Key = tuple[int, str | None, EventType]


class ByHandOpenError(LocalizedError):
    """Nobody has said yet what becomes of changes made by hand (`import.by_hand.open`); nothing was written."""


@dataclass(frozen=True, slots=True)
class HandAnswer:
    """What somebody said of the changes that a file would overwrite.

    Attributes:
        keep: They are kept; if not, the file is newer.
        mark: Of what it was said (`mark_of`); None: of whatever there is.
    """

    keep: bool
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class HandChange:
    """Who changed something by hand, and when (aware UTC)."""

    id: int
    kind: ChangeKind
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ByHand:
    """Something made by hand that a file would overwrite.

    Attributes:
        changes: By what it was made, the oldest first.
        done: What was made: each row before and after.
        file: What the import would do to it, and in its place.
        names: Number → name of everybody in `done`.
    """

    changes: tuple[HandChange, ...]
    done: tuple[DiffItem, ...]
    file: tuple[DiffItem, ...]
    names: Mapping[int, str]

    @property
    def span(self) -> Interval:
        """From the earliest begin to the latest end of what was changed; instants of UTC."""
        shifts = [s for item in self.done for s in (item.before, item.after) if s is not None]
        return min(shift.start_at for shift in shifts), max(shift.end_at for shift in shifts)

    @property
    def says(self) -> tuple[Shift, ...]:
        """What the file has in its place, by start; nothing, where it has nobody then."""
        found = (item.after for item in self.file if item.after is not None)
        return tuple(sorted(found, key=lambda shift: (shift.start_at, shift.user_id)))


def mark_of(found: Sequence[ByHand]) -> str:
    """Returns what is the same for two questions that ask the same."""
    told = [
        [[change.id for change in one.changes], *([_plain(i) for i in items] for items in (one.done, one.file))]
        for one in found
    ]
    return hashlib.sha256(orjson.dumps(told, default=str)).hexdigest()[:8]


def _plain(item: DiffItem) -> list[object]:
    return [item.uid, *(None if shift is None else astuple(shift) for shift in (item.before, item.after))]


def overwritten(
    session: Session,
    roster_id: int,
    items: Sequence[DiffItem],
    stored: Sequence[Shift],
    result: Sequence[Shift],
    staying: frozenset[int],
) -> tuple[tuple[ByHand, ...], tuple[DiffItem, ...]]:
    """Finds what an import would overwrite.

    Args:
        session: Where to read.
        roster_id: The roster.
        items: What the import would write.
        stored: The schedule as it is, around the days of the file.
        result: The same as the import would leave it.
        staying: People who are not in the file and whose shifts stay.

    Returns:
        What is overwritten, by start; and the items, with a shift that was removed by hand brought back as the same
        row, with what was given by hand to somebody who is not in the file taken from them where the file gives it
        back, and without the pieces of a shift that the file has whole again.
    """
    rows = _as_they_are_now(session, made_by_hand(session, roster_id))
    if not rows:
        return (), tuple(items)
    before, after = _by_key(stored), _by_key(result)
    plan = _Items(items)
    found: list[tuple[list[HandMade], list[DiffItem]]] = []
    judged = [(group, _Hurt.of(group, before, after, plan)) for group in _groups(rows)]
    # What the file says of one change may be what keeps another: where the first is kept, so must the second be.
    while overwriting := [(group, hurt) for group, hurt in judged if hurt is not None]:
        found += [(group, _contested(group, hurt, plan, staying)) for group, hurt in overwriting]
        after = _by_key(_kept(result, [item for _group, file in found for item in file]))
        judged = [(group, _Hurt.of(group, before, after, plan)) for group, hurt in judged if hurt is None]
    every = [row for group, _file in found for row in group]
    facts, names = _facts(session, every), _names(session, every)
    told = (
        ByHand(
            tuple(facts[number] for number in sorted({n for row in group for n in row.change_ids})),
            tuple(row.item for row in group if row.item.before != row.item.after),
            tuple(file),
            names,
        )
        for group, file in found
    )
    return tuple(sorted(told, key=lambda one: (one.span, one.changes[0].id))), tuple(plan.items)


class _Items:
    """What an import would write, found by row, by whose it will be, and by time."""

    def __init__(self, items: Sequence[DiffItem]) -> None:
        self.items = list(items)
        self.of_row = {item.uid: at for at, item in enumerate(items) if item.uid is not None}
        self._of_key: dict[_Key, list[int]] = defaultdict(list)
        for at, item in enumerate(items):
            if item.after is not None:
                self._of_key[_key(item.after)].append(at)
        added = ((item.after.start_at, at) for at, item in enumerate(items) if item.before is None and item.after)
        self._added = sorted(added)

    def of(self, key: _Key) -> list[int]:
        """Returns where shifts of a person are that come or move."""
        return self._of_key.get(key, [])

    def added(self, start: datetime, end: datetime) -> list[int]:
        """Returns where shifts are that come and may lie mostly in a time: they begin its length before it or later."""
        first = bisect_left(self._added, (start - (end - start), -1))
        return [at for _start, at in self._added[first : bisect_left(self._added, (end, -1))]]

    def add(self, item: DiffItem) -> int:
        """Adds another one."""
        self.items.append(item)
        return len(self.items) - 1


def _as_they_are_now(session: Session, rows: Sequence[HandMade]) -> list[HandMade]:
    """Puts whoever was merged with somebody else under that person: a file means them."""
    ids = {shift.user_id for row in rows for shift in (row.item.before, row.item.after) if shift is not None}
    gone = session.exec(select(User).where(col(User.id).in_(ids), col(User.is_active).is_(False))).all()
    heirs = {user.id: heir.id for user in gone if (heir := accounts.merged_into(session, user)) is not None}

    def now(shift: Shift | None) -> Shift | None:
        heir = None if shift is None else heirs.get(shift.user_id)
        return shift if shift is None or heir is None else replace(shift, user_id=heir)

    return [replace(row, item=DiffItem(row.item.uid, now(row.item.before), now(row.item.after))) for row in rows]


def _groups(rows: Sequence[HandMade]) -> list[list[HandMade]]:
    """Puts together what one change, or several of the same time, made of a time."""
    by_change: dict[int, list[int]] = defaultdict(list)
    group = list(range(len(rows)))

    def root(at: int) -> int:
        while group[at] != at:
            at = group[at]
        return at

    for at, row in enumerate(rows):
        start, end = row.span
        for number in row.change_ids:
            for other in by_change[number]:
                other_start, other_end = rows[other].span
                if start < other_end and other_start < end:
                    group[root(other)] = root(at)
            by_change[number].append(at)
    found: dict[int, list[HandMade]] = defaultdict(list)
    for at, row in enumerate(rows):
        found[root(at)].append(row)
    return list(found.values())


def _key(shift: Shift) -> _Key:
    return shift.user_id, shift.position, shift.event_type


def _by_key(shifts: Iterable[Shift | None]) -> dict[_Key, list[Interval]]:
    found: dict[_Key, list[Interval]] = defaultdict(list)
    for shift in shifts:
        if shift is not None:
            found[_key(shift)].append((shift.start_at, shift.end_at))
    return found


@dataclass(frozen=True, slots=True)
class _Hurt:
    """What of something made by hand an import would not leave: times given that go, times taken that come back.

    A note that was written by hand may be all of it.
    """

    given: dict[_Key, list[Interval]]
    taken: dict[_Key, list[Interval]]

    @classmethod
    def of(
        cls,
        group: Sequence[HandMade],
        stored: Mapping[_Key, list[Interval]],
        result: Mapping[_Key, list[Interval]],
        plan: "_Items",
    ) -> "_Hurt | None":
        was, now = _by_key(row.item.before for row in group), _by_key(row.item.after for row in group)
        given: dict[_Key, list[Interval]] = {}
        taken: dict[_Key, list[Interval]] = {}
        for key in was.keys() | now.keys():
            around = [*was.get(key, []), *now.get(key, [])]
            is_now, will_be = (_near(spans.get(key, []), around) for spans in (stored, result))
            # What is not stored around the file's days goes by no import.
            if gone := _both(without(without(now.get(key, []), was.get(key, [])), will_be), is_now):
                given[key] = gone
            if back := without(_both(without(was.get(key, []), now.get(key, [])), will_be), is_now):
                taken[key] = back
        return cls(given, taken) if given or taken or any(_note_goes(row, plan) for row in group) else None


def _note_goes(row: HandMade, plan: _Items) -> bool:
    """Tells whether an import would write another note over one that was written, or taken off, by hand."""
    was, now, at = row.item.before, row.item.after, plan.of_row.get(row.item.uid or "")
    if now is None or at is None or now.note == (was.note if was is not None else None):
        return False
    after = plan.items[at].after
    return after is not None and after.note != now.note


def _near(spans: Iterable[Interval], around: Iterable[Interval]) -> list[Interval]:
    """Returns the spans that overlap any of some others."""
    others = list(around)
    return [span for span in spans if any(_overlap(span, other) for other in others)]


def _both(spans: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
    every = list(spans)
    return without(every, without(every, others))


def _contested(group: Sequence[HandMade], hurt: _Hurt, plan: _Items, staying: frozenset[int]) -> list[DiffItem]:
    """Returns the items that would overwrite a group; those of the plan are put right in place."""
    removed = [row for row in group if row.item.after is None]
    found = [plan.of_row[row.item.uid] for row in group if row.item.uid in plan.of_row]
    for at in [at for key in hurt.taken for at in plan.of(key) if at not in found]:
        item = plan.items[at]
        if item.after is None or not _comes_back(item, item.after, hurt):
            continue
        row = next((r for r in removed if r.item.before is not None and _meet(r.item.before, item.after)), None)
        if item.uid is None and row is not None and row.item.before is not None:
            removed.remove(row)
            back = replace(item.after, note=item.after.note or row.item.before.note)
            plan.items[at] = DiffItem(row.item.uid, None, back)
        found.append(at)
    touched = {plan.items[at].uid for at in found}
    returned = [span for spans in hurt.taken.values() for span in spans]
    whole = [after for at in found if (after := plan.items[at].after) is not None]
    for row in group:
        given = row.item.after
        if given is None or row.item.uid in touched:
            continue
        lost = given.user_id in staying and any(_overlap((given.start_at, given.end_at), span) for span in returned)
        # A piece of a shift that was divided by hand, where the file has the shift whole again.
        if lost or any(_meet(given, shift) for shift in whole):
            found.append(plan.add(DiffItem(row.item.uid, given, None)))
    return [plan.items[at] for at in [*found, *(at for at in _instead(group, hurt, plan) if at not in found)]]


def _comes_back(item: DiffItem, after: Shift, hurt: _Hurt) -> bool:
    before = [] if item.before is None else [(item.before.start_at, item.before.end_at)]
    new = without([(after.start_at, after.end_at)], before)
    return any(_overlap(one, other) for one in new for other in hurt.taken.get(_key(after), ()))


def _instead(group: Sequence[HandMade], hurt: _Hurt, plan: _Items) -> list[int]:
    """Returns whom the file has in the place of those who got a time by hand and would lose it.

    Somebody new of the same position whose shift lies mostly in that time, where it is clear who; of an absence, the
    person's other absences of these days.
    """
    start, end = min(row.span[0] for row in group), max(row.span[1] for row in group)
    chosen: list[int] = []
    for user_id in {key[0] for key in hurt.given if key[2].is_absence}:
        for kind in ABSENCES:
            for at in plan.of((user_id, None, kind)):
                item = plan.items[at]
                if (
                    item.before is None
                    and item.after
                    and _overlap((item.after.start_at, item.after.end_at), (start, end))
                ):
                    chosen.append(at)
    added = [(at, after) for at in plan.added(start, end) if (after := plan.items[at].after) is not None]
    for position in {key[1] for key in hurt.given if not key[2].is_absence}:
        lost, back = (
            sum(not key[2].is_absence and key[1] == position for key in found) for found in (hurt.given, hurt.taken)
        )
        candidates = [
            at
            for at, shift in added
            if not shift.event_type.is_absence
            and shift.position == position
            and _key(shift) not in hurt.taken
            and 2 * _length_in(shift, start, end) > shift.end_at - shift.start_at
        ]
        if len(candidates) <= lost - back:
            chosen += candidates
    return chosen


def _length_in(shift: Shift, start: datetime, end: datetime) -> timedelta:
    return max(min(shift.end_at, end) - max(shift.start_at, start), timedelta())


def _meet(one: Shift, other: Shift) -> bool:
    return _key(one) == _key(other) and one.start_at < other.end_at and other.start_at < one.end_at


def _overlap(one: Interval, other: Interval) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _facts(session: Session, rows: Iterable[HandMade]) -> dict[int, HandChange]:
    numbers = {number for row in rows for number in row.change_ids}
    found = session.exec(select(ScheduleChange).where(col(ScheduleChange.id).in_(numbers))).all()
    return {c.id or 0: HandChange(c.id or 0, c.kind, c.author_name, c.created_at) for c in found}


def _kept(result: Sequence[Shift], contested: Sequence[DiffItem]) -> list[Shift]:
    """Returns what the import would leave without the items that are contested."""
    left = Counter(_place(item.after) for item in contested if item.after is not None)
    kept = []
    for shift in result:
        if left[_place(shift)] > 0:
            left[_place(shift)] -= 1
        else:
            kept.append(shift)
    return kept + [item.before for item in contested if item.before is not None]


def _place(shift: Shift) -> tuple[_Key, datetime, datetime]:
    return _key(shift), shift.start_at, shift.end_at


def _names(session: Session, rows: Iterable[HandMade]) -> dict[int, str]:
    ids = {shift.user_id for row in rows for shift in (row.item.before, row.item.after) if shift is not None}
    return {user.id or 0: user.full_name for user in session.exec(select(User).where(col(User.id).in_(ids)))}
