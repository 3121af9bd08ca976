"""The codes of a file on one screen: what each is taken for, agreed to at once or changed one by one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from zlib import crc32

from sqlmodel import Session, col, select

from duty_teller.db.models import Duty, ImportDraft, Roster
from duty_teller.i18n import LocalizedError
from duty_teller.importers.duty_schedule import Answers, Meaning, Question, RosterCells, fold_code, parse_codes
from duty_teller.importers.model import BlockCell, Entry
from duty_teller.importers.words.codes import code_options
from duty_teller.importers.words.suggestions import suggested_meanings
from duty_teller.services.import_service import draft_answers, drafts, planning
from duty_teller.services.import_service.drafts import Draft
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.import_service.run import RosterFile
from duty_teller.services.rosters import rosters

SAME_TEAM: Final = "same_team"
"""The option that says that the file is for its roster although it names other people."""
CODES: Final = frozenset({"code", "shift"})
"""The kinds of questions that ask for a meaning."""


class Source(StrEnum):
    """Where the meaning of a code comes from."""

    NONE = "none"
    SUGGESTED = "suggested"
    LEGEND = "legend"
    REMEMBERED = "remembered"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class ScreenCode:
    """A code of the file.

    Attributes:
        question: What is asked about it.
        source: Where its meaning is from.
        meaning: As `Meaning` writes it; empty with the source `NONE`.
    """

    question: Question
    source: Source
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class CodeScreen:
    """All codes of a file: those nobody can explain first, then suggestions, then what is known.

    Attributes:
        codes: Each once.
        mark: Of this state of the screen: agreeing to another one counts for nothing.
    """

    codes: tuple[ScreenCode, ...]
    mark: str

    @property
    def is_open(self) -> bool:
        """Whether a code has no meaning yet."""
        return any(code.source is Source.NONE for code in self.codes)


@dataclass(frozen=True, slots=True)
class OneQuestion:
    """A question by itself.

    Attributes:
        question: What is asked.
        later: How many more there are behind it; all codes are one.
        of_screen: It was chosen on the screen of codes.
    """

    question: Question
    later: int = 0
    of_screen: bool = False


@dataclass(frozen=True, slots=True)
class OtherTeam:
    """The roster has people, and the file names none of them: it may be another team's.

    Attributes:
        people: How many the file names.
    """

    people: int


Step = ImportPlan | CodeScreen | OneQuestion | OtherTeam


def mark_of(question: Question) -> str:
    """Returns a short mark of a question, so that a late tap on an old button answers nothing else."""
    return f"{crc32((question.kind + question.subject).encode()):x}"


def next_step(session: Session, draft_id: int, owner_id: int, now: datetime) -> Step:
    """Returns what a draft is to show next.

    Raises:
        LocalizedError: As `drafts.look`.
    """
    looked = drafts.look_closely(session, draft_id, owner_id, now)
    found = looked.found
    if isinstance(found, ImportPlan):
        options = json.loads(looked.row.options)
        decided = SAME_TEAM in options or drafts.SHOWN in options
        return OtherTeam(len(found.people)) if not decided and _is_other_team(session, found) else found
    first = found[0]
    others = [question for question in found if question.kind not in CODES]
    if first.kind not in CODES:
        return OneQuestion(first, len(others) - 1 + (len(others) < len(found)))
    screen = _screen(looked.roster, looked.file, found)
    undecided = sum(code.source not in (Source.LEGEND, Source.REMEMBERED) for code in screen.codes)
    if undecided < 2:
        return OneQuestion(first)
    asked = json.loads(looked.row.options).get(drafts.ASKED)
    for code in screen.codes:
        if mark_of(code.question) == asked:
            return OneQuestion(code.question, of_screen=True)
    return screen


def _is_other_team(session: Session, made: ImportPlan) -> bool:
    """Tells whether a file of several people names nobody who has a shift in the roster."""
    if len(made.people) < 2:
        return False
    statement = select(Duty.user_id).where(Duty.roster_id == made.roster_id, col(Duty.cancelled_at).is_(None))
    there = set(session.exec(statement.distinct()))
    return bool(there) and there.isdisjoint(person.user_id for person in made.people)


def keep_roster(session: Session, draft_id: int, owner_id: int, now: datetime) -> None:
    """Notes that the file is for its roster although it names other people.

    Raises:
        DraftGoneError: The draft is not there any more.
    """
    row = drafts.row_of(session, draft_id, owner_id, now)
    drafts.set_option(row, SAME_TEAM, True)
    drafts.touch(session, row, now)


def move_to_new_roster(
    session: Session, draft_id: int, owner_id: int, name: str, first_name: str | None, now: datetime
) -> Draft:
    """Adds a roster for a draft's file; what was answered about the file goes with it.

    Args:
        session: A writing session.
        draft_id: The draft.
        owner_id: Whose it is.
        name: Of the new roster.
        first_name: Of the only roster there was, if it has no name yet.
        now: The present instant.

    Raises:
        DraftGoneError: The draft is not there any more.
        LocalizedError: As `rosters.add`.
    """
    row = drafts.row_of(session, draft_id, owner_id, now)
    row.roster_id = rosters.add(session, name, now, first_name).id or 0
    drafts.touch(session, row, now)
    return drafts.view(row)


def _screen(roster: Roster, file: RosterFile, questions: tuple[Question, ...]) -> CodeScreen:
    known = list(_known(roster, file))
    subjects = [question.subject for question in questions if question.kind == "code"]
    meant = [Meaning.parse(code.meaning) for code in known]
    suggested = suggested_meanings(subjects, file.cells.names, meant)
    codes = []
    for question in questions:
        meaning = suggested.get(question.subject) if question.kind == "code" else _hours(question)
        codes.append(ScreenCode(question, Source.NONE if meaning is None else Source.SUGGESTED, str(meaning or "")))
    codes.sort(key=lambda code: code.source is not Source.NONE)
    codes += known
    state = ";".join(f"{code.question.kind}:{code.question.subject}={code.meaning}" for code in codes)
    return CodeScreen(tuple(codes), f"{crc32(state.encode()):x}")


def _hours(question: Question) -> Meaning | None:
    """Returns the hours that a heading itself names: of those that are merely usual there are several."""
    written = [option for option in question.options if option[:1].isdigit()]
    return Meaning.parse(written[0]) if len(written) == 1 else None


def _known(roster: Roster, file: RosterFile) -> Iterator[ScreenCode]:
    """Yields the codes of the file whose meaning is known, in its order."""
    cells = _reading(file.cells, file.answers)
    if cells.already_meant is not None:
        return
    remembered = planning.remembered_codes(roster)
    legend = {fold_code(code): meaning for code, meaning, _where in cells.legend}
    sources: list[tuple[Source, Mapping[str, object]]] = [
        (Source.ANSWERED, file.answers.codes),
        (Source.REMEMBERED, remembered),
        (Source.LEGEND, legend),
    ]
    counts: dict[str, Question] = {}
    filled: list[Entry | BlockCell] = [*cells.entries]
    filled += [cell for block in cells.blocks for cell in block.cells]
    for cell in filled:
        for text, kind in ((cell.text, cell.asks), (cell.part, cell.part_asks)):
            if text:
                before = counts.get(fold_code(text)) or Question(kind, text, cell.where, 0, code_options(text))
                counts[fold_code(text)] = replace(before, count=before.count + 1)
    for folded, question in counts.items():
        for source, meanings in sources:
            if folded in meanings:
                yield ScreenCode(question, source, str(meanings[folded]))
                break


def codes_of(session: Session, draft_id: int, owner_id: int, now: datetime) -> tuple[ScreenCode, ...]:
    """Returns all codes of a draft's file with what they mean so far, also those that nobody is asked about any more.

    Raises:
        LocalizedError: As `drafts.look`.
    """
    looked = drafts.look_closely(session, draft_id, owner_id, now)
    open_ones = () if isinstance(looked.found, ImportPlan) else tuple(q for q in looked.found if q.kind in CODES)
    return _screen(looked.roster, looked.file, open_ones).codes


def question_of(session: Session, draft_id: int, owner_id: int, mark: str, now: datetime) -> Question | None:
    """Returns the question of a mark: the one that is open, or about any code of the file, answered or not.

    Raises:
        LocalizedError: As `next_step`.
    """
    step = next_step(session, draft_id, owner_id, now)
    if isinstance(step, OneQuestion) and mark_of(step.question) == mark:
        return step.question
    codes = codes_of(session, draft_id, owner_id, now)
    return next((code.question for code in codes if mark_of(code.question) == mark), None)


def _reading(cells: RosterCells, answers: Answers) -> RosterCells:
    while cells.fork is not None:
        option = answers.choices.get(f"{cells.fork.kind}:{cells.fork.subject}", "")
        cells = cells.fork.readings.get(option, replace(cells, fork=None))
    return cells


def ask_about(session: Session, draft_id: int, owner_id: int, mark: str | None, now: datetime) -> None:
    """Notes which code of the screen is asked about next; None: the screen itself is shown.

    Raises:
        DraftGoneError: The draft is not there any more.
    """
    row = drafts.row_of(session, draft_id, owner_id, now)
    drafts.set_option(row, drafts.ASKED, mark)
    drafts.touch(session, row, now)


def agree(session: Session, draft_id: int, owner_id: int, mark: str, now: datetime) -> Draft | None:
    """Answers all codes as the screen suggests, as one answer that can be taken back.

    Args:
        session: A writing session.
        draft_id: The draft.
        owner_id: Whose it is.
        mark: Of the screen that was agreed to.
        now: The present instant.

    Returns:
        Nothing, and nothing is answered, when the screen would show something else by now or a code is still open.

    Raises:
        LocalizedError: As `next_step`.
    """
    screen = next_step(session, draft_id, owner_id, now)
    if not isinstance(screen, CodeScreen) or screen.mark != mark or screen.is_open:
        return None
    chosen = {
        fold_code(code.question.subject): Meaning.parse(code.meaning)
        for code in screen.codes
        if code.source is Source.SUGGESTED
    }
    return _answer(session, drafts.row_of(session, draft_id, owner_id, now), chosen, now)


def answer_typed(session: Session, draft_id: int, owner_id: int, screen: CodeScreen, text: str, now: datetime) -> Draft:
    """Takes meanings that were typed at the screen: `Д=day, Z=08:00-16:30`.

    Raises:
        LocalizedError: `import.chat.hint_codes`, it is nothing of the kind, or no code of the screen.
    """
    known = {fold_code(code.question.subject) for code in screen.codes}
    try:
        chosen = parse_codes(text)
    except LocalizedError as error:
        raise LocalizedError("import.chat.hint_codes", text=text.strip()[:32]) from error
    if not chosen or not chosen.keys() <= known:
        raise LocalizedError("import.chat.hint_codes", text=text.strip()[:32])
    return _answer(session, drafts.row_of(session, draft_id, owner_id, now), chosen, now)


def _answer(session: Session, row: ImportDraft, chosen: Mapping[str, Meaning], now: datetime) -> Draft:
    draft_answers.keep_past(row)
    answers = Answers.from_json(json.loads(row.answers))
    answers = replace(answers, codes={**answers.codes, **chosen})
    row.answers = json.dumps(answers.to_json(), ensure_ascii=False)
    drafts.touch(session, row, now)
    return drafts.view(row)
