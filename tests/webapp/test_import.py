"""A roster file in the tab Admin: chosen, asked about, looked at cell by cell, applied; before the real server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.api.conftest import Web, serve
from tests.api.test_imports import EVIL, FILE, NAME
from tests.house import ALICE, House, duty
from tests.webapp.conftest import OpenPage, Watch
from tests.webapp.real import link
from tests.webapp.test_accessibility import found


@pytest.fixture
def web(house: House) -> Iterator[Web]:
    house.put(duty(house.dan, "2026-11-23"))
    with serve(house) as running:
        yield running


def choose(page: Page, data: bytes = FILE, name: str = NAME) -> None:
    page.locator("#roster-file").set_input_files(FilePayload(name=name, mimeType="text/csv", buffer=data))


def test_file_is_asked_about_corrected_on_its_cells_and_applied(open_page: OpenPage, web: Web, watch: Watch) -> None:
    page = open_page(link(web, ALICE, "admin"), wait=".drop")
    admin = page.locator("#admin")
    choose(page)
    expect(admin.locator(".asks")).to_have_text("2 codes in the file. Choose what they mean.")
    expect(admin.locator(".code-row .name")).to_have_text(["Z", "Q"])
    admin.get_by_label("What “Z” means").select_option(label="Duty, all day")

    admin.get_by_role("button", name="How I read it").click()
    expect(admin.locator(".file td.name, .file td.c2")).to_have_text(["Dan Duty", EVIL])
    admin.locator(".file td", has_text="Q").first.click()
    expect(admin.locator(".about")).to_contain_text("duty or code")
    expect(admin.locator(".about .note")).to_contain_text("Dan Duty, Wed 2 Dec 2026: the code isn't explained yet")
    page.keyboard.press("ArrowLeft")
    expect(admin.locator(".about strong")).to_have_text("B2: Z")
    expect(admin.locator(".about .note")).to_contain_text("Dan Duty, Tue 1 Dec 2026 09:00–Wed 2 Dec 2026 09:00")
    page.keyboard.press("ArrowRight")
    admin.locator(".about select").select_option(label="Nothing")
    expect(admin.locator(".lines").first).to_contain_text("2 people")
    expect(admin.locator(".about .note")).to_contain_text("Wed 2 Dec 2026: nothing")

    before = web.house.live()
    admin.get_by_role("button", name="Apply").click()
    notice = page.locator("#notice")
    expect(notice).to_contain_text("Schedule updated.")
    assert len(web.house.live()) == 7
    expect(admin.locator(".drop")).to_be_visible()
    notice.get_by_role("button", name="Undo").click()
    expect(notice).to_contain_text("Back as it was")
    assert web.house.live() == before
    assert watch.errors == []


@pytest.mark.usefixtures("child_here")
def test_tap_on_a_name_corrects_who_that_is_and_one_on_a_day_which_year(open_page: OpenPage, web: Web) -> None:
    web.house.person("Daniel Dutton")
    page = open_page(link(web, ALICE, "admin"), wait=".drop")
    admin = page.locator("#admin-import")
    choose(page, b"December,1,2,3,4,5,6,7\nDan Duty,day,night,,day,,,day\n", "roster.csv")
    admin.get_by_role("button", name="2026", exact=True).click()
    apply = admin.get_by_role("button", name="Apply")
    expect(apply).to_be_visible()
    admin.get_by_role("button", name="How I read it").click()

    admin.locator(".file td.c2", has_text="Dan Duty").click()
    who = admin.get_by_label("Who “Dan Duty” is")
    expect(who.locator("option").first).to_have_text("Dan Duty")
    who.select_option(label="Daniel Dutton")
    expect(who.locator("option").first).to_have_text("Daniel Dutton")
    admin.locator(".file td", has_text="night").click()
    expect(admin.locator(".about .note")).to_contain_text("→ Daniel Dutton, Wed 2 Dec")
    admin.locator(".file td.c0").first.click()
    year = admin.get_by_label("Year")
    expect(year.locator("option").first).to_have_text("2026")
    year.select_option(label="2027")
    expect(year.locator("option").first).to_have_text("2027")
    assert found(page, "a day of a file, corrected") == []

    apply.click()
    expect(page.locator("#notice")).to_contain_text("Schedule updated.")
    assert {one.start_at.year for one in web.house.live() if one.user_id != web.house.dan} == {2027}


@pytest.mark.usefixtures("child_here")
def test_what_moves_under_the_preview_is_named_and_shown_anew(open_page: OpenPage, web: Web) -> None:
    page = open_page(link(web, ALICE, "admin"), wait=".drop")
    admin = page.locator("#admin")
    choose(page, b"Name,1,2,3,4,5,6,7\nDan Duty,day,night,,day,,,day\n")
    apply = admin.get_by_role("button", name="Apply")
    expect(apply).to_be_visible()
    web.house.put(duty(web.house.dan, "2026-11-23"), duty(web.house.dan, "2026-12-02"), reason="Boris was here")

    apply.click()
    expect(admin.locator(".gap")).to_contain_text("Boris was here")
    expect(admin.locator(".gap")).to_contain_text("This is what it would be now.")
    assert len(web.house.live()) == 2
    expect(apply).to_be_enabled()
    apply.click()
    expect(page.locator("#notice")).to_contain_text("Schedule updated.")


@pytest.mark.usefixtures("child_here")
def test_file_that_is_none_is_refused_in_words_and_another_may_follow(open_page: OpenPage, web: Web) -> None:
    page = open_page(link(web, ALICE, "admin"), wait=".drop")
    choose(page, b"\x89PNG\r\n\x1a\n" + bytes(99), "plan.png")
    expect(page.locator("#admin .wrong").first).to_be_visible()
    choose(page, bytes(5 * 2**20 + 1), "huge.csv")
    expect(page.locator("#admin .wrong").first).to_contain_text("The file is over 5 MB.")
    choose(page)
    expect(page.locator("#admin .asks")).to_be_visible()
    page.reload()  # the import goes on; the file itself is not kept
    expect(page.locator("#admin .asks")).to_be_visible()
    expect(page.get_by_role("button", name="Choose the file again to see the table")).to_be_visible()


@pytest.mark.usefixtures("child_here")
def test_day_that_the_file_names_is_corrected_by_a_tap(open_page: OpenPage, web: Web) -> None:
    page = open_page(link(web, ALICE, "admin"), wait=".drop")
    admin = page.locator("#admin")
    data = b"Name;7.12.2026;8.12.2026;9.12.2026;10.12.2026;11.12.2026\nDan Duty;day;;day;;\n"
    choose(page, data, "roster.csv")
    admin.get_by_role("button", name="How I read it").click()
    admin.locator(".file td", has_text="7.12.2026").click()
    expect(admin.get_by_label("Which day this is")).to_have_value("2026-12-07")
    assert found(page, "a day of the file") == []
    admin.get_by_label("Which day this is").fill("2026-12-08")
    admin.locator(".file td", has_text="day").first.click()
    expect(admin.locator(".about .note")).to_contain_text("Dan Duty, Tue 8 Dec 2026")
