"""An import plan in words, for the chat before Apply and for the command line. Plain text, not escaped."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from duty_teller.domain.shift import ABSENCES, EventType
from duty_teller.i18n.core import t
from duty_teller.i18n.lang import format_day
from duty_teller.importers.duty_schedule import fold_name
from duty_teller.services.import_service.planning import ImportPlan, counted
from duty_teller.services.texts.by_hand import counted_line, done_text
from duty_teller.services.texts.duty import moment_text, span_text
from duty_teller.utils.user import split_username
from duty_teller.utils.zones import zone

LISTED: Final = 12
"""Names in one list: more are counted. Twelve fit a phone's screen."""
SCREEN: Final = 23
"""Lines of a phone's screen of 390 px, those of the title and the buttons aside."""
_WIDTH: Final = 40
"""Characters of one of them."""
_NEVER_LEFT_OUT: Final = ("import.file.unread", "import.file.hidden", "import.file.sheets_hidden")
"""What a preview says of cells that were not read comes before other remarks."""


def totals_line(lang: str, plan: ImportPlan) -> str:
    """Returns `12 people · 31 duties · 2 absences`."""
    counts = counted(plan.parsed)
    absences = sum(counts[kind] for kind in ABSENCES)
    parts = [
        t(lang, "import.chat.people", n=len(plan.people)),
        t(lang, "import.chat.duties", n=counts[EventType.DUTY]),
    ]
    return " · ".join(parts + ([t(lang, "import.chat.absences", n=absences)] if absences else []))


def difference_line(lang: str, plan: ImportPlan, done: bool = False) -> str:
    """Returns what would be, or has been, added, removed, changed and left."""
    diff = plan.diff
    if not diff.items:
        return t(lang, "import.chat.no_difference", n=diff.unchanged)
    return t(
        lang,
        "import.chat.difference_done" if done else "import.chat.difference",
        added=len(diff.added),
        removed=len(diff.removed),
        changed=len(diff.changed),
        unchanged=diff.unchanged,
    )


def facts_text(lang: str, plan: ImportPlan) -> str:
    """Returns what an import has done, two lines, and a third where changes made by hand were in its way."""
    lines = [totals_line(lang, plan), difference_line(lang, plan, done=True)]
    by_hand = counted_line(lang, plan, done=True)
    return "\n".join([*lines, *([f"✋ {by_hand[0].upper()}{by_hand[1:]}"] if by_hand else [])])


@dataclass(frozen=True, slots=True)
class Lists:
    """How the lists of a preview are written.

    Attributes:
        listed: How many items are shown; the rest is counted.
        flow: Items stand beside each other, not a line each.
        in_chat: A command of the bot can be named; the Mini App names its own places.
    """

    listed: int = LISTED
    flow: bool = False
    in_chat: bool = True

    def __call__(self, lang: str, head: str, items: Iterable[str]) -> list[str]:
        """Returns a paragraph: what the list is of, and its items."""
        every = list(items)
        kept = every if len(every) <= self.listed + 1 else every[: self.listed]
        rest = [t(lang, "import.chat.more", n=len(every) - len(kept))] if len(kept) < len(every) else []
        if not every:
            return [head]
        if not self.flow:
            return [head, *("• " + item for item in kept), *rest]
        return [f"{head} {' · '.join(kept)}{' ' if rest else ''}{''.join(rest)}"]


_PLAIN: Final = Lists()


def screen_lines(lang: str, plan: ImportPlan, today: date, in_chat: bool = True) -> list[str]:
    """Returns the preview as one phone screen: lists are as long as there is room, whoever changes most comes first.

    Args:
        lang: The reader's language.
        plan: From `plan_import`.
        today: The local date; years are written where they differ.
        in_chat: See `Lists`.
    """
    is_first = plan.diff.revision == 0
    lines: list[str] = []
    flowing = (Lists(listed, flow=True, in_chat=in_chat) for listed in (12, 8, 6, 5, 4, 3, 2))
    for lists in (Lists(in_chat=in_chat), *flowing):
        lines = preview_lines(lang, plan, today, lists, is_first)
        if sum(max(1, -(-len(line) // _WIDTH)) for line in lines) <= SCREEN:
            break
    return lines


def preview_lines(
    lang: str, plan: ImportPlan, today: date, lists: Lists = _PLAIN, first_time: bool = True
) -> list[str]:
    """Returns the preview, a paragraph an item, in the order of what matters: dates, difference, trouble, people.

    Args:
        lang: The reader's language.
        plan: From `plan_import`.
        today: The local date; years are written where they differ.
        lists: How lists are written.
        first_time: Say also what holds for every file: it need not be said each time.
    """
    parsed = plan.parsed
    first, last = (format_day(lang, day, today) for day in (parsed.first_day, parsed.last_day))
    lines = [
        "👥 " + totals_line(lang, plan),
        "📅 " + t(lang, "import.chat.dates", first=first, last=last),
    ]
    lines.append("🕘 " + _times_line(lang, plan))
    if plan.diff.revision == 0 and plan.rules.handover.timezone == "UTC":  # nobody has chosen a zone
        lines.append("❗ " + t(lang, "import.chat.zone_utc" if lists.in_chat else "import.page.zone_utc"))
    if plan.new_handover is not None:
        lines.append("❗ " + t(lang, "import.chat.handover", handover=plan.new_handover))
    lines.append("")
    lines.append("✏️ " + difference_line(lang, plan))
    notes = sum(item.is_note for item in plan.diff.items)
    told_notes = ["📝 " + t(lang, "import.chat.notes", n=notes)] if notes else []
    counts = plan.counts_by_person()
    if len(counts) > lists.listed:
        counts.sort(key=lambda person: -sum(person[1:]))
    lines += lists(lang, lines.pop() + (":" if lists.flow and counts else ""), (_person_line(*one) for one in counts))
    lines += told_notes
    for paragraph in (
        *_by_hand(lang, plan, lists),
        *_trouble(lang, plan, lists),
        *_people(lang, plan, lists),
        *_read_as(lang, plan, lists),
    ):
        lines += ([] if lists.flow else [""]) + paragraph
    warnings = sorted(parsed.warnings, key=lambda warning: warning.key not in _NEVER_LEFT_OUT)
    serious = sum(warning.key in _NEVER_LEFT_OUT for warning in warnings)
    remarks = [warning.text(lang) for warning in warnings]
    if parsed.format in ("xlsx", "ods") and first_time:
        remarks.append(t(lang, "import.chat.colours"))
    if remarks:
        lines.append("")
        kept = remarks if len(remarks) <= lists.listed + 1 else remarks[: max(lists.listed, serious)]
        lines += ["ℹ️ " + remark for remark in kept]
        if len(kept) < len(remarks):
            lines.append(t(lang, "import.chat.more", n=len(remarks) - len(kept)))
    return lines


def detail_lines(lang: str, plan: ImportPlan, today: date, in_chat: bool = True) -> list[str]:
    """Returns all that a preview knows, and the cells that were not read; arguments are those of `screen_lines`."""
    lines = preview_lines(lang, plan, today, Lists(sys.maxsize, in_chat=in_chat))
    if plan.parsed.unread:
        lines += ["", *(f"• {where}: {text}" for where, text in plan.parsed.unread)]
    return lines


def hours_text(span: tuple[time, time]) -> str:
    """Writes a shift's hours: `08:00–20:00`."""
    return f"{span[0]:%H:%M}–{span[1]:%H:%M}"


def _times_line(lang: str, plan: ImportPlan) -> str:
    """Says by which hours and in which zone the file was read: where these are wrong, every shift is."""
    rules = plan.rules
    key = "import.chat.times_handover" if plan.parsed.format == "json" else "import.chat.times"
    day, night = hours_text(rules.day_shift), hours_text(rules.night_shift)
    return t(lang, key, handover=rules.handover, day=day, night=night)


def meaning_text(lang: str, meaning: str, hours: Mapping[str, str]) -> str:
    """Writes a meaning as `importers.Meaning` gives it: in words with a shift's hours, or the times as they are.

    Args:
        lang: The reader's language.
        meaning: `duty`, `day`, `08:00-16:30`, …
        hours: Of the shifts, by `Meaning.kind`, as people read them.
    """
    known = t(lang, f"app.kind.{meaning}" if meaning in set(ABSENCES) else f"import.chat.meaning_{meaning}")
    if known.startswith("import.chat."):
        return meaning.replace("-", "–")
    return f"{known} {hours[meaning]}" if meaning in hours else known


def _read_as(lang: str, plan: ImportPlan, lists: Lists) -> list[list[str]]:
    """Tells what answers, also those of earlier imports, have made of codes and names: nobody sees them otherwise."""
    found: list[list[str]] = []
    codes = plan.parsed.codes
    if codes:
        hours = {"day": hours_text(plan.rules.day_shift), "night": hours_text(plan.rules.night_shift)}
        meant = (f"{code} – {meaning_text(lang, meaning, hours)}" for code, meaning in codes)
        found.append(lists(lang, "🔤 " + t(lang, "import.chat.codes", n=len(codes)), meant))
    met = [
        (name, person.full_name)
        for person in plan.people
        if not person.is_new and fold_name(name := split_username(person.name)[0]) != fold_name(person.full_name)
    ]
    if met:
        head = "🔗 " + t(lang, "import.chat.met_people", n=len(met))
        found.append(lists(lang, head, (f"{name} → {full_name}" for name, full_name in met)))
    return found


def _person_line(name: str, added: int, removed: int, changed: int) -> str:
    parts = [f"{sign}{count}" for sign, count in (("+", added), ("−", removed), ("~", changed)) if count]
    return f"{name}: {' '.join(parts)}"


def _by_hand(lang: str, plan: ImportPlan, lists: Lists) -> list[list[str]]:
    if not plan.by_hand or plan.is_open:
        return []
    mark = "✋ " if plan.keeps_by_hand else "❗ "
    return [lists(lang, mark + counted_line(lang, plan), (done_text(lang, plan, one) for one in plan.by_hand))]


def _trouble(lang: str, plan: ImportPlan, lists: Lists) -> list[list[str]]:
    found: list[list[str]] = []
    if plan.overlaps:
        where = (
            f"{plan.name_of(overlap.second.user_id)}: {moment_text(lang, overlap.second.start_at, plan.timezone)}"
            for overlap in plan.overlaps
        )
        found.append(lists(lang, "⚠️ " + t(lang, "import.chat.overlaps", n=len(plan.overlaps)), where))
    if plan.gaps:
        gaps = (_gap_text(lang, plan, start, end) for start, end in plan.gaps)
        found.append(lists(lang, "⚠️ " + t(lang, "import.chat.gaps", n=len(plan.gaps)), gaps))
    return found


def _gap_text(lang: str, plan: ImportPlan, start: datetime, end: datetime) -> str:
    """Writes a gap: the days that nobody has where coverage counts days, else the times."""
    if not plan.gaps_are_days:
        return span_text(lang, start, end, plan.timezone)
    first = start.astimezone(zone(plan.timezone)).date()
    last = end.astimezone(zone(plan.timezone)).date() - timedelta(days=1)
    return format_day(lang, first, first) + (f" – {format_day(lang, last, first)}" if last > first else "")


def _people(lang: str, plan: ImportPlan, lists: Lists) -> list[list[str]]:
    found: list[list[str]] = []
    if plan.missing:
        key = "import.chat.missing_removed" if plan.removes_missing else "import.chat.missing_kept"
        missing = (f"{person.full_name} ({person.shifts})" for person in plan.missing)
        found.append(lists(lang, "❗ " + t(lang, key, n=len(plan.missing)), missing))
    if plan.skipped:
        found.append(lists(lang, "🚫 " + t(lang, "import.chat.skipped", n=len(plan.skipped)), plan.skipped))
    twin = "import.chat.like_deactivated" if lists.in_chat else "import.page.like_deactivated"
    new = [
        t(lang, twin, name=person.full_name) if person.like_deactivated else person.full_name
        for person in plan.people
        if person.is_new
    ]
    if new:
        found.append(lists(lang, "🆕 " + t(lang, "import.chat.new_people", n=len(new)), new))
    unreachable = sum(not person.has_account for person in plan.people)
    if unreachable:
        found.append(["🔕 " + t(lang, "import.chat.unreachable", n=unreachable)])
    return found
