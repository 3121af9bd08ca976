"""Fetching what somebody else serves: every refusal, and every fault within its limits."""

import asyncio
import base64
import gzip
import tracemalloc
import zlib
from ipaddress import ip_network
from itertools import count

import pytest

from duty_teller.utils.http_client import Fetched, Limits, fetch, is_allowed
from duty_teller.utils.web_address import FetchError, checked_address
from tests.faulty_server import CALENDAR, Answer, FaultyServer, bomb, faulty_server

HERE = (ip_network("127.0.0.1/32"),)


async def here(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


LIMITS = Limits(seconds=20.0, size=64 * 1024, redirects=3, networks=HERE, resolve=here)
HURRY = Limits(seconds=0.2, size=64 * 1024, networks=HERE, resolve=here)


def fetched(answers: dict[str, Answer], path: str = "/a.ics", limits: Limits = LIMITS) -> Fetched:
    async def go() -> Fetched:
        async with faulty_server() as server:
            server.answers |= answers
            return await fetch(server.url(path), limits=limits)

    return asyncio.run(go())


def refused(answers: dict[str, Answer], path: str = "/a.ics", limits: Limits = LIMITS) -> str:
    with pytest.raises(FetchError) as caught:
        fetched(answers, path, limits)
    assert "example.org" not in f"{caught.value} {caught.value.text('en')} {caught.value.text('ru')}"
    return caught.value.key.removeprefix("fetch.")


def moved(to: str) -> Answer:
    return Answer("302 Found", {"Location": to}, [])


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("localhost", False),
    ],
)
def test_only_public_addresses_are_allowed(address: str, allowed: bool) -> None:
    assert is_allowed(address) is allowed


def test_networks_that_were_allowed_are() -> None:
    networks = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    tried = ["10.1.2.3", "::ffff:10.1.2.3", "fd00::1", "11.0.0.1", "192.168.0.1", "127.0.0.1"]
    assert [is_allowed(one, networks) for one in tried] == [True, True, True, True, False, False]


@pytest.mark.parametrize(
    "address", ["", "calendars", "ftp://a.example/x", "file:///etc/passwd", "https://", "http://[::1"]
)
def test_address_of_another_scheme_is_refused(address: str) -> None:
    with pytest.raises(FetchError) as caught:
        checked_address(address)
    assert caught.value.key == "fetch.address"


def test_webcal_is_https() -> None:
    assert checked_address(" webcal://a.example/x.ics?key=1 ") == "https://a.example/x.ics?key=1"


def test_file_is_fetched_with_what_is_known_of_it_and_not_again() -> None:
    def conditional(headers: dict[str, str]) -> Answer:
        if (
            headers.get("if-none-match") == '"1"'
            and headers.get("if-modified-since") == "Mon, 23 Nov 2026 12:00:00 GMT"
        ):
            return Answer("304 Not Modified", pieces=[])
        known = {"ETag": '"1"', "Last-Modified": "Mon, 23 Nov 2026 12:00:00 GMT"}
        return Answer(headers={**known, "Content-Type": 'text/calendar; charset="KOI8-R"; x=y'})

    async def go() -> tuple[Fetched, Fetched, FaultyServer]:
        async with faulty_server() as server:
            server.answers["/a.ics"] = conditional
            first = await fetch(server.url("/a.ics"), limits=LIMITS)
            return first, await fetch(server.url("/a.ics"), first.known, LIMITS), server

    first, again, server = asyncio.run(go())
    assert (first.body, first.charset) == (CALENDAR, "koi8-r")
    assert (again.body, again.known) == (None, first.known)
    assert server.asked[0][1]["host"] == f"calendars.example.org:{server.port}"
    assert server.asked[0][1]["user-agent"].startswith("duty-teller/")


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_packed_file_is_unpacked(encoding: str) -> None:
    packed = gzip.compress(CALENDAR) if encoding == "gzip" else zlib.compress(CALENDAR)
    assert fetched({"/a.ics": Answer(headers={"Content-Encoding": encoding}, pieces=[packed])}).body == CALENDAR


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer("404 Not Found"), "status"),
        (Answer("500 Oops"), "status"),
        (Answer("204 No Content", pieces=[]), "status"),
        (Answer("304 Not Modified", pieces=[]), "status"),
        (Answer(headers={"Content-Length": "65537"}), "too_large"),
        (Answer(headers={"Content-Length": "9999"}), "broken"),
        (Answer(headers={"Content-Encoding": "br"}), "broken"),
        (Answer(headers={"Content-Encoding": "gzip"}), "broken"),
        (Answer(headers={"Content-Encoding": "gzip"}, pieces=[bomb(0)[:-9]]), "broken"),
        (Answer("200 OK\r\nno header"), "broken"),
        (Answer(endless=b"x" * 4096), "too_large"),
        (moved("ftp://a.example/x"), "address"),
        (moved("/a.ics"), "redirects"),
    ],
)
def test_answer_that_is_none_is_refused(answer: Answer, why: str) -> None:
    assert refused({"/a.ics": answer}) == why


@pytest.mark.parametrize("answer", [Answer(pieces=[None]), Answer(pieces=[CALENDAR[:40], None])], ids=["head", "body"])
def test_slow_answer_ends_in_time(answer: Answer) -> None:
    assert refused({"/a.ics": answer}, limits=HURRY) == "slow"


def test_bomb_is_never_unpacked() -> None:
    packed = Answer(headers={"Content-Encoding": "gzip"}, pieces=[bomb(64)])  # 64 KiB of them
    tracemalloc.start()
    try:
        assert refused({"/a.ics": packed}, limits=Limits(20.0, 2**20, networks=HERE, resolve=here)) == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


def test_redirects_are_counted_followed_and_looked_at_each_anew() -> None:
    async def go(path: str, limits: Limits = LIMITS) -> FaultyServer:
        async with faulty_server() as server:
            away = moved(f"//other.example.org:{server.port}/3")
            server.answers |= {"/1": moved("/2"), "/2": away, "/3": Answer()}
            await fetch(server.url(path).replace("http://", "http://dan:s3cret@"), limits=limits)
            return server

    asked = asyncio.run(go("/1")).asked
    login = "Basic " + base64.b64encode(b"dan:s3cret").decode()
    assert [(path, headers.get("authorization")) for path, headers in asked] == [
        ("/1", login),
        ("/2", login),
        ("/3", None),
    ]
    with pytest.raises(FetchError) as caught:
        asyncio.run(go("/1", Limits(redirects=1, networks=HERE, resolve=here)))
    assert caught.value.key == "fetch.redirects"


def test_redirect_to_an_address_inside_is_refused() -> None:
    async def by_name(host: str, _port: int) -> list[str]:
        return {"calendars.example.org": ["127.0.0.1"], "inside.example.org": ["127.0.0.2"]}.get(host, [host])

    limits = Limits(20.0, 64 * 1024, networks=HERE, resolve=by_name)
    for to in ("http://inside.example.org/", "http://127.0.0.2/", "http://[::1]/", "http://169.254.169.254/latest"):
        assert refused({"/a.ics": moved(to)}, limits=limits) == "private"


def test_name_that_changes_its_address_is_looked_up_once_a_connection_and_refused_when_it_leads_inside() -> None:
    """The checked address is the one connected to: a second look-up could give another."""
    turn = count()

    async def changing(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"] if next(turn) == 0 else ["127.0.0.2"]

    limits = Limits(20.0, 64 * 1024, networks=HERE, resolve=changing)
    assert fetched({"/a.ics": Answer()}, limits=limits).body == CALENDAR
    assert next(turn) == 1
    assert refused({"/a.ics": Answer()}, limits=limits) == "private"

    async def mixed(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1", "10.0.0.1"]

    assert refused({"/a.ics": Answer()}, limits=Limits(20.0, networks=HERE, resolve=mixed)) == "private"


def test_server_that_is_away_is_told() -> None:
    async def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError("no such host")

    with pytest.raises(FetchError) as caught:
        asyncio.run(fetch("http://a.example/", limits=Limits(5.0, networks=HERE, resolve=nowhere)))
    assert caught.value.key == "fetch.no_answer"
    with pytest.raises(FetchError) as caught:
        asyncio.run(fetch("http://a.example:1/", limits=Limits(5.0, networks=HERE, resolve=here)))
    assert caught.value.key == "fetch.no_answer"


def test_certificate_that_is_none_is_told() -> None:
    async def go() -> None:
        async with faulty_server() as server:
            await fetch(server.url("/a.ics").replace("http:", "https:"), limits=LIMITS)

    with pytest.raises(FetchError) as caught:
        asyncio.run(go())
    assert caught.value.key == "fetch.tls"
