"""How a file was read, cell by cell: what a team lead checks before Apply, and what a bug report contains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from duty_teller.importers.duty_schedule import parse_duty_schedule, read_roster_file
from duty_teller.importers.model import RosterCells
from duty_teller.importers.problems import Problem, RosterFileError
from duty_teller.importers.results import FileShift, ParsedRoster
from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Broken, Range, Sheet, Value
from duty_teller.importers.words.meaning import Answers, RosterRules


@dataclass(frozen=True, slots=True)
class Became:
    """What a cell of a person came to.

    Attributes:
        name: The person.
        day: The local day it is under.
        shifts: What it adds to the schedule; none for a day off, and while its code is not answered.
        is_open: Its code is not answered.
    """

    name: str
    day: date
    shifts: tuple[FileShift, ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class ExplainedCell:
    """A filled cell.

    Attributes:
        row: Counted from 1.
        column: The same.
        value: As read; an error or a missing value is a text.
        role: What it was read as.
        became: What it came to, in the order of its people and days.
        problems: What is wrong with it.
        day: The address by which the day that it names can be corrected; empty: it names none.
    """

    row: int
    column: int
    value: Value
    role: CellRole
    became: tuple[Became, ...] = ()
    problems: tuple[Problem, ...] = ()
    day: str = ""


@dataclass(frozen=True, slots=True)
class ExplainedSheet:
    """A sheet of the file."""

    name: str
    cells: tuple[ExplainedCell, ...]
    merges: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A file as it was read.

    Attributes:
        sheets: Its sheets; one with a row an entry for files without cells (calendars, JSON).
        timezone: The zone its days and times were read in.
        problems: Why it cannot be taken; none if it can.
        warnings: What the person who sent it should know.
        open_questions: The subjects of what has to be asked.
    """

    sheets: tuple[ExplainedSheet, ...]
    timezone: str
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    open_questions: tuple[str, ...] = ()


def explain(data: bytes, file_name: str, rules: RosterRules, answers: Answers) -> Explanation:
    """Reads a file and tells what became of each cell; a file that cannot be taken is explained as far as it was read.

    Args:
        data: The file.
        file_name: Its name.
        rules: Of the roster it is for.
        answers: What was answered so far.
    """
    from duty_teller.importers.tables.dating import named_days
    from duty_teller.importers.tables.shifts import meanings_of

    readings: dict[str, list[Sheet]] = {}
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    became: dict[str, list[Became]] = {}
    open_questions: tuple[str, ...] = ()
    cells: RosterCells | None = None
    chosen = ""
    named: set[str] = set()
    try:
        cells = read_roster_file(data, file_name, readings)
        while cells.fork is not None:
            fork = cells.fork
            option = answers.choices.get(f"{fork.kind}:{fork.subject}") or next(iter(fork.readings))
            chosen = option if option in readings else chosen
            cells = fork.readings[option]
        warnings = cells.warnings
        named = set(named_days(cells, answers))
        for entry, shifts, is_open in meanings_of(cells, rules, answers):
            became.setdefault(entry.where, []).append(Became(entry.name, entry.day, shifts, is_open))
        found = parse_duty_schedule(cells, file_name, rules, answers)
        if isinstance(found, ParsedRoster):
            warnings = found.warnings
        else:
            open_questions = tuple(question.subject for question in found)
    except RosterFileError as error:
        problems = error.problems
    whole = readings.get("read") or readings.get("", [])
    accounts = {sheet.name: sheet for sheet in readings.get(chosen) or whole}
    sheets = tuple(_explained(sheet, accounts.get(sheet.name, sheet), became, problems, named) for sheet in whole)
    if not any(cell.role is not CellRole.UNREAD for sheet in sheets for cell in sheet.cells) and cells is not None:
        sheets = (_of_entries(became),)
    return Explanation(sheets, rules.handover.timezone, problems, warnings, open_questions)


def _explained(
    sheet: Sheet, read: Sheet, became: Mapping[str, Sequence[Became]], problems: Sequence[Problem], named: set[str]
) -> ExplainedSheet:
    wrong: dict[str, list[Problem]] = {}
    for problem in problems:
        wrong.setdefault(problem.where, []).append(problem)
    used: set[str] = set()
    days: set[str] = set()
    found = []
    for row, values in sorted(sheet.rows.items()):
        for column, value in sorted(values.items()):
            role = read.account.role(row, column) or CellRole.UNREAD
            where, line = sheet.where(row, column), sheet.where_row(row, column)
            own = became.get(where, ())
            if not own and line != where and role is CellRole.NAME and line not in used:
                own = became.get(line, ())
                used.add(line)
            faults = (*wrong.get(where, ()), *(wrong.get(line, ()) if line != where and column == min(values) else ()))
            # In a list of text a line has one address: its first day's.
            day = "" if role is not CellRole.DAY else where if where in named else line if line in named - days else ""
            days.add(day)
            shown: Value = (value.text or "=?") if isinstance(value, Broken) else value
            found.append(ExplainedCell(row, column, shown, role, tuple(own), faults, day))
    return ExplainedSheet(sheet.name, tuple(found), tuple(sheet.merges))


def _of_entries(became: Mapping[str, Sequence[Became]]) -> ExplainedSheet:
    """Makes a sheet of a file without cells: a row an entry, its place and its person."""
    cells = []
    for row, (where, own) in enumerate(became.items(), 1):
        cells.append(ExplainedCell(row, 1, where, CellRole.DAY, tuple(own)))
        cells.append(ExplainedCell(row, 2, ", ".join(dict.fromkeys(item.name for item in own)), CellRole.NAME))
    return ExplainedSheet("", tuple(cells))
