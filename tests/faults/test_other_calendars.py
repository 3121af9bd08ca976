"""Calendars of others in the real process: every fault of their server, and what the service is like meanwhile."""

import asyncio
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic

import httpx

from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.bot_api_stand_in.watcher import StandInError
from tests.faults.test_memory import mebibytes
from tests.faulty_server import Answer, FaultyServer, bomb, faulty_server
from tests.process.conftest import ALICE, Service, wait_for

TODAY = datetime.now(UTC).date()
PATH = "/a.ics?key=s3cret"


def calendar(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{event}\r\nEND:VEVENT\r\n" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n".encode()


def event(title: str, at: str, *more: str) -> str:
    return "\r\n".join([f"SUMMARY:{title}", f"DTSTART{at}", *more])


TODAYS = f";VALUE=DATE:{TODAY:%Y%m%d}"
AT_TEN = f"{TODAY:%Y%m%d}T100000"
GOOD = calendar(event("Town fair", TODAYS))
REFUSED = {
    "fetch.redirects": Answer("302 Found", {"Location": PATH}, []),
    "fetch.private": Answer("302 Found", {"Location": "http://127.0.0.2:1/"}, []),
    "fetch.too_large": Answer(endless=b"x" * 65536),
    "fetch.too_large ": Answer(headers={"Content-Encoding": "gzip"}, pieces=[partial(bomb, 300)]),
    "calendars.none": Answer(pieces=[b"<html><title>Log in</title></html>"]),
    "fetch.status": Answer("404 Not Found"),
    "calendars.too_many": Answer(pieces=[calendar(*[event("x", TODAYS)] * 20_001)]),
}
"""What is wrong, as it is told, and what the server does; a bomb is told like any other file that is too large."""
READ = {
    "every second": (
        calendar(event("Town fair", TODAYS), event("x", f":{AT_TEN}Z", "RRULE:FREQ=SECONDLY")),
        "",
        {"Town fair"},
        1,
    ),
    "one broken among thousands": (
        calendar(*[event("Town fair", TODAYS)] * 1500, event("x", ":tomorrow"), *[event("Talk", TODAYS)] * 1500),
        "",
        {"Town fair", "Talk"},
        1,
    ),
    "windows zone, floating time": (
        calendar(event("Windows", f";TZID=Russian Standard Time:{AT_TEN}"), event("Floating", f":{AT_TEN}")),
        "",
        {"Windows", "Floating"},
        0,
    ),
    "wrong charset": (calendar(event("Ярмарка", TODAYS)), "text/calendar; charset=iso-8859-5", {"Ярмарка"}, 0),
}


@contextmanager
def playing() -> Iterator[FaultyServer]:
    """The server on a thread of its own."""
    ready, ended = threading.Event(), asyncio.Event()
    found: list[tuple[FaultyServer, asyncio.AbstractEventLoop]] = []

    async def serve() -> None:
        async with faulty_server() as server:
            found.append((server, asyncio.get_running_loop()))
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(20)
        yield found[0][0]
    finally:
        found[0][1].call_soon_threadsafe(ended.set)
        thread.join(20)


class Health:
    """Asks for the health answer again and again, and keeps how long each took."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/healthz"
        self.took: list[float] = []
        self.failed: list[object] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> "Health":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(60)

    def _ask(self) -> None:
        with httpx.Client(verify=False, timeout=30) as client:
            while not self._ended.wait(0.02):
                begin = monotonic()
                try:
                    status: object = client.get(self._url).status_code
                except httpx.HTTPError as error:
                    status = error
                self.took.append(monotonic() - begin)
                if status != 200:
                    self.failed.append(status)


def pressed(chat: StandInClient, message_id: int, button: str) -> bool:
    """Presses a button, if the message has it by now."""
    with suppress(StandInError):
        chat.press(ALICE, message_id, button, timeout=60)
        return True
    return False


def stored(service: Service, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(Path(service.folder) / "data" / "duty_teller.db")) as connection:
        return connection.execute(question).fetchall()


def titles(service: Service) -> set[object]:
    return {row[0] for row in stored(service, "SELECT title FROM external_events")}


def test_whatever_a_calendars_server_does_the_last_good_copy_stays_and_the_service_is_as_before(
    service: Service, chat: StandInClient
) -> None:
    service.environment["EXTERNAL_CALENDAR_NETWORKS"] = "127.0.0.1/32"
    with playing() as server:
        server.answers[PATH] = Answer(pieces=[GOOD])
        service.start()
        sent = chat.send_text(ALICE, "/settings")
        menu = chat.wait_for_message(ALICE, "", after_id=sent["message_id"])["message_id"]
        wait_for(lambda: pressed(chat, menu, "Other calendars"))
        wait_for(lambda: pressed(chat, menu, "Add a calendar"))
        sent = chat.send_text(ALICE, f"Fairs: {server.url(PATH, '127.0.0.1')}")
        page = chat.wait_for_message(ALICE, "Fairs (127.0.0.1)", after_id=sent["message_id"])
        assert titles(service) == {"Town fair"}
        idle = mebibytes(service)

        def read_again(answer: Answer) -> None:
            before = len(server.asked)
            server.answers[PATH] = answer
            wait_for(lambda: pressed(chat, page["message_id"], "Read it now"))
            wait_for(lambda: len(server.asked) > before)

        def state() -> tuple[object, ...]:
            (row,) = stored(service, "SELECT trouble, failures, left_out FROM external_calendars")
            return (*row, titles(service))

        with Health(service.port) as health:
            for number, (why, answer) in enumerate(REFUSED.items(), start=1):
                read_again(answer)
                wait_for(lambda number=number: state()[1] == number)
                assert (state()[0], titles(service)) == (why.strip(), {"Town fair"})
            for data, content_type, wanted, left_out in READ.values():
                read_again(Answer(headers={"Content-Type": content_type or "text/calendar"}, pieces=[data]))
                wait_for(lambda wanted=wanted, left_out=left_out: state() == ("", 0, left_out, wanted))
        assert health.took and not health.failed
        sys.stdout.write(f"{len(health.took)} health answers, the slowest {max(health.took) * 1000:.0f} ms\n")
        wait_for(lambda: mebibytes(service) < idle + 20, timeout=20)
        assert "s3cret" not in service.log()
    assert service.end() == 0
