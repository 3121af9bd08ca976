"""Requests between people: find cover for a shift, swap two, take one over; and the one message each person gets."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duty_teller.db.models.base import UtcTime, enum_column, partial_index


class CoverKind(StrEnum):
    """What is asked for."""

    COVER = "cover"
    SWAP = "swap"
    TAKEOVER = "takeover"


class CoverState(StrEnum):
    """How a request is doing.

    `taken` without a change waits for an admin's yes. `void`: the shift moved, was given away or removed meanwhile.
    `refused`: an admin or the partner of a swap said no.
    """

    OPEN = "open"
    TAKEN = "taken"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"
    REFUSED = "refused"


class CoverRole(StrEnum):
    """Why somebody gets a message of a request."""

    OWNER = "owner"
    ASKED = "asked"
    ADMIN = "admin"
    GROUP = "group"


class CoverAnswer(StrEnum):
    """What somebody answered."""

    YES = "yes"
    NO = "no"


_UNDECIDED: Final = "state = 'open' OR (state = 'taken' AND change_id IS NULL)"


class CoverRequest(SQLModel, table=True):
    """Somebody else is wanted for a span of one person's time on duty; nobody else until the state says so.

    The span lies in the stretch that holds the shift `duty_uid`. It stays for the history; a span has one request that
    is not decided.
    """

    __tablename__: ClassVar[Any] = "cover_requests"
    __table_args__ = (
        sa.CheckConstraint("end_at > start_at", name="span"),
        sa.CheckConstraint("(kind = 'swap') = (wanted_uid IS NOT NULL)", name="wanted"),
        partial_index("uq_cover_requests_undecided", "duty_uid", where=_UNDECIDED, unique=True),
        sa.Index("ix_cover_requests_state", "state", "roster_id"),
        sa.Index("ix_cover_requests_change_id", "change_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    roster_id: int = Field(foreign_key="rosters.id")
    kind: CoverKind = Field(sa_type=enum_column(CoverKind, "kind"))
    state: CoverState = Field(sa_type=enum_column(CoverState, "state"))
    duty_uid: str = Field(foreign_key="duties.uid", max_length=64, description="The first shift of the span")
    owner_id: int = Field(foreign_key="users.id", description="Whose shift it is")
    position: str | None = Field(default=None, max_length=100)
    start_at: datetime = Field(sa_type=UtcTime)
    end_at: datetime = Field(sa_type=UtcTime)
    asked_by_id: int | None = Field(default=None, foreign_key="users.id", description="An admin who asked on behalf")
    reason: str = Field(default="", max_length=200, description="Why, in the asker's words")
    because: str | None = Field(
        default=None,
        max_length=32,
        description="Why, where that is a kind of absence (`EventType`): each reads its word",
    )
    wanted_uid: str | None = Field(
        default=None, foreign_key="duties.uid", max_length=64, description="Of a swap: the other shift"
    )
    wanted_user_id: int | None = Field(default=None, foreign_key="users.id", description="Of a swap: whose that is")
    wanted_position: str | None = Field(default=None, max_length=100)
    wanted_start_at: datetime | None = Field(default=None, sa_type=UtcTime)
    wanted_end_at: datetime | None = Field(default=None, sa_type=UtcTime)
    taker_id: int | None = Field(default=None, foreign_key="users.id")
    approver_id: int | None = Field(default=None, foreign_key="users.id")
    created_at: datetime = Field(sa_type=UtcTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcTime)
    expires_at: datetime = Field(
        sa_type=UtcTime, description="The start; the end where somebody is wanted for a shift that is running"
    )
    objection_until: datetime | None = Field(
        default=None, sa_type=UtcTime, description="Of a take-over: until when it can be objected to; empty: over"
    )
    objected_by_id: int | None = Field(default=None, foreign_key="users.id")
    nudged_at: datetime | None = Field(default=None, sa_type=UtcTime)
    warned_at: datetime | None = Field(default=None, sa_type=UtcTime)
    change_id: int | None = Field(
        default=None, foreign_key="schedule_changes.id", description="What was made of it; its undo withdraws it"
    )


class CoverMessage(SQLModel, table=True):
    """The one message of a request to a person or a group, edited in place.

    What it has to show is made from the request when it is sent. `due_at` says that it may not show that yet. An
    attempt is committed before each call: one that has no outcome when a process starts is made again; of a new
    message that may be a second copy, which `uncertain` counts.
    """

    __tablename__: ClassVar[Any] = "cover_messages"
    __table_args__ = (
        sa.CheckConstraint("(user_id IS NULL) <> (chat_id IS NULL)", name="receiver"),
        sa.UniqueConstraint("request_id", "user_id", name="uq_cover_messages_user_id"),
        sa.UniqueConstraint("request_id", "chat_id", name="uq_cover_messages_chat_id"),
        partial_index("ix_cover_messages_due", "due_at", where="due_at IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="cover_requests.id", ondelete="CASCADE")
    role: CoverRole = Field(sa_type=enum_column(CoverRole, "role"))
    user_id: int | None = Field(default=None, foreign_key="users.id", ondelete="CASCADE")
    chat_id: int | None = Field(
        default=None,
        sa_column=sa.Column(
            sa.BigInteger, sa.ForeignKey("chats.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=True
        ),
    )
    thread_id: int = Field(default=0, description="message_thread_id of a group's topic; 0: none")
    answer: CoverAnswer | None = Field(
        default=None, sa_column=sa.Column(enum_column(CoverAnswer, "answer"), nullable=True)
    )
    message_id: int | None = Field(default=None, description="Telegram's; empty: not sent yet")
    replaced_id: int | None = Field(default=None, description="An older message in whose place it came: to be deleted")
    content_hash: str = Field(default="", max_length=64, description="Of what it shows; empty: not known")
    version: int = Field(default=0, description="Raised by whatever may change what it has to show")
    loud: bool = Field(default=False, description="To be noticed: sent anew, the older one goes")
    due_at: datetime | None = Field(default=None, sa_type=UtcTime, description="Not before; empty: it is up to date")
    attempts: int = 0
    attempted_at: datetime | None = Field(default=None, sa_type=UtcTime)
    uncertain: int = 0
    last_error: str | None = Field(default=None, max_length=500)
