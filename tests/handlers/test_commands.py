"""/start, /help and /duty: who gets which answer, where, and in which language."""

import re
from datetime import UTC, date, datetime

import pytest

from duty_teller.handlers.transport.paging import message_texts, one_message
from duty_teller.i18n import LocalizedError
from duty_teller.services.texts.typed_days import parse_day
from tests.handlers.conftest import ADMINS_ONLY, ALICE, DAN, GROUP, SAM, World, buttons, roster_json, wait_for

NO_ACCESS = "You have no access. Ask your team's admin for an invitation."


def trust(world: World) -> None:
    world.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    world.chat.wait_for_message(GROUP, "This group's digest, language and duty tag:")


def test_duty_in_private_tells_now_and_next(planned: World) -> None:
    answer = planned.say(ALICE, "/duty")

    assert answer["text"] == (
        "🟢 On duty now: Dan Duty\n      until Tue 24 Nov, 09:00\n\n"
        "⏭ Next: Alice Admin\n      from Tue 24 Nov, 09:00\n\nTimes: Europe/Moscow"
    )
    assert buttons(answer) == {
        "◀ yesterday": "duty:-1",
        "tomorrow ▶": "duty:1",
        "🤝 Somebody else for Dan Duty": "over:who:1:0",
        "📅 Open the calendar": "https://duty.example.org/",
    }


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("tomorrow", "Tue 24 Nov\n• until 09:00: Dan Duty\n• 09:00 – Wed 25 Nov, 09:00: Alice Admin"),
        ("завтра", "Tue 24 Nov\n• until 09:00: Dan Duty\n• 09:00 – Wed 25 Nov, 09:00: Alice Admin"),
        ("24.11", "Tue 24 Nov\n• until 09:00: Dan Duty\n• 09:00 – Wed 25 Nov, 09:00: Alice Admin"),
        ("2026-11-24", "Tue 24 Nov\n• until 09:00: Dan Duty\n• 09:00 – Wed 25 Nov, 09:00: Alice Admin"),
        ("tuesday", "Tue 24 Nov\n• until 09:00: Dan Duty\n• 09:00 – Wed 25 Nov, 09:00: Alice Admin"),
        ("во вторник", "Tue 24 Nov\n• until 09:00: Dan Duty\n• 09:00 – Wed 25 Nov, 09:00: Alice Admin"),
        ("24 ноября", "Tue 24 Nov\n• until 09:00: Dan Duty\n• 09:00 – Wed 25 Nov, 09:00: Alice Admin"),
        ("1.12", "Tue 1 Dec\nThe roster ends before that, on Wed 25 Nov."),
        ("31.11.2026", "There is no such date: “31.11.2026”. Write it like 2026-11-23."),
        ("2026-02-30", "There is no such date: “2026-02-30”. Write it like 2026-11-23."),
        (
            "<b>&",
            "“<b>&” is neither a day nor a name on the roster. "
            "Write it like tomorrow, friday, 24.11, or a part of a name.",
        ),
    ],
)
def test_duty_with_a_day_tells_that_day_or_what_is_wrong(planned: World, asked: str, answer: str) -> None:
    assert planned.say(ALICE, f"/duty {asked}")["text"] == answer


@pytest.mark.parametrize(
    ("typed", "today", "meant"),
    [
        ("02.01", date(2026, 12, 30), date(2027, 1, 2)),
        ("30.12", date(2027, 1, 2), date(2026, 12, 30)),
        ("29.02", date(2027, 5, 1), date(2028, 2, 29)),
        ("24.11.2027", date(2026, 1, 1), date(2027, 11, 24)),
        ("Вчера", date(2026, 1, 1), date(2025, 12, 31)),
        ("2 Jan", date(2026, 12, 30), date(2027, 1, 2)),
    ],
)
def test_parse_day_without_a_year_takes_the_nearest(typed: str, today: date, meant: date) -> None:
    assert parse_day(typed, today) == meant


def test_parse_day_that_never_exists_raises() -> None:
    with pytest.raises(LocalizedError) as caught:
        parse_day("30.02", date(2026, 1, 1))

    assert caught.value.key == "error.date"


@pytest.mark.usefixtures("dan_linked")
def test_duty_in_russian_when_telegram_is(planned: World) -> None:

    answer = planned.say(DAN, "/duty завтра")

    assert answer["text"].splitlines()[0] == "вт 24 нояб."
    assert planned.say(DAN, "/duty 30.02")["text"] == "Нет такой даты: «30.02». Напишите как 2026-11-23."


def test_duty_of_a_day_names_absences_and_counts_many(world: World) -> None:
    people = {f"Person_{n:02d}": "О" for n in range(40)}
    world.import_roster(roster_json(**people))

    answer = world.say(ALICE, "/duty today")["text"]

    assert answer.startswith("Mon 23 Nov\nNobody is on duty.\nOn vacation: Person 00, Person 01,")
    assert answer.endswith("Person 29 …and 10 more")


def test_stranger_in_private_always_gets_the_same_words_and_leaves_nothing(planned: World) -> None:
    before = planned.counts()

    said = ["/start", "/help", "/duty", "/duty tomorrow", "/cancel", "hello", "Not now", "/calendar_link", "/set_phone"]
    said += [
        "/week",
        "/my",
        "/language",
        "/reminders",
        "/duty dan",
        "/duty nobody",
        "/start my",
        "/start duty",
        "/start users",
    ]
    said += ["/import_duty_schedule", "/invite", "/pin_duty", "/nonsense", "/start payload"]
    answers = []
    for text in said:
        planned.clock.move(seconds=61)  # a stranger is answered once a minute
        answers.append(planned.say(SAM, text)["text"])

    assert answers == [NO_ACCESS] * len(said)
    assert planned.counts() == before
    assert [text for text in planned.texts(ALICE) if "sam" in text.lower()] == []


@pytest.mark.usefixtures("dan_linked")
def test_start_and_help_differ_for_admin_and_member(planned: World) -> None:

    admin, member = planned.say(ALICE, "/start")["text"], planned.say(DAN, "/start")["text"]

    assert admin.startswith("Hello, Alice!")
    assert "/invite" in admin
    assert member.startswith("Здравствуйте, Dan Duty!")
    assert "/invite" not in member
    assert planned.say(DAN, "/help")["text"] == member.partition("\n\n")[2]
    assert planned.say(ALICE, "/help")["text"] == admin.partition("\n\n")[2]
    assert planned.say(DAN, "/invite")["text"] == ADMINS_ONLY
    assert planned.say(DAN, "что?")["text"] == "Не понимаю. /help покажет, что я умею."


def test_untrusted_group_hears_nothing_unless_an_admin_asks(group: World) -> None:
    for who in (SAM, DAN):
        for text in (
            "/duty",
            "/help",
            "/start",
            "/pin_duty",
            "/refresh_pin",
            "/set_phone",
            "/calendar_link",
            "/week",
            "/my",
        ):
            assert group.say_unheard(who, text, GROUP) == []

    assert "On duty now: Dan Duty" in group.say(ALICE, "/duty", GROUP)["text"]
    helped = group.say(ALICE, "/help", GROUP)["text"]
    assert helped.startswith("In this group I only answer admins so far.")
    assert "/pin_duty" in helped


def test_trusted_group_everybody_may_ask_for_the_duty(group: World) -> None:
    trust(group)

    assert "On duty now: Dan Duty" in group.say(SAM, "/duty", GROUP)["text"]
    assert group.say(SAM, "/duty 30.02", GROUP)["text"].startswith("There is no such date")
    assert "/pin_duty" not in group.say(SAM, "/help", GROUP)["text"]
    assert group.say(SAM, "/pin_duty", GROUP)["text"] == "You have no access. Ask Alice."
    assert group.rows("SELECT count(*) FROM users WHERE telegram_user_id = ?", SAM) == [(0,)]


def test_group_duty_has_a_link_to_the_app_and_no_web_app_button(group: World) -> None:
    answer = group.say(ALICE, "/duty", GROUP)

    assert buttons(answer) == {
        "◀ yesterday": "duty:-1:en",
        "tomorrow ▶": "duty:1:en",
        "📅 Open the calendar": "https://t.me/duty_teller_demo_bot?startapp=home",
    }


@pytest.mark.parametrize("trusted", [False, True])
def test_anonymous_group_admin_is_pointed_to_the_private_chat(group: World, trusted: bool) -> None:
    if trusted:
        trust(group)

    answer = group.say(ALICE, "/pin_duty", GROUP, anonymous=True)

    assert answer["text"].startswith("You are writing anonymously, so I can't see who you are.")
    assert group.rows("SELECT count(*) FROM users WHERE telegram_user_id = 1087968824") == [(0,)]


def test_command_whose_message_is_gone_is_still_answered(group: World) -> None:
    group.chat.fault("sendMessage", "slow", seconds=0.2)
    sent = group.chat.send_text(ALICE, "/duty", chat_id=GROUP)
    group.chat.delete_message(GROUP, sent["message_id"])

    group.chat.wait_for_message(GROUP, "On duty now")


def test_hostile_names_never_break_the_markup(stopped: World) -> None:
    evil = "<b>&amp; </a> Иван"
    stopped.chat.add_user(ALICE, evil, "alice", last_name="<i>")
    stopped.start()
    stopped.work(lambda session: session.connection().exec_driver_sql("UPDATE rosters SET name = '<u>&'"))
    stopped.import_roster(roster_json(**{evil: "ББ", "<s>": " Б", "&#60;": "О"}))

    stopped.chat.send_text(ALICE, "/start")
    stopped.chat.wait_for_message(ALICE, f"Hello, {evil} <i>!")
    stopped.chat.add_group(GROUP, f"Team {evil}", members=[ALICE, SAM])
    stopped.chat.wait_for_message(ALICE, f"You added me to “Team {evil}”.")
    assert f"On duty now: {evil}" in stopped.say(ALICE, "/duty")["text"]
    today = stopped.say(ALICE, "/duty today")["text"].splitlines()
    assert today == ["Mon 23 Nov", f"• 09:00 – Wed 25 Nov, 09:00: {evil}", "On vacation: &#60;"]
    shown = stopped.say(ALICE, "/invite")
    stopped.chat.press(ALICE, shown["message_id"], evil)
    stopped.chat.wait_for_message(ALICE, f"{evil}, here is our duty roster.")
    stopped.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    pinned = stopped.chat.wait_until(lambda: stopped.chat.pinned(GROUP))
    assert f"On duty now: {evil}" in pinned["text"]
    stopped.chat.kick_bot(GROUP)
    stopped.chat.wait_for_message(ALICE, f"I was removed from “Team {evil}”")


def test_long_text_is_divided_at_lines_counted_as_telegram_does_and_whole() -> None:
    lines = ["<b>" + "😀" * 100 + "</b>"] * 30

    texts = message_texts("\n".join(lines))

    assert "\n".join(texts).split("\n") == lines
    assert [len(text.split("\n")) for text in texts] == [3000 // 208, 3000 // 208, 2]
    assert message_texts("short") == ["short"]
    assert one_message("\n".join(lines), "/duty") == texts[0] + "\n/duty"
    assert one_message("short", "/duty") == "short"


@pytest.mark.parametrize("command", ["/duty", "/duty today", "/week"])
def test_answer_longer_than_a_message_is_turned_by_pages(world: World, command: str) -> None:
    people = {f"Somebody_with_quite_a_long_name_{n:03d}": "Б" for n in range(120)}
    world.import_roster(roster_json(**people))

    page = world.say(ALICE, command)
    texts = [page["text"]]
    while "▼" in buttons(page):
        world.chat.press(ALICE, page["message_id"], "▼")
        shown = texts[-1]
        page = world.chat.wait_for_message(
            ALICE, lambda m, shown=shown, page=page: m["message_id"] == page["message_id"] and m["text"] != shown
        )
        texts.append(page["text"])

    assert len(texts) > 1
    assert [text for text in texts if "…" in text] == []
    named = re.findall(r"long_name_(\d{3})", "\n".join(texts).replace(" ", "_"))
    assert set(named) == {f"{n:03d}" for n in range(120)}
    assert "▲" in buttons(page)


def test_pin_of_more_than_fits_says_where_the_rest_is(world: World) -> None:
    people = {f"Somebody_with_quite_a_long_name_{n:03d}": "Б" for n in range(120)}
    world.import_roster(roster_json(**people))
    world.chat.add_group(GROUP, "Support", members=[ALICE])
    world.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)

    pinned = world.chat.wait_until(lambda: world.chat.pinned(GROUP))

    assert pinned["text"].endswith("\nThat's not all. See /duty or /week for the rest.")


def test_many_on_duty_are_no_button_each(world: World) -> None:
    people = {f"Somebody_with_quite_a_long_name_{n:03d}": "Б" for n in range(120)}
    world.import_roster(roster_json(**people))

    now = world.say(ALICE, "/duty")

    assert [text for text in buttons(now) if "Somebody else" in text] == []


def test_take_over_from_one_of_many_on_duty_asks_whose_duty_by_pages(world: World) -> None:
    world.import_roster(roster_json(**{f"Person_{n:03d}": "Б" for n in range(20)}))
    now = world.say(ALICE, "/duty")

    def shown() -> list[str]:
        world.be_through()
        return list(buttons(next(m for m in world.chat.messages(ALICE) if m["message_id"] == now["message_id"])))

    world.chat.press(ALICE, now["message_id"], "🤝 Take over a duty…")
    first = shown()
    world.chat.press(ALICE, now["message_id"], "▶")
    second = shown()
    world.chat.press(ALICE, now["message_id"], "Person 008")

    assert first == [*(f"Person {n:03d}" for n in range(8)), "▶"]
    assert second == [*(f"Person {n:03d}" for n in range(8, 16)), "◀", "▶"]
    assert "Person 008" not in shown()  # who has it now: everybody but the one on duty


def test_feeds_links_without_a_public_address_say_so(stopped: World) -> None:
    stopped.start(mini_app_base_url="")

    assert stopped.say(ALICE, "/calendar_link")["text"].startswith("Subscriptions don't work yet")
    assert list(buttons(stopped.say(ALICE, "/week"))) == ["◀", "▶"]


def test_duty_at_a_hand_over_is_exact(planned: World) -> None:
    planned.clock.set(datetime(2026, 11, 24, 5, 59, 59, tzinfo=UTC))
    before = planned.say(ALICE, "/duty")["text"]
    planned.clock.set(datetime(2026, 11, 24, 6, 0, 0, tzinfo=UTC))

    assert before.startswith("🟢 On duty now: Dan Duty")
    assert planned.say(ALICE, "/duty")["text"].startswith("🟢 On duty now: Alice Admin")


def test_import_forgotten_for_ten_minutes_ends_itself_and_says_so(world: World) -> None:
    asked = world.say(ALICE, "/import_duty_schedule")
    world.clock.move(minutes=9)
    world.let_ticks_pass(2)
    assert "hand" in world.chat.messages(ALICE)[-1]["text"]

    world.clock.move(minutes=1)

    over = world.chat.wait_for_message(ALICE, "You didn't answer for ten minutes")
    assert over["message_id"] == asked["message_id"]
    assert buttons(over) == {}
    wait_for(lambda: world.rows("SELECT count(*) FROM import_drafts") == [(0,)])


def test_import_step_begins_the_ten_minutes_anew(world: World) -> None:
    asked = world.say(ALICE, "/import_duty_schedule")
    world.clock.move(minutes=8)
    world.chat.press(ALICE, asked["message_id"], "09:00 Europe/Moscow")
    world.clock.move(minutes=8)
    world.let_ticks_pass(3)

    assert world.rows("SELECT stage FROM import_drafts") == [("file",)]
