"""When a roster wants somebody on duty: weekly hours as people type and read them, and the gaps they give."""

import json
import re
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlmodel import Session

from duty_teller.db.models import Coverage, Roster
from duty_teller.i18n.core import LocalizedError, t
from duty_teller.i18n.lang import weekday
from duty_teller.i18n.languages import LANGUAGES
from duty_teller.importers.words.names import weekday_number
from duty_teller.importers.words.times import BadTimeError, Span, explicit_spans, suggested_span, write_span
from duty_teller.services import schedule_service
from duty_teller.utils.handover import handover_day, handover_span

AHEAD: Final = timedelta(days=14)
"""How far gaps are looked for."""

PRESETS: Final = (
    (("0", "1", "2", "3", "4"), "09:00-18:00"),
    (("0", "1", "2", "3", "4"), "08:00-20:00"),
    (("0", "1", "2", "3", "4"), "00:00-24:00"),
    (("0", "1", "2", "3", "4", "5", "6"), "08:00-20:00"),
)
"""Weekly hours to be chosen by a button: days (0 is Monday), and the hours of each."""

_LONGEST: Final = 400


def preset_hours(number: int) -> str:
    """Returns weekly hours of a preset, as `Roster.coverage_hours` keeps them."""
    days, hours = PRESETS[number]
    return json.dumps({day: [hours] for day in days})


def parse_hours(text: str) -> str:
    """Reads weekly hours as people type them: `Mon-Fri 09:00-18:00; Sat 10:00-14:00`, `Пн-Пт 9-18`.

    Parts are separated by semicolons or lines; a day may have several spans, separated by commas. An end that is not
    after its start is the next day's; `24:00` is the end of the day.

    Returns:
        JSON as `Roster.coverage_hours` keeps it.

    Raises:
        LocalizedError: `settings.coverage_unread` names the part that is not understood.
    """
    week: dict[int, list[str]] = {}
    plain = re.sub(r"[‐‑‒–—―−]", "-", text.strip())
    parts = [part.strip() for part in re.split(r"[;\n]", plain) if part.strip()]
    if not parts or len(plain) > _LONGEST:
        raise LocalizedError("settings.coverage_unread", text=plain[:64])
    for part in parts:
        found = re.search(r"\d", part)
        days = typed_weekdays(part[: found.start()]) if found else ()
        spans = _spans(part[found.start() :]) if found else ()
        if not days or not spans:
            raise LocalizedError("settings.coverage_unread", text=part[:64])
        for day in days:
            week.setdefault(day, []).extend(write_span(span) for span in spans)
    return json.dumps({str(day): sorted(set(week[day])) for day in sorted(week)})


def typed_weekdays(text: str) -> tuple[int, ...]:
    """Reads weekdays as people type them, `Mon-Fri`, `сб, вс`, `daily`; 0 is Monday, nothing: they are none."""
    words = " ".join(text.casefold().replace(".", "").strip(" :,").split())
    spoken = [one.typed for one in LANGUAGES.values()]
    if any(words in typed.all_days for typed in spoken):
        return tuple(range(7))
    found: list[int] = []
    through = "|".join(rf"\b{re.escape(typed.through)}\b" for typed in spoken)
    joining = "|".join(rf"\b{re.escape(typed.joining)}\b" for typed in spoken)
    ranges = re.sub(rf"\s*(?:-|{through})\s*", "-", words)
    for word in filter(None, re.split(rf"\s*(?:,|&|{joining})\s*|(?<=\w)\s+(?=\w)", ranges)):
        first, _dash, last = word.partition("-")
        begin, end = weekday_number(first), weekday_number(last or first)
        if begin is None or end is None:
            return ()
        found += [(begin + at) % 7 for at in range((end - begin) % 7 + 1)]
    return tuple(found)


def _spans(text: str) -> tuple[Span, ...]:
    try:
        spans = explicit_spans(text)
    except BadTimeError:
        return ()
    if not spans:
        bare = [suggested_span(piece) for piece in text.split(",")]
        spans = tuple(span for span in bare if span is not None) if None not in bare else ()
    return tuple(span for span in spans if span[0] != span[1] or span == (time(0), time(0)))


def hours_text(lang: str, hours: str | None) -> str:
    """Writes weekly hours for people, days with the same hours together: `Mon–Fri 09:00–18:00; Sat 10:00–14:00`."""
    week: dict[str, list[str]] = json.loads(hours or "{}")
    groups: list[tuple[list[int], str]] = []
    for day in range(7):
        spans = ", ".join(span.replace("-", "–") for span in week.get(str(day), []))
        if not spans:
            continue
        if groups and groups[-1][1] == spans and groups[-1][0][-1] == day - 1:
            groups[-1][0].append(day)
        else:
            groups.append(([day], spans))
    return "; ".join(f"{weekdays_text(lang, days)} {spans}" for days, spans in groups)


def weekdays_text(lang: str, days: list[int]) -> str:
    """Writes weekdays that follow each other: `Mon–Fri`, `Sat, Sun`."""
    names = [weekday(lang, date(2024, 1, 1 + day)).capitalize() for day in days]  # a Monday
    if len(names) < 3:
        return ", ".join(names)
    return f"{names[0]}–{names[-1]}"


def coverage_text(lang: str, roster: Roster) -> str:
    """Says in a line when the roster wants somebody on duty."""
    if roster.coverage == Coverage.WEEKLY:
        return hours_text(lang, roster.coverage_hours) or "—"
    return t(lang, f"settings.coverage_{roster.coverage}")


def coming_gaps(session: Session, roster: Roster, now: datetime) -> list[tuple[datetime, datetime]]:
    """Returns the gaps of the next 14 hand-over days, whole ones: the one that is running is the first."""
    handover = schedule_service.roster_handover(roster)
    last = handover_day(now, handover) + AHEAD - timedelta(days=1)
    return schedule_service.gaps(session, roster, now, handover_span(last, handover)[1])
