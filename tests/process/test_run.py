"""`duty-teller run`: it starts without Telegram, says what is wrong, and ends with code 0 whatever is going on."""

import re
import signal
import socket
import sqlite3
import subprocess
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn, run_in_thread
from duty_teller.bot_api_stand_in.client import StandInClient
from tests.handlers.conftest import feed_address
from tests.process.conftest import ALICE, DAN, GROUP, PROGRAM, Service, roster_json, wait_for

TOKEN_SECRET = DEFAULT_TOKEN.partition(":")[2]


@pytest.mark.usefixtures("afresh")
def test_run_without_network_picks_telegram_up_when_it_comes(terminal: Service) -> None:
    terminal.start("connecting")
    assert httpx.get(f"http://127.0.0.1:{terminal.port}/api/now", verify=False).status_code == 401

    port = int(terminal.environment["BOT_API_BASE_URL"].rpartition(":")[2])
    with run_in_thread(StandIn(), port) as chat:
        terminal.wait_for_state("polling")
        chat.add_user(ALICE, "Alice")
        sent = chat.send_text(ALICE, "/start")
        chat.wait_for_message(ALICE, "Hello, Alice!", after_id=sent["message_id"])
        wait_for(lambda: chat.commands("all_group_chats", "ru"))

    assert terminal.end() == 0
    assert TOKEN_SECRET not in terminal.log()
    assert "Traceback" not in terminal.log()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_with_code_0_while_telegram_hangs(service: Service, chat: StandInClient, number: int) -> None:
    service.start()
    chat.fault("sendMessage", "hang", times=0)
    chat.send_text(ALICE, "/start")
    wait_for(lambda: chat.calls("sendMessage"))
    chat.fault("getUpdates", "hang", times=0)
    polls = len(chat.calls("getUpdates"))
    chat.send_text(ALICE, "/start")  # ends the poll that is under way; the next one hangs
    wait_for(lambda: len(chat.calls("getUpdates")) > polls)

    assert service.end(number) == 0
    assert "Traceback" not in service.log()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_with_code_0_while_telegram_is_away(terminal: Service, number: int) -> None:
    terminal.start("connecting")

    assert terminal.end(number) == 0
    assert "Traceback" not in terminal.log()


def test_signal_ends_with_code_0_while_the_first_call_hangs(service: Service, chat: StandInClient) -> None:
    chat.fault("getMe", "hang", times=0)
    service.start("connecting")
    wait_for(lambda: chat.calls("getMe"))

    assert service.end() == 0


@pytest.mark.usefixtures("afresh")
def test_signal_before_it_serves_ends_with_code_0(terminal: Service) -> None:
    terminal.process = subprocess.Popen([*PROGRAM, "run"], env=terminal.environment, cwd=terminal.folder)
    wait_for((terminal.folder / "data").exists)

    assert terminal.end() == 0
    assert terminal.command("migrate").returncode == 0


def preview(service: Service, chat: StandInClient, people: dict[str, str]) -> int:
    """Sends a roster and returns the message with the preview."""
    sent = chat.send_document(ALICE, "roster.json", roster_json(date(2026, 11, 2), people))
    shown = chat.wait_for_message(ALICE, "Would add", after_id=sent["message_id"], timeout=30)
    return int(shown["message_id"])


def test_signal_while_an_import_waits_to_write_leaves_nothing_of_it(service: Service, chat: StandInClient) -> None:
    service.start()
    message = preview(service, chat, {"Dan Duty": "ББ"})
    other = sqlite3.connect(service.folder / "data" / "duty_teller.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    chat.press(ALICE, message, "✅ Apply")

    code = service.end()
    other.execute("ROLLBACK")
    other.close()

    assert code == 0
    assert service.rows("SELECT count(*) FROM duties") == [(0,)]
    assert service.rows("SELECT count(*) FROM import_drafts") == [(1,)]


def test_signal_while_an_import_is_applied_leaves_all_or_nothing(service: Service, chat: StandInClient) -> None:
    service.start()
    message = preview(service, chat, {f"Person {n}": "Б" * 390 for n in range(25)})
    chat.press(ALICE, message, "✅ Apply")

    assert service.end() == 0

    counts = service.rows(
        "SELECT (SELECT count(*) FROM duties), (SELECT count(*) FROM schedule_change_items), "
        "(SELECT count(*) FROM schedule_changes), (SELECT count(*) FROM users WHERE telegram_user_id IS NULL), "
        "(SELECT value FROM revisions WHERE name = 'schedule:1')"
    )
    assert counts in ([(9750, 9750, 1, 25, 1)], [(0, 0, 0, 0, 0)], [(0, 0, 0, 0, None)])
    assert service.rows("PRAGMA integrity_check") == [("ok",)]


def test_signal_while_a_file_is_fetched_ends_with_code_0(service: Service, chat: StandInClient) -> None:
    service.start()
    chat.fault("download", "hang")
    sent = chat.send_document(ALICE, "roster.json", b"{}")
    chat.wait_for_message(ALICE, "Reading", after_id=sent["message_id"])

    assert service.end() == 0


@pytest.mark.usefixtures("afresh")
def test_wrong_configuration_is_reported_whole_without_a_secret(terminal: Service) -> None:
    wrong = {
        "BOT_TOKEN": "12345:hunter2 hunter2",
        "HTTP_PORT": "eighty",
        "DUTY_DISPLAY_TZ": "Mars/Olympus",
        "MINI_APP_BASE_URL": "http://duty.example.org",
        "ADMIN_IDS": "alice",
        "DATABASE_URL": "mysql://root:hunter2@db/duty",
        "DEFAULT_LANGUAGE": "tlh",
        "BOT_API_BASE_URL": "telegram",
        "LOG_LEVEL": "LOUD",
    }

    done = terminal.command("run", **wrong)

    assert done.returncode == 78
    assert {line.strip().partition(":")[0] for line in done.stderr.splitlines()[1:]} == set(wrong)
    assert "hunter2" not in done.stderr + done.stdout
    assert not (terminal.folder / "data").exists()


@pytest.mark.usefixtures("afresh")
def test_missing_token_and_admins_are_both_named(terminal: Service) -> None:
    done = terminal.command("run", BOT_TOKEN=None, ADMIN_IDS=None)

    assert done.returncode == 78
    assert [line.strip().partition(":")[0] for line in done.stderr.splitlines()[1:]] == ["BOT_TOKEN", "ADMIN_IDS"]


@pytest.mark.usefixtures("afresh")
def test_port_in_use_is_said_in_one_line(terminal: Service) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", terminal.port))
        taken.listen()

        done = terminal.command("run")

    assert done.returncode == 1
    assert done.stderr == "duty-teller: cannot listen (HTTP_HOST, HTTP_PORT): Address already in use\n"


def test_token_refused_keeps_the_web_part_up(service: Service) -> None:
    service.environment["BOT_TOKEN"] = "1000000009:AAF-some-other-token-of-somebody-else-00"
    service.start("bad_token")

    assert service.wait_for_state("bad_token")["detail"] == "Telegram refuses BOT_TOKEN"
    assert httpx.get(f"http://127.0.0.1:{service.port}/", verify=False).status_code == 200
    assert "take a new one from @BotFather" in service.log()
    assert "AAF-some-other" not in service.log()
    assert service.end() == 0


def test_another_poller_shows_in_the_health_answer(service: Service, chat: StandInClient) -> None:
    chat.fault(
        "getUpdates", "refuse", times=0, code=409, description="Conflict: terminated by other getUpdates request"
    )
    service.start("conflict")

    assert service.wait_for_state("conflict")["detail"] == "another process polls with this token"
    chat.clear_faults()
    chat.send_text(ALICE, "/start")
    service.wait_for_state("polling")
    assert service.end() == 0


def test_no_secret_in_the_log_even_at_debug(service: Service, chat: StandInClient) -> None:
    service.environment["LOG_LEVEL"] = "DEBUG"
    service.start()
    sent = chat.send_text(ALICE, "/calendar_link")
    answer = chat.wait_for_message(ALICE, after_id=sent["message_id"])
    feeds = [re.sub(r".*/ical/(.*)\.ics", r"\1", feed_address(answer))]
    chat.fault("sendMessage", "drop")
    chat.send_text(ALICE, "/help")
    chat.wait_for_message(ALICE, "didn't accept my answer")
    data = chat.init_data(ALICE)
    assert httpx.get(f"http://127.0.0.1:{service.port}/feed/{feeds[0]}.ics", verify=False).status_code == 200
    page = httpx.get(f"http://127.0.0.1:{service.port}/calendar/{feeds[0]}/google", verify=False)
    assert (page.status_code, "Google Calendar" in page.text) == (200, True)
    headers = {"X-Telegram-Init-Data": data}
    assert httpx.get(f"http://127.0.0.1:{service.port}/api/me", headers=headers, verify=False).status_code == 200
    assert service.end() == 0

    log = service.log()
    assert "serving on" in log
    assert [secret for secret in (TOKEN_SECRET, *feeds, data.rpartition("hash=")[2][:64]) if secret in log] == []


def test_import_by_the_command_line_while_it_runs_reaches_the_pin(service: Service, chat: StandInClient) -> None:
    chat.add_group(GROUP, "Support", members=[ALICE, DAN])
    service.start()
    chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    chat.wait_until(lambda: chat.pinned(GROUP))
    file = service.folder / "roster.json"
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    file.write_bytes(roster_json(yesterday, {"Dan Duty": "ББ", "Alice Admin": "  Б"}))

    done = service.command("import", str(file))

    assert (done.returncode, done.stderr) == (0, "")
    chat.wait_until(lambda: "On duty now: Dan Duty" in (chat.pinned(GROUP) or {"text": ""})["text"])
    assert service.end() == 0
