"""Who is on duty, until when, and who is next: the text of pins, /duty and the digests."""

from datetime import datetime, time, timedelta
from html import escape
from textwrap import shorten
from typing import Final

from duty_teller.i18n.core import t
from duty_teller.i18n.lang import format_day
from duty_teller.services.schedule_service import NowNext, Stretch
from duty_teller.utils.zones import zone

_NOTE: Final = 200
"""Characters of a note that are shown of it beside a name."""

_NO_INSTANT: Final = 2**31
"""Telegram's instants are 32 bits."""


def moment_text(lang: str, moment: datetime, timezone: str) -> str:
    """Writes an instant in a zone with its date, without a year: `Tue 24 Nov, 09:00`."""
    local = moment.astimezone(zone(timezone))
    return f"{format_day(lang, local.date(), local.date())}, {local:%H:%M}"


def span_text(lang: str, start: datetime, end: datetime, timezone: str) -> str:
    """Writes a span in a zone; the date of its end only when that is another day: `Tue 24 Nov, 09:00–18:00`."""
    first, last = start.astimezone(zone(timezone)), end.astimezone(zone(timezone))
    if first.date() == last.date():
        return f"{moment_text(lang, start, timezone)}–{last:%H:%M}"
    if first.date() + timedelta(days=1) == last.date() and last.time() == time(0):
        return f"{moment_text(lang, start, timezone)}–24:00"
    return f"{moment_text(lang, start, timezone)} – {moment_text(lang, end, timezone)}"


def timed(text: str, moment: datetime) -> str:
    """Marks the roster's own time as an instant: each reader's Telegram can show it in their own zone.

    The entity has no format of its own, so the text stays (core.telegram.org/bots/api#date-time-entity-formatting).

    Args:
        text: The time as the roster has it, HTML.
        moment: The instant, aware.
    """
    seconds = int(moment.timestamp())
    return f'<tg-time unix="{seconds}">{text}</tg-time>' if 0 < seconds < _NO_INSTANT else text


def moment_html(lang: str, moment: datetime, timezone: str) -> str:
    """Writes an instant as `moment_text` does, for a message."""
    return timed(moment_text(lang, moment, timezone), moment)


def span_html(lang: str, start: datetime, end: datetime, timezone: str) -> str:
    """Writes a span as `span_text` does, for a message: begin and end are instants of their own."""
    text = span_text(lang, start, end, timezone)
    begins = moment_text(lang, start, timezone)
    dash = " – " if text.startswith(f"{begins} – ") else "–"
    return timed(begins, start) + dash + timed(text.removeprefix(begins + dash), end)


def contact_text(stretch: Stretch) -> str:
    """Returns phone and @username as one line of HTML, or nothing."""
    row = stretch.row
    parts = [escape(row.phone)] if row.phone else []
    return " · ".join(parts + ([f"@{escape(row.username)}"] if row.username else []))


def _named(stretch: Stretch) -> str:
    position = f" ({escape(stretch.row.position)})" if stretch.row.position else ""
    return f"<b>{escape(stretch.row.full_name)}</b>{position}"


def note_line(note: str) -> str:
    """Returns a note as one line of HTML; a long one is cut."""
    return f"📝 <i>{escape(shorten(note, _NOTE, placeholder='…'))}</i>"


def render(lang: str, answer: NowNext, with_name: bool = False, now: datetime | None = None) -> str:
    """Says who is on duty, until when, who is next and where nobody is, as Telegram HTML.

    Args:
        lang: The reader's language.
        answer: Of `now_and_next`.
        with_name: Name the roster (there is more than one): behind whoever is on duty, since a phone shows the begin
            of a pinned message only.
        now: Notes of the shifts of this instant and of those that come next are shown; None: none are, since a shift of
            a time on duty ends without a word of anybody.
    """
    timezone = answer.roster.timezone

    def notes(stretch: Stretch, at: datetime) -> list[str]:
        found = stretch.notes_between(at, at + timedelta(seconds=1)) if now is not None else ()
        return ["      " + note_line(note) for note in found]

    lines: list[str] = []
    for stretch in answer.current:
        lines.append("🟢 " + t(lang, "pin.on_duty", name=_named(stretch)))
        if contact := contact_text(stretch):
            lines.append("      " + contact)
        lines.append("      " + t(lang, "pin.until", moment=moment_html(lang, stretch.end_at, timezone)))
        lines += notes(stretch, now or stretch.start_at)
    if not answer.current:
        begins = answer.next[0].start_at if answer.next else None
        key = "pin.nobody_until" if begins else "pin.nobody"
        moment = moment_html(lang, begins, timezone) if begins else ""
        # A pause that the plan means to have, as every night between day shifts, is no alarm.
        lines.append(("🔴 " if answer.missing else "⚪ ") + t(lang, key, moment=moment))
    if with_name and answer.roster.name:
        lines[0] += f" · {escape(answer.roster.name)}"
    lines.append("")
    for stretch in answer.next:
        lines.append("⏭ " + t(lang, "pin.next", name=_named(stretch)))
        lines.append("      " + t(lang, "pin.next_from", moment=moment_html(lang, stretch.start_at, timezone)))
        if contact := contact_text(stretch):
            lines.append("      " + contact)
        lines += notes(stretch, stretch.start_at)
    if not answer.next:
        lines.append("⏭ " + t(lang, "pin.next_nobody"))
    if answer.gap is not None and answer.current and answer.next:
        start, end = answer.gap
        start = max(start, *(stretch.end_at for stretch in answer.current))  # not the moment of asking
        if end is not None and start < end:
            lines.append("⚠️ " + t(lang, "pin.gap", span=span_html(lang, start, end, timezone)))
    lines.append("")
    lines.append("<i>" + t(lang, "pin.zone", zone=escape(timezone)) + "</i>")
    return "\n".join(lines)
