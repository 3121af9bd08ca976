"""What a preview showed: Apply writes that and nothing else, or says what has moved since.

A plan is made of the schedule, of the people (a name of the file meets whoever bears it) and of the roster's
settings. Any of them can move between the preview and the tap on Apply, so what was shown is kept with the draft: a
fingerprint of all that would be written or was said, and what is needed to name the difference.
"""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any, Self

import orjson
from sqlmodel import Session, col, select

from duty_teller.db.models import Roster, ScheduleChange
from duty_teller.i18n.core import LocalizedError
from duty_teller.services.import_service.by_hand import mark_of
from duty_teller.services.import_service.planning import ImportPlan, rules_of

_NAMED = 5
"""More differences are not listed one by one."""


class PlanMovedError(LocalizedError):
    """Something that the preview was made from has changed (`import.chat.moved`); nothing was written.

    Attributes:
        reasons: What moved, to be shown above the new preview.
    """

    def __init__(self, reasons: tuple[LocalizedError, ...]) -> None:
        super().__init__("import.chat.moved")
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """A plan as its preview showed it.

    Attributes:
        fingerprint: The same as that of another plan when both write the same and say the same.
        revision: The schedule revision.
        people: Name of the file → [number of the stored person (None: somebody new), full name].
        settings: The roster's own hand-over and shift times: another file's import may have moved them.
    """

    fingerprint: str
    revision: int
    people: dict[str, list[Any]]
    settings: list[str]

    @classmethod
    def of(cls, session: Session, plan: ImportPlan) -> Self:
        """Returns what a preview of this plan shows."""
        roster = session.get_one(Roster, plan.roster_id)
        own = rules_of(roster)
        settings = [str(own.handover), repr(own.day_shift), repr(own.night_shift)]
        # Shift by shift, and as they are: copies of ten thousand, or one piece of all, would hold up whoever reads now.
        items = sorted(orjson.dumps((item.uid, item.before, item.after)) for item in plan.diff.items)
        content = {
            "own": settings,
            "settings": plan.diff.settings,
            "people": [
                [p.name, p.user_id, p.full_name, p.username, p.phone, p.learned, p.like_deactivated]
                for p in plan.people
            ],
            "skipped": plan.skipped,
            "missing": plan.missing,
            "removes_missing": plan.removes_missing,
            "overlaps": plan.overlaps,
            "gaps": plan.gaps,
            "new_handover": str(plan.new_handover),
            "by_hand": mark_of(plan.by_hand),
            "keeps_by_hand": plan.keeps_by_hand,
        }
        told = hashlib.sha256(orjson.dumps(content, default=str, option=orjson.OPT_SORT_KEYS))
        for item in items:
            told.update(item)
        return cls(
            told.hexdigest(),
            plan.diff.revision,
            {p.name: [None if p.is_new else p.user_id, p.full_name] for p in plan.people},
            settings,
        )

    def to_json(self) -> dict[str, Any]:
        """Returns what `from_json` takes."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Reads what a draft keeps."""
        return cls(**value)

    def what_moved(self, session: Session, roster_id: int, now: Self) -> tuple[LocalizedError, ...]:
        """Names what makes the plan of now another than this one: people first, then the schedule, then settings."""
        found = [_person_moved(name, self.people.get(name), now.people.get(name)) for name in self.people | now.people]
        reasons = [reason for reason in found if reason is not None]
        later = (col(ScheduleChange.roster_id) == roster_id) & (col(ScheduleChange.revision) > self.revision)
        for change in session.exec(select(ScheduleChange).where(later).order_by(col(ScheduleChange.id))):
            reasons.append(LocalizedError("import.chat.moved_schedule", name=change.author_name, what=change.reason))
        if self.settings != now.settings:
            reasons.append(LocalizedError("import.chat.moved_settings"))
        if len(reasons) > _NAMED:
            rest = LocalizedError("import.chat.more", n=len(reasons) - _NAMED)
            return (*reasons[:_NAMED], rest)
        return tuple(reasons) or (LocalizedError("import.chat.moved_else"),)


def _person_moved(name: str, before: list[Any] | None, after: list[Any] | None) -> LocalizedError | None:
    if before is None or after is None or before == after:
        return None
    if after[0] is None:
        return LocalizedError("import.chat.moved_gone", name=name, full_name=before[1])
    if before[0] is None:
        return LocalizedError("import.chat.moved_met", name=name, full_name=after[1])
    if before[0] == after[0]:
        return LocalizedError("import.chat.moved_renamed", full_name=before[1], new=after[1])
    return LocalizedError("import.chat.moved_other", name=name, full_name=before[1], new=after[1])
