"""Every refusal of Telegram that the stand-in knows, met by everything the bot does: seen, stored, tried again.

The refusals are read from the stand-in's source, so that a new one is met here by itself. Most of them the bot never
provokes; what it would do then is the rule for its kind all the same.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from duty_teller.db.models import NoticeKind, User
from duty_teller.services.outbox import outbox
from tests.handlers.conftest import ALICE, GROUP, MOSCOW, Settled, World, buttons, pin_at_once, wait_for
from tests.sources import modules

FILLED = {
    "what": "message to edit",
    "too_long": "message is too long",
    "complaint": "phone number can be requested in private chats only",
}
"""Variables in the descriptions of the source, and one of their values each."""

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
        return "".join(
            str(v.value) if isinstance(v, ast.Constant) else FILLED.get(ast.unparse(v).strip("{}'f"), "message")
            for v in node.values
        )
    if isinstance(node, ast.BinOp):
        return _literal(node.left) + _literal(node.right)
    return FILLED.get(ast.unparse(node), "")


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for _name, tree in modules(r"\b(bad_request|forbidden)\(", room="bot_api_stand_in/"):
        for node in ast.walk(tree):
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


def test_page_that_cannot_be_turned_in_place_is_sent_anew_whether_or_not_the_tap_can_be_answered(
    planned: World, failures: list[str]
) -> None:
    """Except where it shows that already, or nobody may be written to any more; and a refused answer stops nothing."""
    for number, refused in enumerate(REFUSALS):
        group = GROUP - number
        planned.chat.add_group(group, "Support", members=[ALICE])
        shown = planned.say(ALICE, "/week", group)
        planned.chat.fault("answerCallbackQuery", "refuse", **refused.options())
        planned.chat.press(ALICE, shown["message_id"], "▶", chat_id=group, timeout=0)
        wait_for(lambda: used_up(planned))
        planned.be_through()
        turned = next(m for m in planned.chat.messages(group) if m["message_id"] == shown["message_id"])
        assert turned["text"] != shown["text"], refused

        met(planned, "editMessageText", refused, group)
        planned.chat.press(ALICE, turned["message_id"], "▶", chat_id=group, timeout=0)
        wait_for(lambda: used_up(planned))
        planned.be_through()
        newer = [m for m in planned.chat.messages(group) if m["message_id"] > turned["message_id"]]
        if "not modified" in refused.description or refused.code == 403 or refused.parameters:
            assert newer == [], refused
        else:
            assert [m["text"].splitlines()[0] for m in newer] != [turned["text"].splitlines()[0]], refused
            assert len(newer) == 1, refused
            assert buttons(newer[0]).keys() >= {"◀", "▶"}, refused
    assert failures == []


GONE = {
    "Bad Request: message can't be edited",
    "Bad Request: MESSAGE_ID_INVALID",
    "Bad Request: message to edit not found",
}
FOR_GOOD = {
    "Bad Request: chat not found",
    "Bad Request: TOPIC_CLOSED",
    "Bad Request: message thread not found",
    "Bad Request: not enough rights to send message to the chat",
    "Bad Request: not enough rights to manage pinned messages in the chat",
}
"""What switches a pin off; a 403 does, too. All the rest is tried again."""


THERE = {GROUP - 1000 - number: refused for number, refused in enumerate(REFUSALS)}
"""A group for each refusal."""


def pin_in_a_group_each(world: World) -> None:
    pin_at_once(world, {group: str(group) for group in THERE})
    left = list(THERE)

    def done() -> bool:
        while left and world.chat.pinned(left[0]):
            left.pop(0)  # it is not asked for again
        return not left

    wait_for(done)


@pytest.fixture(scope="session")
def everywhere_kept(settled: Settled) -> str:
    return settled.lead("pinned for each refusal", pin_in_a_group_each, "planned")


@pytest.fixture
def everywhere(everywhere_kept: str, stopped: World, settled: Settled) -> World:
    """Every refusal has a group of its own with a pin in it."""
    started = settled.start(everywhere_kept, stopped)
    started.let_ticks_pass()
    return started


def hand_over(world: World) -> None:
    """Lets everybody's pin change."""
    world.clock.set(datetime(2026, 11, 24, 9, tzinfo=MOSCOW))


def calm(world: World) -> None:
    """Waits until nothing has to be tried again, and moves the clock for what waits."""

    def done() -> bool:
        world.clock.move(seconds=2)
        newest = "SELECT max(content_hash) FROM group_pins WHERE failure IS NULL"
        open_pins = f"SELECT count(*) FROM group_pins WHERE failure IS NULL AND content_hash <> ({newest})"
        return used_up(world) and world.rows(open_pins) == [(0,)]

    wait_for(done, timeout=60)
    world.let_ticks_pass()


def test_pin_whose_edit_is_refused(everywhere: World) -> None:
    there = THERE
    before = {group: everywhere.chat.pinned(group) for group in there}
    for group, refused in there.items():
        met(everywhere, "editMessageText", refused, group)

    hand_over(everywhere)
    calm(everywhere)

    failed = {chat_id for (chat_id,) in everywhere.rows("SELECT chat_id FROM group_pins WHERE failure IS NOT NULL")}
    for group, refused in there.items():
        old, now = before[group], everywhere.chat.pinned(group)
        assert old is not None and now is not None
        if refused.code == 403 or refused.description in FOR_GOOD:
            assert group in failed, refused
            assert now == old, refused
        elif refused.parameters:
            assert group not in failed, refused  # the stored id has moved on
        elif "not modified" in refused.description:
            assert now == old, refused
        else:
            assert "On duty now: Alice Admin" in now["text"], refused
            assert (now["message_id"] != old["message_id"]) == (refused.description in GONE), refused
            assert group not in failed, refused
    told = [text for text in everywhere.texts(ALICE) if "“-100" in text and "You added me" not in text]
    assert len(told) == len(failed)


def test_pin_whose_new_message_is_refused(everywhere: World) -> None:
    there = THERE
    for group, refused in there.items():
        pinned = everywhere.chat.pinned(group)
        assert pinned is not None
        everywhere.chat.delete_message(group, pinned["message_id"])
        met(everywhere, "sendMessage", refused, group)

    hand_over(everywhere)
    calm(everywhere)

    failed = {chat_id for (chat_id,) in everywhere.rows("SELECT chat_id FROM group_pins WHERE failure IS NOT NULL")}
    for group, refused in there.items():
        now = everywhere.chat.pinned(group)
        if refused.code == 403 or refused.description in FOR_GOOD:
            assert (group in failed, now) == (True, None), refused
        elif not refused.parameters:
            assert now is not None and "On duty now: Alice Admin" in now["text"], refused
            shown = [m for m in everywhere.chat.messages(group) if "On duty now" in m["text"]]
            assert len(shown) == 1, refused


UNREACHABLE = {"Bad Request: chat not found"}
"""With a 403, what says that the bot cannot write to a person any more."""


def test_notice_that_is_refused(stopped: World, failures: list[str]) -> None:
    """A notice each for as many admins: refused for good is closed, and who cannot be reached is known as that."""
    there = {5000 + number: refused for number, refused in enumerate(REFUSALS)}
    for who in there:
        stopped.chat.add_user(who, f"Admin {who}", started=True)
    stopped.start(admin_ids=frozenset(there))

    def put_one_each(session: Session) -> None:
        now = stopped.clock()
        for who in there:
            user = User(full_name=f"Admin {who}", telegram_user_id=who, reachable=True, created_at=now)
            session.add(user)
            session.flush()
            text = outbox.plain("people.name_bound", {"name": "x", "account": "X", "id": "1", "variable": "Y"})
            expires = now + timedelta(days=1)
            outbox.put(session, NoticeKind.PEOPLE, f"test:{who}", text, now, expires, user_id=user.id)

    for who, refused in there.items():
        met(stopped, "sendMessage", refused, who)
    stopped.work(put_one_each)

    def closed() -> bool:
        stopped.clock.move(seconds=1)
        return stopped.rows("SELECT count(*) FROM notices WHERE closed_at IS NULL") == [(0,)]

    wait_for(closed, timeout=60)
    outcomes = {
        who: (outcome, bool(reachable), uncertain)
        for who, outcome, reachable, uncertain in stopped.rows(
            "SELECT telegram_user_id, outcome, reachable, uncertain FROM notices JOIN users ON users.id = user_id"
        )
    }
    for who, refused in there.items():
        if refused.parameters:
            assert outcomes[who] == ("sent", True, 0), refused
        else:
            gone = refused.code == 403 or refused.description in UNREACHABLE
            assert outcomes[who] == ("refused", not gone, 0), refused
            assert stopped.texts(who) == [], refused
    logged = [text for text in failures if "was refused" in text]
    assert len(logged) == len([r for r in REFUSALS if r.code == 400 and not r.parameters]) - len(UNREACHABLE)
    failures.clear()
