"""A start in its order: health, the whole web part and READY, the bot; and what ends it in between."""

import socket

import httpx
import pytest

from tests.faults.conftest import Faulty

HELD = """
import os, sys, time
from duty_teller.api.server import WebPart
build = WebPart._build
def held(self, first):
    while not os.path.exists("now"):
        time.sleep(0.02)
    return build(self, first)
WebPart._build = held
"""


def asked(faulty: Faulty, path: str, timeout: float) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{faulty.port}{path}", timeout=timeout, verify=False)


def launched(faulty: Faulty, code: str) -> None:
    faulty.break_with(code)
    with (faulty.folder / "log").open("ab") as log:
        faulty.launch(log)


def test_health_comes_first_then_the_web_part_then_ready(faulty: Faulty, systemd: socket.socket) -> None:
    launched(faulty, HELD)
    faulty.wait_for_state("starting")

    assert faulty.health()["web"] == {"state": "loading"}
    with pytest.raises(httpx.ReadTimeout):
        asked(faulty, "/readyz", 0.3)
    systemd.setblocking(False)
    with pytest.raises(BlockingIOError):
        systemd.recv(4096)

    faulty.break_now()

    assert asked(faulty, "/readyz", 20).json()["ready"] is True
    systemd.setblocking(True)
    assert systemd.recv(4096) == b"READY=1"
    faulty.wait_for_state("polling")
    assert faulty.health()["web"] == {"state": "serving"}
    assert faulty.end() == 0


def test_process_ends_when_it_is_told_to_while_it_loads(faulty: Faulty) -> None:
    launched(faulty, HELD)
    faulty.wait_for_state("starting")

    assert faulty.end() == 0


def test_web_part_that_cannot_be_loaded_ends_the_process(faulty: Faulty) -> None:
    launched(faulty, HELD + "from duty_teller.api import app\ndel app.create_app\n")
    faulty.wait_for_state("starting")
    faulty.break_now()

    assert faulty.process is not None
    assert faulty.process.wait(20) == 1
    assert "create_app" in faulty.log()
