"""Inline mode: three cards for people who are let in, a day's or a person's when typed, nothing for strangers."""

import asyncio
from typing import Any

import pytest
from telegram import InlineQuery, Update, User

from duty_teller.handlers.transport.queues import FairProcessor
from tests.handlers.conftest import ALICE, DAN, GROUP, SAM, Json, World, roster_json
from tests.handlers.test_views import WEEK, second_roster


def ask(world: World, who: int, typed: str = "") -> Json:
    answer = world.chat.inline_query(who, typed)
    assert answer is not None
    assert (answer["is_personal"], answer["cache_time"], answer["button"]) == (True, 0, None)
    return answer


def cards(answer: Json) -> list[tuple[str, str, str]]:
    return [(r["id"], r["title"], r["description"]) for r in answer["results"]]


def test_cards_say_who_and_are_sent_as_they_are(planned: World) -> None:
    planned.chat.add_group(GROUP, "Support", members=[ALICE, DAN, SAM])
    planned.chat.wait_for_message(ALICE, "You added me to “Support”.")

    answer = ask(planned, ALICE)

    assert cards(answer) == [
        ("now", "On duty now", "Dan Duty until Tue 24 Nov, 09:00"),
        ("day-2026-11-24", "Tomorrow, Tue 24 Nov", "Dan Duty, Alice Admin"),
        ("week", "This week", "Dan Duty, Alice Admin"),
    ]
    sent = [planned.chat.choose_inline(ALICE, answer["id"], name, GROUP)["text"] for name, _t, _d in cards(answer)]
    assert sent == [
        planned.say(ALICE, "/duty")["text"],
        "Tue 24 Nov\n• until 09:00: Dan Duty\n• 09:00 – Wed 25 Nov, 09:00: Alice Admin",
        WEEK,
    ]


@pytest.mark.usefixtures("dan_linked")
def test_cards_in_russian(planned: World) -> None:

    assert cards(ask(planned, DAN)) == [
        ("now", "Кто дежурит сейчас", "Dan Duty до вт 24 нояб., 09:00"),
        ("day-2026-11-24", "Завтра, вт 24 нояб.", "Dan Duty, Alice Admin"),
        ("week", "Эта неделя", "Dan Duty, Alice Admin"),
    ]


@pytest.mark.parametrize("typed", ["", "dan", "tomorrow", "zzz"])
def test_stranger_gets_an_empty_list_and_leaves_nothing(planned: World, typed: str) -> None:
    before = planned.counts()

    assert ask(planned, SAM, typed)["results"] == []
    planned.be_through()
    assert planned.counts() == before
    assert planned.texts(SAM) == []
    assert len([text for text in planned.texts(ALICE) if "Sam" in text]) == 0


@pytest.mark.usefixtures("dan_linked")
def test_somebody_who_lost_access_gets_nothing_the_next_time(planned: World) -> None:
    assert len(ask(planned, DAN)["results"]) == 3
    planned.work(
        lambda s: s.connection().exec_driver_sql(f"UPDATE users SET is_active = 0 WHERE telegram_user_id = {DAN}")
    )

    assert ask(planned, DAN)["results"] == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("25.11", [("day-2026-11-25", "Wed 25 Nov", "Alice Admin, Dan Duty")]),
        ("завтра ", [("day-2026-11-24", "Tue 24 Nov", "Dan Duty, Alice Admin")]),
        ("alice", [("person-3", "Alice Admin", "This person's shifts")]),
    ],
)
def test_typed_day_or_name_is_the_only_card(planned: World, typed: str, expected: list[Any]) -> None:
    (number,) = planned.rows("SELECT id FROM users WHERE full_name = 'Alice Admin'")[0]

    found = cards(ask(planned, ALICE, typed))

    assert [(name.replace(f"person-{number}", "person-3"), *rest) for name, *rest in found] == expected


def test_word_of_a_weekday_that_begins_a_name_offers_both(world: World) -> None:
    world.import_roster(roster_json(**{"Mona Lisa": "Б", "Dan Duty": " Б"}))

    assert [name.partition("-")[0] for name, _title, _text in cards(ask(world, ALICE, "mo"))] == ["day", "person"]
    assert [name.partition("-")[0] for name, _title, _text in cards(ask(world, ALICE, "24.11"))] == ["day"]


@pytest.mark.parametrize("typed", ["zzz", "30.02", "<b>", "x" * 200])
def test_typed_text_that_means_nothing_is_ignored(planned: World, typed: str) -> None:
    assert [name for name, _title, _text in cards(ask(planned, ALICE, typed))] == ["now", "day-2026-11-24", "week"]


def test_cards_of_nobody_and_of_hostile_names(world: World) -> None:
    assert [text for _id, _title, text in cards(ask(world, ALICE))] == [
        "Nobody is on duty now", "Nobody is on duty.", "Nobody is on duty.",
    ]  # fmt: skip
    world.import_roster(roster_json(**{"<b>&amp; </a> Иван": "ББ"}))

    answer = ask(world, ALICE)

    assert cards(answer)[0][2] == "<b>&amp; </a> Иван until Wed 25 Nov, 09:00"
    world.chat.choose_inline(ALICE, answer["id"], "now")
    assert ask(world, ALICE, "иван")["results"][0]["title"] == "<b>&amp; </a> Иван"


def test_cards_of_very_many_people_fit(world: World) -> None:
    world.import_roster(roster_json(**{f"Somebody_with_quite_a_long_name_{n:03d}": "ББ" for n in range(150)}))

    answer = ask(world, ALICE)

    assert [len(text) for _id, _title, text in cards(answer)] == [200, 200, 200]
    assert len(ask(world, ALICE, "somebody")["results"]) == 10


def test_cards_of_two_rosters_hold_both(planned: World) -> None:
    second_roster(planned, Nina_Night=("2026-11-22", 24))

    answer = ask(planned, ALICE)

    assert cards(answer)[0][2] == "Dan Duty until Tue 24 Nov, 09:00, Nina Night until Mon 23 Nov, 09:00"
    sent = planned.chat.choose_inline(ALICE, answer["id"], "now")["text"]
    assert (
        sent.startswith("🟢 On duty now: Dan Duty · Support\n")
        and "\n\n🟢 On duty now: Nina Night (primary) · <Network>\n" in sent
    )


def test_answer_that_comes_too_late_is_no_failure(planned: World) -> None:
    description = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    planned.chat.fault("answerInlineQuery", "refuse", description=description)

    assert planned.chat.inline_query(ALICE, "", timeout=0) is None
    planned.be_through()

    assert len(ask(planned, ALICE)["results"]) == 3


def test_inline_queries_do_not_queue_behind_one_another_across_people() -> None:
    def query(who: int) -> Update:
        return Update(who, inline_query=InlineQuery(str(who), User(who, "X", False), "", ""))

    async def run() -> list[int]:
        processor, blocked, done = FairProcessor(), asyncio.Event(), []

        async def wait() -> None:
            await blocked.wait()
            done.append(ALICE)

        async def answer(who: int) -> None:
            done.append(who)

        first = asyncio.create_task(processor.do_process_update(query(ALICE), wait()))
        await asyncio.sleep(0)
        same = asyncio.create_task(processor.do_process_update(query(ALICE), answer(-ALICE)))
        await asyncio.wait_for(processor.do_process_update(query(DAN), answer(DAN)), 5)
        blocked.set()
        await asyncio.gather(first, same)
        return done

    assert asyncio.run(run()) == [DAN, ALICE, -ALICE]
