"""What admins are told about people: put into the outbox by the transaction that causes it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.db.models import AccessKind, Notice, NoticeKind, User
from duty_teller.services.outbox import outbox
from duty_teller.utils.callback_data import ID, LANG, PAGE, declare, words
from duty_teller.utils.user import Visitor

_TELL_FOR: Final = timedelta(days=30)
"""Who may do what stays true: an admin who was away for weeks should still hear of it."""

_TELL_OF_POLLER_FOR: Final = timedelta(hours=12)

ASK_AGAIN_AFTER: Final = timedelta(hours=12)
_ANSWER_WITHIN: Final = timedelta(days=7)

OF_ONESELF: Final = "role:"
"""Begins the key of what a person is told of their own rights, whether or not they are an admin."""

VARIABLES: Final = {AccessKind.ADMIN: "ADMIN_USERNAMES", AccessKind.ALLOWED: "ALLOWED_USERNAMES"}


UNLINK: Final = declare("unlink:", ID, ID)
"""A person, and the account that is not theirs."""
CONFIRM: Final = declare("link:", words("y", "n"), ID, ID, LANG)
"""Whether a person is the account that bears their @username, and the account's language."""
DECIDE: Final = declare("join:", words("y", "n"), ID)
"""On a claim."""
JOINS: Final = declare("joins:", PAGE)
"""All claims and requests that wait."""
ACCESS: Final = declare("ask:", words("in", "no"), ID)
WHO: Final = declare("askwho:", ID, PAGE)
"""Of a stranger's request: the people it may come from."""


def account_text(visitor: Visitor) -> str:
    """Returns an account as admins read it: `Sam (@sam)`; not escaped."""
    return f"{visitor.full_name} (@{visitor.username})" if visitor.username else visitor.full_name


def name_bound(session: Session, admins: Sequence[User], kind: AccessKind, visitor: Visitor, now: datetime) -> None:
    """Tells the admins that a name of the environment now belongs to the account that was the first to show it.

    Args:
        session: The writing session of the binding.
        admins: Whom to tell; the account itself is left out.
        kind: Which variable.
        visitor: The account.
        now: The present instant.
    """
    name, account = (visitor.username or "").lower(), visitor.telegram_user_id
    text = {"name": name, "account": visitor.full_name, "id": str(account), "variable": VARIABLES[kind]}
    for admin in admins:
        if admin.telegram_user_id != account:
            key = f"bound:{kind}:{name}:{account}:{admin.id}"
            payload = outbox.plain("people.name_bound", text)
            outbox.put(session, NoticeKind.PEOPLE, key, payload, now, now + _TELL_FOR, user_id=admin.id)


def another_poller(session: Session, admins: Sequence[User], now: datetime) -> None:
    """Tells the admins, once a day at most, that another process takes the bot's messages with the same token.

    Args:
        session: A writing session.
        admins: Whom to tell.
        now: The present instant.
    """
    for admin in admins:
        payload = outbox.plain("people.another_poller", {})
        key = f"poller:{now.date().isoformat()}:{admin.id}"
        outbox.put(session, NoticeKind.PEOPLE, key, payload, now, now + _TELL_OF_POLLER_FOR, user_id=admin.id)


def wrong_clock(session: Session, admins: Sequence[User], now: datetime) -> None:
    """Tells the admins, once a day at most, that the clock is wrong by which shifts and reminders go.

    Args:
        session: A writing session.
        admins: Whom to tell.
        now: What the clock says.
    """
    for admin in admins:
        payload = outbox.plain("people.wrong_clock", {"moment": f"{now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"})
        key = f"clock:{now.date().isoformat()}:{admin.id}"
        outbox.put(session, NoticeKind.PEOPLE, key, payload, now, now + _TELL_OF_POLLER_FOR, user_id=admin.id)


def no_backup(session: Session, admins: Sequence[User], why: str, now: datetime) -> None:
    """Tells the admins, once a day at most, that the backup of the night could not be made.

    Args:
        session: A writing session.
        admins: Whom to tell.
        why: In English, as the system says it.
        now: The present instant.
    """
    for admin in admins:
        payload = outbox.plain("backup.failed_tonight", {"why": why})
        key = f"backup:{now.date().isoformat()}:{admin.id}"
        outbox.put(session, NoticeKind.PEOPLE, key, payload, now, now + _TELL_OF_POLLER_FOR, user_id=admin.id)


def joined(
    session: Session, admins: Sequence[User], person: User, visitor: Visitor, now: datetime, said_by: int | None = None
) -> None:
    """Tells the admins which account a person now has, with a button that takes it away: a link may have got lost.

    Args:
        session: The writing session of the linking.
        admins: Whom to tell; the account itself is left out.
        person: Whose account it now is.
        visitor: The account.
        now: The present instant.
        said_by: Number of the admin who has said so, and needs no telling.
    """
    account = visitor.telegram_user_id
    text = {"name": person.full_name, "account": account_text(visitor)}
    buttons = {"bot.joined_wrong": UNLINK(person.id or 0, account)}
    for admin in admins:
        if admin.telegram_user_id != account and admin.id != said_by:
            key = f"joined:{person.id}:{account}:{int(now.timestamp())}:{admin.id}"
            payload = outbox.plain("bot.joined", text, buttons)
            outbox.put(session, NoticeKind.PEOPLE, key, payload, now, now + _TELL_FOR, user_id=admin.id)


def was_asked(session: Session, telegram_user_id: int, now: datetime) -> bool:
    """Tells whether the admins were asked about a stranger's account in the last twelve hours."""
    statement = select(Notice.id).where(
        col(Notice.dedupe_key) >= f"newcomer:{telegram_user_id}:",  # a range of the index; LIKE reads the whole table
        col(Notice.dedupe_key) < f"newcomer:{telegram_user_id};",
        col(Notice.created_at) > now - ASK_AGAIN_AFTER,
    )
    return session.exec(statement.limit(1)).first() is not None


def ask_who(
    session: Session, admins: Sequence[User], person: User, visitor: Visitor, spoken: str, now: datetime
) -> None:
    """Asks the admins whether a stranger who bears a person's @username is that person.

    Args:
        session: A writing session.
        admins: Whom to ask.
        person: Who it may be; has no account.
        visitor: The stranger.
        spoken: The stranger's language, to be welcomed in.
        now: The present instant.
    """
    text = {"username": visitor.username or "", "account": visitor.full_name, "name": person.full_name}
    data = person.id or 0, visitor.telegram_user_id, spoken
    buttons = {"bot.confirm_yes": CONFIRM("y", *data), "bot.confirm_no": CONFIRM("n", *data)}
    for admin in admins:
        key = f"newcomer:{visitor.telegram_user_id}:{person.id}:{int(now.timestamp())}:{admin.id}"
        payload = outbox.plain("bot.confirm_ask", text, buttons)
        outbox.put(session, NoticeKind.PEOPLE, key, payload, now, now + _ANSWER_WITHIN, user_id=admin.id)


def ill_now(
    session: Session,
    admin: User,
    name: str,
    spans: str,
    data: str,
    change_id: int,
    expires_at: datetime,
    now: datetime,
) -> None:
    """Tells an admin at once that somebody is ill who is on duty now or soon.

    Args:
        session: The writing session of the absence.
        admin: Whom to tell.
        name: Who is ill.
        spans: When they would be on duty, in the admin's language.
        data: Of the button that opens the shift.
        change_id: The change that entered it.
        expires_at: The end of the last of these duties.
        now: The present instant.
    """
    payload = outbox.plain("away.ill_now", {"name": name, "spans": spans}, {"change.button": data})
    key = f"ill:{change_id}:{admin.id}"
    outbox.put(session, NoticeKind.PEOPLE, key, payload, now, expires_at, user_id=admin.id)
