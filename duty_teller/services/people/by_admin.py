"""What an admin does to people in the Mini App, by the services of the chat; whom it is about is told by a notice."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from duty_teller.config import Settings
from duty_teller.db.models import NoticeKind, Role, ScheduleChange
from duty_teller.i18n import LocalizedError
from duty_teller.services.outbox import outbox
from duty_teller.services.people import accounts, merge, roles
from duty_teller.services.people.access import Person
from duty_teller.services.people.admin_notices import OF_ONESELF
from duty_teller.services.people.merge import MergePlan
from duty_teller.services.people.roles import RoleOutcome
from duty_teller.services.schedule_service import Author

_TOLD_FOR: Final = timedelta(days=2)


def check(person: Person) -> None:
    """Lets admins pass.

    Raises:
        LocalizedError: `bot.admins_only`.
    """
    if not person.is_admin:
        raise LocalizedError("bot.admins_only")


def add(session: Session, person: Person, name: str, now: datetime) -> int:
    """Adds somebody to the roster and returns their number; errors are those of `check` and `accounts.add_person`."""
    check(person)
    return accounts.add_person(session, name, now).id or 0


def rename(session: Session, person: Person, user_id: int, name: str, now: datetime) -> str:
    """Calls somebody otherwise and returns the name as it is stored.

    Raises:
        LocalizedError: As `check`, `roles.get_person` and `accounts.rename`.
    """
    check(person)
    roles.get_person(session, user_id)
    return accounts.rename(session, user_id, name, now).full_name


def set_phone(session: Session, person: Person, user_id: int, phone: str) -> None:
    """Sets somebody's phone; an empty one removes it.

    Raises:
        LocalizedError: As `check`, `roles.get_person` and `accounts.set_phone`.
    """
    check(person)
    roles.get_person(session, user_id)
    accounts.set_phone(session, user_id, phone.strip() or None)


def set_role(session: Session, settings: Settings, person: Person, user_id: int, role: Role, now: datetime) -> None:
    """Makes somebody an admin or a member, and tells them.

    Raises:
        LocalizedError: As `check` and `roles.give_role`.
    """
    check(person)
    told = roles.give_role(session, settings, user_id, role, now)
    if told.changed:
        _tell(session, told, now)


def set_active(session: Session, settings: Settings, person: Person, user_id: int, active: bool, now: datetime) -> None:
    """Takes somebody's access, or gives it back. They are not told, as in the chat.

    Raises:
        LocalizedError: As `check`, `roles.deactivate` and `roles.activate`.
    """
    check(person)
    if active:
        roles.activate(session, settings, user_id)
    else:
        roles.deactivate(session, settings, user_id, now)


def invitation(session: Session, secret: bytes, person: Person, user_id: int, now: datetime) -> str:
    """Returns the payload of an invitation for somebody without an account.

    Raises:
        LocalizedError: As `check` and `roles.get_person`; `error.invitation_used` for whoever has an account.
    """
    check(person)
    user = roles.get_person(session, user_id)
    if user.telegram_user_id is not None or not user.is_active:
        raise accounts.LinkError("error.invitation_used")
    return accounts.invitation(secret, user_id, now)


def plan_merge(session: Session, person: Person, user_id: int, other_id: int, now: datetime) -> MergePlan:
    """Looks at what it would do if two were one; errors are those of `check` and `merge.plan_merge`."""
    check(person)
    source_id, target_id = merge.direction(session, user_id, other_id)
    return merge.plan_merge(session, source_id, target_id, now)


def merge_as_shown(
    session: Session, person: Person, source_id: int, target_id: int, fingerprint: str, now: datetime
) -> ScheduleChange:
    """Merges two as a plan has shown it; errors are those of `check` and `merge.merge`."""
    check(person)
    author = Author(person.user_id, person.full_name)
    return merge.merge(session, source_id, target_id, author, fingerprint, now)


def _tell(session: Session, told: RoleOutcome, now: datetime) -> None:
    key = "people.you_admin" if told.is_admin else "people.you_let_in" if told.let_in else "people.you_member"
    dedupe = f"{OF_ONESELF}{told.user_id}:{int(now.timestamp())}:{key}"
    outbox.put(session, NoticeKind.PEOPLE, dedupe, outbox.plain(key, {}), now, now + _TOLD_FOR, user_id=told.user_id)
