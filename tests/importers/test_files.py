"""One table: each file of the folder, and what comes of it: a roster, questions or errors.

The table is `files/expected.txt`. A section begins with the file's name; a line says a question (`?` kind subject ×
count [example] options), the days and people, a shift [where it stands], a contact, a warning or an error. Questions
are answered with their first option.
"""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from duty_teller.importers.duty_schedule import Answers, RosterRules
from duty_teller.importers.readers.text_table import read_text_table
from duty_teller.importers.words.moments import read_clock
from tests.importers.builders import BERLIN, MOSCOW
from tests.importers.describe import outcome
from tests.importers.workbooks import WORKBOOKS

FOLDER = Path(__file__).parent / "files"


def table() -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (FOLDER / "expected.txt").read_text("utf-8").splitlines():
        if line.startswith("== "):
            lines = sections[line.removeprefix("== ")] = []
        elif line:
            lines.append(line)
    return sections


TABLE = table()


def content(name: str) -> bytes:
    return WORKBOOKS[name]() if name in WORKBOOKS else (FOLDER / name).read_bytes()


def rules_for(name: str) -> RosterRules:
    return BERLIN if "clocks" in name else MOSCOW


def test_every_file_is_in_the_table() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"expected.txt"}

    assert files | set(WORKBOOKS) == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_file_gives_what_the_table_says(name: str) -> None:
    assert outcome(content(name), name, rules_for(name), Answers()) == TABLE[name]


def as_workbook(data: bytes) -> bytes:
    """Returns the table of a text file as a workbook, times as true times."""
    text = read_text_table(data)
    assert text is not None
    book = Workbook()
    for number, row in text.rows.items():
        for column, value in row.items():
            at = read_clock(value)
            lines = text.broken_lines.get(value, value) if isinstance(value, str) else value
            book.active.cell(number, column, lines if at is None or ":" not in str(value) or value == "24:00" else at)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def without_cells(lines: list[str]) -> list[str]:
    return [line.split(" [")[0] for line in lines if not line.startswith(("error", "warning", "? week", "? every"))]


@pytest.mark.parametrize(
    "name", [name for name in TABLE if name.endswith((".csv", ".tsv")) and not name.startswith("bad")]
)
def test_the_same_table_as_a_workbook_gives_the_same(name: str) -> None:
    lines = outcome(as_workbook((FOLDER / name).read_bytes()), name, rules_for(name), Answers())

    assert without_cells(lines) == without_cells(TABLE[name])
