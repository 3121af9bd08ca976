"""Member tags: in groups that want it, whoever is on duty wears one; what they wore before is given back.

What is stored is what has to be undone: a row is committed before a tag is given and goes once it was taken back, so
that no restart forgets a tag. What Telegram refuses for good is asked again at the person's next duty, or when the
bot's rights have changed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, select, update

from duty_teller.db import repository
from duty_teller.db.models import Chat, GroupPin, MemberTag, User
from duty_teller.db.session import notes_only
from duty_teller.i18n import LANGUAGES, t
from duty_teller.services import schedule_service


@dataclass(frozen=True, slots=True)
class TagJob:
    """What has to be done about a member's tag.

    Attributes:
        chat_id: The group.
        telegram_user_id: The member.
        give: The tag to be worn from now on; None: take ours back.
        before: What was worn before; None: not known yet.
        ours: What is worn by us; empty: nothing.
    """

    chat_id: int
    telegram_user_id: int
    give: str | None
    before: str | None = None
    ours: str = ""


def set_wanted(session: Session, chat_id: int, wanted: bool) -> None:
    """Says whether a group wants whoever is on duty to wear a tag; what was refused is asked again."""
    chat = session.get(Chat, chat_id)
    if chat is not None:
        chat.duty_tag = wanted
        session.add(chat)
        ask_again(session, chat_id)


def ask_again(session: Session, chat_id: int) -> None:
    """Forgets what Telegram has refused in a group: a right may have come."""
    session.exec(delete(MemberTag).where(col(MemberTag.chat_id) == chat_id, col(MemberTag.refused)))


def due(session: Session, now: datetime, default_language: str) -> tuple[list[TagJob], datetime | None]:
    """Returns what has to be done about tags, and the next instant at which there is more.

    Args:
        session: Where to read.
        now: The present instant.
        default_language: Of groups that have chosen none.
    """
    kept = {(row.chat_id, row.telegram_user_id): row for row in session.exec(select(MemberTag))}
    chats = session.exec(select(Chat).where(col(Chat.duty_tag), col(Chat.trusted), col(Chat.left_at).is_(None))).all()
    if not chats and not kept:
        return [], None
    jobs: list[TagJob] = []
    wanted: set[tuple[int, int]] = set()
    on_duty, boundary = _on_duty(session, now) if chats else ({}, None)
    pinned: dict[int, set[int]] = {}
    for pin in session.exec(select(GroupPin)):
        pinned.setdefault(pin.chat_id, set()).add(pin.roster_id)
    for chat in chats:
        tag = t(chat.language or default_language, "groups.tag")
        theirs = pinned.get(chat.id) or on_duty.keys()
        for account in sorted({one for roster_id in theirs for one in on_duty.get(roster_id, ())}):
            wanted.add((chat.id, account))
            row = kept.get((chat.id, account))
            if row is None:
                jobs.append(TagJob(chat.id, account, tag))
            elif not row.refused and (row.tag != tag or not row.worn):
                jobs.append(TagJob(chat.id, account, tag, row.before, row.tag))
    over = [
        TagJob(*place, None, row.before, row.tag if row.worn or not row.refused else "")
        for place, row in kept.items()
        if place not in wanted
    ]
    return [*over, *jobs], boundary


def _on_duty(session: Session, now: datetime) -> tuple[dict[int, list[int]], datetime | None]:
    """Returns the accounts of those on duty in each roster, and when that is over."""
    accounts = dict(session.exec(select(User.id, User.telegram_user_id)).all())
    found: dict[int, list[int]] = {}
    until: list[datetime] = []
    for roster in repository.rosters(session):
        answer = schedule_service.now_and_next(session, roster, now)
        people = (accounts.get(stretch.row.user_id) for stretch in answer.current)
        found[roster.id or 0] = [account for account in people if account is not None]
        until += [answer.valid_until] if answer.valid_until is not None else []
    return found, min(until, default=None)


def is_ours(tag: str) -> bool:
    """Tells whether a tag reads like one of ours, in any language: one that a lost database has left, say."""
    return tag in {t(lang, "groups.tag") for lang in LANGUAGES}


def note_before(session: Session, job: TagJob, before: str) -> None:
    """Stores what a member wears, to be committed before the tag is given."""
    notes_only(session)
    session.merge(
        MemberTag(chat_id=job.chat_id, telegram_user_id=job.telegram_user_id, before=before, tag=job.give or "")
    )


def note_refused(session: Session, job: TagJob) -> None:
    """Stores that Telegram refuses a tag for good; one that is worn already stays known."""
    notes_only(session)
    row = session.get(MemberTag, (job.chat_id, job.telegram_user_id))
    row = row or MemberTag(chat_id=job.chat_id, telegram_user_id=job.telegram_user_id)
    row.refused = True
    session.add(row)


def note_worn(session: Session, job: TagJob) -> None:
    """Stores that a member wears the tag."""
    notes_only(session)
    session.exec(update(MemberTag).where(_is_of(job)).values(worn=True, tag=job.give))


def forget(session: Session, job: TagJob) -> None:
    """Forgets a tag that was taken back, or that nothing can be done about any more."""
    notes_only(session)
    session.exec(delete(MemberTag).where(_is_of(job)))


def _is_of(job: TagJob) -> ColumnElement[bool]:
    return (col(MemberTag.chat_id) == job.chat_id) & (col(MemberTag.telegram_user_id) == job.telegram_user_id)
