"""A list: one row a shift, for spreadsheets and payroll.

It has the shifts that begin in the days asked for. UTF-8 with a byte order mark, without which Excel takes it for
another encoding. Where people write 7,5 for seven and a half, Excel splits at semicolons: so separator and decimal
mark are those of the language's table.
"""

import csv
from datetime import date, datetime
from io import StringIO

from duty_teller.domain.exchange import CSV_COLUMNS, CSV_EVENTS, CSV_HOLIDAY, guard
from duty_teller.exporters.model import ExportedSchedule, ExportShift
from duty_teller.i18n.core import t
from duty_teller.i18n.lang import table


def write_csv(schedule: ExportedSchedule) -> bytes:
    """Writes the list.

    Start and end are local, with the UTC offset (`2026-11-23 09:00+03:00`). Absences are whole days: they have their
    first and last day there (`2026-12-28`), and no hours. The hours are those of the whole shift, however many
    of them are counted in which month. Where the roster keeps public holidays, a column names that of the date, and
    where other calendars have something in these days, the last one names what they have on the date.
    """
    lang = schedule.lang
    target = StringIO()
    writer = csv.writer(target, delimiter=table(lang).csv_separator, lineterminator="\r\n")
    columns = [*CSV_COLUMNS, *([CSV_HOLIDAY] if schedule.holidays is not None else [])]
    columns += [CSV_EVENTS] if schedule.events else []
    on_day: dict[date, list[str]] = {}
    for day, text in schedule.events:
        on_day.setdefault(day, []).append(text)
    writer.writerow([t(lang, f"export.csv.{column}") for column in columns])
    for shift in schedule.begun:
        told = [", ".join(on_day.get(schedule.local(shift.start).date(), ()))] if schedule.events else []
        writer.writerow([guard(text) for text in (*_row(schedule, shift), *told)])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _row(schedule: ExportedSchedule, shift: ExportShift) -> list[str]:
    first = schedule.local(shift.start).date()
    if not shift.event_type.is_absence:
        start, end = _written(schedule.local(shift.start)), _written(schedule.local(shift.end))
        minutes = round((shift.end - shift.start).total_seconds() / 60)
        hours = f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
    else:
        start, end, hours = first.isoformat(), schedule.last_day_of(shift).isoformat(), ""
    return [
        first.isoformat(),
        start,
        end,
        shift.name,
        shift.username or "",
        t(schedule.lang, f"shift.word.{shift.event_type}"),
        shift.position or "",
        hours.replace(".", table(schedule.lang).decimal_mark),
        shift.note or "",
        *([schedule.holidays.get(first, "")] if schedule.holidays is not None else []),
    ]


def _written(moment: datetime) -> str:
    return moment.isoformat(" ", "seconds" if moment.second else "minutes")
