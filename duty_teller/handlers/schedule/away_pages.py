"""What `/away` shows: which days, which kind, and the duties that fall into an absence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session

from duty_teller.db.models import EventType, Roster
from duty_teller.domain.shift import ABSENCES
from duty_teller.handlers.schedule.pages import Page
from duty_teller.handlers.transport.keyboards import button
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import LocalizedError, t
from duty_teller.i18n.lang import format_day
from duty_teller.services import away
from duty_teller.services.people.access import Person
from duty_teller.services.schedule_service import edits
from duty_teller.services.schedule_service.absences import Affected
from duty_teller.services.schedule_service.asked_edits import EDIT, SHIFT, AskedEdit, EditKind
from duty_teller.services.texts import changes, days, people
from duty_teller.services.texts.duty import span_text
from duty_teller.utils.buttons import Button, Keyboard
from duty_teller.utils.callback_data import DAY, ID, PAGE, declare, typed, words
from duty_teller.utils.dates import midnight

LISTED: Final = 10
ENTER: Final = declare("aw:k:", words(*ABSENCES), ID, DAY, DAY)
LISTING: Final = declare("aw:l:", ID, PAGE)
"""Whose absences, and which page of them."""
_LONGEST_NAME: Final = 30
"""Bytes of a typed name in a button; what is cut off only makes more people fit."""
DAYS: Final = declare("aw:d:", ID, DAY, DAY)
FIND: Final = declare("aw:f:", EDIT)
AFFECTED: Final = declare("aw:p:", ID, PAGE)
"""Of a change that entered an absence: the duties that fall into it."""
_NAME: Final = typed(r"[^\x00-\x1f]{1,30}", "ivanov", "a:b")
WHICH: Final = declare("aw:w:", DAY, DAY, PAGE, _NAME)
"""People that a typed name may mean."""
TAKE_BACK: Final = declare("aw:u:", ID)
COME_BACK: Final = declare("aw:b:", ID)


@dataclass(frozen=True, slots=True)
class Range:
    """Days that were asked for; `back_on`: the day behind `until`, which may have been meant, too."""

    first: date
    last: date
    back_on: date | None = None


def range_text(lang: str, first: date, last: date, today: date) -> str:
    """Writes days: `Sun 3 Jan 2027 – Sun 10 Jan 2027`."""
    return format_day(lang, first, today) + (f" – {format_day(lang, last, today)}" if last != first else "")


def start_page(session: Session, lang: str, user_id: int, now: datetime, page: int = 0) -> Page:
    """Asks for the days, and lists a page of what is entered already."""
    rosters = away.rosters_of(session, user_id)
    if not rosters:
        raise LocalizedError("view.no_roster")
    today, roster = days.todays(rosters, now), rosters[0]
    begin = midnight(today, roster.timezone)
    entered = edits.stored_between(session, roster.id or 0, begin, begin + days.REACH, user_id, ABSENCES)
    part = page_of(entered, page, LISTED, partial(LISTING, user_id))
    rows: Keyboard = [[button(lang, "away.ill_today", ENTER(EventType.SICK, user_id, today, today))]]
    for row in part.shown:
        span = changes.shift_span(lang, row.shift, roster.timezone)
        kind = t(lang, f"shift.event.{row.shift.event_type}")
        rows.append([button(lang, "away.remove", COME_BACK(row.id), what=f"{kind}, {span}")])
    return t(lang, "away.ask"), rows + part.turn


def kind_page(session: Session, lang: str, user_id: int, asked: Range, now: datetime) -> Page:
    """Asks what kind of absence it is."""
    today = days.todays(away.rosters_of(session, user_id), now)
    name = away.name_of(session, user_id)
    lines = [f"<b>{escape(name)}</b>: {escape(range_text(lang, asked.first, asked.last, today))}"]
    if asked.back_on is not None:
        lines.append(t(lang, "away.back_on", day=escape(format_day(lang, asked.back_on, today))))
    rows: Keyboard = [
        [button(lang, f"shift.event.{kind}", ENTER(kind, user_id, asked.first, asked.last)) for kind in ABSENCES]
    ]
    if asked.back_on is not None:
        including = DAYS(user_id, asked.first, asked.back_on)
        rows.append([button(lang, "away.that_day_too", including, day=format_day(lang, asked.back_on, today))])
    return "\n".join([*lines, t(lang, "away.which")]), rows


def affected_rows(
    session: Session, lang: str, found: Sequence[Affected], asked_for: Sequence[Affected], person: Person
) -> Keyboard:
    """Returns buttons for the duties that fall into an absence: find cover, or, for an admin, give it away."""
    rows: Keyboard = []
    for one in found:
        asked = AskedEdit(EditKind.GIVE, one.roster_id, one.shift_id, 0, one.start_at, one.end_at)
        timezone = session.get_one(Roster, one.roster_id).timezone
        span = span_text(lang, one.start_at, one.end_at, timezone)
        if one not in asked_for:
            rows.append([button(lang, "away.find", FIND(asked), span=span)])
        if person.is_admin:
            rows.append([button(lang, "away.give", SHIFT(asked), span=span)])
    return rows


def affected_lines(session: Session, lang: str, found: Sequence[Affected]) -> list[str]:
    """Lists the duties that fall into an absence."""
    lines = []
    for one in found:
        roster = session.get_one(Roster, one.roster_id)
        span = span_text(lang, one.start_at, one.end_at, roster.timezone)
        lines.append(f"• {escape(span)}{days.position_of(one.position)}")
    return lines


def which_page(session: Session, lang: str, typed_name: str, first: date, last: date, page: int) -> Page:
    """Asks which of several people a typed name means."""
    found = people.find_people(session, typed_name)
    kept = typed_name.encode()[:_LONGEST_NAME].decode(errors="ignore").strip()
    part = page_of(found, page, LISTED, lambda at: WHICH(first, last, at, kept))
    rows = [[Button(name[:60], DAYS(user_id, first, last))] for user_id, name in part.shown]
    return t(lang, "view.which_person", n=len(found)), rows + part.turn
