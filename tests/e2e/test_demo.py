"""`duty-teller demo`, as somebody who tries it out sees it."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests import axe
from tests.e2e.conftest import program
from tests.ports import free_port
from tests.process import nursery
from tests.process.conftest import wait_for

expect.set_options(timeout=60_000)

WORDS = {
    "en": {"title": "Try Duty Teller", "next": "Send a roster file", "read": "Would add", "team": "Dan Dutton"},
    "ru": {"title": "Демо Duty Teller", "next": "Отправьте график", "read": "Добавить: ", "team": "Дубров Данил"},
}
DESKTOP, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)


def _environment(folder: Path, **more: str) -> dict[str, str]:
    sources = {"PATH": os.environ["PATH"], "PYTHONPATH": str(nursery.SOURCES)}
    return {**sources, "HOME": str(folder), "TMPDIR": str(folder), **more}


@contextmanager
def running_demo(tmp_path: Path, port: int) -> Iterator[str]:
    """A demo that nobody has told a language; yields what it prints. It leaves nothing behind."""
    output = tmp_path / "out"
    with output.open("wb") as file:
        demo = nursery.start([*program(), "demo"], _environment(tmp_path, HTTP_PORT=str(port)), tmp_path, file)
    try:
        yield _wait_for(output, "Ctrl-C ends it.", demo)
    finally:
        demo.send_signal(signal.SIGINT)
        assert demo.wait(10) == 0
    assert list(tmp_path.glob("duty-teller-demo-*")) == []


@contextmanager
def pages(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Yields what opens a page in a place of its own; they are closed before the demo ends."""
    opened: list[Page] = []
    try:
        yield lambda **place: opened.append(browser.new_page(**place)) or opened[-1]
    finally:
        for page in opened:
            page.context.close()


def test_demo_prints_addresses_that_work_and_the_command_line_works_beside_it(tmp_path: Path, browser: Browser) -> None:
    taken = free_port()
    with running_demo(tmp_path, taken) as said, pages(browser) as new_page:
        admin, member = re.findall(r"http://\S+/open/\d+", said)
        feeds = re.findall(r"http://\S+\.ics", said)
        assert [len(Calendar.from_ical(httpx.get(url).text).events) > 5 for url in feeds] == [True, True]
        assert f"http://127.0.0.1:{taken}" in feeds[0]
        for address, role in ((admin, "admin"), (member, "user")):
            page = new_page()
            page.route("https://telegram.org/**", lambda route: route.abort())
            with page.expect_response("**/api/me") as answer:
                page.goto(address)
            assert answer.value.json()["role"] == role
            expect(page.get_by_text("Dan Dutton").first).to_be_visible()
        play_page = admin.partition("open/")[0]
        assert play_page.startswith("http://127.0.0.1:")
        (folder,) = re.findall(r"DATA_DIR=(\S+)", said)
        page = new_page(viewport=DESKTOP, locale="en-GB")
        page.route("https://telegram.org/**", lambda route: route.abort())
        page.goto(play_page)
        pinned = page.locator("#group .pinned")
        expect(pinned).to_contain_text("Dan Dutton")

        file = tmp_path / "school.xlsx"
        file.write_bytes(httpx.get(f"{play_page}samples/school.xlsx").content)
        command = [*program(), "import", str(file), "--file-is-newer"]
        beside = nursery.run(command, _environment(tmp_path, DATA_DIR=folder), tmp_path)
        assert (beside.returncode, beside.stderr) == (0, "")
        expect(pinned).not_to_contain_text("Dan Dutton")

        page.locator("#bot").evaluate("""(chat) => {
                const dropped = new DataTransfer();
                dropped.setData("text/x-sample", "ward");
                chat.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
            }""")
        expect(page.locator("#bot .message").last).to_contain_text("Would add")
        _move_a_day(page)
        page.get_by_role("button", name="Русский").click()
        page.get_by_role("dialog").get_by_role("button", name="Start over").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["ru"]["title"])
        expect(pinned).to_contain_text(WORDS["ru"]["team"])
        expect(page.locator("#steps li.done")).to_have_count(0)
        assert not Path(folder).exists()


def _move_a_day(page: Page) -> None:
    """The Mini App goes along, and stays where it was."""
    app, clock = page.frame_locator("iframe"), page.locator("#clock")
    app.get_by_role("button", name="Month").click()
    expect(app.locator("[aria-current=date]")).to_be_visible()
    before = app.locator("[aria-current=date]").get_attribute("data-day") or ""
    page.get_by_role("button", name="+1 day").click()
    tomorrow = f"{date.fromisoformat(before) + timedelta(days=1)}"
    expect(app.locator("[aria-current=date]")).to_have_attribute("data-day", tomorrow)
    expect(clock).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize(("lang", "size"), [("en", DESKTOP), ("ru", PHONE)], ids=["en-desktop", "ru-phone"])
def test_demo_is_played_through_by_keyboard_alone(
    tmp_path: Path, browser: Browser, lang: str, size: ViewportSize
) -> None:
    """All five steps and a new start, in the language of the browser; axe-core looks at each step in both themes."""
    with running_demo(tmp_path, free_port()) as said, pages(browser) as new_page:
        locale = {"en": "en-GB", "ru": "ru-RU"}[lang]
        page = new_page(viewport=size, locale=locale, color_scheme="dark", reduced_motion="reduce")
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda entry: complaints.append(entry.text) if "Security Policy" in entry.text else None)
        page.route("https://telegram.org/**", lambda route: route.abort())
        page.goto(re.findall(r"(http://\S+/)open/\d+", said)[0])
        complaints += _take_the_tour(page, lang)
    assert complaints == []


def _take_the_tour(page: Page, lang: str) -> list[str]:
    """Plays as somebody without a mouse does; returns what axe-core finds on the way."""
    words, wrong, on_phone = WORDS[lang], list[str](), page.viewport_size == PHONE
    pinned, app, hint = page.locator("#group .pinned"), page.frame_locator("iframe"), page.locator("#hint")
    done, newest = page.locator("#steps li.done"), page.locator("#bot .message").last

    def look(steps: int) -> None:
        """The steps that are ticked off, and that axe-core finds nothing in either theme; then back to the dark one."""
        expect(done).to_have_count(steps)
        for theme in ("light", "dark"):
            page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
            wrong.extend(axe.found(page, f"{steps} {theme}", {}))

    def go(target: Locator, in_app: bool = False) -> None:
        """Tabs on until the keyboard is there, through all that lies between, the Mini App too."""
        for _ in range(150):
            page.keyboard.press("Tab")
            here, unseen = target.evaluate(HERE_AND_UNSEEN)  # of its own document, in one question
            if in_app:
                unseen = page.evaluate(UNSEEN_FOCUS)
            assert not unseen, f"the keyboard is on what does not show it: {unseen}"
            if here:
                return
        raise AssertionError(f"no Tab leads to {target}")

    def press(target: Locator, in_app: bool = False) -> None:
        go(target, in_app)
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(words["title"])
    expect(pinned).to_contain_text(words["team"])
    expect(page.locator("#bot .message")).to_have_count(0)
    look(0)
    assert _too_small(page) == []
    press(page.locator("#skip"))
    expect(page.locator("#stage")).to_be_focused()

    with page.expect_file_chooser() as chooser:
        press(page.locator("#bot input[type=file]"))
    chooser.value.set_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Buy milk"})
    expect(newest).to_contain_text("❌")
    press(hint.get_by_role("button"))
    expect(hint).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text(words["next"])
    expect(newest).to_contain_text(words["team"])
    look(1)  # a file that could not be read is none

    press(hint.get_by_role("button").first)
    expect(newest).to_contain_text(words["read"])
    expect(hint).to_be_focused()
    look(2)
    assert _too_small(page) == []
    press(hint.get_by_role("button"))
    expect(page.locator('#bot [data-ends="apply"]').last).to_be_focused()
    page.keyboard.press("Enter")
    expect(newest).to_contain_text("✅")
    look(3)
    expect(pinned).not_to_contain_text(words["team"])
    expect(page.locator("#bot .message:focus")).to_have_count(1)

    before, clock = pinned.text_content() or "", page.locator("#clock time").inner_text()
    press(hint.get_by_role("button").first)
    look(4)
    expect(page.locator("#clock")).to_have_attribute("aria-busy", "false")
    expect(pinned).not_to_have_text(before)
    assert page.locator("#clock time").inner_text() != clock
    now_on_duty = (pinned.locator("span").text_content() or "").split()[-1]
    expect(page.locator("#group .message").last).to_contain_text(now_on_duty)
    assert page.locator("#group").is_visible()  # on the phone, too

    press(hint.locator('[data-key="member"]'))
    expect(page.locator("iframe")).to_be_focused()
    expect(app.locator("#mine summary").first).to_be_visible()
    press(app.locator("#mine summary").first, in_app=True)
    press(app.locator("#mine details[open] button[type=submit]"), in_app=True)
    expect(app.locator("#notice")).not_to_be_empty()
    press(hint.locator('[data-key="admin"]'))
    asked = page.locator("#bot .message", has_text=words["team"]).last.get_by_role("button").first
    expect(asked).to_be_focused()
    page.keyboard.press("Enter")
    look(5)
    expect(hint.get_by_role("button")).to_have_count(0)

    if on_phone:
        assert page.locator("#app").is_hidden()
        press(page.locator("#panes button").last)
        expect(page.locator("#app")).to_be_visible()
        expect(page.locator("#panes button").last).to_be_focused()
    go(page.locator("#people input:checked"))
    for role in ("member", "stranger"):
        page.keyboard.press("ArrowRight")
        expect(page.locator("#people input:checked")).to_be_focused()
        assert page.locator("#people label:has(:checked)").inner_text().splitlines()[1] == ROLES[lang][role]
    expect(app.locator("#trouble")).to_be_visible()
    wrong.extend(axe.found(page, "a stranger", {}))

    press(page.locator("#up"))
    expect(hint).to_be_focused()
    press(page.locator("#again"))
    expect(page.get_by_role("dialog")).to_be_visible()
    wrong.extend(axe.found(page, "a new start", {}))
    page.keyboard.press("Escape")
    expect(page.locator("#again")).to_be_focused()
    page.keyboard.press("Enter")
    press(page.get_by_role("dialog").get_by_role("button").last)
    expect(page.locator("#curtain")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(done).to_have_count(0)
    expect(pinned).to_contain_text(words["team"])
    return wrong


ROLES = {
    "en": {"member": "on the roster", "stranger": "stranger"},
    "ru": {"member": "в графике", "stranger": "посторонний"},
}
UNSEEN_FOCUS = """() => {
    const held = document.activeElement;
    if (held === document.body || held.tagName === "IFRAME") return "";
    const ring = held.closest("label") ?? held;
    const { outlineStyle, outlineWidth } = getComputedStyle(ring);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 ? "" : held.outerHTML;
}"""
"""What has the focus without a ring around it; the Mini App's own tests look into its frame."""
HERE_AND_UNSEEN = f"(node) => [node.ownerDocument.activeElement === node, ({UNSEEN_FOCUS})()]"


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
        output = tmp_path / "out"
        environment = _environment(tmp_path, HTTP_PORT=str(port))
        with output.open("wb") as file:  # as somebody would start it, with everything still to be loaded
            demo = nursery.start([*program(), "demo"], environment, tmp_path, file, afresh=True)
        try:
            said = _wait_for(output, "Starting the demo (its web part on port ", demo)
            assert re.search(r"port (\d+)\)", said)[1] != str(port)
            wait_for(lambda: list(tmp_path.glob("duty-teller-demo-*/duty_teller.db")))  # it is being migrated
        finally:
            demo.send_signal(signal.SIGTERM)
            assert demo.wait(10) == 0
    assert list(tmp_path.glob("duty-teller-demo-*")) == []


def _wait_for(output: Path, text: str, process: nursery.Running) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        said = output.read_text(errors="replace")
        if text in said:
            return said
        assert process.poll() is None, said
        time.sleep(0.1)
    raise AssertionError(output.read_text(errors="replace"))
