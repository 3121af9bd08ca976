"""The page where it cannot show the calendar, or not the newest one."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from duty_teller.i18n.core import t
from tests.webapp.conftest import OpenPage
from tests.webapp.site import Site

TROUBLE = "#trouble h1"


def refusal(code: str, message: str, request: str = "") -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "request": request}}


@pytest.mark.parametrize(("locale", "lang"), [("ru-RU", "ru"), ("en-GB", "en"), ("de-DE", "en")])
def test_outside_telegram_the_page_says_where_to_open_it(
    open_page: OpenPage, site: Site, locale: str, lang: str
) -> None:
    page = open_page(site.url + "/", wait=TROUBLE, locale=locale)

    expect(page.locator(TROUBLE)).to_have_text(t(lang, "app.error.outside.title"))
    expect(page.locator("#trouble p")).to_have_text(t(lang, "app.error.outside.text"))
    expect(page.locator("main")).to_contain_text(t(lang, "app.error.outside.title"))
    expect(page.locator("nav")).to_be_hidden()
    assert [asked.split("?")[0] for asked, _, _ in site.asked] == ["/api/messages"]


def test_expired_data_ask_to_reopen(open_page: OpenPage, site: Site) -> None:
    site.failures["*"] = (401, refusal("expired", "Expired."))

    page = open_page(wait=TROUBLE)

    expect(page.locator(TROUBLE)).to_have_text(t("en", "app.error.expired.title"))
    expect(page.locator("#trouble p")).to_have_text(t("en", "app.error.expired.text"))
    expect(page.locator("#trouble button")).to_have_count(0)


def test_data_that_expire_while_open_ask_to_reopen_too(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.locator('[data-day="2026-11-22"]').click()

    site.failures["*"] = (401, refusal("expired", "Expired."))
    page.clock.run_for(61_000)

    expect(page.locator(TROUBLE)).to_have_text(t("en", "app.error.expired.title"))
    expect(page.locator("#month")).to_be_hidden()
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator("dialog")).to_be_hidden()


@pytest.mark.parametrize(("status", "code"), [(403, "forbidden"), (401, "unauthorized")])
def test_no_access_shows_the_servers_own_words(open_page: OpenPage, site: Site, status: int, code: str) -> None:
    site.failures["*"] = (status, refusal(code, "Ask <b>Alice</b> to add you."))

    page = open_page(wait=TROUBLE)

    expect(page.locator(TROUBLE)).to_have_text(t("en", "app.error.denied.title"))
    expect(page.locator("#trouble p")).to_have_text("Ask <b>Alice</b> to add you.")


def test_somebody_without_any_roster_has_no_access(open_page: OpenPage, site: Site) -> None:
    site.me["rosters"] = []

    page = open_page(wait=TROUBLE)

    expect(page.locator("#trouble p")).to_have_text(t("en", "app.error.denied.text"))


@pytest.mark.parametrize("path", ["/api/me", "/api/now", "/api/duties"])
def test_a_server_error_can_be_tried_again(open_page: OpenPage, site: Site, path: str) -> None:
    site.failures[path] = (500, "not even the right shape")
    page = open_page(wait=TROUBLE)
    expect(page.locator(TROUBLE)).to_have_text(t("en", "app.error.server.title"))

    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Try again")).to_be_enabled()
    site.failures.clear()
    page.get_by_role("button", name="Try again").click()

    expect(page.locator('[data-day="2026-11-23"] .chip')).to_have_text("Dan Duty")
    expect(page.locator("#trouble")).to_be_hidden()


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_without_texts_the_page_still_speaks(open_page: OpenPage, site: Site, lang: str) -> None:
    site.failures["*"] = site.failures["/api/messages"] = (502, "bad gateway")

    page = open_page(site.link(lang=lang), wait=TROUBLE)

    expect(page.locator(TROUBLE)).to_have_text(t(lang, "app.error.server.title"))
    expect(page.locator("#trouble p")).to_have_text(t(lang, "app.error.server.text"))
    expect(page.locator("#trouble button")).to_have_text(t(lang, "app.retry"))


def test_the_texts_of_last_time_are_enough(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    site.failures["/api/messages"] = (500, {})

    page.reload()

    expect(page.locator("#month h1")).to_have_text("November 2026")


def test_offline_keeps_the_last_data_and_says_so(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.context.set_offline(True)
    page.clock.run_for(61_000)

    expect(page.locator("#notice span")).to_have_text("No connection. Showing data from 13:00.")
    expect(page.locator('[data-day="2026-11-23"] .chip')).to_have_text("Dan Duty")

    page.context.set_offline(False)

    expect(page.locator("#notice")).to_be_hidden()


def test_without_a_network_the_last_known_schedule_opens_with_its_age(open_page: OpenPage, site: Site) -> None:
    """Page and data: the service worker keeps the one, the page itself the other. The team's phones are there, too."""
    page = open_page(keeps_files=True)
    page.wait_for_function("() => Boolean(navigator.serviceWorker.controller)")
    page.get_by_role("button", name="Team").click()
    expect(page.locator(".mate")).to_have_count(4)

    page.context.set_offline(True)
    page.reload()

    expect(page.locator("#notice span")).to_have_text("No connection. Showing data from 13:00.")
    expect(page.locator('[data-day="2026-11-23"] .chip')).to_have_text("Dan Duty")
    page.get_by_role("button", name="Team").click()
    expect(page.locator(".mate .call")).to_have_count(2)


def test_somebody_else_on_the_same_device_sees_nothing_that_was_kept(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.evaluate("sessionStorage.clear()")
    site.failures["*"] = (503, refusal("unavailable", "Later"))

    page.goto("about:blank")
    page.goto(site.link().replace("1002", "1003"))

    expect(page.locator(TROUBLE)).to_have_text(t("en", "app.error.server.title"))


def test_who_lost_access_leaves_nothing_behind(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    assert "Dan Duty" in page.evaluate("localStorage['duty-teller.last']")
    site.failures["*"] = (403, refusal("forbidden", "Ask Alice."))

    page.reload()

    expect(page.locator(TROUBLE)).to_have_text(t("en", "app.error.denied.title"))
    assert page.evaluate("localStorage['duty-teller.last']") == ""


def test_a_slow_answer_is_waited_for_with_what_was_known_last(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.route("**/api/now", lambda route: None)

    page.reload()
    page.clock.run_for(3_000)

    expect(page.locator("#notice span")).to_have_text("Loading… Showing data from 13:00.")
    expect(page.locator('[data-day="2026-11-23"] .chip')).to_have_text("Dan Duty")


CODE = "a1b2c3-4f"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Nothing here.", f"Nothing here. Code for the admin: {CODE}"),
        (f"Broken: {CODE}.", f"Broken: {CODE}."),
        ("", f"The server is not answering right now. Try again in a minute. Code for the admin: {CODE}"),
    ],
    ids=["none in the words", "in the words", "no words"],
)
def test_an_unexpected_failure_says_its_number_once(open_page: OpenPage, site: Site, said: str, shown: str) -> None:
    site.failures["/api/me"] = (404, refusal("not_found", said, CODE))

    page = open_page(wait=TROUBLE)

    expect(page.locator("#trouble p")).to_have_text(shown)


def test_forms_and_old_data_say_the_number_of_an_unexpected_failure_and_of_no_other(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(site.link(start_param="mine"), wait=".row")
    site.failures["/api/actions/cover"] = (422, refusal("malformed", "The request is not valid.", CODE))
    page.locator("summary").first.click()
    page.get_by_role("button", name="Ask colleagues").click()
    page.wait_for_timeout(200)
    page.clock.run_for(1_100)
    expect(page.locator("form .wrong").first).to_have_text(f"The request is not valid. Code for the admin: {CODE}")

    site.failures["/api/actions/cover"] = (409, refusal("refused", "Nobody is free then.", CODE))
    page.get_by_role("button", name="Ask colleagues").click()
    expect(page.locator("form .wrong").first).to_have_text("Nobody is free then.")

    site.failures["*"] = (503, refusal("unavailable", "Later.", CODE))
    page.clock.run_for(61_000)
    expect(page.locator("#notice span")).to_contain_text(f"Showing data from 13:00. Code for the admin: {CODE}")


def test_a_month_that_fails_offers_to_try_again(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.route("**/api/duties?from=2027-01*", lambda route: route.fulfill(status=503, json={}))

    page.get_by_label("Next month").click()
    expect(page.locator("#month h1")).to_have_text("December 2026")
    expect(page.locator("#notice")).to_be_hidden()  # nobody has asked for January yet but the page itself
    page.get_by_label("Next month").click()

    expect(page.locator(".blank strong")).to_have_text("This month did not load")
    expect(page.locator(".grid")).to_be_hidden()
    expect(page.locator("#notice span")).to_have_text("The server is not answering. Showing data from 13:00.")
    page.unroute("**/api/duties?from=2027-01*")
    page.locator(".blank button").click()
    expect(page.locator('[data-day="2027-01-01"]')).to_be_visible()
    expect(page.locator("#notice")).to_be_hidden()


def test_a_server_that_hangs_is_given_up_in_the_end(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.route("**/api/now", lambda route: None)

    page.clock.run_for(61_000)
    page.wait_for_timeout(100)
    page.clock.run_for(16_000)

    expect(page.locator("#notice span")).to_have_text("The server is not answering. Showing data from 13:00.")


def test_a_reload_without_the_fragment_keeps_the_session(open_page: OpenPage, site: Site) -> None:
    page = open_page()

    page.goto(site.url + "/app")
    page.get_by_role("button", name="Now").click()

    expect(page.locator(".card .person .name")).to_have_text("Dan Dutyyou")


def test_telegrams_hanging_host_blocks_nothing(open_page: OpenPage) -> None:
    held: list[Route] = []

    page = open_page(telegram=lambda route: held.append(route))

    expect(page.locator('[data-day="2026-11-23"] .chip')).to_have_text("Dan Duty")
    page.locator('[data-day="2026-11-22"]').click()
    expect(page.locator("dialog")).to_be_visible()
    assert len(held) == 1
    held[0].abort()


@pytest.mark.parametrize("day", ["9999-12-31", "2201-01-01", "1969-12-31", "0001-01-01", "2026-02-30"])
def test_link_to_a_day_that_there_is_not_opens_this_month(open_page: OpenPage, site: Site, day: str) -> None:
    page = open_page(site.link(start_param=f"month_d{day}"))
    expect(page.locator("#month h1")).to_have_text("November 2026")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_months_end_where_the_server_does_and_what_it_refuses_can_be_tried_again(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(site.link(start_param="d2200-12-01"), wait="dialog[open]")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Next month").click()
    expect(page.locator("#month h1")).to_have_text("December 2200")
    assert site.count("/api/duties?from=2201") == 0

    site.failures["/api/mine"] = (422, refusal("invalid", "There is no such date."))
    page.get_by_role("button", name="Mine").click()
    expect(page.locator("#notice")).to_contain_text("The server is not answering")
    site.failures["*"] = (422, refusal("invalid", "There is no such date."))
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator(TROUBLE)).to_have_text(t("en", "app.error.server.title"))
    expect(page.locator("#trouble p")).to_have_text("There is no such date.")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
