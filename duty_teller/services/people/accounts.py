"""People: who is tied to which Telegram account, what they are called, what they may do.

A person from a file becomes a Telegram account by an invitation or by an admin's confirmation, never because a name
matches.
"""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, delete, select, update

from duty_teller.cache import invalidate_is_admin_cache
from duty_teller.db import repository
from duty_teller.db.models import (
    CalendarLink,
    Chat,
    ImportDraft,
    JoinRequest,
    JoinState,
    Notice,
    Role,
    ScheduleChange,
    User,
    UserAlias,
)
from duty_teller.db.session import on_commit
from duty_teller.i18n.core import LocalizedError
from duty_teller.importers.duty_schedule import fold_name
from duty_teller.services import schedule_service
from duty_teller.utils.secret_file import encode, signature
from duty_teller.utils.texts import visible
from duty_teller.utils.user import Visitor, normalize_phone

INVITATION_LIFETIME: Final = timedelta(days=7)
_INVITATION: Final = "i"
_LONGEST_NAME: Final = 200


class LinkError(LocalizedError):
    """A person and a Telegram account cannot be tied together; nothing was changed."""


def find(session: Session, user_id: int) -> User | None:
    """Returns a person by number."""
    return session.get(User, user_id)


def set_reachable(session: Session, user_id: int, reachable: bool) -> None:
    """Notes whether the bot may write to a person first: they have started it, or have blocked it."""
    user = session.get_one(User, user_id)
    if user.reachable != reachable:
        user.reachable = reachable
        session.add(user)
        repository.people_changed(session)


def set_phone(session: Session, user_id: int, phone: str | None) -> User:
    """Sets or (None) removes a person's phone.

    Raises:
        LocalizedError: `error.phone`.
    """
    user = session.get_one(User, user_id)
    user.phone = None if phone is None else normalize_phone(phone)
    session.add(user)
    repository.people_changed(session)
    return user


def is_of_roster(user: User) -> bool:
    """Tells a person of the roster from an account that was merely let in (an admin, somebody of ALLOWED_USERNAMES)."""
    return user.telegram_user_id is None or user.linked_at is not None


def unlinked_people(session: Session) -> list[User]:
    """Returns the active people without a Telegram account, by name; who only had shifts taken back is left out."""
    gone = repository.people_without_live_shifts(session)
    found = [u for u in repository.active_users(session) if u.telegram_user_id is None and u.id not in gone]
    return sorted(found, key=lambda user: user.full_name)


def people_named(session: Session, username: str | None) -> list[User]:
    """Returns the active people without an account whose file gave this @username: candidates for an admin's word."""
    if not username:
        return []
    return [user for user in unlinked_people(session) if (user.username or "").lower() == username.lower()]


def invitation(secret: bytes, user_id: int, now: datetime) -> str:
    """Returns the payload of an invitation link, `[A-Za-z0-9_-]`, under 64 characters, good for a week and one use.

    It needs no table: it ends when the person is linked, and all made so far end when an account is taken away again.
    """
    expires = int((now + INVITATION_LIFETIME).timestamp())
    return f"{_INVITATION}{user_id:x}-{expires:x}-{encode(signature(secret, 'invitation', user_id, expires)[:18])}"


def is_invitation(payload: str) -> bool:
    """Tells whether the payload of a /start looks like an invitation."""
    return payload.startswith(_INVITATION) and payload.count("-") >= 2


def invited_person(session: Session, secret: bytes, payload: str) -> User:
    """Returns whom an invitation was made for, expired or not.

    Raises:
        LinkError: `error.invitation_invalid`: forged, or the person is not active any more.
    """
    return _read_invitation(session, secret, payload)[0]


def _read_invitation(session: Session, secret: bytes, payload: str) -> tuple[User, int]:
    try:
        head, expires_text, _sent = payload.removeprefix(_INVITATION).split("-", 2)
        user_id, expires = int(head, 16), int(expires_text, 16)
    except ValueError as error:
        raise LinkError("error.invitation_invalid") from error
    expected = f"{_INVITATION}{user_id:x}-{expires:x}-{encode(signature(secret, 'invitation', user_id, expires)[:18])}"
    person = session.get(User, user_id) if hmac.compare_digest(expected.encode(), payload.encode()) else None
    if person is None or not person.is_active:
        raise LinkError("error.invitation_invalid")
    made_at = datetime.fromtimestamp(expires, UTC) - INVITATION_LIFETIME
    if person.invited_since is not None and made_at < person.invited_since:
        raise LinkError("error.invitation_invalid")
    return person, expires


def accept_invitation(session: Session, secret: bytes, payload: str, visitor: Visitor, now: datetime) -> User:
    """Ties the account that pressed an invitation link to the person it was made for.

    Raises:
        LinkError: `error.invitation_invalid`, `error.invitation_expired`, `error.invitation_used`, or as `link`.
    """
    person, expires = _read_invitation(session, secret, payload)
    if person.telegram_user_id == visitor.telegram_user_id:
        return person
    if person.telegram_user_id is not None:
        raise LinkError("error.invitation_used")
    if now.timestamp() > expires:
        raise LinkError("error.invitation_expired")
    return link(session, person, visitor, now)


def link(session: Session, person: User, visitor: Visitor, now: datetime) -> User:
    """Ties a Telegram account to a person of the roster.

    An account that already had a row of its own (an admin, somebody let in by name) brings its role, phone, language
    and calendar links along, and that row goes.

    Raises:
        LinkError: `error.link_taken` when the person has another account, `error.link_other` when the account already
            is another person of the roster.
    """
    if person.telegram_user_id not in (None, visitor.telegram_user_id):
        raise LinkError("error.link_taken", name=person.full_name)
    account = repository.user_by_telegram_id(session, visitor.telegram_user_id)
    if account is not None and account.id != person.id:
        assert account.id is not None and person.id is not None  # noqa: S101  # stored rows
        if account.linked_at is not None or repository.has_shifts(session, account.id):
            raise LinkError("error.link_other", name=account.full_name)
        _absorb(session, person, account)
    person.telegram_user_id = visitor.telegram_user_id
    person.username = visitor.username or person.username
    spoken = person.language_code
    person.language_code = visitor.language_code or person.language_code
    if spoken != person.language_code and person.language is None:
        repository.show_links_anew(session, person.id or 0, now)
    person.linked_at = now
    session.add(person)
    _decide_requests(session, person, visitor, now)
    repository.people_changed(session)
    on_commit(session, lambda: invalidate_is_admin_cache(visitor.telegram_user_id))
    session.flush()
    return person


def _decide_requests(session: Session, person: User, visitor: Visitor, now: datetime) -> None:
    """Ends what the account has open (it is let in), and what others claim of the person (they are somebody else)."""
    undecided = col(JoinRequest.state).in_((JoinState.CHOOSING, JoinState.OPEN))
    own = col(JoinRequest.telegram_user_id) == visitor.telegram_user_id
    overtaken = col(JoinRequest.user_id) == person.id
    for which, state in ((own, JoinState.CONFIRMED), (overtaken, JoinState.VOID)):
        session.exec(update(JoinRequest).where(which, undecided).values(state=state, decided_at=now))


def add_person(session: Session, name: str, now: datetime) -> User:
    """Adds a person to the roster who is in no file yet; the next file with that name means them.

    Raises:
        LocalizedError: As `rename`: it cannot be a name, or is somebody's.
    """
    user = User(full_name="", created_at=now)
    session.add(user)
    session.flush()
    return rename(session, user.id or 0, name, now)


def _absorb(session: Session, person: User, account: User) -> None:
    """Moves what hangs on an account's own row to the person, and deletes the row."""
    if account.role == Role.ADMIN:
        person.role = Role.ADMIN
    person.phone = person.phone or account.phone
    person.language = person.language or account.language
    person.language_code = person.language_code or account.language_code
    person.reachable = person.reachable or account.reachable
    person.reminder_leads = account.reminder_leads if account.reminder_leads is not None else person.reminder_leads
    person.quiet_hours = account.quiet_hours or person.quiet_hours
    person.notices_off = account.notices_off or person.notices_off
    session.exec(update(Notice).where(col(Notice.user_id) == account.id).values(user_id=person.id))
    session.exec(update(CalendarLink).where(col(CalendarLink.user_id) == account.id).values(user_id=person.id))
    session.exec(update(ImportDraft).where(col(ImportDraft.owner_id) == account.id).values(owner_id=person.id))
    session.exec(update(Chat).where(col(Chat.trusted_by) == account.id).values(trusted_by=person.id))
    session.exec(update(ScheduleChange).where(col(ScheduleChange.author_id) == account.id).values(author_id=person.id))
    session.delete(account)
    session.flush()


def unlink(session: Session, user_id: int, now: datetime) -> User:
    """Takes a person's Telegram account away again: it was somebody else's.

    What came with the account goes with it: calendar links, the @username and phone that would lead colleagues to a
    stranger, language and reminders. The invitations made so far are void, so that the same link does not let them in
    again. The admins know that the person cannot be reached now.
    """
    user = session.get_one(User, user_id)
    account = user.telegram_user_id
    user.telegram_user_id, user.linked_at, user.reachable = None, None, False
    user.role = Role.USER
    user.username = user.phone = user.language = user.language_code = None
    user.reminder_leads, user.quiet_hours, user.notices_off = None, None, ""
    user.invited_since, user.unreachable_told_at = now, now
    session.add(user)
    session.exec(delete(CalendarLink).where(col(CalendarLink.user_id) == user_id))
    repository.people_changed(session)
    if account is not None:
        on_commit(session, lambda: invalidate_is_admin_cache(account))
    return user


def rename(session: Session, user_id: int, name: str, now: datetime) -> User:
    """Calls a person otherwise; the old name stays known, so that the next file with it still means them.

    Raises:
        LocalizedError: `people.name_bad`, or `people.name_taken` when a name of somebody else's would be met.
    """
    user = session.get_one(User, user_id)
    clean = visible(name)
    key, old = fold_name(clean), fold_name(user.full_name)
    if not key or len(clean) > _LONGEST_NAME or not any(character.isalpha() for character in clean):
        raise LocalizedError("people.name_bad", n=_LONGEST_NAME)
    owners = {alias.name_key: alias.user_id for alias in session.exec(select(UserAlias)).all()}
    same = [other for other in repository.active_users(session) if fold_name(other.full_name) == key]
    other = next((found for found in same if found.id != user_id), None)
    if other is None and owners.get(key, user_id) != user_id:
        other = session.get(User, owners[key])
    if other is not None:
        raise LocalizedError("people.name_taken", name=other.full_name)
    if user.full_name != clean:
        user.full_name = clean
        session.add(user)
        if old and old != key and old not in owners and is_of_roster(user):
            session.add(UserAlias(user_id=user_id, name_key=old))
        session.flush()
        schedule_service.show_person_anew(session, user_id, now)
        repository.show_links_anew(session, user_id, now, events=False)
        repository.people_changed(session)
        session.flush()
    return user


def merged_into(session: Session, user: User) -> User | None:
    """Returns whom a name of a file was merged with: it is inactive, and its name is now theirs."""
    if user.is_active or user.telegram_user_id is not None:
        return None
    statement = select(UserAlias).where(UserAlias.name_key == fold_name(user.full_name))
    alias = session.exec(statement).first()
    return None if alias is None or alias.user_id == user.id else session.get(User, alias.user_id)


def access_changed(session: Session, telegram_user_id: int | None) -> None:
    """Has everything that is remembered of an account's rights fall once this commits."""
    repository.people_changed(session)
    if telegram_user_id is not None:
        on_commit(session, lambda: invalidate_is_admin_cache(telegram_user_id))
