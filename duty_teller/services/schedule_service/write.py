"""The write door: the only code that writes `Duty`."""

import os
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import (
    ChangeKind,
    Duty,
    Revision,
    Roster,
    ScheduleChange,
    ScheduleChangeItem,
    User,
)
from duty_teller.domain.records import to_record
from duty_teller.domain.shift import SHIFT_FIELDS, Shift
from duty_teller.services.schedule_service import people_part
from duty_teller.services.schedule_service.listeners import listeners_of, tell_after_commit
from duty_teller.services.schedule_service.log import (
    changed_settings,
    same_setting,
    settings_to_json,
    shift_from_json,
    shift_to_json,
)
from duty_teller.services.schedule_service.model import (
    Author,
    Diff,
    DiffItem,
    NothingToUndoError,
    RosterSettings,
    ScheduleMovedError,
    UndoConflictError,
)

# The stored forms themselves (seconds, plain strings): without the type decorators 10,000 rows go in twice as fast.
_DUTIES = sa.table(
    "duties", *(sa.column(n) for n in ("uid", "roster_id", *SHIFT_FIELDS, "sequence", "updated_at", "cancelled_at"))
)
_ITEMS = sa.table("schedule_change_items", *(sa.column(n) for n in ("change_id", "duty_uid", "before", "after")))
_REVISIONS: sa.Table = Revision.__table__  # type: ignore[attr-defined]
_UIDS_AT_ONCE = 500


def settings_of(roster: Roster) -> RosterSettings:
    """Returns the settings of a roster that changes log."""
    return RosterSettings(**{field.name: getattr(roster, field.name) for field in fields(RosterSettings)})


def _completed(settings: RosterSettings, roster: Roster) -> RosterSettings:
    """Returns settings with what they leave as it is filled in."""
    covered = settings.coverage is not None
    return replace(
        settings,
        day_shift=settings.day_shift or roster.day_shift,
        night_shift=settings.night_shift or roster.night_shift,
        coverage=settings.coverage or roster.coverage,
        coverage_hours=settings.coverage_hours if covered else roster.coverage_hours,
    )


def _raise_revision(session: Session, roster_id: int, expected: int) -> int:
    """Raises the roster's schedule revision from the expected value.

    Raises:
        ScheduleMovedError: It has another value by now.
    """
    name = f"schedule:{roster_id}"
    raised = repository.raise_revision_from(session, name, expected)
    if raised is None:
        last = repository.last_change(session, roster_id)
        raise ScheduleMovedError("error.schedule_moved", author=last.author_name if last else "?")
    return raised


def apply(
    session: Session, diff: Diff, author: Author, reason: str, expected_revision: int, now: datetime
) -> ScheduleChange:
    """Writes a difference (rows, change log, revision) in the caller's transaction, and tells the session's listeners.

    Args:
        session: A writing session (`composition.writing`).
        diff: From `plan_changes`.
        author: Who.
        reason: Why, in the author's words or the file's name.
        expected_revision: The schedule revision that the author saw.
        now: The present instant.

    Raises:
        ScheduleMovedError: The schedule changed since; nothing is written.
        NobodyListensError: The session was opened elsewhere; nothing is written.
    """
    listeners = listeners_of(session)
    raised = _raise_revision(session, diff.roster_id, expected_revision)
    change = ScheduleChange(
        roster_id=diff.roster_id,
        kind=diff.kind,
        author_id=author.user_id,
        author_name=author.name[:200],
        reason=reason[:500],
        revision=raised,
        created_at=now,
        undoes_id=diff.undoes_id,
    )
    if diff.settings is not None:
        _apply_settings(session, diff, change)
    session.add(change)
    session.flush()
    assert change.id is not None  # noqa: S101  # flushed
    _write_rows(session, diff, change.id, now)
    for tell in listeners.in_transaction:
        tell(session, diff, change, now)
    tell_after_commit(session)
    return change


def _apply_settings(session: Session, diff: Diff, change: ScheduleChange) -> None:
    roster = session.get_one(Roster, diff.roster_id)
    assert diff.settings is not None  # noqa: S101  # asked by the caller
    settings = _completed(diff.settings, roster)
    change.roster_before = settings_to_json(settings_of(roster))
    change.roster_after = settings_to_json(settings)
    for name, value in asdict(settings).items():
        setattr(roster, name, value)
    session.add(roster)
    repository.raise_revision(session, "rosters")


def _write_rows(session: Session, diff: Diff, change_id: int, now: datetime) -> None:
    """Puts the shifts and the log with one statement a kind: 10,000 rows take a fraction of a second."""
    uids = iter(_new_uids(sum(item.uid is None for item in diff.items)))
    seconds = int(now.timestamp())
    inserts: list[dict[str, Any]] = []
    updates: list[dict[str, Any]] = []
    removals: list[dict[str, Any]] = []
    log: list[dict[str, Any]] = []
    for item in diff.items:
        uid = item.uid
        after = None
        if item.after is not None:
            row = to_record(item.after)
            after = orjson.dumps(row).decode()
            row["updated_at"] = seconds
            if uid is None:
                uid = next(uids)
                row |= {"uid": uid, "roster_id": diff.roster_id, "sequence": 0}
                inserts.append(row)
            else:
                row["which"] = uid
                updates.append(row)
        else:
            removals.append({"which": uid})
        log.append({"change_id": change_id, "duty_uid": uid, "before": shift_to_json(item.before), "after": after})
    raised = _DUTIES.update().where(_DUTIES.c.uid == sa.bindparam("which")).values(sequence=_DUTIES.c.sequence + 1)
    connection = session.connection()
    if inserts:
        connection.execute(_DUTIES.insert(), inserts)
    if updates:
        moved: dict[str, Any] = {name: sa.bindparam(name) for name in (*SHIFT_FIELDS, "updated_at")}
        connection.execute(raised.values(moved | {"cancelled_at": None}), updates)
    if removals:
        connection.execute(raised.values(cancelled_at=seconds, updated_at=seconds), removals)
    if log:
        connection.execute(_ITEMS.insert(), log)


def _new_uids(count: int) -> list[str]:
    noise = os.urandom(16 * count).hex()
    return [noise[at : at + 32] for at in range(0, len(noise), 32)]


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
    change = session.get(ScheduleChange, change_id)
    if change is None:
        raise NothingToUndoError("error.undo_unknown")
    parts = repository.action_of(session, change)
    diffs = [_reversed(session, part) for part in parts]
    first: ScheduleChange | None = None
    for part, diff in zip(parts, diffs, strict=True):
        made = apply(session, diff, author, part.reason, diff.revision, now)
        made.part_of_id = None if first is None else first.id
        first = first or made
    assert first is not None  # noqa: S101  # there is at least the change itself
    _undo_people(session, parts[0], first)
    return first


def _reversed(session: Session, change: ScheduleChange) -> Diff:
    """Returns the difference that takes one change back.

    Raises:
        NothingToUndoError: It was taken back already, or did nothing.
        UndoConflictError: Later changes are in the way.
    """
    statement = select(ScheduleChangeItem).where(ScheduleChangeItem.change_id == change.id)
    items = session.exec(statement.order_by(col(ScheduleChangeItem.id))).all()
    uids = [item.duty_uid for item in items]
    stored = _stored_states(session, uids)
    if any(stored.get(item.duty_uid) != shift_from_json(item.after) for item in items):
        raise _conflict(session, change, uids)
    if change.people_after is not None and not people_part.stands(session, people_part.from_json(change.people_after)):
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
        items=tuple(
            DiffItem(item.duty_uid, shift_from_json(item.after), shift_from_json(item.before)) for item in items
        ),
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
    names = "; ".join(f"{found.author_name}: {found.reason or found.kind}" for found in standing[:5])
    return UndoConflictError("error.undo_conflict", changes=names)
