"""What a roster remembers of its imports, to be looked at and forgotten: codes, names, the order of dates."""

import json
from dataclasses import dataclass

from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import Roster, User, UserAlias


@dataclass(frozen=True, slots=True)
class Memory:
    """What a roster remembers.

    Attributes:
        timezone: IANA name.
        handover: `HH:MM`.
        day_shift: `HH:MM-HH:MM`.
        night_shift: The same.
        codes: Folded code → meaning, as `importers.Meaning` writes it.
        date_order: `dmy`, `mdy` or None.
        aliases: (id, name in files, person).
        files: How many files have answers of their own: their year, month or week.
    """

    timezone: str
    handover: str
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
        timezone=roster.timezone,
        handover=f"{roster.handover_at:%H:%M}",
        day_shift=roster.day_shift,
        night_shift=roster.night_shift,
        codes=dict(sorted(json.loads(roster.codes).items())),
        date_order=roster.date_order,
        aliases=tuple((alias.id or 0, alias.name_key, user.full_name) for alias, user in rows),
        files=len(json.loads(roster.file_answers)),
    )


def forget_code(session: Session, roster_id: int, code: str) -> bool:
    """Forgets what a code means: the next file with it is asked about; returns whether it was known."""
    roster = session.get_one(Roster, roster_id)
    codes: dict[str, str] = json.loads(roster.codes)
    known = codes.pop(code, None) is not None
    if known:
        roster.codes = json.dumps(codes, ensure_ascii=False, sort_keys=True)
        session.add(roster)
        repository.raise_revision(session, "rosters")
    return known


def forget_date_order(session: Session, roster_id: int) -> None:
    """Forgets how ambiguous dates are read."""
    roster = session.get_one(Roster, roster_id)
    roster.date_order = None
    session.add(roster)
    repository.raise_revision(session, "rosters")


def forget_files(session: Session, roster_id: int) -> None:
    """Forgets the years, months and weeks that were answered for single files."""
    roster = session.get_one(Roster, roster_id)
    roster.file_answers = "{}"
    session.add(roster)


def forget_alias(session: Session, alias_id: int) -> bool:
    """Forgets whose name that is; returns whether it was known."""
    alias = session.get(UserAlias, alias_id)
    if alias is not None:
        session.delete(alias)
    return alias is not None
