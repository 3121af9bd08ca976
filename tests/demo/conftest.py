"""A stand-in with the three people and a group, and a real python-telegram-bot that talks to it."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from telegram import Bot
from telegram.request import HTTPXRequest

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn, run_in_thread
from duty_teller.bot_api_stand_in.client import StandInClient
from tests.clock import Clock

ALICE, DAN, SAM = 1001, 1002, 1003
GROUP = -1_001_000_000_001


NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def populate(stand_in: StandIn) -> None:
    stand_in.add_user(ALICE, "Alice", "alice", phone="+79001112233")
    stand_in.add_user(DAN, "Dan", "dan_duty", "ru", last_name="Duty")
    stand_in.add_user(SAM, "Sam", None, None)


def make_bot(stand_in: StandIn, token: str = DEFAULT_TOKEN, timeout: float = 5) -> Bot:
    # There is no TLS here: reading the certificates of the system would be most of a test's time.
    ordinary, polling = (HTTPXRequest(read_timeout=timeout, httpx_kwargs={"verify": False}) for _ in range(2))
    return Bot(
        token,
        base_url=f"{stand_in.base_url}/bot",
        base_file_url=f"{stand_in.base_url}/file/bot",
        request=ordinary,
        get_updates_request=polling,
    )


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest_asyncio.fixture
async def stand_in(clock: Clock) -> AsyncIterator[StandIn]:
    stand_in = StandIn(clock=clock)
    populate(stand_in)
    await stand_in.start()
    yield stand_in
    await stand_in.stop()


@pytest_asyncio.fixture
async def bot(stand_in: StandIn) -> AsyncIterator[Bot]:
    async with make_bot(stand_in) as bot:
        yield bot


@pytest.fixture
def world() -> StandIn:
    """What `client` speaks to."""
    stand_in = StandIn()
    populate(stand_in)
    return stand_in


@pytest.fixture
def client(world: StandIn) -> Iterator[StandInClient]:
    with run_in_thread(world) as there, StandInClient(there.base_url) as client:
        yield client
