"""The play page in a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from duty_teller.bot_api_stand_in import DEFAULT_TOKEN, StandIn
from duty_teller.bot_api_stand_in.client import StandInClient
from duty_teller.demo.sample import TEAMS
from duty_teller.i18n.languages import LANGUAGES
from tests.demo.conftest import ALICE, DAN, GROUP, SAM

expect.set_options(timeout=60_000)


def api(client: StandInClient, method: str, **params: object) -> dict[str, object]:
    answer = httpx.post(f"{client.base_url}/bot{DEFAULT_TOKEN}/{method}", json=params).json()
    assert answer["ok"], answer
    result: dict[str, object] = answer["result"]
    return result


def pressed(client: StandInClient) -> dict[str, Any]:
    """Returns the one button press that waits for the bot, as soon as it has come."""

    def presses() -> list[dict[str, Any]]:
        updates = httpx.post(f"{client.base_url}/bot{DEFAULT_TOKEN}/getUpdates", json={}).json()["result"]
        return [update["callback_query"] for update in updates if "callback_query" in update]

    (query,) = client.wait_until(presses)
    return query


@pytest.fixture
def page(client: StandInClient, browser: Browser) -> Iterator[Page]:
    """The page as Alice sees it on a phone; an error in the console fails the test."""
    client.add_group(GROUP, "Duty team", [ALICE, DAN])
    page = browser.new_page(viewport={"width": 390, "height": 780}, locale="en-GB")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda entry: complaints.append(entry.text) if entry.type == "error" else None)
    page.goto(client.base_url + "/")
    yield page
    width = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert complaints == []
    assert width == 390


def test_talk_press_and_watch_the_pin(client: StandInClient, page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".message.mine .body")).to_have_text("/start")

    markup = {"inline_keyboard": [[{"text": "Apply", "callback_data": "a"}]]}
    text = "<b>Bold</b> &lt;img src=x onerror=alert(1)&gt; <a href='https://example.org/'>link</a>"
    api(client, "sendMessage", chat_id=ALICE, text=text, parse_mode="HTML", reply_markup=markup)
    expect(page.locator(".message:not(.mine) .body")).to_have_text("Bold <img src=x onerror=alert(1)> link")
    expect(page.locator(".body b")).to_have_text("Bold")
    assert page.locator(".body img").count() == 0

    page.get_by_role("button", name="Apply").click()
    query = pressed(client)
    assert query["data"] == "a"
    api(client, "answerCallbackQuery", callback_query_id=query["id"], text="Applied")
    expect(page.get_by_role("status")).to_have_text("Applied")

    pin = api(client, "sendMessage", chat_id=GROUP, text="On duty: Dan")
    api(client, "pinChatMessage", chat_id=GROUP, message_id=pin["message_id"])
    page.get_by_role("button", name="Group").click()
    expect(page.locator("#group .pinned")).to_contain_text("On duty: Dan")
    api(client, "editMessageText", chat_id=GROUP, message_id=pin["message_id"], text="On duty: Alice")
    expect(page.locator("#group .pinned")).to_contain_text("On duty: Alice")


def test_keyboard_contact_file_and_other_people(client: StandInClient, page: Page) -> None:
    page.get_by_role("radio", name="Dan").check()
    page.get_by_role("textbox", name="Message").fill("/start")
    page.keyboard.press("Enter")
    keys = {"keyboard": [[{"text": "Share my phone", "request_contact": True}]], "one_time_keyboard": True}
    expect(page.locator(".message.mine")).to_have_count(1)
    api(client, "sendMessage", chat_id=DAN, text="Phone?", reply_markup=keys)

    expect(page.get_by_role("button", name="Send")).to_be_in_viewport()
    page.get_by_role("button", name="Share my phone").press("Enter")
    expect(page.locator(".message.mine")).to_have_count(2)
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()
    contact = client.messages(DAN)[-1]["contact"]
    assert (contact["user_id"], contact["phone_number"]) == (DAN, "+79000001002")

    chosen = {"name": "roster.json", "mimeType": "application/json", "buffer": b"{}"}
    page.locator("#bot input[type=file]").set_input_files(chosen)
    expect(page.get_by_role("button", name="roster.json")).to_be_visible()
    assert client.download(client.messages(DAN)[-1]["document"]["file_id"]) == b"{}"


class Guided:
    """A stage whose steps a test ticks off."""

    world = "a demo"

    def __init__(self) -> None:
        self.steps = dict.fromkeys(("ask", "file", "apply", "handover", "cover"), False)
        self.begun_anew: list[str] = []
        self.actions = {"start_again": self.begun_anew.append}

    def state(self) -> dict[str, object]:
        shown = {"ready": True, "lang": "en", "settled": True, "born": self.world, "now": "2026-03-02T09:00:00+00:00"}
        roles = {str(ALICE): "admin", str(DAN): "member", str(SAM): "stranger"}
        return {**shown, "timezone": "UTC", "moving": False, "steps": self.steps, "files": {}, "roles": roles}

    def download(self, name: str) -> bytes | None:
        return None


@contextmanager
def slow(page: Page, action: str) -> Iterator[None]:
    """Within, the stand-in does not hear of `action`; at the end it does."""
    held: list[Route] | None = []
    address = f"**/_control/{action}"
    page.route(address, lambda route: route.fallback() if held is None else held.append(route))
    with page.expect_request(address):
        yield
    waiting, held = held, None
    for route in waiting:
        route.fallback()


def test_line_typed_while_answers_are_slow_is_kept(client: StandInClient, page: Page) -> None:
    """Another person's chat, and the answer to a message, may take their time; a fast typist loses nothing to them."""
    line = page.locator("#bot textarea")
    line.fill("Alice thinks")
    with slow(page, "overview"):
        page.get_by_role("radio", name="Dan").check()
        line.fill("/start")
    expect(page.locator("#bot .composer")).to_contain_text("Start")
    expect(line).to_have_value("/start")
    with slow(page, "send_text"):
        line.press("Enter")
        line.fill("/help")
    expect(page.locator(".message.mine .body")).to_have_text("/start")
    expect(line).to_have_value("/help")
    api(client, "setMyCommands", commands=[{"command": "duty", "description": "Who is on duty"}])
    line.fill("a thought")
    page.get_by_role("button", name="/ Commands").click()
    page.get_by_role("button", name="/duty").click()
    expect(page.locator(".message.mine .body").last).to_have_text("/duty")
    expect(line).to_have_value("a thought")


def test_chat_before_it_is_known_takes_nothing(page: Page) -> None:
    """Who is quicker than the first answer finds nothing to write in: the line would have been nobody's, and lost."""
    line = page.locator("#bot textarea")
    with slow(page, "overview"):
        page.reload()
        expect(page.get_by_role("button", name="Dark colours")).to_be_visible()
        expect(line).to_be_hidden()
        expect(page.locator("#group")).to_be_hidden()
    line.fill("/start")
    line.press("Enter")
    expect(page.locator(".message.mine .body")).to_have_text("/start")


def lose(page: Page, action: str, times: int = 1) -> None:
    """Lets the next answers to `action` get lost on their way; what was asked for is done."""

    page.evaluate(
        """([action, times]) => {
            const known = window.fetch;
            window.fetch = async (...given) => {
                const answer = await known(...given);
                if (!given[0].endsWith(action) || (times -= 1) < 0) return answer;
                throw new TypeError("lost");
            };
        }""",
        [action, times],
    )


def test_lost_answer_loses_nothing_and_doubles_nothing(client: StandInClient, page: Page) -> None:
    """What was written is there once; somebody else's chat, and what has changed in it, come all the same."""
    lose(page, "press_start", 2)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#bot .menu")).to_have_text("/")
    lose(page, "overview")
    api(client, "sendMessage", chat_id=ALICE, text="Hello")
    expect(page.locator(".message:not(.mine) .body")).to_have_text("Hello")
    lose(page, "overview")
    page.get_by_role("radio", name="Dan").check()
    expect(page.locator("#bot .menu")).to_have_text("Start")
    expect(page.locator("#toast p")).to_have_count(0)  # nobody has to know of one
    assert [message["text"] for message in client.messages(ALICE)] == ["/start", "Hello"]


def test_what_somebody_does_stays_theirs_when_they_are_somebody_else(client: StandInClient, page: Page) -> None:
    """A file that is being read, a line that was refused or is half written: Alice's, not Dan's."""
    line, alice, dan = page.locator("#bot textarea"), *(page.get_by_role("radio", name=n) for n in ("Alice", "Dan"))
    client.press_start(ALICE)
    api(client, "sendMessage", chat_id=ALICE, text="?", reply_markup={"inline_keyboard": [[_calls("Open")]]})
    page.get_by_role("button", name="Open").dblclick()
    expect(page.get_by_role("button", name="Open")).to_have_attribute("aria-busy", "true")
    page.evaluate("""() => {
        const { readAsDataURL } = FileReader.prototype;
        FileReader.prototype.readAsDataURL = function (file) { setTimeout(() => readAsDataURL.call(this, file), 300); };
    }""")
    line.fill("as agreed")
    chosen = {"name": "roster.json", "mimeType": "application/json", "buffer": b""}
    page.locator("#bot input[type=file]").set_input_files(chosen)
    page.route("**/_control/send_text", lambda route: route.fulfill(json={"error": "no"}))
    with slow(page, "send_text"):
        line.fill("/week")
        line.press("Enter")
        dan.check()
        line.fill("Dan thinks")
    expect(page.locator("#bot .menu")).to_have_text("Start")
    expect(line).to_have_value("Dan thinks")
    alice.check()
    expect(line).to_have_value("/week")
    expect(page.get_by_role("button", name="roster.json")).to_be_visible()
    assert [message["text"] for message in client.messages(ALICE)[2:]] == ["as agreed"]
    assert client.messages(DAN) == []
    assert pressed(client)["from"]["id"] == ALICE


def test_request_that_comes_a_moment_after_it_was_looked_for_gets_the_keyboard(
    world: StandIn, client: StandInClient, page: Page
) -> None:
    """The tour leads to what the bot sends; the bot may need a second. Who goes on meanwhile stays where they are."""
    stage = Guided()
    stage.steps.update(dict.fromkeys(stage.steps, True), cover=False)
    world.stage = stage
    client.press_start(ALICE)
    asks = {"inline_keyboard": [[{"text": "Yes", "callback_data": "cover:yes:1"}]]}
    lead = page.locator('#hint [data-key="admin"]')

    lead.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("There is no request for cover here yet. Dan asks in")
    api(client, "sendMessage", chat_id=ALICE, text="Somebody is on duty", reply_markup={"inline_keyboard": [[]]})
    expect(page.locator("#bot .message")).to_have_count(2)
    expect(lead).to_be_focused()
    api(client, "sendMessage", chat_id=ALICE, text="Dan asks", reply_markup=asks)
    expect(page.get_by_role("button", name="Yes")).to_be_focused()
    expect(page.locator("#toast p")).to_have_count(0, timeout=2_000)  # sooner than by itself: it is not true any more

    for message in client.messages(ALICE)[1:]:
        api(client, "deleteMessage", chat_id=ALICE, message_id=message["message_id"])
    expect(page.locator("#bot .message")).to_have_count(1)
    lead.press("Enter")
    line = page.locator("#bot textarea")
    line.fill("Who")
    api(client, "sendMessage", chat_id=ALICE, text="Dan asks", reply_markup=asks)
    expect(page.get_by_role("button", name="Yes")).to_be_visible()
    expect(line).to_be_focused()


def test_questions_come_one_by_one_and_all_that_is_said_is_heard(
    world: StandIn, client: StandInClient, page: Page
) -> None:
    """An alert of the bot's must not take the place of the question whether everything is thrown away."""
    stage = Guided()
    world.stage = stage
    client.press_start(ALICE)
    api(client, "sendMessage", chat_id=ALICE, text="?", reply_markup={"inline_keyboard": [[_calls("Open")]]})
    page.get_by_role("button", name="Open").click()
    page.get_by_role("button", name="Start over").click()
    dialog = page.get_by_role("dialog")
    query = pressed(client)
    api(client, "answerCallbackQuery", callback_query_id=query["id"], text="Too late", show_alert=True)
    expect(page.locator("[data-does=open]")).not_to_have_attribute("aria-busy", "true")
    expect(dialog).to_contain_text("Throw away everything")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_contain_text("Too late")
    dialog.get_by_role("button").last.click()
    expect(page.get_by_role("button", name="Start over")).to_be_focused()
    assert stage.begun_anew == []
    assert "date" not in httpx.get(client.base_url).headers  # the bot would compare it with a clock that is moved

    pin = api(client, "sendMessage", chat_id=GROUP, text="On duty: Dan")
    api(client, "pinChatMessage", chat_id=GROUP, message_id=pin["message_id"])
    expect(page.locator("#group .pinned")).to_contain_text("On duty: Dan")
    page.evaluate("""() => {
        const said = document.querySelector("[role=status]");
        const hear = () => (document.body.dataset.heard = `${document.body.dataset.heard ?? ""} ${said.textContent}`);
        new MutationObserver(hear).observe(said, { childList: true });
    }""")
    with slow(page, "overview"):
        stage.steps["ask"] = True
        api(client, "editMessageText", chat_id=GROUP, message_id=pin["message_id"], text="On duty: Alice")
    heard = re.compile("Done: Ask.*Next: Send.*On duty: Alice")
    expect(page.locator("body")).to_have_attribute("data-heard", heard)


def _calls(text: str) -> dict[str, str]:
    return {"text": text, "callback_data": text.lower()}


MINI_APP = "http://127.0.0.1:9"
"""Nobody is there: the browser answers for it."""

STAND_IN_OF_THE_MINI_APP = """<!doctype html><title>Mini App</title><body><script>
    addEventListener("message", ({ data }) => document.body.append(data));
    const eventData = { path_full: "/somebody" };
    parent.postMessage(JSON.stringify({ eventType: "web_app_open_tg_link", eventData }), "*");
</script>"""


def open_with_mini_app(client: StandInClient, page: Page) -> None:
    """Opens the page anew once there is a Mini App; one that is open may frame nothing, and would complain of it."""
    page.goto("about:blank")
    client.set_mini_app_base_url(MINI_APP)
    page.goto(client.base_url + "/")


def test_links_of_telegram_stay_inside(client: StandInClient, page: Page) -> None:
    """`?start=` writes to the bot, `?startapp=` and web_app buttons open the Mini App beside it, as that person."""
    page.route(f"{MINI_APP}/**", lambda route: route.fulfill(body=STAND_IN_OF_THE_MINI_APP, content_type="text/html"))
    open_with_mini_app(client, page)
    name = "duty_teller_demo_bot"
    client.press_start(ALICE)
    text = f"https://t.me/{name}?start=join_1 https://t.me/{name}/calendar?startapp=g42"
    button = {"inline_keyboard": [[{"text": "Calendar", "web_app": {"url": MINI_APP}}]]}
    api(client, "sendMessage", chat_id=ALICE, text=text, reply_markup=button)
    frame = page.locator("iframe")

    page.get_by_role("link", name="start=join_1").click()
    expect(page.locator(".message.mine .body").last).to_have_text("/start join_1")
    page.get_by_role("link", name="startapp=g42").click()
    expect(frame).to_be_visible()
    expect(frame).to_have_attribute("src", re.compile("start_param%3Dg42"))
    expect(page.get_by_role("status")).to_have_text("This link leads to another bot or chat.")
    page.get_by_role("button", name="Bot").click()
    page.get_by_role("button", name="Calendar").press("Enter")
    expect(frame).to_be_focused()
    expect(frame).to_have_attribute("src", re.compile(f"^{MINI_APP}/#tgWebAppData=query_id.*%2522id%2522%253A{ALICE}"))

    page.get_by_role("button", name="Dark colours").click()
    told = page.frame_locator("iframe").locator("body")
    expect(told).to_contain_text('"eventType":"theme_changed","eventData":{"theme_params":{"bg_color":"#212121"')
    with slow(page, "overview"):
        page.get_by_role("radio", name="Dan").check()
        expect(frame).to_have_count(0)  # it was Alice's
    lose(page, "web_app_url")
    expect(frame).to_have_attribute("src", re.compile(f"%2522id%2522%253A{DAN}.*%23212121"))


MINI_APP_WITH_TELEGRAMS_SCRIPT = """<!doctype html><title>Mini App</title><body><script>
    const post = (eventType, eventData) => parent.postMessage(JSON.stringify({ eventType, eventData }), "*");
    const button = { is_active: true, is_progress_visible: false, color: "#3390ec", text_color: "#ffffff" };
    addEventListener("message", ({ data }) => {
      const { eventType } = JSON.parse(data);
      document.body.append(`${eventType} `);
      if (eventType === "back_button_pressed") post("web_app_setup_back_button", { is_visible: false });
      if (eventType === "main_button_pressed") post("web_app_setup_main_button", { is_visible: false });
    });
    post("iframe_ready", { reload_supported: true });
    post("web_app_expand", "");
    post("web_app_setup_back_button", { is_visible: true });
    post("web_app_setup_main_button", { ...button, is_visible: true, text: "Ask colleagues", has_shine_effect: false });
    const close = document.createElement("button");
    close.textContent = "Close";
    close.onclick = () => post("web_app_close", { return_back: false });
    document.body.append(close);
</script>"""
"""Says what telegram-web-app.js 8.0 says in a frame: with it, a form's own button gives way to Telegram's."""


def test_telegrams_buttons_are_there_for_the_mini_app(client: StandInClient, page: Page) -> None:
    served = MINI_APP_WITH_TELEGRAMS_SCRIPT
    page.route(f"{MINI_APP}/**", lambda route: route.fulfill(body=served, content_type="text/html"))
    open_with_mini_app(client, page)
    page.get_by_role("button", name="Mini App").click()
    app, frame = page.frame_locator("iframe"), page.locator("iframe")

    page.get_by_role("button", name="Ask colleagues").press("Enter")
    expect(app.locator("body")).to_contain_text("main_button_pressed")
    expect(page.get_by_role("button", name="Ask colleagues")).to_be_hidden()
    expect(frame).to_be_focused()
    page.get_by_role("button", name="Back").press("Enter")
    expect(app.locator("body")).to_contain_text("back_button_pressed")
    expect(page.get_by_role("button", name="Back")).to_be_hidden()
    expect(frame).to_be_focused()

    app.get_by_role("button", name="Close").click()
    expect(frame).to_be_hidden()
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()


def test_time_is_told_in_the_readers_zone_and_a_button_copies(client: StandInClient, page: Page) -> None:
    client.press_start(ALICE)
    copies = {"inline_keyboard": [[{"text": "Copy", "copy_text": {"text": "https://x.org/feed"}}]]}
    html = 'until <tg-time unix="1795500000">09:00</tg-time>'
    api(client, "sendMessage", chat_id=ALICE, text=html, parse_mode="HTML", reply_markup=copies)

    time = page.locator(".message time")
    expect(time).to_have_text("09:00")
    expect(time).to_have_attribute("datetime", "2026-11-24T06:00:00.000Z")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("Copied|x.org/feed"))


def test_page_speaks_the_browsers_language_until_another_is_chosen(client: StandInClient, browser: Browser) -> None:
    context = browser.new_context(locale="ru-RU")
    page = context.new_page()
    page.add_init_script("Object.defineProperty(navigator, 'languages', { value: ['fr-CA', 'ru-RU', 'en'] })")
    page.goto(client.base_url + "/")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Демо Duty Teller")
    expect(page.get_by_role("button", name="Старт", exact=True)).to_be_visible()

    page.get_by_role("button", name="English").click()
    expect(heading).to_have_text("Try Duty Teller")
    page.reload()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"
    context.close()


def test_page_and_sample_team_speak_every_language(page: Page) -> None:
    script = "import('/texts.js').then((texts) => %s.map(texts.nameOf))"
    assert page.evaluate(script % list(LANGUAGES)) == [spoken.name for spoken in LANGUAGES.values()]
    assert set(TEAMS) == set(LANGUAGES)
