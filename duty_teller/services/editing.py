"""Changing a published roster by hand, as the chat and the Mini App do it: what it causes first, then what was shown.

Two admins do not meet unawares: what is applied is what was shown, or it is said what has changed since.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from duty_teller.db.models import ChangeKind, Roster, ScheduleChange
from duty_teller.i18n import LocalizedError
from duty_teller.services import history, schedule_service
from duty_teller.services.people import accounts
from duty_teller.services.people.access import Person
from duty_teller.services.rosters import rosters
from duty_teller.services.schedule_service import Author, PlannedEdit, asked_edits, edits
from duty_teller.services.schedule_service.asked_edits import AskedEdit, EditKind
from duty_teller.services.texts import changes, days
from duty_teller.services.texts.history import sentence
from duty_teller.utils.handover import Handover, clock_span, handover_span, instant

LONGEST_REASON: Final = 200

_POSITIONS_AROUND: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody was shown of an edit.

    Attributes:
        fingerprint: Of the plan, as `asked_edits.fingerprint`.
        revision: Of the roster's schedule, from which it was made.
    """

    fingerprint: str
    revision: int


@dataclass(frozen=True, slots=True)
class EditPreview:
    """What an edit would do.

    Attributes:
        roster: Whose schedule.
        planned: The difference, and what it causes.
        past: It rewrites what has already been: it needs a reason.
        seen: What `apply` wants to be given back.
    """

    roster: Roster
    planned: PlannedEdit
    past: bool
    seen: Seen


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An undo that was done, or an undo of one.

    Attributes:
        change_id: The new change, to be taken back in its turn.
        what: What was taken back: of an import the file's name, else who did what.
        of_import: Whether it goes back to an import.
        warned: Who is on duty twice now, or while away; one line each.
    """

    change_id: int
    what: str
    of_import: bool
    warned: tuple[str, ...]


class EditMovedError(LocalizedError):
    """What was shown is not what would be done any more (`change.moved`): it has to be shown anew."""


def check_admin(person: Person) -> None:
    """Looks that somebody may change everybody's shifts.

    Raises:
        LocalizedError: `bot.admins_only`.
    """
    if not person.is_admin:
        raise LocalizedError("bot.admins_only")


def check_reach(now: datetime, *moments: datetime) -> None:
    """Looks that instants lie where pages reach.

    Raises:
        LocalizedError: `view.too_far`.
    """
    if any(abs(moment - now) > days.REACH + edits.LONGEST for moment in moments):
        raise LocalizedError("view.too_far")


def preview(session: Session, asked: AskedEdit, now: datetime) -> EditPreview:
    """Plans an edit from the schedule as it is. Nothing is written.

    Raises:
        LocalizedError: It cannot be done (any more), or whoever gets the shift has left (`view.person_gone`).
    """
    if asked.kind in (EditKind.GIVE, EditKind.ADD) or asked.user_id:
        user = accounts.find(session, asked.user_id)
        if user is None or not user.is_active:
            raise LocalizedError("view.person_gone")
    planned = asked_edits.plan_asked(session, asked)
    seen = Seen(asked_edits.fingerprint(planned), planned.diff.revision)
    past = asked_edits.begins_in_past(planned.diff, now)
    return EditPreview(rosters.get(session, asked.roster_id), planned, past, seen)


def apply(
    session: Session, lang: str, person: Person, asked: AskedEdit, seen: Seen, reason: str, now: datetime
) -> tuple[int, str]:
    """Writes an edit as it was shown.

    Args:
        session: A writing session.
        lang: The language of what the history keeps.
        person: Who changes it: an admin.
        asked: What is asked for.
        seen: What they were shown.
        reason: Why; needed for what has already been.
        now: The present instant.

    Returns:
        The change's number, and what it did in words.

    Raises:
        EditMovedError: It would do something else by now, or is about the past and gives no reason.
        LocalizedError: As `check_admin`, `preview`.
    """
    check_admin(person)
    shown = preview(session, asked, now)
    if shown.seen.fingerprint != seen.fingerprint or (shown.past and not reason):
        raise EditMovedError("change.moved")
    diff = shown.planned.diff
    what = changes.words_of(session, lang, shown.roster, diff.items, reason[:LONGEST_REASON])
    author = Author(person.user_id, person.full_name)
    stored = schedule_service.apply(session, diff, author, what, diff.revision, now)
    return stored.id or 0, what


def usual_spans(session: Session, roster: Roster, day: date) -> list[tuple[datetime, datetime]]:
    """Returns the times that a new shift of a day may well have: the roster's own, and the day's gaps."""
    handover = Handover(roster.handover_at, roster.timezone)
    spans = [handover_span(day, handover)]
    for hours in (roster.day_shift, roster.night_shift):
        opens, closes = clock_span(hours)
        last = day if closes > opens else day + timedelta(days=1)
        spans.append((instant(day, opens, roster.timezone), instant(last, closes, roster.timezone)))
    spans += schedule_service.gaps(session, roster, *spans[0])
    return list(dict.fromkeys(spans))


def positions(session: Session, roster_id: int, around: datetime) -> dict[str, int]:
    """Returns the positions in use around an instant, each with a stored shift that has it."""
    start, end = around - _POSITIONS_AROUND, around + _POSITIONS_AROUND
    rows = edits.stored_between(session, roster_id, start, end)
    return {row.shift.position: row.id for row in rows if row.shift.position is not None}


def take_back(session: Session, lang: str, person: Person, change_id: int, now: datetime) -> TakenBack:
    """Takes a change back, or that taking back.

    Raises:
        LocalizedError: As `check_admin`, `schedule_service.undo`; `rosters.gone`.
    """
    check_admin(person)
    stored = session.get(ScheduleChange, change_id)
    if stored is not None:
        rosters.get(session, stored.roster_id)
    diffs = schedule_service.plan_undo(session, change_id)
    warned = tuple(line for diff in diffs for line in changes.clash_lines(session, lang, diff))
    made = schedule_service.undo(session, change_id, Author(person.user_id, person.full_name), now)
    of_import = _original(session, made).kind == ChangeKind.IMPORT
    return TakenBack(made.id or 0, _what(session, lang, made), of_import, warned)


def _what(session: Session, lang: str, change: ScheduleChange) -> str:
    """Returns what was taken back: of an import the file, else who did what."""
    view = history.view(session, change.id or 0)
    if view is None or view.original is None or view.original.kind == ChangeKind.IMPORT:
        return change.reason
    return sentence(session, lang, view.original, session.get_one(Roster, change.roster_id))


def _original(session: Session, change: ScheduleChange) -> ScheduleChange:
    """Returns what an undo goes back to, through however many others."""
    while change.undoes_id is not None:
        change = session.get_one(ScheduleChange, change.undoes_id)
    return change
