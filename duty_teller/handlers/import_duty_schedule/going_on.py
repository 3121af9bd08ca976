"""What comes next in an import: a question, the codes, the preview, or what is wrong with the file."""

from functools import partial

from telegram import Update

from duty_teller.db.models import DraftStage, Roster
from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.import_duty_schedule.by_hand import ask_by_hand
from duty_teller.handlers.import_duty_schedule.code_screen import CODE_PAGE, code_screen
from duty_teller.handlers.import_duty_schedule.documents import explain_button
from duty_teller.handlers.import_duty_schedule.other_team import team_question
from duty_teller.handlers.import_duty_schedule.preview import below, show_preview, show_refusal
from duty_teller.handlers.import_duty_schedule.questions import ask
from duty_teller.handlers.import_duty_schedule.steps import ask_handover, cancel, leaving, show
from duty_teller.handlers.transport.keyboards import button
from duty_teller.i18n import LocalizedError
from duty_teller.services.import_service import draft_codes, drafts, planning
from duty_teller.services.import_service.draft_codes import CodeScreen, OtherTeam
from duty_teller.services.import_service.drafts import Draft
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.people.access import Person


async def go_on_with_roster(
    update: Update, context: Context, draft: Draft, person: Person, lang: str, new: bool
) -> None:
    """Goes on once the roster is known: with the file, if it is there, else with the hand-over."""
    if draft.stage == DraftStage.QUESTIONS:
        await go_on(update, context, draft, person, lang, new)
    else:
        await ask_handover(update, context, draft, lang, new)


async def go_on(
    update: Update,
    context: Context,
    draft: Draft,
    person: Person,
    lang: str,
    new: bool = False,
    above: str = "",
    page: int = 0,
) -> None:
    """Shows what comes next: a question, the codes, the preview, or what is wrong with the file; `above` it, HTML."""
    app, now = app_of(context), app_of(context).clock()
    try:
        step = await app.db(partial(draft_codes.next_step, draft_id=draft.id, owner_id=person.user_id, now=now))
    except drafts.DraftGoneError:
        raise
    except LocalizedError as error:
        await show_refusal(update, context, draft, error, lang)
        return
    if isinstance(step, ImportPlan) and step.is_open:
        await ask_by_hand(update, context, draft, person, step, lang, new, above, page)
        return
    if isinstance(step, ImportPlan):
        await show_preview(update, context, draft, person, step, lang, new, above)
        return
    if isinstance(step, OtherTeam):
        text, rows = team_question(lang, draft, step)
        await show(
            update,
            context,
            draft,
            below(above, text),
            [*rows, [explain_button(lang, draft)], leaving(lang, draft)],
            new,
        )
        return
    hours = await app.db(lambda session: planning.shift_hours(session.get_one(Roster, draft.roster_id)))
    if isinstance(step, CodeScreen):
        text, rows = code_screen(lang, draft.id, step, hours, page)
        last = leaving(lang, draft)
    else:
        text, rows = ask(lang, draft.id, step, now, hours)
        back = [button(lang, "settings.back", CODE_PAGE(draft.id, "cp", 0)), cancel(lang, draft)]
        last = back if step.of_screen else leaving(lang, draft)
    await show(update, context, draft, below(above, text), [*rows, [explain_button(lang, draft)], last], new)
