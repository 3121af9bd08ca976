"""Text with a line through it: whoever made the file says whether it still counts."""

from collections.abc import Callable

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from duty_teller.importers.duty_schedule import Answers, ParsedRoster, Question, parse_codes, parse_duty_schedule
from tests.importers.builders import MOSCOW, saved
from tests.importers.test_ods import document, row, table, text

NAMES = ("Anna Lindt", "Boris Kern", "Mia Holt")
KEPT = [(1, "Anna Lindt"), (2, "Boris Kern"), (3, "Mia Holt"), (4, "Anna Lindt")]


def _list(third: object = "Mia Holt") -> Workbook:
    book = Workbook()
    book.active.title = "R"
    for line in [["Date", "Name"], *([f"0{day}.04.2026", name] for day, name in KEPT)]:
        book.active.append(line)
    book.active["B4"] = third
    return book


def whole_cell() -> bytes:
    book = _list()
    book.active["B4"].font = Font(strike=True)
    return saved(book)


def part_of_a_cell() -> bytes:
    crossed = TextBlock(InlineFont(strike=True), "Mia Holt")
    return saved(_list(CellRichText(crossed, TextBlock(InlineFont(b=True), " Boris Kern"))))


def cell_of_an_ods() -> bytes:
    lines = [row(text(f"0{day}.04.2026"), text(name)) for day, name in KEPT]
    lines[2] = lines[2].replace(
        "<text:p>Mia Holt", '<text:p><text:span text:style-name="x">Mia Holt</text:span> Boris Kern'
    )
    style = '<style:style style:name="x"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    return document(table(row(text("Date"), text("Name")), *lines, name="R"), style)


def _shifts(result: ParsedRoster | tuple[Question, ...]) -> list[tuple[int, str]]:
    assert isinstance(result, ParsedRoster)
    return [(shift.start.day, shift.name) for shift in result.shifts]


@pytest.mark.parametrize(
    ("make", "dropped", "kept"),
    [
        (whole_cell, None, "Mia Holt"),
        (part_of_a_cell, "Boris Kern", "Mia Holt Boris Kern"),
        (cell_of_an_ods, "Boris Kern", "Mia Holt Boris Kern"),
    ],
)
def test_struck_text_is_asked_about_and_dropped_or_kept(
    make: Callable[[], bytes], dropped: str | None, kept: str
) -> None:
    data = make()

    asked = parse_duty_schedule(data, "r", MOSCOW)

    assert not isinstance(asked, ParsedRoster)
    assert [(one.kind, one.subject, one.example, one.options) for one in asked] == [
        ("struck", kept, "R!B4", ("drop", "keep"))
    ]
    without = parse_duty_schedule(data, "r", MOSCOW, Answers().answered("struck", kept, "drop"))
    everything = parse_duty_schedule(data, "r", MOSCOW, Answers().answered("struck", kept, "keep"))
    assert _shifts(without) == [item for item in [*KEPT[:2], (3, dropped), KEPT[3]] if item[1]]
    assert _shifts(everything) == [*KEPT[:2], (3, kept), KEPT[3]]


def test_struck_name_of_a_grid_takes_its_codes_with_it() -> None:
    book = Workbook()
    for line in [["April 2026"], ["Name", *range(1, 8)], *([name, "D", *[None] * 5, "D"] for name in NAMES)]:
        book.active.append(line)
    book.active["A4"].font = Font(strike=True)
    codes = Answers().remembering(parse_codes("D=day"))

    roster = parse_duty_schedule(saved(book), "r", MOSCOW, codes.answered("struck", "Boris Kern", "drop"))

    assert _shifts(roster) == [(1, "Anna Lindt"), (1, "Mia Holt"), (7, "Anna Lindt"), (7, "Mia Holt")]


def test_struck_title_makes_no_difference_and_is_not_asked_about() -> None:
    book = _list()
    book.active["D1"] = "old"
    book.active["D1"].font = Font(strike=True)

    assert _shifts(parse_duty_schedule(saved(book), "r", MOSCOW)) == KEPT
