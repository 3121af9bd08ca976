"""The one place that counts: stored shifts in, pieces of working time and their sums out.

What counts:

- the final schedule: covers and swaps applied, cancelled shifts gone;
- elapsed time, of which the part that lies in the days asked for: a day on which clocks change has 23 or 25 hours;
- not the part of a hand-over day that begins while the person is ill, as with coverage (`domain.coverage`);
- of a roster that says so (`Roster.hours_once`) only what the person is not on duty for elsewhere at the same time;
- of a retired roster what lies before it was retired.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from sqlmodel import Session, col, select

from duty_teller.db import repository
from duty_teller.db.models import Duty, Roster
from duty_teller.db.schemas import ShiftRow
from duty_teller.domain.coverage import present_parts
from duty_teller.domain.figures import Figures
from duty_teller.domain.rates import Rates
from duty_teller.domain.shift import EventType
from duty_teller.domain.working_time import Cutter, Interval, Piece, Rules, without
from duty_teller.services.hours.origins import Origins, origins_of
from duty_teller.services.hours.rate_lines import parse_rates
from duty_teller.services.rosters import days_off
from duty_teller.utils.dates import day_span
from duty_teller.utils.handover import clock_span

_MARGIN: Final = timedelta(days=2)
"""Around the days asked for: whether somebody is ill, or on duty elsewhere, is looked up there, too."""
_COUNTED: Final = tuple(kind for kind in EventType if not kind.is_absence or kind.rules.uncovers)
_CENT: Final = Decimal("0.01")
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Counted:
    """A piece of working time.

    Attributes:
        piece: When, and what it counts as.
        user_id: Who works then.
        planned_for: Whom the plan had there: somebody else where it was covered, swapped or taken over.
        roster_id: The roster.
        position: primary, secondary … or none.
        shift_id: The stored shift it is a part of.
        worked: False: the person is ill, so it was planned and not worked.
        rate: The rate of its hours; zero behind the cap of a day's hours, None where nothing is reckoned.
        over: How much of its pay is more than what a day is paid at most, in currency times seconds.
    """

    piece: Piece
    user_id: int
    planned_for: int
    roster_id: int
    position: str | None
    shift_id: int
    worked: bool
    rate: Decimal | None
    over: Decimal = Decimal()

    @property
    def earned(self) -> Decimal:
        """The pay of its hours before the limit of the day, in currency times seconds."""
        return (self.rate or Decimal()) * Decimal(int(self.piece.time.total_seconds()))


@dataclass(slots=True)
class _Sum:
    """Figures that are being added up; the pay in currency times seconds, so that nothing is rounded on the way."""

    times: dict[str, timedelta] = field(default_factory=lambda: defaultdict(timedelta))
    nights: int = 0
    shifts: set[int] = field(default_factory=set)
    pay: Decimal | None = None

    def take(self, one: Counted) -> None:
        """Adds a piece that its person works, or would have."""
        piece, time = one.piece, one.piece.time
        self.times["planned" if one.planned_for == one.user_id else "covered"] += time
        if not one.worked:
            self.times["ill"] += time
            return
        self.shifts.add(one.shift_id)
        self.nights += piece.mid_night
        for name, counts in (("total", True), ("night", piece.night), ("weekend", piece.weekend)):
            self.times[name] += time if counts else timedelta()
        self.times["holiday"] += time if piece.holiday else timedelta()
        if one.rate is not None:
            self.pay = (self.pay or Decimal()) + one.earned - one.over

    def give(self, one: Counted) -> None:
        """Adds a piece that the plan had for the person and somebody else works."""
        self.times["planned"] += one.piece.time
        self.times["given"] += one.piece.time

    def figures(self) -> Figures:
        """Returns what has been added; the pay is rounded to the cent, half up."""
        pay = self.pay / 3600 if self.pay is not None else None
        rounded = pay.quantize(_CENT, ROUND_HALF_UP) if pay is not None else None
        return Figures(**self.times, nights=self.nights, shifts=len(self.shifts), pay=rounded)


Key = tuple[int, int, str]
"""Person, roster, position or nothing."""


def figures_of(pieces: Iterable[Counted]) -> dict[Key, Figures]:
    """Adds pieces up by person, roster and position."""
    found: dict[Key, _Sum] = defaultdict(_Sum)
    for one in pieces:
        position = one.position or ""
        found[one.user_id, one.roster_id, position].take(one)
        if one.planned_for != one.user_id:
            found[one.planned_for, one.roster_id, position].give(one)
    return {key: total.figures() for key, total in found.items()}


def pieces_of(
    session: Session,
    first: date,
    last: date,
    roster_ids: Collection[int] | None = None,
    user_id: int | None = None,
    plan: bool = True,
    lang: str = "en",
) -> list[Counted]:
    """Returns the working time of the local days `first` to `last`, both included, by time, then person.

    Args:
        session: Where to read.
        first: A day, of each roster's zone.
        last: A day.
        roster_ids: Only these rosters'; what is counted once is counted as with all of them.
        user_id: Only what this person works, or was planned to.
        plan: Also say whom the plan had; without it everybody's hours are their own, and one person's are read alone.
        lang: The language of the names of holidays.
    """
    rosters = sorted(session.exec(select(Roster)), key=lambda roster: (roster.hours_once, roster.id or 0))
    whole = [day_span(first, last, roster.timezone) for roster in rosters]
    if not whole:
        return []
    start, end = min(span[0] for span in whole) - _MARGIN, max(span[1] for span in whole) + _MARGIN
    numbers = [roster.id or 0 for roster in rosters]
    rows = repository.shifts_between(session, numbers, start, end, _COUNTED, user_id=None if plan else user_id)
    origins = _by_shift(session, rows, origins_of(session, numbers, start, end)) if plan else {}
    ill: dict[int, list[Interval]] = defaultdict(list)
    of_roster: dict[int, list[ShiftRow]] = defaultdict(list)
    for row in rows:
        if row.event_type.is_absence:
            ill[row.user_id].append((row.start_at, row.end_at))
        else:
            of_roster[row.roster_id].append(row)
    busy: dict[int, list[Interval]] = defaultdict(list)
    found: list[Counted] = []
    for roster in rosters:
        wanted = roster_ids is None or roster.id in roster_ids
        rules = _rules_of(roster, first, last, lang) if wanted else None
        span = day_span(first, last, roster.timezone)
        counted: list[Counted] = []
        cutter = Cutter(rules) if rules is not None else None
        for row in of_roster[roster.id or 0]:
            spans = _spans(roster, row, busy[row.user_id])
            if any(roster.hours_once for roster in rosters):
                busy[row.user_id] += spans
            if cutter is not None:
                counted += _counted(roster, row, spans, span, cutter, origins.get(row.id, []), ill[row.user_id])
        rates = rules.rates if rules is not None else None
        found += _limited(_capped(counted, rates), rates)
    if user_id is not None:
        found = [one for one in found if user_id in (one.user_id, one.planned_for)]
    return sorted(found, key=lambda one: (one.piece.start, one.user_id, one.shift_id))


def _rules_of(roster: Roster, first: date, last: date, lang: str) -> Rules:
    """Returns by what the hours of a roster are told apart on some days; a rule may begin on the day before them."""
    before = first - timedelta(days=1)
    week = [first + timedelta(days=n) for n in range(7)]
    weekend = frozenset(day.weekday() for day in week if days_off.is_weekend(roster, day))
    rates = parse_rates(roster.rates) if roster.rates else None
    holidays = days_off.holidays(roster, before, last, lang)
    return Rules(roster.timezone, clock_span(roster.night_hours), weekend, holidays, rates)


def _spans(roster: Roster, row: ShiftRow, busy: list[Interval]) -> list[Interval]:
    """Returns the parts of a shift that count at all."""
    end = row.end_at if roster.retired_at is None else min(row.end_at, roster.retired_at)
    spans = [(row.start_at, end)] if row.start_at < end else []
    return without(spans, busy) if roster.hours_once else spans


def _counted(
    roster: Roster,
    row: ShiftRow,
    spans: list[Interval],
    days: Interval,
    cutter: Cutter,
    origins: Origins,
    ill: list[Interval],
) -> Iterator[Counted]:
    present = present_parts(roster, (row.start_at, row.end_at), ill)
    for span in spans:
        inside = without([span], [(span[0], days[0]), (days[1], span[1])])
        absent = without(inside, present)
        for worked, parts in ((True, without(inside, absent)), (False, absent)):
            for part, who in _split(parts, origins, row.user_id):
                for piece in cutter.cut(*part):
                    yield Counted(piece, row.user_id, who, roster.id or 0, row.position, row.id, worked, piece.rate)


def _split(spans: list[Interval], origins: Origins, user_id: int) -> Iterator[tuple[Interval, int]]:
    for held, who in origins:
        for start, end in spans:
            if max(start, held[0]) < min(end, held[1]):
                yield (max(start, held[0]), min(end, held[1])), who
    for span in without(spans, [held for held, _who in origins]):
        yield span, user_id


def _limited(counted: list[Counted], rates: Rates | None) -> list[Counted]:
    """Returns the pieces with what is earned on a local day beyond its limit, the last hours' first."""
    if rates is None or rates.cap_pay is None:
        return counted
    found: list[Counted] = []
    most, spent = rates.cap_pay * 3600, dict[tuple[int, date], Decimal]()
    for one in sorted(counted, key=lambda one: (one.piece.start, one.shift_id)):
        day = one.user_id, one.piece.day
        before = spent.get(day, Decimal())
        if one.worked:
            spent[day] = min(before + one.earned, most)
        found.append(replace(one, over=one.earned - (spent[day] - before)) if one.worked else one)
    return found


def _capped(counted: list[Counted], rates: Rates | None) -> list[Counted]:
    """Returns the pieces with what lies behind the cap of a local day unpaid; one that reaches over it is cut there."""
    cap = rates.cap if rates is not None else None
    if cap is None:
        return counted
    found: list[Counted] = []
    used: dict[tuple[int, date], timedelta] = defaultdict(timedelta)
    for one in sorted(counted, key=lambda one: (one.piece.start, one.shift_id)):
        left = cap - used[one.user_id, one.piece.day] if one.worked else one.piece.time
        if one.worked:
            used[one.user_id, one.piece.day] += one.piece.time
        if left >= one.piece.time:
            found.append(one)
            continue
        at = one.piece.start + max(left, timedelta())
        if at > one.piece.start:
            found.append(replace(one, piece=replace(one.piece, end=at)))
        rest = replace(one.piece, start=at, mid_night=one.piece.mid_night and at == one.piece.start)
        found.append(replace(one, piece=rest, rate=Decimal()))
    return found


def _by_shift(session: Session, rows: Iterable[ShiftRow], origins: dict[str, Origins]) -> dict[int, Origins]:
    """Returns origins by the number of the stored shift."""
    if not origins:
        return {}
    known = {row.id for row in rows}
    uids, found = list(origins), {}
    for at in range(0, len(uids), _AT_ONCE):
        for number, uid in session.exec(select(Duty.id, Duty.uid).where(col(Duty.uid).in_(uids[at : at + _AT_ONCE]))):
            if number in known:
                found[number or 0] = origins[uid]
    return found
