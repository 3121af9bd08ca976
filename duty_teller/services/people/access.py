"""Who may do what. The numeric id is the only identity; a name in the environment is bound to the first id showing it.

Who gets in: ids of ADMIN_IDS, people with the role admin, ids bound to a name that still stands in ADMIN_USERNAMES or
ALLOWED_USERNAMES, and people of the roster who are linked to their account. Everybody else is a stranger and learns
nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import lru_cache

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from duty_teller.cache import invalidate_is_admin_cache
from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.models import AccessKind, AccessName, NoticeKind, Role, User
from duty_teller.db.session import on_commit
from duty_teller.services.outbox import choices
from duty_teller.services.people import admin_notices
from duty_teller.utils.user import GROUP_ANONYMOUS_BOT, Visitor


class Level(IntEnum):
    """What somebody may do, in rising order."""

    STRANGER = 0
    MEMBER = 1
    ADMIN = 2


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was let in, detached from the database."""

    user_id: int
    telegram_user_id: int
    level: Level
    full_name: str
    username: str | None
    phone: str | None
    language: str | None
    language_code: str | None
    reachable: bool
    linked: bool

    @property
    def is_admin(self) -> bool:
        """Whether this person is an admin."""
        return self.level == Level.ADMIN


def level_of(session: Session, settings: Settings, telegram_user_id: int) -> Level:
    """Tells what an account may do, without writing anything; names that are not bound yet do not count."""
    by_id = telegram_user_id in settings.admin_ids
    user = None if by_id else repository.user_by_telegram_id(session, telegram_user_id)
    return _level(session, settings, telegram_user_id, user)


def _level(session: Session, settings: Settings, telegram_user_id: int, user: User | None) -> Level:
    """Does what `level_of` does where the account's row, if there is one, was read already."""
    if telegram_user_id == GROUP_ANONYMOUS_BOT:
        return Level.STRANGER
    if telegram_user_id in settings.admin_ids:
        return Level.ADMIN
    if user is not None and not user.is_active:
        return Level.STRANGER
    if user is not None and user.role == Role.ADMIN:
        return Level.ADMIN
    if settings.admin_usernames or settings.allowed_usernames:  # a bound name counts while it stands there
        names = session.exec(select(AccessName).where(AccessName.telegram_user_id == telegram_user_id)).all()
        if any(n.kind == AccessKind.ADMIN and n.username in settings.admin_usernames for n in names):
            return Level.ADMIN
        if any(n.kind == AccessKind.ALLOWED and n.username in settings.allowed_usernames for n in names):
            return Level.MEMBER
    return Level.MEMBER if user is not None and user.linked_at is not None else Level.STRANGER


def unbound_kinds(session: Session, settings: Settings, visitor: Visitor) -> list[AccessKind]:
    """Returns the variables that list the visitor's name while it is not bound to anybody yet."""
    name = (visitor.username or "").lower()
    if not name or visitor.telegram_user_id == GROUP_ANONYMOUS_BOT:
        return []
    named = [(AccessKind.ADMIN, settings.admin_usernames), (AccessKind.ALLOWED, settings.allowed_usernames)]
    kinds = [kind for kind, names in named if name in names]
    if not kinds:
        return []
    taken = session.exec(select(AccessName.kind).where(col(AccessName.username) == name)).all()
    return [kind for kind in kinds if kind not in taken]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What reading alone tells of an account.

    Attributes:
        person: Who it is; None for a stranger, and for somebody whom only `admit` can let in.
        to_store: Whether `admit` has something to write: needed without a person, and good to know with one.
    """

    person: Person | None
    to_store: bool


def recognise(session: Session, settings: Settings, visitor: Visitor) -> Recognised:
    """Returns who is behind an account by reading alone, so that strangers never take the write lock."""
    if unbound_kinds(session, settings, visitor):
        return Recognised(None, True)
    user = repository.user_by_telegram_id(session, visitor.telegram_user_id)
    level = _level(session, settings, visitor.telegram_user_id, user)
    if level == Level.STRANGER:
        return Recognised(None, False)
    if user is None:
        return Recognised(None, True)
    return Recognised(_person(user, level), repository.hints_differ(user, visitor))


def admit(session: Session, settings: Settings, visitor: Visitor, now: datetime) -> Person | None:
    """Binds the visitor's name where it is due, keeps the person's row up to date, and returns the person.

    The other admins are told of a binding, by a notice of the same transaction: if it is the wrong account, only
    somebody with access to the environment can take the name away from it.

    Args:
        session: A writing session.
        settings: For ADMIN_IDS and the two lists of names.
        visitor: The account, from an update or validated launch data.
        now: The present instant.

    Returns:
        None for a stranger; nothing is stored of them.
    """
    account = visitor.telegram_user_id
    for kind in unbound_kinds(session, settings, visitor):
        name = (visitor.username or "").lower()
        session.add(AccessName(kind=kind, username=name, telegram_user_id=account, bound_at=now))
        session.flush()
        on_commit(session, lambda: invalidate_is_admin_cache(account))
        admins = admins_to_tell(session, settings, NoticeKind.PEOPLE)
        admin_notices.name_bound(session, admins, kind, visitor, now)
    level = level_of(session, settings, visitor.telegram_user_id)
    if level == Level.STRANGER:
        return None
    return _person(repository.get_or_create_user(session, visitor, now), level)


@lru_cache(1)
def _reachable(admin_ids: frozenset[int]) -> SelectOfScalar[User]:
    """Selects the people whom the bot may write to and who may be admins, by number."""
    account = col(User.telegram_user_id)
    bound = select(AccessName.telegram_user_id).where(AccessName.kind == AccessKind.ADMIN)
    may_be_admin = or_(col(User.role) == Role.ADMIN, account.in_(admin_ids), account.in_(bound))
    found = select(User).where(col(User.is_active), col(User.reachable), account.is_not(None), may_be_admin)
    return found.order_by(col(User.id))


def reachable_admins(session: Session, settings: Settings) -> list[User]:
    """Returns the active admins (by id, role or bound name) whom the bot may write to."""
    return [
        user
        for user in session.exec(_reachable(settings.admin_ids))
        if _level(session, settings, user.telegram_user_id or 0, user) == Level.ADMIN  # has the last word
    ]


def admins_to_tell(session: Session, settings: Settings, kind: NoticeKind) -> list[User]:
    """Returns the reachable admins who want notices of a kind."""
    return [user for user in reachable_admins(session, settings) if choices.wants(user, kind)]


def _person(user: User, level: Level) -> Person:
    assert user.id is not None and user.telegram_user_id is not None  # noqa: S101  # a stored, linked row
    return Person(
        user_id=user.id,
        telegram_user_id=user.telegram_user_id,
        level=level,
        full_name=user.full_name,
        username=user.username,
        phone=user.phone,
        language=user.language,
        language_code=user.language_code,
        reachable=user.reachable,
        linked=user.linked_at is not None,
    )
