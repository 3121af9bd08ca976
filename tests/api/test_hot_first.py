"""The hot reads are answered before FastAPI; whoever asks cannot tell."""

import logging

import pytest
import sqlalchemy as sa

from duty_teller.api.calendar_ics import FeedRoute
from duty_teller.api.hot import DutiesRoute, NowRoute
from duty_teller.config import Settings
from duty_teller.db.models import LinkScope
from duty_teller.services.feeds import links
from tests.api.conftest import Web, serve
from tests.house import ALICE, NOW, SECRET, House, duty
from tests.process.conftest import wait_for

MONTH = "/api/duties?from=2026-11-01&to=2026-11-30"
UNLIKE = {"date", "x-request-id"}


def feed_path(house: House) -> str:
    token = house.write(lambda s: links.get_token(s, SECRET, house.alice, LinkScope.TEAM, NOW))
    return f"/api/calendar/ical/{token}.ics"


@pytest.mark.parametrize("kind", ["month", "now", "feed", "earlier feed"])
def test_answer_is_the_same_at_its_address_and_by_the_long_way(web: Web, kind: str) -> None:
    """A slash at the end and HEAD are FastAPI's."""
    web.house.put(duty(web.house.dan, "2026-11-23"))
    feed = feed_path(web.house)
    path = {
        "month": MONTH,
        "now": "/api/now",
        "feed": feed,
        "earlier feed": feed.replace("/api/calendar/ical", "/feed"),
    }[kind]
    address, _, query = path.partition("?")

    first = web.get(path)
    slash = web.get(f"{address}/?{query}" if query else f"{address}/")
    head = web.get(path, method="HEAD")

    assert first.status_code == 200
    assert slash.content == first.content
    heads = [{n: v for n, v in answer.headers.items() if n not in UNLIKE} for answer in (first, slash, head)]
    assert heads[0] == heads[1] == heads[2]
    assert len({answer.headers["x-request-id"] for answer in (first, slash, head)}) == 3


@pytest.mark.parametrize("route", [DutiesRoute, NowRoute, FeedRoute])
@pytest.mark.parametrize("trouble", ["database", "fault of ours"])
def test_failure_is_answered_and_logged_once_with_its_number(
    web: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, route: type, trouble: str
) -> None:
    house, asked = web.house, []
    path = {DutiesRoute: MONTH, NowRoute: "/api/now", FeedRoute: feed_path(house)}[route]
    web.get(path)

    async def fail(*_: object) -> None:
        asked.append(1)
        raise sa.exc.TimeoutError("no connection") if trouble == "database" else KeyError("ours")

    monkeypatch.setattr(route, "__call__" if route is FeedRoute else "answer", fail)
    caplog.clear()
    servers = logging.getLogger("uvicorn")  # it tells of crashes, and passes nothing on
    servers.addHandler(caplog.handler)
    answer = web.get(path)
    told = wait_for(lambda: {id(record) for record in caplog.records if record.exc_info})  # after the answer was sent
    servers.removeHandler(caplog.handler)

    assert answer.status_code == {"database": 503, "fault of ours": 500}[trouble]
    assert answer.headers["x-request-id"] in answer.json()["error"]["message"]
    assert len(told) == 1
    assert asked == [1]


@pytest.mark.parametrize(
    "path", ["/feed/.ics", "/feed/a/b.ics", "/feed/x.ics/y.ics", "/api/calendar/ical/.ics", "/api/duties.ics"]
)
def test_address_that_is_nearly_one_is_none(web: Web, path: str) -> None:
    assert web.get(path).status_code == 404


def test_public_prefix_that_is_called_like_a_read_leads_to_the_page(house: House) -> None:
    object.__setattr__(house.settings, "mini_app_base_url", "https://duty.example.org/api/now")
    assert isinstance(house.settings, Settings)
    with serve(house) as web:
        bare, below = web.get("/api/now"), web.get("/api/now/api/now", ALICE)
    assert (bare.status_code, bare.headers["location"]) == (307, "now/")
    assert (below.status_code, list(below.json())) == (200, ["now", "rosters"])


def test_range_goes_by_the_zone_that_the_roster_has_now(web: Web) -> None:
    """The shift of Monday ends at nine of Tuesday in Moscow, and at eight in the evening of Monday on Hawaii."""
    web.house.put(duty(web.house.dan, "2026-11-23"))
    tuesday = "/api/duties?from=2026-11-24&to=2026-11-24"
    found = []
    for zone in ("Europe/Moscow", "Pacific/Honolulu", "Europe/Moscow"):
        web.house.roster(timezone=zone)
        found.append(len(web.get(tuesday).json()))
    assert found == [1, 0, 1]
