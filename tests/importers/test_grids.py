"""Month grids as teams make them: file → people, days and cells, or questions."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from duty_teller.importers.duty_schedule import (
    Answers,
    ParsedRoster,
    RosterCells,
    parse_codes,
    parse_duty_schedule,
    read_roster_file,
)
from tests.importers.builders import MOSCOW, grid, ru, saved, workbook

MARCH = date(2025, 3, 1)
PEOPLE = {"Алиса Орлова": {1: "Д", 3: "Д"}, "Даниил Котов": {2: "Д", 31: "Н"}}
CELLS = {
    ("Алиса Орлова", date(2025, 3, 1), "Д"),
    ("Алиса Орлова", date(2025, 3, 3), "Д"),
    ("Даниил Котов", date(2025, 3, 2), "Д"),
    ("Даниил Котов", date(2025, 3, 31), "Н"),
}


def cells_of(cells: RosterCells) -> set[tuple[str, date, str]]:
    return {(entry.name, entry.day, entry.text) for entry in cells.entries}


_SEPTEMBER: list[list[Any]] = [["ФИО", *range(1, 31)], ["Алиса", "Д"], ["Даниил", None, "Д"]]


def csv_of(rows: list[list[str]]) -> bytes:
    return "\n".join(",".join(f'"{text}"' for text in row) for row in rows).encode()


def serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


@pytest.mark.parametrize(
    ("header", "title"),
    [
        pytest.param(lambda day: day.day, "График дежурств на март 2025 года", id="integers"),
        pytest.param(lambda day: str(day.day), "Март 2025", id="numbers-as-text"),
        pytest.param(lambda day: float(day.day), "март 2025", id="floats"),
        pytest.param(lambda day: datetime(day.year, day.month, day.day), None, id="true-dates"),  # noqa: DTZ001
        pytest.param(lambda day: serial(day), None, id="excel-serials"),
        pytest.param(lambda day: f"{day.day}{ru(day)}", "Март 2025", id="day-and-weekday"),
        pytest.param(lambda day: f"{ru(day)}\n{day.day}", "Март 2025", id="weekday-and-day"),
        pytest.param(lambda day: f"{day.day}th", "March 2025", id="ordinals"),
        pytest.param(lambda day: f"{day:%d.%m}", "2025", id="dd-mm"),
        pytest.param(lambda day: f"{day:%d.%m.%y}", None, id="dd-mm-yy"),
        pytest.param(lambda day: day.isoformat(), None, id="iso-text"),
        pytest.param(lambda day: f"{day.day}-Mar", "Rota 2025", id="day-month-name"),
        pytest.param(lambda day: f"{day.day} марта 2025", None, id="day-month-year-in-words"),
        pytest.param(lambda day: f"{day:%m/%d/%Y}", None, id="american-slashes"),
        pytest.param(lambda day: f"{day:%d/%m/%Y}", None, id="british-slashes"),
        pytest.param(lambda day: day.day, "Период: 01.03.2025 – 31.03.2025", id="range-in-title"),
        pytest.param(lambda day: day.day, "Duty rota, 1–31 March 2025", id="day-range-in-title"),
        pytest.param(lambda day: day.day, "03.2025", id="month-and-year-in-numbers"),
        pytest.param(lambda day: day.day, "Grafik dyżurów marzec 2025", id="polish"),
        pytest.param(lambda day: day.day, "Графік чергувань на березень 2025", id="ukrainian"),
        pytest.param(lambda day: day.day, "Päivystyslista maaliskuu 2025", id="finnish"),
        pytest.param(lambda day: day.day, "Dienstplan März 2025", id="german"),
    ],
)
def test_days_are_read_in_every_form(header: Callable[[date], Any], title: str | None) -> None:
    data = workbook(Лист1=grid(MARCH, 31, PEOPLE, header=header, title=title, weekday=ru))

    cells = read_roster_file(data, "roster.xlsx")

    assert cells_of(cells) == CELLS
    assert (cells.first_day, cells.last_day) == (MARCH, date(2025, 3, 31))
    assert cells.names == ("Алиса Орлова", "Даниил Котов")
    assert cells.warnings == ()


@pytest.mark.parametrize(
    ("sheet", "file_name", "title"),
    [
        ("Март 2025", "x.xlsx", None),
        ("Март", "График 2025.xlsx", None),
        ("Mar-25", "x.xlsx", None),
        ("2025-03", "x.xlsx", None),
        ("Лист1", "grafik_03_2025.xlsx", None),
        ("Апрель 2024", "x.xlsx", "Март 2025"),
        ("Лист1", "x.xlsx", "УТВЕРЖДАЮ «28» февраля 2024 г. График на март 2025"),
    ],
)
def test_month_and_year_come_from_the_best_place(sheet: str, file_name: str, title: str | None) -> None:
    data = workbook(**{sheet: grid(MARCH, 31, PEOPLE, title=title)})

    cells = read_roster_file(data, file_name)

    assert cells_of(cells) == CELLS


@pytest.mark.parametrize(
    "line",
    [
        "Prepared by April Jones",
        "June Carter, ext. 204",
        "Ward of Dr. Jan Nowak",
        "Author: J. May",
        "Составила Марта Белова",
        "Старший: Май А.Б.",
        "Leitung: August Huber",
    ],
)
@pytest.mark.parametrize("is_down", [False, True])
def test_month_that_is_somebodys_name_dates_no_table(line: str, is_down: bool) -> None:
    days = [[str(day), "Д" if day == 1 else "", "Н" if day == 2 else ""] for day in range(1, 32)]
    rows = [["Дата", "Алиса", "Даниил"], *days]
    rows = rows if is_down else [list(column) for column in zip(*rows, strict=True)]

    cells = read_roster_file(csv_of([["График на 03.2025"], [line], *rows]), "x.csv")

    assert cells_of(cells) == {("Алиса", MARCH, "Д"), ("Даниил", date(2025, 3, 2), "Н")}


def test_person_named_like_a_month_does_not_date_the_table_beside() -> None:
    rows: list[list[str]] = [["Grafik wrzesień 2025"], ["Data", "Krawczyk Jan", "", "Dzień", "Górska Urszula"]]
    rows += [[str(day), "D", "", str(day), "N"] for day in range(1, 8)]

    cells = read_roster_file(csv_of(rows), "x.csv")

    assert {entry.day for entry in cells.entries} == {date(2025, 9, day) for day in range(1, 8)}
    assert {entry.name for entry in cells.entries} == {"Krawczyk Jan", "Górska Urszula"}


@pytest.mark.parametrize(
    "titles",
    [
        [["Rota September 2025"], ["Published in August 2025"]],
        [["Rota September"], ["Replaces the plan of August 2025"]],
        [["Rota September 2025", "", "", "Updated August 2025"]],
    ],
)
def test_titles_that_claim_two_months_are_asked_about(titles: list[list[str]]) -> None:
    table = [["Name", *map(str, range(1, 31))], ["Ann Smith", "D"], ["Bob Brown", "", "D"]]
    file = csv_of([*titles, *table])

    questions = parse_duty_schedule(file, "x.csv")

    assert not isinstance(questions, ParsedRoster)
    (asked,) = [question for question in questions if question.kind == "month"]
    assert set(asked.options) == {"8", "9"}
    told = Answers().answered("month", asked.subject, "9").answered("code", "D", "duty")
    roster = parse_duty_schedule(file, "x.csv", answers=told)
    assert isinstance(roster, ParsedRoster)
    assert [shift.start.date() for shift in roster.shifts] == [date(2025, 9, 1), date(2025, 9, 2)]


def test_titles_that_claim_two_months_are_settled_by_the_weekdays() -> None:
    weekdays = [f"{date(2025, 9, day):%a}" for day in range(1, 31)]
    table = [["", *weekdays], ["Name", *map(str, range(1, 31))], ["Ann Smith", "D"], ["Bob Brown", "", "D"]]

    cells = read_roster_file(csv_of([["Rota September 2025"], ["Published in August 2025"], *table]), "x.csv")

    assert [entry.day for entry in cells.entries] == [date(2025, 9, 1), date(2025, 9, 2)]


@pytest.mark.parametrize(
    "line", ["ext. 2031, room 2014", "Form HR-2019", "© 2019 Acme", "Приказ № 2019-К", "Budget 2026: 2000 hours"]
)
@pytest.mark.parametrize(("title", "is_asked"), [("Сентябрь 2025", False), ("Сентябрь", True)])
def test_number_like_a_year_is_none(line: str, title: str, is_asked: bool) -> None:
    data = workbook(Лист1=lambda sheet: [sheet.append(row) for row in ([title], [line], *_SEPTEMBER)])

    read = parse_duty_schedule(data, "x.xlsx", answers=Answers().answered("code", "Д", "duty"))

    if isinstance(read, ParsedRoster):
        assert not is_asked
        assert [shift.start.date() for shift in read.shifts] == [date(2025, 9, 1), date(2025, 9, 2)]
    else:
        assert is_asked
        assert [question.kind for question in read] == ["year"]


@pytest.mark.parametrize(
    ("titles", "asked"),
    [
        ([["Сентябрь 2025"], ["по образцу: сентябрь 2024"]], "year"),
        ([["Школа 2025/2026"], ["Сентябрь"]], "year"),
        ([["График на 2025 год"], ["Сентябрь"]], ""),
    ],
)
def test_year_is_asked_where_two_are_named(titles: list[list[str]], asked: str) -> None:
    data = workbook(Лист1=lambda sheet: [sheet.append(row) for row in (*titles, *_SEPTEMBER)])

    read = parse_duty_schedule(data, "x.xlsx", answers=Answers().answered("code", "Д", "duty"))

    kinds = [] if isinstance(read, ParsedRoster) else [question.kind for question in read]
    assert kinds == ([asked] if asked else [])


@pytest.mark.parametrize(
    ("sheet", "file_name", "is_told"),
    [
        ("Август", "x.xlsx", True),
        ("Лист1", "График август 2025.xlsx", True),
        ("Лист1", "График 2026.xlsx", True),
        ("Сентябрь", "График август 2025.xlsx", False),
        ("Лист1", "Июль-сентябрь 2025.xlsx", False),
        ("Лист1", "График 2025-2026.xlsx", False),
    ],
)
def test_name_of_another_month_than_the_title_is_told(sheet: str, file_name: str, is_told: bool) -> None:
    data = workbook(**{sheet: grid(date(2025, 9, 1), 30, PEOPLE, title="Сентябрь 2025")})

    cells = read_roster_file(data, file_name)

    assert cells.entries[0].day == date(2025, 9, 1)
    told = [warning for warning in cells.warnings if warning.key == "import.file.title_differs"]
    assert [warning.args["month"] for warning in told] == (["09.2025"] if is_told else [])


def test_entries_name_their_cells() -> None:
    data = workbook(Март=grid(MARCH, 31, {"Алиса": {1: "Д"}, "Даниил": {27: "Н"}}, title="Март 2025", weekday=ru))

    cells = read_roster_file(data)

    assert [(entry.name, entry.where) for entry in cells.entries] == [("Алиса", "Март!B4"), ("Даниил", "Март!AB5")]


def test_ward_sheet_with_approval_numbers_totals_and_legend() -> None:
    def ward(sheet: Worksheet) -> None:
        sheet["A1"] = "УТВЕРЖДАЮ  Главный врач ______  «28» февраля 2025 г."
        sheet["A2"] = "График дежурств врачей на март 2025 г."
        sheet.merge_cells("A2:AH2")
        for cell, text in {"A4": "№ п/п", "B4": "Ф.И.О.", "C4": "Должность", "AI4": "Итого часов"}.items():
            sheet[cell] = text
        for number in range(1, 32):
            sheet.cell(4, 3 + number, number)
            sheet.cell(5, 3 + number, ru(date(2025, 3, number)))
        for row, (name, post) in enumerate([("Орлова А.", "врач"), ("Котов Д.", "врач"), ("Лис С.", "зав.")], 6):
            sheet.cell(row, 1, row - 5)
            sheet.cell(row, 2, name)
            sheet.cell(row, 3, post)
            sheet.cell(row, 35, 24)
        sheet["D6"], sheet["E7"] = "С", "С"
        sheet["B9"], sheet["D9"], sheet["E9"] = "Итого", 1, 1
        sheet["B11"] = "Условные обозначения:"
        sheet["B12"], sheet["D12"] = "С", "сутки"
        sheet["D14"] = "Составил: старшая медсестра Петрова"

    cells = read_roster_file(workbook(Лист1=ward))

    assert cells.names == ("Орлова А.", "Котов Д.", "Лис С.")
    assert cells_of(cells) == {("Орлова А.", date(2025, 3, 1), "С"), ("Котов Д.", date(2025, 3, 2), "С")}


def test_several_months_stacked_and_on_sheets() -> None:
    def year(sheet: Worksheet) -> None:
        sheet["A1"] = "Дежурства 2025"
        grid(date(2025, 1, 1), 31, {"Алиса": {31: "Д"}}, title="Январь", row=2)(sheet)
        grid(date(2025, 2, 1), 28, {"Алиса": {28: "Д"}}, title="Февраль", row=6)(sheet)

    data = workbook(Начало=year, Март=grid(MARCH, 31, {"Даниил": {1: "Д"}}, title="2025"))

    cells = read_roster_file(data)

    assert cells_of(cells) == {
        ("Алиса", date(2025, 1, 31), "Д"),
        ("Алиса", date(2025, 2, 28), "Д"),
        ("Даниил", date(2025, 3, 1), "Д"),
    }
    assert cells.covered == ((date(2025, 1, 1), date(2025, 3, 31)),)


def test_weeks_stacked_over_the_end_of_a_month() -> None:
    def weeks(sheet: Worksheet) -> None:
        sheet["A1"] = "Март 2025"
        for index in range(3):
            first = date(2025, 3, 17 + 7 * index) if index < 2 else date(2025, 3, 31)
            grid(first, 7, {"Алиса": {1: f"Д{index}"}}, row=2 + 4 * index)(sheet)

    cells = read_roster_file(workbook(Лист1=weeks))

    assert cells_of(cells) == {
        ("Алиса", date(2025, 3, 17), "Д0"),
        ("Алиса", date(2025, 3, 24), "Д1"),
        ("Алиса", date(2025, 3, 31), "Д2"),
    }
    assert cells.last_day == date(2025, 4, 6)


def test_short_first_and_last_week_belong_to_the_month() -> None:
    def weeks(sheet: Worksheet) -> None:
        sheet["A1"] = "Март 2025"
        grid(date(2025, 3, 1), 2, {"Алиса": {1: "A"}}, row=2, column=7)(sheet)
        sheet["F3"], sheet["A3"] = None, "Алиса"
        for index in range(4):
            grid(date(2025, 3, 3 + 7 * index), 7, {"Алиса": {1: "B"}}, row=4 + 2 * index)(sheet)
        grid(date(2025, 3, 31), 1, {"Алиса": {1: "C"}}, row=12)(sheet)

    cells = read_roster_file(workbook(Лист1=weeks))

    assert [(entry.day.day, entry.text) for entry in cells.entries] == [
        (1, "A"),
        (3, "B"),
        (10, "B"),
        (17, "B"),
        (24, "B"),
        (31, "C"),
    ]


def test_period_from_the_16th_to_the_15th() -> None:
    data = workbook(Март=grid(date(2025, 3, 16), 31, {"Алиса": {1: "Д", 31: "Н"}}, title="2025"))

    cells = read_roster_file(data)

    assert cells_of(cells) == {("Алиса", date(2025, 3, 16), "Д"), ("Алиса", date(2025, 4, 15), "Н")}


def test_subtotals_between_the_halves_are_stepped_over() -> None:
    def halves(sheet: Worksheet) -> None:
        sheet["A1"] = "Март 2025"
        for number in range(1, 16):
            sheet.cell(2, 1 + number, number)
        sheet.cell(2, 17, "Итого за I половину")
        for number in range(16, 32):
            sheet.cell(2, 2 + number, number)
        sheet.cell(2, 34, 160)
        sheet["A3"] = "Алиса"
        for column, value in {2: "Д", 17: 88, 18: "Н", 34: 160}.items():
            sheet.cell(3, column, value)

    cells = read_roster_file(workbook(Лист1=halves))

    assert cells_of(cells) == {("Алиса", date(2025, 3, 1), "Д"), ("Алиса", date(2025, 3, 16), "Н")}


def test_merged_value_spans_its_days_and_empty_merge_means_nothing() -> None:
    def merged(sheet: Worksheet) -> None:
        grid(MARCH, 31, {"Алиса": {5: "отпуск"}, "Даниил": {}}, title="Март 2025")(sheet)
        sheet.merge_cells("F3:H3")
        sheet.merge_cells("B4:D4")
        sheet["J4"] = "Д"

    cells = read_roster_file(workbook(Лист1=merged))

    assert cells_of(cells) == {("Алиса", date(2025, 3, day), "отпуск") for day in (5, 6, 7)} | {
        ("Даниил", date(2025, 3, 9), "Д")
    }


def test_nameless_and_merged_rows_continue_the_person_above() -> None:
    def shifts(sheet: Worksheet) -> None:
        grid(MARCH, 31, {"Алиса": {1: "08:00-12:00"}}, title="Март 2025")(sheet)
        sheet["B4"] = "14:00-18:00"
        sheet["A5"], sheet["B5"], sheet["C6"] = "Даниил", "Д", "Н"
        sheet.merge_cells("A5:A6")

    cells = read_roster_file(workbook(Лист1=shifts))
    roster = parse_duty_schedule(cells, rules=MOSCOW, answers=Answers(parse_codes("Д=day,Н=night")))

    assert isinstance(roster, ParsedRoster)
    assert [(shift.name, shift.start.hour, shift.end.hour, shift.start.day) for shift in roster.shifts] == [
        ("Алиса", 5, 9, 1),
        ("Даниил", 5, 17, 1),
        ("Алиса", 11, 15, 1),
        ("Даниил", 17, 5, 2),
    ]


def test_surname_and_first_name_columns_are_joined() -> None:
    def two(sheet: Worksheet) -> None:
        sheet.append(["Март 2025"])
        sheet.append(["Фамилия", "Имя", *range(1, 32)])
        sheet.append(["Орлова", "Алиса", "Д"])

    assert read_roster_file(workbook(Лист1=two)).names == ("Орлова Алиса",)


def test_person_without_duties_is_still_in_the_file() -> None:
    data = workbook(Лист1=grid(MARCH, 31, {"Орлова Алиса": {1: "Д"}, "Котов Даниил": {}}, title="Март 2025"))

    assert read_roster_file(data).names == ("Орлова Алиса", "Котов Даниил")


def test_same_person_spelled_in_two_orders_is_one() -> None:
    data = workbook(
        Март=grid(MARCH, 31, {"Фёдор Котов": {1: "Д"}}, title="2025"),
        Апрель=grid(date(2025, 4, 1), 30, {"КОТОВ  Федор (ОРИТ)": {1: "Д"}}, title="2025"),
    )

    cells = read_roster_file(data)

    assert cells.names == ("Фёдор Котов",)
    assert {entry.name for entry in cells.entries} == {"Фёдор Котов"}


def test_whole_year_in_one_row() -> None:
    data = workbook(Год=grid(date(2025, 1, 1), 365, {"Алиса": {1: "Д", 365: "Н"}}, header=lambda day: day))

    cells = read_roster_file(data)

    assert cells_of(cells) == {("Алиса", date(2025, 1, 1), "Д"), ("Алиса", date(2025, 12, 31), "Н")}


def test_hidden_sheets_and_sheets_without_roster_are_mentioned() -> None:
    def hidden(sheet: Worksheet) -> None:
        grid(date(2024, 3, 1), 31, {"Сэм": {1: "Д"}}, title="Март 2024")(sheet)
        sheet.sheet_state = "hidden"

    data = workbook(
        Март=grid(MARCH, 31, PEOPLE, title="2025"),
        Старый=hidden,
        Телефоны=lambda sheet: sheet.append(["Алиса", "8-900"]),
    )

    cells = read_roster_file(data)

    assert cells.names == ("Алиса Орлова", "Даниил Котов")
    assert [warning.text("en") for warning in cells.warnings] == [
        "I skipped a sheet without a roster: Телефоны.",
        "I skipped a hidden sheet: Старый.",
    ]


def test_repeated_header_does_not_begin_another_month() -> None:
    def pages(sheet: Worksheet) -> None:
        grid(MARCH, 31, {"Алиса": {1: "Д"}}, title="Март 2025", weekday=ru)(sheet)
        grid(MARCH, 31, {"Даниил": {31: "Н"}}, weekday=ru, row=5)(sheet)

    cells = read_roster_file(workbook(Лист1=pages))

    assert cells_of(cells) == {("Алиса", MARCH, "Д"), ("Даниил", date(2025, 3, 31), "Н")}


def test_people_by_first_name_are_kept_without_duties() -> None:
    def on_call(sheet: Worksheet) -> None:
        sheet.append(["On-call March 2025"])
        sheet.append(["Engineer", *range(1, 32)])
        sheet.append(["Alice", "x"])
        sheet.append(["Dan"])
        sheet.append(["Sam", None, "x"])
        sheet.append([])
        sheet.append(["x = on call, v = vacation"])

    assert read_roster_file(workbook(Sheet1=on_call)).names == ("Alice", "Dan", "Sam")


def test_group_headings_and_column_numbers_are_no_people() -> None:
    def groups(sheet: Worksheet) -> None:
        sheet.append(["Табель за март 2025"])
        sheet.append(["№", "ФИО", *range(1, 32)])
        sheet.append(list(range(1, 34)))
        sheet.append([None, "Первая смена"])
        sheet.append([1, "Орлова Алиса", "Д"])
        sheet.append([None, "Вторая смена"])
        sheet.append([2, "Котов Даниил", None, "Д"])

    cells = read_roster_file(workbook(Лист1=groups))

    assert (cells.names, cells.warnings) == (("Орлова Алиса", "Котов Даниил"), ())


def test_nameless_counts_under_the_last_person_are_totals() -> None:
    def counted(sheet: Worksheet) -> None:
        grid(MARCH, 31, {"Алиса": {1: "Д"}, "Даниил": {2: "Д"}}, title="Март 2025")(sheet)
        for column in range(2, 33):
            sheet.cell(5, column, 1)

    cells = read_roster_file(workbook(Лист1=counted))

    assert len(cells.entries) == 2
    assert (cells.unread, cells.asked, cells.warnings) == ((), (), ())


def test_dates_over_their_numbers_are_one_header() -> None:
    def double(sheet: Worksheet) -> None:
        sheet.append(["Name", *(date(2025, 3, day) for day in range(1, 32))])
        sheet.append([None, *range(1, 32)])
        sheet.append(["Alice", "x"])

    cells = read_roster_file(workbook(Sheet1=double))

    assert ([entry.where for entry in cells.entries], cells.warnings) == (["Sheet1!B3"], ())


def test_days_of_two_columns_hold_two_pieces() -> None:
    def two(sheet: Worksheet) -> None:
        sheet.append(["Март 2025"])
        sheet.append(["ФИО", *(value for day in range(1, 32) for value in (day, None))])
        sheet.append(["Алиса", "8:00-12:00", "14:00-18:00"])
        for day in range(31):
            sheet.merge_cells(start_row=2, end_row=2, start_column=2 + 2 * day, end_column=3 + 2 * day)

    cells = read_roster_file(workbook(Лист1=two))

    assert [(entry.day.day, entry.where) for entry in cells.entries] == [(1, "Лист1!B3"), (1, "Лист1!C3")]


def test_months_side_by_side_share_the_names() -> None:
    def side(sheet: Worksheet) -> None:
        sheet.append(["График на 2025 год"])
        sheet.append([None, "Март", *[None] * 30, "Апрель"])
        sheet.append(["ФИО", *range(1, 32), *range(1, 31)])
        sheet.append(["Алиса", "Д", *[None] * 30, "Н"])

    cells = read_roster_file(workbook(Лист1=side))

    assert cells_of(cells) == {("Алиса", MARCH, "Д"), ("Алиса", date(2025, 4, 1), "Н")}


def test_days_count_from_1904_or_are_numbers_shown_as_dates() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    grid(MARCH, 31, {"Алиса": {1: "Д"}}, header=lambda day: day)(book.active)
    numbers = Workbook()
    grid(MARCH, 31, {"Алиса": {1: "Д"}}, title="Март 2025")(numbers.active)
    for cell in numbers.active[2][1:]:
        cell.number_format = "d"

    for data in (saved(book), saved(numbers)):
        assert cells_of(read_roster_file(data)) == {("Алиса", MARCH, "Д")}
