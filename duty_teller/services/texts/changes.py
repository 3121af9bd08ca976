"""What an edit does and causes, in words: previews, reasons and the history; plain text unless said otherwise."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from html import escape
from textwrap import shorten

from sqlmodel import Session, col, select

from duty_teller.db.models import Roster, User
from duty_teller.domain.shift import Shift
from duty_teller.i18n import t
from duty_teller.i18n.lang import format_day
from duty_teller.services.schedule_service import Consequences, Diff, DiffItem, consequences_of
from duty_teller.services.schedule_service.reasons import BEFORE_REASON
from duty_teller.services.texts.duty import moment_text, span_text
from duty_teller.services.texts.people import duration_text
from duty_teller.utils.dates import local_day

_LISTED = 6
"""Lines of a kind that are written out; more are counted."""
_NOTE = 120
"""Characters of a note in a line about it."""


def names_of(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Returns number → name of some people."""
    return dict(session.exec(select(User.id, User.full_name).where(col(User.id).in_(set(ids)))).all())  # type: ignore[arg-type]


def people_in(items: Iterable[DiffItem], causes: Consequences | None = None) -> set[int]:
    """Returns the numbers of everybody whom a difference or what it causes is about."""
    found = {shift.user_id for item in items for shift in (item.before, item.after) if shift is not None}
    for pair in (*causes.overlaps, *causes.away) if causes is not None else ():
        found |= {pair.first.user_id, pair.second.user_id}
    return found | ({rest.user_id for rest in causes.rests} if causes is not None else set())


def shift_span(lang: str, shift: Shift, timezone: str) -> str:
    """Writes when a shift is in a zone: times of a duty, days of an absence."""
    if not shift.event_type.is_absence:
        return span_text(lang, shift.start_at, shift.end_at, timezone)
    first = local_day(shift.start_at, timezone)
    last = local_day(shift.end_at - timedelta(seconds=1), timezone)
    return format_day(lang, first, first) + (f" – {format_day(lang, last, first)}" if last != first else "")


class What(StrEnum):
    """What became of a shift."""

    GIVEN = "given"
    MOVED = "moved"
    REMOVED = "removed"
    ADDED = "added"
    CUT = "cut"
    """It was shortened, or split: part of it is still the person's."""
    NOTED = "noted"
    """Its note alone is another one, or gone."""


@dataclass(frozen=True, slots=True)
class ShiftChange:
    """What became of one shift: given, moved and noted have both sides, removed no `after`, the others no `before`."""

    what: What
    before: Shift | None
    after: Shift | None

    @property
    def start(self) -> datetime:
        """When the shift begins (UTC): the new one, where there is one."""
        shift = self.after or self.before
        assert shift is not None  # noqa: S101  # one of them is there
        return shift.start_at


def shift_changes(items: Sequence[DiffItem]) -> list[ShiftChange]:
    """Tells what became of each shift of an edit, by start.

    Of a shift of which a part changes hands only that part is told; what is left with its person has not changed.
    """
    noted = [item for item in items if item.is_note]
    items = [item for item in items if item not in noted]
    gone = [item.before for item in items if item.before is not None]
    new = [item.after for item in items if item.after is not None]
    found: list[ShiftChange] = []
    for shift in new:  # given: somebody else had a shift of this position that holds it
        giver = next((g for g in gone if g.user_id != shift.user_id and _holds(g, shift)), None)
        if giver is not None:
            found.append(ShiftChange(What.GIVEN, giver, shift))
    if not found:
        for item in items:
            if item.before is not None and item.after is not None and not _was_cut(item, new):
                found.append(ShiftChange(What.MOVED, item.before, item.after))
    before, after = [one.before for one in found], [one.after for one in found]
    for shift in gone:
        if shift not in before and not any(_same(shift, other) and _holds(shift, other) for other in new):
            found.append(ShiftChange(What.REMOVED, shift, None))
    for shift in new:
        if shift not in after and not any(_same(shift, other) and _holds(other, shift) for other in gone):
            found.append(ShiftChange(What.ADDED, None, shift))
    if not found:
        found = [ShiftChange(What.CUT, None, shift) for shift in new]
    found += [ShiftChange(What.NOTED, item.before, item.after) for item in noted]
    return sorted(found, key=lambda one: one.start)


def note_words(lang: str, before: str | None, after: str | None) -> str:
    """Says what becomes of a note, in one line: `note “Bring the keys”`; long ones are cut."""
    old, new = ((shorten(" ".join((text or "").split()), _NOTE, placeholder="…")) for text in (before, after))
    key = "changed" if old and new else "set" if new else "removed"
    return t(lang, f"change.note_{key}", old=old, new=new)


def change_lines(lang: str, items: Sequence[DiffItem], names: Mapping[int, str], timezone: str) -> list[str]:
    """Says what becomes of each shift: `Tue 24 Nov, 09:00–21:00: Dan → Alice`; of many, how many more there are."""
    found = [_line(lang, one, names, timezone) for one in shift_changes(items)]
    more = [t(lang, "import.chat.more", n=len(found) - _LISTED)] if len(found) > _LISTED else []
    return found[:_LISTED] + more


def _line(lang: str, one: ShiftChange, names: Mapping[int, str], timezone: str) -> str:
    before, after = one.before, one.after
    if before is not None and after is not None:
        if one.what is What.GIVEN:
            people = " → ".join(names.get(shift.user_id, "?") for shift in (before, after))
            return f"{shift_span(lang, after, timezone)}: {people}"
        if one.what is What.NOTED:
            return f"{_what(lang, after, names, timezone)}, {note_words(lang, before.note, after.note)}"
        spans = " → ".join(shift_span(lang, shift, timezone) for shift in (before, after))
        noted = f", {note_words(lang, before.note, after.note)}" if before.note != after.note else ""
        return f"{names.get(after.user_id, '?')}: {spans}{noted}"
    shift = after or before
    assert shift is not None  # noqa: S101  # one of them is there
    sign = {What.REMOVED: "−", What.ADDED: "+"}.get(one.what, "~")
    return f"{sign} {_what(lang, shift, names, timezone)}"


def _same(one: Shift, other: Shift) -> bool:
    return (one.user_id, one.position, one.event_type) == (other.user_id, other.position, other.event_type)


def _holds(outer: Shift, inner: Shift) -> bool:
    same = (outer.position, outer.event_type) == (inner.position, inner.event_type)
    return same and outer.start_at <= inner.start_at and inner.end_at <= outer.end_at


def _was_cut(item: DiffItem, new: Sequence[Shift]) -> bool:
    """Tells whether the rest of the shift is another new one: split, or a middle was taken out."""
    assert item.before is not None  # noqa: S101  # asked by the caller
    others = [s for s in new if s is not item.after]
    return any(_same(item.before, other) and _holds(item.before, other) for other in others)


def _what(lang: str, shift: Shift, names: Mapping[int, str], timezone: str) -> str:
    kind = f" ({t(lang, f'shift.event.{shift.event_type}')})" if shift.event_type.is_absence else ""
    position = f" ({shift.position})" if shift.position else ""
    return f"{shift_span(lang, shift, timezone)}: {names.get(shift.user_id, '?')}{position}{kind}"


def consequence_lines(
    lang: str, causes: Consequences, names: Mapping[int, str], roster: Roster, now: datetime | None = None
) -> list[str]:
    """Says what an edit causes; gaps that are over `now` are left out."""
    lines = []
    for pair in causes.overlaps:
        start = max(pair.first.start_at, pair.second.start_at)
        span = span_text(lang, start, min(pair.first.end_at, pair.second.end_at), roster.timezone)
        if pair.first.user_id == pair.second.user_id:
            lines.append("⚠️ " + t(lang, "change.twice", name=names.get(pair.first.user_id, "?"), span=span))
        else:
            both = " / ".join(names.get(shift.user_id, "?") for shift in (pair.first, pair.second))
            lines.append("⚠️ " + t(lang, "change.position_twice", names=both, span=span))
    for rest in causes.rests:
        hours = duration_text(lang, rest.begins_at - rest.ends_at)
        moment = moment_text(lang, rest.begins_at, roster.timezone)
        lines.append(
            "⚠️ " + t(lang, "change.short_rest", name=names.get(rest.user_id, "?"), hours=hours, moment=moment)
        )
    for pair in causes.away:
        kind = t(lang, f"shift.event.{pair.second.event_type}")
        span = shift_span(lang, pair.second, roster.timezone)
        lines.append(
            "⚠️ " + t(lang, "change.while_away", name=names.get(pair.first.user_id, "?"), kind=kind, span=span)
        )
    for key, gaps in (("change.gap_opened", causes.gaps_opened), ("change.gap_closed", causes.gaps_closed)):
        for start, end in gaps:
            if now is None or end > now:
                begins = start if now is None else max(start, now)
                mark = "⚠️" if key == "change.gap_opened" else "✅"
                lines.append(f"{mark} " + t(lang, key, span=span_text(lang, begins, end, roster.timezone)))
    more = [t(lang, "import.chat.more", n=len(lines) - _LISTED)] if len(lines) > _LISTED else []
    return lines[:_LISTED] + more


def clash_lines(session: Session, lang: str, diff: Diff) -> list[str]:
    """Says who would be on duty twice by a difference, or while away; what else it causes is left out."""
    roster = session.get_one(Roster, diff.roster_id)
    causes = consequences_of(session, roster, diff.items)
    told = Consequences(overlaps=causes.overlaps, away=causes.away)
    return consequence_lines(lang, told, names_of(session, people_in((), told)), roster)


def preview(
    session: Session, lang: str, roster: Roster, items: Sequence[DiffItem], causes: Consequences, now: datetime
) -> str:
    """Returns difference and consequences as HTML."""
    names = names_of(session, people_in(items, causes))
    lines = [f"<b>{escape(line)}</b>" for line in change_lines(lang, items, names, roster.timezone)]
    warned = [escape(line) for line in consequence_lines(lang, causes, names, roster, now)]
    return "\n".join([*lines, *(["", *warned] if warned else [])])


def words_of(session: Session, lang: str, roster: Roster, items: Sequence[DiffItem], reason: str = "") -> str:
    """Returns what the history says of an edit: what was changed, and the author's reason."""
    names = names_of(session, people_in(items))
    what = "; ".join(change_lines(lang, items, names, roster.timezone))
    return (f"{what[: 480 - len(reason)]}{BEFORE_REASON}{reason}" if reason else what)[:500]
