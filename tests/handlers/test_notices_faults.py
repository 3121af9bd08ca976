"""What becomes of a notice when Telegram, the wire or a group does not do as it should; the whole way."""

import logging
from datetime import datetime
from typing import Any

import pytest

from duty_teller.db.models import Chat, DigestKind
from tests.handlers.conftest import ALICE, DAN, GROUP, MOSCOW, World, roster_json, wait_for
from tests.handlers.test_notices import heard, later, linked, outcomes, put_plain

UPGRADED = GROUP - 1


def digests(world: World) -> list[tuple[Any, ...]]:
    return world.rows("SELECT chat_id, thread_id, outcome, attempts FROM notices WHERE kind = 'digest' ORDER BY id")


def with_digest(world: World, **fields: Any) -> None:
    digest = {"digest": DigestKind.HANDOVER, "trusted": True, "language": "en", "title": "Team"}
    world.work(lambda s: s.add(Chat(id=GROUP, **digest | fields)))


def test_answer_that_never_comes_is_tried_again_and_counted(world: World) -> None:
    world.chat.fault("sendMessage", "hang")
    put_plain(world)
    wait_for(lambda: outcomes(world) == [("groups", None, 1, 1)])
    later(world, seconds=2)
    wait_for(lambda: outcomes(world) == [("groups", "sent", 2, 1)])
    assert sum("<b>&" in text for text in world.texts(ALICE)) == 1


def test_attempt_is_committed_before_sending_so_that_an_end_in_between_is_known(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.stop()
    world.answer_seconds = 60.0  # it must not be over before the bot is stopped
    world.start()
    world.chat.fault("sendMessage", "hang")
    attempt = "SELECT attempts, attempted_at IS NOT NULL, closed_at FROM notices"
    put_plain(world)
    wait_for(lambda: not world.stand_in.api.faults.waiting)  # the call is there, and hangs
    assert world.rows(attempt) == [(1, 1, None)]
    world.stop()
    assert world.rows(attempt) == [(1, 1, None)]
    with caplog.at_level(logging.WARNING):
        world.start()
        wait_for(lambda: outcomes(world) == [("groups", "sent", 2, 1)])
    assert "1 notices may have arrived twice" in caplog.text
    assert sum("<b>&" in text for text in world.texts(ALICE)) == 1


def test_refusal_that_is_nobody_s_fault_closes_the_notice_and_is_logged(world: World, failures: list[str]) -> None:
    world.chat.fault("sendMessage", "refuse", description="Bad Request: message is too long")
    put_plain(world)
    wait_for(lambda: outcomes(world) == [("groups", "refused", 1, 0)])
    assert world.rows("SELECT last_error FROM notices") == [("Message is too long",)]
    assert world.rows("SELECT reachable FROM users WHERE telegram_user_id = ?", ALICE) == [(1,)]
    assert len(failures) == 1 and failures[0].endswith("was refused: Message is too long")
    failures.clear()


def test_account_that_is_gone_is_unreachable(world: World) -> None:
    world.chat.fault("sendMessage", "refuse", chat_id=ALICE, code=400, description="Bad Request: chat not found")
    put_plain(world)
    wait_for(lambda: outcomes(world) == [("groups", "refused", 1, 0)])
    assert world.rows("SELECT reachable FROM users WHERE telegram_user_id = ?", ALICE) == [(0,)]


def test_digest_follows_a_group_that_was_upgraded(planned: World) -> None:
    planned.chat.add_group(UPGRADED, "Team", members=[ALICE, DAN])
    refusal = {"code": 400, "description": "Bad Request: group chat was upgraded to a supergroup chat"}
    parameters = {"migrate_to_chat_id": UPGRADED}
    planned.chat.fault("sendMessage", "refuse", chat_id=GROUP, parameters=parameters, **refusal)
    with_digest(planned)
    wait_for(lambda: digests(planned) == [(UPGRADED, 0, "sent", 2)])
    assert [text.split("\n")[0] for text in planned.texts(UPGRADED)] == ["🟢 On duty now: Dan Duty"]
    assert planned.rows("SELECT id, digest FROM chats") == [(UPGRADED, "handover")]
    planned.let_ticks_pass()
    assert len(digests(planned)) == 1


def test_digest_goes_into_its_topic(planned: World) -> None:
    planned.chat.add_group(GROUP, "Team", members=[ALICE, DAN], forum=True)
    topic = planned.chat.create_topic(GROUP, "Duty")
    with_digest(planned, digest_thread_id=topic)
    wait_for(lambda: digests(planned) == [(GROUP, topic, "sent", 1)])
    told = [message for message in planned.chat.messages(GROUP) if message["sender"]["is_bot"] and message["text"]]
    assert [message["thread_id"] for message in told if "On duty now" in message["text"]] == [topic]


def test_digest_into_a_closed_topic_is_switched_off_and_the_admins_are_told_once(planned: World) -> None:
    planned.chat.add_group(GROUP, "Team", members=[ALICE, DAN], forum=True, bot_rights={"can_pin_messages": True})
    topic = planned.chat.create_topic(GROUP, "Duty")
    planned.chat.close_topic(GROUP, topic)
    with_digest(planned, digest_thread_id=topic)
    told = planned.chat.wait_for_message(ALICE, "I couldn't post the digest in “Team”, so I turned it off")
    assert digests(planned) == [(GROUP, topic, "refused", 1)]
    assert planned.rows("SELECT digest, left_at FROM chats") == [("off", None)]
    planned.clock.set(datetime(2026, 11, 24, 9, tzinfo=MOSCOW))
    planned.let_ticks_pass()
    assert len(digests(planned)) == 1
    assert sum("couldn't post the digest" in text for text in planned.texts(ALICE)) == 1
    planned.chat.press(ALICE, told["message_id"], "Group digests")
    planned.chat.wait_for_message(ALICE, lambda message: "Team" in str(message["reply_markup"]))


def test_digest_of_a_topic_that_was_deleted_is_mended_by_the_button_of_its_notice(planned: World) -> None:
    planned.chat.add_group(GROUP, "Team", members=[ALICE, DAN], forum=True)
    topic = planned.chat.create_topic(GROUP, "Duty")
    planned.chat.delete_topic(GROUP, topic)
    with_digest(planned, digest_thread_id=topic)
    told = planned.chat.wait_for_message(ALICE, "I couldn't post the digest in “Team”")
    for button in ("Group digests", "Team · Off", "Each hand-over"):
        planned.chat.press(ALICE, told["message_id"], button)
        planned.be_through()
    planned.clock.set(datetime(2026, 11, 24, 9, tzinfo=MOSCOW))
    wait_for(lambda: [row[1:] for row in digests(planned)][1:] == [(0, "sent", 1)])


def test_digest_of_a_group_that_is_gone_is_switched_off_and_told(planned: World) -> None:
    planned.chat.add_group(GROUP, "Team", members=[ALICE, DAN])
    refusal = {"code": 400, "description": "Bad Request: chat not found"}
    planned.chat.fault("sendMessage", "refuse", chat_id=GROUP, **refusal)
    with_digest(planned)
    planned.chat.wait_for_message(ALICE, "I couldn't post the digest in “Team”")
    assert planned.rows("SELECT digest, left_at FROM chats") == [("off", None)]


def test_digest_of_a_group_that_threw_the_bot_out_unseen_comes_again_when_it_is_back(planned: World) -> None:
    planned.chat.add_group(GROUP, "Team", members=[ALICE, DAN])
    refusal = {"code": 403, "description": "Forbidden: bot was kicked from the supergroup chat"}
    planned.chat.fault("sendMessage", "refuse", chat_id=GROUP, **refusal)
    with_digest(planned)
    wait_for(lambda: digests(planned) == [(GROUP, 0, "refused", 1)])
    assert planned.rows("SELECT digest, left_at IS NULL FROM chats") == [("handover", 0)]
    assert not [text for text in planned.texts(ALICE) if "couldn't post the digest" in text]
    planned.chat.return_bot(GROUP)
    wait_for(lambda: planned.rows("SELECT left_at FROM chats") == [(None,)])
    planned.clock.set(datetime(2026, 11, 24, 9, tzinfo=MOSCOW))
    wait_for(lambda: [row[2:] for row in digests(planned)][1:] == [("sent", 1)])


def test_digest_at_each_hand_over_is_a_fresh_message(planned: World) -> None:
    planned.chat.add_group(GROUP, "Team", members=[ALICE, DAN])
    with_digest(planned)
    for number, day in enumerate((23, 24, 25), start=1):
        if number > 1:
            planned.clock.set(datetime(2026, 11, day, 9, tzinfo=MOSCOW))
        wait_for(lambda: [row[2:] for row in digests(planned)] == [("sent", 1)] * number)  # noqa: B023
    told = [text.split("\n")[0] for text in planned.texts(GROUP) if "On duty now" in text]
    assert told == ["🟢 On duty now: Dan Duty", "🟢 On duty now: Alice Admin", "🟢 On duty now: Dan Duty"]


def test_group_that_switched_its_digest_off_or_threw_the_bot_out_gets_none(planned: World) -> None:
    planned.chat.add_group(GROUP, "Team", members=[ALICE, DAN])
    with_digest(planned, digest=DigestKind.OFF)
    with_left = {"id": UPGRADED, "title": "Left", "trusted": True, "digest": DigestKind.HANDOVER}
    planned.work(lambda s: s.add(Chat(**with_left, left_at=planned.clock())))
    planned.let_ticks_pass()
    assert digests(planned) == []


def test_day_offline_tells_nothing_of_yesterday(planned: World) -> None:
    linked(planned, reminder_leads="1440", notices_off="gaps,unreachable")
    planned.import_roster(roster_json(Dan_Duty="  Б Б", Alice_Admin=" Б "))
    later(planned, minutes=3)
    before = len(planned.texts(DAN))
    planned.stop()
    planned.clock.set(datetime(2026, 11, 26, 12, tzinfo=MOSCOW))
    planned.start()
    wait_for(lambda: len(heard(planned, DAN, before)) == 1)
    planned.let_ticks_pass()
    (text,) = heard(planned, DAN, before)
    assert text.startswith("⏰ Ваша смена начнётся через 21 ч\nпт 27 нояб., 09:00")
