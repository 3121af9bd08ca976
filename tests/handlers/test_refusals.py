"""Every refusal of Telegram that the stand-in knows, met by everything the bot does: seen, stored, tried again.

The refusals are read from the stand-in's source, so that a new one is met here by itself. Most of them the bot never
provokes; what it would do then is the rule for its kind all the same.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duty_teller.demo.stand_in
from tests.handlers.conftest import ALICE, GROUP, World, buttons, wait_for

FILLED = {"too_long": "message is too long", "complaint": "phone number can be requested in private chats only"}
"""Descriptions that are variables in the source, and one of their values each."""

STAND_INS_OWN = {
    "bad webhook: the stand-in delivers updates by getUpdates only",
    "the stand-in reads HTML only: the bot is expected to send no Markdown",
}


@dataclass(frozen=True)
class Refused:
    code: int
    description: str
    parameters: tuple[tuple[str, int], ...] = ()

    def options(self) -> dict[str, Any]:
        given = {"code": self.code, "description": self.description}
        return given | ({"parameters": dict(self.parameters)} if self.parameters else {})


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "message" for v in node.values)
    if isinstance(node, ast.BinOp):
        return _literal(node.left) + _literal(node.right)
    return FILLED.get(ast.unparse(node), "")


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(Path(duty_teller.demo.stand_in.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                yield node.func.id, node


def every_refusal() -> list[Refused]:
    """All 400 and 403 descriptions of the stand-in."""
    found = set()
    for name, call in _calls():
        code = {"bad_request": 400, "forbidden": 403}.get(name)
        text = _literal(call.args[0]) if code else ""
        if code and text and text not in STAND_INS_OWN:
            head = "Bad Request" if code == 400 else "Forbidden"
            moved = (("migrate_to_chat_id", -1001999999999),) if "upgraded" in text else ()
            found.add(Refused(code, f"{head}: {text}", moved))
    return sorted(found, key=lambda refused: (refused.code, refused.description))


REFUSALS = every_refusal()


def test_refusals_are_found_in_the_source() -> None:
    texts = {refused.description for refused in REFUSALS}

    assert len(REFUSALS) > 80
    assert {
        "Bad Request: chat not found",
        "Forbidden: bot was blocked by the user",
        "Bad Request: TOPIC_CLOSED",
    } <= texts
    unknown = [
        ast.unparse(call)
        for name, call in _calls()
        if name in ("bad_request", "forbidden") and not _literal(call.args[0])
    ]
    assert unknown == []


def met(world: World, method: str, refused: Refused, chat_id: int | None = None) -> None:
    """Lets the next call be refused."""
    world.chat.fault(method, "refuse", chat_id=chat_id, **refused.options())


def used_up(world: World) -> bool:
    return not world.stand_in.api.faults.waiting


BROKE = re.compile(r"Something broke on our side\. .*this code: [0-9A-F]{6}\.")


def test_answer_that_is_refused_is_told_with_a_code_or_nobody_can_be_told(planned: World, failures: list[str]) -> None:
    """Each in a chat of its own: a stranger asks, and the answer is refused."""
    before = planned.counts()
    for number, refused in enumerate(REFUSALS):
        who = 5000 + number
        planned.chat.add_user(who, "Somebody")
        met(planned, "sendMessage", refused, who)
        asked = planned.chat.send_text(who, "/duty")
        wait_for(lambda: used_up(planned))
        planned.be_through()
        heard = [m["text"] for m in planned.chat.messages(who) if m["message_id"] > asked["message_id"]]
        if refused.code == 403:
            assert heard == [], refused  # who has blocked the bot hears nothing, and nothing is logged as a failure
            assert failures == [], refused
        elif refused.parameters:
            assert heard == [], refused  # answered where the group has gone; a private chat goes nowhere
        else:
            assert len(heard) == 1 and BROKE.fullmatch(heard[0]), refused
            assert len(failures) == 1, refused
        failures.clear()
    assert planned.counts() == before


def test_page_that_cannot_be_turned_in_place_is_sent_anew(planned: World, failures: list[str]) -> None:
    """Except where it shows that already, or nobody may be written to any more."""
    for number, refused in enumerate(REFUSALS):
        group = GROUP - number
        planned.chat.add_group(group, "Support", members=[ALICE])
        shown = planned.say(ALICE, "/week", group)
        met(planned, "editMessageText", refused, group)
        planned.chat.press(ALICE, shown["message_id"], "▶", chat_id=group, timeout=0)
        wait_for(lambda: used_up(planned))
        planned.be_through()
        newer = [m for m in planned.chat.messages(group) if m["message_id"] > shown["message_id"]]
        if "not modified" in refused.description or refused.code == 403 or refused.parameters:
            assert newer == [], refused
        else:
            assert [m["text"].splitlines()[0] for m in newer] != [shown["text"].splitlines()[0]], refused
            assert len(newer) == 1, refused
            assert buttons(newer[0]).keys() >= {"◀", "▶"}, refused
    assert failures == []


def test_tap_whose_answer_is_refused_is_carried_out(planned: World, failures: list[str]) -> None:
    for number, refused in enumerate(REFUSALS):
        group = GROUP - number
        planned.chat.add_group(group, "Support", members=[ALICE])
        shown = planned.say(ALICE, "/week", group)
        planned.chat.fault("answerCallbackQuery", "refuse", **refused.options())
        planned.chat.press(ALICE, shown["message_id"], "▶", chat_id=group, timeout=0)
        wait_for(lambda: used_up(planned))
        planned.be_through()
        now = next(m for m in planned.chat.messages(group) if m["message_id"] == shown["message_id"])
        assert now["text"] != shown["text"], refused
    assert failures == []
