"""Shapes that are rows of no single table: what queries return and what the API answers."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final, Literal

from sqlmodel import SQLModel

from duty_teller.db.models import DutyRead, NoticeKind, RosterRead, UserRead
from duty_teller.db.models.people import UserBase
from duty_teller.domain.shift import EventType, Shift


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


class WorkedRead(SQLModel):
    """What a person has worked and is planned to in a span of local days; real hours, `nights` by their middle."""

    shifts: int
    hours: float
    nights: int
    night_hours: float
    weekend_hours: float
    holiday_hours: float


class BalanceRead(WorkedRead):
    """The same of one of the people of a roster, who may have had nothing in that span."""

    user_id: int
    full_name: str


class MonthWorked(WorkedRead):
    """The same of a month, which is named by its first day."""

    month: date


class OwnShiftRead(SQLModel):
    """A time on duty of the person who asks; `duty_id` is its first stored shift, `asked` an undecided request.

    `asked_start` and `asked_end`: the part that the request is about.
    """

    duty_id: int
    roster_id: int
    position: str | None
    start_at: datetime
    end_at: datetime
    asked: int | None
    asked_start: datetime | None
    asked_end: datetime | None


class MineRead(SQLModel):
    """The answer of `/api/mine`: one's times on duty of the next 60 days, one's absences, this month and the next."""

    shifts: list[OwnShiftRead]
    away: list[DutyRead]
    months: list[MonthWorked]


class RosterSpan(SQLModel):
    """A half-open span of UTC in a roster."""

    roster_id: int
    start_at: datetime
    end_at: datetime


class DayNoteRead(SQLModel):
    """What a local day of a roster is, besides its shifts: a public holiday, an event of another calendar."""

    roster_id: int
    day: date
    kind: Literal["holiday", "event"]
    text: str


class AwayRead(SQLModel):
    """An absence that is running: its type, and the end of the last of its whole local days."""

    roster_id: int
    event_type: EventType
    end_at: datetime


class TeammateRead(UserBase):
    """Somebody of the team: `next` is the time on duty that is running, else the next one."""

    id: int
    next: RosterSpan | None
    away: AwayRead | None


class ProgramRead(SQLModel):
    """A calendar program and the address that opens it."""

    program: str
    address: str


class QrRead(SQLModel):
    """A QR code: an SVG path in a square of `size` units."""

    size: int
    path: str


class CalendarLinkRead(SQLModel):
    """A calendar link of the person who asks; without `feed` it is revoked. Everything in it is secret.

    `page` opens in a browser what belongs to the device; the QR code holds it. `mark` names this address.
    """

    mark: str
    feed: str | None
    page: str | None
    programs: list[ProgramRead]
    qr: QrRead | None
    last_read_at: datetime | None
    last_read_by: str | None


class DoneRead(SQLModel):
    """What an action has caused: how many people are asked."""

    asked: int = 0


class EnteredRead(SQLModel):
    """What an absence has caused.

    `affected`: times on duty that fall into it, `asked`: those for which colleagues are asked, `left`: those for which
    they were to be asked, and there is nobody to ask.
    """

    affected: int
    asked: int
    left: int


class FallingRead(SQLModel):
    """A time on duty that would fall into an absence, in words.

    `asked`: cover is looked for already; `at_once`: it will be as soon as the absence is entered.
    """

    duty_id: int
    text: str
    asked: bool
    at_once: bool


class GroupRead(SQLModel):
    """A group of Telegram."""

    chat_id: int
    title: str


class CoverRead(SQLModel):
    """Whom cover can be asked of: colleagues one by one, or one of the groups; `rested`: all of `people` would be."""

    people: list[str]
    rested: bool
    groups: list[GroupRead]


class SomebodyRead(SQLModel):
    """Somebody by number and name."""

    id: int
    full_name: str


class PersonRead(UserBase):
    """Somebody as admins look at them; `admin_by_settings`: the environment makes them one, for good."""

    id: int
    has_account: bool
    reachable: bool
    is_active: bool
    is_admin: bool
    admin_by_settings: bool
    coming: int


class InvitationRead(SQLModel):
    """An invitation, to be opened in Telegram by the person it is for."""

    link: str


class MergeRead(SQLModel):
    """What a merge of two people does: `moved` shifts go to `target`, `twice` both had, `overlaps` it brings."""

    source_id: int
    source_name: str
    target_id: int
    target_name: str
    moved: int
    twice: int
    overlaps: list[RosterSpan]
    fingerprint: str


class RemindersRead(SQLModel):
    """What somebody is told unasked: minutes before a shift, quiet hours as two wall times, kinds of notices."""

    leads: list[int]
    possible_leads: list[int]
    quiet: list[str] | None
    kinds: list[NoticeKind]
    possible_kinds: list[NoticeKind]


class SwapRead(SQLModel):
    """A colleague's time on duty that one's own can be swapped for."""

    duty_id: int
    full_name: str
    roster_id: int
    start_at: datetime
    end_at: datetime


class ShiftPlaceRead(SQLModel):
    """Where a time on duty is in the schedule."""

    roster_id: int
    start_at: datetime


class ChoiceRead(SQLModel):
    """What can be answered: for programs and for people."""

    answer: str
    label: str


class RequestRead(SQLModel):
    """A request as the bot tells the person of it, line by line, and what they can answer."""

    id: int
    lines: list[str]
    choices: list[ChoiceRead]


class ErrorBody(SQLModel):
    """What went wrong, for programs (`code`) and for people (`message`, in the person's language).

    `request` is the number to pass on to whoever runs the service: the log tells of the request by it.
    """

    code: str
    message: str
    request: str


class ErrorRead(SQLModel):
    """The one error shape of the API."""

    error: ErrorBody
