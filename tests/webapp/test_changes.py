"""A day's shifts changed by an admin, and the history: before the real server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from duty_teller.db.models import ChangeKind
from tests.api.conftest import Web
from tests.api.test_actions import send
from tests.api.test_changes import BORIS, give, key, order, preview
from tests.house import ALICE, DAN, House, duty, moscow
from tests.webapp.conftest import OpenPage, Watch
from tests.webapp.real import link, three_days
from tests.webapp.test_accessibility import found

EVIL = "Olga <img src=x onerror=alert(1)>"


@pytest.fixture
def web(house: House) -> Iterator[Web]:
    with three_days(house, EVIL) as running:
        yield running


def open_form(page: Page, name: str = "Change") -> None:
    page.locator("summary", has_text=name).first.click()


def test_shift_is_given_away_as_shown_and_taken_back(open_page: OpenPage, web: Web, watch: Watch) -> None:
    """What it causes is read before it is done; one tap takes it back, another one brings it again."""
    page = open_page(link(web, ALICE, "d2026-11-25"))
    sheet = page.get_by_role("dialog")
    expect(sheet.locator(".changed")).to_have_text("november.xlsx: Alice Admin, 15:00")
    open_form(page)
    apply = sheet.get_by_role("button", name="Apply").first
    expect(apply).to_be_disabled()
    expect(sheet.locator("[name=person]").first.locator("option")).to_have_text(
        ["Choose a person", EVIL, "Boris Boss – away"]
    )

    sheet.locator("[name=person]").first.select_option(label="Boris Boss – away")
    expect(sheet.locator(".becomes")).to_have_text("Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00: Dan Duty → Boris Boss")
    expect(sheet.locator(".causes")).to_have_text("⚠️ Boris Boss is away then: Vacation, Wed 25 Nov")
    assert found(page, "a shift's forms with what they cause") == []
    sheet.locator("details[open] [name=reason]").fill("ill")
    apply.click()

    notice = page.locator("#notice")
    expect(notice).to_contain_text("Changed")
    expect(sheet).to_have_count(0)
    assert web.house.changes()[-1].reason.endswith(" · ill")
    notice.get_by_role("button", name="Undo").click()
    expect(notice).to_contain_text("Back as it was")
    assert duty(web.house.dan, "2026-11-25") in web.house.live()
    notice.get_by_role("button", name="Redo").click()
    expect(notice.get_by_role("button", name="Undo")).to_be_visible()
    assert duty(web.house.dan, "2026-11-25") not in web.house.live()
    assert watch.errors == []


def test_note_is_written_in_the_day_and_read_there(open_page: OpenPage, web: Web, watch: Watch) -> None:
    page = open_page(link(web, ALICE, "d2026-11-25"))
    sheet = page.get_by_role("dialog")
    open_form(page)
    sheet.get_by_role("button", name="Note").first.click()
    apply = sheet.get_by_role("button", name="Apply").first
    expect(apply).to_be_disabled()
    sheet.get_by_label("Note").first.fill("Keys at the desk <img src=x onerror=alert(1)>")
    expect(sheet.locator(".becomes")).to_contain_text("Dan Duty, note “Keys at the desk")
    assert found(page, "the form of a note") == []
    apply.click()
    expect(page.locator("#notice")).to_contain_text("Changed")
    page = open_page(link(web, DAN, "d2026-11-25"))
    expect(page.get_by_role("dialog").locator(".note")).to_have_text("Keys at the desk <img src=x onerror=alert(1)>")
    assert watch.errors == []


def test_what_others_change_under_an_open_form_is_said_and_nothing_filled_in_is_lost(
    open_page: OpenPage, web: Web
) -> None:
    """Boris gives the same shift away while Alice is at it; then something else that moves her preview."""
    page = open_page(link(web, ALICE, "d2026-11-25"))
    sheet = page.get_by_role("dialog")
    open_form(page)
    sheet.locator("[name=person]").first.select_option(label=EVIL)
    expect(sheet.locator(".becomes")).to_be_visible()
    sheet.locator("details[open] [name=reason]").fill("a long story")
    body = give(web, "2026-11-25", "Boris")
    send(web, "change", order(body, preview(web, body, BORIS)), BORIS, key()).raise_for_status()

    page.clock.run_for(61_000)
    expect(sheet.locator(".gap")).to_have_text("This shift was changed or removed while you were looking.")
    expect(sheet.locator("details[open] .wrong")).to_contain_text("This shift was changed or removed")
    expect(sheet.locator("details[open] [name=reason]")).to_have_value("a long story")
    expect(sheet.locator("details[open]").get_by_role("button", name="Apply")).to_be_disabled()
    assert len([one for one in web.house.changes() if one.kind == ChangeKind.EDIT]) == 1


def test_what_is_not_any_more_what_was_shown_is_shown_anew(open_page: OpenPage, web: Web) -> None:
    page = open_page(link(web, ALICE, "d2026-11-26"))
    sheet = page.get_by_role("dialog")
    open_form(page, "Add a shift")
    sheet.locator("[name=person]").select_option(label=EVIL)
    sheet.get_by_label("Starts").fill("2026-11-26T21:00")
    expect(sheet.locator(".becomes")).to_have_text(f"+ Thu 26 Nov, 21:00 – Fri 27 Nov, 09:00: {EVIL}")
    body = {"what": "add", "roster_id": 1, "user_id": web.house.dan}
    body |= {"start": "2026-11-26T20:00", "end": "2026-11-27T09:00"}
    send(web, "change", order(body, preview(web, body, BORIS)), BORIS, key()).raise_for_status()

    sheet.get_by_role("button", name="Apply").click()
    expect(sheet.locator(".outcome")).to_contain_text("The schedule has changed in the meantime. It would now be:")
    expect(sheet.locator(".moved")).to_contain_text("Boris Boss: + Thu 26 Nov, 20:00")
    sheet.get_by_role("button", name="Apply").click()
    expect(page.locator("#notice")).to_contain_text("Changed")
    assert [one.start_at for one in web.house.live() if one.start_at > moscow("2026-11-26", 12)] == [
        moscow("2026-11-26", 20),
        moscow("2026-11-26", 21),
    ]


def test_members_see_who_changed_a_shift_and_nothing_of_the_admins(open_page: OpenPage, web: Web) -> None:
    """Nor does a link to the admins' tab lead there."""
    page = open_page(link(web, DAN, "d2026-11-25"))
    expect(page.locator(".changed")).to_have_text("november.xlsx: Alice Admin, 15:00")
    expect(page.get_by_role("dialog").locator("summary")).to_have_text(["Find cover", "I'm away"])
    page = open_page(link(web, DAN, "admin"), wait=".card .name")
    expect(page.locator("#tabs button")).to_have_count(5)
    expect(page.locator("#now")).to_be_visible()


def test_history_shows_what_an_undo_would_do_before_it_does_it(open_page: OpenPage, web: Web) -> None:
    body = give(web, "2026-11-24", "Boris")
    send(web, "change", order(body, preview(web, body)), ALICE, key()).raise_for_status()
    page = open_page(link(web, ALICE, "admin"), wait="#admin .segment")
    page.locator("#admin").get_by_role("button", name="History").click()
    rows = page.locator("#admin .row")
    expect(rows.locator(".text")).to_have_text(
        [
            f"Alice Admin gave {EVIL}'s shift to Boris Boss: Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00",
            "Alice Admin imported november.xlsx: 4 shifts added",
        ]
    )
    rows.first.locator("summary").click()
    expect(rows.first.locator(".becomes")).to_contain_text(f"Boris Boss → {EVIL}")
    rows.nth(1).locator("summary").click()
    expect(rows.nth(1).locator(".wrong")).to_contain_text("Alice Admin")
    assert found(page, "history") == []

    rows.first.get_by_role("button", name="Undo").click()
    expect(page.locator("#notice")).to_contain_text("Back as it was")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("undone")
    assert web.house.live()[1].user_id != web.house.live()[0].user_id
