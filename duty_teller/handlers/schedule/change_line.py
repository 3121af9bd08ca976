"""What is meant by what is typed to /change: one whole line, or the times and the name that a button asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from duty_teller.db.models import Roster
from duty_teller.domain.notes import clean_note
from duty_teller.handlers.schedule.change_pages import (
    SHOW,
    TO_WHOM,
    after_times,
    day_page,
    shift_button,
    shifts_of_page,
    whom_page,
)
from duty_teller.handlers.schedule.pages import Page
from duty_teller.handlers.transport.keyboards import button
from duty_teller.i18n import LocalizedError, t
from duty_teller.services.schedule_service import asked_edits, edits
from duty_teller.services.schedule_service.asked_edits import EXAMPLE, SHIFT, AskedEdit, EditKind
from duty_teller.services.texts import changes, days, people, typed_change
from duty_teller.services.texts.duty import span_text
from duty_teller.utils.buttons import Button
from duty_teller.utils.dates import day_span, local_day
from duty_teller.utils.handover import Handover, handover_span
from duty_teller.utils.zones import zone

_MOST: Final = 20
"""So many buttons are a page; what is more has pages of its own."""


def typed_name(session: Session, lang: str, text: str, asked: AskedEdit) -> Page | AskedEdit:
    """Gives a shift to whoever was typed, or asks which of several is meant.

    Raises:
        LocalizedError: `view.nobody_found`.
    """
    found = people.find_people(session, text)
    if not found:
        raise LocalizedError("view.nobody_found", text=text[:32])
    if len(found) == 1:
        return replace(asked, user_id=found[0][0])
    return people_page(session, lang, found, asked)


def people_page(session: Session, lang: str, found: Sequence[tuple[int, str]], asked: AskedEdit) -> Page:
    """Asks which of several people is meant; where a page does not hold them, among everybody."""
    if len(found) > _MOST:
        return whom_page(session, lang, asked, 0)
    keys = [[Button(name[:60], SHOW(replace(asked, user_id=user_id)))] for user_id, name in found]
    return t(lang, "view.which_person", n=len(found)), keys


def typed_new(roster: Roster, day: date, text: str, today: date) -> AskedEdit:
    """Returns a new shift of a day with the times that were typed; it is nobody's yet.

    Raises:
        LocalizedError: `change.two_times`, or there is no such time on that day.
    """
    times = typed_change.parse_change(text, today)
    if times.start is None or times.end is None:
        raise LocalizedError("change.two_times")
    start = typed_change.instant_near(times.day or day, times.start, EXAMPLE, False, roster.timezone)
    end = typed_change.instant_near(None, times.end, start, True, roster.timezone)
    return AskedEdit(EditKind.ADD, roster.id or 0, 0, 0, start, end)


def typed_times(session: Session, roster: Roster, asked: AskedEdit, what: str, text: str, today: date) -> AskedEdit:
    """Returns the edit that typed times make of a selected shift.

    Raises:
        LocalizedError: They are no times, or lie outside the shift.
    """
    tz = roster.timezone
    if what == "part":
        times = typed_change.parse_change(text, today)
        if times.start is None or times.end is None:
            raise LocalizedError("change.two_times")
        before = asked.start - timedelta(seconds=1)
        start = typed_change.instant_near(times.day, times.start, before, True, tz)
        end = typed_change.instant_near(None, times.end, start, True, tz)
        if not asked.start <= start < end <= asked.end:
            raise LocalizedError("change.outside")
        return replace(asked, start=start, end=end)
    if what == "split":
        at = typed_change.parse_moment(text, asked.start, True, tz, today)
        inside = [p for p in asked_edits.stretch_of(session, asked) if p.shift.start_at < at < p.shift.end_at]
        if not inside:
            raise LocalizedError("change.outside")
        return replace(asked, kind=EditKind.SPLIT, shift_id=inside[0].id, start=at, end=inside[0].shift.end_at)
    near = asked.start if what == "start" else asked.end
    at = typed_change.parse_moment(text, near, False, tz, today)
    start, end = (at, asked.end) if what == "start" else (asked.start, at)
    if start >= end:
        raise LocalizedError("change.empty")
    if what == "start" and at > asked.start:
        return replace(asked, kind=EditKind.REMOVE, end=at)
    if what == "end" and at < asked.end:
        return replace(asked, kind=EditKind.REMOVE, start=at)
    pieces = [p for p in asked_edits.stretch_of(session, asked) if asked.start <= p.shift.start_at < asked.end]
    edge = pieces[0] if what == "start" else pieces[-1]
    span = (at, edge.shift.end_at) if what == "start" else (edge.shift.start_at, at)
    return replace(asked, kind=EditKind.MOVE, shift_id=edge.id, start=span[0], end=span[1])


def resolve(session: Session, lang: str, text: str, roster: Roster, now: datetime) -> Page | AskedEdit:
    """Returns what one typed line means: an edit, or the page that asks for what is missing or not clear.

    Raises:
        LocalizedError: Nothing fits.
    """
    today = local_day(now, roster.timezone)
    text, note = typed_change.split_note(text)
    said = typed_change.parse_change(text, today)
    if note is not None:
        return _noted(session, lang, said, note, roster, now)
    found = people.find_people(session, said.name) if said.name else []
    given_by = people.find_people(session, said.holder) if said.holder else []
    for name, those in ((said.name, found), (said.holder, given_by)):
        if name and not those:
            raise LocalizedError("view.nobody_found", text=name[:32])
    if said.day is None and said.start is None and said.end is None:
        if len(found) == 1:
            return shifts_of_page(session, lang, found[0][0], roster, now, 0)
        raise LocalizedError("change.usage", text=text[:32])
    day = said.day or today
    if said.start is None and said.end is None and not said.name:
        return day_page(session, lang, day, roster, now)
    candidates = _candidates(session, roster, day, said)
    holders = {
        asked: edits.stored_shift(session, asked.roster_id, asked.shift_id).shift.user_id
        for asked in candidates
        if asked.kind == EditKind.GIVE
    }
    if given_by:
        meant = {number for number, _name in given_by}
        candidates = [asked for asked in candidates if holders.get(asked) in meant]
        if not candidates:
            raise LocalizedError("change.not_theirs", name=given_by[0][1])
    if len(found) == 1:
        others = [asked for asked in candidates if holders.get(asked) != found[0][0]]
        if candidates and not others:
            raise LocalizedError("change.same")
        candidates = others
    if not candidates:
        return day_page(session, lang, day, roster, now)
    if len(candidates) == 1 and candidates[0].kind == EditKind.GIVE and found:
        (asked,) = candidates
        return replace(asked, user_id=found[0][0]) if len(found) == 1 else people_page(session, lang, found, asked)
    if len(candidates) > _MOST:
        return day_page(session, lang, day, roster, now)
    return _which_page(session, lang, candidates, holders, found, roster)


def _noted(
    session: Session, lang: str, said: typed_change.TypedChange, note: str, roster: Roster, now: datetime
) -> Page | AskedEdit:
    """Returns the edit of the note of the one shift that is meant (`Dan 24.11 note: …`), or asks which it is.

    Raises:
        LocalizedError: Nothing fits.
    """
    today = local_day(now, roster.timezone)
    found = people.find_people(session, said.name) if said.name else []
    if said.name and not found:
        raise LocalizedError("view.nobody_found", text=said.name[:32])
    meant = {number for number, _name in found}
    if said.day is None and said.start is None and said.end is None and len(found) == 1:
        rows = edits.stored_between(session, roster.id or 0, now, now + days.REACH, found[0][0])[:_MOST]
        candidates = [
            AskedEdit(EditKind.GIVE, roster.id or 0, row.id, 0, row.shift.start_at, row.shift.end_at) for row in rows
        ]
    else:
        candidates = [c for c in _candidates(session, roster, said.day or today, said) if c.kind == EditKind.GIVE]
    shifts = {c.shift_id: edits.stored_shift(session, c.roster_id, c.shift_id).shift for c in candidates}
    text = clean_note(note)
    kind = EditKind.CLEAR if text is None else EditKind.NOTE
    wanted: dict[AskedEdit, int] = {}
    for one in candidates:
        shift = shifts[one.shift_id]
        if meant and shift.user_id not in meant:
            continue
        start, end = min(one.start, shift.start_at), max(one.end, shift.end_at)
        wanted[replace(one, kind=kind, start=start, end=end, note=text)] = shift.user_id
    if not wanted:
        raise LocalizedError("change.outside")
    if len(wanted) == 1:
        return next(iter(wanted))
    if len(wanted) > _MOST:
        return day_page(session, lang, said.day or today, roster, now)
    names = changes.names_of(session, wanted.values())
    keys = [[shift_button(lang, one, SHOW(one), roster, names.get(who, "?"))] for one, who in wanted.items()]
    return t(lang, "change.which_shift"), keys


def _which_page(
    session: Session,
    lang: str,
    candidates: Sequence[AskedEdit],
    holders: Mapping[AskedEdit, int],
    found: Sequence[tuple[int, str]],
    roster: Roster,
) -> Page:
    names = changes.names_of(session, holders.values())
    keys = []
    for asked in candidates:
        chosen = replace(asked, user_id=found[0][0]) if len(found) == 1 else asked
        if asked.kind == EditKind.ADD:
            span = span_text(lang, asked.start, asked.end, roster.timezone)
            keys.append([button(lang, "change.new_for", after_times(session, chosen), span=span)])
            continue
        data = SHOW(chosen) if len(found) == 1 else TO_WHOM(asked, 0) if found else SHIFT(asked)
        keys.append([shift_button(lang, asked, data, roster, names.get(holders[asked], "?"))])
    return t(lang, "change.which_shift"), keys


def _candidates(session: Session, roster: Roster, day: date, said: typed_change.TypedChange) -> list[AskedEdit]:
    """Returns the shifts, or parts of them, that a day with or without times may mean."""
    tz, number_ = roster.timezone, roster.id or 0

    def asked(row: edits.Stored, start: datetime, end: datetime) -> AskedEdit:
        return AskedEdit(EditKind.GIVE, number_, row.id, 0, max(start, row.shift.start_at), min(end, row.shift.end_at))

    if said.start is None and said.end is not None:
        until = typed_change.instant_near(day, said.end, EXAMPLE, False, tz)
        rows = edits.stored_between(session, number_, until - timedelta(seconds=1), until)
        return [asked(row, row.shift.start_at, until) for row in rows]
    if said.start is None:
        span = handover_span(day, Handover(roster.handover_at, tz))
        rows = edits.stored_between(session, number_, *day_span(day, day, tz))
        begun = [row for row in rows if row.shift.start_at.astimezone(zone(tz)).date() == day]
        found = []
        for row in begun or [row for row in rows if row.shift.end_at > span[0]]:
            if row not in begun or row.shift.end_at - row.shift.start_at > timedelta(hours=36):
                found.append(asked(row, *span))
            if row in begun:
                found.append(asked(row, row.shift.start_at, row.shift.end_at))
        return list(dict.fromkeys(found))
    start = typed_change.instant_near(day, said.start, EXAMPLE, False, tz)
    if said.end is None:
        rows = edits.stored_between(session, number_, start, start + timedelta(seconds=1))
        return [asked(row, start, row.shift.end_at) for row in rows]
    end = typed_change.instant_near(None, said.end, start, True, tz)
    rows = edits.stored_between(session, number_, start, end)
    found, covered = [], False
    by_holder: dict[tuple[int, str | None], list[edits.Stored]] = {}
    for row in rows:
        by_holder.setdefault((row.shift.user_id, row.shift.position), []).append(row)
    for pieces in by_holder.values():
        begin = max(start, pieces[0].shift.start_at)
        finish = min(end, max(piece.shift.end_at for piece in pieces))
        covered = covered or (begin, finish) == (start, end)
        found.append(AskedEdit(EditKind.GIVE, number_, pieces[0].id, 0, begin, finish))
    return found if covered else [*found, AskedEdit(EditKind.ADD, number_, 0, 0, start, end)]
