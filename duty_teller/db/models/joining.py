"""Accounts that want to get in: who they say they are, and what an admin said to it."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duty_teller.db.models.base import UtcTime, enum_column, partial_index


class JoinState(StrEnum):
    """How a request is doing.

    `choosing`: came by a group's button and may see the names that have no account yet; the admins have nothing to do.
    `void`: chosen anew, or overtaken: the name or the account was connected in another way.
    """

    CHOOSING = "choosing"
    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    VOID = "void"


_WAITING: Final = "state IN ('choosing', 'open')"


class JoinRequest(SQLModel, table=True):
    """An account that says which person of the roster it is (a claim), or asks for access.

    An account has one that is undecided. What was decided stays: a refused account is not heard again.
    """

    __tablename__: ClassVar[Any] = "join_requests"
    __table_args__ = (
        partial_index("uq_join_requests_waiting", "telegram_user_id", where=_WAITING, unique=True),
        sa.Index("ix_join_requests_state", "state", "id"),
        sa.Index("ix_join_requests_telegram_user_id", "telegram_user_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    telegram_user_id: int = Field(sa_type=sa.BigInteger)
    full_name: str = Field(max_length=200, description="As Telegram shows the account")
    username: str | None = Field(default=None, max_length=64)
    language_code: str | None = Field(default=None, max_length=16, description="Telegram's")
    chat_id: int | None = Field(
        default=None, sa_type=sa.BigInteger, description="The group whose button was pressed; empty: asks for access"
    )
    user_id: int | None = Field(
        default=None, foreign_key="users.id", ondelete="CASCADE", description="Who they say they are"
    )
    state: JoinState = Field(sa_type=enum_column(JoinState, "state"))
    created_at: datetime = Field(sa_type=UtcTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcTime)
    decided_by_id: int | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
