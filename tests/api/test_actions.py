"""What people do in the Mini App: once, by the services, refused in their own words."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import select

from duty_teller.db.models import (
    Chat,
    CoverMessage,
    CoverRequest,
    CoverRole,
    CoverState,
    DoneAction,
    EventType,
    GroupPin,
)
from duty_teller.i18n import t
from duty_teller.services.rosters import rosters
from duty_teller.utils.user import Visitor
from tests.api.conftest import Web
from tests.house import ALICE, DAN, SAM, absence, duty, moscow

KEY = "11111111-2222-3333-4444-555555555555"
OLGA = Visitor(1009, "Olga Orlova", "olga", "ru")


def send(web: Web, action: str, body: Any, who: Visitor | None = DAN, key: str = KEY) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    if who is not None:
        headers["X-Telegram-Init-Data"] = web.house.init_data(who)
    return web.client.post(f"/api/actions/{action}", json=body, headers=headers)


def refused(response: httpx.Response) -> str:
    assert response.status_code == 409, response.text
    error = response.json()["error"]
    assert error["code"] == "refused"
    text: str = error["message"]
    return text


@pytest.fixture
def team(web: Web) -> Web:
    """Dan is on duty today and on Wednesday, Olga was last week; she can be asked."""
    house = web.house
    olga = house.person("Olga Orlova", reachable=True, telegram_user_id=1009, linked_at=house.clock.now)
    house.put(duty(olga, "2026-11-18"), duty(house.dan, "2026-11-23"), duty(house.dan, "2026-11-25"))
    return web


def shift(web: Web, day: str) -> int:
    return next(row.id or 0 for row in web.house.duties() if row.start_at.isoformat().startswith(day))


def asks(web: Web) -> list[CoverRequest]:
    return list(web.house.read(lambda session: session.exec(select(CoverRequest)).all()))


def test_cover_is_asked_once_however_often_it_is_sent(team: Web) -> None:
    """Two taps at once, then a retry after a lost answer: one request, and the same answer to all."""
    body = {"duty_id": shift(team, "2026-11-25"), "reason": "dentist"}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _n: send(team, "cover", body), range(4)))
    answers.append(send(team, "cover", body))

    assert {(answer.status_code, answer.text) for answer in answers} == {(200, '{"asked":1}')}
    (request,) = asks(team)
    assert (request.state, request.reason) == (CoverState.OPEN, "dentist")
    assert refused(send(team, "cover", body, key=KEY[::-1])) == t("en", "app.do.cover.asked")


def test_key_belongs_to_its_person_and_its_action(team: Web) -> None:
    first = {"duty_id": shift(team, "2026-11-25")}
    assert send(team, "cover", first).status_code == 200
    assert refused(send(team, "cover", first | {"reason": "another"})) == t("en", "error.http_malformed")
    assert refused(send(team, "cover", first, OLGA)) == t("ru", "cover.not_yours")
    team.house.clock.move(days=2, seconds=1)
    later = {"kind": "vacation", "first": "2026-12-01", "last": "2026-12-02"}
    assert send(team, "away", later, key="7" * 20).status_code == 200
    assert [done.key for done in team.house.read(lambda session: session.exec(select(DoneAction)).all())] == ["7" * 20]


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with spaces in it 123"])
def test_action_without_a_proper_key_is_not_done(team: Web, key: str) -> None:
    response = send(team, "cover", {"duty_id": shift(team, "2026-11-25")}, key=key)
    assert (response.status_code, response.json()["error"]["code"]) == (422, "malformed")
    assert asks(team) == []


def test_request_is_withdrawn_while_nobody_has_decided_it(team: Web) -> None:
    send(team, "cover", {"duty_id": shift(team, "2026-11-25")})
    (request,) = asks(team)
    assert refused(send(team, "withdraw", {"request_id": request.id}, OLGA)) == t("ru", "cover.not_yours")
    assert send(team, "withdraw", {"request_id": request.id}, key=KEY[::-1]).status_code == 200
    assert [one.state for one in asks(team)] == [CoverState.WITHDRAWN]
    assert refused(send(team, "withdraw", {"request_id": 99}, key="9" * 20)) == t("en", "cover.unknown")


def test_running_duty_is_taken_over_by_somebody_of_the_roster(team: Web) -> None:
    house = team.house
    running, later = shift(team, "2026-11-23"), shift(team, "2026-11-25")
    assert refused(send(team, "take_over", {"duty_id": later}, OLGA)) == t("ru", "cover.not_running")
    assert refused(send(team, "take_over", {"duty_id": running}, DAN)) == t("en", "cover.own")
    assert send(team, "take_over", {"duty_id": running}, OLGA).status_code == 200
    (current,) = team.get("/api/now").json()["rosters"][0]["current"]
    assert (current["full_name"], current["start_at"]) == ("Olga Orlova", "2026-11-23T12:00:00Z")
    assert house.changes()[-1].author_id == next(row.user_id for row in house.duties())


def test_somebody_who_was_merely_let_in_takes_nothing_over(team: Web) -> None:
    """Alice's admin list may; a name of ALLOWED_USERNAMES that is nobody of the roster may look."""
    state = team.app.state.api
    state.settings = replace(state.settings, allowed_usernames=frozenset({"sam"}))
    body = {"duty_id": shift(team, "2026-11-23")}
    assert refused(send(team, "take_over", body, SAM)) == t("ru", "cover.you_not_on_roster")
    assert send(team, "take_over", body, ALICE).status_code == 200


def test_absence_is_entered_tells_what_falls_into_it_and_is_ended(team: Web) -> None:
    body = {"kind": "vacation", "first": "2026-11-24", "last": "2026-11-30"}
    assert send(team, "away", body).json() == {"affected": 1, "asked": 0, "left": 0}
    assert absence(team.house.dan, "2026-11-24", 7) in team.house.live()
    assert refused(send(team, "away", body, key="8" * 20)) == t("en", "away.already")
    (row,) = (row for row in team.house.duties() if row.event_type == EventType.VACATION)
    assert refused(send(team, "back", {"duty_id": row.id}, OLGA)) == t("ru", "bot.admins_only")
    assert send(team, "back", {"duty_id": row.id}, key="9" * 20).status_code == 200
    assert [one.event_type for one in team.house.live()] == [EventType.DUTY] * 3


def test_illness_has_colleagues_asked_at_once(team: Web) -> None:
    body = {"kind": "sick", "first": "2026-11-23", "last": "2026-11-23"}
    assert send(team, "away", body).json() == {"affected": 1, "asked": 1, "left": 0}
    assert send(team, "away", body).json() == {"affected": 1, "asked": 1, "left": 0}
    assert len(asks(team)) == 1


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"kind": "vacation", "first": "2026-11-25", "last": "2026-11-24"}, "away.order"),
        ({"kind": "vacation", "first": "9999-12-31", "last": "9999-12-31"}, "view.too_far"),
        ({"kind": "duty", "first": "2026-11-25", "last": "2026-11-25"}, "error.http_malformed"),
    ],
)
def test_absences_that_cannot_be_meant_are_refused_and_leave_nothing(team: Web, body: Any, key: str) -> None:
    assert refused(send(team, "away", body)) == t("en", key)
    assert team.house.read(lambda session: session.exec(select(DoneAction)).all()) == []
    assert all(one.event_type == EventType.DUTY for one in team.house.live())


def test_actions_need_launch_data_that_hold(team: Web) -> None:
    body = {"duty_id": shift(team, "2026-11-25")}
    assert send(team, "cover", body, None).status_code == 401
    assert send(team, "cover", body, SAM).status_code == 403
    stale = team.house.init_data(DAN, team.house.clock.now - timedelta(days=1, seconds=1))
    headers = {"Idempotency-Key": KEY, "X-Telegram-Init-Data": stale}
    answer = team.client.post("/api/actions/cover", json=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "expired")
    assert asks(team) == []


def test_long_body_is_refused_before_anybody_reads_it(team: Web) -> None:
    with pytest.raises(httpx.HTTPError):
        send(team, "cover", {"duty_id": 1, "reason": "x" * 200_000}).raise_for_status()
    assert asks(team) == []


def test_cover_of_a_part_is_asked_by_the_rosters_clock_and_shown_on_its_day(team: Web) -> None:
    number = shift(team, "2026-11-25")
    outside = {"duty_id": number, "start": "2026-11-25T08:00", "end": "2026-11-25T12:00"}
    assert refused(send(team, "cover", outside)) == t("en", "app.do.cover.outside")
    part = {"duty_id": number, "start": "2026-11-25T20:00", "end": "2026-11-25T20:00:00Z"}
    assert send(team, "cover", part, key=KEY[::-1]).status_code == 200

    (request,) = asks(team)
    assert (request.start_at, request.end_at) == (moscow("2026-11-25", 20), moscow("2026-11-25", 23))
    (one,) = team.get("/api/day?date=2026-11-25&roster=1", DAN).json()["shifts"]
    told = {"asked": request.id, "asked_start": "2026-11-25T17:00:00Z", "asked_end": "2026-11-25T20:00:00Z"}
    assert {name: one[name] for name in told} == told
    mine = {one["asked"]: one for one in team.get("/api/mine", DAN).json()["shifts"]}
    assert {name: mine[request.id][name] for name in told} == told
    assert mine[None]["asked_start"] is None
    assert refused(send(team, "cover", {"duty_id": number}, key="3" * 20)) == t("en", "app.do.cover.asked")


def test_cover_of_a_running_duty_begins_at_this_minute(team: Web) -> None:
    """15:00 in Moscow: a part of it that is over is none."""
    number = shift(team, "2026-11-23")
    gone = {"duty_id": number, "start": "2026-11-23T10:00", "end": "2026-11-23T14:00"}
    assert refused(send(team, "cover", gone)) == t("en", "app.do.cover.outside")
    assert send(team, "cover", gone | {"end": "2026-11-23T18:00"}, key=KEY[::-1]).status_code == 200
    (request,) = asks(team)
    assert (request.start_at, request.end_at) == (moscow("2026-11-23", 15), moscow("2026-11-23", 18))


def test_absence_of_somebody_else_is_entered_by_admins_alone(team: Web) -> None:
    body = {"user_id": team.house.dan, "kind": "sick", "first": "2026-11-25", "last": "2026-11-25"}
    assert refused(send(team, "away", body, OLGA)) == t("ru", "bot.admins_only")
    assert send(team, "away", body, ALICE).json() == {"affected": 1, "asked": 0, "left": 0}
    assert absence(team.house.dan, "2026-11-25", kind=EventType.SICK) in team.house.live()
    assert refused(send(team, "away", body | {"user_id": 999}, ALICE, "4" * 20)) == t("en", "view.person_gone")


def add_groups(web: Web) -> None:
    """Ward shows the roster in topic 7, Canteen is not trusted, Second shows another roster."""
    chats = [
        Chat(id=-1, title="Ward", trusted=True),
        Chat(id=-2, title="Canteen"),
        Chat(id=-3, title="Second", trusted=True),
    ]
    other = web.house.write(lambda session: rosters.add(session, "Second line", web.house.clock.now, "First").id or 0)
    pins = [GroupPin(chat_id=number, roster_id=1, message_id=0, thread_id=7) for number in (-1, -2)]
    pins += [GroupPin(chat_id=number, roster_id=other, message_id=0, thread_id=9) for number in (-3, -1)]
    web.house.write(lambda session: session.add_all([*chats, *pins]))


def test_group_that_shows_the_roster_is_asked_in_its_topic(team: Web) -> None:
    """The page learns who and which groups there are; any other group is refused, and nobody is asked twice."""
    add_groups(team)
    number = shift(team, "2026-11-25")
    asked = {"people": ["Olga Orlova"], "rested": True, "groups": [{"chat_id": -1, "title": "Ward"}]}
    assert team.get(f"/api/cover?duty_id={number}", DAN).json() == asked
    for chat_id in (-2, -3, -99):
        refused_text = refused(send(team, "cover", {"duty_id": number, "chat_id": chat_id}))
        assert refused_text == t("en", "cover.group_gone")
    answers = [send(team, "cover", {"duty_id": number, "chat_id": -1}) for _ in range(2)]

    assert {(answer.status_code, answer.text) for answer in answers} == {(200, '{"asked":0}')}
    (request,) = asks(team)
    told = team.house.read(lambda session: session.exec(select(CoverMessage)).all())
    assert [(one.role, one.chat_id, one.thread_id) for one in told if one.chat_id] == [(CoverRole.GROUP, -1, 7)]
    assert [one.user_id for one in told if not one.chat_id] == [request.owner_id]


def test_who_can_be_asked_is_told_to_the_shifts_owner_and_to_admins_alone(team: Web) -> None:
    address = f"/api/cover?duty_id={shift(team, '2026-11-25')}"
    assert refused(team.get(address, OLGA)) == t("ru", "cover.not_yours")
    assert team.get(address, SAM).status_code == 403
    assert team.get(address, ALICE).json()["people"] == ["Olga Orlova"]
    outside = "&start=2026-11-25T08:00&end=2026-11-25T12:00"
    assert refused(team.get(address + outside, DAN)) == t("en", "app.do.cover.outside")
    assert refused(team.get("/api/cover?duty_id=999", DAN)) == t("en", "app.do.cover.gone")


def test_cover_for_what_falls_into_an_absence_is_asked_with_it(team: Web) -> None:
    """Shifts that do not fall into it are left alone; what is sent twice is done once."""
    today, wednesday = shift(team, "2026-11-23"), shift(team, "2026-11-25")
    days = "kind=vacation&first=2026-11-24&last=2026-11-30"
    told = team.get(f"/api/away?{days}", DAN).json()
    assert told == [
        {"duty_id": wednesday, "text": "Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00", "asked": False, "at_once": False}
    ]
    body = {"kind": "vacation", "first": "2026-11-24", "last": "2026-11-30", "cover": [today, wednesday, 999]}
    for _ in range(2):
        assert send(team, "away", body).json() == {"affected": 1, "asked": 1, "left": 0}
    (request,) = asks(team)
    assert (request.start_at, request.because) == (moscow("2026-11-25", 9), EventType.VACATION)
    sick = team.get("/api/away?kind=sick&first=2026-11-23&last=2026-11-25", DAN).json()
    assert [(one["asked"], one["at_once"]) for one in sick] == [(False, True), (True, False)]


def test_absence_is_entered_though_there_is_nobody_to_ask_for_cover(team: Web) -> None:
    wednesday = shift(team, "2026-11-25")
    assert (
        send(team, "away", {"kind": "vacation", "first": "2026-11-25", "last": "2026-11-25"}, OLGA).status_code == 200
    )
    body = {"kind": "vacation", "first": "2026-11-25", "last": "2026-11-25", "cover": [wednesday]}
    assert send(team, "away", body).json() == {"affected": 1, "asked": 0, "left": 1}
    assert absence(team.house.dan, "2026-11-25") in team.house.live()
    assert asks(team) == []


def test_what_falls_into_somebodys_absence_is_told_to_them_and_to_admins_alone(team: Web) -> None:
    days = f"user_id={team.house.dan}&kind=sick&first=2026-11-25&last=2026-11-25"
    assert refused(team.get(f"/api/away?{days}", OLGA)) == t("ru", "bot.admins_only")
    assert [one["at_once"] for one in team.get(f"/api/away?{days}", ALICE).json()] == [False]
    wrong = team.get("/api/away?kind=sick&first=2026-11-25&last=2026-11-24", DAN)
    assert refused(wrong) == t("en", "away.order")
