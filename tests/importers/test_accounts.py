"""Every filled cell of a file has a role; what has none is said, or asked about where it could be of the schedule."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from duty_teller.importers.duty_schedule import (
    Answers,
    ParsedRoster,
    parse_codes,
    parse_duty_schedule,
    read_roster_file,
)
from duty_teller.importers.roles import CellRole
from duty_teller.importers.sheet import Sheet
from tests.importers.builders import MOSCOW, grid, workbook
from tests.importers.workbooks import WORKBOOKS

FOLDERS = (Path(__file__).parent / "layouts", Path(__file__).parent / "files")
MARCH = date(2025, 3, 1)
PEOPLE = {"Алиса Орлова": {1: "Д", 3: "Д"}, "Даниил Котов": {2: "Д", 4: "Н"}}
CODES = Answers(parse_codes("Д=day,Н=night"))


def files() -> Iterator[tuple[str, bytes]]:
    for folder in FOLDERS:
        for path in sorted(folder.iterdir()):
            if path.suffix in (".xlsx", ".csv", ".tsv") and not path.name.startswith(("bad_", "c18")):
                yield path.name, path.read_bytes()
    for name, make in WORKBOOKS.items():
        if not name.startswith("bad_"):
            yield name, make()


def roles_of(data: bytes, name: str = "file.xlsx") -> dict[str, CellRole | None]:
    readings: dict[str, list[Sheet]] = {}
    read_roster_file(data, name, readings)
    return {
        sheet.where(row, column): sheet.account.role(row, column)
        for sheet in readings[""]
        for row, cells in sheet.rows.items()
        for column in cells
    }


@pytest.mark.parametrize(("name", "data"), [pytest.param(*item, id=item[0]) for item in files()])
def test_every_cell_has_one_role(name: str, data: bytes) -> None:
    roles = roles_of(data, name)

    assert roles
    assert [where for where, role in roles.items() if role is None] == []


def test_codes_right_of_the_last_day_are_asked_about() -> None:
    def beyond(sheet: Worksheet) -> None:
        grid(MARCH, 28, PEOPLE, title="Март 2025")(sheet)
        sheet["AD3"], sheet["AD4"] = "Д", "Н"

    data = workbook(Март=beyond)
    found = parse_duty_schedule(data, "", MOSCOW, CODES)

    assert not isinstance(found, ParsedRoster)
    assert [(q.kind, q.subject, q.count) for q in found] == [("unread", "Март!AD3:AD4", 2)]
    left = parse_duty_schedule(data, "", MOSCOW, CODES.answered("unread", "Март!AD3:AD4", "leave"))
    assert isinstance(left, ParsedRoster)
    assert left.unread == (("Март!AD3", "Д"), ("Март!AD4", "Н"))


def test_codes_of_a_row_without_a_name_are_asked_about() -> None:
    def nameless(sheet: Worksheet) -> None:
        grid(MARCH, 28, PEOPLE, title="Март 2025")(sheet)
        sheet["C6"], sheet["D6"] = "Д", "Н"

    found = parse_duty_schedule(workbook(Март=nameless), "", MOSCOW, CODES)

    assert not isinstance(found, ParsedRoster)
    assert [(q.kind, q.subject) for q in found] == [("unread", "Март!C6:D6")]


def test_second_team_on_the_right_is_read() -> None:
    def teams(sheet: Worksheet) -> None:
        grid(MARCH, 31, PEOPLE, title="Март 2025", label="ФИО")(sheet)
        grid(MARCH, 31, {"Иван Лис": {5: "Д"}, "Пётр Зуев": {6: "Н"}}, row=2, column=35, label="ФИО")(sheet)

    found = parse_duty_schedule(workbook(Март=teams), "", MOSCOW, CODES)

    assert isinstance(found, ParsedRoster)
    assert found.names == ("Алиса Орлова", "Даниил Котов", "Иван Лис", "Пётр Зуев")
    assert (found.first_day, found.last_day) == (date(2025, 3, 1), date(2025, 3, 31))
    assert [(shift.name, shift.start.day) for shift in found.shifts] == [
        ("Алиса Орлова", 1),
        ("Даниил Котов", 2),
        ("Алиса Орлова", 3),
        ("Даниил Котов", 4),
        ("Иван Лис", 5),
        ("Пётр Зуев", 6),
    ]


def test_staff_list_beside_a_list_is_counted_and_no_shift() -> None:
    def beside(sheet: Worksheet) -> None:
        sheet.append(["Дата", "Дежурный", None, "Сотрудник", "Телефон"])
        for day, name in enumerate(("Алиса Орлова", "Даниил Котов", "Алиса Орлова"), 1):
            sheet.append([date(2025, 3, day), name])
        sheet["D2"], sheet["E2"] = "Иван Лис", "+7 900 000-00-00"

    found = parse_duty_schedule(workbook(Март=beside), "", MOSCOW, CODES)

    assert isinstance(found, ParsedRoster)
    assert {shift.name for shift in found.shifts} == {"Алиса Орлова", "Даниил Котов"}
    assert ("Март!D2", "Иван Лис") in found.unread
    assert "I couldn't read 4 cells" in found.warnings[0].text("en")


def test_titles_numbers_totals_legends_and_signatures_are_furniture() -> None:
    def furnished(sheet: Worksheet) -> None:
        sheet.append(["УТВЕРЖДАЮ", None, "Директор Петров П.П."])
        sheet.append(["График дежурств на март 2025 года"])
        sheet.append(["№", "ФИО", *range(1, 32), "Итого"])
        sheet.append([1, "Алиса Орлова", "Д", None, "Д", *[None] * 28, 24])
        sheet.append([2, "Даниил Котов", None, "Н", *[None] * 29, 12])
        sheet.append([None, "Всего", 1, 1, 1])
        sheet.append([])
        sheet.append(["Д – день", None, "Н – ночь"])
        sheet.append(["Составила", "Орлова В.П."])

    roles = roles_of(workbook(Март=furnished))

    expected = {
        "A1": "signature",
        "A2": "title",
        "A3": "heading",
        "A4": "number",
        "B4": "name",
        "C4": "code",
        "AH4": "total",
    }
    expected |= {"C3": "day", "AH3": "heading", "B6": "total", "C6": "total", "A8": "legend", "A9": "signature"}
    assert {where: str(roles[f"Март!{where}"]) for where in expected} == expected
    assert CellRole.UNREAD not in roles.values()


def test_column_of_dates_without_years_is_no_list_of_days() -> None:
    def stacked(sheet: Worksheet) -> None:
        for month in (3, 4):
            days = [f"{day:02}.{month:02}" for day in range(1, 31)]
            sheet.append(["ФИО", *days])
            sheet.append(["Алиса Орлова", "Д", None, "Д"])
            sheet.append(["Даниил Котов", None, "Н"])
            sheet.append([])

    found = parse_duty_schedule(workbook(Лист2025=stacked), "2025.xlsx", MOSCOW, CODES)

    assert isinstance(found, ParsedRoster)
    assert found.names == ("Алиса Орлова", "Даниил Котов")
    assert [f"{shift.start:%d.%m}" for shift in found.shifts] == ["01.03", "02.03", "03.03", "01.04", "02.04", "03.04"]


def test_marks_under_the_mondays_of_weeks_are_asked_about_and_then_whole_weeks() -> None:
    def weeks(sheet: Worksheet) -> None:
        sheet.append(["ФИО", *(date(2025, 3, day) for day in (3, 10, 17, 24))])
        sheet.append(["Алиса Орлова", "дежурство", None, "дежурство"])
        sheet.append(["Даниил Котов", None, "дежурство", None, "дежурство"])

    data = workbook(Март=weeks)
    asked = parse_duty_schedule(data, "", MOSCOW)

    assert not isinstance(asked, ParsedRoster)
    assert [(question.kind, question.subject) for question in asked] == [("every", "Март!B1")]
    found = parse_duty_schedule(data, "", MOSCOW, Answers().answered("every", "Март!B1", "week"))
    assert isinstance(found, ParsedRoster)
    assert len(found.shifts) == 28
    assert (found.first_day, found.last_day) == (date(2025, 3, 3), date(2025, 3, 30))


def test_teams_beside_each_other_are_read_with_dates_and_down() -> None:
    days = [date(2025, 3, day) for day in range(1, 8)]

    def across(sheet: Worksheet) -> None:
        sheet.append(["№", "ФИО", *days, "Часов", None, "№", "ФИО", *days])
        sheet.append([1, "Алиса Орлова", "Д", *[None] * 6, 12, None, 1, "Иван Лис", None, "Н"])
        sheet.append([2, "Даниил Котов", None, "Н", *[None] * 5, 12, None, 2, "Пётр Зуев", "Д"])

    def down(sheet: Worksheet) -> None:
        sheet.append(["Дата", "Алиса Орлова", "Даниил Котов", None, "Дата", "Иван Лис", "Пётр Зуев"])
        for day in days:
            first, second = ("Д", None) if day.day == 1 else (None, "Н" if day.day == 2 else None)
            sheet.append([day, first, second, None, day, second, first])

    for fill in (across, down):
        found = parse_duty_schedule(workbook(Март=fill), "", MOSCOW, CODES)
        assert isinstance(found, ParsedRoster), found
        assert sorted((shift.name, shift.start.day) for shift in found.shifts) == [
            ("Алиса Орлова", 1),
            ("Даниил Котов", 2),
            ("Иван Лис", 2),
            ("Пётр Зуев", 1),
        ]
