"""Which commands Telegram lists for whom, the menu button, and what happens when Telegram does not take them."""

from typing import Any

import pytest

from duty_teller.composition import writing
from duty_teller.db.models import Role
from duty_teller.handlers.transport import command_lists
from duty_teller.services.people import roles
from tests.handlers.conftest import ALICE, DAN, SAM, World

pytestmark = pytest.mark.usefixtures("published")

MEMBER = [
    "duty",
    "week",
    "my",
    "hours",
    "swap",
    "away",
    "reminders",
    "calendar_link",
    "set_phone",
    "language",
    "cancel",
    "help",
]
ADMIN = [
    *MEMBER[:-1], "change", "import_duty_schedule", "export", "undo", "history", "invite", "users", "set_role",
    "settings", "status", "backup", "help",
]  # fmt: skip
GROUP = ["duty", "week", "help"]
GROUP_ADMIN = [
    "duty", "week", "pin_duty", "refresh_pin", "unpin_duty", "join_duty", "trust_group", "untrust_group", "help",
]  # fmt: skip


def names(world: World, scope: Any, lang: str = "") -> list[str]:
    return [c["command"] for c in world.chat.commands(scope, lang)]


def of(world: World, who: int) -> list[str]:
    return [c["command"] for c in world.chat.commands_for(who)]


def own(world: World, who: int) -> list[str]:
    return names(world, {"type": "chat", "chat_id": who})


def test_commands_are_published_by_scope_and_language(world: World) -> None:
    world.chat.wait_until(lambda: names(world, "all_chat_administrators", "en"))
    for scope, expected in (
        ("all_private_chats", MEMBER),
        ("all_group_chats", GROUP),
        ("all_chat_administrators", GROUP_ADMIN),
    ):
        assert [names(world, scope, lang) for lang in ("", "ru", "en")] == [expected] * 3
        first = [world.chat.commands(scope, lang)[0]["description"] for lang in ("", "ru", "en")]
        assert first == [
            "Who is on duty now and next", "Кто дежурит сейчас и следующий", "Who is on duty now and next",
        ]  # fmt: skip
    assert of(world, SAM) == MEMBER


def test_start_shows_an_admin_the_admins_commands_and_everybody_the_menu_button(planned: World) -> None:
    planned.be_through()
    assert own(planned, ALICE) == ADMIN
    assert planned.chat.menu_button(ALICE) == {
        "type": "web_app", "text": "Calendar", "web_app": {"url": "https://duty.example.org/"},
    }  # fmt: skip

    planned.link_dan()
    planned.be_through()

    assert (own(planned, DAN), of(planned, DAN)) == ([], MEMBER)
    assert planned.chat.menu_button(DAN)["text"] == "Календарь"
    planned.say(SAM, "/start")
    planned.be_through()
    assert planned.chat.menu_button(SAM) == {"type": "commands"}


@pytest.mark.parametrize("base", ["", "http://localhost:8080"])
def test_menu_button_needs_an_https_address(stopped: World, base: str) -> None:
    stopped.start(mini_app_base_url=base)
    stopped.say(ALICE, "/start")
    stopped.be_through()

    assert stopped.chat.menu_button(ALICE) == {"type": "commands"}


def test_start_of_a_former_admin_takes_the_admins_commands_back(stopped: World) -> None:
    stopped.start(admin_ids=frozenset({ALICE, SAM}), allowed_usernames=frozenset({"sam"}))
    stopped.say(SAM, "/start")
    stopped.be_through()
    assert own(stopped, SAM) == ADMIN
    object.__setattr__(stopped.settings, "admin_ids", frozenset({ALICE}))

    stopped.say(SAM, "/start")
    stopped.be_through()

    assert own(stopped, SAM) == []


def test_own_commands_follow_the_role_and_go_with_the_access(world: World) -> None:
    world.say(SAM, "/start")
    assert world.poller is not None
    bot = world.poller.application.bot

    world.run(command_lists.show_own_commands(bot, SAM, True, "ru"))
    assert own(world, SAM) == ADMIN
    assert world.chat.commands_for(SAM)[-3]["description"] == "Всё ли работает"
    world.run(command_lists.show_own_commands(bot, SAM, False, "en"))
    assert own(world, SAM) == MEMBER
    world.run(command_lists.hide_own_commands(bot, SAM))
    assert own(world, SAM) == []
    world.run(command_lists.show_own_commands(bot, 424242, False, "en"))  # never started: refused, and only logged


def test_start_is_answered_though_telegram_refuses_commands_and_menu(world: World) -> None:
    world.chat.fault("setMyCommands", "server_error")
    world.chat.fault("setChatMenuButton", "refuse", description="Bad Request: chat not found")

    assert world.say(ALICE, "/start")["text"].startswith("Hello, Alice!")
    world.be_through()
    assert len([text for text in world.texts(ALICE) if "Telegram didn't accept" in text]) == 0


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("server_error", {}),
        ("drop", {}),
        ("refuse", {"description": "Bad Request: something new"}),
        ("too_many_requests", {"retry_after": 0}),
    ],
)
def test_publishing_is_tried_until_telegram_takes_it(
    stopped: World, monkeypatch: pytest.MonkeyPatch, kind: str, options: dict[str, Any]
) -> None:
    monkeypatch.setattr(command_lists, "_FIRST_WAIT", 0.01)
    stopped.chat.fault("setMyCommands", kind, times=3, **options)
    stopped.start()

    stopped.chat.wait_until(lambda: names(stopped, "all_chat_administrators", "en"))

    assert names(stopped, "all_private_chats", "ru") == MEMBER
    assert stopped.say(ALICE, "/duty")["text"].startswith("No roster yet: send me the file")


def test_admins_who_are_known_see_new_commands_after_a_restart(world: World) -> None:
    world.be_through()
    world.stop()
    assert own(world, ALICE) == ADMIN
    with world.stand_in.lock:
        world.stand_in.bot_commands.clear()

    world.start()

    world.chat.wait_until(lambda: own(world, ALICE))
    assert own(world, ALICE) == ADMIN


def test_commands_follow_a_role_that_was_given_or_taken_elsewhere(planned: World) -> None:
    """In the Mini App, say: no handler of the bot has a part in it. What Telegram does not take is tried again."""
    planned.link_dan()
    planned.be_through()
    assert own(planned, DAN) == []
    planned.let_ticks_pass()
    ((dan,),) = planned.rows(f"SELECT id FROM users WHERE telegram_user_id = {DAN}")

    def act(work: Any) -> None:
        with writing(planned.settings.database_url) as session:
            work(session)

    planned.chat.fault("setMyCommands", "server_error")
    act(lambda s: roles.give_role(s, planned.settings, dan, Role.ADMIN, planned.clock.now))
    planned.chat.wait_until(lambda: own(planned, DAN) == ADMIN)
    act(lambda s: roles.give_role(s, planned.settings, dan, Role.USER, planned.clock.now))
    planned.chat.wait_until(lambda: own(planned, DAN) == [])
    act(lambda s: roles.deactivate(s, planned.settings, dan, planned.clock.now))
    planned.chat.wait_until(lambda: planned.chat.menu_button(DAN) == {"type": "commands"})
    act(lambda s: roles.activate(s, planned.settings, dan))
    planned.chat.wait_until(lambda: planned.chat.menu_button(DAN)["type"] == "web_app")
