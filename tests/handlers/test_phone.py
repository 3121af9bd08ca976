"""/set_phone: one's own contact or a typed number, how it will look, taking it away; the keyboard goes every time."""

import pytest

from tests.handlers.conftest import ALICE, DAN, GROUP, SAM, Json, World, buttons

NO_ACCESS = "You have no access. Ask your team's admin for an invitation."
GONE = {"remove_keyboard": True}
REMOVED = "Готово, номер убран. Указать другой: /set_phone"


@pytest.fixture
def asked(planned: World, dan_linked: None) -> World:
    """Dan is asked for his phone."""
    planned.say(DAN, "/set_phone")
    return planned


def phone(world: World) -> str | None:
    found: str | None = world.rows("SELECT phone FROM users WHERE telegram_user_id = ?", DAN)[0][0]
    return found


def keys(message: Json) -> list[str]:
    return [key["text"] for row in message["reply_markup"]["keyboard"] for key in row]


def answers(world: World, after: Json) -> list[Json]:
    world.be_through()
    return [m for m in world.chat.messages(DAN) if m["message_id"] > after["message_id"] and m["sender"]["is_bot"]]


def test_own_contact_is_stored_and_shown_as_colleagues_will_see_it(asked: World) -> None:
    sent = asked.chat.press_keyboard(DAN, "📱 Поделиться номером")

    stored, shown = answers(asked, sent)
    assert (stored["text"], stored["reply_markup"]) == ("Сохранил: +79004445566", GONE)
    assert shown["text"] == ("Коллеги увидят это так:\n🟢 Сейчас дежурит Dan Duty\n      +79004445566 · @dan_duty")
    assert buttons(shown) == {"🗑 Убрать номер": "phone:remove"}
    assert phone(asked) == "+79004445566"
    assert "+79004445566 · @dan_duty" in asked.say(DAN, "/duty")["text"]
    assert asked.rows("SELECT count(*) FROM dialogues") == [(0,)]


def test_somebody_elses_contact_is_refused(asked: World) -> None:
    for options in ({"of_user_id": SAM}, {"with_user_id": False}):
        sent = asked.chat.send_contact(DAN, **options)  # type: ignore[arg-type]
        assert asked.answer(DAN, sent["message_id"])["text"] == (
            "Это чужой контакт. Поделитесь своим номером кнопкой внизу: /set_phone"
        )
    assert phone(asked) is None


def test_contact_without_a_plus_is_an_international_number(asked: World) -> None:
    sent = asked.chat.send_contact(DAN, "84912345678")
    asked.chat.wait_for_message(DAN, "+84912345678", after_id=sent["message_id"])


def test_typed_number_is_asked_again_until_it_is_one(asked: World) -> None:
    wrong = asked.say(DAN, "завтра")
    assert wrong["text"] == "«завтра» не похоже на номер телефона. Напишите с кодом страны: +7 900 123-45-67"

    sent = asked.chat.send_text(DAN, "8 (900) 123-45-67")

    stored, shown = answers(asked, sent)
    assert (stored["text"], stored["reply_markup"]) == ("Сохранил: +79001234567", GONE)
    assert "+79001234567" in shown["text"]
    assert phone(asked) == "+79001234567"
    assert asked.say(DAN, "8 900 123 45 68")["text"] == "Не понимаю. /help покажет, что я умею."


@pytest.mark.parametrize(("word", "answer"), [("Не сейчас", "Отменено."), ("/cancel", "Отменено.")])
def test_leaving_takes_the_keyboard_away(asked: World, word: str, answer: str) -> None:
    left = asked.say(DAN, word)

    assert (left["text"], left["reply_markup"]) == (answer, GONE)
    assert asked.say(DAN, "+79001234567")["text"] == "Не понимаю. /help покажет, что я умею."
    assert phone(asked) is None


def test_forgotten_question_ends_itself_and_takes_the_keyboard_away(asked: World) -> None:
    asked.be_through()  # the question is there before it is kept
    asked.clock.move(minutes=10)

    over = asked.chat.wait_for_message(DAN, "Вы десять минут не отвечали")

    assert over["reply_markup"] == GONE
    asked.let_ticks_pass()
    assert len([text for text in asked.texts(DAN) if "Вы десять минут" in text]) == 1
    assert asked.rows("SELECT count(*) FROM dialogues") == [(0,)]


def test_number_can_be_removed_by_the_button_under_it_twice(asked: World) -> None:
    sent = asked.chat.send_text(DAN, "+79001234567")
    _stored, shown = answers(asked, sent)

    asked.chat.press(DAN, shown["message_id"], "phone:remove")

    asked.chat.wait_for_message(DAN, REMOVED)
    assert phone(asked) is None
    assert "+7900" not in asked.say(DAN, "/duty")["text"]


def test_number_can_be_removed_by_the_keyboard(asked: World) -> None:
    asked.say(DAN, "+79001234567")
    asked.be_through()
    again = asked.say(DAN, "/set_phone")
    assert again["text"] == (
        "Сейчас у вас указан +79001234567. Чтобы заменить его, нажмите кнопку внизу или напишите другой номер.\n\n"
        "Коллеги увидят это так:\n🟢 Сейчас дежурит Dan Duty\n      +79001234567 · @dan_duty"
    )
    assert keys(again) == ["📱 Поделиться номером", "🗑 Убрать номер", "Не сейчас"]

    sent = asked.chat.press_keyboard(DAN, "🗑 Убрать номер")

    (removed,) = answers(asked, sent)
    assert (removed["text"], removed["reply_markup"]) == (REMOVED, GONE)
    assert phone(asked) is None
    assert asked.rows("SELECT count(*) FROM dialogues") == [(0,)]


def test_not_now_leaves_another_dialogue_alone(asked: World) -> None:
    asked.say(DAN, "Не сейчас")
    shown = asked.say(DAN, "/reminders")
    asked.chat.press(DAN, shown["message_id"], "Другие часы…")
    asked.be_through()

    asked.say(DAN, "Не сейчас")

    assert asked.rows("SELECT kind FROM dialogues") == [("quiet_hours",)]


def test_strangers_contact_or_button_changes_nothing(planned: World) -> None:
    before = planned.counts()
    for text in ("Not now", "🗑 Remove my number"):
        assert planned.say(SAM, text)["text"] == NO_ACCESS
        planned.clock.move(seconds=61)  # a stranger is answered once a minute
    sent = planned.chat.send_contact(SAM)

    assert planned.answer(SAM, sent["message_id"])["text"] == NO_ACCESS
    assert planned.counts() == before


def test_set_phone_in_a_group_leads_to_the_private_chat(planned: World) -> None:
    planned.chat.add_group(GROUP, "Support", members=[ALICE, DAN, SAM])

    answer = planned.say(ALICE, "/set_phone", GROUP)

    assert answer["text"] == "Do this in our private chat: @duty_teller_demo_bot"
    assert buttons(answer) == {"Open the private chat": "https://t.me/duty_teller_demo_bot?start=set_phone"}
    started = planned.chat.press_start(ALICE, "set_phone")
    asked = planned.chat.wait_for_message(ALICE, "Press the button below", after_id=started["message_id"])
    assert asked["text"].startswith("Press the button below and Telegram gives me your number, or type it")
    assert keys(asked) == ["📱 Share my number", "Not now"]
