"""The calendars of others over a roster: added, fetched, shown, stale when their server fails, and never lost."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from functools import partial
from ipaddress import ip_network

import pytest
from sqlmodel import Session, select

from duty_teller.config import NamedCalendar
from duty_teller.db.models import ExternalCalendar, ExternalEvent, Roster
from duty_teller.domain.happenings import Expanded
from duty_teller.handlers.background.calendars import Calendars
from duty_teller.handlers.common import App
from duty_teller.i18n import LocalizedError
from duty_teller.importers.readers.foreign_calendar import expand_calendar
from duty_teller.services import calendar_reading
from duty_teller.services.calendars import store
from duty_teller.services.calendars.notes import day_notes
from duty_teller.services.calendars.store import CalendarState
from duty_teller.services.health import Health
from duty_teller.services.texts.calendars import state_text
from duty_teller.utils.http_client import Limits
from tests.faulty_server import CALENDAR, Answer, FaultyServer, bomb, faulty_server
from tests.handlers.conftest import ALICE, World, buttons
from tests.handlers.test_settings import go
from tests.house import NOW, SECRET, House

DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child process is tested elsewhere."""

    async def here(data: bytes, first: date, last: date, timezone: str, charset: str, naming: bool) -> Expanded:
        return expand_calendar(data, first, last, timezone, charset, naming)

    monkeypatch.setattr(calendar_reading, "expand_in_child", here)


@pytest.fixture
def app(house: House) -> App:
    return App(house.settings, house.clock, SECRET, Health())


LIMITS = Limits(seconds=20.0, size=256 * 1024, networks=(ip_network("127.0.0.1/32"),))
HURRY = Limits(seconds=0.3, size=256 * 1024, networks=(ip_network("127.0.0.1/32"),))


def state(house: House) -> CalendarState:
    (found,) = house.read(store.calendars)
    return found


def titles(house: House) -> list[str]:
    def look(session: Session) -> list[str]:
        return [one.text for one in day_notes(session, session.get_one(Roster, 1), DAY, DAY, "en").get(DAY, ())]

    return house.read(look)


def played(house: House, app: App, play: Callable[[FaultyServer, int], Awaitable[None]]) -> FaultyServer:
    async def go() -> FaultyServer:
        async with faulty_server() as server:
            url = server.url("/a.ics?key=s3cret", "127.0.0.1")
            number = house.write(lambda s: store.add(s, 1, "Fairs", url, NOW))
            await play(server, number)
            return server

    return asyncio.run(go())


FAULTS = {
    "redirect loop": (Answer("302 Found", {"Location": "/a.ics?key=s3cret"}, []), LIMITS, "fetch.redirects"),
    "redirect inside": (Answer("302 Found", {"Location": "http://127.0.0.2/"}, []), LIMITS, "fetch.private"),
    "slow body": (Answer(pieces=[CALENDAR[:50], None]), HURRY, "fetch.slow"),
    "endless body": (Answer(endless=b"x" * 4096), LIMITS, "fetch.too_large"),
    "gzip bomb": (Answer(headers={"Content-Encoding": "gzip"}, pieces=[bomb(2)]), LIMITS, "fetch.too_large"),
    "a page": (Answer(pieces=[b"<html><title>Log in</title></html>"]), LIMITS, "calendars.none"),
    "gone": (Answer("404 Not Found"), LIMITS, "fetch.status"),
}


def test_every_fault_leaves_the_last_good_copy_and_is_told(house: House, app: App) -> None:
    async def play(server: FaultyServer, number: int) -> None:
        path = "/a.ics?key=s3cret"
        server.answers[path] = Answer(headers={"ETag": '"1"'})
        await calendar_reading.refresh(app, number, LIMITS)
        assert titles(house) == ["Town fair"]
        for name, (answer, limits, why) in FAULTS.items():
            server.answers[path] = answer
            house.clock.move(hours=1)
            await calendar_reading.refresh(app, number, limits)
            found = state(house)
            assert (found.trouble, found.good_at, titles(house)) == (why, NOW, ["Town fair"]), name
            for lang in ("en", "ru"):
                text = state_text(lang, found, NOW + timedelta(days=7))
                assert ("s3cret" in text, "7 " in text.split("\n")[1]) == (False, True)
        server.answers[path] = Answer()
        await calendar_reading.refresh(app, number, LIMITS)
        assert (state(house).trouble, titles(house)) == ("", ["Town fair"])

    played(house, app, play)


def test_calendar_that_is_gone_for_a_week_is_asked_less_and_less_and_comes_back(house: House, app: App) -> None:
    async def play(server: FaultyServer, number: int) -> None:
        job = Calendars(app)
        server.answers["/a.ics?key=s3cret"] = Answer()
        await calendar_reading.refresh(app, number, LIMITS)
        del server.answers["/a.ics?key=s3cret"]
        server.asked.clear()
        for _step in range(7 * 24 * 12):
            house.clock.move(minutes=5)
            if house.read(partial(store.due, now=house.clock())):
                await calendar_reading.refresh(app, number, LIMITS)
        assert 28 <= len(server.asked) <= 40
        assert (state(house).trouble_args, titles(house)) == ({"status": 404}, ["Town fair"])
        server.answers["/a.ics?key=s3cret"] = Answer()
        house.clock.move(hours=6)
        await job()  # with the limits of the settings
        assert (state(house).trouble, titles(house)) == ("fetch.private", ["Town fair"])

    played(house, app, play)


def test_unchanged_calendar_is_asked_for_with_what_is_known_of_it(house: House, app: App) -> None:
    def conditional(headers: dict[str, str]) -> Answer:
        same = headers.get("if-none-match") == '"1"'
        return Answer("304 Not Modified", pieces=[]) if same else Answer(headers={"ETag": '"1"'})

    async def play(server: FaultyServer, number: int) -> None:
        server.answers["/a.ics?key=s3cret"] = conditional
        for _turn in range(2):
            await calendar_reading.refresh(app, number, LIMITS)
            house.clock.move(hours=1)
        assert (state(house).good_at, titles(house)) == (NOW + timedelta(hours=1), ["Town fair"])
        house.write(lambda s: setattr(s.get_one(Roster, 1), "timezone", "Asia/Tokyo"))
        await calendar_reading.refresh(app, number, LIMITS)  # its days are others now: read whole

    asked = played(house, app, play).asked
    assert [headers.get("if-none-match") for _path, headers in asked] == [None, '"1"', None]


def test_setting_adds_calendars_to_their_rosters_and_alone_removes_them(house: House) -> None:
    named = (
        NamedCalendar("", "Fairs", "https://a.example/1"),
        NamedCalendar("Network", "Releases", "https://a.example/2"),
    )

    def follow(wanted: tuple[NamedCalendar, ...]) -> list[str]:
        house.write(lambda s: store.follow_setting(s, wanted, NOW))
        assert house.read(lambda s: store.follows_setting(s, wanted))
        return [f"{one.roster}/{one.name}" for one in house.read(store.calendars)]

    assert not house.read(lambda s: store.follows_setting(s, named))
    assert follow(named) == ["/Fairs"]
    house.write(lambda s: setattr(s.get_one(Roster, 1), "name", "network"))
    assert follow(named) == ["network/Fairs", "network/Releases"]
    with pytest.raises(LocalizedError) as caught:
        house.write(lambda s: store.remove(s, 1))
    assert caught.value.key == "calendars.of_setting"
    house.write(lambda s: s.add(ExternalEvent(calendar_id=1, first_day=DAY, last_day=DAY, title="x")))
    assert follow(named[1:]) == ["network/Releases"]
    assert house.read(lambda s: s.exec(select(ExternalEvent)).all()) == []
    moved = (NamedCalendar("Network", "Releases", "https://a.example/3"),)
    assert follow(moved) == ["network/Releases"]
    assert house.read(lambda s: [one.url for one in s.exec(select(ExternalCalendar))]) == ["https://a.example/3"]


@pytest.mark.parametrize(
    ("name", "address", "why"),
    [
        ("", "https://a.example/", "calendars.name"),
        ("x" * 61, "https://a.example/", "calendars.name"),
        ("fairs", "https://a.example/", "calendars.taken"),
        ("Releases", "file:///etc/passwd", "fetch.address"),
    ],
)
def test_calendar_that_cannot_be_added_is_refused(house: House, name: str, address: str, why: str) -> None:
    house.write(lambda s: store.add(s, 1, "Fairs", "https://a.example/", NOW))
    with pytest.raises(LocalizedError) as caught:
        house.write(lambda s: store.add(s, 1, name, address, NOW))
    assert caught.value.key == why


def test_calendar_is_added_in_settings_read_at_once_shown_and_removed(world: World) -> None:
    """Through the bot: the address is read, found to lead inside, and never repeated."""
    shown = go(world, world.say(ALICE, "/settings"), "Other calendars")
    assert list(buttons(shown)) == ["Add a calendar", "‹ Back"]
    go(world, shown, "Add a calendar")
    assert world.say(ALICE, "Fairs")["text"].startswith("I need a name and a link")
    added = world.say(ALICE, "Town fairs: webcal://127.0.0.1/a.ics?key=s3cret")
    why = "the address leads into a private network, where I'm not allowed to look"
    refused = f"🟡 Town fairs (127.0.0.1)\nCan't update: {why}"
    assert added["text"] == refused
    assert list(buttons(added)) == ["Read it now", "Remove", "Count as absences", "‹ Back"]
    status = world.say(ALICE, "/status")["text"]
    assert f"🗓 1 other calendar\n• {refused}" in status
    assert "s3cret" not in status
    assert go(world, added, "Remove")["text"].startswith("🗓 Other calendars\n\nNone yet.")
    assert world.rows("SELECT count(*) FROM external_calendars") == [(0,)]
