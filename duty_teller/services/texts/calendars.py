"""How the calendars of others are doing, in a line or two each."""

from datetime import datetime, timedelta
from html import escape

from duty_teller.i18n import t
from duty_teller.services.calendars.store import CalendarState


def state_text(lang: str, calendar: CalendarState, now: datetime) -> str:
    """Says how a calendar is doing, under its name, as HTML; arguments as `state_lines`."""
    mark = "🟡 " if calendar.trouble else ""
    head = f"{mark}<b>{escape(calendar.name)}</b> ({escape(calendar.host)})"
    return "\n".join([head, *(escape(line, quote=False) for line in state_lines(lang, calendar, now))])


def state_lines(lang: str, calendar: CalendarState, now: datetime) -> list[str]:
    """Says how a calendar is doing: how many events, when it was last good, and why it is not now. Plain text.

    Args:
        lang: The reader's language.
        calendar: Its state.
        now: The present instant.
    """
    lines = []
    events = "calendars.absences" if calendar.is_absences else "calendars.events"
    if calendar.good_at is not None:
        age = max(timedelta(minutes=1), now - calendar.good_at)
        key = "calendars.stale" if calendar.trouble else "calendars.fresh"
        lines.append(t(lang, key, events=t(lang, events, n=calendar.events), age=_age(lang, age)))
    elif not calendar.trouble:
        lines.append(t(lang, "calendars.not_yet"))
    if calendar.trouble:
        lines.append(t(lang, "calendars.why", why=calendar.why(lang)))
    if calendar.left_out:
        lines.append(t(lang, "calendars.left_out", n=calendar.left_out))
    if calendar.unknown:
        lines.append(t(lang, "calendars.unknown", names=", ".join(calendar.unknown)))
    return lines


def _age(lang: str, age: timedelta) -> str:
    """Writes an age in its largest unit."""
    if age >= timedelta(days=2):
        return t(lang, "status.days", n=age.days)
    hours, minutes = age // timedelta(hours=1), age // timedelta(minutes=1)
    return t(lang, "status.hours", n=hours) if hours else t(lang, "status.minutes", n=minutes)
