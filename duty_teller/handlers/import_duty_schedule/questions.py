"""What an import asks in the chat: one question at a time, in one message that is edited in place."""

from collections.abc import Mapping
from datetime import date, datetime
from html import escape
from typing import Final

from duty_teller.i18n import t
from duty_teller.i18n.lang import format_day, month_name
from duty_teller.importers.duty_schedule import CHOICES, Question, place_in_words
from duty_teller.services.import_service.draft_codes import CODES, OneQuestion, mark_of
from duty_teller.services.people.matching import NEW, SKIP
from duty_teller.services.texts.import_preview import meaning_text
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import ID, declare, number, typed, words
from duty_teller.utils.zones import zone_label

TYPED: Final = "times"
"""The option that asks for typed times."""

ANSWER: Final = declare("imp:", ID, words("q"), typed("[0-9a-f]{1,8}", "0"), number(0, 9999))


def options_of(question: Question, now: datetime) -> tuple[str, ...]:
    """Returns the answers to offer; the importer has no clock, so what depends on today is added here."""
    if question.kind == "year":
        return question.nearest_years(now.year)
    if question.kind == "week":
        return question.weeks_near(now.date())
    return question.options


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
    text = t(
        lang,
        f"import.chat.ask_{question.kind}",
        subject=escape(_subject(lang, question)),
        where=escape(place_in_words(lang, question.example)),
        n=question.count,
    )
    rest = t(lang, "import.chat.question_count", n=asked.later) if asked.later else ""
    rows: Keyboard = []
    wide = question.kind in ("person", "zone")
    for index, option in enumerate(options_of(question, now)):
        data = ANSWER(draft_id, "q", mark_of(question), index)
        one = Button(_option_text(lang, question, option, hours)[:60], data)
        if rows and len(rows[-1]) < 2 and not wide:
            rows[-1].append(one)
        else:
            rows.append([one])
    return "\n".join(filter(None, ("❓ " + text, rest))), rows


def _subject(lang: str, question: Question) -> str:
    if question.kind != "since":
        return question.subject
    first, _slash, last = question.subject.partition("/")
    return " – ".join(format_day(lang, date.fromisoformat(day)) for day in (first, last) if day)


def _option_text(lang: str, question: Question, option: str, hours: Mapping[str, str]) -> str:
    if question.kind in CODES:
        return meaning_text(lang, option, hours)
    if question.kind == "month":
        return month_name(lang, int(option))
    if question.kind == "date_order":
        return t(lang, f"import.chat.order_{option}")
    if question.kind == "zone":
        return zone_label(lang, option)
    if question.kind in CHOICES:
        return t(lang, f"import.chat.{question.kind}_{option}")
    if question.kind == "every":
        return t(lang, f"import.chat.every_{option}")
    if question.kind in ("week", "since"):
        return format_day(lang, date.fromisoformat(option))
    if question.kind == "person":
        return t(lang, f"import.chat.person_{option}") if option in (NEW, SKIP) else option.split(" ", 1)[1]
    return option
