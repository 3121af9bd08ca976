"""`doctor` names what is wrong and what to do; `healthcheck` asks the service; both speak by their exit codes."""

import http.server
import shutil
import sqlite3
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn, run_in_thread
from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.bot_api_stand_in.methods.registry import REGISTRY
from duty_teller.config import Settings
from duty_teller.console.doctor import network, storage
from duty_teller.console.doctor.command import doctor
from duty_teller.console.doctor.finding import Level
from duty_teller.console.healthcheck import healthcheck
from duty_teller.console.telegram_by_hand import BusyError, Telegram
from duty_teller.db import backup
from duty_teller.db.engine import dispose_engine
from duty_teller.db.models import Chat, ExternalCalendar, GroupPin, LinkScope
from duty_teller.db.poll_lock import PollLock
from duty_teller.db.session import session_scope
from duty_teller.services import readiness
from duty_teller.services.feeds import links
from duty_teller.utils.dates import utc_now
from duty_teller.utils.secret_file import load_secret
from tests.api.conftest import serve
from tests.faults.test_two_pollers import OtherPoller
from tests.house import House
from tests.ports import free_port

GROUP = -1001700000000


@pytest.fixture
def telegram() -> Iterator[StandInClient]:
    with run_in_thread(StandIn()) as client:
        client.add_user(1001, "Alice", "alice")
        yield client


@pytest.fixture
def installed(house: House, telegram: StandInClient, monkeypatch: pytest.MonkeyPatch) -> House:
    """An installation as it should be, with a group, a feed and a backup; its service does not run."""
    monkeypatch.setattr(network, "_POLL", 2)
    monkeypatch.setattr(readiness, "LOW_DISK", 0)
    house.clock.now = utc_now()
    port = free_port()
    house.settings = replace(
        house.settings,
        bot_token=DEFAULT_TOKEN,
        bot_api_base_url=telegram.base_url,
        http_port=port,
        mini_app_base_url=f"http://127.0.0.1:{port}",
    )
    telegram.add_group(GROUP, "Support", members=[1001])
    secret = load_secret(house.folder)

    def furnish(session: object) -> None:
        links.get_token(session, secret, house.dan, LinkScope.PERSONAL, house.clock.now)  # type: ignore[arg-type]
        session.add(Chat(id=GROUP, title="Support", trusted=True))  # type: ignore[attr-defined]
        session.flush()  # type: ignore[attr-defined]
        session.add(GroupPin(chat_id=GROUP, roster_id=1, message_id=7))  # type: ignore[attr-defined]

    house.write(furnish)
    by_hand(house, f"INSERT INTO chats (id, title, trusted) VALUES ({GROUP - 1}, 'Backend', 1)")
    backup.make_own(house.url, house.folder, house.clock.now)
    for path in house.folder.iterdir():
        path.chmod(0o700 if path.is_dir() else 0o600)
    house.folder.chmod(0o700)
    return house


def test_healthy_installation_has_nothing_to_say(installed: House, capfd: pytest.CaptureFixture[str]) -> None:
    with serve(installed, installed.settings) as web:
        health = web.app.state.api.health
        health.telegram, health.last_poll = "polling", time.monotonic()
        port = int(web.url.rpartition(":")[2])
        settings = replace(installed.settings, http_port=port, mini_app_base_url=web.url)
        lock = PollLock(installed.url)
        assert not lock.take()

        assert healthcheck(settings) == 0
        code = doctor(settings, installed.clock)
        lock.release()
        said = capfd.readouterr().out
        health.started -= 3600
        (other,) = network.look_whose_service(settings, health.as_json(time.monotonic()))
        elsewhere = list(network.look_at_public_address(settings, utc_now(), {"uptime_seconds": 7}))

    assert (other.level, other.topic) == (Level.FAULT, "port") and str(installed.folder) in other.text, other
    assert [one.level for one in elsewhere] == [Level.FAULT] and "another Duty Teller" in elsewhere[0].text, elsewhere
    assert code == 0, said
    topics = (
        "database",
        "disk",
        "cache",
        "backups",
        "zone",
        "feeds",
        "outbox",
        "service",
        "public address",
        "token",
    )
    for topic in (*topics, "clock", "webhook", "polling", "pins"):
        assert f"ok      {topic}: " in said, said


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """Another program."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Keeps silent."""


@contextmanager
def another_program() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def by_hand(house: House, statement: str) -> None:
    dispose_engine(house.url)
    with closing(sqlite3.connect(house.folder / "duty_teller.db")) as connection:
        connection.execute(statement)
        connection.commit()


PLANTED = (
    "rights: others may read ",
    "disk: ",
    "cache: ",
    "backups: ",
    "zone: the roster has a time zone that is not known: Mars/Olympus",
    "feeds: 1 of 1 calendar links answer 404",
    "calendars: “Holidays” (x) is not read: ",
    "service: nothing listens at ",
    "public address: http://127.0.0.1:",
    "clock: it is 10 min ahead of Telegram's",
    "webhook: Telegram sends this bot's messages to old.example.org",
    "polling: another program takes this bot's messages",
    "pins: Backend: the bot may not pin there",
)


def test_doctor_names_thirteen_planted_faults_each_with_what_to_do(
    installed: House, telegram: StandInClient, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    by_hand(installed, "UPDATE rosters SET timezone = 'Mars/Olympus'")
    overlay = ExternalCalendar(
        roster_id=1,
        name="Holidays",
        url="https://x",
        next_at=installed.clock.now,
        failures=3,
        trouble="import.file.too_heavy",
    )
    installed.write(lambda session: session.add(overlay))
    monkeypatch.setattr(readiness, "LOW_DISK", 2**62)
    (installed.folder / "secret").write_bytes(bytes(32))
    (installed.folder / "cache").write_bytes(b"no folder")
    for path in (installed.folder / backup.FOLDER).iterdir():
        path.write_bytes(path.read_bytes()[:-100])
    telegram.add_group(GROUP - 1, "Backend", members=[1001], bot_rights=None)
    by_hand(installed, f"UPDATE group_pins SET chat_id = {GROUP - 1}")
    monkeypatch.setitem(REGISTRY, "getwebhookinfo", lambda *_: {"url": "https://old.example.org/hook"})
    httpx.post(f"{telegram.base_url}/bot{DEFAULT_TOKEN}/deleteWebhook", json={"drop_pending_updates": True})
    (installed.folder / "duty_teller.db").chmod(0o644)  # last: a connection that is opened takes it back
    other = OtherPoller(telegram.base_url)
    try:
        with another_program() as port:
            settings = replace(installed.settings, mini_app_base_url=f"http://127.0.0.1:{port}")
            code = doctor(settings, lambda: utc_now() + timedelta(minutes=10))
    finally:
        other.stop()

    said = capfd.readouterr().out
    assert code == 2
    for planted in PLANTED:
        line = next((n for n, text in enumerate(said.splitlines()) if text[8:].startswith(planted)), -1)
        assert line >= 0, (planted, said)
        assert said.splitlines()[line].startswith(("FAULT", "WARNING")), (planted, said)
        assert said.splitlines()[line + 1].startswith("        → "), (planted, said)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"good_at": timedelta(days=9)}, "“Holidays” (x) was not read lately: what is shown is 9 d old"),
        ({"good_at": timedelta(hours=30)}, "“Holidays” (x) was not read lately: what is shown is 30 h old"),
        ({}, "“Holidays” (x) was not read yet"),
        (
            {"good_at": timedelta(days=3), "trouble": "import.file.too_heavy"},
            "“Holidays” (x) is not read: This file is too heavy to read",
        ),
        ({"good_at": timedelta(hours=7)}, ""),
    ],
)
def test_doctor_tells_a_calendar_that_is_merely_old(installed: House, state: dict[str, Any], said: str) -> None:
    now = installed.clock.now
    good = {"good_at": now - state["good_at"]} if "good_at" in state else {}
    overlay = ExternalCalendar(roster_id=1, name="Holidays", url="https://x", next_at=now, **(state | good))
    installed.write(lambda session: session.add(overlay))

    found = [one for one in storage.look_inside(installed.settings, now) if one.topic == "calendars"]

    assert len(found) == 1 and found[0].text.startswith(said or "1 of others are read"), found
    assert (found[0].level, bool(found[0].todo)) == ((Level.WARNING, True) if said else (Level.OK, False))


def test_doctor_makes_no_secret_and_tells_which_links_went_with_the_lost_one(installed: House) -> None:
    secret = installed.folder / "secret"
    secret.unlink()

    (found,) = [one for one in storage.look_inside(installed.settings, installed.clock.now) if one.topic == "feeds"]

    assert (found.level, secret.exists()) == (Level.FAULT, False)
    assert found.text.startswith("there is no DATA_DIR/secret, and 1 calendar links were made with one")


def test_doctor_tells_a_refused_token_a_damaged_database_and_a_strange_program(
    installed: House, capfd: pytest.CaptureFixture[str]
) -> None:
    dispose_engine(installed.url)
    database = installed.folder / "duty_teller.db"
    content = bytearray(database.read_bytes())
    content[8192:20480] = b"\xff" * 12288
    database.write_bytes(content)
    with another_program() as port:
        settings = replace(installed.settings, http_port=port, bot_token="1:" + "x" * 35)
        assert healthcheck(settings) == 1
        assert doctor(settings, utc_now) == 2

    said = capfd.readouterr()
    assert "is another program" in said.err
    for text in ("FAULT   database: ", "FAULT   port: another program listens", "FAULT   token: Telegram refuses it"):
        assert text in said.out, said.out


@pytest.mark.parametrize(
    ("plant", "topic", "said", "todo"),
    [
        ("DROP TABLE notices", "database", "tables are missing: notices", "duty-teller restore"),
        (
            "UPDATE alembic_version SET version_num = 'feed'",
            "database",
            "it belongs to another program",
            "DATABASE_URL",
        ),
        ("DELETE FROM alembic_version", "database", "the database has no record of its schema", "duty-teller restore"),
        ("file", "backups", "is no folder: none is made", "move"),
        ("2031", "backups", "1 of a time that is still to come", "clock"),
        ("cut", "database", "the database file is damaged", "duty-teller restore"),
    ],
)
def test_doctor_names_a_planted_fault_and_goes_on(
    installed: House, capfd: pytest.CaptureFixture[str], plant: str, topic: str, said: str, todo: str
) -> None:
    """It ended at a missing table, called a strange schema newer, and missed what lay in the backups' place."""
    backups, database = installed.folder / backup.FOLDER, installed.folder / "duty_teller.db"
    if plant == "file":
        shutil.rmtree(backups)
        backups.write_bytes(b"")
    elif plant == "2031":
        (made,) = backups.iterdir()
        made.rename(backups / "duty-teller-2031-01-01-0300.zip")
    elif plant == "cut":
        dispose_engine(installed.url)
        database.write_bytes(database.read_bytes()[:100_000])
    else:
        by_hand(installed, plant)
    closed = replace(installed.settings, mini_app_base_url="", bot_api_base_url="http://127.0.0.1:1")

    assert doctor(closed, utc_now) == 2

    told = capfd.readouterr().out
    lines = told.splitlines()
    at = next(n for n, line in enumerate(lines) if line[8:].startswith(f"{topic}: ") and said in line)
    assert lines[at].startswith(("FAULT", "WARNING")) and todo in lines[at + 1], told
    assert "FAULT   Telegram: " in told, told
    if plant == "2031":
        assert "WARNING backups: there is none yet" in told, "one of the future is not the last one"


def test_doctor_does_not_take_a_telegram_that_is_busy_for_a_refusal(installed: House, telegram: StandInClient) -> None:
    """A 429 was a token to be replaced, a group without the right to pin, and no webhook."""
    with closing(Telegram(telegram.base_url, DEFAULT_TOKEN)) as asking:
        telegram.fault("getMe", "too_many_requests")
        bot_id, (found,) = network.look_at_telegram(installed.settings, asking, utc_now())
        assert (bot_id, found.level, found.topic) == (0, Level.WARNING, "Telegram")
        for method in ("getWebhookInfo", "getChatMember"):
            telegram.fault(method, "server_error")
        with pytest.raises(BusyError, match="Bad Gateway"):
            network.look_at_webhook(asking)
        with session_scope(installed.url) as session, pytest.raises(BusyError):
            list(network.look_at_groups(session, asking, 1000000001))


def test_newer_schema_is_named_with_the_version_to_install(installed: House, capfd: pytest.CaptureFixture[str]) -> None:
    by_hand(installed, "UPDATE alembic_version SET version_num = '999'")
    by_hand(installed, "PRAGMA user_version = 12003004")

    assert doctor(replace(installed.settings, mini_app_base_url=""), utc_now) == 2
    assert "schema 999 is newer than this program\n        → install duty-teller 12.3.4" in capfd.readouterr().out


def test_healthcheck_works_over_a_unix_socket(installed: House, tmp_path: Path) -> None:
    settings: Settings = replace(installed.settings, http_host=f"unix:{tmp_path}/http.sock")
    assert healthcheck(settings) == 1
    with serve(installed, settings, address=settings.http_host):
        assert healthcheck(settings) == 0


PEM = """-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRK1vsy44gXR4vY3/
UNcFojhGQWq3Hr3HKs5XBx6UKnehRANCAASCNe4D8txn6i8RVAmCx0qxIPEnwwuV
2D6jE9FBeL7dSKIqgQ8vu+1dyrRhAxH2bWl1DhNAFdRmadGn8rdFAgiN
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUFjmmw9Qz8WLYVSwg0+7pO09GYM0wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyOTEyNDAwOFoYDzIxMjYxMTA1
MTI0MDA4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASCNe4D8txn6i8RVAmCx0qxIPEnwwuV2D6jE9FBeL7dSKIqgQ8vu+1d
yrRhAxH2bWl1DhNAFdRmadGn8rdFAgiNo2kwZzAdBgNVHQ4EFgQURhkW2NAMyFQB
vJesiv8v/b+hzhwwHwYDVR0jBBgwFoAURhkW2NAMyFQBvJesiv8v/b+hzhwwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIgVMnCjNZIuSWh8IPDGiRR2laEMkzNAz/d5HObA6IkuPICIQCVc4DtZfzV
fQuMK21Z8yHPOCDzx9IzH7l1q5xU/2223g==
-----END CERTIFICATE-----
"""
"""Of localhost, signed by itself, for a hundred years."""


@contextmanager
def behind_tls(house: House, folder: Path) -> Iterator[Settings]:
    """The service's web part with a certificate that nobody has vouched for, as settings with its address."""
    (folder / "server.pem").write_text(PEM)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "server.pem")

    class Service(Elsewhere):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"web": {"state": "serving"}}')

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield replace(house.settings, mini_app_base_url=f"https://localhost:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()


def test_certificate_that_nobody_trusts_or_that_ends_soon_is_named(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with behind_tls(house, tmp_path) as settings:
        (untrusted,) = network.look_at_public_address(settings, utc_now(), None)

        trusting = ssl.create_default_context(cadata=PEM.partition("-----END PRIVATE KEY-----\n")[2])
        trusting.verify_flags |= 0x200000  # type: ignore[assignment]  # X509_V_FLAG_NO_CHECK_TIME: whatever the clock says
        monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
        client = httpx.Client
        monkeypatch.setattr(network.httpx, "Client", partial(client, verify=trusting))
        address, fine = network.look_at_public_address(settings, utc_now(), None)
        ends = datetime.strptime(fine.text, "valid until %Y-%m-%d").replace(tzinfo=UTC)
        _address, soon = network.look_at_public_address(settings, ends - timedelta(days=13), None)

    assert (untrusted.level, untrusted.topic) == (Level.FAULT, "certificate") and "CERTIFICATE" in untrusted.text
    assert (address.level, fine.level, fine.topic) == (Level.OK, Level.OK, "certificate")
    assert (soon.level, soon.topic) == (Level.FAULT, "certificate") and "renews" in soon.todo


def test_backup_that_is_old_is_named_with_its_age(installed: House, capfd: pytest.CaptureFixture[str]) -> None:
    assert doctor(replace(installed.settings, mini_app_base_url=""), lambda: utc_now() + timedelta(hours=51)) == 2
    assert "FAULT   backups: 1, the last one 51 h old and whole\n        → the log says why" in capfd.readouterr().out
