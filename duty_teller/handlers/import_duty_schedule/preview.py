"""What an import would do, shown before Apply; or why the file cannot be taken."""

from functools import partial
from html import escape
from typing import Final

from telegram import Update

from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.import_duty_schedule.by_hand import choices
from duty_teller.handlers.import_duty_schedule.documents import explain_button
from duty_teller.handlers.import_duty_schedule.steps import NUMBERED, STEP, cancel, leaving, show
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import text_pages, turning
from duty_teller.i18n import LocalizedError, t
from duty_teller.services.import_service import drafts
from duty_teller.services.import_service.drafts import Draft
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.people.access import Person
from duty_teller.services.rosters import rosters
from duty_teller.services.texts.import_preview import detail_lines, screen_lines
from duty_teller.utils.buttons import Keyboard
from duty_teller.utils.callback_data import ID, PAGE, declare, words
from duty_teller.utils.dates import local_day

DETAILS: Final = declare("imp:", ID, words("d"), PAGE)


async def show_refusal(update: Update, context: Context, draft: Draft, error: LocalizedError, lang: str) -> None:
    """Says what is wrong with the file, and asks for another."""
    head = f"❌ {t(lang, 'import.chat.refused')}\n{t(lang, 'import.chat.send_again')}"
    text = f"{head}\n\n{escape(error.text(lang))}"
    await show(update, context, draft, text, [[explain_button(lang, draft)], leaving(lang, draft)])


def below(above: str, text: str) -> str:
    """Puts what has to be said first, if anything, above a text."""
    return f"{above}\n\n{text}" if above else text


async def show_preview(
    update: Update, context: Context, draft: Draft, person: Person, plan: ImportPlan, lang: str, new: bool, above: str
) -> None:
    """Shows what Apply would write, or that there is nothing new, which ends the import; `above` it, HTML."""
    app, now = app_of(context), app_of(context).clock()
    today = local_day(now, plan.timezone)
    name = await app.db(partial(rosters.shown_name, roster_id=plan.roster_id))
    head = f"<b>{escape(draft.file_name or '')}</b>" + (f" → 📋 <b>{escape(name)}</b>" if name else "")
    if plan.diff.empty and not any(p.is_new for p in plan.people) and not plan.missing:
        await app.db(partial(drafts.drop, owner_id=person.user_id), write=True)
        said = t(lang, "import.by_hand.nothing_else" if plan.by_hand else "import.chat.nothing_new")
        await show(update, context, draft, below(above, f"{head}\n\n✅ {said}"), None, new)
        return
    lines = screen_lines(lang, plan, today)
    text = below(above, head + "\n" + escape("\n".join(lines), quote=False))
    rows: Keyboard = [
        [button(lang, "import.chat.apply", STEP(draft.id, "apply")), cancel(lang, draft)],
        [explain_button(lang, draft)],
    ]
    if detail_lines(lang, plan, today) != lines:
        rows[1].insert(0, button(lang, "import.chat.details", DETAILS(draft.id, "d", 0)))
    if plan.missing:
        key = "import.chat.keep_missing" if plan.removes_missing else "import.chat.remove_missing"
        rows.append([button(lang, key, STEP(draft.id, "missing"), n=len(plan.missing))])
    if plan.by_hand:
        rows.append([choices(lang, draft, plan)[not plan.keeps_by_hand]])
    if draft.answered:
        rows.append([button(lang, "import.chat.answer_again", NUMBERED(draft.id, "again", draft.answered))])
    if name:
        rows.append([button(lang, "rosters.other", NUMBERED(draft.id, "rp", 0))])
    await app.db(lambda s: drafts.note_preview(s, draft.id, person.user_id, plan, now), write=True)
    await show(update, context, draft, text, rows, new)


async def show_details(update: Update, context: Context, draft: Draft, plan: ImportPlan, lang: str, page: int) -> None:
    """Shows a page of all that the preview knows, in its place; the way back makes the preview anew."""
    today = local_day(app_of(context).clock(), plan.timezone)
    pages = text_pages([escape(line, quote=False) for line in detail_lines(lang, plan, today)])
    page = max(0, min(page, len(pages) - 1))
    rows = turning(page, page + 1 < len(pages), partial(DETAILS, draft.id, "d"))
    back = button(lang, "settings.back", STEP(draft.id, "ask"))
    await show(update, context, draft, pages[page], [*rows, [back, cancel(lang, draft)]])
