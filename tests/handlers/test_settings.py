"""/settings: what files have taught the roster, and forgetting it."""

import pytest

from tests.handlers.conftest import ALICE, DAN, Json, World, buttons
from tests.handlers.test_import import LIST, after, apply, month_grid, namesakes, press, roster_json, send

pytestmark = pytest.mark.usefixtures("read_here")


MENU = (
    "⚙️ Settings\n\n🕘 Hand-over: 09:00, Europe/Moscow\n🌗 Day shift 08:00–20:00, night shift 20:00–08:00\n"
    "🛡 Somebody has to be on duty: every day\n⚠️ Gap warnings: on\n"
    "🔁 Cover and swaps: no admin needed\n🎉 Public holidays: off"
)
NOTHING_LEARNED = "I don't remember anything from files yet."


def after_change(world: World, message: Json) -> Json:
    """The same message when the bot has edited it."""
    return world.chat.wait_for_message(
        ALICE,
        lambda m: m["message_id"] == message["message_id"] and m["text"] != message["text"],
        after_id=message["message_id"] - 1,
    )


def go(world: World, message: Json, *labels: str) -> Json:
    """Presses buttons of a message one after the other; returns what it shows then."""
    for label in labels:
        press(world, message, label)
        message = after_change(world, message)
    return message


def memory(world: World) -> Json:
    """Opens what files have taught."""
    return go(world, world.say(ALICE, "/settings"), "Remembered answers")


def test_settings_of_one_roster_hardly_say_the_word(world: World) -> None:
    shown = world.say(ALICE, "/settings")

    assert shown["text"] == MENU
    assert list(buttons(shown)) == [
        "Hand-over",
        "Shift times",
        "Coverage",
        "Stop gap warnings",
        "Cover and swaps",
        "Hours and pay",
        "Public holidays",
        "Other calendars",
        "Remembered answers",
        "Group digests",
        "Another roster",
    ]
    learned = go(world, shown, "Remembered answers")
    assert learned["text"] == NOTHING_LEARNED
    assert go(world, learned, "‹ Back")["text"] == MENU


def test_code_is_remembered_shown_and_asked_again_once_forgotten(world: World) -> None:
    question = send(world, month_grid(Dan_Duty="Д"), "a.xlsx")
    press(world, question, "Day shift 08:00–20:00")
    apply(world, after(world, question, "Would add 1"))
    assert "nothing to change" in send(world, month_grid(Dan_Duty="Д"), "a.xlsx")["text"]

    shown = memory(world)
    assert shown["text"].splitlines()[-1].casefold() == "д = day shift 08:00–20:00"
    label, _back = buttons(shown)
    press(world, shown, label)
    after(world, shown, "I don't remember anything")

    assert "What does the code “Д” mean?" in send(world, month_grid(Dan_Duty="Д"), "a.xlsx")["text"]


def test_order_of_dates_is_remembered_and_forgotten(world: World) -> None:
    question = send(world, LIST.format("10", "10").encode(), "list.csv")
    press(world, question, "Month first")
    apply(world, after(world, question, "Would add 2"))
    assert "nothing to change" in send(world, LIST.format("10", "10").encode(), "list.csv")["text"]

    shown = memory(world)
    assert "Order of dates: Month first" in shown["text"]
    press(world, shown, "✕ Order of dates")
    after(world, shown, "I don't remember anything")

    assert "could be either" in send(world, LIST.format("10", "10").encode(), "list.csv")["text"]


def test_week_of_a_file_is_remembered_for_that_file_only(world: World) -> None:
    week = "Name;Mon;Tue;Wed;Thu;Fri\nDan Duty;duty;;duty;;\n"
    question = send(world, week.encode(), "week.csv")
    press(world, question, "Mon 30 Nov 2026")
    apply(world, after(world, question, "Would add 2"))

    assert "nothing to change" in send(world, week.encode(), "week.csv")["text"]
    assert "Which week" in send(world, week.replace("Dan", "Dana").encode(), "week.csv")["text"]
    world.say(ALICE, "/cancel")

    shown = memory(world)
    assert "Year, month or week of 1 file" in shown["text"]
    press(world, shown, "✕ Years and weeks")
    after(world, shown, "I don't remember anything")
    assert "Which week" in send(world, week.encode(), "week.csv")["text"]


def test_name_is_remembered_and_forgotten(world: World) -> None:
    namesakes(world)
    question = send(world, roster_json(Dan_Duty="Б"))
    press(world, question, "Dan Duty · @dan_the_second")
    apply(world, after(world, question, "Would add 1"))

    shown = memory(world)
    assert "dan duty → Dan Duty" in shown["text"]
    press(world, shown, "✕ dan duty")
    after(world, shown, "I don't remember anything")

    assert "Who is Dan Duty in the file?" in send(world, roster_json(Dan_Duty="Б"))["text"]


def test_settings_turn_their_pages(world: World) -> None:
    codes = ",".join(f'"К{n:02}": "day"' for n in range(25))
    world.work(lambda session: session.connection().exec_driver_sql(f"UPDATE rosters SET codes = '{{{codes}}}'"))

    shown = memory(world)
    press(world, shown, "▶")

    assert list(buttons(after(world, shown, "К10 =")))[-3:] == ["◀", "▶", "‹ Back"]


def test_settings_are_for_admins(world: World) -> None:
    refusal = world.say(DAN, "/settings")["text"]
    world.clock.move(seconds=61)  # a stranger is answered once a minute
    assert refusal == world.say(DAN, "/duty")["text"]
