"""An edit as somebody asks for it, short enough for a button, and whether its plan still is what they were shown."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Self

import orjson
from sqlmodel import Session, col, select

from duty_teller.db.models import Roster, ScheduleChange
from duty_teller.domain.coverage import Interval
from duty_teller.domain.stretches import stretches
from duty_teller.i18n.core import LocalizedError
from duty_teller.services.schedule_service import edits
from duty_teller.services.schedule_service.consequences import without
from duty_teller.services.schedule_service.edits import EditError, PlannedEdit, Stored
from duty_teller.services.schedule_service.model import Diff
from duty_teller.utils.callback_data import Field, declare

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_NAMED: Final = 5


class EditKind(StrEnum):
    """What is done to a shift; its value is a letter, for buttons."""

    GIVE = "g"
    MOVE = "m"
    SPLIT = "s"
    REMOVE = "r"
    ADD = "a"
    NOTE = "n"
    CLEAR = "c"
    """Takes the note off."""


@dataclass(frozen=True, slots=True)
class AskedEdit:
    """An edit as it is asked for.

    Attributes:
        kind: What is done.
        roster_id: In which roster.
        shift_id: A stored shift: its person and position are meant; of `ADD` whose position the new one has (0: none).
        user_id: Who gets it, of `GIVE` and `ADD` (0: not chosen yet), and of a `MOVE` to somebody else (0: it is not).
        start: Of what is given, removed or added; the new begin of `MOVE`; where `SPLIT` cuts; of `NOTE` and `CLEAR`
            the shifts that touch it are meant.
        end: The same.
        note: Of `NOTE`; no button is long enough for it, so `str` leaves it out.
    """

    kind: EditKind
    roster_id: int
    shift_id: int
    user_id: int
    start: datetime
    end: datetime
    note: str | None = None

    def __str__(self) -> str:
        numbers = (self.roster_id, self.shift_id, self.user_id, *(int(m.timestamp()) for m in (self.start, self.end)))
        return ".".join([self.kind.value, *map(_written, numbers)])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Takes back what `str` gave.

        Raises:
            ValueError: It is something else.
        """
        kind, *parts = text.split(".")
        roster_id, shift_id, user_id, start, end = (_read(part) for part in parts)
        first, last = (datetime.fromtimestamp(seconds, UTC) for seconds in (start, end))
        made = cls(EditKind(kind), roster_id, shift_id, user_id, first, last)
        if str(made) != text:
            raise ValueError(text)
        return made


EXAMPLE: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)

EDIT: Final = Field(
    AskedEdit.parse,
    str,
    tuple(AskedEdit(kind, 1, 1, 1, EXAMPLE, EXAMPLE + timedelta(days=1)) for kind in EditKind),
)
"""An edit as a part of the data of buttons."""

SHIFT: Final = declare("ch:s:", EDIT)
"""The button that opens what can be done to a shift."""


def _written(number: int) -> str:
    text = ""
    while number or not text:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text


def _read(text: str) -> int:
    if not 1 <= len(text) <= 7 or set(text) - set(_DIGITS):
        raise ValueError(text)
    return int(text, 36)


def stretch_of(session: Session, asked: AskedEdit) -> list[Stored]:
    """Returns the shifts of the whole time on duty that the shift of an edit belongs to, by start.

    Raises:
        EditError: `change.gone`.
    """
    stored = edits.stored_shift(session, asked.roster_id, asked.shift_id)
    start, end = stored.shift.start_at, stored.shift.end_at
    margin = edits.LONGEST
    pieces = edits.pieces_of(session, asked.roster_id, stored.shift, start - margin, end + margin)
    whole = next(s for s in stretches(p.shift for p in pieces) if s.start_at <= start and end <= s.end_at)
    return [p for p in pieces if whole.start_at <= p.shift.start_at and p.shift.end_at <= whole.end_at]


def plan_asked(session: Session, asked: AskedEdit) -> PlannedEdit:
    """Plans an edit from the schedule as it is now. Nothing is written.

    Raises:
        EditError: It cannot be done any more, or never could.
    """
    roster = session.get(Roster, asked.roster_id)
    if roster is None or roster.retired_at is not None:
        raise EditError("change.gone")
    position = None
    if asked.kind != EditKind.ADD or asked.shift_id:
        stored = edits.stored_shift(session, asked.roster_id, asked.shift_id)
        position = stored.shift.position
    if asked.kind == EditKind.ADD:
        return edits.plan_edit(session, roster, edits.add(asked.user_id, asked.start, asked.end, position))
    if asked.kind == EditKind.SPLIT:
        return edits.plan_edit(session, roster, edits.split(stored, asked.start))
    if asked.kind == EditKind.MOVE and asked.user_id not in (0, stored.shift.user_id):
        return edits.plan_edit(session, roster, edits.hand(stored, asked.user_id, asked.start, asked.end))
    if asked.kind == EditKind.MOVE:
        return edits.plan_edit(session, roster, edits.move([stored], asked.start, asked.end))
    pieces = edits.pieces_of(session, asked.roster_id, stored.shift, asked.start, asked.end)
    if asked.kind == EditKind.GIVE:
        return edits.plan_edit(session, roster, edits.give(pieces, asked.start, asked.end, asked.user_id))
    if asked.kind in (EditKind.NOTE, EditKind.CLEAR):
        if asked.kind == EditKind.NOTE and asked.note is None:
            raise EditError("change.note_lost")
        return edits.plan_edit(session, roster, edits.annotate(pieces, asked.note))
    return edits.plan_edit(session, roster, edits.remove(pieces, asked.start, asked.end))


def fingerprint(planned: PlannedEdit) -> str:
    """Returns what is the same for two plans that write the same and cause the same."""
    items = [
        (item.uid, item.before and asdict(item.before), item.after and asdict(item.after))
        for item in planned.diff.items
    ]
    content = orjson.dumps([items, asdict(planned.consequences)], default=str)
    return hashlib.sha256(content).hexdigest()[:8]


def changed_since(session: Session, roster_id: int, revision: int) -> tuple[LocalizedError, ...]:
    """Names what changed a roster's schedule after a revision, the latest last."""
    later = (col(ScheduleChange.roster_id) == roster_id) & (col(ScheduleChange.revision) > revision)
    found = session.exec(select(ScheduleChange).where(later).order_by(col(ScheduleChange.id))).all()
    return tuple(
        LocalizedError("change.moved_by", name=change.author_name, what=change.reason) for change in found[-_NAMED:]
    )


def changed_spans(diff: Diff) -> list[Interval]:
    """Returns when somebody else is on duty (or away) than before, joined; a split changes nothing."""
    keys = {(s.user_id, s.event_type) for item in diff.items for s in (item.before, item.after) if s is not None}
    found: list[Interval] = []
    for key in keys:
        before, after = (
            [(s.start_at, s.end_at) for s in shifts if s is not None and (s.user_id, s.event_type) == key]
            for shifts in ([item.before for item in diff.items], [item.after for item in diff.items])
        )
        found += without(before, after) + without(after, before)
    return without(found, ())


def begins_in_past(diff: Diff, now: datetime) -> bool:
    """Tells whether a difference rewrites what has already been: hours reports would change with it."""
    return any(start.replace(second=0) < now.replace(second=0, microsecond=0) for start, _end in changed_spans(diff))
