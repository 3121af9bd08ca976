"""What came of a roster file, in lines that a person can check."""

from duty_teller.importers.duty_schedule import (
    Answers,
    ParsedRoster,
    Question,
    RosterFileError,
    RosterRules,
    parse_duty_schedule,
)
from duty_teller.utils.zones import zone

_SHOWN = 4


def outcome(data: bytes, name: str, rules: RosterRules, answers: Answers) -> list[str]:
    """Reads a file, says what is asked, answers with the first option and says what came out."""
    lines: list[str] = []
    try:
        result = parse_duty_schedule(data, name, rules, answers)
        if not isinstance(result, ParsedRoster):
            lines += [_question(question) for question in result]
            for question in result:
                choice = question.options[0] if question.options else "2025-03-03"
                if question.kind == "year":
                    choice = question.nearest_years(2025)[1]
                answers = answers.answered(question.kind, question.subject, choice)
            result = parse_duty_schedule(data, name, rules, answers)
        assert isinstance(result, ParsedRoster)
    except RosterFileError as error:
        return [*lines, *(f"error {line}" for line in error.text("en").splitlines())]
    lines.append(f"{result.first_day}/{result.last_day}, {len(result.shifts)} shifts: {', '.join(result.names)}")
    lines += shifts(result)[:_SHOWN]
    lines += [f"contact {name}: {c.username} {c.email} {c.phone}" for name, c in result.contacts.items()]
    lines += [f"warning {warning.text('en')}" for warning in result.warnings]
    return lines


def shifts(roster: ParsedRoster) -> list[str]:
    """Writes the shifts on the wall clock of the roster."""
    local = zone(roster.timezone)
    return [
        f"{s.start.astimezone(local):%m-%d %H:%M}/{s.end.astimezone(local):%m-%d %H:%M} {s.name}"
        + (f", {s.event_type}" if s.event_type != "duty" else "")
        + (f", {s.position}" if s.position else "")
        + f" [{s.where}]"
        for s in roster.shifts
    ]


def _question(question: Question) -> str:
    few = question.options if len(question.options) < 7 or question.kind == "shift" else question.options[:1]
    shown = "|".join(few) + ("|…" if len(few) < len(question.options) else "")
    return f"? {question.kind} {question.subject} x{question.count} [{question.example}] {shown}".rstrip()
