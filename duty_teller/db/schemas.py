"""Shapes that are rows of no single table: what queries return and what the API answers."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from sqlmodel import SQLModel

from duty_teller.db.models import DutyRead, RosterRead, UserRead
from duty_teller.domain.shift import Shift


@dataclass(frozen=True, slots=True)
class ShiftRow(Shift):
    """A stored shift with its roster and person: the fields of `DutyRead` in its order, as the API answers them.

    It comes from a query, which fills all of it; the defaults are there because those of `Shift` end with some.
    """

    roster_id: int = 0
    id: int = 0
    full_name: str = ""
    username: str | None = None
    phone: str | None = None


ROW_FIELDS: Final = tuple(field.name for field in fields(ShiftRow))


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
