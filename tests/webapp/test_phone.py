"""The phone that tests share gives each of them a page as on a new one."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.webapp.phone import PHONE, Phone
from tests.webapp.site import Site

LEAVE = """async () => {
    localStorage.setItem("left", "1");
    sessionStorage.setItem("left", "1");
    document.cookie = "left=1";
    window.name = "left";
    history.pushState(1, "", "#left");
    await (await caches.open("left")).put("/left", new Response("left"));
    await new Promise((done) => { indexedDB.open("left").onsuccess = done; });
    window.left = 1;
}"""
FOUND = """async () => ({
    stored: [localStorage.length, sessionStorage.length, document.cookie, window.name, history.length, window.left],
    kept: [await caches.keys(), (await indexedDB.databases()).length],
    may: (await navigator.permissions.query({ name: "geolocation" })).state,
    online: navigator.onLine,
    seen: [innerWidth, innerHeight, ...["color-scheme: dark", "reduced-motion: reduce"].map(
        (wish) => matchMedia(`(prefers-${wish})`).matches)],
    hour: new Date().toISOString().slice(0, 13),
    told: (await fetch("/app/icon.svg")).status,
})"""


def leave_everything(page: Page) -> None:
    page.evaluate(LEAVE)
    page.clock.run_for(7_200_000)
    page.mouse.move(100, 100)
    context = page.context
    context.grant_permissions(["geolocation"])
    context.route("**/icon.svg", lambda route: route.fulfill(status=418))
    context.add_cookies([{"name": "left", "value": "1", "url": page.url}])
    page.route("**/icon.svg", lambda route: route.fulfill(status=418))
    page.add_init_script("window.left = 1")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size({"width": 900, "height": 700})
    context.set_offline(True)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Phone]:
    own = Phone(browser)
    yield own
    own.close()


def found(page: Page) -> dict[str, Any]:
    facts: dict[str, Any] = page.evaluate(FOUND)
    return facts


def test_page_finds_nothing_of_the_test_before(phone: Phone, site: Site) -> None:
    def opened(**looks: Any) -> Page:
        page = phone.page(**looks)
        page.goto(f"{site.url}/app/style.css")
        return page

    new = found(opened())
    phone.forget()
    page = opened(viewport=PHONE | {"width": 500}, color_scheme="dark")
    leave_everything(page)
    left = found(page)
    assert [fact for fact in new if left[fact] == new[fact]] == []
    phone.forget()

    assert found(opened()) == new
