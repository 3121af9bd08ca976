"""Find cover, swap and take over in the chat, from the first tap to what everybody sees."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from duty_teller.db.models import Roster, User
from duty_teller.services import schedule_service
from duty_teller.services.schedule_service import Author, edits
from tests.handlers.conftest import ALICE, DAN, GROUP, MOSCOW, SAM, Settled, World, buttons, roster_json, wait_for

Json = dict[str, Any]


def join(world: World, who: int, name: str) -> None:
    """Ties an account to a person of the roster."""
    if who != ALICE:
        world.chat.press_start(who, world.invitation(name))
        world.chat.wait_for_message(who, name)
        return
    shown = world.list_for_invitations(name)
    world.chat.press(ALICE, shown["message_id"], name)
    offer = world.chat.wait_for_message(ALICE, lambda m: "That's me" in buttons(m), after_id=shown["message_id"])
    world.chat.press(ALICE, offer["message_id"], "That's me")
    world.chat.wait_for_message(ALICE, f"you are {name}")


def gather(world: World) -> None:
    world.import_roster(roster_json(Dan_Duty="Б  Б  ", Alice_Admin=" Б    ", Sam_Smith="     Б"))
    for who, name in ((DAN, "Dan Duty"), (SAM, "Sam Smith"), (ALICE, "Alice Admin")):
        join(world, who, name)
    world.work(lambda session: session.connection().exec_driver_sql("DELETE FROM notices"))


@pytest.fixture(scope="session")
def team_kept(settled: Settled) -> str:
    return settled.lead("three who cover each other", gather, "world")


@pytest.fixture
def team(team_kept: str, stopped: World, settled: Settled) -> World:
    """Dan is on duty today and on Thursday, Alice on Tuesday, Sam on Saturday; all three have joined."""
    return settled.start(team_kept, stopped)


def pressed(world: World, who: int, message: Json, label: str) -> Json:
    """Presses a button by a part of its text; returns what the message shows then."""
    data = next(data for text, data in buttons(message).items() if label in text)
    before = message["text"], buttons(message)
    world.chat.press(who, message["message_id"], data, chat_id=message["chat_id"])

    def changed() -> Json | None:
        now = of_id(world, message)
        return now if (now["text"], buttons(now)) != before else None

    return wait_for(changed)


def find_cover(world: World, who: int, which: str, *typed: str) -> Json:
    """Asks for cover by /my; returns the message that says how it is doing."""
    page = pressed(world, who, world.say(who, "/my"), "🔁")
    page = pressed(world, who, page, which)
    page = pressed(world, who, page, "🙋")
    for text in typed:
        page = world.say(who, text)
    return pressed(world, who, page, "Спросить" if who == DAN else "Ask")


def on_duty(world: World) -> list[tuple[str, str, str]]:
    rows = world.rows(
        "SELECT full_name, start_at, end_at FROM duties JOIN users ON users.id = user_id "
        "WHERE cancelled_at IS NULL ORDER BY start_at, end_at"
    )
    moment = lambda seconds: f"{datetime.fromtimestamp(seconds, MOSCOW):%d %H:%M}"  # noqa: E731
    return [(name, moment(start), moment(end)) for name, start, end in rows]


def asked(world: World, who: int, text: str = "🙋") -> Json:
    return world.chat.wait_for_message(who, lambda m: m["text"].startswith(text))


def of_id(world: World, message: Json) -> Json:
    """The message as it is now."""
    return next(m for m in world.chat.messages(message["chat_id"]) if m["message_id"] == message["message_id"])


def of_request(world: World, who: int) -> list[str]:
    """What stands in a person's chat about requests."""
    marks = (
        "🙋",
        "🔎",
        "✅ Dan",
        "✅ Вас",
        "✅ You have",
        "✅ Sam",
        "✅ Alice",
        "▫️",
        "⏳",
        "⏱",
        "🤝",
        "❌",
        "⚠️ Nobody",
    )
    return [text for text in world.texts(who) if text.startswith(marks)]


def test_cover_from_my_to_the_first_yes(team: World) -> None:
    page = find_cover(team, DAN, "26 нояб", "врач")
    assert "Ищу замену" in page["text"] and "врач" in page["text"]
    first, second = asked(team, SAM), asked(team, ALICE)
    assert first["text"].startswith("🙋 Dan Duty needs cover\nThu 26 Nov, 09:00 – Fri 27 Nov, 09:00\nврач")

    shown = pressed(team, SAM, first, "I'll take it")
    assert shown["text"].startswith("✅ You have it")
    wait_for(lambda: team.chat.messages(ALICE)[-1]["text"].startswith("▫️ Taken by Sam Smith"))
    assert ("Sam Smith", "26 09:00", "27 09:00") in on_duty(team)
    told = wait_for(lambda: [text for text in of_request(team, DAN) if text.startswith("✅")])
    assert told[0].startswith("✅ Вас подменяет Sam Smith")
    wait_for(lambda: [len(of_request(team, who)) for who in (DAN, SAM, ALICE)] == [1, 1, 1])
    assert buttons(of_id(team, second)) == {}


def test_part_is_typed_and_the_rest_stays(team: World) -> None:
    find_cover(team, DAN, "26 нояб", "20:00–23:00 врач")
    pressed(team, SAM, asked(team, SAM), "I'll take it")
    assert [row for row in on_duty(team) if row[1].startswith("26")] == [
        ("Dan Duty", "26 09:00", "26 20:00"),
        ("Sam Smith", "26 20:00", "26 23:00"),
        ("Dan Duty", "26 23:00", "27 09:00"),
    ]


def test_time_outside_the_shift_is_refused_and_the_question_stays(team: World) -> None:
    page = pressed(team, DAN, team.say(DAN, "/my"), "🔁")
    pressed(team, DAN, pressed(team, DAN, page, "26 нояб"), "🙋")
    assert "нет в смене" in team.say(DAN, "08:30–09:30")["text"]
    assert "20:00" in team.say(DAN, "20:00–23:00")["text"]


def test_no_is_kept_and_withdrawing_changes_all_messages(team: World) -> None:
    page = find_cover(team, DAN, "26 нояб")
    ask = asked(team, SAM)
    assert "You said no" in pressed(team, SAM, ask, "I can't")["text"]
    wait_for(lambda: "отказов: 1" in next(t for t in team.texts(DAN) if t.startswith("🔎")))
    pressed(team, DAN, page, "Отозвать")
    wait_for(lambda: of_request(team, ALICE)[-1].startswith("▫️ Cover is no longer needed"))
    assert of_request(team, SAM)[-1].startswith("▫️ Cover is no longer needed")
    assert ("Dan Duty", "26 09:00", "27 09:00") in on_duty(team)


def test_group_is_asked_with_a_button(team: World) -> None:
    team.chat.add_group(GROUP, "Support", members=[ALICE, DAN, SAM])
    team.chat.wait_for_message(ALICE, "You added me to")
    team.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    wait_for(lambda: team.chat.pinned(GROUP))
    page = pressed(team, DAN, team.say(DAN, "/my"), "🔁")
    page = pressed(team, DAN, pressed(team, DAN, page, "26 нояб"), "🙋")
    pressed(team, DAN, page, "Support")
    ask = asked(team, GROUP)
    assert pressed(team, SAM, ask, "")["text"].startswith("▫️")
    assert ("Sam Smith", "26 09:00", "27 09:00") in on_duty(team)
    assert [text for text in team.texts(SAM) if text.startswith("🙋")] == []


def test_swap_changes_both_or_nothing(team: World) -> None:
    none = team.say(DAN, "/swap 4.12")
    assert none["text"] == "пт 4 дек. у вас нет смены.\nКакую смену отдаёте?"
    page = team.say(DAN, "/swap четверг")
    assert page["text"].startswith("Вы отдаёте: чт 26 нояб., 09:00 – пт 27 нояб., 09:00")
    page = pressed(team, DAN, page, "Sam Smith")
    assert "Вы отдаёте" in page["text"]
    before = on_duty(team)
    pressed(team, DAN, page, "Предложить")
    offer = asked(team, SAM, "🔁")
    assert "You get: Thu 26 Nov" in offer["text"]
    assert on_duty(team) == before
    assert pressed(team, SAM, offer, "Swap")["text"].startswith("✅ Sam Smith and Dan Duty swapped")
    assert {("Sam Smith", "26 09:00", "27 09:00"), ("Dan Duty", "28 09:00", "29 09:00")} <= set(on_duty(team))


def test_take_over_is_told_and_objected_to(team: World) -> None:
    page = pressed(team, SAM, team.say(SAM, "/duty"), "I have it now")
    noted = pressed(team, SAM, page, "Yes")
    assert noted["text"].startswith("🤝 You have the duty now")
    assert list(buttons(noted)) == ["↩️ Give it back"]
    assert ("Sam Smith", "23 12:00", "24 09:00") in on_duty(team)
    told = asked(team, DAN, "🤝")
    assert "Сейчас дежурит Sam Smith" in told["text"]
    assert "возражает" in pressed(team, DAN, told, "Это не так")["text"]
    asks = asked(team, ALICE, "❗")
    objected = team.chat.wait_for_message(SAM, "❗ You have the duty now")
    assert objected["message_id"] == noted["message_id"] and not buttons(objected)  # nothing rings, and Sam is no admin
    assert pressed(team, ALICE, asks, "Put it back")["text"].startswith("↩️")
    assert on_duty(team)[0] == ("Dan Duty", "23 09:00", "24 09:00")
    team.chat.wait_for_message(SAM, "↩️ Alice Admin decided")
    team.chat.wait_for_message(DAN, "↩️ Alice")


def test_whoever_took_over_by_mistake_takes_it_back_alone(team: World) -> None:
    page = pressed(team, SAM, team.say(SAM, "/duty"), "I have it now")
    noted = pressed(team, SAM, page, "Yes")
    assert pressed(team, SAM, noted, "Give it back")["text"].startswith("▫️ Withdrawn")
    assert on_duty(team)[0] == ("Dan Duty", "23 09:00", "24 09:00")
    team.chat.wait_for_message(DAN, "▫️ Отозвано")


def test_admin_notes_a_part_for_somebody_absent(team: World) -> None:
    page = pressed(team, ALICE, team.say(ALICE, "/duty"), "Somebody else")
    pressed(team, ALICE, page, "Sam Smith")
    page = team.say(ALICE, "21:00–01:00")
    pressed(team, ALICE, page, "Yes")
    assert on_duty(team)[:3] == [
        ("Dan Duty", "23 09:00", "23 21:00"),
        ("Sam Smith", "23 21:00", "24 01:00"),
        ("Dan Duty", "24 01:00", "24 09:00"),
    ]


def test_edit_that_telegram_refuses_for_now_is_made_later(team: World) -> None:
    find_cover(team, DAN, "26 нояб")
    first, _second = asked(team, SAM), asked(team, ALICE)
    team.chat.fault("editMessageText", "server_error", times=3)
    team.chat.press(SAM, first["message_id"], buttons(first)["✅ I'll take it"])
    for _again in range(6):
        team.clock.move(seconds=20)
        team.let_ticks_pass(1)
    wait_for(lambda: of_request(team, ALICE)[-1].startswith("▫️ Taken by Sam Smith"))


def test_message_whose_sending_was_interrupted_is_sent_and_counted(team: World) -> None:
    find_cover(team, DAN, "26 нояб")
    asked(team, SAM)
    team.stop()
    team.work(
        lambda s: s.connection().exec_driver_sql(
            "UPDATE cover_messages SET attempted_at = 1, message_id = NULL, due_at = 1 WHERE role = 'asked'"
        )
    )
    team.start()
    wait_for(lambda: team.rows("SELECT sum(uncertain) FROM cover_messages") == [(2,)])
    wait_for(lambda: team.rows("SELECT count(*) FROM cover_messages WHERE due_at IS NOT NULL") == [(0,)])


def test_giving_back_warns_of_double_duty_first_and_tells_both(team: World) -> None:
    find_cover(team, DAN, "26 нояб")
    shown = pressed(team, SAM, asked(team, SAM), "I'll take it")
    assert shown["text"].startswith("✅ You have it")
    team.work(another_duty_of_dan)

    warned = told_by_press(team, SAM, shown, "Give it back")
    assert warned["text"] == "⚠️ Dan Duty would be on duty twice: Thu 26 Nov, 12:00–15:00"
    assert ("Sam Smith", "26 09:00", "27 09:00") in on_duty(team), "nothing has happened yet"
    done = pressed(team, SAM, warned, "Put it back anyway")
    assert done["text"] == "Withdrawn: everything is as it was"
    assert ("Dan Duty", "26 09:00", "27 09:00") in on_duty(team)
    both = [wait_for(lambda w=who: [x for x in of_request(team, w) if "⚠️" in x]) for who in (DAN, SAM)]
    assert both[0][0].endswith("\n⚠️ Dan Duty дежурит в это время дважды.")
    assert both[1][0].endswith("\n⚠️ Dan Duty is on duty twice then.")


def told_by_press(world: World, who: int, message: Json, label: str) -> Json:
    """Presses a button; returns the new message that follows."""
    last = world.chat.messages(who)[-1]["message_id"]
    data = next(data for text, data in buttons(message).items() if label in text)
    world.chat.press(who, message["message_id"], data)
    return world.answer(who, last)


def another_duty_of_dan(session) -> None:
    """Dan gets three hours more while Sam covers for him."""
    dan = session.exec(select(User.id).where(User.full_name == "Dan Duty")).one()
    start = datetime(2026, 11, 26, 12, tzinfo=MOSCOW)
    items = edits.add(dan, start, start + timedelta(hours=3))
    diff = edits.plan_edit(session, session.get_one(Roster, 1), items).diff
    schedule_service.apply(session, diff, Author(None, "test"), "", diff.revision, start - timedelta(days=2))
