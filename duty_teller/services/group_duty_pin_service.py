"""What a group's pinned message says, where the pins are, and what became of them. Sending is the handlers' work.

Times carry their date and never say "today", so that the text changes at hand-overs and with the schedule only, and
midnight costs no call.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select, update

from duty_teller.cache import Key, duty_pin_cache
from duty_teller.db import repository
from duty_teller.db.models import Chat, GroupPin, Roster
from duty_teller.db.session import notes_only
from duty_teller.services.outbox import outbox
from duty_teller.services.schedule_service import now_and_next
from duty_teller.services.texts.duty import render


@dataclass(frozen=True, slots=True)
class PinText:
    """A rendered pin: Telegram's HTML, the hash of text and button, and until when it is true.

    `valid_until` is None when it stays true until the schedule changes.
    """

    html: str
    content_hash: str
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class PinJob:
    """A pin whose message shows something else than it should."""

    pin_id: int
    chat_id: int
    thread_id: int
    roster_id: int
    message_id: int
    language: str
    text: PinText
    pin_again: bool = False
    """Also pin it: it is not known to be pinned, or was switched off. To pin what is pinned is harmless."""


def render_pin(session: Session, roster: Roster, lang: str, now: datetime, button: str = "") -> PinText:
    """Renders a roster's pin in a language; a thousand groups in the same language cost one rendering.

    Kept in `duty_pin_cache` under the revisions it was made from, until it stops being true.

    Args:
        session: Where to read.
        roster: Whose pin.
        lang: The group's language.
        now: The present instant.
        button: What the button under the text opens; empty without one. A pin whose button is another one is out of
            date, whatever its text says.
    """
    revisions = repository.revisions(session)
    many = len(repository.rosters(session)) > 1
    names = (f"schedule:{roster.id}", "people", "rosters")
    key: Key = (roster.id or 0, lang, *(revisions.get(name, 0) for name in names), int(many))
    kept = duty_pin_cache.get(key, now)
    if isinstance(kept, list) and now.timestamp() >= kept[2]:  # the clock may have stepped back
        until = None if kept[1] is None else datetime.fromtimestamp(kept[1], now.tzinfo)
        return PinText(kept[0], _hash(kept[0], button), until)
    answer = now_and_next(session, roster, now)
    html = render(lang, answer, with_name=many)
    until = answer.valid_until
    entry = [html, None if until is None else until.timestamp(), now.timestamp()]
    duty_pin_cache.set(key, entry, valid_until=until)
    return PinText(html, _hash(html, button), until)


def _hash(html: str, button: str) -> str:
    return hashlib.sha256(f"{html}\0{button}".encode()).hexdigest()[:32]


def due_pins(
    session: Session, now: datetime, default_language: str, button: str = ""
) -> tuple[list[PinJob], datetime | None]:
    """Returns the pins whose message is not what it should be, and the next instant at which one will not be."""
    jobs: list[PinJob] = []
    boundary: datetime | None = None
    rosters = {roster.id: roster for roster in repository.rosters(session)}
    rendered: dict[tuple[int, str], PinText] = {}
    statement = select(GroupPin, Chat).join(Chat, col(GroupPin.chat_id) == col(Chat.id))
    for pin, chat in session.exec(statement.where(col(GroupPin.failure).is_(None)).order_by(col(GroupPin.id))):
        roster = rosters.get(pin.roster_id)
        if roster is None or pin.id is None:
            continue
        lang = chat.language or default_language
        if (pin.roster_id, lang) not in rendered:
            rendered[pin.roster_id, lang] = render_pin(session, roster, lang, now, button)
        text = rendered[pin.roster_id, lang]
        if text.valid_until is not None and (boundary is None or text.valid_until < boundary):
            boundary = text.valid_until
        if pin.content_hash != text.content_hash:
            again = not pin.content_hash
            jobs.append(PinJob(pin.id, pin.chat_id, pin.thread_id, pin.roster_id, pin.message_id, lang, text, again))
    return jobs, boundary


def due_pin(session: Session, pin_id: int, now: datetime, default_language: str, button: str = "") -> PinJob | None:
    """Returns what a pin should show now, or None when it shows it, is switched off or is gone: asked before a call."""
    pin = session.get(GroupPin, pin_id)
    roster = session.get(Roster, pin.roster_id) if pin is not None else None
    if pin is None or pin.failure is not None or roster is None or roster.retired_at is not None:
        return None
    chat = session.get_one(Chat, pin.chat_id)
    lang = chat.language or default_language
    text = render_pin(session, roster, lang, now, button)
    if pin.content_hash == text.content_hash:
        return None
    return PinJob(pin_id, pin.chat_id, pin.thread_id, pin.roster_id, pin.message_id, lang, text, not pin.content_hash)


def trust_chat(session: Session, chat_id: int, title: str, language: str, user_id: int) -> Chat:
    """Marks a group as trusted by an admin, in the admin's language unless the group has one already."""
    chat = session.get(Chat, chat_id) or Chat(id=chat_id)
    chat.title, chat.trusted, chat.trusted_by = title[:255], True, user_id
    chat.left_at = chat.added_by = chat.added_by_account = None  # somebody asked for it in the group: the bot is there
    chat.language = chat.language or language
    session.add(chat)
    session.flush()
    return chat


def is_trusted(session: Session, chat_id: int) -> bool:
    """Tells whether an admin has trusted the group."""
    chat = session.get(Chat, chat_id)
    return chat is not None and chat.trusted


def find_pin(session: Session, chat_id: int, thread_id: int, roster_id: int) -> GroupPin | None:
    """Returns the stored pin of a roster in a chat's topic (0: no topic)."""
    statement = select(GroupPin).where(
        GroupPin.chat_id == chat_id, GroupPin.thread_id == thread_id, GroupPin.roster_id == roster_id
    )
    return session.exec(statement).one_or_none()


def store_pin(
    session: Session, chat_id: int, thread_id: int, roster_id: int, message_id: int, content_hash: str
) -> int | None:
    """Stores the message that shows a roster in a chat; returns the message it takes the place of."""
    pin = find_pin(session, chat_id, thread_id, roster_id) or GroupPin(
        chat_id=chat_id, thread_id=thread_id, roster_id=roster_id, message_id=0
    )
    old = pin.message_id
    pin.message_id, pin.content_hash, pin.failure, pin.posting_at = message_id, content_hash, None, None
    session.add(pin)
    session.flush()
    return old if old and old != message_id else None


def begin_posting(session: Session, chat_id: int, thread_id: int, roster_id: int, now: datetime) -> bool:
    """Notes that a message is about to be sent, to be committed before it is.

    Returns:
        Whether an earlier one may have arrived without being stored: there may be a second copy then.
    """
    notes_only(session)
    pin = find_pin(session, chat_id, thread_id, roster_id) or GroupPin(
        chat_id=chat_id, thread_id=thread_id, roster_id=roster_id, message_id=0
    )
    uncertain = pin.posting_at is not None
    pin.uncertain += uncertain
    pin.posting_at = now
    session.add(pin)
    session.flush()
    return uncertain


def posting_was_refused(session: Session, chat_id: int, thread_id: int, roster_id: int) -> None:
    """Notes that Telegram has taken nothing: no second copy can be there."""
    notes_only(session)
    pin = find_pin(session, chat_id, thread_id, roster_id)
    if pin is not None:
        pin.posting_at = None
        session.add(pin)


def want(session: Session, place: tuple[int, int, int]) -> None:
    """Stores that a pin is wanted in a place (chat, topic, roster): the tick makes it as soon as Telegram lets it."""
    pin = find_pin(session, *place)
    if pin is None:
        store_pin(session, *place, 0, "")
    else:
        pin.content_hash, pin.failure = "", None
        session.add(pin)


def note_failure(session: Session, place: tuple[int, int, int], reason: str) -> None:
    """Stores a pin that was asked for and is refused for good: it comes back when the reason is gone."""
    want(session, place)
    pin = find_pin(session, *place)
    if pin is not None:
        pin.failure, pin.posting_at = reason, None
        session.add(pin)


def note_shown(session: Session, shown: Sequence[tuple[int, int, str]]) -> None:
    """Notes what pins' messages show now: (pin, its message, hash); a pin that has got another message is left."""
    notes_only(session)
    for pin_id, message_id, content_hash in shown:
        same = (col(GroupPin.id) == pin_id) & (col(GroupPin.message_id) == message_id)
        session.exec(update(GroupPin).where(same).values(content_hash=content_hash))


def forget_shown(session: Session, pin_id: int) -> None:
    """Has a pin shown again by the tick, whatever its message says."""
    session.exec(update(GroupPin).where(col(GroupPin.id) == pin_id).values(content_hash=""))


def move_chat(session: Session, old_id: int, new_id: int) -> None:
    """Rewrites a group's id after its upgrade to a supergroup; what was already stored under the new id gives way.

    Pins have to be sent anew: message ids do not move along.
    """
    old = session.get(Chat, old_id)
    if old is None or old_id == new_id:
        return
    if (new := session.get(Chat, new_id)) is not None:
        session.delete(new)
        session.flush()
    session.exec(update(Chat).where(col(Chat.id) == old_id).values(id=new_id))
    outbox.follow_chat(session, old_id, new_id)
    anew = {"content_hash": "", "message_id": 0, "posting_at": None}
    session.exec(update(GroupPin).where(col(GroupPin.chat_id) == new_id).values(**anew))
    session.expire_all()


def pins_of_chat(session: Session, chat_id: int) -> Sequence[GroupPin]:
    """Returns the stored pins of a chat."""
    return session.exec(select(GroupPin).where(GroupPin.chat_id == chat_id).order_by(col(GroupPin.id))).all()


def chat_title(session: Session, chat_id: int) -> str:
    """Returns a group's name, or its id when none is known."""
    chat = session.get(Chat, chat_id)
    return chat.title if chat is not None and chat.title else str(chat_id)
