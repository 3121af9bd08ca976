"""What comes of a roster file beside what a sensible person expects of it: right, asked, refused or wrong."""

from dataclasses import dataclass
from typing import Any

from duty_teller.importers.duty_schedule import (
    Answers,
    ParsedRoster,
    RosterFileError,
    RosterRules,
    parse_codes,
    parse_duty_schedule,
)
from duty_teller.utils.zones import zone
from tests.importers.builders import MOSCOW


@dataclass(frozen=True)
class Outcome:
    """One file read.

    Attributes:
        verdict: `right`, `asked`, `refused` or `WRONG`.
        said: The questions, problems or warnings; for `WRONG` also the rows that differ.
    """

    verdict: str
    said: tuple[str, ...]


def answers_of(options: list[str]) -> Answers:
    """Returns the answers that options of the command line give."""
    answers = Answers()
    for name, value in zip(options[::2], options[1::2], strict=True):
        if name == "--codes":
            answers = answers.remembering(parse_codes(value))
        elif name == "--year":
            answers = answers.answered("year", "", value)
        else:
            question, _, answer = value.partition("=")
            kind, _, subject = question.partition(":")
            answers = answers.answered(kind, subject, answer)
    return answers


def rows_of(roster: ParsedRoster) -> list[list[str]]:
    """Returns (name, start, end) of the duties on the wall clock of the roster."""
    local = zone(roster.timezone)
    return sorted(
        [s.name, f"{s.start.astimezone(local):%Y-%m-%dT%H:%M}", f"{s.end.astimezone(local):%Y-%m-%dT%H:%M}"]
        for s in roster.shifts
        if s.event_type == "duty"
    )


def outcome(data: bytes, name: str, expected: dict[str, Any], rules: RosterRules = MOSCOW) -> Outcome:
    """Reads a file with the options of its expectation and compares."""
    accept = expected.get("accept", ())
    try:
        result = parse_duty_schedule(data, name, rules, answers_of(expected.get("options", [])))
    except RosterFileError as error:
        said = tuple(f"error:{line}" for line in error.text("en").splitlines())
        is_damaged = any(problem.key == "import.file.damaged" for problem in error.problems)
        return Outcome("refused" if _suits(said, accept, "error:") and not is_damaged else "WRONG", said)
    if not isinstance(result, ParsedRoster):
        said = tuple(f"question:{q.kind} {q.subject} x{q.count} [{q.example}] {q.options}" for q in result)
        fits = "suggested" in accept or _suits(said, accept, "question:")
        return Outcome("asked" if fits else "WRONG", said)
    warnings = tuple(warning.text("en") for warning in result.warnings)
    rows, wanted = rows_of(result), sorted(expected["rows"])
    if rows == wanted and expected.get("mention", "") in " ".join(warnings):
        return Outcome("right", warnings)
    return Outcome(
        "WRONG",
        (
            *(f"missing {row}" for row in wanted if row not in rows),
            *(f"unexpected {row}" for row in rows if row not in wanted),
            *warnings,
        ),
    )


def _suits(said: tuple[str, ...], accept: Any, prefix: str) -> bool:
    return any(line.startswith(kind) for kind in accept if kind.startswith(prefix) for line in said)
