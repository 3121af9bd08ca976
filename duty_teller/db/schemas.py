"""Shapes that are rows of no single table: what queries return and what the API answers."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import SQLModel

from duty_teller.db.models import DutyRead, EventType, RosterRead, UserRead


class ShiftRow(NamedTuple):
    """A stored shift with its person; the fields are those of `DutyRead`, in its order."""

    roster_id: int
    user_id: int
    position: str | None
    start_at: datetime
    end_at: datetime
    event_type: EventType
    note: str | None
    id: int
    full_name: str
    username: str | None
    phone: str | None


class Span(SQLModel):
    """A half-open span of UTC; an open end means: until further notice."""

    start_at: datetime
    end_at: datetime | None


class RosterNow(SQLModel):
    """Who is on duty in a roster and who is next. Shifts of one person in one position that meet are shown as one."""

    roster_id: int
    current: list[DutyRead]
    next: list[DutyRead]
    gap: Span | None
    valid_until: datetime | None


class NowRead(SQLModel):
    """The answer of `/api/now`."""

    now: datetime
    rosters: list[RosterNow]


class MeRead(UserRead):
    """The answer of `/api/me`: the person who asks, and the rosters they see."""

    language: str
    on_roster: bool
    rosters: list[RosterRead]
    now: datetime


class ErrorBody(SQLModel):
    """What went wrong, for programs (`code`) and for people (`message`, in the person's language)."""

    code: str
    message: str


class ErrorRead(SQLModel):
    """The one error shape of the API."""

    error: ErrorBody
