"""The page that puts a feed into a calendar: its languages, what it opens per device, and what it keeps to itself."""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from duty_teller.db.models import LinkScope, User
from duty_teller.services.feeds import links
from tests.api.conftest import Web, serve
from tests.house import NOW, SECRET, House

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"


def token_of(house: House, user_id: int, scope: LinkScope = LinkScope.PERSONAL) -> str:
    return house.write(lambda s: links.get_token(s, SECRET, user_id, scope, NOW))


def look(web: Web, path: str, agent: str = WINDOWS, language: str = "en") -> str:
    answer = web.get(path, None, User_Agent=agent, Accept_Language=language)
    assert answer.status_code == 200
    return answer.text


def links_on(page: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'<a[^>]* href="([^"]*)"', page)]


def opened(page: str) -> str:
    return unescape("".join(re.findall(r'http-equiv="refresh" content="0; url=([^"]*)"', page)))


@pytest.mark.parametrize("base", ["https://duty.example.org", "https://example.org/some/path"])
def test_page_leads_to_the_feed_in_each_program(house: House, base: str) -> None:
    token = token_of(house, house.dan)
    with serve(house, replace(house.settings, mini_app_base_url=base)) as web:
        page = look(web, f"/calendar/{token}", IPHONE)

    feed = f"{base}/api/calendar/ical/{token}.ics"
    webcal = "webcal" + feed.removeprefix("https")
    apple, google, outlook, at_work = links_on(page)
    assert apple == webcal
    assert google.startswith("https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F")
    assert parse_qs(urlsplit(google).query) == {"cid": [webcal]}
    for address, host in ((outlook, "outlook.live.com"), (at_work, "outlook.office.com")):
        assert address.startswith(f"https://{host}/calendar/0/addfromweb?url=https%3A%2F%2F")
        assert parse_qs(urlsplit(address).query) == {"url": [feed], "name": ["My duties"]}
    assert f"<code>{feed}</code>" in page


@pytest.mark.parametrize(
    ("program", "agent", "first", "at_once"),
    [
        ("", IPHONE, "webcal:", ""),
        ("", MAC, "webcal:", ""),
        ("", ANDROID, "https://calendar.google.com/", ""),
        ("", WINDOWS, "https://outlook.live.com/", ""),
        ("", "", "https://calendar.google.com/", ""),
        ("/apple", IPHONE, "webcal:", "webcal:"),
        ("/apple", MAC, "webcal:", "webcal:"),
        ("/apple", ANDROID, "webcal:", ""),
        ("/google", WINDOWS, "https://calendar.google.com/", "https://calendar.google.com/"),
        ("/google", ANDROID, "https://calendar.google.com/", ""),
        ("/google", IPHONE, "https://calendar.google.com/", ""),
        ("/outlook", MAC, "https://outlook.live.com/", ""),
    ],
)
def test_device_and_button_decide_what_comes_first(
    web: Web, program: str, agent: str, first: str, at_once: str
) -> None:
    page = look(web, f"/calendar/{token_of(web.house, web.house.dan)}{program}", agent)

    assert links_on(page)[0].startswith(first)
    assert re.findall(r"<nav><a class=first", page) != []
    assert opened(page).startswith(at_once)
    assert bool(opened(page)) == bool(at_once)
    assert ("Open this page there." in page) == (program == "/apple" and agent == ANDROID)
    assert ("open this page on a computer" in page) == (first.endswith("google.com/") and agent in (ANDROID, IPHONE))


def test_language_is_the_owners_choice_then_the_browsers_then_their_telegrams(web: Web) -> None:
    token = token_of(web.house, web.house.dan, LinkScope.TEAM)

    def set_language(chosen: str | None, telegram: str) -> None:
        def work(session: object) -> None:
            user = session.get_one(User, web.house.dan)  # type: ignore[attr-defined]
            user.language, user.language_code = chosen, telegram

        web.house.write(work)

    def title(accepted: str) -> str:
        return re.findall(r"<h1>(.*)</h1>", look(web, f"/calendar/{token}", language=accepted))[0]

    set_language(None, "ru")
    assert title("en-GB,ru;q=0.5") == "The team's duties"
    assert title("de") == "Дежурства команды"
    set_language("ru", "en")
    assert title("en") == "Дежурства команды"


def test_nothing_leads_out_with_the_address(web: Web) -> None:
    token = token_of(web.house, web.house.dan)

    answer = web.get(f"/calendar/{token}/google", None)

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in answer.text
    assert re.findall(r"src=|<link|@import|url\(", answer.text) == []
    assert all(mark in answer.text for mark in ('name="referrer" content="no-referrer"', 'rel="noreferrer"'))
    assert web.app.state.api.reads == {}


def test_link_that_is_not_ours_gets_a_page_that_says_what_to_do(web: Web) -> None:
    token = token_of(web.house, web.house.dan)
    found = links.find_link
    assert web.house.read(lambda s: found(s, SECRET, token)) is not None
    web.house.write(lambda s: links.revoke(s, web.house.dan, LinkScope.PERSONAL, "1.1", NOW))
    valid = token_of(web.house, web.house.dan, LinkScope.TEAM)

    for path in (f"/calendar/{token}", f"/calendar/{token[:-1]}x", "/calendar/%3Cb%3E", f"/calendar/{valid}/other"):
        answer = web.get(path, None, Accept_Language="ru")
        assert (path, answer.status_code) == (path, 404)
        assert "Новая: /calendar_link в боте." in answer.text
        assert token not in answer.text
        assert "<b>" not in answer.text


def test_page_without_a_public_address_says_so(house: House) -> None:
    token = token_of(house, house.dan)
    with serve(house, replace(house.settings, mini_app_base_url="")) as web:
        answer = web.get(f"/calendar/{token}", None)

    assert answer.status_code == 404
    assert "MINI_APP_BASE_URL" in answer.text
    assert links_on(answer.text) == []
