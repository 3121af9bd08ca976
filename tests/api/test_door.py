"""The web part while most of it is still being loaded."""

import asyncio
from typing import Any

import httpx

from duty_teller.api.alive import DatabaseLook
from duty_teller.api.door import Door
from duty_teller.db.engine import sqlite_path
from duty_teller.services.health import Health
from tests.house import House


async def inside(scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


def test_health_is_told_before_the_rest_is_there_and_everything_else_waits_for_it(house: House) -> None:
    async def play() -> None:
        health, look = Health(web="loading"), DatabaseLook(house.settings.database_url)
        door = Door(health, look)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url="http://duty") as client:
            waiting = [asyncio.create_task(client.get(path)) for path in ("/api/me", "/readyz")]
            given_up = asyncio.create_task(client.get("/api/now"))
            first = await client.get("/healthz")
            assert door.answered.is_set()
            given_up.cancel()  # takes it from nobody else
            assert not any(task.done() for task in waiting)

            assert (first.status_code, first.json()["web"], first.json()["database"]) == (
                200,
                {"state": "loading"},
                {"state": "ok"},
            )
            assert (first.headers["cache-control"], first.headers["content-type"]) == ("no-store", "application/json")
            assert first.headers["x-request-id"]

            door.let_in(inside)
            assert [answer.text for answer in await asyncio.gather(*waiting)] == ["/api/me", "/readyz"]
            assert (await client.get("/healthz")).text == "/healthz"  # now the application tells itself
        look.close()

    asyncio.run(play())


def test_health_while_loading_is_503_when_the_database_has_gone(house: House) -> None:
    async def play() -> None:
        look = DatabaseLook(house.settings.database_url)
        assert await look.trouble() is None
        path = sqlite_path(house.settings.database_url)
        assert path is not None
        path.rename(path.with_suffix(".away"))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(Door(Health(web="loading"), look)), base_url="http://duty"
        ) as client:
            answer = await client.get("/healthz")
        look.close()
        assert (answer.status_code, answer.json()["database"]) == (503, {"state": "gone"})

    asyncio.run(play())
