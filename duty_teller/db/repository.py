"""Queries. Functions take a session and return rows or models; nothing here decides anything."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select, update

from duty_teller.cache import invalidate_duty_related_caches, invalidate_is_admin_cache
from duty_teller.db.models import CalendarLink, Duty, Revision, Role, Roster, ScheduleChange, ScheduleChangeItem, User
from duty_teller.db.models.base import UtcTime
from duty_teller.db.schemas import ROW_FIELDS, ShiftRow
from duty_teller.db.session import MESSAGES, on_commit
from duty_teller.domain.shift import EventType
from duty_teller.utils.dates import local_day
from duty_teller.utils.user import Visitor

_DUTIES: sa.Table = Duty.__table__  # type: ignore[attr-defined]
_USERS: sa.Table = User.__table__  # type: ignore[attr-defined]
_SHIFT_COLUMNS = [_DUTIES.c[name] if name in _DUTIES.c else _USERS.c[name] for name in ROW_FIELDS]


# Built once: each update and each tick reads these, and to build a statement takes as long as to run it.
_ROSTERS: Final = select(Roster).where(col(Roster.retired_at).is_(None)).order_by(col(Roster.id))
_BY_ACCOUNT: Final = select(User).where(User.telegram_user_id == sa.bindparam("account"))


def rosters(session: Session) -> Sequence[Roster]:
    """Returns the rosters in use, oldest first."""
    return session.exec(_ROSTERS).all()


# Written out: each change raises some, and to build them each time took as long as what was changed.
_READ_REVISION: Final = sa.text("SELECT value FROM revisions WHERE name = :name")
_RAISE_REVISION: Final = sa.text("UPDATE revisions SET value = value + 1 WHERE name = :name AND value = :expected")
_MAKE_REVISION: Final = sa.text("INSERT INTO revisions (name, value) VALUES (:name, 1) ON CONFLICT (name) DO NOTHING")
_RAISED: Final = "messages_raised"
"""The transaction of a session that has raised the counter of messages."""


def revision(session: Session, name: str) -> int:
    """Returns a counter (`schedule:<roster id>`, `people`, `rosters`); one that was never raised is 0."""
    return session.connection().execute(_READ_REVISION, {"name": name}).scalar() or 0


def revisions(session: Session) -> dict[str, int]:
    """Returns by name all counters that answers are made from."""
    return dict(session.exec(select(Revision.name, Revision.value).where(Revision.name != MESSAGES)).all())


def raise_revision(session: Session, name: str) -> int:
    """Raises a counter in this transaction, after all that was done in it, and returns its new value."""
    session.flush()
    while (raised := raise_revision_from(session, name, revision(session, name))) is None:
        pass  # somebody else raised it in between; the row is locked for us once the update has taken
    return raised


def messages_changed(session: Session) -> None:
    """Raises the counter of what has to be sent or edited: once a transaction, however many messages it is about."""
    if session.info.get(_RAISED) is not None and session.info[_RAISED] is session.get_transaction():
        return
    raise_revision(session, MESSAGES)
    if not session.in_nested_transaction():  # what a savepoint takes back has to be raised again
        session.info[_RAISED] = session.get_transaction()


def raise_revision_from(session: Session, name: str, expected: int) -> int | None:
    """Raises a counter in this transaction if it has the expected value; returns the new one, or None.

    One conditional statement: of two transactions that expect the same value, one takes and the other does not,
    whatever the database lets them read beside each other.
    """
    connection = session.connection()
    taken = connection.execute(_RAISE_REVISION, {"name": name, "expected": expected}).rowcount
    if not taken and not expected:  # a counter that was never raised has no row
        taken = connection.execute(_MAKE_REVISION, {"name": name}).rowcount
    return expected + 1 if taken else None


def _with_people(columns: Sequence[sa.ColumnElement[Any]]) -> sa.Select[Any]:
    return sa.select(*columns).join_from(_DUTIES, _USERS, _DUTIES.c.user_id == _USERS.c.id)


def _longest(kind: EventType) -> sa.ScalarSelect[Any]:
    span = sa.text("end_at - start_at")
    return sa.select(sa.func.coalesce(sa.func.max(span), 0)).where(_DUTIES.c.event_type == kind).scalar_subquery()


def shifts_between(
    session: Session,
    roster_ids: Collection[int],
    start: datetime,
    end: datetime,
    kinds: Collection[EventType] = tuple(EventType),
    user_id: int | None = None,
) -> list[ShiftRow]:
    """Returns the shifts that overlap [start, end), by start, then name.

    An overlap alone (`start_at < end AND end_at > start`) would read the whole past; the longest shift of each type
    bounds it from below, by index.

    Args:
        session: Where to read.
        roster_ids: Which rosters.
        start: Aware; included.
        end: Aware; excluded.
        kinds: Which types of shift.
        user_id: Only this person's.
    """
    if not kinds or not roster_ids:
        return []
    found = session.execute(_overlapping(tuple(kinds), user_id is not None), _span(roster_ids, start, end, user_id))
    return sorted((ShiftRow(*row) for row in found.all()), key=lambda row: (row.start_at, row.full_name, row.id))


def stored_shifts_between(
    session: Session, roster_ids: Collection[int], start: datetime, end: datetime
) -> Sequence[sa.Row[Any]]:
    """Returns `ROW_FIELDS` of all shifts that overlap [start, end), in no order and as stored: instants are seconds.

    For thousands of them: making objects of the values takes several times as long as reading them.
    """
    return session.execute(_overlapping_as_stored(), _span(roster_ids, start, end, None)).all()


def shifts_of_feed(
    session: Session, roster_ids: Collection[int], start: datetime, end: datetime, since: datetime, user_id: int | None
) -> Iterator[sa.Row[Any]]:
    """Yields the columns of `Duty` of all shifts that a calendar feed shows, by start; few are in memory at a time.

    Args:
        session: Where to read.
        roster_ids: Which rosters, at least one.
        start: Aware; what overlaps [start, end) is shown.
        end: Aware.
        since: Aware; what of it was cancelled after this is shown, too.
        user_id: Only this person's; None: everybody's.
    """
    values = _span(roster_ids, start, end, user_id) | {"since": int(since.timestamp())}
    found = session.execute(_of_feed(user_id is not None), values, execution_options={"yield_per": 500})
    yield from found


def mark_of_feed(
    session: Session, roster_ids: Collection[int], start: datetime, end: datetime, since: datetime, user_id: int | None
) -> bytes:
    """Returns what is the same as before only where the shifts of a feed, their people and all rosters are.

    A stored shift is never changed without its sequence being raised (`schedule_service.write`), so the database itself
    tells in milliseconds whether a feed would be another one, which takes twenty times as long to build. In another
    order the mark is another one. Arguments as `shifts_of_feed`.
    """
    values = _span(roster_ids, start, end, user_id) | {"since": int(since.timestamp())}
    marks, people = _marks(user_id is not None)
    shifts = session.execute(marks, values).scalar()
    named = [tuple(row) for row in session.execute(people, values)]
    told = f"{values} {revision(session, 'rosters')} {named} {shifts}"
    return hashlib.sha256(told.encode()).digest()


def _span(
    roster_ids: Collection[int], start: datetime, end: datetime, user_id: int | None
) -> dict[str, list[int] | int | None]:
    first, last = int(start.timestamp()), int(end.timestamp())
    return {"rosters": list(roster_ids), "first": first, "last": last, "user": user_id}


@cache
def _overlapping(kinds: tuple[EventType, ...], one_person: bool) -> sa.CompoundSelect[Any]:
    """Builds the statement of `shifts_between` once: building costs more than running it."""
    return sa.union_all(*_parts(_with_people(_SHIFT_COLUMNS), kinds, one_person))


@cache
def _overlapping_as_stored() -> sa.CompoundSelect[Any]:
    stored = [sa.type_coerce(column, _stored_type(column)).label(column.name) for column in _SHIFT_COLUMNS]
    return sa.union_all(*_parts(_with_people(stored), tuple(EventType), False))


def _stored_type(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    if isinstance(column.type, UtcTime):
        return sa.BigInteger()
    return sa.String() if isinstance(column.type, sa.Enum) else column.type


@cache
def _of_feed(one_person: bool) -> sa.CompoundSelect[Any]:
    return _feed_of(sa.select(*_DUTIES.c), one_person).order_by(sa.text("start_at, id"))


@cache
def _marks(one_person: bool) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Returns the statements of `mark_of_feed`: ids and sequences as one text, and the people."""
    found = _feed_of(sa.select(_DUTIES.c.id, _DUTIES.c.sequence, _DUTIES.c.user_id), one_person).subquery()
    number, sequence = sa.cast(found.c.id, sa.Text), sa.cast(found.c.sequence, sa.Text)
    whose = _USERS.c.id.in_(sa.select(found.c.user_id))
    people = sa.select(_USERS.c.id, _USERS.c.full_name).order_by(_USERS.c.id)
    return (
        sa.select(sa.func.aggregate_strings(number + ":" + sequence, ",")),
        people.where(whose | (_USERS.c.id == sa.bindparam("user")) if one_person else whose),
    )


def _feed_of(select: sa.Select[Any], one_person: bool) -> sa.CompoundSelect[Any]:
    """Returns a select of the shifts of a feed: those in use in [first, last), and the ones cancelled after `since`."""
    start, end, cancelled = (
        sa.type_coerce(_DUTIES.c[name], sa.BigInteger) for name in ("start_at", "end_at", "cancelled_at")
    )
    first, last, since = (sa.bindparam(name, type_=sa.BigInteger) for name in ("first", "last", "since"))
    gone = _chosen(select, one_person).where(cancelled > since, start < last, end > first)
    return sa.union_all(*_parts(select, tuple(EventType), one_person), gone)


def _parts(select: sa.Select[Any], kinds: tuple[EventType, ...], one_person: bool) -> Iterator[sa.Select[Any]]:
    """Yields a select of the shifts in use that overlap [first, last) for each type, for its index."""
    start_column, end_column = (sa.type_coerce(_DUTIES.c[name], sa.BigInteger) for name in ("start_at", "end_at"))
    first, last = sa.bindparam("first", type_=sa.BigInteger), sa.bindparam("last", type_=sa.BigInteger)
    for kind in kinds:
        yield _chosen(select, one_person).where(
            _DUTIES.c.event_type == kind,
            start_column > first - _longest(kind),
            start_column < last,
            end_column > first,
            _DUTIES.c.cancelled_at.is_(None),
        )


def _chosen(select: sa.Select[Any], one_person: bool) -> sa.Select[Any]:
    rosters = select.where(_DUTIES.c.roster_id.in_(sa.bindparam("rosters", expanding=True)))
    return rosters.where(_DUTIES.c.user_id == sa.bindparam("user")) if one_person else rosters


def next_start(session: Session, roster_id: int, after: datetime) -> datetime | None:
    """Returns when the first duty begins that begins after an instant."""
    statement = sa.select(sa.func.min(_DUTIES.c.start_at)).where(
        _DUTIES.c.roster_id == roster_id,
        _DUTIES.c.event_type == EventType.DUTY,
        _DUTIES.c.start_at > after,
        _DUTIES.c.cancelled_at.is_(None),
    )
    return session.execute(statement).scalar()


def last_duty_day(session: Session, roster_id: int, timezone: str) -> date | None:
    """Returns the last local day on which somebody is planned."""
    statement = sa.select(sa.func.max(_DUTIES.c.start_at)).where(
        _DUTIES.c.roster_id == roster_id, _DUTIES.c.event_type == EventType.DUTY, _DUTIES.c.cancelled_at.is_(None)
    )
    last = session.execute(statement).scalar()
    return None if last is None else local_day(last, timezone)


def roster_has_shifts(session: Session, roster_id: int) -> bool:
    """Tells whether anything is planned in a roster, ever, absences included."""
    statement = sa.select(_DUTIES.c.id).where(_DUTIES.c.roster_id == roster_id, _DUTIES.c.cancelled_at.is_(None))
    return session.execute(statement.limit(1)).first() is not None


def last_duty_end(session: Session, roster_id: int) -> datetime | None:
    """Returns when the last planned duty ends: the roster goes no further."""
    statement = sa.select(sa.func.max(_DUTIES.c.end_at)).where(
        _DUTIES.c.roster_id == roster_id, _DUTIES.c.event_type == EventType.DUTY, _DUTIES.c.cancelled_at.is_(None)
    )
    return session.execute(statement).scalar()


def names_of_all(session: Session) -> dict[int, str]:
    """Returns everybody's name by id, of those who have left as well."""
    return {row.id: row.full_name for row in session.execute(sa.select(_USERS.c.id, _USERS.c.full_name))}


def active_users(session: Session) -> Sequence[User]:
    """Returns the people who are active, by id."""
    return session.exec(select(User).where(col(User.is_active)).order_by(col(User.id))).all()


def user_by_telegram_id(session: Session, telegram_user_id: int) -> User | None:
    """Returns the person with that Telegram account."""
    return session.exec(_BY_ACCOUNT, params={"account": telegram_user_id}).one_or_none()


def get_or_create_user(session: Session, visitor: Visitor, now: datetime) -> User:
    """Returns the person with that account, made when there is none. The username, a mere hint, is brought up to date.

    Args:
        session: A writing session.
        visitor: The account as Telegram shows it.
        now: The present instant.
    """
    user = user_by_telegram_id(session, visitor.telegram_user_id)
    if user is None:
        user = User(
            full_name=visitor.full_name[:200] or str(visitor.telegram_user_id),
            username=visitor.username,
            telegram_user_id=visitor.telegram_user_id,
            language_code=visitor.language_code,
            created_at=now,
        )
        session.add(user)
        people_changed(session)
    elif hints_differ(user, visitor):
        another = user.language is None and visitor.language_code not in (None, user.language_code)
        user.username = visitor.username
        user.language_code = visitor.language_code or user.language_code
        session.add(user)
        session.flush()
        if another:
            show_links_anew(session, user.id or 0, now)
        people_changed(session)
    session.flush()
    return user


def hints_differ(user: User, visitor: Visitor) -> bool:
    """Tells whether Telegram shows another username or language than is stored."""
    spoken = visitor.language_code is not None and visitor.language_code != user.language_code
    return user.username != visitor.username or spoken


def show_links_anew(session: Session, user_id: int, now: datetime, events: bool = True) -> None:
    """Notes that the feeds of a person look otherwise: by their language, or (`events` false) by their title only."""
    moved: dict[str, Any] = {"shown_at": now}
    if events:
        moved["shown_times"] = CalendarLink.shown_times + 1
    session.exec(update(CalendarLink).where(col(CalendarLink.user_id) == user_id).values(**moved))


def people_changed(session: Session) -> None:
    """Has everything that shows people made anew: in this transaction the counter, once it commits the caches."""
    raise_revision(session, "people")
    on_commit(session, invalidate_duty_related_caches)


def set_user_role(session: Session, user_id: int, role: Role) -> User:
    """Gives a person a role; what is remembered of it falls when this commits."""
    user = session.get_one(User, user_id)
    user.role = role
    session.add(user)
    people_changed(session)
    if user.telegram_user_id is not None:
        telegram_user_id = user.telegram_user_id
        on_commit(session, lambda: invalidate_is_admin_cache(telegram_user_id))
    return user


def people_without_live_shifts(session: Session) -> set[int]:
    """Returns who has had shifts, all of which were taken back."""
    live = sa.func.sum(sa.case((_DUTIES.c.cancelled_at.is_(None), 1), else_=0))
    rows = session.execute(sa.select(_DUTIES.c.user_id).group_by(_DUTIES.c.user_id).having(live == 0))
    return {row[0] for row in rows}


def people_with_live_shifts(session: Session, roster_ids: Collection[int]) -> set[int]:
    """Returns who has, or has had, a shift of any type in one of these rosters that was not taken back."""
    live = _DUTIES.c.roster_id.in_(roster_ids) & _DUTIES.c.cancelled_at.is_(None)
    return set(session.execute(sa.select(_DUTIES.c.user_id).where(live).distinct()).scalars())


def has_shifts(session: Session, user_id: int) -> bool:
    """Tells whether a person has ever had a shift (cancelled ones count)."""
    return session.exec(select(Duty.id).where(Duty.user_id == user_id).limit(1)).first() is not None


def last_change(session: Session, roster_id: int) -> ScheduleChange | None:
    """Returns the newest change of a roster's schedule."""
    statement = select(ScheduleChange).where(ScheduleChange.roster_id == roster_id)
    return session.exec(statement.order_by(col(ScheduleChange.id).desc()).limit(1)).first()


def last_change_at(session: Session, roster_ids: Collection[int | None]) -> datetime | None:
    """Returns when the schedule of any of these rosters was last changed."""
    statement = select(ScheduleChange.created_at).where(col(ScheduleChange.roster_id).in_(roster_ids))
    return session.exec(statement.order_by(col(ScheduleChange.created_at).desc()).limit(1)).first()


def later_changes_of_settings(session: Session, roster_id: int, change_id: int) -> Sequence[ScheduleChange]:
    """Returns the changes after one that changed the roster's settings, oldest first."""
    statement = select(ScheduleChange).where(
        ScheduleChange.roster_id == roster_id,
        col(ScheduleChange.id) > change_id,
        col(ScheduleChange.roster_after).is_not(None),
    )
    return session.exec(statement.order_by(col(ScheduleChange.id))).all()


def later_changes_of_rows(session: Session, change_id: int, uids: Collection[str]) -> Sequence[ScheduleChange]:
    """Returns the changes after one that touched any of these shifts, oldest first."""
    statement = (
        select(ScheduleChange)
        .join(ScheduleChangeItem, col(ScheduleChangeItem.change_id) == col(ScheduleChange.id))
        .where(col(ScheduleChangeItem.duty_uid).in_(uids), col(ScheduleChange.id) > change_id)
        .distinct()
    )
    return session.exec(statement.order_by(col(ScheduleChange.id))).all()


def action_of(session: Session, change: ScheduleChange) -> Sequence[ScheduleChange]:
    """Returns all changes of the action that a change is (a part of), one a roster, the first one first."""
    first = change.part_of_id or change.id
    statement = select(ScheduleChange).where(
        sa.or_(col(ScheduleChange.id) == first, col(ScheduleChange.part_of_id) == first)
    )
    return session.exec(statement.order_by(col(ScheduleChange.id))).all()


def later_changes_of_people(session: Session, change_id: int) -> Sequence[ScheduleChange]:
    """Returns the changes after one that changed people too, in any roster, oldest first."""
    statement = select(ScheduleChange).where(
        col(ScheduleChange.id) > change_id, col(ScheduleChange.people_after).is_not(None)
    )
    return session.exec(statement.order_by(col(ScheduleChange.id))).all()


def take_action_key(session: Session, user_id: int, key: str, what: str, now: datetime) -> bool:
    """Stores the key of an action that is about to be done; False: it is there already. One statement, as above."""
    taking = sa.text(
        "INSERT INTO done_actions (user_id, key, what, answer, done_at) VALUES (:user, :key, :what, '', :now)"
        " ON CONFLICT (user_id, key) DO NOTHING"
    )
    values = {"user": user_id, "key": key, "what": what, "now": int(now.timestamp())}
    return bool(session.connection().execute(taking, values).rowcount)
