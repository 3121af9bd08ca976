"""/calendar_link: one tap to each program, the address, its last reader, a new one, revoking, and making one again."""

from datetime import timedelta

import pytest

from tests.handlers.conftest import ALICE, DAN, GROUP, SAM, World, buttons, feed_address
from tests.handlers.test_views import NO_ACCESS, alert, press, second_roster

ASKED = (
    "Мои дежурства\nВыдать новый адрес? Старый сразу перестанет работать: "
    "календари, которые его используют, больше не обновятся."
)
STALE = "Этот адрес уже заменён или отозван. Вот как сейчас:"


@pytest.fixture
def dan(planned: World, dan_linked: None) -> World:
    return planned


def personal(world: World, who: int = DAN) -> str:
    """The address of one's own duties, as the command offers it now."""
    return feed_address(world.say(who, "/calendar_link"))


def test_link_is_given_in_private_and_to_people_only(dan: World) -> None:
    dan.chat.add_group(GROUP, "Support", members=[ALICE, DAN, SAM])
    assert dan.say(ALICE, "/calendar_link", GROUP)["text"] == "Do this in our private chat: @duty_teller_demo_bot"
    assert dan.say(SAM, "/calendar_link")["text"] == NO_ACCESS

    offered = dan.say(DAN, "/calendar_link")

    feed = feed_address(offered)
    token = feed.removeprefix("https://duty.example.org/api/calendar/ical/").removesuffix(".ics")
    page = f"https://duty.example.org/calendar/{token}"
    assert buttons(offered) == {
        "Google": f"{page}/google",
        "Apple": f"{page}/apple",
        "Outlook": f"{page}/outlook",
        "📋 Скопировать адрес": feed,
        "Показать адрес": "cal:address:personal",
        "🔕 Календарь не звонит": "cala:personal:0:15",
        "Дежурства всей команды": "cal:show:team",
    }
    assert token not in offered["text"]
    assert "раз в 8–24 часа" in offered["text"]
    assert buttons(dan.say(DAN, "/calendar_link")) == buttons(offered)
    assert personal(dan, ALICE) not in ("", feed)


def test_address_is_shown_when_it_is_asked_for(dan: World) -> None:
    offered = dan.say(DAN, "/calendar_link")
    feed = feed_address(offered)

    shown = press(dan, DAN, offered, "Показать адрес")

    assert feed in shown["text"]
    assert feed.replace("https", "webcal") in shown["text"]
    assert buttons(shown) == {
        "🔄 Новый адрес": "cal:rotate:personal:1.1",
        "✕ Отозвать": "cal:revoke:personal:1.1",
        "Назад": "cal:show:personal",
    }
    assert buttons(press(dan, DAN, shown, "Назад")) == buttons(offered)


def test_the_teams_duties_are_one_button_away(dan: World) -> None:
    offered = dan.say(DAN, "/calendar_link")

    team = press(dan, DAN, offered, "Дежурства всей команды")

    assert feed_address(team) not in ("", feed_address(offered))
    assert team["text"].startswith("Дежурства всей команды\n")
    assert buttons(press(dan, DAN, team, "Мои дежурства")) == buttons(offered)


def test_calendar_of_one_roster_and_an_alarm_are_a_tap_away(dan: World) -> None:
    second_roster(dan, Ida_Nov=("2026-11-24", 8))
    offered = dan.say(DAN, "/calendar_link")
    rings = press(dan, DAN, offered, "🔕 Календарь не звонит")
    assert "🔔 Звонит за 15 мин" in buttons(rings)
    team = press(dan, DAN, rings, "Дежурства всей команды")
    one = press(dan, DAN, team, "📋 <Network>")
    assert one["text"].startswith("Дежурства: <Network>\n")
    assert feed_address(one) not in ("", feed_address(team), feed_address(offered))
    address = press(dan, DAN, one, "Показать адрес")
    assert buttons(address)["🔄 Новый адрес"] == "calr:rotate:2:3.1"
    sure = press(dan, DAN, address, "🔄 Новый адрес")
    again = press(dan, DAN, sure, next(iter(buttons(sure))))
    assert feed_address(again) not in ("", feed_address(one))
    assert dan.rows("SELECT alarm_minutes, shown_times FROM calendar_links ORDER BY id")[0] == (15, 1)


@pytest.mark.parametrize(
    ("base", "offered"),
    [
        ("https://example.org/duty", ["Google", "Apple", "Outlook", "📋 Скопировать адрес", "Показать адрес"]),
        ("http://localhost:8080", ["📋 Скопировать адрес", "Показать адрес"]),
        ("https://example.org/" + "long" * 60, ["Google", "Apple", "Outlook", "Показать адрес"]),
    ],
    ids=["prefix", "this machine", "longer than Telegram copies"],
)
def test_buttons_follow_the_public_address(dan: World, base: str, offered: list[str]) -> None:
    dan.stop()
    dan.start(mini_app_base_url=base)

    shown = buttons(dan.say(DAN, "/calendar_link"))

    assert list(shown)[:-2] == offered
    assert all(value.startswith((f"{base}/calendar/", f"{base}/api/calendar/ical/", "cal")) for value in shown.values())


def test_last_reader_is_told_by_the_name_people_know(dan: World) -> None:
    offered = dan.say(DAN, "/calendar_link")
    assert "По этой ссылке календарь ещё не подключали." in offered["text"]
    assert dan.app is not None
    reads = {
        1: (dan.clock() - timedelta(minutes=5), "Google-Calendar-Importer"),
        2: (dan.clock() - timedelta(days=1), "Mozilla/5.0 <b>"),
    }
    dan.app.take_reads = lambda: reads

    told = [dan.say(DAN, "/calendar_link"), press(dan, DAN, offered, "Дежурства всей команды")]

    assert [message["text"].splitlines()[-1] for message in told] == [
        "Последний раз открывали: 11:55, Google Calendar",
        "Последний раз открывали: вс 22 нояб., 12:00, браузер",
    ]


def test_new_address_asks_once_and_ends_the_old_one(dan: World) -> None:
    offered = dan.say(DAN, "/calendar_link")
    old = feed_address(offered)
    shown = press(dan, DAN, offered, "Показать адрес")

    asked = press(dan, DAN, shown, "🔄 Новый адрес")
    assert asked["text"] == ASKED
    assert list(buttons(asked)) == ["Да, выдать новый", "Назад"]
    assert old in press(dan, DAN, asked, "Назад")["text"]
    asked = press(dan, DAN, shown, "🔄 Новый адрес")
    done = press(dan, DAN, asked, "Да, выдать новый")

    assert feed_address(done) not in ("", old)
    assert dan.rows("SELECT id, generation FROM calendar_links ORDER BY id") == [(1, 2), (2, 1)]
    assert personal(dan) == feed_address(done)


def test_revoked_address_stays_away_until_it_is_made_again(dan: World) -> None:
    offered = dan.say(DAN, "/calendar_link")
    old = feed_address(offered)
    asked = press(dan, DAN, press(dan, DAN, offered, "Показать адрес"), "✕ Отозвать")
    assert asked["text"].startswith("Мои дежурства\nОтозвать адрес? Он сразу перестанет работать")

    done = press(dan, DAN, asked, "Да, отозвать")

    assert done["text"] == "Мои дежурства\nАдрес отозван и не работает."
    assert list(buttons(done)) == ["＋ Выдать адрес", "Дежурства всей команды"]
    assert dan.say(DAN, "/calendar_link")["text"] == done["text"]

    again = press(dan, DAN, done, "＋ Выдать адрес")

    assert feed_address(again) not in ("", old)


def test_old_button_ends_no_newer_address(dan: World) -> None:
    shown = [press(dan, DAN, dan.say(DAN, "/calendar_link"), "Показать адрес") for _ in range(2)]
    asked = [press(dan, DAN, message, "🔄 Новый адрес") for message in shown]
    new = feed_address(press(dan, DAN, asked[0], "Да, выдать новый"))

    assert alert(dan, DAN, asked[1], "Да, выдать новый") == STALE

    dan.be_through()
    assert personal(dan) == new
    assert dan.rows("SELECT generation FROM calendar_links ORDER BY id") == [(2,), (1,)]


def test_somebody_elses_button_changes_ones_own_links_only(dan: World) -> None:
    dan.say(ALICE, "/calendar_link")
    shown = press(dan, DAN, dan.say(DAN, "/calendar_link"), "Дежурства всей команды")
    hers = dan.rows("SELECT generation, revoked_at FROM calendar_links WHERE user_id = 1")
    asked = press(dan, DAN, press(dan, DAN, shown, "Показать адрес"), "✕ Отозвать")

    press(dan, DAN, asked, "Да, отозвать")

    assert dan.rows("SELECT generation, revoked_at FROM calendar_links WHERE user_id = 1") == hers
    assert dan.rows("SELECT scope FROM calendar_links WHERE revoked_at IS NOT NULL") == [("team",)]


def test_links_without_a_public_address_are_not_offered_by_old_buttons(dan: World) -> None:
    shown = press(dan, DAN, dan.say(DAN, "/calendar_link"), "Показать адрес")
    dan.stop()
    dan.start(mini_app_base_url="")
    asked = press(dan, DAN, shown, "✕ Отозвать")

    assert alert(dan, DAN, asked, "Да, отозвать").startswith("Подписки пока не работают")
    assert dan.rows("SELECT count(*) FROM calendar_links WHERE revoked_at IS NOT NULL") == [(0,)]
