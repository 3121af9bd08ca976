"""What a signed-in person sees and does."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.webapp.conftest import OpenPage, Watch
from tests.webapp.site import ALICE, BORIS, CLARA, DAN, LONG_NAME, NOW, Site, at, duty, stamp

CARD = ".card [class=name], .card strong"


def day(page: Page, date: str) -> Any:
    return page.locator(f'[data-day="{date}"]')


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_days_are_the_rosters_whatever_the_phones_zone(open_page: OpenPage, zone: str) -> None:
    page = open_page(timezone_id=zone)

    expect(day(page, "2026-11-23")).to_have_attribute("aria-current", "date")
    expect(day(page, "2026-11-23").locator(".chip")).to_have_text("Dan Duty")
    page.get_by_role("button", name="Now").click()
    expect(page.locator(".card .when").first).to_have_text("until Tue 24 Nov, 09:00")


def test_the_rosters_month_wins_when_the_phone_is_in_another(open_page: OpenPage, site: Site) -> None:
    """In Los Angeles it is still October when November begins in Moscow."""
    site.me["now"] = site.now["now"] = "2026-10-31T21:30:00Z"

    page = open_page(timezone_id="America/Los_Angeles")

    expect(page.locator("#month h1")).to_have_text("November 2026")
    expect(day(page, "2026-11-01")).to_have_attribute("aria-current", "date")
    assert site.count("/api/duties?from=2026-11-01&to=2026-11-30") == 1


def test_a_phone_with_a_wrong_clock_shows_the_servers_today(open_page: OpenPage, site: Site) -> None:
    site.me["now"] = site.now["now"] = stamp(at(25))

    page = open_page()

    expect(page.locator('[aria-current="date"]')).to_have_attribute("data-day", "2026-11-25")


def test_init_data_go_with_each_request_and_no_cookie_does(open_page: OpenPage, site: Site) -> None:
    open_page()

    signed = {asked.split("?")[0]: data for asked, data, _ in site.asked}
    assert sorted(signed) == ["/api/days", "/api/duties", "/api/gaps", "/api/me", "/api/messages", "/api/now"]
    assert all(data.startswith("user=%7B") for data in signed.values())


def test_months_turn_by_buttons_keys_and_swipes(open_page: OpenPage) -> None:
    page = open_page(has_touch=True)
    title = page.locator("#month h1")

    page.get_by_label("Next month").click()
    expect(title).to_have_text("December 2026")
    page.get_by_label("Previous month").click()
    page.get_by_label("Previous month").click()
    expect(title).to_have_text("October 2026")
    page.locator("body").press("ArrowRight")
    expect(title).to_have_text("November 2026")
    swipe(page, -120)
    expect(title).to_have_text("December 2026")
    swipe(page, 120)
    expect(title).to_have_text("November 2026")
    swipe(page, 20)
    expect(title).to_have_text("November 2026")


def swipe(page: Page, distance: int) -> None:
    page.evaluate(
        """distance => {
            const grid = document.querySelector(".grid");
            const touch = (x) => new Touch({ identifier: 1, target: grid, clientX: x, clientY: 300 });
            const send = (name, begun) => grid.dispatchEvent(new TouchEvent(name, { bubbles: true, ...begun }));
            send("touchstart", { touches: [touch(180)], changedTouches: [touch(180)] });
            send("touchend", { touches: [], changedTouches: [touch(180 + distance)] });
        }""",
        distance,
    )


def test_today_button_leads_back(open_page: OpenPage) -> None:
    page = open_page()
    today = page.get_by_role("button", name="Today", exact=True)
    expect(today).to_be_hidden()

    page.get_by_label("Next month").click()
    today.click()

    expect(page.locator("#month h1")).to_have_text("November 2026")
    expect(day(page, "2026-11-23")).to_be_visible()


def test_arrows_walk_through_days_and_over_the_months_edge(open_page: OpenPage) -> None:
    page = open_page()
    day(page, "2026-11-23").focus()

    page.keyboard.press("ArrowDown")
    expect(day(page, "2026-11-30")).to_be_focused()
    page.keyboard.press("ArrowRight")

    expect(page.locator("#month h1")).to_have_text("December 2026")
    expect(day(page, "2026-12-01")).to_be_focused()


def test_keys_lead_to_the_ends_of_a_week_and_to_other_months(open_page: OpenPage) -> None:
    page = open_page()
    day(page, "2026-11-25").focus()

    for key, reached in (
        ("Home", "2026-11-23"),
        ("End", "2026-11-29"),
        ("ArrowRight", "2026-11-30"),
        ("PageDown", "2026-12-30"),
        ("PageUp", "2026-11-30"),
        ("PageUp", "2026-10-30"),
    ):
        page.keyboard.press(key)
        expect(day(page, reached)).to_be_focused()


def test_day_and_night_of_one_day_are_both_readable(open_page: OpenPage) -> None:
    page = open_page()
    cell = day(page, "2026-11-26")

    expect(cell.locator(".chip")).to_have_count(2)
    expect(cell.locator(".chip").nth(0)).to_have_text("Dan D.")
    expect(cell.locator(".chip").nth(1).locator(".moon")).to_be_visible()
    expect(cell).to_have_accessible_name(
        f"Thursday 26 November; Day shift: Dan Duty (you); Night shift: {LONG_NAME}; Vacation: Clara Nomad",
    )


def test_a_third_shift_of_a_day_is_counted(open_page: OpenPage, site: Site) -> None:
    site.duties.append(duty(401, BORIS, at(26), at(27), position="secondary"))

    page = open_page()

    expect(day(page, "2026-11-26").locator(".rest")).to_have_text("+2")


def test_a_tapped_day_opens_a_dialog_and_escape_closes_it(open_page: OpenPage) -> None:
    page = open_page()

    day(page, "2026-11-26").click()

    sheet = page.get_by_role("dialog", name="Thursday 26 November")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_label("Close")).to_be_focused()
    expect(sheet.locator(".time")).to_have_text(["08:00–20:00", "20:00 – Fri 27 Nov, 08:00"])
    expect(sheet.locator(".who .when:not(.changed)")).to_have_text(["Day shift · 12 h", "Night shift · 12 h"])
    expect(sheet.locator(".roll")).to_have_text("Clara NomadVacation · 16 Nov – 29 Nov · 14 days")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(day(page, "2026-11-26")).to_be_focused()


def test_the_sheet_closes_by_its_button_and_by_the_backdrop(open_page: OpenPage) -> None:
    page = open_page()
    day(page, "2026-11-23").click()
    expect(page.locator(".note")).to_have_text("Release on Monday evening")
    page.get_by_label("Close").click()
    expect(page.locator("dialog")).to_be_hidden()

    day(page, "2026-11-24").click()
    page.mouse.click(180, 20)

    expect(page.locator("dialog")).to_be_hidden()


def test_a_time_on_duty_over_several_days_is_one_bar_that_bears_its_name_once_a_week(
    open_page: OpenPage, site: Site
) -> None:
    """From Thursday to the Tuesday after: four days of one week, two of the next; the second shift keeps its row."""
    site.duties = [duty(day, BORIS, at(day), at(day + 1), position="primary") for day in range(12, 18)]
    site.duties.append(duty(100, CLARA, at(12), at(18), position="secondary"))
    page = open_page()

    bars = [day(page, f"2026-11-{number}").locator(".chip") for number in range(12, 18)]

    for cells in bars:
        expect(cells).to_have_count(2)
    classes = [[chip.split()[2:] for chip in cells.evaluate_all("all => all.map(n => n.className)")] for cells in bars]
    assert classes == [[["joins"]] * 2, *[[["joins", "joined"]] * 2] * 4, [["joined"]] * 2]
    names = [[text.strip() for text in cells.all_text_contents()] for cells in bars]
    assert names[1:4] == [["", ""]] * 3
    assert names[0] == ["Константинопольский-Задунайский А. В.", "SClara Nomad"]  # with the sign of the position
    assert names[4][1] == "SClara Nomad"
    overlaps = (
        "all => all.map((node) => node.getBoundingClientRect()).some((a, i, l) => i && a.left > l[i - 1].right + 1)"
    )
    assert page.locator(".grid .week:nth-child(4) :is(.joins, .joined):first-child").evaluate_all(overlaps) is False


def test_gaps_are_seen_in_the_month_in_the_list_and_in_the_day(open_page: OpenPage, site: Site) -> None:
    """A day that nobody has is told from one that is half covered, by words and a frame, not by colour."""
    site.duties = [one for one in site.duties if one["id"] != 27]
    site.gaps = [
        {"roster_id": 1, "start_at": stamp(at(26, 18)), "end_at": stamp(at(27))},
        {"roster_id": 1, "start_at": stamp(at(27)), "end_at": stamp(at(28))},
        {"roster_id": 2, "start_at": stamp(at(24)), "end_at": stamp(at(25))},
    ]
    page = open_page(viewport={"width": 412, "height": 740})

    expect(page.locator(".grid .hole")).to_have_text(["gap", "nobody"])
    expect(day(page, "2026-11-27")).to_have_accessible_name(
        "Friday 27 November; Nobody is planned: 09:00 – Sat 28 Nov, 09:00; Vacation: Clara Nomad"
    )
    day(page, "2026-11-26").click()
    expect(page.get_by_role("dialog").locator(".gap")).to_have_text("Nobody is planned: 21:00 – Fri 27 Nov, 09:00")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show as a list").click()
    expect(page.locator(".list-day .gap")).to_have_count(2)
    expect(page.locator(".list-day.unseen")).to_have_count(0)  # while days are laid out, the list moves under a tap
    page.get_by_role("button", name="Only mine").click()
    expect(page.locator(".list-day .gap")).to_have_count(0)


def test_holidays_are_seen_in_the_month_in_the_list_and_in_the_day(open_page: OpenPage, site: Site) -> None:
    """By a sign and a name, not by colour."""
    site.days = [
        {"roster_id": 1, "day": "2026-11-26", "kind": "holiday", "text": "Thanksgiving Day"},
        {"roster_id": 2, "day": "2026-11-27", "kind": "holiday", "text": "Of another country"},
    ]
    page = open_page(viewport={"width": 412, "height": 740})

    expect(page.locator(".grid .sign.holiday")).to_have_count(1)
    assert page.locator(".grid .sign").evaluate("one => getComputedStyle(one, '::before').content") == '"★"'
    expect(day(page, "2026-11-26")).to_have_accessible_name(re.compile("^Thursday 26 November; Thanksgiving Day; "))
    expect(page.locator("#legend .signs")).to_contain_text("Public holiday")
    day(page, "2026-11-26").click()
    expect(page.get_by_role("dialog").locator(".day-note")).to_have_text("Thanksgiving Day")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show as a list").click()
    expect(page.locator(".list-day .day-note")).to_have_text("Thanksgiving Day")


def test_a_large_team_is_a_list_unless_its_reader_wants_the_grid(open_page: OpenPage, site: Site) -> None:
    site.duties = [
        duty(number * 100 + shift, ALICE, begin, begin + timedelta(hours=12))
        | {"user_id": 10 + shift, "full_name": f"Person {shift}"}
        for number in range(1, 59)
        for shift, hour in enumerate((5, 5, 5, 5, 17, 17))
        for begin in [at(1, hour) + timedelta(days=number - 1)]
    ]
    page = open_page(wait=".list-day")

    today = page.locator(".list-day.today")
    expect(today).to_be_in_viewport()
    expect(today.locator(".slot .when")).to_have_text(["08:00–20:00", "20:00–08:00"])
    expect(today.locator(".slot").first.locator("li")).to_have_text([f"Person {shift}" for shift in range(4)])
    today.get_by_role("button").click()
    expect(page.get_by_role("dialog", name="Monday 23 November")).to_be_visible()
    page.keyboard.press("Escape")
    page.route("**/api/duties?from=2027*", lambda route: None)
    page.get_by_label("Next month").click()
    expect(page.locator(".list-day .list-title")).to_have_count(31)  # those below the screen follow it
    expect(page.locator(".list-day.unseen")).to_have_count(0)
    expect(page.get_by_role("button", name="Thursday 31 December")).to_have_count(1)
    page.get_by_label("Next month").click()
    expect(page.locator(".days.old .list-day")).to_have_count(31)  # not "nobody" while it is on its way
    expect(page.locator(".grid")).to_be_hidden()
    page.get_by_role("button", name="Show as a calendar").click()
    page.unroute("**/api/duties?from=2027*")
    page.reload()

    expect(day(page, "2026-11-23").locator(".many")).to_have_text(["4", "2"])  # by day, at night
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(day(page, "2026-11-23").locator(".chip-name")).to_have_text([f"Person {shift}" for shift in range(6)])
    expect(page.locator(".grid .cut, .grid .many")).to_have_count(0)


def test_day_of_many_shows_ones_own_shift_first(open_page: OpenPage, site: Site) -> None:
    """A narrow one beside how many there are, a wide one before the others; the list groups them by position."""
    posts = ("doctor", "nurse", "nurse", "nurse", "nurse", "nurse", "nurse", None)
    site.duties = [
        duty(shift, ALICE, at(23), at(24), position=post) | {"user_id": 10 + shift, "full_name": f"Person {shift}"}
        for shift, post in enumerate(posts)
    ]
    site.me["id"] = 15
    page = open_page(wait=".list-day")

    expect(page.locator(".today .posts .when")).to_have_text(["doctor: ", "nurse: "])
    expect(page.locator(".today .names .own")).to_have_text("Person 5")
    expect(page.locator(".unseen")).to_have_count(0)  # until then the list scrolls to today, away from under a tap
    page.get_by_role("button", name="Show as a calendar").click()
    expect(day(page, "2026-11-23").locator(".chip.own")).to_have_count(1)
    expect(day(page, "2026-11-23").locator(".many")).to_have_text("8")
    expect(page.locator("#legend")).to_contain_text("How many are on duty")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(day(page, "2026-11-23").locator(".chip-name").first).to_have_text("Person 5")
    expect(day(page, "2026-11-23").locator(".rest")).to_have_text("+3")


def test_long_names_are_whole_on_a_desktop_and_one_that_cannot_be_says_all_of_itself(
    open_page: OpenPage, site: Site
) -> None:
    names = ["Alexandra Constantinescu-Montgomery", LONG_NAME]
    site.duties = [
        duty(number, ALICE, at(26), at(26, 18), full_name=name, user_id=20 + number)
        for number, name in enumerate(names)
    ]
    page = open_page(viewport={"width": 1280, "height": 800})

    shown = day(page, "2026-11-26").locator(".chip-name")
    expect(shown).to_have_text([names[0], "Константинопольский-Задунайский А. В."])
    said = shown.evaluate_all("(all) => all.map((one) => [one.scrollWidth > one.clientWidth, one.title])")
    assert said == [[False, ""], [True, LONG_NAME]]


def test_call_and_write_links(open_page: OpenPage) -> None:
    page = open_page()

    day(page, "2026-11-22").click()  # Boris

    expect(page.locator("dialog .call")).to_have_attribute("href", "tel:+79010001004")
    expect(page.locator("dialog .call")).to_have_text("+7 901 000-10-04")
    expect(page.locator("dialog .write")).to_have_attribute("href", "https://t.me/konst_zadun")
    expect(page.locator("dialog .write")).to_have_attribute("rel", "noopener noreferrer")


def test_the_card_offers_to_call_a_colleague_but_not_oneself(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="home"), wait=CARD)
    expect(page.locator(".card h2").first).to_have_text("You are on duty now")
    expect(page.locator(".card .people .action")).to_have_count(0)

    site.roster_now["current"] = [duty(1, BORIS, at(23), at(24), position="primary")]
    page.clock.run_for(61_000)

    expect(page.locator(".card h2").first).to_have_text("On duty now")
    expect(page.locator(".card .person .name")).to_have_text(LONG_NAME)
    expect(page.locator(".card .person .when")).to_have_text("until Tue 24 Nov, 09:00 · primary")
    expect(page.locator(".card .people .call")).to_have_attribute("href", "tel:+79010001004")


def test_a_gap_is_said_plainly(open_page: OpenPage, site: Site) -> None:
    site.roster_now.update(current=[], gap={"start_at": stamp(at(23)), "end_at": stamp(at(24))})

    page = open_page(site.link(start_param="home"), wait=CARD)

    expect(page.locator(".alarm")).to_have_text("Nobody is on duty nowNobody is planned until Tue 24 Nov, 09:00")


def test_a_pause_that_the_plan_means_to_have_is_no_alarm(open_page: OpenPage, site: Site) -> None:
    site.roster_now.update(current=[], gap=None)

    page = open_page(site.link(start_param="home"), wait=CARD)

    expect(page.locator(".card .calm")).to_have_text("Nobody is on duty now")
    expect(page.locator(".alarm")).to_have_count(0)


def test_a_later_gap_is_told_beside_who_is_on(open_page: OpenPage, site: Site) -> None:
    site.roster_now["gap"] = {"start_at": stamp(at(25)), "end_at": None}

    page = open_page(site.link(start_param="home"), wait=CARD)

    expect(page.locator(".card .gap")).to_have_text("Nobody is planned from Wed 25 Nov, 09:00 on")


def test_the_hand_over_shows_up_by_itself(open_page: OpenPage, site: Site) -> None:
    site.roster_now["valid_until"] = stamp(NOW.replace(second=20))
    page = open_page(site.link(start_param="home"), wait=CARD)
    expect(page.locator(".card .person .name")).to_have_text("Dan Dutyyou")

    site.roster_now.update(current=[duty(1, BORIS, at(23), at(24))], valid_until=stamp(at(24)))
    page.clock.run_for(21_000)

    expect(page.locator(".card .person .name")).to_have_text(LONG_NAME)


def test_coming_back_to_the_page_asks_again_and_unchanged_months_cost_304(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    site.asked.clear()

    with page.expect_response(lambda response: "/api/duties" in response.url):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_load_state("networkidle")

    statuses = {asked.split("?")[0]: status for asked, _, status in site.asked}
    assert statuses == {"/api/me": 304, "/api/now": 304, "/api/duties": 304, "/api/gaps": 304, "/api/days": 304}


def test_only_mine_leaves_ones_own_shifts(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.locator(".sum")).to_have_text("You have 11 shifts, 240 h")
    total = page.locator(".grid .chip").count()

    page.get_by_role("button", name="Only mine").click()

    expect(page.get_by_role("button", name="Only mine")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".grid .chip")).to_have_count(11)
    expect(page.locator(".grid .chip.own")).to_have_count(11)
    assert total == 32


def test_ones_own_hours_of_a_month_are_the_parts_that_lie_in_it(open_page: OpenPage, site: Site) -> None:
    """As in `/my` and Mine: 9 h of the first, which began in October, 15 h of the last, by Moscow's midnights."""
    edges = (at(31, month=10), at(1)), (at(30), at(1, month=12))
    site.duties = [duty(number, DAN, start, end) for number, (start, end) in enumerate(edges, 1)]

    page = open_page()

    expect(page.locator(".sum")).to_have_text("You have 2 shifts, 24 h")


def test_an_admin_outside_the_roster_gets_no_filter_of_their_own(open_page: OpenPage, site: Site) -> None:
    site.me.update(id=99, full_name="Alice Admin", role="admin", on_roster=False)

    page = open_page()

    expect(page.get_by_role("button", name="Only mine")).to_be_hidden()


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("admin", "No shifts this monthSend the bot the roster file your team already has.Import a roster"),
        ("user", "No shifts this monthNothing is planned yet. Shifts will show up here once the roster is loaded."),
    ],
)
def test_an_empty_month_says_what_to_do(open_page: OpenPage, site: Site, role: str, text: str) -> None:
    site.me["role"] = role
    site.duties.clear()

    page = open_page()

    expect(page.locator(".blank")).to_have_text(text)


def test_the_roster_switch_appears_with_a_second_roster(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    expect(page.locator("select")).to_have_count(0)

    add_network_roster(site)
    page.clock.run_for(61_000)
    page.get_by_label("Roster").select_option("Network")

    expect(page.locator(".grid .chip")).to_have_count(1)
    page.get_by_role("button", name="Now").click()
    expect(page.locator(".card .roster")).to_have_text(["Duty", "Network"])
    expect(page.locator(".card .person .when")).to_have_text(["until Tue 24 Nov, 09:00", "until Tue 24 Nov, 07:00"])


def test_the_start_parameter_picks_the_roster(open_page: OpenPage, site: Site) -> None:
    add_network_roster(site)

    page = open_page(site.link(start_param="r2"), wait=CARD)

    expect(page.locator(".card .roster")).to_have_text(["Network", "Duty"])
    page.get_by_role("button", name="Month").click()
    expect(page.get_by_label("Roster")).to_have_value("2")


def test_the_start_parameter_opens_a_day(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="d2026-12-24"))

    expect(page.get_by_role("dialog", name="Thursday 24 December")).to_be_visible()


def add_network_roster(site: Site) -> None:
    shift = duty(501, BORIS, at(23), at(24), roster_id=2)
    site.me["rosters"].append({"id": 2, "name": "Network", "timezone": "Europe/Berlin", "handover_at": "07:00:00"})
    site.duties.append(shift)
    site.now["rosters"].append({"roster_id": 2, "current": [shift], "next": [], "gap": None, "valid_until": None})


def test_russian_by_the_launch_language(open_page: OpenPage, site: Site) -> None:
    site.me["language"] = "ru"

    page = open_page(site.link(lang="ru"))

    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("#month h1")).to_have_text("Ноябрь 2026")
    expect(page.locator(".sum")).to_have_text("У вас 11 смен, 240 ч")
    page.get_by_role("button", name="Сейчас").click()
    expect(page.locator(".card .when").first).to_have_text("до вт 24 нояб., 09:00")
    assert site.count("/api/messages") == 1


def test_the_stored_language_wins_over_the_launch_language(open_page: OpenPage, site: Site) -> None:
    site.me["language"] = "ru"

    page = open_page(site.link(lang="en"))

    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("#month h1")).to_have_text("Ноябрь 2026")


def test_hostile_names_are_text(open_page: OpenPage, site: Site, watch: Watch) -> None:
    hostile = "<img src=x onerror=document.title='pwned'> & <b>Dan</b>"
    for entry in site.duties:
        entry["full_name"] = entry["note"] = entry["position"] = hostile
        entry["username"], entry["phone"] = "a/../../evil", "javascript:alert(1)"
    site.me["rosters"][0]["name"] = hostile
    add_network_roster(site)

    page = open_page()
    day(page, "2026-11-25").click()

    expect(page.locator("dialog .person .name")).to_have_text(f"{hostile}you")
    expect(page.locator("dialog .note").first).to_have_text(hostile)
    assert page.locator("img, b").count() == 0
    assert page.locator('a[href*="evil"], a[href*="javascript"]').count() == 0
    assert page.title() == "Duty calendar"
    assert watch.errors == []


FAKE_TELEGRAM = """
const calls = (window.calls = []);
const record = (name) => (...args) => {
  calls.push([name, ...args.filter((arg) => typeof arg === "string")].join(" "));
};
window.TelegramWebviewProxy = {};
window.Telegram = { WebApp: {
  initData: "user=1", themeParams: { bg_color: "#17212b", text_color: "#f5f5f5" },
  isVersionAtLeast: (version) => Number(version) <= VERSION,
  ready: record("ready"), expand: record("expand"), close: record("close"),
  openTelegramLink: record("openTelegramLink"),
  setHeaderColor: record("setHeaderColor"), setBackgroundColor: record("setBackgroundColor"),
  onEvent: (name, listener) => { window[name] = listener; },
  BackButton: { show: record("show"), hide: record("hide"), onClick: (listener) => { window.pressBack = listener; } },
  HapticFeedback: { selectionChanged: record("haptic") },
} };
"""


def fake_telegram(version: str) -> Callable[[Route], None]:
    script = FAKE_TELEGRAM.replace("VERSION", version)
    return lambda route: route.fulfill(body=script, content_type="text/javascript")


def test_with_telegrams_script_back_closes_the_sheet(open_page: OpenPage) -> None:
    page = open_page(telegram=fake_telegram("8.0"))
    page.wait_for_function("() => window.calls?.includes('expand')")

    day(page, "2026-11-22").click()
    page.wait_for_function("() => window.calls.includes('show')")
    page.evaluate("pressBack()")

    expect(page.locator("dialog")).to_be_hidden()
    page.wait_for_function("() => window.calls.at(-1) === 'hide'")
    assert page.evaluate("calls.filter((call) => ['ready', 'expand', 'haptic'].includes(call))") == [
        "ready",
        "expand",
        "haptic",
    ]


def test_with_telegrams_script_chats_open_inside_telegram(open_page: OpenPage) -> None:
    page = open_page(telegram=fake_telegram("8.0"))
    page.wait_for_function("() => window.calls?.includes('expand')")

    day(page, "2026-11-22").click()
    page.locator("dialog .write").click()

    assert page.evaluate("calls.at(-1)") == "openTelegramLink https://t.me/konst_zadun"


def test_an_old_telegram_is_asked_for_nothing_it_cannot(open_page: OpenPage, watch: Watch) -> None:
    page = open_page(telegram=fake_telegram("6.0"))
    page.wait_for_function("() => window.calls?.includes('expand')")

    day(page, "2026-11-22").click()
    page.keyboard.press("Escape")

    assert page.evaluate("calls") == ["ready", "expand"]
    assert watch.errors == []


def test_a_theme_changed_in_telegram_is_followed(open_page: OpenPage) -> None:
    page = open_page(telegram=fake_telegram("8.0"))
    page.wait_for_function("() => Boolean(window.themeChanged)")
    assert page.evaluate("document.documentElement.className") == "light"

    page.evaluate("themeChanged()")

    assert page.evaluate("document.documentElement.className") == "dark"


def test_own_shifts_are_marked_for_their_owner_only(open_page: OpenPage, site: Site) -> None:
    site.me["id"] = BORIS

    page = open_page()

    own = page.locator(".grid .chip.own").all_text_contents()
    assert set(own) == {"КА"}
    assert len(own) == sum(entry["user_id"] == BORIS and entry["event_type"] == "duty" for entry in site.duties)
    assert DAN != BORIS


def test_ones_own_clock_is_shown_beside_the_rosters_when_wished(open_page: OpenPage, site: Site) -> None:
    """In Kiritimati it is another day; the wish is kept; who lives by the roster's clock is offered nothing."""
    page = open_page(site.link(start_param="home"), wait=".card .name", timezone_id="Pacific/Kiritimati")
    expect(page.locator(".beside")).to_have_count(0)

    page.get_by_role("button", name="Show my time too").click()

    expect(page.locator(".card .beside")).to_have_text(["your time: Tue 24 Nov, 20:00"] * 2)
    expect(page.locator(".card .when").first).to_have_text("until Tue 24 Nov, 09:00")
    page.locator("nav").get_by_role("button", name="Month").click()
    page.locator('[data-day="2026-11-26"]').click()
    expect(page.get_by_role("dialog").locator(".time")).to_have_text(["08:00–20:00", "20:00 – Fri 27 Nov, 08:00"])
    mine = ["your time: 19:00 – Fri 27 Nov, 07:00", "your time: Fri 27 Nov, 07:00–19:00"]
    expect(page.get_by_role("dialog").locator(".beside")).to_have_text(mine)
    page.reload()
    expect(page.locator("#now .zones .pill")).to_have_attribute("aria-pressed", "true")
    assert open_page().locator(".zones .pill:visible").count() == 0


def test_positions_and_gaps_are_told_apart_without_colour(open_page: OpenPage, site: Site) -> None:
    """The rarer position has a letter; a day that nobody has looks otherwise than one with a gap. Both are read out."""
    for entry in site.duties:
        entry["position"] = "primary" if entry["event_type"] == "duty" else None
    site.duties.append(duty(900, CLARA, at(24), at(25), position="secondary"))
    site.duties = [entry for entry in site.duties if entry["id"] != 29]
    site.gaps = [{"roster_id": 1, "start_at": stamp(at(29)), "end_at": stamp(at(30))}]
    site.gaps += [{"roster_id": 1, "start_at": stamp(at(27, 18)), "end_at": stamp(at(28))}]
    page = open_page()

    expect(page.locator(".grid .post")).to_have_text(["S"])
    expect(page.locator("#legend .post")).to_have_text("S")
    expect(day(page, "2026-11-24")).to_contain_text("secondary: Clara Nomad")
    expect(day(page, "2026-11-29").locator(".hole:not(.part)")).to_have_count(1)
    expect(day(page, "2026-11-27").locator(".hole.part")).to_have_count(1)
    expect(page.locator("#legend")).to_contain_text("Part of the day is open")


def test_admin_of_an_empty_schedule_is_led_to_the_import(open_page: OpenPage, site: Site) -> None:
    site.me["role"] = "admin"
    site.roster_now.update({"current": [], "next": [], "gap": {"start_at": stamp(NOW), "end_at": None}})
    page = open_page(site.link(start_param="now"), wait=".alarm")
    page.get_by_role("button", name="Import a roster").click()
    expect(page.get_by_role("button", name="Admin")).to_have_attribute("aria-current", "page")
    site.me["role"] = "user"
    page.goto("about:blank")
    page.goto(site.link(start_param="now"))
    expect(page.locator(".alarm")).to_be_visible()
    expect(page.get_by_role("button", name="Import a roster")).to_have_count(0)


def test_keyboard_stays_where_it_was_when_its_place_goes(open_page: OpenPage, site: Site) -> None:
    page = open_page(site.link(start_param="d2026-11-25"), wait="dialog[open]")
    page.get_by_role("button", name="Close").focus()
    page.keyboard.press("Enter")
    expect(page.locator('[data-day="2026-11-25"]')).to_be_focused()
    page.get_by_role("button", name="Next month").click()
    page.get_by_role("button", name="Today").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#month h1")).to_have_text("November 2026")
    expect(page.get_by_role("button", name="Next month")).to_be_focused()
    site.me["role"] = "admin"
    site.duties.clear()
    page.clock.run_for(61_000)
    page.get_by_role("button", name="Import a roster").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Admin")).to_be_focused()
