"""A half that dies takes the process with it, its cause in the log and a code that makes systemd start it again."""

import signal
import socket
import time

import pytest

from duty_teller.run import EXIT_ENDED
from duty_teller.services.health import PATIENCE, POLLING_PATIENCE, Health
from duty_teller.services.supervision import PartDiedError, Watch
from tests.faults.conftest import Faulty, wait_for

HALVES = {
    "web cancelled": ("task_of('WebPart.serve').cancel()", "the web part ended: it was cancelled"),
    "bot cancelled": ("task_of('BotPart.run').cancel()", "the bot ended: it was cancelled"),
    "watch cancelled": ("task_of('Watch.run').cancel()", "the watch ended: it was cancelled"),
}


@pytest.mark.parametrize("half", HALVES)
def test_half_that_ends_ends_the_process(faulty: Faulty, half: str) -> None:
    act, said = HALVES[half]
    faulty.break_with(f"when_it_runs(lambda: {act})")
    faulty.start()
    faulty.break_now()

    assert faulty.process is not None
    assert faulty.process.wait(10) == EXIT_ENDED
    assert said in faulty.log()


RAISING = {
    "the web part": (
        "import duty_teller.api.server as r\nasync def die(self):\n    await asyncio.sleep(1)\n"
        "    raise OSError('a lost socket')\n"
        "r._Server.main_loop = die",
        "the web part ended: OSError",
    ),
    "the bot": (
        "from duty_teller.handlers.transport import command_lists as c\n"
        "async def die(*_):\n    raise ValueError('a bad day')\nc.keep_publishing = die",
        "the bot ended: ValueError",
    ),
}


@pytest.mark.parametrize("half", RAISING)
def test_half_that_raises_ends_the_process_with_its_traceback(faulty: Faulty, half: str) -> None:
    code, said = RAISING[half]
    faulty.break_with(code)
    with (faulty.folder / "log").open("ab") as log:
        faulty.launch(log)

    assert faulty.process is not None
    assert faulty.process.wait(20) == EXIT_ENDED
    assert said in faulty.log()
    assert "Traceback" in faulty.log()


def test_who_takes_updates_dies_and_the_process_ends(faulty: Faulty) -> None:
    faulty.environment["WATCHDOG_USEC"] = "900000"  # looks more often; nobody listens
    faulty.break_with("when_it_runs(lambda: task_of('Application._update_fetcher').cancel())")
    faulty.start()
    faulty.break_now()

    assert faulty.process is not None
    assert faulty.process.wait(10) == EXIT_ENDED
    assert "the watch ended: nobody takes what Telegram sends any more" in faulty.log()


def test_job_queue_that_stops_ends_the_process(faulty: Faulty) -> None:
    faulty.environment["WATCHDOG_USEC"] = "900000"
    faulty.break_with(
        "from duty_teller.handlers.background.job_queue import SteadyScheduler as S\nmade, init = [], S.__init__\n"
        "S.__init__ = lambda self, **options: (made.append(self), init(self, **options))[1]\n"
        "when_it_runs(lambda: made[0].shutdown(wait=False))"
    )
    faulty.start()
    faulty.break_now()

    assert faulty.process is not None
    assert faulty.process.wait(10) == EXIT_ENDED
    assert "the watch ended: the JobQueue does not run any more" in faulty.log()


def test_tick_and_polling_that_fall_silent_are_dead_and_a_refused_token_is_not() -> None:
    health = Health(started=0.0, telegram="polling", last_attempt=1000.0, last_tick=1000.0)
    watch = Watch(health, lambda: None, lambda: "", monotonic=lambda: now)

    now = 1000.0 + PATIENCE
    watch.look()
    now += 1
    with pytest.raises(PartDiedError, match="the tick does not run"):
        watch.look()

    health.last_tick = now = 1000.0 + POLLING_PATIENCE
    watch.look()
    health.last_tick = now = now + 1
    with pytest.raises(PartDiedError, match="nobody polls Telegram"):
        watch.look()
    health.telegram = "bad_token"
    watch.look()


# --- the watchdog ----------------------------------------------------------------------------------------------------


def feeds_within(listener: socket.socket, seconds: float) -> int:
    """How often the watchdog is fed from now on."""
    listener.setblocking(False)
    while True:  # what has come so far does not count
        try:
            listener.recv(4096)
        except BlockingIOError:
            break
    time.sleep(seconds)
    fed = 0
    while True:
        try:
            fed += listener.recv(4096).startswith(b"WATCHDOG=1")
        except BlockingIOError:
            return fed


def test_watchdog_is_fed_while_all_live_and_not_by_a_loop_that_hangs(faulty: Faulty, systemd: socket.socket) -> None:
    faulty.break_with("import time\nwhen_it_runs(lambda: time.sleep(3))")
    faulty.start()
    assert systemd.recv(4096) == b"READY=1"
    assert feeds_within(systemd, 2) >= 2

    faulty.break_now()
    time.sleep(0.2)

    assert feeds_within(systemd, 2) == 0
    wait_for(lambda: feeds_within(systemd, 0.5) > 0)  # the hang was over in time
    assert faulty.end() == 0


def test_watchdog_is_not_fed_while_the_database_does_not_answer(faulty: Faulty, systemd: socket.socket) -> None:
    faulty.break_with(
        "import os, sqlite3\nfrom duty_teller.db import repository\nrevisions = repository.revisions\n"
        "def broken(session):\n    if os.path.exists('now'):\n"
        "        raise sqlite3.DatabaseError('disk image is malformed')\n"
        "    return revisions(session)\nrepository.revisions = broken"
    )
    faulty.start()
    assert feeds_within(systemd, 2) >= 2

    faulty.break_now()
    wait_for(lambda: "the database does not answer: DatabaseError: disk image is malformed" in faulty.log())

    assert feeds_within(systemd, 2) == 0
    (faulty.folder / "now").unlink()
    wait_for(lambda: feeds_within(systemd, 0.5) > 0)
    assert "the database answers again" in faulty.log()
    assert faulty.end() == 0


# --- a bot that cannot be built --------------------------------------------------------------------------------------

CAUSES = {
    "a certificate that is not there": ({"SSL_CERT_FILE": "/nowhere/ca.pem"}, "set SSL_CERT_FILE to certificates"),
    "a certificate that is none": ({"SSL_CERT_FILE": "/etc/passwd"}, "set SSL_CERT_FILE to certificates"),
    "a proxy by socks": ({"HTTPS_PROXY": "socks5://u:hunter2@127.0.0.1:1"}, "set HTTPS_PROXY to an http proxy: socks"),
    "a proxy of no known kind": ({"ALL_PROXY": "foo://u:hunter2@proxy"}, "set ALL_PROXY to an address such as"),
    "a proxy that is no address": ({"https_proxy": "http://hunter2@[::1"}, "set https_proxy to an address such as"),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_bot_that_cannot_be_built_is_said_at_once_and_ends_the_process(faulty: Faulty, cause: str) -> None:
    changed, said = CAUSES[cause]
    faulty.environment |= changed
    faulty.break_with("from duty_teller import run\nrun._SHOWN = 3.0")  # not ten seconds
    faulty.start("failed")

    health = faulty.health()
    assert said in health["telegram"]["detail"]
    assert health["status"] == "degraded"
    assert health["problems"] == [f"Telegram: {health['telegram']['detail']}"]
    wait_for(lambda: "the bot cannot be built: " + said in faulty.log())  # the log has a thread of its own
    assert "Traceback" not in faulty.log()
    assert faulty.process is not None
    assert faulty.process.wait(20) == EXIT_ENDED
    assert "the bot ended: " + said in faulty.log()
    assert "hunter2" not in faulty.log() + str(health)


def test_signal_while_a_bot_that_cannot_be_built_is_shown_ends_with_code_0(faulty: Faulty) -> None:
    faulty.environment["SSL_CERT_FILE"] = "/nowhere/ca.pem"
    faulty.start("failed")

    assert faulty.end(signal.SIGTERM) == 0
