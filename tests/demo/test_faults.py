"""Every fault that can be injected, as python-telegram-bot meets it."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TimedOut

from duty_teller.bot_api_stand_in import ControlError, StandIn
from tests.demo.conftest import ALICE, DAN, make_bot


@pytest.fixture
def started(stand_in: StandIn) -> StandIn:
    for user_id in (ALICE, DAN):
        stand_in.send_text(user_id, "/start")
    return stand_in


async def test_too_many_requests_as_often_as_told(started: StandIn, bot: Bot) -> None:
    started.fault("sendMessage", "too_many_requests", times=2, retry_after=7)
    for _ in range(2):
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(ALICE, "x")
        assert caught.value.retry_after == 7
    assert await bot.send_message(ALICE, "x")
    assert [call["code"] for call in started.calls("sendMessage")] == [429, 429, 200]


@pytest.mark.parametrize(("code", "text"), [(502, "Bad Gateway"), (500, "Internal Server Error")])
async def test_server_error(started: StandIn, bot: Bot, code: int, text: str) -> None:
    started.fault("sendMessage", "server_error", code=code)
    with pytest.raises(NetworkError, match=text):
        await bot.send_message(ALICE, "x")
    assert await bot.send_message(ALICE, "x")


async def test_unauthorized(started: StandIn, bot: Bot) -> None:
    started.fault("sendMessage", "unauthorized")
    with pytest.raises(InvalidToken):
        await bot.send_message(ALICE, "x")


async def test_dropped_connection_has_done_nothing(started: StandIn, bot: Bot) -> None:
    started.fault("sendMessage", "drop")
    with pytest.raises(NetworkError, match=r"Server disconnected|ReadError"):
        await bot.send_message(ALICE, "lost")
    await bot.send_message(ALICE, "arrived")
    assert [m["text"] for m in started.messages(ALICE) if m["sender"]["is_bot"]] == ["arrived"]


async def test_lost_answer_has_done_its_work(started: StandIn, bot: Bot) -> None:
    started.fault("sendMessage", "drop_after")
    with pytest.raises(NetworkError):
        await bot.send_message(ALICE, "arrived all the same")
    assert started.messages(ALICE)[-1]["text"] == "arrived all the same"


async def test_hang_never_answers(started: StandIn) -> None:
    started.fault("sendMessage", "hang")
    async with make_bot(started, timeout=0.3) as bot:
        with pytest.raises(TimedOut):
            await bot.send_message(ALICE, "x")
        assert await bot.send_message(ALICE, "y")
    assert started.calls("sendMessage")[0]["code"] is None


async def test_hang_does_not_hold_the_end(started: StandIn, bot: Bot) -> None:
    started.fault("getUpdates", "hang")
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)

    async with asyncio.timeout(10):  # the call itself would have lasted 30 s
        await started.stop()
        with pytest.raises(NetworkError):
            await polling


async def test_slow_call_is_done_though_nobody_waits_any_more(started: StandIn) -> None:
    started.fault("sendMessage", "slow", seconds=0.5)
    async with make_bot(started, timeout=0.3) as bot:
        with pytest.raises(TimedOut):
            await bot.send_message(ALICE, "late")
    for _ in range(100):
        if started.messages(ALICE)[-1]["text"] == "late":
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the message never arrived")


async def test_refuse_with_any_words(started: StandIn, bot: Bot) -> None:
    started.fault("sendMessage", "refuse", description="Bad Request: something new")
    with pytest.raises(BadRequest, match="Something new"):
        await bot.send_message(ALICE, "x")


async def test_fault_of_one_chat_spares_the_others(started: StandIn, bot: Bot) -> None:
    started.fault("*", "server_error", times=0, chat_id=DAN)
    assert await bot.send_message(ALICE, "x")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(DAN, "x")
    started.clear_faults()
    assert await bot.send_message(DAN, "x")


async def test_fault_of_everything_leaves_polling_alone(started: StandIn, bot: Bot) -> None:
    started.fault("*", "server_error", times=0)
    assert len(await bot.get_updates()) == 2
    with pytest.raises(NetworkError):
        await bot.get_me()


async def test_fault_of_a_download(started: StandIn, bot: Bot) -> None:
    file_id = started.send_document(ALICE, "a.json", b"{}")["document"]["file_id"]
    started.fault("download", "drop")
    file = await bot.get_file(file_id)
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert await file.download_as_bytearray() == b"{}"


def test_unknown_fault_is_told() -> None:
    with pytest.raises(ControlError, match="no fault 'earthquake'"):
        StandIn().fault("*", "earthquake")
