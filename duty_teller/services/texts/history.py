"""The history in words: who did what, and what an undo would do."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.db.models import ChangeKind, CoverRequest, Roster
from duty_teller.i18n import t
from duty_teller.i18n.lang import format_day
from duty_teller.services.history import COMMAND_LINE, ChangeView
from duty_teller.services.schedule_service import DiffItem, consequences_of, items_of, plan_undo
from duty_teller.services.schedule_service.reasons import BEFORE_REASON
from duty_teller.services.texts import changes
from duty_teller.services.texts.changes import ShiftChange, What, names_of, people_in, shift_changes, shift_span
from duty_teller.services.texts.covers import why_text
from duty_teller.services.texts.duty import moment_text
from duty_teller.utils.dates import local_day

_TOLD: Final = 3
"""Shifts of a change that are told one by one; of more than that only the number is."""
_LABEL: Final = 38
"""Characters of a button's label that a phone shows."""


def entry(session: Session, lang: str, change: ChangeView, roster: Roster, many: bool) -> str:
    """Returns a change as Telegram HTML: when (in the roster's zone), who did what; struck out when it was undone.

    Args:
        session: Where to read.
        lang: The reader's language.
        change: The change.
        roster: Whose schedule changed.
        many: There are several rosters: this one is named.
    """
    where = f" · 📋 {escape(roster.name)}" if many and roster.name else ""
    text = escape(sentence(session, lang, change, roster))
    head = f"<b>{moment_text(lang, change.at, roster.timezone)}</b>{where}"
    return f"{head}\n<s>{text}</s> {t(lang, 'history.is_undone')}" if change.undone else f"{head}\n{text}"


def sentence(session: Session, lang: str, change: ChangeView, roster: Roster) -> str:
    """Says who did what, in plain text: `Anna imported december.xlsx: 31 shifts added`."""
    if change.original is not None:
        key = "history.did_redo" if change.redoes else "history.did_undo"
        return t(lang, key, who=_who(lang, change), what=sentence(session, lang, change.original, roster))
    if change.kind == ChangeKind.IMPORT:
        return t(
            lang, "history.did_import", who=_who(lang, change), file=change.reason or "?", counts=_counts(lang, change)
        )
    if change.kind == ChangeKind.MERGE:
        source, _arrow, target = change.reason.partition(" → ")
        return t(lang, "history.did_merge", who=_who(lang, change), source=source, target=target)
    total = change.added + change.removed + change.changed
    if not total:
        return t(lang, "history.did_settings", who=_who(lang, change), what=change.reason or "?")
    told = shift_changes(items_of(session, change.id)) if total <= 4 * _TOLD else []
    if not told or len(told) > _TOLD:
        return t(lang, "history.did_edit", who=_who(lang, change), counts=_counts(lang, change))
    names = names_of(session, {s.user_id for one in told for s in (one.before, one.after) if s is not None})
    text = _swap(lang, told, names, roster) if change.kind == ChangeKind.SWAP else ""
    text = text or "; ".join(_told(lang, one, change, names, roster) for one in told)
    why = _reason(session, lang, change)
    return f"{text} ({why})" if why else text


def label(session: Session, lang: str, change: ChangeView, roster: Roster) -> str:
    """Returns what tells a change on a button: the file, the people or the shift."""
    if change.original is not None:
        return label(session, lang, change.original, roster)
    total = change.added + change.removed + change.changed
    if change.kind in (ChangeKind.IMPORT, ChangeKind.MERGE) or not total:
        return _shortened(change.reason or "?", _LABEL)
    told = shift_changes(items_of(session, change.id)) if total <= 4 * _TOLD else []
    if not told:
        return _shortened(_counts(lang, change), _LABEL)
    people = dict.fromkeys(s.user_id for one in told[:1] for s in (one.before, one.after) if s is not None)
    names = names_of(session, people)
    day = local_day(told[0].start, roster.timezone)
    return _shortened(f"{' → '.join(names.get(n, '?') for n in people)}, {format_day(lang, day, day)}", _LABEL)


@dataclass(frozen=True, slots=True)
class UndoPart:
    """What taking a change back would do to one roster, in plain lines.

    Attributes:
        roster: Its name; empty where there is only one.
        what: What becomes of its shifts, shift by shift; of many (`counted`) only how many they are.
        counted: Whether they are counted.
        warned: What that causes.
        settings: What becomes of its settings; empty: nothing.
    """

    roster: str
    what: list[str]
    counted: bool
    warned: list[str]
    settings: str


def undo_parts(
    session: Session, lang: str, change: ChangeView, rosters: dict[int, Roster], now: datetime
) -> list[UndoPart]:
    """Returns what taking a change back would do.

    Args:
        session: Where to read.
        lang: The reader's language.
        change: Which.
        rosters: Number → roster of those in use.
        now: The present instant.

    Raises:
        NothingToUndoError: It was taken back already.
        UndoConflictError: Later changes are in the way; they are named.
    """
    found = []
    for diff in plan_undo(session, change.id):
        roster = rosters.get(diff.roster_id)
        if roster is None:
            continue
        items = list(diff.items)
        causes = consequences_of(session, roster, items)
        names = names_of(session, people_in(items, causes))
        counted = len(items) > 2 * _TOLD
        if counted:
            what = [t(lang, "history.will", counts=_counts_of(lang, items))]
        else:
            what = changes.change_lines(lang, items, names, roster.timezone) if items else []
        warned = changes.consequence_lines(lang, causes, names, roster, now)
        settings = t(lang, "history.will_settings") if diff.settings is not None else ""
        found.append(UndoPart(roster.name if len(rosters) > 1 else "", what, counted, warned, settings))
    return found


def undo_preview(session: Session, lang: str, change: ChangeView, rosters: dict[int, Roster], now: datetime) -> str:
    """Says what taking a change back would do, as Telegram HTML.

    Raises:
        LocalizedError: As `undo_parts`.
    """
    ask = "history.redo_ask" if takes_undo_back(change) else "history.undo_ask"
    lines = [t(lang, ask), "", entry(session, lang, change, rosters[change.roster_id], len(rosters) > 1)]
    for part in undo_parts(session, lang, change, rosters, now):
        lines.append("")
        if part.roster:
            lines.append(f"📋 {escape(part.roster)}")
        lines += [escape(line) if part.counted else f"<b>{escape(line)}</b>" for line in part.what]
        lines += ["" for _one in part.warned[:1] if not part.counted]
        lines += [escape(line) for line in part.warned]
        lines += [part.settings] if part.settings else []
    return "\n".join(lines)


def takes_undo_back(change: ChangeView) -> bool:
    """Tells whether taking a change back brings another one back."""
    return change.kind == ChangeKind.UNDO and not change.redoes


def _who(lang: str, change: ChangeView) -> str:
    return t(lang, "history.command_line") if change.author == COMMAND_LINE else change.author


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _counts(lang: str, change: ChangeView) -> str:
    return _joined(lang, change.added, change.removed, change.changed)


def _counts_of(lang: str, items: list[DiffItem]) -> str:
    added = sum(item.before is None for item in items)
    removed = sum(item.after is None for item in items)
    return _joined(lang, added, removed, len(items) - added - removed)


def _joined(lang: str, added: int, removed: int, changed: int) -> str:
    counted = (("history.added", added), ("history.removed", removed), ("history.changed", changed))
    return ", ".join(t(lang, key, n=number) for key, number in counted if number) or t(lang, "history.no_shift")


def _told(lang: str, one: ShiftChange, change: ChangeView, names: dict[int, str], roster: Roster) -> str:
    shift = one.after or one.before
    assert shift is not None  # noqa: S101  # one of them is there
    name, who = names.get(shift.user_id, "?"), _who(lang, change)
    span = shift_span(lang, shift, roster.timezone)
    if one.what is What.GIVEN and one.before is not None:
        giver = names.get(one.before.user_id, "?")
        key = "history.took_over" if name == who or change.kind != ChangeKind.EDIT else "history.gave"
        return t(lang, key, who=who, taker=name, giver=giver, span=span)
    kind = "absence" if shift.event_type.is_absence else "shift"
    event = t(lang, f"shift.word.{shift.event_type}")
    if one.what is What.MOVED and one.before is not None:
        before = shift_span(lang, one.before, roster.timezone)
        return t(lang, f"history.{kind}_moved", who=who, name=name, before=before, after=span, event=event)
    if one.what is What.NOTED and one.before is not None:
        note = changes.note_words(lang, one.before.note, shift.note)
        return t(lang, "history.noted", who=who, name=name, span=span, note=note)
    return t(lang, f"history.{kind}_{one.what.value}", who=who, name=name, span=span, event=event)


def _swap(lang: str, told: list[ShiftChange], names: dict[int, str], roster: Roster) -> str:
    """Says what a swap of two did; empty when it is not two shifts that changed hands."""
    if len(told) != 2 or any(one.what is not What.GIVEN or one.after is None for one in told):
        return ""
    parts = [
        (names.get(one.after.user_id, "?"), shift_span(lang, one.after, roster.timezone))
        for one in told
        if one.after is not None
    ]
    (first, first_span), (second, second_span) = parts
    return t(lang, "history.swapped", a=first, a_span=first_span, b=second, b_span=second_span)


def _reason(session: Session, lang: str, change: ChangeView) -> str:
    """Returns why, in the author's words; empty when nothing was said."""
    if change.kind in (ChangeKind.COVER, ChangeKind.SWAP, ChangeKind.TAKEOVER):
        asked = session.exec(select(CoverRequest).where(col(CoverRequest.change_id) == change.id)).first()
        return why_text(lang, asked) if asked is not None else ""
    return change.reason.partition(BEFORE_REASON)[2]
