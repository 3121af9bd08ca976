"""The pages of /change: a day's shifts, what can be done to one, who gets it, what that causes.

Every button carries the whole edit, so nothing is lost by a restart, and nobody else's dialogue is in the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from html import escape
from typing import Final

from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.models import EventType, Roster, User
from duty_teller.domain.shift import ABSENCES
from duty_teller.handlers.schedule.pages import Page
from duty_teller.handlers.transport.keyboards import button, pairs
from duty_teller.handlers.transport.paging import page_of
from duty_teller.i18n import LocalizedError, t
from duty_teller.i18n.lang import format_day
from duty_teller.services import editing
from duty_teller.services.editing import positions, usual_spans
from duty_teller.services.people import accounts
from duty_teller.services.schedule_service import asked_edits, edits
from duty_teller.services.schedule_service.asked_edits import EDIT, SHIFT, AskedEdit, EditKind
from duty_teller.services.texts import changes, days
from duty_teller.services.texts.duty import note_line, span_text
from duty_teller.utils.buttons import Button
from duty_teller.utils.callback_data import DAY, ID, PAGE, declare, number, typed, words
from duty_teller.utils.dates import day_span, local_day

A_PAGE: Final = 8
SEEN: Final = (typed("[0-9a-f]{8}", "0" * 8, "0123abcd"), number(0, 9_999_999))
"""What was shown (a fingerprint of the plan), and the revision it was planned from."""

CHANGE_DAY: Final = declare("ch:d:", DAY, ID, PAGE)
TO_WHOM: Final = declare("ch:w:", EDIT, PAGE)
ASK: Final = declare("ch:t:", words("part", "start", "end", "split", "note"), EDIT)
NEW: Final = declare("ch:n:", DAY, ID)
SHIFTS_OF: Final = declare("ch:m:", ID, ID, PAGE)
"""A person's coming shifts, of a roster."""
SHOW: Final = declare("ch:p:", EDIT)
APPLY: Final = declare("ch:a:", EDIT, *SEEN)
REASON: Final = declare("ch:r:", EDIT, *SEEN)
POSITION: Final = declare("ch:o:", EDIT)


def roster_of(session: Session, roster_id: int) -> Roster:
    """Returns a roster in use.

    Raises:
        LocalizedError: `rosters.gone`.
    """
    found = next((roster for roster in repository.rosters(session) if roster.id == roster_id), None)
    if found is None:
        raise LocalizedError("rosters.gone")
    return found


def shift_button(lang: str, asked: AskedEdit, data: str, roster: Roster, name: str = "") -> Button:
    """Returns a button that names a shift, or the part of it that an edit is about."""
    span = span_text(lang, asked.start, asked.end, roster.timezone)
    return Button(f"{name} · {span}" if name else span, data)


def day_page(session: Session, lang: str, day: date, roster: Roster, now: datetime, page: int = 0) -> Page:
    """Lists a day's shifts as buttons."""
    start, end = day_span(day, day, roster.timezone)
    rows = edits.stored_between(session, roster.id or 0, start, end)
    names = changes.names_of(session, {row.shift.user_id for row in rows})
    today = local_day(now, roster.timezone)
    many = len(repository.rosters(session)) > 1
    lines = [*days.headed(roster, many), f"<b>{escape(format_day(lang, day, today))}</b>"]
    lines.append(t(lang, "change.ask_day" if rows else "change.day_empty"))
    part = page_of(rows, page, A_PAGE, lambda at: CHANGE_DAY(day, roster.id or 0, at), ("▲", "▼"))
    keys = []
    for row in part.shown:
        asked = AskedEdit(EditKind.GIVE, roster.id or 0, row.id, 0, row.shift.start_at, row.shift.end_at)
        name = names.get(row.shift.user_id, "?") + (f" ({row.shift.position})" if row.shift.position else "")
        keys.append([shift_button(lang, asked, SHIFT(asked), roster, name)])
    near = [
        Button(mark.format(format_day(lang, other, today)), CHANGE_DAY(other, roster.id or 0, 0))
        for mark, other in (("◀ {}", day - timedelta(days=1)), ("{} ▶", day + timedelta(days=1)))
        if abs(other - today) <= days.REACH
    ]
    others = [
        Button(f"📋 {other.name}", CHANGE_DAY(day, other.id or 0, 0))
        for other in repository.rosters(session)
        if other.id != roster.id
    ]
    new = [button(lang, "change.add", NEW(day, roster.id or 0))]
    return "\n".join(lines), [row for row in (*keys, *part.turn, new, near, *pairs(others)) if row]


def shift_page(session: Session, lang: str, asked: AskedEdit, now: datetime) -> Page:
    """Shows a shift with what can be done to it.

    Raises:
        LocalizedError: `change.gone`.
    """
    roster = roster_of(session, asked.roster_id)
    shift = edits.stored_shift(session, asked.roster_id, asked.shift_id).shift
    pieces = asked_edits.stretch_of(session, asked)
    whole = pieces[0].shift.start_at, pieces[-1].shift.end_at
    asked = replace(asked, kind=EditKind.GIVE, user_id=0)
    if not whole[0] <= asked.start < asked.end <= whole[1]:
        asked = replace(asked, start=shift.start_at, end=shift.end_at)
    name = changes.names_of(session, {shift.user_id}).get(shift.user_id, "?")
    head = f"<b>{escape(name)}</b>{days.position_of(shift.position)}"
    told = [span_text(lang, asked.start, asked.end, roster.timezone), *_notes_of(session, asked)]
    text = "\n".join([head, *told, t(lang, "change.what")])
    rows = [[button(lang, "change.give", TO_WHOM(asked, 0))]]
    if asked.start < now < asked.end:
        from_now = replace(asked, start=now.replace(second=0, microsecond=0))
        rows.append([button(lang, "change.give_from_now", TO_WHOM(from_now, 0))])
    rows.append([button(lang, "change.part", ASK("part", asked)), button(lang, "change.split", ASK("split", asked))])
    rows.append([button(lang, "change.start", ASK("start", asked)), button(lang, "change.end", ASK("end", asked))])
    rows.append(
        [
            button(lang, "change.note", ASK("note", asked)),
            button(lang, "change.remove", SHOW(replace(asked, kind=EditKind.REMOVE))),
        ]
    )
    if (asked.start, asked.end) != whole:
        span = span_text(lang, *whole, roster.timezone)
        all_of_it = replace(asked, start=whole[0], end=whole[1])
        rows.append([button(lang, "change.whole", SHIFT(all_of_it), span=span)])
    day = local_day(asked.start, roster.timezone)
    return text, [*rows, [button(lang, "view.back", CHANGE_DAY(day, asked.roster_id, 0))]]


def _notes_of(session: Session, asked: AskedEdit) -> list[str]:
    """Returns the notes of the shifts that an edit is about, a line of HTML each."""
    stored = edits.stored_shift(session, asked.roster_id, asked.shift_id)
    pieces = edits.pieces_of(session, asked.roster_id, stored.shift, asked.start, asked.end)
    return [note_line(note) for note in dict.fromkeys(piece.shift.note for piece in pieces) if note]


def note_page(session: Session, lang: str, asked: AskedEdit) -> Page:
    """Asks for the note of a shift; one that is there can be taken off.

    Raises:
        LocalizedError: `change.gone`.
    """
    roster = roster_of(session, asked.roster_id)
    notes = _notes_of(session, asked)
    span = span_text(lang, asked.start, asked.end, roster.timezone)
    ask = t(lang, "change.ask_note_anew" if notes else "change.ask_note")
    rows = [[button(lang, "change.note_clear", SHOW(replace(asked, kind=EditKind.CLEAR)))]] if notes else []
    return "\n".join([f"<b>{escape(span)}</b>", *notes, ask]), [*rows, [back_button(lang, roster, asked)]]


def shifts_of_page(session: Session, lang: str, user_id: int, roster: Roster, now: datetime, page: int) -> Page:
    """Lists a person's coming shifts as buttons."""
    name = changes.names_of(session, {user_id}).get(user_id, "?")
    rows = edits.stored_between(session, roster.id or 0, now, now + days.REACH, user_id)
    if not rows:
        return f"<b>{escape(name)}</b>\n{t(lang, 'view.person_nothing')}", []
    part = page_of(rows, page, A_PAGE, partial(SHIFTS_OF, user_id, roster.id or 0))
    keys = []
    for row in part.shown:
        asked = AskedEdit(EditKind.GIVE, roster.id or 0, row.id, 0, row.shift.start_at, row.shift.end_at)
        keys.append([shift_button(lang, asked, SHIFT(asked), roster)])
    return f"<b>{escape(name)}</b>\n{t(lang, 'change.ask_day')}", [*keys, *part.turn]


def _roster_people(session: Session) -> list[User]:
    found = [user for user in repository.active_users(session) if accounts.is_of_roster(user)]
    return sorted(found, key=lambda user: user.full_name.casefold().replace("ё", "е"))


def whom_page(session: Session, lang: str, asked: AskedEdit, page: int) -> Page:
    """Asks who gets it; who is away or on duty then is marked."""
    roster = roster_of(session, asked.roster_id)
    holder = None
    if asked.kind != EditKind.ADD:
        holder = edits.stored_shift(session, asked.roster_id, asked.shift_id).shift.user_id
    ids = [other.id or 0 for other in repository.rosters(session)]
    busy = repository.shifts_between(session, ids, asked.start, asked.end)
    away = {row.user_id for row in busy if row.event_type in ABSENCES}
    on_duty = {row.user_id for row in busy if row.event_type == EventType.DUTY}
    listed = [user for user in _roster_people(session) if user.id != holder]
    listed.sort(key=lambda user: (user.id in away, user.id in on_duty))
    part = page_of(listed, page, A_PAGE, partial(TO_WHOM, asked))
    keys = []
    for user in part.shown:
        mark = "💤 " if user.id in away else "🟢 " if user.id in on_duty else ""
        chosen = replace(asked, user_id=user.id or 0)
        keys.append(Button(f"{mark}{user.full_name}"[:60], SHOW(chosen)))
    span = span_text(lang, asked.start, asked.end, roster.timezone)
    text = f"<b>{escape(span)}</b>\n{t(lang, 'change.to_whom')}"
    return text, [*pairs(keys), *part.turn, [back_button(lang, roster, asked)]]


def back_button(lang: str, roster: Roster, asked: AskedEdit) -> Button:
    """Returns the button from an edit back to its shift, or to the day."""
    if asked.kind == EditKind.ADD:
        day = local_day(asked.start, roster.timezone)
        return button(lang, "view.back", CHANGE_DAY(day, asked.roster_id, 0))
    kept = replace(asked, end=asked.start) if asked.kind in (EditKind.MOVE, EditKind.SPLIT) else asked
    return button(lang, "view.back", SHIFT(replace(kept, kind=EditKind.GIVE, user_id=0)))


def new_page(session: Session, lang: str, day: date, roster: Roster) -> Page:
    """Asks for the times of a new shift; the roster's own and the day's gaps are buttons."""
    keys = []
    for start, end in usual_spans(session, roster, day):
        asked = AskedEdit(EditKind.ADD, roster.id or 0, 0, 0, start, end)
        keys.append([shift_button(lang, asked, after_times(session, asked), roster)])
    back = button(lang, "view.back", CHANGE_DAY(day, roster.id or 0, 0))
    return t(lang, "change.ask_add"), [*keys, [back]]


def after_times(session: Session, asked: AskedEdit) -> str:
    """Returns the data of the button that follows the times of a new shift: position, person, or what that causes."""
    if positions(session, asked.roster_id, asked.start):
        return POSITION(asked)
    return SHOW(asked) if asked.user_id else TO_WHOM(asked, 0)


def position_page(session: Session, lang: str, asked: AskedEdit) -> Page:
    """Asks for the position of a new shift."""
    roster = roster_of(session, asked.roster_id)
    keys = []
    for position, shift_id in sorted(positions(session, asked.roster_id, asked.start).items()):
        chosen = replace(asked, shift_id=shift_id)
        data = SHOW(chosen) if asked.user_id else TO_WHOM(chosen, 0)
        keys.append([Button(position[:60], data)])
    span = span_text(lang, asked.start, asked.end, roster.timezone)
    return f"<b>{escape(span)}</b>\n{t(lang, 'change.position')}", [*keys, [back_button(lang, roster, asked)]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an edit does and causes, as it is shown.

    Attributes:
        page: Text and buttons.
        past: It changes what has already been: it needs a reason.
        seen: Fingerprint of the plan, and the revision it was made from.
    """

    page: Page
    past: bool
    seen: tuple[str, int]


def preview_page(
    session: Session, lang: str, asked: AskedEdit, now: datetime, moved: Sequence[LocalizedError] = ()
) -> Preview:
    """Shows what an edit does and causes.

    Raises:
        LocalizedError: It cannot be done, or the person is not on the roster any more.
    """
    shown = editing.preview(session, asked, now)
    roster, planned, seen = shown.roster, shown.planned, (shown.seen.fingerprint, shown.seen.revision)
    text = changes.preview(session, lang, roster, planned.diff.items, planned.consequences, now)
    if moved:
        since = [f"• {escape(reason.text(lang))}" for reason in moved]
        text = "\n".join([t(lang, "change.moved"), *since, "", t(lang, "change.moved_now"), text])
    rows = []
    if shown.past:
        text += "\n\n" + t(lang, "change.past")
    else:
        rows.append([button(lang, "change.apply", APPLY(asked, *seen))])
        if asked.kind not in (EditKind.NOTE, EditKind.CLEAR):
            rows.append([button(lang, "change.with_reason", REASON(asked, *seen))])
    return Preview((text, [*rows, [back_button(lang, roster, asked)]]), shown.past, seen)
