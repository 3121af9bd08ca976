"""What /duty and /week say about days: a local day's shifts, a week day by day; Telegram HTML.

Days and times are those of each roster's zone.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import Final

from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.models import Roster
from duty_teller.db.schemas import ShiftRow
from duty_teller.domain.shift import ABSENCES
from duty_teller.i18n import t
from duty_teller.i18n.lang import format_day, format_moment, weekday
from duty_teller.services import schedule_service
from duty_teller.services.calendars.notes import DayNote, DayNotes, day_notes
from duty_teller.services.texts import duty
from duty_teller.utils.dates import day_span, local_day
from duty_teller.utils.zones import zone

REACH: Final = timedelta(days=400)
"""How far from today the buttons turn the pages."""

_NAMED: Final = 30
"""People named in one line; more are counted."""


_EVENTS: Final = 3
"""Events of other calendars named under a day; more are counted."""

Interval = tuple[datetime, datetime]


def headed(roster: Roster, many: bool) -> list[str]:
    """Returns the line that names a roster where there are several, or nothing."""
    return [f"<b>{escape(roster.name)}</b>"] if many and roster.name else []


def now_text(session: Session, roster: Roster, now: datetime, lang: str, many: bool) -> str:
    """Says who is on duty now and who is next.

    Args:
        session: Where to read.
        roster: The roster.
        now: The present instant.
        lang: The reader's language.
        many: There are several rosters: this one is named.
    """
    if not repository.roster_has_shifts(session, roster.id or 0):
        return "\n".join([*headed(roster, many), t(lang, "view.no_roster")])  # no alarm: no file has come yet
    return duty.render(lang, schedule_service.now_and_next(session, roster, now), with_name=many, now=now)


def day_text(session: Session, roster: Roster, day: date, now: datetime, lang: str, many: bool) -> str:
    """Lists a local day's shifts, and the gaps of it that are not over.

    Args:
        session: Where to read.
        roster: The roster.
        day: A local date of its zone.
        now: The present instant.
        lang: The reader's language.
        many: There are several rosters: this one is named.
    """
    today = local_day(now, roster.timezone)
    rows = schedule_service.shifts_of_days(session, [roster], day, day)
    notes = day_notes(session, roster, day, day, lang).get(day, ())
    lines = [*headed(roster, many), *_noted(lang, f"<b>{escape(format_day(lang, day, today))}</b>", notes)]
    stretches = schedule_service.stretches_between(session, roster, *day_span(day, day, roster.timezone))
    listed: list[tuple[datetime, str]] = []
    for stretch in stretches:
        start, end = _local(stretch.start_at, stretch.end_at, roster)
        contact = contact_line(stretch.row.phone, stretch.row.username)
        told = [duty.note_line(note) for note in stretch.notes_between(*day_span(day, day, roster.timezone))]
        told = [contact, *told] if contact else told
        text = f"• {_span(lang, start, end, day)}: {_who(stretch.row)}" + "".join(f"\n    {line}" for line in told)
        listed.append((stretch.start_at, text))
    if stretches:
        for gap in _gaps(session, roster, day, day, now):
            text = f"⚠️ {_span(lang, *_local(*gap, roster), day)}: {t(lang, 'view.nobody')}"
            listed.append((gap[0], text))
        lines += [text for _start, text in sorted(listed, key=lambda one: one[0])]
    else:
        lines.append(_nobody(session, roster, day, today, lang))
    for kind in ABSENCES:
        names = sorted({escape(row.full_name) for row in rows if row.event_type == kind})
        if names:
            lines.append(f"<i>{t(lang, f'shift.away.{kind}')}: {some_of(lang, names)}</i>")
    return "\n".join(lines)


def _noted(lang: str, head: str, notes: Sequence[DayNote]) -> list[str]:
    """Returns the line of a day with its public holiday behind it, and lines of its events, as HTML."""
    feast = "".join(f" · 🎉 {escape(note.text)}" for note in notes if note.kind == "holiday")
    events = [f"🗓 <i>{escape(note.text)}</i>" for note in notes if note.kind == "event"]
    more = [t(lang, "import.chat.more", n=len(events) - _EVENTS)] if len(events) > _EVENTS else []
    return [head + feast, *events[:_EVENTS], *more]


def _gaps(session: Session, roster: Roster, first: date, last: date, now: datetime) -> list[Interval]:
    """Returns the gaps of local days that are not over yet."""
    found = schedule_service.gaps(session, roster, *day_span(first, last, roster.timezone))
    return [(start, end) for start, end in found if end > now]


def _who(row: ShiftRow) -> str:
    return f"<b>{escape(row.full_name)}</b>{position_of(row.position)}"


def some_of(lang: str, names: Sequence[str]) -> str:
    """Writes names (of HTML) with commas; of many the first, and how many more."""
    more = f" {t(lang, 'import.chat.more', n=len(names) - _NAMED)}" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _nobody(session: Session, roster: Roster, day: date, today: date, lang: str) -> str:
    last = repository.last_duty_day(session, roster.id or 0, roster.timezone)
    if last is not None and day > last:
        return t(lang, "bot.day_after_roster", last=format_day(lang, last, today))
    return t(lang, "bot.day_nobody")


def _local(start: datetime, end: datetime, roster: Roster) -> Interval:
    return start.astimezone(zone(roster.timezone)), end.astimezone(zone(roster.timezone))


def _ends_within(end: datetime, day: date) -> bool:
    """Tells whether a shift ends on a day at the latest; the midnight that ends the day is part of it."""
    return end.date() <= day or (end.date() == day + timedelta(days=1) and end.hour == end.minute == 0)


def _span(lang: str, start: datetime, end: datetime, day: date) -> str:
    """Writes the part of a shift that lies in a local day, the way people say it, as HTML."""
    early = start.date() < day
    late = not _ends_within(end, day)
    whole = end.date() > day
    if (early or (start.hour, start.minute) == (0, 0)) and whole:
        return t(lang, "bot.span_all_day")
    if early:
        return t(lang, "bot.span_until", end=_clock(end))
    if late:
        return t(lang, "bot.span_from", start=_clock(start), moment=duty.timed(format_moment(lang, end, day), end))
    return f"{_clock(start)}–{_clock(end)}"


def _clock(local: datetime) -> str:
    return duty.timed(f"{local:%H:%M}", local)


def position_of(position: str | None) -> str:
    """Returns a position in parentheses as HTML, or nothing."""
    return f" ({escape(position)})" if position else ""


def contact_line(phone: str | None, username: str | None) -> str:
    """Returns phone and @username as one line of HTML, or nothing."""
    return " · ".join(([escape(phone)] if phone else []) + ([f"@{escape(username)}"] if username else []))


def week_span(lang: str, first: date, today: date) -> str:
    """Writes a week: `Mon 23 Nov – Sun 29 Nov`."""
    return f"{format_day(lang, first, today)} – {format_day(lang, first + timedelta(days=6), today)}"


def week_text(session: Session, roster: Roster, first_day: date, now: datetime, lang: str, many: bool) -> str:
    """Lists a week: its head, `week_lines` with today marked, the zone.

    Args:
        session: Where to read.
        roster: The roster.
        first_day: The first local day.
        now: The present instant; its day is marked.
        lang: The reader's language.
        many: There are several rosters: this one is named.
    """
    today = local_day(now, roster.timezone)
    lines = [*headed(roster, many), f"<b>{escape(week_span(lang, first_day, today))}</b>"]
    lines += week_lines(session, roster, first_day, now, lang, today)
    lines.append(f"<i>{t(lang, 'pin.zone', zone=escape(roster.timezone))}</i>")
    return "\n".join(lines)


def week_lines(
    session: Session, roster: Roster, first_day: date, now: datetime, lang: str, today: date | None
) -> list[str]:
    """Lists each time on duty once, under the day on which it begins, and the week's absences below.

    What runs on from the week before is listed under the first day, what runs today under today as well. A day on which
    nothing begins has no line of its own, unless nobody has it, or it is a holiday or has events. Gaps that are not
    over are named like times on duty.

    Args:
        session: Where to read.
        roster: The roster.
        first_day: The first local day.
        now: The present instant.
        lang: The reader's language.
        today: The day to mark; None: none, the text is still read tomorrow.
    """
    last_day = first_day + timedelta(days=6)
    notes = day_notes(session, roster, first_day, last_day, lang)
    stretches = schedule_service.stretches_between(session, roster, *day_span(first_day, last_day, roster.timezone))
    if stretches:
        spans = [("•", *_local(s.start_at, s.end_at, roster), _who(s.row)) for s in stretches]
        gaps = _gaps(session, roster, first_day, last_day, now)
        spans += [("⚠️", *_local(*gap, roster), t(lang, "view.nobody")) for gap in gaps]
        lines = _day_by_day(lang, spans, first_day, today, notes)
    else:
        lines = [line for day in notes for line in _noted(lang, _day_head(lang, day, day, today), notes[day])]
        lines.append(_nobody(session, roster, first_day, local_day(now, roster.timezone), lang))
    rows = schedule_service.shifts_of_days(session, [roster], first_day, last_day)
    for kind in ABSENCES:
        absent = [row for row in rows if row.event_type == kind]
        if absent:
            lines.append(f"<i>{t(lang, f'shift.away.{kind}')}: {_absences(absent, roster, first_day, lang)}</i>")
    return lines


def _day_by_day(
    lang: str,
    spans: Sequence[tuple[str, datetime, datetime, str]],
    first_day: date,
    today: date | None,
    notes: DayNotes,
) -> list[str]:
    """Writes spans (mark, local begin and end, who) under the days of a week; days in a row without anybody are one."""
    lines: list[str] = []
    empty: list[date] = []

    def close() -> None:
        if empty:
            lines.extend(_noted(lang, _day_head(lang, empty[0], empty[-1], today), notes.get(empty[0], ())))
            lines.append(f"• {t(lang, 'view.nobody')}")
            empty.clear()

    for day in (first_day + timedelta(days=n) for n in range(7)):
        touching = [span for span in spans if span[1].date() <= day and _reaches(span[2], day)]
        listed = [span for span in touching if span[1].date() == day or day in (first_day, today)]
        if not touching:
            if any(one == today or one in notes for one in (day, *empty[:1])):
                close()
            empty.append(day)
            continue
        close()
        if listed or day in notes:
            lines += _noted(lang, _day_head(lang, day, day, today), notes.get(day, ()))
            lines += [f"{mark} {shift_in_week(lang, start, end, day)}: {who}" for mark, start, end, who in listed]
    close()
    return lines


def _day_head(lang: str, first: date, last: date, today: date | None) -> str:
    name = f"<b>{escape(format_day(lang, first, first))}</b>"
    if last != first:
        name += f" – <b>{escape(format_day(lang, last, last))}</b>"
    return f"👉 {name} · {t(lang, 'view.today_mark')}" if first == today else name


def _reaches(end: datetime, day: date) -> bool:
    """Tells whether something that ends then takes part of a local day; an end at its midnight takes none."""
    return end.date() > day or (end.date() == day and (end.hour, end.minute) != (0, 0))


def shift_in_week(lang: str, start: datetime, end: datetime, day: date) -> str:
    """Writes a time on duty in a week, as HTML: an end on another day carries its weekday, `09:00 – Tue 09:00`.

    Args:
        lang: The reader's language.
        start: Local.
        end: Local; more than six days on it carries its date.
        day: Under which it is listed: the day it begins, or a later one.
    """
    if _ends_within(end, day):
        return _span(lang, start, end, day)
    far = end.date() - day > timedelta(days=6)
    ends = duty.timed(format_moment(lang, end, day) if far else f"{weekday(lang, end.date())} {end:%H:%M}", end)
    if start.date() < day:
        return t(lang, "bot.span_until", end=ends)
    if far:
        return t(lang, "bot.span_from", start=_clock(start), moment=ends)
    return f"{_clock(start)} – {ends}"


def _absences(rows: Iterable[ShiftRow], roster: Roster, first_day: date, lang: str) -> str:
    """Names who is away and on which of the week's days."""
    last_day = first_day + timedelta(days=6)
    found = []
    for row in sorted(rows, key=lambda row: (row.full_name, row.start_at)):
        first, last = days_of(row, roster)
        first, last = max(first, first_day), min(last, last_day)
        when = f"{weekday(lang, first)} – {weekday(lang, last)}" if first != last else weekday(lang, first)
        if (first, last) == (first_day, last_day):
            when = t(lang, "view.all_week")
        found.append(f"{escape(row.full_name)} ({when})")
    return some_of(lang, found)


def days_of(row: ShiftRow, roster: Roster) -> tuple[date, date]:
    """Returns the first and last local day of an absence."""
    last = local_day((row.end_at - timedelta(seconds=1)).astimezone(UTC), roster.timezone)
    return local_day(row.start_at, roster.timezone), last


def todays(rosters: Sequence[Roster], now: datetime) -> date:
    """Returns the local date of the first roster: what "today" means where one word stands for all of them."""
    return local_day(now, rosters[0].timezone) if rosters else now.astimezone(UTC).date()
