"""How a file was read, as a workbook: colours are roles, notes say what became of a cell."""

import asyncio
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from duty_teller.exporters import explained_workbook as explained_workbook_file
from duty_teller.exporters.explained_workbook import COLOURS
from duty_teller.importers.duty_schedule import Answers, RosterFileError, parse_codes
from duty_teller.importers.roles import CellRole
from duty_teller.services.import_service import explain
from duty_teller.services.import_service.explain import explained_workbook
from tests.importers.builders import MOSCOW, grid, workbook

CODES = Answers(parse_codes("Д=day,О=vacation"))


def explained(data: bytes, name: str, answers: Answers = CODES, lang: str = "en") -> Any:
    book = asyncio.run(explained_workbook(data, name, MOSCOW, answers, lang, {"Даниил": "Dan Dutton"}))
    return load_workbook(BytesIO(book))


def roster() -> bytes:
    return workbook(Март=grid(date(2025, 3, 1), 28, {"Алиса": {1: "Д", 2: "Я"}, "Даниил": {3: "О"}}, title="Март 2025"))


def test_cells_are_coloured_by_role_and_say_what_became_of_them() -> None:
    """By a child process; the others here do without."""
    sheet = explained(roster(), "r.xlsx")["Март"]

    def shown(where: str) -> tuple[str, str]:
        colour = sheet[where].fill.fgColor.rgb[2:]
        return next(role for role, own in COLOURS.items() if own == colour), sheet[where].comment.text

    assert shown("B3") == ("code", "→ Алиса, Sat 1 Mar 2025 08:00–20:00")
    assert shown("C3") == ("code", "→ Алиса, Sun 2 Mar 2025: the code isn't explained yet")
    assert shown("D4") == ("code", "→ Dan Dutton, Mon 3 Mar 2025: Vacation")
    assert shown("B2") == ("day", "day")


@pytest.mark.usefixtures("child_here")
def test_every_role_has_a_colour_and_a_line_in_the_legend() -> None:
    book = explained(roster(), "r.xlsx")

    assert set(COLOURS) == {role.value for role in CellRole}
    assert [cell.value for cell in book["How I read it"]["B"]][: len(COLOURS)].count(None) == 0


@pytest.mark.usefixtures("child_here")
def test_notes_that_were_left_out_are_told_on_the_first_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    found = explain.explain(roster(), "r.xlsx", MOSCOW, CODES)
    for module in (explain, explained_workbook_file):
        monkeypatch.setattr(module, "MAX_NOTES", 30)
    book = load_workbook(BytesIO(explain.written(found, "en", {})))
    said = [cell.value for cell in book["How I read it"]["B"] if cell.value]

    assert sum(cell.comment is not None for row in book["Март"] for cell in row) == 30
    assert "Only the first 30 cells have notes" in said[len(CellRole)]
    monkeypatch.undo()
    whole = load_workbook(BytesIO(explain.written(found, "en", {})))
    assert not [cell.value for cell in whole["How I read it"]["B"] if "notes" in str(cell.value)]


@pytest.mark.usefixtures("child_here")
def test_text_that_begins_like_a_formula_stays_a_text() -> None:
    data = "Дата;Дежурный;Заметка\n01.03.2025;Алиса Орлова;=1+1\n02.03.2025;Даниил Котов;\n".encode()

    book = explained(data, "r.csv")

    assert book.worksheets[1]["C2"].data_type == "s"


@pytest.mark.usefixtures("child_here")
def test_file_that_cannot_be_taken_is_explained_with_its_fault() -> None:
    data = workbook(Март=grid(date(2025, 3, 1), 28, {"Алиса": {1: "25:00-26:00"}}, title="Март 2025"))

    sheet = explained(data, "r.xlsx")["Март"]

    assert "25:00-26:00" in sheet["B3"].comment.text


@pytest.mark.usefixtures("child_here")
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("r.json", b'{"meta": {"start_date": "2025-03-01"}, "schedule": [{"name": "Alice", "duty": "\xd0\xb1;;"}]}'),
        (
            "r.ics",
            b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Alice Adams\nDTSTART:20250301T060000Z\n"
            b"DTEND:20250302T060000Z\nEND:VEVENT\nEND:VCALENDAR\n",
        ),
    ],
)
def test_files_without_cells_are_shown_as_a_list(name: str, data: bytes) -> None:
    book = explained(data, name)

    assert "Sat 1 Mar 2025 09:00–Sun 2 Mar 2025 09:00" in book.worksheets[1]["A1"].comment.text


@pytest.mark.usefixtures("child_here")
def test_file_of_another_kind_is_refused() -> None:
    with pytest.raises(RosterFileError):
        explained(b"%PDF-1.4", "r.pdf")


@pytest.mark.usefixtures("child_here")
@pytest.mark.parametrize(
    "heading", ["Примечание", "Комментарий", "Заметки", "Note", "Comments", "Bemerkungen", "Uwagi"]
)
def test_column_of_notes_is_kept_and_explained(heading: str) -> None:
    """A row that puts nobody on duty has nothing to keep its note by: it is a remark."""
    lines = [
        f"Дата;Дежурный;{heading}",
        "01.03.2025;Алиса Орлова;Ключи у охраны",
        "02.03.2025;Даниил Котов;",
        "03.03.2025;;Праздник",
    ]
    data = "\n".join(lines).encode()
    found = explain.explain(data, "r.csv", MOSCOW, CODES)
    roles = {(cell.row, cell.column): cell.role for cell in found.sheets[0].cells}
    assert (roles[2, 3], roles[4, 3]) == (CellRole.NOTE, CellRole.REMARK)
    sheet = explained(data, "r.csv").worksheets[1]
    assert sheet["C2"].comment.text == "note of a shift"
    assert sheet["B2"].comment.text.endswith("09:00 · 📝 Ключи у охраны")
