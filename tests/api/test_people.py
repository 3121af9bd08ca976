"""What admins do to people in the Mini App, what people choose for themselves, and what a link names."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select

from duty_teller.db.models import CoverRequest, CoverState, Notice, Role, User
from duty_teller.i18n import t
from duty_teller.services.cover_service import requests, swaps
from duty_teller.services.cover_service.model import Actor
from duty_teller.services.notices import delivery
from duty_teller.services.outbox import choices
from duty_teller.utils.user import Visitor
from tests.api.conftest import Web
from tests.api.test_actions import refused, send
from tests.house import ALICE, DAN, SAM, duty

OLGA = Visitor(1009, "Olga Orlova", "olga", "ru")


def asked(web: Web, path: str, who: Visitor = ALICE) -> Any:
    response = web.get(path, who)
    assert response.status_code == 200, response.text
    return response.json()


def act(web: Web, action: str, body: Any, who: Visitor = ALICE, key: str = "") -> httpx.Response:
    return send(web, action, body, who, key or f"{action:->20}".replace("_", "-"))


def person(web: Web, user_id: int) -> User:
    return web.house.read(lambda session: session.get_one(User, user_id))


@pytest.fixture
def olga(web: Web) -> int:
    house = web.house
    number = house.person("Olga Orlova", reachable=True, telegram_user_id=1009, linked_at=house.clock.now)
    house.put(duty(number, "2026-11-27"), duty(house.dan, "2026-11-25"))
    return number


def test_admins_see_everybody_and_what_can_be_done(web: Web, olga: int) -> None:
    newcomer = act(web, "add_person", {"name": "Nina New"}).json()["id"]
    found = {one["full_name"]: one for one in asked(web, "/api/people")}
    assert found["Alice Admin"]["admin_by_settings"]
    assert (found["Olga Orlova"]["has_account"], found["Olga Orlova"]["coming"]) == (True, 1)
    assert (found["Nina New"]["id"], found["Nina New"]["has_account"], found["Nina New"]["is_active"]) == (
        newcomer,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("add_person", {"name": "Mallory"}),
        ("rename", {"user_id": 1, "name": "Mallory"}),
        ("phone", {"user_id": 1, "phone": "+7 901 555-00-00"}),
        ("role", {"user_id": 2, "role": "admin"}),
        ("active", {"user_id": 1, "active": False}),
        ("invite", {"user_id": 1}),
        ("merge", {"source_id": 1, "target_id": 2, "fingerprint": ""}),
    ],
)
def test_nobody_but_an_admin_does_anything_to_people(web: Web, olga: int, action: str, body: Any) -> None:
    web.app.state.api.health.bot_username = "duty_bot"
    before = web.house.read(lambda session: [one.model_dump() for one in session.exec(select(User))])
    assert refused(act(web, action, body, DAN)) == t("en", "bot.admins_only")
    assert act(web, action, body, SAM).status_code == 403
    assert web.house.read(lambda session: [one.model_dump() for one in session.exec(select(User))]) == before
    for path in ("/api/people", "/api/people/1/likely", "/api/people/1/merge?other=2"):
        assert web.get(path, DAN).status_code == 409


def test_name_phone_and_access_are_changed_once_each(web: Web, olga: int) -> None:
    for _ in range(2):
        assert act(web, "rename", {"user_id": olga, "name": "Olga Petrova"}).json()["full_name"] == "Olga Petrova"
    assert act(web, "phone", {"user_id": olga, "phone": "+7 (901) 000-10-09"}).status_code == 200
    assert person(web, olga).phone
    assert act(web, "phone", {"user_id": olga, "phone": " "}, key="p" * 20).status_code == 200
    assert (person(web, olga).full_name, person(web, olga).phone) == ("Olga Petrova", None)
    assert refused(act(web, "rename", {"user_id": olga, "name": "Dan Duty"}, key="r" * 20)) == t(
        "en", "people.page.name_taken", name="Dan Duty"
    )

    assert act(web, "active", {"user_id": olga, "active": False}).json()["is_active"] is False
    assert web.get("/api/me", OLGA).status_code == 403
    assert act(web, "active", {"user_id": olga, "active": True}, key="o" * 20).json()["is_active"] is True
    assert web.get("/api/me", OLGA).status_code == 200


def test_role_is_given_taken_and_told_whatever_somebody_has_switched_off(web: Web, olga: int) -> None:
    """A member is told of losing it, too, though notices of that kind are for admins."""
    house = web.house

    def switch_off(session: Session) -> None:
        session.get_one(User, olga).notices_off = "people"

    house.write(switch_off)
    assert act(web, "role", {"user_id": olga, "role": "admin"}).json()["is_admin"] is True
    house.clock.move(seconds=5)
    assert act(web, "role", {"user_id": olga, "role": "user"}, key="u" * 20).json()["is_admin"] is False
    notices = house.read(lambda session: list(session.exec(select(Notice).order_by(Notice.id))))
    notices = [notice for notice in notices if notice.dedupe_key.startswith("role:")]
    assert [notice.payload.split('"')[3] for notice in notices] == ["people.you_admin", "people.you_member"]

    def claim(session: Session) -> list[Any]:
        render = lambda _session, notice, _lang, _now: notice.payload  # noqa: E731
        return [delivery.claim(session, notice.id or 0, house.settings, house.clock.now, render) for notice in notices]

    assert None not in house.write(claim)
    assert refused(act(web, "role", {"user_id": house.alice, "role": "user"}, key="a" * 20)).startswith("Alice Admin")
    assert person(web, olga).role == Role.USER


def test_invitation_is_a_link_to_the_bot_once_that_is_known(web: Web) -> None:
    number = web.house.person("Nina New")
    assert refused(act(web, "invite", {"user_id": number})) == t("en", "app.people.no_bot")
    web.app.state.api.health.bot_username = "duty_bot"
    link = act(web, "invite", {"user_id": number}).json()["link"]
    assert link.startswith("https://t.me/duty_bot?start=")
    assert len(link.partition("=")[2]) <= 64
    refused(act(web, "invite", {"user_id": web.house.dan}, key="d" * 20))


def test_two_names_of_one_person_are_merged_as_it_was_shown(web: Web, olga: int) -> None:
    house = web.house
    twin = house.person("Orlova O.")
    house.put(duty(olga, "2026-11-27"), duty(twin, "2026-12-01"))
    assert {"id": olga, "full_name": "Olga Orlova"} in asked(web, f"/api/people/{twin}/likely")
    plan = asked(web, f"/api/people/{twin}/merge?other={olga}")
    assert (plan["source_id"], plan["target_id"], plan["moved"], plan["overlaps"]) == (twin, olga, 1, [])
    body = {name: plan[name] for name in ("source_id", "target_id", "fingerprint")}
    assert refused(act(web, "merge", body | {"fingerprint": "another"})) == t("en", "people.merge_moved")

    assert act(web, "merge", body, key="m" * 20).status_code == 200

    assert [one.user_id for one in house.live()].count(olga) == 2
    assert "Orlova O." not in {one["full_name"] for one in asked(web, "/api/people")}


def test_reminders_are_chosen_as_a_whole(web: Web, olga: int) -> None:
    before = asked(web, "/api/reminders", OLGA)
    assert (before["leads"], before["quiet"]) == (list(choices.DEFAULT_LEADS), None)
    assert before["possible_kinds"] == before["kinds"] == [*choices.FOR_EVERYBODY]
    wish = {"leads": [15, 1440], "quiet": "22:00-07:00", "kinds": ["changed"]}
    assert act(web, "remind", wish, OLGA).status_code == 200
    after = asked(web, "/api/reminders", OLGA)
    assert (after["leads"], after["quiet"], after["kinds"]) == ([1440, 15], ["22:00", "07:00"], ["changed"])
    bad = act(web, "remind", {"leads": [], "quiet": "late", "kinds": []}, OLGA, key="b" * 20)
    assert refused(bad) == t("ru", "view.quiet_bad", text="late")
    assert asked(web, "/api/reminders", OLGA) == after
    assert act(web, "remind", {"leads": [], "quiet": "", "kinds": []}, OLGA, key="c" * 20).status_code == 200
    assert asked(web, "/api/reminders", OLGA)["leads"] == []
    assert len(asked(web, "/api/reminders")["possible_kinds"]) == len((*choices.FOR_EVERYBODY, *choices.FOR_ADMINS))


def test_swap_is_offered_for_one_of_the_shifts_that_there_are(web: Web, olga: int) -> None:
    (mine,) = asked(web, "/api/mine", DAN)["shifts"]
    (theirs,) = asked(web, f"/api/swaps?duty_id={mine['duty_id']}", DAN)
    assert (theirs["full_name"], theirs["start_at"]) == ("Olga Orlova", "2026-11-27T06:00:00Z")
    body = {"duty_id": mine["duty_id"], "wanted_id": theirs["duty_id"], "reason": "dentist"}
    assert refused(act(web, "swap", body, OLGA)) == t("ru", "cover.not_yours")
    assert act(web, "swap", body, DAN).json()["asked"] == 1
    (request,) = web.house.read(lambda session: list(session.exec(select(CoverRequest))))
    assert (request.state, request.reason, request.wanted_user_id) == (CoverState.OPEN, "dentist", olga)
    assert web.get("/api/swaps?duty_id=999", DAN).status_code == 409


def test_request_that_a_link_names_is_shown_and_answered_as_in_the_chat(web: Web, olga: int) -> None:
    house = web.house
    (mine,) = asked(web, "/api/mine", DAN)["shifts"]
    dan = Actor(house.dan, "Dan Duty")
    number = house.write(lambda s: requests.ask(s, dan, mine["duty_id"], house.clock.now, reason="dentist").id or 0)
    path = f"/api/requests/{number}"
    shown = asked(web, path, OLGA)
    assert "Dan Duty" in shown["lines"][0] and "dentist" in shown["lines"]
    assert [one["answer"] for one in shown["choices"]] == ["yes", "no"]
    assert "<" not in "".join(shown["lines"])
    assert web.get(path, SAM).status_code == 403
    assert act(web, "answer", {"request_id": number, "answer": "approve"}, OLGA, key="x" * 20).status_code == 409
    assert web.get("/api/requests/999", OLGA).status_code == 409

    done = act(web, "answer", {"request_id": number, "answer": "yes"}, OLGA).json()

    assert [one["answer"] for one in done["choices"]] == []
    assert [one.user_id for one in house.live()] == [olga, olga]
    assert act(web, "answer", {"request_id": number, "answer": "yes"}, OLGA).json() == done


def test_request_is_nobody_elses(web: Web, olga: int) -> None:
    """Who has no message of it neither reads nor answers it."""
    house = web.house
    paul = house.person("Paul Third", reachable=True, telegram_user_id=1010, linked_at=house.clock.now)
    house.put(duty(olga, "2026-11-27"), duty(house.dan, "2026-11-25"), duty(paul, "2026-12-09"))
    (mine,) = asked(web, "/api/mine", DAN)["shifts"]
    (theirs,) = [one for one in asked(web, f"/api/swaps?duty_id={mine['duty_id']}", DAN) if one["full_name"][0] == "O"]
    dan = Actor(house.dan, "Dan Duty")
    offer = (mine["duty_id"], theirs["duty_id"], house.clock.now)
    number = house.write(lambda s: swaps.propose(s, dan, *offer).id or 0)
    other = Visitor(1010, "Paul Third", "paul", "en")
    assert web.get(f"/api/requests/{number}", other).status_code == 409
    answer = act(web, "answer", {"request_id": number, "answer": "no"}, other)
    assert refused(answer) == t("en", "cover.not_yours")
    assert [one["answer"] for one in asked(web, f"/api/requests/{number}", OLGA)["choices"]] == ["yes", "no"]


def test_shift_that_a_link_names_is_found_or_said_to_be_gone(web: Web, olga: int) -> None:
    (mine,) = asked(web, "/api/mine", DAN)["shifts"]
    place = asked(web, f"/api/shifts/{mine['duty_id']}", OLGA)
    assert place == {"roster_id": 1, "start_at": "2026-11-25T06:00:00Z"}
    gone = web.get("/api/shifts/999", DAN)
    assert (gone.status_code, gone.json()["error"]["message"]) == (409, t("en", "cover.gone"))
    state = web.app.state.api
    state.settings = replace(state.settings, allowed_usernames=frozenset())
    assert web.get(f"/api/shifts/{mine['duty_id']}", SAM).status_code == 403
