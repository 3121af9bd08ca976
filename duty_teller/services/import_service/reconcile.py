"""What a file cannot tell apart from what is stored: it must not count as a difference.

A file of January shows the vacation of Christmas from the 1st on, and nobody knows from it where it goes on in
February; two vacations that meet look like one, and so do two duties that meet at midnight.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from duty_teller.db.schemas import ShiftRow
from duty_teller.domain.shift import EventType, Shift
from duty_teller.utils.handover import instant
from duty_teller.utils.zones import zone

_Span = tuple[datetime, datetime]


def reconcile(
    wanted: Sequence[Shift], stored: Iterable[ShiftRow], spans: Sequence[_Span], timezone: str
) -> list[Shift]:
    """Returns what is wanted, with stored shifts in place of those that say the same of the covered days.

    Args:
        wanted: The shifts of the file.
        stored: What is stored and touches the covered days.
        spans: The covered days.
        timezone: The zone of the days.
    """
    by_person: dict[tuple[int, EventType], list[ShiftRow]] = defaultdict(list)
    starts: dict[tuple[Any, ...], ShiftRow] = {}
    for row in stored:
        if not row.event_type.is_absence:
            starts[row.user_id, row.position, row.start_at] = row
        else:
            by_person[row.user_id, row.event_type].append(row)
    result: list[Shift] = []
    for shift in wanted:
        if not shift.event_type.is_absence:
            same = _pieces(shift, starts, spans, timezone)
        else:
            same = _same_days(shift, by_person.get((shift.user_id, shift.event_type), ()), spans)
        result += [shift] if same is None else _annotated([r for r in same if _holds(spans, r.start_at)], shift.note)
    return result


def _annotated(rows: Sequence[ShiftRow], note: str | None) -> list[Shift]:
    """Returns stored shifts with the note that the file has for all of them; where one has it, the others need not."""
    if note is None:
        return [Shift.of(row) for row in rows]
    has = any(row.note == note for row in rows)
    kept = [row.note == note or (has and not row.note) for row in rows]
    said = "" if has else note
    return [Shift.of(r) if stays else replace(Shift.of(r), note=said) for r, stays in zip(rows, kept, strict=True)]


def _holds(spans: Sequence[_Span], moment: datetime) -> bool:
    return any(start <= moment < end for start, end in spans)


def _pieces(
    shift: Shift, starts: dict[tuple[Any, ...], ShiftRow], spans: Sequence[_Span], timezone: str
) -> list[ShiftRow] | None:
    """Returns the stored duties that meet at local midnights and make up a duty of the file."""
    at, found = shift.start_at, list[ShiftRow]()
    while at < shift.end_at:
        row = starts.get((shift.user_id, shift.position, at))
        if row is None or row.end_at > shift.end_at or not _holds(spans, at):
            return None
        if found and at != instant(at.astimezone(zone(timezone)).date(), time(0), timezone):
            return None
        found.append(row)
        at = row.end_at
    return found if len(found) > 1 else None


def _same_days(shift: Shift, rows: Iterable[ShiftRow], spans: Sequence[_Span]) -> list[ShiftRow] | None:
    """Returns the stored absences that fill the same covered days as one of the file."""
    touching = [row for row in rows if row.start_at < shift.end_at and shift.start_at < row.end_at]
    around = next(((a, b) for a, b in spans if a <= shift.start_at and shift.end_at <= b), None)
    filled = sorted((row.start_at, row.end_at) for row in touching)
    if around is not None:
        filled = sorted((max(start, around[0]), min(end, around[1])) for start, end in filled)
    return touching if _union(filled) == [(shift.start_at, shift.end_at)] else None


def _union(spans: Iterable[_Span]) -> list[_Span]:
    joined: list[_Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
