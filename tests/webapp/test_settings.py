"""Rosters and settings in the tab Admin, before the real server; and the whole tab before axe-core."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, expect

from duty_teller.db.models import Chat
from duty_teller.i18n import LocalizedError
from duty_teller.i18n.core import t
from tests.api.conftest import Web, serve
from tests.api.test_actions import send
from tests.api.test_changes import key
from tests.api.test_imports import FILE, NAME
from tests.api.test_roster_settings import BORIS, values, wish
from tests.api.test_upkeep import ADDRESS, NEW, play
from tests.house import ALICE, House, duty
from tests.webapp.conftest import Core, OpenPage, Watch
from tests.webapp.real import link
from tests.webapp.test_accessibility import found
from tests.webapp.test_calendar import fake_telegram
from tests.webapp.test_looks import DARK, LIGHT


@pytest.fixture
def web(house: House) -> Iterator[Web]:
    house.person("Boris Boss", telegram_user_id=1010, linked_at=house.clock.now, role="admin")
    house.put(duty(house.dan, "2026-11-23"), duty(house.dan, "2026-11-25"))
    house.roster(codes='{"д": "day"}', date_order="dmy")
    with serve(house) as running:
        yield running


@pytest.mark.parametrize(
    ("base", "value", "typed", "news"),
    [
        ("09:00", "09:00", "10:00", "same"),
        ("09:00", "10:00", "09:00", "fill"),
        ("09:00", "10:00", " 10:00 ", "fill"),
        ("09:00", "10:00", "11:00", "tell"),
    ],
)
def test_value_that_comes_anew_overwrites_nothing_that_was_typed(
    core: Core, base: str, value: str, typed: str, news: str
) -> None:
    assert core("models/settings.js:fieldNews", base, value, typed) == news


def test_settings_are_stored_field_by_field_and_two_admins_see_each_other(
    open_page: OpenPage, web: Web, watch: Watch
) -> None:
    page = open_page(link(web, ALICE, "admin"), wait=".drop")
    admin = page.locator("#admin")
    admin.get_by_role("button", name="Settings").click()
    save = admin.get_by_role("button", name="Save")
    expect(save).to_be_disabled()
    admin.get_by_label("Day shift", exact=True).fill("08:30-20:00")
    admin.locator("[name=coverage]").select_option(label="Other hours…")
    admin.get_by_label("Days and hours", exact=True).fill("Mon-Fri 9-18")
    theirs = wish(web, BORIS, day_shift="07:00-19:00", holidays="Germany")
    send(web, "settings", theirs, BORIS, key()).raise_for_status()

    page.clock.run_for(61_000)
    note = admin.locator(".news:visible")
    expect(note).to_have_text("Somebody changed this. It is now: 07:00–19:00")
    expect(admin.get_by_label("Day shift", exact=True)).to_have_value("08:30-20:00")
    expect(admin.get_by_label("Public holidays", exact=True)).to_have_value("Germany")
    save.click()
    notice = page.locator("#notice")
    expect(notice).to_contain_text("Saved. Shifts already in the schedule keep their times.")
    expect(admin.get_by_label("Day shift", exact=True)).to_have_value("08:30–20:00")
    expect(note).to_have_count(0)
    assert values(web)["coverage"] == "Mon–Fri 09:00–18:00"
    notice.get_by_role("button", name="Undo").click()
    expect(admin.get_by_label("Day shift", exact=True)).to_have_value("07:00–19:00")
    expect(admin.locator("[name=coverage]")).to_have_value("daily")

    send(web, "settings", wish(web, BORIS, night_hours="23:00-05:00"), BORIS, key()).raise_for_status()
    admin.get_by_label("Night hours", exact=True).fill("21:00-05:00")
    save.click()
    expect(admin.locator("form.settings > .wrong")).to_contain_text(
        "changed while you were editing: Night hours: 23:00"
    )
    expect(note).to_have_text("Somebody changed this. It is now: 23:00–05:00")
    save.click()
    expect(admin.get_by_label("Night hours", exact=True)).to_have_value("21:00–05:00")
    assert values(web)["night_hours"] == "21:00–05:00"
    admin.get_by_label("Time zone", exact=True).fill("Atlantis")
    save.click()
    expect(admin.locator("form.settings > .wrong")).to_contain_text("Atlantis")
    assert watch.errors == ["Failed to load resource: the server responded with a status of 409 (Conflict)"] * 2


def test_second_roster_is_added_chosen_and_taken_out_of_use(open_page: OpenPage, web: Web) -> None:
    page = open_page(link(web, ALICE, "admin"), wait=".drop")
    admin = page.locator("#admin-settings")
    page.locator("#admin").get_by_role("button", name="Settings").click()
    admin.locator("summary", has_text="Add a roster").click()
    admin.get_by_label("What your current roster is called").fill("First line")
    admin.get_by_label("What the new one is called").fill("Second line")
    admin.get_by_role("button", name="Add a roster").click()
    expect(page.locator("#notice")).to_contain_text("Roster “Second line” created")

    admin.locator("[data-key=roster]").select_option(label="Second line")
    expect(admin.get_by_label("Name", exact=True)).to_have_value("Second line")
    admin.get_by_label("Name", exact=True).fill("Night line")
    admin.get_by_role("button", name="Save").click()
    expect(admin.locator("[data-key=roster] option")).to_have_text(["First line", "Night line"])
    admin.locator("summary", has_text="Take out of use").click()
    admin.get_by_role("button", name="Yes, take out of use").click()
    expect(page.locator("#notice")).to_contain_text("“Night line” is out of use.")
    expect(admin.locator("summary", has_text="Restore “Night line”")).to_be_visible()
    expect(admin.get_by_label("Name", exact=True)).to_have_value("First line")
    admin.locator("summary", has_text="Remembered answers").click()
    admin.get_by_role("button", name="Forget: Order of dates: Day first").click()
    expect(page.locator("#notice")).to_have_text("Forgotten")
    expect(admin.locator("li.row")).to_have_count(1)


def test_calendars_digests_and_backups_are_kept_in_order(
    open_page: OpenPage, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form that is open outlives what another admin does meanwhile; a digest that is refused shows what holds."""
    served = play(monkeypatch)
    web.house.write(lambda session: session.add(Chat(id=-1, title="Ward", trusted=True)))
    page = open_page(link(web, ALICE, "admin"), wait=".drop")
    page.locator("#admin").get_by_role("button", name="Settings").click()
    admin, notice = page.locator("#admin-settings"), page.locator("#notice")
    for name in ("Other calendars", "Group digests", "Backups"):
        admin.locator("summary", has_text=name).click()
    admin.locator("summary", has_text="Add a calendar").click()
    admin.get_by_label("What the calendar is called").fill("Fairs")
    send(web, "add_calendar", NEW | {"name": "Trains"}, BORIS, key()).raise_for_status()
    page.clock.run_for(61_000)
    expect(admin.locator(".around li .name")).to_have_text(["Trains"])
    expect(admin.get_by_label("What the calendar is called")).to_have_value("Fairs")
    admin.get_by_label("Link (.ics)").fill(ADDRESS)
    admin.get_by_role("button", name="Add a calendar").click()
    expect(notice).to_have_text("Calendar added")
    expect(admin.locator(".around li")).to_have_text(
        [re.compile(f"{name}.*1 event, updated 1 min ago") for name in ("Trains", "Fairs")]
    )
    served.trouble = LocalizedError("calendars.none")
    admin.get_by_role("button", name="Read it now: Trains").click()
    expect(admin.locator(".around li .gap").last).to_contain_text("Can't update")
    admin.locator("summary", has_text="Remove").last.click()
    admin.get_by_role("button", name="Remove “Fairs”").click()
    expect(notice).to_have_text("Calendar removed")
    expect(admin.locator(".around li .name")).to_have_text(["Trains"])

    with page.expect_response("**/api/upkeep"):
        admin.get_by_label("Ward").select_option(label="Mondays")
    expect(notice).to_have_text("Saved.")
    web.house.write(lambda session: setattr(session.get_one(Chat, -1), "trusted", False))
    admin.get_by_label("Ward").select_option(label="Off")
    expect(notice).to_contain_text("I'm no longer in that group")
    expect(admin.get_by_label("Ward")).to_have_value("weekly")
    expect(admin.get_by_text("No backup yet")).to_be_visible()
    admin.get_by_role("button", name="Make one now").click()
    expect(notice).to_have_text("Backup made, it is on the server")
    expect(admin.get_by_text("Last one: 15:00, 0.1 MB")).to_be_visible()
    expect(admin.get_by_label("Ward")).to_have_count(0)


THEMES = {"light": LIGHT, "dark": DARK}
WEAR = """(params) => {
    Telegram.WebApp.themeParams = params;
    themeChanged();
    return document.documentElement.className;
}"""


@pytest.mark.usefixtures("child_here")
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_axe_finds_nothing_in_admin(open_page: OpenPage, web: Web, lang: str) -> None:
    """The import from the first question to the preview, the settings with all that opens, the history, the shifts.

    Each in both themes: it changes under the page, as in Telegram.
    """
    web.house.speaks(lang)
    address = link(web, ALICE, "admin", LIGHT)
    page = open_page(address, wait=".drop", telegram=fake_telegram("8.0"), reduced_motion="reduce")
    page.wait_for_function("() => Boolean(window.themeChanged)")
    admin = page.locator("#admin")
    wrong: list[str] = []

    def look(state: str) -> None:
        for name, theme in THEMES.items():
            assert page.evaluate(WEAR, theme) == name
            wrong.extend(found(page, f"{state}, {name}"))

    def open_all(place: str) -> None:
        for summary in page.locator(f"{place} summary").all():
            summary.click()

    look("import")
    page.locator("#roster-file").set_input_files(FilePayload(name=NAME, mimeType="text/csv", buffer=FILE))
    expect(admin.locator(".code-row")).to_have_count(2)
    open_all("#admin-import")
    admin.locator("[data-key=grid]").click()
    admin.locator(".file td", has_text="Q").first.click()
    look("codes and cells")
    for name in ("Z", "Q"):
        label = t(lang, "app.grid.means", code=name)
        admin.get_by_label(label).first.select_option(index=1)
    expect(admin.locator("[data-key=apply]")).to_be_visible()
    open_all("#admin-import")
    look("preview")
    admin.get_by_role("button", name=t(lang, "app.admin.settings"), exact=True).click()
    expect(admin.locator("form.settings")).to_be_visible()
    open_all("#admin-settings")
    admin.locator("[name=coverage]").select_option("own")
    look("settings")
    admin.get_by_role("button", name=t(lang, "app.admin.history"), exact=True).click()
    expect(admin.locator("#admin-history .row").first).to_be_visible()
    open_all("#admin-history")
    expect(admin.locator("#admin-history .outcome").first).to_be_visible()
    look("history")
    admin.get_by_role("button", name=t(lang, "app.admin.board"), exact=True).click()
    expect(admin.locator(".board .shift")).to_have_count(2)
    look("shifts on a phone")
    page.set_viewport_size({"width": 1180, "height": 860})
    admin.locator(".board td:has(.shift)").first.press("Enter")
    look("a shift that was picked up")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(admin.locator("#admin-board .becomes")).to_be_visible()
    expect(admin.locator(".board .shift").first).to_be_visible()
    look("a shift that would move")
    assert wrong == []
