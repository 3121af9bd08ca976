"""From tables to dated entries: the month and year of each, what has to be asked, and what contradicts itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from duty_teller.importers import limits
from duty_teller.importers.days import break_after, fits, month_length, resolve, weekday_mismatch
from duty_teller.importers.meaning import Answers
from duty_teller.importers.model import Block, Entry, Mark, Question
from duty_teller.importers.problems import Arg, Problem

_YEARS: Final = range(limits.FIRST_YEAR, limits.LAST_YEAR + 1)


@dataclass(slots=True)
class Dated:
    """What became of the tables of a file."""

    entries: list[Entry]
    days: set[date]
    questions: list[Question]
    problems: list[Problem]


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
    placed = _place(blocks, answers)
    for item in placed:
        if item.month is None:
            dated.questions.append(_month_question(item))
    undated = [item for item in placed if item.year is None and item.month is not None]
    if undated and answers.year is None:
        _ask_year(undated, dated)
    for item in placed:
        year = item.year if item.year is not None else answers.year and answers.year + item.shift
        if item.month is not None and year is not None:
            _date(item.block, item.month, year, dated)
    return dated


def _place(blocks: Sequence[Block], answers: Answers) -> list[_Placed]:
    placed: list[_Placed] = []
    shift, before_undated = 0, 0
    for block in blocks:
        first = block.marks[0]
        month = first.month or block.month or answers.months.get(block.where)
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
    months = [month for month in range(1, 13) if fits(marks, month, item.year or 2000)]
    return Question(
        "month", item.block.where, item.block.where, len(item.block.cells), tuple(map(str, months or range(1, 13)))
    )


def _ask_year(undated: Sequence[_Placed], dated: Dated) -> None:
    years = [
        year for year in _YEARS if all(fits(item.block.marks, item.month or 1, year + item.shift) for item in undated)
    ]
    first = undated[0]
    if not years:
        dated.problems.append(Problem(first.block.where, "import.file.no_year_fits", {"month": first.month or 1}))
        return
    count = sum(len(item.block.cells) for item in undated)
    dated.questions.append(Question("year", str(first.month), first.block.where, count, tuple(map(str, years))))


def _date(block: Block, month: int, year: int, dated: Dated) -> None:
    marks = block.marks
    dates = resolve(marks, month, year)
    if (index := weekday_mismatch(marks, dates)) is not None:
        day = dates[index] or date(year, month, 1)
        where = marks[index].weekday_where or marks[index].where
        dated.problems.append(
            Problem(where, "import.file.weekday_mismatch", {"text": marks[index].weekday, "day": day})
        )
        return
    if (index := break_after(dates)) is not None:
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
            append(Entry(cell.name, at, cell.text, cell.where, cell.row))
        else:
            args: dict[str, Arg] = {"number": marks[cell.mark].number, "month": f"{month:02d}.{year}"}
            dated.problems.append(Problem(cell.where, "import.file.no_such_day", args))


def covered_runs(days: set[date]) -> tuple[tuple[date, date], ...]:
    """Returns the days as sorted runs, pairs (first, last), both included."""
    runs: list[tuple[date, date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return tuple(runs)
