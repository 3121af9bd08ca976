"""A legend in the file answers the questions about its codes."""

from datetime import date

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from duty_teller.importers.duty_schedule import Answers, ParsedRoster, parse_codes, parse_duty_schedule
from duty_teller.importers.words.legends import read_legend
from tests.importers.builders import MOSCOW, grid, workbook

PEOPLE = {"Алиса Орлова": {1: "Д", 3: "О"}, "Даниил Котов": {2: "Н", 4: "Р"}}


def with_legend(*rows: list[str | None]) -> bytes:
    def fill(sheet: Worksheet) -> None:
        grid(date(2025, 3, 1), 31, PEOPLE, title="Март 2025")(sheet)
        sheet.append([])
        for row in rows:
            sheet.append(row)

    return workbook(Март=fill)


ONE_CELL: list[list[str | None]] = [["Д – день 08:00–20:00, О – отпуск; Н – ночь (20:00–08:00), Р - дежурство"]]
TWO_COLUMNS: list[list[str | None]] = [
    ["Условные обозначения:"],
    ["Д", "день 08:00-20:00"],
    ["О", "отпуск"],
    ["Н", "ночь", "20:00-08:00"],
    ["Р", "сутки"],
]
CELLS_OF_A_ROW: list[list[str | None]] = [
    ["Д – день 8-20", None, "О – отпуск"],
    ["Н – ночь 20-8", None, "Р – дежурство"],
]


@pytest.mark.parametrize("rows", [ONE_CELL, TWO_COLUMNS, CELLS_OF_A_ROW], ids=["one", "columns", "row"])
def test_legend_answers_the_codes(rows: list[list[str | None]]) -> None:
    roster = parse_duty_schedule(with_legend(*rows), "", MOSCOW)

    assert isinstance(roster, ParsedRoster)
    assert roster.codes == (("Д", "08:00-20:00"), ("О", "vacation"), ("Н", "20:00-08:00"), ("Р", "duty"))
    assert [code for code, _, _ in roster.legend] == ["Д", "О", "Н", "Р"]
    assert roster.unread == ()


def test_code_that_a_legend_does_not_explain_for_sure_is_asked() -> None:
    found = parse_duty_schedule(with_legend(["Д – день, Н – ночь, О – отпуск, Р – работа в выходной"]), "", MOSCOW)

    assert not isinstance(found, ParsedRoster)
    assert [(question.kind, question.subject) for question in found] == [("code", "Р")]


def test_answer_goes_before_the_legend_and_the_difference_is_said() -> None:
    data = with_legend(["Д – день, Н – ночь, О – отпуск, Р – дежурство"])

    roster = parse_duty_schedule(data, "", MOSCOW, Answers(parse_codes("Д=duty")))

    assert isinstance(roster, ParsedRoster)
    assert roster.codes[0] == ("Д", "duty")
    assert [warning.text("en") for warning in roster.warnings] == [
        "Март!A6: the legend says “Д” is day, the answer was duty. I use the answer."
    ]


@pytest.mark.parametrize(
    ("text", "codes", "meanings"),
    [
        ("D: day shift 7-19\nN: night\nX: off", "DNX", ["07:00-19:00", "night", "nothing"]),
        ("U – Urlaub, F – Frühdienst 6-14", "UF", ["vacation", "06:00-14:00"]),
        ("D - dyżur, U - urlop, W - wolne", "DUW", ["duty", "vacation", "nothing"]),
        ("P = päivystys, L = loma, V = vapaa", "PLV", ["duty", "vacation", "nothing"]),
        ("Ч – чергування, В – вихідний, Л – відпустка", "ЧВЛ", ["duty", "nothing", "vacation"]),
        ("Ф – фронт-офис, обед 12:00-13:00", "Ф", []),
    ],
)
def test_legends_of_all_languages(text: str, codes: str, meanings: list[str]) -> None:
    assert [str(meaning) for _, meaning in read_legend(text, codes)] == meanings
