"""How many examples a property is tried with."""

import os

TIMES = int(os.environ.get("DUTY_TELLER_EXAMPLES", "1"))
"""The longer run's factor; with `--hypothesis-seed` it draws the same examples again."""


def examples(number: int) -> int:
    """So many in the suite, and as many times more in the longer run as `DUTY_TELLER_EXAMPLES` says."""
    return number * TIMES
