"""Shifts, and the log of what changed them."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duty_teller.db.models.base import UtcTime, enum_column, partial_index
from duty_teller.domain.shift import EventType


class ChangeKind(StrEnum):
    """Why the schedule changed."""

    IMPORT = "import"
    EDIT = "edit"
    COVER = "cover"
    SWAP = "swap"
    TAKEOVER = "takeover"
    AWAY = "away"
    MERGE = "merge"
    UNDO = "undo"

    @property
    def by_hand(self) -> bool:
        """Whether people changed the schedule itself: a file that says otherwise asks (`schedule_service.by_hand`)."""
        return self not in (ChangeKind.IMPORT, ChangeKind.MERGE, ChangeKind.UNDO)


class DutyBase(SQLModel):
    """A shift: who, when, what. The fields of `domain.shift.Shift` in its order, and the roster."""

    user_id: int = Field(foreign_key="users.id")
    position: str | None = Field(default=None, max_length=100, description="primary, secondary … or none")
    start_at: datetime = Field(sa_type=UtcTime)
    end_at: datetime = Field(sa_type=UtcTime)
    event_type: EventType = Field(sa_type=enum_column(EventType, "event_type"))
    note: str | None = Field(default=None, max_length=500)
    roster_id: int = Field(foreign_key="rosters.id")


class Duty(DutyBase, table=True):
    """A stored shift. Only `services.schedule_service` writes this table; a cancelled row stays for feeds and undo."""

    __tablename__: ClassVar[Any] = "duties"
    __table_args__ = (
        sa.CheckConstraint("end_at > start_at", name="span"),
        sa.Index("ix_duties_roster_start", "roster_id", "event_type", "start_at"),
        sa.Index("ix_duties_user_start", "user_id", "start_at"),
        # The longest shift of a type bounds a range query from below (PERFORMANCE: 7.9 ms without, 0.2 ms with).
        sa.Index("ix_duties_type_span", "event_type", sa.text("(end_at - start_at)")),
        partial_index("ix_duties_cancelled", "cancelled_at", where="cancelled_at IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(
        max_length=64, unique=True, description="Stable for the life of the shift; the calendar UID is made of it"
    )
    sequence: int = Field(default=0, description="Raised by every change, for calendars")
    updated_at: datetime = Field(sa_type=UtcTime)
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcTime)


class DutyRead(DutyBase):
    """A shift for the API, with the person's name and ways to reach them."""

    id: int
    full_name: str
    username: str | None = None
    phone: str | None = None


class ScheduleChange(SQLModel, table=True):
    """One change of the schedule; `items` of it keep what was replaced."""

    __tablename__: ClassVar[Any] = "schedule_changes"

    id: int | None = Field(default=None, primary_key=True)
    roster_id: int = Field(foreign_key="rosters.id", index=True)
    kind: ChangeKind = Field(sa_type=enum_column(ChangeKind, "kind"))
    author_id: int | None = Field(default=None, foreign_key="users.id", description="None: the command line")
    author_name: str = Field(max_length=200)
    reason: str = Field(default="", max_length=500)
    revision: int = Field(description="The roster's schedule revision that this change made")
    created_at: datetime = Field(sa_type=UtcTime)
    roster_before: str | None = Field(
        default=None, sa_type=sa.Text, description="JSON of roster settings replaced by this change"
    )
    roster_after: str | None = Field(default=None, sa_type=sa.Text)
    undoes_id: int | None = Field(
        default=None, foreign_key="schedule_changes.id", description="The change that this one takes back"
    )
    part_of_id: int | None = Field(
        default=None, description="The first change of an action that touched several rosters; they are undone together"
    )
    people_before: str | None = Field(
        default=None, sa_type=sa.Text, description="JSON of what this change replaced about people (a merge of two)"
    )
    people_after: str | None = Field(default=None, sa_type=sa.Text)


class ScheduleChangeItem(SQLModel, table=True):
    """One shift of a change, before and after (written by `schedule_service.log`; NULL: there was none)."""

    __tablename__: ClassVar[Any] = "schedule_change_items"

    id: int | None = Field(default=None, primary_key=True)
    change_id: int = Field(foreign_key="schedule_changes.id", ondelete="CASCADE", index=True)
    duty_uid: str = Field(foreign_key="duties.uid", max_length=64, index=True)
    before: str | None = Field(default=None, sa_type=sa.Text)
    after: str | None = Field(default=None, sa_type=sa.Text)


class Revision(SQLModel, table=True):
    """A counter raised in the transaction that changes what it counts: `schedule:<roster id>`, `people`, `rosters`."""

    __tablename__: ClassVar[Any] = "revisions"

    name: str = Field(primary_key=True, max_length=40)
    value: int = 0
