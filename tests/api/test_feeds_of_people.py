"""What happens to people, as calendar programs see it: deactivated, merged, and that taken back."""

from datetime import timedelta

from duty_teller.db.models import LinkScope
from duty_teller.services.people import merge, roles
from tests.api.conftest import Web
from tests.api.test_feeds import events, fetch, link
from tests.house import NOW, duty


def test_feed_of_somebody_deactivated_is_gone_and_comes_back(web: Web) -> None:
    house = web.house
    house.put(duty(house.dan, "2026-11-25"))
    path = link(house, house.dan)
    assert fetch(web, path).status_code == 200

    house.write(lambda s: roles.deactivate(s, house.settings, house.dan, NOW))
    assert fetch(web, path).status_code == 404
    assert len(events(fetch(web, link(house, house.alice, LinkScope.TEAM)).content)) == 1

    house.write(lambda s: roles.activate(s, house.settings, house.dan))
    assert fetch(web, path).status_code == 200


def test_feeds_follow_a_merge_and_its_undo(web: Web) -> None:
    house = web.house
    danny = house.person("Danny D")
    house.put(duty(danny, "2026-11-25"))
    personal, team = link(house, house.dan), link(house, house.dan, LinkScope.TEAM)
    before = fetch(web, personal)
    assert events(before.content) == []
    house.clock.move(hours=1)

    change = house.write(
        lambda s: merge.merge(s, danny, house.dan, house.author, None, NOW + timedelta(hours=1)).id or 0
    )

    merged = fetch(web, personal)
    assert merged.headers["etag"] != before.headers["etag"]
    (mine,) = events(merged.content)
    assert (str(mine["SUMMARY"]), str(mine.get("STATUS", "CONFIRMED")), mine["DTSTART"].dt.day) == (
        "On duty: Dan Duty",
        "CONFIRMED",
        25,
    )
    seen = [(str(e["SUMMARY"]), str(e.get("STATUS", "CONFIRMED"))) for e in events(fetch(web, team).content)]
    assert ("On duty: Dan Duty", "CONFIRMED") in seen
    assert ("On duty: Danny D", "CONFIRMED") not in seen

    house.clock.move(hours=1)
    house.undo(change)
    undone = fetch(web, personal)
    assert undone.headers["etag"] != merged.headers["etag"]
    assert [str(e["STATUS"]) for e in events(undone.content)] == ["CANCELLED"]
