"""Another process polls with the same token, or Telegram numbers its updates oddly: what can go on goes on."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from telegram.error import NetworkError

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN
from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.handlers.transport.polling import _readable
from tests.faults.conftest import wait_for
from tests.process.conftest import ALICE, DAN, GROUP, Service, roster_json


class OtherPoller:
    """A process of somebody else's that takes the bot's updates."""

    def __init__(self, base_url: str) -> None:
        self._address = f"{base_url}/bot{DEFAULT_TOKEN}/getUpdates"
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._poll)
        self._thread.start()

    def _poll(self) -> None:
        while not self._stopped.is_set():
            httpx.post(self._address, json={"timeout": 1, "offset": -1}, timeout=10)

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()


def import_roster(service: Service, first: str, second: str) -> None:
    """Imports a roster by the command line: one has yesterday and today, the other tomorrow."""
    file = service.folder / "roster.json"
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    file.write_bytes(roster_json(yesterday, {first: "БББ", second: "   Б"}))
    done = service.command("import", "--remove-missing", str(file))
    assert (done.returncode, done.stderr) == (0, "")


def test_two_pollers_pins_go_on_and_the_admins_are_told_once(service: Service, chat: StandInClient) -> None:
    chat.add_group(GROUP, "Support", members=[ALICE, DAN])
    service.start()
    chat.press_start(ALICE)
    chat.wait_for_message(ALICE)
    import_roster(service, "Dan Duty", "Alice Admin")
    chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    chat.wait_until(lambda: "On duty now: Dan Duty" in (chat.pinned(GROUP) or {"text": ""})["text"])
    assert service.health()["status"] == "ok"

    other = OtherPoller(chat.base_url)
    try:
        service.wait_for_state("conflict")
        for names in (("Alice Admin", "Dan Duty"), ("Dan Duty", "Alice Admin")):
            import_roster(service, *names)
            who = f"On duty now: {names[0]}"
            chat.wait_until(lambda who=who: who in (chat.pinned(GROUP) or {"text": ""})["text"])
            health = service.health()
            assert health["telegram"]["state"] == "conflict"  # also while a poll of ours goes well in between
            assert (health["status"], health["problems"]) == (
                "degraded",
                ["Telegram: another process polls with this token"],
            )
        chat.wait_for_message(ALICE, "Another program receives this bot's messages")
    finally:
        other.stop()

    wait_for(lambda: service.health()["status"] == "ok", 60)
    assert sum("Another program" in message["text"] for message in chat.messages(ALICE)) == 1
    assert service.log().count("another process polls with this token") == 1
    assert service.end() == 0


ODD: list[Any] = [
    {"message": {}},
    {"update_id": "7"},
    {"update_id": None},
    {"update_id": True},
    {"update_id": -1},
    {"update_id": 1.5},
    {"update_id": 10**30},
    {"update_id": [7]},
    "text",
    None,
    7,
]


@pytest.mark.parametrize("odd", ODD)
def test_update_without_a_number_is_left_out_and_the_others_are_kept(odd: Any) -> None:
    answer = json.loads(_readable(json.dumps({"ok": True, "result": [odd, {"update_id": 8}]}).encode()))

    assert answer == {"ok": True, "result": [{"update_id": 8}]}
    with pytest.raises(NetworkError):  # the poller waits before it asks for the same again
        _readable(json.dumps({"ok": True, "result": [odd]}).encode())


@pytest.fixture
def odd_telegram() -> Iterator[tuple[str, list[Any], list[str]]]:
    """A Bot API whose answers to getUpdates are given: its address, those answers, and what was sent to people."""
    answers: list[Any] = []
    sent: list[str] = []

    class Api(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            method = self.path.rpartition("/")[2]
            result: Any = True
            if method == "getMe":
                result = {"id": 1, "is_bot": True, "first_name": "Duty", "username": "duty_bot"}
            elif method == "getUpdates":
                result = answers.pop(0) if answers else []
                time.sleep(0.05 if result else 0.3)
            elif method == "sendMessage":
                sent.append(body.decode())
                result = {"message_id": 9, "date": 0, "chat": {"id": ALICE, "type": "private"}}
            payload = json.dumps({"ok": True, "result": result}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", answers, sent
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("odd", [{"message": {}}, {"update_id": "7"}, "text"], ids=str)
def test_odd_numbers_do_not_stop_polling(
    terminal: Service, odd_telegram: tuple[str, list[Any], list[str]], odd: Any
) -> None:
    base, answers, sent = odd_telegram
    terminal.environment["BOT_API_BASE_URL"] = base
    user = {"id": ALICE, "is_bot": False, "first_name": "Alice"}
    message = {"message_id": 1, "date": int(time.time()), "chat": {"id": ALICE, "type": "private"}, "from": user}
    start = {"entities": [{"type": "bot_command", "offset": 0, "length": 6}], "text": "/start"}
    answers += [[odd], [odd], [{"update_id": 5, "message": message | start}, odd]]
    terminal.start()

    wait_for(lambda: any("Hello, Alice!" in body for body in sent) or "Hello%2C+Alice" in "".join(sent), 25)

    wait_for(lambda: terminal.health()["telegram"]["state"] == "polling")
    assert terminal.end() == 0


def test_second_process_serves_http_and_polls_when_the_first_dies(service: Service, chat: StandInClient) -> None:
    service.start()
    assert service.process is not None
    second = Service(service.folder, chat.base_url)
    second.environment["DATA_DIR"] = str(service.folder / "data")
    with (service.folder / "second").open("wb") as log:
        second.launch(log)
    try:
        standing_by = second.wait_for_state("standby")
        assert f"process {service.process.pid} on " in standing_by["detail"]
        assert second.health()["status"] == service.health()["status"] == "ok"
        chat.press_start(ALICE)
        chat.wait_for_message(ALICE, "Hello, Alice!")

        service.process.kill()
        service.process.wait()

        second.wait_for_state("polling")
        chat.send_text(ALICE, "/help")
        chat.wait_for_message(ALICE, "/status")
        said = (service.folder / "second").read_text()
        assert said.count("not polling, only serving HTTP") == said.count("polling from now on") == 1
        assert second.end() == 0
    finally:
        if second.process is not None and second.process.poll() is None:
            second.process.kill()
            second.process.wait()
