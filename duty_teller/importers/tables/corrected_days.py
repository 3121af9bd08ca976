"""Days that a file names and somebody has corrected: which cells name one, and what becomes of their table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from duty_teller.importers.model import Block, Mark, RosterCells
from duty_teller.importers.words.days import break_after, resolve
from duty_teller.importers.words.meaning import Answers

Dates = Sequence[date | None]


def dated_anew(cells: RosterCells, answers: Answers) -> RosterCells:
    """Returns a file whose tables are to be dated once more, where a day of one of them was corrected."""
    if not any(said(table, answers) for table in cells.tables):
        return cells
    return replace(cells, entries=cells.entries[: cells.loose], blocks=cells.tables, tables=(), covered=())


def correctable(block: Block) -> dict[str, int]:
    """Returns the cells of a table that begin with one day each: cell → index of its mark."""
    seen = Counter(mark.where for mark in block.marks)
    return {mark.where: index for index, mark in enumerate(block.marks) if mark.where and seen[mark.where] == 1}


def said(block: Block, answers: Answers) -> dict[int, date]:
    """Returns what was said about the days of a table: index of a mark → its day; what was said last comes last."""
    if not answers.days:
        return {}
    known = correctable(block)
    return {known[where]: day for where, day in answers.days.items() if where in known}


def with_days(marks: Sequence[Mark], dates: Dates, corrected: dict[int, date]) -> tuple[Sequence[Mark], Dates]:
    """Puts days that were said in the place of those that were read; of these the file's weekdays say nothing."""
    if not corrected:
        return marks, dates
    return (
        [replace(mark, weekday="") if index in corrected else mark for index, mark in enumerate(marks)],
        [corrected.get(index, day) for index, day in enumerate(dates)],
    )


def run_with_days(block: Block, month: int, year: int, corrected: dict[int, date]) -> tuple[Sequence[Mark], Dates]:
    """Corrects days that follow each other, of which what was said last is certain.

    One day of them was mistyped where the others then follow each other as they are. Else they go with it: by their
    numbers into its month where its number is right, or by as many days as it was moved.
    """
    dates: Dates = resolve(block.marks, month, year)
    if not corrected:
        return block.marks, dates
    alone = with_days(block.marks, dates, corrected)
    if break_after(*alone) is None:
        return alone
    index, day = list(corrected.items())[-1]
    if day.day == block.marks[index].number:
        bare = [replace(mark, month=None, year=None) for mark in block.marks]
        for back in range(13):
            first = (day.year * 12 + day.month - 1) - back
            moved = resolve(bare, first % 12 + 1, first // 12)
            if moved[index] == day and break_after(bare, moved) is None:
                return bare, moved
    read = dates[index]
    if read is None:
        return alone
    shifted = [one and one + (day - read) for one in dates]
    return [
        replace(mark, number=one.day, month=one.month, year=one.year) if one else mark
        for mark, one in zip(block.marks, shifted, strict=True)
    ], shifted


def monday_of(block: Block, corrected: dict[int, date]) -> date | None:
    """Returns the Monday of a table of weekdays of which a day was said; its other days go with it."""
    if not corrected:
        return None
    index, day = list(corrected.items())[-1]
    return day - timedelta(days=block.marks[index].number)
