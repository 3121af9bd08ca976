"""Answers that are slow, come in another order or not at all, while somebody goes on tapping and typing."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from playwright.sync_api import Page, Route, expect

from duty_teller.services.rosters import rosters
from tests.api.conftest import Web, serve
from tests.api.test_imports import NAME
from tests.house import ALICE, NOW, House, duty
from tests.webapp.conftest import OpenPage
from tests.webapp.real import link
from tests.webapp.site import Site
from tests.webapp.test_import import choose


class Held:
    """Requests to an address that are held until they are let go, in any order."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.routes: list[Route] = []
        self._page, self._pattern = page, pattern
        page.route(pattern, lambda route: self.routes.append(route))

    def go(self, index: int = 0) -> None:
        """Lets one have its answer, and waits for it."""
        with self._page.expect_response(self._pattern) as answer:
            self.routes[index].continue_()
        answer.value.finished()

    def no_more(self) -> None:
        """Holds nothing from now on."""
        self._page.unroute(self._pattern)


def test_balance_of_a_span_chosen_before_is_never_shown_for_the_one_chosen_now(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="balance"), wait=".measure")
    first = page.locator(".measure .value").first
    held = Held(page, "**/api/balance?*")
    for span in ("This year", "Last month"):
        with page.expect_request("**/api/balance?*"):
            page.get_by_label("For which time").select_option(span)
    page.clock.run_for(2_000)
    page.get_by_role("button", name="Weekends", exact=True).click()
    page.get_by_role("button", name="Hours", exact=True).click()
    expect(page.locator(".bars")).to_have_class("bars measured old")

    answers = [[row | {"hours": hours} for row in site.balance] for hours in (99.0, 7.0)]
    held.routes[1].fulfill(json=answers[1])
    expect(first).to_have_text("7 h")
    with page.expect_event("requestfinished"):
        held.routes[0].fulfill(json=answers[0])
    page.get_by_role("button", name="Weekends", exact=True).click()
    page.get_by_role("button", name="Hours", exact=True).click()
    expect(first).to_have_text("7 h")


def test_what_was_done_is_seen_though_it_was_asked_for_before(open_page: OpenPage, site: Site) -> None:
    """What was asked when the change was not made yet says nothing of it: it is asked for again."""
    page = open_page(site.link(start_param="mine"), wait=".row")
    held = Held(page, "**/api/mine")
    with page.expect_request("**/api/mine"):
        page.clock.run_for(61_000)
    stale = deepcopy(site.mine)
    page.locator("summary", has_text="I'm away").first.click()
    site.mine["away"] = []
    page.locator(".act[open]").get_by_role("button", name="Save").click()
    expect(page.locator("#notice")).to_contain_text("Saved")
    held.routes[0].fulfill(json=stale)
    held.no_more()
    expect(page.locator("#mine h2.later")).to_have_count(0)


def test_action_that_ends_late_leaves_what_was_opened_since(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    held = Held(page, "**/api/actions/away")
    page.locator('[data-day="2026-11-25"]').click()
    page.locator("summary", has_text="I'm away").click()
    with page.expect_request("**/api/actions/away"):
        page.locator(".act[open]").get_by_role("button", name="Save").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator('[data-day="2026-11-26"]').click()
    dialog = page.get_by_role("dialog", name="Thursday 26 November")
    dialog.locator("summary", has_text="Find cover").first.click()
    dialog.get_by_label("Why (optional)").fill("dentist")

    held.go()
    expect(page.locator("#notice")).to_contain_text("Saved")
    expect(dialog.get_by_label("Why (optional)")).to_have_value("dentist")


def test_reminders_are_not_stored_before_they_are_there_and_shown_as_they_were_stored(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(site.link(start_param="mine"), wait=".row")
    site.failures["/api/reminders"] = (500, {})
    box = page.locator(".act", has_text="Reminders")
    save = box.get_by_role("button", name="Save")
    box.locator("summary").click()
    expect(box.locator(".fields .wrong")).to_be_visible()
    expect(save).to_be_disabled()
    del site.failures["/api/reminders"]
    box.locator("summary").click()
    held = Held(page, "**/api/reminders")
    box.locator("summary").click()
    expect(box.locator(".bone")).to_be_visible()
    expect(save).to_be_disabled()
    held.go()
    page.get_by_label("12 h").uncheck()
    site.others["/api/reminders"]["leads"] = [60]
    held.no_more()
    save.click()
    expect(page.locator("#notice")).to_have_text("Saved")
    expect(save).to_be_hidden()

    box.locator("summary").click()
    expect(page.get_by_label("1 h", exact=True)).to_be_checked()
    expect(page.get_by_label("12 h")).not_to_be_checked()


def test_absence_waits_until_it_is_known_which_shifts_fall_into_it(open_page: OpenPage, site: Site) -> None:
    falling = {"duty_id": 26, "text": "Thu 26 Nov, 08:00–20:00", "asked": False, "at_once": False}
    site.others["/api/away"] = [falling]
    page = open_page(site.link(start_param="mine"), wait=".row")
    box = page.locator(".act", has_text="I'm away").last
    box.locator("summary").click()
    expect(box.get_by_role("checkbox")).not_to_be_checked()
    held = Held(page, "**/api/away?*")
    save = box.get_by_role("button", name="Save")
    with page.expect_request("**/api/away?*"):
        box.get_by_label("Why").select_option("sick")
    expect(save).to_be_disabled()
    held.go()
    save.click()
    expect(page.locator("#notice")).to_contain_text("Saved")
    assert [body["cover"] for name, _, body in site.sent if name == "away"] == [[26]]


def test_invitation_that_comes_late_is_seen_in_no_other_sheet(open_page: OpenPage, site: Site) -> None:
    site.me["role"] = "admin"
    site.actions["invite"] = {"link": "https://t.me/duty_bot?start=clara"}
    page = open_page(site.link(start_param="team"), wait=".mate")
    held = Held(page, "**/api/actions/invite")
    page.get_by_role("button", name="Edit Clara Nomad").click()
    invite = page.get_by_role("dialog").get_by_role("button", name="Invite")
    with page.expect_request("**/api/actions/invite"):
        invite.click()
    expect(invite).to_be_disabled()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Edit Dan Duty").click()
    dialog = page.get_by_role("dialog", name="Dan Duty")
    expect(dialog).to_be_visible()
    held.go()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(dialog.locator("summary").first).to_have_text("Rename")
    expect(dialog).not_to_contain_text("Clara")

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Edit Clara Nomad").click()
    expect(page.get_by_label("Invitation link")).to_have_value("https://t.me/duty_bot?start=clara")


def test_month_that_has_come_is_not_overwritten_by_what_was_known_last(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    held = Held(page, "**/api/me")
    site.duties = [one for one in site.duties if one["id"] != 23]
    with page.expect_response("**/api/duties?*"):
        page.reload()
    page.clock.run_for(3_000)
    expect(page.locator("#notice span")).to_have_text("Loading… Showing data from 13:00.")
    held.routes[0].continue_()
    held.no_more()
    expect(page.locator("#notice")).to_be_hidden()
    expect(page.locator('[data-day="2026-11-23"] .chip')).to_have_count(0)


def test_keyboard_keeps_its_place_when_what_it_was_on_is_gone(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="mine"), wait=".row")
    row = page.locator("#mine .row").nth(1)
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    row.get_by_role("button", name="Stop looking").focus()
    held = Held(page, "**/api/actions/withdraw")
    with page.expect_request("**/api/actions/withdraw"):
        page.keyboard.press("Enter")
    expect(row.get_by_role("button", name="Stop looking")).to_be_disabled()
    expect(row.get_by_role("button", name="Stop looking")).to_be_focused()
    site.mine["shifts"][1] |= {"asked": None, "asked_start": None, "asked_end": None}
    held.go()
    expect(row.locator("summary").first).to_have_text("Find cover")
    expect(row.locator("summary").first).to_be_focused()


@pytest.fixture
def web(house: House) -> Iterator[Web]:
    house.put(duty(house.dan, "2026-11-23"), duty(house.dan, "2026-12-02"))
    with serve(house) as running:
        yield running


def test_file_corrected_under_its_old_name_is_read_anew(open_page: OpenPage, web: Web) -> None:
    page = open_page(link(web, ALICE, "admin"), wait=".drop")
    refused = {"kind": "refused", "draft_id": 1, "file_name": NAME, "roster": "", "text": "No.", "lines": ["B2"]}
    page.route("**/api/imports?*", lambda route: route.fulfill(json=refused | {"answered": 1}))
    choose(page)
    expect(page.locator("#admin .wrong.lines")).to_have_text("B2")
    with page.expect_request("**/api/imports?*"):
        choose(page)


@pytest.mark.usefixtures("child_here")
def test_file_goes_to_the_roster_that_was_just_chosen(open_page: OpenPage, web: Web) -> None:
    web.house.write(lambda session: rosters.add(session, "Second", NOW, "First"))
    page = open_page(link(web, ALICE, "admin"), wait=".drop")
    Held(page, "**/api/rosters")
    with page.expect_request("**/api/rosters"):
        page.locator("#admin-import").get_by_role("combobox").select_option("Second")
    with page.expect_request("**/api/imports?*") as asked:
        choose(page)
    assert "roster=2" in asked.value.url


def test_week_on_its_way_is_not_shown_as_an_empty_one(open_page: OpenPage, web: Web) -> None:
    page = open_page(link(web, ALICE, "admin"), wait=".drop", viewport={"width": 1180, "height": 860})
    page.locator("#admin").get_by_role("button", name="Shifts").click()
    board = page.locator("#admin-board")
    forth = board.get_by_role("button", name="Next week")
    board.locator(".shift").click()
    expect(board.locator(".when").first).to_contain_text("where to?")
    held = Held(page, "**/api/duties?*")
    with page.expect_request("**/api/duties?*"):
        forth.press("Enter")
    expect(board.locator("td[data-day]")).to_have_count(0)
    with page.expect_request("**/api/duties?*"):
        board.get_by_role("button", name="Previous week").press("Enter")
    expect(board.locator(".wrong")).to_be_hidden()
    held.routes[1].abort()
    expect(board.locator(".wrong")).to_be_visible()
    expect(board.locator("td[data-day]")).to_have_count(0)
    held.no_more()
    with page.expect_response("**/api/duties?*"):
        forth.press("Enter")
    expect(board.locator("td[data-day]").first).to_have_attribute("data-day", "2026-11-30")
    expect(board.locator("td[data-day='2026-12-02'] .shift")).to_be_visible()
    expect(board.locator(".when").first).to_contain_text("where to?")
    expect(board.locator(".wrong")).to_be_hidden()


@pytest.mark.usefixtures("child_here")
def test_import_that_was_ended_elsewhere_is_over_here_too(open_page: OpenPage, web: Web) -> None:
    page = open_page(link(web, ALICE, "admin"), wait=".drop")
    admin = page.locator("#admin")
    choose(page)
    expect(admin.locator(".asks")).to_be_visible()
    sent = {"X-Telegram-Init-Data": web.house.init_data(ALICE)}
    order = {"do": "cancel", "draft_id": 1}
    web.client.post("/api/imports/step", json=order, headers=sent).raise_for_status()

    admin.get_by_label("What “Z” means").select_option(label="Duty, all day")
    expect(admin.locator(".drop")).to_be_visible()
    expect(admin.locator(".asks")).to_have_count(0)
    expect(admin.locator("[role=alert]").first).to_be_visible()


def test_day_says_that_what_can_be_done_to_it_did_not_come_and_asks_again(open_page: OpenPage, site: Site) -> None:
    site.failures["/api/day"] = (500, {})
    page = open_page(site.link(start_param="d2026-11-25"), wait="dialog[open]")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("The server is not answering")
    del site.failures["/api/day"]
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog.locator("summary", has_text="Find cover")).to_be_visible()
    expect(dialog.get_by_role("alert")).to_have_count(0)


def test_calendar_link_is_asked_for_once_and_says_in_its_sheet_why_it_was_not_renewed(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(site.link(start_param="mine"), wait=".row")
    held = Held(page, "**/api/calendar_link?*")
    button = page.get_by_role("button", name="Add to my calendar")
    with page.expect_request("**/api/calendar_link?*"):
        button.click()
    expect(button).to_be_disabled()
    held.go()
    held.no_more()
    dialog = page.get_by_role("dialog")
    dialog.locator("summary").click()
    site.failures["/api/calendar_link"] = (500, {})
    dialog.get_by_role("button", name="Replace", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("The server is not answering")
    assert site.count("/api/calendar_link") == 2
