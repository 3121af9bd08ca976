"""Sums of a person's duties. A shift counts whole, in the month in which it begins: so months add up to the year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from duty_teller.exporters.model import ExportedSchedule, ExportShift
from duty_teller.utils.dates import local_day, midnight
from duty_teller.utils.handover import instant

NIGHT_ENDS: Final = time(6)


@dataclass(frozen=True, slots=True)
class Totals:
    """What somebody's duties add up to.

    Attributes:
        hours: Elapsed hours: a duty over a change of the clocks has 23 or 25.
        nights: Local nights, 00:00 to 06:00, that any of the duties touches; a night counts once, a duty of two days
            has two.
        weekends: Duties that begin on the weekend of the roster's country.
    """

    hours: float
    nights: int
    weekends: int


def hours_of(shift: ExportShift) -> float:
    """Returns the elapsed hours of a shift, to the minute."""
    return round((shift.end - shift.start).total_seconds() / 60) / 60


def nights_of(shift: ExportShift, timezone: str) -> set[date]:
    """Returns the local days whose hours from 00:00 to 06:00 a shift touches."""
    day, nights = local_day(shift.start, timezone), set()
    while midnight(day, timezone) < shift.end:
        if shift.start < instant(day, NIGHT_ENDS, timezone):
            nights.add(day)
        day += timedelta(days=1)
    return nights


def totals_of(schedule: ExportedSchedule, shifts: Iterable[ExportShift]) -> Totals:
    """Adds up the duties among some shifts of one person; absences count for nothing."""
    duties = [shift for shift in shifts if not shift.event_type.is_absence]
    nights = {night for shift in duties for night in nights_of(shift, schedule.timezone)}
    minutes = sum(round(hours_of(shift) * 60) for shift in duties)
    weekends = sum(schedule.is_weekend(schedule.local(shift.start).date()) for shift in duties)
    return Totals(minutes / 60, len(nights), weekends)
