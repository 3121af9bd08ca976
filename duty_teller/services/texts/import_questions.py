"""What an import asks, in words: questions and their answers, and the codes of a file. Telegram's HTML, or plain."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from html import escape, unescape
from typing import Final

from duty_teller.i18n import t
from duty_teller.i18n.lang import format_day, month_name
from duty_teller.importers.duty_schedule import CHOICES, Question, place_in_words
from duty_teller.services.import_service.draft_codes import CODES, ScreenCode, Source
from duty_teller.services.people.matching import NEW, SKIP
from duty_teller.services.texts.import_preview import meaning_text
from duty_teller.utils.zones import zone_label

TYPED: Final = "times"
"""The option that asks for typed times."""

_TAG: Final = re.compile(r"</?[a-z]+>")


def options_of(question: Question, now: datetime) -> tuple[str, ...]:
    """Returns the answers to offer; the importer has no clock, so what depends on today is added here."""
    if question.kind == "year":
        return question.nearest_years(now.year)
    if question.kind == "week":
        return question.weeks_near(now.date())
    return question.options


def question_text(lang: str, question: Question) -> str:
    """Returns what is asked, as Telegram HTML."""
    return t(
        lang,
        f"import.chat.ask_{question.kind}",
        subject=escape(_subject(lang, question)),
        where=escape(place_in_words(lang, question.example)),
        n=question.count,
    )


def plain(html: str) -> str:
    """Returns a text of the chat without its tags; what was escaped in it, like the names of a file, stays whole."""
    return unescape(_TAG.sub("", html))


def _subject(lang: str, question: Question) -> str:
    if question.kind != "since":
        return question.subject
    first, _slash, last = question.subject.partition("/")
    return " – ".join(format_day(lang, date.fromisoformat(day)) for day in (first, last) if day)


def option_text(lang: str, question: Question, option: str, hours: Mapping[str, str]) -> str:
    """Writes an answer to a question.

    Args:
        lang: The reader's language.
        question: What is asked.
        option: One of `options_of`.
        hours: Of the roster's shifts (`import_service.shift_hours`).
    """
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


def code_why(lang: str, code: ScreenCode) -> str:
    """Says how often a code is there, and why it means what it does: `3 cells, from the legend`."""
    times = t(lang, "import.chat.code_times", n=code.question.count)
    if code.source is Source.NONE:
        where = place_in_words(lang, code.question.example)
        return f"{times}, {t(lang, 'import.chat.code_first', where=where)}"
    return times if code.source is Source.ANSWERED else f"{times}, {t(lang, f'import.chat.code_{code.source}')}"
