"""People and the accounts that may get in."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duty_teller.db.models.base import UtcTime, enum_column


class Role(StrEnum):
    """What a person may do."""

    ADMIN = "admin"
    USER = "user"


class AccessKind(StrEnum):
    """Which variable of the environment a bound name comes from."""

    ADMIN = "admin"
    ALLOWED = "allowed"


class UserBase(SQLModel):
    """A person as others see them."""

    full_name: str = Field(max_length=200)
    username: str | None = Field(
        default=None, max_length=64, description="Telegram's @name without the @; a hint, never an identity"
    )
    phone: str | None = Field(default=None, max_length=40)


class User(UserBase, table=True):
    """A person of the roster, or somebody who was let in. Only `telegram_user_id` grants anything."""

    __tablename__: ClassVar[Any] = "users"
    __table_args__ = (sa.Index("uq_users_telegram_user_id", "telegram_user_id", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    telegram_user_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    role: Role = Field(default=Role.USER, sa_type=enum_column(Role, "role"))
    language: str | None = Field(default=None, max_length=8, description="The person's own choice")
    language_code: str | None = Field(default=None, max_length=16, description="Telegram's; a hint, as the username is")
    reminder_leads: str | None = Field(
        default=None, max_length=64, description="Minutes before a shift, comma separated"
    )
    quiet_hours: str | None = Field(default=None, max_length=16, description="HH:MM-HH:MM in the roster's zone")
    reachable: bool = Field(default=False, description="Has started the bot, so it may write first")
    notices_off: str = Field(
        default="",
        max_length=200,
        sa_column_kwargs={"server_default": ""},
        description="Kinds of notices (`NoticeKind`) the person has switched off, comma separated",
    )
    unreachable_told_at: datetime | None = Field(
        default=None,
        sa_type=UtcTime,
        description="When the admins were told that the bot cannot write to this person; empty again once it can",
    )
    invited_since: datetime | None = Field(
        default=None,
        sa_type=UtcTime,
        description="Invitations made before this are void: one of them was opened by somebody else",
    )
    is_active: bool = True
    linked_at: datetime | None = Field(
        default=None,
        sa_type=UtcTime,
        description="When an invitation or an admin tied the Telegram account to this person",
    )
    created_at: datetime = Field(sa_type=UtcTime)


class UserRead(UserBase):
    """A person for the API."""

    id: int
    role: Role


class UserAlias(SQLModel, table=True):
    """A name that files use for a person, in the folded form in which names are compared."""

    __tablename__: ClassVar[Any] = "user_aliases"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    name_key: str = Field(max_length=200, unique=True)


class AccessName(SQLModel, table=True):
    """A name of ADMIN_USERNAMES or ALLOWED_USERNAMES, bound to the account that first showed it."""

    __tablename__: ClassVar[Any] = "access_names"
    __table_args__ = (sa.UniqueConstraint("kind", "username", name="uq_access_names_kind"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: AccessKind = Field(sa_type=enum_column(AccessKind, "kind"))
    username: str = Field(max_length=64)
    telegram_user_id: int = Field(sa_type=sa.BigInteger)
    bound_at: datetime = Field(sa_type=UtcTime)
