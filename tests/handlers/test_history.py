"""/history and /undo: who changed what, in words, and taking it back days later."""

import pytest

from tests.handlers.conftest import ALICE, DAN, Json, World, buttons, roster_json
from tests.handlers.test_import import TWO, after, apply, press, send

pytestmark = pytest.mark.usefixtures("read_here")

LATER = roster_json(Dan_Duty="Б О", Alice_Admin=" Б ")


def imported(world: World, data: bytes, name: str) -> Json:
    return apply(world, send(world, data, name))


def test_history_before_any_change_says_so(world: World) -> None:
    assert world.say(ALICE, "/history")["text"] == "No changes yet."
    assert world.say(ALICE, "/undo")["text"] == "There is nothing to undo."


def test_history_says_who_imported_which_file_and_counts_newest_first(world: World) -> None:
    imported(world, TWO, "november.json")
    world.clock.move(days=1)
    imported(world, LATER, "better.json")

    answer = world.say(ALICE, "/history")

    newest = "Tue 24 Nov, 12:00\nAlice imported better.json: 1 shift added, 1 shift removed"
    assert answer["text"] == f"{newest}\n\nMon 23 Nov, 12:00\nAlice imported november.json: 3 shifts added"
    assert list(buttons(answer)) == ["↩️ Undo: better.json", "↩️ Undo: november.json"]


def test_history_is_turned_page_by_page(world: World) -> None:
    for number in range(6):
        imported(world, TWO if number % 2 else LATER, f"{number}.json")

    first = world.say(ALICE, "/history")
    press(world, first, "▶")
    second = after(world, first, "0.json")

    assert "0.json" not in first["text"]
    assert list(buttons(second)) == ["↩️ Undo: 0.json", "◀"]


def test_undo_from_the_history_shows_what_it_does_and_leads_back(world: World) -> None:
    imported(world, TWO, "november.json")
    listed = world.say(ALICE, "/history")
    press(world, listed, "↩️ Undo: november.json")
    asked = after(world, listed, "Undo this change?")

    assert asked["text"].startswith(
        "Undo this change?\n\nMon 23 Nov, 12:00\nAlice imported november.json: 3 shifts added"
    )
    assert asked["text"].count("\n− ") == 3
    assert list(buttons(asked)) == ["↩️ Undo", "◀ Back to the list"]
    assert world.rows("SELECT count(*) FROM duties WHERE cancelled_at IS NULL") == [(3,)]
    press(world, asked, "◀ Back to the list")
    listed = world.chat.wait_for_message(  # the question names the change in the same words
        ALICE, lambda m: "↩️ Undo: november.json" in buttons(m), after_id=asked["message_id"] - 1
    )
    press(world, listed, "↩️ Undo: november.json")
    press(world, after(world, listed, "Undo this change?"), "↩️ Undo")
    after(world, listed, "The schedule is as it was")
    assert world.rows("SELECT count(*) FROM duties WHERE cancelled_at IS NULL") == [(0,)]


def test_undo_days_later_takes_the_last_change_back(world: World) -> None:
    imported(world, TWO, "november.json")
    world.clock.move(days=5)

    offer = world.say(ALICE, "/undo")
    assert "Alice imported november.json: 3 shifts added" in offer["text"]
    press(world, offer, "↩️ Undo")
    after(world, offer, "The schedule is as it was")

    assert world.rows("SELECT count(*) FROM duties WHERE cancelled_at IS NULL") == [(0,)]
    said = world.say(ALICE, "/history")
    assert "Alice undid this: Alice imported november.json: 3 shifts added" in said["text"]
    assert said["text"].endswith("Alice imported november.json: 3 shifts added · undone")
    assert list(buttons(said)) == ["↪️ Redo: november.json"]
    assert world.say(ALICE, "/undo")["text"] == "There is nothing to undo."


def test_undo_of_an_older_change_names_what_is_in_the_way(world: World) -> None:
    imported(world, TWO, "november.json")
    imported(world, roster_json(Dan_Duty="  Б", Alice_Admin="Б  "), "other.json")

    listed = world.say(ALICE, "/history")
    answer = press(world, listed, "↩️ Undo: november.json")

    assert answer is not None
    assert answer["show_alert"] is True
    assert "Alice: other.json" in answer["text"]


def test_history_tells_a_redo_from_an_undo(world: World) -> None:
    imported(world, TWO, "november.json")
    offer = world.say(ALICE, "/undo")
    press(world, offer, "↩️ Undo")
    undone = after(world, offer, "The schedule is as it was")
    press(world, undone, "↪️ Redo")
    redone = after(world, undone, "Redone")
    press(world, redone, "↩️ Undo the import")
    after(world, redone, "The schedule is as it was")

    said = world.say(ALICE, "/history")["text"]

    kinds = [line.split(" ")[1] for line in said.splitlines() if "november.json" in line]
    assert kinds == ["undid", "redid", "undid", "imported"]


def test_history_is_for_admins(world: World) -> None:
    refusal = world.say(DAN, "/duty")["text"]
    for command in ("/history", "/undo"):
        world.clock.move(seconds=61)  # a stranger is answered once a minute
        assert world.say(DAN, command)["text"] == refusal
