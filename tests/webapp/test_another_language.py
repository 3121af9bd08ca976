"""The Mini App in an invented third language (tests/invented.py): the server's table is all it needs."""

from playwright.sync_api import expect

from tests.invented import CODE, spoken
from tests.webapp.conftest import OpenPage
from tests.webapp.site import Site


def test_the_calendar_is_whole_in_a_language_the_page_has_never_heard_of(open_page: OpenPage, site: Site) -> None:
    with spoken():
        site.me["language"] = CODE
        page = open_page(site.link(lang=CODE))

        expect(page.locator("html")).to_have_attribute("lang", CODE)
        expect(page.locator("#month h1")).to_have_text("2026/lunak")
        assert page.locator(".grid .weekday").all_text_contents() == ["vf", "vg", "va", "vb", "vc", "vd", "ve"]
        assert page.locator(".grid .day").first.get_attribute("data-day") == "2026-10-31"  # a Saturday
        expect(page.locator("#legend")).to_contain_text("Z3:")
        page.locator('[data-day="2026-11-26"]').click()
        expect(page.locator("#sheet-title")).to_have_text("Lunaek/26 (vestend)")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Now").click()
        expect(page.locator(".card .when").first).to_have_text("Z:until luk/24 (vb), 09:00")


def test_the_page_speaks_it_when_the_server_is_away(open_page: OpenPage, site: Site) -> None:
    with spoken():
        site.failures["*"] = site.failures["/api/messages"] = (502, "bad gateway")
        page = open_page(site.link(lang=CODE), wait="#trouble h1")

        expect(page.locator("#trouble h1")).to_have_text("Z:Could not load")
