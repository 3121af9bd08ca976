"""One person cannot starve the others, whatever they send; what a member loses by it is told once."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import pytest
from telegram import Chat, InlineQuery, Message, Update, User

from duty_teller.handlers.transport import queues
from duty_teller.handlers.transport.queues import FairProcessor
from tests.handlers.conftest import ALICE, DAN, GROUP, SAM, World, wait_for
from tests.handlers.conftest import dan_linked as dan_linked
from tests.handlers.conftest import empty_database as empty_database
from tests.handlers.conftest import failures as failures
from tests.handlers.conftest import planned as planned
from tests.handlers.conftest import settled as settled
from tests.handlers.conftest import stopped as stopped
from tests.handlers.conftest import world as world

FLOOD = 1000


class Bench:
    """A processor, and what it has handled in which order; what is said of floods is kept, too."""

    def __init__(self) -> None:
        self.processor = FairProcessor()
        self.processor.tell = self._tell
        self.handled: list[str] = []
        self.told: list[int] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.hold = asyncio.Event()

    async def _tell(self, update: Update, number: int) -> None:
        self.told.append(number)
        self.handled.append("told")

    def put(self, name: str, update: Update, held: bool = False) -> None:
        async def handle() -> None:
            if held:
                await self.hold.wait()
            self.handled.append(name)

        self.tasks.append(asyncio.create_task(self.processor.process_update(update, handle())))

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    async def finish(self) -> None:
        self.hold.set()
        await asyncio.gather(*self.tasks)


def written(who: int, chat_id: int, text: str | None = "/duty", **fields: object) -> Update:
    chat = Chat(chat_id, "private" if chat_id > 0 else "supergroup", title="x")
    given = {"text": text} if text else {}
    message = Message(1, None, chat, from_user=User(who, "X", False), **given, **fields)  # type: ignore[arg-type]
    return Update(1, message=message)


def run(action: Awaitable[None]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(action, 20)

    asyncio.run(bounded())


def test_flood_in_a_chat_leaves_the_others_alone_and_is_told_once_at_its_end() -> None:
    async def flood() -> None:
        bench = Bench()
        for number in range(FLOOD):
            bench.put(f"sam {number}", written(SAM, SAM), held=True)
        await bench.settle()
        bench.put("dan", written(DAN, DAN))
        await bench.settle()
        assert bench.handled == ["dan"]
        await bench.finish()
        kept = queues.WAITING_IN_PRIVATE
        assert bench.handled == ["dan", *(f"sam {number}" for number in range(kept)), "told"]
        assert bench.told == [FLOOD - kept]

    run(flood())


def test_flood_that_goes_on_after_it_was_told_is_told_again() -> None:
    async def flood() -> None:
        bench = Bench()
        for _ in range(2):
            for number in range(30):
                bench.put(str(number), written(ALICE, ALICE), held=True)
            await bench.settle()
            await bench.finish()
            bench.hold.clear()
        assert bench.told == [10, 10]

    run(flood())


def test_stranger_in_many_groups_holds_nobody_up_in_any_of_them() -> None:
    async def flood() -> None:
        bench = Bench()
        for number in range(FLOOD):
            bench.put("sam", written(SAM, GROUP - number % 20), held=True)
        await bench.settle()
        for number in range(20):
            bench.put(f"dan {number}", written(DAN, GROUP - number))
            await bench.settle()
        assert bench.handled == [f"dan {number}" for number in range(20)]
        await bench.finish()
        assert bench.handled.count("sam") == 20 * queues.WAITING_IN_A_GROUP
        assert sum(bench.told) == FLOOD - 20 * queues.WAITING_IN_A_GROUP

    run(flood())


def test_what_telegram_tells_of_a_chat_is_never_left_out() -> None:
    async def flood() -> None:
        bench = Bench()
        for _ in range(100):
            bench.put("text", written(SAM, GROUP), held=True)
        bench.put("moved", written(SAM, GROUP, None, migrate_to_chat_id=GROUP - 1))
        bench.put("title", written(SAM, GROUP, None, new_chat_title="y"))
        await bench.settle()
        assert bench.handled == ["moved", "title"]
        await bench.finish()
        assert bench.told == [100 - queues.WAITING_IN_A_GROUP]

    run(flood())


def test_hasty_typing_into_an_inline_query_leaves_the_chats_alone() -> None:
    async def flood() -> None:
        bench = Bench()
        for number in range(FLOOD):
            query = InlineQuery(str(number), User(SAM, "X", False), "", "")
            bench.put("query", Update(number, inline_query=query), held=True)
        await bench.settle()
        bench.put("sam", written(SAM, SAM))
        bench.put("dan", written(DAN, DAN))
        await bench.settle()
        assert bench.handled == ["sam", "dan"]
        await bench.finish()

    run(flood())


def test_nothing_is_kept_of_queues_that_are_empty() -> None:
    async def flood() -> None:
        bench = Bench()
        for number in range(50):
            bench.put("x", written(SAM + number, GROUP - number))
            bench.put("y", written(SAM + number, SAM + number))
        await bench.finish()
        assert (bench.processor._queues, bench.processor._groups) == ({}, {})

    run(flood())


# -- the running bot -------------------------------------------------------------------------------------------------


def test_stranger_is_answered_once_a_minute(planned: World) -> None:
    first = planned.say_unheard(SAM, "/duty")
    again = planned.say_unheard(SAM, "/week") + planned.say_unheard(SAM, "hello")
    planned.clock.move(seconds=61)
    later = planned.say_unheard(SAM, "/duty")

    assert len(first) == 1
    assert again == []
    assert later == first


@pytest.mark.parametrize("places", [(SAM,), tuple(GROUP - number for number in range(5))], ids=["private", "groups"])
@pytest.mark.usefixtures("dan_linked")
def test_member_is_answered_during_a_flood_of_a_stranger(planned: World, places: tuple[int, ...]) -> None:
    planned.clock.move(seconds=timedelta(minutes=2).total_seconds())
    for place in places:
        if place < 0:
            planned.chat.add_group(place, str(place), members=[ALICE, DAN, SAM])
            planned.say(ALICE, "/trust_group", place)
    planned.let_ticks_pass()
    before = len(planned.texts(SAM))
    for number in range(300):
        planned.chat.send_text(SAM, "/duty", chat_id=places[number % len(places)])

    answered = planned.say(DAN, "/duty")

    assert "Dan Duty" in answered["text"]
    planned.be_through()
    if places == (SAM,):
        assert len(planned.texts(SAM)) == before + 1


def test_member_whose_flood_is_cut_short_is_told_how_many_were_left_out(planned: World) -> None:
    held = planned.chat.send_text(ALICE, "/help")
    planned.be_through()
    planned.chat.fault("sendMessage", "slow", chat_id=ALICE, seconds=3)
    for _ in range(40):
        planned.chat.send_text(ALICE, "/help")

    planned.chat.wait_for_message(ALICE, "I left out", after_id=held["message_id"], timeout=30)
    planned.be_through()

    def adds_up() -> bool:  # the slow one may arrive after the bot has given it up
        there = [m["text"] for m in planned.chat.messages(ALICE) if m["message_id"] > held["message_id"] + 1]
        answers = [text for text in there if "/duty – who is on duty" in text]
        left_out = [text for text in there if "I left out" in text]
        assert len(left_out) == 1
        return left_out == [f"Too many messages at once: I left out {40 - len(answers)}. Please send them again."]

    wait_for(adds_up)
