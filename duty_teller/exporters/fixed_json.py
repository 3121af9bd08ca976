"""The fixed JSON format of roster files: a letter a day. What it cannot say is refused, never dropped."""

import json
from datetime import date, timedelta

from duty_teller.exporters.model import ExportedSchedule, ExportShift
from duty_teller.i18n.core import LocalizedError, t
from duty_teller.i18n.lang import format_day


class NotInJsonError(LocalizedError):
    """A shift that a letter a day cannot say; `export.json.*` tells which one and why."""


def write_json(schedule: ExportedSchedule) -> bytes:
    """Writes the days asked for; absences are cut to them. A note stands under the first day of its shift.

    Raises:
        NotInJsonError: A duty is not from hand-over to hand-over or has a position, an absence has no letter, or a day
            has two.
    """
    days = [schedule.first + timedelta(days=index) for index in range((schedule.last - schedule.first).days + 1)]
    cells: dict[tuple[str, date], str] = {}
    notes: dict[str, dict[str, str]] = {}
    for shift in schedule.shifts:
        for day in _days(schedule, shift):
            letter = shift.event_type.rules.json_letter
            if letter is None:
                raise _refusal("export.json.type", schedule, shift)
            if cells.get((shift.name, day), letter) != letter or (
                not shift.event_type.is_absence and (shift.name, day) in cells
            ):
                raise _refusal("export.json.two_a_day", schedule, shift)
            cells[shift.name, day] = letter
        if shift.note and (first := next(iter(_days(schedule, shift)), None)):
            notes.setdefault(shift.name, {})[first.isoformat()] = shift.note
    letters = {name: ";".join(cells.get((name, day), " ") for day in days) for name in schedule.names}
    rows = [
        {"name": name, "duty": text, **({"notes": notes[name]} if name in notes else {})}
        for name, text in letters.items()
        if text.strip("; ")
    ]
    document = {"meta": {"start_date": schedule.first.isoformat()}, "schedule": rows}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _days(schedule: ExportedSchedule, shift: ExportShift) -> list[date]:
    """Returns the days whose cell a shift fills; those of an absence are cut to the days asked for."""
    first = schedule.local(shift.start).date()
    if shift.event_type.is_absence:
        last = schedule.last_day_of(shift)
        begin, end = max(first, schedule.first), min(last, schedule.last)
        return [begin + timedelta(days=index) for index in range((end - begin).days + 1)]
    if shift.start < schedule.span[0]:
        return []
    if not schedule.is_handover_duty(shift):
        raise _refusal("export.json.not_handover", schedule, shift)
    if shift.position:
        raise _refusal("export.json.position", schedule, shift)
    return [first]


def _refusal(key: str, schedule: ExportedSchedule, shift: ExportShift) -> NotInJsonError:
    start, end = schedule.local(shift.start), schedule.local(shift.end)
    same = start.date() == end.date()
    lang = schedule.lang
    return NotInJsonError(
        key,
        name=shift.name,
        start=f"{format_day(lang, start.date())} {start:%H:%M}",
        end=f"{end:%H:%M}" if same else f"{format_day(lang, end.date())} {end:%H:%M}",
        position=shift.position or "",
        what=t(lang, f"shift.word.{shift.event_type}"),
        handover=f"{schedule.handover.at:%H:%M}",
    )
