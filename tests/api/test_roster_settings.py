"""Rosters and their settings in the Mini App: the rules of /settings, two admins at once, adding and retiring."""

from typing import Any

import pytest

from duty_teller.db.models import Roster
from duty_teller.i18n import t
from duty_teller.utils.user import Visitor
from tests.api.conftest import Web
from tests.api.test_actions import refused, send
from tests.api.test_changes import key
from tests.house import ALICE, DAN, duty

BORIS = Visitor(1010, "Boris Boss", "boris", "ru")


@pytest.fixture
def team(web: Web) -> Web:
    web.house.person("Boris Boss", telegram_user_id=1010, linked_at=web.house.clock.now, role="admin")
    return web


def values(web: Web, who: Visitor = ALICE) -> dict[str, str]:
    (one,) = web.get("/api/rosters", who).json()["rosters"]
    found: dict[str, str] = one["values"]
    return found


def wish(web: Web, who: Visitor = ALICE, **after: str) -> dict[str, Any]:
    before = values(web, who)
    return {"roster_id": 1, "before": {name: before[name] for name in after}, "after": after}


def test_fields_are_stored_as_one_change_that_can_be_taken_back(team: Web) -> None:
    before = values(team)
    assert (before["handover"], before["timezone"], before["coverage"]) == ("09:00", "Europe/Moscow", "daily")
    changed = {"handover": "10:30", "timezone": "london", "day_shift": "8-20", "coverage": "Mon-Fri 9-18"}
    changed |= {"holidays": "germany, bayern", "night_hours": "23-5", "rates": "base 100", "gap_warnings": ""}
    changed |= {"cover_approval": "yes", "cover_warn": "180"}
    answer = send(team, "settings", wish(team, **changed), ALICE, key())

    assert answer.status_code == 200, answer.text
    after = values(team)
    assert {name: after[name] for name in changed} == {
        "handover": "10:30",
        "timezone": "Europe/London",
        "day_shift": "08:00–20:00",
        "coverage": "Mon–Fri 09:00–18:00",
        "holidays": "Germany, Bayern",
        "night_hours": "23:00–05:00",
        "rates": "base 100",
        "gap_warnings": "",
        "cover_approval": "yes",
        "cover_warn": "180",
    }
    assert answer.json()["remarks"][:2] == [
        t("en", "settings.kept"), t("en", "settings.zone_shown", zone="Europe/London"),
    ]  # fmt: skip
    (change,) = team.house.changes()
    assert change.id == answer.json()["change_id"]
    assert change.reason.startswith("hand-over 10:30 Europe/London; Day shift 08:00–20:00; Somebody has to be on duty")
    assert team.house.read(lambda session: session.get_one(Roster, 1).holidays_chosen)

    send(team, "undo", {"change_id": change.id}, ALICE, key()).raise_for_status()
    assert {name: values(team)[name] for name in ("handover", "timezone", "coverage", "holidays", "rates")} == {
        name: before[name] for name in ("handover", "timezone", "coverage", "holidays", "rates")
    }


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"timezone": "Atlantis"}, ("error.zone_unknown", {"zone": "Atlantis"})),
        ({"handover": "25:00"}, ("error.clock", {"text": "25:00"})),
        ({"night_shift": "at night"}, ("settings.shift_unread", {"text": "at night"})),
        ({"coverage": "sometimes"}, ("settings.coverage_unread", {"text": "sometimes"})),
        ({"holidays": "Atlantis"}, ("holidays.unknown_place", {"text": "Atlantis"})),
        ({"rates": "much"}, ("hours.rate_unread", {"text": "much"})),
        ({"cover_warn": "soon"}, ("error.http_malformed", {})),
        ({"name": " "}, ("rosters.name_empty", {})),
    ],
)
def test_what_cannot_be_read_is_said_as_in_the_chat_and_nothing_is_stored(
    team: Web, after: dict[str, str], said: tuple[str, dict[str, str]]
) -> None:
    """Of all fields: one that could be stored beside it is not, either."""
    team.house.roster(name="First")
    before = values(team)
    asked = wish(team, gap_warnings="", day_shift="07:00-19:00", **after)
    assert refused(send(team, "settings", asked, ALICE, key())) == t("en", said[0], **said[1])
    assert (values(team), team.house.changes()) == (before, [])


def test_two_admins_meet_at_a_field_and_at_no_other(team: Web) -> None:
    """The second is told what it is now, in their words; what both left alone or wrote alike is no conflict."""
    first = wish(team, coverage="always", day_shift="07:00-19:00")
    second = wish(team, BORIS, coverage="Пн-Пт 9-18", night_hours="23:00-05:00")
    third = wish(team, BORIS, coverage="always", night_hours="23:00-05:00")
    send(team, "settings", first, ALICE, key()).raise_for_status()

    late = send(team, "settings", second, BORIS, key())
    assert (late.status_code, late.json()["error"]["code"]) == (409, "moved")
    what = f"{t('ru', 'app.set.coverage')}: круглосуточно"
    assert late.json()["error"]["message"] == t("ru", "app.set.moved", what=what)
    assert values(team)["night_hours"] == "22:00–06:00"
    send(team, "settings", third, BORIS, key()).raise_for_status()
    assert {values(team)[name] for name in ("coverage", "night_hours")} == {"always", "23:00–05:00"}


def test_rosters_are_added_named_retired_and_restored(team: Web) -> None:
    new = {"name": "Second line"}
    assert refused(send(team, "add_roster", new, ALICE, key())) == t("en", "rosters.name_empty")
    made = send(team, "add_roster", new | {"first_name": "First line"}, ALICE, key()).json()
    assert [one["values"]["name"] for one in team.get("/api/rosters").json()["rosters"]] == [
        "First line",
        "Second line",
    ]
    ref = {"roster_id": made["id"]}
    assert send(team, "retire_roster", ref, ALICE, key()).json() == {"id": made["id"], "name": "Second line"}
    assert team.get("/api/rosters").json()["retired"] == [{"id": made["id"], "name": "Second line"}]
    assert refused(send(team, "retire_roster", ref, ALICE, key())) == t("en", "rosters.gone")
    assert refused(send(team, "retire_roster", {"roster_id": 1}, ALICE, key())) == t("en", "rosters.last")
    gone = {"roster_id": made["id"], "before": {"name": "Second line"}, "after": {"name": "Third line"}}
    assert refused(send(team, "settings", gone, ALICE, key())) == t("en", "rosters.gone")
    sent = key()
    send(team, "restore_roster", ref, ALICE, sent).raise_for_status()
    # The same order under the same key is another action: it is refused, not answered as the first one.
    assert refused(send(team, "retire_roster", ref, ALICE, sent)) == t("en", "error.http_malformed")
    assert [one["name"] for one in team.get("/api/me").json()["rosters"]] == ["First line", "Second line"]


def test_what_files_have_taught_is_shown_and_forgotten(team: Web) -> None:
    team.house.roster(codes='{"д": "day", "о": "vacation"}', date_order="dmy", file_answers='{"aa": {}}')

    def taught() -> list[dict[str, str]]:
        (one,) = team.get("/api/rosters").json()["rosters"]
        found: list[dict[str, str]] = one["remembered"]
        return found

    assert [(one["kind"], one["text"].partition(" = ")[0]) for one in taught()] == [
        ("dates", "Order of dates: Day first"),
        ("files", "Year, month or week of 1 file"),
        ("code", "д"),
        ("code", "о"),
    ]
    for kind, name in (("dates", "dmy"), ("files", "1"), ("code", "д"), ("name", "99"), ("code", "unknown")):
        send(team, "forget", {"roster_id": 1, "kind": kind, "key": name}, ALICE, key()).raise_for_status()
    assert [one["key"] for one in taught()] == ["о"]


def test_rosters_are_the_admins_alone(team: Web) -> None:
    team.house.put(duty(team.house.dan, "2026-11-23"))
    only = t("en", "bot.admins_only")
    assert refused(team.get("/api/rosters", DAN)) == only
    for action, body in (
        ("settings", {"roster_id": 1, "before": {"coverage": "daily"}, "after": {"coverage": "always"}}),
        ("add_roster", {"name": "Mine", "first_name": "Old"}),
        ("retire_roster", {"roster_id": 1}),
        ("restore_roster", {"roster_id": 1}),
        ("forget", {"roster_id": 1, "kind": "dates", "key": "dmy"}),
    ):
        assert refused(send(team, action, body, DAN, key())) == only
    assert values(team)["coverage"] == "daily"
