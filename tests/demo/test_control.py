"""The control door: over HTTP with the client, and shut for everybody who is not on this machine."""

import socket
import subprocess
import sys
import threading

import httpx
import pytest

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn
from duty_teller.bot_api_stand_in.client import StandInClient, StandInError
from tests.demo.conftest import ALICE, DAN, GROUP


def api(client: StandInClient, method: str, **params: object) -> httpx.Response:
    return httpx.post(f"{client.base_url}/bot{DEFAULT_TOKEN}/{method}", json=params)


def test_client_acts_and_looks(client: StandInClient) -> None:
    client.add_group(GROUP, "Team", [ALICE, DAN])
    client.send_text(ALICE, "/start")
    sent = api(client, "sendMessage", chat_id=GROUP, text="On duty: Dan").json()["result"]
    api(client, "pinChatMessage", chat_id=GROUP, message_id=sent["message_id"])

    assert client.wait_for_message(GROUP, "On duty")["message_id"] == sent["message_id"]
    assert client.pinned(GROUP)["text"] == "On duty: Dan"  # type: ignore[index]
    assert client.last_message(GROUP)["text"] == "On duty: Dan"  # type: ignore[index]
    assert [call["method"] for call in client.calls()] == ["sendMessage", "pinChatMessage"]
    first = client.calls("sendMessage")[0]
    assert (first["params"]["text"], first["code"]) == ("On duty: Dan", 200)
    assert client.calls(since=first["number"])[0]["method"] == "pinChatMessage"
    client.clear_calls()
    assert client.calls() == []


def test_wish_that_is_repeated_or_meant_for_another_demo_is_not_done_again(client: StandInClient) -> None:
    """The page asks again where an answer was lost; it cannot know whether it was done."""
    wish = {"user_id": ALICE, "text": "/duty", "once": "a"}
    url = f"{client.base_url}/_control/send_text"
    first, again = (httpx.post(url, json=wish).json() for _ in range(2))
    assert first == again
    late = httpx.post(url, json={**wish, "once": "b", "world": "a demo that has ended"})
    assert (late.status_code, late.json()["error"]) == (400, "send_text was meant for a demo that has ended")
    assert [message["text"] for message in client.messages(ALICE)] == ["/duty"]


def test_press_returns_the_answer(client: StandInClient) -> None:
    client.send_text(ALICE, "/start")
    markup = {"inline_keyboard": [[{"text": "Apply", "callback_data": "a"}]]}
    message = api(client, "sendMessage", chat_id=ALICE, text="?", reply_markup=markup).json()["result"]

    def answer() -> None:
        offset = 0
        while True:
            for update in api(client, "getUpdates", timeout=5, offset=offset).json()["result"]:
                offset = update["update_id"] + 1
                if "callback_query" in update:
                    query = update["callback_query"]["id"]
                    api(client, "answerCallbackQuery", callback_query_id=query, text="Done", show_alert=True)
                    return

    thread = threading.Thread(target=answer)
    thread.start()
    result = client.press(ALICE, message["message_id"], "Apply")
    thread.join()

    assert result == {"text": "Done", "show_alert": True, "url": ""}


def test_press_without_an_answer_is_none(client: StandInClient) -> None:
    client.send_text(ALICE, "/start")
    markup = {"inline_keyboard": [[{"text": "Apply", "callback_data": "a"}]]}
    message = api(client, "sendMessage", chat_id=ALICE, text="?", reply_markup=markup).json()["result"]
    assert client.press(ALICE, message["message_id"], "Apply", timeout=0.2) is None


def test_wait_for_message_says_what_was_there_instead(client: StandInClient) -> None:
    client.send_text(ALICE, "hi")
    with pytest.raises(TimeoutError, match="no such message in 1001"):
        client.wait_for_message(ALICE, "hello", timeout=0.2)
    assert client.wait_for_message(ALICE, "hi", from_bot=False)["text"] == "hi"


def test_files_travel_both_ways(client: StandInClient) -> None:
    content = bytes(range(256))
    document = client.send_document(ALICE, "a.bin", content)["document"]
    assert client.download(document["file_id"]) == content


def test_every_action_of_the_client_is_known_to_the_stand_in(client: StandInClient) -> None:
    client.add_group(-77, "Small", [ALICE], kind="group")
    client.add_group(GROUP, "Team", [ALICE, DAN], forum=True, bot_rights={"can_pin_messages": True})
    client.press_start(ALICE, "abc")
    client.send_contact(ALICE)
    client.edit_text(ALICE, client.send_text(ALICE, "x")["message_id"], "y")
    thread = client.create_topic(GROUP, "On call")
    client.close_topic(GROUP, thread)
    client.reopen_topic(GROUP, thread)
    client.delete_topic(GROUP, thread)
    client.set_member(GROUP, DAN, "administrator")
    client.set_title(GROUP, "Team 2")
    client.kick_bot(GROUP)
    client.return_bot(GROUP)
    client.set_bot_rights(GROUP, None)
    client.block_bot(ALICE)
    client.fault("getMe", "server_error")
    client.clear_faults()
    client.set_limits(True)
    client.advance_clock(60)
    client.set_mini_app_base_url("http://127.0.0.1:1/")

    assert client.upgrade_to_supergroup(-77) < -1_000_000_000_000
    assert client.commands() == []
    assert client.commands_for(ALICE) == []
    assert client.menu_button(ALICE) == {"type": "commands"}
    assert client.inline_query(ALICE, "x", timeout=0) is None
    assert client.init_data(ALICE, auth_date=1).count("auth_date=1&") == 1
    assert client.web_app_url(ALICE).startswith("http://127.0.0.1:1/#tgWebAppData=")
    with pytest.raises(StandInError, match="no reply keyboard"):
        client.press_keyboard(ALICE, "Yes")


@pytest.mark.parametrize(
    ("action", "arguments", "reason"),
    [
        ("launch_missiles", {}, "no action"),
        ("stop", {}, "no action"),
        ("send_text", {"user_id": ALICE}, "missing a required argument: 'text'"),
        ("send_text", {"user_id": 7, "text": "x"}, "there is no person 7"),
        ("messages", {"chat_id": 7}, "there is no chat 7"),
        ("send_text", {"user_id": ALICE, "text": " "}, "no client sends this text"),
    ],
)
def test_impossible_wishes_are_named(
    client: StandInClient, action: str, arguments: dict[str, object], reason: str
) -> None:
    answer = httpx.post(f"{client.base_url}/_control/{action}", json=arguments)
    assert answer.status_code == 400
    assert reason in answer.json()["error"]


def test_foreign_host_header_is_refused_everywhere(client: StandInClient) -> None:
    for path in ("/", "/_control/messages", f"/bot{DEFAULT_TOKEN}/getMe"):
        for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:80", ""):
            assert httpx.post(client.base_url + path, headers={"host": host}, json={}).status_code in (400, 403)
    for host in ("localhost", "localhost:1", "127.0.0.1", "[::1]:80"):
        answer = httpx.post(f"{client.base_url}/bot{DEFAULT_TOKEN}/getMe", headers={"host": host})
        assert answer.status_code == 200


def test_foreign_page_can_not_post_a_form_to_the_control_door(client: StandInClient) -> None:
    url = f"{client.base_url}/_control/clear_calls"
    assert httpx.post(url, data={"a": "b"}).status_code == 415
    assert httpx.post(url, content=b"{}", headers={"content-type": "text/plain"}).status_code == 415
    assert httpx.get(url).status_code == 405


def test_page_serves_its_own_files_only(client: StandInClient) -> None:
    page = httpx.get(f"{client.base_url}/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for path in ("/../client.py", "/%2e%2e/client.py", "/nothing.js", "/.hidden"):
        assert httpx.get(client.base_url + path).status_code == 404


async def test_it_listens_on_loopback_only_and_says_when_a_port_is_taken() -> None:
    first, second = StandIn(), StandIn()
    await first.start()
    port = int(first.base_url.rpartition(":")[2])
    try:
        with pytest.raises(OSError, match="in use"):
            await second.start(port)
        with socket.socket() as elsewhere, pytest.raises(OSError):
            elsewhere.settimeout(1)
            elsewhere.connect(("127.0.0.2", port))
    finally:
        await first.stop()


def test_it_runs_alone() -> None:
    command = [sys.executable, "-m", "duty_teller.bot_api_stand_in", "--port", "0", "--token", "77:abc"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        try:
            assert httpx.get(f"{address}bot77:abc/getMe").json()["result"]["id"] == 77
        finally:
            process.terminate()
        assert process.wait(10) == 0
