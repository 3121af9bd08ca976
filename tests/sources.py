"""The program's own source files as trees, for the tests that hold its rules against them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duty_teller

PACKAGE = Path(duty_teller.__file__).parent


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def modules(pattern: str = "", room: str = "", besides: str = "") -> Iterator[tuple[str, ast.Module]]:
    """Yields the name of each file in the package, as `db/session.py`, and its tree.

    One at a time: the trees of all files together are half a million nodes, and through those that stay the garbage
    collector goes again and again, which takes longer than to read them.

    Args:
        pattern: Only files in whose text this regular expression is found: what a test looks for can stand in no other,
            and to read a file is most of what such a test costs.
        room: Only files whose name begins so.
        besides: Without files whose name begins so.
    """
    for name, text in texts(room, besides):
        if re.search(pattern, text, re.MULTILINE):
            yield name, ast.parse(text)


def texts(room: str = "", besides: str = "") -> Iterator[tuple[str, str]]:
    """Yields the name of each file in the package and its text; the arguments as for `modules`."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = str(path.relative_to(PACKAGE))
        if name.startswith(room) and not (besides and name.startswith(besides)):
            yield name, _text(path)
