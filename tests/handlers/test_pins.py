"""The pinned message: made by /pin_duty, kept right by the tick, whatever the clock, people and Telegram do."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.handlers.conftest import (
    ADMINS_ONLY,
    ALICE,
    DAN,
    GROUP,
    MOSCOW,
    Json,
    Settled,
    World,
    buttons,
    roster_json,
    wait_for,
)

BASIC = -4001
SECOND = -1001700000001
HANDOVER = datetime(2026, 11, 24, 9, tzinfo=MOSCOW)
DAN_ON = (
    "🟢 On duty now: Dan Duty\n      until Tue 24 Nov, 09:00\n\n"
    "⏭ Next: Alice Admin\n      from Tue 24 Nov, 09:00\n\nTimes: Europe/Moscow"
)


@pytest.fixture(scope="session")
def pinned_kept(settled: Settled) -> str:
    return settled.lead("pinned", pin, "grouped")


@pytest.fixture
def pinned(pinned_kept: str, stopped: World, settled: Settled) -> World:
    """The pin is there, nothing is left to do, and no call is logged yet."""
    pinned = settled.start(pinned_kept, stopped)
    pinned.let_ticks_pass()
    pinned.chat.clear_calls()
    return pinned


def pin(world: World, chat_id: int = GROUP, **options: Any) -> Json:
    """Has Alice pin, and waits until the bot is through with it."""
    old = world.chat.pinned(chat_id)
    world.chat.send_text(ALICE, "/pin_duty", chat_id=chat_id, **options)
    world.chat.wait_until(lambda: _other(world, chat_id, old))
    world.be_through()
    world.let_ticks_pass()
    shown = world.chat.pinned(chat_id)
    assert shown is not None
    return shown


def _other(world: World, chat_id: int, old: Json | None) -> bool:
    now = world.chat.pinned(chat_id)
    return now is not None and (old is None or now["message_id"] != old["message_id"])


def showing(world: World, text: str, chat_id: int = GROUP, move: bool = False) -> Json:
    """Waits until the pinned message says something; `move` lets the wall clock go on meanwhile, for what waits."""

    def look() -> Json | None:
        if move:
            world.clock.move(seconds=1)
        shown = world.chat.pinned(chat_id)
        return shown if shown is not None and text in shown["text"] else None

    shown: Json = wait_for(look)
    return shown


def test_pin_duty_posts_pins_and_stores(group: World) -> None:
    shown = pin(group)

    assert shown["text"] == DAN_ON
    assert buttons(shown) == {"📅 Open the calendar": "https://t.me/duty_teller_demo_bot?startapp=r1"}
    assert group.rows("SELECT chat_id, thread_id, message_id, failure FROM group_pins") == [
        (GROUP, 0, shown["message_id"], None)
    ]
    assert group.rows("SELECT trusted, title, language FROM chats") == [(1, "Support", "en")]
    assert group.chat.calls("pinChatMessage")[0]["params"]["disable_notification"] is True


@pytest.mark.usefixtures("dan_linked")
def test_pin_duty_in_private_or_by_a_member_makes_none(group: World) -> None:
    assert group.say(ALICE, "/pin_duty")["text"] == "This command is for groups. Add me to one and send it there."
    assert group.say(ALICE, "/refresh_pin")["text"] == "This command is for groups. Add me to one and send it there."
    assert group.say(ALICE, "/refresh_pin", GROUP)["text"] == "Nothing is pinned here. To pin: /pin_duty"
    pin(group)

    assert group.say(DAN, "/pin_duty", GROUP)["text"] == ADMINS_ONLY.replace(" (@alice)", "")
    assert len(group.chat.calls("pinChatMessage")) == 1


@pytest.mark.usefixtures("dan_linked")
def test_pin_names_phone_username_and_a_gap(group: World) -> None:
    asked = group.say(DAN, "/set_phone")
    assert asked["reply_markup"]["keyboard"][0][0]["request_contact"] is True
    contact = group.chat.press_keyboard(DAN, "📱 Поделиться номером")
    group.chat.wait_for_message(DAN, "Сохранил", after_id=contact["message_id"])
    group.import_roster(roster_json(Dan_Duty="Б  Б"))

    assert pin(group)["text"] == (
        "🟢 On duty now: Dan Duty\n      +79004445566 · @dan_duty\n      until Tue 24 Nov, 09:00\n\n"
        "⏭ Next: Dan Duty\n      from Thu 26 Nov, 09:00\n      +79004445566 · @dan_duty\n"
        "⚠️ Nobody planned: Tue 24 Nov, 09:00 – Thu 26 Nov, 09:00\n\nTimes: Europe/Moscow"
    )


def test_hand_over_edits_within_two_ticks_with_exactly_one_call(pinned: World) -> None:
    before = pinned.chat.pinned(GROUP)
    pinned.clock.set(HANDOVER)
    pinned.let_ticks_pass(2)

    after = showing(pinned, "On duty now: Alice Admin")
    assert before is not None
    assert after["message_id"] == before["message_id"]
    pinned.let_ticks_pass(5)
    assert pinned.sent() == ["editMessageText"]


def test_nothing_changed_makes_no_call(pinned: World) -> None:
    pinned.let_ticks_pass(5)
    pinned.clock.move(hours=13)  # past midnight
    pinned.let_ticks_pass(5)
    pinned.clock.set(HANDOVER - timedelta(seconds=1))
    pinned.let_ticks_pass(5)

    assert pinned.sent() == []


def test_change_that_shows_nothing_new_makes_no_call(pinned: World) -> None:
    pinned.import_roster(roster_json(Dan_Duty="Б Б Б", Alice_Admin=" Б Б "))
    pinned.let_ticks_pass(5)

    assert pinned.sent() == []


def test_change_by_another_connection_edits(pinned: World) -> None:
    pinned.import_roster(roster_json(Maria_Mint="Б", Alice_Admin=" Б"))

    showing(pinned, "On duty now: Maria Mint")
    pinned.let_ticks_pass(3)
    assert pinned.sent() == ["editMessageText"]


def test_button_of_a_pin_comes_goes_and_changes_with_the_address_by_itself(group: World) -> None:
    group.stop()
    group.start(mini_app_base_url="")
    assert buttons(pin(group)) == {}
    group.chat.clear_calls()

    group.stop()
    group.start(mini_app_base_url="https://duty.example.org")
    wait_for(lambda: buttons(group.chat.pinned(GROUP) or {"reply_markup": None}))
    assert list(buttons(group.chat.pinned(GROUP) or {})) == ["📅 Open the calendar"]

    group.stop()
    group.start(mini_app_short_name="roster")
    wait_for(lambda: "/roster?startapp=" in str(buttons(group.chat.pinned(GROUP) or {})))
    group.let_ticks_pass()
    assert group.sent().count("editMessageText") == 2
    assert "sendMessage" not in group.sent()


def test_restart_after_a_missed_hand_over_puts_it_right(pinned: World) -> None:
    pinned.stop()
    pinned.clock.set(HANDOVER + timedelta(hours=3))
    pinned.start()

    showing(pinned, "On duty now: Alice Admin")
    assert pinned.sent() == ["editMessageText"]


def test_clock_stepped_forth_and_back_is_right(pinned: World) -> None:
    pinned.clock.set(HANDOVER + timedelta(days=1))
    showing(pinned, "until Thu 26 Nov, 09:00")
    pinned.clock.set(HANDOVER - timedelta(hours=2))
    showing(pinned, "until Tue 24 Nov, 09:00")
    pinned.clock.set(HANDOVER + timedelta(minutes=1))
    showing(pinned, "On duty now: Alice Admin")

    pinned.let_ticks_pass(3)
    assert pinned.sent() == ["editMessageText"] * 3


def test_message_deleted_by_hand_is_posted_and_pinned_at_the_next_edit(pinned: World) -> None:
    old = pinned.chat.pinned(GROUP)
    assert old is not None
    pinned.chat.delete_message(GROUP, old["message_id"])
    pinned.clock.set(HANDOVER)

    new = showing(pinned, "On duty now: Alice Admin")
    pinned.let_ticks_pass(3)
    assert new["message_id"] > old["message_id"]
    assert pinned.rows("SELECT message_id FROM group_pins") == [(new["message_id"],)]
    assert pinned.sent()[:3] == ["editMessageText", "sendMessage", "pinChatMessage"]


def test_message_deleted_by_hand_is_posted_and_pinned_by_refresh_pin(pinned: World) -> None:
    old = pinned.chat.pinned(GROUP)
    assert old is not None
    pinned.chat.delete_message(GROUP, old["message_id"])

    pinned.chat.send_text(ALICE, "/refresh_pin", chat_id=GROUP)

    assert showing(pinned, "On duty now: Dan Duty")["message_id"] > old["message_id"]
    pinned.chat.wait_for_message(GROUP, "Updated.", after_id=old["message_id"])


def test_refresh_pin_pins_again_what_was_unpinned_by_hand(pinned: World) -> None:
    old = pinned.chat.pinned(GROUP)
    assert old is not None
    with pinned.stand_in.lock:
        pinned.stand_in.rooms[GROUP].pins.clear()

    assert pinned.say(ALICE, "/refresh_pin", GROUP)["text"] == "Updated."

    assert showing(pinned, "On duty now: Dan Duty")["message_id"] == old["message_id"]


def test_refresh_pin_keeps_the_groups_language(group: World) -> None:
    group.chat.add_user(ALICE, "Alice", "alice", "ru")
    pin(group)
    group.chat.add_user(ALICE, "Alice", "alice", "en")

    assert group.say(ALICE, "/refresh_pin", GROUP)["text"] == "Updated."

    assert "Сейчас дежурит Dan Duty" in showing(group, "Dan Duty")["text"]


def test_two_languages_of_groups(pinned: World) -> None:
    pinned.chat.add_group(SECOND, "Поддержка", members=[ALICE])
    pinned.chat.add_user(ALICE, "Alice", "alice", "ru")
    russian = pin(pinned, SECOND)
    assert russian["text"].startswith("🟢 Сейчас дежурит Dan Duty\n      до вт 24 нояб., 09:00")

    pinned.clock.set(HANDOVER)

    showing(pinned, "On duty now: Alice Admin")
    showing(pinned, "Сейчас дежурит Alice Admin", SECOND)


def told(world: World) -> list[str]:
    """Which groups' notices lie in the outbox for Alice."""
    return [json.loads(row[0])["key"] for row in world.rows("SELECT payload FROM notices WHERE kind = 'groups'")]


def test_kicked_bot_switches_the_pin_off_tells_once_and_comes_back_by_itself(pinned: World) -> None:
    pinned.chat.kick_bot(GROUP)
    wait_for(lambda: told(pinned))
    pinned.clock.set(HANDOVER)
    pinned.let_ticks_pass(3)

    assert told(pinned) == ["groups.off_kicked"]
    pinned.chat.wait_for_message(ALICE, "I was removed from “Support”, so the pinned message there no longer updates")
    assert pinned.sent() == ["sendMessage"]
    pinned.chat.return_bot(GROUP, by=ALICE)
    showing(pinned, "On duty now: Alice Admin")
    pinned.let_ticks_pass(3)
    assert pinned.rows("SELECT failure FROM group_pins") == [(None,)]
    assert pinned.rows("SELECT left_at FROM chats") == [(None,)]


def test_missing_right_to_pin_is_said_and_the_message_is_kept_right(group: World) -> None:
    group.chat.set_bot_rights(GROUP, {"can_pin_messages": False})
    sent = group.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)

    group.chat.wait_for_message(GROUP, "but I can't pin it", after_id=sent["message_id"])

    assert group.chat.pinned(GROUP) is None
    group.clock.set(HANDOVER)
    group.chat.wait_for_message(GROUP, "On duty now: Alice Admin")
    assert "but I can't pin it" in group.say(ALICE, "/refresh_pin", GROUP)["text"]
    group.chat.set_bot_rights(GROUP, {"can_pin_messages": True})
    assert "On duty now: Alice Admin" in pin(group)["text"]


def test_right_to_pin_lost_with_the_message_is_told_to_the_admins(pinned: World) -> None:
    old = pinned.chat.pinned(GROUP)
    assert old is not None
    pinned.chat.delete_message(GROUP, old["message_id"])
    pinned.chat.set_bot_rights(GROUP, None)
    pinned.clock.set(HANDOVER)

    wait_for(lambda: told(pinned))
    pinned.let_ticks_pass(3)
    assert told(pinned) == ["groups.off_no_pin"]
    pinned.chat.wait_for_message(ALICE, "I can't pin messages in “Support”.")
    assert pinned.sent() == ["editMessageText", "sendMessage", "pinChatMessage", "sendMessage"]
    pinned.chat.set_bot_rights(GROUP, {"can_pin_messages": True})
    showing(pinned, "On duty now: Alice Admin")


def test_group_upgraded_to_a_supergroup_gets_a_new_message(planned: World) -> None:
    planned.chat.add_group(BASIC, "Basic", members=[ALICE, DAN], kind="group")
    pin(planned, BASIC)

    new_id = planned.chat.upgrade_to_supergroup(BASIC)

    showing(planned, "On duty now: Dan Duty", new_id)
    planned.let_ticks_pass(3)
    assert planned.rows("SELECT chat_id, failure FROM group_pins") == [(new_id, None)]
    assert planned.rows("SELECT id, trusted FROM chats") == [(new_id, 1)]
    assert "Сейчас дежурит" in planned.say(DAN, "/duty", new_id)["text"]


def test_group_upgraded_while_the_process_was_down_is_followed(planned: World) -> None:
    planned.chat.add_group(BASIC, "Basic", members=[ALICE, DAN], kind="group")
    pin(planned, BASIC)
    planned.stop()
    new_id = planned.chat.upgrade_to_supergroup(BASIC)
    with planned.stand_in.lock:
        planned.stand_in.updates.clear()  # Telegram keeps updates for a day only
    planned.clock.set(HANDOVER)
    planned.start()

    showing(planned, "On duty now: Alice Admin", new_id, move=True)
    planned.let_ticks_pass(3)
    assert planned.rows("SELECT chat_id, failure FROM group_pins") == [(new_id, None)]
    assert told(planned) == []


def test_topic_has_a_pin_of_its_own(planned: World) -> None:
    planned.chat.add_group(GROUP, "Forum", members=[ALICE], forum=True)
    thread = planned.chat.create_topic(GROUP, "Duty")
    shown = pin(planned, GROUP, thread_id=thread)
    assert shown["thread_id"] == thread
    general = pin(planned, GROUP)
    assert general["thread_id"] is None

    planned.clock.set(HANDOVER)

    for message in (shown, general):
        planned.chat.wait_for_message(
            GROUP,
            lambda m, of=message["message_id"]: m["message_id"] == of and "On duty now: Alice Admin" in m["text"],  # type: ignore[misc]
        )
    assert planned.rows("SELECT thread_id FROM group_pins ORDER BY thread_id") == [(0,), (thread,)]


def test_topic_deleted_switches_its_pin_off(planned: World) -> None:
    planned.chat.add_group(GROUP, "Forum", members=[ALICE], forum=True)
    thread = planned.chat.create_topic(GROUP, "Duty")
    pin(planned, GROUP, thread_id=thread)
    planned.chat.delete_topic(GROUP, thread)
    planned.clock.set(HANDOVER)

    wait_for(lambda: told(planned))
    assert told(planned) == ["groups.off_topic_deleted"]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("server_error", {}),
        ("drop", {}),
        ("drop_after", {}),
        ("too_many_requests", {"retry_after": 1}),
        ("refuse", {"code": 400, "description": "Bad Request: message is not modified"}),
        ("refuse", {"code": 400, "description": "Bad Request: something new"}),
    ],
)
def test_edit_that_fails_is_made_again(pinned: World, kind: str, options: dict[str, Any]) -> None:
    pinned.chat.fault("editMessageText", kind, **options)
    pinned.clock.set(HANDOVER)
    wait_for(lambda: pinned.chat.calls("editMessageText"))

    if "not modified" in options.get("description", ""):
        pinned.let_ticks_pass(5)
        assert len(pinned.chat.calls("editMessageText")) == 1
        return
    showing(pinned, "On duty now: Alice Admin", move=True)
    wait_for(lambda: len(pinned.chat.calls("editMessageText")) == 2)  # after the back-off, which no clock shortens
    pinned.let_ticks_pass(3)
    assert len(pinned.chat.calls("editMessageText")) == 2
    assert pinned.rows("SELECT failure FROM group_pins") == [(None,)]


@pytest.mark.parametrize("method", ["sendMessage", "pinChatMessage"])
@pytest.mark.parametrize("kind", ["server_error", "drop"])
def test_pin_duty_that_telegram_lost_is_made_by_the_tick(group: World, method: str, kind: str) -> None:
    group.chat.fault(method, kind)
    group.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)

    shown = showing(group, "On duty now: Dan Duty", move=True)

    group.let_ticks_pass(3)
    assert group.rows("SELECT message_id, content_hash <> '' FROM group_pins") == [(shown["message_id"], 1)]
    assert len([text for text in group.texts(GROUP) if "On duty now" in text]) == 1


def test_refresh_pin_during_an_outage_says_so_and_goes_on(pinned: World) -> None:
    pinned.chat.fault("editMessageText", "server_error", times=2)
    old = pinned.chat.pinned(GROUP)
    assert old is not None
    pinned.chat.delete_message(GROUP, old["message_id"])

    assert (
        pinned.say(ALICE, "/refresh_pin", GROUP)["text"] == "Telegram isn't answering well right now. I'll keep trying."
    )

    showing(pinned, "On duty now: Dan Duty", move=True)


def test_second_pin_duty_takes_the_place_of_the_first(pinned: World) -> None:
    first = pinned.chat.pinned(GROUP)
    assert first is not None

    second = pin(pinned)

    assert second["message_id"] > first["message_id"]
    assert [m["message_id"] for m in pinned.chat.messages(GROUP) if m["pinned"]] == [second["message_id"]]
    assert first["message_id"] not in [m["message_id"] for m in pinned.chat.messages(GROUP)]
    assert pinned.chat.calls("unpinChatMessage")[0]["params"]["message_id"] == first["message_id"]
    assert pinned.rows("SELECT message_id FROM group_pins") == [(second["message_id"],)]


def test_one_groups_trouble_does_not_hold_up_another(pinned: World) -> None:
    pinned.chat.add_group(SECOND, "Second", members=[ALICE])
    pin(pinned, SECOND)
    pinned.chat.fault("editMessageText", "server_error", times=0, chat_id=GROUP)
    pinned.clock.set(HANDOVER)

    showing(pinned, "On duty now: Alice Admin", SECOND)

    pinned.chat.clear_faults()
    showing(pinned, "On duty now: Alice Admin", move=True)


def test_pin_longer_than_a_message_still_arrives(group: World) -> None:
    group.import_roster(roster_json(**{f"Somebody with a long name {n:03d}": "Б" for n in range(90)}))

    assert pin(group)["text"].endswith("\nThat's not all. See /duty or /week for the rest.")

    group.import_roster(roster_json(**{f"Another with a long name {n:03d}": "Б" for n in range(90)}))
    showing(group, "Another with a long name 000")


def test_hand_over_during_an_outage_is_made_up_for_when_telegram_is_back(pinned: World) -> None:
    pinned.chat.fault("*", "drop", times=0)
    pinned.clock.set(HANDOVER)
    wait_for(lambda: len(pinned.chat.calls("editMessageText")) >= 1)
    pinned.chat.clear_faults()

    showing(pinned, "On duty now: Alice Admin", move=True)
