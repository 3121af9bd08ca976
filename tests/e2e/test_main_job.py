"""The main job, from outside: a roster file goes in, everybody knows who is on duty."""

import json
import re
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import recurring_ical_events
import vobject
from icalendar import Calendar
from playwright.sync_api import expect, sync_playwright

from tests.browser import launch
from tests.e2e.conftest import ALICE, DAN, GROUP, SAM, Product
from tests.handlers.conftest import feed_address

expect.set_options(timeout=60_000)
MOSCOW = ZoneInfo("Europe/Moscow")


def handover_day(moment: datetime) -> date:
    local = moment.astimezone(MOSCOW)
    return local.date() if local.hour >= 9 else local.date() - timedelta(days=1)


def roster(start: date, **rows: str) -> bytes:
    schedule = [{"name": name.replace("_", " "), "duty": ";".join(cells)} for name, cells in rows.items()]
    return json.dumps({"meta": {"start_date": start.isoformat()}, "schedule": schedule}).encode()


def button(message: dict, ending: str) -> str:
    rows = message["reply_markup"]["inline_keyboard"]
    return next(b["callback_data"] for row in rows for b in row if b.get("callback_data", "").endswith(ending))


def test_main_job_from_file_to_pin_page_and_feed(product: Product) -> None:
    chat = product.stand_in
    chat.add_user(ALICE, "Alice", username="alice")
    chat.add_user(DAN, "Dan", username="dan", language_code="ru")
    chat.add_user(SAM, "Sam", username="sam")
    chat.add_group(GROUP, "Support", members=[ALICE, DAN, SAM])
    # At midday, whenever the test runs: no hand-over passes unasked.
    product.move_clock(product.now().astimezone(MOSCOW).replace(hour=12, minute=0, second=0, microsecond=0))
    product.afresh = True  # as somebody would start it, with everything still to be loaded
    product.start()
    today = handover_day(product.now())

    # The roster file goes in by chat: hand-over, file, preview, Apply.
    asked = chat.send_text(ALICE, "/import_duty_schedule")
    chat.wait_for_message(ALICE, "hand over", after_id=asked["message_id"])
    typed = chat.send_text(ALICE, "09:00 Europe/Moscow")
    chat.wait_for_message(ALICE, "09:00 Europe/Moscow", after_id=typed["message_id"])
    sent = chat.send_document(ALICE, "roster.json", roster(today, Dan_Duty="Б Б Б", Alice_Admin=" Б Б "))
    preview = chat.wait_for_message(ALICE, "Would add 5", after_id=sent["message_id"])
    chat.press(ALICE, preview["message_id"], button(preview, ":apply"))
    chat.wait_for_message(ALICE, "Schedule updated", after_id=sent["message_id"])

    # A duty member opens the invitation that the admin forwards.
    listed = chat.send_text(ALICE, "/invite")
    shown = chat.wait_for_message(ALICE, lambda m: "Dan Duty" in str(m["reply_markup"]), after_id=listed["message_id"])
    chat.press(ALICE, shown["message_id"], "Dan Duty")
    invitation = chat.wait_for_message(ALICE, "?start=", after_id=shown["message_id"])
    payload = re.search(r"\?start=([\w-]+)", invitation["text"])
    assert payload is not None
    chat.press_start(DAN, payload[1])
    chat.wait_for_message(DAN, "теперь я вас знаю: Dan Duty")

    # The group's pinned message tells who is on duty now and next.
    chat.send_text(ALICE, "/pin_duty", chat_id=GROUP)
    pinned = chat.wait_until(lambda: chat.pinned(GROUP))
    assert "On duty now: Dan Duty" in pinned["text"]
    assert "Next: Alice Admin" in pinned["text"]
    assert "@dan" in pinned["text"]
    chat.wait_for_message(GROUP, "This group's digest, language and duty tag:")

    # A hand-over passes: the message follows by itself, with one call; notices go to people only.
    chat.clear_calls()
    product.move_clock(datetime.combine(today + timedelta(days=1), datetime.min.time(), MOSCOW).replace(hour=9))
    after = chat.wait_until(lambda: _showing(product, "On duty now: Alice Admin"))
    assert after["message_id"] == pinned["message_id"]
    time.sleep(2.5)  # two more ticks
    assert [c["method"] for c in chat.calls() if c["params"].get("chat_id") == GROUP] == ["editMessageText"]

    # The Mini App shows it to the duty member, in his language.
    _look_at_the_page(product)

    # A foreign reader subscribes to the feed.
    asked = chat.send_text(DAN, "/calendar_link")
    shown = chat.wait_for_message(DAN, lambda m: feed_address(m) != "", after_id=asked["message_id"])
    personal = feed_address(shown)
    chat.press(DAN, shown["message_id"], "cal:show:team")
    team = feed_address(chat.wait_for_message(DAN, lambda m: feed_address(m) not in ("", personal)))
    start = datetime.combine(today, datetime.min.time(), MOSCOW).replace(hour=9)
    mine = [start, start + timedelta(days=2), start + timedelta(days=4)]
    assert _starts(personal, today) == [moment.astimezone(UTC) for moment in mine]
    assert len(vobject.readOne(httpx.get(team).text).vevent_list) == 5

    # A change by the command line while the service runs reaches the pin.
    file = product.folder / "new.json"
    file.write_bytes(roster(today, Dan_Duty="Б Б Б", Alice_Admin=" О Б ", Maria_Mint=" Б   "))
    done = product.command("import", str(file), "--handover", "09:00 Europe/Moscow")
    assert (done.returncode, done.stderr) == (0, "")
    chat.wait_until(lambda: _showing(product, "On duty now: Maria Mint"))

    # A restart with a hand-over missed in between puts it right.
    assert product.stop() == 0
    product.move_clock(start + timedelta(days=2, hours=1))
    product.start()
    chat.wait_until(lambda: _showing(product, "On duty now: Dan Duty"))
    assert product.stop() == 0
    assert "Traceback" not in product.log()


def _showing(product: Product, text: str) -> dict | None:
    pinned = product.stand_in.pinned(GROUP)
    return pinned if pinned is not None and text in pinned["text"] else None


def _starts(url: str, today: date) -> list[datetime]:
    calendar = Calendar.from_ical(httpx.get(url).text)
    events = recurring_ical_events.of(calendar).between(today - timedelta(days=2), today + timedelta(days=30))
    return sorted(event["DTSTART"].dt for event in events)


def _look_at_the_page(product: Product) -> None:
    errors: list[str] = []
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        page = chromium.new_page(viewport={"width": 360, "height": 740}, timezone_id="America/New_York")
        page.route("https://telegram.org/**", lambda route: route.abort())
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(product.stand_in.web_app_url(DAN, product.base))
        expect(page.get_by_text("Alice Admin").first).to_be_visible()
        expect(page.get_by_text("Сейчас").first).to_be_visible()
        chromium.close()
    assert errors == []
