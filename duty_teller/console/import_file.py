"""`duty-teller import FILE`: the same rooms as in the chat, from the terminal, while the service may be running.

Questions are answered by options, or asked where a person sits at the terminal. With `--json` standard output holds
one JSON object and nothing else, for programs.
"""

import argparse
import asyncio
import json
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

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
from duty_teller.services.schedule_service import Author, Shift
from duty_teller.utils.dates import local_day, utc_now
from duty_teller.utils.handover import parse_handover, zone

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
        0 when it was applied (or could be, with --dry-run), 2 with open questions, 65 when the file cannot be taken, 66
        when it cannot be read.
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
        problems = [
            {"where": problem.where, "message": replace(problem, where="").text("en")} for problem in error.problems
        ]
        _tell_errors(given, problems, f"{given.file.name} cannot be taken:\n{error.text('en')}")
        return EXIT_DATA
    except LocalizedError as error:
        _tell_errors(given, [{"where": "", "message": error.text("en")}], error.text("en"))
        return EXIT_DATA
    finally:
        cache.close()


def _tell_errors(given: argparse.Namespace, problems: list[dict[str, str]], text: str) -> None:
    if given.json:
        _print_json(errors=problems)
    else:
        print(f"duty-teller: {text}", file=sys.stderr)


def _answers(given: argparse.Namespace) -> Answers:
    answers = Answers(codes=parse_codes(given.codes), year=given.year)
    for text in given.month:
        subject, _equals, month = text.rpartition("=")
        answers = answers.answered("month", subject, month)
    for text in given.answer:
        question, equals, value = text.partition("=")
        kind, colon, subject = question.partition(":")
        if not equals or not colon:
            raise LocalizedError("import.file.meaning", text=text[:32])
        answers = answers.answered(kind, subject, value)
    return answers


def _rules(roster: Roster, given: argparse.Namespace) -> RosterRules:
    if given.handover is None:
        return import_service.rules_of(roster)
    return import_service.rules_of(roster, parse_handover(given.handover, roster.timezone))


def _understood(
    settings: Settings, given: argparse.Namespace, cells: RosterCells
) -> tuple[Answers, tuple[Question, ...]]:
    """Returns the answers, asked for at the terminal where somebody sits there, and the questions that stay open."""
    answers = _answers(given)
    with session_scope(settings.database_url) as session:
        roster = repository.rosters(session)[0]
    rules = _rules(roster, given)
    while isinstance(parsed := interpret(cells, rules, import_service.with_remembered(roster, answers)), tuple):
        if given.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return answers, parsed
        answers = _ask(answers, parsed[0])
    return answers, ()


def _ask(answers: Answers, question: Question) -> Answers:
    """Asks one question until the answer suits it. Ctrl-C and Ctrl-D leave; nothing was written."""
    choices = ", ".join(question.options)
    print(f"{_describe(question)}\n  {choices}" if choices else _describe(question), file=sys.stderr)
    while True:
        print("> ", end="", file=sys.stderr, flush=True)
        typed = input().strip()
        try:
            return answers.answered(question.kind, question.subject, typed)
        except LocalizedError as error:
            print(error.text("en"), file=sys.stderr)


def _import(settings: Settings, given: argparse.Namespace, cells: RosterCells) -> int:
    answers, open_questions = _understood(settings, given, cells)
    if open_questions:
        if given.json:
            _print_json(questions=open_questions)
        else:
            _print_questions(open_questions)
        return EXIT_QUESTIONS
    with session_scope(settings.database_url, write=not given.dry_run) as session:
        roster = repository.rosters(session)[0]
        rules = _rules(roster, given)
        parsed = interpret(cells, rules, import_service.with_remembered(roster, answers))
        if isinstance(parsed, tuple):  # what was remembered has been forgotten in the meantime
            _print_questions(parsed)
            return EXIT_QUESTIONS
        plan = import_service.plan_import(session, roster, parsed, rules, answers, given.remove_missing)
        if given.json:
            _print_json(plan=plan)
        else:
            print("\n".join(preview_lines("en", plan, local_day(utc_now(), plan.timezone))))
        if given.dry_run:
            if not given.json:
                print("\ndry run: nothing was changed")
            return 0
        with _step("applying"):
            author = Author(None, "command line")
            change = import_service.apply_plan(session, plan, author, given.file.name, utc_now())
    if not given.json:
        print("\nnothing to change" if change is None else f"\napplied as change {change.id}")
    return 0


def _cells(question: Question) -> str:
    return f"{question.count} cell{'s' if question.count != 1 else ''}, first {question.example}"


def _describe(question: Question) -> str:
    what = {"code": f"What does {question.subject!r} mean?", "year": "Which year is it?", "month": "Which month is it?"}
    return f"{what.get(question.kind, f'{question.kind} of {question.subject!r}?')} ({_cells(question)})"


def _print_questions(questions: tuple[Question, ...]) -> None:
    print("These have to be answered first:", file=sys.stderr)
    for question in questions:
        option = {"code": f"--codes '{question.subject}=…'", "year": "--year …"}
        by = option.get(question.kind, f"--answer '{question.kind}:{question.subject}=…'")
        print(f"  {question.kind} {question.subject!r} ({_cells(question)}): {by}", file=sys.stderr)
    print("Meanings: duty, day, night, unavailable, vacation, nothing, or times such as 08:00-16:30.", file=sys.stderr)


def _print_json(
    plan: ImportPlan | None = None,
    questions: tuple[Question, ...] = (),
    errors: list[dict[str, str]] | None = None,
) -> None:
    """Prints the one object of `--json`; times are ISO with the UTC offset of the roster's zone."""
    answer: dict[str, Any] = {
        "rows": [],
        "questions": [
            {"kind": q.kind, "subject": q.subject, "example": q.example, "count": q.count, "options": list(q.options)}
            for q in questions
        ],
        "errors": errors or [],
        "diff": None,
    }
    if plan is not None:
        answer["rows"] = [
            _row(plan, shift.name, shift.start, shift.end, shift.event_type, shift.position)
            for shift in plan.parsed.shifts
        ]
        answer["diff"] = {
            "added": [_shift_row(plan, shift) for shift in plan.diff.added],
            "removed": [_shift_row(plan, shift) for shift in plan.diff.removed],
            "changed": [
                {"before": _shift_row(plan, before), "after": _shift_row(plan, after)}
                for before, after in plan.diff.changed
            ],
            "unchanged": plan.diff.unchanged,
        }
    print(json.dumps(answer, ensure_ascii=False, indent=1))


def _row(
    plan: ImportPlan, name: str, start: datetime, end: datetime, kind: str, position: str | None
) -> dict[str, Any]:
    local = zone(plan.timezone)
    times = {"start": start.astimezone(local).isoformat(), "end": end.astimezone(local).isoformat()}
    row = {"name": name, **times, "type": str(kind)}
    return row | {"position": position} if position else row


def _shift_row(plan: ImportPlan, shift: Shift) -> dict[str, Any]:
    name = plan.name_of(shift.user_id)
    return _row(plan, name, shift.start_at, shift.end_at, shift.event_type.value, shift.position)
