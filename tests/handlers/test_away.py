"""/away: by the person and by an admin, in one line and by buttons; what falls into it, and being ill now."""

import pytest
from sqlalchemy import text

from tests.handlers.conftest import ADMINS_ONLY, ALICE, DAN, SAM, Settled, World, buttons
from tests.handlers.test_change import shifts
from tests.handlers.test_views import alert, press

ABSENCES = (
    "SELECT u.full_name, d.event_type, date(d.start_at + 10800, 'unixepoch'), "
    "date(d.end_at + 10800 - 1, 'unixepoch') FROM duties d JOIN users u ON u.id = d.user_id "
    "WHERE d.cancelled_at IS NULL AND d.event_type <> 'duty' ORDER BY d.start_at"
)


def absences(world: World) -> list[str]:
    return [f"{name.split()[0]} {kind} {first[5:]} {last[5:]}" for name, kind, first, last in world.rows(ABSENCES)]


def let_sam_in(planned: World) -> None:
    planned.chat.press_start(SAM, planned.invitation("Alice Admin"))  # who is on the roster by that name
    planned.chat.wait_for_message(SAM, "Alice Admin")
    planned.chat.wait_for_message(ALICE, "Sam (@sam)")  # the admins are told who joined


@pytest.fixture(scope="session")
def team_kept(settled: Settled) -> str:
    return settled.lead("Sam beside Dan", let_sam_in, "planned, dan_linked")


@pytest.fixture
def team(team_kept: str, stopped: World, settled: Settled) -> World:
    return settled.start(team_kept, stopped)


def test_member_is_away_by_one_line_and_a_button_and_takes_it_back(team: World) -> None:
    asked = team.say(DAN, "/away 3-10 янв")
    assert asked["text"] == "Dan Duty: вс 3 янв. 2027 – вс 10 янв. 2027\nЧто это?"
    assert list(buttons(asked)) == ["Отпуск", "Больничный", "Недоступность"]
    done = press(team, DAN, asked, "Отпуск")
    assert done["text"] == "✅ Dan Duty: Отпуск, вс 3 янв. 2027 – вс 10 янв. 2027"
    assert absences(team) == ["Dan vacation 01-03 01-10"]
    assert list(buttons(done)) == ["↩️ Отменить"]
    assert "entered for Dan Duty: vacation, Sun 3 Jan – Sun 10 Jan" in team.say(ALICE, "/history")["text"]
    undone = press(team, DAN, done, next(iter(buttons(done))))
    assert undone["text"].startswith("↩️ Отменено:")
    assert absences(team) == []


def test_until_a_day_is_without_it_and_offers_it(team: World) -> None:
    asked = team.say(DAN, "/away до пятницы")
    assert asked["text"].split("\n")[0] == "Dan Duty: пн 23 нояб. – чт 26 нояб."
    assert "Снова на месте: пт 27 нояб." in asked["text"]
    asked = press(team, DAN, asked, "пт 27 нояб. тоже")
    assert asked["text"].split("\n")[0] == "Dan Duty: пн 23 нояб. – пт 27 нояб."
    press(team, DAN, asked, "Недоступность")
    assert absences(team) == ["Dan unavailable 11-23 11-27"]


def test_duties_that_fall_into_it_are_named_and_stay(team: World) -> None:
    done = team.say(DAN, "/away 25.11 отпуск")
    assert done["text"] == (
        "✅ Dan Duty: Отпуск, ср 25 нояб.\n\nВ это время есть смены:\n• ср 25 нояб., 09:00 – чт 26 нояб., 09:00"
    )
    assert "🔎 Найти замену: ср 25 нояб., 09:00 – чт 26 нояб., 09:00" in buttons(done)
    assert "Dan 25 09-26 09" in shifts(team)
    asked = team.chat.press(DAN, done["message_id"], "🔎 Найти замену: ср 25 нояб., 09:00 – чт 26 нояб., 09:00")
    assert asked is not None
    shown = team.chat.wait_for_message(DAN, "🔎 Ищу замену")
    assert shown["text"] == "🔎 Ищу замену\nср 25 нояб., 09:00 – чт 26 нояб., 09:00\nСпросил 1 человека."
    assert list(buttons(shown)) == ["Отозвать"]
    assert team.rows("SELECT kind, state FROM cover_requests") == [("cover", "open")]


def test_ill_today_finds_somebody_and_tells_the_admins_at_once(team: World) -> None:
    team.work(lambda s: s.execute(_QUIET))
    page = team.say(DAN, "/away")
    assert page["text"] == "Когда вас не будет? Напишите: 3-10 янв, сегодня, до понедельника."
    done = press(team, DAN, page, "🤒 Болею сегодня")
    assert done["text"].startswith("✅ Dan Duty: Больничный, пн 23 нояб.")
    told = team.chat.wait_for_message(ALICE, "Nobody covers for Dan Duty yet")
    assert told["text"].startswith(
        "⚠️ Nobody covers for Dan Duty yet\nMon 23 Nov, 12:00 – Tue 24 Nov, 09:00\nsick leave"
    )
    assert not any("is ill" in text for text in team.texts(ALICE)), "one message of it is enough"
    asked = team.chat.wait_for_message(SAM, "Dan Duty needs cover")
    press(team, SAM, asked, "✅ I'll take it")
    team.chat.wait_for_message(DAN, "✅ Вас подменяет Alice Admin")
    team.chat.wait_for_message(ALICE, "✅ Alice Admin covers for Dan Duty")


def test_ill_today_with_nobody_to_ask_tells_the_admins_at_once(team: World) -> None:
    team.work(lambda s: s.execute(_QUIET))
    team.work(lambda s: s.execute(text("UPDATE users SET reachable = 0 WHERE telegram_user_id = 1003")))
    done = press(team, DAN, team.say(DAN, "/away"), "🤒 Болею сегодня")
    assert "Свободных коллег не нашлось. Администраторам я сообщил." in done["text"]
    told = team.chat.wait_for_message(ALICE, "Dan Duty is ill.")
    assert told["text"] == "🤒 Dan Duty is ill. Shifts: Mon 23 Nov, 12:00 – Tue 24 Nov, 09:00. Who takes over?"
    assert team.rows("SELECT state FROM cover_requests") == []
    shown = press(team, ALICE, told, "✏️ Change")
    assert shown["text"].startswith("Dan Duty\nMon 23 Nov, 12:00 – Tue 24 Nov, 09:00")


def test_admin_enters_it_for_somebody_and_members_do_not(team: World) -> None:
    asked = team.say(ALICE, "/away Dan 3-10 Jan vacation")
    assert asked["text"] == "✅ Dan Duty: Vacation, Sun 3 Jan 2027 – Sun 10 Jan 2027"
    assert absences(team) == ["Dan vacation 01-03 01-10"]
    assert team.say(DAN, "/away Alice 3-10 Jan")["text"] == ADMINS_ONLY
    assert alert(team, DAN, team.say(DAN, "/away 3.01.2027"), "Отпуск") == "Так уже записано."


def test_end_of_an_absence_keeps_the_days_before(team: World) -> None:
    team.say(DAN, "/away 20.11-30.11 отпуск")
    page = team.say(DAN, "/away")
    name = next(text for text in buttons(page) if text.startswith("✕"))
    press(team, DAN, page, name)
    assert absences(team) == ["Dan vacation 11-20 11-22"]


def test_another_kind_replaces_the_days_it_covers(team: World) -> None:
    team.say(DAN, "/away 1.12-10.12 отпуск")
    team.say(DAN, "/away 3.12-4.12 больничный")
    assert absences(team) == ["Dan vacation 12-01 12-02", "Dan sick 12-03 12-04", "Dan vacation 12-05 12-10"]


def test_days_that_are_none_are_asked_again(team: World) -> None:
    assert team.say(DAN, "/away whatever")["text"].startswith("Не понял «whatever».")
    team.say(DAN, "/away")
    assert team.say(DAN, "абв")["text"].startswith("Не понял")
    assert team.say(DAN, "завтра")["text"].startswith("Dan Duty: вт 24 нояб.")


_QUIET = text("UPDATE users SET quiet_hours = '00:00-23:59' WHERE telegram_user_id = 1001")
