"""Workbooks that show what text files cannot: merged cells, true dates, serial numbers, several sheets."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from tests.importers.builders import workbook


def _sheet(rows: list[list[Any]], *merges: str) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for row in rows:
            sheet.append(row)
        for merge in merges:
            sheet.merge_cells(merge)

    return fill


def _serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


def _days(first: int, last: int) -> list[date]:
    return [date(2025, 3, number) for number in range(first, last + 1)]


def roles_under_merged_headings() -> bytes:
    rows = [
        ["On-call", "US SHIFT", None, "EU SHIFT", None],
        ["Date", "PRIMARY", "SECONDARY", "PRIMARY", "SECONDARY"],
        *([day, "Alice Adams", "Dan Dale", "Sam Stone", "Dan Dale"] for day in _days(1, 2)),
    ]
    return workbook(OnCall=_sheet(rows, "B1:C1", "D1:E1"))


def merged_date_over_two_people() -> bytes:
    rows = [
        ["Дата", "Дежурный", "Телефон"],
        [date(2025, 3, 1), "Орлова Алиса", 89000000001],
        [None, "Котов Даниил", 89000000002],
        [date(2025, 3, 2), "Орлова Алиса", None],
        [None, "Котов Даниил", None],
    ]
    return workbook(Март=_sheet(rows, "A2:A3", "A4:A5"))


def merged_person_over_from_to_hours() -> bytes:
    rows = [
        ["Март 2025"],
        ["Дата", "Орлова Алиса", None, None, "Котов Даниил", None, None],
        [None, "с", "до", "часы", "с", "до", "часы"],
        *([day, time(8), time(20), 12, time(20), time(8), 12] for day in _days(1, 5)),
    ]
    return workbook(Март=_sheet(rows, "B2:D2", "E2:G2"))


def name_merged_over_a_week_of_a_role() -> bytes:
    rows = [
        ["March 2025"],
        [None, *range(1, 15)],
        ["Primary", "Alice Adams", *[None] * 6, "Dan Dale"],
        ["Backup", "Dan Dale", *[None] * 6, "Alice Adams"],
    ]
    return workbook(Rota=_sheet(rows, "B3:H3", "I3:O3", "B4:H4"))


def list_with_times_in_dates() -> bytes:
    rows = [
        ["Start", "End", "Who"],
        [datetime(2025, 3, 1, 9), datetime(2025, 3, 8, 9), "Alice Adams"],  # noqa: DTZ001
        [datetime(2025, 3, 8, 9), datetime(2025, 3, 15), "Dan Dale"],  # noqa: DTZ001
    ]
    return workbook(Rota=_sheet(rows))


def list_with_serial_numbers() -> bytes:
    rows = [
        ["Date", "Name"],
        [_serial(date(2025, 3, 1)), "Alice Adams"],
        [_serial(date(2025, 3, 3)), "Dan Dale"],
    ]
    return workbook(Rota=_sheet(rows))


def people_with_birthdays() -> bytes:
    rows = [
        ["Март 2025"],
        ["№", "ФИО", "Дата рождения", *range(1, 32)],
        [1, "Орлова Алиса", date(1990, 5, 1), "день"],
        [2, "Котов Даниил", date(1985, 6, 2), None, "ночь"],
    ]
    return workbook(Март=_sheet(rows))


def shapes_on_three_sheets() -> bytes:
    grid = [["Март 2025"], [None, *range(1, 32)], ["Орлова Алиса", "день"], ["Котов Даниил", None, "день"]]
    listed = [["Дата", "Дежурный"], [date(2025, 4, 1), "Орлова Алиса"]]
    shifts = [["Дата", "День", "Ночь"], [date(2025, 5, 1), "Орлова Алиса", "Котов Даниил"]]
    return workbook(Март=_sheet(grid), Апрель=_sheet(listed), Май=_sheet(shifts))


def names_on_two_lines_of_a_cell() -> bytes:
    rows = [["Дата", "Дежурные"], *([day, "Орлова Алиса\nКотов Даниил"] for day in _days(1, 2))]
    return workbook(Март=_sheet(rows))


def list_above_grid() -> bytes:
    rows = [
        ["Дата", "Дежурный"],
        [date(2025, 4, 1), "Орлова Алиса"],
        [date(2025, 4, 2), "Котов Даниил"],
        [],
        ["Март 2025"],
        ["ФИО", *range(1, 32)],
        ["Орлова Алиса", "день"],
        ["Котов Даниил", None, "ночь"],
    ]
    return workbook(График=_sheet(rows))


def two_months_down() -> bytes:
    rows: list[list[Any]] = [["Январь 2025"], ["Число", "Орлова Алиса", "Котов Даниил"]]
    rows += [[number, "день" if number % 2 else None, None if number % 2 else "ночь"] for number in range(1, 32)]
    rows += [["Февраль 2025"], ["Число", "Орлова Алиса", "Котов Даниил"]]
    rows += [[number, "день" if number % 2 else None, None if number % 2 else "ночь"] for number in range(1, 29)]
    return workbook(График=_sheet(rows))


def hospital_departments() -> bytes:
    weekdays = ["Сб", "Вс", "Пн", "Вт", "Ср", "Чт", "Пт"]
    surgeons, doctors = ["Иванов", "Петров", "Сидоренко"], ["Ким", "Ли", "Цой"]
    rows: list[list[Any]] = [["График дежурств врачей на март 2025 г."], ["Дата", "День", "Хирургия", "Терапия"]]
    rows += [[day, weekdays[(day - 1) % 7], surgeons[day % 3], doctors[day % 3]] for day in range(1, 32)]
    rows += [[], [None, None, "Зав. отделением", "Смирнов"]]
    return workbook(Март=_sheet(rows))


def school_week_of_posts() -> bytes:
    rows = [
        ["Дежурство учителей"],
        ["Пост", "Понедельник", "Вторник", "Среда", "Четверг", "Пятница"],
        ["1 этаж", "Иванова А.П.", "Петрова Б.", "Лис В.", "Иванова А.П.", "Петрова Б."],
        ["Столовая", "Петрова Б.", "Лис В.", "Иванова А.П.", "Петрова Б.", "Лис В."],
    ]
    return workbook(Неделя=_sheet(rows))


def it_rotation_by_weeks() -> bytes:
    rows = [
        ["On-call rotation Q1"],
        ["Week", "From", "To", "Primary", "Secondary"],
        ["W10", date(2025, 3, 3), date(2025, 3, 4), "Alice Adams", "Dan Dale"],
        ["W11", date(2025, 3, 5), date(2025, 3, 6), "Dan Dale", "Alice Adams"],
    ]
    return workbook(OnCall=_sheet(rows))


def noc_grid_of_times() -> bytes:
    rows = [
        ["NOC shift schedule"],
        ["Name", "Phone", *_days(1, 14)],
        ["Alice Adams", "+49 30 123456", *["0600-1400", "OFF", "1400-2200", "2200-0600"] * 3],
        ["Dan Dale", "+49 30 123457", *["OFF", "0600-1400", "2200-0600", "annual leave"] * 3],
    ]
    return workbook(March=_sheet(rows))


def sheets_of_people() -> bytes:
    def shifts(first: int) -> Callable[[Worksheet], None]:
        days = [[date(2025, 3, day), time(8), time(20)] for day in range(first, 10, 2)]
        return _sheet([["Date", "From", "To"], *days, [date(2025, 3, 11)]])

    return workbook(**{"Alice Adams": shifts(1), "Dan Dale": shifts(2)})


def bad_error_value_in_a_list() -> bytes:
    rows = [["Дата", "Имя"], [date(2025, 3, 1), "=A9"], [date(2025, 3, 2), "Котов Даниил"]]
    return workbook(Март=_sheet(rows))


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    f"{make.__name__}.xlsx": make
    for make in (
        roles_under_merged_headings,
        merged_date_over_two_people,
        merged_person_over_from_to_hours,
        name_merged_over_a_week_of_a_role,
        list_with_times_in_dates,
        list_with_serial_numbers,
        people_with_birthdays,
        shapes_on_three_sheets,
        names_on_two_lines_of_a_cell,
        list_above_grid,
        two_months_down,
        hospital_departments,
        school_week_of_posts,
        it_rotation_by_weeks,
        noc_grid_of_times,
        sheets_of_people,
        bad_error_value_in_a_list,
    )
}
