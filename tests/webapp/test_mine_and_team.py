"""The tabs Mine and Team."""

import pytest
from playwright.sync_api import expect

from duty_teller.i18n.core import t
from tests.webapp.conftest import OpenPage, Watch
from tests.webapp.site import LONG_NAME, Site


def test_mine_shows_hours_shifts_and_absences(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="mine"), wait=".tile")

    assert page.locator(".tile .figure").all_text_contents() == ["240 h", "24.6 h"]
    assert page.locator(".row .time").all_text_contents() == [
        "Mon 23 Nov, 09:00 – Tue 24 Nov, 09:00",
        "Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00",
        "Thu 26 Nov, 09:00–21:00",
        "5 Dec – 12 Dec",
    ]
    expect(page.locator(".row.running .who .when")).to_have_text("on now · 24 h")
    expect(page.locator(".asked")).to_have_count(1)


def test_the_calendar_link_comes_with_programs_and_a_code_and_is_kept_nowhere(
    open_page: OpenPage, site: Site, watch: Watch
) -> None:
    page = open_page(site.link(start_param="mine"), wait=".tile")
    assert site.count("/api/calendar_link") == 0

    page.get_by_role("button", name="Add to my calendar").click()

    sheet = page.get_by_role("dialog", name="Your shifts in a calendar")
    expect(sheet.get_by_role("link")).to_have_text(["Google", "Apple", "Outlook"])
    expect(sheet.get_by_role("img", name="QR code of your link")).to_be_visible()
    expect(sheet.get_by_label("For other calendars")).to_have_value(site.link_answer["feed"])
    sheet.locator("summary", has_text="Replace the link").click()
    site.link_answer = {**site.link_answer, "mark": "1.2", "feed": "https://duty.example/feed/another.ics"}
    sheet.get_by_role("button", name="Replace", exact=True).click()
    expect(sheet.get_by_label("For other calendars")).to_have_value("https://duty.example/feed/another.ics")
    assert site.asked[-1][0] == "/api/calendar_link?replace=1.1"
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(page.locator("#link")).to_be_empty()
    assert "ttttt" not in page.content() + page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert watch.errors == []


def test_an_action_that_is_refused_says_why_and_leaves_the_page_as_it_is(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="mine"), wait=".tile")
    refused = {"error": {"code": "no_address", "message": "There is no public address yet."}}
    site.failures["/api/calendar_link"] = (409, refused)

    page.get_by_role("button", name="Add to my calendar").click()

    expect(page.locator("#notice")).to_have_text("There is no public address yet.")
    expect(page.locator(".tile")).to_have_count(2)
    page.clock.run_for(7_000)
    expect(page.locator("#notice")).to_be_hidden()


def test_team_tells_who_is_on_and_away_and_how_to_reach_them(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="team"), wait=".mate")

    expect(page.locator(".mate .when.on")).to_have_text("now, until Tue 24 Nov, 09:00")
    expect(page.locator(".mate .away")).to_have_text("Vacation, until 29 Nov")
    boris = page.locator(".mate").filter(has_text=LONG_NAME)
    expect(boris.get_by_role("link").first).to_have_accessible_name(f"Call {LONG_NAME}, +7 901 000-10-04")
    expect(boris.locator(".write")).to_have_attribute("href", "https://t.me/konst_zadun")
    expect(page.locator(".mate").filter(has_text="Clara").get_by_role("link")).to_have_count(0)


def test_a_large_team_is_searched_by_any_part_of_a_name(open_page: OpenPage, site: Site) -> None:
    site.team += [dict(site.team[0], id=50 + n, full_name=f"Пётр Иванов {n}") for n in range(10)]
    page = open_page(site.link(start_param="team"), wait=".mate")

    page.get_by_label("Find by name").fill("иван петр 7")
    expect(page.locator(".mate .name")).to_have_text(["Пётр Иванов 7"])
    page.get_by_label("Find by name").fill("nobody")

    expect(page.get_by_role("status").filter(has_text="Nobody has that name")).to_be_visible()


@pytest.mark.parametrize("tab", ["mine", "team"])
def test_a_tab_that_fails_to_load_can_be_tried_again(open_page: OpenPage, site: Site, tab: str) -> None:
    page = open_page(site.link(start_param="home"), wait=".card .name")
    site.failures[f"/api/{tab}"] = (503, {"error": {"code": "unavailable", "message": "Later"}})
    page.get_by_role("button", name=t("en", f"app.tab.{tab}")).click()
    expect(page.locator("#notice")).to_contain_text("The server is not answering")

    site.failures.clear()
    page.get_by_role("button", name="Try again").click()

    expect(page.locator(".row, .mate").first).to_be_visible()
