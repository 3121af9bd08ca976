"""/language and /reminders: by buttons that say what they set."""

from typing import Any

import pytest

from tests.handlers.conftest import ADMINS_ONLY, ALICE, DAN, GROUP, SAM, Json, World, buttons
from tests.handlers.test_views import alert, press, press_data

TEXT = (
    "О чём и когда я вам пишу\n\nНапоминаю о смене за 12 ч, 1 ч\nТихих часов нет.\n\n"
    "Сообщения приходят сюда, в этот чат."
)


@pytest.fixture
def dan(planned: World, dan_linked: None) -> World:
    return planned


def stored(world: World, *names: str) -> tuple[Any, ...]:
    return world.rows(f"SELECT {', '.join(names)} FROM users WHERE telegram_user_id = ?", DAN)[0]


def own_commands(world: World, who: int) -> list[Json]:
    return world.chat.commands({"type": "chat", "chat_id": who})


# -- /language -------------------------------------------------------------------------------------------------------


def test_language_is_asked_in_the_present_one(dan: World) -> None:
    asked = dan.say(DAN, "/language")

    assert asked["text"] == "На каком языке вам отвечать?"
    assert buttons(asked) == {"Русский": "lang:ru", "English": "lang:en", "✓ Как в Telegram": "lang:auto"}


@pytest.mark.usefixtures("published")
def test_language_changes_answers_commands_and_menu_at_once_and_back(dan: World) -> None:
    asked = dan.say(DAN, "/language")

    english = press(dan, DAN, asked, "English")

    assert english["text"] == "All right, I'll write in English."
    assert list(buttons(english)) == ["Русский", "✓ English", "As in Telegram"]
    assert stored(dan, "language") == ("en",)
    assert dan.say(DAN, "/duty")["text"].startswith("🟢 On duty now: Dan Duty")
    assert own_commands(dan, DAN)[0] == {"command": "duty", "description": "Who is on duty now and next"}
    assert dan.chat.menu_button(DAN)["text"] == "Calendar"

    auto = press(dan, DAN, english, "As in Telegram")

    assert auto["text"] == "Хорошо, отвечаю по-русски."
    assert stored(dan, "language") == (None,)
    assert own_commands(dan, DAN) == []
    dan.chat.wait_until(lambda: dan.chat.commands_for(DAN))
    assert dan.chat.commands_for(DAN)[0]["description"] == "Кто дежурит сейчас и следующий"
    assert dan.chat.menu_button(DAN)["text"] == "Календарь"
    assert dan.say(DAN, "/duty")["text"].startswith("🟢 Сейчас дежурит Dan Duty")


def test_language_of_an_admin_changes_the_admins_commands(world: World) -> None:
    asked = world.say(ALICE, "/language")

    press(world, ALICE, asked, "Русский")

    shown = {c["command"]: c["description"] for c in own_commands(world, ALICE)}
    assert (shown["status"], shown["duty"]) == ("Всё ли работает", "Кто дежурит сейчас и следующий")


def test_language_survives_a_failure_to_set_the_commands(dan: World) -> None:
    asked = dan.say(DAN, "/language")
    dan.chat.fault("setMyCommands", "server_error")
    dan.chat.fault("setChatMenuButton", "refuse", description="Bad Request: chat not found")

    assert press(dan, DAN, asked, "English")["text"] == "All right, I'll write in English."
    assert stored(dan, "language") == ("en",)


# -- /reminders ------------------------------------------------------------------------------------------------------


def test_reminders_of_somebody_who_has_chosen_nothing(dan: World) -> None:
    asked = dan.say(DAN, "/reminders")

    assert asked["text"] == TEXT
    assert buttons(asked) == {
        "24 ч": "rem:lead:1440:1",
        "✓ 12 ч": "rem:lead:720:0",
        "✓ 1 ч": "rem:lead:60:0",
        "15 мин": "rem:lead:15:1",
        "Не напоминать о сменах": "rem:never",
        "✓ Без тихих часов": "rem:quiet:off",
        "22–07": "rem:quiet:22000700",
        "23–08": "rem:quiet:23000800",
        "Другие часы…": "rem:quiet:own",
        "✓ Конец смены и кто сменяет": "rem:kind:ends:0",
        "✓ Ваши смены изменились": "rem:kind:changed:0",
        "✓ Срочные изменения ваших смен": "rem:kind:short_notice:0",
        "✓ Коллеги ищут замену": "rem:kind:cover:0",
    }


def test_reminders_are_chosen_by_buttons_in_place(dan: World) -> None:
    asked = dan.say(DAN, "/reminders")

    for name in ("24 ч", "✓ 1 ч", "22–07", "✓ Ваши смены изменились"):
        shown = press(dan, DAN, asked, name)

    assert shown["text"] == (
        "О чём и когда я вам пишу\n\nНапоминаю о смене за 24 ч, 12 ч\n"
        "Тихие часы: 22:00–07:00 (Europe/Moscow)\nВыключено: Ваши смены изменились\n\n"
        "Сообщения приходят сюда, в этот чат."
    )
    assert [name for name in buttons(shown) if name.startswith("✓")] == [
        "✓ 24 ч", "✓ 12 ч", "✓ 22–07", "✓ Конец смены и кто сменяет", "✓ Срочные изменения ваших смен",
        "✓ Коллеги ищут замену",
    ]  # fmt: skip
    assert stored(dan, "reminder_leads", "quiet_hours", "notices_off") == ("1440,720", "22:00-07:00", "changed")

    for name in ("Не напоминать о сменах", "Без тихих часов", "Ваши смены изменились"):
        shown = press(dan, DAN, shown, name)

    assert "О начале смены не напоминаю.\nТихих часов нет.\n\n" in shown["text"]
    assert stored(dan, "reminder_leads", "quiet_hours", "notices_off") == ("", None, "")


def test_reminders_double_tap_sets_once(dan: World) -> None:
    asked = dan.say(DAN, "/reminders")
    for _ in range(2):
        dan.chat.press(DAN, asked["message_id"], "rem:lead:15:1", timeout=0)
    dan.be_through()

    assert stored(dan, "reminder_leads") == ("720,60,15",)


def test_reminders_say_when_nothing_is_left(dan: World) -> None:
    asked = dan.say(DAN, "/reminders")
    for data in ("rem:never", "rem:kind:ends:0", "rem:kind:changed:0", "rem:kind:short_notice:0", "rem:kind:cover:0"):
        asked = press(dan, DAN, asked, data)

    assert asked["text"].splitlines()[-1] == "Всё выключено: первым я вам не напишу."


def test_own_quiet_hours_are_typed_and_checked(dan: World) -> None:
    asked = dan.say(DAN, "/reminders")
    dan.chat.press(DAN, asked["message_id"], "Другие часы…")
    question = dan.chat.wait_for_message(DAN, "С какого часа", after_id=asked["message_id"])
    assert question["text"] == (
        "С какого часа и до какого вас не беспокоить? Напишите, например: 22:00-07:00. /cancel — оставить как есть."
    )
    dan.be_through()
    assert dan.say(DAN, "ночью")["text"] == (
        "Не понимаю «ночью». Напишите начало и конец тихих часов, например: 22:00-07:00."
    )

    shown = dan.say(DAN, "21:30-6")

    assert "Тихие часы: 21:30–06:00 (Europe/Moscow)" in shown["text"]
    assert "✓ Другие часы…" in buttons(shown)
    assert stored(dan, "quiet_hours") == ("21:30-06:00",)
    assert dan.rows("SELECT count(*) FROM dialogues") == [(0,)]


def test_own_quiet_hours_cancelled_or_forgotten_leave_things_as_they_are(dan: World) -> None:
    asked = dan.say(DAN, "/reminders")
    dan.chat.press(DAN, asked["message_id"], "Другие часы…")
    dan.be_through()
    assert dan.say(DAN, "/cancel")["text"] == "Отменено."
    dan.chat.press(DAN, asked["message_id"], "Другие часы…")
    dan.be_through()

    dan.clock.move(minutes=10)

    dan.chat.wait_for_message(DAN, "Вы десять минут не отвечали")
    assert stored(dan, "quiet_hours") == (None,)


def test_admins_kinds_are_for_admins(dan: World) -> None:
    dan.work(lambda s: s.connection().exec_driver_sql("UPDATE users SET notices_off = ''"))
    shown = dan.say(ALICE, "/reminders")
    assert shown["text"].splitlines()[-1] == (
        "But I don't know yet who you are on the roster, so I can't remind you of shifts. "
        "Open /invite, choose yourself and press “That's me”."
    )
    assert list(buttons(shown))[-4:] == [
        "✓ Admin: gaps in the roster",
        "✓ Admin: people I can't reach",
        "✓ Admin: groups and pins",
        "✓ Admin: who has joined",
    ]
    press(dan, ALICE, shown, "✓ Admin: gaps in the roster")
    assert dan.rows("SELECT notices_off FROM users WHERE telegram_user_id = ?", ALICE) == [("gaps",)]

    told, messages = press_data(dan, DAN, "rem:kind:gaps:0")

    assert (told, len(messages)) == (ADMINS_ONLY, 1)
    assert stored(dan, "notices_off") == ("",)


def test_member_who_is_on_no_roster_is_told_so(stopped: World) -> None:
    stopped.start(allowed_usernames=frozenset({"sam"}))

    assert stopped.say(SAM, "/reminders")["text"].splitlines()[-1] == (
        "But I don't know yet who you are on the roster, so there is nothing to remind you of. "
        "Ask an admin to send you an invitation."
    )


def test_button_of_somebody_who_lost_access_does_nothing(dan: World) -> None:
    asked = dan.say(DAN, "/reminders")
    dan.work(lambda s: s.connection().exec_driver_sql(f"UPDATE users SET is_active = 0 WHERE telegram_user_id = {DAN}"))

    assert alert(dan, DAN, asked, "rem:never").startswith("У вас нет доступа.")
    assert stored(dan, "reminder_leads") == (None,)


def test_preferences_stay_out_of_groups(dan: World) -> None:
    dan.chat.add_group(GROUP, "Support", members=[ALICE, DAN, SAM])
    for command in ("language", "reminders"):
        assert buttons(dan.say(ALICE, f"/{command}", GROUP)) == {
            "Open the private chat": f"https://t.me/duty_teller_demo_bot?start={command}"
        }
