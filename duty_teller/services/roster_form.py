"""A roster's settings as one form: what its fields show, and what of them is stored, field by field.

The words and rules are those of /settings in the chat. Two admins may be at it: a field is stored where it still is
what its author has seen, so that nobody's value is lost without a word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Session

from duty_teller.db.models import Coverage, Roster
from duty_teller.i18n import LocalizedError, t
from duty_teller.services.hours import pay
from duty_teller.services.people import by_admin
from duty_teller.services.people.access import Person
from duty_teller.services.rosters import coverage, days_off, rosters, settings
from duty_teller.services.rosters.settings import COVER_LEADS, Memory
from duty_teller.services.schedule_service import Author
from duty_teller.services.texts.import_preview import meaning_text
from duty_teller.services.texts.people import duration_text
from duty_teller.utils.handover import parse_handover
from duty_teller.utils.public_holidays import place_name, typed_place


class Entry(StrEnum):
    """A field of the form."""

    NAME = "name"
    HANDOVER = "handover"
    TIMEZONE = "timezone"
    DAY_SHIFT = "day_shift"
    NIGHT_SHIFT = "night_shift"
    COVERAGE = "coverage"
    GAP_WARNINGS = "gap_warnings"
    COVER_APPROVAL = "cover_approval"
    COVER_WARN = "cover_warn"
    HOLIDAYS = "holidays"
    NIGHT_HOURS = "night_hours"
    HOURS_ONCE = "hours_once"
    RATES = "rates"


Values = dict[Entry, str]
"""What the fields show: text as people write it; of a tick `yes` or nothing, of minutes their number."""

_LONGEST_WARNING: Final = 14 * 24 * 60


class SettingsMovedError(LocalizedError):
    """Somebody else has changed a field meanwhile (`app.set.moved`, with what it is now)."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was stored.

    Attributes:
        change_id: The change that can be taken back; None: nothing that the history keeps.
        remarks: What there is to know, in the author's language.
    """

    change_id: int | None
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class Remembered:
    """What imports have taught.

    Attributes:
        kind: `dates`, `files`, `code` or `name`.
        key: Of `kind`, which one.
        text: In the reader's language.
    """

    kind: str
    key: str
    text: str


def shown(roster: Roster, lang: str) -> Values:
    """Returns what the fields of a roster's form show."""
    rates = pay.in_words(roster, lang)
    is_weekly = roster.coverage == Coverage.WEEKLY
    return {
        Entry.NAME: roster.name,
        Entry.HANDOVER: f"{roster.handover_at:%H:%M}",
        Entry.TIMEZONE: roster.timezone,
        Entry.DAY_SHIFT: roster.day_shift.replace("-", "–"),
        Entry.NIGHT_SHIFT: roster.night_shift.replace("-", "–"),
        Entry.COVERAGE: coverage.hours_text(lang, roster.coverage_hours) if is_weekly else roster.coverage.value,
        Entry.GAP_WARNINGS: _tick(roster.gap_warnings),
        Entry.COVER_APPROVAL: _tick(roster.cover_approval),
        Entry.COVER_WARN: str(roster.cover_warn_minutes),
        Entry.HOLIDAYS: place_name(lang, roster.holidays) if roster.holidays else "",
        Entry.NIGHT_HOURS: roster.night_hours.replace("-", "–"),
        Entry.HOURS_ONCE: _tick(roster.hours_once),
        Entry.RATES: rates,
    }


def _tick(on: bool) -> str:
    return "yes" if on else ""


def leads(lang: str, roster: Roster) -> dict[str, str]:
    """Returns how long before a start the admins may be told: minutes → in words."""
    offered = sorted({*COVER_LEADS, roster.cover_warn_minutes})
    return {str(minutes): duration_text(lang, timedelta(minutes=minutes)) for minutes in offered}


def presets(lang: str) -> list[str]:
    """Returns weekly hours to choose from."""
    return [coverage.hours_text(lang, coverage.preset_hours(number)) for number in range(len(coverage.PRESETS))]


def remembered(lang: str, known: Memory) -> list[Remembered]:
    """Returns everything that can be forgotten, a line each."""
    hours = {"day": known.day_shift.replace("-", "–"), "night": known.night_shift.replace("-", "–")}
    found = []
    if known.date_order:
        order = t(lang, f"import.chat.order_{known.date_order}")
        found.append(Remembered("dates", known.date_order, f"{t(lang, 'settings.dates')}: {order}"))
    if known.files:
        found.append(Remembered("files", str(known.files), t(lang, "settings.files", n=known.files)))
    for code, meaning in known.codes.items():
        found.append(Remembered("code", code, f"{code} = {meaning_text(lang, meaning, hours)}"))
    return found + [Remembered("name", str(alias), f"{name} → {who}") for alias, name, who in known.aliases]


def forget(session: Session, lang: str, person: Person, roster_id: int, kind: str, key: str, now: datetime) -> None:
    """Forgets something that imports have taught; what is forgotten already stays so.

    Raises:
        LocalizedError: As `by_admin.check` and `rosters.get`.
    """
    by_admin.check(person)
    author = Author(person.user_id, person.full_name)
    rosters.get(session, roster_id)
    if kind == "dates":
        reason = t(lang, "settings.reason_forgot", what=t(lang, "settings.dates"))
        settings.forget_date_order(session, roster_id, author, reason, now)
    elif kind == "files":
        settings.forget_files(session, roster_id)
    elif kind == "code":
        reason = t(lang, "settings.reason_forgot", what=key)
        settings.forget_code(session, roster_id, key, author, reason, now)
    elif key.isdecimal():
        settings.forget_alias(session, int(key))


def save(
    session: Session,
    lang: str,
    person: Person,
    roster_id: int,
    before: Mapping[Entry, str],
    after: Mapping[Entry, str],
    now: datetime,
) -> Saved:
    """Stores the fields that somebody has changed, all or none; those of the write door as one change.

    Args:
        session: A writing session.
        lang: In which the fields were shown, and the history keeps what was changed.
        person: Who.
        roster_id: The roster.
        before: What the changed fields showed.
        after: What they are to be.
        now: The present instant.

    Raises:
        SettingsMovedError: One of them is something else by now.
        LocalizedError: As `by_admin.check` and `rosters.get`; a value cannot be read, in the words of /settings.
    """
    by_admin.check(person)
    roster = rosters.get(session, roster_id)
    current = shown(roster, lang)
    wanted = {entry: value.strip() for entry, value in after.items() if value.strip() != current[entry]}
    moved = [entry for entry in wanted if current[entry] != before.get(entry)]
    if moved:
        said = "; ".join(f"{t(lang, f'app.set.{entry}')}: {_in_words(lang, entry, current[entry])}" for entry in moved)
        raise SettingsMovedError("app.set.moved", what=said)
    changed, words = _read(lang, roster, {**current, **wanted}, wanted)
    if Entry.NAME in wanted:
        rosters.rename(session, roster_id, wanted[Entry.NAME], now)
    if Entry.GAP_WARNINGS in wanted:
        settings.set_gap_warnings(session, roster_id, bool(wanted[Entry.GAP_WARNINGS]))
    if wanted.keys() & {Entry.COVER_APPROVAL, Entry.COVER_WARN}:
        both = {**current, **wanted}
        minutes = int(both[Entry.COVER_WARN]) if both[Entry.COVER_WARN].isdecimal() else 0
        if not 0 < minutes <= _LONGEST_WARNING:
            raise LocalizedError("error.http_malformed")
        settings.set_cover_rules(session, roster_id, bool(both[Entry.COVER_APPROVAL]), minutes)
    author, reason = Author(person.user_id, person.full_name), "; ".join(words)
    change_id = settings.change(session, roster_id, author, reason, now, **changed) if changed else None
    if Entry.HOLIDAYS in wanted:
        days_off.note_chosen(session, roster_id)
    return Saved(change_id, _remarks(lang, rosters.get(session, roster_id), wanted))


def _in_words(lang: str, entry: Entry, value: str) -> str:
    """Writes what a field is now."""
    if entry is Entry.COVERAGE and value in (Coverage.DAILY, Coverage.ALWAYS):
        return t(lang, f"settings.coverage_{value}")
    if entry is Entry.COVER_WARN:
        return duration_text(lang, timedelta(minutes=int(value)))
    if entry in (Entry.GAP_WARNINGS, Entry.COVER_APPROVAL, Entry.HOURS_ONCE):
        return t(lang, "app.set.on" if value else "app.set.off")
    return value or "—"


def _read(lang: str, roster: Roster, all_of: Values, wanted: Values) -> tuple[dict[str, Any], list[str]]:
    """Returns the settings of the write door that were changed, and what that is in words.

    Raises:
        LocalizedError: A value cannot be read.
    """
    changed: dict[str, Any] = {}
    words: list[str] = []
    if wanted.keys() & {Entry.HANDOVER, Entry.TIMEZONE}:
        handover = parse_handover(f"{all_of[Entry.HANDOVER]} {all_of[Entry.TIMEZONE]}", roster.timezone)
        changed |= {"handover_at": handover.at, "timezone": handover.timezone}
        words.append(t(lang, "settings.reason_handover", handover=handover))
    for entry, name in ((Entry.DAY_SHIFT, "day"), (Entry.NIGHT_SHIFT, "night")):
        if entry in wanted:
            hours = settings.parse_shift(wanted[entry])
            changed[f"{name}_shift"] = hours
            words.append(t(lang, f"settings.shift_{name}", hours=hours.replace("-", "–")))
    if Entry.COVERAGE in wanted:
        value = wanted[Entry.COVERAGE]
        simple = value in (Coverage.DAILY, Coverage.ALWAYS)
        hours_json = None if simple else coverage.parse_hours(value)
        changed |= {"coverage": Coverage(value) if simple else Coverage.WEEKLY, "coverage_hours": hours_json}
        said = t(lang, f"settings.coverage_{value}") if simple else coverage.hours_text(lang, hours_json)
        words.append(t(lang, "settings.coverage", coverage=said))
    if Entry.HOLIDAYS in wanted:
        place = typed_place(wanted[Entry.HOLIDAYS]) if wanted[Entry.HOLIDAYS] else ""
        changed["holidays"] = place
        words.append(t(lang, "holidays.of", place=place_name(lang, place)) if place else t(lang, "holidays.off"))
    if Entry.NIGHT_HOURS in wanted:
        changed["night_hours"] = settings.parse_shift(wanted[Entry.NIGHT_HOURS])
        words.append(t(lang, "settings.reason_night", hours=changed["night_hours"].replace("-", "–")))
    if Entry.HOURS_ONCE in wanted:
        changed["hours_once"] = bool(wanted[Entry.HOURS_ONCE])
        words.append(t(lang, "settings.reason_once"))
    if Entry.RATES in wanted:
        changed["rates"] = pay.stored_rates(wanted[Entry.RATES])
        words.append(t(lang, "settings.reason_rates"))
    return changed, words


def _remarks(lang: str, roster: Roster, wanted: Values) -> list[str]:
    """Says what is worth knowing of what was changed, as /settings does."""
    found = []
    if wanted.keys() & {Entry.HANDOVER, Entry.TIMEZONE, Entry.DAY_SHIFT, Entry.NIGHT_SHIFT}:
        found.append(t(lang, "settings.kept"))
    if Entry.TIMEZONE in wanted:
        found.append(t(lang, "settings.zone_shown", zone=roster.timezone))
    day, night = roster.day_shift.replace("-", "–"), roster.night_shift.replace("-", "–")
    if wanted.keys() & {Entry.DAY_SHIFT, Entry.NIGHT_SHIFT} and not settings.shifts_meet(day, night):
        found.append(t(lang, "settings.shifts_apart", day=day, night=night))
    return found
