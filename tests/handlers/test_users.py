"""/users and the card: everything about a person, and what admins may do to one."""

from typing import Any

import pytest

from duty_teller.bot_api_stand_in.model import Query
from duty_teller.db import repository
from duty_teller.db.models import Role
from duty_teller.handlers.common import App, is_admin_async
from duty_teller.services.people import access, roles
from duty_teller.services.people.roles import Source
from tests.handlers.conftest import ADMINS_ONLY, ALICE, DAN, GROUP, SAM, Json, World, buttons, roster_json, wait_for

BORIS = 1004
NO_ACCESS = "You have no access. Ask your team's admin for an invitation."
LEGEND = "★ admin · ✉ no Telegram yet · ✕ I can't write to them"
WEIRD = "<b>Иван & Co</b> " + "Очень-Длинное-Имя " * 4


def press(world: World, who: int, message: Json, label: str) -> Json:
    """Presses a button and returns the message as it is when the bot is through with it."""
    world.chat.press(who, message["message_id"], label)
    world.be_through()
    return again(world, who, message)


def again(world: World, chat_id: int, message: Json) -> Json:
    return next(m for m in world.chat.messages(chat_id) if m["message_id"] == message["message_id"])


def card(world: World, name: str, who: int = ALICE) -> Json:
    shown = world.say(who, "/users")
    label = next(text for text in buttons(shown) if text.startswith(name))
    return press(world, who, shown, label)


def forge(world: World, who: int, data: str, chat_id: int | None = None) -> Json | None:
    """Sends a button's data that no message of this chat has ever shown."""
    stand_in = world.stand_in
    with stand_in.lock:
        room = stand_in.room(chat_id or who)
        message = max(room.messages.values(), key=lambda m: m.id)
        shown = stand_in.message_json(message)
        query = Query(str(4_000_000_000_000 + stand_in.serial()), stand_in.now())
        stand_in.queries[query.id] = query
        stand_in.push(
            "callback_query",
            {
                "id": query.id,
                "from": stand_in.user_json(who),
                "message": shown,
                "chat_instance": "-1",
                "data": data,
            },
        )
    return world.chat._answer_to(query.id, 10)


def user_id(world: World, name: str) -> int:
    return int(world.rows("SELECT id FROM users WHERE full_name = ?", name)[0][0])


@pytest.mark.usefixtures("dan_linked")
def test_list_has_filters_marks_and_a_legend(planned: World) -> None:

    shown = planned.say(ALICE, "/users")

    assert shown["text"] == f"People · all: 3\n{LEGEND}"
    assert list(buttons(shown)) == [
        "Alice ★",
        "Alice Admin ✉",
        "Dan Duty",
        "unreachable",
        "admins",
        "inactive",
        "➕ Add a person",
    ]
    shown = press(planned, ALICE, shown, "unreachable")
    assert (shown["text"], list(buttons(shown))) == (
        f"People · unreachable: 1\n{LEGEND}",
        ["Alice Admin ✉", "all", "admins", "inactive"],
    )
    shown = press(planned, ALICE, shown, "admins")
    assert list(buttons(shown)) == ["Alice ★", "all", "unreachable", "inactive"]
    shown = press(planned, ALICE, shown, "inactive")
    assert shown["text"] == ("People · inactive: 0\n⏸ no access · = merged with somebody · ∅ no shifts left")


def test_list_turns_its_pages_and_cards_come_back_to_theirs(world: World) -> None:
    world.import_roster(roster_json(**{f"Person_{n:02d}": "О" for n in range(24)}))
    shown = world.say(ALICE, "/users")
    assert shown["text"] == f"People · all: 25\nPage 1 of 3\n{LEGEND}"
    shown = press(world, ALICE, shown, "▶")
    assert next(iter(buttons(shown))) == "Person 09 ✉"
    shown = press(world, ALICE, shown, "Person 09 ✉")
    shown = press(world, ALICE, shown, "◀ Back to the list")
    assert shown["text"].startswith("People · all: 25\nPage 2 of 3")
    shown = press(world, ALICE, shown, "▶")
    assert list(buttons(shown))[4:6] == ["Person 23 ✉", "◀"]
    forge(world, ALICE, "users:a:99")  # a page that is gone meanwhile
    assert len([text for text in world.texts(ALICE) if "Page 3 of 3" in text]) == 1


@pytest.mark.usefixtures("dan_linked")
def test_card_of_a_member_says_everything(planned: World) -> None:

    shown = card(planned, "Dan Duty")

    assert shown["text"] == (
        "Dan Duty\n@dan_duty\n\nMember\nTelegram: id 1002, connected to the roster\nI can write to them\n\n"
        "On duty until Tue 24 Nov, 09:00\nNext shift: Wed 25 Nov, 09:00\n2 shifts ahead"
    )
    assert list(buttons(shown)) == [
        "★ Make an admin", "The same person as…", "Rename", "📱 Set a phone", "Disconnect Telegram", "⏸ Deactivate",
        "◀ Back to the list",
    ]  # fmt: skip


def test_card_in_russian_of_an_admin_by_ids(planned: World) -> None:
    planned.chat.add_user(ALICE, "Алиса", "alice", "ru")
    planned.say(ALICE, "/help")
    shown = card(planned, "Alice ★")
    assert shown["text"] == (
        "Alice\n@alice\n\n★ Администратор: указан в ADMIN_IDS\nTelegram: id 1001, с графиком не связан\n"
        "Могу писать первым\n\nСмен впереди нет"
    )
    # What would be refused is not offered: the rights are those of the environment.
    assert list(buttons(shown)) == ["Это тот же человек, что…", "Переименовать", "📱 Указать телефон", "◀ К списку"]


def test_invitation_from_the_card(planned: World) -> None:
    shown = card(planned, "Dan Duty")
    assert "Telegram: not connected yet" in shown["text"]
    planned.chat.press(ALICE, shown["message_id"], "✉ Invite")
    text = planned.chat.wait_for_message(ALICE, "?start=")["text"]
    planned.chat.press_start(DAN, text.rpartition("?start=")[2])
    planned.chat.wait_for_message(ALICE, "Dan Duty has joined as Dan (@dan_duty).")
    assert "Telegram: id 1002" in card(planned, "Dan Duty")["text"]


@pytest.mark.usefixtures("dan_linked")
def test_role_from_the_card_is_asked_given_told_and_shown(planned: World) -> None:
    shown = press(planned, ALICE, card(planned, "Dan Duty"), "★ Make an admin")
    assert shown["text"] == (
        "Make this person an admin?\n\nDan Duty (@dan_duty)\nid 1002\n\n"
        "An admin changes the schedule, sees everybody, and decides who is an admin."
    )
    assert planned.rows("SELECT role FROM users WHERE telegram_user_id = ?", DAN) == [("user",)]

    shown = press(planned, ALICE, shown, "Yes, make an admin")

    assert shown["text"] == "Done: Dan Duty is an admin now."
    planned.chat.wait_for_message(DAN, "Теперь вы администратор. /help покажет, что вы можете.")
    names = [c["command"] for c in planned.chat.commands({"type": "chat", "chat_id": DAN})]
    assert {"import_duty_schedule", "users", "set_role"} <= set(names)
    shown = press(planned, ALICE, shown, "◀ Back to the card")
    assert "★ Admin: made one by another admin" in shown["text"]

    shown = press(planned, ALICE, press(planned, ALICE, shown, "Make a member"), "Yes, make a member")

    assert shown["text"] == "Done: Dan Duty is a member now."
    planned.chat.wait_for_message(DAN, "Вы больше не администратор.")
    names = [c["command"] for c in planned.chat.commands({"type": "chat", "chat_id": DAN})]
    assert "import_duty_schedule" not in names
    assert planned.say(DAN, "/users")["text"] == ADMINS_ONLY


@pytest.mark.usefixtures("dan_linked")
def test_admin_who_demotes_themselves_sees_no_list_any_more(planned: World) -> None:
    planned.work(lambda s: repository.set_user_role(s, user_id(planned, "Dan Duty"), Role.ADMIN))
    shown = press(planned, DAN, card(planned, "Dan Duty", DAN), "Сделать участником")
    shown = press(planned, DAN, shown, "Да, сделать участником")
    assert (shown["text"], buttons(shown)) == ("Готово: Dan Duty теперь участник.", {})


@pytest.mark.usefixtures("dan_linked")
def test_deactivating_warns_takes_access_and_can_be_taken_back(planned: World) -> None:
    shown = press(planned, ALICE, card(planned, "Dan Duty"), "⏸ Deactivate")
    assert shown["text"] == (
        "Deactivate Dan Duty? They lose access, calendar links and notices; their shifts stay. "
        "A later file with this name creates a new person.\n\n"
        "⚠️ 2 shifts ahead: somebody else has to take them."
    )
    kept = press(planned, ALICE, shown, "No, leave it")
    assert kept["text"].startswith("Dan Duty\n")

    shown = press(planned, ALICE, press(planned, ALICE, kept, "⏸ Deactivate"), "Yes, deactivate")

    assert shown["text"] == "⏸ Dan Duty is deactivated."
    assert planned.chat.commands({"type": "chat", "chat_id": DAN}) == []
    assert planned.say(DAN, "/duty")["text"].startswith("У вас нет доступа.")
    assert planned.say(ALICE, "/duty")["text"].startswith("🟢 On duty now: Dan Duty")
    shown = press(planned, ALICE, shown, "◀ Back to the card")
    assert "⏸ Deactivated: no access, no notices; shifts stay" in shown["text"]
    assert list(buttons(shown)) == ["▶ Activate again", "◀ Back to the list"]
    shown = press(planned, ALICE, shown, "▶ Activate again")
    assert shown["text"] == "▶ Dan Duty is active again."
    assert planned.say(DAN, "/duty")["text"].startswith("🟢 Сейчас дежурит Dan Duty")


@pytest.mark.usefixtures("dan_linked")
def test_unlinking_from_the_card(planned: World) -> None:
    shown = press(planned, ALICE, card(planned, "Dan Duty"), "Disconnect Telegram")
    assert shown["text"].startswith("Disconnect the Telegram of Dan Duty? That account loses access")
    shown = press(planned, ALICE, shown, "Yes, disconnect")
    assert shown["text"] == "Telegram disconnected: Dan Duty."
    assert planned.say(DAN, "/duty")["text"].startswith("У вас нет доступа.")


@pytest.mark.usefixtures("dan_linked")
def test_rename_is_typed_and_the_old_name_stays_known(planned: World) -> None:
    shown = press(planned, ALICE, card(planned, "Dan Duty"), "Rename")
    assert shown["text"] == "Write the new name of Dan Duty. I'll still recognise the old one in files."
    assert planned.say(ALICE, "12345")["text"] == (
        "That doesn't look like a name. It needs letters, and at most 200 characters."
    )
    assert planned.say(ALICE, "Alice Admin")["text"] == (
        "Somebody else is called that: Alice Admin. If they are one person, merge them: /users"
    )

    done = planned.say(ALICE, WEIRD)

    name = " ".join(WEIRD.split())
    assert done["text"] == f"Done: “Dan Duty” is {name} now."
    shown = press(planned, ALICE, done, "◀ Back to the card")
    assert shown["text"].startswith(f"{name}\n@dan_duty\n")
    assert shown["text"].endswith("Also in files as: dan duty")
    assert planned.say(ALICE, "qwerty")["text"] == "I don't understand that. /help shows what I can do."
    asked = press(planned, ALICE, shown, "Rename")
    press(planned, ALICE, asked, "No, leave it")
    assert planned.say(ALICE, "Another Name")["text"] == "I don't understand that. /help shows what I can do."


@pytest.mark.usefixtures("dan_linked")
def test_name_typed_by_somebody_who_is_no_admin_any_more_changes_nothing(planned: World) -> None:
    dan = user_id(planned, "Dan Duty")
    planned.work(lambda s: repository.set_user_role(s, dan, Role.ADMIN))
    press(planned, DAN, card(planned, "Dan Duty", DAN), "Переименовать")
    planned.work(lambda s: repository.set_user_role(s, dan, Role.USER))
    assert planned.say(DAN, "The Boss")["text"] == ADMINS_ONLY
    assert user_id(planned, "Dan Duty") == dan


@pytest.fixture
def two_admins(stopped: World) -> World:
    """Alice and Boris look at the same card of Dan's."""
    stopped.chat.add_user(BORIS, "Boris")
    stopped.start(admin_ids=frozenset({ALICE, BORIS}))
    for admin in (ALICE, BORIS):
        stopped.say(admin, "/start")
    stopped.import_roster(roster_json(Dan_Duty="Б Б"))
    stopped.link_dan()
    stopped.chat.wait_for_message(BORIS, "Dan Duty has joined")
    return stopped


@pytest.mark.parametrize(
    ("ask", "yes", "text"),
    [
        ("★ Make an admin", "Yes, make an admin", "Dan Duty is an admin already."),
        ("⏸ Deactivate", "Yes, deactivate", "⏸ Dan Duty is deactivated."),
        ("Disconnect Telegram", "Yes, disconnect", "Telegram disconnected: Dan Duty."),
    ],
)
def test_second_admin_on_the_same_card_is_told_politely(two_admins: World, ask: str, yes: str, text: str) -> None:
    world = two_admins
    alices, his = (press(world, who, card(world, "Dan Duty", who), ask) for who in (ALICE, BORIS))
    press(world, ALICE, alices, yes)
    assert press(world, BORIS, his, yes)["text"] == text


def test_double_taps_do_it_once(two_admins: World) -> None:
    asked = press(two_admins, ALICE, card(two_admins, "Dan Duty"), "★ Make an admin")
    for _tap in range(2):
        two_admins.chat.press(ALICE, asked["message_id"], "Yes, make an admin", timeout=0)
        if again(two_admins, ALICE, asked)["text"].startswith("Done"):
            break
    wait_for(lambda: again(two_admins, ALICE, asked)["text"].endswith(("an admin now.", "an admin already.")))
    two_admins.be_through()
    assert len([text for text in two_admins.texts(DAN) if text.startswith("Теперь вы администратор")]) == 1


def test_role_for_somebody_deactivated_meanwhile_is_refused_in_an_alert(two_admins: World) -> None:
    his = press(two_admins, BORIS, card(two_admins, "Dan Duty", BORIS), "★ Make an admin")
    dan = user_id(two_admins, "Dan Duty")
    two_admins.work(lambda s: roles.deactivate(s, two_admins.settings, dan, two_admins.clock()))
    alert = two_admins.chat.press(BORIS, his["message_id"], "Yes, make an admin")
    assert alert is not None
    assert alert["text"] == "Dan Duty is deactivated. Activate them again first: /users"


def test_card_of_somebody_who_is_gone(planned: World) -> None:
    planned.say(ALICE, "/users")
    for data in ("user:4711:a:0", "usr:admin:4711:a:0", "usr:OFF:4711:a:0", "usr:name:4711:a:0", "mrg:4711:0"):
        alert = forge(planned, ALICE, data)
        assert alert is not None
        assert alert["text"] == "That person is no longer here. Open the list again: /users"


@pytest.mark.parametrize("how", ["USER", "OFF", "UNLINK"])
def test_last_admin_is_kept_by_every_button(stopped: World, how: str) -> None:
    stopped.start(admin_ids=frozenset({ALICE}))
    stopped.say(ALICE, "/start")
    stopped.import_roster(roster_json(Dan_Duty="Б"))
    stopped.link_dan()
    dan = user_id(stopped, "Dan Duty")
    stopped.work(lambda s: repository.set_user_role(s, dan, Role.ADMIN))
    stopped.stop()
    stopped.start(admin_ids=frozenset())
    stopped.say(DAN, "/users")

    alert = forge(stopped, DAN, f"usr:{how}:{dan}:a:0")

    assert alert is not None
    assert alert["text"] == "Dan Duty — последний администратор. Сначала назначьте другого: /set_role"
    assert stopped.work(lambda s: roles.sources_of(s, stopped.settings, roles.get_person(s, dan))) == {Source.ROLE}


def test_people_left_by_an_undone_import_stand_with_the_inactive_ones(planned: World) -> None:
    change = planned.rows("SELECT max(id) FROM schedule_changes")[0][0]
    offer = planned.say(ALICE, "/undo")
    planned.chat.press(ALICE, offer["message_id"], f"undo:{change}")
    planned.be_through()
    shown = planned.say(ALICE, "/users")
    assert next(iter(buttons(shown))) == "Alice ★"
    assert shown["text"].startswith("People · all: 1")
    shown = press(planned, ALICE, shown, "inactive")
    assert list(buttons(shown))[:2] == ["Alice Admin ∅", "Dan Duty ∅"]
    assert "∅ From an import that was undone: no shifts left" in press(planned, ALICE, shown, "Dan Duty ∅")["text"]


def test_users_in_a_group_points_to_the_private_chat(planned: World) -> None:
    planned.chat.add_group(GROUP, "Support", members=[ALICE, DAN, SAM])
    planned.chat.wait_for_message(ALICE, "You added me to")
    answer = planned.say(ALICE, "/users", GROUP)
    assert answer["text"] == "Do this in our private chat: @duty_teller_demo_bot"
    assert list(buttons(answer).values()) == ["https://t.me/duty_teller_demo_bot?start=users"]
    assert planned.say(ALICE, "/start users")["text"].startswith("People · all: 3")


# --- strangers ---


CALLBACKS = (
    "users:a:0", "user:{}:a:0", "usr:admin:{}:a:0", "usr:ADMIN:{}:a:0", "usr:OFF:{}:a:0", "usr:ON:{}:a:0",
    "usr:UNLINK:{}:a:0", "usr:name:{}:a:0", "mrg:{}:0", "mgp:{}:1", "mgy:{}:1:0123456789ab",
    "roles:0", "rolep:{}", "role:a:{}", "roley:a:{}", "roleno", "unlink:{}:1002", "me:{}", "link:y:{}:1003:en",
    "link:n:{}:1003:en", "invite:{}", "invites:0",
)  # fmt: skip


@pytest.mark.usefixtures("dan_linked")
def test_stranger_learns_nothing_by_buttons_whether_or_not_somebody_exists(planned: World) -> None:
    planned.say(SAM, "/start")
    before = planned.counts()
    for data in CALLBACKS:
        for number in (user_id(planned, "Dan Duty"), DAN, 4711):
            answer = forge(planned, SAM, data.format(number))
            assert answer == {"text": NO_ACCESS, "show_alert": True, "url": ""}, data
    assert planned.counts() == before
    assert set(planned.texts(SAM)) == {NO_ACCESS}


@pytest.mark.parametrize(
    "command",
    ["/users", "/set_role", "/set_role @dan_duty", "/set_role @nobody_here", "/set_role 1002 admin", "/set_role 4711"],
)
@pytest.mark.usefixtures("dan_linked")
def test_stranger_learns_nothing_by_commands(planned: World, command: str) -> None:
    assert planned.say(SAM, command)["text"] == NO_ACCESS
    planned.chat.add_group(GROUP, "Support", members=[ALICE, DAN, SAM])
    assert planned.say_unheard(SAM, command, GROUP) == []


@pytest.mark.parametrize(
    "command", ["/users", "/set_role", "/set_role @alice user", "/set_role @nobody_here", "/set_role 1"]
)
@pytest.mark.usefixtures("dan_linked")
def test_member_may_do_nothing_of_it(planned: World, command: str) -> None:
    assert planned.say(DAN, command)["text"] == ADMINS_ONLY
    for data in CALLBACKS:
        answer = forge(planned, DAN, data.format(user_id(planned, "Alice Admin")))
        assert answer is not None
        assert answer["text"] == ADMINS_ONLY, data


# --- the cache ---


@pytest.mark.usefixtures("dan_linked")
def test_is_admin_falls_at_once_with_every_change_of_rights(planned: World) -> None:
    dan, settings = user_id(planned, "Dan Duty"), planned.settings
    asked = lambda: planned.run(is_admin_async(_app(planned), DAN))  # noqa: E731
    assert asked() is False
    planned.work(lambda s: repository.set_user_role(s, dan, Role.ADMIN))
    assert asked() is True
    planned.work(lambda s: roles.deactivate(s, settings, dan, planned.clock()))
    assert asked() is False
    planned.work(lambda s: roles.activate(s, settings, dan))
    assert asked() is True
    planned.work(lambda s: roles.unlink(s, settings, dan, planned.clock()))
    assert asked() is False


def test_is_admin_is_looked_up_again_after_a_minute(planned: World) -> None:
    asked = lambda: planned.run(is_admin_async(_app(planned), BORIS))  # noqa: E731
    assert asked() is False
    object.__setattr__(planned.settings, "admin_ids", frozenset({ALICE, BORIS}))
    planned.clock.move(seconds=59)
    assert asked() is False
    planned.clock.move(seconds=1)
    assert asked() is True


@pytest.mark.usefixtures("dan_linked")
def test_answer_that_was_overtaken_by_a_change_is_not_kept(planned: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The role changes between the look and the keeping of what was seen."""
    dan, real = user_id(planned, "Dan Duty"), access.level_of

    def look(session: Any, settings: Any, account: int) -> Any:
        found = real(session, settings, account)
        monkeypatch.setattr(access, "level_of", real)
        planned.work(lambda s: repository.set_user_role(s, dan, Role.ADMIN))
        return found

    monkeypatch.setattr(access, "level_of", look)
    planned.run(is_admin_async(_app(planned), DAN))
    assert planned.run(is_admin_async(_app(planned), DAN)) is True


def test_chatter_of_a_group_that_nobody_trusts_reads_no_people(planned: World, monkeypatch: pytest.MonkeyPatch) -> None:
    planned.chat.add_group(GROUP, "Support", members=[ALICE, DAN, SAM])
    planned.say_unheard(SAM, "/duty", GROUP)
    seen: list[str] = []
    original = App.db

    async def db(self: App, work: Any, write: bool = False) -> Any:
        seen.append(getattr(work, "func", work).__qualname__)
        return await original(self, work, write)

    monkeypatch.setattr(App, "db", db)
    planned.say_unheard(SAM, "/duty", GROUP)

    assert "is_trusted" in seen
    assert {"recognise", "may_enter", "is_admin_async.<locals>.look"} & set(seen) == set()


def _app(world: World) -> Any:
    assert world.app is not None
    return world.app
