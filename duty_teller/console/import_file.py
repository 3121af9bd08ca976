"""`duty-teller import FILE`: the same rooms as in the chat, from the terminal, while the service may be running.

Questions are answered by options, or asked where a person sits at the terminal. With `--json` standard output holds
one JSON object and nothing else, for programs.
"""

import argparse
import asyncio
import contextlib
import json
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from duty_teller import cache
from duty_teller.composition import writing
from duty_teller.config import Settings, sqlite_address
from duty_teller.console.files import write_whole
from duty_teller.db import in_use
from duty_teller.db.file import make_private_folder
from duty_teller.db.migrations import bring_up
from duty_teller.db.models import Roster
from duty_teller.db.session import schema_revision_of_file, session_scope
from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.child import read_in_child
from duty_teller.importers.duty_schedule import (
    Answers,
    Question,
    RosterCells,
    RosterFileError,
    RosterRules,
    parse_codes,
)
from duty_teller.importers.words.meaning import WORDS, not_understood
from duty_teller.services import import_service
from duty_teller.services.history import COMMAND_LINE
from duty_teller.services.import_service import Imported, ImportPlan, RosterFile, run_import
from duty_teller.services.import_service.by_hand import ByHand, HandAnswer
from duty_teller.services.import_service.draft_answers import person_choice
from duty_teller.services.import_service.explain import explained_workbook
from duty_teller.services.import_service.planning import remembered_codes
from duty_teller.services.rosters import rosters
from duty_teller.services.schedule_service import Author, Shift
from duty_teller.services.texts.by_hand import done_text, reason_text, why_text
from duty_teller.services.texts.import_preview import preview_lines
from duty_teller.utils.dates import local_day, utc_now
from duty_teller.utils.handover import parse_handover
from duty_teller.utils.output import OutputError, tell
from duty_teller.utils.owner import as_caller
from duty_teller.utils.texts import of_argument
from duty_teller.utils.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator

EXIT_QUESTIONS: Final = 2
EXIT_USAGE: Final = 64
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
        0 when it was applied (or could be, with --dry-run), 2 with open questions or changes made by hand that nobody
        has said to keep or to overwrite, 64 when there are several rosters
        and none, or a wrong one, was named, 65 when the file cannot be taken, 66 when it cannot be read.
    """
    given.name = of_argument(given.file.name)
    try:
        with as_caller():
            data = given.file.read_bytes()
    except OSError as error:
        print(f"duty-teller: {given.file}: {error.strerror}", file=sys.stderr)
        return EXIT_NO_INPUT
    with TemporaryDirectory(prefix="duty-teller-") as folder:
        if given.dry_run and schema_revision_of_file(settings.database_url) is None:
            # Nothing is stored yet: the dry run compares with an empty database, and leaves none behind.
            settings = replace(settings, data_dir=Path(folder), database_url=sqlite_address(Path(folder, "empty.db")))
        return _import_into(settings, given, data)


def _import_into(settings: Settings, given: argparse.Namespace, data: bytes) -> int:
    make_private_folder(settings.data_dir)
    in_use.share(settings.data_dir, settings.database_url)
    given.is_new = schema_revision_of_file(settings.database_url) is None
    bring_up(settings.database_url, settings.data_dir, settings.duty_display_tz)
    cache.use_folder(settings.data_dir / "cache")
    try:
        _explain(settings, given, data)
        with _step(f"reading {given.name}"):
            cells = asyncio.run(read_in_child(data, given.name))
        return _import(settings, given, cells)
    except RosterFileError as error:
        problems = [
            {"where": problem.where, "message": replace(problem, where="").text("en")} for problem in error.problems
        ]
        _tell_errors(given, problems, f"{given.name} cannot be taken:\n{error.text('en')}")
        return EXIT_DATA
    except LocalizedError as error:
        _tell_errors(given, [{"where": "", "message": error.text("en")}], error.text("en"))
        return EXIT_USAGE if isinstance(error, rosters.RosterChoiceError) else EXIT_DATA
    finally:
        cache.close()


def _explain(settings: Settings, given: argparse.Namespace, data: bytes) -> None:
    """Writes how the file is read into the file that `--explain` names; what cannot be read at all says the import."""
    if given.explain is None:
        return
    answers, _people = _answers(given)
    with session_scope(settings.database_url) as session:
        roster = rosters.pick(session, given.roster)
        rules = _rules(roster, given)
        answers = answers.remembering(remembered_codes(roster))
    with contextlib.suppress(RosterFileError), _step(f"writing {given.explain.name}"):
        book = asyncio.run(explained_workbook(data, given.name, rules, answers, "en"))
        write_whole(given.explain, book, settings)


def _tell_errors(given: argparse.Namespace, problems: list[dict[str, str]], text: str) -> None:
    if given.json:
        _print_json(errors=problems)
    else:
        print(f"duty-teller: {text}", file=sys.stderr)


def _answers(given: argparse.Namespace) -> tuple[Answers, dict[str, str]]:
    """Returns the answers of the options: about the file, and (name → choice) about people."""
    people: dict[str, str] = {}
    answers = Answers(codes=parse_codes(given.codes), year=given.year)
    for text in given.month:
        subject, _equals, month = text.rpartition("=")
        answers = answers.answered("month", subject, month)
    for text in given.answer:
        question, equals, value = text.partition("=")
        kind, colon, subject = question.partition(":")
        if not equals or not colon:
            raise not_understood(text)
        if kind == "person":
            people[subject] = value
        else:
            answers = answers.answered(kind, subject, value)
    return answers, people


def _rules(roster: Roster, given: argparse.Namespace) -> RosterRules:
    if given.handover is None:
        return import_service.rules_of(roster)
    return import_service.rules_of(roster, parse_handover(given.handover, roster.timezone))


def _import(settings: Settings, given: argparse.Namespace, cells: RosterCells) -> int:
    answers, people = _answers(given)
    author = Author(None, COMMAND_LINE)
    keep: bool | None = given.keep_changes
    while True:
        with ExitStack() as applying, (session_scope if given.dry_run else writing)(settings.database_url) as session:

            def agree(plan: ImportPlan) -> bool:
                if plan.is_open:
                    return False
                try:
                    _show(settings, given, plan)
                except OutputError as error:  # what cannot be seen is not applied
                    raise OutputError(f"nothing was changed, for {error}") from error
                if not given.dry_run:
                    applying.enter_context(_step("applying"))  # called in this turn, if at all
                return not given.dry_run

            roster = rosters.pick(session, given.roster)
            said = None if keep is None else HandAnswer(keep)
            file = RosterFile(cells, _rules(roster, given), answers, people, given.remove_missing, said)
            reason = partial(reason_text, "en", file_name=given.name)
            done = run_import(session, roster, file, author, reason, utc_now(), agree)
        if isinstance(done, Imported) and done.plan.is_open:
            if given.json or not _is_asked():
                return _leave_by_hand_open(given, done.plan)
            keep = _ask_by_hand(done.plan, given.name)
            continue
        if isinstance(done, Imported):
            if not given.json:
                _tell_outcome(_outcome(given, done))
            return 0
        if given.json or not _is_asked():
            return _leave_open(given, done)
        answers, people = _ask(answers, people, done[0])


def _is_asked() -> bool:
    """Tells whether a person sits at the terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _show(settings: Settings, given: argparse.Namespace, plan: ImportPlan) -> None:
    """Shows what would be written."""
    if given.json:
        _print_json(plan=plan)
    else:
        tell("\n".join(preview_lines("en", plan, local_day(utc_now(), plan.timezone))))
    if given.is_new and not given.dry_run:
        new = f"the database in {settings.data_dir.absolute()} (DATA_DIR) is new: no service has worked on it yet"
        if given.json:  # whose standard output is one object
            print(f"duty-teller: {new}", file=sys.stderr)
        else:
            tell(f"\n{new}")


def _outcome(given: argparse.Namespace, done: Imported) -> str:
    """Returns what to say once it has been committed."""
    if given.dry_run:
        return "dry run: nothing was changed"
    return "nothing to change" if done.change is None else f"applied as change {done.change.id}"


def _tell_outcome(outcome: str) -> None:
    try:
        tell(f"\n{outcome}")
    except OutputError as error:
        raise OutputError(f"{outcome}, but {error}") from error


def _by_hand_lines(plan: ImportPlan, name: str) -> list[str]:
    n = len(plan.by_hand)
    lines = [f"{name} disagrees with {n} change{'s' if n != 1 else ''} made by hand:"]
    for one in plan.by_hand:
        lines += [f"  {done_text('en', plan, one)}", f"    {why_text('en', plan, one)}"]
    return lines


def _leave_by_hand_open(given: argparse.Namespace, plan: ImportPlan) -> int:
    if given.json:
        _print_json(plan=plan)
    else:
        print("duty-teller: " + "\n".join(_by_hand_lines(plan, given.name)), file=sys.stderr)
        print("Nothing was changed. Say --keep-changes, or --file-is-newer to overwrite them.", file=sys.stderr)
    return EXIT_QUESTIONS


def _ask_by_hand(plan: ImportPlan, name: str) -> bool:
    """Asks whether they are kept. Ctrl-C and Ctrl-D leave; nothing was written."""
    print("\n".join([*_by_hand_lines(plan, name), "Keep them, or is the file newer?\n  keep, newer"]), file=sys.stderr)
    while True:
        print("> ", end="", file=sys.stderr, flush=True)
        typed = input().strip().lower()
        if typed in ("keep", "newer"):
            return typed == "keep"
        print("Write keep or newer.", file=sys.stderr)


def _leave_open(given: argparse.Namespace, questions: tuple[Question, ...]) -> int:
    if given.json:
        _print_json(questions=questions)
    else:
        _print_questions(questions)
    return EXIT_QUESTIONS


def _ask(answers: Answers, people: dict[str, str], question: Question) -> tuple[Answers, dict[str, str]]:
    """Asks one question until the answer suits it. Ctrl-C and Ctrl-D leave; nothing was written."""
    choices = ", ".join(question.options)
    print(f"{_describe(question)}\n  {choices}" if choices else _describe(question), file=sys.stderr)
    while True:
        print("> ", end="", file=sys.stderr, flush=True)
        typed = input().strip()
        try:
            if question.kind == "person":
                return answers, people | {question.subject: person_choice(question, typed)}
            return answers.answered(question.kind, question.subject, typed), people
        except LocalizedError as error:
            print(error.text("en"), file=sys.stderr)


def _cells(question: Question) -> str:
    return f"{question.count} cell{'s' if question.count != 1 else ''}, first {question.example}"


def _describe(question: Question) -> str:
    what = {"code": f"What does {question.subject!r} mean?", "year": "Which year is it?", "month": "Which month is it?"}
    what["person"] = f"Who is {question.subject!r}?"
    return f"{what.get(question.kind, f'{question.kind} of {question.subject!r}?')} ({_cells(question)})"


def _print_questions(questions: tuple[Question, ...]) -> None:
    print("These have to be answered first:", file=sys.stderr)
    for question in questions:
        option = {"code": f"--codes '{question.subject}=…'", "year": "--year …"}
        by = option.get(question.kind, f"--answer '{question.kind}:{question.subject}=…'")
        print(f"  {question.kind} {question.subject!r} ({_cells(question)}): {by}", file=sys.stderr)
    print(f"Meanings: {', '.join(WORDS)}, or times such as 08:00-16:30.", file=sys.stderr)


def _print_json(
    plan: ImportPlan | None = None,
    questions: tuple[Question, ...] = (),
    errors: list[dict[str, str]] | None = None,
) -> None:
    """Prints the one object of `--json`; times are ISO with the UTC offset of the roster's zone.

    There is no difference while it is open whether changes made by hand are kept.
    """
    answer: dict[str, Any] = {
        "rows": [],
        "questions": [
            {"kind": q.kind, "subject": q.subject, "example": q.example, "count": q.count, "options": list(q.options)}
            for q in questions
        ],
        "errors": errors or [],
        "unread": [{"where": where, "text": text} for where, text in (plan.parsed.unread if plan else ())],
        "by_hand": [_by_hand_row(plan, one) for one in plan.by_hand] if plan else [],
        "keeps_by_hand": plan.keeps_by_hand if plan else None,
        "diff": None,
    }
    if plan is not None:
        answer["rows"] = [
            _row(plan, shift.name, shift.start, shift.end, shift.event_type, shift.position)
            for shift in plan.parsed.shifts
        ]
    if plan is not None and not plan.is_open:
        answer["diff"] = {
            "added": [_shift_row(plan, shift) for shift in plan.diff.added],
            "removed": [_shift_row(plan, shift) for shift in plan.diff.removed],
            "changed": [
                {"before": _shift_row(plan, before), "after": _shift_row(plan, after)}
                for before, after in plan.diff.changed
            ],
            "unchanged": plan.diff.unchanged,
        }
    tell(json.dumps(answer, ensure_ascii=not _speaks_unicode(), indent=1))


def _speaks_unicode() -> bool:
    """Tells whether standard output can hold any name; where it cannot, JSON has escapes for it."""
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def _row(
    plan: ImportPlan, name: str, start: datetime, end: datetime, kind: str, position: str | None
) -> dict[str, Any]:
    local = zone(plan.timezone)
    times = {"start": start.astimezone(local).isoformat(), "end": end.astimezone(local).isoformat()}
    row = {"name": name, **times, "type": str(kind)}
    return row | {"position": position} if position else row


def _by_hand_row(plan: ImportPlan, one: ByHand) -> dict[str, Any]:
    """Returns a change made by hand: what was, what was made of it, by whom, and what the file has in its place."""
    local = zone(plan.timezone)
    return {
        "before": [_shift_row(plan, item.before) for item in one.done if item.before is not None],
        "after": [_shift_row(plan, item.after) for item in one.done if item.after is not None],
        "changes": [
            {"id": c.id, "kind": c.kind.value, "author": c.author, "at": c.at.astimezone(local).isoformat()}
            for c in one.changes
        ],
        "file": [_shift_row(plan, shift) for shift in one.says],
    }


def _shift_row(plan: ImportPlan, shift: Shift) -> dict[str, Any]:
    name = plan.name_of(shift.user_id)
    row = _row(plan, name, shift.start_at, shift.end_at, shift.event_type.value, shift.position)
    return row | ({"note": shift.note} if shift.note else {})
