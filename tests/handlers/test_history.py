"""/history and /undo: who changed what, and taking it back days later."""

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


def test_history_names_author_file_and_counts_newest_first(world: World) -> None:
    imported(world, TWO, "november.json")
    world.clock.move(days=1)
    imported(world, LATER, "better.json")

    answer = world.say(ALICE, "/history")

    newest = "2. Tue 24 Nov, 12:00, Alice\nImport: better.json +1 −1"
    assert answer["text"] == f"{newest}\n\n1. Mon 23 Nov, 12:00, Alice\nImport: november.json +3"
    assert list(buttons(answer)) == ["↩️ 2", "↩️ 1"]


def test_undo_days_later_takes_the_last_change_back(world: World) -> None:
    imported(world, TWO, "november.json")
    world.clock.move(days=5)

    offer = world.say(ALICE, "/undo")
    press(world, offer, "↩️ Undo it")
    after(world, offer, "The schedule is as it was")

    assert world.rows("SELECT count(*) FROM duties WHERE cancelled_at IS NULL") == [(0,)]
    assert "Undone: november.json −3" in world.say(ALICE, "/history")["text"]
    assert world.say(ALICE, "/undo")["text"] == "There is nothing to undo."


def test_undo_of_an_older_change_names_what_is_in_the_way(world: World) -> None:
    imported(world, TWO, "november.json")
    imported(world, roster_json(Dan_Duty="  Б", Alice_Admin="Б  "), "other.json")

    listed = world.say(ALICE, "/history")
    answer = press(world, listed, "↩️ 1")

    assert answer is not None
    assert answer["show_alert"] is True
    assert "Alice: other.json" in answer["text"]


def test_history_tells_a_redo_from_an_undo(world: World) -> None:
    imported(world, TWO, "november.json")
    offer = world.say(ALICE, "/undo")
    press(world, offer, "↩️ Undo it")
    undone = after(world, offer, "The schedule is as it was")
    press(world, undone, "↪️ Redo")
    redone = after(world, undone, "Redone")
    press(world, redone, "↩️ Undo the import")
    after(world, redone, "The schedule is as it was")

    said = world.say(ALICE, "/history")["text"]

    kinds = [line.split(":")[0] for line in said.splitlines() if "november.json" in line]
    assert kinds == ["Undone", "Redone", "Undone", "Import"]


def test_history_is_for_admins(world: World) -> None:
    refusal = world.say(DAN, "/duty")["text"]
    for command in ("/history", "/undo"):
        world.clock.move(seconds=61)  # a stranger is answered once a minute
        assert world.say(DAN, command)["text"] == refusal
