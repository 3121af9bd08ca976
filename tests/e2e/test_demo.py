"""`duty-teller demo`, as somebody who tries it out sees it."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import httpx
from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import launch
from tests.e2e.conftest import free_port, program
from tests.process.conftest import wait_for


def test_demo_prints_addresses_that_work_and_leads_through_its_five_steps(tmp_path: Path) -> None:
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
            play_page = admin.partition("open/")[0]
            assert play_page.startswith("http://127.0.0.1:")
            page = chromium.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB", color_scheme="dark")
            _take_the_tour(page, play_page, said, environment)
            chromium.close()
    finally:
        demo.send_signal(signal.SIGINT)
        assert demo.wait(10) == 0
    assert list(tmp_path.glob("duty-teller-demo-*")) == []


def _take_the_tour(page: Page, play_page: str, said: str, environment: dict[str, str]) -> None:
    """The five steps, each done as the page says; then the command line beside it, and a new start in Russian."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda entry: complaints.append(entry.text) if "Security Policy" in entry.text else None)
    page.route("https://telegram.org/**", lambda route: route.abort())
    page.goto(play_page)
    steps, pinned, app = page.locator("#steps li"), page.locator("#group .pinned"), page.frame_locator("iframe")
    done, now_in_the_app = page.locator("#steps li.done"), app.locator("#now .name").first
    expect(steps).to_have_count(5)
    expect(page.locator("#bot .message")).to_have_count(0)
    expect(page.locator("#group .message")).to_have_count(1)
    expect(now_in_the_app).to_contain_text("Dan Dutton")
    assert app.locator("html").get_attribute("class") == "dark"
    assert _found_by_axe(page) == []
    page.get_by_role("button", name="Light colours").click()
    expect(app.locator("html")).to_have_class("light")

    page.locator("#bot textarea").fill("who is on duty?")
    page.keyboard.press("Enter")
    expect(done).to_have_count(1)
    expect(page.locator("#bot .message:not(.mine)").last).to_contain_text("Dan Dutton")

    page.locator("#bot").evaluate("""(chat) => {
            const dropped = new DataTransfer();
            dropped.setData("text/x-sample", "ward");
            chat.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
        }""")
    expect(done).to_have_count(2)
    expect(page.locator("#bot .message").last).to_contain_text("Would add")
    assert _found_by_axe(page) == []
    assert _too_small(page) == []
    page.get_by_role("button", name="Show the preview").press("Enter")
    expect(page.locator("#bot").get_by_role("button", name="Apply")).to_be_focused()
    page.keyboard.press("Enter")
    expect(done).to_have_count(3)
    expect(pinned).not_to_contain_text("Dan Dutton")
    expect(now_in_the_app).not_to_contain_text("Dan Dutton")

    before, clock = pinned.inner_text(), page.locator("#clock time").inner_text()
    told = page.locator("#group .message").count()
    page.locator("#hint").get_by_role("button", name="To hand-over").press("Enter")
    expect(done).to_have_count(4)
    expect(pinned).not_to_have_text(before, use_inner_text=True)
    expect(page.locator("#clock")).to_have_attribute("aria-busy", "false")
    assert page.locator("#clock time").inner_text() != clock
    digest = page.locator("#group .message:not(.mine)").last
    expect(digest).to_contain_text(pinned.locator("span").inner_text())
    assert page.locator("#group .message").count() > told

    page.get_by_role("button", name="Be Dan").press("Enter")
    app.locator("#mine summary", has_text="Find cover").first.click()
    app.locator("#mine details[open]").get_by_role("button").click()
    page.get_by_role("button", name="Be Alice").click()
    page.locator("#bot .message", has_text="Dan Dutton needs cover").get_by_role("button").first.click()
    expect(done).to_have_count(5)
    expect(page.locator("#hint")).to_contain_text("That was the tour")

    (folder,) = re.findall(r"DATA_DIR=(\S+)", said)
    before = pinned.inner_text()
    file = Path(environment["TMPDIR"]) / "school.xlsx"
    file.write_bytes(httpx.get(f"{play_page}samples/school.xlsx").content)
    command = [*program(), "import", str(file), "--file-is-newer"]
    beside = subprocess.run(command, env={**environment, "DATA_DIR": folder}, capture_output=True, timeout=60)
    assert (beside.returncode, beside.stderr) == (0, b"")
    expect(pinned).not_to_have_text(before, use_inner_text=True)

    page.get_by_role("button", name="Русский").click()
    page.get_by_role("dialog").get_by_role("button", name="Start over").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Демо Duty Teller")
    expect(pinned).to_contain_text("Дубров Данил")
    expect(steps).to_have_count(5)
    expect(done).to_have_count(0)
    assert not Path(folder).exists()
    assert complaints == []


def _found_by_axe(page: Page) -> list[str]:
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]]


def _too_small(page: Page) -> list[str]:
    """What is to be tapped and has less than 44 px, links inside of messages left out."""
    found: list[str] = page.evaluate("""() => [...document.querySelectorAll("button, a, select, textarea, label")]
            .filter((node) => node.checkVisibility() && !node.closest(".body"))
            .filter((node) => Math.min(node.getBoundingClientRect().width, node.getBoundingClientRect().height) < 43.9)
            .map((node) => node.outerHTML)""")
    return found


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
