"""Groups: silent until trusted; trusted from afar; taken down."""

from tests.handlers.conftest import ALICE, GROUP, SAM, World, buttons, wait_for


def test_group_added_by_an_admin_is_trusted_and_pinned_by_one_button(planned: World) -> None:
    planned.chat.add_group(GROUP, "Support", members=[ALICE, SAM])
    asked = planned.chat.wait_for_message(ALICE, "You added me to “Support”. I stay silent there until you trust it.")
    assert buttons(asked) == {"✅ Trust and pin": f"grp:trust:{GROUP}"}

    planned.chat.press(ALICE, asked["message_id"], "✅ Trust and pin")

    planned.chat.wait_for_message(ALICE, "Done: it is pinned.")
    assert planned.chat.pinned(GROUP) is not None


def test_group_added_by_a_stranger_stays_silent_and_the_admins_are_told(planned: World) -> None:
    planned.chat.add_group(GROUP, "Support", members=[SAM, ALICE])
    wait_for(lambda: planned.rows("SELECT 1 FROM notices WHERE kind = 'groups'"))
    assert planned.say_unheard(SAM, "/duty", GROUP) == []


def test_untrust_group_takes_the_pin_down(planned: World) -> None:
    planned.chat.add_group(GROUP, "Support", members=[ALICE, SAM])
    planned.chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    wait_for(lambda: planned.chat.pinned(GROUP))
    asked = planned.say(ALICE, "/untrust_group", GROUP)
    planned.chat.press(ALICE, asked["message_id"], "Yes, be silent", chat_id=GROUP)
    planned.chat.wait_for_message(GROUP, "Done. I no longer answer here.")
    assert planned.chat.pinned(GROUP) is None
    assert planned.rows("SELECT count(*) FROM group_pins") == [(0,)]
    assert planned.say_unheard(SAM, "/duty", GROUP) == []
