"""The way of a file into the schedule, the same for the chat and the command line: understand, plan, agree, apply."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duty_teller.db.models import Roster, ScheduleChange
from duty_teller.importers.duty_schedule import (
    NO_ANSWERS,
    Answers,
    Question,
    RosterCells,
    RosterRules,
    parse_duty_schedule,
)
from duty_teller.services.import_service import planning
from duty_teller.services.import_service.by_hand import HandAnswer
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.schedule_service import Author


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A file that was read, and what was said about it.

    Attributes:
        cells: From `read_roster_file`.
        rules: With the hand-over that was chosen.
        answers: About codes and dates; those of earlier imports need not be given again.
        people: Answers about people: name → option.
        remove_missing: Also remove the shifts of people who are not in the file.
        by_hand: What becomes of changes made by hand that the file would overwrite.
    """

    cells: RosterCells
    rules: RosterRules
    answers: Answers = NO_ANSWERS
    people: Mapping[str, str] | None = None
    remove_missing: bool = False
    by_hand: HandAnswer | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    Attributes:
        plan: What was agreed to, or refused.
        change: None when there was nothing to change, or it was refused.
    """

    plan: ImportPlan
    change: ScheduleChange | None


def plan(session: Session, roster: Roster, file: RosterFile) -> ImportPlan | tuple[Question, ...]:
    """Tells what a file would change, or what has to be asked first. Nothing is written.

    Args:
        session: Where to read.
        roster: The roster the file is for.
        file: What was read.

    Raises:
        RosterFileError: The file cannot be taken with these answers.
        LocalizedError: As `plan_import`.
    """
    known = planning.with_remembered(roster, file.answers, file.cells)
    parsed = parse_duty_schedule(file.cells, rules=file.rules, answers=known)
    if isinstance(parsed, tuple):
        return parsed
    return planning.plan_import(
        session, roster, parsed, file.rules, file.answers, file.remove_missing, file.people, file.by_hand
    )


def run_import(
    session: Session,
    roster: Roster,
    file: RosterFile,
    author: Author,
    reason: str | Callable[[ImportPlan], str],
    now: datetime,
    agree: Callable[[ImportPlan], bool] = lambda _plan: True,
) -> Imported | tuple[Question, ...]:
    """Imports a file in the caller's transaction; the answers are remembered for the roster and for this file.

    Args:
        session: A writing session; a reading one will do where `agree` says no.
        roster: The roster the file is for.
        file: What was read.
        author: Who imports it.
        reason: The file's name, or what the history says of a plan.
        now: The present instant.
        agree: Is shown what would be written, and tells whether it shall be.

    Returns:
        What it did, or what has to be asked first; nothing is written then.

    Raises:
        RosterFileError: The file cannot be taken with these answers.
        LocalizedError: As `plan_import`.
        ByHandOpenError: It was agreed to, and nobody has said what becomes of changes made by hand.
    """
    made = plan(session, roster, file)
    if isinstance(made, tuple):
        return made
    if not agree(made):
        return Imported(made, None)
    change = planning.apply_plan(session, made, author, reason if isinstance(reason, str) else reason(made), now)
    planning.remember_for_file(session, made.roster_id, file.cells, file.answers)
    return Imported(made, change)
