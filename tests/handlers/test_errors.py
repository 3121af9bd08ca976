"""What goes wrong: the person learns an id, the log the same id, and the bot lives on."""

import logging
import re
from typing import Any

import pytest
from sqlalchemy import text

from duty_teller.db.models import Role, User
from duty_teller.services.feeds import links
from duty_teller.services.people import accounts
from tests.handlers.conftest import ALICE, DAN, GROUP, SAM, World, wait_for
from tests.handlers.test_views import NO_ACCESS

BORIS = 1004


def break_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any, **_named: Any) -> str:
        raise RuntimeError("the links are broken")

    monkeypatch.setattr(links, "get_token", broken)


def test_failure_tells_an_id_and_logs_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch, failures: list[str]
) -> None:
    break_links(monkeypatch)

    answer = world.say(ALICE, "/calendar_link")

    found = re.fullmatch(r"Something broke on our side\. .* give the admin this code: ([0-9A-F]{6})\.", answer["text"])
    assert found is not None
    assert len(failures) == 1
    assert failures[0].startswith(f"failure {found[1]}\n")
    assert failures[0].endswith("RuntimeError: the links are broken")
    failures.clear()
    assert world.say(ALICE, "/duty")["text"].startswith("No roster yet")


@pytest.mark.usefixtures("dan_linked")
def test_failure_is_told_in_the_persons_language(
    planned: World, monkeypatch: pytest.MonkeyPatch, failures: list[str]
) -> None:
    break_links(monkeypatch)

    assert planned.say(DAN, "/calendar_link")["text"].startswith("Что-то сломалось у нас.")
    failures.clear()


def test_failure_behind_a_button_that_was_answered_is_told_too(
    planned: World, monkeypatch: pytest.MonkeyPatch, failures: list[str]
) -> None:
    shown = planned.say(ALICE, "/invite")

    def broken(*_given: Any) -> str:
        raise RuntimeError("no invitation")

    monkeypatch.setattr(accounts, "invitation", broken)
    planned.chat.press(ALICE, shown["message_id"], "Dan Duty")

    planned.chat.wait_for_message(ALICE, "Something broke on our side.", after_id=shown["message_id"])
    failures.clear()


def test_tap_too_old_to_be_answered_is_carried_out(planned: World) -> None:
    shown = planned.say(ALICE, "/invite")
    planned.chat.fault(
        "answerCallbackQuery", "refuse", description="Bad Request: query is too old and response timeout expired"
    )

    planned.chat.press(ALICE, shown["message_id"], "Dan Duty", timeout=0)

    planned.chat.wait_for_message(ALICE, "Forward the next message to Dan Duty", after_id=shown["message_id"])


@pytest.mark.parametrize("kind", ["server_error", "drop"])
def test_answer_that_telegram_lost_asks_to_try_again(planned: World, kind: str) -> None:
    planned.chat.fault("sendMessage", kind)

    answer = planned.say(ALICE, "/duty")

    assert answer["text"] == "Telegram didn't accept my answer. Please try again."
    assert planned.say(ALICE, "/duty")["text"].startswith("🟢 On duty now: Dan Duty")


def test_flood_limit_is_waited_for(planned: World) -> None:
    planned.chat.fault("sendMessage", "too_many_requests", retry_after=1)

    assert planned.say(ALICE, "/duty")["text"].startswith("🟢 On duty now: Dan Duty")


def test_outage_of_telegram_in_the_middle_is_survived(planned: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    planned.chat.fault("getUpdates", "server_error", times=1)
    planned.chat.fault("getUpdates", "drop", times=1)
    planned.chat.fault("sendMessage", "server_error", times=2)

    planned.chat.send_text(ALICE, "/duty")
    wait_for(lambda: planned.health.last_poll is not None and not planned.stand_in.api.faults.waiting)

    assert planned.say(ALICE, "/duty")["text"].startswith("🟢 On duty now: Dan Duty")
    wait_for(lambda: planned.health.telegram == "polling")


def test_another_process_with_the_same_token_shows_in_health(world: World, failures: list[str]) -> None:
    world.chat.fault(
        "getUpdates", "refuse", times=1, code=409, description="Conflict: terminated by other getUpdates request"
    )
    world.say(ALICE, "/help")

    wait_for(lambda: failures)
    assert failures == ["another process polls with this token: stop it, or give this one a bot of its own"]
    failures.clear()


@pytest.mark.usefixtures("published")
def test_publishing_commands_that_fails_is_no_reason_not_to_start(stopped: World) -> None:
    stopped.chat.fault("setMyCommands", "server_error", times=0)

    stopped.start()

    assert "/invite" in stopped.say(ALICE, "/help")["text"]
    assert stopped.chat.commands("all_private_chats") == []


def test_group_upgraded_while_somebody_waited_is_followed_and_answered_there(planned: World) -> None:
    basic = -4007
    planned.chat.add_group(basic, "Basic", members=[ALICE, DAN], kind="group")
    planned.say(ALICE, "/pin_duty", basic)
    planned.stop()
    planned.chat.send_text(ALICE, "/duty", chat_id=basic)
    new_id = planned.chat.upgrade_to_supergroup(basic)
    planned.start()

    planned.chat.wait_for_message(new_id, "Telegram didn't accept my answer. Please try again.")

    assert planned.rows("SELECT id, trusted FROM chats") == [(new_id, 1)]
    assert planned.say(ALICE, "/duty", new_id)["text"].startswith("🟢 On duty now: Dan Duty")


def test_token_refused_in_the_middle_of_an_answer_is_logged_plainly(planned: World, failures: list[str]) -> None:
    planned.chat.fault("sendMessage", "unauthorized")

    planned.chat.send_text(ALICE, "/duty")

    wait_for(lambda: failures)
    assert failures == ["Telegram refuses BOT_TOKEN: take a new one from @BotFather and restart"]
    failures.clear()
    assert planned.say(ALICE, "/duty")["text"].startswith("🟢 On duty now: Dan Duty")


@pytest.mark.usefixtures("dan_linked")
def test_refusal_names_the_admins_who_can_help(group: World) -> None:
    """To the person with their @username; in a group without, which would call them; to a stranger outside nobody."""
    group.chat.add_user(BORIS, "Bo<ris", None, started=True)
    boris = User(full_name="Bo<ris", telegram_user_id=BORIS, role=Role.ADMIN, reachable=True, created_at=group.clock())
    group.work(lambda session: session.add(boris))
    group.say(ALICE, "/trust_group", GROUP)

    assert group.say(DAN, "/users")["text"] == "Это могут только администраторы. Попросите: Alice (@alice), Bo<ris."
    assert group.say(DAN, "/pin_duty", GROUP)["text"] == "Это могут только администраторы. Попросите: Alice, Bo<ris."
    assert group.say(SAM, "/pin_duty", GROUP)["text"] == "You have no access. Ask Alice, Bo<ris."
    group.clock.move(minutes=2)
    assert group.say(SAM, "/users")["text"] == NO_ACCESS


@pytest.mark.usefixtures("dan_linked")
def test_refusal_without_an_admin_who_has_started_the_bot_names_nobody(planned: World) -> None:
    planned.work(lambda session: session.execute(text("UPDATE users SET reachable = 0 WHERE telegram_user_id = 1001")))

    assert planned.say(DAN, "/users")["text"] == "Это могут только администраторы."
