"""Which short code stands for which kind of shift in a workbook: what fits a narrow cell, legible without colours."""

import string
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final

from duty_teller.domain.exchange import CONTINUES, NOTHING, TIMES, CodeMeaning, WallClock
from duty_teller.domain.shift import ABSENCES, EventType
from duty_teller.exporters.model import ExportedSchedule, ExportShift
from duty_teller.i18n.core import t
from duty_teller.i18n.lang import table
from duty_teller.utils.handover import instant, is_doubled

_SHORT_CODES: Final = 12
"""So many kinds of odd hours get a letter and a line of the legend; the rarer ones are written as times."""
_FIXED: Final = (EventType.DUTY, "day", "night", *ABSENCES)


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the workbook.

    Attributes:
        text: What stands in the cell.
        meaning: What it says.
        look: Which colour it has: a type of shift, `day`, `night` or `other`.
        in_legend: It needs explaining.
    """

    text: str
    meaning: CodeMeaning
    look: str
    in_legend: bool = True


class Codes:
    """The codes of one workbook."""

    def __init__(self, schedule: ExportedSchedule) -> None:
        self.schedule = schedule
        positions = {shift.position for shift in schedule.shifts if shift.position}
        self.positions = {name: number for number, name in enumerate(sorted(positions), start=1)}
        self._bases: dict[CodeMeaning, Code] = {}
        for name in _FIXED:
            self._fix(name)
        self._name_the_rest()

    def _fix(self, name: str) -> None:
        schedule = self.schedule
        if isinstance(name, EventType):
            meaning, text = CodeMeaning(name), t(schedule.lang, f"shift.code.{name}")
        else:
            start, end = schedule.day_shift if name == "day" else schedule.night_shift
            meaning = CodeMeaning(TIMES, None, WallClock(start), int(end <= start), WallClock(end))
            text = t(schedule.lang, f"export.code.{name}")
        self._bases.setdefault(meaning, Code(text, meaning, name))

    def _name_the_rest(self) -> None:
        shifts = [shift for shift in self.schedule.begun if not shift.event_type.is_absence]
        counts = Counter(self._base_of(shift) for shift in shifts)
        odd = [base for base, _count in counts.most_common() if base not in self._bases]
        taken = {code.text for code in self._bases.values()}
        letters = (letter for letter in table(self.schedule.lang).code_letters if letter not in taken)
        for base in sorted(odd[:_SHORT_CODES], key=_order):
            self._bases[base] = Code(next(letters), base, "other")
        for base in odd[_SHORT_CODES:]:
            self._bases[base] = Code(_written(base), base, "other", in_legend=False)

    def _base_of(self, shift: ExportShift) -> CodeMeaning:
        """Returns the meaning of a shift without its position."""
        if shift.event_type.is_absence or self.schedule.is_handover_duty(shift):
            return CodeMeaning(shift.event_type)
        start, end = self.schedule.local(shift.start), self.schedule.local(shift.end)
        return CodeMeaning(TIMES, None, _clock(start), (end.date() - start.date()).days, _clock(end))

    def of(self, shift: ExportShift) -> Code:
        """Returns the code of a shift that begins in the days of the schedule, or of an absence."""
        base = self._bases[self._base_of(shift)]
        return self._with_position(base, None if shift.event_type.is_absence else shift.position)

    def _with_position(self, base: Code, position: str | None) -> Code:
        if position is None:
            return base
        mark = f"{'.' if base.text[-1] in string.digits + '*' else ''}{self.positions[position]}"
        return replace(base, text=base.text + mark, meaning=replace(base.meaning, position=position))

    def legend(self, meanings: Iterable[CodeMeaning]) -> list[Code]:
        """Returns the codes to explain, without positions, in the order of a legend: those with these meanings."""
        used = {replace(meaning, position=None) for meaning in meanings}
        return [code for base, code in self._bases.items() if base in used and code.in_legend]

    def table(self) -> Iterator[Code]:
        """Yields every code that may stand in a cell, used or not: a team edits the workbook and sends it back."""
        for base in self._bases.values():
            yield base
            if base.meaning.kind in (EventType.DUTY, TIMES):
                yield from (self._with_position(base, position) for position in self.positions)
        yield Code(CONTINUES, CodeMeaning(NOTHING), "other")

    def explained(self, code: Code) -> str:
        """Returns what the legend says of a code."""
        lang, meaning = self.schedule.lang, code.meaning
        if meaning.kind == EventType.DUTY:
            clock = f"{self.schedule.handover.at:%H:%M}"
            return t(lang, "export.legend.duty", start=clock, end=clock)
        if meaning.start is None or meaning.end is None:
            return t(lang, f"shift.word.{meaning.kind}")
        end_at_midnight = meaning.end.at == time(0) and meaning.days > 0
        days = meaning.days - end_at_midnight
        hours = f"{meaning.start.at:%H:%M}–{'24:00' if end_at_midnight else f'{meaning.end.at:%H:%M}'}"
        if days > 1 or (days == 1 and meaning.end.at > meaning.start.at):
            hours = t(lang, "export.legend.days_later", hours=hours, n=days)
        return t(lang, f"export.legend.{code.look}", hours=hours)


def _clock(moment: datetime) -> WallClock:
    return WallClock(moment.time(), second=bool(moment.fold) and is_doubled(moment))


def _order(meaning: CodeMeaning) -> tuple[time, int, time]:
    start, end = meaning.start or WallClock(time(0)), meaning.end or WallClock(time(0))
    return start.at, meaning.days, end.at


def _written(meaning: CodeMeaning) -> str:
    """Writes times for a cell, `08:00-16:30`; `+2` says how many days later they end where that is not plain."""
    start, end = meaning.start or WallClock(time(0)), meaning.end or WallClock(time(0))
    plain = int(end.at <= start.at)
    return f"{start}-{end}{f'+{meaning.days}' if meaning.days != plain else ''}"


def shown_days(schedule: ExportedSchedule, shift: ExportShift) -> int:
    """Returns how many days of the grid a shift fills: an absence its days, a duty one for each 24 hours begun."""
    first = schedule.local(shift.start)
    if shift.event_type.is_absence:
        return (schedule.last_day_of(shift) - first.date()).days + 1
    count = 1
    while instant(first.date() + timedelta(days=count), first.time(), schedule.timezone) < shift.end:
        count += 1
    return count
