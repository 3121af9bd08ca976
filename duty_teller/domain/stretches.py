"""Time on duty as people see it, and shifts that cannot both be meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from duty_teller.domain.shift import Shift

AnyShift = TypeVar("AnyShift", bound=Shift)


@dataclass(frozen=True, slots=True)
class Stretch(Generic[AnyShift]):
    """Shifts of one person in one position that meet: one time on duty, as people see it.

    Attributes:
        row: The first of them.
        start_at: Of the first.
        end_at: The last end of any.
        notes: Their notes, each with the begin and end of its shift.
    """

    row: AnyShift
    start_at: datetime
    end_at: datetime
    notes: tuple[tuple[datetime, datetime, str], ...] = ()

    def notes_between(self, start: datetime, end: datetime) -> tuple[str, ...]:
        """Returns the notes of the shifts that touch [start, end), each once."""
        return tuple(dict.fromkeys(note for begins, ends, note in self.notes if begins < end and start < ends))


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two shifts that cannot both be meant: one person twice, or one position twice."""

    first: Shift
    second: Shift


def stretches(rows: Iterable[AnyShift]) -> list[Stretch[AnyShift]]:
    """Joins shifts of one person in one position that meet or overlap, by start."""
    found: list[Stretch[AnyShift]] = []
    open_by: dict[tuple[int, str | None], int] = {}
    for row in rows:
        key = row.user_id, row.position
        at = open_by.get(key)
        if at is not None and row.start_at <= found[at].end_at:
            last = found[at]
            found[at] = Stretch(last.row, last.start_at, max(last.end_at, row.end_at), last.notes + _noted(row))
        else:
            open_by[key] = len(found)
            found.append(Stretch(row, row.start_at, row.end_at, _noted(row)))
    return found


def _noted(row: Shift) -> tuple[tuple[datetime, datetime, str], ...]:
    return ((row.start_at, row.end_at, row.note),) if row.note else ()


def find_overlaps(shifts: Iterable[Shift]) -> list[Overlap]:
    """Finds one person twice at once (duty on a vacation too), and one position given twice.

    Shifts without a position stand beside each other freely: a team may have two people on duty. A duty that began the
    day before an absence and ends in its morning is how absences begin, and no overlap.
    """
    found: list[Overlap] = []
    ordered = sorted(shifts, key=lambda s: (s.start_at, s.end_at, s.user_id))
    open_by: dict[Any, Shift] = {}
    for shift in ordered:
        keys: list[Any] = [("person", shift.user_id)]
        if shift.position is not None and not shift.event_type.is_absence:
            keys.append(("position", shift.position))
        for key in keys:
            last = open_by.get(key)
            if last is not None and last.end_at > shift.start_at and not _ends_in_absence(last, shift):
                overlap = Overlap(last, shift)
                if overlap not in found[-2:]:
                    found.append(overlap)
            if last is None or shift.end_at >= last.end_at:
                open_by[key] = shift
    return found


def _ends_in_absence(first: Shift, second: Shift) -> bool:
    began_before = first.start_at < second.start_at
    return began_before and not first.event_type.is_absence and second.event_type.is_absence
