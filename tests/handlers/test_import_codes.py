"""All codes of a file on one screen: agreed to at once, changed one by one, taken back."""

import json

import pytest

from tests.handlers.conftest import ALICE, Json, World, buttons
from tests.handlers.test_import import after, apply, month_grid, press, send, shifts

pytestmark = pytest.mark.usefixtures("read_here")

RIGHT = "✅ That's right"


def codes(world: World) -> dict[str, str]:
    """What the roster remembers."""
    found: dict[str, str] = json.loads(world.rows("SELECT codes FROM rosters")[0][0])
    return found


def lines(message: Json) -> list[str]:
    return [line for line in message["text"].splitlines() if line.startswith("• ")]


def test_usual_letters_are_suggested_and_agreed_to_with_one_tap(world: World) -> None:
    screen = send(world, month_grid(Иван_Петров="ДНВО", Анна_Иванова="ВДН "), "ноябрь.xlsx")
    assert screen["text"].splitlines()[0] == "❓ 4 codes in the file. I read them like this. Is that right?"
    assert lines(screen) == [
        "• Д – Day shift 08:00–20:00 (2 cells, my guess)",
        "• Н – Night shift 20:00–08:00 (2 cells, my guess)",
        "• В – Nothing (2 cells, my guess)",
        "• О – Vacation (1 cell, my guess)",
    ]
    assert shifts(world) == []
    assert codes(world) == {}

    press(world, screen, RIGHT)
    apply(world, after(world, screen, "Would add 5"))

    assert sorted(codes(world).values()) == ["day", "night", "nothing", "vacation"]


def test_code_without_a_likely_meaning_has_to_be_answered_first(world: World) -> None:
    screen = send(world, month_grid(Иван_Петров="ДНЯ", Анна_Иванова="Ж  "), "ноябрь.xlsx")
    assert RIGHT not in buttons(screen)
    assert lines(screen)[:2] == [
        "• Я – ? · 1 cell, first D2 (sheet “Ноябрь 2026”)",
        "• Ж – ? · 1 cell, first B3 (sheet “Ноябрь 2026”)",
    ]

    press(world, screen, "✏️ Я")
    press(world, after(world, screen, "What does the code “Я” mean?"), "Vacation")
    screen = after(world, screen, "• Я – Vacation (1 cell)")
    assert RIGHT not in buttons(screen)
    typed = world.say(ALICE, "Ж=08:00-16:30")
    assert "• Ж – 08:00–16:30 (1 cell)" in typed["text"]
    press(world, typed, RIGHT)
    apply(world, after(world, typed, "Would add 4"))

    assert sorted(codes(world).values()) == ["08:00-16:30", "day", "night", "vacation"]


def test_suggestion_is_changed_by_its_button_and_the_way_back_stays(world: World) -> None:
    screen = send(world, month_grid(Иван_Петров="ДНО"), "ноябрь.xlsx")

    press(world, screen, "✏️ О")
    asked = after(world, screen, "What does the code “О” mean?")
    press(world, asked, "‹ Back")
    press(world, after(world, screen, "• О – Vacation"), "✏️ О")
    press(world, after(world, screen, "What does the code “О” mean?"), "Nothing")
    press(world, after(world, screen, "• О – Nothing (1 cell)"), RIGHT)
    preview = after(world, screen, "Would add 2")
    press(world, preview, "↩ Back to the last question")
    press(world, after(world, screen, "• О – Nothing (1 cell)"), RIGHT)
    apply(world, after(world, screen, "Would add 2"))

    assert sorted(codes(world).values()) == ["day", "night", "nothing"]


def test_text_at_the_screen_that_names_no_code_is_refused(world: World) -> None:
    send(world, month_grid(Иван_Петров="ДЯ"), "ноябрь.xlsx")

    assert "I don't understand “hello”. Tap a code" in world.say(ALICE, "hello")["text"]
    assert "I don't understand “Ж=day”" in world.say(ALICE, "Ж=day")["text"]
    assert "I don't understand “Я=whenever”" in world.say(ALICE, "Я=whenever")["text"]


def test_day_letter_alone_is_not_suggested(world: World) -> None:
    screen = send(world, month_grid(Иван_Петров="ДВ"), "ноябрь.xlsx")

    assert all("– ? · 1 cell" in line for line in lines(screen))


def test_hours_inside_a_code_are_its_suggestion(world: World) -> None:
    screen = send(world, month_grid(Dan_Duty=["A 8-20", "B 20-8"]), "rota.xlsx")  # type: ignore[arg-type]

    assert lines(screen) == ["• A 8-20 – 08:00–20:00 (1 cell, my guess)", "• B 20-8 – 20:00–08:00 (1 cell, my guess)"]


def test_many_codes_turn_pages_and_are_agreed_to_on_the_last(world: World) -> None:
    spans = [f"K {hour}-{hour + 8}" for hour in range(14)]
    screen = send(world, month_grid(Dan_Duty=spans), "rota.xlsx")  # type: ignore[arg-type]
    assert (len(lines(screen)), RIGHT in buttons(screen)) == (10, False)

    press(world, screen, "▶")

    second = after(world, screen, "K 13-21")
    assert (len(lines(second)), RIGHT in buttons(second)) == (4, True)
    press(world, second, RIGHT)
    after(world, screen, "Would add 14")
