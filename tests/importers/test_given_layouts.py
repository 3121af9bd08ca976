"""Layouts that teams have used, rebuilt with invented people: each is read right, or asked about, or refused.

`layouts/expected.json` says what a sensible person expects of each file: `rows` (name, start, end in Moscow), `options`
of the command line, what is accepted instead, and a word that the preview has to mention.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.importers.given import outcome

FOLDER = Path(__file__).parent / "layouts"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text("utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_layout_is_never_silently_wrong(name: str) -> None:
    result = outcome((FOLDER / name).read_bytes(), name, EXPECTED[name])

    assert result.verdict != "WRONG", "\n".join(result.said)


def test_every_layout_has_its_expectation() -> None:
    assert {path.name for path in FOLDER.iterdir()} - {"expected.json"} == set(EXPECTED)
