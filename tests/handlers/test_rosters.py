"""Several rosters, the whole way: added, imported into, pinned, renamed, retired, restored; and who asks which one."""

from typing import Any

import pytest

from duty_teller.services import group_duty_pin_service as pins
from duty_teller.services.import_service import drafts
from duty_teller.services.rosters import rosters
from tests.handlers.conftest import ALICE, DAN, GROUP, Json, Settled, World, buttons, roster_json, wait_for
from tests.handlers.test_import import FINISHED, after, apply, press, send
from tests.handlers.test_settings import MENU, go
from tests.house import NOW

pytestmark = pytest.mark.usefixtures("read_here")

NETWORK = roster_json(Nina_Network="Б Б", Dan_Duty=" Б ")
WHICH = "Which roster is this for?"


def second_roster(world: World) -> None:
    """Adds “Network” beside “Support”, as an admin does."""
    go(world, world.say(ALICE, "/settings"), "Another roster", "➕ Add a roster")
    world.say(ALICE, "Support")
    assert world.say(ALICE, "Network")["text"].startswith("✅ Roster “Network” created")


@pytest.fixture(scope="session")
def two_kept(settled: Settled) -> str:
    return settled.lead("two rosters", second_roster, "planned")


@pytest.fixture
def two(two_kept: str, stopped: World, settled: Settled) -> World:
    """Support is planned (Dan, Alice, Dan), Network is empty."""
    return settled.start(two_kept, stopped)


def both_pinned(world: World) -> None:
    """Has the tick pin both rosters in one group."""
    world.chat.add_group(GROUP, "Ops", members=[ALICE, DAN])

    def want(session: Any) -> None:
        pins.trust_chat(session, GROUP, "Ops", "en", 1)
        for roster_id in (1, 2):
            pins.store_pin(session, GROUP, 0, roster_id, 0, "")

    world.work(want)
    wait_for(lambda: len(pinned_texts(world)) == 2)


def pinned_texts(world: World) -> list[str]:
    return [m["text"] for m in world.chat.messages(GROUP) if m["pinned"]]


def now(world: World, message: Json) -> Json:
    """A message as it is when the bot is through."""
    world.be_through()
    return next(m for m in world.chat.messages(ALICE) if m["message_id"] == message["message_id"])


def shifts_of(world: World) -> dict[str, int]:
    rows = world.rows(
        "SELECT rosters.name, count(*) FROM duties JOIN rosters ON rosters.id = roster_id "
        "WHERE cancelled_at IS NULL GROUP BY 1"
    )
    return dict(rows)  # type: ignore[arg-type]


def test_second_roster_is_asked_for_and_named_as_is_the_first(world: World) -> None:
    listed = go(world, world.say(ALICE, "/settings"), "Another roster")
    assert listed["text"] == (
        "You have one roster. A second one has people, shifts, times and pins of its own, and both get a name."
    )
    asked = go(world, listed, "➕ Add a roster")
    assert asked["text"] == (
        "First, name your current roster: with several, the name shows everywhere. " "Keep it short, like Support"
    )
    assert world.say(ALICE, " ".join(["x" * 30] * 2))["text"] == (
        "The name is longer than 40 characters. Write a shorter one."
    )
    assert world.say(ALICE, " Support  <1> ")["text"] == "OK, “Support <1>”. And what is the new one called?"
    assert world.rows("SELECT name FROM rosters") == [("",)]  # nothing half-written
    assert world.say(ALICE, "support <1>")["text"] == ("There is a roster “Support <1>” already. Choose another name.")
    done = world.say(ALICE, "Network")

    assert done["text"] == (
        "✅ Roster “Network” created, with the times of “Support <1>”. " "Send me its file; in a group, send /pin_duty."
    )
    assert world.rows("SELECT name, timezone, handover_at FROM rosters") == [
        ("Support <1>", "Europe/Moscow", "09:00"),
        ("Network", "Europe/Moscow", "09:00"),
    ]
    shown = go(world, done, "Settings: Network")
    assert shown["text"] == MENU.replace("Settings", "Settings: Network")
    assert list(buttons(shown))[-3:] == ["Rename", "Take out of use", "‹ Back"]
    assert go(world, shown, "‹ Back")["text"] == "⚙️ Settings\n\nWhich roster?"


def test_name_of_a_further_roster_must_be_free(two: World) -> None:
    listed = two.say(ALICE, "/settings")
    assert list(buttons(listed)) == ["Support", "Network", "➕ Add a roster", "Group digests"]
    asked = go(two, listed, "➕ Add a roster")
    assert asked["text"] == "What is the new roster called? Write a short name."
    assert two.say(ALICE, "NETWORK")["text"] == "There is a roster “NETWORK” already. Choose another name."
    two.say(ALICE, "Field")
    assert two.rows("SELECT name FROM rosters") == [("Support",), ("Network",), ("Field",)]


def test_whole_life_of_a_second_roster(two: World) -> None:
    world = two
    # imported into
    preview = go(world, send(world, NETWORK), "Network")
    assert preview["text"].startswith("roster.json → 📋 Network\n👥 2 people · 3 duties\n")
    done = apply(world, preview)
    assert done["text"].startswith("📋 Network\n✅ Schedule updated.\n2 people · 3 duties\n")
    assert shifts_of(world) == {"Support": 3, "Network": 3}
    # pinned in one chat, each with its name
    both_pinned(world)
    assert [text.splitlines()[0] for text in world.texts(GROUP)] == [
        "🟢 On duty now: Dan Duty · Support",
        "🟢 On duty now: Nina Network · Network",
    ]
    # renamed
    asked = go(world, world.say(ALICE, "/settings"), "Network", "Rename")
    assert asked["text"] == "What is the new name of the roster “Network”?"
    assert world.say(ALICE, "Field & Co")["text"] == "✅ Now it's called “Field & Co”."
    renamed = ["🟢 On duty now: Dan Duty · Support", "🟢 On duty now: Nina Network · Field & Co"]
    wait_for(lambda: [text.splitlines()[0] for text in world.texts(GROUP)] == renamed)
    # retired
    asked = go(world, world.say(ALICE, "/settings"), "Field & Co", "Take out of use")
    assert asked["text"] == (
        "Take the roster “Field & Co” out of use?\n\n• I unpin its messages in groups.\n"
        "• It disappears from views, imports, reminders and calendars.\n"
        "• I keep its shifts and history: you can restore it, but groups need /pin_duty again."
    )
    retired = go(world, asked, "Yes, take out of use")
    assert retired["text"].startswith("✅ “Field & Co” is out of use.\n\nYou have one roster.")
    wait_for(lambda: "The roster “Field & Co” is out of use." in world.texts(GROUP))
    wait_for(lambda: world.rows("SELECT roster_id FROM group_pins") == [(1,)])
    only = ["🟢 On duty now: Dan Duty"]  # the name goes, too
    wait_for(lambda: [text.splitlines()[0] for text in pinned_texts(world)] == only)
    assert world.say(ALICE, "/duty")["text"].startswith("🟢 On duty now: Dan Duty")
    assert list(buttons(world.say(ALICE, "/import_duty_schedule"))) == [
        "09:00 Europe/Moscow",
        "Cancel",
    ]
    # restored
    listed = go(world, world.say(ALICE, "/settings"), "Another roster")
    assert list(buttons(listed)) == ["➕ Add a roster", "Out of use (1)", "‹ Back"]
    restored = go(world, listed, "Out of use (1)", "Field & Co")
    assert (
        restored["text"]
        == "✅ “Field & Co” is in use again. In groups, send /pin_duty.\n\n⚙️ Settings\n\nWhich roster?"
    )
    assert shifts_of(world) == {"Support": 3, "Field & Co": 3}
    wait_for(lambda: any(t.startswith("🟢 On duty now: Dan Duty · Support\n") for t in world.texts(GROUP)))


def test_pin_of_a_retired_roster_waits_for_telegram_and_goes_when_it_may(two: World) -> None:
    world = two
    both_pinned(world)
    world.chat.fault("unpinChatMessage", "server_error", times=100)

    world.work(lambda s: rosters.retire(s, 2, world.clock()) and None)
    world.let_ticks_pass()
    assert world.rows("SELECT count(*) FROM group_pins") == [(2,)]
    world.chat.clear_faults()
    world.clock.move(seconds=60)

    wait_for(lambda: world.rows("SELECT roster_id FROM group_pins") == [(1,)])
    assert world.texts(GROUP)[1] == "The roster “Network” is out of use."


def test_last_roster_stays_in_use_and_a_second_tap_is_told(two: World) -> None:
    first = go(two, two.say(ALICE, "/settings"), "Network", "Take out of use")
    second = go(two, two.say(ALICE, "/settings"), "Support", "Take out of use")
    again = go(two, two.say(ALICE, "/settings"), "Network")
    go(two, first, "Yes, take out of use")

    assert press(two, second, "Yes, take out of use") == {
        "text": "This is the only roster: it has to stay in use.",
        "show_alert": True,
        "url": "",
    }
    told = press(two, again, "Coverage")
    assert told is not None
    assert told["text"] == "That roster is out of use."
    assert now(two, again)["text"].startswith("⚙️ Settings\n\n🕘")
    assert two.rows("SELECT name FROM rosters WHERE retired_at IS NULL") == [("Support",)]


def test_answer_typed_for_a_roster_retired_meanwhile_is_told(two: World) -> None:
    go(two, two.say(ALICE, "/settings"), "Network", "Hand-over")
    two.work(lambda s: rosters.retire(s, 2, two.clock()) and None)

    assert two.say(ALICE, "10:00")["text"].startswith("That roster is out of use.\n\n⚙️ Settings")
    assert two.rows("SELECT handover_at FROM rosters") == [("09:00",), ("09:00",)]
    assert two.rows("SELECT count(*) FROM dialogues") == [(0,)]


def test_import_asks_for_the_roster_first_and_takes_its_hand_over(two: World) -> None:
    two.work(lambda s: s.connection().exec_driver_sql("UPDATE rosters SET timezone = 'Europe/Berlin' WHERE id = 2"))
    asked = two.say(ALICE, "/import_duty_schedule")
    assert (asked["text"], list(buttons(asked))) == (WHICH, ["Support", "Network", "Cancel"])
    handover = go(two, asked, "Network")
    assert handover["text"].startswith("📋 Network\nWhat time does one shift hand over")
    assert list(buttons(handover)) == ["09:00 Europe/Berlin", "Cancel"]
    now_send = go(two, handover, "09:00 Europe/Berlin")
    assert now_send["text"].startswith("📋 Network\nHand-over: 09:00 Europe/Berlin.")

    preview = send(two, NETWORK)

    assert "🕘 Hand-over 09:00 Europe/Berlin." in preview["text"]
    assert preview["text"].startswith("roster.json → 📋 Network\n")
    apply(two, preview)
    assert shifts_of(two) == {"Support": 3, "Network": 3}


def test_roster_may_be_typed_and_another_one_chosen_in_the_preview(two: World) -> None:
    asked = send(two, NETWORK)
    assert asked["text"] == f"roster.json\n{WHICH}"
    assert two.say(ALICE, "Fieldwork")["text"] == f"roster.json\n{WHICH}"
    preview = two.say(ALICE, "support")
    assert preview["text"].startswith("roster.json → 📋 Support\n")
    assert list(buttons(preview))[-1] == "Another roster"

    other = go(two, preview, "Another roster", "Network")
    assert other["text"].startswith("roster.json → 📋 Network\n")
    apply(two, other)
    assert shifts_of(two) == {"Support": 3, "Network": 3}


def test_file_sent_instead_of_the_hand_over_goes_into_the_roster_that_was_chosen(two: World) -> None:
    go(two, two.say(ALICE, "/import_duty_schedule"), "Network")

    assert send(two, NETWORK)["text"].startswith("roster.json → 📋 Network\n")


def test_tap_on_what_was_shown_before_the_roster_is_asked_anew_applies_nothing(two: World) -> None:
    preview = go(two, send(two, NETWORK), "Support")
    ((draft_id,),) = two.rows("SELECT id FROM import_drafts")
    two.work(lambda s: drafts.ask_roster(s, draft_id, 1, two.clock()) and None)

    assert go(two, preview, "✅ Apply")["text"] == f"roster.json\n{WHICH}"
    assert shifts_of(two) == {"Support": 3}


def test_codes_are_remembered_per_roster(two: World) -> None:
    from tests.handlers.test_import import month_grid

    question = go(two, send(two, month_grid(Dan_Duty="Д"), "a.xlsx"), "Network")
    preview = go(two, question, "Day shift 08:00–20:00")
    apply(two, preview)

    assert "nothing to change" in go(two, send(two, month_grid(Dan_Duty="Д"), "a.xlsx"), "Network")["text"]
    assert "What does the code “Д” mean?" in go(two, send(two, month_grid(Dan_Duty="Д"), "a.xlsx"), "Support")["text"]


def test_roster_retired_while_it_is_chosen_is_told_and_the_others_offered(two: World) -> None:
    asked = two.say(ALICE, "/import_duty_schedule")
    two.work(lambda s: rosters.add(s, "Field", NOW) and None)
    two.work(lambda s: s.connection().exec_driver_sql("UPDATE rosters SET retired_at = 1 WHERE id = 2"))

    told = press(two, asked, "Network")

    assert told == {"text": "That roster is out of use.", "show_alert": True, "url": ""}
    assert list(buttons(now(two, asked))) == ["Support", "Field", "Cancel"]


def test_import_into_a_roster_retired_at_the_preview_is_over(two: World) -> None:
    preview = go(two, send(two, NETWORK), "Network")
    two.work(lambda s: rosters.retire(s, 2, two.clock()) and None)

    assert press(two, preview, "✅ Apply") == FINISHED
    assert shifts_of(two) == {"Support": 3}


def boris(world: World) -> int:
    """A second admin."""
    number = 1004
    world.chat.add_user(number, "Boris", "boris")
    object.__setattr__(world.settings, "admin_ids", frozenset({ALICE, number}))
    world.say(number, "/start")
    return number


def test_two_admins_import_into_two_rosters_step_by_step(two: World) -> None:
    bo = boris(two)
    alices, boriss = two.say(ALICE, "/import_duty_schedule"), two.say(bo, "/import_duty_schedule")
    press(two, alices, "Support")
    press(two, boriss, "Network", bo)
    after(two, boriss, "📋 Network", bo)
    press(two, boriss, "09:00 Europe/Moscow", bo)
    after(two, alices, "📋 Support")
    press(two, alices, "09:00 Europe/Moscow")
    after(two, boriss, "Now send", bo)
    after(two, alices, "Now send")
    boriss = send(two, NETWORK, "network.json", bo)
    alices = send(two, roster_json(Dan_Duty="ББ "), "support.json")
    assert boriss["text"].startswith("network.json → 📋 Network\n")
    assert alices["text"].startswith("support.json → 📋 Support\n")

    assert apply(two, alices)["text"].startswith("📋 Support\n")
    assert apply(two, boriss, bo)["text"].startswith("📋 Network\n")

    rows = two.rows("SELECT roster_id, author_name, reason FROM schedule_changes ORDER BY id DESC LIMIT 2")
    assert sorted(rows) == [(1, "Alice", "support.json"), (2, "Boris", "network.json")]


def test_second_admin_to_apply_into_the_same_roster_is_told_that_the_schedule_moved(two: World) -> None:
    bo = boris(two)
    alices = go(two, send(two, NETWORK, "hers.json"), "Network")
    asked = send(two, roster_json(Nina_Network="  Б"), "his.json", bo)
    press(two, asked, "Network", bo)
    boriss = after(two, asked, "→ 📋 Network", bo)

    apply(two, alices)
    press(two, boriss, "✅ Apply", bo)

    assert after(two, boriss, "❗ Something changed", bo)["text"].startswith(
        "❗ Something changed while you were looking. Nothing is saved yet. Please check again:\n"
        "• “Nina Network” is already on the roster: Nina Network\n• Alice changed the schedule: hers.json\n\n"
        "his.json → 📋 Network\n"
    )
    assert shifts_of(two) == {"Support": 3, "Network": 3}


def test_history_and_undo_name_the_roster_and_take_the_right_one_back(two: World) -> None:
    apply(two, go(two, send(two, NETWORK, "network.json"), "Network"))

    listed = two.say(ALICE, "/history")
    assert listed["text"] == (
        "Mon 23 Nov, 12:00 · 📋 Network\nAlice imported network.json: 3 shifts added\n\n"
        "Mon 23 Nov, 12:00 · 📋 Support\nThe command line imported file: 3 shifts added"
    )
    offer = two.say(ALICE, "/undo")
    assert "Mon 23 Nov, 12:00 · 📋 Network\nAlice imported network.json: 3 shifts added" in offer["text"]
    go(two, offer, "↩️ Undo")
    assert shifts_of(two) == {"Support": 3}


def test_change_of_a_retired_roster_is_not_undone(two: World) -> None:
    done = apply(two, go(two, send(two, NETWORK, "network.json"), "Network"))
    two.work(lambda s: rosters.retire(s, 2, two.clock()) and None)

    told = press(two, done, "↩️ Undo the import")

    assert told == {"text": "That roster is out of use.", "show_alert": True, "url": ""}
    assert shifts_of(two) == {"Support": 3, "Network": 3}
    assert "network.json" not in two.say(ALICE, "/history")["text"]


def exported(world: World, shown: Json) -> tuple[str, str]:
    press(world, shown, "Spreadsheet (.xlsx)")
    file = world.chat.wait_for_message(ALICE, lambda m: m["document"] is not None, after_id=shown["message_id"])
    return file["document"]["file_name"], after(world, shown, "✅")["text"]


def test_export_asks_which_roster(two: World) -> None:
    asked = two.say(ALICE, "/export")
    assert (asked["text"], list(buttons(asked))) == (
        "Which roster would you like as a file?",
        ["Support", "Network", "Cancel"],
    )
    periods = go(two, asked, "Support")
    assert periods["text"] == "📋 Support\nWhich part of the schedule would you like as a file?"
    formats = go(two, periods, "November 2026")
    assert exported(two, formats) == (
        "duty-Support-2026-11.xlsx",
        "📋 Support\n✅ duty-Support-2026-11.xlsx: Sun 1 Nov 2026 – Mon 30 Nov 2026",
    )


def test_export_of_an_empty_roster_says_so_and_one_retired_meanwhile_asks_anew(two: World) -> None:
    shown = go(two, two.say(ALICE, "/export"), "Network", "November 2026")
    press(two, shown, "Spreadsheet (.xlsx)")
    assert after(two, shown, "❌")["text"].startswith("📋 Network\n❌ Nobody is on the schedule")

    two.work(lambda s: rosters.retire(s, 2, two.clock()) and None)
    told = press(two, shown, "‹ Other dates")
    assert told == {"text": "That roster is out of use.", "show_alert": True, "url": ""}
    assert list(buttons(now(two, shown))) == ["Support", "Cancel"]


def test_export_button_from_before_the_second_roster_asks_which_one(planned: World) -> None:
    shown = planned.say(ALICE, "/export")
    second_roster(planned)

    assert go(planned, shown, "November 2026")["text"] == "Which roster would you like as a file?"


def test_many_rosters_have_pages(two: World) -> None:
    for number in range(10):
        two.work(lambda s, n=number: rosters.add(s, f"R{n}", NOW) and None)

    asked = two.say(ALICE, "/import_duty_schedule")
    assert list(buttons(asked))[-3:] == ["R5", "▶", "Cancel"]
    press(two, asked, "▶")
    second = now(two, asked)
    assert list(buttons(second)) == ["R6", "R7", "R8", "R9", "◀", "Cancel"]
    assert go(two, second, "R9")["text"].startswith("📋 R9\n")
