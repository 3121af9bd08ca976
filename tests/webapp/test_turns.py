"""Turning months: what is there before it is asked for, and what stays in the page when answers come anew."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.webapp.conftest import OpenPage
from tests.webapp.site import CLARA, DAN, Site, at, duty


def test_the_months_beside_are_there_before_they_are_turned_to(open_page: OpenPage, site: Site) -> None:
    site.duties.append(duty(900, CLARA, at(5, month=12), at(6, month=12)))
    page = open_page()
    for month in ("2026-10", "2026-12"):
        while not all(site.count(f"/api/{kind}?from={month}") for kind in ("duties", "gaps", "days")):
            page.wait_for_timeout(20)

    page.route("**/api/**", lambda route: None)  # no answer comes any more

    page.get_by_label("Next month").click()
    expect(page.locator('[data-day="2026-12-05"] .chip')).to_have_text("Clara N.")
    expect(page.locator(".grid")).to_have_attribute("aria-busy", "false")
    page.get_by_label("Previous month").click()
    page.get_by_label("Previous month").click()
    expect(page.locator("#month h1")).to_have_text("October 2026")
    expect(page.locator(".grid")).to_have_attribute("aria-busy", "false")
    page.get_by_label("Previous month").click()
    expect(page.locator(".grid")).to_have_attribute("aria-busy", "true")  # September nobody has asked for


DECEMBER_LIES_READY = """name => [...document.querySelectorAll(".leaf:not(.grid, .filling)")]
    .some((leaf) => leaf.ariaLabel === "December 2026" && leaf.textContent.includes(name))"""
WATCH_LANGUAGE = """() => {
    window.spoken = 0;
    const watch = new MutationObserver(() => { window.spoken += 1; });
    watch.observe(document.documentElement, { attributeFilter: ["lang"] });
}"""
TURN_AT_ONCE = """buttons => {
    for (const name of buttons) document.querySelector(`#month button${name}`).click();
    return document.querySelector(".grid").textContent;
}"""


def test_month_laid_out_ahead_is_never_seen_as_it_was(open_page: OpenPage, site: Site) -> None:
    """What has changed since is seen in the frame of the turn; a month that lies ready is there for nobody else."""
    site.duties += [
        duty(900, CLARA, at(5, month=12), at(6, month=12)),
        duty(901, DAN, at(7, month=12), at(8, month=12)),
    ]
    page = open_page()
    page.wait_for_function(DECEMBER_LIES_READY, arg="Clara")
    page.evaluate(WATCH_LANGUAGE)
    expect(page.get_by_role("grid")).to_have_count(1)
    expect(page.locator('.leaf [tabindex="0"]')).to_have_count(1)
    expect(page.locator('[data-day="2026-11-30"]')).to_have_count(1)  # December's grid begins with it, too

    seen = page.evaluate(TURN_AT_ONCE, [".pill", ".forth"])

    assert "Clara" not in seen
    assert "Dan" in seen
    assert "Clara" in page.evaluate(TURN_AT_ONCE, [".pill"])
    site.duties[-2]["full_name"] = "Somebody Else"
    page.clock.run_for(61_000)
    expect(page.locator('[data-day="2026-12-05"]')).to_have_accessible_name(re.compile("Somebody Else$"))
    page.get_by_label("Previous month").click()
    seen = page.evaluate(TURN_AT_ONCE, [".forth"])
    assert "Somebody Else" in seen
    assert "Clara" not in seen
    assert page.evaluate("window.spoken") == 0  # else the style of all that is there would be made anew


@pytest.mark.parametrize(("people", "shown"), [(1, '[data-day^="2026-11"]'), (6, ".list-day")])
def test_of_a_month_that_changes_only_those_days_change(
    open_page: OpenPage, site: Site, people: int, shown: str
) -> None:
    """In the grid and in the list; an answer that says the same changes nothing."""
    site.duties = [
        duty(day * 10 + one, CLARA, at(day), at(day) + timedelta(hours=12)) | {"full_name": f"Person {day}"}
        for day in range(1, 31)
        for one in range(people)
    ]
    page = open_page(wait=shown)
    days = page.locator(shown)
    expect(days).to_have_count(30)
    expect(page.locator(".unseen")).to_have_count(0)
    days.evaluate_all("days => days.forEach((day) => { day.lastElementChild.marked = true; })")

    def changed(page: Page) -> list[int]:
        script = "days => days.map((day, at) => day.lastElementChild.marked ? 0 : at + 1).filter(Boolean)"
        found: list[int] = page.locator(shown).evaluate_all(script)
        return found

    with page.expect_response(lambda answer: "/api/duties?from=2026-11" in answer.url):
        page.clock.run_for(61_000)
    for entry in site.duties:
        if entry["id"] // 10 in (7, 20):
            entry["full_name"] = "Somebody Else"
    page.clock.run_for(61_000)
    expect(days.nth(19)).to_contain_text("Somebody Else")
    assert changed(page) == [7, 20]


def test_calendar_begins_at_its_head_for_whoever_was_far_down_in_the_list(open_page: OpenPage, site: Site) -> None:
    """And the lines under it that were left for later come."""
    site.duties = [
        duty(day * 100 + one, CLARA, at(day), at(day) + timedelta(hours=12))
        | {"full_name": f"Person {one}", "user_id": one}
        for day in range(1, 31)
        for one in range(40, 80)
    ]
    page = open_page(wait=".list-day")
    expect(page.locator(".unseen")).to_have_count(0)
    layout = page.get_by_role("button", name="Show as a calendar")
    expect(layout).to_be_visible()
    page.evaluate("scrollTo(0, 3000)")

    layout.dispatch_event("click")  # as where the head stays in sight; here it is scrolled away

    expect(page.locator("#month h1")).to_be_in_viewport()
    expect(page.locator('[data-day="2026-11-02"]')).to_be_in_viewport()
    page.get_by_label("Next month").click()
    expect(page.locator("#month h1")).to_have_text("December 2026")
    page.get_by_label("Previous month").click()
    expect(page.locator("#month h1")).to_have_text("November 2026")
    expect(page.locator("#legend .roll li:visible")).to_have_count(40)
