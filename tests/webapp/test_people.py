"""What admins do to people in Team; swaps, reminders and requests in Mine; what a link names."""

import pytest
from playwright.sync_api import Page, expect

from duty_teller.i18n.core import t
from tests.webapp.conftest import OpenPage
from tests.webapp.site import ALICE, CLARA, Site


def sheet_of(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Edit {name}").click()
    expect(page.get_by_role("dialog", name=name)).to_be_visible()


def sent(site: Site) -> list[tuple[str, object]]:
    return [(name, body) for name, _, body in site.sent]


def test_members_see_the_team_and_nothing_to_change(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="team"), wait=".mate")
    expect(page.locator("#team button, #team summary")).to_have_count(0)
    assert site.count("/api/people") == 0


def test_an_admin_adds_renames_gives_a_role_and_takes_access(open_page: OpenPage, site: Site) -> None:
    site.me["role"] = "admin"
    site.actions |= {"add_person": {"id": 12, "full_name": "Nina"}, "rename": {"id": 3, "full_name": "Dan Dutt"}}
    page = open_page(site.link(start_param="team"), wait=".mate")
    expect(page.locator(".mate", has_text="Old Oscar")).to_contain_text("no access")

    page.locator("summary", has_text="Add somebody").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Nina")
    page.get_by_role("button", name="Add somebody").click()
    expect(page.locator("#notice")).to_have_text("Added: Nina")

    sheet_of(page, "Dan Duty")
    page.locator("summary", has_text="Rename").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Dan Duty")
    page.get_by_role("textbox", name="Name", exact=True).fill("Dan Dutt")
    box = page.get_by_role("textbox", name="Name", exact=True).bounding_box()
    assert box is not None
    assert box["height"] >= 44
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notice")).to_have_text("Now: Dan Dutt")
    expect(page.get_by_role("dialog")).to_have_count(0)

    for title in ("Make admin", "Deactivate"):
        sheet_of(page, "Dan Duty")
        page.locator("summary", has_text=title).click()
        page.get_by_role("button", name=title).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert sent(site) == [
        ("add_person", {"name": "Nina"}),
        ("rename", {"user_id": 3, "name": "Dan Dutt"}),
        ("role", {"user_id": 3, "role": "admin"}),
        ("active", {"user_id": 3, "active": False}),
    ]
    sheet_of(page, "Alice Admin")
    expect(page.get_by_role("dialog").locator("summary")).to_have_text(["Rename", "Phone", "Deactivate"])


def test_somebody_without_telegram_is_invited_or_merged(open_page: OpenPage, site: Site) -> None:
    site.me["role"] = "admin"
    site.actions["invite"] = {"link": "https://t.me/duty_bot?start=abc"}
    page = open_page(site.link(start_param="team"), wait=".mate")
    sheet_of(page, "Clara Nomad")

    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_label("Invitation link")).to_have_value("https://t.me/duty_bot?start=abc")
    share = page.get_by_role("link", name="Send in Telegram")
    expect(share).to_have_attribute("href", "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fduty_bot%3Fstart%3Dabc")
    page.locator("summary", has_text="Same person as").click()
    page.get_by_label("Who it is").select_option("Alice Admin")
    expect(page.get_by_role("status").filter(has_text="→")).to_have_text(
        "Clara Nomad → Alice Admin: 3 shifts move · 1 shift both have"
    )
    page.get_by_role("button", name="Merge").click()

    expect(page.locator("#notice")).to_have_text("Merged. You can undo it in the history.")
    assert sent(site) == [
        ("invite", {"user_id": CLARA}),
        ("merge", {"source_id": CLARA, "target_id": ALICE, "fingerprint": "abc"}),
    ]


def test_what_is_refused_about_somebody_is_said_in_their_sheet(open_page: OpenPage, site: Site) -> None:
    site.me["role"] = "admin"
    for action in ("invite", "active"):
        site.failures[f"/api/actions/{action}"] = (409, {"error": {"code": "refused", "message": f"No {action}."}})
    page = open_page(site.link(start_param="team"), wait=".mate")
    sheet_of(page, "Clara Nomad")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("alert").filter(has_text="No invite.")).to_be_visible()
    page.locator("summary", has_text="Deactivate").click()
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_role("alert").filter(has_text="No active.")).to_be_visible()
    expect(page.get_by_role("dialog", name="Clara Nomad")).to_be_visible()


def test_a_shift_is_offered_for_one_of_those_there_are(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="mine"), wait=".row")
    swap = page.locator(".act", has_text="Swap")
    expect(swap).to_have_count(1)  # neither the running shift nor the one that cover is looked for

    swap.locator("summary").click()
    swap.get_by_label("For which shift").select_option("Alice Admin · Sat 28 Nov, 09:00 – Sun 29 Nov, 09:00")
    swap.get_by_label("Why").fill("dentist")
    swap.get_by_role("button", name="Ask").click()

    expect(page.locator("#notice")).to_have_text("Swap offered")
    assert sent(site) == [("swap", {"duty_id": 26, "wanted_id": 77, "reason": "dentist"})]


def test_reminders_are_chosen_in_one_form(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="mine"), wait=".row")
    page.locator("summary", has_text="Reminders").click()
    expect(page.get_by_label("12 h")).to_be_checked()
    expect(page.get_by_role("textbox", name="From")).to_have_value("22:00")

    page.get_by_label("12 h").uncheck()
    page.get_by_label("15 min").check()
    page.get_by_label("Colleagues looking for cover").check()
    page.get_by_label("To", exact=True).fill("06:30")
    page.locator(".act", has_text="Reminders").get_by_role("button", name="Save").click()

    expect(page.locator("#notice")).to_have_text("Saved")
    wish = {"leads": [60, 15], "kinds": ["ends", "changed", "cover"], "quiet": "22:00-06:30"}
    assert sent(site) == [("remind", wish)]


def test_a_link_opens_the_request_which_is_answered_there(open_page: OpenPage, site: Site) -> None:
    site.actions["answer"] = {"id": 7, "lines": ["You have it now"], "choices": []}
    page = open_page(site.link(start_param="q7"), wait="#request[open]")
    expect(page.get_by_role("dialog", name="Alice Admin needs cover")).to_contain_text("dentist")

    page.get_by_role("button", name="I'll take it").click()

    expect(page.locator("#notice")).to_have_text("You have it now")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert sent(site) == [("answer", {"request_id": 7, "answer": "yes"})]
    page.clock.run_for(61_000)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_link_opens_the_day_of_a_shift_in_its_month(open_page: OpenPage, site: Site) -> None:
    site.others["/api/shifts/26"] = {"roster_id": 1, "start_at": "2026-12-01T21:30:00Z"}
    page = open_page(site.link(start_param="s26"))
    expect(page.get_by_role("dialog", name="Wednesday 2 December")).to_be_visible()
    expect(page.locator("#month h1")).to_have_text("December 2026")


@pytest.mark.parametrize(("link", "there"), [("q99", ".row"), ("s99", ".grid .day")])
def test_what_a_link_names_and_is_gone_is_told_and_all_else_works(
    open_page: OpenPage, site: Site, link: str, there: str
) -> None:
    page = open_page(site.link(start_param=link), wait=there)
    expect(page.locator("#notice")).to_have_text("It is gone.")
    page.locator("nav").get_by_role("button", name=t("en", "app.tab.team")).click()
    expect(page.locator(".mate")).to_have_count(4)
