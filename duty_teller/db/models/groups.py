"""Groups and their pinned messages."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duty_teller.db.models.base import UtcTime, enum_column


class DigestKind(StrEnum):
    """Which fresh messages a group asks for beside its pin."""

    OFF = "off"
    WEEKLY = "weekly"
    HANDOVER = "handover"


class Chat(SQLModel, table=True):
    """A group the bot is in. In a group that is not trusted it answers admins only."""

    __tablename__: ClassVar[Any] = "chats"

    id: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    title: str = Field(default="", max_length=255)
    language: str | None = Field(default=None, max_length=8)
    trusted: bool = False
    trusted_by: int | None = Field(default=None, foreign_key="users.id")
    digest: DigestKind = Field(
        default=DigestKind.OFF, sa_type=enum_column(DigestKind, "digest"), sa_column_kwargs={"server_default": "off"}
    )
    digest_thread_id: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="message_thread_id of the topic that gets the digest; 0: none",
    )
    duty_tag: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": sa.false()},
        description="Whoever is on duty wears a member tag",
    )
    left_at: datetime | None = Field(
        default=None, sa_type=UtcTime, description="When the bot was removed from the group; empty: it is there"
    )
    added_by: str | None = Field(
        default=None, max_length=200, description="Who added the bot, as long as nobody could be asked about the group"
    )
    added_by_account: int | None = Field(default=None, sa_type=sa.BigInteger, description="Their Telegram account")


class GroupPin(SQLModel, table=True):
    """The message in a group (or a topic of it) that tells who is on duty."""

    __tablename__: ClassVar[Any] = "group_pins"
    __table_args__ = (sa.UniqueConstraint("chat_id", "thread_id", "roster_id", name="uq_group_pins_chat_id"),)

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(
        sa_column=sa.Column(
            sa.BigInteger, sa.ForeignKey("chats.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=False
        )
    )
    thread_id: int = Field(default=0, description="message_thread_id of a topic; 0: none")
    roster_id: int = Field(foreign_key="rosters.id")
    message_id: int
    content_hash: str = Field(
        default="", max_length=64, description="Of what the message shows now; empty: not known, send again"
    )
    failure: str | None = Field(default=None, max_length=500, description="Why this pin is switched off")
    posting_at: datetime | None = Field(
        default=None,
        sa_type=UtcTime,
        description="Committed before a message is sent, empty again once it is stored: a process that died in between "
        "may have left a second copy",
    )
    uncertain: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="How often it was posted again without knowing whether the last post had arrived",
    )


class MemberTag(SQLModel, table=True):
    """A tag that a member of a group wears while on duty: stored before it is given and until it is taken back."""

    __tablename__: ClassVar[Any] = "member_tags"

    chat_id: int = Field(
        sa_column=sa.Column(
            sa.BigInteger,
            sa.ForeignKey("chats.id", ondelete="CASCADE", onupdate="CASCADE"),
            primary_key=True,
            autoincrement=False,
        )
    )
    telegram_user_id: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    before: str = Field(default="", max_length=64, description="What the member wore before; empty: nothing")
    tag: str = Field(default="", max_length=64, description="What the member wears by us, or is about to")
    worn: bool = Field(default=False, description="Telegram has taken it")
    refused: bool = Field(default=False, description="Telegram refuses it; it is not asked again for this duty")
