"""What a change of the schedule means for each person: one notice with the net difference, merged over two minutes.

Shifts are told apart by what they are (position, start, end), not by their uid: one that was taken away and put in
again has another uid and has not changed for anybody.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar

from sqlmodel import Session, col, select

from duty_teller.db.models import ChangeKind, Notice, NoticeKind, NoticeOutcome, Roster, ScheduleChange, User
from duty_teller.domain.shift import Shift
from duty_teller.services.outbox import choices, outbox
from duty_teller.services.outbox.quiet import quiet_span
from duty_teller.services.schedule_service.model import Diff
from duty_teller.services.schedule_service.reasons import own_words

MERGE: Final = timedelta(minutes=2)
SHORT: Final = timedelta(hours=24)
Named = TypeVar("Named", "ShiftTimes", "Source")
TOLD_ELSEWHERE: Final = frozenset({ChangeKind.COVER, ChangeKind.SWAP, ChangeKind.TAKEOVER})
"""Changes of which the two people concerned are told by the message of their request (`services.cover_service`)."""
KINDS: Final = (NoticeKind.CHANGED, NoticeKind.SHORT_NOTICE)


class ShiftTimes(NamedTuple):
    """A shift as a payload holds it; start and end are seconds since 1970 UTC."""

    position: str | None
    start: int
    end: int


class Source(NamedTuple):
    """A change that a payload tells of: who made it, why (readable in every language), and its `ChangeKind`."""

    author: str
    reason: str
    kind: str


_LISTENERS: Final = select(User).where(
    col(User.is_active), col(User.reachable), col(User.telegram_user_id).is_not(None)
)


def listeners(session: Session) -> dict[int, User]:
    """Returns the active people whom the bot can write to, by number."""
    return {user.id or 0: user for user in session.exec(_LISTENERS)}


def note(session: Session, diff: Diff, change: ScheduleChange, now: datetime) -> None:
    """Puts what a change means for each person into the outbox, or into the notice that still waits there.

    Args:
        session: The writing session of the change.
        diff: What was written.
        change: Its stored row.
        now: The present instant.
    """
    if not diff.items:
        return
    people = {
        number: user for number, user in listeners(session).items() if any(choices.wants(user, kind) for kind in KINDS)
    }
    if not people:
        return
    gone: dict[int, set[ShiftTimes]] = defaultdict(set)
    new: dict[int, set[ShiftTimes]] = defaultdict(set)
    for item in diff.items:
        for shift, kept in ((item.before, gone), (item.after, new)):
            if shift is not None and shift.user_id in people and shift.end_at > now and not shift.event_type.is_absence:
                kept[shift.user_id].add(_told(shift))
    if not gone and not new:
        return
    roster = session.get_one(Roster, diff.roster_id)
    statement = select(Notice).where(
        col(Notice.closed_at).is_(None),
        col(Notice.kind).in_(KINDS),
        Notice.attempts == 0,
        Notice.roster_id == diff.roster_id,
    )
    waiting = {notice.user_id: notice for notice in session.exec(statement)}
    elsewhere = _told_elsewhere(session, change)
    by = Source(change.author_name, own_words(session, change), change.kind.value)
    for number in sorted(gone.keys() | new.keys()):
        if elsewhere and number not in waiting:
            continue  # what waits to be told of earlier changes is put right; nobody hears of this one twice
        _tell(session, people[number], roster, change, (gone[number], new[number]), by, waiting.get(number), now)


def _told_elsewhere(session: Session, change: ScheduleChange) -> bool:
    """Tells whether a change, or the one that it takes back, is told by the message of a request."""
    root = change
    while root.undoes_id is not None:
        root = session.get_one(ScheduleChange, root.undoes_id)
    return root.kind in TOLD_ELSEWHERE


def _told(shift: Shift) -> ShiftTimes:
    return ShiftTimes(shift.position, int(shift.start_at.timestamp()), int(shift.end_at.timestamp()))


def _tell(
    session: Session,
    user: User,
    roster: Roster,
    change: ScheduleChange,
    difference: tuple[set[ShiftTimes], set[ShiftTimes]],
    by: Source,
    waiting: Notice | None,
    now: datetime,
) -> None:
    gone, new = difference[0] - difference[1], difference[1] - difference[0]
    authors = [by]
    began = now
    if waiting is not None:
        payload: dict[str, Any] = json.loads(waiting.payload)
        gone_before, new_before = shifts_of(payload["gone"]), shifts_of(payload["new"])
        gone, new = (gone_before - new) | (gone - new_before), (new_before - gone) | (new - gone_before)
        authors = [source for source in sources_of(payload["by"]) if source != by] + [by]
        began = waiting.created_at
    if not gone and not new:
        if waiting is not None:
            waiting.closed_at, waiting.outcome = now, NoticeOutcome.WITHDRAWN
            session.add(waiting)
        return
    kind, due_at = _when(user, roster, gone | new, began, now)
    expires_at = datetime.fromtimestamp(max(end for _position, _start, end in gone | new), UTC)
    content = {
        "gone": _sorted(gone),
        "new": _sorted(new),
        "by": [source._asdict() for source in authors],
    }
    if waiting is None:
        key = f"change:{change.id}:{user.id}"
        options: dict[str, Any] = {"user_id": user.id, "roster_id": roster.id, "due_at": due_at}
        session.add(outbox.made(kind, key, content, now, expires_at, **options))
        return
    waiting.kind, waiting.due_at, waiting.expires_at = kind, due_at, expires_at
    waiting.payload = json.dumps(content, ensure_ascii=False)
    session.add(waiting)


def _when(
    user: User, roster: Roster, shifts: Iterable[ShiftTimes], began: datetime, now: datetime
) -> tuple[NoticeKind, datetime]:
    """Returns the kind, and when it is sent: two minutes after the first change, the rest after the quiet hours."""
    due_at = max(began + MERGE, now)
    if any(start < (now + SHORT).timestamp() for _position, start, _end in shifts):
        return NoticeKind.SHORT_NOTICE, due_at
    quiet = quiet_span(user, due_at, roster.timezone)
    return NoticeKind.CHANGED, quiet[1] if quiet is not None else due_at


def shifts_of(entries: Iterable[Any]) -> set[ShiftTimes]:
    """Reads the shifts of a payload; earlier versions wrote arrays."""
    return {_read(ShiftTimes, entry) for entry in entries}


def sources_of(entries: Iterable[Any]) -> list[Source]:
    """Reads the changes of a payload; earlier versions wrote arrays."""
    return [_read(Source, entry) for entry in entries]


def _read(kind: type[Named], entry: Any) -> Named:
    return kind(**entry) if isinstance(entry, dict) else kind(*entry)


def _sorted(shifts: Iterable[ShiftTimes]) -> list[dict[str, Any]]:
    ordered = sorted(shifts, key=lambda shift: (shift.start, shift.end, shift.position or ""))
    return [shift._asdict() for shift in ordered]
