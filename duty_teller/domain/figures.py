"""What somebody's hours add up to, and the sheet of everybody's: what texts and files of hours are made of."""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Self

from duty_teller.domain.working_time import Piece


@dataclass(frozen=True, slots=True)
class Figures:
    """A person's hours in a roster and position: `total` = `planned` + `covered` − `given` − `ill`.

    Attributes:
        total: On duty.
        planned: What the plan had, before covers, swaps and take-overs.
        covered: Of the total: what the plan had for somebody else.
        given: Planned, and worked by somebody else.
        ill: On the roster, and ill.
        night: Of the total: in the night.
        weekend: Of the total: on the weekend.
        holiday: Of the total: on holidays.
        nights: How often they were on duty in the middle of the night.
        shifts: The stored shifts that have a part in it.
        pay: In the team's currency, to the cent; None where nothing is reckoned.
    """

    total: timedelta = timedelta()
    planned: timedelta = timedelta()
    covered: timedelta = timedelta()
    given: timedelta = timedelta()
    ill: timedelta = timedelta()
    night: timedelta = timedelta()
    weekend: timedelta = timedelta()
    holiday: timedelta = timedelta()
    nights: int = 0
    shifts: int = 0
    pay: Decimal | None = None

    def __add__(self, other: "Figures") -> "Figures":
        return self._with(other, 1)

    def __sub__(self, other: "Figures") -> "Figures":
        return self._with(other, -1)

    def _with(self, other: "Figures", sign: int) -> "Figures":
        pay = None if self.pay is None and other.pay is None else (self.pay or _NONE) + sign * (other.pay or _NONE)
        values = {name: getattr(self, name) + sign * getattr(other, name) for name in SUMMED}
        return Figures(**values, pay=pay)

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in SUMMED) or bool(self.pay)

    def stored(self) -> dict[str, int | str | None]:
        """Returns the figures as JSON can hold them: times in seconds, money as text."""
        values: dict[str, int | str | None] = {}
        for name in SUMMED:
            value = getattr(self, name)
            values[name] = int(value.total_seconds()) if isinstance(value, timedelta) else value
        return values | {"pay": None if self.pay is None else str(self.pay)}

    @classmethod
    def read(cls, values: dict[str, int | str | None]) -> Self:
        """Takes back what `stored` gave."""
        pay = values.get("pay")
        read: dict[str, Any] = {name: int(values.get(name) or 0) for name in SUMMED}
        read |= {name: timedelta(seconds=value) for name, value in read.items() if name not in _COUNTS}
        return cls(**read, pay=None if pay is None else Decimal(str(pay)))


_NONE: Final = Decimal()
_COUNTS: Final = ("nights", "shifts")
SUMMED: Final = tuple(field.name for field in fields(Figures) if field.name != "pay")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the sheet.

    Attributes:
        user_id: Whose.
        name: What they are called, unlike everybody else on the sheet.
        roster_id: The roster.
        roster: Its name, or nothing.
        position: primary, secondary … or nothing.
        figures: What they add up to.
    """

    user_id: int
    name: str
    roster_id: int
    roster: str
    position: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Correction(Line):
    """What has changed of a line since its month was closed: `figures` are to be added to the closed ones.

    Attributes:
        month: The first day of the closed month.
        closed_at: When it was closed.
    """

    month: date
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class Detail:
    """A piece of working time with its person: what the lines are made of, as the schedule is now.

    Attributes:
        name: Who works then.
        planned_for: Whom the plan had there.
        roster: The roster's name, or nothing.
        position: The position, or nothing.
        timezone: The roster's zone.
        piece: When, and what it counts as.
        worked: False: the person is ill.
        rate: What an hour of it is paid, the cap of the day's hours counted; None where nothing is reckoned.
        over: How much of its pay is more than what a day is paid at most, and not paid.
    """

    name: str
    planned_for: str
    roster: str
    position: str
    timezone: str
    piece: Piece
    worked: bool
    rate: Decimal | None
    over: Decimal


@dataclass(frozen=True, slots=True)
class HoursSheet:
    """Everybody's hours of some days.

    Attributes:
        first: First local day.
        last: Last one, included.
        lines: By name, roster and position; of a closed month the figures it was closed with.
        corrections: What has changed since, by month.
        details: By time.
        closed: First days of the months that are closed in a roster of the sheet.
    """

    first: date
    last: date
    lines: tuple[Line, ...]
    corrections: tuple[Correction, ...]
    details: tuple[Detail, ...]
    closed: tuple[date, ...]
