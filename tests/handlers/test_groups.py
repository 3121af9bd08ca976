"""Groups: silent until trusted; trusted from afar; taken down."""

import pytest
from sqlmodel import Session, select

from duty_teller.bot_api_stand_in.model import Membership
from duty_teller.db.models import Roster
from duty_teller.services.rosters import rosters
from tests.handlers.conftest import ALICE, DAN, GROUP, SAM, Json, World, buttons, wait_for
from tests.house import NOW

BASIC = -4001
SETTINGS = [
    "No digest",
    "Digest on Mondays",
    "A message at each hand-over",
    "🏷 Tag who is on duty",
    "No tag",
    "Русский",
    "English",
]


@pytest.fixture
def second(group: World) -> World:
    """There are two rosters, the second one is empty."""

    def add(session: Session) -> None:
        for roster in session.exec(select(Roster)):
            roster.name = "Support"
        rosters.add(session, "Network", NOW, "Support")

    group.work(add)
    return group


def forge(world: World, chat_id: int, message_id: int, data: str) -> None:
    """Gives a message a single button with this data."""
    with world.stand_in.lock:
        body = world.stand_in.rooms[chat_id].messages[message_id].body
        body["reply_markup"] = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}


def pinned_ids(world: World) -> list[int]:
    return [m["message_id"] for m in world.chat.messages(GROUP) if m["pinned"]]


def trust(world: World) -> Json:
    return world.say(ALICE, "/trust_group", GROUP)


def test_group_added_by_an_admin_is_trusted_and_pinned_by_one_button(planned: World) -> None:
    planned.chat.add_group(GROUP, "Support", members=[ALICE, SAM])
    asked = planned.chat.wait_for_message(ALICE, "You added me to “Support”. I stay silent there until you trust it.")
    assert buttons(asked) == {"✅ Trust and pin": f"grp:trust:{GROUP}"}

    planned.chat.press(ALICE, asked["message_id"], "✅ Trust and pin")

    planned.chat.wait_for_message(ALICE, "Pinned.")
    assert planned.chat.pinned(GROUP) is not None


def test_group_added_by_a_stranger_stays_silent_and_the_admins_are_told(planned: World) -> None:
    planned.chat.add_group(GROUP, "Support", members=[SAM, ALICE])
    wait_for(lambda: planned.rows("SELECT 1 FROM notices WHERE kind = 'groups'"))
    assert planned.say_unheard(SAM, "/duty", GROUP) == []


@pytest.mark.parametrize("adder", [ALICE, SAM])
def test_group_of_which_nobody_could_be_asked_is_asked_about_once_an_admin_presses_start(
    stopped: World, adder: int
) -> None:
    stopped.start()
    stopped.chat.add_group(GROUP, "Support", members=[adder, DAN])
    wait_for(lambda: stopped.rows("SELECT added_by FROM chats"))
    stopped.let_ticks_pass()
    stopped.chat.press_start(ALICE)
    who = "You" if adder == ALICE else "Sam"
    asked = stopped.chat.wait_for_message(
        ALICE, f"{who} added me to “Support”. I stay silent there until you trust it."
    )
    stopped.chat.press(ALICE, asked["message_id"], "✅ Trust and pin")
    stopped.chat.wait_for_message(ALICE, "Pinned.")
    assert stopped.rows("SELECT trusted, added_by FROM chats") == [(1, None)]
    assert sum("added me to" in text for text in stopped.texts(ALICE)) == 1


def test_untrust_group_takes_the_pin_down(planned: World) -> None:
    planned.chat.add_group(GROUP, "Support", members=[ALICE, SAM])
    planned.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    planned.chat.wait_for_message(GROUP, "This group's digest, language and duty tag:")
    asked = planned.say(ALICE, "/untrust_group", GROUP)
    planned.chat.press(ALICE, asked["message_id"], "Yes, stop answering", chat_id=GROUP)
    planned.chat.wait_for_message(GROUP, "Done. I no longer answer here.")
    assert planned.chat.pinned(GROUP) is None
    assert planned.rows("SELECT count(*) FROM group_pins") == [(0,)]
    assert planned.say_unheard(SAM, "/duty", GROUP) == []


def test_trust_group_offers_digest_and_language(group: World) -> None:
    shown = trust(group)
    assert shown["text"] == (
        "I now answer everybody here. To pin a message with who is on duty: /pin_duty.\n"
        "The group's digest, language and duty tag:"
    )
    assert list(buttons(shown)) == SETTINGS

    for button, stored in (
        ("Digest on Mondays", "weekly"),
        ("A message at each hand-over", "handover"),
        ("No digest", "off"),
    ):
        group.chat.press(ALICE, shown["message_id"], button, chat_id=GROUP)
        wait_for(lambda: group.rows("SELECT digest FROM chats") == [(stored,)])  # noqa: B023
    group.chat.wait_for_message(GROUP, "Noted.")


def test_language_button_changes_pin_and_answers(group: World) -> None:
    group.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    shown = group.chat.wait_for_message(GROUP, "This group's digest, language and duty tag:")
    assert list(buttons(shown)) == SETTINGS

    group.chat.press(ALICE, shown["message_id"], "Русский", chat_id=GROUP)

    group.chat.wait_for_message(GROUP, "В этой группе я пишу по-русски.")
    group.chat.wait_for_message(GROUP, "Сейчас дежурит Dan Duty")


def test_settings_are_offered_once(group: World) -> None:
    trust(group)
    group.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    wait_for(lambda: pinned_ids(group))
    group.be_through()
    assert "This group's digest, language and duty tag:" not in group.texts(GROUP)


@pytest.mark.parametrize(
    "data",
    ["grp:digest:x", "grp:trust:abc", "grp:lang:xx", "grp:pin:9999999999999999999999", "grp:what:1", "grp:", "nothing"],
)
def test_forged_button_is_answered_as_out_of_date_and_posts_nothing(group: World, data: str) -> None:
    shown = trust(group)
    forge(group, GROUP, shown["message_id"], data)
    group.chat.clear_calls()

    answer = group.chat.press(ALICE, shown["message_id"], data, chat_id=GROUP)

    group.be_through()
    assert answer is not None
    assert answer["text"] == "This button is out of date."
    assert group.sent() == ["answerCallbackQuery"]


def test_button_of_a_roster_that_is_gone_says_so(second: World) -> None:
    shown = second.say(ALICE, "/pin_duty", GROUP)
    forge(second, GROUP, shown["message_id"], "grp:pin:77")
    second.chat.press(ALICE, shown["message_id"], "grp:pin:77", chat_id=GROUP)
    second.chat.wait_for_message(GROUP, "That roster is out of use.")
    assert pinned_ids(second) == []


def test_members_button_in_an_untrusted_group_only_stops_the_clock(group: World) -> None:
    shown = trust(group)
    group.work(lambda s: s.connection().exec_driver_sql("UPDATE chats SET trusted = 0"))
    group.chat.clear_calls()

    answer = group.chat.press(SAM, shown["message_id"], "No digest", chat_id=GROUP)

    group.be_through()
    assert answer is not None
    assert not answer["text"]
    assert group.sent() == ["answerCallbackQuery"]


def test_members_button_in_a_trusted_group_is_refused(group: World) -> None:
    shown = trust(group)
    answer = group.chat.press(SAM, shown["message_id"], "Русский", chat_id=GROUP)
    assert answer is not None
    assert answer["show_alert"] is True
    assert group.rows("SELECT language FROM chats") == [("en",)]


def test_pin_duty_where_the_bot_may_not_write_is_told_in_private_and_comes_by_itself(group: World) -> None:
    trust(group)
    group.chat.set_bot_rights(GROUP, {"can_send_messages": False})
    group.chat.send_text(ALICE, "/pin_duty@duty_teller_demo_bot", chat_id=GROUP)

    group.chat.wait_for_message(
        ALICE, "I can't write in “Support”. Let me send messages there, and the pinned message will appear by itself."
    )
    assert group.rows("SELECT failure FROM group_pins") == [("no_write",)]
    assert group.rows("SELECT count(*) FROM notices WHERE kind = 'groups'") == [(0,)]  # the one who asked knows

    group.chat.set_bot_rights(GROUP, {"can_pin_messages": True})
    wait_for(lambda: pinned_ids(group))


def test_pin_duty_that_comes_after_the_bot_was_kicked_is_told_in_private(group: World) -> None:
    trust(group)
    group.chat.fault(
        "sendMessage",
        "refuse",
        chat_id=GROUP,
        code=403,
        description="Forbidden: bot was kicked from the supergroup chat",
    )
    group.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)

    group.chat.wait_for_message(ALICE, "I can't write in “Support”.")
    wait_for(lambda: group.rows("SELECT failure FROM group_pins") == [("kicked",)])


def test_two_rosters_are_asked_for_and_one_is_pinned(second: World) -> None:
    asked = second.say(ALICE, "/pin_duty", GROUP)
    assert asked["text"] == "Which roster do you want to pin?"
    assert list(buttons(asked)) == ["Support", "Network", "All"]

    second.chat.press(ALICE, asked["message_id"], "Network", chat_id=GROUP)

    done = second.chat.wait_for_message(GROUP, "Pinned.")
    assert list(buttons(done)) == SETTINGS
    assert second.rows("SELECT roster_id FROM group_pins") == [(2,)]
    shown = second.chat.pinned(GROUP)
    assert shown is not None
    assert shown["text"].startswith("🔴 Nobody is on duty now · Network\n")


def test_two_rosters_in_one_chat_are_kept_apart_and_unpinned_one_by_one(second: World) -> None:
    asked = second.say(ALICE, "/pin_duty", GROUP)
    second.chat.press(ALICE, asked["message_id"], "All", chat_id=GROUP)
    second.chat.wait_for_message(GROUP, "Pinned.")
    assert len(pinned_ids(second)) == 2
    second.chat.clear_calls()

    second.clock.move(hours=21)  # the hand-over of the first; the second is empty

    second.chat.wait_for_message(GROUP, "On duty now: Alice Admin")
    second.let_ticks_pass(3)
    assert second.sent() == ["editMessageText"]

    which = second.say(ALICE, "/unpin_duty", GROUP)
    assert (which["text"], list(buttons(which))) == ("Which one do you want to unpin?", ["Support", "Network", "All"])
    second.chat.press(ALICE, which["message_id"], "Support", chat_id=GROUP)
    second.chat.wait_for_message(GROUP, "Unpinned.")
    assert second.rows("SELECT roster_id FROM group_pins") == [(2,)]
    assert len(pinned_ids(second)) == 1


def test_unpin_duty_takes_the_only_pin_down(group: World) -> None:
    assert group.say(ALICE, "/unpin_duty", GROUP)["text"] == "Nothing is pinned here. To pin: /pin_duty"
    group.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    wait_for(lambda: pinned_ids(group))
    group.chat.wait_for_message(GROUP, "This group's digest, language and duty tag:")

    assert group.say(ALICE, "/unpin_duty", GROUP)["text"] == "Unpinned."

    assert pinned_ids(group) == []
    assert group.rows("SELECT count(*) FROM group_pins") == [(0,)]
    assert group.rows("SELECT trusted FROM chats") == [(1,)]
    group.clock.move(hours=21)
    group.let_ticks_pass(3)
    assert not any("On duty now" in text for text in group.texts(GROUP))


def test_leave_button_lets_the_bot_go(planned: World) -> None:
    planned.chat.add_group(GROUP, "Support", members=[SAM, ALICE])
    told = planned.chat.wait_for_message(ALICE, "Sam added me to “Support”. I stay silent there until you trust it.")
    assert list(buttons(told)) == ["✅ Trust and pin", "Leave the group"]

    planned.chat.press(ALICE, told["message_id"], "Leave the group")

    planned.chat.wait_for_message(ALICE, "I left the group.")
    assert planned.stand_in.rooms[GROUP].bot.status == "left"


def test_trust_from_afar_of_a_group_that_is_gone_says_so(planned: World) -> None:
    planned.chat.add_group(GROUP, "Support", members=[SAM, ALICE])
    told = planned.chat.wait_for_message(ALICE, "Sam added me to")
    planned.chat.kick_bot(GROUP)

    planned.chat.press(ALICE, told["message_id"], "✅ Trust and pin")

    planned.chat.wait_for_message(
        ALICE, "I can't write there. Check that I'm in the group and allowed to send messages."
    )


def test_topic_that_was_closed_comes_back_when_it_is_reopened(planned: World) -> None:
    planned.chat.add_group(GROUP, "Forum", members=[ALICE], forum=True)
    thread = planned.chat.create_topic(GROUP, "Duty")
    planned.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP, thread_id=thread)
    wait_for(lambda: pinned_ids(planned))
    (message_id,) = pinned_ids(planned)
    planned.be_through()
    planned.let_ticks_pass(2)
    planned.chat.delete_message(GROUP, message_id)
    planned.chat.close_topic(GROUP, thread)
    planned.stand_in.rooms[GROUP].bot.rights["can_manage_topics"] = False
    planned.clock.move(hours=21)
    planned.chat.wait_for_message(ALICE, "The topic with the pinned message in “Forum” is closed.")
    assert planned.rows("SELECT failure FROM group_pins") == [("topic_closed",)]

    planned.chat.reopen_topic(GROUP, thread)

    wait_for(lambda: planned.rows("SELECT failure FROM group_pins") == [(None,)])
    planned.chat.wait_for_message(GROUP, "On duty now: Alice Admin", after_id=message_id)


@pytest.mark.parametrize("back", ["right", "topic"])
def test_refusal_on_its_way_when_what_mends_it_comes_switches_no_pin_off(planned: World, back: str) -> None:
    planned.chat.add_group(GROUP, "Forum", members=[ALICE], forum=True)
    thread = planned.chat.create_topic(GROUP, "Duty")
    planned.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP, thread_id=thread)
    wait_for(lambda: pinned_ids(planned))
    planned.be_through()
    planned.let_ticks_pass(2)
    said = {"right": "not enough rights to send text messages to the chat", "topic": "TOPIC_CLOSED"}[back]
    late = {"code": 400, "description": f"Bad Request: {said}", "seconds": 0.5}
    planned.chat.fault("editMessageText", "refuse", chat_id=GROUP, **late)
    planned.clock.move(hours=21)
    wait_for(lambda: any(call.method == "editMessageText" for call in planned.stand_in.call_log))

    if back == "right":
        planned.chat.set_bot_rights(GROUP, {"can_pin_messages": True})
    else:
        planned.chat.close_topic(GROUP, thread)
        planned.chat.reopen_topic(GROUP, thread)

    planned.chat.wait_for_message(GROUP, "On duty now: Alice Admin")
    assert planned.rows("SELECT failure FROM group_pins") == [(None,)]


def test_new_title_is_followed(group: World) -> None:
    trust(group)
    group.chat.set_title(GROUP, "On call")
    wait_for(lambda: group.rows("SELECT title FROM chats") == [("On call",)])


def test_blocked_in_private_is_known_until_unblocked(planned: World) -> None:
    reachable = "SELECT reachable FROM users WHERE telegram_user_id = 1001"
    assert planned.rows(reachable) == [(1,)]
    planned.chat.block_bot(ALICE)
    wait_for(lambda: planned.rows(reachable) == [(0,)])
    planned.chat.send_text(ALICE, "/duty")
    wait_for(lambda: planned.rows(reachable) == [(1,)])


def test_file_in_a_group_is_sent_to_the_private_chat_for_admins_only(group: World) -> None:
    trust(group)
    sent = group.chat.send_document(ALICE, "roster.json", b"{}", chat_id=GROUP)
    told = group.chat.wait_for_message(GROUP, "Send me the roster file", after_id=sent["message_id"])
    link = "https://t.me/duty_teller_demo_bot?start=import"
    assert told["text"] == f"Send me the roster file in our private chat: {link}"

    group.chat.clear_calls()
    group.chat.send_document(SAM, "roster.json", b"{}", chat_id=GROUP)
    group.be_through()
    assert group.sent() == []


def test_upgraded_group_whose_news_come_in_the_wrong_order_is_no_new_group(planned: World) -> None:
    planned.chat.add_group(BASIC, "Basic", members=[ALICE, SAM], kind="group")
    planned.chat.wait_for_message(ALICE, "You added me to")
    planned.chat.send_text(ALICE, "/pin_duty", chat_id=BASIC)
    planned.chat.wait_for_message(BASIC, "On duty now: Dan Duty")
    planned.be_through()
    planned.stop()
    new_id = planned.chat.upgrade_to_supergroup(BASIC)
    with planned.stand_in.lock:
        planned.stand_in.updates.clear()
        room = planned.stand_in.rooms[new_id]
        planned.stand_in.push_my_member(room, SAM, Membership("left"), room.bot)
    told = len(planned.texts(ALICE))
    planned.start()

    planned.chat.wait_for_message(new_id, "On duty now: Dan Duty")
    planned.be_through()
    planned.let_ticks_pass(3)
    assert planned.rows("SELECT id, trusted FROM chats") == [(new_id, 1)]
    assert len(planned.texts(ALICE)) == told


def test_unpinned_message_too_old_to_be_deleted_says_that_it_is_old(group: World) -> None:
    group.say(ALICE, "/pin_duty", GROUP)
    shown = group.chat.wait_until(lambda: group.chat.pinned(GROUP))
    group.chat.advance_clock(49 * 3600)

    group.say(ALICE, "/unpin_duty", GROUP)

    old = group.chat.wait_for_message(GROUP, "This message is no longer updated. To see who is on duty: /duty")
    assert (old["message_id"], group.chat.pinned(GROUP)) == (shown["message_id"], None)
