"""Rosters and their settings."""

from datetime import date, datetime, time
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from duty_teller.db.models.base import UtcTime, WallTime, enum_column
from duty_teller.domain.coverage import Coverage


class RosterBase(SQLModel):
    """A roster as others see it. An empty name is the only roster's: nobody has to see the word."""

    name: str = Field(default="", max_length=100)
    timezone: str = Field(max_length=64, description="IANA name")
    handover_at: time = Field(
        sa_type=WallTime,
        description="Wall clock of the roster's zone",
        schema_extra={"format": "partial-time"},  # RFC 3339: its `time` has an offset
    )


class Roster(RosterBase, table=True):
    """What a team plans: zone, hand-over, shift times, the meaning of codes in files, and the coverage it wants."""

    __tablename__: ClassVar[Any] = "rosters"

    id: int | None = Field(default=None, primary_key=True)
    day_shift: str = Field(default="08:00-20:00", max_length=11)
    night_shift: str = Field(default="20:00-08:00", max_length=11)
    codes: str = Field(default="{}", sa_type=sa.Text, description="JSON: folded code → meaning, as answered in imports")
    date_order: str | None = Field(default=None, max_length=3, description="`dmy` or `mdy`, as answered in imports")
    file_answers: str = Field(
        default="{}",
        sa_type=sa.Text,
        description="JSON: SHA-256 of a file's cells → answers that hold for that file only",
    )
    coverage: Coverage = Field(default=Coverage.DAILY, sa_type=enum_column(Coverage, "coverage"))
    coverage_hours: str | None = Field(
        default=None, sa_type=sa.Text, description='JSON for `weekly`: {"0": ["09:00-18:00"], …}, 0 is Monday'
    )
    gap_warnings: bool = Field(
        default=True, sa_column_kwargs={"server_default": sa.true()}, description="Tell the admins of gaps"
    )
    cover_approval: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": sa.false()},
        description="A cover or swap waits for an admin's yes",
    )
    cover_warn_minutes: int = Field(
        default=720,
        sa_column_kwargs={"server_default": "720"},
        description="How long before a start the admins are told that nobody covers it",
    )
    night_hours: str = Field(
        default="22:00-06:00",
        max_length=11,
        sa_column_kwargs={"server_default": "22:00-06:00"},
        description="Which hours count as night hours",
    )
    hours_once: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": sa.false()},
        description="Hours in which the person is on duty in another roster, too, are counted there only",
    )
    rates: str = Field(
        default="",
        sa_type=sa.Text,
        sa_column_kwargs={"server_default": ""},
        description="What an hour is paid, in lines as `services.hours.rate_lines` writes them; empty: not reckoned",
    )
    holidays: str = Field(
        default="",
        max_length=40,
        sa_column_kwargs={"server_default": ""},
        description="Whose public holidays and weekend: `DE`, `DE-BY`; empty: nobody's",
    )
    holidays_chosen: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": sa.false()},
        description="An admin has said so; else they follow the setting HOLIDAYS at each start",
    )
    retired_at: datetime | None = Field(default=None, sa_type=UtcTime)
    shown_at: datetime | None = Field(
        default=None,
        sa_type=UtcTime,
        description="When its feeds changed last otherwise than by shifts: names, zone, in or out of use",
    )


class ClosedMonth(SQLModel, table=True):
    """A month whose hours are closed: the figures it had then stay, whatever changes later."""

    __tablename__: ClassVar[Any] = "closed_months"

    roster_id: int = Field(foreign_key="rosters.id", ondelete="CASCADE", primary_key=True)
    month: date = Field(primary_key=True, description="Its first day")
    closed_at: datetime = Field(sa_type=UtcTime)
    closed_by: str = Field(max_length=200)
    figures: str = Field(sa_type=sa.Text, description="JSON: person, position and figures of each line")


class RosterRead(RosterBase):
    """A roster for the API."""

    id: int
