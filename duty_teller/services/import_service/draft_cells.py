"""What a tap on a cell of a draft's file corrects, besides its codes: who a name is, and how its days are read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from duty_teller.db.models import Roster
from duty_teller.importers.duty_schedule import Answers, Question, days_named
from duty_teller.importers.words.text import fold_name
from duty_teller.services.import_service import draft_codes, drafts, planning
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.people.matching import NEW, SKIP, everybody

DAYS: Final = ("year", "month", "week", "date_order", "every")
"""Kinds of questions that say how the days of a file are read."""


@dataclass(frozen=True, slots=True)
class Correctable:
    """Something of a file that can be answered, or answered anew.

    Attributes:
        question: With the answers there are; of `year` and `week` those near to what holds.
        key: The folded text of the cells that it is about; empty: the cells of days.
        answer: What holds now, as an option; empty: nobody has said, or it is open.
    """

    question: Question
    key: str
    answer: str


def corrections(session: Session, draft_id: int, owner_id: int, now: datetime) -> tuple[Correctable, ...]:
    """Returns what can be said about the names and days of a draft's file.

    Raises:
        LocalizedError: As `drafts.look`.
    """
    looked = drafts.look_closely(session, draft_id, owner_id, now)
    found, file = looked.found, looked.file
    answers = planning.with_remembered(looked.roster, file.answers, file.cells)
    open_ones = [] if isinstance(found, ImportPlan) else [one for one in found if one.kind in DAYS]
    chosen: dict[str, str] = json.loads(looked.row.options).get("people", {})
    names = list(_names(found, chosen)) if isinstance(found, ImportPlan) else []
    options = (*everybody(session), NEW, SKIP)
    people = [
        Correctable(Question("person", name, "", 0, options), fold_name(name), _option(options, held))
        for name, held in names
    ]
    days = [Correctable(one, "", "") for one in open_ones]
    return (*people, *days, *(one for one in _days(answers) if one.question.kind not in {q.kind for q in open_ones}))


def named_days(session: Session, draft_id: int, owner_id: int, now: datetime) -> tuple[Correctable, ...]:
    """Returns the cells that name a day each, also of a file that cannot be taken as its days are; `key`: the cell.

    Raises:
        DraftGoneError: The draft is not there any more.
    """
    row = drafts.row_of(session, draft_id, owner_id, now)
    roster = session.get_one(Roster, row.roster_id)
    file = drafts.file_of(row, roster)
    known = days_named(file.cells, planning.with_remembered(roster, file.answers, file.cells))
    return tuple(
        Correctable(Question("day", where, where, 0, ()), where, day.isoformat()) for where, day in known.items()
    )


def find_day(session: Session, draft_id: int, owner_id: int, mark: str, now: datetime) -> Correctable | None:
    """Returns the cell of a day that has a mark; errors are those of `named_days`."""
    found = named_days(session, draft_id, owner_id, now)
    return next((one for one in found if draft_codes.mark_of(one.question) == mark), None)


def find(session: Session, draft_id: int, owner_id: int, mark: str, now: datetime) -> Correctable | None:
    """Returns what has a mark; errors are those of `corrections`."""
    found = corrections(session, draft_id, owner_id, now)
    return next((one for one in found if draft_codes.mark_of(one.question) == mark), None)


def _names(plan: ImportPlan, chosen: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yields the names of a file and who each is: a person's number, `new` or `skip`."""
    there = {person.name for person in plan.people}
    for person in plan.people:
        yield person.name, NEW if person.is_new else str(person.user_id)
    for name, choice in chosen.items():
        if name not in there:
            yield name, choice


def _option(options: tuple[str, ...], held: str) -> str:
    """Returns the option that begins like what holds."""
    head = held.split(" ", 1)[0]
    return next((option for option in options if option.split(" ", 1)[0] == head), "")


def _days(answers: Answers) -> Iterator[Correctable]:
    """Yields what was answered about the days of a file, in this import or in earlier ones."""
    if answers.year is not None:
        years = tuple(str(answers.year + step) for step in (-1, 0, 1))
        yield Correctable(Question("year", "", "", 0, years), "", str(answers.year))
    for subject, month in answers.months.items():
        yield Correctable(Question("month", subject, "", 0, tuple(map(str, range(1, 13)))), "", str(month))
    for subject, monday in answers.weeks.items():
        yield Correctable(Question("week", subject, "", 0, Question.weeks_near(monday)), "", monday.isoformat())
    if answers.date_order is not None:
        yield Correctable(Question("date_order", "", "", 0, ("dmy", "mdy")), "", answers.date_order)
    for subject, word in answers.every.items():
        yield Correctable(Question("every", subject, "", 0, ("week", "day")), "", word)
