"""The grammar of layouts itself: it draws every shape, the same each time, and tells right from wrong."""

from dataclasses import replace

import pytest

from tests.importers.grammar.judging import Kind, judge, judged
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
