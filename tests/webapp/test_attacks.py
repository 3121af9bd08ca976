"""What somebody who means ill, or a team far too large, does to the page."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import FilePayload, expect
from sqlmodel import Session

from duty_teller.db.models import ExternalCalendar, ExternalEvent
from duty_teller.i18n.core import t
from duty_teller.services.rosters import rosters
from duty_teller.services.schedule_service import Author
from tests.api.conftest import Web, serve
from tests.house import ALICE, DAN, NOW, House, absence, duty
from tests.webapp.conftest import OpenPage, Watch
from tests.webapp.real import link
from tests.webapp.site import BORIS, CLARA, Site, stamp
from tests.webapp.site import NOW as SITE_NOW
from tests.webapp.site import duty as shift

EVIL = """<img src=x onerror="document.title='pwned'"><script>document.title='pwned'</script>"""
PEOPLE = 40


@pytest.fixture
def hostile(house: House) -> Iterator[Web]:
    """A house with two rosters in which every word that somebody has written is markup."""
    olga = house.person("Olga", reachable=True)
    shifts = [duty(house.dan, "2026-11-23", position=EVIL), duty(olga, "2026-11-24"), duty(house.alice, "2026-11-25")]
    diff = house.plan([*shifts, absence(olga, "2026-11-26")])
    house.apply(diff, f"{EVIL}.xlsx", Author(house.alice, EVIL))

    def spoil(session: Session) -> None:
        rosters.add(session, "<img src=x onerror=alert(2)>", NOW, "<img src=x onerror=alert(1)>")
        run = session.connection().exec_driver_sql
        run("UPDATE users SET full_name = ? || id, phone = '<b>+7</b> 900', username = 'a/../<b>'", (EVIL,))
        run("UPDATE duties SET note = ?", (EVIL,))
        session.add(ExternalCalendar(id=1, roster_id=1, name=EVIL, url="https://a.example/", next_at=NOW, good_at=NOW))
        session.flush()
        day = date(2026, 11, 25)
        session.add(ExternalEvent(calendar_id=1, first_day=day, last_day=day, title=EVIL))

    house.write(spoil)
    with serve(house) as running:
        yield running


def test_words_of_people_are_text_in_every_view(open_page: OpenPage, hostile: Web, watch: Watch) -> None:
    page = open_page(link(hostile, ALICE, "home"), wait=".card .name")

    def harmless(where: str) -> None:
        expect(page.locator("main, dialog[open]").filter(has_text="<img src=x").first).to_be_visible()
        assert page.locator("img, script:not([src]), b").count() == 0, where
        assert page.locator('a[href*="<"], a[href*=".."], a[href^="javascript"]').count() == 0, where
        assert page.title() == t("en", "app.title"), where

    harmless("Now")
    for tab, there in (("Month", ".chip"), ("Mine", ".row"), ("Team", ".mate"), ("Balance", ".measure")):
        page.locator("nav").get_by_role("button", name=tab).click()
        page.wait_for_selector(there)
        harmless(tab)
    page.locator(".measure").first.click()
    page.locator("nav").get_by_role("button", name="Team").click()
    page.locator(".mate").get_by_role("button").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    harmless("a person")
    page.keyboard.press("Escape")
    page.locator("nav").get_by_role("button", name="Month").click()
    page.get_by_role("button", name="Show as a list").click()
    harmless("the list")
    expect(page.locator(".list-day.unseen")).to_have_count(0)  # while days are laid out, the list moves under a tap
    page.locator('[data-list-day="2026-11-25"]').click()
    page.locator("dialog summary", has_text="Change").first.click()
    expect(page.locator("dialog .changed").first).to_contain_text(f"{EVIL}.xlsx: {EVIL}")
    harmless("a day")
    page.keyboard.press("Escape")
    page.locator("nav").get_by_role("button", name="Admin").click()
    rows = b"Name,1,2,3,4,5,6,7\n" + EVIL.replace('"', "'").encode() + b",Z,,Z,Z,,,Z\n"
    page.wait_for_selector("#admin .drop")
    page.locator("#roster-file").set_input_files(FilePayload(name=f"{EVIL}.csv", mimeType="text/csv", buffer=rows))
    expect(page.locator("#admin .asks")).to_be_visible()
    harmless("a file")
    page.get_by_role("button", name="History").click()
    expect(page.locator("#admin")).to_contain_text(f"{EVIL}.xlsx")
    harmless("the history")
    assert watch.errors == []


@pytest.mark.parametrize("forged", ["another person", "another bot", "of yesterday", "no hash"])
def test_forged_launch_data_show_nothing_of_the_team(open_page: OpenPage, hostile: Web, forged: str) -> None:
    house = hostile.house
    data = {
        "another person": house.init_data(DAN).replace("1002", "1001"),
        "another bot": house.init_data(ALICE, token="7654321:of-somebody-else"),
        "of yesterday": house.init_data(ALICE, auth_date=house.clock.now - timedelta(hours=25)),
        "no hash": house.init_data(ALICE).partition("&hash=")[0],
    }[forged]

    page = open_page(f"{hostile.url}/#tgWebAppData={quote(data, safe='')}&tgWebAppVersion=8.0", wait="#trouble h1")

    expect(page.locator("#trouble h1")).to_have_text(
        t("en", "app.error.expired.title" if forged == "of yesterday" else "app.error.denied.title")
    )
    expect(page.locator("nav")).to_be_hidden()
    assert "<img" not in page.locator("body").inner_text()
    assert page.evaluate("localStorage.getItem('duty-teller.last') || ''") == ""


def test_month_of_ten_thousand_shifts_is_whole(open_page: OpenPage, site: Site, watch: Watch) -> None:
    """333 a day: a list that tells all of them, a grid that counts them, days that open and months that turn."""
    start = datetime(2026, 11, 1, 6, tzinfo=UTC)
    site.duties = []
    for number in range(9_990):
        begin = start + timedelta(days=number % 30, minutes=number // 30 % 8 * 60)
        one = shift(number + 1, BORIS, begin, begin + timedelta(hours=8), full_name=f"Person {number % PEOPLE}")
        site.duties.append(one | {"user_id": 100 + number % PEOPLE})
    page = open_page(wait="#month .list-day .names")

    expect(page.locator("#month .names li")).to_have_count(9_990)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name="Show as a calendar").click()
    expect(page.locator('[data-day="2026-11-23"] .many')).to_have_text("333")
    page.locator('[data-day="2026-11-23"]').click()
    expect(page.get_by_role("dialog").locator(".person")).to_have_count(333)
    page.keyboard.press("Escape")
    page.get_by_label("Next month").click()
    expect(page.locator("#month h1")).to_have_text("December 2026")
    expect(page.locator("#month .blank strong")).to_be_visible()
    assert watch.errors == []


@pytest.mark.parametrize("days", [-1, 1])
def test_phone_whose_clock_is_a_day_off_goes_by_the_servers(open_page: OpenPage, site: Site, days: int) -> None:
    """Today, who is on, how long still, and the hand-over that comes by itself."""
    truth = SITE_NOW - timedelta(days=days)  # the phone's clock is SITE_NOW
    current, following = (
        shift(900 + at, who, truth + timedelta(hours=6 * at), truth + timedelta(hours=6 * at + 6))
        for at, who in enumerate((CLARA, BORIS))
    )
    current["start_at"] = stamp(truth - timedelta(hours=1))
    site.me["now"] = site.now["now"] = stamp(truth)
    site.roster_now.update(current=[current], next=[following], valid_until=current["end_at"])
    page = open_page(site.link(start_param="home"), wait=".card .name")

    expect(page.locator(".card .name").first).to_contain_text("Clara Nomad")
    expect(page.locator(".left")).to_have_text("6 h 0 min left")
    page.locator("nav").get_by_role("button", name="Month").click()
    expect(page.locator('#month [aria-current="date"]')).to_have_attribute("data-day", f"{truth:%Y-%m-%d}")
    page.locator("nav").get_by_role("button", name="Now").click()
    site.me["now"] = site.now["now"] = stamp(truth + timedelta(hours=6, seconds=1))
    site.roster_now.update(current=[following], next=[], valid_until=following["end_at"])
    page.clock.fast_forward(6 * 3_600_000 + 1_000)  # in the pocket until then
    expect(page.locator(".card .name").first).to_contain_text("Константинопольский")
