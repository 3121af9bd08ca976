"""Sample files to send to the bot, as other teams keep their rosters; around today, with the sample team's people."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from duty_teller.demo.sample import SampleTeam
from duty_teller.i18n.lang import table

_WEEKS: Final = 8
_GREY: Final = PatternFill("solid", fgColor="EDEFF2")
_WORDS: Final = {
    "en": {
        "ward.name": "ward.xlsx",
        "ward": "Ward 4",
        "ward.people": "Name",
        "ward.codes": "DN",
        "ward.legend": ("D – 09:00–21:00", "N – 21:00–09:00"),
        "oncall.name": "on-call.csv",
        "oncall": ("From", "To", "Primary", "Backup"),
        "school.name": "school.xlsx",
        "school": "School duty",
        "school.head": ("Date", "Day", "Gate 07:30–14:00", "Canteen 11:30–14:30"),
        "date": "%Y-%m-%d",
        "delimiter": ",",
    },
    "ru": {
        "ward.name": "отделение.xlsx",
        "ward": "Отделение 4",
        "ward.people": "ФИО",
        "ward.codes": "ДН",
        "ward.legend": ("Д – 09:00–21:00", "Н – 21:00–09:00"),
        "oncall.name": "дежурства.csv",
        "oncall": ("С", "По", "Основной", "Резервный"),
        "school.name": "школа.xlsx",
        "school": "Дежурство по школе",
        "school.head": ("Дата", "День", "Вход 07:30–14:00", "Столовая 11:30–14:30"),
        "date": "%d.%m.%Y",
        "delimiter": ";",
    },
}


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A kind of roster file."""

    key: str
    make: Callable[[SampleTeam, date], bytes]

    def name(self, lang: str) -> str:
        """Returns the file's name in a language."""
        return str(_WORDS[lang][f"{self.key}.name"])


def sample_file(key: str, sample: SampleTeam, today: date) -> bytes:
    """Returns the bytes of a sample file (a key of `FILES`) in the team's language; today is one of its days."""
    return FILES[key].make(sample, today)


def _people(sample: SampleTeam) -> list[str]:
    """The team; the first one is on duty in none of the files as they begin, so that the pin changes with each."""
    return [sample.full_name(sample.member), sample.full_name(sample.admin), *sample.others]


def _months(today: date) -> Iterator[list[date]]:
    """The days of this month and the next; on a first the last night is the month before's, which begins then."""
    first = (today - timedelta(days=1)).replace(day=1)
    for _ in range(2):
        following = (first + timedelta(days=32)).replace(day=1)
        yield [first + timedelta(days=number) for number in range((following - first).days)]
        first = following


def _ward(sample: SampleTeam, today: date) -> bytes:
    """A month a sheet, people down and days across: each has a day, then a night, then three days off."""
    words, language, book = _WORDS[sample.lang], table(sample.lang), Workbook()
    day_code, night_code = words["ward.codes"]
    people = _people(sample)
    book.remove(book.worksheets[0])
    for days in _months(today):
        month = language.months[days[0].month - 1]
        sheet = book.create_sheet(f"{month} {days[0].year}")
        sheet.append([f"{words['ward']} · {month} {days[0].year}"])
        sheet.append([words["ward.people"], *(day.day for day in days)])
        sheet.append([None, *(language.weekdays[day.weekday()] for day in days)])
        for number, name in enumerate(people):
            cells: list[str | None] = []
            for day in days:
                turn = ((day - today).days - number + 3) % len(people)
                cells.append({0: day_code, 1: night_code}.get(turn))
            sheet.append([name, *cells])
        _decorate(sheet, 2, 3, len(days) + 1)
        for column in range(2, len(days) + 2):
            sheet.column_dimensions[get_column_letter(column)].width = 4.2
        sheet.append([])
        for line in words["ward.legend"]:
            sheet.append([line])
    return _saved(book)


def _on_call(sample: SampleTeam, today: date) -> bytes:
    """Weeks from Monday to Sunday, two people each."""
    words, people, text = _WORDS[sample.lang], _people(sample), io.StringIO()
    lines = csv.writer(text, delimiter=str(words["delimiter"]), lineterminator="\r\n")
    lines.writerow(words["oncall"])
    monday = today - timedelta(days=today.weekday() + 7)  # the running week begins at its hand-over
    for week in range(_WEEKS):
        first = monday + timedelta(weeks=week)
        span = (day.strftime(str(words["date"])) for day in (first, first + timedelta(days=6)))
        lines.writerow([*span, people[(week + 1) % len(people)], people[(week + 3) % len(people)]])
    return text.getvalue().encode("utf-8-sig")


def _school(sample: SampleTeam, today: date) -> bytes:
    """Days down, two posts across."""
    words, language, book = _WORDS[sample.lang], table(sample.lang), Workbook()
    people, sheet = _people(sample), book.worksheets[0]
    sheet.append([words["school"]])
    sheet.append(list(words["school.head"]))
    yesterday = today - timedelta(days=1)  # on a Monday before the hand-over its day is still the running one
    monday = yesterday - timedelta(days=yesterday.weekday())
    for number in range(_WEEKS * 7):
        day = monday + timedelta(days=number)
        turn = (day - today).days + 2
        pair = people[turn % len(people)], people[(turn + 2) % len(people)]
        sheet.append([day.strftime(str(words["date"])), language.weekdays[day.weekday()], *pair])
    _decorate(sheet, 2, 2, 4)
    for letter in "ACD":
        sheet.column_dimensions[letter].width = 22
    return _saved(book)


def _decorate(sheet: Any, first_row: int, last_row: int, columns: int) -> None:
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = 26
    for row in sheet.iter_rows(min_row=first_row, max_row=last_row, max_col=columns):
        for cell in row:
            cell.font, cell.fill, cell.alignment = Font(bold=True), _GREY, Alignment(horizontal="center")


def _saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


FILES: Final = {
    key: SampleFile(key, make) for key, make in (("ward", _ward), ("oncall", _on_call), ("school", _school))
}
"""Key → a sample file; the page offers them in this order."""
