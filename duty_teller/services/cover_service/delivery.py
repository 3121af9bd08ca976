"""From a request's messages to the sender and back: what is due, the attempt (committed before), and the outcome."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, or_, select

from duty_teller.config import Settings
from duty_teller.db.models import Chat, CoverMessage, CoverRequest, User
from duty_teller.db.session import notes_only
from duty_teller.i18n import get_lang
from duty_teller.services.people import accounts
from duty_teller.utils.buttons import Button

_LONGEST_WAIT: Final = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message shows: Telegram HTML, and buttons, one a row."""

    html: str
    buttons: tuple[Button, ...] = ()

    @property
    def digest(self) -> str:
        """Tells two apart."""
        return hashlib.sha256(repr((self.html, self.buttons)).encode()).hexdigest()


Render = Callable[[Session, CoverRequest, CoverMessage, str, datetime], Shown]
"""Puts a message into words (`texts.covers.render_message`): session, request, message, language, present instant."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call to Telegram whose attempt is committed.

    Attributes:
        number: Of the stored message.
        version: What it was made from.
        chat_id: Where.
        thread_id: The group's topic.
        message_id: To be edited; None: a new one is sent.
        delete_id: To be deleted; nothing else then.
        shown: What it shows.
        user_id: The person, if it is one.
    """

    number: int
    version: int
    chat_id: int
    thread_id: int
    message_id: int | None
    delete_id: int | None
    shown: Shown
    user_id: int | None


def due(session: Session, now: datetime, number: int) -> tuple[list[int], datetime | None]:
    """Returns the messages that have to be sent, edited or deleted now, and when the next one is due."""
    waiting = or_(col(CoverMessage.due_at).is_not(None), col(CoverMessage.replaced_id).is_not(None))
    statement = select(CoverMessage.id, CoverMessage.due_at).where(waiting, col(CoverMessage.attempted_at).is_(None))
    rows = session.exec(statement.order_by(col(CoverMessage.due_at), col(CoverMessage.id))).all()
    found = [row_id or 0 for row_id, due_at in rows if due_at is None or due_at <= now]
    later = [due_at for _row_id, due_at in rows if due_at is not None and due_at > now]
    return found[:number], min(later, default=None)


def release_interrupted(session: Session) -> int:
    """Lets messages go again whose process died between attempt and outcome; returns how many may be there twice."""
    notes_only(session)
    found = session.exec(select(CoverMessage).where(col(CoverMessage.attempted_at).is_not(None))).all()
    for message in found:
        message.attempted_at = None
        message.uncertain += int(message.message_id is None or message.loud)
        session.add(message)
    return sum(message.message_id is None or message.loud for message in found)


def claim(session: Session, number: int, settings: Settings, now: datetime, render: Render) -> Call | None:
    """Notes an attempt; None: there is nothing to do, or somebody does it already."""
    notes_only(session)
    message = session.get(CoverMessage, number)
    if message is None or message.attempted_at is not None:
        return None
    request = session.get_one(CoverRequest, message.request_id)
    session.add(message)
    where = _where(session, message, settings.default_language)
    if where is None:
        message.due_at, message.loud, message.replaced_id = None, False, None
        message.last_error = "cannot be reached"
        return None
    chat_id, lang = where
    if message.due_at is None or message.due_at > now:
        if message.replaced_id is None:
            return None
        message.attempted_at = now
        parts = (chat_id, message.thread_id, None, message.replaced_id, Shown(""), message.user_id)
        return Call(number, message.version, *parts)
    shown = render(session, request, message, lang, now)
    if message.message_id is not None and not message.loud and shown.digest == message.content_hash:
        message.due_at = None
        return None
    message.attempts += 1
    message.attempted_at = now
    old = None if message.loud else message.message_id
    return Call(number, message.version, chat_id, message.thread_id, old, None, shown, message.user_id)


def _where(session: Session, message: CoverMessage, default: str) -> tuple[int, str] | None:
    """Returns chat and language of a message; None: it cannot be reached."""
    if message.chat_id is not None:
        chat = session.get(Chat, message.chat_id)
        return (chat.id, chat.language or default) if chat is not None and chat.trusted and not chat.left_at else None
    user = session.get(User, message.user_id)
    if user is None or not user.is_active or not user.reachable or user.telegram_user_id is None:
        return None
    return user.telegram_user_id, get_lang(user, default)


def note_done(session: Session, call: Call, message_id: int | None) -> None:
    """Notes that Telegram has taken a call; with a number: of the new message."""
    notes_only(session)
    message = session.get(CoverMessage, call.number)
    if message is None:
        return
    message.attempted_at = None
    session.add(message)
    if call.delete_id is not None:
        message.replaced_id = None
        return
    if message_id is not None:
        message.replaced_id = message.message_id
        message.message_id = message_id
        message.loud = False
    message.content_hash, message.attempts = call.shown.digest, 0
    if message.version == call.version:
        message.due_at = None


def note_gone(session: Session, call: Call, now: datetime) -> None:
    """Notes that the message is not there to be edited: a new one takes its place."""
    notes_only(session)
    message = session.get(CoverMessage, call.number)
    if message is not None:
        message.attempted_at, message.message_id, message.replaced_id, message.due_at = None, None, None, now
        session.add(message)


def note_refused(session: Session, call: Call, error: str, lost: bool) -> None:
    """Notes that a call is refused for good; `lost`: the bot cannot reach the person any more."""
    message = session.get(CoverMessage, call.number)
    if message is None:
        return
    message.attempted_at, message.last_error = None, error[:500]
    message.due_at, message.loud, message.replaced_id = None, False, None
    session.add(message)
    if lost and call.user_id is not None:
        accounts.set_reachable(session, call.user_id, False)


def note_later(session: Session, call: Call, error: str, now: datetime, wait: timedelta | None, lost: bool) -> None:
    """Lets a message wait: as long as Telegram says, or 1, 2, 4 … 60 s; `lost`: it may have arrived."""
    notes_only(session)
    message = session.get(CoverMessage, call.number)
    if message is None:
        return
    seconds = min(2 ** min(max(message.attempts - 1, 0), 6), _LONGEST_WAIT)
    message.due_at = now + (wait if wait is not None else timedelta(seconds=seconds))
    message.attempted_at, message.last_error = None, error[:500]
    message.uncertain += int(lost and call.message_id is None and call.delete_id is None)
    session.add(message)
