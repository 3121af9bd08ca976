"""All codes of a file in one message: what each is taken for, *That's right*, and a button to change each."""

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Final

from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import t
from duty_teller.services.import_service.draft_codes import CodeScreen, ScreenCode, Source, mark_of
from duty_teller.services.texts.import_preview import meaning_text
from duty_teller.services.texts.import_questions import code_why
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import ID, PAGE, declare, typed, words

MARKED: Final = declare("imp:", ID, words("ok", "c"), typed("[0-9a-f]{1,8}", "0"))
"""All codes as shown, or one code to be changed."""
CODE_PAGE: Final = declare("imp:", ID, words("cp"), PAGE)

A_PAGE: Final = 10
_LABEL: Final = 16


def code_screen(
    lang: str, draft_id: int, screen: CodeScreen, hours: Mapping[str, str], page: int = 0
) -> tuple[str, Keyboard]:
    """Returns a page of the codes as Telegram HTML, and its buttons; *That's right* is on the last page.

    Args:
        lang: The reader's language.
        draft_id: Whose buttons they are.
        screen: The codes.
        hours: Of the roster's shifts (`import_service.shift_hours`).
        page: Which page; one that is not there any more is the last one.
    """
    part = page_of(screen.codes, page, A_PAGE, partial(CODE_PAGE, draft_id, "cp"))
    asked = "ask_codes_open" if screen.is_open else "ask_codes"
    lines = [f"❓ {t(lang, f'import.chat.{asked}', n=len(screen.codes))}", ""]
    lines += [_line(lang, code, hours) for code in part.shown]
    rows: Keyboard = []
    if not screen.is_open and part.number == (len(screen.codes) - 1) // A_PAGE:
        rows.append([button(lang, "import.chat.codes_right", MARKED(draft_id, "ok", screen.mark))])
    change = [
        Button(f"✏️ {code.question.subject[:_LABEL]}", MARKED(draft_id, "c", mark_of(code.question)))
        for code in part.shown
    ]
    wide = max(len(one.text) for one in change)
    in_row = 4 if wide <= 6 else 2 if wide <= 14 else 1
    rows += [change[at : at + in_row] for at in range(0, len(change), in_row)]
    return "\n".join(lines), rows + part.turn


def _line(lang: str, code: ScreenCode, hours: Mapping[str, str]) -> str:
    """Writes a code: what it is taken for, why, and how often it is there."""
    name, why = f"<b>{escape(code.question.subject)}</b>", escape(code_why(lang, code))
    if code.source is Source.NONE:
        return f"• {name} – <b>?</b> · {why}"
    return f"• {name} – {escape(meaning_text(lang, code.meaning, hours))} ({why})"
