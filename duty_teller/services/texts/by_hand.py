"""Changes made by hand that a file would overwrite, in words: what was done, by whom, when, what the file says."""

from collections.abc import Mapping

from duty_teller.domain.shift import EventType, Shift
from duty_teller.i18n.core import t
from duty_teller.services.import_service.by_hand import ByHand, HandChange
from duty_teller.services.import_service.planning import ImportPlan
from duty_teller.services.texts.changes import change_lines, note_words, shift_span
from duty_teller.services.texts.duty import moment_text


def done_text(lang: str, plan: ImportPlan, one: ByHand) -> str:
    """Returns what was done: `Tue 24 Nov, 09:00–21:00: Dan Duty → Alice Admin`."""
    return "; ".join(change_lines(lang, one.done, one.names, plan.timezone))


def why_text(lang: str, plan: ImportPlan, one: ByHand) -> str:
    """Returns by whom, when, and what the file says: `Cover: Alice Admin, Fri 20 Nov, 14:05; in the file: Dan Duty`."""
    made = [_made(lang, plan, change) for change in one.changes]
    return "; ".join([*made, _in_file(lang, plan, one)])


def _made(lang: str, plan: ImportPlan, change: HandChange) -> str:
    kind = t(lang, f"import.by_hand.kind_{change.kind}")
    return f"{kind}: {change.author}, {moment_text(lang, change.at, plan.timezone)}"


def _in_file(lang: str, plan: ImportPlan, one: ByHand) -> str:
    if one.file and all(item.is_note for item in one.file):
        notes = dict.fromkeys(item.after.note for item in one.file if item.after is not None)
        what = ", ".join(note_words(lang, None, note) if note else t(lang, "change.no_note") for note in notes)
        return t(lang, "import.by_hand.in_file", what=what)
    if one.says:
        names = {shift.user_id: plan.name_of(shift.user_id) for shift in one.says}
        what = ", ".join(_named(lang, plan, one, shift, names) for shift in one.says)
        return t(lang, "import.by_hand.in_file", what=what)
    if all(shift.event_type.is_absence for item in one.done for shift in (item.before, item.after) if shift):
        return t(lang, "import.by_hand.not_in_file")
    start, end = one.span
    names_in_file = {person.name: person.full_name for person in plan.people}
    others = [
        names_in_file[shift.name]
        for shift in plan.parsed.shifts
        if shift.name in names_in_file
        and shift.event_type == EventType.DUTY
        and shift.start < end
        and start < shift.end
    ]
    if not others:
        return t(lang, "import.by_hand.nobody")
    return t(lang, "import.by_hand.in_file", what=", ".join(dict.fromkeys(others)))


def _named(lang: str, plan: ImportPlan, one: ByHand, shift: Shift, names: Mapping[int, str]) -> str:
    """Writes who has what in the file; times only where they are others than what was changed."""
    name = names[shift.user_id]
    if shift.event_type.is_absence:
        return f"{name} ({t(lang, f'shift.event.{shift.event_type}')}, {shift_span(lang, shift, plan.timezone)})"
    if (shift.start_at, shift.end_at) == one.span:
        return name
    return f"{name} ({shift_span(lang, shift, plan.timezone)})"


def counted_line(lang: str, plan: ImportPlan, done: bool = False) -> str:
    """Returns what becomes, or became, of all of them; nothing where there are none."""
    if not plan.by_hand:
        return ""
    key = "kept" if plan.keeps_by_hand else "overwritten"
    return t(lang, f"import.by_hand.{key}{'_done' if done else ''}", n=len(plan.by_hand))


def reason_text(lang: str, plan: ImportPlan, file_name: str) -> str:
    """Returns what the history says of an import: the file's name, and what was said of changes made by hand."""
    return " · ".join(filter(None, (file_name, counted_line(lang, plan, done=True))))
