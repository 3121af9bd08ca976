"""Which groups can be asked for cover instead of the people one by one: those that show the roster."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from duty_teller.db.models import Chat, GroupPin
from duty_teller.services.cover_service.model import CoverError


@dataclass(frozen=True, slots=True)
class GroupToAsk:
    """A trusted group the bot is in: its name (or id), and the topic in which it shows the roster (0: none)."""

    chat_id: int
    title: str
    thread_id: int


def groups(session: Session, roster_id: int) -> list[GroupToAsk]:
    """Returns the groups that show a roster, by name; the topic is that of the roster's oldest pin there."""
    statement = (
        select(Chat, GroupPin.thread_id)
        .join(GroupPin, col(GroupPin.chat_id) == col(Chat.id))
        .where(GroupPin.roster_id == roster_id, col(Chat.trusted), col(Chat.left_at).is_(None))
        .order_by(col(Chat.title), col(Chat.id), col(GroupPin.id))
    )
    found: dict[int, GroupToAsk] = {}
    for chat, thread_id in session.exec(statement):
        found.setdefault(chat.id, GroupToAsk(chat.id, chat.title or str(chat.id), thread_id))
    return list(found.values())


def group(session: Session, roster_id: int, chat_id: int) -> GroupToAsk:
    """Returns a group that can be asked for cover in a roster.

    Raises:
        CoverError: `cover.group_gone`: the bot has left it, no admin trusts it, or it does not show the roster.
    """
    for one in groups(session, roster_id):
        if one.chat_id == chat_id:
            return one
    raise CoverError("cover.group_gone")
