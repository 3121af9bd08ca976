"""The pace of calls, on a clock that only sleeping moves."""

import asyncio
from typing import Any

import pytest
from telegram.error import RetryAfter

from duty_teller.handlers.transport import pace
from duty_teller.handlers.transport.pace import PaceLimiter


class Wire:
    def __init__(self) -> None:
        self.now = 100.0
        self.at: list[float] = []
        self.refuse: list[int] = []
        self.limiter = PaceLimiter(lambda: self.now, self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    async def call(self, chat_id: int, endpoint: str = "editMessageText") -> Any:
        async def callback() -> bool:
            self.at.append(self.now)
            if self.refuse:
                raise RetryAfter(self.refuse.pop(0))
            return True

        return await self.limiter.process_request(callback, (), {}, endpoint, {"chat_id": chat_id}, None)


def test_storm_keeps_under_the_limit_and_takes_less_than_40_s() -> None:
    wire = Wire()

    async def call_all() -> None:
        with pace.background():
            for chat in range(1000):
                await wire.call(-chat - 1)

    asyncio.run(call_all())

    assert wire.at[-1] - wire.at[0] < 40
    assert all(wire.at[n + 27] - wire.at[n] > 1 for n in range(1000 - 27))


def test_person_is_answered_at_once_in_a_storm() -> None:
    wire = Wire()

    async def call_all() -> None:
        with pace.background():
            for chat in range(100):
                await wire.call(-chat - 1)
        before = wire.now
        await wire.call(5, "sendMessage")
        assert wire.now == before

    asyncio.run(call_all())


def test_refused_chat_waits_and_others_do_not() -> None:
    wire = Wire()
    wire.refuse = [3]
    asyncio.run(wire.call(1))
    assert wire.at == [100.0, pytest.approx(103.1)]
    before = wire.now
    asyncio.run(wire.call(2))
    assert wire.at[-1] == before


def test_fourth_refusal_goes_to_the_caller() -> None:
    wire = Wire()
    wire.refuse = [1, 1, 1, 1]
    with pytest.raises(RetryAfter):
        asyncio.run(wire.call(1))
    assert len(wire.at) == 4


def test_chat_gets_about_one_message_a_second_from_the_background() -> None:
    wire = Wire()

    async def talk() -> None:
        with pace.background():
            for _ in range(8):
                await wire.call(1, "sendMessage")

    asyncio.run(talk())
    assert wire.at[3] < 100.2
    assert wire.at[7] == pytest.approx(104.0)


def test_persons_taps_in_one_chat_are_not_held_beforehand() -> None:
    wire = Wire()

    async def taps() -> None:
        for _ in range(8):
            await wire.call(1)

    asyncio.run(taps())
    assert wire.at == [100.0] * 8


def test_group_gets_19_messages_a_minute_and_then_the_background_gives_up_at_once() -> None:
    wire = Wire()

    async def talk() -> None:
        with pace.background():
            for _ in range(19):
                await wire.call(-5, "sendMessage")
            before = wire.now
            with pytest.raises(RetryAfter) as refused:
                await wire.call(-5, "sendMessage")
            assert wire.now == before  # it holds no worker for most of a minute
            assert refused.value._retry_after.total_seconds() > 30
            await wire.call(-6, "sendMessage")  # another group is not concerned
            wire.now += 60
            await wire.call(-5, "sendMessage")

    asyncio.run(talk())
    assert len(wire.at) == 21


def test_background_waits_a_short_while_for_its_chat() -> None:
    wire = Wire()

    async def talk() -> None:
        with pace.background():
            for _ in range(5):
                await wire.call(7, "sendMessage")

    asyncio.run(talk())
    assert wire.at[4] == pytest.approx(101.0)


def test_refusals_in_several_chats_hold_the_whole_background_but_nobodys_answer() -> None:
    wire = Wire()
    for chat in (-1, -2, -3):
        wire.limiter._note_refusal(chat, RetryAfter(5))

    async def go() -> None:
        await wire.call(9, "sendMessage")
        with pace.background():
            await wire.call(-4)

    asyncio.run(go())
    assert wire.at == [100.0, pytest.approx(105.1)]


def test_refusals_in_two_chats_hold_those_two_only() -> None:
    wire = Wire()
    for chat in (-1, -2):
        wire.limiter._note_refusal(chat, RetryAfter(5))

    async def go() -> None:
        with pace.background():
            await wire.call(-4)
            await wire.call(-1)

    asyncio.run(go())
    assert wire.at == [100.0, pytest.approx(105.1)]


def test_calls_that_are_no_messages_are_not_counted_for_people() -> None:
    wire = Wire()

    async def taps() -> None:
        for _ in range(100):
            await wire.call(5, "answerCallbackQuery")

    asyncio.run(taps())
    assert wire.at == [100.0] * 100
