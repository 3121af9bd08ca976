"""What came of reading a file: right, asked, refused, or silently wrong."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from duty_teller.importers.duty_schedule import (
    Answers,
    ParsedRoster,
    Question,
    RosterFileError,
    fold_code,
    fold_name,
    parse_duty_schedule,
    read_roster_file,
)
from tests.importers.grammar.page import Case, build
from tests.importers.grammar.plan import Duty, Plan
from tests.importers.grammar.writing import written

_ROUNDS = 6


class Kind(StrEnum):
    """How the reading of a file ended; only the last two are faults of their own."""

    RIGHT = "right"
    ASKED = "asked beyond codes"
    TOLD = "not all read, and said so"
    REFUSED = "refused, naming the place"
    REFUSED_BARE = "refused, naming nothing"
    WRONG = "SILENTLY WRONG"
    CRASHED = "CRASHED"


FAULTS = (Kind.WRONG, Kind.CRASHED)


@dataclass(frozen=True)
class Verdict:
    """How it ended, and what there is to say about it."""

    kind: Kind
    detail: str = ""


def judge(plan: Plan) -> Verdict:
    """Writes the file of a plan, reads it and compares."""
    case = build(plan)
    return judged(case, written(case))


def judged(case: Case, data: bytes) -> Verdict:
    """Reads a file, answers as its author would, and compares."""
    answers, beyond = Answers(), []
    try:
        cells = read_roster_file(data, case.file_name)
        for _ in range(_ROUNDS):
            result = parse_duty_schedule(cells, case.file_name, answers=answers)
            if isinstance(result, ParsedRoster):
                return _compared(case, result, beyond)
            for question in result:
                answer = _answer(case, question)
                if question.kind not in ("code", "shift") or fold_code(question.subject) not in _known(case):
                    beyond.append(f"{question.kind}:{question.subject} [{question.example}]")
                if answer is None:
                    return Verdict(Kind.ASKED, "; ".join(beyond))
                answers = answers.answered(question.kind, question.subject, answer)
        return Verdict(Kind.CRASHED, f"asked again and again: {beyond}")
    except RosterFileError as error:
        placed = any(problem.where for problem in error.problems)
        return Verdict(Kind.REFUSED if placed else Kind.REFUSED_BARE, error.text("en").splitlines()[0])
    except Exception as error:  # whatever it is, it is a finding
        return Verdict(Kind.CRASHED, repr(error))


def _known(case: Case) -> dict[str, str]:
    return {fold_code(code): meaning for code, meaning in case.codes.items()}


def _answer(case: Case, question: Question) -> str | None:
    """Answers a question truthfully; nothing where the question is one this grammar does not know."""
    if question.kind in ("code", "shift"):
        other = "nothing" if question.kind == "code" else "duty"
        return _known(case).get(fold_code(question.subject), other)
    if question.kind == "week":
        return case.first.isoformat()
    if question.kind == "name":
        return "person" if any(fold_name(question.subject) == fold_name(item.name) for item in case.truth) else "nobody"
    plain = {"year": str(case.first.year), "month": str(case.first.month), "every": "week", "hidden": "read"}
    plain |= {"comma": "one", "unread": "leave"}
    if question.kind == "date_order":
        return "mdy" if case.plan.shape == "list_calendar_export" else "dmy"
    return plain.get(question.kind)


Spans = dict[tuple[str, str], list[tuple[str, str]]]


def _spans(duties: Iterable[Duty]) -> Spans:
    """Returns when everybody is on duty or away, pieces that meet put together: how they are cut is no difference."""
    found: Spans = defaultdict(list)
    for item in sorted(duties, key=lambda item: (item.start, item.end)):
        runs = found[fold_name(item.name), item.kind]
        if runs and item.start <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(runs[-1][1], item.end))
        else:
            runs.append((item.start, item.end))
    return found


def _compared(case: Case, roster: ParsedRoster, beyond: list[str]) -> Verdict:
    read = [
        Duty(shift.name, f"{shift.start:%Y-%m-%dT%H:%M}", f"{shift.end:%Y-%m-%dT%H:%M}", shift.event_type)
        for shift in roster.shifts
    ]
    wanted, got = _spans(case.truth), _spans(read)
    missing = [(*key, *span) for key, spans in wanted.items() for span in spans if span not in got.get(key, ())]
    extra = [(*key, *span) for key, spans in got.items() for span in spans if span not in wanted.get(key, ())]
    if not missing and not extra:
        return Verdict(Kind.ASKED, "; ".join(beyond)) if beyond else Verdict(Kind.RIGHT)
    told = roster.unread or any("not_read" in warning.key for warning in roster.warnings)
    detail = f"missing {len(missing)} {missing[:2]}, extra {len(extra)} {extra[:2]}"
    detail += f"; warnings: {[warning.text('en')[:90] for warning in roster.warnings[:3]]}"
    if told and not _beyond_truth(got, wanted):
        return Verdict(Kind.TOLD, detail)
    return Verdict(Kind.WRONG, detail + (f"; asked: {beyond}" if beyond else ""))


def _beyond_truth(got: Spans, wanted: Spans) -> bool:
    """Tells whether somebody is on duty (or away) when the file does not say so: no remark excuses that."""
    return any(
        not any(start >= first and end <= last for first, last in wanted.get(key, ()))
        for key, spans in got.items()
        for start, end in spans
    )
