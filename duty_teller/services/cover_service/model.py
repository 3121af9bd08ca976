"""The words of requests: who acts, what a shift to be covered is, and what cannot be done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, or_, select, update

from duty_teller.db.models import CoverRequest, CoverState, Duty, EventType, Roster, User
from duty_teller.domain.shift import Shift
from duty_teller.i18n.core import LocalizedError
from duty_teller.services.schedule_service import Author
from duty_teller.services.schedule_service.edits import Stored, pieces_of
from duty_teller.services.schedule_service.queries import stretches_between

OBJECTION: Final = timedelta(minutes=10)
"""How long a take-over can be objected to."""

SHORT: Final = timedelta(hours=12)
"""What starts within this is told at once, in quiet hours, too."""

LONGEST_REASON: Final = 100

UNDECIDED: Final = or_(
    col(CoverRequest.state) == CoverState.OPEN,
    (col(CoverRequest.state) == CoverState.TAKEN) & col(CoverRequest.change_id).is_(None),
)


class CoverError(LocalizedError):
    """It cannot be done (`cover.*`); what to do instead is said."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts."""

    user_id: int
    name: str
    is_admin: bool = False

    @property
    def author(self) -> Author:
        """As the write door knows them."""
        return Author(self.user_id, self.name)


@dataclass(frozen=True, slots=True)
class OwnShift:
    """A time on duty as it is now.

    Attributes:
        duty_id: Number of the first stored shift of it.
        roster_id: Whose schedule.
        user_id: Who is on duty.
        position: primary, secondary … or none.
        start_at: Aware UTC.
        end_at: Aware UTC.
    """

    duty_id: int
    roster_id: int
    user_id: int
    position: str | None
    start_at: datetime
    end_at: datetime


def minute(moment: datetime) -> datetime:
    """Returns the minute that an instant lies in: nobody has a shift from 14:03:27 on."""
    return moment.replace(second=0, microsecond=0)


def shift_of(session: Session, duty_id: int, now: datetime) -> OwnShift:
    """Returns the time on duty that a stored shift belongs to.

    Raises:
        CoverError: `cover.gone`: the shift moved, was given away or removed. `cover.over`.
    """
    duty = session.get(Duty, duty_id)
    if duty is None or duty.cancelled_at is not None or duty.event_type != EventType.DUTY:
        raise CoverError("cover.gone")
    roster = session.get_one(Roster, duty.roster_id)
    for stretch in stretches_between(session, roster, duty.start_at, duty.end_at, duty.user_id):
        if stretch.row.position == duty.position and stretch.start_at <= duty.start_at < stretch.end_at:
            if stretch.end_at <= now:
                raise CoverError("cover.over")
            row = stretch.row
            return OwnShift(row.id, duty.roster_id, duty.user_id, row.position, stretch.start_at, stretch.end_at)
    raise CoverError("cover.gone")


def colleague(session: Session, user_id: int) -> User:
    """Returns somebody who may have a time on duty.

    Raises:
        CoverError: `cover.not_on_roster`: they have left, or there is no such person.
    """
    user = session.get(User, user_id)
    if user is None or not user.is_active:
        raise CoverError("cover.not_on_roster")
    return user


def pieces_in(session: Session, shift: OwnShift, start: datetime, end: datetime) -> list[Stored]:
    """Returns the stored shifts of a time on duty that touch a span of it.

    Raises:
        CoverError: `cover.outside`: the span is not inside it.
    """
    if not shift.start_at <= start < end <= shift.end_at:
        raise CoverError("cover.outside")
    duty = session.get_one(Duty, shift.duty_id)
    found = pieces_of(session, shift.roster_id, Shift.of(duty), start, end)
    if not found:
        raise CoverError("cover.gone")
    return found


def request_of(session: Session, request_id: int) -> CoverRequest:
    """Returns a request.

    Raises:
        CoverError: `cover.unknown`.
    """
    request = session.get(CoverRequest, request_id)
    if request is None:
        raise CoverError("cover.unknown")
    return request


def undecided(session: Session, roster_id: int | None = None) -> list[CoverRequest]:
    """Returns the requests that wait for somebody, oldest first."""
    statement = select(CoverRequest).where(UNDECIDED).order_by(col(CoverRequest.id))
    if roster_id is not None:
        statement = statement.where(CoverRequest.roster_id == roster_id)
    return list(session.exec(statement))


def decide(session: Session, request: CoverRequest, expected: CoverState, state: CoverState, now: datetime) -> None:
    """Moves a request on, if it still is as expected: of two who want to, one does.

    Raises:
        CoverError: `cover.taken_by` (`name`) or `cover.closed`: somebody else was first, or it is over.
    """
    moving = update(CoverRequest).where(col(CoverRequest.id) == request.id, col(CoverRequest.state) == expected)
    session.flush()
    moved = session.connection().execute(moving.values(state=state, decided_at=now)).rowcount
    session.refresh(request)
    if not moved:
        raise closed_error(session, request)


def closed_error(session: Session, request: CoverRequest) -> CoverError:
    """Tells why nothing can be answered any more."""
    if request.state in (CoverState.TAKEN, CoverState.APPROVED) and request.taker_id is not None:
        return CoverError("cover.taken_by", name=session.get_one(User, request.taker_id).full_name)
    return CoverError("cover.closed")
