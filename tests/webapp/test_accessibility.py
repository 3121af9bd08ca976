"""Every state of every view before axe-core, which must find nothing: roles, names, contrast, order, sizes."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from duty_teller.i18n.core import t
from tests import axe
from tests.webapp.conftest import OpenPage
from tests.webapp.site import CLARA, PEOPLE, Site, at, duty, stamp
from tests.webapp.test_looks import DARK, LIGHT

EVERYTHING = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"),
    ],
    "rules": {"target-size": {"enabled": True}},
}


def found(page: Page, state: str) -> list[str]:
    """Returns what axe-core finds wrong with the page as it is now."""
    return axe.found(page, state, EVERYTHING)


def busy_site(site: Site, lang: str) -> None:
    """Gaps, a night that is nobody's, an absence of each kind, two rosters, an alarm, and an admin who is on duty."""
    roster = site.me["rosters"][0] | {"name": "Первая линия" if lang == "ru" else "First line"}
    site.me |= {"language": lang, "role": "admin", "rosters": [roster, roster | {"id": 2, "name": "Second line"}]}
    site.gaps = [{"roster_id": 1, "start_at": stamp(at(day, 18)), "end_at": stamp(at(day + 1, 6))} for day in (27, 28)]
    span = {"start_at": stamp(at(20)), "end_at": stamp(at(24))}
    alarm = {"roster_id": 2, "current": [], "next": [], "gap": span, "valid_until": stamp(at(24))}
    site.now["rosters"].append(alarm)
    site.duties.append(duty(400, CLARA, at(26, 2), at(26, 14), position="backup", note="Phone is off until noon"))


@pytest.mark.parametrize(("lang", "theme"), [("en", LIGHT), ("ru", DARK)], ids=["en-light", "ru-dark"])
def test_axe_finds_nothing_in_any_state(open_page: OpenPage, site: Site, lang: str, theme: dict[str, str]) -> None:
    """One page is led through all its states."""
    busy_site(site, lang)
    page = open_page(site.link(lang=lang, theme=theme, start_param="home"), wait=".card .name", reduced_motion="reduce")
    wrong: list[str] = []

    def look(state: str) -> None:
        wrong.extend(found(page, state))

    def tab(name: str, there: str) -> None:
        page.locator("nav").get_by_role("button", name=t(lang, f"app.tab.{name}")).click()
        page.wait_for_selector(there)

    look("now")
    tab("month", ".chip")
    look("month")
    for day in ("2026-11-26", "2026-11-28"):
        page.locator(f'[data-day="{day}"]').click()
        for summary in page.locator("dialog summary").all():
            summary.click()
        look(f"day {day}")
        page.keyboard.press("Escape")
    page.locator(".layout").click()
    page.wait_for_selector(".list-day")
    look("month as a list")
    page.locator(".layout").click()
    site.duties.clear()
    page.locator(".forth").click()
    page.wait_for_selector(".blank strong")
    look("empty month")

    tab("mine", ".row")
    look("mine")
    for summary in page.locator("#mine summary").all():
        summary.click()
    look("mine with its forms")
    site.failures["/api/actions/away"] = (409, {"error": {"code": "refused", "message": "No."}})
    page.locator("#mine form", has=page.locator("[name=first]")).get_by_role("button").click()
    page.wait_for_selector("#mine .wrong:not([hidden])")
    look("refused")
    page.locator('[data-key="link"]').click()
    page.wait_for_selector("#link[open] .qr")
    look("calendar link")
    page.keyboard.press("Escape")
    expect(page.locator("#mine .ticks input").first).to_be_visible()
    look("reminders")

    site.team += [dict(site.team[0], id=50 + n, full_name=f"{PEOPLE[1]['full_name']} {n}") for n in range(10)]
    tab("team", ".mate")
    look("team")
    page.locator("[data-key=more-5]").click()
    for summary in page.locator("#person summary").all():
        summary.click()
    look("somebody's sheet")
    page.keyboard.press("Escape")
    page.locator(".search").fill("nobody at all")
    look("team, nobody found")

    tab("balance", ".bar")
    page.locator(".measure").first.click()
    look("balance with numbers")
    page.locator("#balance select").last.select_option("own")
    expect(page.locator("#balance [data-key=from]")).to_be_visible()
    expect(page.locator(".bars.old")).to_have_count(0)
    look("balance of a span")
    site.failures["*"] = (503, {"error": {"code": "unavailable", "message": "Later"}})
    page.clock.run_for(61_000)
    expect(page.locator("#notice")).to_be_visible()
    look("no answer")
    assert wrong == []


TROUBLES: dict[str, tuple[int, Any] | None] = {
    "outside": None,
    "expired": (401, {"error": {"code": "expired", "message": "Expired."}}),
    "denied": (403, {"error": {"code": "forbidden", "message": "Ask Alice."}}),
    "server": (500, {}),
}


@pytest.mark.parametrize(("lang", "theme"), [("en", DARK), ("ru", LIGHT)], ids=["en-dark", "ru-light"])
def test_axe_finds_nothing_on_pages_of_trouble(
    open_page: OpenPage, site: Site, lang: str, theme: dict[str, str]
) -> None:
    site.me["language"] = lang
    page = open_page("about:blank", wait="html", locale="ru-RU" if lang == "ru" else "en-GB")
    wrong: list[str] = []
    for kind, failure in TROUBLES.items():
        site.failures = {} if failure is None else {"*": failure}
        page.goto("about:blank")
        page.goto(site.link(lang=lang, theme=theme) if failure else f"{site.url}/")
        expect(page.locator("#trouble h1")).to_have_text(t(lang, f"app.error.{kind}.title"))
        expect(page.get_by_role("main")).to_be_visible()
        wrong += found(page, kind)
    assert wrong == []
