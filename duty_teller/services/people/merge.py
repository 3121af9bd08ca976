"""Two people who are one: a name of a file whose shifts, other names and contacts go to somebody else.

It is a change of the schedule like any other: logged, told to feeds, and taken back by `schedule_service.undo`, which
also gives the name its own life again (`schedule_service.people_part`).
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher

from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, Duty, Roster, ScheduleChange, User, UserAlias
from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.duty_schedule import fold_name
from duty_teller.services import schedule_service
from duty_teller.services.people import accounts
from duty_teller.services.schedule_service import Author, Diff, DiffItem, Overlap, Shift, people_part


class MergeError(LocalizedError):
    """These two cannot be merged, or not as it was shown; nothing was changed."""


@dataclass(frozen=True, slots=True)
class MergePart:
    """What a merge would do in one roster.

    Attributes:
        roster_id: The roster.
        name: Its name; empty for the only one.
        timezone: The zone to show times in.
        diff: What would be written.
        moved: How many shifts the person gets.
        twice: How many shifts both had: they stay once.
        overlaps: That would arise, of shifts that are not over.
    """

    roster_id: int
    name: str
    timezone: str
    diff: Diff
    moved: int
    twice: int
    overlaps: tuple[Overlap, ...]


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge would do, for the preview and for `merge`.

    Attributes:
        source_id: The file's name, which goes.
        source_name: As it is shown.
        target_id: The person who stays.
        target_name: As it is shown.
        parts: By roster, retired ones too; rosters without shifts of the source are left out.
        ties_account: The person's account was merely let in; it becomes somebody of the roster by this.
        fingerprint: Tells this plan from one that was made when something was different.
    """

    source_id: int
    source_name: str
    target_id: int
    target_name: str
    parts: tuple[MergePart, ...]
    ties_account: bool
    fingerprint: str

    @property
    def moved(self) -> int:
        """How many shifts the person gets."""
        return sum(part.moved for part in self.parts)

    @property
    def twice(self) -> int:
        """How many shifts both had."""
        return sum(part.twice for part in self.parts)


def plan_merge(session: Session, source_id: int, target_id: int, now: datetime) -> MergePlan:
    """Looks at what a merge would do. Nothing is written.

    Args:
        session: Where to read.
        source_id: The file's name: somebody without a Telegram account.
        target_id: Who it is.
        now: The present instant: overlaps in the past are not shown.

    Raises:
        MergeError: One of them is gone, they are the same, or the name has an account of its own.
    """
    source, target = session.get(User, source_id), session.get(User, target_id)
    if source is None or target is None or not target.is_active or accounts.merged_into(session, source):
        raise MergeError("people.gone")
    if source_id == target_id:
        raise MergeError("people.merge_same", name=source.full_name)
    if source.telegram_user_id is not None:
        raise MergeError("people.merge_has_account", name=source.full_name)
    parts = tuple(
        part
        for roster in session.exec(select(Roster).order_by(col(Roster.id)))
        if (part := _part(session, roster, source_id, target_id, now)) is not None
    )
    seen = [(part.roster_id, part.diff.items) for part in parts]
    return MergePlan(
        source_id=source_id,
        source_name=source.full_name,
        target_id=target_id,
        target_name=target.full_name,
        parts=parts,
        ties_account=target.telegram_user_id is not None and target.linked_at is None,
        fingerprint=hashlib.sha256(repr((source_id, target_id, seen)).encode()).hexdigest()[:12],
    )


def _part(session: Session, roster: Roster, source_id: int, target_id: int, now: datetime) -> MergePart | None:
    assert roster.id is not None  # noqa: S101  # a stored row
    theirs = _live(session, roster.id, source_id)
    if not theirs:
        return None
    own = [shift for _uid, shift in _live(session, roster.id, target_id)]
    known = {shift.what for shift in own}
    items: list[DiffItem] = []
    moved: list[Shift] = []
    for uid, shift in theirs:
        items.append(DiffItem(uid, shift, None))
        if shift.what not in known:
            known.add(shift.what)
            moved.append(replace(shift, user_id=target_id))
    items += [DiffItem(None, None, shift) for shift in moved]
    old = {*_overlaps(own), *_overlaps([replace(shift, user_id=target_id) for _uid, shift in theirs])}
    arising = [overlap for overlap in _overlaps(own + moved) if overlap not in old and overlap.first.end_at > now]
    return MergePart(
        roster_id=roster.id,
        name=roster.name,
        timezone=roster.timezone,
        diff=Diff(
            roster_id=roster.id,
            revision=repository.revision(session, f"schedule:{roster.id}"),
            kind=ChangeKind.MERGE,
            items=tuple(items),
        ),
        moved=len(moved),
        twice=len(theirs) - len(moved),
        overlaps=tuple(arising),
    )


def _live(session: Session, roster_id: int, user_id: int) -> list[tuple[str, Shift]]:
    statement = select(Duty).where(
        Duty.roster_id == roster_id, Duty.user_id == user_id, col(Duty.cancelled_at).is_(None)
    )
    return [(duty.uid, Shift.of(duty)) for duty in session.exec(statement.order_by(col(Duty.start_at), col(Duty.id)))]


def _overlaps(shifts: list[Shift]) -> list[Overlap]:
    return schedule_service.find_overlaps(shifts)


def merge(
    session: Session, source_id: int, target_id: int, author: Author, fingerprint: str | None, now: datetime
) -> ScheduleChange:
    """Merges a file's name with a person, in the caller's transaction.

    Args:
        session: A writing session.
        source_id: The file's name.
        target_id: Who it is.
        author: Who says so.
        fingerprint: Of the plan that was shown; None: whatever there is.
        now: The present instant.

    Returns:
        The first change (one a roster); undoing any takes all of it back.

    Raises:
        MergeError: As `plan_merge`, or `people.merge_moved`: it would do something else by now.
    """
    plan = plan_merge(session, source_id, target_id, now)
    if fingerprint not in (None, plan.fingerprint):
        raise MergeError("people.merge_moved")
    parts = [part.diff for part in plan.parts] or [_empty(session)]
    reason = f"{plan.source_name} → {plan.target_name}"
    first: ScheduleChange | None = None
    for diff in parts:
        change = schedule_service.apply(session, diff, author, reason, diff.revision, now)
        change.part_of_id = None if first is None else first.id
        first = first or change
    assert first is not None  # noqa: S101  # there is at least one
    wanted = _wanted_people(session, plan, now)
    first.people_before = people_part.to_json(people_part.stored(session, wanted))
    first.people_after = people_part.to_json(wanted)
    people_part.write(session, wanted)
    session.flush()
    return first


def _empty(session: Session) -> Diff:
    """A name without shifts: the change belongs to the oldest roster, and to no shift of it."""
    roster_id = repository.rosters(session)[0].id or 0
    return Diff(roster_id, repository.revision(session, f"schedule:{roster_id}"), ChangeKind.MERGE, ())


def _wanted_people(session: Session, plan: MergePlan, now: datetime) -> people_part.People:
    source, target = session.get_one(User, plan.source_id), session.get_one(User, plan.target_id)
    fields: dict[str, people_part.Value] = {}
    if not target.username and source.username:
        fields["username"] = source.username
    if not target.phone and source.phone:
        fields["phone"] = source.phone
    if plan.ties_account:
        fields["linked_at"] = int(now.timestamp())
    names = session.exec(select(UserAlias.name_key).where(UserAlias.user_id == plan.source_id)).all()
    aliases: dict[str, int | None] = dict.fromkeys(names, plan.target_id)
    own = fold_name(source.full_name)
    owner = session.exec(select(UserAlias.user_id).where(UserAlias.name_key == own)).first()
    if owner in (None, plan.source_id):
        aliases[own] = plan.target_id
    return people_part.People(
        {plan.source_id: {"is_active": False}, **({plan.target_id: fields} if fields else {})}, aliases
    )


def candidates(session: Session, user_id: int) -> list[tuple[int, str]]:
    """Returns who may be the same person as somebody, as (number, name), the likeliest first.

    Somebody without an account may be anybody active; somebody with one may be any name without.
    """
    user = session.get(User, user_id)
    if user is None:
        return []
    gone = repository.people_without_live_shifts(session)
    others = [
        other
        for other in repository.active_users(session)
        if other.id != user_id
        and (other.telegram_user_id is None or user.telegram_user_id is None)
        and not (other.telegram_user_id is None and other.id in gone)
    ]
    key = fold_name(user.full_name)

    def likeness(other: User) -> float:
        return SequenceMatcher(None, key, fold_name(other.full_name)).ratio()

    rated = sorted(others, key=lambda other: (-round(likeness(other), 1), other.full_name.casefold(), other.id or 0))
    return [(other.id or 0, other.full_name) for other in rated]


def direction(session: Session, user_id: int, other_id: int) -> tuple[int, int]:
    """Returns (source, target) of two who are the same: who has no account goes, of two without one the first.

    Raises:
        MergeError: `people.gone`.
    """
    user, other = session.get(User, user_id), session.get(User, other_id)
    if user is None or other is None:
        raise MergeError("people.gone")
    return (user_id, other_id) if user.telegram_user_id is None else (other_id, user_id)
