"""The schedule: the one write door of `Duty`, and the questions that everything else asks.

`plan_changes` compares what is wanted with what is stored, `apply` writes the difference in the caller's transaction,
`undo` takes a change back. Imports, covers, edits and the command line all use them, so previews, notices, undo,
caches, pins and feeds come from one diff.
"""

from duty_teller.domain.coverage import gaps_of
from duty_teller.domain.shift import Shift
from duty_teller.domain.stretches import Overlap, find_overlaps
from duty_teller.services.schedule_service.consequences import REST, Consequences, ShortRest, consequences_of
from duty_teller.services.schedule_service.edits import EditError, PlannedEdit, Stored, plan_edit
from duty_teller.services.schedule_service.listeners import Listeners, NobodyListensError, listen
from duty_teller.services.schedule_service.log import items_of
from duty_teller.services.schedule_service.model import (
    Author,
    Covered,
    Diff,
    DiffItem,
    NothingToUndoError,
    RosterSettings,
    ScheduleMovedError,
    UndoConflictError,
)
from duty_teller.services.schedule_service.plan import plan_changes
from duty_teller.services.schedule_service.queries import (
    NowNext,
    Stretch,
    first_handover,
    gaps,
    now_and_next,
    records_of_days,
    roster_handover,
    shifts_of_days,
    stretches_between,
)
from duty_teller.services.schedule_service.undo import plan_undo, undo
from duty_teller.services.schedule_service.write import apply, settings_of, show_anew, show_person_anew

__all__ = [
    "REST",
    "Author",
    "Consequences",
    "Covered",
    "Diff",
    "DiffItem",
    "EditError",
    "Listeners",
    "NobodyListensError",
    "NothingToUndoError",
    "NowNext",
    "Overlap",
    "PlannedEdit",
    "RosterSettings",
    "ScheduleMovedError",
    "Shift",
    "ShortRest",
    "Stored",
    "Stretch",
    "UndoConflictError",
    "apply",
    "consequences_of",
    "find_overlaps",
    "first_handover",
    "gaps",
    "gaps_of",
    "items_of",
    "listen",
    "now_and_next",
    "plan_changes",
    "plan_edit",
    "plan_undo",
    "records_of_days",
    "roster_handover",
    "settings_of",
    "shifts_of_days",
    "show_anew",
    "show_person_anew",
    "stretches_between",
    "undo",
]
