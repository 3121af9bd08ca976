"""From tables to dated entries: the month and year of each, what has to be asked, and what contradicts itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.model import Block, BlockCell, Entry, Mark, RosterCells
from duty_teller.importers.problems import Arg, Problem
from duty_teller.importers.results import Question
from duty_teller.importers.tables.corrected_days import correctable, monday_of, run_with_days, said, with_days
from duty_teller.importers.tables.headers import MIN_DAYS
from duty_teller.importers.words.codes import is_away
from duty_teller.importers.words.days import break_after, fits, month_length, resolve, resolve_list, weekday_mismatch
from duty_teller.importers.words.meaning import Answers

ANY_ORDER: Final = ("list", "weeks", "days")
"""Kinds of tables whose days need not follow each other."""
_YEARS: Final = range(limits.FIRST_YEAR, limits.LAST_YEAR + 1)


@dataclass(slots=True)
class Dated:
    """What became of the tables of a file."""

    entries: list[Entry]
    days: set[date]
    questions: list[Question]
    problems: list[Problem]
    warnings: list[Problem] = field(default_factory=list)
    named: list[tuple[Block, Sequence[date | None]]] = field(default_factory=list)
    """The days of each table whose dates are known, also of one that contradicts itself."""


@dataclass(slots=True)
class _Placed:
    """A table on its way to dates; `shift` counts the turns of the year since the first table without a year."""

    block: Block
    month: int | None
    year: int | None
    shift: int = 0


def date_blocks(blocks: Sequence[Block], answers: Answers) -> Dated:
    """Finds the dates of all tables, as far as the file and the answers go.

    A table without a year takes the answered one; when a January comes after a December, the next. A table that follows
    another on its sheet without a month of its own goes on where that one stopped (weeks stacked), or repeats its month
    (a header printed again).

    Returns:
        Entries and covered days of the tables whose dates are known, questions for the others, and contradictions.
    """
    dated = Dated([], set(), [], [])
    for block in blocks:
        if block.kind == "week":
            _date_week(block, answers, dated)
    placed = _place(_ordered([block for block in blocks if block.kind != "week"], answers, dated), answers)
    for item in placed:
        if item.month is None:
            dated.questions.append(_month_question(item))
    undated = [item for item in placed if item.year is None and item.month is not None]
    if undated and answers.year is None:
        _ask_year(undated, dated)
    for item in placed:
        year = item.year if item.year is not None else answers.year and answers.year + item.shift
        if item.month is not None and year is not None:
            _date(item.block, item.month, year, answers, dated)
    return dated


def _ordered(blocks: Sequence[Block], answers: Answers, dated: Dated) -> list[Block]:
    """Puts day and month of dates that can be read both ways into the answered order, or asks for it once."""
    open_blocks = [block for block in blocks if block.order]
    if open_blocks and answers.date_order is None:
        first, count = open_blocks[0], sum(len(block.cells) for block in open_blocks)
        dated.questions.append(Question("date_order", first.order, first.where, count, ("dmy", "mdy")))
        return [block for block in blocks if not block.order]
    return [_turned(block) if block.order and answers.date_order == "mdy" else block for block in blocks]


def _turned(block: Block) -> Block:
    def turn(mark: Mark) -> Mark:
        return replace(mark, number=mark.month, month=mark.number) if mark.month else mark

    cells = tuple(replace(cell, last=turn(cell.last)) if cell.last else cell for cell in block.cells)
    return replace(block, marks=tuple(map(turn, block.marks)), cells=cells)


def _date_week(block: Block, answers: Answers, dated: Dated) -> None:
    monday = monday_of(block, said(block, answers)) or block.monday or answers.weeks.get(block.where)
    if monday is None:
        dated.questions.append(Question("week", block.where, block.where, len(block.cells), ()))
        return
    days = [monday + timedelta(days=mark.number) for mark in block.marks]
    dated.named.append((block, days))
    dated.days.update(days)
    dated.entries.extend(_entry(cell, days[cell.mark]) for cell in block.cells)


def _place(blocks: Sequence[Block], answers: Answers) -> list[_Placed]:
    placed: list[_Placed] = []
    shift, before_undated = 0, 0
    for block in blocks:
        first = block.marks[0]
        month = first.month or _settled(block) or answers.months.get(block.where)
        item = _Placed(block, month if month and 1 <= month <= 12 else None, first.year or block.year)
        if block.follows and placed and placed[-1].month is not None:
            _follow(item, placed[-1])
        if item.year is None and item.month is not None:
            shift += before_undated == 12 and item.month == 1
            item.shift = shift
            before_undated = _last_month(item)
            shift += before_undated < item.month
        placed.append(item)
    return placed


def _settled(block: Block) -> int | None:
    """Returns the month of a table; of several that are claimed the only one that its weekdays and days allow."""
    if not block.rivals:
        return block.month
    is_list = block.kind in ANY_ORDER
    possible = [month for month in block.rivals if block.year and fits(block.marks, month, block.year, is_list)]
    weekdays = sum(bool(mark.weekday) for mark in block.marks)
    return possible[0] if len(possible) == 1 and weekdays >= MIN_DAYS else None


def _last_month(item: _Placed) -> int:
    """Returns the month of the last day of a table, whatever its year."""
    dates = [day for day in resolve(item.block.marks, item.month or 1, 2000) if day]
    return dates[-1].month if dates else item.month or 1


def _follow(item: _Placed, before: _Placed) -> None:
    first, last = item.block.marks[0], before.block.marks[-1]
    if item.month is None:
        if first.number > last.number:
            item.month = _last_month(before)
        elif first.number == 1 and last.number >= 28 and before.block.marks[0].number > 1:
            item.month = _last_month(before) % 12 + 1
        else:
            item.month = before.month
    if item.year is None and before.year is not None and item.month is not None:
        item.year = before.year + (item.month < (before.month or 1))


def _month_question(item: _Placed) -> Question:
    marks = item.block.marks
    if item.year is None:
        marks = tuple(Mark(mark.number) for mark in marks)  # weekdays tell nothing before the year is known
    year, is_list = item.year or 2000, item.block.kind in ANY_ORDER  # unknown: a leap year has the most days
    filled = {cell.mark for cell in item.block.cells}
    months = []
    for month in range(1, 13):
        dates = resolve_list(marks, month, year) if is_list else resolve(marks, month, year)
        if fits(marks, month, year, is_list) and all(dates[index] is not None for index in filled):
            months.append(month)
    months = [month for month in item.block.rivals if month in months] or months
    return Question(
        "month", item.block.where, item.block.where, len(item.block.cells), tuple(map(str, months or range(1, 13)))
    )


def _ask_year(undated: Sequence[_Placed], dated: Dated) -> None:
    years = [
        year
        for year in _YEARS
        if all(
            fits(item.block.marks, item.month or 1, year + item.shift, item.block.kind in ANY_ORDER) for item in undated
        )
    ]
    first = undated[0]
    if not years:
        dated.problems.append(Problem(first.block.where, "import.file.no_year_fits", {"month": first.month or 1}))
        return
    count = sum(len(item.block.cells) for item in undated)
    dated.questions.append(Question("year", str(first.month), first.block.where, count, tuple(map(str, years))))


def _date(block: Block, month: int, year: int, answers: Answers, dated: Dated) -> None:
    is_list = block.kind in ANY_ORDER
    corrected = said(block, answers)
    if is_list:
        read = resolve_list(block.marks, month, year)
        marks, dates = with_days(block.marks, read, corrected)
    else:
        marks, dates = run_with_days(block, month, year, corrected)
    dated.named.append((block, dates))
    if (index := weekday_mismatch(marks, dates)) is not None:
        day = dates[index] or date(year, month, 1)
        where = marks[index].weekday_where or marks[index].where
        dated.problems.append(
            Problem(where, "import.file.weekday_mismatch", {"text": marks[index].weekday, "day": day})
        )
        return
    if block.kind == "days":
        _date_days(block, dates, dated)
        return
    if block.kind == "weeks":
        _date_weeks(block, dates, dated)
        return
    if is_list:
        _date_list(block, dates, read, answers, dated)
        return
    if (index := break_after(marks, dates)) is not None:
        before = dates[index - 1]
        shown = (before + timedelta(days=1)).day if before else month_length(year, month)
        dated.problems.append(
            Problem(marks[index].where, "import.file.days_break", {"number": marks[index].number, "after": shown})
        )
        return
    dated.days.update(day for day in dates if day)
    append = dated.entries.append
    for cell in block.cells:
        if (at := dates[cell.mark]) is not None:
            append(
                Entry(cell.name, at, cell.text, cell.where, cell.row, cell.position, cell.asks)
                if not cell.part and cell.note is None
                else _entry(cell, at)
            )
        else:
            args: dict[str, Arg] = {"number": marks[cell.mark].number, "month": f"{month:02d}.{year}"}
            dated.problems.append(Problem(cell.where, "import.file.no_such_day", args))


def _date_list(
    block: Block, dates: Sequence[date | None], read: Sequence[date | None], answers: Answers, dated: Dated
) -> None:
    """Dates the rows of a list: single days, runs of days, or spans of time; `read` are the days as the file has them.

    The last day of a row goes with its first one where that was corrected.
    """
    rows: list[tuple[BlockCell, date, date]] = []
    for cell in block.cells:
        mark, first = block.marks[cell.mark], dates[cell.mark]
        if first is None:
            shown = ".".join(f"{part:02d}" for part in (mark.month or block.month, mark.year or block.year) if part)
            args: dict[str, Arg] = {"number": mark.number, "month": shown}
            dated.problems.append(Problem(cell.where, "import.file.no_such_day", args))
            continue
        begun = read[cell.mark] or first
        last = _last_day(cell, begun)
        last = last and last + (first - begun)
        if last == first and cell.begins and cell.ends == time(0):
            last += timedelta(days=1)  # 24:00 of that day
        if last is None or last < first or (last == first and cell.begins and cell.ends and cell.ends <= cell.begins):
            dated.problems.append(Problem(cell.where, "import.file.ends_before", {"day": first}))
        elif (last - first).days >= limits.MAX_DAYS:
            dated.problems.append(Problem(cell.where, "import.file.too_many_days", {"limit": limits.MAX_DAYS}))
        else:
            rows.append((cell, first, last))
    if _is_weekly(rows):
        answer = answers.every.get(block.where) or (block.every or None)
        if answer is None:
            dated.questions.append(Question("every", block.where, block.where, len(rows), ("week", "day")))
            return
        if answer == "week":
            rows = [(cell, first, first + timedelta(days=6)) for cell, first, _ in rows]
    handed_over = _hand_over_days(rows)
    if handed_over is not None:
        dated.warnings.append(Problem(handed_over[0].where, "import.file.last_day_hands_over", {"day": handed_over[2]}))
    days: set[date] = set()
    for cell, first, last in rows:
        if cell.begins is not None and cell.ends is not None:
            start, end = datetime.combine(first, cell.begins), datetime.combine(last, cell.ends)
            last = max(first, (end - timedelta(days=1)).date())
            dated.entries.append(replace(_entry(cell, first), start=start, end=end, part="", part_asks="code"))
            days.update((first, last))
            continue
        if handed_over is not None and last > first and not is_away(cell.text):
            last -= timedelta(days=1)
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            dated.entries.append(_entry(cell, day))
        days.update((first, last))
    dated.days.update(filled(days))


def _entry(cell: BlockCell, day: date) -> Entry:
    return Entry(
        cell.name,
        day,
        cell.text,
        cell.where,
        cell.row,
        cell.position,
        cell.asks,
        part=cell.part,
        part_asks=cell.part_asks,
        note=cell.note,
    )


def _date_days(block: Block, dates: Sequence[date | None], dated: Dated) -> None:
    """Dates the days that are listed beside people; the months they name are covered from the first day to the last."""
    for cell in block.cells:
        day, mark = dates[cell.mark], block.marks[cell.mark]
        if day is None:
            args: dict[str, Arg] = {"number": mark.number, "month": f"{mark.month or block.month or 0:02d}"}
            dated.problems.append(Problem(cell.where, "import.file.no_such_day", args))
            continue
        dated.entries.append(_entry(cell, day))
    for year, month in {(day.year, day.month) for day in dates if day}:
        dated.days.update(date(year, month, number) for number in range(1, month_length(year, month) + 1))


def _date_weeks(block: Block, dates: Sequence[date | None], dated: Dated) -> None:
    """Dates the cells of weeks whose first days are known."""
    for cell in block.cells:
        first, mark = dates[cell.mark], block.marks[cell.mark]
        if first is None:
            shown = ".".join(f"{part:02d}" for part in (mark.month or block.month, mark.year or block.year) if part)
            args: dict[str, Arg] = {"number": mark.number, "month": shown}
            dated.problems.append(Problem(mark.where, "import.file.no_such_day", args))
            return
        day = first + timedelta(days=cell.offset)
        dated.entries.append(_entry(cell, day))
        dated.days.add(day)
    dated.days.update(day + timedelta(days=offset) for day in dates if day for offset in range(_width(block)))


def _width(block: Block) -> int:
    """Returns how many weekdays a table of weeks has a column for, as far as they are filled."""
    return max((cell.offset for cell in block.cells), default=0) + 1


def _is_weekly(rows: Sequence[tuple[BlockCell, date, date]]) -> bool:
    """Tells whether a list names one day a week and no ends: `3 March Alice, 10 March Dan, 17 March Sam`."""
    days = sorted({first for _, first, _ in rows})
    gaps = {after - before for before, after in pairwise(days)}
    alone = all(first == last and cell.begins is None and cell.last is None for cell, first, last in rows)
    return alone and len(days) >= 3 and gaps == {timedelta(days=7)}


def _last_day(cell: BlockCell, first: date) -> date | None:
    """Returns the last day of a row; None if there is no such day."""
    mark = cell.last
    if mark is None:
        # `20:00-08:00` on one day is told from `end before start` by the absence of a last day.
        return first + timedelta(days=1) if cell.begins and cell.ends and cell.ends <= cell.begins else first
    month = mark.month or (first.month if mark.number >= first.day else first.month % 12 + 1)
    year = mark.year or first.year + (month < first.month)
    return date(year, month, mark.number) if mark.number <= month_length(year, month) else None


def _hand_over_days(rows: Sequence[tuple[BlockCell, date, date]]) -> tuple[BlockCell, date, date] | None:
    """Finds a row whose last day is the first day of another duty, if that is how the list is written.

    In `1.03–8.03 Alice, 8.03–15.03 Dan` the 8th is the day of the hand-over; in `1.03–7.03, 8.03–14.03` the last day
    belongs to the duty.
    """
    spans = [row for row in rows if row[0].begins is None and row[2] > row[1] and not is_away(row[0].text)]
    starts = {first for _, first, _ in spans}
    meeting = [row for row in spans if row[2] in starts]
    following = [row for row in spans if row[2] + timedelta(days=1) in starts]
    return meeting[0] if len(meeting) > len(following) else None


def filled(days: set[date]) -> set[date]:
    """Returns the days with those between them: a list of a month covers also the days it does not name."""
    result: set[date] = set()
    before: date | None = None
    for day in sorted(days):
        gap = (day - before).days if before else 1
        result.update(day - timedelta(days=offset) for offset in range(gap if gap <= 31 else 1))
        before = day
    return result


def covered_runs(days: set[date]) -> tuple[tuple[date, date], ...]:
    """Returns the days as sorted runs, pairs (first, last), both included."""
    runs: list[tuple[date, date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return tuple(runs)


def named_days(cells: RosterCells, answers: Answers) -> dict[str, date]:
    """Returns the cells that name one day each, as far as it is known which: such a day can be corrected."""
    dated = date_blocks(cells.blocks or cells.tables, answers)
    return {
        where: day
        for block, dates in dated.named
        for where, index in correctable(block).items()
        if (day := dates[index]) is not None
    }
