"""A file's name and a person are one, through the bot."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from duty_teller.db.models import ChangeKind, EventType
from duty_teller.services import schedule_service
from duty_teller.services.schedule_service import Author, Covered, Shift
from tests.handlers.conftest import ALICE, DAN, MOSCOW, World, buttons, roster_json
from tests.handlers.test_users import card, forge, press, user_id


def offered(world: World) -> World:
    """Dan has his account; the file has a "Danny D" besides."""
    world.link_dan()
    world.import_roster(roster_json(**{"Dan Duty": "Б Б", "Danny D": "ББ  ", "Alice Admin": "   Б"}))
    return world


def test_merge_is_shown_confirmed_undone_and_in_the_history(planned: World) -> None:
    world = offered(planned)
    shown = press(world, ALICE, card(world, "Danny D"), "The same person as…")
    assert shown["text"] == "Who is the same person as Danny D? The closest names come first."
    assert set(buttons(shown)) == {"Dan Duty", "Alice", "Alice Admin", "No, leave it"}
    shown = press(world, ALICE, shown, "Dan Duty")
    assert shown["text"] == (
        "Is Danny D the same person as Dan Duty?\n\n1 shift moves to Dan Duty.\n"
        "Both have 1 shift in common, kept once.\n\n"
        "“Danny D” in files will then mean Dan Duty. You can undo this."
    )
    assert "Danny D" in world.say(ALICE, "/duty today")["text"]

    shown = press(world, ALICE, shown, "Yes, they are the same")

    assert (shown["text"], list(buttons(shown))) == (
        "Merged: Danny D → Dan Duty.",
        ["↩️ Undo the merge", "◀ Back to the card"],
    )
    assert "Danny D" not in world.say(ALICE, "/duty today")["text"]
    assert "merged Danny D with Dan Duty" in world.say(ALICE, "/history")["text"]
    assert card(world, "Dan Duty")["text"].endswith("Also in files as: d danny")
    listed = press(world, ALICE, world.say(ALICE, "/users"), "inactive")
    merged = press(world, ALICE, listed, "Danny D =")
    assert "= Merged: now Dan Duty" in merged["text"]
    assert list(buttons(merged)) == ["◀ Back to the list"]

    undone = press(world, ALICE, shown, "↩️ Undo the merge")

    assert undone["text"].startswith("↩️ Undone: Alice merged Danny D with Dan Duty.")
    assert "Danny D" in world.say(ALICE, "/duty today")["text"]
    assert "Danny D ✉" in buttons(world.say(ALICE, "/users"))


def test_card_of_somebody_with_an_account_offers_names_without(planned: World) -> None:
    world = offered(planned)
    shown = press(world, ALICE, card(world, "Dan Duty"), "The same person as…")
    assert next(iter(buttons(shown))) == "Danny D"
    assert "Alice" not in buttons(shown)
    shown = press(world, ALICE, shown, "Danny D")
    assert shown["text"].startswith("Is Danny D the same person as Dan Duty?")
    assert press(world, ALICE, shown, "No, leave it")["text"].startswith("Dan Duty\n")


@pytest.mark.usefixtures("dan_linked")
def test_overlaps_that_would_arise_are_shown_in_russian(planned: World) -> None:
    planned.chat.add_user(ALICE, "Alice", "alice", "ru")
    planned.import_roster(roster_json(**{"Dan Duty": "Б Б", "Danny D": " О "}))
    evening = datetime(2026, 11, 25, 18, tzinfo=MOSCOW)
    shift = Shift(user_id(planned, "Danny D"), None, evening, evening + timedelta(hours=3), EventType.DUTY)

    def put(session: Any) -> None:
        diff = schedule_service.plan_changes(session, 1, [shift], Covered(frozenset(), ()), ChangeKind.EDIT)
        schedule_service.apply(session, diff, Author(None, "terminal"), "", diff.revision, planned.clock())

    planned.work(put)
    shown = press(planned, ALICE, card(planned, "Danny D"), "Это тот же человек, что…")
    shown = press(planned, ALICE, shown, "Dan Duty")
    assert shown["text"] == (
        "Danny D — это Dan Duty?\n\n2 смены перейдут: Dan Duty.\n\n⚠️ Dan Duty: будет 1 пересечение смен:\n"
        "• ср 25 нояб., 18:00–21:00\n\n"
        "«Danny D» в файлах дальше будет значить: Dan Duty. Это можно отменить."
    )


def test_schedule_that_moved_meanwhile_is_shown_anew(planned: World) -> None:
    world = offered(planned)
    shown = press(world, ALICE, press(world, ALICE, card(world, "Danny D"), "The same person as…"), "Dan Duty")
    world.import_roster(roster_json(**{"Dan Duty": "Б Б", "Danny D": "БББ ", "Alice Admin": "   Б"}))
    alert = world.chat.press(ALICE, shown["message_id"], "Yes, they are the same")
    assert alert is not None
    assert alert["text"] == "The schedule changed while you were looking. Nothing was saved. Please look again."
    world.be_through()
    again = next(m for m in world.chat.messages(ALICE) if m["message_id"] == shown["message_id"])
    assert press(world, ALICE, again, "Yes, they are the same")["text"] == "Merged: Danny D → Dan Duty."


def test_second_tap_and_old_buttons_are_answered_politely(planned: World) -> None:
    world = offered(planned)
    shown = press(world, ALICE, press(world, ALICE, card(world, "Danny D"), "The same person as…"), "Dan Duty")
    data = buttons(shown)["Yes, they are the same"]
    press(world, ALICE, shown, "Yes, they are the same")
    for old in (data, f"mgp:{user_id(world, 'Danny D')}:{user_id(world, 'Dan Duty')}"):
        alert = forge(world, ALICE, old)
        assert alert is not None
        assert alert["text"] == "That person is no longer here. Open the list again: /users"
    alert = forge(world, ALICE, f"mgp:{user_id(world, 'Dan Duty')}:{user_id(world, 'Dan Duty')}")
    assert alert is not None
    assert alert["text"] == "Dan Duty is already one person."


def test_next_import_means_the_person(planned: World) -> None:
    world = offered(planned)
    shown = press(world, ALICE, press(world, ALICE, card(world, "Danny D"), "The same person as…"), "Dan Duty")
    press(world, ALICE, shown, "Yes, they are the same")
    world.import_roster(roster_json(**{"Danny D": "Б", "Alice Admin": " Б"}))
    assert world.say(DAN, "/duty")["text"].startswith("🟢 Сейчас дежурит Dan Duty")


def test_names_with_markup_and_length_stay_names(world: World) -> None:
    one, other = "<b>Anna</b> & " + "A" * 60, "</i>&amp; " + "Я" * 70
    world.import_roster(roster_json(**{one: "О", other: " О"}))
    ids = [row[0] for row in world.rows("SELECT id FROM users WHERE telegram_user_id IS NULL ORDER BY id")]
    names = [row[0] for row in world.rows("SELECT full_name FROM users WHERE telegram_user_id IS NULL ORDER BY id")]
    world.say(ALICE, "/users")
    forge(world, ALICE, f"mgp:{ids[0]}:{ids[1]}")
    world.be_through()
    shown = world.chat.last_message(ALICE) or {}
    assert shown["text"].startswith(f"Is {names[0]} the same person as {names[1]}?")
    done = press(world, ALICE, shown, "Yes, they are the same")
    assert done["text"] == f"Merged: {names[0]} → {names[1]}."
