"""Dialogues: the bot asks, a person types, one handler takes it; who has nothing more to say for ten minutes is let go.

A module with a question to type an answer to calls `wait_for_text` behind its question and `takes_text` at its
`register`. The handler raises a `LocalizedError` for a bad answer: it is told, and the question stays open.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlmodel import Session
from telegram import Bot, ReplyKeyboardRemove, Update
from telegram.error import TelegramError

from duty_teller.handlers.common import App, Context, app_of, lang_of, person_of
from duty_teller.handlers.transport.failures import Kind, failure_of
from duty_teller.i18n import get_lang, t
from duty_teller.services import dialogues
from duty_teller.services.dialogues import Waiting
from duty_teller.services.import_service import drafts
from duty_teller.services.people import accounts
from duty_teller.services.people.access import Person

logger = logging.getLogger(__name__)

TextHandler = Callable[[Update, Context, Person, str, Waiting], Awaitable[None]]

IMPORT: Final = "import"
"""The kind of an import under way, which needs no `wait_for_text`."""

_TAKERS: Final[dict[str, TextHandler]] = {}


def takes_text(kind: str, handler: TextHandler) -> None:
    """Names the handler that takes the text of a kind of dialogue: `(update, context, person, lang, waiting)`."""
    _TAKERS[kind] = handler


async def wait_for_text(
    update: Update,
    context: Context,
    person: Person,
    kind: str,
    payload: Mapping[str, Any] | None = None,
    message_id: int | None = None,
) -> None:
    """Waits for the person's next text in this chat.

    Args:
        update: Which chat.
        context: Of the update.
        person: Whose text.
        kind: Which handler takes it.
        payload: What the handler needs; `keyboard: true` says that a reply keyboard has to go when this is forgotten.
        message_id: The question, which then says that it is over (not one with a reply keyboard: Telegram edits none).
    """
    app = app_of(context)
    chat_id = update.effective_chat.id if update.effective_chat is not None else person.telegram_user_id
    begin = partial(
        dialogues.begin,
        user_id=person.user_id,
        kind=kind,
        chat_id=chat_id,
        now=app.clock(),
        payload=payload,
        message_id=message_id,
    )
    await app.db(begin, write=True)


async def end(app: App, user_id: int) -> Waiting | None:
    """Ends a person's dialogue; returns what it was."""
    return await app.db(partial(dialogues.drop, user_id=user_id), write=True)


async def on_text(update: Update, context: Context) -> bool:
    """Gives typed text to the dialogue that waits for it; returns whether there was one.

    Raises:
        LocalizedError: The text does not suit the question, which stays open.
    """
    person = await person_of(update, context)
    if person is None:
        return False
    app, now = app_of(context), app_of(context).clock()
    waiting = await app.db(partial(dialogues.current, user_id=person.user_id, now=now))
    if (waiting is None or waiting.kind not in _TAKERS) and person.is_admin:
        waiting = await app.db(partial(_import_of, person=person, now=now))
    if waiting is None or waiting.kind not in _TAKERS:
        return False
    await _TAKERS[waiting.kind](update, context, person, lang_of(update, context, person), waiting)
    return True


def _import_of(session: Session, person: Person, now: datetime) -> Waiting | None:
    """Returns an admin's import under way: each of its steps is a question, and is stored with what was read."""
    draft = drafts.current(session, person.user_id, now)
    if draft is None:
        return None
    return Waiting(person.user_id, IMPORT, {}, draft.chat_id, draft.message_id, now + dialogues.LIFETIME)


async def end_forgotten(app: App, bot: Bot, now: datetime) -> tuple[bool, datetime | None]:
    """Ends dialogues and imports that were forgotten, and says so in their messages; is a chore of the tick.

    Returns:
        Whether something has to be tried again, and the next instant at which one is forgotten.
    """

    def look(session: Session) -> tuple[list[tuple[int, int | None, int, bool, str]], datetime | None]:
        over, boundary = dialogues.forgotten(session, now)
        left, next_draft = drafts.forgotten(session, now)
        default = app.settings.default_language
        found = [
            (*where, get_lang(accounts.find(session, where[2]), default))
            for where in [(w.chat_id, w.message_id, w.user_id, bool(w.payload.get("keyboard"))) for w in over]
            + [(d.chat_id, d.message_id, d.owner_id, False) for d in left]
        ]
        return found, min((moment for moment in (boundary, next_draft) if moment is not None), default=None)

    found, boundary = await app.db(look)
    again = False
    for chat_id, message_id, user_id, keyboard, lang in found:
        if message_id is not None or keyboard:
            text = t(lang, "dialogue.forgotten")
            try:
                if message_id is not None:
                    await bot.edit_message_text(text, chat_id, message_id)
                else:
                    await bot.send_message(chat_id, text, reply_markup=ReplyKeyboardRemove())
            except TelegramError as error:
                if failure_of(error, chat_id).kind in {Kind.LATER, Kind.TOKEN}:
                    logger.info("a forgotten dialogue has to wait: %s", error)
                    again = True
                    continue
                logger.info("a forgotten dialogue's message stays as it is: %s", error)
        await app.db(partial(_end_both, user_id=user_id, now=now), write=True)
    return again, boundary


def _end_both(session: Session, user_id: int, now: datetime) -> None:
    """Ends what is over of a person, in the same transaction; what they have begun since goes on."""
    if dialogues.current(session, user_id, now) is None:
        dialogues.drop(session, user_id)
    drafts.drop_forgotten(session, user_id, now)
