"""How a schedule is laid out: every shape that roster files were seen to have."""

from collections.abc import Callable

from tests.importers.grammar.plan import Plan, Table
from tests.importers.grammar.shapes import grids, lists, names, weeks

Shape = Callable[[Plan, list[str]], Table]

SHAPES: dict[str, Shape] = {
    **{f"grid_{shape.__name__}": shape for shape in grids.SHAPES},
    **{f"names_{shape.__name__}": shape for shape in names.SHAPES},
    **{f"list_{shape.__name__}": shape for shape in lists.SHAPES},
    **{f"week_{shape.__name__}": shape for shape in weeks.SHAPES},
}
"""Name → shape. A shape is given the plan and the people, and draws the rest."""
