"""/set_role: by reply, @username, number or buttons; nothing is granted before a button that names the account."""

from typing import Any

import pytest

from duty_teller.db import repository
from duty_teller.db.models import Role
from duty_teller.handlers.background.tick import CHORES
from duty_teller.services.people import accounts, roles
from tests.handlers.conftest import ALICE, DAN, GROUP, SAM, Json, World, buttons, roster_json
from tests.handlers.test_users import BORIS, forge, press, user_id

ANONYMOUS = "That message is anonymous: I can't see who wrote it."


@pytest.fixture
def group(planned: World, dan_linked: None) -> World:
    planned.chat.add_group(GROUP, "Support", members=[ALICE, DAN, SAM], admins=[DAN])
    planned.chat.wait_for_message(ALICE, "You added me to “Support”.")
    return planned


def press_there(world: World, who: int, message: Json, label: str) -> Json:
    world.chat.press(who, message["message_id"], label, chat_id=GROUP)
    world.be_through()
    return next(m for m in world.chat.messages(GROUP) if m["message_id"] == message["message_id"])


def test_by_reply_to_somebody_known(group: World) -> None:
    said = group.chat.send_text(DAN, "hello", chat_id=GROUP)
    asked = group.say(ALICE, "/set_role admin", GROUP, reply_to=said["message_id"])
    assert asked["text"].startswith("Make this person an admin?\n\nDan Duty (@dan_duty)\nid 1002\n\n")
    assert list(buttons(asked)) == ["Yes, make an admin", "No, leave it"]

    assert press_there(group, ALICE, asked, "Yes, make an admin")["text"] == "Done: Dan Duty is an admin now."
    group.chat.wait_for_message(DAN, "Теперь вы администратор.")


def test_by_reply_to_somebody_unknown_lets_them_in_by_number(group: World) -> None:
    said = group.chat.send_text(SAM, "hello", chat_id=GROUP)
    asked = group.say(ALICE, "/set_role", GROUP, reply_to=said["message_id"])
    assert asked["text"] == "Which role?\n\nSam (@sam)\nid 1003"
    asked = press_there(group, ALICE, asked, "Make a member")
    assert asked["text"] == (
        "Make this person a member, without an admin's rights?\n\nSam (@sam)\nid 1003\n\n"
        "I don't know this account yet. If the person is on the roster already, invite them instead: /invite"
    )
    assert group.rows("SELECT count(*) FROM users WHERE telegram_user_id = ?", SAM) == [(0,)]

    done = press_there(group, ALICE, asked, "Yes, make a member")

    assert done["text"] == (
        "Done: Sam is a member now.\nI can't write to them: ask them to open the bot and press Start."
    )
    assert group.rows("SELECT full_name, role, linked_at IS NOT NULL FROM users WHERE telegram_user_id = ?", SAM) == [
        ("Sam", "user", 1)
    ]
    assert group.say(SAM, "/duty")["text"].startswith("🟢 On duty now: Dan Duty")


def test_question_about_somebody_unknown_ends_itself(group: World) -> None:
    said = group.chat.send_text(SAM, "hello", chat_id=GROUP)
    group.say(ALICE, "/set_role admin", GROUP, reply_to=said["message_id"])
    group.be_through()
    group.clock.move(minutes=11)
    group.chat.wait_for_message(GROUP, "You didn't answer for ten minutes, so I stopped.")
    alert = forge(group, ALICE, f"roley:a:{SAM}", GROUP)
    assert alert is not None
    assert alert["text"] == "That question is too old. Reply to the person's message again with /set_role."
    assert group.rows("SELECT count(*) FROM users WHERE telegram_user_id = ?", SAM) == [(0,)]


def test_no_leaves_it(group: World) -> None:
    said = group.chat.send_text(SAM, "hello", chat_id=GROUP)
    asked = group.say(ALICE, "/set_role admin", GROUP, reply_to=said["message_id"])
    assert press_there(group, ALICE, asked, "No, leave it")["text"] == "Cancelled."
    assert group.rows("SELECT count(*) FROM dialogues") == [(0,)]


def test_buttons_in_the_group_do_nothing_for_others(group: World) -> None:
    said = group.chat.send_text(SAM, "hello", chat_id=GROUP)
    asked = group.say(ALICE, "/set_role admin", GROUP, reply_to=said["message_id"])
    group.be_through()
    before = group.counts()
    for who in (DAN, SAM):
        group.chat.press(who, asked["message_id"], "Yes, make an admin", chat_id=GROUP, timeout=0)
    group.be_through()
    assert group.counts() == before


def test_by_reply_to_nobody_is_refused_clearly(group: World) -> None:
    anonymous = group.chat.send_text(DAN, "hello", chat_id=GROUP, anonymous=True)
    assert group.say(ALICE, "/set_role admin", GROUP, reply_to=anonymous["message_id"])["text"] == ANONYMOUS
    of_bot = group.say(ALICE, "/help", GROUP)
    assert group.say(ALICE, "/set_role admin", GROUP, reply_to=of_bot["message_id"])["text"] == (
        "That is a bot, not a person."
    )


def test_by_reply_to_a_channel_is_refused_clearly(group: World) -> None:
    channel = {"id": -1001234, "type": "channel", "title": "News"}
    for user in (136817688, 777000):
        target = {
            "from": {"id": user, "is_bot": user != 777000, "first_name": "Channel"}, "sender_chat": channel,
        }  # fmt: skip
        assert inject(group, "/set_role admin", target) == ("That message is from a channel, not a person.")


def inject(world: World, text: str, target: dict[str, Any]) -> str:
    """Has Alice reply to a message that the stand-in cannot write itself."""
    stand_in = world.stand_in
    with stand_in.lock:
        room = stand_in.room(GROUP)
        message = stand_in.post(room, ALICE, {"text": text, "entities": [entity(text)]})
        shown = stand_in.message_json(message)
        shown["reply_to_message"] = {
            "message_id": 1,
            "chat": shown["chat"],
            "date": shown["date"],
            "text": "x",
        } | target
        stand_in.push("message", shown)
    return str(world.chat.wait_for_message(GROUP, after_id=message.id)["text"])


def entity(text: str) -> Json:
    return {"type": "bot_command", "offset": 0, "length": len(text.split(" ", maxsplit=1)[0])}


def test_anonymous_admin_is_sent_to_the_private_chat(group: World) -> None:
    said = group.chat.send_text(SAM, "hello", chat_id=GROUP)
    answer = group.say(DAN, "/set_role admin", GROUP, reply_to=said["message_id"], anonymous=True)
    assert answer["text"].startswith("You are writing anonymously, so I can't see who you are.")


def test_topic_s_first_message_is_no_reply(group: World) -> None:
    forum = GROUP - 1
    group.chat.add_group(forum, "Forum", members=[ALICE, SAM], forum=True)
    topic = group.chat.create_topic(forum, "Duty")
    group.chat.send_text(ALICE, "/set_role admin", chat_id=forum, thread_id=topic)
    group.chat.wait_for_message(forum, "Reply to somebody's message with /set_role, or name them: /set_role @name.")


def test_by_username_and_by_number(group: World) -> None:
    for wanted in ("@dan_duty", "@DAN_DUTY", "1002"):
        asked = group.say(ALICE, f"/set_role {wanted} admin")
        assert asked["text"].startswith("Make this person an admin?\n\nDan Duty (@dan_duty)\nid 1002")
    asked = group.say(ALICE, "/set_role админ @dan_duty")
    assert press(group, ALICE, asked, "Yes, make an admin")["text"] == "Done: Dan Duty is an admin now."


def test_unknown_names_and_words_say_what_to_do(group: World) -> None:
    for wanted in ("@nobody_here", "4711"):
        assert group.say(ALICE, f"/set_role {wanted} admin")["text"] == (
            f"I don't know {wanted} yet. Reply to a message of theirs in a group with /set_role, "
            "or invite them: /invite"
        )
    assert group.say(ALICE, "/set_role <b>&")["text"] == (
        "I don't understand “<b>&”. Write /set_role @name admin, /set_role 123456789 user, or just /set_role."
    )
    group.import_roster(roster_json(**{"Eve @eve_file": "О"}))
    assert group.say(ALICE, "/set_role @eve_file admin")["text"] == (
        "Eve hasn't connected Telegram yet. Invite them first: /invite"
    )


def test_name_that_two_accounts_have_shown_is_asked(group: World) -> None:
    said = group.chat.send_text(SAM, "hello", chat_id=GROUP)
    asked = group.say(ALICE, "/set_role user", GROUP, reply_to=said["message_id"])
    press_there(group, ALICE, asked, "Yes, make a member")
    group.chat.add_user(SAM, "Sam", "dan_duty")
    group.say(SAM, "/help")

    asked = group.say(ALICE, "/set_role @dan_duty admin")

    assert asked["text"] == "More than one account has used the name @dan_duty. Which one do you mean?"
    assert list(buttons(asked)) == ["Dan Duty · 1002", "Sam · 1003"]
    assert "id 1003" in press(group, ALICE, asked, "Sam · 1003")["text"]


def test_with_buttons_when_nothing_is_given(group: World) -> None:
    shown = group.say(ALICE, "/set_role")
    assert (shown["text"], list(buttons(shown))) == ("Whose role do you want to change?", ["Alice", "Dan Duty"])
    shown = press(group, ALICE, shown, "Dan Duty")
    assert shown["text"] == "Which role?\n\nDan Duty (@dan_duty)\nid 1002"
    shown = press(group, ALICE, shown, "★ Make an admin")
    assert press(group, ALICE, shown, "Yes, make an admin")["text"] == "Done: Dan Duty is an admin now."
    assert press(group, ALICE, group.say(ALICE, "/set_role @dan_duty admin"), "Yes, make an admin")["text"] == (
        "Dan Duty is an admin already."
    )


def test_list_turns_its_pages(world: World) -> None:
    def fill(session: Any) -> None:
        for number in range(12):
            visitor = accounts.Visitor(5000 + number, f"Member {number:02d}")
            roles.let_in(session, world.settings, visitor, Role.USER, world.clock())

    world.work(fill)
    shown = world.say(ALICE, "/set_role")
    shown = press(world, ALICE, shown, "▶")
    assert list(buttons(shown)) == ["Member 09", "Member 10", "Member 11", "◀"]
    assert next(iter(buttons(press(world, ALICE, shown, "◀")))) == "Alice"


def test_refusals_come_before_the_question(group: World) -> None:
    assert group.say(ALICE, "/set_role @alice user")["text"] == (
        "Alice is an admin because of ADMIN_IDS. Remove 1001 from it on the server and restart the bot."
    )


def test_last_admin_is_not_demoted_by_command(stopped: World) -> None:
    stopped.start()
    stopped.say(ALICE, "/start")
    stopped.import_roster(roster_json(Dan_Duty="Б"))
    stopped.link_dan()
    dan = user_id(stopped, "Dan Duty")
    stopped.work(lambda s: repository.set_user_role(s, dan, Role.ADMIN))
    stopped.stop()
    stopped.start(admin_ids=frozenset())
    assert stopped.say(DAN, "/set_role 1002 user")["text"] == (
        "Dan Duty — последний администратор. Сначала назначьте другого: /set_role"
    )


def test_weird_names_stay_names(group: World) -> None:
    group.chat.add_user(SAM, "<b>&amp;" + "я" * 64, "sam", last_name="</i>" + "ю" * 60)
    said = group.chat.send_text(SAM, "hello", chat_id=GROUP)
    asked = group.say(ALICE, "/set_role user", GROUP, reply_to=said["message_id"])
    name = "<b>&amp;" + "я" * 64 + " </i>" + "ю" * 60
    assert f"{name} (@sam)\nid 1003" in asked["text"]
    done = press_there(group, ALICE, asked, "Yes, make a member")
    assert done["text"].startswith(f"Done: {name} is a member now.")


# --- names of the environment, through the bot ---


def test_admins_are_told_of_a_bound_name_and_later_holders_get_nothing(stopped: World) -> None:
    stopped.chat.add_user(BORIS, "Boris <b>&", "boss", "ru")
    stopped.start(admin_usernames=frozenset({"boss"}), allowed_usernames=frozenset({"sam"}))
    stopped.say(ALICE, "/start")
    stopped.say(BORIS, "/start")

    stopped.chat.wait_for_message(
        ALICE,
        "The account Boris <b>& (id 1004) was the first to use @boss from ADMIN_USERNAMES, so the name is now "
        "theirs. Wrong person? Remove the name from ADMIN_USERNAMES and restart the bot.",
    )
    stopped.say(SAM, "/start")
    for admin, text in ((ALICE, "The account Sam (id 1003)"), (BORIS, "Имя @sam из ALLOWED_USERNAMES первым показал")):
        stopped.chat.wait_for_message(admin, text)
    stopped.let_ticks_pass()
    assert len([text for text in stopped.texts(BORIS) if "@boss" in text]) == 0

    stopped.chat.add_user(BORIS, "Boris", "renamed", "ru")
    stopped.chat.add_user(4711, "Mallory", "boss")
    assert stopped.say(4711, "/start")["text"].startswith("You have no access.")
    assert stopped.say(BORIS, "/users")["text"].startswith("Люди")
    assert len([text for text in stopped.texts(ALICE) if "@boss" in text]) == 1


def test_name_taken_out_of_the_environment_stops_granting_at_the_restart_and_is_told_nothing(stopped: World) -> None:
    stopped.chat.add_user(BORIS, "Boris", "boss")
    stopped.start(admin_usernames=frozenset({"boss"}))
    stopped.say(ALICE, "/start")
    stopped.say(BORIS, "/start")
    stopped.chat.wait_for_message(ALICE, "@boss")
    there = len(stopped.texts(BORIS))
    stopped.stop()
    stopped.start(admin_usernames=frozenset())
    stopped.let_ticks_pass()
    assert len(stopped.texts(BORIS)) == there
    assert stopped.say(BORIS, "/users")["text"].startswith("You have no access.")
    assert stopped.say(ALICE, "/set_role 1004 user")["text"].startswith("Make this person a member")


def test_who_joined_survives_a_crash_between_the_linking_and_the_telling(
    stopped: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_args: object) -> tuple[bool, None]:
        return False, None

    sends = CHORES["notices"]
    monkeypatch.setitem(CHORES, "notices", nothing)
    stopped.start()
    stopped.say(ALICE, "/start")
    stopped.import_roster(roster_json(Dan_Duty="Б"))
    stopped.chat.press_start(DAN, stopped.invitation("Dan Duty"))
    stopped.chat.wait_for_message(DAN, "Dan Duty")
    stopped.stop()
    assert stopped.rows("SELECT kind, closed_at FROM notices WHERE kind = 'people'") == [("people", None)]

    monkeypatch.setitem(CHORES, "notices", sends)
    stopped.start()

    told = stopped.chat.wait_for_message(ALICE, "Dan Duty has joined as Dan (@dan_duty).")
    assert list(buttons(told)) == ["That's somebody else"]
