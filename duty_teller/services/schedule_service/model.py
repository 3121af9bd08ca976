"""The words of a change: what a plan covers, and the difference between what is wanted and what is stored."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time

from duty_teller.db.models import ChangeKind
from duty_teller.domain.coverage import Coverage
from duty_teller.domain.shift import Shift
from duty_teller.i18n.core import LocalizedError


@dataclass(frozen=True, slots=True)
class DiffItem:
    """One shift of a change.

    Attributes:
        uid: The stored shift's; None for one that is added.
        before: None: it is added.
        after: None: it is removed.
    """

    uid: str | None
    before: Shift | None
    after: Shift | None

    @property
    def is_note(self) -> bool:
        """Whether the note of a shift changes and nothing else of it."""
        before, after = self.before, self.after
        if before is None or after is None or before.note == after.note:
            return False
        return replace(before, note=after.note) == after


@dataclass(frozen=True, slots=True)
class Covered:
    """What a plan replaces: the shifts of these people that start in one of these half-open spans of UTC."""

    user_ids: frozenset[int]
    spans: tuple[tuple[datetime, datetime], ...]

    def holds(self, moment: datetime) -> bool:
        """Tells whether a shift that starts then would be replaced."""
        return any(start <= moment < end for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class RosterSettings:
    """Settings of a roster that a change may carry along: an import may come with another hand-over and new codes.

    Attributes:
        timezone: IANA name.
        handover_at: Wall clock.
        codes: JSON, as `Roster.codes`.
        date_order: `dmy`, `mdy` or None.
        day_shift: `HH:MM-HH:MM`; None: as it is.
        night_shift: The same.
        coverage: None: coverage and its hours as they are.
        coverage_hours: As `Roster.coverage_hours`; counts together with `coverage`.
        night_hours: `HH:MM-HH:MM`; None: as they are.
        hours_once: As `Roster.hours_once`; None: as it is.
        rates: As `Roster.rates`; None: as they are.
        holidays: As `Roster.holidays`; None: as they are.
    """

    timezone: str
    handover_at: time
    codes: str
    date_order: str | None = None
    day_shift: str | None = None
    night_shift: str | None = None
    coverage: Coverage | None = None
    coverage_hours: str | None = None
    night_hours: str | None = None
    hours_once: bool | None = None
    rates: str | None = None
    holidays: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes the schedule: a person, or (`user_id` None) the command line."""

    user_id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Diff:
    """The difference between what is wanted and what is stored, at a revision of the roster's schedule.

    Attributes:
        roster_id: The roster.
        revision: The schedule revision it was planned from.
        kind: Why.
        items: What `apply` will write.
        unchanged: How many stored shifts stay as they are.
        settings: New settings of the roster, or None.
    """

    roster_id: int
    revision: int
    kind: ChangeKind
    items: tuple[DiffItem, ...]
    unchanged: int = 0
    settings: RosterSettings | None = None
    undoes_id: int | None = field(default=None)

    @property
    def added(self) -> list[Shift]:
        """Shifts that are new."""
        return [item.after for item in self.items if item.before is None and item.after is not None]

    @property
    def removed(self) -> list[Shift]:
        """Shifts that go."""
        return [item.before for item in self.items if item.after is None and item.before is not None]

    @property
    def changed(self) -> list[tuple[Shift, Shift]]:
        """Shifts that stay with their person and move, as (before, after)."""
        return [(item.before, item.after) for item in self.items if item.before is not None and item.after is not None]

    @property
    def empty(self) -> bool:
        """Whether applying it would change nothing."""
        return not self.items and self.settings is None


class ScheduleMovedError(LocalizedError):
    """The schedule changed since the plan was made (`error.schedule_moved`, `author` tells by whom)."""


class UndoConflictError(LocalizedError):
    """Later changes touched the same shifts (`error.undo_conflict`, `changes` names them)."""


class NothingToUndoError(LocalizedError):
    """There is no such change, or it has been taken back already."""
