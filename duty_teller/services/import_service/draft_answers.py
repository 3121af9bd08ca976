"""Answers to what an import asks: noted with the draft, and taken back."""

import json
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from duty_teller.db.models import DraftStage, ImportDraft
from duty_teller.i18n import LocalizedError
from duty_teller.importers.duty_schedule import CHOICES, Answers, Question
from duty_teller.importers.words.names import month_number
from duty_teller.services.import_service.drafts import ASKED, PAST, Draft, row_of, set_option, touch, view


def answer(session: Session, draft_id: int, owner_id: int, question: Question, text: str, now: datetime) -> Draft:
    """Notes the answer to a question.

    Raises:
        DraftGoneError: The draft is not there any more.
        LocalizedError: The answer does not suit the question.
    """
    row = row_of(session, draft_id, owner_id, now)
    keep_past(row)
    if question.kind == "person":
        people: dict[str, str] = json.loads(row.options).get("people", {})
        set_option(row, "people", people | {question.subject: person_choice(question, text)})
    else:
        word = str(month_number(text) or text) if question.kind == "month" else text
        try:
            answers = Answers.from_json(json.loads(row.answers)).answered(question.kind, question.subject, word)
        except LocalizedError as error:
            if question.kind not in _HINTS:
                raise
            raise LocalizedError(_HINTS[question.kind], text=text.strip()[:32]) from error
        row.answers = json.dumps(answers.to_json(), ensure_ascii=False)
    touch(session, row, now)
    return view(row)


def keep_past(row: ImportDraft) -> None:
    """Keeps what is known before an answer, so that it can be taken back; its question is not asked any more."""
    options: dict[str, Any] = json.loads(row.options)
    before = {"answers": json.loads(row.answers), "people": options.get("people", {})}
    set_option(row, PAST, [*options.get(PAST, []), before])
    set_option(row, ASKED, None)


def take_answer_back(session: Session, draft_id: int, owner_id: int, now: datetime) -> Draft:
    """Forgets the last answer, so that its question is asked again; without one nothing changes.

    Raises:
        DraftGoneError: The draft is not there any more.
    """
    row = row_of(session, draft_id, owner_id, now)
    *earlier, last = json.loads(row.options).get(PAST) or [None]
    if last is not None:
        row.answers = json.dumps(last["answers"], ensure_ascii=False)
        set_option(row, "people", last["people"])
        set_option(row, PAST, earlier)
        set_option(row, ASKED, None)
        row.stage = DraftStage.QUESTIONS
    touch(session, row, now)
    return view(row)


def person_choice(question: Question, text: str) -> str:
    """Returns the option that an answer about a person means: the option itself, or just its number.

    Raises:
        LocalizedError: `import.chat.hint_button`, it is none of them.
    """
    word = text.strip()
    for option in question.options:
        if word in (option, option.split(" ", 1)[0]):
            return option
    raise LocalizedError("import.chat.hint_button", text=word[:32])


_HINTS: Final = {
    "code": "import.chat.hint_code",
    "shift": "import.chat.hint_code",
    "month": "import.chat.hint_month",
    "year": "import.chat.hint_year",
    "date_order": "import.chat.hint_button",
    "every": "import.chat.hint_button",
    **dict.fromkeys(CHOICES, "import.chat.hint_button"),
}
"""What is said of an answer that does not suit a question of a kind."""
