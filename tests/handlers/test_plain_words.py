"""Plain words in the chat: answered, or met with three buttons; in groups when the bot is spoken to."""

import pytest

from tests.handlers.conftest import ALICE, DAN, GROUP, SAM, World, buttons

BOT = "@duty_teller_demo_bot"
NOT_UNDERSTOOD = "I don't understand that. /help shows what I can do."


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("кто дежурит?", "🟢 Сейчас дежурит Dan Duty"),
        ("/now", "🟢 Сейчас дежурит Dan Duty"),
        ("/today", "пн 23 нояб."),
        ("завтра", "вт 24 нояб."),
        ("Alice", "Alice Admin"),
        ("мои смены", "ноябрь 2026"),
        ("/swap", ""),
    ],
)
@pytest.mark.usefixtures("dan_linked")
def test_members_plain_words_are_answered(planned: World, text: str, begins: str) -> None:

    said = planned.say(DAN, text)["text"]

    assert begins in said.splitlines()[0]
    assert not said.startswith("Не понимаю")


def test_slip_of_the_finger_is_met_with_three_buttons_that_work(planned: World) -> None:
    shown = planned.say(ALICE, "/hlep")
    assert shown["text"] == NOT_UNDERSTOOD
    assert list(buttons(shown)) == ["What I can do", "Who is on duty now and next", "My shifts; find cover"]

    planned.chat.press(ALICE, shown["message_id"], "What I can do")
    assert "/duty – who is on duty" in planned.answer(ALICE, shown["message_id"])["text"]

    shown = planned.say(ALICE, "who is on duty tomorow")
    planned.chat.press(ALICE, shown["message_id"], next(iter(buttons(shown))))
    answer = planned.answer(ALICE, shown["message_id"])["text"]
    assert answer.startswith("Tue 24 Nov")
    assert "Alice Admin" in answer


def test_in_a_group_it_is_answered_when_the_bot_is_spoken_to(group: World) -> None:
    assert group.say_unheard(ALICE, f"{BOT} who is on duty?", GROUP) != []  # an admin, though nobody trusts the group
    group.say(ALICE, "/trust_group", GROUP)

    assert "On duty now: Dan Duty" in group.say(SAM, f"{BOT} who is on duty?", GROUP)["text"]
    assert group.say(SAM, f"{BOT} make coffee", GROUP)["text"] == NOT_UNDERSTOOD
    assert group.say_unheard(SAM, "who is on duty?", GROUP) == []
    assert group.say_unheard(SAM, "@somebody_else who is on duty?", GROUP) == []

    before = group.say(SAM, "/duty", GROUP)
    assert group.say(SAM, "tomorrow", GROUP, reply_to=before["message_id"])["text"].startswith("Tue 24 Nov")
    assert group.say_unheard(SAM, "thanks!", GROUP, reply_to=before["message_id"]) == []


def test_group_that_nobody_trusts_hears_no_plain_words(group: World) -> None:
    assert group.say_unheard(SAM, f"{BOT} who is on duty?", GROUP) == []


def test_strangers_plain_words_reveal_nothing(planned: World) -> None:
    assert planned.say(SAM, "Dan")["text"] == "You have no access. Ask your team's admin for an invitation."


@pytest.mark.usefixtures("dan_linked")
def test_text_that_was_asked_for_is_not_taken_as_plain_words(planned: World) -> None:
    planned.say(DAN, "/set_phone")

    assert "завтра" in planned.say(DAN, "завтра")["text"]
    assert planned.say(DAN, "+7 900 123-45-67")["text"] == "Сохранил: +79001234567"
