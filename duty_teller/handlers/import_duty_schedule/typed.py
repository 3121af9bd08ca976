"""What is typed to an import: a roster's name, the hand-over, an answer to the question that is open."""

from functools import partial
from html import escape

from telegram import Update

from duty_teller.db.models import DraftStage
from duty_teller.handlers.common import Context, app_of
from duty_teller.handlers.import_duty_schedule.going_on import go_on, go_on_with_roster
from duty_teller.handlers.import_duty_schedule.other_team import FIRST, NAME, take_first, take_name
from duty_teller.handlers.import_duty_schedule.steps import ask_file, ask_roster, ask_zone, titled
from duty_teller.handlers.transport import typed_text
from duty_teller.handlers.transport.answers import reply
from duty_teller.i18n import LocalizedError, t
from duty_teller.services.dialogues import Waiting
from duty_teller.services.import_service import draft_answers, draft_codes, drafts
from duty_teller.services.import_service.draft_codes import CodeScreen, OneQuestion
from duty_teller.services.import_service.drafts import Draft
from duty_teller.services.people.access import Person
from duty_teller.services.rosters import rosters
from duty_teller.utils.handover import AmbiguousHandoverError


async def _take_text(update: Update, context: Context, person: Person, lang: str, waiting: Waiting) -> None:
    """Takes text that is typed while an import is under way: the roster, the hand-over, or an answer.

    Raises:
        DraftGoneError: The import has ended meanwhile.
        LocalizedError: It does not suit the question, which stays open.
    """
    app, now = app_of(context), app_of(context).clock()
    text = (update.effective_message.text or "") if update.effective_message is not None else ""
    draft = await app.db(partial(drafts.current, owner_id=person.user_id, now=now))
    if draft is None:
        raise drafts.DraftGoneError("import.chat.gone")
    match draft.stage:
        case DraftStage.ROSTER:
            named = await app.db(partial(rosters.find, name=text))
            if named is None:
                await ask_roster(update, context, draft, lang, new=True)
                return
            choose = partial(drafts.set_roster, draft_id=draft.id, owner_id=person.user_id, roster_id=named.id, now=now)
            await go_on_with_roster(update, context, await app.db(choose, write=True), person, lang, new=True)
        case DraftStage.HANDOVER:
            take = partial(drafts.set_handover, draft_id=draft.id, owner_id=person.user_id, text=text, now=now)
            try:
                timed = await app.db(take, write=True)
            except AmbiguousHandoverError as error:
                await ask_zone(update, context, draft, lang, error)
                return
            await ask_file(update, context, timed, lang, new=True)
        case DraftStage.QUESTIONS:
            await _take_typed(update, context, draft, person, lang, text)
        case DraftStage.FILE:
            asked = t(lang, "import.chat.ask_file", handover=escape(draft.handover or ""))
            await reply(update, await titled(context, draft, asked))
        case DraftStage.PREVIEW:
            await reply(update, t(lang, "import.chat.press"))


async def _take_typed(update: Update, context: Context, draft: Draft, person: Person, lang: str, text: str) -> None:
    """Takes typed text as the answer to the question that is open: own times, a date, or an option written out.

    Raises:
        LocalizedError: It does not suit the question, which stays open.
    """
    app, now = app_of(context), app_of(context).clock()
    step = await app.db(partial(draft_codes.next_step, draft_id=draft.id, owner_id=person.user_id, now=now))
    if isinstance(step, CodeScreen):
        typed = partial(draft_codes.answer_typed, screen=step, text=text, now=now)
        draft = await app.db(partial(typed, draft_id=draft.id, owner_id=person.user_id), write=True)
    elif isinstance(step, OneQuestion):
        question = step.question
        draft = await app.db(
            lambda s: draft_answers.answer(s, draft.id, person.user_id, question, text, now), write=True
        )
    await go_on(update, context, draft, person, lang, new=True)


async def _take_name(update: Update, context: Context, person: Person, lang: str, waiting: Waiting) -> None:
    """Takes the typed name of a roster that the file brings with it."""
    text = (update.effective_message.text or "") if update.effective_message is not None else ""
    if not person.is_admin:
        await typed_text.end(app_of(context), person.user_id)
        raise LocalizedError("bot.admins_only")
    if waiting.kind == FIRST:
        await take_first(update, context, person, lang, waiting.payload, text)
    else:
        await go_on(update, context, await take_name(context, person, waiting, text), person, lang, new=True)


def register() -> None:
    """Names what takes text that is typed to an import."""
    typed_text.takes_text(typed_text.IMPORT, _take_text)
    for kind in (FIRST, NAME):
        typed_text.takes_text(kind, _take_name)
