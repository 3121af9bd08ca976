"""The outbox of messages, and the gaps that admins were told of."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duty_teller.db.models.base import UtcTime, enum_column, partial_index


class NoticeKind(StrEnum):
    """What a notice is about; people switch each kind off for themselves.

    `starts` and `ends` are about one's own time on duty, `changed` and `short_notice` about one's own shifts in a
    change of the schedule (the latter when one begins within a day); `gaps`, `unreachable`, `groups` (a pin was
    switched off) and `people` (who joined, which name was bound) go to admins; `digest` goes to a group. `cover` are
    colleagues' requests, which have messages of their own (`CoverMessage`).
    """

    STARTS = "starts"
    ENDS = "ends"
    CHANGED = "changed"
    SHORT_NOTICE = "short_notice"
    GAPS = "gaps"
    UNREACHABLE = "unreachable"
    GROUPS = "groups"
    PEOPLE = "people"
    DIGEST = "digest"
    COVER = "cover"


class NoticeOutcome(StrEnum):
    """What became of a notice."""

    SENT = "sent"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class Notice(SQLModel, table=True):
    """A message that waits to be sent, or was: filled in the transaction of what causes it, so that none is lost.

    Open is what has no `closed_at`. An attempt is committed before each sending: what has an `attempted_at` when a
    process starts may have arrived already, is sent again, and counted in `uncertain`.
    """

    __tablename__: ClassVar[Any] = "notices"
    __table_args__ = (
        sa.CheckConstraint("(user_id IS NULL) <> (chat_id IS NULL)", name="receiver"),
        partial_index("ix_notices_open", "due_at", where="closed_at IS NULL"),
        sa.Index("ix_notices_user_id", "user_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    user_id: int | None = Field(default=None, foreign_key="users.id", ondelete="CASCADE", description="A person")
    chat_id: int | None = Field(
        default=None,
        description="Or a group",
        sa_column=sa.Column(
            sa.BigInteger, sa.ForeignKey("chats.id", ondelete="CASCADE", onupdate="CASCADE"), nullable=True
        ),
    )
    thread_id: int = Field(default=0, description="message_thread_id of a group's topic; 0: none")
    kind: NoticeKind = Field(sa_type=enum_column(NoticeKind, "kind"))
    roster_id: int | None = Field(default=None, foreign_key="rosters.id")
    payload: str = Field(default="{}", sa_type=sa.Text, description="JSON: what the text is made of, by kind")
    dedupe_key: str = Field(
        max_length=200, unique=True, description="One notice a cause: the same key is not stored twice"
    )
    created_at: datetime = Field(sa_type=UtcTime)
    due_at: datetime = Field(sa_type=UtcTime, description="Not before")
    expires_at: datetime = Field(sa_type=UtcTime, description="Not after: yesterday's reminder helps nobody")
    attempts: int = 0
    attempted_at: datetime | None = Field(
        default=None, sa_type=UtcTime, description="An attempt whose outcome is not known (yet)"
    )
    uncertain: int = Field(default=0, description="How often it was sent again without knowing whether it had arrived")
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    outcome: NoticeOutcome | None = Field(
        default=None, sa_column=sa.Column(enum_column(NoticeOutcome, "outcome"), nullable=True)
    )
    last_error: str | None = Field(default=None, max_length=500)


class KnownGap(SQLModel, table=True):
    """A hand-over day with a gap that the admins were told of; it goes when it is closed or over."""

    __tablename__: ClassVar[Any] = "known_gaps"
    __table_args__ = (sa.UniqueConstraint("roster_id", "start_at", name="uq_known_gaps_roster_id"),)

    id: int | None = Field(default=None, primary_key=True)
    roster_id: int = Field(foreign_key="rosters.id", ondelete="CASCADE")
    start_at: datetime = Field(sa_type=UtcTime, description="The hand-over that begins the day")
    end_at: datetime = Field(sa_type=UtcTime, description="The hand-over that ends it")
    found_at: datetime = Field(sa_type=UtcTime)
