"""Changing the schedule in the Mini App: shown first, applied as shown, by admins alone, undone; two at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from duty_teller.db.models import ChangeKind, Coverage
from duty_teller.i18n import t
from duty_teller.utils.user import Visitor
from tests.api.conftest import Web
from tests.api.test_actions import refused, send
from tests.house import ALICE, DAN, SAM, absence, duty, moscow

BORIS = Visitor(1010, "Boris Boss", "boris", "en")


def key() -> str:
    return str(uuid4())


def ask(web: Web, path: str, body: Any, who: Visitor | None = ALICE) -> httpx.Response:
    headers = {} if who is None else {"X-Telegram-Init-Data": web.house.init_data(who)}
    return web.client.post(path, json=body, headers=headers)


def preview(web: Web, body: Any, who: Visitor = ALICE) -> Any:
    answer = ask(web, "/api/changes/preview", body, who)
    assert answer.status_code == 200, answer.text
    return answer.json()


def order(body: dict[str, Any], shown: dict[str, Any], reason: str = "") -> dict[str, Any]:
    return body | {"fingerprint": shown["fingerprint"], "revision": shown["revision"], "reason": reason}


@pytest.fixture
def team(web: Web) -> Web:
    """Dan is on duty today and on Wednesday, Olga on Tuesday, Boris is an admin who is away on Wednesday."""
    house = web.house
    olga = house.person(
        "Olga <script>alert(1)</script>", reachable=True, telegram_user_id=1009, linked_at=house.clock.now
    )
    boris = house.person("Boris Boss", telegram_user_id=1010, linked_at=house.clock.now, role="admin")
    house.put(
        duty(house.dan, "2026-11-23"),
        duty(olga, "2026-11-24"),
        duty(house.dan, "2026-11-25", position="primary"),
        absence(boris, "2026-11-25"),
    )
    return web


def number(web: Web, day: str) -> int:
    rows = [row for row in web.house.duties() if row.cancelled_at is None and row.event_type == "duty"]
    return next(row.id or 0 for row in rows if row.start_at == moscow(day, 9))


def who(web: Web, name: str) -> int:
    facts = web.get("/api/day?date=2026-11-25&roster=1").json()
    return next(int(one["id"]) for one in facts["people"] if one["full_name"].startswith(name))


def give(web: Web, day: str, name: str) -> dict[str, Any]:
    start, end = moscow(day, 9).isoformat(), moscow(day, 33 - 24).replace(day=int(day[-2:]) + 1).isoformat()
    ids = {"duty_id": number(web, day), "user_id": who(web, name)}
    return {"what": "give", "roster_id": 1, "start": start, "end": end} | ids


def test_shift_is_given_as_it_was_shown_once_and_taken_back(team: Web) -> None:
    body = give(team, "2026-11-25", "Boris")
    shown = preview(team, body)
    assert shown["lines"] == ["Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00: Dan Duty → Boris Boss"]
    assert shown["warnings"] == ["⚠️ Boris Boss is away then: Vacation, Wed 25 Nov"]
    assert (shown["past"], shown["moved"]) == (False, [])
    assert team.house.changes()[-1].kind == ChangeKind.IMPORT  # nothing was written

    one = key()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _n: send(team, "change", order(body, shown, "ill"), ALICE, one), range(4)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
    (made,) = [change for change in team.house.changes() if change.kind == ChangeKind.EDIT]
    assert (made.id, made.reason) == (answers[0].json()["change_id"], answers[0].json()["what"])
    assert made.reason.endswith(" · ill")
    changed = team.get("/api/day?date=2026-11-25&roster=1").json()["shifts"][-1]["changed"]
    assert (changed["name"], changed["file"]) == ("Alice Admin", None)

    undone = send(team, "undo", {"change_id": made.id}, ALICE, key()).json()
    assert duty(team.house.dan, "2026-11-25", position="primary") in team.house.live()
    assert refused(send(team, "undo", {"change_id": made.id}, ALICE, key())) == t("en", "error.undo_done")
    send(team, "undo", {"change_id": undone["change_id"]}, ALICE, key()).raise_for_status()
    assert duty(team.house.dan, "2026-11-25", position="primary") not in team.house.live()


def test_two_admins_on_one_day_do_not_meet_unawares(team: Web) -> None:
    """Boris takes the shift while Alice looks: hers is not done, and she is told by whom and what."""
    first, second = give(team, "2026-11-25", "Olga"), give(team, "2026-11-25", "Boris")
    shown, his = preview(team, first), preview(team, second, BORIS)
    his_order = order(second, his, "swap")
    send(team, "change", his_order, BORIS, key()).raise_for_status()

    late = send(team, "change", order(first, shown), ALICE, key())
    assert (late.status_code, late.json()["error"]["code"]) == (409, "refused")
    assert late.json()["error"]["message"] == t("en", "app.change.gone")
    assert len([change for change in team.house.changes() if change.kind == ChangeKind.EDIT]) == 1


def test_what_moved_since_the_preview_is_shown_before_anything_is_done(team: Web) -> None:
    olga = who(team, "Olga")
    times = {"start": "2026-11-26T09:00", "end": "2026-11-26T21:00"}
    body = {"what": "add", "roster_id": 1, "user_id": olga, **times}
    shown = preview(team, body)
    other = preview(team, body | {"user_id": team.house.dan}, BORIS)
    send(team, "change", order(body | {"user_id": team.house.dan}, other), BORIS, key()).raise_for_status()

    late = send(team, "change", order(body, shown), ALICE, key())
    assert (late.status_code, late.json()["error"]["code"]) == (409, "moved")
    again = preview(team, body | {"since": shown["revision"]})
    (said,) = again["moved"]
    assert said.startswith("Boris Boss: + ")
    send(team, "change", order(body, again), ALICE, key()).raise_for_status()


def test_shift_is_moved_split_and_removed_in_wall_clock_times(team: Web) -> None:
    team.house.roster(coverage=Coverage.ALWAYS)
    shift = {"roster_id": 1, "duty_id": number(team, "2026-11-24")}
    moved = shift | {"what": "move", "start": "2026-11-24T10:00", "end": "2026-11-25T08:00"}
    send(team, "change", order(moved, preview(team, moved)), ALICE, key()).raise_for_status()
    split = shift | {"what": "split", "start": "2026-11-24T22:00"}
    send(team, "change", order(split, preview(team, split)), ALICE, key()).raise_for_status()
    removed = shift | {"what": "remove", "start": "2026-11-24T10:00", "end": "2026-11-24T12:00"}
    shown = preview(team, removed)
    assert shown["warnings"] == ["⚠️ Nobody on duty: Tue 24 Nov, 10:00–12:00"]
    send(team, "change", order(removed, shown), ALICE, key()).raise_for_status()
    rows = [one for one in team.house.live() if one.user_id == who(team, "Olga")]
    spans = [(one.start_at, one.end_at) for one in rows]
    assert spans == [
        (moscow("2026-11-24", 12), moscow("2026-11-24", 22)),
        (moscow("2026-11-24", 22), moscow("2026-11-25", 8)),
    ]


def test_what_has_been_wants_a_reason(team: Web) -> None:
    start, end = moscow("2026-11-23", 9).isoformat(), moscow("2026-11-24", 9).isoformat()
    body = {"what": "give", "roster_id": 1, "duty_id": number(team, "2026-11-23"), "user_id": who(team, "Olga")}
    body |= {"start": start, "end": end}
    shown = preview(team, body)
    assert shown["past"]
    assert send(team, "change", order(body, shown, "  "), ALICE, key()).json()["error"]["code"] == "moved"
    send(team, "change", order(body, shown, "she came at nine"), ALICE, key()).raise_for_status()


@pytest.mark.parametrize("path", ["changes/preview", "actions/change", "actions/undo"])
def test_members_and_strangers_change_nothing(team: Web, path: str) -> None:
    body = order(give(team, "2026-11-25", "Boris"), {"fingerprint": "0" * 8, "revision": 1}) | {"change_id": 1}
    headers = {"Idempotency-Key": key(), "X-Telegram-Init-Data": team.house.init_data(DAN)}
    before = team.house.live()
    assert refused(team.client.post(f"/api/{path}", json=body, headers=headers)) == t("en", "bot.admins_only")
    assert team.client.post(f"/api/{path}", json=body, headers={"Idempotency-Key": key()}).status_code == 401
    headers["X-Telegram-Init-Data"] = team.house.init_data(SAM)
    assert team.client.post(f"/api/{path}", json=body, headers=headers).status_code == 403
    assert team.house.live() == before


def test_day_tells_members_what_concerns_them(team: Web) -> None:
    """Who may change nothing is offered nothing to choose from, and of requests sees one's own."""
    send(team, "cover", {"duty_id": number(team, "2026-11-25")}, DAN, key()).raise_for_status()
    seen = {who.username: team.get("/api/day?date=2026-11-25&roster=1", who).json() for who in (ALICE, DAN)}
    assert [one["asked"] for one in seen["alice"]["shifts"]] == [one["asked"] for one in seen["dan"]["shifts"]]
    assert [one["asked"] is None for one in seen["dan"]["shifts"]] == [True, False]
    assert seen["dan"]["shifts"][0]["changed"]["file"] == "november.xlsx"
    assert seen["dan"]["people"] == seen["dan"]["spans"] == seen["dan"]["positions"] == []
    assert [one["position"] for one in seen["alice"]["positions"]] == ["primary"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"start": "9999-12-31T23:59", "end": "9999-12-31T23:59"}, "view.too_far"),
        ({"start": "0001-01-01T00:00:00+14:00", "end": "2026-11-26T09:00"}, "view.too_far"),
        ({"start": "2026-11-26T09:00", "end": "2026-11-25T09:00"}, "change.outside"),
        ({"user_id": 999}, "view.person_gone"),
        ({"duty_id": 999}, "app.change.gone"),
        ({"roster_id": 999}, "rosters.gone"),
    ],
)
def test_edits_that_cannot_be_meant_are_refused_in_words(team: Web, change: dict[str, Any], reason: str) -> None:
    body = give(team, "2026-11-25", "Boris") | change
    assert refused(ask(team, "/api/changes/preview", body)) == t("en", reason)


@pytest.mark.parametrize(
    "change", [{"what": "burn"}, {"duty_id": -1}, {"start": "soon"}, {"duty_id": "1; DROP TABLE"}, {"what": ["give"]}]
)
def test_edits_of_no_shape_are_invalid(team: Web, change: dict[str, Any]) -> None:
    answer = ask(team, "/api/changes/preview", give(team, "2026-11-25", "Boris") | change)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "malformed")


def test_note_is_shown_stored_and_taken_off_and_nothing_follows_from_it(team: Web) -> None:
    """A note of what has been needs no reason: no hours change with it. One that is too long is refused in words."""
    shift = number(team, "2026-11-23")
    span = {"start": moscow("2026-11-23", 9).isoformat(), "end": moscow("2026-11-24", 9).isoformat()}
    body = {"what": "note", "roster_id": 1, "duty_id": shift, "note": " Keys\u0085at the\tdesk \n\n\n\nx "} | span
    shown = preview(team, body)
    assert (shown["past"], shown["warnings"]) == (False, [])
    assert shown["lines"] == ["Mon 23 Nov, 09:00 – Tue 24 Nov, 09:00: Dan Duty, note “Keys at the desk x”"]
    send(team, "change", order(body, shown), ALICE, key()).raise_for_status()
    stored = {row.id: row.note for row in team.house.duties() if row.note}
    assert stored == {shift: "Keys\nat the desk\n\nx"}
    other = preview(team, body | {"note": "Front desk"})
    assert other["lines"][0].endswith("note “Keys at the desk x” → “Front desk”")
    answer = ask(team, "/api/changes/preview", body | {"note": "Keys\nat the desk\n\nx"})
    assert answer.json()["error"]["message"] == t("en", "change.same")
    answer = ask(team, "/api/changes/preview", body | {"note": "x" * 600})
    assert answer.json()["error"]["message"] == t("en", "change.note_long", n=600, limit=500)
    gone = body | {"note": ""}
    send(team, "change", order(gone, preview(team, gone)), ALICE, key()).raise_for_status()
    assert not any(row.note for row in team.house.duties())
    assert len(team.house.duties()) == 4


def test_shift_is_given_to_somebody_on_another_day_in_one_change(team: Web) -> None:
    body = {"what": "move", "roster_id": 1, "duty_id": number(team, "2026-11-25"), "user_id": who(team, "Olga")}
    body |= {"start": "2026-11-27T09:00", "end": "2026-11-28T09:00"}
    made = send(team, "change", order(body, preview(team, body)), ALICE, key()).json()
    assert duty(who(team, "Olga"), "2026-11-27", position="primary") in team.house.live()
    assert duty(team.house.dan, "2026-11-25", position="primary") not in team.house.live()
    send(team, "undo", {"change_id": made["change_id"]}, ALICE, key()).raise_for_status()
    assert duty(team.house.dan, "2026-11-25", position="primary") in team.house.live()

    for wrong, said in (({"end": "2026-11-27T09:00"}, "change.empty"), ({"user_id": 999}, "view.person_gone")):
        asked = body | {"duty_id": number(team, "2026-11-25")} | wrong
        assert refused(ask(team, "/api/changes/preview", asked)) == t("en", said)
