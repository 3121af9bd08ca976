"""A client may send any text as the data of a button: nothing breaks, and nothing is granted by it."""

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from duty_teller.i18n import t
from duty_teller.utils.callback_data import LONGEST
from tests.buttons import KINDS, Kind
from tests.handlers.conftest import ALICE, DAN, GROUP, World, roster_json
from tests.handlers.conftest import dan_linked as dan_linked
from tests.handlers.conftest import empty_database as empty_database
from tests.handlers.conftest import failures as failures
from tests.handlers.conftest import planned as planned
from tests.handlers.conftest import settled as settled
from tests.handlers.conftest import stopped as stopped
from tests.handlers.conftest import world as world
from tests.properties import examples

BORIS = 1004

NASTY = (
    "", "0", "-1", "-0", "00", "1", "9" * 30, str(2**63 - 1), str(2**63), str(-(2**63) - 1), "+5", "1_0", " 1", "1 ",
    "٣", "1.5", "1e9", "None", "nan", "x", "X", "ё" * 20, "x" * 60, "\x00", "\n", "%s", "{}", "2026-02-30",
    "2026-11-23", "0001-01-01", "9999-12-31", "1900-01-01", "2199-12-31", "20261123", "ru", "now", "!", ":", "::",
)  # fmt: skip


def values_of(kind: Kind) -> Iterator[tuple[Any, ...]]:
    """Combinations of values at the bounds of a kind's fields."""
    return itertools.islice(itertools.product(*(field.examples for field in kind.fields)), 40)


def genuine() -> list[str]:
    """Data that some kind of button may really carry, as far as it is of the declared types."""
    found = []
    for kind in KINDS:
        for values in values_of(kind):
            try:
                found.append(kind(*values))
            except ValueError:  # too long together, or a gap before a part that may be left out
                continue
    return found


def mutated(data: str, dice: random.Random) -> str:
    """Changes data a little, along its grammar or across it."""
    parts = data.split(":")
    at = dice.randrange(len(parts))
    how = dice.randrange(7)
    if how == 0:
        parts[at] = dice.choice(NASTY)
    elif how == 1:
        parts.insert(at, dice.choice(NASTY))
    elif how == 2:
        del parts[at]
    elif how == 3:
        parts[at] += dice.choice(NASTY)
    elif how == 4:
        parts[-1] = dice.choice(NASTY)
    elif how == 5:
        where = dice.randrange(len(data) + 1)
        return data[:where] + dice.choice("0123456789:-@!apfzЯ\x00") + data[where + dice.randrange(2) :]
    else:
        parts[at], parts[-1] = parts[-1], parts[at]
    return ":".join(parts)


GENUINE = genuine()


def is_known(data: str) -> bool:
    """Tells whether some kind of button reads the data."""
    return any(kind.read(data) is not None for kind in KINDS)


def test_every_kind_of_button_is_declared_once_and_fits() -> None:
    assert len(KINDS) > 60
    assert all(len(data.encode()) <= LONGEST for data in GENUINE)
    shared = {data: [kind.head for kind in KINDS if kind.read(data) is not None] for data in set(GENUINE)}
    doubtful = {data: heads for data, heads in shared.items() if len(heads) > 1}
    # A typed name may begin like a language; where it is pressed says which one is meant.
    assert {tuple(heads) for heads in doubtful.values()} <= {("duty:f", "duty:f")}


@pytest.mark.parametrize("kind", KINDS, ids=[kind.head for kind in KINDS])
def test_what_is_built_is_read_back(kind: Kind) -> None:
    built = 0
    for values in values_of(kind):
        try:
            data = kind(*values)
        except ValueError:
            continue
        built += 1
        assert kind.read(data) == values
    assert built


@settings(max_examples=examples(3000), deadline=None)
@given(st.sampled_from(GENUINE), st.integers(0, 2**32), st.integers(1, 3))
def test_only_what_would_be_built_is_read(data: str, seed: int, times: int) -> None:
    dice = random.Random(seed)
    for _ in range(times):
        data = mutated(data, dice)
    for kind in KINDS:
        values = kind.read(data)
        assert values is None or kind(*values) == data


@settings(max_examples=examples(500), deadline=None)
@given(st.text(max_size=70))
def test_any_text_is_read_or_not_but_breaks_nothing(data: str) -> None:
    for kind in KINDS:
        values = kind.read(data)
        assert values is None or kind(*values) == data


def test_buttons_of_notices_are_known() -> None:
    built = [
        "my:0",
        "invites:0",
        "users:a:0",
        "joins:0",
        "set:dg:0",
        f"grp:trust:{GROUP}",
        f"grp:leave:{GROUP}",
        "unlink:1:2",
        "link:y:1:2:ru",
    ]
    assert [data for data in built if not is_known(data)] == []


# -- the running bot -------------------------------------------------------------------------------------------------


def tapped(world: World, who: int, chat_id: int, data: str, number: int) -> Update:
    """A tap on a message of the bot's that has never had such a button."""
    stand_in = world.stand_in
    with stand_in.lock:
        message = max(stand_in.room(chat_id).messages.values(), key=lambda m: m.id)
        shown = stand_in.message_json(message)
        sender = stand_in.user_json(who)
    query = {"id": str(number), "from": sender, "message": shown, "chat_instance": "1", "data": data}
    assert world.poller is not None
    return Update.de_json({"update_id": number, "callback_query": query}, world.poller.application.bot)


def tap_all(world: World, who: int, chat_id: int, forged: list[str]) -> None:
    assert world.poller is not None
    application = world.poller.application

    async def tap() -> None:
        for number, data in enumerate(forged):
            await application.process_update(tapped(world, who, chat_id, data, number))

    world.run(tap(), seconds=300)


def alerts(world: World) -> list[str | None]:
    return [call["params"].get("text") for call in world.chat.calls("answerCallbackQuery")]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.usefixtures("dan_linked")
def test_forged_button_breaks_nothing_whoever_presses_it_wherever(planned: World, seed: int) -> None:
    """Takes a while: hundreds of taps are answered by the running bot.

    A failure of any handler is logged as an error, which the fixture behind every test here refuses. Of mutated data
    few reach a handler, whereas all the others are answered by one: most of them are left to the test of that one.
    """
    planned.chat.add_group(GROUP, "Support", members=[ALICE, DAN])
    planned.say(ALICE, "/trust_group", GROUP)
    planned.say(ALICE, "/import_duty_schedule")
    dice = random.Random(seed)
    harmless = [data for data in GENUINE if not data.startswith("grp:leave")]
    drawn = [mutated(dice.choice(harmless), dice) for _ in range(700)]
    reaching = [data for data in drawn if is_known(data) or data.startswith("set")]
    assert len(reaching) > 60
    forged = reaching + [data for data in drawn if data not in reaching][:40] + dice.sample(harmless, 60)
    dice.shuffle(forged)

    for who, chat_id in ((ALICE, ALICE), (ALICE, GROUP), (DAN, DAN), (DAN, GROUP)):
        some = dice.sample(forged, len(forged) // (1 if who == chat_id == ALICE else 4))
        tap_all(planned, who, chat_id, some)


def test_what_nobody_declared_is_answered_as_out_of_date(planned: World) -> None:
    dice = random.Random(7)
    forged = [mutated(data, dice) for data in GENUINE]
    forged = [data for data in forged if not is_known(data)][:150]
    planned.say(ALICE, "/start")
    planned.chat.clear_calls()

    tap_all(planned, ALICE, ALICE, forged)

    assert len(forged) > 100
    assert alerts(planned) == ["This button is out of date."] * len(forged)


def test_hours_of_a_month_that_is_too_far_are_neither_shown_nor_closed(planned: World) -> None:
    before = len(planned.texts(ALICE))

    tap_all(planned, ALICE, ALICE, ["hrs:o:0", "hrs:a:0:0", "hrs:f:0:xlsx", "hrs:c:0", "hrs:x:0", "hrs:x:999999"])

    assert planned.texts(ALICE)[before:] == [t("en", "view.too_far")] * 6
    assert planned.rows("SELECT count(*) FROM closed_months") == [(0,)]


KEPT = (
    "SELECT * FROM duties ORDER BY id",
    "SELECT id, kind, reason FROM schedule_changes ORDER BY id",
    "SELECT * FROM rosters ORDER BY id",
    "SELECT id, trusted, language FROM chats ORDER BY id",
    "SELECT id, full_name, telegram_user_id, is_active, phone FROM users ORDER BY id",
)


@pytest.mark.usefixtures("dan_linked")
def test_member_gains_nothing_by_an_admins_buttons(planned: World) -> None:
    """Every declared button, at the bounds of what it may carry and with numbers of things that are there."""
    planned.say(ALICE, "/import_duty_schedule")
    kept = [planned.rows(statement) for statement in KEPT]
    there = [data for data in GENUINE if not data.startswith(("duty:", "week:", "my:", "rem:", "lang:", "cal:"))]

    tap_all(planned, DAN, DAN, [data for data in there if data != "phone:remove"])

    assert [planned.rows(statement) for statement in KEPT] == kept


def test_another_admins_import_is_neither_seen_nor_applied(stopped: World) -> None:
    stopped.chat.add_user(BORIS, "Boris")
    stopped.start(admin_ids=frozenset({ALICE, BORIS}))
    for admin in (ALICE, BORIS):
        stopped.say(admin, "/start")
    sent = stopped.chat.send_document(ALICE, "roster.json", roster_json(Dan_Duty="Б"))
    stopped.chat.wait_for_message(ALICE, "roster.json", after_id=sent["message_id"])
    stopped.be_through()
    ((draft_id,),) = stopped.rows("SELECT id FROM import_drafts")
    stopped.chat.clear_calls()

    steps = [
        f"imp:{draft_id}:{step}" for step in ("apply", "x", "ask", "missing", "ho", "r:1", "rp:0", "again:0", "q:0:0")
    ]
    tap_all(stopped, BORIS, BORIS, steps)

    assert stopped.rows("SELECT id FROM import_drafts") == [(draft_id,)]
    assert stopped.rows("SELECT count(*) FROM duties") == [(0,)]
    assert len(alerts(stopped)) == len(steps)


@pytest.mark.parametrize("handover_known", [False, True])
def test_step_about_a_file_is_out_of_date_before_there_is_one(planned: World, handover_known: bool) -> None:
    shown = planned.say(ALICE, "/import_duty_schedule")
    planned.be_through()
    ((draft_id, content, message_id),) = planned.rows("SELECT id, content, message_id FROM import_drafts")
    assert (content, message_id) == (None, shown["message_id"])
    if handover_known:
        tap_all(planned, ALICE, ALICE, [f"imp:{draft_id}:ho"])
    ((stage,),) = planned.rows("SELECT stage FROM import_drafts")
    about = [
        data for data in GENUINE if data.startswith("imp:") and data.split(":")[2] not in ("x", "r", "rp", "ho", "hz")
    ]
    forged = {":".join(["imp", str(draft_id), *data.split(":")[2:]]) for data in about}
    planned.chat.clear_calls()

    tap_all(planned, ALICE, ALICE, sorted(forged))

    assert len(forged) > 20
    assert alerts(planned) == ["This button is out of date."] * len(forged)
    assert planned.rows("SELECT id, stage FROM import_drafts") == [(draft_id, stage)]
