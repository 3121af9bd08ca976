"""A week of shifts in the tab Admin: dragged, or picked up and put down by keys; shown before it is applied."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.api.conftest import Web
from tests.api.test_actions import send
from tests.api.test_changes import BORIS, give, key, order, preview
from tests.house import ALICE, House, duty
from tests.webapp.conftest import Core, OpenPage, Watch
from tests.webapp.real import link, three_days
from tests.webapp.test_accessibility import found
from tests.webapp.test_looks import DARK

DESK = {"width": 1180, "height": 860}


@pytest.fixture
def web(house: House) -> Iterator[Web]:
    with three_days(house, "Olga Orlova") as running:
        yield running


def shift(day: str, start: str, end: str) -> dict[str, Any]:
    return {"id": 7, "userId": 3, "name": "Dan", "day": day, "position": None, "start": start, "end": end}


def test_shift_on_another_place_means_a_move_by_the_wall_clock_or_a_gift(core: Core) -> None:
    """A night in Berlin, moved over the end of summer time: it stays from ten to six there."""
    script = """async ([shift, user, day]) => {
        const { dropEdit } = await import("/app/models/board.js");
        const there = { ...shift, start: Date.parse(shift.start), end: Date.parse(shift.end) };
        return dropEdit(there, user, day, "Europe/Berlin", 1);
    }"""
    night = shift("2026-10-22", "2026-10-22T20:00Z", "2026-10-23T04:00Z")

    def edit(user: int, day: str) -> Any:
        return core.run(script, [night, user, day])

    moved = {"start": "2026-10-25T22:00", "end": "2026-10-26T06:00"}
    whole = {"start": "2026-10-22T20:00:00.000Z", "end": "2026-10-23T04:00:00.000Z"}
    ids = {"roster_id": 1, "duty_id": 7}
    assert edit(3, "2026-10-22") is None
    assert edit(3, "2026-10-25") == {"what": "move"} | ids | moved
    assert edit(4, "2026-10-25") == {"what": "move", "user_id": 4} | ids | moved
    assert edit(4, "2026-10-22") == {"what": "give", "user_id": 4} | ids | whole


def cell(page: Page, web: Web, who: str, day: str) -> Any:
    facts = web.get("/api/day?date=2026-11-25&roster=1").json()
    number = next(one["id"] for one in facts["people"] if one["full_name"] == who)
    return page.locator(f'td[data-user="{number}"][data-day="{day}"]')


def drag(page: Page, source: Any, target: Any) -> None:
    begin, end = source.bounding_box(), target.bounding_box()
    assert begin is not None
    assert end is not None
    page.mouse.move(begin["x"] + 12, begin["y"] + 12)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=4)
    page.mouse.up()


def open_board(open_page: OpenPage, web: Web) -> Page:
    page = open_page(link(web, ALICE, "admin", DARK), wait=".drop", viewport=DESK, reduced_motion="reduce")
    page.locator("#admin").get_by_role("button", name="Shifts").click()
    expect(page.locator(".board .shift")).to_have_count(3)
    return page


def test_shift_is_dragged_to_somebody_and_another_day_as_shown_and_taken_back(
    open_page: OpenPage, web: Web, watch: Watch
) -> None:
    page = open_board(open_page, web)
    before = web.house.live()
    becomes, causes = page.locator("#admin-board .becomes"), page.locator("#admin-board .causes")
    wednesday = cell(page, web, "Dan Duty", "2026-11-25")
    drag(page, wednesday.locator(".shift"), cell(page, web, "Boris Boss", "2026-11-25"))
    expect(becomes).to_have_text("Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00: Dan Duty → Boris Boss")
    expect(causes).to_have_text("⚠️ Boris Boss is away then: Vacation, Wed 25 Nov")
    assert web.house.live() == before
    assert found(page, "a shift on its way") == []
    page.get_by_role("button", name="Leave it").click()
    expect(becomes).to_have_count(0)

    drag(page, wednesday.locator(".shift"), cell(page, web, "Olga Orlova", "2026-11-27"))
    expect(becomes).to_contain_text("Olga Orlova")
    page.get_by_role("button", name="Apply").click()
    notice = page.locator("#notice")
    expect(notice).to_contain_text("Changed")
    olga = next(row.user_id for row in web.house.duties() if row.start_at == duty(1, "2026-11-24").start_at)
    assert duty(olga, "2026-11-27") in web.house.live()
    expect(cell(page, web, "Olga Orlova", "2026-11-27").locator(".shift")).to_have_count(1)
    notice.get_by_role("button", name="Undo").click()
    expect(wednesday.locator(".shift")).to_have_count(1)
    assert web.house.live() == before
    assert watch.errors == []


def test_keys_do_what_the_pointer_does_and_what_others_change_is_said(open_page: OpenPage, web: Web) -> None:
    page = open_board(open_page, web)
    said = page.locator("#admin-board > .when")
    cell(page, web, "Dan Duty", "2026-11-23").focus()
    for pressed in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(pressed)
    expect(said).to_have_text("Dan Duty, Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00: where to?")
    page.keyboard.press("Escape")
    expect(said).to_contain_text("Drag a shift")
    for pressed in ("Enter", "ArrowRight", "Enter"):
        page.keyboard.press(pressed)
    expect(page.locator("#admin-board .becomes")).to_contain_text("Thu 26 Nov, 09:00 – Fri 27 Nov, 09:00")

    body = give(web, "2026-11-25", "Boris")
    send(web, "change", order(body, preview(web, body, BORIS)), BORIS, key()).raise_for_status()
    page.clock.run_for(61_000)
    expect(page.locator("#admin-board .wrong")).to_contain_text("This shift was changed or removed")
    expect(page.get_by_role("button", name="Apply")).to_be_hidden()
    assert [one.user_id for one in web.house.live()].count(web.house.dan) == 1
