"""`/import_duty_schedule`: hand-over, file, questions, preview, Apply, Undo. One message a step, edited in place.

An admin may also just send the file: the roster's own hand-over is taken then. Where there are several rosters it is
asked which one: first by the command, and when the file has been read if it came by itself.
"""

import contextlib
from functools import partial
from html import escape
from typing import Any

from sqlmodel import Session
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler, MessageHandler, filters

from duty_teller.db import repository
from duty_teller.db.models import DraftStage
from duty_teller.handlers.common import App, Context, app_of, is_private, lang_of, person_of
from duty_teller.handlers.guard import for_people
from duty_teller.handlers.import_duty_schedule import typed
from duty_teller.handlers.import_duty_schedule.by_hand import HAND, HAND_PAGE, take_answer
from duty_teller.handlers.import_duty_schedule.code_screen import CODE_PAGE, MARKED
from duty_teller.handlers.import_duty_schedule.documents import send_explained
from duty_teller.handlers.import_duty_schedule.going_on import go_on, go_on_with_roster
from duty_teller.handlers.import_duty_schedule.other_team import FIRST, NAME, ask_name
from duty_teller.handlers.import_duty_schedule.outcome import busy_with, show_applied
from duty_teller.handlers.import_duty_schedule.preview import DETAILS, show_details
from duty_teller.handlers.import_duty_schedule.questions import ANSWER
from duty_teller.handlers.import_duty_schedule.received import on_document
from duty_teller.handlers.import_duty_schedule.steps import (
    NUMBERED,
    STEP,
    ZONE,
    ask_file,
    ask_handover,
    ask_roster,
    cancel,
    handover_of,
    show,
)
from duty_teller.handlers.transport import typed_text
from duty_teller.handlers.transport.answers import answer, send_to_private
from duty_teller.handlers.transport.callbacks import handler
from duty_teller.handlers.transport.keyboards import button
from duty_teller.i18n import LocalizedError, t
from duty_teller.services import dialogues
from duty_teller.services.import_service import applying, draft_answers, draft_codes, drafts
from duty_teller.services.import_service.draft_codes import OneQuestion, mark_of
from duty_teller.services.import_service.drafts import Draft
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.import_service.shown_plan import PlanMovedError
from duty_teller.services.people.access import Level, Person
from duty_teller.services.rosters.rosters import RosterGoneError
from duty_teller.services.schedule_service import Author
from duty_teller.services.texts.by_hand import reason_text
from duty_teller.services.texts.import_preview import facts_text
from duty_teller.services.texts.import_questions import TYPED, options_of


@for_people(Level.ADMIN)
async def begin(update: Update, context: Context, person: Person, lang: str) -> None:
    """Asks for the hand-over; before that for the roster, where there are several."""
    if not is_private(update):
        await send_to_private(update, context, lang, "import_duty_schedule")
        return
    app, now = app_of(context), app_of(context).clock()
    chat_id = update.effective_chat.id if update.effective_chat is not None else 0

    def start(session: Session) -> Draft:
        rosters = repository.rosters(session)
        return drafts.start(session, person.user_id, rosters[0].id if len(rosters) == 1 else None, chat_id, now)

    draft = await app.db(start, write=True)
    if draft.stage == DraftStage.ROSTER:
        await ask_roster(update, context, draft, lang, new=True)
    else:
        await ask_handover(update, context, draft, lang, new=True)


@for_people(Level.ADMIN)
async def on_button(update: Update, context: Context, person: Person, lang: str) -> None:
    """Takes a tap on one of the dialogue's buttons."""
    query = update.callback_query
    if query is None or query.data is None:
        return
    app, now = app_of(context), app_of(context).clock()
    rest: list[Any]
    draft_id, action, *rest = next(
        (
            found
            for kind in (STEP, NUMBERED, ZONE, MARKED, CODE_PAGE, DETAILS, HAND, HAND_PAGE)
            if (found := kind.read(query.data)) is not None
        ),
        None,
    ) or ANSWER.of(update)
    draft = await app.db(partial(drafts.current, owner_id=person.user_id, now=now))
    shown = query.message.message_id if query.message is not None else None
    if draft is None or draft.id != draft_id or draft.message_id != shown:
        # Also a button of an earlier message of this import: what it showed is not what would be done.
        finished = action == "apply" and (draft is None or draft.id != draft_id)
        await answer(update, t(lang, "import.chat.finished" if finished else "import.chat.gone"))
        return
    explains = action == "how" and draft.has_document  # also a file that was refused: the stage is still before one
    if draft.stage == DraftStage.ROSTER and action not in ("x", "r", "rp") and not explains:
        action, rest = "rp", [0]  # a tap on what the message showed before
    without_file = ("x", "r", "rp", "ho", "hz")
    if draft.stage in (DraftStage.HANDOVER, DraftStage.FILE) and action not in without_file and not explains:
        await answer(update, t(lang, "bot.button_old"))  # about a file, and there is none yet
        return
    if action == "x":
        await answer(update)
        await app.db(partial(drafts.drop, owner_id=person.user_id), write=True)
        await show(update, context, draft, t(lang, "import.chat.cancelled"), None)
    elif action == "rp":
        await answer(update)
        asked = await app.db(lambda s: drafts.ask_roster(s, draft.id, person.user_id, now), write=True)
        await ask_roster(update, context, asked, lang, page=rest[0])
    elif action == "r":
        await _on_roster(update, context, draft, person, lang, rest[0])
    elif action == "ho":
        await answer(update)
        chosen = await app.db(lambda s: _own_handover(s, draft, person, now), write=True)
        await ask_file(update, context, chosen, lang)
    elif action == "hz":
        await answer(update)
        chosen = await app.db(lambda s: drafts.set_handover(s, draft.id, person.user_id, rest[0], now), write=True)
        await ask_file(update, context, chosen, lang)
    elif action == "q":
        await _on_answer(update, context, draft, person, lang, rest)
    elif action == "ok":
        await answer(update)
        agreed = partial(draft_codes.agree, draft_id=draft.id, owner_id=person.user_id, mark=rest[0], now=now)
        answered: Draft | None = await app.db(agreed, write=True)
        await go_on(update, context, answered or draft, person, lang)
    elif action in ("c", "cp"):
        await answer(update)
        mark, page = (rest[0], 0) if action == "c" else (None, rest[0])
        about = partial(draft_codes.ask_about, draft_id=draft.id, owner_id=person.user_id, mark=mark, now=now)
        await app.db(about, write=True)
        await go_on(update, context, draft, person, lang, page=page)
    elif action == "d":
        await answer(update)
        step = await app.db(partial(draft_codes.next_step, draft_id=draft.id, owner_id=person.user_id, now=now))
        if isinstance(step, ImportPlan) and not step.is_open:
            await show_details(update, context, draft, step, lang, rest[0])
        else:  # what is stored has moved
            await go_on(update, context, draft, person, lang)
    elif action == "again":
        await answer(update)
        asked = draft
        if rest == [draft.answered]:  # a second tap takes no second answer back
            asked = await app.db(lambda s: draft_answers.take_answer_back(s, draft.id, person.user_id, now), write=True)
        await go_on(update, context, asked, person, lang)
    elif action == "ask":
        await answer(update)
        await _end_naming(context, person)
        await go_on(update, context, draft, person, lang)
    elif action == "missing":
        await answer(update)
        await app.db(lambda s: drafts.toggle_missing(s, draft.id, person.user_id, now), write=True)
        await go_on(update, context, draft, person, lang)
    elif action in ("keep", "newer"):
        await answer(update)
        await take_answer(context, draft, person, action, rest[0])
        await go_on(update, context, draft, person, lang)
    elif action == "hp":
        await answer(update)
        await go_on(update, context, draft, person, lang, page=rest[0])
    elif action == "team":
        await answer(update)
        await ask_name(update, context, draft, person, lang)
    elif action == "same":
        await answer(update)
        keep = partial(draft_codes.keep_roster, draft_id=draft.id, owner_id=person.user_id, now=now)
        await app.db(keep, write=True)
        await go_on(update, context, draft, person, lang)
    elif action == "how":
        await send_explained(update, context, draft, person, lang)
    elif action == "apply":
        await _on_apply(update, context, draft, person, lang)


def _own_handover(session: Session, draft: Draft, person: Person, now: Any) -> Draft:
    own = str(handover_of(session, draft.roster_id))
    return drafts.set_handover(session, draft.id, person.user_id, own, now)


async def _on_roster(update: Update, context: Context, draft: Draft, person: Person, lang: str, roster_id: int) -> None:
    """Takes the roster that was chosen; one that was retired meanwhile is told, and the others are offered."""
    app, now = app_of(context), app_of(context).clock()
    choose = partial(drafts.set_roster, draft_id=draft.id, owner_id=person.user_id, roster_id=roster_id, now=now)
    try:
        chosen = await app.db(choose, write=True)
    except RosterGoneError as error:
        await answer(update, error.text(lang))
        await ask_roster(update, context, draft, lang)
        return
    await answer(update)
    await go_on_with_roster(update, context, chosen, person, lang, new=False)


async def _on_answer(
    update: Update, context: Context, draft: Draft, person: Person, lang: str, rest: list[Any]
) -> None:
    query = update.callback_query
    if query is None:
        return
    await answer(update)
    app, now = app_of(context), app_of(context).clock()
    step = await app.db(partial(draft_codes.next_step, draft_id=draft.id, owner_id=person.user_id, now=now))
    if not isinstance(step, OneQuestion) or mark_of(step.question) != rest[0]:
        await go_on(update, context, draft, person, lang)
        return
    question = step.question
    options = options_of(question, now)
    if rest[1] >= len(options):
        await go_on(update, context, draft, person, lang)
        return
    option = options[rest[1]]
    if option == TYPED:
        text = t(lang, "import.chat.ask_times", subject=escape(question.subject))
        again = button(lang, "import.chat.other_answer", STEP(draft.id, "ask"))
        await show(update, context, draft, text, [[again, cancel(lang, draft)]])
        return
    draft = await app.db(lambda s: draft_answers.answer(s, draft.id, person.user_id, question, option, now), write=True)
    await go_on(update, context, draft, person, lang)


async def _on_apply(update: Update, context: Context, draft: Draft, person: Person, lang: str) -> None:
    query = update.callback_query
    if query is None:
        return
    await answer(update)
    app, now = app_of(context), app_of(context).clock()
    author = Author(person.user_id, person.full_name)
    if draft.stage != DraftStage.PREVIEW:  # a second tap came after the roster was changed: nothing is shown yet
        await go_on(update, context, draft, person, lang)
        return
    with busy_with(app, draft):
        await app.db(partial(applying.begin, draft_id=draft.id, owner_id=person.user_id, now=now), write=True)
        write = partial(applying.apply, draft_id=draft.id, author=author, now=now, facts=partial(facts_text, lang))
        write = partial(write, reason=partial(reason_text, lang))
        try:
            applied = await app.db(write, write=True)
        except LocalizedError as error:
            await app.db(partial(applying.go_back, draft_id=draft.id, now=now), write=True)
            if not isinstance(error, PlanMovedError):
                raise
            reasons = "\n".join(f"• {escape(reason.text(lang))}" for reason in error.reasons)
            await go_on(update, context, draft, person, lang, above=f"❗ {escape(error.text(lang))}\n{reasons}")
            return
        await show_applied(app, context.bot, draft, applied, lang)


async def drop_drafts(update: Update, context: Context) -> bool:
    """Forgets the unfinished import of whoever asks, whose message says so; returns whether there was one."""
    person = await person_of(update, context)
    if person is None:
        return False
    app: App = app_of(context)
    draft = await app.db(partial(drafts.current, owner_id=person.user_id, now=app.clock()))
    dropped = await app.db(partial(drafts.drop, owner_id=person.user_id), write=True)
    if dropped and draft is not None and draft.message_id is not None:
        lang = lang_of(update, context, person)
        with contextlib.suppress(TelegramError):  # it is forgotten all the same
            await show(update, context, draft, t(lang, "import.chat.cancelled"), None)
    return dropped


async def _end_naming(context: Context, person: Person) -> None:
    """Forgets the question for a new roster's name, if that is what is typed next."""
    app = app_of(context)
    waiting = await app.db(partial(dialogues.current, user_id=person.user_id, now=app.clock()))
    if waiting is not None and waiting.kind in (FIRST, NAME):
        await typed_text.end(app, person.user_id)


def register(application: Application) -> None:  # type: ignore[type-arg]
    """Adds the handlers."""
    typed.register()
    application.add_handler(CommandHandler("import_duty_schedule", begin))
    application.add_handler(MessageHandler(filters.Document.ALL & filters.ChatType.PRIVATE, on_document))
    kinds = (STEP, NUMBERED, ZONE, MARKED, CODE_PAGE, DETAILS, HAND, HAND_PAGE, ANSWER)
    application.add_handler(handler(on_button, *kinds))
