"""The sheet of hours of some days, and closing a month of it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Final

import orjson
from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import ClosedMonth, Roster, User
from duty_teller.domain.figures import Correction, Detail, Figures, HoursSheet, Line
from duty_teller.i18n.core import LocalizedError
from duty_teller.services.hours.counting import Counted, Key, figures_of, pieces_of
from duty_teller.utils.dates import midnight

_DAY: Final = timedelta(days=1)


def sheet(
    session: Session,
    first: date,
    last: date,
    roster_ids: Collection[int] | None = None,
    user_id: int | None = None,
    lang: str = "en",
) -> HoursSheet:
    """Returns the hours of the local days `first` to `last`, both included.

    A closed month that lies in them as a whole has the figures it was closed with; what has changed since is among the
    corrections. Everything else is as the schedule is now.

    Args:
        session: Where to read.
        first: A day.
        last: A day.
        roster_ids: Only these rosters'; None: all, retired ones too.
        user_id: Only this person's.
        lang: The language of the names of holidays.
    """
    pieces = pieces_of(session, first, last, roster_ids, user_id, lang=lang)
    closed = _closed(session, first, last, roster_ids)
    total = _totals(pieces, closed, user_id)
    corrections: list[tuple[ClosedMonth, Key, Figures]] = []
    for (roster_id, month), row in sorted(closed.items()):
        then = _stored(row, user_id)
        now = figures_of(p for p in pieces if (p.roster_id, p.piece.day.replace(day=1)) == (roster_id, month))
        for key in sorted(then.keys() | now.keys()):
            if user_id in (None, key[0]) and (moved := now.get(key, Figures()) - then.get(key, Figures())):
                corrections.append((row, key, moved))
    keys = {*total, *(key for _row, key, _figures in corrections)}
    names = _names(session, {key[0] for key in keys} | {p.planned_for for p in pieces})
    rosters = {roster.id or 0: roster for roster in session.exec(select(Roster))}
    lines = [_line(key, total[key], names, rosters) for key in total if total[key] and user_id in (None, key[0])]
    return HoursSheet(
        first,
        last,
        tuple(sorted(lines, key=_order)),
        tuple(
            Correction(key[0], names[key[0]], key[1], rosters[key[1]].name, key[2], figures, row.month, row.closed_at)
            for row, key, figures in corrections
        ),
        tuple(_detail(one, names, rosters[one.roster_id]) for one in pieces),
        tuple(sorted({month for _roster, month in closed})),
    )


def totals(
    session: Session, first: date, last: date, roster_ids: Collection[int] | None = None, user_id: int | None = None
) -> dict[Key, Figures]:
    """Returns the figures of `sheet` without what was planned, covered and given: that is not told apart here."""
    pieces = pieces_of(session, first, last, roster_ids, user_id, plan=False)
    return _totals(pieces, _closed(session, first, last, roster_ids), user_id)


def _totals(
    pieces: Collection[Counted], closed: Mapping[tuple[int, date], ClosedMonth], user_id: int | None
) -> dict[Key, Figures]:
    """Adds pieces up; closed months have the figures they were closed with."""
    open_pieces = [one for one in pieces if (one.roster_id, one.piece.day.replace(day=1)) not in closed]
    found: dict[Key, Figures] = defaultdict(Figures, figures_of(open_pieces))
    for row in closed.values():
        for key, figures in _stored(row, user_id).items():
            found[key] += figures
    return found


def by_month(
    session: Session, first: date, last: date, roster_id: int
) -> tuple[dict[tuple[date, int], Figures], frozenset[date]]:
    """Returns what `sheet` counts of a roster by month and person, in all positions, and which months are closed.

    What was planned, covered and given is not told apart; months are named by their first day.
    """
    closed = {month: row for (_roster, month), row in _closed(session, first, last, [roster_id]).items()}
    months: dict[date, list[Counted]] = {month: [] for month in closed}
    for one in pieces_of(session, first, last, [roster_id], plan=False):
        months.setdefault(one.piece.day.replace(day=1), []).append(one)
    found: dict[tuple[date, int], Figures] = defaultdict(Figures)
    for month, pieces in months.items():
        row = closed.get(month)
        for (user_id, _roster, _position), figures in (
            figures_of(pieces) if row is None else _stored(row, None)
        ).items():
            found[month, user_id] += figures
    return dict(found), frozenset(closed)


def close_month(session: Session, roster: Roster, month: date, author: str, now: datetime) -> None:
    """Closes a month of a roster: its figures stay as they are now, later changes show as corrections.

    Args:
        session: A writing session.
        roster: The roster.
        month: Any day of the month.
        author: Who closes it.
        now: The present instant.

    Raises:
        LocalizedError: `hours.closed_already`, or `hours.month_not_over`.
    """
    first = month.replace(day=1)
    after = (first + 31 * _DAY).replace(day=1)
    if now < midnight(after, roster.timezone):
        raise LocalizedError("hours.month_not_over", until=after.isoformat())
    if session.get(ClosedMonth, (roster.id or 0, first)) is not None:
        raise LocalizedError("hours.closed_already")
    figures = figures_of(pieces_of(session, first, after - _DAY, [roster.id or 0]))
    kept = [[user, position, one.stored()] for (user, _roster, position), one in sorted(figures.items())]
    session.add(
        ClosedMonth(
            roster_id=roster.id or 0,
            month=first,
            closed_at=now,
            closed_by=author[:200],
            figures=orjson.dumps(kept).decode(),
        )
    )


def close_everywhere(session: Session, month: date, author: str, now: datetime) -> None:
    """Closes a month of every roster in use in which it is not closed yet; arguments and errors of `close_month`."""
    for roster in repository.rosters(session):
        if session.get(ClosedMonth, (roster.id or 0, month.replace(day=1))) is None:
            close_month(session, roster, month, author, now)


def _closed(
    session: Session, first: date, last: date, roster_ids: Collection[int] | None
) -> dict[tuple[int, date], ClosedMonth]:
    """Returns the closed months that lie in the days as a whole."""
    rows = session.exec(select(ClosedMonth).where(col(ClosedMonth.month) >= first, col(ClosedMonth.month) <= last))
    return {
        (row.roster_id, row.month): row
        for row in rows
        if (row.month + 31 * _DAY).replace(day=1) - _DAY <= last and (roster_ids is None or row.roster_id in roster_ids)
    }


def _stored(row: ClosedMonth, user_id: int | None) -> dict[Key, Figures]:
    return {
        (user, row.roster_id, position): Figures.read(values)
        for user, position, values in orjson.loads(row.figures)
        if user_id in (None, user)
    }


def _names(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """Returns names of people, each unlike the others': by the @username or a number where two are called alike."""
    people = [user for user in session.exec(select(User)) if user.id in numbers]
    alike = Counter(user.full_name.casefold() for user in people)
    found = {}
    for user in people:
        marked = f"{user.full_name} @{user.username}" if user.username else f"{user.full_name} ({user.id})"
        found[user.id or 0] = user.full_name if alike[user.full_name.casefold()] == 1 else marked
    return found


def _line(key: Key, figures: Figures, names: Mapping[int, str], rosters: Mapping[int, Roster]) -> Line:
    return Line(key[0], names[key[0]], key[1], rosters[key[1]].name, key[2], figures)


def _order(line: Line) -> tuple[str, int, int, str]:
    return line.name.casefold().replace("ё", "е"), line.user_id, line.roster_id, line.position


def _detail(one: Counted, names: Mapping[int, str], roster: Roster) -> Detail:
    return Detail(
        names[one.user_id],
        names[one.planned_for],
        roster.name,
        one.position or "",
        roster.timezone,
        one.piece,
        one.worked,
        one.rate,
        one.over / 3600,
    )
