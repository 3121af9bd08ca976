"""Many groups at once, interrupted posts, and what the admins are told: whatever happens, all is right in the end."""

import logging
from collections import Counter
from datetime import datetime

import pytest

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN
from tests.handlers.conftest import ALICE, DAN, GROUP, MOSCOW, Settled, World, pin_at_once, roster_json, wait_for

HANDOVER = datetime(2026, 11, 24, 9, tzinfo=MOSCOW)
MANY = 40


def chat_id(number: int) -> int:
    return GROUP - number


def pin_one(planned: World) -> None:
    planned.chat.add_group(GROUP, "Support", members=[ALICE, DAN])
    planned.chat.wait_for_message(ALICE, "You added me to")
    planned.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    planned.chat.wait_for_message(GROUP, "This group's digest, language and duty tag:")
    planned.be_through()
    planned.let_ticks_pass()
    planned.chat.clear_calls()


@pytest.fixture(scope="session")
def pinned_kept(settled: Settled) -> str:
    return settled.lead("pinned in one group", pin_one, "planned")


@pytest.fixture
def pinned(pinned_kept: str, stopped: World, settled: Settled) -> World:
    """One group with a pin; nothing is left to do, and no call is logged yet."""
    return quiet(settled.start(pinned_kept, stopped))


def pin_many(planned: World) -> None:
    pin_at_once(planned, {chat_id(number): f"Group {number}" for number in range(MANY)})
    all_show(planned, "On duty now: Dan Duty")


@pytest.fixture(scope="session")
def many_kept(settled: Settled) -> str:
    return settled.lead("pinned in many groups", pin_many, "planned")


@pytest.fixture
def many(many_kept: str, stopped: World, settled: Settled) -> World:
    """Many groups with a pin, which the tick has posted and pinned; nothing is left to do, no call is logged yet."""
    return quiet(settled.start(many_kept, stopped))


def quiet(world: World) -> World:
    """Lets the bot be through with its start."""
    world.let_ticks_pass()
    world.chat.clear_calls()
    return world


def all_show(world: World, text: str) -> None:
    """Waits until each group has exactly one message of the bot, pinned and with this text."""

    def look() -> bool:
        world.clock.move(seconds=0.5)
        with world.stand_in.lock:
            for number in range(MANY):
                room = world.stand_in.rooms[chat_id(number)]
                texts = [m.body.get("text", "") for m in room.messages.values() if not m.service]
                if len(texts) != 1 or text not in texts[0] or len(room.pins) != 1:
                    return False
            return True

    wait_for(look, 60)


def test_hand_over_in_many_groups_is_one_call_each(many: World) -> None:
    many.clock.set(HANDOVER)
    all_show(many, "On duty now: Alice Admin")
    many.let_ticks_pass(3)
    assert many.sent() == ["editMessageText"] * MANY
    assert many.rows("SELECT count(DISTINCT content_hash), count(*) FROM group_pins") == [(1, MANY)]


@pytest.mark.parametrize("kind", ["too_many_requests", "server_error", "drop", "drop_after"])
def test_failures_in_the_middle_of_a_pin_refresh_leave_every_pin_right(many: World, kind: str) -> None:
    for number in range(0, MANY, 3):
        many.chat.fault("editMessageText", kind, chat_id=chat_id(number))
    many.clock.set(HANDOVER)

    all_show(many, "On duty now: Alice Admin")

    many.let_ticks_pass(3)
    calls = Counter(call["params"]["chat_id"] for call in many.chat.calls("editMessageText"))
    assert set(many.sent()) == {"editMessageText"}  # nothing was posted anew
    assert calls == {chat_id(number): 2 if number % 3 == 0 else 1 for number in range(MANY)}
    assert many.rows("SELECT DISTINCT failure, message_id > 0 FROM group_pins") == [(None, 1)]


def test_messages_deleted_everywhere_are_posted_once_each_through_server_errors(many: World) -> None:
    for number in range(MANY):
        with many.stand_in.lock:
            room = many.stand_in.rooms[chat_id(number)]
            room.messages.clear()
            room.pins.clear()
    many.chat.fault("sendMessage", "server_error", times=7)
    many.chat.fault("pinChatMessage", "server_error", times=7)
    many.clock.set(HANDOVER)

    all_show(many, "On duty now: Alice Admin")


def test_change_in_the_middle_of_a_pin_refresh_shows_nobody_the_old_text(many: World) -> None:
    many.chat.fault("editMessageText", "slow", times=0, seconds=0.05)
    many.clock.set(HANDOVER)
    wait_for(lambda: len(many.chat.calls("editMessageText")) >= 10)
    many.import_roster(roster_json(Dan_Duty="Б", Maria_Mint=" Б"))
    known = len(many.chat.calls("editMessageText"))

    all_show(many, "On duty now: Maria Mint")

    many.let_ticks_pass(3)
    later = many.chat.calls("editMessageText")[known:]
    # What was on its way when the change was committed (8 at a time) may still say the old.
    assert sum("Alice Admin" in call["params"]["text"].partition("Next")[0] for call in later) <= 8
    edits = Counter(call["params"]["chat_id"] for call in many.chat.calls("editMessageText"))
    assert max(edits.values()) <= 2
    assert len(later) < MANY + 9


def test_restart_in_the_middle_of_a_post_posts_again_counts_and_warns(
    pinned: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    pinned.stop()
    pinned.work(
        lambda s: s.connection().exec_driver_sql(
            "UPDATE group_pins SET message_id = 0, content_hash = '', posting_at = 1"
        )
    )
    pinned.start()

    wait_for(lambda: pinned.rows("SELECT uncertain, posting_at, message_id > 2 FROM group_pins") == [(1, None, 1)])

    assert f"the pin in chat {GROUP} is posted again: whether the last one arrived is not known" in caplog.messages
    assert "⚠️ 1 pin may have been posted twice" in pinned.say(ALICE, "/status")["text"]


def test_answer_lost_after_a_post_of_the_tick_is_counted(pinned: World) -> None:
    old = pinned.chat.pinned(GROUP)
    assert old is not None
    pinned.chat.delete_message(GROUP, old["message_id"])
    pinned.chat.fault("sendMessage", "drop_after")
    pinned.clock.set(HANDOVER)

    def look() -> bool:
        pinned.clock.move(seconds=0.5)
        return pinned.rows("SELECT uncertain, posting_at FROM group_pins") == [(1, None)]

    wait_for(look)
    pinned.let_ticks_pass(3)
    copies = [text for text in pinned.texts(GROUP) if "On duty now: Alice Admin" in text]
    assert len(copies) == 2  # Telegram gives no way to know
    shown = pinned.chat.pinned(GROUP)
    assert shown is not None
    assert pinned.rows("SELECT message_id FROM group_pins") == [(shown["message_id"],)]


def test_one_message_for_several_pins_of_a_group_that_fail_for_one_reason(planned: World) -> None:
    planned.chat.add_group(GROUP, "Forum", members=[ALICE], forum=True)
    planned.chat.wait_for_message(ALICE, "You added me to")
    for name in ("one", "two", "three"):
        thread = planned.chat.create_topic(GROUP, name)
        planned.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP, thread_id=thread)
    wait_for(lambda: planned.rows("SELECT count(*) FROM group_pins WHERE content_hash <> ''") == [(3,)])
    planned.be_through()
    kicked = {"code": 403, "description": "Forbidden: bot is not a member of the supergroup chat"}
    planned.chat.fault("editMessageText", "refuse", times=0, chat_id=GROUP, **kicked)
    planned.clock.set(HANDOVER)

    wait_for(lambda: planned.rows("SELECT DISTINCT failure FROM group_pins") == [("not_member",)])

    planned.chat.wait_for_message(ALICE, "I'm no longer in “Forum”")
    planned.let_ticks_pass(3)
    assert len([text for text in planned.texts(ALICE) if "I'm no longer in" in text]) == 1
    assert "• Forum: I am not in the group" in planned.say(ALICE, "/status")["text"]


def test_refresh_pin_cures_a_pin_that_was_switched_off(pinned: World) -> None:
    pinned.work(lambda s: s.connection().exec_driver_sql("UPDATE group_pins SET failure = 'no_write'"))
    pinned.clock.set(HANDOVER)
    pinned.let_ticks_pass(3)
    assert pinned.sent() == []

    assert pinned.say(ALICE, "/refresh_pin", GROUP)["text"] == "Updated."

    assert pinned.rows("SELECT failure FROM group_pins") == [(None,)]
    shown = pinned.chat.pinned(GROUP)
    assert shown is not None
    assert "On duty now: Alice Admin" in shown["text"]


def test_failure_noted_by_an_older_version_is_over_when_the_bot_comes_back(pinned: World) -> None:
    pinned.work(lambda s: s.connection().exec_driver_sql("UPDATE group_pins SET failure = 'Forbidden: bot was kicked'"))
    assert "Forbidden: bot was kicked" in pinned.say(ALICE, "/status")["text"]
    pinned.clock.set(HANDOVER)
    pinned.chat.set_bot_rights(GROUP, {"can_pin_messages": True})
    pinned.chat.wait_for_message(GROUP, "On duty now: Alice Admin")
    assert pinned.rows("SELECT failure FROM group_pins") == [(None,)]


def test_admins_are_told_in_their_language(pinned: World) -> None:
    pinned.work(lambda s: s.connection().exec_driver_sql("UPDATE users SET language = 'ru' WHERE id = 1"))
    pinned.chat.kick_bot(GROUP)
    told = pinned.chat.wait_for_message(ALICE, "Меня удалили")
    assert told["text"] == (
        "Меня удалили из группы «Support», закреплённое сообщение там больше не обновляется. "
        "Верните меня — и оно снова заработает само."
    )
    assert "• Support: меня удалили из группы" in pinned.say(ALICE, "/status")["text"]


def test_no_token_in_any_line_of_the_log(many: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "duty_teller")
    for number, kind in enumerate(["server_error", "drop", "drop_after", "too_many_requests"]):
        many.chat.fault("editMessageText", kind, chat_id=chat_id(number))
    many.chat.fault("editMessageText", "refuse", chat_id=chat_id(6), code=403, description="Forbidden: bot was kicked")
    many.chat.fault("editMessageText", "refuse", chat_id=chat_id(7), code=400, description="Bad Request: something new")
    many.chat.fault("getUpdates", "server_error", times=2)
    many.clock.set(HANDOVER)
    wait_for(lambda: many.rows("SELECT count(*) FROM group_pins WHERE failure = 'kicked'") == [(1,)])
    many.say(ALICE, "/duty")
    lines = [record.getMessage() + str(record.exc_text) for record in caplog.records if record.name.startswith("duty_")]
    assert any("has to wait" in line for line in lines)
    assert any("is switched off: kicked" in line for line in lines)
    # httpx names the whole address at INFO: utils.logs silences it, and has tests of its own.
    assert not [line for line in lines if DEFAULT_TOKEN.partition(":")[2] in line]


def test_locks_of_groups_are_not_kept(many: World) -> None:
    many.clock.set(HANDOVER)
    all_show(many, "On duty now: Alice Admin")
    many.let_ticks_pass(2)
    assert many.app is not None
    assert len(many.app.chat_locks) == 0
