"""The shift and the types of it: each is said here once, and everything else reads it here.

A new type is an `EventType` with its row in `_RULES`, its words (`i18n.messages.shift_types`), the words that files
use for it (`importers.words.codes`), its sign in the Mini App (`style.css`), and the CHECK of the database by a
migration. A new field of a shift is a field of `Shift`, a column of `db.models.DutyBase`, and a migration.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final, Self


class EventType(StrEnum):
    """What a shift is: somebody works, or is away."""

    DUTY = "duty"
    UNAVAILABLE = "unavailable"
    VACATION = "vacation"
    SICK = "sick"

    @property
    def rules(self) -> "TypeRules":
        """What follows from the type."""
        return _RULES[self]

    @property
    def is_absence(self) -> bool:
        """Whether somebody is away: whole local days, no hours, nothing covered."""
        return _RULES[self].is_absence


@dataclass(frozen=True, slots=True)
class TypeRules:
    """What follows from the type of a shift.

    Attributes:
        is_absence: Somebody is away for whole local days. If not, somebody works from instant to instant: it has hours,
            counts in totals, covers the roster, and is told in reminders and notices of changes.
        json_letter: How the fixed JSON format writes it; None: it cannot.
        fill: Colour of its cells in a workbook, RRGGBB.
        uncovers: A duty that the person has in that time is a gap: nobody counts on somebody who is ill. A vacation
            usually means that the roster is not made yet.
    """

    is_absence: bool
    json_letter: str | None
    fill: str
    uncovers: bool = False


_RULES: Final = {
    EventType.DUTY: TypeRules(is_absence=False, json_letter="Б", fill="BDD7EE"),
    EventType.VACATION: TypeRules(is_absence=True, json_letter="О", fill="E2EFDA"),
    EventType.SICK: TypeRules(is_absence=True, json_letter=None, fill="F8CBD0", uncovers=True),
    EventType.UNAVAILABLE: TypeRules(is_absence=True, json_letter="Н", fill="EDEDED"),
}
"""In the order in which people see them."""

ABSENCES: Final = tuple(kind for kind, rules in _RULES.items() if rules.is_absence)
"""The types of absence, in the order in which people see them."""
COVERAGE: Final = tuple(kind for kind, rules in _RULES.items() if rules.uncovers or not rules.is_absence)
"""The types that decide where a roster is covered."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift without identity: what an import matches by, and what the change log keeps.

    Attributes:
        user_id: Whose.
        position: primary, secondary … or none.
        start_at: Aware UTC.
        end_at: Aware UTC, after the start, not part of the shift.
        event_type: What it is.
        note: Any text.
    """

    user_id: int
    position: str | None
    start_at: datetime
    end_at: datetime
    event_type: EventType
    note: str | None = None

    @property
    def what(self) -> tuple[str | None, datetime, datetime, EventType]:
        """What it is, whoever has it: by this and the person a file's shift is found again (it knows no notes)."""
        return self.position, self.start_at, self.end_at, self.event_type

    @classmethod
    def of(cls, row: Any) -> Self:
        """Returns the shift of anything that has its attributes: a stored row, a shift with more to it."""
        return cls(*_values_of(row))


SHIFT_FIELDS: Final = tuple(field.name for field in fields(Shift))
_values_of = attrgetter(*SHIFT_FIELDS)
