"""Several rosters: add, name, retire and restore them, and tell which one is meant.

A team with one never sees the word; from the second on every roster has a name, and names are different.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, delete, select, update

from duty_teller.cache import invalidate_duty_related_caches
from duty_teller.db import repository
from duty_teller.db.models import Chat, DraftStage, GroupPin, ImportDraft, KnownGap, Notice, NoticeOutcome, Roster
from duty_teller.db.session import on_commit
from duty_teller.i18n.core import LocalizedError
from duty_teller.services import schedule_service

LONGEST_NAME: Final = 40
"""Characters: a name has to fit a button."""


class RosterGoneError(LocalizedError):
    """The roster was retired meanwhile, or never was there (`rosters.gone`)."""


class RosterChoiceError(LocalizedError):
    """There are several rosters and it was not said which one, or by a name that none has."""


@dataclass(frozen=True, slots=True)
class RosterName:
    """A roster, detached: its id and name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class RetiredPin:
    """A pinned message that shows a roster nobody keeps any more."""

    pin_id: int
    chat_id: int
    message_id: int
    language: str | None
    roster_name: str
    reachable: bool


def live(session: Session) -> list[RosterName]:
    """Returns the rosters in use, oldest first."""
    return [RosterName(roster.id or 0, roster.name) for roster in repository.rosters(session)]


def retired(session: Session) -> list[RosterName]:
    """Returns the retired rosters, the last one retired first."""
    statement = select(Roster).where(col(Roster.retired_at).is_not(None))
    rows = session.exec(statement.order_by(col(Roster.retired_at).desc(), col(Roster.id))).all()
    return [RosterName(roster.id or 0, roster.name) for roster in rows]


def get(session: Session, roster_id: int) -> Roster:
    """Returns a roster in use.

    Raises:
        RosterGoneError: It was retired, or there is none.
    """
    roster = session.get(Roster, roster_id)
    if roster is None or roster.retired_at is not None:
        raise RosterGoneError("rosters.gone")
    return roster


def shown_name(session: Session, roster_id: int) -> str:
    """Returns the name by which a roster is told from the others; nothing where there is only one."""
    rosters = repository.rosters(session)
    return next((r.name for r in rosters if r.id == roster_id), "") if len(rosters) > 1 else ""


def pick(session: Session, name: str | None) -> Roster:
    """Returns the roster that the command line means.

    Args:
        session: Where to read.
        name: As it was given; None: the only one.

    Raises:
        RosterChoiceError: There are several and no name was given, or none has this name.
    """
    rosters = repository.rosters(session)
    names = ", ".join(f"“{roster.name}”" for roster in rosters if roster.name)
    if name is None:
        if len(rosters) > 1:
            raise RosterChoiceError("rosters.say_which", names=names)
        return rosters[0]
    for roster in rosters:
        if roster.name and _key(roster.name) == _key(name):
            return roster
    if not names:
        raise RosterChoiceError("rosters.has_no_name", name=name[:LONGEST_NAME])
    raise RosterChoiceError("rosters.unknown", name=name[:LONGEST_NAME], names=names)


def find(session: Session, name: str) -> RosterName | None:
    """Returns the roster in use of that name."""
    return next((roster for roster in live(session) if roster.name and _key(roster.name) == _key(name)), None)


def check_name(session: Session, text: str, roster_id: int | None = None) -> str:
    """Returns a name as it will be stored.

    Args:
        session: Where to read.
        text: What was typed.
        roster_id: Whose name it will be, when that roster is there already.

    Raises:
        LocalizedError: It is empty or too long, or another roster has it.
    """
    name = " ".join(text.split())
    if not name:
        raise LocalizedError("rosters.name_empty")
    if len(name) > LONGEST_NAME:
        raise LocalizedError("rosters.name_long", limit=LONGEST_NAME)
    if any(_key(roster.name) == _key(name) and roster.id != roster_id for roster in repository.rosters(session)):
        raise LocalizedError("rosters.name_taken", name=name)
    return name


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def add(session: Session, name: str, now: datetime, first_name: str | None = None) -> Roster:
    """Adds a roster with the zone, hand-over, shift times and public holidays of the first one.

    Args:
        session: A writing session.
        name: Its name.
        now: The present instant.
        first_name: The name of the only roster there is, if it has none yet: from now on names are seen.

    Raises:
        LocalizedError: As `check_name`.
    """
    first = repository.rosters(session)[0]
    if not first.name:
        first.name = check_name(session, first_name or "", first.id)
        session.add(first)
        session.flush()
        schedule_service.show_anew(session, [first.id or 0], now)
    roster = Roster(
        name=check_name(session, name),
        timezone=first.timezone,
        handover_at=first.handover_at,
        day_shift=first.day_shift,
        night_shift=first.night_shift,
        holidays=first.holidays,
        holidays_chosen=first.holidays_chosen,
    )
    session.add(roster)
    session.flush()
    _changed(session)
    return roster


def rename(session: Session, roster_id: int, name: str, now: datetime) -> Roster:
    """Gives a roster another name.

    Raises:
        LocalizedError: As `get` and `check_name`.
    """
    roster = get(session, roster_id)
    before, roster.name = roster.name, check_name(session, name, roster_id)
    session.add(roster)
    session.flush()
    if roster.name != before:
        schedule_service.show_anew(session, [roster_id], now)
    _changed(session)
    return roster


def retire(session: Session, roster_id: int, now: datetime) -> Roster:
    """Takes a roster out of use: views, imports and notices leave it out; shifts and history stay stored.

    Calendars show what was to come as cancelled.

    Its pinned messages are taken down by the tick (`retired_pins`).

    Raises:
        RosterGoneError: It is out of use already.
        LocalizedError: `rosters.last`, there is no other one.
    """
    roster = get(session, roster_id)
    if len(repository.rosters(session)) < 2:
        raise LocalizedError("rosters.last")
    roster.retired_at = now
    session.add(roster)
    session.flush()
    schedule_service.show_anew(session, [roster_id], now, ending_after=now)
    chosen = col(ImportDraft.stage) != DraftStage.ROSTER
    session.exec(delete(ImportDraft).where(col(ImportDraft.roster_id) == roster_id, chosen))
    session.exec(delete(KnownGap).where(col(KnownGap.roster_id) == roster_id))
    session.exec(
        update(Notice)
        .where(col(Notice.roster_id) == roster_id, col(Notice.closed_at).is_(None))
        .values(closed_at=now, outcome=NoticeOutcome.WITHDRAWN)
    )
    _changed(session)
    return roster


def restore(session: Session, roster_id: int, now: datetime) -> Roster:
    """Takes a retired roster into use again; one that is in use already stays as it is.

    Raises:
        RosterGoneError: There is no such roster.
        LocalizedError: `rosters.name_taken`, another one has its name by now.
    """
    roster = session.get(Roster, roster_id)
    if roster is None:
        raise RosterGoneError("rosters.gone")
    if roster.retired_at is not None:
        check_name(session, roster.name, roster_id)
        if any(not other.name for other in repository.rosters(session)):
            raise LocalizedError("rosters.name_first")
        retired_at, roster.retired_at = roster.retired_at, None
        session.add(roster)
        session.flush()
        schedule_service.show_anew(session, [roster_id], now, ending_after=retired_at)
        _changed(session)
    return roster


def _changed(session: Session) -> None:
    """Everything that shows rosters is told: names appear in pins, feeds and pages, and go again."""
    repository.raise_revision(session, "rosters")
    on_commit(session, invalidate_duty_related_caches)


def retired_pins(session: Session) -> Sequence[RetiredPin]:
    """Returns the pinned messages of retired rosters, which are to be taken down."""
    statement = (
        select(GroupPin, Chat, Roster)
        .join(Chat, col(GroupPin.chat_id) == col(Chat.id))
        .join(Roster, col(GroupPin.roster_id) == col(Roster.id))
        .where(col(Roster.retired_at).is_not(None))
    )
    return [
        RetiredPin(
            pin.id or 0,
            pin.chat_id,
            pin.message_id,
            chat.language,
            roster.name,
            pin.failure is None and pin.message_id != 0,
        )
        for pin, chat, roster in session.exec(statement.order_by(col(GroupPin.id)))
    ]


def forget_pin(session: Session, pin_id: int) -> None:
    """Forgets a pin of a retired roster; one that was restored meanwhile keeps its pin."""
    pin = session.get(GroupPin, pin_id)
    if pin is None:
        return
    if session.get_one(Roster, pin.roster_id).retired_at is None:
        pin.content_hash = ""  # what it shows has been overwritten: the tick brings it up to date
        session.add(pin)
    else:
        session.delete(pin)
