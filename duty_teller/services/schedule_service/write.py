"""The write door: the only code that writes `Duty`."""

import os
from collections.abc import Collection
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col, select, update

from duty_teller.db import repository
from duty_teller.db.models import Duty, Roster, ScheduleChange
from duty_teller.domain.records import to_record
from duty_teller.domain.shift import ABSENCES, SHIFT_FIELDS, EventType
from duty_teller.services.schedule_service.listeners import listeners_of, tell_after_commit
from duty_teller.services.schedule_service.log import settings_to_json, shift_to_json
from duty_teller.services.schedule_service.model import Author, Diff, RosterSettings, ScheduleMovedError

# The stored forms themselves (seconds, plain strings): without the type decorators 10,000 rows go in twice as fast.
_DUTIES = sa.table(
    "duties", *(sa.column(n) for n in ("uid", "roster_id", *SHIFT_FIELDS, "sequence", "updated_at", "cancelled_at"))
)
_ITEMS = sa.table("schedule_change_items", *(sa.column(n) for n in ("change_id", "duty_uid", "before", "after")))


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
        night_hours=settings.night_hours or roster.night_hours,
        rates=roster.rates if settings.rates is None else settings.rates,
        hours_once=roster.hours_once if settings.hours_once is None else settings.hours_once,
        holidays=roster.holidays if settings.holidays is None else settings.holidays,
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
    moved = settings.timezone != roster.timezone
    for name, value in asdict(settings).items():
        setattr(roster, name, value)
    session.add(roster)
    session.flush()
    if moved:  # absences are whole days of its zone
        show_anew(session, [diff.roster_id], change.created_at, kinds=ABSENCES)
    repository.raise_revision(session, "rosters")


def show_anew(
    session: Session,
    roster_ids: Collection[int],
    now: datetime,
    user_id: int | None = None,
    ending_after: datetime | None = None,
    kinds: Collection[EventType] = tuple(EventType),
) -> None:
    """Notes that stored shifts look otherwise, though nothing of them changed: their calendar events move.

    Somebody or a roster is called otherwise, or a roster went out of use: a calendar that has the event takes the new
    one only where its SEQUENCE is higher.

    Args:
        session: A writing session.
        roster_ids: Of these rosters.
        now: The present instant.
        user_id: Only this person's.
        ending_after: Only those that end after this.
        kinds: Only these types.
    """
    shifts = _DUTIES.c
    chosen: list[sa.ColumnElement[bool]] = [shifts.roster_id.in_(roster_ids), shifts.event_type.in_(list(kinds))]
    chosen += [shifts.user_id == user_id] if user_id is not None else []
    chosen += [shifts.end_at > int(ending_after.timestamp())] if ending_after is not None else []
    moved = _DUTIES.update().where(*chosen).values(sequence=shifts.sequence + 1, updated_at=int(now.timestamp()))
    session.connection().execute(moved)
    session.exec(update(Roster).where(col(Roster.id).in_(roster_ids)).values(shown_at=now))


def show_person_anew(session: Session, user_id: int, now: datetime) -> None:
    """Does `show_anew` for the shifts of a person, who is called otherwise."""
    mine = select(Duty.roster_id).where(Duty.user_id == user_id).distinct()
    show_anew(session, list(session.exec(mine)), now, user_id)


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
