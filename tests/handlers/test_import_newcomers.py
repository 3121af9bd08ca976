"""A team's first file and its next one, from outside: how many taps, and what fits a phone's screen."""

import io
from typing import Final

import pytest
from openpyxl import Workbook

from tests.handlers.conftest import ALICE, Json, World, buttons, roster_json
from tests.handlers.test_import import after, month_grid, press, send, shifts

pytestmark = pytest.mark.usefixtures("read_here")

RIGHT: Final = "✅ That's right"
APPLY: Final = "✅ Apply"
CHARACTERS: Final = 40
"""Of a line at 390 px."""


def ward_with_legend() -> bytes:
    """A hospital ward's month: title, numbering, totals, a legend below, a signature."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Ноябрь"
    sheet["A1"] = "График дежурств отделения на ноябрь 2026 г."
    for column, heading in enumerate(["№", "ФИО", *range(1, 31), "Итого"], start=1):
        sheet.cell(3, column, heading)
    people = ["Иванова Анна Петровна", "Петров Олег Ильич", "Сидорова Мария Львовна", "Кузнецов Пётр Фомич"]
    for row, name in enumerate(people):
        sheet.cell(4 + row, 1, row + 1)
        sheet.cell(4 + row, 2, name)
        for day in range(30):
            code = "ДНВВ"[(day + row) % 4] if row < 3 or day < 15 else "О"
            sheet.cell(4 + row, 3 + day, code)
        sheet.cell(4 + row, 33, 168)
    sheet["A10"] = "Д – день 08:00–20:00, Н – ночь 20:00–08:00, В – выходной, О – отпуск"
    sheet["A12"] = "Зав. отделением"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


ON_CALL: Final = b"""Date,Primary,Secondary
2026-11-23,Ann Archer,Bob Baker
2026-11-24,Bob Baker,Cid Cole
2026-11-25,Cid Cole,Ann Archer
2026-11-26,Ann Archer,Bob Baker
2026-11-27,Bob Baker,Cid Cole
"""


def taps_to_the_end(world: World, message: Json) -> list[str]:
    """Presses what a newcomer presses who agrees, until the schedule is written; returns the buttons."""
    pressed: list[str] = []
    while APPLY not in buttons(message):
        known = [name for name in (RIGHT, "Duty, all day") if name in buttons(message)]
        assert known, message["text"]
        before = message["text"]
        press(world, message, known[0])
        pressed.append(known[0])
        message = world.chat.wait_for_message(
            ALICE,
            lambda m, old=message["message_id"], text=before: m["message_id"] == old and m["text"] != text,
            after_id=message["message_id"] - 1,
        )
    press(world, message, APPLY)
    after(world, message, "Schedule updated")
    return [*pressed, APPLY]


def height(text: str) -> int:
    """Lines of a text on a phone, as long ones wrap."""
    return sum(max(1, -(-len(line) // CHARACTERS)) for line in text.splitlines())


def test_ward_with_a_legend_takes_one_tap(world: World) -> None:
    pressed = taps_to_the_end(world, send(world, ward_with_legend(), "График ноябрь.xlsx"))

    assert len(pressed) <= 3
    assert len(shifts(world)) == 54  # three people 15 or 16 times, one 8 times and on vacation


def test_ward_with_usual_letters_takes_two_taps_and_its_next_month_one(world: World) -> None:
    november = month_grid(Иванова_Анна="ДНВВДНВВ", Петров_Олег="ВДНВВДНВ", Сидорова_Мария="ООООООБ ")

    pressed = taps_to_the_end(world, send(world, november, "ноябрь.xlsx"))
    again = taps_to_the_end(world, send(world, month_grid(Иванова_Анна="НВВДНВВД", Петров_Олег="ДНВВДНВВ"), "еще.xlsx"))

    assert pressed == [RIGHT, APPLY]
    assert again == [APPLY]


def test_on_call_list_with_columns_of_roles_takes_at_most_three_taps(world: World) -> None:
    pressed = taps_to_the_end(world, send(world, ON_CALL, "oncall.csv"))

    assert len(pressed) <= 3
    assert len(shifts(world)) == 10


def test_school_list_of_words_takes_one_tap(world: World) -> None:
    lines = ["Дата;Дежурный"] + [
        f"{day:02d}.12.2026;{'Орлова Нина' if day % 2 else 'Зуев Пётр'}" for day in range(1, 9)
    ]

    pressed = taps_to_the_end(world, send(world, "\n".join(lines).encode(), "школа.csv"))

    assert pressed == [APPLY]
    assert len(shifts(world)) == 8


def test_preview_of_thirty_people_fits_one_screen_and_details_have_the_rest(world: World) -> None:
    people = {f"Surname{n:02d} Name{n:02d}": "Б О Б ББ"[: 3 + n % 5] for n in range(30)}

    preview = send(world, roster_json(**people))

    assert height(preview["text"]) <= 25
    assert "👥 30 people" in preview["text"]
    assert "Would add" in preview["text"]
    press(world, preview, "Details")
    details = after(world, preview, "• Surname29 Name29: +")
    assert all(f"• {name}: +" in details["text"] for name in people)
    assert APPLY not in buttons(details)
    press(world, details, "‹ Back")
    press(world, after(world, preview, "…and"), APPLY)
    after(world, preview, "Schedule updated")
    documents = [m for m in world.chat.messages(ALICE) if m["document"] is not None and m["sender"]["is_bot"]]
    assert documents == []  # nothing is sent unasked


def test_details_of_many_turn_pages(world: World) -> None:
    people = {f"{n:03d} {'Long' * 12}": "Б" for n in range(90)}
    preview = send(world, roster_json(**people))
    press(world, preview, "Details")
    first = after(world, preview, "• 020 Long")
    assert "• 000 Long" in first["text"]
    press(world, first, "▶")
    second = after(world, preview, "• 085 Long")

    assert "• 020 Long" not in second["text"].partition("• 089")[0]
    assert "◀" in buttons(second)


def test_cells_that_were_not_read_are_counted_on_the_screen_of_a_large_file(world: World) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "November 2026"
    for day in range(1, 31):
        sheet.cell(1, day + 1, day)
    for row in range(30):
        sheet.cell(2 + row, 1, f"Person{row:02d} Name{row:02d}")
        sheet.cell(2 + row, 2 + row % 28, "duty")
    sheet.cell(2, 32, "duty")
    target = io.BytesIO()
    book.save(target)

    question = send(world, target.getvalue(), "november.xlsx")
    press(world, question, "Leave it out")
    preview = after(world, question, "Would add 30")

    assert "I couldn't read 1 cell" in preview["text"]
    assert "AF2" in preview["text"]
    assert height(preview["text"]) <= 25


def test_file_of_another_team_gets_a_roster_of_its_own(planned: World) -> None:
    before = shifts(planned)
    question = send(planned, roster_json(**{"Ann Archer": "ББ ", "Bob Baker": "  Б"}), "network.json")
    assert "2 people in the file, and none of them is on this roster" in question["text"]

    press(planned, question, "Yes, a new roster")
    after(planned, question, "name your current roster")
    assert "Support" in planned.say(ALICE, "Support")["text"]
    assert "“Support”" in planned.say(ALICE, "support")["text"]  # the name is taken: asked again
    preview = planned.say(ALICE, "Network")
    assert "Would add 3" in preview["text"]
    assert "network.json → 📋 Network" in preview["text"]
    press(planned, preview, APPLY)
    after(planned, preview, "Schedule updated")

    assert planned.rows("SELECT name FROM rosters ORDER BY id") == [("Support",), ("Network",)]
    own = "SELECT count(*) FROM duties JOIN rosters ON rosters.id = roster_id WHERE rosters.name = 'Network'"
    assert planned.rows(own) == [(3,)]
    assert len(shifts(planned)) == len(before) + 3


def test_file_of_other_people_goes_into_the_same_roster_when_told_so(planned: World) -> None:
    question = send(planned, roster_json(**{"Ann Archer": "ББ ", "Bob Baker": "  Б"}), "network.json")

    press(planned, question, "Yes, a new roster")
    press(planned, after(planned, question, "name your current roster"), "‹ Back")
    press(planned, after(planned, question, "another team"), "No, the same roster")
    preview = after(planned, question, "Would add 3")
    press(planned, preview, APPLY)
    after(planned, preview, "Schedule updated")

    assert planned.rows("SELECT count(*) FROM rosters") == [(1,)]


def test_file_that_names_one_of_the_roster_is_no_other_team(planned: World) -> None:
    preview = send(planned, roster_json(**{"Ann Archer": "ББ ", "Dan Duty": "  Б"}), "next.json")

    assert "another team" not in preview["text"]
    assert APPLY in buttons(preview)
