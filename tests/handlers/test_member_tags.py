"""The tag that whoever is on duty wears in a group that wants it: given, moved, given back, and refused in peace."""

import pytest

from duty_teller.db.models import Chat
from tests.handlers.conftest import ALICE, DAN, GROUP, SAM, Settled, World, wait_for

RIGHTS = {"can_pin_messages": True, "can_manage_tags": True}
WANTED = "All right: whoever is on duty gets the tag"


def let_bot_tag(planned: World) -> None:
    planned.work(link_alice)
    planned.chat.add_group(GROUP, "Support", members=[SAM, ALICE, DAN], bot_rights=RIGHTS)
    planned.say(ALICE, "/trust_group", GROUP)


@pytest.fixture(scope="session")
def tagging_kept(settled: Settled) -> str:
    return settled.lead("a group with tags", let_bot_tag, "planned, dan_linked")


@pytest.fixture
def tagging(tagging_kept: str, stopped: World, settled: Settled) -> World:
    """A group of Sam's in which the bot may manage tags; Dan and Alice are of the roster and ordinary members."""
    return settled.start(tagging_kept, stopped)


def link_alice(session: object) -> None:
    """Has Alice's account be the Alice Admin of the roster."""
    from sqlalchemy import text

    session.execute(text("DELETE FROM users WHERE telegram_user_id = 1001"))  # type: ignore[attr-defined]
    session.execute(  # type: ignore[attr-defined]
        text(
            "UPDATE users SET telegram_user_id = 1001, reachable = 1, linked_at = 1, "
            "notices_off = 'gaps,unreachable' WHERE full_name = 'Alice Admin'"
        )
    )


def want(world: World, on: bool = True) -> str:
    settings = [m for m in world.chat.messages(GROUP) if "digest, language and duty tag" in m["text"]][-1]
    world.chat.press(ALICE, settings["message_id"], f"grp:tag:{int(on)}", chat_id=GROUP)
    world.be_through()
    return str(world.texts(GROUP)[-1])


def tags(world: World) -> dict[int, str]:
    members = world.stand_in.rooms[GROUP].members
    return {who: members[who].tag for who in (ALICE, DAN)}


def asked(world: World) -> list[str]:
    names = ("getChatMember", "setChatMemberTag")
    return [c["method"] for c in world.chat.calls() if c["method"] in names]


def test_tag_is_off_until_the_group_wants_it_and_moves_at_the_hand_over(tagging: World) -> None:
    tagging.let_ticks_pass()
    assert tags(tagging) == {ALICE: "", DAN: ""}

    assert want(tagging).startswith(WANTED)
    tagging.let_ticks_pass()
    assert tags(tagging) == {ALICE: "", DAN: "on duty"}
    tagging.chat.clear_calls()
    tagging.let_ticks_pass()
    assert tagging.sent() == []

    tagging.clock.move(days=1)
    tagging.let_ticks_pass(5)
    assert tags(tagging) == {ALICE: "on duty", DAN: ""}
    assert tagging.rows("SELECT telegram_user_id, before, tag, worn FROM member_tags") == [(ALICE, "", "on duty", 1)]


def test_what_was_worn_before_comes_back_also_after_a_restart(tagging: World) -> None:
    tagging.stand_in.rooms[GROUP].members[DAN].tag = "the cook"
    want(tagging)
    tagging.let_ticks_pass()
    assert tags(tagging)[DAN] == "on duty"

    tagging.stop()
    tagging.clock.move(days=1)
    tagging.start()
    tagging.let_ticks_pass(5)

    assert tags(tagging) == {ALICE: "on duty", DAN: "the cook"}


def test_a_tag_that_somebody_has_changed_meanwhile_stays(tagging: World) -> None:
    want(tagging)
    tagging.let_ticks_pass()
    tagging.stand_in.rooms[GROUP].members[DAN].tag = "birthday boy"

    tagging.clock.move(days=1)
    tagging.let_ticks_pass(5)

    assert tags(tagging) == {ALICE: "on duty", DAN: "birthday boy"}


@pytest.mark.parametrize("how", ["setting", "trust"])
def test_a_group_that_wants_no_tags_any_more_gets_back_what_there_was(tagging: World, how: str) -> None:
    tagging.stand_in.rooms[GROUP].members[DAN].tag = "the cook"
    want(tagging)
    tagging.let_ticks_pass()

    if how == "setting":
        assert want(tagging, on=False) == "All right, no more tags; I give back what people had."
    else:
        question = tagging.say(ALICE, "/untrust_group", GROUP)
        tagging.chat.press(ALICE, question["message_id"], "grp:untrust:1", chat_id=GROUP)
    tagging.let_ticks_pass(5)

    assert tags(tagging) == {ALICE: "", DAN: "the cook"}
    assert tagging.rows("SELECT count(*) FROM member_tags") == [(0,)]


@pytest.mark.parametrize(
    ("status", "rights"),
    [("administrator", RIGHTS), ("creator", RIGHTS), ("left", RIGHTS), ("member", {"can_pin_messages": True})],
    ids=["admin", "owner", "not in the group", "the bot has no right"],
)
def test_refusal_disturbs_nothing_and_is_not_repeated(tagging: World, status: str, rights: dict[str, bool]) -> None:
    tagging.chat.set_bot_rights(GROUP, rights)
    tagging.chat.set_member(GROUP, DAN, status)
    tagging.be_through()
    tagging.chat.clear_calls()

    want(tagging)
    tagging.let_ticks_pass(8)

    assert len(asked(tagging)) in (1, 2)
    assert tags(tagging) == {ALICE: "", DAN: ""}
    tagging.clock.move(days=1)
    tagging.let_ticks_pass(5)
    expected = {ALICE: "on duty" if rights == RIGHTS else "", DAN: ""}
    assert tags(tagging) == expected
    assert tagging.say(ALICE, "/duty", GROUP)["text"].startswith("🟢 On duty now: Alice Admin")


def test_right_that_comes_later_brings_the_tag(tagging: World) -> None:
    tagging.chat.set_bot_rights(GROUP, {"can_pin_messages": True})
    want(tagging)
    tagging.let_ticks_pass(5)
    assert tags(tagging)[DAN] == ""

    tagging.chat.set_bot_rights(GROUP, RIGHTS)
    tagging.be_through()
    tagging.let_ticks_pass(5)

    assert tags(tagging)[DAN] == "on duty"


def test_refusal_on_its_way_when_the_right_comes_leaves_nobody_without_a_tag(tagging: World) -> None:
    late = {"code": 400, "description": "Bad Request: not enough rights to manage tags", "seconds": 0.5}
    tagging.chat.fault("setChatMemberTag", "refuse", **late)
    want(tagging)
    wait_for(lambda: any(call.method == "setChatMemberTag" for call in tagging.stand_in.call_log))

    tagging.chat.set_bot_rights(GROUP, RIGHTS)

    wait_for(lambda: tags(tagging)[DAN] == "on duty")


def test_tag_is_given_in_the_groups_language_and_follows_it(tagging: World) -> None:
    want(tagging)
    tagging.let_ticks_pass()

    def speak_russian(session: object) -> None:
        session.get_one(Chat, GROUP).language = "ru"  # type: ignore[attr-defined]

    tagging.work(speak_russian)
    tagging.let_ticks_pass(5)

    assert tags(tagging)[DAN] == "дежурит"
    tagging.clock.move(days=1)
    tagging.let_ticks_pass(5)
    assert tags(tagging) == {ALICE: "дежурит", DAN: ""}


@pytest.mark.parametrize("method", ["getChatMember", "setChatMemberTag"])
@pytest.mark.parametrize("kind", ["server_error", "drop", "drop_after", "too_many_requests", "hang"])
def test_trouble_on_the_wire_is_waited_out(tagging: World, method: str, kind: str) -> None:
    tagging.stand_in.rooms[GROUP].members[DAN].tag = "the cook"
    options = {"retry_after": 1} if kind == "too_many_requests" else {}
    tagging.chat.fault(method, kind, **options)

    want(tagging)
    tagging.chat.wait_until(lambda: tags(tagging)[DAN] == "on duty")
    tagging.clock.move(days=1)

    tagging.chat.wait_until(lambda: tags(tagging) == {ALICE: "on duty", DAN: "the cook"})


def test_members_cannot_switch_it(tagging: World) -> None:
    settings = next(m for m in tagging.chat.messages(GROUP) if "digest, language and duty tag" in m["text"])
    tagging.chat.press(DAN, settings["message_id"], "grp:tag:1", chat_id=GROUP)
    tagging.be_through()

    assert tagging.rows("SELECT duty_tag FROM chats") == [(0,)]
