"""Settings of a roster, changed by hand, and what it remembers of its imports, to be looked at and forgotten."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, Roster, User, UserAlias
from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.words.times import BadTimeError, explicit_spans, suggested_span, write_span
from duty_teller.services import schedule_service
from duty_teller.services.rosters import rosters
from duty_teller.services.schedule_service import Author, Diff

COVER_LEADS: Final = (60, 180, 360, 720, 1440)
"""Minutes before a start at which the admins may be told that nobody covers it."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a roster remembers.

    Attributes:
        day_shift: `HH:MM-HH:MM`.
        night_shift: The same.
        codes: Folded code → meaning, as `importers.Meaning` writes it.
        date_order: `dmy`, `mdy` or None.
        aliases: (id, name in files, person).
        files: How many files have answers of their own: their year, month or week.
    """

    day_shift: str
    night_shift: str
    codes: dict[str, str]
    date_order: str | None
    aliases: tuple[tuple[int, str, str], ...]
    files: int


def remembered(session: Session, roster: Roster) -> Memory:
    """Returns what a roster remembers; names are shared by all rosters."""
    statement = select(UserAlias, User).join(User, col(UserAlias.user_id) == col(User.id))
    rows = session.exec(statement.order_by(col(UserAlias.name_key))).all()
    return Memory(
        day_shift=roster.day_shift,
        night_shift=roster.night_shift,
        codes=dict(sorted(json.loads(roster.codes).items())),
        date_order=roster.date_order,
        aliases=tuple((alias.id or 0, alias.name_key, user.full_name) for alias, user in rows),
        files=sum(bool(key) for key in json.loads(roster.file_answers)),
    )


def parse_shift(text: str) -> str:
    """Reads the times of a shift as people type them: `08:00-20:00`, `20-8`, `16:00-24:00`.

    Returns:
        `HH:MM-HH:MM`.

    Raises:
        LocalizedError: `settings.shift_unread`, it is something else.
    """
    hours = suggested_span(text)
    try:
        spans = explicit_spans(text) if hours is None else (hours,)
    except BadTimeError:
        spans = ()
    if len(spans) != 1 or spans[0][0] == spans[0][1]:
        raise LocalizedError("settings.shift_unread", text=text.strip()[:32])
    return write_span(spans[0])


def shifts_meet(day: str, night: str) -> bool:
    """Tells whether each of two shifts, `08:00–20:00`, begins when the other ends: there is no hole and no overlap."""
    begins, ends = day.replace("24:00", "00:00").split("–")
    return night.replace("24:00", "00:00").split("–") == [ends, begins]


def change(session: Session, roster_id: int, author: Author, reason: str, now: datetime, **settings: Any) -> int | None:
    """Changes settings of a roster by the write door: logged, undoable, told to pins and feeds.

    Args:
        session: A writing session.
        roster_id: The roster.
        author: Who.
        reason: What changes, in the author's language.
        now: The present instant.
        **settings: Fields of `RosterSettings`; those left out stay.

    Returns:
        The change; None when there was nothing to change.

    Raises:
        RosterGoneError: The roster was retired.
    """
    before = schedule_service.settings_of(rosters.get(session, roster_id))
    after = replace(before, **settings)
    if after == before:
        return None
    revision = repository.revision(session, f"schedule:{roster_id}")
    diff = Diff(roster_id, revision, ChangeKind.EDIT, (), settings=after)
    return schedule_service.apply(session, diff, author, reason, revision, now).id


def set_gap_warnings(session: Session, roster_id: int, wanted: bool) -> None:
    """Says whether the admins are told of a roster's gaps.

    Raises:
        RosterGoneError: The roster was retired.
    """
    roster = rosters.get(session, roster_id)
    roster.gap_warnings = wanted
    session.add(roster)


def set_cover_rules(
    session: Session, roster_id: int, approval: bool | None = None, warn_minutes: int | None = None
) -> None:
    """Says how covers and swaps go; requests that are open follow the new rules from now on.

    Args:
        session: A writing session.
        roster_id: The roster.
        approval: Whether what two people agree on waits for an admin's yes; None: as it is.
        warn_minutes: How long before a start the admins are told that nobody has said yes; None: as it is.

    Raises:
        RosterGoneError: The roster was retired.
    """
    roster = rosters.get(session, roster_id)
    if approval is not None:
        roster.cover_approval = approval
    if warn_minutes is not None:
        roster.cover_warn_minutes = warn_minutes
    session.add(roster)


def forget_code(session: Session, roster_id: int, code: str, author: Author, reason: str, now: datetime) -> bool:
    """Forgets what a code means: the next file with it is asked about; returns whether it was known."""
    codes: dict[str, str] = json.loads(rosters.get(session, roster_id).codes)
    if codes.pop(code, None) is None:
        return False
    left = json.dumps(codes, ensure_ascii=False, sort_keys=True)
    return change(session, roster_id, author, reason, now, codes=left) is not None


def forget_date_order(session: Session, roster_id: int, author: Author, reason: str, now: datetime) -> None:
    """Forgets how ambiguous dates are read."""
    change(session, roster_id, author, reason, now, date_order=None)


def forget_files(session: Session, roster_id: int) -> None:
    """Forgets the years, months and weeks that were answered for single files."""
    roster = rosters.get(session, roster_id)
    roster.file_answers = "{}"
    session.add(roster)


def forget_alias(session: Session, alias_id: int) -> bool:
    """Forgets whose name that is; returns whether it was known."""
    alias = session.get(UserAlias, alias_id)
    if alias is not None:
        session.delete(alias)
    return alias is not None
