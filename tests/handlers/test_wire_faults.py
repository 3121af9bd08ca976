"""Every wire fault of the stand-in at every method the bot calls: what is seen, what is stored, what is retried."""

import ast
from pathlib import Path
from typing import Any

import pytest

import duty_teller.handlers
from duty_teller.bot_api_stand_in.faults import KINDS
from duty_teller.bot_api_stand_in.methods import REGISTRY
from tests.handlers.conftest import ALICE, DAN, GROUP, MONDAY, Json, World, roster_json, wait_for

LOST = "Telegram didn't accept my answer. Please try again."
BROKE = "Something broke on our side."
OPTIONS: dict[str, dict[str, Any]] = {
    "too_many_requests": {"retry_after": 1},
    "refuse": {"description": "Bad Request: something new"},
    "slow": {"seconds": 0.5},
}


def put(world: World, method: str, kind: str) -> None:
    """Lets the next call of a method fail."""
    world.be_through()
    world.chat.fault(method, kind, **OPTIONS.get(kind, {}))


def used_up(world: World) -> bool:
    return not world.stand_in.api.faults.waiting


def said(world: World, after_id: int) -> list[str]:
    """What the bot has said to Alice since, each as its first words."""
    world.be_through()
    there = world.chat.messages(ALICE)
    return [m["text"][:12] for m in there if m["message_id"] > after_id and m["sender"]["is_bot"]]


def of(text: str) -> str:
    return text[:12]


NOW = of("🟢 On duty now")
ANSWERED: dict[str, list[str]] = {
    "too_many_requests": [NOW],
    "server_error": [of(LOST)],
    "drop": [of(LOST)],
    "drop_after": [NOW, of(LOST)],
    "hang": [of(LOST)],
    "unauthorized": [],
    "refuse": [of(BROKE)],
    "slow": [NOW],
}
"""A failed answer is not sent again by itself: the person is told, and knows whether it came."""


def test_every_kind_of_fault_is_met_here() -> None:
    assert set(ANSWERED) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_answer_to_a_command(planned: World, kind: str, failures: list[str]) -> None:
    before = planned.counts()
    put(planned, "sendMessage", kind)

    asked = planned.chat.send_text(ALICE, "/duty")
    wait_for(lambda: used_up(planned))

    assert said(planned, asked["message_id"]) == ANSWERED[kind]
    assert planned.counts() == before
    assert bool(failures) == (kind in ("unauthorized", "refuse"))
    failures.clear()
    assert of(planned.say(ALICE, "/duty")["text"]) == NOW


TURNED: dict[str, tuple[bool, list[str]]] = {
    "too_many_requests": (True, []),
    "server_error": (False, [of(LOST)]),
    "drop": (False, [of(LOST)]),
    "drop_after": (True, [of(LOST)]),
    "hang": (False, [of(LOST)]),
    "unauthorized": (False, []),
    "refuse": (False, [of("Mon 30 Nov –")]),
    "slow": (True, []),
}
"""Whether the page was turned in place, and what was said beside it: one that cannot be edited is sent anew."""


@pytest.mark.parametrize("kind", KINDS)
def test_page_that_is_turned_in_place(planned: World, kind: str, failures: list[str]) -> None:
    shown = planned.say(ALICE, "/week")
    put(planned, "editMessageText", kind)

    planned.chat.press(ALICE, shown["message_id"], "▶", timeout=0)
    wait_for(lambda: used_up(planned))

    beside = said(planned, shown["message_id"])
    now = next(m for m in planned.chat.messages(ALICE) if m["message_id"] == shown["message_id"])
    turned, expected = TURNED[kind]
    assert (now["text"] != shown["text"], len(beside)) == (turned, len(expected))
    assert [text for text in expected if text == of(LOST)] == [text for text in beside if text == of(LOST)]
    failures.clear()


@pytest.mark.parametrize("kind", KINDS)
def test_tap_whose_answer_fails_is_carried_out(planned: World, kind: str) -> None:
    shown = planned.say(ALICE, "/invite")
    put(planned, "answerCallbackQuery", kind)

    planned.chat.press(ALICE, shown["message_id"], "Dan Duty", timeout=0)

    planned.chat.wait_for_message(ALICE, "?start=", after_id=shown["message_id"], timeout=20)


ALL_FAIL = [kind for kind in KINDS if kind not in ("too_many_requests", "slow")]


def send_file(world: World) -> Json:
    return world.chat.send_document(ALICE, "roster.json", roster_json(MONDAY, Maria_Mint="Б Б"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["getFile", "download"])
def test_file_that_cannot_be_fetched(planned: World, read_here: None, method: str, kind: str) -> None:
    before = planned.counts()
    put(planned, method, kind)

    sent = send_file(planned)

    # The file's own door has no limiter: 429 is a failure there.
    passes = kind == "slow" or (kind == "too_many_requests" and method == "getFile")
    wanted = "Maria Mint" if passes else "Telegram didn't give me the file. Please send it again."
    planned.chat.wait_for_message(ALICE, wanted, after_id=sent["message_id"], timeout=20)
    assert planned.counts() == before
    again = send_file(planned)
    planned.chat.wait_for_message(ALICE, "Maria Mint", after_id=again["message_id"])


@pytest.mark.parametrize("kind", KINDS)
def test_exported_file_that_cannot_be_sent(planned: World, kind: str) -> None:
    shown = planned.say(ALICE, "/export")
    planned.chat.press(ALICE, shown["message_id"], "November 2026")
    asked = planned.chat.wait_for_message(ALICE, "Which format?")
    put(planned, "sendDocument", kind)

    planned.chat.press(ALICE, asked["message_id"], "JSON")

    wanted = "✅" if kind in ("too_many_requests", "slow") else "couldn't be sent. Please try again: /export"
    planned.chat.wait_for_message(ALICE, wanted, after_id=asked["message_id"] - 1, timeout=40)
    documents = [m for m in planned.chat.messages(ALICE) if m["document"] is not None]
    assert len(documents) == (1 if kind in ("too_many_requests", "slow", "drop_after") else 0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["setChatMenuButton", "setMyCommands"])
@pytest.mark.usefixtures("published")
def test_start_welcomes_whatever_becomes_of_menu_and_commands(world: World, method: str, kind: str) -> None:
    wait_for(lambda: len(world.chat.commands("all_chat_administrators", "en")) > 0)
    put(world, method, kind)

    welcomed = world.chat.press_start(ALICE)

    world.chat.wait_for_message(ALICE, "Hello, Alice", after_id=welcomed["message_id"], timeout=20)
    wait_for(lambda: used_up(world))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "unauthorized"])
@pytest.mark.parametrize("method", ["getMe", "setMyCommands", "deleteWebhook"])
@pytest.mark.usefixtures("published")
def test_start_of_the_process_goes_on_trying(stopped: World, method: str, kind: str) -> None:
    stopped.chat.fault(method, kind, **OPTIONS.get(kind, {}))

    stopped.start()

    assert "Hello, Alice" in stopped.say(ALICE, "/start")["text"]
    wait_for(lambda: used_up(stopped) and stopped.chat.commands("all_chat_administrators", "en"), timeout=40)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("hang", "unauthorized")])
def test_polling_goes_on(planned: World, kind: str, failures: list[str]) -> None:
    planned.chat.fault("getUpdates", kind, **OPTIONS.get(kind, {}))
    asked = planned.chat.send_text(ALICE, "/help")  # wakes the poll that waits: the next one meets the fault
    planned.chat.wait_for_message(ALICE, "/duty", after_id=asked["message_id"], timeout=20)
    wait_for(lambda: used_up(planned), timeout=30)

    assert of(planned.say(ALICE, "/duty")["text"]) == NOW
    wait_for(lambda: planned.health.telegram == "polling")
    failures.clear()


@pytest.mark.parametrize("kind", KINDS)
def test_inline_answer_that_fails_is_no_failure_of_the_next(planned: World, kind: str, failures: list[str]) -> None:
    put(planned, "answerInlineQuery", kind)

    planned.chat.inline_query(ALICE, "", timeout=0)
    wait_for(lambda: used_up(planned), timeout=20)

    answer = planned.chat.inline_query(ALICE, "", timeout=20)
    assert answer is not None
    assert len(answer["results"]) == 3
    failures.clear()


@pytest.mark.parametrize("kind", KINDS)
def test_sign_of_life_that_fails_holds_no_export_up(planned: World, kind: str) -> None:
    shown = planned.say(ALICE, "/export")
    planned.chat.press(ALICE, shown["message_id"], "November 2026")
    asked = planned.chat.wait_for_message(ALICE, "Which format?")
    put(planned, "sendChatAction", kind)

    planned.chat.press(ALICE, asked["message_id"], "JSON")

    planned.chat.wait_for_message(ALICE, "✅", after_id=asked["message_id"] - 1, timeout=20)


@pytest.mark.parametrize("kind", KINDS)
def test_pin_that_cannot_be_pinned_at_once_is_pinned_by_the_tick(
    planned: World, kind: str, failures: list[str]
) -> None:
    planned.chat.add_group(GROUP, "Support", members=[ALICE])
    put(planned, "pinChatMessage", kind)

    planned.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)

    def shown() -> bool:
        planned.clock.move(seconds=1)
        pin = planned.chat.pinned(GROUP)
        return pin is not None and "On duty now: Dan Duty" in pin["text"]

    wait_for(shown, timeout=30)
    wait_for(lambda: planned.rows("SELECT content_hash <> '', failure FROM group_pins") == [(1, None)])
    assert len([text for text in planned.texts(GROUP) if "On duty now" in text]) == 1
    failures.clear()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["unpinChatMessage", "deleteMessage"])
def test_old_pin_that_cannot_be_taken_away_leaves_the_new_one(planned: World, method: str, kind: str) -> None:
    planned.chat.add_group(GROUP, "Support", members=[ALICE])
    planned.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    planned.chat.wait_until(lambda: planned.chat.pinned(GROUP))
    planned.be_through()
    old = planned.chat.pinned(GROUP)
    assert old is not None
    put(planned, method, kind)

    planned.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    wait_for(lambda: used_up(planned), timeout=20)
    planned.be_through()

    newest = planned.chat.pinned(GROUP)
    assert newest is not None
    assert newest["message_id"] > old["message_id"]
    assert planned.rows("SELECT message_id, failure FROM group_pins") == [(newest["message_id"], None)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("dan_linked")
def test_commands_that_cannot_be_taken_away_hold_no_welcome_up(planned: World, kind: str) -> None:
    put(planned, "deleteMyCommands", kind)

    started = planned.chat.press_start(DAN)

    planned.chat.wait_for_message(DAN, "Здравствуйте, Dan Duty!", after_id=started["message_id"], timeout=20)
    wait_for(lambda: used_up(planned), timeout=20)


@pytest.mark.parametrize("kind", KINDS)
def test_button_of_an_answered_question_that_stays_changes_nothing(planned: World, kind: str) -> None:
    shown = planned.say(ALICE, "/settings")
    planned.chat.press(ALICE, shown["message_id"], "Hand-over")
    wait_for(lambda: planned.rows("SELECT kind FROM dialogues"))
    put(planned, "editMessageReplyMarkup", kind)

    typed = planned.chat.send_text(ALICE, "10:00")

    planned.chat.wait_for_message(ALICE, "10:00", after_id=typed["message_id"], timeout=20)
    assert planned.rows("SELECT handover_at FROM rosters") == [("10:00",)]


CALLED_BY_OTHER_NAMES = {
    "replytext": "sendmessage",
    "edittext": "editmessagetext",
    "answer": "answercallbackquery",
    "downloadasbytearray": "getfile",
}
NOT_TELEGRAM = {"close"}
"""A name that a method of the Bot API has, too."""

TAGS = "tests/handlers/test_member_tags.py"
ELSEWHERE = {"leavechat": "tests/handlers/test_groups.py", "getchat": "", "getchatmember": "", "setchatmembertag": TAGS}
"""Methods whose faults have their tests beside what uses them."""


def test_every_method_the_bot_calls_is_met_here() -> None:
    text = Path(__file__).read_text().lower()
    folder = Path(duty_teller.handlers.__file__).parent
    called = {
        CALLED_BY_OTHER_NAMES.get(name, name)
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        for name in [node.func.attr.replace("_", "")]
        if name in REGISTRY or name in CALLED_BY_OTHER_NAMES
    } - NOT_TELEGRAM

    assert {method for method in called if f'"{method}"' not in text} - set(ELSEWHERE) == set()
    assert len(called) > 10
