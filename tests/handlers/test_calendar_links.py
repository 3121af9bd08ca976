"""/calendar_link: addresses, their last readers, a new address, revoking, and making one again."""

import re
from datetime import timedelta

import pytest

from tests.handlers.conftest import ALICE, DAN, GROUP, SAM, Json, World, buttons
from tests.handlers.test_views import alert, press

ASKED = (
    "Мои дежурства\nВыдать новый адрес? Старый сразу перестанет работать: "
    "календари, которые его используют, больше не обновятся."
)
STALE = "Этот адрес уже заменён или отозван. Вот как сейчас:"


@pytest.fixture
def dan(planned: World) -> World:
    planned.link_dan()
    return planned


def tokens(message: Json) -> list[str]:
    return re.findall(r"https://duty\.example\.org/feed/(\S+)\.ics", message["text"])


def test_links_are_given_in_private_only(dan: World) -> None:
    dan.chat.add_group(GROUP, "Support", members=[ALICE, DAN, SAM])
    assert dan.say(ALICE, "/calendar_link", GROUP)["text"] == "Do this in our private chat: @duty_teller_demo_bot"

    answer = dan.say(DAN, "/calendar_link")

    links = [line for line in answer["text"].splitlines() if line.endswith(".ics")]
    assert [link.partition("://")[0] for link in links] == ["https", "webcal", "https", "webcal"]
    assert [link.partition("://")[2] for link in links[::2]] == [link.partition("://")[2] for link in links[1::2]]
    assert "раз в 8–24 часа" in answer["text"]
    assert buttons(answer) == {
        "🔄 Мои: новый адрес": "cal:rotate:personal:1.1",
        "✕ Мои: отозвать": "cal:revoke:personal:1.1",
        "🔄 Команда: новый адрес": "cal:rotate:team:2.1",
        "✕ Команда: отозвать": "cal:revoke:team:2.1",
    }
    assert dan.say(DAN, "/calendar_link")["text"] == answer["text"]


def test_last_reader_is_told_by_the_name_people_know(dan: World) -> None:
    assert dan.say(DAN, "/calendar_link")["text"].count("По этой ссылке календарь ещё не подключали.") == 2
    assert dan.app is not None
    reads = {
        1: (dan.clock() - timedelta(minutes=5), "Google-Calendar-Importer"),
        2: (dan.clock() - timedelta(days=1), "Mozilla/5.0 <b>"),
    }
    dan.app.take_reads = lambda: reads

    text = dan.say(DAN, "/calendar_link")["text"]

    assert re.findall(r"Последний раз.*", text) == [
        "Последний раз открывали: 11:55, Google Calendar",
        "Последний раз открывали: вс 22 нояб., 12:00, браузер",
    ]


def test_new_address_asks_once_and_ends_the_old_one(dan: World) -> None:
    shown = dan.say(DAN, "/calendar_link")
    old, team = tokens(shown)

    asked = press(dan, DAN, shown, "🔄 Мои: новый адрес")
    assert asked["text"] == ASKED
    assert list(buttons(asked)) == ["Да, выдать новый", "Назад"]
    assert tokens(press(dan, DAN, asked, "Назад")) == [old, team]
    asked = press(dan, DAN, shown, "🔄 Мои: новый адрес")
    done = press(dan, DAN, asked, "Да, выдать новый")

    assert tokens(done)[0] != old
    assert tokens(done)[1] == team
    assert dan.rows("SELECT id, generation FROM calendar_links ORDER BY id") == [(1, 2), (2, 1)]
    assert tokens(dan.say(DAN, "/calendar_link")) == tokens(done)


def test_revoked_address_stays_away_until_it_is_made_again(dan: World) -> None:
    shown = dan.say(DAN, "/calendar_link")
    old, team = tokens(shown)
    asked = press(dan, DAN, shown, "✕ Мои: отозвать")
    assert asked["text"].startswith("Мои дежурства\nОтозвать адрес? Он сразу перестанет работать")

    done = press(dan, DAN, asked, "Да, отозвать")

    assert tokens(done) == [team]
    assert "Мои дежурства\nАдрес отозван и не работает." in done["text"]
    assert list(buttons(done)) == ["＋ Мои: выдать адрес", "🔄 Команда: новый адрес", "✕ Команда: отозвать"]
    assert tokens(dan.say(DAN, "/calendar_link")) == [team]

    again = press(dan, DAN, done, "＋ Мои: выдать адрес")

    assert len(tokens(again)) == 2
    assert tokens(again)[0] not in (old, team)


def test_old_button_ends_no_newer_address(dan: World) -> None:
    first, second = dan.say(DAN, "/calendar_link"), dan.say(DAN, "/calendar_link")
    asked = [press(dan, DAN, shown, "🔄 Мои: новый адрес") for shown in (first, second)]
    new = tokens(press(dan, DAN, asked[0], "Да, выдать новый"))

    assert alert(dan, DAN, asked[1], "Да, выдать новый") == STALE

    dan.be_through()
    assert tokens(dan.say(DAN, "/calendar_link")) == new
    assert dan.rows("SELECT generation FROM calendar_links ORDER BY id") == [(2,), (1,)]


def test_somebody_elses_button_changes_ones_own_links_only(dan: World) -> None:
    dan.say(ALICE, "/calendar_link")
    shown = dan.say(DAN, "/calendar_link")
    hers = dan.rows("SELECT generation, revoked_at FROM calendar_links WHERE user_id = 1")
    asked = press(dan, DAN, shown, "✕ Команда: отозвать")

    press(dan, DAN, asked, "Да, отозвать")

    assert dan.rows("SELECT generation, revoked_at FROM calendar_links WHERE user_id = 1") == hers


def test_links_without_a_public_address_are_not_offered_by_old_buttons(dan: World) -> None:
    shown = dan.say(DAN, "/calendar_link")
    dan.stop()
    dan.start(mini_app_base_url="")
    asked = press(dan, DAN, shown, "✕ Команда: отозвать")

    assert alert(dan, DAN, asked, "Да, отозвать").startswith("Подписки пока не работают")
    assert dan.rows("SELECT count(*) FROM calendar_links WHERE revoked_at IS NOT NULL") == [(0,)]
