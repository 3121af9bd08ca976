"""Calendars that somebody else serves, and what they said when they were last read."""

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duty_teller.db.models.base import UtcTime


class ExternalCalendar(SQLModel, table=True):
    """An address that is fetched for a roster. It is a secret, and never shown, logged or told in an error."""

    __tablename__: ClassVar[Any] = "external_calendars"
    __table_args__ = (sa.Index("ix_external_calendars_roster_id", "roster_id"),)

    id: int | None = Field(default=None, primary_key=True)
    roster_id: int = Field(foreign_key="rosters.id", ondelete="CASCADE")
    name: str = Field(max_length=60)
    url: str = Field(sa_type=sa.Text)
    from_setting: bool = Field(default=False, description="Of EXTERNAL_CALENDAR_ICS_URL, which alone removes it")
    is_absences: bool = Field(default=False, description="Its events are absences of the people they name")
    etag: str = Field(default="", max_length=500)
    last_modified: str = Field(default="", max_length=100)
    timezone: str = Field(default="", max_length=64, description="The roster's zone when the events were read")
    known_until: date | None = Field(default=None, description="The last day for which there are events")
    next_at: datetime = Field(sa_type=UtcTime, description="When it is fetched again")
    good_at: datetime | None = Field(default=None, sa_type=UtcTime, description="When it was last good")
    failures: int = Field(default=0, description="Since it was last good")
    trouble: str = Field(default="", max_length=64, description="Why not: a key of the catalogue")
    trouble_args: str = Field(default="{}", sa_type=sa.Text, description="JSON")
    unknown: str = Field(
        default="[]",
        sa_type=sa.Text,
        sa_column_kwargs={"server_default": "[]"},
        description="JSON: names of absences that are nobody's",
    )
    left_out: int = Field(default=0, description="Events of the last good copy that could not be read")


class ExternalEvent(SQLModel, table=True):
    """An occurrence in the last good copy: whole local days, or a time."""

    __tablename__: ClassVar[Any] = "external_events"
    __table_args__ = (sa.Index("ix_external_events_calendar_id", "calendar_id", "first_day"),)

    id: int | None = Field(default=None, primary_key=True)
    calendar_id: int = Field(foreign_key="external_calendars.id", ondelete="CASCADE")
    first_day: date = Field(description="Of the roster's zone")
    last_day: date = Field(description="Included")
    start_at: datetime | None = Field(default=None, sa_type=UtcTime, description="None: whole days")
    end_at: datetime | None = Field(default=None, sa_type=UtcTime)
    title: str = Field(max_length=200)


class ExternalAbsence(SQLModel, table=True):
    """An absence that a calendar has brought: what the calendar takes back is taken back, what people enter is not."""

    __tablename__: ClassVar[Any] = "external_absences"

    id: int | None = Field(default=None, primary_key=True)
    calendar_id: int = Field(foreign_key="external_calendars.id", ondelete="CASCADE", index=True)
    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE")
    event_type: str = Field(max_length=32)
    first_day: date = Field(description="Of the roster's zone")
    last_day: date = Field(description="Included")
