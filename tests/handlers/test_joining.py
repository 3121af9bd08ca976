"""Joining by a group's button, asking for access, adding a person: what each of them sees, in both languages."""

import pytest
from sqlalchemy import text

from tests.handlers.conftest import ALICE, DAN, GROUP, SAM, Json, World, buttons, roster_json
from tests.handlers.test_users import forge

BORIS = 1004
NO_ACCESS = "You have no access. Ask your team's admin for an invitation."


def post(world: World) -> str:
    """Has Alice post the button in the group; returns its payload."""
    shown = world.say(ALICE, "/join_duty", GROUP)
    (link,) = buttons(shown).values()
    return link.rpartition("?start=")[2]


def press(world: World, who: int, payload: str) -> Json:
    started = world.chat.press_start(who, payload)
    return world.answer(who, started["message_id"])


def tap(world: World, who: int, message: Json, label: str) -> Json:
    """Presses a button and returns the message as it is afterwards."""
    world.chat.press(who, message["message_id"], label)
    world.be_through()
    return next(m for m in world.chat.messages(who) if m["message_id"] == message["message_id"])


def linked(world: World) -> list[tuple[str, int]]:
    return world.rows("SELECT full_name, telegram_user_id FROM users WHERE linked_at IS NOT NULL ORDER BY full_name")


def states(world: World, who: int) -> list[str]:
    found = world.rows("SELECT state FROM join_requests WHERE telegram_user_id = ? ORDER BY id", who)
    return [state for (state,) in found]


def test_dan_says_who_he_is_and_alice_confirms_by_a_tap(group: World) -> None:
    payload = post(group)
    assert len(payload) <= 64

    choice = press(group, DAN, payload)
    assert choice["text"] == "Кто вы? Выберите своё имя. Администратор подтвердит."
    assert list(buttons(choice)) == ["Alice Admin", "Dan Duty", "Меня здесь нет"]
    after = tap(group, DAN, choice, "Dan Duty")
    assert after["text"] == "Вы — Dan Duty. Осталось, чтобы администратор подтвердил. Я напишу."
    assert linked(group) == []
    assert group.say(DAN, "/duty")["text"].startswith("У вас нет доступа.")

    told = group.chat.wait_for_message(ALICE, "Dan (@dan_duty) says: “I'm Dan Duty.” Is that right?")
    assert tap(group, ALICE, told, "✓ Confirm")["text"] == "Done: Dan Duty has connected Telegram."
    assert "Dan Duty" in group.chat.wait_for_message(DAN, "Готово, теперь я вас знаю")["text"]
    assert linked(group) == [("Dan Duty", DAN)]
    assert group.say(DAN, "/duty")["text"].startswith("🟢 Сейчас дежурит Dan Duty")
    assert press(group, DAN, payload)["text"].startswith("Я вас уже знаю: Dan Duty.")


def test_forty_eight_join_with_a_tap_each_and_two_of_the_admins(world: World) -> None:
    """Forty-five have their @username in the file; three have none, and one of those is on the admin's page."""
    names = {f"Person {n:02d}" + (f" @person_{n:02d}" if n < 45 else ""): "Б" for n in range(48)}
    world.import_roster(roster_json(**names))
    for n in range(48):
        world.chat.add_user(2000 + n, f"P{n}", f"person_{n:02d}" if n < 45 else None)
    world.chat.add_group(GROUP, "Support", members=[ALICE, *range(2000, 2048)])
    world.chat.wait_for_message(ALICE, "You added me to")
    payload = post(world)
    for n in range(48):
        choice = press(world, 2000 + n, payload)
        for _page in range(n // 10):
            choice = tap(world, 2000 + n, choice, "▶")
        tap(world, 2000 + n, choice, f"Person {n:02d}")
    world.clock.move(minutes=10)
    told = world.chat.wait_for_message(ALICE, "More people from the group")
    assert sum("says: “I'm" in line or "More people" in line for line in world.texts(ALICE)) == 2

    listed = tap(world, ALICE, told, "All requests")
    assert listed["text"].startswith("48 requests are waiting.")
    after = tap(world, ALICE, listed, "✓ Confirm all whose @username matches: 45")
    assert after["text"] == "Done, 45 people are connected.\n3 requests are waiting."
    last = tap(world, ALICE, after, "All requests")
    done = tap(world, ALICE, last, "✓ Confirm those shown: 3")

    assert done["text"] == "Done, 3 people are connected."
    assert world.rows("SELECT count(*) FROM users WHERE linked_at IS NOT NULL") == [(48,)]
    assert world.rows("SELECT full_name FROM users WHERE telegram_user_id = 2046") == [("Person 46",)]


def test_name_that_is_connected_is_refused_with_a_word_to_the_admins(group: World) -> None:
    payload = post(group)
    choice = press(group, SAM, payload)
    group.link_dan()

    group.chat.press(SAM, choice["message_id"], "Dan Duty")

    group.chat.wait_for_message(ALICE, "Sam (@sam) says: “I'm Dan Duty.” That name is already connected")
    assert linked(group) == [("Dan Duty", DAN)]
    assert states(group, SAM) == ["choosing"]


def test_two_who_claim_one_name_are_not_confirmed_together(group: World) -> None:
    payload = post(group)
    for who in (DAN, SAM):
        tap(group, who, press(group, who, payload), "Dan Duty")
    listed = group.say(ALICE, "/join_duty")
    assert [label for label in buttons(listed) if label.startswith("✓ Confirm")] == []
    assert next(iter(buttons(listed))) == "⚠ Dan Duty ← Dan (@dan_duty)"

    tap(group, ALICE, listed, "⚠ Dan Duty ← Dan (@dan_duty)")

    assert linked(group) == [("Dan Duty", DAN)]
    assert (states(group, DAN), states(group, SAM)) == (["confirmed"], ["void"])
    assert group.say(ALICE, "/join_duty")["text"].startswith("No requests.")


def test_another_name_can_be_chosen_until_an_admin_has_decided(group: World) -> None:
    payload = post(group)
    choice = press(group, DAN, payload)
    wrong = tap(group, DAN, choice, "Alice Admin")
    told = group.chat.wait_for_message(ALICE, "says: “I'm Alice Admin.”")
    tap(group, DAN, tap(group, DAN, wrong, "Выбрать другое имя"), "Dan Duty")

    group.chat.press(ALICE, told["message_id"], "✓ Confirm")
    group.be_through()
    assert linked(group) == []
    assert states(group, DAN) == ["void", "open"]


@pytest.mark.parametrize("change", ["forged", "old", "other group", "outsider"])
def test_button_of_another_group_or_day_or_an_outsider_opens_nothing(group: World, change: str) -> None:
    payload, who = post(group), SAM
    if change == "forged":
        payload = payload[:-1] + ("A" if payload[-1] != "A" else "B")
    elif change == "other group":
        head, day, sent = payload.split("-", 2)
        payload = f"{head[:-1]}{'1' if head[-1] != '1' else '2'}-{day}-{sent}"
    elif change == "old":
        group.clock.move(days=31)
    else:
        who = BORIS
        group.chat.add_user(BORIS, "Boris", "boris")

    answer = press(group, who, payload)

    assert "Dan" not in str(answer)
    assert group.rows("SELECT count(*) FROM join_requests") == [(0,)]
    assert answer["text"].startswith(
        {
            "forged": "This button doesn't work.",
            "other group": "This button doesn't work.",
            "old": "This button is too old.",
            "outsider": "This button is for members of the group",
        }[change]
    )


def test_group_that_is_no_longer_trusted_lets_nobody_choose(group: World) -> None:
    payload = post(group)
    group.work(lambda session: session.execute(text("UPDATE chats SET trusted = 0")))

    assert press(group, SAM, payload)["text"].startswith("This button doesn't work.")


@pytest.mark.parametrize(
    "data", ["claim:1", "claim:2", "claims:0", "claim:again", "claim:none", "joins:0", "join:y:1", "askis:1:1"]
)
def test_stranger_presses_forged_names_and_learns_nothing(planned: World, data: str) -> None:
    planned.say(SAM, "/start")

    answer = forge(planned, SAM, data)

    assert answer == {"text": NO_ACCESS, "show_alert": True, "url": ""}
    assert set(planned.texts(SAM)) == {NO_ACCESS}
    assert planned.rows("SELECT count(*) FROM join_requests") == [(0,)]


def test_admin_of_the_group_is_who_they_say(group: World) -> None:
    choice = press(group, ALICE, post(group))

    assert tap(group, ALICE, choice, "Alice Admin")["text"] == "Done, you are Alice Admin."
    assert linked(group) == [("Alice Admin", ALICE)]


def test_who_is_not_listed_is_told_to_the_admins(group: World) -> None:
    choice = press(group, SAM, post(group))

    after = tap(group, SAM, choice, "I'm not listed")

    assert after["text"] == "All right. The admins will add you, or write to you."
    told = group.chat.wait_for_message(ALICE, "Sam (@sam) from the group couldn't find their name")
    assert list(buttons(told)) == ["Let in", "Who is it?", "No"]
    tap(group, ALICE, told, "Let in")
    assert linked(group) == [("Sam", SAM)]


def test_post_when_everybody_is_connected_says_so(group: World) -> None:
    group.work(lambda session: session.execute(text("UPDATE users SET is_active = 0 WHERE telegram_user_id IS NULL")))

    assert group.say(ALICE, "/join_duty", GROUP)["text"] == "Everybody on the roster has connected Telegram."


@pytest.mark.usefixtures("dan_linked")
def test_members_cannot_post_the_button(group: World) -> None:
    post(group)

    assert group.say(DAN, "/join_duty", GROUP)["text"].startswith("Это могут только администраторы")


# --- asking for access ---


def asked(world: World) -> tuple[Json, Json]:
    """Sam asks for access; his message as it is now, and what Alice gets."""
    refused = world.say(SAM, "/duty")
    assert (refused["text"], list(buttons(refused))) == (NO_ACCESS, ["Ask for access"])
    after = tap(world, SAM, refused, "Ask for access")
    return after, world.chat.wait_for_message(ALICE, "Sam (@sam) asks for access.")


def test_stranger_asks_once_and_is_let_in(planned: World) -> None:
    after, told = asked(planned)
    assert after["text"] == "Sent to the admins. I'll write when they answer."
    planned.clock.move(minutes=2)
    assert buttons(planned.say(SAM, "/duty")) == {}

    tap(planned, ALICE, told, "Let in")

    planned.chat.wait_for_message(SAM, "Done, now I know you: Sam.")
    assert linked(planned) == [("Sam", SAM)]
    assert planned.say(SAM, "/duty")["text"].startswith("🟢 On duty now: Dan Duty")


def test_admin_says_who_the_stranger_is(planned: World) -> None:
    _after, told = asked(planned)

    who = tap(planned, ALICE, told, "Who is it?")
    assert who["text"] == "Who on the roster is Sam (@sam)?"
    assert list(buttons(who)) == ["Alice Admin", "Dan Duty", "Let in", "No"]
    tap(planned, ALICE, who, "Dan Duty")

    assert linked(planned) == [("Dan Duty", SAM)]


def test_refused_stranger_is_not_heard_again(planned: World) -> None:
    _after, told = asked(planned)

    assert tap(planned, ALICE, told, "No")["text"] == "All right, no access: Sam."

    planned.clock.move(days=100)
    assert buttons(planned.say(SAM, "/duty")) == {}
    forge(planned, SAM, "access")
    assert states(planned, SAM) == ["refused"]
    assert sum("asks for access" in line for line in planned.texts(ALICE)) == 0  # the one there was says what became


def test_second_admin_hears_who_was_faster(planned: World) -> None:
    _after, told = asked(planned)
    tap(planned, ALICE, told, "No")

    assert forge(planned, ALICE, "ask:in:1")["text"] == "Alice has already answered this request."
    assert linked(planned) == []


def test_flood_of_strangers_stops_at_twenty(planned: World) -> None:
    for n in range(22):
        planned.chat.add_user(3000 + n, f"Bot{n}")
        tap(planned, 3000 + n, planned.say(3000 + n, "/start"), "Ask for access")

    assert planned.rows("SELECT count(*) FROM join_requests") == [(20,)]


# --- adding a person, a phone for somebody ---


def test_admin_adds_a_colleague_and_sets_their_phone(planned: World) -> None:
    listed = planned.say(ALICE, "/users")
    tap(planned, ALICE, listed, "➕ Add a person")
    assert planned.say(ALICE, "Dan Duty")["text"].startswith("Somebody else is called that")
    added = planned.say(ALICE, "Olga  Новая")
    assert added["text"] == "Added: Olga Новая."
    assert next(iter(buttons(added))) == "✉ Invite"

    card = tap(planned, ALICE, added, list(buttons(added))[1])
    tap(planned, ALICE, card, "📱 Set a phone")
    assert "Olga" not in planned.say(ALICE, "no phone")["text"]
    assert planned.say(ALICE, "8 (900) 123-45-67")["text"] == "Olga Новая: +79001234567"

    assert planned.rows("SELECT phone FROM users WHERE full_name = 'Olga Новая'") == [("+79001234567",)]
    planned.import_roster(roster_json(**{"Olga Новая": "Б", "Dan_Duty": " Б"}))
    assert planned.rows("SELECT count(*) FROM users WHERE full_name = 'Olga Новая'") == [(1,)]


def test_phone_of_somebody_is_taken_away_from_the_card(planned: World) -> None:
    planned.work(lambda session: session.execute(text("UPDATE users SET phone = '+79990001122'")))
    card = tap(planned, ALICE, planned.say(ALICE, "/users"), "Dan Duty ✉")
    ask = tap(planned, ALICE, card, "📱 Set a phone")
    assert tap(planned, ALICE, ask, "Remove the phone")["text"] == "Dan Duty: phone removed."
    assert planned.rows("SELECT phone FROM users WHERE full_name = 'Dan Duty'") == [(None,)]
