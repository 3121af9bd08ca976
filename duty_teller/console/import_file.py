"""`duty-teller import FILE`: the same rooms as in the chat, from the terminal, while the service may be running."""

import argparse
import asyncio
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from duty_teller import cache
from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.migrations import migrate
from duty_teller.db.models import Roster
from duty_teller.db.session import session_scope
from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.duty_schedule import (
    Answers,
    Question,
    RosterCells,
    RosterFileError,
    RosterRules,
    interpret,
    parse_codes,
)
from duty_teller.services import import_service
from duty_teller.services.import_preview import preview_lines
from duty_teller.services.import_service import ImportPlan
from duty_teller.services.roster_file_process import read_in_child
from duty_teller.services.schedule_service import Author
from duty_teller.utils.dates import local_day, utc_now
from duty_teller.utils.handover import parse_handover

if TYPE_CHECKING:
    from collections.abc import Iterator

EXIT_QUESTIONS: Final = 2
EXIT_DATA: Final = 65
EXIT_NO_INPUT: Final = 66


@contextmanager
def _step(what: str) -> "Iterator[None]":
    """Says on standard error what takes a while, where a person is watching."""
    watched = sys.stderr.isatty()
    if watched:
        print(f"{what} … ", end="", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException:
        if watched:
            print(file=sys.stderr)
        raise
    if watched:
        print("done", file=sys.stderr)


def import_file(settings: Settings, given: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        settings: Where the data are.
        given: Of the argument parser in `main`.

    Returns:
        0 when it was applied (or could be, with --dry-run), 2 with open questions, 65 when the file cannot be taken,
        66 when it cannot be read.
    """
    try:
        data = given.file.read_bytes()
    except OSError as error:
        print(f"duty-teller: {given.file}: {error.strerror}", file=sys.stderr)
        return EXIT_NO_INPUT
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    migrate(settings.database_url, settings.duty_display_tz)
    cache.use_folder(settings.data_dir / "cache")
    try:
        with _step(f"reading {given.file.name}"):
            cells = asyncio.run(read_in_child(data, given.file.name))
        return _import(settings, given, cells)
    except RosterFileError as error:
        print(f"duty-teller: {given.file.name} cannot be taken:\n{error.text('en')}", file=sys.stderr)
        return EXIT_DATA
    except LocalizedError as error:
        print(f"duty-teller: {error.text('en')}", file=sys.stderr)
        return EXIT_DATA
    finally:
        cache.close()


def _answers(given: argparse.Namespace) -> Answers:
    months = {}
    for text in given.month:
        cell, _equals, month = text.rpartition("=")
        if not month.isdecimal():
            raise LocalizedError("import.file.meaning", text=text[:32])
        months[cell] = int(month)
    return Answers(codes=parse_codes(given.codes), year=given.year, months=months)


def _rules(roster: Roster, given: argparse.Namespace) -> RosterRules:
    if given.handover is None:
        return import_service.rules_of(roster)
    return import_service.rules_of(roster, parse_handover(given.handover, roster.timezone))


def _import(settings: Settings, given: argparse.Namespace, cells: RosterCells) -> int:
    given_answers = _answers(given)
    now = utc_now()
    with session_scope(settings.database_url, write=not given.dry_run) as session:
        roster = repository.rosters(session)[0]
        rules = _rules(roster, given)
        remembered = import_service.remembered_codes(roster)
        answers = Answers(remembered | dict(given_answers.codes), given_answers.year, given_answers.months)
        parsed = interpret(cells, rules, answers)
        if isinstance(parsed, tuple):
            _print_questions(parsed)
            return EXIT_QUESTIONS
        plan = import_service.plan_import(session, roster, parsed, rules, given_answers, given.remove_missing)
        _print_plan(plan)
        if given.dry_run:
            print("\ndry run: nothing was changed")
            return 0
        with _step("applying"):
            change = import_service.apply_plan(session, plan, Author(None, "command line"), given.file.name, now)
    print("\nnothing to change" if change is None else f"\napplied as change {change.id}")
    return 0


def _print_plan(plan: ImportPlan) -> None:
    today = local_day(utc_now(), plan.timezone)
    print("\n".join(line for line in preview_lines("en", plan, today)))


def _print_questions(questions: tuple[Question, ...]) -> None:
    print("These have to be answered first:", file=sys.stderr)
    for question in questions:
        times = f"{question.count} cell{'s' if question.count != 1 else ''}, first {question.example}"
        if question.kind == "code":
            print(f"  code {question.subject!r} ({times}): --codes '{question.subject}=…'", file=sys.stderr)
        elif question.kind == "year":
            print(f"  the year ({times}): --year …", file=sys.stderr)
        else:
            print(f"  the month of {question.subject} ({times}): --month '{question.subject}=…'", file=sys.stderr)
    print("Meanings: duty, day, night, unavailable, vacation, nothing, or times such as 08:00-16:30.", file=sys.stderr)
