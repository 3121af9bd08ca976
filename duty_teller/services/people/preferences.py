"""What a person chooses for themselves: language, when to be reminded, quiet hours, which notices not to get.

Every change raises the revision of people, so that what is remembered of them is read anew everywhere.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.models import NoticeKind, User
from duty_teller.i18n import LANGUAGES, LocalizedError
from duty_teller.services.outbox import choices

_CLOCK: Final = r"(\d{1,2})(?:[:.](\d{2}))?"


@dataclass(frozen=True, slots=True)
class Preferences:
    """A person's choices, detached.

    Attributes:
        leads: Minutes before a shift, the longest first.
        quiet: Begin and end on the wall clock of the roster's zone, or None.
        off: Kinds that are switched off.
        linked: Whether the person is on the roster, and so has shifts to be reminded of.
    """

    leads: tuple[int, ...]
    quiet: tuple[time, time] | None
    off: frozenset[NoticeKind]
    linked: bool


def look(session: Session, user_id: int) -> Preferences:
    """Returns a person's choices."""
    user = session.get_one(User, user_id)
    return Preferences(
        choices.leads_of(user),
        choices.quiet_of(user),
        choices.kinds_off(user),
        user.linked_at is not None or repository.has_shifts(session, user_id),
    )


def set_language(session: Session, user_id: int, language: str | None, now: datetime) -> User:
    """Sets the language a person reads; None: whatever Telegram is in. The events of their calendars move.

    Raises:
        ValueError: It is none of the catalogue.
    """
    if language is not None and language not in LANGUAGES:
        raise ValueError(language)
    user = session.get_one(User, user_id)
    if user.language != language:
        user.language = language
        session.add(user)
        session.flush()
        repository.show_links_anew(session, user_id, now)
    _stored(session, user)
    return user


def set_lead(session: Session, user_id: int, minutes: int, on: bool) -> None:
    """Adds one of `choices.LEADS` to the reminders before a shift, or takes it away.

    Raises:
        ValueError: It is none of them.
    """
    if minutes not in choices.LEADS:
        raise ValueError(minutes)
    user = session.get_one(User, user_id)
    kept = {*choices.leads_of(user)} - {minutes}
    user.reminder_leads = choices.leads_text(tuple(kept | ({minutes} if on else set())))
    _stored(session, user)


def never_remind(session: Session, user_id: int) -> None:
    """Takes all reminders before shifts away."""
    user = session.get_one(User, user_id)
    user.reminder_leads = ""
    _stored(session, user)


def parse_quiet(text: str) -> tuple[time, time]:
    """Reads quiet hours as people type them: `22:00-07:00`, `22–7`, `from 22.30 to 7.15`.

    Raises:
        LocalizedError: `view.quiet_bad`: not two times of a day, or twice the same.
    """
    typed = [spoken.typed for spoken in LANGUAGES.values()]
    since = "|".join(re.escape(word) for one in typed for word in one.since)
    until = "|".join(re.escape(word) for one in typed for word in one.until)
    written = rf"(?:{since})?\s*{_CLOCK}\s*(?:-|–|—|{until})\s*{_CLOCK}"
    match = re.fullmatch(written, text.strip(), re.IGNORECASE)
    try:
        if match is None:
            raise ValueError(text)
        start, end = time(int(match[1]), int(match[2] or 0)), time(int(match[3]), int(match[4] or 0))
        if start == end:
            raise ValueError(text)
    except ValueError as error:
        raise LocalizedError("view.quiet_bad", text=text.strip()[:32]) from error
    return start, end


def set_quiet(session: Session, user_id: int, span: tuple[time, time] | None) -> None:
    """Sets a person's quiet hours, or (None) ends them."""
    user = session.get_one(User, user_id)
    user.quiet_hours = None if span is None else f"{span[0]:%H:%M}-{span[1]:%H:%M}"
    _stored(session, user)


def set_kind(session: Session, user_id: int, kind: NoticeKind, on: bool) -> None:
    """Switches a kind of notices on or off for a person."""
    user = session.get_one(User, user_id)
    off = set(choices.kinds_off(user)) - {kind}
    user.notices_off = ",".join(sorted(off if on else off | {kind}))
    _stored(session, user)


def _stored(session: Session, user: User) -> None:
    session.add(user)
    repository.raise_revision(session, "people")
