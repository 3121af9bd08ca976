"""A month grid of 200 people × 366 days, four cells of seven filled, read: ours beside openpyxl alone."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter

import openpyxl
from table import Row

from duty_teller.importers.duty_schedule import read_roster_file

PEOPLE, DAYS, ROUNDS = 200, 366, 3


def _workbook() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("2028")
    sheet.append(["ФИО", *(date(2028, 1, 1) + timedelta(days=number) for number in range(DAYS))])
    for person in range(PEOPLE):
        sheet.append(
            [
                f"Person {person:03}",
                *(("Д", "Н", "О", "В", None, None, None)[(person + day) % 7] for day in range(DAYS)),
            ]
        )
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _openpyxl(data: bytes) -> int:
    book = openpyxl.load_workbook(BytesIO(data), data_only=True)  # read-only mode knows no merged cells
    return sum(value is not None for sheet in book for row in sheet.iter_rows(values_only=True) for value in row)


def measure(_folder: Path) -> list[Row]:
    """Both ways in turn; medians."""
    data = _workbook()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        begin = perf_counter()
        _openpyxl(data)
        middle = perf_counter()
        read_roster_file(data, "2028.xlsx")
        ours.append(perf_counter() - middle)
        theirs.append(middle - begin)
    ratio = median(ours) / median(theirs)
    return [
        Row(
            f"workbook of {PEOPLE} × {DAYS} read",
            f"openpyxl {median(theirs) * 1000:.0f} ms",
            f"{median(ours) * 1000:.0f} ms",
            ratio,
            "≤ 1.3",
            ratio <= 1.3,
        )
    ]
