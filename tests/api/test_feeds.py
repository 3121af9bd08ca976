"""The feeds, as calendar programs read them."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import icalendar
import pytest
import recurring_ical_events
import sqlalchemy
import vobject
from sqlmodel import Session, select

from duty_teller.db import repository
from duty_teller.db.models import CalendarLink, EventType, LinkScope, User
from duty_teller.services.cover_service import takeovers
from duty_teller.services.cover_service.model import Actor
from duty_teller.services.feeds import links
from duty_teller.services.feeds.building import Window
from duty_teller.services.people import accounts
from duty_teller.services.schedule_service import Shift
from duty_teller.utils.dates import day_span
from duty_teller.utils.user import Visitor
from tests.api.conftest import Web, serve
from tests.house import NOW, SECRET, House, absence, duty, moscow

TWO_YEARS = (date(2026, 1, 1), date(2028, 1, 1))


def link(house: House, user_id: int, scope: LinkScope = LinkScope.PERSONAL) -> str:
    token = house.write(lambda s: links.get_token(s, SECRET, user_id, scope, NOW))
    return f"/api/calendar/ical/{token}.ics"


def fetch(web: Web, path: str, **headers: str) -> httpx.Response:
    return web.get(path, None, **headers)


def said(answer: httpx.Response) -> bytes:
    """What an answer says, without the number of its request: no two are the same."""
    return answer.content.replace(answer.headers["X-Request-ID"].encode(), b"number")


def events(content: bytes) -> list[Any]:
    calendar = icalendar.Calendar.from_ical(content)
    return sorted(calendar.walk("VEVENT"), key=lambda event: (str(event["DTSTART"].dt), str(event["SUMMARY"])))


def unfolded(content: bytes) -> list[str]:
    return content.replace(b"\r\n ", b"").decode().split("\r\n")


def furnish(house: House) -> None:
    house.put(
        duty(house.dan, "2026-11-23"),
        duty(house.alice, "2026-11-24", position="primary"),
        duty(house.dan, "2026-11-25"),
        absence(house.dan, "2026-12-01", 14),
    )


@pytest.fixture
def site(web: Web) -> Iterator[Web]:
    furnish(web.house)
    yield web


def test_foreign_readers_see_every_event_of_the_team(site: Web) -> None:
    content = fetch(site, link(site.house, site.house.dan, LinkScope.TEAM)).content

    occurrences = recurring_ical_events.of(icalendar.Calendar.from_ical(content)).between(*TWO_YEARS)
    seen = sorted((str(e["SUMMARY"]), e["DTSTART"].dt, e["DTEND"].dt) for e in occurrences)
    other = [
        (event.summary.value, event.dtstart.value, event.dtend.value)
        for event in vobject.readOne(content.decode()).vevent_list
    ]

    assert seen == [
        ("On duty: Alice Admin (primary)", moscow("2026-11-24", 9), moscow("2026-11-25", 9)),
        ("On duty: Dan Duty", moscow("2026-11-23", 9), moscow("2026-11-24", 9)),
        ("On duty: Dan Duty", moscow("2026-11-25", 9), moscow("2026-11-26", 9)),
        ("Vacation: Dan Duty", date(2026, 12, 1), date(2026, 12, 15)),
    ]
    assert sorted(other, key=str) == sorted(seen, key=str)


def test_personal_feed_holds_the_persons_own_only(site: Web) -> None:
    found = events(fetch(site, link(site.house, site.house.dan)).content)
    assert [str(event["SUMMARY"]) for event in found] == [
        "On duty: Dan Duty",
        "On duty: Dan Duty",
        "Vacation: Dan Duty",
    ]


def test_properties_are_those_that_readers_were_seen_to_need(site: Web) -> None:
    content = fetch(site, link(site.house, site.house.dan)).content
    lines = unfolded(content)
    for line in (
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "NAME:My duties (Dan Duty)",
        "X-WR-CALNAME:My duties (Dan Duty)",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "DTSTART:20261123T060000Z",
        "DTEND:20261124T060000Z",
        "DTSTART;VALUE=DATE:20261201",
        "DTEND;VALUE=DATE:20261215",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "STATUS:CONFIRMED",
        "DTSTAMP:20261123T120000Z",
        "LAST-MODIFIED:20261123T120000Z",
        "SEQUENCE:0",
    ):
        assert line in lines
    assert [line for line in lines if line.startswith(("COLOR:", "URL"))] != []
    assert not re.search(r"METHOD|VALARM|VTIMEZONE|TZID|P1H\b(?<!PT1H)", content.decode())
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == len(uids) == 3


def test_lines_end_in_crlf_and_fold_at_75_octets_between_characters(web: Web) -> None:
    name = "Константинопольская-Переяславская Александра Всеволодовна 👩‍🚒 и Ко; отдел, «Ночь»\\"
    person = web.house.person(name)
    note = "Ключи у охраны; код: 1234, пропуск\\карта\nПозвонить " + "ё" * 200
    shift = duty(person, "2026-11-24")
    web.house.put(Shift(person, None, shift.start_at, shift.end_at, shift.event_type, note))

    content = fetch(web, link(web.house, web.house.dan, LinkScope.TEAM)).content

    assert b"\n" not in content.replace(b"\r\n", b"")
    assert content.endswith(b"END:VCALENDAR\r\n")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no character is cut in two
    (event,) = events(content)
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == (f"On duty: {name}", note)
    assert "\\, «Ночь»" in "\n".join(unfolded(content))


def test_edit_keeps_the_uid_and_moves_sequence_and_last_modified(site: Web) -> None:
    path = link(site.house, site.house.dan)
    before = events(fetch(site, path).content)[0]
    site.house.clock.move(minutes=10)
    site.house.put(duty(site.house.dan, "2026-11-23", hour=10))
    after = events(fetch(site, path).content)[0]
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["DTSTAMP"].dt == after["LAST-MODIFIED"].dt == NOW + timedelta(minutes=10)
    assert after["DTSTART"].dt == moscow("2026-11-23", 10)


def test_bytes_stay_the_same_at_every_fetch_and_after_a_restart(site: Web, cache_folder: Path) -> None:
    path = link(site.house, site.house.dan)
    first = fetch(site, path)
    site.house.clock.move(minutes=59)
    second = fetch(site, path)
    with serve(site.house) as restarted:
        third = fetch(restarted, path)
    cold = cache_folder.rename(cache_folder.with_name("gone"))
    with serve(site.house) as rebuilt:
        fourth = fetch(rebuilt, path)
    assert cold.exists()
    assert first.content == second.content == third.content == fourth.content
    assert len({r.headers["etag"] for r in (first, second, third, fourth)}) == 1
    assert len({r.headers["last-modified"] for r in (first, second, third, fourth)}) == 1


def test_headers_are_those_that_clients_need(site: Web) -> None:
    response = fetch(site, link(site.house, site.house.dan), Accept="text/html", Accept_Encoding="gzip")
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert response.headers["cache-control"].startswith("private")
    assert response.headers["referrer-policy"] == "no-referrer"
    assert re.fullmatch('"[0-9a-f]{32}"', response.headers["etag"])
    assert response.headers["last-modified"] == "Mon, 23 Nov 2026 12:00:00 GMT"


def test_reader_who_has_it_gets_304(site: Web) -> None:
    path = link(site.house, site.house.dan)
    first = fetch(site, path)
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    asked = {
        "by etag": {"If_None_Match": etag},
        "by weak etag": {"If_None_Match": f"W/{etag}"},
        "by date": {"If_Modified_Since": modified},
        "by etag, with an old date": {"If_None_Match": etag, "If_Modified_Since": "Mon, 01 Jan 2024 00:00:00 GMT"},
    }
    for how, headers in asked.items():
        response = fetch(site, path, **headers)
        assert (how, response.status_code, response.content) == (how, 304, b"")
        assert response.headers["etag"] == etag
    stale = {
        "another etag, though the date holds": {"If_None_Match": '"x"', "If_Modified_Since": modified},
        "an older date": {"If_Modified_Since": "Mon, 23 Nov 2026 11:59:59 GMT"},
        "no date": {"If_Modified_Since": "yesterday"},
    }
    for how, headers in stale.items():
        assert (how, fetch(site, path, **headers).status_code) == (how, 200)


def test_head_works(site: Web) -> None:
    path = link(site.house, site.house.dan)
    got, head = fetch(site, path), site.get(path, None, "HEAD")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(got.content)))
    assert head.headers["etag"] == got.headers["etag"]


def test_whoever_was_taken_off_sees_a_cancelled_event_for_a_week(site: Web) -> None:
    dans, alices = link(site.house, site.house.dan), link(site.house, site.house.alice)
    before = events(fetch(site, dans).content)[1]
    site.house.put(duty(site.house.dan, "2026-11-23"), duty(site.house.alice, "2026-11-25"))

    gone = events(fetch(site, dans).content)
    assert [(str(e["STATUS"]), e["DTSTART"].dt) for e in gone] == [
        ("CONFIRMED", moscow("2026-11-23", 9)),
        ("CANCELLED", moscow("2026-11-25", 9)),
        ("CANCELLED", date(2026, 12, 1)),
    ]
    assert (gone[1]["UID"], gone[1]["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
    new = next(e for e in events(fetch(site, alices).content) if e["STATUS"] == "CONFIRMED")
    assert (new["DTSTART"].dt, new["UID"] != before["UID"]) == (moscow("2026-11-25", 9), True)

    site.house.clock.now = moscow("2026-11-30", 23)
    assert len(events(fetch(site, dans).content)) == 3
    site.house.clock.now = moscow("2026-12-01", 0)
    assert len(events(fetch(site, dans).content)) == 1


def test_shift_that_had_begun_is_cancelled_for_whoever_keeps_by_uid_and_the_date_moves(site: Web) -> None:
    path = link(site.house, site.house.dan)
    modified = fetch(site, path).headers["last-modified"]
    site.house.clock.move(minutes=5)
    site.house.put(duty(site.house.dan, "2026-11-25"), absence(site.house.dan, "2026-12-01", 14))
    after = fetch(site, path, If_Modified_Since=modified)
    assert after.status_code == 200
    assert [(str(e["STATUS"]), e["DTSTART"].dt) for e in events(after.content)] == [
        ("CANCELLED", moscow("2026-11-23", 9)),
        ("CONFIRMED", moscow("2026-11-25", 9)),
        ("CONFIRMED", date(2026, 12, 1)),
    ]


def test_take_over_that_was_taken_back_leaves_no_event_behind(site: Web) -> None:
    house, path = site.house, link(site.house, site.house.alice)
    row = next(row for row in house.duties() if row.start_at == moscow("2026-11-23", 9))
    taken = house.write(
        lambda s: takeovers.take_over(s, Actor(house.dan, "Dan Duty"), row.id or 0, house.alice, house.clock.now)
    )
    (hers,) = (e for e in events(fetch(site, path).content) if e["DTSTART"].dt == house.clock.now)
    house.clock.move(minutes=5)
    house.undo(taken.change_id or 0)
    (gone,) = (e for e in events(fetch(site, path).content) if e["UID"] == hers["UID"])
    assert (str(gone["STATUS"]), gone["SEQUENCE"]) == ("CANCELLED", hers["SEQUENCE"] + 1)


def test_undone_removal_is_the_same_event_again(site: Web) -> None:
    path = link(site.house, site.house.dan)
    before = {str(e["UID"]) for e in events(fetch(site, path).content)}
    site.house.undo(site.house.put(duty(site.house.dan, "2026-11-23")))
    after = events(fetch(site, path).content)
    assert {str(e["UID"]) for e in after} == before
    assert {str(e["STATUS"]) for e in after} == {"CONFIRMED"}
    assert [e["SEQUENCE"] for e in after] == [0, 2, 2]


def test_absence_over_a_clock_change_is_whole_days(web: Web) -> None:
    web.house.roster(timezone="Europe/Berlin")

    start, end = day_span(date(2027, 3, 27), date(2027, 3, 29), "Europe/Berlin")
    web.house.put(Shift(web.house.dan, None, start, end, EventType.UNAVAILABLE))
    (event,) = events(fetch(web, link(web.house, web.house.dan)).content)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2027, 3, 27), date(2027, 3, 30))


def test_window_holds_90_past_days_and_400_ahead_and_moves_at_the_rosters_midnight(web: Web) -> None:
    today = date(2026, 11, 23)
    days = [
        today - timedelta(days=91),
        today - timedelta(days=90),
        today + timedelta(days=399),
        today + timedelta(days=400),
    ]
    web.house.put(*(duty(web.house.dan, day) for day in days))
    path = link(web.house, web.house.dan)

    def shown() -> list[date]:
        return [(e["DTSTART"].dt + timedelta(hours=3)).date() for e in events(fetch(web, path).content)]

    # The one that began 91 days ago still runs into the window.
    assert shown() == days[:3]
    first = fetch(web, path).content
    web.house.clock.now = moscow("2026-11-24") - timedelta(seconds=1)
    assert fetch(web, path).content == first
    web.house.clock.now = datetime(2026, 11, 23, 21, tzinfo=UTC)
    assert shown() == days[1:]


def test_window_is_whole_days_of_the_rosters_zone() -> None:
    late = datetime(2026, 11, 23, 22, tzinfo=UTC)  # the 24th in Moscow
    assert Window.at(late, "Europe/Moscow") == Window(moscow("2026-08-26"), moscow("2027-12-29"), moscow("2026-11-24"))


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_titles_are_in_the_owners_language(site: Web, lang: str) -> None:
    site.house.write(lambda s: repository.get_or_create_user(s, Visitor(1002, "Dan", "dan", f"{lang}-XX"), NOW))
    personal, team = (fetch(site, link(site.house, site.house.dan, scope)).content for scope in LinkScope)
    titles = {
        "ru": ["Мои дежурства (Dan Duty)", "Дежурства", "Дежурство: Dan Duty", "Отпуск: Dan Duty"],
        "en": ["My duties (Dan Duty)", "On duty", "On duty: Dan Duty", "Vacation: Dan Duty"],
    }[lang]
    calendars = [str(icalendar.Calendar.from_ical(content)["X-WR-CALNAME"]) for content in (personal, team)]
    summaries = [str(event["SUMMARY"]) for event in events(personal)]
    assert [*calendars, summaries[0], summaries[-1]] == titles


def test_title_names_a_roster_that_has_a_name(site: Web) -> None:
    site.house.roster(name="Core")
    path = link(site.house, site.house.dan, LinkScope.TEAM)
    content = fetch(site, path).content
    assert str(icalendar.Calendar.from_ical(content)["NAME"]) == "Core"
    assert [str(e["SUMMARY"]) for e in events(content)][0::3] == ["Core: Dan Duty", "Core, Vacation: Dan Duty"]


def test_renamed_person_is_renamed_in_the_feed(site: Web) -> None:
    path = link(site.house, site.house.dan)
    first = fetch(site, path)

    site.house.write(lambda s: accounts.rename(s, site.house.dan, "Daniel Duty", NOW))
    second = fetch(site, path, If_None_Match=first.headers["etag"])
    assert str(events(second.content)[0]["SUMMARY"]) == "On duty: Daniel Duty"


def test_unknown_and_revoked_tokens_are_404_and_not_told_apart(site: Web) -> None:
    path = link(site.house, site.house.dan)
    assert fetch(site, path).status_code == 200

    def revoke(session: Session) -> None:
        session.exec(select(CalendarLink)).one().revoked_at = NOW

    site.house.write(revoke)
    answers = [
        fetch(site, wrong)
        for wrong in (path, "/feed/1-" + "A" * 43 + ".ics", "/feed/77-" + "A" * 43 + ".ics", "/feed/x.ics")
    ]
    assert {(a.status_code, said(a), a.headers["cache-control"]) for a in answers} == {
        (404, said(answers[0]), "no-store")
    }


@pytest.mark.parametrize("address", ["/api/calendar/ical/{}.ics", "/feed/{}.ics", "/calendar/{}", "/calendar/{}/apple"])
def test_refusal_of_a_token_costs_the_same_whatever_is_wrong_with_it(
    site: Web, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same queries, signatures and digests, and as much to read: how long it takes tells nothing."""
    house, done = site.house, list[str]()

    def revoked(session: Session, user_id: int, scope: LinkScope) -> str:
        token = links.get_token(session, SECRET, user_id, scope, NOW)
        links.revoke(session, user_id, scope, links.link_of(session, SECRET, user_id, scope, NOW).mark, NOW)
        return token

    gone = house.person("Gone Greta")
    wrong = {
        "revoked": house.write(lambda s: revoked(s, house.dan, LinkScope.PERSONAL)),
        "revoked, and another made": house.write(lambda s: revoked(s, house.alice, LinkScope.TEAM)),
        "rotated": house.write(lambda s: links.get_token(s, SECRET, house.alice, LinkScope.PERSONAL, NOW)),
        "of somebody who has left": house.write(lambda s: links.get_token(s, SECRET, gone, LinkScope.PERSONAL, NOW)),
        "forged": "1-" + "A" * 43,
        "unknown": "77-" + "A" * 43,
        "malformed": "x",
        "long": "9" * 500,
        "not ascii": "1-" + "%D1%91" * 43,
    }
    house.write(lambda s: links.get_token(s, SECRET, house.alice, LinkScope.TEAM, NOW))
    house.write(lambda s: links.rotate(s, SECRET, house.alice, LinkScope.PERSONAL, "3.1"))
    house.write(lambda s: setattr(s.get_one(User, gone), "is_active", False))
    sign, digest = links.signature, links._digest
    monkeypatch.setattr(links, "signature", lambda *parts: done.append("signature") or sign(*parts))
    monkeypatch.setattr(links, "_digest", lambda token: done.append("digest") or digest(token))

    @sqlalchemy.event.listens_for(sqlalchemy.Engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        done.append(statement)

    try:
        fetch(site, address.format("x"))  # what is kept after every change is read again
        seen = {}
        for name, token in wrong.items():
            done.clear()
            answer = fetch(site, address.format(token))
            seen[name] = (answer.status_code, said(answer), tuple(done))
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "before_cursor_execute", note)
    assert {name for name, row in seen.items() if row != seen["malformed"]} == set()
    status, _content, work = seen["malformed"]
    assert (status, work.count("signature"), sum("FROM" in step for step in work)) == (404, 1, 1)


def test_feed_of_somebody_retired_is_404_at_once(site: Web) -> None:
    path = link(site.house, site.house.dan)
    assert fetch(site, path).status_code == 200

    def retire(session: Session) -> None:
        session.get_one(User, site.house.dan).is_active = False

    site.house.write(retire)
    assert fetch(site, path).status_code == 404


def test_read_is_noted_with_the_client(site: Web) -> None:
    fetch(site, link(site.house, site.house.dan), User_Agent="Google-Calendar-Importer")
    assert site.app.state.api.reads == {1: (NOW, "Google-Calendar-Importer")}


def test_feed_of_nobody_planned_is_a_calendar_without_events(web: Web) -> None:
    content = fetch(web, link(web.house, web.house.dan)).content
    assert events(content) == []
    assert unfolded(content)[0] == "BEGIN:VCALENDAR"


def test_old_address_ends_at_once_when_a_new_one_is_made(site: Web) -> None:
    def links_now() -> links.LinkView:
        return site.house.write(lambda s: links.links_of(s, SECRET, site.house.dan, NOW))[0]

    old = links_now()
    path = f"/feed/{old.token}.ics"
    assert [fetch(site, path).status_code for _ in range(2)] == [200, 200]  # the second from memory

    site.house.write(lambda s: links.rotate(s, SECRET, site.house.dan, LinkScope.PERSONAL, old.mark))

    assert fetch(site, path).status_code == 404
    new = links_now()
    assert fetch(site, f"/feed/{new.token}.ics").status_code == 200

    site.house.write(lambda s: links.revoke(s, site.house.dan, LinkScope.PERSONAL, new.mark, NOW))

    assert [fetch(site, f"/feed/{token}.ics").status_code for token in (old.token, new.token)] == [404, 404]
