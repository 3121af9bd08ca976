"""Telegram's manners: its main button, its home screen, its safe areas; without them all works the same."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from duty_teller.i18n.core import t
from tests.webapp.conftest import OpenPage
from tests.webapp.site import Site
from tests.webapp.test_calendar import FAKE_TELEGRAM
from tests.webapp.test_slow_answers import Held

MORE = """
Object.assign(window.Telegram.WebApp, {
  MainButton: {
    setParams: (wish) => calls.push(`main ${JSON.stringify(wish)}`), hide: record("main hidden"),
    showProgress: record("busy"), hideProgress: () => {}, onClick: (listener) => { window.pressMain = listener; },
  },
  checkHomeScreenStatus: (heard) => heard("STATUS"), addToHomeScreen: record("addToHomeScreen"),
});
Object.assign(window.Telegram.WebApp.HapticFeedback, { notificationOccurred: record("felt") });
"""


def telegram(status: str = "missed") -> Callable[[Route], None]:
    body = FAKE_TELEGRAM.replace("VERSION", "8.0") + MORE.replace("STATUS", status)
    return lambda route: route.fulfill(body=body, content_type="text/javascript")


def calls(page: Page, start: str) -> list[str]:
    found: list[str] = page.evaluate("(start) => calls.filter((call) => call.startsWith(start))", start)
    return found


def test_telegrams_main_button_stands_for_the_button_of_the_open_form(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="mine"), wait=".row", telegram=telegram())
    page.wait_for_function("() => Boolean(window.pressMain)")
    assert calls(page, "main") == []

    page.locator("summary").first.click()
    expect(page.get_by_role("button", name="Ask colleagues")).to_be_hidden()
    wish = '{"text":"Ask colleagues","is_active":true,"is_visible":true}'
    page.wait_for_function("(wish) => calls.includes(`main ${wish}`)", arg=wish)
    held = Held(page, "**/api/actions/cover")
    with page.expect_request("**/api/actions/cover"):
        page.evaluate("pressMain()")
    page.evaluate("document.querySelector('details.act[open]').dispatchEvent(new Event('toggle'))")  # looked at again
    held.go()

    expect(page.locator("#notice")).to_have_text("Asked 2 colleagues")
    whole = {"start": "2026-11-23T06:00:00.000Z", "end": "2026-11-24T06:00:00.000Z"}
    assert [(name, body) for name, _, body in site.sent] == [("cover", {"duty_id": 23, **whole, "reason": ""})]
    assert (calls(page, "busy"), calls(page, "felt")) == (["busy"], ["felt success"])
    page.wait_for_function("() => calls.findLast((call) => call.startsWith('main')) === 'main hidden'")
    page.locator("summary", has_text="I'm away").click()
    page.locator("nav").get_by_role("button", name="Team").click()
    page.wait_for_function("() => calls.findLast((call) => call.startsWith('main')) === 'main hidden'")


def test_in_a_tab_of_its_own_where_the_script_is_heard_by_nobody_the_pages_buttons_stay(
    open_page: OpenPage, site: Site
) -> None:
    body = (FAKE_TELEGRAM.replace("VERSION", "8.0") + MORE).replace("window.TelegramWebviewProxy = {};", "")
    page = open_page(
        site.link(start_param="mine"),
        wait=".row",
        telegram=lambda route: route.fulfill(body=body, content_type="text/javascript"),
    )
    page.wait_for_function("() => Boolean(window.calls)")
    page.locator("summary").first.click()
    page.get_by_role("button", name="Ask colleagues").click()
    expect(page.locator("#notice")).to_have_text("Asked 2 colleagues")
    assert page.evaluate("calls") == []


def test_home_screen_is_offered_once_and_not_at_the_first_time(open_page: OpenPage, site: Site) -> None:
    page = open_page(telegram=telegram())
    page.wait_for_function("() => localStorage['duty-teller.home'] === 'seen'")
    expect(page.locator("#notice")).to_be_hidden()

    page.reload()
    expect(page.locator("#notice span")).to_have_text(t("en", "app.home.ask"))
    page.get_by_role("button", name=t("en", "app.home.yes")).click()
    expect(page.locator("#notice")).to_be_hidden()
    assert calls(page, "addToHomeScreen") == ["addToHomeScreen"]

    page.reload()
    page.wait_for_function("() => window.calls?.includes('expand')")
    expect(page.locator("[aria-current=date]")).to_be_visible()
    assert page.locator("#notice").is_hidden()


def test_home_screen_that_has_it_or_cannot_is_not_offered(open_page: OpenPage, site: Site) -> None:
    page = open_page(telegram=telegram("added"))
    page.reload()
    page.wait_for_function("() => window.calls?.includes('expand')")
    expect(page.locator("[aria-current=date]")).to_be_visible()
    assert page.locator("#notice").is_hidden()


def test_both_safe_areas_are_summed_on_all_sides(open_page: OpenPage) -> None:
    page = open_page()
    script = """() => {
        const sides = ["top", "right", "bottom", "left"];
        for (const [index, side] of sides.entries()) {
            document.documentElement.style.setProperty(`--tg-safe-area-inset-${side}`, `${index + 1}px`);
            document.documentElement.style.setProperty(`--tg-content-safe-area-inset-${side}`, `${10 * (index + 1)}px`);
        }
        const [body, tabs] = [getComputedStyle(document.body), getComputedStyle(document.getElementById("tabs"))];
        return [sides.map((side) => body[`padding-${side}`]), sides.map((side) => tabs[`padding-${side}`])];
    }"""

    body, tabs = page.evaluate(script)

    assert body == ["11px", "22px", f"{33 + 56}px", "44px"]
    assert tabs == ["0px", "26px", "33px", "48px"]
