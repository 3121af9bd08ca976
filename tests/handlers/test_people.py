"""Who is who: invitations, an admin's word, names bound to ids, the phone."""

import re
from datetime import timedelta

import pytest

from tests.handlers.conftest import ADMINS_ONLY, ALICE, DAN, SAM, Json, World, buttons, roster_json

BORIS = 1004
NO_ACCESS = "You have no access. Ask your team's admin for an invitation."


def linked(world: World) -> list[tuple[str, int]]:
    return world.rows("SELECT full_name, telegram_user_id FROM users WHERE linked_at IS NOT NULL ORDER BY full_name")


def offer(world: World, name: str) -> Json:
    """What Alice gets above the text to forward, when she taps a name of /invite."""
    shown = world.say(ALICE, "/invite")
    world.chat.press(ALICE, shown["message_id"], name)
    return world.chat.wait_for_message(ALICE, f"Forward the next message to {name}.", after_id=shown["message_id"])


def test_invitation_ties_dan_to_his_person(planned: World) -> None:
    listed = planned.say(ALICE, "/invite")
    assert (
        listed["text"]
        == "2 people on the roster haven't connected Telegram yet. Tap a name and I'll write the invitation."
    )
    assert list(buttons(listed)) == ["Alice Admin", "Dan Duty"]
    planned.chat.press(ALICE, listed["message_id"], "Dan Duty")
    text = planned.chat.wait_for_message(ALICE, "here is our duty roster", after_id=listed["message_id"])["text"]
    found = re.search(r"^https://t\.me/duty_teller_demo_bot\?start=([A-Za-z0-9_-]{1,64})$", text, re.MULTILINE)
    assert found is not None

    started = planned.chat.press_start(DAN, found[1])

    welcome = planned.answer(DAN, started["message_id"])
    assert welcome["text"].startswith("Готово, теперь я вас знаю: Dan Duty.")
    assert planned.say(DAN, "/duty")["text"].startswith("🟢 Сейчас дежурит Dan Duty\n      @dan_duty\n")
    assert planned.rows("SELECT role, reachable, username FROM users WHERE telegram_user_id = ?", DAN) == [
        ("user", 1, "dan_duty")
    ]
    planned.chat.wait_for_message(ALICE, "Dan (@dan_duty)")  # the admins are told who joined, by a notice
    assert list(buttons(planned.say(ALICE, "/invite"))) == ["Alice Admin"]


def test_invitation_used_by_somebody_else_is_refused(planned: World) -> None:
    payload = planned.invitation("Dan Duty")
    planned.chat.press_start(DAN, payload)
    planned.chat.wait_for_message(DAN, "Dan Duty")

    assert planned.say(SAM, f"/start {payload}")["text"].startswith("This invitation has already been used.")
    assert "Dan Duty" in planned.say(DAN, f"/start {payload}")["text"]
    assert linked(planned) == [("Dan Duty", DAN)]


def test_invitation_forged_or_expired_is_refused(planned: World) -> None:
    payload = planned.invitation("Dan Duty")
    other = payload[:-1] + ("A" if payload[-1] != "A" else "B")
    for forged in (other, payload.replace("i", "i1", 1), "i1-2-3", "ix-y-z", "i1-2-" + "ю" * 5):
        assert planned.say(SAM, f"/start {forged}")["text"] == (
            "This invitation is not valid. Ask the admin for a new one."
        )

    planned.clock.move(days=8)

    assert planned.say(SAM, f"/start {payload}")["text"] == "This invitation has expired. Ask the admin for a new one."
    assert linked(planned) == []
    assert planned.rows("SELECT count(*) FROM users WHERE telegram_user_id = ?", SAM) == [(0,)]


@pytest.mark.usefixtures("dan_linked")
def test_invitation_by_a_member_is_refused(planned: World) -> None:

    assert planned.say(DAN, "/invite")["text"] == ADMINS_ONLY


def test_thats_me_ties_an_admin_to_the_roster(planned: World) -> None:
    asked = offer(planned, "Alice Admin")
    planned.chat.press(ALICE, asked["message_id"], "That's me")

    planned.chat.wait_for_message(ALICE, "Done, you are Alice Admin.")

    assert linked(planned) == [("Alice Admin", ALICE)]
    assert planned.rows("SELECT count(*) FROM users WHERE telegram_user_id = ?", ALICE) == [(1,)]
    assert buttons(offer(planned, "Dan Duty")) == {}
    planned.be_through()  # the text to forward is a second message
    assert planned.say(ALICE, "/import_duty_schedule")["text"].startswith("What time does one shift hand over")


def test_invite_list_turns_its_pages(world: World) -> None:
    world.import_roster(roster_json(**{f"Person_{n:02d}": "О" for n in range(25)}))

    first = world.say(ALICE, "/invite")
    world.chat.press(ALICE, first["message_id"], "▶")
    second = world.answer(ALICE, first["message_id"])

    assert list(buttons(first))[-2:] == ["Person 19", "▶"]
    assert list(buttons(second)) == [*(f"Person {n}" for n in range(20, 25)), "◀"]


def test_invite_without_a_roster_asks_for_the_file(world: World) -> None:
    assert world.say(ALICE, "/invite")["text"] == "Nobody is on the roster yet. Send me the roster file first."


@pytest.fixture
def named(world: World) -> World:
    """The roster gives Dan's @username."""
    world.import_roster(roster_json(**{"Dan Duty @Dan_Duty": "Б"}))
    return world


def ask(world: World) -> Json:
    """Dan, a stranger still, writes; what Alice is asked."""
    assert (
        world.say(DAN, "/start")["text"] == "У вас нет доступа. Попросите администратора команды прислать приглашение."
    )
    return world.chat.wait_for_message(ALICE, "@dan_duty (Dan) wrote to me. Is this Dan Duty from the roster?")


def test_stranger_whose_username_is_in_the_roster_is_tied_by_an_admins_yes(named: World) -> None:
    asked = ask(named)
    named.clock.move(seconds=61)  # a stranger is answered once a minute
    named.say(DAN, "hello?")
    assert len([text for text in named.texts(ALICE) if "wrote to me" in text]) == 1

    named.chat.press(ALICE, asked["message_id"], "Yes")

    named.chat.wait_for_message(ALICE, "Done: Dan Duty has connected Telegram.")
    named.chat.wait_for_message(DAN, "Готово, теперь я вас знаю: Dan Duty.")
    assert linked(named) == [("Dan Duty", DAN)]
    assert named.say(DAN, "/duty")["text"].startswith("🟢 Сейчас дежурит Dan Duty")


def test_stranger_whose_username_is_in_the_roster_stays_one_by_an_admins_no(named: World) -> None:
    asked = ask(named)
    before = named.counts()

    named.chat.press(ALICE, asked["message_id"], "No")

    named.chat.wait_for_message(ALICE, "All right, that account gets no access.")
    assert linked(named) == []
    assert named.counts() == before
    named.clock.move(seconds=61)
    assert named.say(DAN, "/duty")["text"].startswith("У вас нет доступа.")
    assert len([text for text in named.texts(ALICE) if "wrote to me" in text]) == 0
    named.clock.move(hours=13)
    ask(named)


def test_two_admins_asked_agree_or_learn_that_it_is_done(stopped: World) -> None:
    stopped.chat.add_user(BORIS, "Boris")
    stopped.start(admin_ids=frozenset({ALICE, BORIS}))
    stopped.import_roster(roster_json(**{"Dan Duty @dan_duty": "Б"}))
    for admin in (ALICE, BORIS):
        stopped.say(admin, "/start")
    asked = ask(stopped)
    his = stopped.chat.wait_for_message(BORIS, "wrote to me")
    stopped.chat.press(ALICE, asked["message_id"], "Yes")
    stopped.chat.wait_for_message(DAN, "теперь я вас знаю")

    stopped.chat.press(BORIS, his["message_id"], "No")

    stopped.chat.wait_for_message(BORIS, "Done: Dan Duty has connected Telegram.")
    assert linked(stopped) == [("Dan Duty", DAN)]
    assert len([text for text in stopped.texts(DAN) if "теперь я вас знаю" in text]) == 1


def test_admins_who_were_not_there_are_asked_when_one_is(stopped: World) -> None:
    stopped.start()
    stopped.import_roster(roster_json(**{"Dan Duty @dan_duty": "Б"}))
    stopped.say(DAN, "/start")
    stopped.say(ALICE, "/import_duty_schedule")  # not /start: whoever writes in private can be written to
    stopped.clock.move(seconds=61)

    ask(stopped)


def test_admins_button_pressed_by_somebody_else_does_nothing(named: World) -> None:
    asked = ask(named)
    object.__setattr__(named.settings, "admin_ids", frozenset({BORIS}))

    answer = named.chat.press(ALICE, asked["message_id"], "Yes")

    assert answer == {"text": NO_ACCESS, "show_alert": True, "url": ""}
    assert linked(named) == []


def test_admin_username_is_bound_to_the_first_id_that_shows_it(stopped: World) -> None:
    stopped.chat.add_user(BORIS, "Boris", "boss")
    stopped.start(admin_ids=frozenset(), admin_usernames=frozenset({"boss"}))
    assert "/invite" in stopped.say(BORIS, "/start")["text"]

    stopped.chat.add_user(BORIS, "Boris", "renamed")
    stopped.chat.add_user(SAM, "Sam", "boss")

    assert stopped.say(SAM, "/start")["text"] == NO_ACCESS
    assert "/invite" in stopped.say(BORIS, "/help")["text"]
    assert stopped.rows("SELECT username, telegram_user_id FROM access_names") == [("boss", BORIS)]


@pytest.mark.usefixtures("dan_linked")
def test_member_who_left_the_roster_is_a_stranger_again(planned: World) -> None:
    planned.work(
        lambda session: session.connection().exec_driver_sql(
            f"UPDATE users SET is_active = 0 WHERE telegram_user_id = {DAN}"
        )
    )
    planned.clock.move(seconds=timedelta(minutes=2).total_seconds())

    assert planned.say(DAN, "/duty")["text"].startswith("У вас нет доступа.")


def test_invitation_opened_by_an_admin_asks_first(planned: World) -> None:
    payload = planned.invitation("Dan Duty")

    answer = planned.say(ALICE, f"/start {payload}")

    assert answer["text"].startswith("This invitation is for Dan Duty. Forward it to them")
    assert list(buttons(answer)) == ["That's me"]
    assert planned.rows("SELECT telegram_user_id FROM users WHERE full_name = 'Dan Duty'") == [(None,)]
    planned.say(DAN, f"/start {payload}")
    assert planned.rows("SELECT telegram_user_id FROM users WHERE full_name = 'Dan Duty'") == [(DAN,)]


def test_admins_learn_who_took_an_invitation_and_can_take_it_away(planned: World) -> None:
    payload = planned.invitation("Dan Duty")
    planned.clock.move(seconds=5)
    planned.say(SAM, f"/start {payload}")

    told = planned.chat.wait_for_message(ALICE, "Dan Duty has joined as Sam")
    assert list(buttons(told)) == ["That's somebody else"]
    planned.chat.press(ALICE, told["message_id"], "That's somebody else")
    planned.chat.wait_for_message(ALICE, "that account no longer has access")

    assert planned.say(SAM, "/duty")["text"] == NO_ACCESS
    left = "SELECT telegram_user_id, linked_at, username FROM users WHERE full_name = 'Dan Duty'"
    assert planned.rows(left) == [(None, None, None)]
    assert planned.say(SAM, f"/start {payload}")["text"] == (
        "This invitation is not valid. Ask the admin for a new one."
    )
    assert planned.rows(left) == [(None, None, None)]
    planned.say(DAN, f"/start {planned.invitation('Dan Duty')}")
    assert planned.rows("SELECT telegram_user_id FROM users WHERE full_name = 'Dan Duty'") == [(DAN,)]


@pytest.mark.usefixtures("dan_linked")
def test_taking_an_account_away_revokes_its_feeds(planned: World) -> None:
    planned.say(DAN, "/calendar_link")
    assert planned.rows("SELECT count(*) FROM calendar_links") == [(2,)]
    told = planned.chat.wait_for_message(ALICE, "Dan Duty has joined")

    planned.chat.press(ALICE, told["message_id"], "That's somebody else")
    planned.chat.wait_for_message(ALICE, "that account no longer has access")

    assert planned.rows("SELECT count(*) FROM calendar_links") == [(0,)]


def test_invite_leaves_out_people_whose_shifts_were_taken_back(planned: World) -> None:
    change = planned.rows("SELECT max(id) FROM schedule_changes")[0][0]
    assert planned.say(ALICE, "/invite")["text"].startswith("2 people")

    offer = planned.say(ALICE, "/undo")
    planned.chat.press(ALICE, offer["message_id"], f"undo:{change}")
    planned.chat.wait_for_message(ALICE, "as it was")

    assert planned.say(ALICE, "/invite")["text"].startswith("Nobody is on the roster yet.")
