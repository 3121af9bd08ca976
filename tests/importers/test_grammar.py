"""The grammar of layouts itself: it draws every shape, the same each time, and tells right from wrong."""

from dataclasses import replace

import pytest

from tests.importers.grammar.judging import FAULTS, Kind, judge, judged
from tests.importers.grammar.page import build
from tests.importers.grammar.plan import Plan, draw
from tests.importers.grammar.shapes import SHAPES
from tests.importers.grammar.shrinking import shrunk
from tests.importers.grammar.writing import written

GRID = Plan(seed=1, shape="grid_month_grid", days=14, noise=("title",))


@pytest.mark.parametrize("shape", SHAPES)
def test_plan_gives_the_same_file_each_time(shape: str) -> None:
    plan = draw(11, {shape: SHAPES[shape]})

    assert build(plan) == build(plan)
    assert written(build(replace(plan, container="csv"))) == written(build(replace(plan, container="csv")))
    assert build(plan).truth


def test_plain_month_is_right() -> None:
    assert judge(GRID).kind is Kind.RIGHT


def test_schedule_that_differs_is_silently_wrong() -> None:
    case = build(GRID)
    other = replace(case, truth=case.truth[1:])

    verdict = judged(other, written(case))

    assert verdict.kind is Kind.WRONG
    assert case.truth[0].start in verdict.detail


def test_file_without_days_is_refused() -> None:
    assert judged(build(GRID), b"a;b\nc;d\n").kind is Kind.REFUSED_BARE


def test_failure_is_shrunk_to_what_it_needs() -> None:
    plan = replace(GRID, people=6, days=31, lang="fi", noise=("title", "legend_below", "phone"), neighbour="below")

    assert shrunk(plan, lambda other: "phone" in other.noise and other.people > 2) == replace(
        GRID, people=3, days=7, container="csv", noise=("phone",)
    )


@pytest.mark.parametrize("part", range(4))
def test_drawn_files_are_never_silently_wrong(part: int) -> None:
    verdicts = {seed: judge(draw(seed, SHAPES)) for seed in range(4_200_000 + part, 4_200_400, 4)}

    assert not {seed: verdict for seed, verdict in verdicts.items() if verdict.kind in FAULTS}
    assert sum(verdict.kind is Kind.RIGHT for verdict in verdicts.values()) >= 95


FOUND = (
    # a year that a title names is that of the first table; what goes on below it turns with the months
    Plan(600143, "grid_weeks_stacked", "en", "csv", 2, 7, "number"),
    Plan(201530, "grid_weeks_stacked", "en", "csv", 2, 7, "number", ("weekday_row",)),
    # halves of a short week: three days are a table where they are dated or go on below
    Plan(600251, "grid_halves_stacked", "en", "csv", 4, 7, "words"),
    Plan(200134, "grid_halves_stacked", "en", "csv", 2, 7, "iso"),
    Plan(100701, "grid_halves_stacked", "en", "csv", 2, 7, "number", ("total_column",)),
    Plan(100513, "grid_halves_stacked", "en", "csv", 2, 7, "weekday_dash", ("side_table",)),
    # `Jan Krawczyk` heads a column and is no January
    Plan(201267, "grid_days_down", "pl", "csv", 3, 7, "number"),
    Plan(100277, "grid_from_to_per_person", "pl", "csv", 2, 7, "number"),
    # days begin again below their own heading, and beside it
    Plan(101888, "grid_days_down", "en", "csv", 2, 28, "number", (), "below"),
    Plan(101832, "grid_days_down", "en", "csv", 2, 7, "number", (), "beside"),
    Plan(100268, "grid_without_sundays", "en", "csv", 2, 10, "number", (), "beside"),
    # a table of people beside columns of codes
    Plan(101399, "grid_days_down", "en", "csv", 2, 28, "number", ("side_table",)),
    Plan(100790, "list_days_of_a_person", "pl", "csv", 2, 7, "number", ("side_table",)),
    Plan(100057, "grid_over_two_months", "en", "csv", 4, 10, "number", ("repeated_header", "side_table")),
    # days printed again between the people; a job is no heading of names
    Plan(100131, "grid_over_two_months", "en", "csv", 4, 28, "number", ("repeated_header",)),
    Plan(100428, "grid_halves_stacked", "en", "csv", 4, 14, "number", ("job", "repeated_header")),
    Plan(101231, "grid_weeks_stacked", "en", "csv", 5, 7, "number", ("job", "repeated_header")),
    # plan and fact end at the legend
    Plan(100834, "grid_plan_and_fact", "en", "csv", 2, 7, "number", ("signature", "legend_below")),
    # the date of an approval is no list of one duty
    Plan(200960, "list_days_of_a_person", "de", "csv", 2, 7, "number", ("approval",)),
    Plan(200324, "week_one_week", "de", "csv", 2, 7, "number", ("approval",)),
    Plan(101192, "week_weeks_down", "de", "csv", 2, 7, "number", ("approval",)),
    Plan(101486, "names_calendar_page", "fi", "csv", 2, 7, "number", ("approval",)),
    Plan(100063, "list_one_a_day", "en", "csv", 2, 7, "number", ("approval",)),
    Plan(200456, "list_one_a_day", "en", "csv", 2, 7, "number", ("approval", "numbering", "note_column")),
    Plan(100643, "list_periods", "pl", "xlsx", 5, 28, "native", ("approval", "phone", "gap_column")),
    # calendars below a title, above a signature, beside a list of people
    Plan(200269, "list_calendar_export", "en", "csv", 2, 7, "number", ("title",)),
    Plan(200392, "list_calendar_export", "en", "csv", 2, 7, "number", ("signature",)),
    Plan(201832, "list_calendar_export", "fi", "csv", 2, 7, "number", ("approval",)),
    Plan(100208, "list_calendar_export", "en", "xlsx", 2, 7, "number", ("staff_sheet",)),
    # two people of initials on two lines of a cell; an exclamation mark; words for hours and a substitute
    Plan(200156, "names_day_and_night", "uk", "csv", 4, 7, "number"),
    Plan(201942, "list_one_a_day", "en", "csv", 2, 7, "number", ("note_column",)),
    Plan(100078, "grid_start_end_columns", "ru", "csv", 7, 7, "number"),
    Plan(100015, "list_one_a_day", "pl", "csv", 2, 7, "number"),
)


@pytest.mark.parametrize("plan", FOUND, ids=lambda plan: f"{plan.shape}-{plan.seed}")
def test_file_that_was_read_wrong_once_is_right(plan: Plan) -> None:
    verdict = judge(plan)

    assert verdict.kind is Kind.RIGHT, verdict.detail
