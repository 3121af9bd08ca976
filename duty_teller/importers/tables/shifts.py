"""From cells to shifts: meanings are looked up or asked, days become instants, neighbours are joined."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from duty_teller.domain.shift import ABSENCES, EventType
from duty_teller.i18n.core import LocalizedError
from duty_teller.importers import limits
from duty_teller.importers.model import BlockCell, Entry, RosterCells
from duty_teller.importers.problems import Arg, Problem, RosterFileError
from duty_teller.importers.results import FileShift, ParsedRoster, Question
from duty_teller.importers.tables.corrected_days import dated_anew
from duty_teller.importers.tables.dating import Dated, covered_runs, date_blocks, filled
from duty_teller.importers.tables.doubts import without_nobody
from duty_teller.importers.words.codes import code_options, is_tick, read_code, shift_options
from duty_teller.importers.words.meaning import CHOICES, Answers, Meaning, MeaningKind, RosterRules
from duty_teller.importers.words.text import fold_code
from duty_teller.importers.words.times import BadTimeError
from duty_teller.utils.handover import explicit_instant, handover_span, instant
from duty_teller.utils.zones import zone

_Key = tuple[datetime, datetime, str | None]


class _Codes:
    """Looks meanings up and remembers which codes and headings nobody explained."""

    def __init__(
        self, fixed: Mapping[str, str] | None, answers: Answers, legend: Sequence[tuple[str, str, str]]
    ) -> None:
        self.legend = {fold_code(code): (code, Meaning.parse(meaning), where) for code, meaning, where in legend}
        self.explained: dict[str, tuple[str, str, str]] = {}
        self.fixed = None if fixed is None else {text: (Meaning.parse(meaning),) for text, meaning in fixed.items()}
        self.answers = answers
        self.known: dict[str, tuple[Meaning, ...]] = {}
        self.open: dict[tuple[str, str], tuple[str, str, int, bool]] = {}
        self.problems: list[Problem] = []

    def __call__(self, cell: Entry | BlockCell) -> tuple[Meaning, ...]:
        """Returns what a cell means; nothing if it is a question or a problem."""
        if cell.part:
            return self.of_part(cell)
        text = cell.text
        if cell.asks == "shift":
            return self.find(cell)
        meanings = self.known.get(text)
        if meanings is None:
            meanings = self.find(cell)
        if meanings:
            self.known[text] = meanings
        return meanings

    def of_part(self, cell: Entry | BlockCell) -> tuple[Meaning, ...]:
        """Returns what a cell of a part of the day means: a duty is then; an absence is what it is."""
        whole = replace(cell, part="")
        if is_tick(cell.text) and fold_code(cell.text) not in self.answers.codes:
            whole = replace(whole, text="")
        meanings = self(whole)
        if not meanings or any(meaning.kind is not EventType.DUTY for meaning in meanings):
            return meanings
        return self(replace(cell, text=cell.part, asks=cell.part_asks, part=""))

    def find(self, cell: Entry | BlockCell) -> tuple[Meaning, ...]:
        if self.fixed is not None:
            return self.fixed.get(cell.text, (Meaning(MeaningKind.NOTHING),))
        if not cell.text:
            return (Meaning(EventType.DUTY),)
        folded = fold_code(cell.text)
        if answered := self.answers.codes.get(folded):
            return (answered,)
        if cell.asks == "code" and folded in self.legend:
            code, meaning, where = self.legend[folded]
            self.explained[folded] = (code, str(meaning), where)
            return (meaning,)
        if cell.asks == "code":
            try:
                if read := read_code(cell.text):
                    return read
            except BadTimeError:
                self.problems.append(Problem(cell.where, "import.file.bad_time", {"text": cell.text[:32]}))
                return ()
        subject, example, count, is_role = self.open.get(
            (cell.asks, folded), (cell.text, cell.where, 0, cell.position is not None)
        )
        self.open[cell.asks, folded] = (subject, example, count + 1, is_role)
        return ()

    def answered(self, texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Returns what texts of cells were taken for by an answer, each once."""
        if self.fixed is not None:
            return ()
        found: dict[str, tuple[str, str]] = {}
        for text in dict.fromkeys(texts):
            folded = fold_code(text)
            if text and folded in self.answers.codes:
                found.setdefault(folded, (text, str(self.answers.codes[folded])))
            elif folded in self.explained:
                found.setdefault(folded, (text, self.explained[folded][1]))
        return tuple(found.values())

    def contradicted(self) -> list[Problem]:
        """Returns a warning for each code that an answer reads in another way than the legend."""
        warnings = []
        for folded, (code, meaning, where) in self.legend.items():
            answered = self.answers.codes.get(folded)
            if answered is not None and answered != meaning and self.fixed is None:
                args: dict[str, Arg] = {"code": code, "legend": str(meaning), "answer": str(answered)}
                warnings.append(Problem(where, "import.file.legend_differs", args))
        return warnings

    def questions(self) -> list[Question]:
        return [
            Question(
                kind, subject, example, count, code_options(subject) if kind == "code" else shift_options(subject, role)
            )
            for (kind, _), (subject, example, count, role) in self.open.items()
        ]


def build_roster(cells: RosterCells, rules: RosterRules, answers: Answers) -> ParsedRoster | tuple[Question, ...]:
    """Does the work of `parse_duty_schedule`, once the file is read; the same arguments, results and errors."""
    cells = dated_anew(without_nobody(cells, answers), answers)
    dated = date_blocks(cells.blocks, answers)
    problems = list(dated.problems)
    entries, covered = _localised(cells, dated, rules)
    asked: list[Question] = []
    if cells.since and answers.since is not None:
        entries, covered = _since(entries, covered, answers.since)
        if not covered:
            problems.append(Problem("", "import.file.nothing_since", {"day": answers.since}))
    elif cells.since:
        span = f"{covered[0][0]}/{covered[-1][1]}"
        options = tuple(day.isoformat() for day in cells.since)
        asked.append(Question("since", span, entries[0].where, len(entries), options))
    elif covered and (covered[-1][1] - covered[0][0]).days >= limits.MAX_DAYS:
        problems.append(Problem("", "import.file.too_many_days", {"limit": limits.MAX_DAYS}))
    asked += [
        Question("unread", subject, first, count, CHOICES["unread"])
        for subject, first, count in cells.asked
        if f"unread:{subject}" not in answers.choices
    ]
    asked += [
        Question("name", name, first, count, CHOICES["name"])
        for name, first, count in cells.doubts
        if f"name:{name}" not in answers.choices
    ]
    codes = _Codes(cells.already_meant, answers, cells.legend)
    meant = [(entry, codes(entry)) for entry in entries]
    if dated.questions:
        seen = {entry.where for entry in entries}
        for block in cells.blocks:
            for cell in block.cells:
                if cell.where not in seen:
                    codes(cell)
    problems += codes.problems
    if not problems:
        problems += _twice(meant)
    if problems:
        raise RosterFileError(problems)
    if questions := (*dated.questions, *asked, *codes.questions()):
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
        warnings=(
            *cells.warnings,
            *(one for one in dated.warnings if one not in cells.warnings),
            *codes.contradicted(),
            *builder.warnings,
        ),
        contacts=cells.contacts,
        codes=codes.answered(entry.text for entry in entries),
        legend=tuple(codes.explained.values()),
        unread=cells.unread,
    )


def meanings_of(
    cells: RosterCells, rules: RosterRules, answers: Answers
) -> Iterator[tuple[Entry, tuple[FileShift, ...], bool]]:
    """Yields what each cell adds to the schedule by itself, and whether its code is still open.

    Two cells may add the same or meet: `build_roster` puts them together.
    """
    cells = dated_anew(without_nobody(cells, answers), answers)
    dated = date_blocks(cells.blocks, answers)
    entries, _covered = _localised(cells, dated, rules)
    codes = _Codes(cells.already_meant, answers, cells.legend)
    for entry in entries:
        meanings = codes(entry)
        shifts = _Shifts(rules).of_person(entry.name, [(entry, meanings)]) if meanings else []
        yield entry, tuple(shifts), not meanings


_Covered = tuple[tuple[date, date], ...]


def _localised(cells: RosterCells, dated: Dated, rules: RosterRules) -> tuple[list[Entry], _Covered]:
    """Returns all entries and the covered days; instants are put under the days of the roster's zone."""
    entries = [*cells.entries, *dated.entries]
    if cells.covered or not cells.entries:
        return entries, cells.covered or covered_runs(dated.days)
    local = zone(rules.handover.timezone)
    days: set[date] = set()
    for index, entry in enumerate(entries[: len(cells.entries)]):
        day = last = entry.day
        if entry.start is not None and entry.end is not None:
            is_instant = entry.start.tzinfo is not None
            day = entry.start.astimezone(local).date() if is_instant else entry.start.date()
            end = entry.end.astimezone(local) if is_instant else entry.end
            last = max(day, (end - timedelta(days=1)).date())
        if day != entry.day:
            entries[index] = replace(entry, day=day)
        days.update((day, last))
    return entries, covered_runs(filled(days) | dated.days)


def _since(entries: Sequence[Entry], covered: _Covered, since: date) -> tuple[list[Entry], _Covered]:
    """Leaves only so many days from a first one on as an import may have."""
    last = since + timedelta(days=limits.MAX_DAYS - 1)
    runs = ((max(first, since), min(end, last)) for first, end in covered if end >= since and first <= last)
    return [entry for entry in entries if since <= entry.day <= last], tuple(runs)


def _twice(meant: Iterable[tuple[Entry, tuple[Meaning, ...]]]) -> list[Problem]:
    """Finds days that two rows fill for one person."""
    problems = []
    first: dict[tuple[str, date], Entry] = {}
    for entry, meanings in meant:
        if (
            not entry.row
            or entry.start
            or not meanings
            or all(meaning.kind is MeaningKind.NOTHING for meaning in meanings)
        ):
            continue
        other = first.setdefault((entry.name, entry.day), entry)
        if other.row != entry.row:
            args: dict[str, Arg] = {"name": entry.name, "day": entry.day, "other": other.where}
            problems.append(Problem(entry.where, "import.file.day_twice", args))
    return problems


def _days_of(entry: Entry) -> list[date]:
    """Returns the local days of an entry: its day, or those its times touch."""
    if entry.start is None or entry.end is None or entry.start.tzinfo is not None:
        return [entry.day]
    last = max(entry.day, (entry.end - timedelta(seconds=1)).date())
    return [entry.day + timedelta(days=offset) for offset in range((last - entry.day).days + 1)]


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
        return tuple(sorted(shifts, key=lambda s: (s.start, s.name, s.end, s.event_type, s.position or "")))

    def of_person(self, name: str, cells: Iterable[tuple[Entry, tuple[Meaning, ...]]]) -> list[FileShift]:
        shifts: dict[_Key, FileShift] = {}
        pieces: dict[_Key, FileShift] = {}
        written: dict[_Key, FileShift] = {}
        listed: list[FileShift] = []
        days: dict[EventType, dict[date, str]] = {kind: {} for kind in ABSENCES}
        notes: dict[EventType, dict[date, str]] = {kind: {} for kind in ABSENCES}
        begun: dict[EventType, set[date]] = {kind: set() for kind in ABSENCES}
        for entry, meanings in cells:
            position, where = entry.position, entry.where
            for meaning in meanings:
                if meaning.kind is MeaningKind.NOTHING:
                    continue
                if isinstance(meaning.kind, EventType) and meaning.kind.is_absence:
                    for day in _days_of(entry):
                        days[meaning.kind].setdefault(day, where)
                        if entry.note is not None:
                            notes[meaning.kind].setdefault(day, entry.note)
                    if entry.start is not None:
                        begun[meaning.kind].add(_days_of(entry)[0])
                elif entry.start is not None and entry.end is not None:
                    if span := self.span(entry, entry.start, entry.end):
                        written.setdefault((*span, position), self.made(entry, *span))
                        if entry.row:
                            listed.append(self.made(entry, *span))
                elif meaning.kind is EventType.DUTY:
                    span = self.duty(entry.day)
                    shifts.setdefault((*span, position), self.made(entry, *span))
                elif piece := self.piece(entry, meaning):
                    pieces.setdefault((*piece, position), self.made(entry, *piece))
        self.refuse_twice_at_once(listed)
        whole = [self.whole_days(name, kind, found, notes[kind], begun[kind]) for kind, found in days.items()]
        joined = {(shift.start, shift.end, shift.position): shift for shift in self.joined((pieces | written).values())}
        return [*(joined | shifts).values(), *(shift for run in whole for shift in run)]

    def made(self, entry: Entry, start: datetime, end: datetime) -> FileShift:
        return FileShift(entry.name, start, end, EventType.DUTY, entry.position, entry.where, entry.note)

    def refuse_twice_at_once(self, shifts: Iterable[FileShift]) -> None:
        """Records the rows of a list that put one person on duty twice at once."""
        before: dict[str | None, FileShift] = {}
        for shift in sorted(shifts, key=lambda shift: (shift.start, shift.end)):
            other = before.get(shift.position)
            if other is not None and shift.start < other.end:
                args: dict[str, Arg] = {"name": shift.name, "other": other.where}
                self.problems.append(Problem(shift.where, "import.file.twice_at_once", args))
            if other is None or shift.end > other.end:
                before[shift.position] = shift

    def span(self, entry: Entry, start: datetime, end: datetime) -> tuple[datetime, datetime] | None:
        """Returns the instants of written times; nothing after a problem."""
        if start.tzinfo is not None:
            return start.astimezone(UTC), end.astimezone(UTC)
        begin = self.explicit(entry, start.date(), start.time())
        if end.time() == time(0):
            finish: datetime | None = self.instant(end.date(), time(0))
        else:
            finish = self.explicit(entry, end.date(), end.time())
        return (begin, finish) if begin and finish and begin < finish else None

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
        """Joins pieces that meet at a local midnight (`20:00-24:00`, then `0:00-8:00`), unless they have two notes."""
        result: list[FileShift] = []
        ends: dict[tuple[datetime, str | None], int] = {}
        for piece in sorted(pieces, key=lambda piece: (piece.start, piece.end)):
            at = ends.pop((piece.start, piece.position), None) if self.is_midnight(piece.start) else None
            before = result[at].note if at is not None else None
            if at is None or (before and piece.note and before != piece.note):
                at = len(result)
                result.append(piece)
            else:
                result[at] = replace(
                    result[at], end=piece.end, note=before or (before if piece.note is None else piece.note)
                )
            ends[piece.end, piece.position] = at
        return result

    def is_midnight(self, moment: datetime) -> bool:
        local = moment.astimezone(zone(self.timezone))
        return moment == self.instant(local.date(), time(0))

    def whole_days(
        self, name: str, kind: EventType, days: Mapping[date, str], notes: Mapping[date, str], begun: Set[date]
    ) -> list[FileShift]:
        """Joins consecutive days into one shift from local midnight to local midnight; another note begins another."""
        return [
            FileShift(
                name,
                self.instant(first, time(0)),
                self.instant(last + timedelta(days=1), time(0)),
                kind,
                where=days[first],
                note=note,
            )
            for begin, end in covered_runs(set(days))
            for first, last, note in _same_notes(begin, end, notes, begun)
        ]


def _same_notes(
    first: date, last: date, notes: Mapping[date, str], begun: Set[date]
) -> Iterator[tuple[date, date, str | None]]:
    """Cuts a run of days where another note begins.

    Days without one belong to the note before, or else behind, unless something that was written whole begins on them.
    """
    note = notes.get(first)
    for day in (first + timedelta(days=offset) for offset in range(1, (last - first).days + 1)):
        said = notes.get(day)
        if said is not None and said != note and (day in begun or (note and said)):
            yield first, day - timedelta(days=1), note
            first, note = day, said
        else:
            note = note or (note if said is None else said)
    yield first, last, note
