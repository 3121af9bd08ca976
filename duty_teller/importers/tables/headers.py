"""Rows of days: where the tables of a sheet begin."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import Final

from duty_teller.importers.model import Mark
from duty_teller.importers.sheet import Broken, Sheet, Value
from duty_teller.importers.words import lexicon
from duty_teller.importers.words.days import day_marks, days_between, follows, skipped, skips
from duty_teller.importers.words.moments import read_moment
from duty_teller.importers.words.names import is_name_label, is_total, is_weekday, weekday_readings
from duty_teller.importers.words.titles import read_title

MIN_DAYS: Final = 5
_MIN_WEEKS: Final = 3
_MIN_SHORT: Final = 3
"""Days of a table that is shorter than a run of days has to be, where its headings show what it is."""
_WEEK: Final = 7
_WEEK_OF: Final = re.compile(rf"^\W*(?:{lexicon.WEEK})\W+(?:(?:{lexicon.WEEK_BEGINS})\W+)?", re.IGNORECASE)
MAX_GAP: Final = 4
"""Day columns may be this far apart: a column of subtotals can stand between two halves of a month."""


Run = tuple[list[int], list[Mark], int | None]
"""Columns, what stands in them, and the column right behind the last one if its cell has no usable value."""


@dataclass(slots=True)
class Header:
    """A row of days: columns and what they say.

    Attributes:
        row: Counted from 1.
        columns: The columns of the days.
        marks: What stands in them.
        broken: The column right after the last day, if its cell has no usable value.
        repeats: Rows beside it that name the same days in another form.
        kind: As `Block.kind`; in a `week` the number of a mark counts the days from Monday.
        second: The row of the second half of the month, below this one: each person has rows for both.
    """

    row: int
    columns: list[int]
    marks: list[Mark]
    broken: int | None = None
    repeats: set[int] = field(default_factory=set)
    kind: str = "run"
    second: "Header | None" = None

    @property
    def width(self) -> int:
        """The number of days."""
        return len(self.columns)


def _runs(cells: Sequence[tuple[int, tuple[Mark, ...] | None]], order: int, gaps: bool = False) -> list[Run]:
    """Finds runs of consecutive days in a row; `order` picks the reading of texts that can be read both ways round.

    With `gaps` days may be left out between two of them, but fewer than there are. A cell without marks is broken.
    """
    runs: list[Run] = []
    columns: list[int] = []
    marks: list[Mark] = []
    for column, found in cells:
        if found is None:
            if columns and column == columns[-1] + 1:
                runs.append((columns, marks, column))
                columns, marks = [], []
            continue
        mark = found[min(order, len(found) - 1)]
        is_next = columns and column - columns[-1] <= MAX_GAP
        if is_next and (follows(marks[-1], mark) or (gaps and skips(marks[-1], mark))):
            columns.append(column)
            marks.append(mark)
            continue
        runs.append((columns, marks, None))
        columns, marks = [column], [mark]
    runs.append((columns, marks, None))
    return runs


def _marked(
    cells: Iterable[tuple[int, Value]], mac_epoch: bool, known: dict[Value, tuple[Mark, ...] | None]
) -> list[tuple[int, tuple[Mark, ...] | None]]:
    """Returns the cells that are days, or broken, with what they say; `known` keeps what values say."""
    found = []
    for column, value in cells:
        if value in known:
            marks = known[value]
        else:
            marks = known[value] = None if isinstance(value, Broken) else day_marks(value, mac_epoch)
        if marks != ():
            found.append((column, marks))
    return found


def days_of_row(sheet: Sheet, row: int, known: dict[Value, tuple[Mark, ...] | None]) -> list[Run]:
    """Returns the runs of days of a row that can be the days of a table, the longest reading of each.

    Args:
        sheet: The sheet.
        row: One of its rows.
        known: Keeps what values say, from row to row.
    """
    cells = _marked(sheet.rows[row].items(), sheet.mac_epoch, known)
    if not cells:
        return []
    cells.sort(key=itemgetter(0))
    runs = [run for order in (0, 1) for run in _runs(cells, order) if run[0]]
    longest = max((len(run[0]) for run in runs), default=0)
    if len(cells) >= MIN_DAYS and longest < len(cells):
        gapped = [run for order in (0, 1) for run in _runs(cells, order, gaps=True) if run[0]]
        runs += [run for run in gapped if len(run[0]) > longest and _is_month_with_gaps(run[1])]
    return runs


def runs_of_days(cells: Sequence[tuple[int, Value]], mac_epoch: bool = False) -> list[tuple[list[int], list[Mark]]]:
    """Finds runs of consecutive days among the cells of one column (or row), from first to last.

    Args:
        cells: Pairs (row or column, value) in order.
        mac_epoch: As `Sheet.mac_epoch`.
    """
    dated = _marked(cells, mac_epoch, {})
    readings = [[(at, marks) for at, marks, _ in _runs(dated, order) if at] for order in (0, 1)]
    return max(readings, key=lambda runs: max((len(at) for at, _ in runs), default=0))


def _is_month_with_gaps(marks: Sequence[Mark]) -> bool:
    """Tells whether days with others left out between them are days: most of those they span, in one go."""
    wraps = sum(after.number < before.number for before, after in pairwise(marks))
    return len(marks) >= MIN_DAYS and wraps <= 1 and skipped(marks) < len(marks)


def _cut_wrap(columns: list[int], marks: list[Mark]) -> None:
    """Drops a short tail after a whole month (`1 … 31, 1`): more likely totals than the next month."""
    wraps = [index for index in range(1, len(marks)) if marks[index].number < marks[index - 1].number]
    if wraps and marks[0].number == 1 and len(marks) - wraps[-1] < MIN_DAYS:
        del columns[wraps[-1] :], marks[wraps[-1] :]


def find_headers(sheet: Sheet) -> list[Header]:
    """Finds the rows of days, from top to bottom; of several that stand together the one that says most is kept."""
    found: list[Header] = []
    known: dict[Value, tuple[Mark, ...] | None] = {}
    for row in sorted(sheet.rows):
        runs = days_of_row(sheet, row, known)
        if not runs:
            continue
        columns, marks, broken = max(runs, key=lambda run: len(run[0]))
        _cut_wrap(columns, marks)
        if columns[0] > 1 and (len(columns) >= MIN_DAYS or _is_all_there_is(sheet.rows[row], columns)):
            found.append(Header(row, columns, marks, broken))
    long = [header for header in found if header.width >= MIN_DAYS]
    kept: list[Header] = []
    short = _short_tables(sheet, found)
    numbers, last = sorted(sheet.rows), 0
    for header in found:
        if kept and _is_repeated(sheet, header, kept[-1], numbers, last):
            kept[-1].repeats.add(header.row)
            last = header.row
            continue
        if header.width < MIN_DAYS and not (_is_short_week(header, long) or header.row in short):
            continue
        if kept and header.row - kept[-1].row <= 2 and _same_days(header, kept[-1]):
            above = kept[-1]
            rows = above.repeats | {above.row, header.row}
            if _fullness(header) > _fullness(above):
                kept[-1] = header
            kept[-1].repeats = rows - {kept[-1].row}
            last = max(last, header.row)
            continue
        kept.append(header)
        last = header.row
    return [header for header in kept if not _is_counts(header, kept)]


def _is_all_there_is(row: Mapping[int, Value], columns: Sequence[int]) -> bool:
    """Tells whether a row holds a few days and nothing else, labels left of them aside."""
    others = {column: value for column, value in row.items() if column not in columns}
    beside = others.get(columns[-1] + 1, "")
    ends = not beside or (isinstance(beside, str) and is_total(beside))
    lefts = [value for column, value in others.items() if column < columns[0]]
    return not others or (len(columns) >= _MIN_SHORT and ends and any(map(_is_label, lefts)))


def _is_label(value: Value) -> bool:
    return isinstance(value, str) and is_name_label(value)


def _short_tables(sheet: Sheet, found: Sequence[Header]) -> set[int]:
    """Returns the rows of a few days that are a table: dated, or going on below, under the heading of its names."""
    rows: set[int] = set()
    before: dict[int, Header] = {}
    for header in found:
        other = before.get(header.columns[0])
        if other is not None and (header.columns, header.marks) == (other.columns, other.marks):
            continue  # printed again
        before[header.columns[0]] = header
        goes_on = other is not None and follows(other.marks[-1], header.marks[0])
        for one in (header, other):
            if one is None or not _MIN_SHORT <= one.width < MIN_DAYS or one.row in rows:
                continue
            is_dated = one.marks[0].month is not None
            if (is_dated or goes_on) and any(map(_is_label, sheet.rows[one.row].values())):
                rows.add(one.row)
    return rows


def _fullness(header: Header) -> tuple[bool, bool, int]:
    return (header.marks[0].year is not None, header.marks[0].month is not None, header.width)


def _same_days(header: Header, above: Header) -> bool:
    """Tells whether two rows name the same days: dates, and below them their numbers or their weekdays as dates."""
    numbers = {column: mark.number for column, mark in zip(above.columns, above.marks, strict=True)}
    pairs = zip(header.columns, header.marks, strict=True)
    return any(numbers.get(column) == mark.number for column, mark in pairs)


def _is_repeated(sheet: Sheet, header: Header, above: Header, numbers: Sequence[int], last: int) -> bool:
    """Tells whether the days of a table are printed again between its people: the same, with no title of their own.

    Args:
        sheet: The sheet.
        header: The days.
        above: Those of the table.
        numbers: The rows of the sheet, in order.
        last: The row in which they were printed last.
    """
    count = above.width  # behind its days a table beside it may go on with a number that seems to follow
    if (header.columns[:count], header.marks[:count]) != (above.columns, above.marks):
        return False
    left = [
        {at: value for at, value in sheet.rows[row].items() if at < header.columns[0]}
        for row in (above.row, header.row)
    ]
    if left[1] and left[1] != left[0]:
        return False
    days = set(header.columns)
    between = numbers[bisect_right(numbers, last) : bisect_left(numbers, header.row)]
    rows = [sheet.rows[row] for row in between]
    return not any(
        isinstance(value, str) and read_title(value) for row in rows if days.isdisjoint(row) for value in row.values()
    )


def _is_short_week(header: Header, long: Sequence[Header]) -> bool:
    """Tells whether a short run is the first or last week of a month whose other weeks stand in the same columns."""
    for other in long:
        if other.width > 7 or not set(header.columns) <= set(other.columns):
            continue
        if follows(header.marks[-1], other.marks[0]) or follows(other.marks[-1], header.marks[0]):
            return True
    return False


def _is_counts(header: Header, kept: Sequence[Header]) -> bool:
    """Tells whether bare numbers inside a table are counts: they start in another column than the table's days."""
    if header.marks[0].month is not None:
        return False
    above = [other for other in kept if other.row < header.row]
    if not above or header.columns[0] in above[-1].columns:
        return False
    return not follows(above[-1].marks[-1], header.marks[0])


def find_weekly(sheet: Sheet) -> list[Header]:
    """Finds rows of dates that are a week apart, at least three: people down, weeks across (also `Week of 4/6`)."""
    found: list[Header] = []
    for row in sorted(sheet.rows):
        cells = [(column, _without_week(value)) for column, value in sorted(sheet.rows[row].items()) if column > 1]
        marked = [
            (at, moment.mark)
            for at, value in cells
            if (moment := read_moment(value, sheet.mac_epoch)) and not moment.at
        ]
        turned = [
            (at, marks[-1]) for at, value in cells if (marks := day_marks(value, sheet.mac_epoch)) and marks[-1].month
        ]
        for days in sorted((marked, turned), key=len, reverse=True):
            if len(days) >= _MIN_WEEKS and all(days_between(a, b) == _WEEK for (_, a), (_, b) in pairwise(days)):
                found.append(Header(row, [column for column, _ in days], [mark for _, mark in days], kind="list"))
                break
    return found


def _without_week(value: Value) -> Value:
    """Returns the date of `Week of 4/6`; anything else stays as it is."""
    return _WEEK_OF.sub("", value, count=1) if isinstance(value, str) else value


def stack_halves(sheet: Sheet, headers: Sequence[Header]) -> list[Header]:
    """Puts two rows of days into one header, where the month goes on in the row below (`1 … 15`, then `16 … 31`)."""
    result: list[Header] = []
    for header in headers:
        above = result[-1] if result else None
        if (
            above is not None
            and above.second is None
            and header.row - above.row <= 2
            and all(
                isinstance(value, str) and is_weekday(value)
                for number in range(above.row + 1, header.row)
                for value in sheet.rows.get(number, {}).values()
            )
            and header.marks[0].month is None
            and follows(above.marks[-1], header.marks[0])
            and len(set(header.columns) & set(above.columns)) >= MIN_DAYS
        ):
            above.second = header
            continue
        result.append(header)
    return result


def find_weeks(sheet: Sheet, headers: Sequence[Header]) -> list[Header]:
    """Finds rows of weekdays in order, at least five, that do not belong to a row of days."""
    taken = {header.row + offset for header in headers for offset in range(-2, 3)}
    found: list[Header] = []
    for row in sorted(sheet.rows.keys() - taken):
        cells = [(column, value) for column, value in sorted(sheet.rows[row].items()) if isinstance(value, str)]
        days = [(column, value) for column, value in cells if is_weekday(value)]
        if not MIN_DAYS <= len(days) <= 7 or days[0][0] < 2:
            continue
        for reading in weekday_readings([text for _, text in days]):
            first = min(reading[0])
            if all(first + index in possible for index, possible in enumerate(reading)):
                marks = [Mark(first + index) for index in range(len(days))]
                found.append(Header(row, [column for column, _ in days], marks, kind="week"))
                break
    return found
