"""What the Mini App and the feeds get where there are several rosters, and once one of them is out of use."""

from collections.abc import Iterator
from typing import Any

import icalendar
import pytest
from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, LinkScope
from duty_teller.services import schedule_service
from duty_teller.services.rosters import rosters
from duty_teller.services.schedule_service import Covered
from tests.api.conftest import Web
from tests.api.test_feeds import events, fetch, link
from tests.house import EVERYTHING, NOW, House, duty

DUTIES = "/api/duties?from=2026-11-01&to=2026-11-30"


def second(house: House) -> None:
    """Dan is on duty in Support, Alice in Network."""
    house.put(duty(house.dan, "2026-11-23"))

    def work(session: Session) -> None:
        number = rosters.add(session, "Network", NOW, "Support").id or 0
        covered = Covered(frozenset({house.alice}), (EVERYTHING,))
        wanted = [duty(house.alice, "2026-11-23")]
        diff = schedule_service.plan_changes(session, number, wanted, covered, ChangeKind.IMPORT)
        schedule_service.apply(session, diff, house.author, "network.xlsx", diff.revision, NOW)

    house.write(work)


def retire(house: House) -> None:
    house.write(lambda s: rosters.retire(s, 2, NOW) and None)


@pytest.fixture
def site(web: Web) -> Iterator[Web]:
    second(web.house)
    yield web


def seen(site: Web) -> tuple[list[str], list[list[str]], list[str]]:
    """Names of rosters, who is on duty now in each, who is planned."""
    me, now = site.get("/api/me").json(), site.get("/api/now").json()
    on_duty: list[list[str]] = [[row["full_name"] for row in one["current"]] for one in now["rosters"]]
    planned: list[dict[str, Any]] = site.get(DUTIES).json()
    return [one["name"] for one in me["rosters"]], on_duty, [row["full_name"] for row in planned]


def test_page_gets_both_rosters_by_name_and_one_after_the_other_is_retired(site: Web) -> None:
    assert seen(site) == (["Support", "Network"], [["Dan Duty"], ["Alice Admin"]], ["Dan Duty", "Alice Admin"])
    retire(site.house)
    assert seen(site) == (["Support"], [["Dan Duty"]], ["Dan Duty"])
    site.house.write(lambda s: rosters.restore(s, 2, NOW) and None)
    assert seen(site)[0] == ["Support", "Network"]


def test_feeds_name_the_roster_of_each_shift_and_cancel_those_to_come_of_a_retired_one(site: Web) -> None:
    team, personal = link(site.house, site.house.dan, LinkScope.TEAM), link(site.house, site.house.alice)
    content = fetch(site, team).content
    assert str(icalendar.Calendar.from_ical(content)["NAME"]) == "Support, Network"
    assert [str(event["SUMMARY"]) for event in events(content)] == ["Network: Alice Admin", "Support: Dan Duty"]
    assert [str(event["SUMMARY"]) for event in events(fetch(site, personal).content)] == ["Network: Alice Admin"]

    site.house.write(lambda s: rosters.rename(s, 2, "Field", NOW) and None)
    assert [str(event["SUMMARY"]) for event in events(fetch(site, personal).content)] == ["Field: Alice Admin"]

    retire(site.house)
    shown = {str(event["SUMMARY"]): str(event["STATUS"]) for event in events(fetch(site, team).content)}
    assert shown == {"Support: Dan Duty": "CONFIRMED", "Field: Alice Admin": "CANCELLED"}
    assert [str(event["STATUS"]) for event in events(fetch(site, personal).content)] == ["CANCELLED"]
    assert len(site.house.read(repository.rosters)) == 1
