"""How the change log keeps shifts and settings: as records with named fields, read whatever version wrote them."""

from typing import Any, Final

import orjson
from sqlmodel import Session, col, select

from duty_teller.db.models import ScheduleChange, ScheduleChangeItem
from duty_teller.domain.records import from_record, read_fields, to_record
from duty_teller.domain.shift import Shift
from duty_teller.services.schedule_service.model import DiffItem, RosterSettings

_POSITIONAL: Final = ("user_id", "position", "start_at", "end_at", "event_type", "note")
"""What the array of a shift holds that was written before fields had names (schema 002 and earlier)."""
_JSON: Final = frozenset({"codes", "coverage_hours"})
"""Settings that are JSON themselves: two texts of them may mean the same."""


def shift_to_json(shift: Shift | None) -> str | None:
    """Writes a shift; None: there was none."""
    return None if shift is None else orjson.dumps(to_record(shift)).decode()


def shift_from_json(text: str | None) -> Shift | None:
    """Reads what `shift_to_json` wrote, in this version or an earlier one."""
    if text is None:
        return None
    values = orjson.loads(text)
    return from_record(Shift, values if isinstance(values, dict) else dict(zip(_POSITIONAL, values, strict=True)))


def settings_to_json(settings: RosterSettings) -> str:
    """Writes the settings of a roster."""
    return orjson.dumps(to_record(settings)).decode()


def changed_settings(change: ScheduleChange) -> dict[str, tuple[Any, Any]]:
    """Returns what a change did to the roster's settings: name → (before, after).

    A setting that the change did not know yet (an older version wrote it) was not changed by it, and one that nobody
    knows any more is left alone.
    """
    if change.roster_before is None or change.roster_after is None:
        return {}
    before, after = (
        read_fields(RosterSettings, orjson.loads(text)) for text in (change.roster_before, change.roster_after)
    )
    names = before.keys() & after.keys()
    return {n: (before[n], after[n]) for n in names if not same_setting(n, before[n], after[n])}


def same_setting(name: str, one: Any, other: Any) -> bool:
    """Tells whether two values of a setting mean the same."""
    if name in _JSON and one is not None and other is not None:
        return bool(orjson.loads(one) == orjson.loads(other))
    return bool(one == other)


def items_of(session: Session, change_id: int) -> list[DiffItem]:
    """Returns what a change did to shifts, in the order in which it was logged."""
    statement = select(ScheduleChangeItem).where(ScheduleChangeItem.change_id == change_id)
    rows = session.exec(statement.order_by(col(ScheduleChangeItem.id)))
    return [DiffItem(row.duty_uid, shift_from_json(row.before), shift_from_json(row.after)) for row in rows]
