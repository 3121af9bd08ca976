"""Secret links of calendar feeds."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duty_teller.db.models.base import UtcTime, enum_column


class LinkScope(StrEnum):
    """What a calendar link shows."""

    PERSONAL = "personal"
    TEAM = "team"


class CalendarLink(SQLModel, table=True):
    """A secret address of a feed. The token is made of id, generation and the secret of DATA_DIR, and never stored."""

    __tablename__: ClassVar[Any] = "calendar_links"
    __table_args__ = (sa.Index("ix_calendar_links_user_id", "user_id"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE")
    scope: LinkScope = Field(sa_type=enum_column(LinkScope, "scope"))
    roster_id: int | None = Field(default=None, foreign_key="rosters.id", description="None: all rosters")
    generation: int = 1
    token_sha256: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_type=UtcTime)
    last_read_at: datetime | None = Field(default=None, sa_type=UtcTime)
    last_read_by: str | None = Field(default=None, max_length=200, description="The reader's User-Agent")
    revoked_at: datetime | None = Field(default=None, sa_type=UtcTime)
    alarm_minutes: int | None = Field(
        default=None, description="How long before a duty the calendar rings; None: never"
    )
    shown_times: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="How often all events of this link changed their looks: language, alarm",
    )
    shown_at: datetime | None = Field(default=None, sa_type=UtcTime, description="When they did last")
