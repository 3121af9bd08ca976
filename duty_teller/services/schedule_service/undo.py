"""Taking a change back: another change, refused where later ones are in the way."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, Duty, Roster, ScheduleChange, User
from duty_teller.domain.shift import Shift
from duty_teller.services.schedule_service import people_part
from duty_teller.services.schedule_service.log import changed_settings, items_of, same_setting
from duty_teller.services.schedule_service.model import Author, Diff, DiffItem, NothingToUndoError, UndoConflictError
from duty_teller.services.schedule_service.write import apply, settings_of

_UIDS_AT_ONCE = 500
_NAMED = 5
"""Changes that are in the way of an undo; of the others it is said how many."""


def undo(session: Session, change_id: int, author: Author, now: datetime) -> ScheduleChange:
    """Takes a change back by a new change, in the caller's transaction.

    A change that is part of an action over several rosters takes the whole action back, and what it did to people.

    Args:
        session: A writing session.
        change_id: Which change.
        author: Who takes it back.
        now: The present instant.

    Returns:
        The new change; of several, the first.

    Raises:
        NothingToUndoError: There is no such change, or it was taken back already.
        UndoConflictError: Later changes touched the same shifts, people, or the roster's settings; they are named.
    """
    parts = _parts(session, change_id)
    diffs = plan_undo(session, change_id)
    first: ScheduleChange | None = None
    for part, diff in zip(parts, diffs, strict=True):
        made = apply(session, diff, author, part.reason, diff.revision, now)
        made.part_of_id = None if first is None else first.id
        first = first or made
    assert first is not None  # noqa: S101  # there is at least the change itself
    _undo_people(session, parts[0], first)
    return first


def plan_undo(session: Session, change_id: int) -> list[Diff]:
    """Returns what taking a change back would do, one difference a roster; nothing is written.

    Raises:
        NothingToUndoError: There is no such change, or it was taken back already.
        UndoConflictError: Later changes are in the way; they are named.
    """
    return [_reversed(session, part) for part in _parts(session, change_id)]


def _parts(session: Session, change_id: int) -> Sequence[ScheduleChange]:
    change = session.get(ScheduleChange, change_id)
    if change is None:
        raise NothingToUndoError("error.undo_unknown")
    return repository.action_of(session, change)


def _reversed(session: Session, change: ScheduleChange) -> Diff:
    """Returns the difference that takes one change back.

    Raises:
        NothingToUndoError: It was taken back already, or did nothing.
        UndoConflictError: Later changes are in the way.
    """
    items = items_of(session, change.id or 0)
    uids = [item.uid for item in items if item.uid is not None]
    stored = _stored_states(session, uids)
    if any(stored.get(item.uid or "") != item.after for item in items):
        raise _conflict(session, change, uids)
    if change.people_after is not None and not people_part.is_unchanged_since(
        session, people_part.from_json(change.people_after)
    ):
        raise _conflict(session, change, uids)
    settings = None
    if changed := changed_settings(change):
        stored_settings = settings_of(session.get_one(Roster, change.roster_id))
        if not all(same_setting(n, getattr(stored_settings, n), after) for n, (_before, after) in changed.items()):
            raise _conflict(session, change, uids)
        settings = replace(stored_settings, **{name: before for name, (before, _after) in changed.items()})
    elif not items and change.people_after is None:
        raise NothingToUndoError("error.undo_unknown")
    return Diff(
        roster_id=change.roster_id,
        revision=repository.revision(session, f"schedule:{change.roster_id}"),
        kind=ChangeKind.UNDO,
        items=tuple(DiffItem(item.uid, item.after, item.before) for item in items),
        settings=settings,
        undoes_id=change.id,
    )


def _undo_people(session: Session, change: ScheduleChange, made: ScheduleChange) -> None:
    """Takes back what a change did to people, and notes it in the change that does.

    Raises:
        UndoConflictError: `people.merge_has_account`: a name that would go again has an account by now.
    """
    if change.people_before is None or change.people_after is None:
        return
    after = people_part.from_json(change.people_after)
    wanted = people_part.reverse(session, people_part.from_json(change.people_before), after)
    for user_id, changed in wanted.users.items():
        user = session.get_one(User, user_id)
        if changed.get("is_active") is False and user.telegram_user_id is not None:
            raise UndoConflictError("people.merge_has_account", name=user.full_name)
    made.people_before = people_part.to_json(people_part.stored(session, wanted))
    made.people_after = people_part.to_json(wanted)
    people_part.write(session, wanted)


def _stored_states(session: Session, uids: list[str]) -> dict[str, Shift | None]:
    """Returns uid → the shift as it is stored now, None for a cancelled one."""
    states: dict[str, Shift | None] = {}
    for at in range(0, len(uids), _UIDS_AT_ONCE):
        statement = select(Duty).where(col(Duty.uid).in_(uids[at : at + _UIDS_AT_ONCE]))
        for duty in session.exec(statement):
            states[duty.uid] = Shift.of(duty) if duty.cancelled_at is None else None
    return states


def _conflict(session: Session, change: ScheduleChange, uids: list[str]) -> NothingToUndoError | UndoConflictError:
    """Tells why a change cannot be taken back: it was already, or later ones are in the way."""
    assert change.id is not None  # noqa: S101  # a stored row
    later: dict[int, ScheduleChange] = {}
    for at in range(0, len(uids), _UIDS_AT_ONCE):
        for found in repository.later_changes_of_rows(session, change.id, uids[at : at + _UIDS_AT_ONCE]):
            later[found.id or 0] = found
    changed = changed_settings(change).keys()
    for found in repository.later_changes_of_settings(session, change.roster_id, change.id) if changed else ():
        if changed & changed_settings(found).keys():
            later[found.id or 0] = found
    if change.people_after is not None:
        mine = people_part.from_json(change.people_after)
        for found in repository.later_changes_of_people(session, change.id):
            if people_part.touching(mine, people_part.from_json(found.people_after or "")):
                later[found.id or 0] = found
    taken_back: set[int | None] = set()
    for number in sorted(later, reverse=True):  # an undo counts unless it was undone itself
        if number not in taken_back and later[number].undoes_id is not None:
            taken_back.add(later[number].undoes_id)
    if change.id in taken_back:
        return NothingToUndoError("error.undo_done")
    standing = [
        later[n] for n in sorted(later) if n not in taken_back and later[n].undoes_id not in (taken_back & later.keys())
    ]
    names = "; ".join(f"{found.author_name}: {found.reason or found.kind}" for found in standing[:_NAMED])
    names += f"; +{len(standing) - _NAMED}" if len(standing) > _NAMED else ""
    return UndoConflictError("error.undo_conflict", changes=names)
