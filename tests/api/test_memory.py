"""Finished answers: bounded by bytes, built once whoever asks, sent at the reader's pace."""

import asyncio
import threading
import time
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from duty_teller.api import hot
from duty_teller.api.memory import AnswerMemory
from tests.api.conftest import Web
from tests.api.test_feeds import link
from tests.house import duty


@dataclass(frozen=True)
class Answer:
    size: int
    name: str = ""


def test_answers_go_by_their_bytes_the_least_used_first() -> None:
    memory = AnswerMemory(100)
    for name in "abc":
        memory.keep(name, 1, Answer(30, name))
    assert memory.get("a", 1) == Answer(30, "a")
    memory.keep("d", 1, Answer(30, "d"))
    assert ([memory.get(name, 1) is not None for name in "abcd"], memory.held) == ([True, False, True, True], 90)
    memory.keep("a", 1, Answer(90, "A"))
    assert ([memory.get(name, 1) is not None for name in "abcd"], memory.held) == ([True, False, False, False], 90)
    memory.keep("huge", 1, Answer(101))
    assert (memory.get("huge", 1), memory.held) == (None, 90)


async def test_sixteen_who_ask_at_once_wait_for_one_build() -> None:
    memory, built = AnswerMemory(), []
    go = threading.Event()

    def build() -> Answer:
        built.append(threading.current_thread().name)
        go.wait(10)
        return Answer(1)

    asking = [asyncio.ensure_future(memory.built("feed", "key", 1, build)) for _ in range(16)]
    await asyncio.sleep(0)
    asking[0].cancel()  # whoever gives up takes it from nobody
    go.set()
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert (answers[1:], len(built), memory.get("key", 1)) == ([Answer(1)] * 15, 1, Answer(1))
    memory.close()


async def test_reader_with_an_earlier_answer_gets_it_while_many_builds_wait() -> None:
    memory, go = AnswerMemory(), threading.Event()

    def build(name: str) -> Answer:
        go.wait(10)
        return Answer(1, name)

    few = [asyncio.ensure_future(memory.built("feed", n, 2, lambda: build("new"), Answer(1, "old"))) for n in range(4)]
    await asyncio.sleep(0)
    assert not any(asking.done() for asking in few)  # the turn comes soon enough to wait for it
    assert await memory.built("feed", "many", 2, lambda: build("new"), Answer(1, "old")) == Answer(1, "old")
    cold = asyncio.ensure_future(memory.built("feed", "cold", 2, lambda: build("first")))
    await asyncio.sleep(0)
    assert not cold.done()
    go.set()
    assert await asyncio.gather(*few, cold) == [*[Answer(1, "new")] * 4, Answer(1, "first")]
    assert memory.get("many", 2) == Answer(1, "new")
    assert await memory.built("feed", "later", 2, lambda: build("new"), Answer(1, "old")) == Answer(1, "new")
    memory.close()


async def test_build_that_fails_fails_for_all_who_wait_and_is_tried_again() -> None:
    memory, tries = AnswerMemory(), []

    def build() -> Answer:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("the disk is full")
        return Answer(1)

    both: list[Awaitable[Any]] = [memory.built("range", "key", 1, build) for _ in range(2)]
    assert [str(e) for e in await asyncio.gather(*both, return_exceptions=True)] == ["the disk is full"] * 2
    assert await memory.built("range", "key", 1, build) == Answer(1)
    memory.close()


def test_cold_readers_of_a_feed_and_of_a_range_build_it_once(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.house.put(*(duty(web.house.dan, date(2026, 11, 23) + timedelta(days=n)) for n in range(300)))
    path = link(web.house, web.house.dan)
    counted: dict[str, int] = {"range": 0, "feed": 0}
    find = hot.DutiesRoute._build

    def slow(self: hot.DutiesRoute, *asked: Any) -> hot.Finished | hot.Packed:
        counted["range"] += 1
        time.sleep(0.3)
        return find(self, *asked)

    from duty_teller.api import calendar_ics as feeds

    build = feeds.build_feed

    def slow_feed(*args: Any) -> Any:
        counted["feed"] += 1
        time.sleep(0.3)
        return build(*args)

    monkeypatch.setattr(hot.DutiesRoute, "_build", slow)
    monkeypatch.setattr(feeds, "build_feed", slow_feed)
    headers = {"X-Telegram-Init-Data": web.house.init_data()}
    web.get("/api/me")
    addresses = ["/api/duties?from=2026-11-23&to=2027-11-22", path] * 8

    def ask(address: str) -> bytes:
        return httpx.get(web.url + address, headers=headers, timeout=20).content

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, addresses))
    assert (counted, len(set(answers))) == ({"range": 1, "feed": 1}, 2)


def test_hundreds_of_different_ranges_are_held_within_the_budget(web: Web) -> None:
    web.house.put(*(duty(web.house.dan, date(2026, 1, 1) + timedelta(days=n)) for n in range(360)))
    memory = web.app.state.api.memory
    memory.budget = 400_000
    for number in range(60):
        first = date(2026, 1, 1) + timedelta(days=number)
        response = web.get(f"/api/duties?from={first}&to={first + timedelta(days=300)}")
        assert response.status_code == 200
        assert len(response.content) > 50_000
        assert memory.held <= 400_000


def test_large_answer_arrives_whole_in_pieces(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.house.put(*(duty(web.house.dan, date(2026, 1, 1) + timedelta(days=n)) for n in range(360)))
    address = "/api/duties?from=2026-01-01&to=2026-12-26"
    whole = web.get(address).content
    monkeypatch.setattr(hot, "_PIECE", 1000)
    assert (web.get(address).content, len(whole) > 70_000) == (whole, True)
    head = web.get(address, method="HEAD")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(whole)))
    zipped, plain = web.get(address, **{"Accept-Encoding": "gzip"}), web.get(address, **{"Accept-Encoding": "identity"})
    assert (zipped.content, plain.content, zipped.headers["etag"]) == (whole, whole, plain.headers["etag"])
    assert int(zipped.headers["content-length"]) < len(whole) / 5
    assert web.app.state.api.memory.held < len(whole) / 5  # that of a browser alone
