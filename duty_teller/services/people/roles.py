"""Who is an admin, by what, and taking rights away without locking everybody out.

Somebody is an admin by ADMIN_IDS, by a name of ADMIN_USERNAMES that is bound to their account, or by a role that an
admin gave them. The first two are the environment's: the bot neither gives nor takes them.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, delete, select, update

from duty_teller.config import Settings
from duty_teller.db import repository
from duty_teller.db.models import AccessKind, AccessName, Dialogue, Notice, NoticeOutcome, Role, User
from duty_teller.i18n.core import LocalizedError
from duty_teller.services.people import accounts
from duty_teller.services.people.access import Level, level_of
from duty_teller.utils.user import GROUP_ANONYMOUS_BOT, Visitor


class Source(StrEnum):
    """Where somebody's rights as an admin come from."""

    IDS = "ids"
    NAME = "name"
    ROLE = "role"


class RoleError(LocalizedError):
    """Somebody's rights cannot be changed like that; nothing was changed."""


class GoneError(LocalizedError):
    """There is no such person any more (`people.gone`)."""


@dataclass(frozen=True, slots=True)
class RoleOutcome:
    """What a change of somebody's rights came to, and how the person can be told: no ORM object.

    Attributes:
        user_id: The person.
        full_name: Their name.
        telegram_user_id: Their account, or None.
        changed: Whether anything did: another admin may have been faster.
        is_admin: Whether they are an admin now, by whatever.
        language: The language they chose, or None.
        language_code: Telegram's, or None.
        reachable: Whether the bot may write to them.
        let_in: Whether they had no access before.
    """

    user_id: int
    full_name: str
    telegram_user_id: int | None
    changed: bool
    is_admin: bool
    language: str | None
    language_code: str | None
    reachable: bool
    let_in: bool = False


def get_person(session: Session, user_id: int) -> User:
    """Returns a person by number.

    Raises:
        GoneError: There is none (any more: an account's own row goes when it is tied to somebody of the roster).
    """
    user = session.get(User, user_id)
    if user is None:
        raise GoneError("people.gone")
    return user


def sources_of(session: Session, settings: Settings, user: User) -> frozenset[Source]:
    """Returns everything that makes a person an admin; nothing for whoever is none."""
    account = user.telegram_user_id
    if account is None or account == GROUP_ANONYMOUS_BOT:
        return frozenset()
    found = {Source.IDS} if account in settings.admin_ids else set()
    if user.is_active:
        names = select(AccessName.username).where(
            AccessName.telegram_user_id == account, AccessName.kind == AccessKind.ADMIN
        )
        if set(session.exec(names)) & settings.admin_usernames:
            found.add(Source.NAME)
        if user.role == Role.ADMIN:
            found.add(Source.ROLE)
    return frozenset(found)


def admin_accounts(session: Session, settings: Settings) -> set[int]:
    """Returns the accounts that are admins' at this moment.

    Ids of ADMIN_IDS always count, whether or not they have written yet. A name of ADMIN_USERNAMES counts once it is
    bound; a person with the role counts while they are active and have an account.
    """
    named = select(AccessName.telegram_user_id).where(
        AccessName.kind == AccessKind.ADMIN, col(AccessName.username).in_(settings.admin_usernames)
    )
    people = select(User.telegram_user_id).where(
        User.role == Role.ADMIN, col(User.is_active), col(User.telegram_user_id).is_not(None)
    )
    accounts = {*settings.admin_ids, *session.exec(named), *(found for found in session.exec(people) if found)}
    return {account for account in accounts if level_of(session, settings, account) == Level.ADMIN}


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody whom the bot may write to is by now, and in which language they read it.

    Attributes:
        level: An account without access is a stranger.
        language: The language they chose, or None.
        language_code: Telegram's, or None.
    """

    level: Level
    language: str | None
    language_code: str | None


def standings(session: Session, settings: Settings) -> dict[int, Standing]:
    """Returns account → what it is, of everybody whom the bot may write to."""
    admins = admin_accounts(session, settings)
    people = select(User).where(col(User.reachable), col(User.telegram_user_id).is_not(None))

    def level(user: User) -> Level:
        if user.telegram_user_id in admins:
            return Level.ADMIN
        return Level.MEMBER if user.is_active else Level.STRANGER

    return {
        user.telegram_user_id: Standing(level(user), user.language, user.language_code)
        for user in session.exec(people)
        if user.telegram_user_id is not None
    }


def _keep_one(session: Session, settings: Settings, user: User) -> None:
    """Refuses to take the rights of the last admin: nobody could give them back.

    Raises:
        RoleError: `people.last_admin`.
    """
    left = admin_accounts(session, settings) - {user.telegram_user_id}
    if user.telegram_user_id is not None and sources_of(session, settings, user) and not left:
        raise RoleError("people.last_admin", name=user.full_name)


def _refuse_environment_admin(sources: frozenset[Source], user: User, also_names: bool = True) -> None:
    """Refuses to take what the environment gives: it would give it again at the next message.

    Raises:
        RoleError: `people.admin_by_ids`, `people.admin_by_name`.
    """
    if Source.IDS in sources:
        raise RoleError("people.admin_by_ids", name=user.full_name, id=str(user.telegram_user_id))
    if also_names and Source.NAME in sources:
        raise RoleError("people.admin_by_name", name=user.full_name)


def check_role(session: Session, settings: Settings, user: User, role: Role) -> None:
    """Tells, before anybody is asked, whether a role can be given.

    Raises:
        RoleError: `people.role_inactive`, `people.role_no_account`, `people.last_admin`, `people.admin_by_…`.
    """
    if not user.is_active:
        raise RoleError("people.role_inactive", name=user.full_name)
    if user.telegram_user_id is None:
        raise RoleError("people.role_no_account", name=user.full_name)
    if role == Role.USER and (sources := sources_of(session, settings, user)):
        _refuse_environment_admin(sources, user)
        _keep_one(session, settings, user)


def give_role(session: Session, settings: Settings, user_id: int, role: Role, now: datetime) -> RoleOutcome:
    """Makes a person an admin or a member again.

    A person whose account was not tied to anybody (a name taken out of the environment) is let in by it: an admin's
    word on a numeric id.

    Args:
        session: A writing session.
        settings: For what the environment grants.
        user_id: The person; they must have an account.
        role: What they shall be.
        now: The present instant.

    Raises:
        GoneError: There is no such person.
        RoleError: As `check_role`.
    """
    user = get_person(session, user_id)
    check_role(session, settings, user, role)
    assert user.telegram_user_id is not None  # noqa: S101  # checked
    before = level_of(session, settings, user.telegram_user_id)
    wanted = Level.ADMIN if role == Role.ADMIN else Level.MEMBER
    if before != wanted:
        if before == Level.STRANGER and user.linked_at is None:
            user.linked_at = now
        repository.set_user_role(session, user_id, role)
        session.flush()
    return _told(session, settings, user, before != wanted, before == Level.STRANGER)


def let_in(session: Session, settings: Settings, visitor: Visitor, role: Role, now: datetime) -> RoleOutcome:
    """Makes an account that is not known yet a person, as linked by an admin's word.

    Args:
        session: A writing session.
        settings: For what the environment grants.
        visitor: The account, as a message of theirs shows it.
        role: What they shall be.
        now: The present instant.

    Raises:
        RoleError: As `check_role`: they have become somebody meanwhile.
    """
    user = repository.get_or_create_user(session, visitor, now)
    assert user.id is not None  # noqa: S101  # flushed
    return give_role(session, settings, user.id, role, now)


def deactivate(session: Session, settings: Settings, user_id: int, now: datetime) -> RoleOutcome:
    """Takes all access of a person: nothing is answered, feeds are gone, no notice is sent. Their shifts stay.

    Raises:
        GoneError: There is no such person.
        RoleError: `people.admin_by_ids` (whose access would stay), `people.last_admin`.
    """
    user = get_person(session, user_id)
    check_deactivation(session, settings, user)
    changed = user.is_active
    if changed:
        user.is_active = False
        session.add(user)
        withdrawn = {"closed_at": now, "outcome": NoticeOutcome.WITHDRAWN}
        session.exec(
            update(Notice).where(col(Notice.user_id) == user_id, col(Notice.closed_at).is_(None)).values(withdrawn)
        )
        session.exec(delete(Dialogue).where(col(Dialogue.user_id) == user_id))
        accounts.access_changed(session, user.telegram_user_id)
        session.flush()
    return _told(session, settings, user, changed)


def check_deactivation(session: Session, settings: Settings, user: User) -> None:
    """Tells, before anybody is asked, whether a person can be deactivated.

    Raises:
        RoleError: As `deactivate`.
    """
    _refuse_environment_admin(sources_of(session, settings, user), user, also_names=False)
    _keep_one(session, settings, user)


def activate(session: Session, settings: Settings, user_id: int) -> RoleOutcome:
    """Gives a person back what deactivating took.

    Raises:
        GoneError: There is no such person.
        RoleError: `people.merged_into`: they were merged with somebody; that can be undone.
    """
    user = get_person(session, user_id)
    other = accounts.merged_into(session, user)
    if other is not None:
        raise RoleError("people.merged_into", name=user.full_name, other=other.full_name)
    changed = not user.is_active
    if changed:
        user.is_active = True
        session.add(user)
        accounts.access_changed(session, user.telegram_user_id)
        session.flush()
    return _told(session, settings, user, changed)


def unlink(
    session: Session, settings: Settings, user_id: int, now: datetime, telegram_user_id: int | None = None
) -> RoleOutcome:
    """Takes a person's Telegram account away; returns them with the account they had, changed if they had one.

    Args:
        session: A writing session.
        settings: For who is an admin.
        user_id: The person.
        now: The present instant.
        telegram_user_id: Only this account; None: whichever it is.

    Raises:
        GoneError: There is no such person.
        RoleError: As `check_unlinking`.
    """
    user = get_person(session, user_id)
    account = user.telegram_user_id
    if account is None or telegram_user_id not in (None, account):
        return _told(session, settings, user, False)
    check_unlinking(session, settings, user)
    told = _told(session, settings, user, True)
    accounts.unlink(session, user_id, now)
    session.flush()
    is_admin = level_of(session, settings, account) == Level.ADMIN
    return replace(told, is_admin=is_admin)


def check_unlinking(session: Session, settings: Settings, user: User) -> None:
    """Tells, before anybody is asked, whether a person's account can be taken away.

    What the environment grants stays with the account, whoever it belongs to: only a role goes.

    Raises:
        RoleError: `people.last_admin`.
    """
    if sources_of(session, settings, user) == {Source.ROLE}:
        _keep_one(session, settings, user)


def _told(session: Session, settings: Settings, user: User, changed: bool, let_in: bool = False) -> RoleOutcome:
    account = user.telegram_user_id
    return RoleOutcome(
        user_id=user.id or 0,
        full_name=user.full_name,
        telegram_user_id=account,
        changed=changed,
        is_admin=account is not None and level_of(session, settings, account) == Level.ADMIN,
        language=user.language,
        language_code=user.language_code,
        reachable=user.reachable,
        let_in=let_in,
    )


def find_account(session: Session, telegram_user_id: int) -> User | None:
    """Returns the person with an account."""
    return repository.user_by_telegram_id(session, telegram_user_id)


def find_named(session: Session, username: str) -> list[User]:
    """Returns the people who have shown, or whose file gives, a @username: a hint, so an admin must see the id too."""
    statement = select(User).where(col(User.username).is_not(None)).order_by(col(User.id))
    return [user for user in session.exec(statement) if (user.username or "").lower() == username.lower()]
