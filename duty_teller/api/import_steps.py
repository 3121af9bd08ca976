"""What an import in the Mini App shows: a question, codes, another team, changes by hand or the preview, in words.

What is chosen is answered by its index among `offered`, to its mark; `api/imports.py` takes the answers.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, SQLModel

from duty_teller.db.models import Roster
from duty_teller.i18n import t
from duty_teller.importers.duty_schedule import Question, fold_code
from duty_teller.services.import_service import drafts, planning
from duty_teller.services.import_service.by_hand import mark_of as mark_of_changes
from duty_teller.services.import_service.draft_cells import Correctable
from duty_teller.services.import_service.draft_codes import CodeScreen, OneQuestion, OtherTeam, ScreenCode, mark_of
from duty_teller.services.import_service.drafts import Draft
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.people.access import Person
from duty_teller.services.rosters import rosters
from duty_teller.services.texts import by_hand
from duty_teller.services.texts.import_preview import detail_lines, meaning_text, screen_lines
from duty_teller.services.texts.import_questions import TYPED, code_why, option_text, options_of, plain, question_text
from duty_teller.utils.dates import local_day


class Kind(StrEnum):
    """What an import is to show next."""

    NONE = "none"
    QUESTION = "question"
    CODES = "codes"
    TEAM = "team"
    BY_HAND = "by_hand"
    PREVIEW = "preview"
    NOTHING_NEW = "nothing_new"
    REFUSED = "refused"


class CodeRead(SQLModel):
    """A code of the file: what it is taken for (in words, or nothing), why, and what else it may mean.

    `key` is the code as the cells of the grid name it; `options` are answered by their index.
    """

    mark: str
    key: str
    code: str
    meaning: str
    why: str
    options: list[str]


class StepRead(SQLModel):
    """What an import is to show next; `text` and `lines` are plain, in the person's language.

    `typed`: an answer can be written, too. `answered`: how many answers can be taken back. `fingerprint`: of the plan
    whose preview this is. `missing`, `newer`: what the buttons would do that turn the choices about people who are not
    in the file, and about changes made by hand; nothing: there is no such choice.
    """

    kind: Kind
    draft_id: int = 0
    file_name: str = ""
    roster: str = ""
    text: str = ""
    rest: str = ""
    mark: str = ""
    options: list[str] = []
    typed: bool = False
    of_screen: bool = False
    codes: list[CodeRead] = []
    is_open: bool = False
    names_first: bool = False
    lines: list[str] = []
    details: list[str] = []
    missing: str = ""
    newer: str = ""
    keeps: bool = False
    answered: int = 0
    fingerprint: str = ""


class CellRead(SQLModel):
    """What can be said about cells: of a name who that is, of days how they are read; answered as a step is.

    `key`: the folded name, or the address, as the cells of the grid have it; nothing: about all days. `options` by
    their index. `day`: what a cell that names one day means now; it is answered by another date.
    """

    mark: str
    key: str
    kind: str
    subject: str
    meaning: str
    options: list[str]
    day: str = ""


def question_step(
    session: Session,
    lang: str,
    read: StepRead,
    draft: Draft,
    found: ImportPlan | CodeScreen | OneQuestion | OtherTeam,
    now: datetime,
) -> StepRead:
    """Completes a step by what is open (`draft_codes.next_step`): a question, codes, another team, changes by hand.

    Args:
        session: A session in which the draft is.
        lang: The reader's language.
        read: The step, with its file and roster; it is changed, and returned.
        draft: The import.
        found: What is open.
        now: The present instant: years and weeks are offered from it on.
    """
    if isinstance(found, ImportPlan):
        read.kind, read.mark = Kind.BY_HAND, mark_of_changes(found.by_hand)
        read.text = t(lang, "import.by_hand.ask", n=len(found.by_hand))
        read.lines = [
            f"{by_hand.done_text(lang, found, one)}\n{by_hand.why_text(lang, found, one)}" for one in found.by_hand
        ]
        return read
    if isinstance(found, OtherTeam):
        read.kind, read.text = Kind.TEAM, t(lang, "import.chat.ask_team", n=found.people)
        read.names_first = not rosters.live(session)[0].name
        return read
    hours = planning.shift_hours(session.get_one(Roster, draft.roster_id))
    if isinstance(found, CodeScreen):
        asked = "ask_codes_open" if found.is_open else "ask_codes"
        read.kind, read.mark, read.is_open = Kind.CODES, found.mark, found.is_open
        read.text = t(lang, f"import.page.{asked}", n=len(found.codes))
        read.codes = [code_read(lang, code, hours, now) for code in found.codes]
        return read
    question = found.question
    read.kind, read.mark, read.of_screen = Kind.QUESTION, mark_of(question), found.of_screen
    read.text = plain(question_text(lang, question))
    read.rest = t(lang, "import.chat.question_count", n=found.later) if found.later else ""
    read.options, read.typed = _options(lang, question, hours, now)
    return read


def offered(question: Question, now: datetime) -> Sequence[str]:
    """Returns the answers to choose from; times are written, not chosen."""
    return [option for option in options_of(question, now) if option != TYPED]


def _options(lang: str, question: Question, hours: dict[str, str], now: datetime) -> tuple[list[str], bool]:
    """Returns the answers to choose from in words, and whether one can be written."""
    typed = TYPED in question.options or question.kind in ("week", "since", "year", "month")
    return [option_text(lang, question, option, hours) for option in offered(question, now)], typed


def code_read(lang: str, code: ScreenCode, hours: dict[str, str], now: datetime) -> CodeRead:
    """Returns a code in words; `hours`: of the roster's shifts (`planning.shift_hours`)."""
    meaning = meaning_text(lang, code.meaning, hours) if code.meaning else ""
    options, _typed = _options(lang, code.question, hours, now)
    subject = code.question.subject
    return CodeRead(
        mark=mark_of(code.question),
        key=fold_code(subject),
        code=subject,
        meaning=meaning,
        why=code_why(lang, code),
        options=options,
    )


def offered_of_cell(one: Correctable, now: datetime) -> Sequence[str]:
    """Returns the answers to choose from: near to what holds, or, of an open question, as it offers them."""
    return one.question.options if one.answer else offered(one.question, now)


def cell_read(lang: str, one: Correctable, hours: dict[str, str], now: datetime) -> CellRead:
    """Returns what can be corrected about a name or about days, in words; `hours` as in `code_read`."""
    question = one.question
    return CellRead(
        mark=mark_of(question),
        key=one.key,
        kind=question.kind,
        subject=question.subject,
        meaning=option_text(lang, question, one.answer, hours) if one.answer else "",
        options=[option_text(lang, question, option, hours) for option in offered_of_cell(one, now)],
    )


def day_read(one: Correctable) -> CellRead:
    """Returns the day that a cell names; another one is written, not chosen."""
    question = one.question
    mark = mark_of(question)
    return CellRead(mark=mark, key=one.key, kind=question.kind, subject="", meaning="", options=[], day=one.answer)


def preview_step(
    session: Session, lang: str, person: Person, read: StepRead, draft: Draft, plan: ImportPlan, now: datetime
) -> StepRead:
    """Completes a step by its preview and notes with the draft which plan was shown; an empty plan ends the import.

    Args:
        session: A writing session.
        lang: The reader's language.
        person: Whose import it is.
        read: The step, with its file and roster; it is changed, and returned.
        draft: The import.
        plan: What would be applied.
        now: The present instant.
    """
    today = local_day(now, plan.timezone)
    if plan.diff.empty and not any(one.is_new for one in plan.people) and not plan.missing:
        drafts.drop(session, person.user_id)
        read.kind = Kind.NOTHING_NEW
        read.text = t(lang, "import.by_hand.nothing_else" if plan.by_hand else "import.chat.nothing_new")
        return read
    read.kind = Kind.PREVIEW
    read.lines, read.details = (write(lang, plan, today, in_chat=False) for write in (screen_lines, detail_lines))
    if plan.missing:
        key = "import.chat.keep_missing" if plan.removes_missing else "import.chat.remove_missing"
        read.missing = t(lang, key, n=len(plan.missing))
    if plan.by_hand:
        action = "newer" if plan.keeps_by_hand else "keep"
        read.newer, read.keeps = t(lang, f"import.by_hand.{action}", n=len(plan.by_hand)), bool(plan.keeps_by_hand)
        read.mark = mark_of_changes(plan.by_hand)
    read.fingerprint = drafts.note_preview(session, draft.id, person.user_id, plan, now)
    return read
