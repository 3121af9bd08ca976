"""From the outbox to the sender and back: what is due, the attempt (committed before sending), and the outcome."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, delete, select, update

from duty_teller.config import Settings
from duty_teller.db.models import Chat, Notice, NoticeKind, NoticeOutcome, Roster, User
from duty_teller.db.session import notes_only
from duty_teller.i18n import get_lang
from duty_teller.services.outbox import choices
from duty_teller.services.outbox.quiet import quiet_span
from duty_teller.services.people import access, accounts
from duty_teller.services.people.access import Level
from duty_teller.services.people.admin_notices import OF_ONESELF
from duty_teller.utils.buttons import Button

KEEP: Final = timedelta(days=60)
_LONGEST_WAIT: Final = 60
_LOUD: Final = frozenset({NoticeKind.SHORT_NOTICE, NoticeKind.STARTS, NoticeKind.DIGEST})


@dataclass(frozen=True, slots=True)
class Rendered:
    """A notice as it is sent: Telegram HTML, and buttons, one a row."""

    html: str
    buttons: tuple[Button, ...] = ()


Render = Callable[[Session, Notice, str, datetime], Rendered | None]
"""Puts a notice into words (`texts.notices.render_notice`): session, notice, language, present instant; None when it is
no longer true."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notice whose attempt is committed: what to send where."""

    notice_id: int
    chat_id: int
    thread_id: int
    user_id: int | None
    language: str
    text: Rendered
    silent: bool


def due(session: Session, now: datetime, number: int) -> tuple[list[int], datetime | None]:
    """Returns the notices to be sent now, by due time, and when the next one after them is due."""
    statement = select(Notice.id).where(col(Notice.closed_at).is_(None))
    order = col(Notice.due_at), col(Notice.id)
    found = session.exec(statement.where(Notice.due_at <= now).order_by(*order).limit(number)).all()
    later = select(Notice.due_at).where(col(Notice.closed_at).is_(None), Notice.due_at > now)
    return [n for n in found if n is not None], session.exec(later.order_by(col(Notice.due_at)).limit(1)).first()


def has_interrupted(session: Session) -> bool:
    """Tells whether an attempt's outcome is not known."""
    statement = select(Notice.id).where(col(Notice.closed_at).is_(None), col(Notice.attempted_at).is_not(None))
    return session.exec(statement.limit(1)).first() is not None


def release_interrupted(session: Session) -> int:
    """Lets notices go again whose process died between attempt and outcome; returns how many."""
    notes_only(session)
    statement = select(Notice).where(col(Notice.closed_at).is_(None), col(Notice.attempted_at).is_not(None))
    found = session.exec(statement).all()
    for notice in found:
        notice.attempted_at = None
        notice.uncertain += 1
        session.add(notice)
    return len(found)


def retry_now(session: Session, now: datetime) -> None:
    """Lets notices go at once that failed and wait for an instant the clock was set back before."""
    notes_only(session)
    waiting = (col(Notice.closed_at).is_(None), col(Notice.attempts) > 0, col(Notice.due_at) > now)
    session.exec(update(Notice).where(*waiting).values(due_at=now))


def has_old(session: Session, now: datetime) -> bool:
    """Tells whether there are closed notices to be thrown away."""
    return session.exec(select(Notice.id).where(col(Notice.closed_at) < now - KEEP).limit(1)).first() is not None


def throw_old_away(session: Session, now: datetime) -> None:
    """Deletes what was closed more than 60 days ago."""
    notes_only(session)
    session.exec(delete(Notice).where(col(Notice.closed_at) < now - KEEP))


def claim(session: Session, notice_id: int, settings: Settings, now: datetime, render: Render) -> Outgoing | None:
    """Notes an attempt, or closes what need not be sent.

    Args:
        session: A writing session; it is committed before sending.
        notice_id: Which.
        settings: Tell who is an admin, and the default language.
        now: The present instant.
        render: Puts it into words.

    Returns:
        What to send; None: nothing (over, withdrawn, gone).
    """
    notice = session.get(Notice, notice_id)
    if notice is None or notice.closed_at is not None:
        notes_only(session)
        return None
    session.add(notice)
    if now >= notice.expires_at:
        notice.closed_at, notice.outcome = now, NoticeOutcome.EXPIRED
        return None
    outgoing = _outgoing(session, notice, settings, now, render)
    if outgoing is None:
        notice.closed_at, notice.outcome = now, NoticeOutcome.WITHDRAWN
        return None
    notes_only(
        session
    )  # what is closed without having been sent is more than a note: a reminder may have waited for it
    notice.attempts += 1
    notice.attempted_at = now
    return outgoing


def _outgoing(session: Session, notice: Notice, settings: Settings, now: datetime, render: Render) -> Outgoing | None:
    number, default = notice.id or 0, settings.default_language
    if notice.chat_id is not None:
        chat = session.get(Chat, notice.chat_id)
        if chat is None or not chat.trusted or chat.left_at is not None:
            return None
        lang = chat.language or default
        text = render(session, notice, lang, now)
        return Outgoing(number, chat.id, notice.thread_id, None, lang, text, False) if text is not None else None
    user = session.get(User, notice.user_id)
    if user is None or not user.is_active or not user.reachable or user.telegram_user_id is None:
        return None
    of_oneself = notice.dedupe_key.startswith(OF_ONESELF)
    if not (choices.wants(user, notice.kind) or of_oneself) or (
        notice.kind == NoticeKind.STARTS and not choices.leads_of(user)
    ):
        return None
    account = user.telegram_user_id
    for_admins = notice.kind in choices.FOR_ADMINS and not of_oneself
    if for_admins and access.level_of(session, settings, account) != Level.ADMIN:
        return None
    lang = get_lang(user, default)
    text = render(session, notice, lang, now)
    if text is None:
        return None
    return Outgoing(number, account, 0, user.id, lang, text, _silent(session, notice, user, now))


def _silent(session: Session, notice: Notice, user: User, now: datetime) -> bool:
    if notice.kind in _LOUD:
        return False
    roster = session.get(Roster, notice.roster_id) if notice.roster_id else session.exec(_FIRST_ROSTER).first()
    return roster is not None and quiet_span(user, now, roster.timezone) is not None


_FIRST_ROSTER = select(Roster).where(col(Roster.retired_at).is_(None)).order_by(col(Roster.id)).limit(1)


def note_sent(session: Session, notice_id: int, now: datetime) -> None:
    """Closes a notice that Telegram has taken."""
    notes_only(session)
    _close(session, notice_id, NoticeOutcome.SENT, None, now)


def note_refused(session: Session, notice_id: int, user_id: int | None, error: str, now: datetime) -> None:
    """Closes a notice that Telegram refuses for good; with a person, the bot cannot reach them any more."""
    _close(session, notice_id, NoticeOutcome.REFUSED, error, now)
    if user_id is not None and session.get(User, user_id) is not None:
        accounts.set_reachable(session, user_id, False)


def _close(session: Session, notice_id: int, outcome: NoticeOutcome, error: str | None, now: datetime) -> None:
    notice = session.get(Notice, notice_id)
    if notice is not None:
        notice.closed_at, notice.outcome, notice.attempted_at = now, outcome, None
        notice.last_error = error[:500] if error else notice.last_error
        session.add(notice)


def note_later(
    session: Session, notice_id: int, error: str, now: datetime, wait: timedelta | None = None, uncertain: bool = False
) -> None:
    """Lets a notice wait.

    Args:
        session: A writing session.
        notice_id: Which.
        error: Why.
        now: The present instant.
        wait: How long; None: 1, 2, 4 … 60 s by the number of attempts.
        uncertain: It may have arrived: the next attempt may be a second copy.
    """
    notes_only(session)
    notice = session.get(Notice, notice_id)
    if notice is None:
        return
    if notice.attempted_at is None:
        notice.attempts += 1  # it did not even get so far
    seconds = min(2 ** min(max(notice.attempts - 1, 0), 6), _LONGEST_WAIT)
    notice.due_at = now + (wait if wait is not None else timedelta(seconds=seconds))
    notice.attempted_at, notice.last_error = None, error[:500]
    notice.uncertain += int(uncertain)
    session.add(notice)
