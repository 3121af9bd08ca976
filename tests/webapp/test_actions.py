"""Doing something in the Mini App: from Mine and from a day."""

import pytest
from playwright.sync_api import Route, expect

from tests.webapp.conftest import OpenPage
from tests.webapp.site import ALICE, Site


def span(day: int) -> dict[str, str]:
    """A day's whole duty as the form sends it when its times are not touched."""
    return {"start": f"2026-11-{day}T06:00:00.000Z", "end": f"2026-11-{day + 1}T06:00:00.000Z"}


REFUSED = {"error": {"code": "refused", "message": "Nobody is free then."}}


def test_cover_is_found_from_mine_and_told(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="mine"), wait=".row")
    page.locator("summary").first.click()
    page.get_by_label("Why (optional)").first.fill("dentist")

    page.get_by_role("button", name="Ask colleagues").click()

    expect(page.locator("#notice")).to_have_text("Asked 2 colleagues")
    ((name, key, body),) = site.sent
    assert (name, body) == ("cover", {"duty_id": 23, "reason": "dentist"} | span(23))
    assert len(key) == 36
    expect(page.locator("details[open]")).to_have_count(0)


def test_an_answer_that_got_lost_is_asked_for_again_under_the_same_key(open_page: OpenPage, site: Site) -> None:
    """Three times the action arrives and its answer does not; the reader's own second try is the same action, too."""
    page = open_page(site.link(start_param="mine"), wait=".row")
    lost = 3

    def lose(route: Route) -> None:
        nonlocal lost
        lost -= 1
        if lost >= 0:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/api/actions/*", lose)
    page.locator("summary").first.click()
    page.get_by_role("button", name="Ask colleagues").click()
    page.wait_for_timeout(200)
    page.clock.run_for(1_100)
    expect(page.locator("form .wrong").first).to_have_text("Check your internet connection and try again.")
    page.get_by_role("button", name="Ask colleagues").click()
    page.wait_for_timeout(200)
    page.clock.run_for(1_100)

    expect(page.locator("#notice")).to_have_text("Asked 2 colleagues")
    assert len(site.sent) == 4
    assert len({key for _, key, _ in site.sent}) == 1


def test_what_is_refused_is_said_in_the_form_and_what_was_typed_stays(open_page: OpenPage, site: Site) -> None:
    """Also when the page is drawn anew meanwhile: by somebody else's change, by the clock."""
    site.failures["/api/actions/cover"] = (409, REFUSED)
    page = open_page(site.link(start_param="mine"), wait=".row")
    page.locator("summary").first.click()
    page.get_by_label("Why (optional)").first.fill("dentist")
    page.get_by_role("button", name="Ask colleagues").click()
    expect(page.get_by_role("alert").filter(has_text="Nobody is free then.")).to_be_visible()

    site.mine["shifts"].pop()
    page.clock.run_for(61_000)

    expect(page.locator(".row")).to_have_count(3)
    expect(page.get_by_label("Why (optional)").first).to_have_value("dentist")
    page.get_by_role("button", name="Ask colleagues").click()
    expect(page.get_by_role("button", name="Ask colleagues")).to_be_enabled()
    first, second = (key for _, key, _ in site.sent)
    assert first != second


@pytest.mark.parametrize(
    ("viewer", "day", "title", "confirm", "sent"),
    [
        (3, "2026-11-25", "Find cover", "Ask colleagues", ("cover", {"duty_id": 25, "reason": ""} | span(25))),
        (ALICE, "2026-11-23", "Take over", "I am on duty now", ("take_over", {"duty_id": 23})),
    ],
)
def test_a_day_offers_what_can_be_done_to_its_shifts(
    open_page: OpenPage, site: Site, viewer: int, day: str, title: str, confirm: str, sent: tuple[str, object]
) -> None:
    site.me["id"] = viewer
    page = open_page(site.link(start_param=f"d{day}"))
    sheet = page.get_by_role("dialog")
    expect(sheet.locator("summary")).to_have_text([title, "I'm away"])

    sheet.locator("summary").first.click()
    sheet.get_by_role("button", name=confirm).click()

    expect(page.locator("#notice")).to_be_visible()
    expect(sheet).to_have_count(0)
    assert [(name, body) for name, _, body in site.sent] == [sent]


def test_cover_is_not_offered_where_it_is_asked_for_already(open_page: OpenPage, site: Site) -> None:
    site.asks[25] = 7
    page = open_page(site.link(start_param="d2026-11-25"))
    sheet = page.get_by_role("dialog")
    expect(sheet.locator("summary")).to_have_text(["Stop looking", "I'm away"])
    sheet.locator("summary").first.click()
    sheet.get_by_role("button", name="Stop looking").click()
    expect(page.locator("#notice")).to_be_visible()
    assert [(name, body) for name, _, body in site.sent] == [("withdraw", {"request_id": 7})]


def test_shifts_of_others_that_are_not_running_and_days_gone_by_offer_nothing(open_page: OpenPage, site: Site) -> None:
    for day in ("2026-11-24", "2026-11-20", "2026-11-21"):
        page = open_page(site.link(start_param=f"d{day}"))
        expect(page.get_by_role("dialog").locator(".person")).to_have_count(1)
        expect(page.get_by_role("dialog").locator(".person summary")).to_have_count(0)
        expect(page.get_by_role("dialog").locator("summary")).to_have_count(1 if day == "2026-11-24" else 0)


def test_days_away_are_entered_and_cancelled(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="mine"), wait=".row")
    page.locator("summary", has_text="I'm away").click()
    page.locator("[name=kind]").select_option("Sick leave")
    page.get_by_label("First day").fill("2026-11-27")
    expect(page.get_by_label("Last day")).to_have_value("2026-11-27")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notice")).to_have_text("Saved · you have 1 shift on these days")

    page.locator("summary", has_text="Cancel this").click()
    page.get_by_role("button", name="Cancel this").click()

    expect(page.locator("#notice")).to_have_text("Cancelled")
    assert [(name, body) for name, _, body in site.sent] == [
        ("away", {"kind": "sick", "first": "2026-11-27", "last": "2026-11-27", "cover": []}),
        ("back", {"duty_id": 303}),
    ]


def test_cover_of_a_part_is_asked_from_a_day_and_an_absence_entered_there(open_page: OpenPage, site: Site) -> None:
    """Times that are not touched are sent as instants, others as the roster's clock shows them."""
    page = open_page(site.link(start_param="d2026-11-25"))
    sheet = page.get_by_role("dialog")
    sheet.locator("summary", has_text="Find cover").click()
    expect(sheet.get_by_label("From")).to_have_value("2026-11-25T09:00")
    sheet.get_by_label("Until").fill("2026-11-25T13:30")
    sheet.get_by_role("button", name="Ask colleagues").click()
    expect(page.locator("#notice")).to_have_text("Asked 2 colleagues")
    sent = {"duty_id": 25, "start": "2026-11-25T06:00:00.000Z", "end": "2026-11-25T13:30", "reason": ""}
    assert site.sent.pop()[::2] == ("cover", sent)

    page.locator('[data-day="2026-11-25"]').click()
    sheet.locator("summary", has_text="I'm away").click()
    expect(sheet.get_by_label("First day")).to_have_value("2026-11-25")
    sheet.get_by_label("Last day").fill("2026-11-26")
    sheet.get_by_role("button", name="Save").click()
    expect(page.locator("#notice")).to_have_text("Saved · you have 1 shift on these days")
    assert site.sent.pop()[::2] == (
        "away",
        {"kind": "vacation", "first": "2026-11-25", "last": "2026-11-26", "cover": []},
    )


def test_mine_says_which_part_is_looked_for(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="mine"), wait=".row")
    expect(page.locator(".asked")).to_have_text("Looking for cover · Wed 25 Nov, 09:00–12:00")
    expect(page.locator("summary", has_text="Find cover")).to_have_count(2)


def test_group_is_asked_instead_of_colleagues_where_one_shows_the_roster(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="mine"), wait=".row")
    page.locator("summary").first.click()
    form = page.locator("form").first
    expect(form.get_by_role("status")).to_have_text("The bot asks Alice Admin, Clara Nomad.")
    form.get_by_label("Until").fill("2026-11-23T20:00")
    expect(form.get_by_label("Who to ask")).to_have_value("")

    form.get_by_label("Who to ask").select_option("In the group “Ward 3”")
    expect(form.get_by_role("status")).to_have_text("Everybody in the group sees it.")
    form.get_by_role("button", name="Ask the group").click()

    expect(page.locator("#notice")).to_be_visible()
    ((name, _, body),) = site.sent
    assert (name, body["chat_id"], body["end"]) == ("cover", -1001, "2026-11-23T20:00")
    assert [asked for asked, _, _ in site.asked if asked.startswith("/api/cover")] == [
        "/api/cover?duty_id=23&start=2026-11-23T06%3A00%3A00.000Z&end=2026-11-24T06%3A00%3A00.000Z",
        "/api/cover?duty_id=23&start=2026-11-23T06%3A00%3A00.000Z&end=2026-11-23T20%3A00",
    ]


def test_form_of_cover_says_so_where_there_is_nobody_to_ask(open_page: OpenPage, site: Site) -> None:
    site.others["/api/cover"] = {"people": [], "rested": True, "groups": []}
    page = open_page(site.link(start_param="mine"), wait=".row")
    page.locator("summary").first.click()
    expect(page.locator("form").first.get_by_role("status")).to_contain_text("There's nobody to ask")
    expect(page.get_by_role("button", name="Ask colleagues")).to_be_disabled()


def test_shifts_on_days_away_are_told_before_and_those_ticked_are_looked_after(open_page: OpenPage, site: Site) -> None:
    """Whoever is ill has them ticked; what was ticked or not by hand stays so, also on other days."""
    shifts = [
        {"duty_id": 23, "text": "Mon 23 Nov, 09:00 – Tue 24 Nov, 09:00", "asked": False, "at_once": True},
        {"duty_id": 25, "text": "Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00", "asked": True, "at_once": False},
        {"duty_id": 26, "text": "Thu 26 Nov, 09:00–21:00", "asked": False, "at_once": False},
        {"duty_id": 28, "text": "Sat 28 Nov, 09:00–21:00", "asked": False, "at_once": False},
    ]
    site.actions["away"] = {"affected": 4, "asked": 2, "left": 1}
    page = open_page(site.link(start_param="mine"), wait=".row")
    page.locator("summary", has_text="I'm away").click()
    form = page.locator("form", has=page.locator("[name=first]"))
    expect(form.get_by_role("status")).to_have_text("No shifts on these days.")
    site.others["/api/away"] = shifts
    form.get_by_label("Why").select_option("Sick leave")
    expect(form.get_by_role("checkbox").nth(2)).to_be_checked()
    form.get_by_label("Last day").fill("2026-11-28")
    form.get_by_role("checkbox", name="Sat 28 Nov").uncheck()
    expect(form.get_by_role("checkbox").first).to_be_disabled()
    form.get_by_label("Last day").fill("2026-11-29")
    expect(form.get_by_role("checkbox", name="Sat 28 Nov")).not_to_be_checked()
    expect(form.get_by_role("checkbox")).to_have_count(3)

    form.get_by_role("button", name="Save").click()

    said = "Saved · you have 4 shifts on these days · looking for cover for 2 shifts"
    said += " · nobody to ask for 1 shift, tell an admin"
    expect(page.locator("#notice")).to_have_text(said)
    assert site.sent[-1][2] == {"kind": "sick", "first": "2026-11-23", "last": "2026-11-29", "cover": [23, 26]}
