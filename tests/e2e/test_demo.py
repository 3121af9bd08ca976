"""`duty-teller demo`, as somebody who tries it out sees it."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import httpx
from icalendar import Calendar
from playwright.sync_api import expect, sync_playwright

from tests.browser import launch
from tests.e2e.conftest import free_port, program
from tests.process.conftest import wait_for


def test_demo_prints_addresses_that_work(tmp_path: Path) -> None:
    taken = free_port()
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "HTTP_PORT": str(taken)}
    output = tmp_path / "out"
    with output.open("wb") as file:
        demo = subprocess.Popen([*program(), "demo"], env=environment, cwd=tmp_path, stdout=file, stderr=file)
    try:
        said = _wait_for(output, "Ctrl-C ends it.", demo)
        admin, member = re.findall(r"http://\S+/open/\d+", said)
        feeds = re.findall(r"http://\S+\.ics", said)
        assert [len(Calendar.from_ical(httpx.get(url).text).events) > 5 for url in feeds] == [True, True]
        assert f"http://127.0.0.1:{taken}" in feeds[0]
        with sync_playwright() as playwright:
            chromium = launch(playwright)
            for address, role in ((admin, "admin"), (member, "user")):
                page = chromium.new_page()
                page.route("https://telegram.org/**", lambda route: route.abort())
                with page.expect_response("**/api/me") as answer:
                    page.goto(address)
                assert answer.value.json()["role"] == role
                expect(page.get_by_text("Dan Dutton").first).to_be_visible()
            chromium.close()
    finally:
        demo.send_signal(signal.SIGINT)
        assert demo.wait(10) == 0
    assert list(tmp_path.glob("duty-teller-demo-*")) == []


def test_demo_takes_another_port_when_its_own_is_taken(tmp_path: Path) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        environment = {"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path), "HTTP_PORT": str(port)}
        output = tmp_path / "out"
        with output.open("wb") as file:
            demo = subprocess.Popen([*program(), "demo"], env=environment, cwd=tmp_path, stdout=file, stderr=file)
        try:
            said = _wait_for(output, "Starting the demo on", demo)
            assert f":{port} " not in said
            wait_for(lambda: list(tmp_path.glob("duty-teller-demo-*/duty_teller.db")))  # it is being migrated
        finally:
            demo.send_signal(signal.SIGTERM)
            assert demo.wait(10) == 0
    assert list(tmp_path.glob("duty-teller-demo-*")) == []


def _wait_for(output: Path, text: str, process: "subprocess.Popen[bytes]") -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        said = output.read_text(errors="replace")
        if text in said:
            return said
        assert process.poll() is None, said
        time.sleep(0.1)
    raise AssertionError(output.read_text(errors="replace"))
