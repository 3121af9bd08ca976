"""Changes made by hand that the file would overwrite: named each, and asked about once before there is an Apply."""

from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session
from telegram import Update

from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.import_duty_schedule.documents import explain_button
from duty_teller.handlers.import_duty_schedule.steps import leaving, show, titled
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import text_pages, turning
from duty_teller.i18n import t
from duty_teller.services.import_service import draft_codes, drafts
from duty_teller.services.import_service.by_hand import ByHand, mark_of
from duty_teller.services.import_service.drafts import Draft
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.people.access import Person
from duty_teller.services.texts.by_hand import done_text, why_text
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import ID, PAGE, declare, typed, words

HAND: Final = declare("imp:", ID, words("keep", "newer"), typed("[0-9a-f]{8}", "00000000"))
"""What becomes of the changes made by hand, and of which."""
HAND_PAGE: Final = declare("imp:", ID, words("hp"), PAGE)


def choices(lang: str, draft: Draft, plan: ImportPlan) -> dict[bool, Button]:
    """Makes the buttons that keep the changes (True), or take the file for newer."""
    mark = mark_of(plan.by_hand)
    return {
        keep: button(lang, f"import.by_hand.{action}", HAND(draft.id, action, mark), n=len(plan.by_hand))
        for keep, action in ((True, "keep"), (False, "newer"))
    }


async def ask_by_hand(
    update: Update,
    context: Context,
    draft: Draft,
    person: Person,
    plan: ImportPlan,
    lang: str,
    new: bool,
    above: str,
    page: int,
) -> None:
    """Names a page of the changes and asks whether they are kept; what has to be said first is `above` it, HTML."""
    app, now = app_of(context), app_of(context).clock()
    pages = text_pages(_told(lang, plan, one) for one in plan.by_hand)
    page = max(0, min(page, len(pages) - 1))
    asked = t(lang, "import.by_hand.ask", n=len(plan.by_hand))
    head = await titled(context, draft, f"<b>{escape(draft.file_name or '')}</b>\n\n❓ {asked}")
    text = "\n\n".join(filter(None, (above, head, pages[page])))
    rows = turning(page, page + 1 < len(pages), partial(HAND_PAGE, draft.id, "hp"))
    rows += [[one] for one in choices(lang, draft, plan).values()]
    rows += [[explain_button(lang, draft)], leaving(lang, draft)]
    await app.db(partial(drafts.note_question, draft_id=draft.id, owner_id=person.user_id, now=now), write=True)
    await show(update, context, draft, text, rows, new)


async def take_answer(context: Context, draft: Draft, person: Person, action: str, mark: str) -> None:
    """Notes the answer, if it still is about what the import would overwrite."""
    app, now = app_of(context), app_of(context).clock()

    def note(session: Session) -> None:
        step = draft_codes.next_step(session, draft.id, person.user_id, now)
        if isinstance(step, ImportPlan) and mark_of(step.by_hand) == mark:
            drafts.answer_by_hand(session, draft.id, person.user_id, action == "keep", mark, now)

    await app.db(note, write=True)


def _told(lang: str, plan: ImportPlan, one: ByHand) -> str:
    done, why = (escape(text, quote=False) for text in (done_text(lang, plan, one), why_text(lang, plan, one)))
    return f"• <b>{done}</b>\n{why}"
