"""The rows of the report."""

from dataclasses import dataclass

HEADINGS = ("figure", "floor", "product", "ratio", "goal", "")


@dataclass(frozen=True, slots=True)
class Row:
    """A measured figure beside its floor.

    Attributes:
        figure: What was measured.
        floor: What it is compared with, with its own value; empty where a figure stands alone.
        product: The product's value.
        ratio: Product to floor; None where a figure stands alone.
        goal: In words, as in the documentation.
        met: Whether the goal is met; None where there is none.
    """

    figure: str
    floor: str
    product: str
    ratio: float | None
    goal: str = ""
    met: bool | None = None


def render(rows: list[Row]) -> str:
    """Returns the table as text."""
    cells = [HEADINGS, *((*_cells(row),) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}" if row.ratio >= 0.1 else f"{row.ratio:.3f}"
    verdict = {None: "", True: "ok", False: "NOT"}[row.met]
    return row.figure, row.floor, row.product, ratio, row.goal, verdict
