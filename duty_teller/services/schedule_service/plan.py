"""From what is wanted to a difference."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, Duty
from duty_teller.domain.shift import SHIFT_FIELDS, Shift
from duty_teller.services.schedule_service.model import Covered, Diff, DiffItem, RosterSettings

_DUTIES: sa.Table = Duty.__table__  # type: ignore[attr-defined]


def stored_shifts(session: Session, roster_id: int, covered: Covered) -> list[tuple[str, Shift]]:
    """Returns (uid, shift) of the stored shifts that a plan would replace, by start."""
    if not covered.spans:
        return []
    statement = sa.select(*(_DUTIES.c[name] for name in ("uid", *SHIFT_FIELDS))).where(
        _DUTIES.c.roster_id == roster_id,
        _DUTIES.c.start_at >= min(start for start, _end in covered.spans),
        _DUTIES.c.start_at < max(end for _start, end in covered.spans),
        _DUTIES.c.cancelled_at.is_(None),
    )
    rows = session.execute(statement.order_by(_DUTIES.c.start_at, _DUTIES.c.id)).all()
    found = ((uid, Shift(*values)) for uid, *values in rows)
    return [(uid, s) for uid, s in found if s.user_id in covered.user_ids and covered.holds(s.start_at)]


def plan_changes(
    session: Session,
    roster_id: int,
    wanted: Iterable[Shift],
    covered: Covered,
    kind: ChangeKind,
    settings: RosterSettings | None = None,
) -> Diff:
    """Compares what is wanted with what is stored. Nothing is written.

    A stored shift is met by (person, position, start, end, type). Of what is left, a wanted shift of the same person,
    position and type that overlaps a stored one is that shift moved: it keeps its uid, so that calendars move the
    event. The rest is added and removed; a shift given to somebody else is one of each. A note counts where it is
    said: None leaves the stored one, an empty one takes it off.

    Args:
        session: Where to read.
        roster_id: The roster.
        wanted: All shifts there should be for the covered people and dates.
        covered: What the plan replaces.
        kind: Why.
        settings: New settings of the roster, applied with it.
    """
    left: dict[tuple[object, ...], list[tuple[str, Shift]]] = defaultdict(list)
    for stored in stored_shifts(session, roster_id, covered):
        left[_identity(stored[1])].append(stored)
    new: list[Shift] = []
    noted: list[DiffItem] = []
    unchanged = 0
    for shift in sorted(wanted, key=lambda s: (s.start_at, s.user_id)):
        if twins := left.get(_identity(shift)):
            uid, stored_shift = twins.pop(next((at for at, twin in enumerate(twins) if _says(shift, twin[1])), 0))
            if _says(shift, stored_shift):
                unchanged += 1
            else:
                noted.append(DiffItem(uid, stored_shift, replace(stored_shift, note=shift.note or None)))
        else:
            new.append(shift)
    items = _moves([stored for twins in left.values() for stored in twins], new)
    return Diff(
        roster_id=roster_id,
        revision=repository.revision(session, f"schedule:{roster_id}"),
        kind=kind,
        items=(*noted, *items),
        unchanged=unchanged,
        settings=settings,
    )


def _moves(gone: list[tuple[str, Shift]], new: list[Shift]) -> list[DiffItem]:
    """Pairs shifts that moved; what finds no partner is removed or added."""
    by_person: dict[tuple[object, ...], list[tuple[str, Shift]]] = defaultdict(list)
    for uid, shift in gone:
        by_person[shift.user_id, shift.position, shift.event_type].append((uid, shift))
    items: list[DiffItem] = []
    for shift in new:
        candidates = by_person.get((shift.user_id, shift.position, shift.event_type), [])
        match = next((c for c in candidates if _same_shift(c[1], shift)), None)
        if match is not None:
            candidates.remove(match)
            note = match[1].note if shift.note is None else shift.note or None
            items.append(DiffItem(match[0], match[1], replace(shift, note=note)))
        else:
            items.append(DiffItem(None, None, replace(shift, note=None) if shift.note == "" else shift))
    items += [DiffItem(uid, shift, None) for pairs in by_person.values() for uid, shift in pairs]
    return items


def _says(wanted: Shift, stored: Shift) -> bool:
    """Tells whether a stored shift has the note that is wanted."""
    return wanted.note is None or (wanted.note or None) == stored.note


def _identity(shift: Shift) -> tuple[object, ...]:
    return shift.user_id, *shift.what


def _same_shift(stored: Shift, wanted: Shift) -> bool:
    return stored.start_at < wanted.end_at and wanted.start_at < stored.end_at
