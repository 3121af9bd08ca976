"""What happens to people, as calendar programs see it: deactivated, merged, and that taken back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from duty_teller.api import calendar_ics as feeds
from duty_teller.db.models import LinkScope
from duty_teller.services.people import accounts, merge, roles
from tests.api.conftest import Web
from tests.api.test_feeds import events, fetch, link
from tests.house import NOW, House, absence, duty


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


def rename(house: House, user_id: int, name: str) -> None:
    house.write(lambda session: accounts.rename(session, user_id, name, house.clock.now))


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """Whose feeds were built, None: the team's."""
    whose: list[int | None] = []
    build = feeds.build_feed

    def counted(session: Session, rosters: Any, wanted: Any, *rest: Any) -> Any:
        whose.append(wanted.user_id)
        return build(session, rosters, wanted, *rest)

    monkeypatch.setattr(feeds, "build_feed", counted)
    return whose


def test_feed_is_built_again_only_where_a_change_made_another_one_of_it(web: Web, built: list[int | None]) -> None:
    house = web.house
    dans, team = link(house, house.dan), link(house, house.dan, LinkScope.TEAM)
    shifts = [duty(house.dan, "2026-11-25"), duty(house.alice, "2026-11-26")]

    def after(change: Any) -> list[Any]:
        built.clear()
        house.clock.move(minutes=1)
        change()
        return [fetch(web, path) for path in (dans, team)]

    first = after(lambda: house.put(*shifts))
    far = duty(house.alice, "2028-01-01")
    second = after(lambda: house.put(*shifts, far))
    assert built == []
    assert [r.content for r in second] == [r.content for r in first]
    assert [r.headers["last-modified"] for r in second] != [r.headers["last-modified"] for r in first]
    third = after(lambda: house.put(shifts[0], far))
    assert (built, third[0].content, third[1].content == first[1].content) == ([None], first[0].content, False)
    after(lambda: house.person("Nina New"))
    assert built == []
    renamed = after(lambda: rename(house, house.dan, "Daniel Duty"))
    assert set(built) == {house.dan, None}
    assert all(b"Daniel Duty" in response.content for response in renamed)


def test_feed_that_was_kept_is_the_one_that_would_be_built_now(web: Web) -> None:
    house = web.house
    house.roster(name="Core")
    paths = [link(house, user, scope) for user in (house.dan, house.alice) for scope in LinkScope]
    shifts = [duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-24"), absence(house.dan, "2026-12-01", 14)]
    changes: list[Any] = [
        lambda: house.put(*shifts),
        lambda: house.put(duty(house.dan, "2026-11-23", hour=10), *shifts[1:]),
        lambda: house.undo(house.changes()[-1].id or 0),
        lambda: house.put(duty(house.alice, "2026-11-23"), duty(house.dan, "2026-11-24")),
        lambda: rename(house, house.alice, "Alicia Admin"),
        lambda: house.roster(name="Edge"),
        lambda: house.roster(timezone="Asia/Tokyo"),
        lambda: house.put(),
        lambda: house.clock.move(days=1),
        lambda: house.clock.move(days=7),
        lambda: house.put(*shifts),
    ]
    for number, change in enumerate(changes):
        house.clock.move(minutes=1)
        change()
        kept = [fetch(web, path) for path in paths]
        web.app.state.api.memory.clear()
        for response, path in zip(kept, paths, strict=True):
            anew = fetch(web, path)
            assert response.content == anew.content, number
            assert response.headers["last-modified"] == anew.headers["last-modified"], number
