"""What an import asks in the chat: one question at a time, in one message that is edited in place."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from duty_teller.i18n import t
from duty_teller.services.import_service.draft_codes import OneQuestion, mark_of
from duty_teller.services.texts.import_questions import option_text, options_of, question_text
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import ID, declare, number, typed, words

ANSWER: Final = declare("imp:", ID, words("q"), typed("[0-9a-f]{1,8}", "0"), number(0, 9999))


def ask(lang: str, draft_id: int, asked: OneQuestion, now: datetime, hours: Mapping[str, str]) -> tuple[str, Keyboard]:
    """Returns a question as Telegram HTML, and a button for each answer.

    Args:
        lang: The reader's language.
        draft_id: Whose buttons they are.
        asked: The question; those behind it are counted.
        now: The present instant.
        hours: Of the roster's shifts (`import_service.shift_hours`).
    """
    question = asked.question
    rest = t(lang, "import.chat.question_count", n=asked.later) if asked.later else ""
    rows: Keyboard = []
    wide = question.kind in ("person", "zone")
    for index, option in enumerate(options_of(question, now)):
        data = ANSWER(draft_id, "q", mark_of(question), index)
        one = Button(option_text(lang, question, option, hours)[:60], data)
        if rows and len(rows[-1]) < 2 and not wide:
            rows[-1].append(one)
        else:
            rows.append([one])
    return "\n".join(filter(None, ("❓ " + question_text(lang, question), rest))), rows
