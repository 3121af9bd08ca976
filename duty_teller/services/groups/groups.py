"""Groups: who let the bot in, what switches their pins off and on again, and what the admins are told."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.config import Settings
from duty_teller.db.models import Chat, DigestKind, GroupPin, NoticeKind, Roster, User
from duty_teller.services.group_duty_pin_service import chat_title, pins_of_chat
from duty_teller.services.groups import tags
from duty_teller.services.outbox import outbox
from duty_teller.services.people import access, accounts
from duty_teller.services.people.access import Level
from duty_teller.utils.callback_data import CHAT, PAGE, declare

_FRESH: Final = timedelta(days=7)
TRUST: Final = declare("grp:trust:", CHAT)
"""A group that is to be trusted and to get its pins."""
LEAVE: Final = declare("grp:leave:", CHAT)
DIGESTS: Final = declare("set:dg:", PAGE)
"""The groups, each with its digest."""
TEXTS: Final = {
    "kicked": "groups.off_kicked",
    "not_member": "groups.off_not_member",
    "no_write": "groups.off_no_write",
    "no_pin": "groups.off_no_pin",
    "topic_closed": "groups.off_topic_closed",
    "topic_deleted": "groups.off_topic_deleted",
    "chat_gone": "groups.off_chat_gone",
}
"""What a pin's failure is told as."""
_REMOVED: Final = frozenset({"kicked", "not_member"})
"""Reasons that are over when the bot is added again."""


def switch_off(
    session: Session, settings: Settings, now: datetime, reason: str, chat_id: int, pin_ids: Collection[int]
) -> None:
    """Switches pins of a group off and tells the admins, once for all pins of a group that fail for one reason.

    Args:
        session: A writing session.
        settings: Says who the admins are.
        now: The present instant.
        reason: A key of `TEXTS`.
        chat_id: The group.
        pin_ids: Its pins.
    """
    pins = pins_of_chat(session, chat_id)
    told = any(pin.failure == reason for pin in pins)
    for pin in (pin for pin in pins if pin.id in pin_ids):
        pin.failure, pin.posting_at = reason, None
        session.add(pin)
    if not told:
        payload = outbox.plain(TEXTS[reason], {"title": chat_title(session, chat_id)})
        for user in access.admins_to_tell(session, settings, NoticeKind.GROUPS):
            key = f"pin-off:{chat_id}:{reason}:{now.isoformat()}:{user.id}"
            outbox.put(session, NoticeKind.GROUPS, key, payload, now, now + _FRESH, user_id=user.id)


def digest_refused(session: Session, settings: Settings, chat_id: int, reason: str, now: datetime) -> None:
    """Notes that Telegram takes no digest of a group for good.

    A group that the bot was removed from gets it again when the bot is back. Otherwise it is switched off and the
    admins are told, once; a topic that was deleted is forgotten, so that the next digest goes to the group itself.

    Args:
        session: A writing session.
        settings: Says who the admins are.
        chat_id: The group.
        reason: A key of `TEXTS`.
        now: The present instant.
    """
    chat = session.get(Chat, chat_id)
    if chat is None or chat.digest == DigestKind.OFF:
        return
    if reason in _REMOVED:
        bot_left(session, settings, chat_id, now)
        return
    chat.digest = DigestKind.OFF
    if reason == "topic_deleted":
        chat.digest_thread_id = 0
    session.add(chat)
    args = {"title": chat_title(session, chat_id)}
    payload = outbox.plain("groups.digest_refused", args, {"settings.to_digest": DIGESTS(0)})
    for user in access.admins_to_tell(session, settings, NoticeKind.GROUPS):
        key = f"digest-off:{chat_id}:{now.isoformat()}:{user.id}"
        outbox.put(session, NoticeKind.GROUPS, key, payload, now, now + _FRESH, user_id=user.id)


def bot_left(session: Session, settings: Settings, chat_id: int, now: datetime) -> None:
    """Notes that the bot was removed from a group; its pins wait for it to come back."""
    chat = session.get(Chat, chat_id)
    if chat is None:
        return
    chat.left_at = now
    session.add(chat)
    on = [pin.id or 0 for pin in pins_of_chat(session, chat_id) if pin.failure is None]
    if chat.trusted and on:
        switch_off(session, settings, now, "kicked", chat_id, on)


def bot_is_there(session: Session, chat_id: int, title: str, may_write: bool, may_pin: bool) -> bool:
    """Notes that the bot is in a group and what it may; pins that failed for want of it come back.

    Returns:
        Whether the group is trusted.
    """
    chat = session.get(Chat, chat_id)
    if chat is None:
        return False
    chat.left_at, chat.title = None, title[:255]
    session.add(chat)
    still = {"topic_closed", "topic_deleted"}
    still |= (set() if may_write else {"no_write"}) | (set() if may_pin else {"no_pin"})
    if chat.trusted:  # whatever else it was (also what an older version has noted) may be over
        off = [pin for pin in pins_of_chat(session, chat_id) if pin.failure is not None]
        switch_on(session, [pin for pin in off if pin.failure not in still])
        tags.ask_again(session, chat_id)
    return chat.trusted


def topic_reopened(session: Session, chat_id: int, thread_id: int) -> None:
    """Brings a topic's pins back."""
    pins = pins_of_chat(session, chat_id)
    switch_on(session, [pin for pin in pins if pin.thread_id == thread_id and pin.failure == "topic_closed"])


def switch_on(session: Session, pins: Sequence[GroupPin]) -> None:
    """Has the tick show and pin messages again."""
    for pin in pins:
        pin.failure, pin.content_hash = None, ""
        session.add(pin)


def added_by_somebody(
    session: Session, settings: Settings, chat_id: int, title: str, who: str, account: int, now: datetime
) -> None:
    """Asks the admins about a group to which the bot was added by somebody who is none, or cannot be written to.

    Where that is nobody, or the admin who added the bot has not pressed Start, they are asked when they can be.

    Args:
        session: A writing session.
        settings: Says who the admins are.
        chat_id: The group.
        title: Its title.
        who: Who added the bot.
        account: Their Telegram account.
        now: The present instant.
    """
    admins = access.admins_to_tell(session, settings, NoticeKind.GROUPS)
    for user in admins:
        _ask_about(session, user, chat_id, title, who, account, now)
    adds_as_admin = access.level_of(session, settings, account) == Level.ADMIN
    if not admins or (adds_as_admin and all(user.telegram_user_id != account for user in admins)):
        chat = session.get(Chat, chat_id) or Chat(id=chat_id)
        chat.title, chat.added_by, chat.added_by_account = title[:255], who[:200], account
        session.add(chat)


def _ask_about(
    session: Session, user: User, chat_id: int, title: str, who: str, account: int | None, now: datetime
) -> None:
    buttons = {"groups.trust_and_pin": TRUST(chat_id), "groups.leave": LEAVE(chat_id)}
    if user.telegram_user_id == account:
        payload = outbox.plain("groups.you_added", {"title": title}, buttons)
    else:
        payload = outbox.plain("groups.added", {"title": title, "who": who}, buttons)
    key = f"added:{chat_id}:{now.isoformat()}:{user.id}"
    outbox.put(session, NoticeKind.GROUPS, key, payload, now, now + _FRESH, user_id=user.id)


def to_ask_about(session: Session, settings: Settings) -> list[tuple[Chat, list[User]]]:
    """Returns the groups of which admins can be asked now who could not be when the bot was added; reads only."""
    waiting = select(Chat).where(
        col(Chat.added_by).is_not(None), col(Chat.trusted).is_(False), col(Chat.left_at).is_(None)
    )
    chats = session.exec(waiting.order_by(col(Chat.id))).all()
    admins = access.admins_to_tell(session, settings, NoticeKind.GROUPS) if chats else []
    found = []
    for chat in chats:
        by_admin = access.level_of(session, settings, chat.added_by_account or 0) == Level.ADMIN
        asked = [user for user in admins if not by_admin or user.telegram_user_id == chat.added_by_account]
        if asked:
            found.append((chat, asked))
    return found


def ask_about_groups(session: Session, settings: Settings, now: datetime) -> None:
    """Asks the admins who can be asked now, once."""
    for chat, admins in to_ask_about(session, settings):
        for user in admins:
            _ask_about(session, user, chat.id, chat.title, chat.added_by or "?", chat.added_by_account, now)
        chat.added_by = chat.added_by_account = None
        session.add(chat)


def rename(session: Session, chat_id: int, title: str) -> None:
    """Follows a group's title."""
    chat = session.get(Chat, chat_id)
    if chat is not None:
        chat.title = title[:255]
        session.add(chat)


def set_language(session: Session, chat_id: int, lang: str) -> None:
    """Chooses a group's language; its pins follow."""
    chat = session.get(Chat, chat_id)
    if chat is not None:
        chat.language = lang
        session.add(chat)


def basic_group_named(session: Session, title: str) -> list[int]:
    """Returns the trusted basic groups of a title: a supergroup of that title may be one of them, upgraded."""
    statement = select(Chat.id).where(col(Chat.trusted), col(Chat.title) == title[:255], col(Chat.id) > -(10**12))
    return list(session.exec(statement))


def pin_names(session: Session, chat_id: int) -> list[tuple[int, str, int]]:
    """Returns a group's pins: (id, the roster's name, topic)."""
    return [(p.id or 0, session.get_one(Roster, p.roster_id).name, p.thread_id) for p in pins_of_chat(session, chat_id)]


def forget_pins(session: Session, chat_id: int, pin_id: int = 0) -> list[int]:
    """Forgets a pin of a group (0: all of them); returns the messages to take down."""
    pins = [pin for pin in pins_of_chat(session, chat_id) if pin_id in (0, pin.id)]
    messages = [pin.message_id for pin in pins if pin.message_id]
    for pin in pins:
        session.delete(pin)
    return messages


def untrust(session: Session, chat_id: int) -> list[int]:
    """Takes an admin's trust in a group back; returns the pinned messages to take down."""
    chat = session.get(Chat, chat_id)
    if chat is None:
        return []
    chat.trusted, chat.trusted_by, chat.digest, chat.duty_tag = False, None, DigestKind.OFF, False
    session.add(chat)
    return forget_pins(session, chat_id)


def set_reachable(session: Session, telegram_user_id: int, reachable: bool) -> None:
    """Notes that somebody known has blocked the bot, or lets it write again."""
    user_id = session.exec(select(User.id).where(col(User.telegram_user_id) == telegram_user_id)).one_or_none()
    if user_id is not None:
        accounts.set_reachable(session, user_id, reachable)
