"""What /duty with a name and /my say: whom the name means, a person's shifts, a month with its hours; Telegram HTML."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from html import escape
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import Duty, Roster, User, UserAlias
from duty_teller.db.schemas import ShiftRow
from duty_teller.domain.shift import ABSENCES, EventType
from duty_teller.i18n import t
from duty_teller.i18n.lang import format_day, format_month
from duty_teller.importers.duty_schedule import fold_name
from duty_teller.services.hours.balance import Worked, worked_in_days
from duty_teller.services.people import accounts
from duty_teller.services.schedule_service import Stretch, stretches_between
from duty_teller.services.texts.days import REACH, contact_line, days_of, position_of
from duty_teller.services.texts.duty import moment_text, span_text
from duty_teller.utils.dates import local_day, midnight

_COMING: Final = 6
"""Shifts to come that an answer about a person names; more are counted."""
_INSIDE: Final = 3
"""Letters from which on a part is looked for inside a name's words, not at their beginning only."""
_ENDINGS: Final = "ого|ому|ием|еем|его|ему|ий|ия|ию|ии|ей|ея|ею|ее|ой|ою|ый|ым|им|ом|ем|ая|ую|яя|юю|а|у|ы|е|и|о|я|ю|ь"
"""Of the cases of Russian names, the longest first (`fold_name` has made е of ё)."""
_INFLECTED: Final = re.compile(rf"([а-я-]{{2,}}?)(?:{_ENDINGS})?")


def find_people(session: Session, text: str) -> list[tuple[int, str]]:
    """Finds the active people of the roster whom a typed name may mean, as (number, name) by name.

    Upper and lower case, ё/е, the order of words and dots do not count. A whole name, a remembered name of a file or a
    whole @username decides alone; else every word typed must begin a word of the name (or, from three letters on,
    stand in one), or the username must begin so. What fits nobody may be a Russian name in another case: `Смирнову`.
    """
    key = fold_name(text.replace("@", " "))
    username = text.strip().removeprefix("@").casefold()
    if not key:
        return []
    users = [user for user in repository.active_users(session) if accounts.is_of_roster(user)]
    aliases = {alias.name_key: alias.user_id for alias in session.exec(select(UserAlias)).all()}
    exact = [
        user
        for user in users
        if fold_name(user.full_name) == key
        or aliases.get(key) == user.id
        or (user.username or "").casefold() == username
    ]
    found = exact or [
        user
        for user in users
        if _means(key.split(), fold_name(user.full_name).split())
        or (user.username is not None and user.username.casefold().startswith(username))
    ]
    if not found and len(stems := _stems(key)) == len(key.split()):
        found = [user for user in users if stems <= _stems(fold_name(user.full_name))]
    return sorted(
        ((user.id or 0, user.full_name) for user in found),
        key=lambda pair: (pair[1].casefold().replace("ё", "е"), pair[0]),
    )


def _stems(folded: str) -> set[str]:
    """Returns the words of a name in Cyrillic letters without the ending of their case; others are left out."""
    return {match[1] for word in folded.split() if (match := _INFLECTED.fullmatch(word)) is not None}


def is_case_of(word: str, name: str) -> bool:
    """Tells whether a word is one of a Russian name's, in whatever case: `Смирнову` of Смирнов Иван."""
    return bool(stems := _stems(fold_name(word))) and stems <= _stems(fold_name(name))


def is_word_of_a_name(session: Session, text: str) -> bool:
    """Tells whether what was typed is a whole word of somebody's name: Sun Li, Четверг Иван."""
    typed = fold_name(text)
    return any(typed in fold_name(name).split() for _number, name in find_people(session, text))


def _means(typed: Sequence[str], name: Sequence[str]) -> bool:
    left = list(name)
    for word in sorted(typed, key=len, reverse=True):
        fits = [w for w in left if w.startswith(word)] or [w for w in left if len(word) >= _INSIDE and word in w]
        if not fits:
            return False
        left.remove(fits[0])
    return True


def duration_text(lang: str, span: timedelta) -> str:
    """Writes how long something lasts in real hours: `24 h`, `7 h 30 min`."""
    hours, minutes = divmod(round(span.total_seconds() / 60), 60)
    if minutes:
        return t(lang, "view.hours_minutes", hours=hours, minutes=minutes)
    return t(lang, "view.hours", hours=hours)


def person_text(session: Session, user: User, rosters: Sequence[Roster], now: datetime, lang: str) -> str:
    """Tells a person's running shift and those to come, a part a roster in which they have any."""
    lines = [f"<b>{escape(user.full_name)}</b>"]
    contact = contact_line(user.phone, user.username)
    lines += [contact] if contact else []
    found = False
    for roster in rosters:
        joined = stretches_between(session, roster, now, now + REACH, user.id)
        away = repository.shifts_between(session, [roster.id or 0], now, now + REACH, ABSENCES, user_id=user.id)
        if not joined and not away:
            continue
        found = True
        lines += ["", f"<b>{escape(roster.name)}</b>"] if len(rosters) > 1 and roster.name else [""]
        lines += [*_of_roster(joined, roster, now, lang), *_absence_lines(away, roster, now, lang)]
    if not found:
        lines.append(t(lang, "view.person_nothing"))
    return "\n".join([*lines, *(zone_line(rosters, lang) if found else [])])


def zone_line(rosters: Sequence[Roster], lang: str) -> list[str]:
    """Returns the line that says whose wall clock the times are."""
    zones = ", ".join(dict.fromkeys(escape(roster.timezone) for roster in rosters))
    return [f"<i>{t(lang, 'pin.zone', zone=zones)}</i>"]


def _of_roster(joined: Sequence[Stretch], roster: Roster, now: datetime, lang: str) -> list[str]:
    lines = []
    for stretch in (s for s in joined if s.start_at <= now):
        until = moment_text(lang, stretch.end_at, roster.timezone)
        lines.append("🟢 " + t(lang, "view.person_now", moment=until) + position_of(stretch.row.position))
    coming = [s for s in joined if s.start_at > now]
    lines += [t(lang, "view.person_next")] if coming else [t(lang, "view.person_no_more")]
    lines += [_stretch_line(s, roster, lang) for s in coming[:_COMING]]
    return lines + ([t(lang, "import.chat.more", n=len(coming) - _COMING)] if len(coming) > _COMING else [])


def _stretch_line(stretch: Stretch, roster: Roster, lang: str) -> str:
    return _line(lang, roster, stretch.start_at, stretch.end_at, stretch.row.position)


def _line(lang: str, roster: Roster, start: datetime, end: datetime, position: str | None, mark: str = "•") -> str:
    """Writes a shift: begin and end, hours, position."""
    span = span_text(lang, start, end, roster.timezone)
    return f"{mark} {span} · {duration_text(lang, end - start)}{position_of(position)}"


def _absence_lines(rows: Iterable[ShiftRow], roster: Roster, now: datetime, lang: str) -> list[str]:
    today = local_day(now, roster.timezone)
    lines = []
    for row in rows:
        first, last = days_of(row, roster)
        span = format_day(lang, first, today)
        span += f" – {format_day(lang, last, today)}" if last != first else ""
        lines.append(f"<i>{t(lang, f'shift.event.{row.event_type}')}: {span}</i>")
    return lines


def is_planned(session: Session, user_id: int) -> bool:
    """Tells whether a person has, or has ever had, a shift."""
    return repository.has_shifts(session, user_id)


def month_number(day: date) -> int:
    """Returns a number for a day's month that grows by one a month, for the data of buttons."""
    return day.year * 12 + day.month - 1


def first_of_month(number: int) -> date:
    """Returns the first day of a month by its number."""
    return date(number // 12, number % 12 + 1, 1)


def month_text(session: Session, user_id: int, rosters: Sequence[Roster], number: int, now: datetime, lang: str) -> str:
    """Lists a person's times on duty in a month with their hours, and the month's total.

    Shifts that meet are one time on duty; the total counts the shifts. The hours are real ones (a duty over the change
    of the clocks has 23 or 25); of what reaches into another month the total counts the part in this one. Where the
    month holds nothing, the next shift after it is named.
    """
    first, after = first_of_month(number), first_of_month(number + 1)
    lines = [f"<b>{t(lang, 'view.my_head', month=format_month(lang, first))}</b>"]
    absences = []
    for roster in rosters:
        start, end = midnight(first, roster.timezone), midnight(after, roster.timezone)
        rows = repository.shifts_between(session, [roster.id or 0], start, end, user_id=user_id)
        duties = [row for row in rows if not row.event_type.is_absence]
        if duties and len(rosters) > 1 and roster.name:
            lines.append(f"<b>{escape(roster.name)}</b>")
        for stretch in stretches_between(session, roster, start, end, user_id) if duties else ():
            mark = "🟢" if stretch.start_at <= now < stretch.end_at else "✓" if stretch.end_at <= now else "•"
            lines.append(_line(lang, roster, stretch.start_at, stretch.end_at, stretch.row.position, mark))
        absences += _absence_lines((row for row in rows if row.event_type.is_absence), roster, now, lang)
    numbers = [roster.id or 0 for roster in rosters]
    total = worked_in_days(session, first, after - timedelta(days=1), numbers, user_id).get(user_id, Worked())
    if total.shifts:
        lines += ["", t(lang, "view.my_sum", n=total.shifts, time=duration_text(lang, total.time))]
    else:
        lines.append(t(lang, "view.my_none"))
        end = midnight(after, rosters[0].timezone)
        lines += _next_after(session, user_id, rosters, end, lang) if end > now else []
    lines += absences
    return "\n".join([*lines, *zone_line(rosters, lang)])


def _next_after(session: Session, user_id: int, rosters: Sequence[Roster], moment: datetime, lang: str) -> list[str]:
    coming = []
    for roster in rosters:
        kinds = (EventType.DUTY,)
        rows = repository.shifts_between(session, [roster.id or 0], moment, moment + REACH, kinds, user_id=user_id)
        coming += [(row.start_at, roster) for row in rows if row.start_at >= moment][:1]
    if not coming:
        return []
    start, roster = min(coming, key=lambda pair: pair[0])
    return [t(lang, "view.my_next", moment=moment_text(lang, start, roster.timezone))]


def sample_text(session: Session, user_id: int, lang: str) -> str:
    """Shows how colleagues will see a person: the lines of the pin."""
    user = session.get_one(User, user_id)
    line = "🟢 " + t(lang, "pin.on_duty", name=f"<b>{escape(user.full_name)}</b>")
    contact = contact_line(user.phone, user.username)
    return line + (f"\n      {contact}" if contact else "")


def is_empty(session: Session) -> bool:
    """Tells whether there is nothing planned for anybody, ever: no file has come yet."""
    return session.exec(select(Duty.id).where(col(Duty.cancelled_at).is_(None)).limit(1)).first() is None
