"""The schedule as a file: reads it for a roster and a range of local days, and has a writer write it."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import Duty, Roster, User
from duty_teller.db.schemas import ShiftRow
from duty_teller.exporters.model import ExportedSchedule, ExportShift
from duty_teller.i18n.core import LocalizedError
from duty_teller.i18n.lang import format_day
from duty_teller.importers.words.text import fold_name
from duty_teller.services import schedule_service
from duty_teller.services.calendars.notes import day_notes
from duty_teller.services.hours import report
from duty_teller.services.rosters import days_off
from duty_teller.utils.handover import Handover, clock_span

FORMATS: Final = ("xlsx", "csv", "ics", "json")
MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "ics": "text/calendar",
    "json": "application/json",
}


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A finished file.

    Attributes:
        name: With the days in it, `duty-2026-11.xlsx`.
        data: Its bytes.
        media_type: Without parameters.
    """

    name: str
    data: bytes
    media_type: str


def read_schedule(session: Session, roster: Roster, first: date, last: date, lang: str) -> ExportedSchedule:
    """Reads what the writers take: no row and no session is needed after it.

    Args:
        session: Where to read.
        roster: The roster.
        first: First local day of the roster's zone.
        last: Last local day, included.
        lang: The language of headings and legends.

    Raises:
        LocalizedError: `export.empty`, nobody has anything in these days.
    """
    rows = schedule_service.shifts_of_days(session, [roster], first, last)
    if not rows:
        raise LocalizedError("export.empty", first=format_day(lang, first), last=format_day(lang, last))
    duties = _duties(session, [row.id for row in rows])
    hours, closed = report.by_month(session, first, last, roster.id or 0)
    names = _unique_names(session, rows, {user_id for _month, user_id in hours})
    return ExportedSchedule(
        title=roster.name,
        handover=Handover(roster.handover_at, roster.timezone),
        first=first,
        last=last,
        shifts=tuple(ExportShift.of(duties[row.id], names[row.user_id], row.full_name, row.username) for row in rows),
        lang=lang,
        day_shift=clock_span(roster.day_shift),
        night_shift=clock_span(roster.night_shift),
        holidays=days_off.holidays(roster, first, last, lang) if roster.holidays else None,
        events=tuple(
            (day, note.text)
            for day, notes in day_notes(session, roster, first, last, lang).items()
            for note in notes
            if note.kind == "event"
        ),
        weekend=frozenset(day for day in _days(first, last) if days_off.is_weekend(roster, day)),
        several_rosters=len(repository.rosters(session)) > 1,
        hours={(month, names[user_id]): figures for (month, user_id), figures in hours.items()},
        closed=closed,
        night=roster.night_hours,
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


def write_file(schedule: ExportedSchedule, file_format: str) -> ExportedFile:
    """Writes a file; it takes a while for a year of a big team, so not on the event loop.

    Args:
        schedule: From `read_schedule`.
        file_format: One of `FORMATS`.

    Raises:
        LocalizedError: `export.format`, there is no such format; `export.json.*`, the fixed JSON cannot say a shift.
    """
    data = _writer(file_format)(schedule)
    title = schedule.title if schedule.several_rosters else ""
    name = file_name(schedule.first, schedule.last, file_format, title)
    return ExportedFile(name, data, MEDIA_TYPES[file_format])


def file_name(first: date, last: date, file_format: str, title: str = "") -> str:
    """Returns a name that tells the days: `duty-2026-11.xlsx` for a whole month, else both of them.

    The title of a roster, where there are several, stands in front: `duty-Network-2026-11.xlsx`.
    """
    whole_month = first.day == 1 and month_end(first) == last
    span = f"{first:%Y-%m}" if whole_month else f"{first.isoformat()}_{last.isoformat()}"
    words = re.sub(r"[^\w-]+", "-", title).strip("-")
    return f"duty-{words}-{span}.{file_format}" if words else f"duty-{span}.{file_format}"


def month_end(day: date) -> date:
    """Returns the last day of the month of a day."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _writer(file_format: str) -> Callable[[ExportedSchedule], bytes]:
    if file_format == "xlsx":
        from duty_teller.exporters.workbook import write_xlsx

        return write_xlsx
    if file_format == "csv":
        from duty_teller.exporters.csv_list import write_csv

        return write_csv
    if file_format == "ics":
        from duty_teller.exporters.calendar_file import write_ics

        return write_ics
    if file_format == "json":
        from duty_teller.exporters.fixed_json import write_json

        return write_json
    raise LocalizedError("export.format", text=file_format[:32])


def _duties(session: Session, ids: list[int]) -> dict[int, Duty]:
    found: dict[int, Duty] = {}
    for at in range(0, len(ids), 500):
        for duty in session.exec(select(Duty).where(col(Duty.id).in_(ids[at : at + 500]))).all():
            found[duty.id or 0] = duty
    return found


def _unique_names(session: Session, rows: list[ShiftRow], others: Collection[int]) -> dict[int, str]:
    """Returns names by which a file can be read back: an @username is added where two people are called alike."""
    users: list[tuple[int | None, str]] = [
        (user.id, user.full_name) for user in session.exec(select(User).where(col(User.is_active))).all()
    ]
    called: dict[int, tuple[str, str | None]] = {row.user_id: (row.full_name, row.username) for row in rows}
    for user_id in set(others) - called.keys():  # of a month that was closed, and without a shift in it by now
        user = session.get_one(User, user_id)
        called[user_id] = user.full_name, user.username
    people = dict(users) | {user_id: name for user_id, (name, _username) in called.items()}
    alike = Counter(fold_name(name) for name in people.values())
    return {
        user_id: f"{name} @{username}" if username and alike[fold_name(name)] > 1 else name
        for user_id, (name, username) in called.items()
    }
