"""How many examples a property is tried with."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

TIMES = int(os.environ.get("DUTY_TELLER_EXAMPLES", "1"))
"""The longer run's factor; with `--hypothesis-seed` it draws the same examples again."""


def examples(number: int) -> int:
    """So many in the suite, and as many times more in the longer run as `DUTY_TELLER_EXAMPLES` says."""
    return number * TIMES


@settings(max_examples=60, database=None, derandomize=True, deadline=None)
@given(st.lists(st.integers() | st.text() | st.text(st.characters(codec="utf-8")), max_size=3))
def draw_of_everything(_drawn: list[int | str]) -> None:
    """Has Hypothesis keep on disk what it learns once: the table of Unicode, and the constants of each of our files.

    That takes seconds, and several workers of a run that come to it together would each do it.
    """
