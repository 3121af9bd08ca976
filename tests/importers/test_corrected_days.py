"""Days that a file names and somebody has corrected, and what becomes of the other days of their table."""

from datetime import date

import pytest

from duty_teller.importers.duty_schedule import (
    Answers,
    RosterFileError,
    days_named,
    parse_duty_schedule,
    read_roster_file,
)
from duty_teller.importers.model import RosterCells
from duty_teller.importers.results import ParsedRoster
from duty_teller.importers.words.meaning import Meaning
from duty_teller.importers.words.text import fold_code

CODES = {fold_code("x"): Meaning.parse("duty")}


def days(file: str, **corrected: str) -> list[str]:
    """Reads a file with days corrected (`c2`: column 2 of line 1, `l3`: line 3) and returns the days on duty."""
    cells = RosterCells.from_json(read_roster_file(file.encode(), "plan.csv").to_json())
    answers = Answers(codes=CODES)
    for where, day in corrected.items():
        address = f"line 1, column {where[1:]}" if where[0] == "c" else f"line {where[1:]}"
        assert address in days_named(cells, answers), list(days_named(cells, answers))
        answers = Answers.from_json(answers.answered("day", address, day).to_json())
        assert days_named(cells, answers)[address] == date.fromisoformat(day)
    found = parse_duty_schedule(cells, answers=answers)
    assert isinstance(found, ParsedRoster), found
    return [f"{shift.start:%m-%d}" for shift in sorted(found.shifts, key=lambda one: (one.start, one.name))]


RUN = "Name;28.11.2026;29.11.2026;30.11.2026;1.12.2026;2.12.2026\nDan;x;;x;;\nEve;;x;;x;\n"
MONTH = "Name;1.10.2026;2.10.2026;3.10.2026;4.10.2026;5.10.2026\nDan;x;;x;;\nEve;;x;;x;\n"
GAPS = "Name;2.11.2026;3.11.2026;4.11.2026;5.11.2026;7.11.2026\nDan;;;x;;x\nEve;;;;x;\n"
LIST = "Date;Person\n3.11.2026;Dan\n9.12.2026;Eve\n5.11.2026;Dan\n"
WEEKDAYS = "Name;Mon 2.11.2026;Tue 3.11.2026;Wed 4.11.2026;Thu 5.11.2026;Fri 6.11.2026\nDan;x;;x;;\nEve;;x;;;\n"


@pytest.mark.parametrize(
    ("file", "corrected", "expected"),
    [
        pytest.param(RUN, {}, ["11-28", "11-29", "11-30", "12-01"], id="as-written"),
        pytest.param(RUN, {"c2": "2026-12-28"}, ["12-28", "12-29", "12-30", "12-31"], id="another-month"),
        pytest.param(MONTH, {"c3": "2026-11-02"}, ["11-01", "11-02", "11-03", "11-04"], id="by-its-numbers"),
        pytest.param(RUN, {"c5": "2026-03-01"}, ["02-26", "02-27", "02-28", "03-01"], id="numbers-of-no-other-month"),
        pytest.param(RUN, {"c3": "2026-12-01"}, ["11-30", "12-01", "12-02", "12-03"], id="all-move"),
        pytest.param(GAPS, {"c6": "2026-11-06"}, ["11-04", "11-05", "11-06"], id="one-was-mistyped"),
        pytest.param(
            RUN, {"c2": "2026-12-28", "c3": "2026-11-29"}, ["11-28", "11-29", "11-30", "12-01"], id="the-last-word"
        ),
        pytest.param(LIST, {"l3": "2026-11-04"}, ["11-03", "11-04", "11-05"], id="a-list-has-days-of-their-own"),
        pytest.param(WEEKDAYS, {"c2": "2026-11-09"}, ["11-09", "11-10", "11-11"], id="its-weekdays-agree"),
    ],
)
def test_a_day_is_corrected_and_those_that_follow_it_go_with_it(
    file: str, corrected: dict[str, str], expected: list[str]
) -> None:
    assert days(file, **corrected) == expected


def test_a_day_that_the_files_own_weekdays_contradict_is_told() -> None:
    with pytest.raises(RosterFileError) as told:
        days(WEEKDAYS, c2="2026-11-10")
    assert [problem.key for problem in told.value.problems] == ["import.file.weekday_mismatch"]


def test_the_last_day_of_a_row_goes_with_its_first_one() -> None:
    file = "Date;Person\n3-4.11.2026;Dan\n5.11.2026;Eve\n6.11.2026;Dan\n"
    assert days(file, l2="2026-11-01") == ["11-01", "11-02", "11-05", "11-06"]
