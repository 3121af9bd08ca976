"""What the writers take: a schedule of some local days, with everything that any of the formats shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final, Protocol, Self

from duty_teller.domain.figures import Figures
from duty_teller.domain.shift import EventType
from duty_teller.utils.dates import day_span
from duty_teller.utils.handover import Handover, handover_span
from duty_teller.utils.zones import zone

_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class ExportShift:
    """A shift to be written.

    Attributes:
        name: The person, unique among the people of the schedule (an @username is added where two are called alike).
        start: Aware.
        end: Aware, after the start, not part of the shift.
        event_type: What it is; absences are whole local days.
        position: The role, or None.
        note: Any text.
        called: The name as people read it, where it is another.
        username: Telegram's, without the @.
        uid: Stable for the life of the shift.
        sequence: Raised by each change of it.
        updated_at: Of its last change.
    """

    name: str
    start: datetime
    end: datetime
    event_type: EventType = EventType.DUTY
    position: str | None = None
    note: str | None = None
    called: str = ""
    username: str | None = None
    uid: str = ""
    sequence: int = 0
    updated_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    @classmethod
    def of(cls, stored: "StoredShift", name: str, called: str = "", username: str | None = None) -> Self:
        """Returns a stored shift as it is written.

        Args:
            stored: Its row.
            name: The person, unique among the people of the file.
            called: The name as people read it, where it is another.
            username: Telegram's, without the @.
        """
        return cls(
            name=name,
            start=stored.start_at,
            end=stored.end_at,
            event_type=stored.event_type,
            position=stored.position,
            note=stored.note,
            called=called,
            username=username,
            uid=stored.uid,
            sequence=stored.sequence,
            updated_at=stored.updated_at,
        )


class StoredShift(Protocol):
    """What a row of the schedule tells: the writers know nothing of the database."""

    start_at: datetime
    end_at: datetime
    event_type: EventType
    position: str | None
    note: str | None
    uid: str
    sequence: int
    updated_at: datetime


@dataclass(frozen=True)
class ExportedSchedule:
    """The schedule of a roster for the local days `first` to `last`, both included.

    Attributes:
        title: The roster's name; empty where a team has only one.
        handover: When duties are handed over, and the zone of all days.
        first: First local day.
        last: Last local day.
        shifts: All that touch these days, by start and name. What began before them is context: it is shown where
            it helps, and belongs to the file of the days before.
        lang: The language of headings and legends.
        day_shift: Start and end of the roster's day shift.
        night_shift: The same of its night shift.
        several_rosters: The team has more than this one.
        holidays: The public holidays among these days; None: the roster keeps none.
        events: Of other calendars: a day, and what is on it.
        hours: First day of a month and name → what the hours service counts there, of the days asked for.
        closed: First days of the months whose hours are closed: they are as they were closed.
        night: When it is night, as the roster has it: `22:00-06:00`.
        weekend: The days of the weekend among them; None: Saturdays and Sundays.
    """

    title: str
    handover: Handover
    first: date
    last: date
    shifts: tuple[ExportShift, ...]
    lang: str = "en"
    day_shift: tuple[time, time] = (time(8), time(20))
    night_shift: tuple[time, time] = (time(20), time(8))
    several_rosters: bool = False
    holidays: Mapping[date, str] | None = None
    weekend: frozenset[date] | None = None
    events: tuple[tuple[date, str], ...] = ()
    hours: Mapping[tuple[date, str], Figures] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    night: str = ""

    @property
    def timezone(self) -> str:
        """The IANA zone of all days and times."""
        return self.handover.timezone

    @cached_property
    def span(self) -> tuple[datetime, datetime]:
        """The half-open UTC span of the days."""
        return day_span(self.first, self.last, self.timezone)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Everybody who has a shift or hours in these days, by name."""
        names = {shift.name for shift in self.shifts} | {name for (_month, name), hours in self.hours.items() if hours}
        return tuple(sorted(names, key=lambda name: (name.casefold().replace("ё", "е"), name)))

    @cached_property
    def begun(self) -> tuple[ExportShift, ...]:
        """The shifts that begin in these days."""
        return tuple(shift for shift in self.shifts if self.span[0] <= shift.start < self.span[1])

    def is_weekend(self, day: date) -> bool:
        """Tells whether a local day is part of the weekend."""
        return day.weekday() >= _SATURDAY if self.weekend is None else day in self.weekend

    def local(self, moment: datetime) -> datetime:
        """Returns an instant on the roster's wall clock, with its UTC offset."""
        return moment.astimezone(zone(self.timezone))

    def last_day_of(self, shift: ExportShift) -> date:
        """Returns the last local day a shift touches."""
        return self.local(shift.end - timedelta(seconds=1)).date()

    def is_handover_duty(self, shift: ExportShift) -> bool:
        """Tells whether a duty lasts from the hand-over of its day to that of the next."""
        day = self.local(shift.start).date()
        return not shift.event_type.is_absence and (shift.start, shift.end) == handover_span(day, self.handover)
