"""Updates: long polling, offsets, kinds, the conflict of two pollers, and a whole bot on top of it."""

import asyncio

import httpx
import pytest
from telegram import Bot, Update
from telegram.error import Conflict, NetworkError
from telegram.ext import ApplicationBuilder, CommandHandler, ContextTypes

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn
from duty_teller.bot_api_stand_in.client import StandInClient
from tests.demo.conftest import ALICE, DAN, GROUP


async def test_get_updates_with_nothing_waiting_returns_when_something_happens(stand_in: StandIn, bot: Bot) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    assert not polling.done()

    stand_in.send_text(ALICE, "/start abc_1")
    (update,) = await polling

    assert update.message is not None
    assert update.message.text == "/start abc_1"
    assert update.message.entities[0].type == "bot_command"
    assert (update.message.entities[0].offset, update.message.entities[0].length) == (0, 6)
    assert update.effective_user is not None
    assert update.effective_user.id == ALICE


async def test_get_updates_after_timeout_is_empty(bot: Bot) -> None:
    assert await bot.get_updates(timeout=1) == ()


async def test_offset_confirms_older_updates(stand_in: StandIn, bot: Bot) -> None:
    for text in ("one", "two", "three"):
        stand_in.send_text(ALICE, text)

    first = await bot.get_updates(limit=2)
    again = await bot.get_updates()
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    after = await bot.get_updates()

    assert [u.effective_message.text for u in first if u.effective_message] == ["one", "two"]
    assert len(again) == 3
    assert [u.effective_message.text for u in rest if u.effective_message] == ["three"]
    assert [u.update_id for u in after] == [rest[0].update_id]


async def test_negative_offset_keeps_the_newest_only(stand_in: StandIn, bot: Bot) -> None:
    for text in ("one", "two", "three"):
        stand_in.send_text(ALICE, text)

    updates = await bot.get_updates(offset=-1)

    assert [u.effective_message.text for u in updates if u.effective_message] == ["three"]
    assert len(await bot.get_updates()) == 1


async def test_allowed_updates_leaves_other_kinds_out_from_then_on(stand_in: StandIn, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    stand_in.send_text(ALICE, "unheard")
    assert await bot.get_updates() == ()

    await bot.get_updates(allowed_updates=[])
    stand_in.send_text(ALICE, "heard")
    assert len(await bot.get_updates()) == 1


async def test_chat_member_comes_only_when_asked_for(stand_in: StandIn, bot: Bot) -> None:
    stand_in.add_group(GROUP, "Team", [ALICE])
    await bot.get_updates(offset=-1)
    stand_in.set_member(GROUP, DAN)
    default = await bot.get_updates()
    await bot.get_updates(offset=default[-1].update_id + 1, allowed_updates=["chat_member"])
    stand_in.set_member(GROUP, DAN, "administrator")
    asked = await bot.get_updates(offset=default[-1].update_id + 1)

    assert all(update.chat_member is None for update in default)
    assert [u.chat_member.new_chat_member.status for u in asked if u.chat_member] == ["administrator"]


async def test_second_poller_ends_the_older_one_with_409(stand_in: StandIn, bot: Bot) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)
    async with httpx.AsyncClient() as http:
        younger = asyncio.create_task(
            http.post(f"{stand_in.base_url}/bot{DEFAULT_TOKEN}/getUpdates", json={"timeout": 30}, timeout=40)
        )
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await older
        stand_in.send_text(ALICE, "hello")
        answer = (await younger).json()

    assert [update["message"]["text"] for update in answer["result"]] == ["hello"]


async def test_poller_that_hung_up_is_no_conflict_and_loses_nothing(stand_in: StandIn, bot: Bot) -> None:
    with pytest.raises(httpx.ReadTimeout):
        httpx_timeout = httpx.AsyncClient(timeout=0.2)
        async with httpx_timeout as http:
            await http.post(f"{stand_in.base_url}/bot{DEFAULT_TOKEN}/getUpdates", json={"timeout": 30})
    await asyncio.sleep(0.05)
    stand_in.send_text(ALICE, "hello")

    (update,) = await bot.get_updates(timeout=5)

    assert update.effective_message is not None
    assert update.effective_message.text == "hello"


async def test_stop_ends_an_open_poll_at_once(stand_in: StandIn, bot: Bot) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.05)

    async with asyncio.timeout(10):  # a lost poll would hold it for 30 s
        await stand_in.stop()
        assert await polling == ()


async def test_back_on_its_old_port_with_the_same_state(stand_in: StandIn, bot: Bot) -> None:
    port = int(stand_in.base_url.rpartition(":")[2])
    await stand_in.stop()
    with pytest.raises(NetworkError):
        await bot.get_updates()
    stand_in.send_text(ALICE, "written while it was away")

    await stand_in.start(port)

    (update,) = await bot.get_updates(timeout=5)
    assert update.effective_message is not None
    assert update.effective_message.text == "written while it was away"


def test_real_application_answers_through_the_client(client: StandInClient) -> None:
    """A whole python-telegram-bot application in this thread, the stand-in in another one."""

    async def hello(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        await update.effective_message.reply_html("Hello, <b>" + update.effective_message.from_user.first_name + "</b>")  # type: ignore[union-attr]

    async def serve() -> str:
        application = (
            ApplicationBuilder()
            .token(DEFAULT_TOKEN)
            .base_url(f"{client.base_url}/bot")
            .base_file_url(f"{client.base_url}/file/bot")
            .build()
        )
        application.add_handler(CommandHandler("start", hello))
        async with application:
            await application.start()
            assert application.updater is not None
            await application.updater.start_polling()
            try:
                await asyncio.to_thread(client.press_start, DAN)
                message = await asyncio.to_thread(client.wait_for_message, DAN, "Hello")
            finally:
                await application.updater.stop()
                await application.stop()
        return str(message["html"])

    assert asyncio.run(serve()) == "Hello, <b>Dan</b>"
