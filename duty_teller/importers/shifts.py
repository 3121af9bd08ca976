"""From cells to shifts: meanings are looked up or asked, days become instants, neighbours are joined."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from duty_teller.i18n.core import LocalizedError
from duty_teller.importers import limits
from duty_teller.importers.codes import code_options, read_code
from duty_teller.importers.dating import covered_runs, date_blocks
from duty_teller.importers.meaning import Answers, Meaning, MeaningKind, RosterRules
from duty_teller.importers.model import BlockCell, Entry, FileShift, ParsedRoster, Question, RosterCells
from duty_teller.importers.problems import Arg, Problem, RosterFileError
from duty_teller.importers.text import fold_code
from duty_teller.importers.times import BadTimeError
from duty_teller.utils.handover import explicit_instant, handover_span, instant, zone

_ALL_DAY = (MeaningKind.UNAVAILABLE, MeaningKind.VACATION)


class _Codes:
    """Looks meanings up and remembers which codes nobody explained."""

    def __init__(self, fixed: Mapping[str, str] | None, answers: Answers) -> None:
        self.fixed = None if fixed is None else {text: (Meaning.parse(meaning),) for text, meaning in fixed.items()}
        self.answers = answers
        self.known: dict[str, tuple[Meaning, ...]] = {}
        self.open: dict[str, tuple[str, str, int]] = {}
        self.problems: list[Problem] = []

    def __call__(self, cell: Entry | BlockCell) -> tuple[Meaning, ...]:
        """Returns what a cell means; nothing if it is a question or a problem."""
        text = cell.text
        meanings = self.known.get(text)
        if meanings is None:
            meanings = self.find(cell)
        if meanings:
            self.known[text] = meanings
        return meanings

    def find(self, cell: Entry | BlockCell) -> tuple[Meaning, ...]:
        if self.fixed is not None:
            return self.fixed.get(cell.text, (Meaning(MeaningKind.NOTHING),))
        folded = fold_code(cell.text)
        if answered := self.answers.codes.get(folded):
            return (answered,)
        try:
            if read := read_code(cell.text):
                return read
        except BadTimeError:
            self.problems.append(Problem(cell.where, "import.file.bad_time", {"text": cell.text[:32]}))
            return ()
        subject, example, count = self.open.get(folded, (cell.text, cell.where, 0))
        self.open[folded] = (subject, example, count + 1)
        return ()

    def questions(self) -> list[Question]:
        return [
            Question("code", subject, example, count, code_options(subject))
            for subject, example, count in self.open.values()
        ]


def build_roster(cells: RosterCells, rules: RosterRules, answers: Answers) -> ParsedRoster | tuple[Question, ...]:
    """Does the work of `duty_schedule.interpret`; the same arguments, results and errors."""
    dated = date_blocks(cells.blocks, answers)
    problems = list(dated.problems)
    entries = [*cells.entries, *dated.entries]
    codes = _Codes(cells.already_meant, answers)
    meant = [(entry, codes(entry)) for entry in entries]
    if dated.questions:
        seen = {entry.where for entry in entries}
        for block in cells.blocks:
            for cell in block.cells:
                if cell.where not in seen:
                    codes(cell)
    problems += codes.problems
    covered = cells.covered or covered_runs(dated.days)
    if covered and (covered[-1][1] - covered[0][0]).days >= limits.MAX_DAYS:
        problems.append(Problem("", "import.file.too_many_days", {"limit": limits.MAX_DAYS}))
    if not problems:
        problems += _twice(meant)
    if problems:
        raise RosterFileError(problems)
    if questions := (*dated.questions, *codes.questions()):
        return questions
    builder = _Shifts(rules)
    shifts = builder.build(cells.names, meant)
    if builder.problems:
        raise RosterFileError(builder.problems)
    return ParsedRoster(
        format=cells.format,
        timezone=rules.handover.timezone,
        names=cells.names,
        first_day=covered[0][0],
        last_day=covered[-1][1],
        shifts=shifts,
        covered=covered,
        warnings=(*cells.warnings, *builder.warnings),
    )


def _twice(meant: Iterable[tuple[Entry, tuple[Meaning, ...]]]) -> list[Problem]:
    """Finds days that two rows fill for one person."""
    problems = []
    first: dict[tuple[str, date], Entry] = {}
    for entry, meanings in meant:
        if not meanings or all(meaning.kind is MeaningKind.NOTHING for meaning in meanings):
            continue
        other = first.setdefault((entry.name, entry.day), entry)
        if other.row != entry.row:
            args: dict[str, Arg] = {"name": entry.name, "day": entry.day, "other": other.where}
            problems.append(Problem(entry.where, "import.file.day_twice", args))
    return problems


class _Shifts:
    """Turns meanings into shifts by the rules of one roster."""

    def __init__(self, rules: RosterRules) -> None:
        self.rules = rules
        self.timezone = rules.handover.timezone
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        # Zone arithmetic is slow, and hundreds of people share the same days and times.
        self.duties: dict[date, tuple[datetime, datetime]] = {}
        self.moments: dict[tuple[date, time], datetime] = {}
        self.written: dict[tuple[date, time], tuple[datetime, bool]] = {}

    def build(self, names: Sequence[str], meant: Iterable[tuple[Entry, tuple[Meaning, ...]]]) -> tuple[FileShift, ...]:
        """Returns the shifts of all people, sorted by start and name."""
        by_name: dict[str, list[tuple[Entry, tuple[Meaning, ...]]]] = {name: [] for name in names}
        for entry, meanings in meant:
            by_name[entry.name].append((entry, meanings))
        shifts = [shift for name, cells in by_name.items() for shift in self.of_person(name, cells)]
        return tuple(sorted(shifts, key=lambda shift: (shift.start, shift.name, shift.end, shift.event_type)))

    def of_person(self, name: str, cells: Iterable[tuple[Entry, tuple[Meaning, ...]]]) -> list[FileShift]:
        shifts: dict[tuple[datetime, datetime], FileShift] = {}
        pieces: dict[tuple[datetime, datetime], FileShift] = {}
        days: dict[MeaningKind, dict[date, str]] = {kind: {} for kind in _ALL_DAY}
        for entry, meanings in cells:
            for meaning in meanings:
                if meaning.kind in _ALL_DAY:
                    days[meaning.kind].setdefault(entry.day, entry.where)
                elif meaning.kind is MeaningKind.DUTY:
                    span = self.duty(entry.day)
                    shifts.setdefault(span, FileShift(name, *span, "duty", where=entry.where))
                elif meaning.kind is not MeaningKind.NOTHING and (piece := self.piece(entry, meaning)):
                    pieces.setdefault(piece, FileShift(name, *piece, "duty", where=entry.where))
        whole = [self.whole_days(name, kind, found) for kind, found in days.items()]
        joined = {(shift.start, shift.end): shift for shift in self.joined(pieces.values())}
        return [*(joined | shifts).values(), *(shift for run in whole for shift in run)]

    def instant(self, day: date, at: time) -> datetime:
        found = self.moments.get((day, at))
        if found is None:
            found = self.moments[day, at] = instant(day, at, self.timezone)
        return found

    def duty(self, day: date) -> tuple[datetime, datetime]:
        if day not in self.duties:
            self.duties[day] = handover_span(day, self.rules.handover)
        return self.duties[day]

    def piece(self, entry: Entry, meaning: Meaning) -> tuple[datetime, datetime] | None:
        """Returns the instants of a day shift, a night shift or explicit times; nothing after a problem."""
        if meaning.start is not None and meaning.end is not None:
            start, end = self.explicit(entry, entry.day, meaning.start), None
            day = entry.day + timedelta(days=meaning.end <= meaning.start)
            # The end of a day always exists, even where the clocks go forward at midnight.
            end = self.instant(day, meaning.end) if meaning.end == time(0) else self.explicit(entry, day, meaning.end)
            return (start, end) if start and end else None
        begins, ends = self.rules.day_shift if meaning.kind is MeaningKind.DAY else self.rules.night_shift
        day = entry.day + timedelta(days=ends <= begins)
        return self.instant(entry.day, begins), self.instant(day, ends)

    def explicit(self, entry: Entry, day: date, at: time) -> datetime | None:
        args: dict[str, Arg] = {"time": f"{at:%H:%M}", "day": day, "zone": self.timezone}
        try:
            if (found := self.written.get((day, at))) is None:
                found = self.written[day, at] = explicit_instant(day, at, self.timezone)
        except LocalizedError:
            self.problems.append(Problem(entry.where, "import.file.time_in_gap", args))
            return None
        moment, doubled = found
        if doubled:
            self.warnings.append(Problem(entry.where, "import.file.time_doubled", args))
        return moment

    def joined(self, pieces: Iterable[FileShift]) -> list[FileShift]:
        """Joins pieces that meet at a local midnight (`20:00-24:00`, then `0:00-8:00`)."""
        result: list[FileShift] = []
        for piece in sorted(pieces, key=lambda piece: (piece.start, piece.end)):
            if result and result[-1].end == piece.start and self.is_midnight(piece.start):
                result[-1] = replace(result[-1], end=piece.end)
            else:
                result.append(piece)
        return result

    def is_midnight(self, moment: datetime) -> bool:
        local = moment.astimezone(zone(self.timezone))
        return moment == self.instant(local.date(), time(0))

    def whole_days(self, name: str, kind: MeaningKind, days: Mapping[date, str]) -> list[FileShift]:
        """Joins consecutive days into one shift from local midnight to local midnight."""
        return [
            FileShift(
                name,
                self.instant(first, time(0)),
                self.instant(last + timedelta(days=1), time(0)),
                kind.value,
                where=days[first],
            )
            for first, last in covered_runs(set(days))
        ]
