"""The bot in an invented third language (tests/invented.py)."""

from collections.abc import Iterator

import pytest

from tests.handlers.conftest import ALICE, DAN, GROUP, World, buttons
from tests.handlers.test_views import press
from tests.invented import CODE, spoken

pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture
def third_language() -> Iterator[None]:
    with spoken():
        yield


@pytest.fixture
def dan(third_language: None, planned: World, dan_linked: None) -> World:
    return planned


def test_every_menu_offers_the_language_and_answers_in_it(dan: World) -> None:
    dan.chat.wait_until(lambda: dan.chat.commands("all_chat_administrators", CODE))
    assert [dan.chat.commands(scope, CODE)[0] for scope in ("all_private_chats", "all_group_chats")] == [
        {"command": "duty", "description": "Z:Who is on duty now and next"},
        {"command": "duty", "description": "Z:Who is on duty now and next"},
    ]
    asked = dan.say(DAN, "/language")
    assert list(buttons(asked)) == ["Русский", "English", "Zemblska", "✓ Как в Telegram"]

    chosen = press(dan, DAN, asked, "Zemblska")

    assert chosen["text"].startswith("Z:")
    assert list(buttons(chosen)) == ["Русский", "English", "✓ Zemblska", "Z:As in Telegram"]
    assert dan.chat.menu_button(DAN)["text"] == "Z:Calendar"
    assert dan.say(DAN, "/duty")["text"].startswith("🟢 Z:On duty now: Dan Duty")
    week = dan.say(DAN, "/week")["text"].splitlines()
    assert week[0] == "luk/21 (vf) – luk/27 (ve)"
    assert [line for line in week if line.startswith("luk/")][1:2] == ["luk/21 (vf) – luk/22 (vg)"]
    assert dan.say(DAN, "/my")["text"].startswith("Z:Your shifts: 2026/lunak")


def test_a_group_may_speak_it(dan: World) -> None:
    dan.chat.add_group(GROUP, "Support", members=[ALICE, DAN])
    dan.be_through()
    settings = dan.say(ALICE, "/trust_group", GROUP)
    assert list(buttons(settings))[-3:] == ["Русский", "English", "Zemblska"]

    dan.chat.press(ALICE, settings["message_id"], "Zemblska", chat_id=GROUP)

    dan.chat.wait_for_message(GROUP, "Z:I write English in this group.")
    assert dan.rows("SELECT language FROM chats WHERE id = ?", GROUP) == [(CODE,)]
    press(dan, DAN, dan.say(DAN, "/language"), "Zemblska")
    week = dan.say(DAN, "/week", GROUP)
    turned = press(dan, DAN, week, "▶", GROUP)
    assert turned["text"].splitlines()[0] == "luk/28 (vf) – lul/4 (ve)"
