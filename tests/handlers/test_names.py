"""People whose names hold what cannot be seen, or are written from right to left, in pins, answers and lists."""

from duty_teller.utils.texts import without_unseen
from tests.handlers.conftest import ALICE, GROUP, SAM, World, roster_json

HEBREW = "דן כהן"
SHOWN = f"\u2068{HEBREW}\u2069"


def test_right_to_left_name_stands_apart_from_the_times_in_pin_and_answers(group: World) -> None:
    group.import_roster(roster_json(**{HEBREW: "Б Б", "Alice_Admin": " Б "}))

    group.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    pinned = group.chat.wait_until(lambda: group.chat.pinned(GROUP))
    answers = [group.say(ALICE, command)["text"] for command in ("/duty", "/week", f"/duty {HEBREW}", "/duty כהן")]

    for text in (pinned["text"], *answers):
        assert SHOWN in text
        assert text.count(HEBREW) == text.count(SHOWN)
    group.chat.clear_calls()
    group.let_ticks_pass()
    assert group.sent() == []


def test_what_cannot_be_seen_is_not_stored_of_a_telegram_name(stopped: World) -> None:
    stopped.chat.add_user(ALICE, "Al\u202eice\u200b", "alice", last_name="\u2066Admin\ufeff")
    stopped.chat.add_user(SAM, "\u3164", "sam_stranger")
    stopped.start()
    stopped.say(ALICE, "/start")
    refused = stopped.say(SAM, "/start")

    stopped.chat.press(SAM, refused["message_id"], "Ask for access")
    told = stopped.chat.wait_for_message(ALICE, "sam_stranger")

    assert stopped.rows("SELECT full_name FROM users") == [("Alice Admin",)]
    assert stopped.rows("SELECT full_name, username FROM join_requests") == [("@sam_stranger", "sam_stranger")]
    assert told["text"] == without_unseen(told["text"])
