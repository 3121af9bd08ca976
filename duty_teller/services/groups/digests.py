"""Which groups want fresh messages beside their pin: the switch inside the group and the list in private use it."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from duty_teller.db.models import Chat, DigestKind, GroupPin
from duty_teller.i18n.core import LocalizedError


@dataclass(frozen=True, slots=True)
class DigestChat:
    """A trusted group the bot is in: its name (or id), and what it has asked for."""

    chat_id: int
    title: str
    digest: DigestKind


def digest_chats(session: Session) -> list[DigestChat]:
    """Returns the groups that can have a digest, by name."""
    statement = select(Chat).where(col(Chat.trusted), col(Chat.left_at).is_(None))
    chats = [_view(chat) for chat in session.exec(statement).all()]
    return sorted(chats, key=lambda chat: (chat.title.casefold(), chat.chat_id))


def digest_chat(session: Session, chat_id: int) -> DigestChat:
    """Returns a group that can have a digest.

    Raises:
        LocalizedError: `settings.digest_gone`, the bot is not in that group or no admin trusts it.
    """
    return _view(_chat(session, chat_id))


def _view(chat: Chat) -> DigestChat:
    return DigestChat(chat.id, chat.title or str(chat.id), chat.digest)


def _chat(session: Session, chat_id: int) -> Chat:
    chat = session.get(Chat, chat_id)
    if chat is None or not chat.trusted or chat.left_at is not None:
        raise LocalizedError("settings.digest_gone")
    return chat


def set_digest(session: Session, chat_id: int, kind: DigestKind, thread_id: int | None = None) -> DigestChat:
    """Says which digest a group gets.

    Args:
        session: A writing session.
        chat_id: The group.
        kind: Off, on Mondays, or at each hand-over.
        thread_id: The topic it goes to, 0 for none; None (chosen from elsewhere) keeps the topic of the digest so far,
            or takes that of the group's pin when there was none.

    Raises:
        LocalizedError: As `digest_chat`.
    """
    chat = _chat(session, chat_id)
    if thread_id is None and chat.digest == DigestKind.OFF:
        working = select(GroupPin.thread_id).where(GroupPin.chat_id == chat_id, col(GroupPin.failure).is_(None))
        statement = working.order_by(col(GroupPin.id))
        thread_id = session.exec(statement).first()
    if thread_id is not None:
        chat.digest_thread_id = thread_id
    chat.digest = kind
    session.add(chat)
    return _view(chat)
