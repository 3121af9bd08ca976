"""What the tabs Mine and Team are told: one's shifts and hours, the calendar link, the people, the gaps."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import segno
from sqlmodel import Session, select

from duty_teller.db.models import CalendarLink, EventType, User
from duty_teller.i18n import t
from duty_teller.services.cover_service import requests
from duty_teller.services.cover_service.model import Actor
from duty_teller.services.feeds.qr import qr_code
from duty_teller.services.hours import pay
from duty_teller.services.rosters import days_off
from duty_teller.utils.user import Visitor
from tests.api.conftest import Web, serve
from tests.house import ALICE, DAN, NOW, SAM, House, absence, duty


def asked(web: Web, path: str, method: str = "GET") -> Any:
    response = web.get(path, DAN, method)
    assert response.status_code == 200, response.text
    return response.json()


def test_mine_are_ones_own_times_on_duty_with_what_is_asked(web: Web) -> None:
    """Two days that meet are one; the absence is told beside them; Alice's are hers."""
    house = web.house
    house.put(
        duty(house.dan, "2026-11-23"),
        duty(house.person("Olga", reachable=True, telegram_user_id=1009), "2026-11-20"),
        duty(house.alice, "2026-11-24"),
        duty(house.dan, "2026-11-25"),
        duty(house.dan, "2026-11-26"),
        absence(house.dan, "2026-12-01", 2),
    )
    answer = asked(web, "/api/mine")
    spans = [(one["start_at"], one["end_at"], one["asked"]) for one in answer["shifts"]]
    assert spans == [
        ("2026-11-23T06:00:00Z", "2026-11-24T06:00:00Z", None),
        ("2026-11-25T06:00:00Z", "2026-11-27T06:00:00Z", None),
    ]
    assert [(one["event_type"], one["start_at"]) for one in answer["away"]] == [("vacation", "2026-11-30T21:00:00Z")]

    def ask(session: Session) -> int:
        admin = Actor(house.alice, "Alice Admin", is_admin=True)
        return requests.ask(session, admin, answer["shifts"][1]["duty_id"], house.clock.now).id or 0

    number = house.write(ask)
    assert [one["asked"] for one in asked(web, "/api/mine")["shifts"]] == [None, number]


def test_hours_of_two_months_are_cut_at_their_edges(web: Web) -> None:
    """The duty of 30 November gives December the hours after midnight, and the night; so it is with weekends."""
    house = web.house
    house.put(duty(house.dan, "2026-11-28"), duty(house.dan, "2026-11-30"))
    november, december = asked(web, "/api/mine")["months"]
    assert november == {
        "month": "2026-11-01",
        "shifts": 2,
        "hours": 39.0,
        "nights": 1,
        "night_hours": 10.0,
        "weekend_hours": 24.0,
        "holiday_hours": 0.0,
    }
    assert (december["month"], december["shifts"], december["hours"], december["nights"]) == ("2026-12-01", 1, 9.0, 1)
    assert (december["night_hours"], december["weekend_hours"]) == (6.0, 0.0)


def test_team_tells_who_is_on_next_and_who_is_away(web: Web) -> None:
    house = web.house
    olga = house.person("Olga Later")
    house.put(
        duty(house.dan, "2026-11-23"),
        duty(house.dan, "2026-11-24"),
        duty(olga, "2027-06-01"),
        absence(olga, "2026-11-20", 10, EventType.SICK),
        absence(olga, "2026-11-30", 2),
    )
    team = {one["full_name"]: one for one in asked(web, "/api/team")}
    assert list(team) == ["Dan Duty", "Olga Later"]  # Alice was let in by ADMIN_IDS, and is nobody of the roster
    assert (team["Dan Duty"]["phone"], team["Dan Duty"]["username"]) == ("+79001112233", "dan")
    span = {"roster_id": 1, "start_at": "2026-11-23T06:00:00Z", "end_at": "2026-11-25T06:00:00Z"}
    assert (team["Dan Duty"]["next"], team["Dan Duty"]["away"]) == (span, None)
    assert team["Olga Later"]["next"]["start_at"] == "2027-06-01T06:00:00Z"
    assert team["Olga Later"]["away"] == {"roster_id": 1, "event_type": "sick", "end_at": "2026-12-01T21:00:00Z"}


def test_gaps_are_told_from_now_to_the_end_of_the_plan(web: Web) -> None:
    house = web.house
    house.put(duty(house.dan, "2026-11-20"), duty(house.dan, "2026-11-23"), duty(house.dan, "2026-11-26"))
    gaps = asked(web, "/api/gaps?from=2026-11-01&to=2026-11-30")
    assert gaps == [{"roster_id": 1, "start_at": "2026-11-24T06:00:00Z", "end_at": "2026-11-26T06:00:00Z"}]
    assert asked(web, "/api/gaps?from=2026-12-01&to=2026-12-31") == []


def test_days_name_public_holidays_in_the_readers_language(web: Web) -> None:
    house = web.house
    house.write(lambda session: days_off.choose(session, 1, "RU", house.author, "", NOW))
    path = "/api/days?from=2026-11-01&to=2026-11-30"
    assert asked(web, path) == [{"roster_id": 1, "day": "2026-11-04", "kind": "holiday", "text": "Unity Day"}]
    house.write(lambda session: session.connection().exec_driver_sql("UPDATE users SET language = 'ru'"))
    assert asked(web, path)[0]["text"] == "День народного единства"


def test_calendar_link_opens_the_feed_and_stays_revoked_until_it_is_asked_for_again(web: Web) -> None:
    house = web.house
    house.put(duty(house.dan, "2026-11-23"))
    link = asked(web, "/api/calendar_link", "POST")
    token = link["feed"].removesuffix(".ics").rpartition("/")[2]
    assert web.get(f"/feed/{token}.ics", None).status_code == 200
    assert [one["program"] for one in link["programs"]] == ["google", "apple", "outlook"]
    assert link["page"].endswith(f"/calendar/{token}")
    assert asked(web, "/api/calendar_link", "POST") == link
    another = asked(web, f"/api/calendar_link?replace={link['mark']}", "POST")
    assert another["feed"] not in (None, link["feed"])
    assert web.get(f"/feed/{token}.ics", None).status_code == 404
    assert asked(web, f"/api/calendar_link?replace={link['mark']}", "POST") == another
    house.write(revoke)
    assert asked(web, "/api/calendar_link", "POST")["feed"] is None
    assert asked(web, "/api/calendar_link?again=true", "POST")["feed"] not in (None, link["feed"])


def revoke(session: Session) -> None:
    for link in session.exec(select(CalendarLink)):
        link.revoked_at = link.created_at
        session.add(link)


def test_qr_code_is_drawn_square_by_square_with_its_quiet_zone() -> None:
    text = "https://duty.example.org/calendar/1-" + "t" * 43
    picture = qr_code(text)
    drawn = {
        (int(x) + step, int(y))
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", picture.path)
        for step in range(int(width))
    }
    rows = list(segno.make_qr(text, error="m").matrix)
    assert drawn == {(x + 4, y + 4) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}
    assert picture.size == len(rows) + 8


def test_balance_is_of_everybody_on_the_roster_in_a_span(web: Web) -> None:
    """Saturday from nine to nine and a night of the week after; who has left counts where they worked."""
    house = web.house
    gone, idle = house.person("Gone Away"), house.person("Ida Idle")
    house.put(
        duty(house.dan, "2026-11-21"),
        duty(house.dan, "2026-11-23"),
        duty(gone, "2026-11-24"),
        duty(idle, "2026-10-01"),
        absence(house.dan, "2026-11-26", 3),
    )
    house.write(lambda session: setattr(session.get_one(User, gone), "is_active", False))
    balance = asked(web, "/api/balance?from=2026-11-01&to=2026-11-30")
    assert [
        (one["full_name"], one["shifts"], one["hours"], one["nights"], one["weekend_hours"]) for one in balance
    ] == [
        ("Dan Duty", 2, 48.0, 2, 24.0),
        ("Gone Away", 1, 24.0, 1, 0.0),
        ("Ida Idle", 0, 0.0, 0, 0.0),
    ]
    assert asked(web, "/api/balance?from=2026-11-01&to=2026-11-30&roster=1") == balance
    assert asked(web, "/api/balance?from=2026-11-01&to=2026-11-30&roster=7") == []
    later = asked(web, "/api/balance?from=2026-12-01&to=2026-12-31")
    assert [one["full_name"] for one in later] == ["Dan Duty", "Ida Idle"]


@pytest.mark.parametrize(
    "path",
    ["/api/mine", "/api/team", *(f"/api/{name}?from=2026-11-01&to=2026-11-30" for name in ("gaps", "days", "balance"))],
)
def test_strangers_learn_nothing_of_people(web: Web, path: str) -> None:
    assert web.get(path, SAM).status_code == 403
    assert web.get(path, None).status_code == 401


def test_without_an_address_there_is_no_link(house: House) -> None:
    with serve(house, replace(house.settings, mini_app_base_url="")) as web:
        response = web.get("/api/calendar_link", DAN, "POST")
    assert (response.status_code, response.json()["error"]) == (
        409,
        {
            "code": "no_address",
            "message": t("en", "bot.link_no_address"),
            "request": response.headers["x-request-id"],
        },
    )


def test_workbook_of_hours_has_pay_for_admins_alone(web: Web) -> None:
    house = web.house
    house.put(duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-24"))
    house.write(lambda s: pay.set_rates(s, 1, "base 10", house.author, "rates", house.clock.now))
    path = "/api/balance.xlsx?from=2026-11-01&to=2026-11-30"

    def texts(who: Visitor, more: str = "") -> set[str]:
        answer = web.get(path + more, who)
        assert answer.status_code == 200, answer.text
        book = openpyxl.load_workbook(BytesIO(answer.content))
        return {str(cell.value) for page in book for row in page.iter_rows() for cell in row if cell.value is not None}

    for who, sees_pay in ((ALICE, True), (DAN, False)):
        found = texts(who)
        assert "Dan Duty" in found
        assert {t("en", "hours.head.pay") in found, "10" in found} == {sees_pay}
    assert {"Dan Duty", "Alice Admin"} <= texts(DAN)
    assert {"Dan Duty", "Alice Admin"} & texts(DAN, "&own=true") == {"Dan Duty"}
    assert web.get(path, SAM).status_code == 403
