"""The page that puts a feed into a calendar, in a real browser from the real server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Request

from duty_teller.db.models import LinkScope, User
from duty_teller.i18n import t
from duty_teller.services.feeds import links
from tests.api.conftest import Web, serve
from tests.house import NOW, SECRET, House
from tests.webapp.conftest import Watch
from tests.webapp.phone import PHONE
from tests.webapp.test_looks import contrasts


@pytest.fixture
def web(house: House) -> Iterator[Web]:
    with serve(house) as running:
        yield running


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_page_fits_a_phone_reads_well_and_loads_nothing_else(
    browser: Browser, web: Web, watch: Watch, lang: str, scheme: str
) -> None:
    token = web.house.write(lambda s: links.get_token(s, SECRET, web.house.dan, LinkScope.TEAM, NOW))

    def choose(session: object) -> None:
        session.get_one(User, web.house.dan).language = lang  # type: ignore[attr-defined]

    web.house.write(choose)
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, user_agent="Mozilla/5.0 (iPhone)")  # type: ignore[arg-type]
    page = context.new_page()
    watch.attach(page)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))

    page.goto(f"{web.url}/calendar/{token}")
    page.get_by_text(t(lang, "calendar.other")).click()

    assert page.locator("h1").inner_text() == t(lang, "calendar.title_team")
    assert page.locator("nav a").all_inner_texts() == [
        t(lang, f"calendar.{name}") for name in ("apple", "google", "outlook", "outlook_work")
    ]
    assert page.locator("code").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert [item for item in contrasts(page, "h1, p, nav a, summary, code, small") if item[0] < 4.5] == []
    backgrounds = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert backgrounds == {"light": "rgb(240, 242, 245)", "dark": "rgb(15, 22, 29)"}[scheme]
    assert {request.url.removeprefix(web.url).replace(token, "TOKEN") for request in asked} <= {
        "/calendar/TOKEN",
        "/favicon.ico",
    }
    assert watch.errors == []
    context.close()
