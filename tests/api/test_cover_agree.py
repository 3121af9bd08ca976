"""After each cover, swap, take-over and undo everything that shows the schedule shows the same."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import icalendar
import pytest
from sqlmodel import select

from duty_teller.db import repository
from duty_teller.db.models import LinkScope, User
from duty_teller.services import group_duty_pin_service, schedule_service
from duty_teller.services.cover_service import requests, swaps, takeovers
from duty_teller.services.cover_service.model import Actor
from duty_teller.services.feeds import links
from duty_teller.services.notices import reminders
from duty_teller.services.texts import people
from duty_teller.services.texts.duty import span_text
from tests.api.conftest import Web
from tests.house import ALICE, DAN, NOW, SECRET, ZONE, duty, untimed

TODAY = date(2026, 11, 23)


@pytest.fixture
def site(web: Web) -> Iterator[Web]:
    house = web.house
    alice = Actor(house.alice, "Alice Admin", True)
    assert alice.is_admin

    def reach(session) -> None:
        for user in session.exec(select(User)):
            user.reachable, user.linked_at, user.reminder_leads = True, NOW, "1440"
            session.add(user)

    house.write(reach)
    house.put(duty(house.dan, TODAY), duty(house.alice, "2026-11-24"), duty(house.dan, "2026-11-26"))
    yield web


def stored(site: Web) -> set[tuple[int, datetime, datetime]]:
    return {(s.user_id, s.start_at, s.end_at) for s in site.house.live()}


def in_the_app(site: Web) -> set[tuple[int, datetime, datetime]]:
    rows = site.get("/api/duties?from=2026-11-01&to=2026-12-31").json()
    moment = datetime.fromisoformat
    return {(row["user_id"], moment(row["start_at"]), moment(row["end_at"])) for row in rows}


def in_feeds(site: Web, kept: dict[str, object]) -> set[tuple[int, datetime, datetime]]:
    """What a client has that keeps events by UID, over all its reads."""
    for user_id in (site.house.alice, site.house.dan):
        token = site.house.write(lambda s, u=user_id: links.get_token(s, SECRET, u, LinkScope.PERSONAL, NOW))
        calendar = icalendar.Calendar.from_ical(site.get(f"/feed/{token}.ics", None).content)
        for event in calendar.walk("VEVENT"):
            kept[str(event["UID"])] = (user_id, event) if str(event.get("STATUS")) != "CANCELLED" else None
    return {(v[0], v[1]["DTSTART"].dt, v[1]["DTEND"].dt) for v in kept.values() if v is not None}


def everything_agrees(site: Web, kept: dict[str, object]) -> None:
    house, now = site.house, site.house.clock.now
    wanted = stored(site)
    assert in_the_app(site) == wanted
    assert in_feeds(site, kept) == wanted

    def look(session):
        roster = repository.rosters(session)[0]
        answer = schedule_service.now_and_next(session, roster, now)
        pin = untimed(group_duty_pin_service.render_pin(session, roster, "en", now).html)
        due = reminders.plan(session, now).pending
        months = {
            user: people.month_text(session, user, [roster], people.month_number(TODAY), now, "en")
            for user in (house.alice, house.dan)
        }
        joined = {
            user: schedule_service.stretches_between(session, roster, now, now + timedelta(days=7), user)
            for user in months
        }
        return answer, pin, due, months, joined

    answer, pin, due, months, joined = house.read(look)
    names = {house.alice: "Alice Admin", house.dan: "Dan Duty"}
    holders = {names[u] for u, start, end in wanted if start <= now < end}
    assert {s.row.full_name for s in answer.current} == holders
    assert all(f"On duty now: <b>{name}</b>" in pin for name in holders)
    for user, stretches in joined.items():
        for stretch in stretches:
            assert span_text("en", stretch.start_at, stretch.end_at, ZONE) in months[user]
    starts = {(notice.user_id, notice.payload["start"]) for notice in due if "start" in notice.payload}
    assert starts <= {(u, int(s.start_at.timestamp())) for u, found in joined.items() for s in found}
    assert [row["full_name"] for row in site.get("/api/now").json()["rosters"][0]["current"]] == sorted(holders)


def test_everything_shows_the_same_after_each_change(site: Web) -> None:
    house, kept = site.house, {}
    settings, clock = house.settings, house.clock
    alice, dan = Actor(house.alice, ALICE.full_name, True), Actor(house.dan, DAN.full_name)

    def number(user_id: int, last: bool = False) -> int:
        found = [d for d in house.duties() if d.user_id == user_id and d.cancelled_at is None and d.end_at > clock.now]
        return found[-1 if last else 0].id or 0

    everything_agrees(site, kept)
    day = duty(0, "2026-11-26")
    request = house.write(
        lambda s: requests.ask(
            s, dan, number(house.dan, True), clock.now, (day.start_at, day.start_at + timedelta(hours=5))
        ).id
    )
    everything_agrees(site, kept)
    house.write(lambda s: requests.take(s, settings, alice, request, clock.now) and None)
    everything_agrees(site, kept)
    house.write(lambda s: requests.withdraw(s, dan, request, clock.now) and None)
    everything_agrees(site, kept)
    mine, theirs = number(house.dan, True), number(house.alice)
    swap = house.write(lambda s: swaps.propose(s, dan, mine, theirs, clock.now).id)
    house.write(lambda s: swaps.agree(s, settings, alice, swap, clock.now) and None)
    everything_agrees(site, kept)
    clock.move(minutes=7)
    running = number(house.dan)
    over = house.write(lambda s: takeovers.take_over(s, alice, running, house.alice, clock.now).id)
    everything_agrees(site, kept)
    clock.move(minutes=3)
    house.write(lambda s: takeovers.object_to(s, settings, dan, over, clock.now) and None)
    house.write(lambda s: takeovers.settle(s, alice, over, False, clock.now) and None)
    everything_agrees(site, kept)
    house.undo(next(change.id or 0 for change in house.changes() if change.kind == "swap"))
    everything_agrees(site, kept)
