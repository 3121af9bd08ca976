"""/duty, /week and /my as people use them: pages, names, groups, old buttons."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, EventType, Roster, User
from duty_teller.services import schedule_service
from duty_teller.services.schedule_service import Author, Covered, Shift
from duty_teller.utils.handover import instant
from tests.handlers.conftest import ADMINS_ONLY, ALICE, DAN, GROUP, MONDAY, NOON, SAM, Json, World, buttons, roster_json

NO_ACCESS = "You have no access. Ask your team's admin for an invitation."
TUESDAY = "Tue 24 Nov\n• until 09:00: Dan Duty\n• 09:00 – Wed 25 Nov, 09:00: Alice Admin"
WEEK = (
    "Mon 23 Nov – Sun 29 Nov\n"
    "👉 Mon 23 Nov · today\n• 09:00 – Tue 09:00: Dan Duty\n"
    "Tue 24 Nov\n• 09:00 – Wed 09:00: Alice Admin\n"
    "Wed 25 Nov\n• 09:00 – Thu 09:00: Dan Duty\n"
    "Thu 26 Nov\n⚠️ 09:00 – Mon 00:00: nobody\n"
    "Times: Europe/Moscow"
)


@pytest.fixture
def trusted(group: World) -> World:
    group.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    group.chat.wait_for_message(GROUP, "This group's digest, language and duty tag:")
    return group


def press(world: World, who: int, message: Json, button: str, chat_id: int | None = None) -> Json:
    """Presses a button, and returns the message as it is when the bot is through."""
    world.chat.press(who, message["message_id"], button, chat_id=chat_id)
    world.be_through()
    return next(m for m in world.chat.messages(chat_id or who) if m["message_id"] == message["message_id"])


def alert(world: World, who: int, message: Json, button: str, chat_id: int | None = None) -> str:
    answer = world.chat.press(who, message["message_id"], button, chat_id=chat_id)
    assert answer is not None
    return str(answer["text"])


def press_data(world: World, who: int, data: str, chat_id: int | None = None) -> tuple[str, list[Json]]:
    """Presses an old button with this data under some message; returns the alert and the bot's newer messages."""
    chat = chat_id or who
    sent = world.run(_old_button(world, chat, data))
    answer = world.chat.press(who, sent, data, chat_id=chat_id)
    world.be_through()
    newer = [m for m in world.chat.messages(chat) if m["message_id"] >= sent and m["sender"]["is_bot"]]
    return (answer or {"text": ""})["text"], newer


async def _old_button(world: World, chat_id: int, data: str) -> int:
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup

    assert world.poller is not None
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("old", callback_data=data)]])
    sent = await world.poller.application.bot.send_message(chat_id, "A notice", reply_markup=markup)
    return int(sent.message_id)


def second_roster(world: World, **shifts: tuple[str, int]) -> None:
    """Names the first roster, and adds one in New York: name → (day, hours from 09:00)."""

    def work(session: Any) -> None:
        first = repository.rosters(session)[0]
        first.name = "Support"
        roster = Roster(name="<Network>", timezone="America/New_York", handover_at=first.handover_at)
        session.add_all([first, roster])
        session.flush()
        wanted = []
        for name, (day, hours) in shifts.items():
            user = User(full_name=name.replace("_", " "), created_at=world.clock())
            session.add(user)
            session.flush()
            start = instant(date.fromisoformat(day), first.handover_at, roster.timezone)
            end = start + timedelta(hours=hours)
            wanted.append(Shift(user.id or 0, "primary", start, end, EventType.DUTY))
        people = frozenset(shift.user_id for shift in wanted)
        always = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
        covered = Covered(people, (always,))
        diff = schedule_service.plan_changes(session, roster.id or 0, wanted, covered, ChangeKind.IMPORT)
        schedule_service.apply(session, diff, Author(None, "x"), "x", diff.revision, world.clock())
        repository.raise_revision(session, "rosters")

    world.work(work)


# -- /duty: days -----------------------------------------------------------------------------------------------------


def test_duty_turns_to_tomorrow_and_back_in_place(planned: World) -> None:
    asked = planned.say(ALICE, "/duty")

    tomorrow = press(planned, ALICE, asked, "tomorrow ▶")
    assert tomorrow["text"] == TUESDAY
    assert buttons(tomorrow) == {
        "◀ Mon 23 Nov": "duty:2026-11-23",
        "today": "duty:0",
        "Wed 25 Nov ▶": "duty:2026-11-25",
        "✏️ Change": "ch:d:2026-11-24:1:0",
        "📅 Open the calendar": "https://duty.example.org/",
    }
    today = press(planned, ALICE, tomorrow, "today")
    assert today["text"] == "Mon 23 Nov\n• 09:00 – Tue 24 Nov, 09:00: Dan Duty"
    assert list(buttons(today))[:3] == ["◀ Sun 22 Nov", "now", "Tue 24 Nov ▶"]
    now = press(planned, ALICE, today, "now")
    assert (now["text"], buttons(now)) == (asked["text"], buttons(asked))
    there = len(planned.texts(ALICE))
    assert press(planned, ALICE, now, "◀ yesterday")["text"] == "Sun 22 Nov\nNobody is on duty."
    assert len(planned.texts(ALICE)) == there
    assert [text for text in planned.texts(ALICE) if "Tue 24 Nov\n•" in text] == []


@pytest.mark.usefixtures("dan_linked")
def test_duty_pages_in_russian(planned: World) -> None:
    asked = planned.say(DAN, "/duty 24.11")
    assert list(buttons(asked)) == ["◀ пн 23 нояб.", "сегодня", "ср 25 нояб. ▶", "📅 Открыть календарь"]

    shown = press(planned, DAN, asked, "ср 25 нояб. ▶")

    assert shown["text"].splitlines() == [
        "ср 25 нояб.",
        "• до 09:00: Alice Admin",
        "• 09:00 – чт 26 нояб., 09:00: Dan Duty",
        "    @dan_duty",
    ]


def test_duty_button_tomorrow_means_the_day_after_it_is_pressed(planned: World) -> None:
    asked = planned.say(ALICE, "/duty")
    planned.clock.move(days=1)

    assert press(planned, ALICE, asked, "tomorrow ▶")["text"].splitlines()[0] == "Wed 25 Nov"


def test_duty_pages_end_400_days_from_today(planned: World) -> None:
    last = (MONDAY + timedelta(days=400)).isoformat()
    assert list(buttons(planned.say(ALICE, f"/duty {last}")))[:2] == ["◀ Mon 27 Dec 2027", "today"]
    assert list(buttons(planned.say(ALICE, "/duty 2030-01-01")))[:1] == ["today"]

    told, messages = press_data(planned, ALICE, f"duty:{MONDAY + timedelta(days=401)}")

    assert told == "I can't show dates that far away."
    assert [m["text"] for m in messages] == ["A notice"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("duty:2026-02-30", "This button is out of date."),
        ("duty:p" + 30 * "9", "This button is out of date."),
        ("duty:9999-12-31", "This button is out of date."),
        ("week:2199-12-31", "I can't show dates that far away."),
        ("my:1000000", "This button is out of date."),
        ("duty:p999", "This person is no longer on the roster."),
        ("duty:f3:nobody", "“nobody” is neither a day nor a name on the roster. "
         "Write it like tomorrow, friday, 24.11, or a part of a name."),
        ("week:2020-01-06", "I can't show dates that far away."),
        ("my:p:1", "I can't show dates that far away."),
        ("my:999", "I can't show dates that far away."),
    ],
)  # fmt: skip
def test_old_button_that_leads_nowhere_is_answered(planned: World, data: str, told: str) -> None:
    answer, messages = press_data(planned, ALICE, data)

    assert answer == told
    assert [m["text"] for m in messages] == ["A notice"]


def test_page_of_a_message_that_is_gone_comes_as_a_new_one(planned: World) -> None:
    asked = planned.say(ALICE, "/duty")
    planned.chat.fault("editMessageText", "refuse", description="Bad Request: message to edit not found")

    planned.chat.press(ALICE, asked["message_id"], "tomorrow ▶")

    assert planned.answer(ALICE, asked["message_id"])["text"] == TUESDAY


@pytest.mark.parametrize(
    ("kind", "options"), [("server_error", {}), ("drop", {}), ("refuse", {"code": 403, "description": "Forbidden"})]
)
def test_page_that_telegram_does_not_take_changes_nothing(planned: World, kind: str, options: Json) -> None:
    asked = planned.say(ALICE, "/duty")
    planned.chat.fault("editMessageText", kind, **options)

    shown = press(planned, ALICE, asked, "tomorrow ▶")

    assert shown["text"] == asked["text"]
    told = [text for text in planned.texts(ALICE) if text.startswith("Telegram didn't accept my answer.")]
    assert len(told) == (kind != "refuse")  # who does not let the bot write cannot be told
    assert press(planned, ALICE, asked, "tomorrow ▶")["text"] == TUESDAY


async def _press_very_old(world: World, who: int, message_id: int, data: str) -> None:
    """A press on a message of which Telegram tells no more than its id and chat."""
    from telegram import Update

    assert world.poller is not None
    application = world.poller.application
    chat = {"id": who, "type": "private", "first_name": "X"}
    query = {"id": "1", "from": {"id": who, "is_bot": False, "first_name": "X", "username": "alice"}, "data": data}
    query |= {"chat_instance": "1", "message": {"chat": chat, "message_id": message_id, "date": 0}}
    await application.process_update(Update.de_json({"update_id": 1, "callback_query": query}, application.bot))


@pytest.mark.filterwarnings("ignore:`update.callback_query` is not `None`")
def test_button_of_a_message_too_old_for_telegram_still_works(planned: World) -> None:
    asked = planned.say(ALICE, "/duty")

    planned.run(_press_very_old(planned, ALICE, asked["message_id"], "duty:1"))

    assert planned.chat.wait_for_message(ALICE, TUESDAY)["message_id"] == asked["message_id"]
    planned.run(_press_very_old(planned, ALICE, asked["message_id"], "my:0"))
    answer = planned.answer(ALICE, asked["message_id"])
    assert answer["text"].startswith("I don't know yet who you are on the roster.")


def test_second_tap_that_changes_nothing_is_no_failure(planned: World) -> None:
    asked = planned.say(ALICE, "/week")
    data = "week:2026-11-23"
    _told, messages = press_data(planned, ALICE, data)
    assert messages[0]["text"] == WEEK == asked["text"]
    shown = press(planned, ALICE, messages[0], "▶")
    planned.chat.press(ALICE, shown["message_id"], "this week", timeout=0)
    planned.chat.press(ALICE, shown["message_id"], "this week", timeout=0)
    planned.be_through()
    assert planned.chat.last_message(ALICE)["text"] == WEEK  # type: ignore[index]


def test_week_of_a_day_or_a_word_is_shown(planned: World) -> None:
    assert planned.say(ALICE, "/week this week")["text"] == WEEK
    assert planned.say(ALICE, "/week 24.11")["text"] == WEEK
    asked = planned.say(ALICE, "/week next")
    assert asked["text"].splitlines()[0] == "Mon 30 Nov – Sun 6 Dec"
    assert press(planned, ALICE, asked, "this week")["text"] == WEEK
    assert planned.say(ALICE, "/week soon")["text"] == (
        "“soon” is neither a week nor a day. Write it like next, tomorrow, 24.11."
    )
    assert planned.say(ALICE, "/week 1.1.2029")["text"] == "I can't show dates that far away."


def test_word_of_a_weekday_that_is_somebodys_name_means_them(world: World) -> None:
    world.import_roster(roster_json(**{"Sun Li": "Б", "Четверг Иван": " Б", "Sam Smith": "  Б"}))

    assert world.say(ALICE, "/duty Sun")["text"].startswith("Sun Li\n")
    assert world.say(ALICE, "/duty четверг")["text"].startswith("Четверг Иван\n")
    assert world.say(ALICE, "/duty в четверг")["text"].startswith("Thu 26 Nov\n")
    assert world.say(ALICE, "/duty sat")["text"].startswith("Sat 28 Nov\n")


# -- /duty: people ---------------------------------------------------------------------------------------------------


def test_duty_of_a_person(planned: World) -> None:
    answer = planned.say(ALICE, "/duty dan")

    assert answer["text"] == (
        "Dan Duty\n\n🟢 On duty until Tue 24 Nov, 09:00\nNext shifts:\n"
        "• Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00 · 24 h\nTimes: Europe/Moscow"
    )
    assert list(buttons(answer)) == ["📅 Open the calendar"]
    planned.link_dan()
    assert planned.say(DAN, "/duty ALICE")["text"] == (
        "Alice Admin\n\nСледующие смены:\n• вт 24 нояб., 09:00 – ср 25 нояб., 09:00 · 24 ч\nВремя: Europe/Moscow"
    )


def test_duty_of_several_people_asks_whom(world: World) -> None:
    world.import_roster(roster_json(**{"Алёшин Пётр": "Б", "Алешин Иван": " Б"}))

    asked = world.say(ALICE, "/duty алёшин")

    assert asked["text"] == "2 people fit. Who do you mean?"
    assert list(buttons(asked)) == ["Алешин Иван", "Алёшин Пётр", "📅 Open the calendar"]
    assert press(world, ALICE, asked, "Алёшин Пётр")["text"].splitlines()[:3] == [
        "Алёшин Пётр",
        "",
        "🟢 On duty until Tue 24 Nov, 09:00",
    ]


def test_duty_of_very_many_people_has_pages(world: World) -> None:
    names = [f"Константинопольский Иван {n:02d}" for n in range(20)]
    world.import_roster(roster_json(**dict.fromkeys(names, "О")))

    first = world.say(ALICE, "/duty константинопольский иван")
    assert first["text"] == "20 people fit. Who do you mean?"
    assert list(buttons(first)) == [*names[:8], "▶", "📅 Open the calendar"]
    assert all(len(data.encode()) <= 64 for data in buttons(first).values())

    second = press(world, ALICE, first, "▶")
    last = press(world, ALICE, second, "▶")

    assert list(buttons(second)) == [*names[8:16], "◀", "▶", "📅 Open the calendar"]
    assert list(buttons(last)) == [*names[16:], "◀", "📅 Open the calendar"]
    assert press(world, ALICE, last, names[19])["text"].startswith(names[19])


def test_duty_of_a_person_who_left_meanwhile(planned: World) -> None:
    dan = planned.rows("SELECT id FROM users WHERE full_name = 'Dan Duty'")[0][0]
    planned.work(lambda session: setattr(session.get_one(User, dan), "is_active", False))

    assert press_data(planned, ALICE, f"duty:p{dan}")[0] == "This person is no longer on the roster."
    assert "neither a day nor a name" in planned.say(ALICE, "/duty dan")["text"]
    slip = planned.say(ALICE, "/duty tomorow")
    assert "neither a day nor a name" in slip["text"] and list(buttons(slip)) == ["/duty tomorrow"]


def test_strangers_name_or_button_in_private_reveals_nothing(planned: World) -> None:
    planned.say(SAM, "/start")
    for name in ("dan", "zzz"):
        planned.clock.move(seconds=61)  # a stranger is answered once a minute
        assert planned.say(SAM, f"/duty {name}")["text"] == NO_ACCESS
    for data in ("duty:p1", "duty:p999", "duty:1", "week:now", "my:0", "my:p:24322", "cal:show", "lang:ru"):
        told, messages = press_data(planned, SAM, data)
        assert (told, [m["text"] for m in messages]) == (NO_ACCESS, ["A notice"])


# -- groups ----------------------------------------------------------------------------------------------------------


def test_anybody_in_a_trusted_group_turns_pages_in_the_language_they_are_in(trusted: World) -> None:
    asked = trusted.say(ALICE, "/duty", GROUP)

    shown = press(trusted, DAN, asked, "tomorrow ▶", GROUP)  # Dan's Telegram is Russian, and he is a stranger still

    assert shown["text"] == TUESDAY
    assert buttons(shown) == {
        "◀ Mon 23 Nov": "duty:2026-11-23:en",
        "today": "duty:0:en",
        "Wed 25 Nov ▶": "duty:2026-11-25:en",
        "📅 Open the calendar": "https://t.me/duty_teller_demo_bot?startapp=home",
    }


def test_people_and_weeks_in_a_trusted_group(trusted: World) -> None:
    assert trusted.say(SAM, "/duty dan", GROUP)["text"].startswith("Dan Duty\n\n🟢 On duty until")
    asked = trusted.say(SAM, "/duty a", GROUP)
    assert asked["text"].startswith("Alice Admin")
    week = trusted.say(SAM, "/week", GROUP)
    assert week["text"] == WEEK
    assert buttons(week) == {"◀": "week:2026-11-16:en", "▶": "week:2026-11-30:en"}
    later = press(trusted, DAN, week, "▶", GROUP)
    assert later["text"].splitlines()[0] == "Mon 30 Nov – Sun 6 Dec"
    assert list(buttons(later)) == ["◀", "this week", "▶"]
    assert press(trusted, DAN, later, "this week", GROUP)["text"] == WEEK


def test_only_admins_turn_pages_in_an_untrusted_group(group: World) -> None:
    asked = group.say(ALICE, "/duty", GROUP)

    for who in (DAN, SAM):
        assert alert(group, who, asked, "tomorrow ▶", GROUP) == ""
        group.be_through()
    assert [m["text"] for m in group.chat.messages(GROUP) if m["sender"]["is_bot"]] == [asked["text"]]

    assert press(group, ALICE, asked, "tomorrow ▶", GROUP)["text"] == TUESDAY


@pytest.mark.parametrize(
    "command",
    ["my", "reminders", "language", "calendar_link", "set_phone", "import_duty_schedule", "export", "undo", "history",
     "invite", "settings"],
)  # fmt: skip
def test_command_for_the_private_chat_leads_there_from_a_group_and_runs(group: World, command: str) -> None:
    answer = group.say(ALICE, f"/{command}", GROUP)

    assert answer["text"] == "Do this in our private chat: @duty_teller_demo_bot"
    assert buttons(answer) == {"Open the private chat": f"https://t.me/duty_teller_demo_bot?start={command}"}
    typed = group.say(ALICE, f"/{command}")["text"]
    group.be_through()
    started = group.chat.press_start(ALICE, command)
    assert group.answer(ALICE, started["message_id"])["text"] == typed


@pytest.mark.parametrize("payload", ["start", "pin_duty", "nonsense", "r1", "my-", "unknown_command"])
def test_payload_that_means_nothing_is_a_plain_welcome(planned: World, payload: str) -> None:
    started = planned.chat.press_start(ALICE, payload)

    assert planned.answer(ALICE, started["message_id"])["text"].startswith("Hello, Alice!")


@pytest.mark.usefixtures("dan_linked")
def test_deep_link_of_an_admins_command_refuses_a_member(planned: World) -> None:

    assert planned.say(DAN, "/start undo")["text"] == ADMINS_ONLY


# -- two rosters -----------------------------------------------------------------------------------------------------


def third_roster(world: World) -> None:
    """Adds “Field”, empty, beside “Support” and “<Network>”."""

    def work(session: Any) -> None:
        session.add(Roster(name="Field", timezone="Europe/Moscow", handover_at=time(9)))
        repository.raise_revision(session, "rosters")

    world.work(work)


def test_duty_begins_with_ones_own_roster_and_turns_to_the_others(planned: World) -> None:
    second_roster(planned, Nina_Night=("2026-11-23", 12))
    third_roster(planned)

    asked = planned.say(ALICE, "/duty")
    assert asked["text"].splitlines()[0] == "🟢 On duty now: Dan Duty · Support"
    assert [label for label in buttons(asked) if label.startswith("📋")] == ["📋 <Network>", "📋 Field"]

    shown = press(planned, ALICE, asked, "📋 <Network>")
    assert shown["text"].splitlines()[0] == "🔴 Nobody is on duty until Mon 23 Nov, 09:00 · <Network>"
    assert [label for label in buttons(shown) if label.startswith("📋")] == ["📋 Support", "📋 Field"]
    shown = press(planned, ALICE, shown, "📋 Field")
    assert shown["text"] == "Field\nNo roster yet."

    day = planned.say(ALICE, "/duty today")
    assert day["text"] == "Support\nMon 23 Nov\n• 09:00 – Tue 24 Nov, 09:00: Dan Duty"
    day = press(planned, ALICE, day, "📋 <Network>")
    assert day["text"] == "<Network>\nMon 23 Nov\n⚠️ 00:00–09:00: nobody\n• 09:00–21:00: Nina Night (primary)"
    day = press(planned, ALICE, day, "Tue 24 Nov ▶")  # stays with the roster
    assert day["text"].splitlines()[:2] == ["<Network>", "Tue 24 Nov"]


def test_week_begins_with_ones_own_roster_and_turns_to_the_others(planned: World) -> None:
    second_roster(planned, Nina_Night=("2026-11-23", 12))
    linked = "telegram_user_id = 1003, linked_at = 1, reachable = 1, notices_off = 'starts,ends,changed,short_notice'"
    nina = f"UPDATE users SET {linked} WHERE full_name = 'Nina Night'"
    planned.work(lambda session: session.execute(text(nina)) and None)

    week = planned.say(SAM, "/week")
    assert week["text"].splitlines()[:2] == ["<Network>", "Mon 23 Nov – Sun 29 Nov"]
    week = press(planned, SAM, week, "▶")
    assert week["text"].splitlines()[:2] == ["<Network>", "Mon 30 Nov – Sun 6 Dec"]
    week = press(planned, SAM, week, "📋 Support")
    assert week["text"].splitlines()[:2] == ["Support", "Mon 30 Nov – Sun 6 Dec"]
    week = press(planned, SAM, week, "this week")
    assert week["text"].splitlines()[:2] == ["Support", "Mon 23 Nov – Sun 29 Nov"]
    assert planned.say(SAM, "/duty")["text"].splitlines()[0].endswith("<Network>")


def test_group_begins_with_the_roster_that_is_pinned_there(trusted: World) -> None:
    second_roster(trusted, Nina_Night=("2026-11-23", 12))
    trusted.work(lambda session: session.execute(text("UPDATE group_pins SET roster_id = 2")) and None)

    asked = trusted.say(ALICE, "/duty", GROUP)
    assert asked["text"].splitlines()[0].endswith("· <Network>")
    shown = press(trusted, SAM, asked, "📋 Support", GROUP)
    assert shown["text"].splitlines()[0].endswith(": Dan Duty · Support")


def test_button_of_a_roster_that_was_retired_says_so(planned: World) -> None:
    second_roster(planned, Nina_Night=("2026-11-23", 12))
    asked = planned.say(ALICE, "/duty")
    planned.work(lambda session: session.execute(text("UPDATE rosters SET retired_at = 1 WHERE id = 2")) and None)
    third_roster(planned)

    answered = planned.chat.press(ALICE, asked["message_id"], "📋 <Network>")

    assert answered is not None and "📋" not in answered["text"] and answered["show_alert"]


# -- /my -------------------------------------------------------------------------------------------------------------

MY = (
    "Ваши смены: ноябрь 2026\n"
    "🟢 пн 23 нояб., 09:00 – вт 24 нояб., 09:00 · 24 ч\n"
    "• ср 25 нояб., 09:00 – чт 26 нояб., 09:00 · 24 ч\n\n"
    "Всего за месяц: 2 смены, 48 ч\nВремя: Europe/Moscow"
)


@pytest.mark.usefixtures("dan_linked")
def test_my_shifts_by_month(planned: World) -> None:
    asked = planned.say(DAN, "/my")
    assert asked["text"] == MY
    assert list(buttons(asked)) == [
        "◀ октябрь 2026",
        "декабрь 2026 ▶",
        "🔁 Замена или обмен",
        "📅 Открыть календарь",
    ]

    december = press(planned, DAN, asked, "декабрь 2026 ▶")

    assert december["text"] == "Ваши смены: декабрь 2026\nВ этом месяце у вас смен нет.\nВремя: Europe/Moscow"
    assert list(buttons(december)) == ["◀ ноябрь 2026", "январь 2027 ▶", "этот месяц", "📅 Открыть календарь"]
    assert press(planned, DAN, december, "этот месяц")["text"] == MY
    assert planned.say(DAN, "/my декабрь")["text"] == december["text"]
    assert planned.say(DAN, "/my 11.2026")["text"] == MY
    assert planned.say(DAN, "/my чепуха")["text"] == (
        "«чепуха» — не месяц. Напишите, например: декабрь, следующий, 12.2026."
    )


@pytest.mark.usefixtures("dan_linked")
def test_my_button_of_a_notice_answers_with_a_new_message(planned: World) -> None:

    _told, messages = press_data(planned, DAN, "my:0")

    assert [m["text"] for m in messages] == ["A notice", MY]
    assert press_data(planned, DAN, "my:1")[1][1]["text"].startswith("Ваши смены: декабрь 2026")


@pytest.mark.usefixtures("dan_linked")
def test_my_pages_end_a_year_away(planned: World) -> None:

    assert list(buttons(press_data(planned, DAN, "my:12")[1][1]))[:2] == ["◀ октябрь 2027", "этот месяц"]
    assert press_data(planned, DAN, "my:13")[0] == "Так далеко я не показываю."


def test_my_of_somebody_without_shifts(planned: World) -> None:
    assert planned.say(ALICE, "/my")["text"] == (
        "I don't know yet who you are on the roster. Open /invite, choose yourself and press “That's me”."
    )
    planned.link_dan()
    dan = planned.rows("SELECT id FROM users WHERE telegram_user_id = ?", DAN)[0][0]
    planned.work(lambda s: s.connection().exec_driver_sql("DELETE FROM schedule_change_items"))
    planned.work(lambda s: s.connection().exec_driver_sql(f"DELETE FROM duties WHERE user_id = {dan}"))
    assert planned.say(DAN, "/my")["text"] == "В графике у вас пока нет ни одной смены."


def test_my_of_somebody_let_in_by_name(stopped: World) -> None:
    stopped.start(allowed_usernames=frozenset({"sam"}))

    assert stopped.say(SAM, "/my")["text"] == ("No roster yet.")
    stopped.import_roster(roster_json(Dan_Duty="Б"))
    assert stopped.say(SAM, "/my")["text"] == (
        "I don't know yet who you are on the roster. Ask an admin to send you an invitation."
    )


def test_my_right_after_midnight_shows_the_shift_that_runs(planned: World) -> None:
    planned.import_roster(roster_json(date(2026, 11, 30), Dan_Duty="Б"))
    planned.link_dan()
    planned.clock.set(NOON.replace(month=12, day=1, hour=3))

    assert planned.say(DAN, "/my")["text"].splitlines()[1:4] == [
        "🟢 пн 30 нояб., 09:00 – вт 1 дек., 09:00 · 24 ч",
        "",
        "Всего за месяц: 1 смена, 9 ч",
    ]
