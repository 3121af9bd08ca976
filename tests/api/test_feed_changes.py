"""What moves an event of a feed, whatever it is that shows, and nothing else; how a reader is answered."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import icalendar
import pytest
from sqlmodel import Session

from duty_teller.api.personal_calendar_ics import Patience
from duty_teller.config import Settings
from duty_teller.db.models import ChangeKind, EventType, LinkScope, Roster
from duty_teller.services import schedule_service
from duty_teller.services.feeds import links
from duty_teller.services.people import accounts, preferences
from duty_teller.services.rosters import rosters, settings
from duty_teller.services.schedule_service import Covered, Shift, edits
from tests.api.conftest import Web, serve
from tests.api.test_feeds import events, fetch, link
from tests.events import events_of
from tests.house import EVERYTHING, NOW, SECRET, House, absence, duty, moscow


def lines_of(content: bytes) -> dict[str, str]:
    """UID → the lines of the event but those that say when it changed; under nothing those of the calendar."""
    text = content.decode()
    head, *rest = text.split("BEGIN:VEVENT")
    found = {"": head}
    for event in rest:
        kept = [line for line in event.split("\r\n") if not line.startswith(("DTSTAMP", "LAST-MOD", "SEQUENCE"))]
        found[next(line for line in kept if line.startswith("UID:"))] = "\r\n".join(kept)
    return found


def stamps(content: bytes) -> dict[str, tuple[int, str]]:
    """UID → SEQUENCE and LAST-MODIFIED."""
    return {
        f"UID:{event['UID']}": (int(event["SEQUENCE"]), str(event["LAST-MODIFIED"].dt)) for event in events_of(content)
    }


def second_roster(house: House, *shifts: Shift) -> int:
    def work(session: Session) -> int:
        number = rosters.add(session, "Network", NOW, "Support").id or 0
        covered = Covered(frozenset({one.user_id for one in shifts}), (EVERYTHING,))
        diff = schedule_service.plan_changes(session, number, list(shifts), covered, ChangeKind.IMPORT)
        schedule_service.apply(session, diff, house.author, "network.xlsx", diff.revision, NOW)
        return number

    return house.write(work)


@pytest.fixture
def both(web: Web) -> Web:
    """Dan and Alice in two rosters, with a past shift, shifts to come, and a vacation."""
    house = web.house
    second_roster(
        house, duty(house.alice, "2026-11-20"), duty(house.alice, "2026-11-26"), duty(house.dan, "2026-12-20")
    )
    house.put(
        duty(house.dan, "2026-11-10"),
        duty(house.dan, "2026-11-24"),
        duty(house.alice, "2026-11-25", position="primary"),
        absence(house.dan, "2026-12-01", 5),
    )
    return web


def rename(house: House) -> None:
    house.write(lambda s: accounts.rename(s, house.dan, "Daniel Duty", house.clock.now))


def move(house: House) -> None:
    def work(session: Session) -> None:
        (piece,) = edits.stored_between(session, 1, moscow("2026-11-24", 9), moscow("2026-11-25", 9))
        items = edits.move([piece], piece.shift.start_at, piece.shift.end_at - timedelta(hours=2))
        diff = edits.plan_edit(session, session.get_one(Roster, 1), items).diff
        schedule_service.apply(session, diff, house.author, "", diff.revision, house.clock.now)

    house.write(work)


def annotate(house: House) -> None:
    def work(session: Session) -> None:
        (piece,) = edits.stored_between(session, 1, moscow("2026-11-24", 9), moscow("2026-11-25", 9))
        diff = edits.plan_edit(
            session, session.get_one(Roster, 1), edits.annotate([piece], "Keys; at\nthe desk, 7")
        ).diff
        schedule_service.apply(session, diff, house.author, "", diff.revision, house.clock.now)

    house.write(work)


def zone(house: House) -> None:
    house.write(lambda s: settings.change(s, 1, house.author, "zone", house.clock.now, timezone="America/New_York"))


CHANGES: dict[str, Callable[[House], Any]] = {
    "nothing": lambda house: house.person("Nina New"),
    "one shift": move,
    "a note": annotate,
    "a person's name": rename,
    "the roster's name": lambda house: house.write(lambda s: rosters.rename(s, 2, "Field", house.clock.now) and None),
    "the owner's language": lambda house: house.write(
        lambda s: preferences.set_language(s, house.dan, "ru", house.clock.now)
    ),
    "an alarm": lambda house: house.write(
        lambda s: [links.set_alarm(s, house.dan, scope, 15, house.clock.now) for scope in LinkScope]
    ),
    "the zone": zone,
    "out of use": lambda house: house.write(lambda s: rosters.retire(s, 2, house.clock.now) and None),
}


OF_THE_LINK = ("the owner's language", "an alarm")
"""They move all events of one link."""


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("scope", LinkScope)
def test_whatever_shows_moves_exactly_the_events_that_look_otherwise(both: Web, change: str, scope: LinkScope) -> None:
    """A client that keeps by UID and SEQUENCE, and one that only asks If-Modified-Since, get every new look."""
    house, path = both.house, link(both.house, both.house.dan, scope)
    before = fetch(both, path)
    house.clock.move(minutes=5)
    CHANGES[change](house)
    after = fetch(both, path, If_Modified_Since=before.headers["last-modified"])
    if change == "nothing":
        assert after.status_code == 304
        return
    old, new = lines_of(before.content), lines_of(after.content)
    were, are = stamps(before.content), stamps(after.content)
    assert old.keys() == new.keys()
    looks = {uid for uid in were if old[uid] != new[uid]}
    assert looks
    moved = {uid for uid in were if were[uid] != are[uid]}
    assert moved == (set(were) if change in OF_THE_LINK else looks)
    assert looks <= moved
    assert all(are[uid][0] > were[uid][0] and are[uid][1] == "2026-11-23 12:05:00+00:00" for uid in looks)
    both.app.state.api.memory.clear()
    assert fetch(both, path).content == after.content


def test_another_default_language_moves_the_events_of_whoever_has_none_of_their_own(house: House) -> None:
    """A client that only asks If-Modified-Since gets the new words; an unchanged setting leaves every byte."""
    nina, rita = house.person("Nina New"), house.person("Rita Ready", language="en")
    house.put(duty(nina, "2026-11-24"), absence(nina, "2026-11-26"), duty(rita, "2026-11-25"))
    paths = [link(house, user_id) for user_id in (nina, rita)]
    english, russian = (replace(house.settings, default_language=code) for code in ("en", "ru"))

    def started(settings: Settings, since: list[str]) -> list[httpx.Response]:
        others = house.read(lambda s: not links.follows_default_language(s, settings.default_language))
        if others:
            house.write(lambda s: links.follow_default_language(s, settings.default_language, house.clock.now))
        with serve(house, settings) as web:
            return [fetch(web, path, If_Modified_Since=at) for path, at in zip(paths, since, strict=True)]

    long_ago = ["Thu, 01 Jan 2026 00:00:00 GMT"] * 2
    before = started(english, long_ago)
    since = [answer.headers["last-modified"] for answer in before]
    assert [answer.status_code for answer in started(english, since)] == [304, 304]
    house.clock.move(minutes=5)
    after = started(russian, since)
    assert [answer.status_code for answer in after] == [200, 304]
    were, are = stamps(before[0].content), stamps(after[0].content)
    assert were.keys() == are.keys() and all(are[uid][0] == were[uid][0] + 1 for uid in were)
    assert "Отпуск" in after[0].text
    assert started(russian, long_ago)[0].content == after[0].content
    house.clock.move(minutes=5)
    again = started(english, [after[0].headers["last-modified"], since[1]])
    assert [answer.status_code for answer in again] == [200, 304]
    assert all(stamps(again[0].content)[uid][0] == were[uid][0] + 2 for uid in were)


def test_roster_out_of_use_keeps_its_past_and_comes_back_with_a_higher_sequence(both: Web) -> None:
    house, path = both.house, link(both.house, both.house.alice, LinkScope.TEAM)

    def shown() -> dict[str, tuple[str, int]]:
        found = [e for e in events(fetch(both, path).content) if str(e["SUMMARY"]).startswith("Network")]
        return {f"{e['DTSTART'].dt:%m-%d}": (str(e["STATUS"]), int(e["SEQUENCE"])) for e in found}

    house.write(lambda s: rosters.retire(s, 2, house.clock.now) and None)
    assert shown() == {"11-20": ("CONFIRMED", 0), "11-26": ("CANCELLED", 1), "12-20": ("CANCELLED", 1)}
    house.clock.move(days=1)
    house.write(lambda s: rosters.restore(s, 2, house.clock.now) and None)
    assert shown() == {"11-20": ("CONFIRMED", 0), "11-26": ("CONFIRMED", 2), "12-20": ("CONFIRMED", 2)}
    house.write(lambda s: rosters.retire(s, 2, house.clock.now) and None)
    house.clock.move(days=8)
    assert shown() == {"11-20": ("CONFIRMED", 0)}


def test_feed_of_one_roster_holds_that_one_only_and_rings_for_its_duties(both: Web) -> None:
    house = both.house
    token = house.write(lambda s: links.get_token(s, SECRET, house.dan, LinkScope.TEAM, NOW, 2))
    whole = house.write(lambda s: links.get_token(s, SECRET, house.dan, LinkScope.TEAM, NOW))
    assert token != whole
    house.write(lambda s: links.set_alarm(s, house.dan, LinkScope.TEAM, 15, NOW, 2))
    content = fetch(both, f"/feed/{token}.ics").content
    assert {str(e["SUMMARY"]) for e in events(content)} == {"Network: Alice Admin", "Network: Dan Duty"}
    assert str(icalendar.Calendar.from_ical(content)["X-WR-CALNAME"]) == "Network"
    assert content.count(b"TRIGGER:-PT15M") == 3
    assert b"VALARM" not in fetch(both, f"/feed/{whole}.ics").content


def test_both_addresses_give_the_same_and_parts_are_given_to_whoever_asks(both: Web) -> None:
    path = link(both.house, both.house.dan)
    whole = fetch(both, path, Accept="application/json")
    body, etag = whole.content, whole.headers["etag"]
    assert (whole.status_code, whole.headers["accept-ranges"]) == (200, "bytes")
    assert fetch(both, path.replace("/api/calendar/ical/", "/feed/")).content == body

    def part(span: str, **headers: str) -> tuple[int, bytes]:
        answer = fetch(both, path, Range=span, **headers)
        return answer.status_code, answer.content

    assert part("bytes=0-9") == (206, body[:10])
    assert part("bytes=10-") == (206, body[10:])
    assert part("bytes=-7", If_Range=etag) == (206, body[-7:])
    assert part("bytes=-7", If_Range='"another"') == (200, body)
    assert part("bytes=0-1,3-4") == part("lines=0-3") == part("bytes=9-3") == (200, body)
    assert part(f"bytes={len(body)}-") == (416, b"")
    assert fetch(both, path, Range="bytes=2-3").headers["content-range"] == f"bytes 2-3/{len(body)}"
    assert part("bytes=0-9", If_None_Match=etag) == (304, b"")


def test_whoever_asks_all_the_time_is_told_to_wait_and_304_stays_free(both: Web) -> None:
    path = link(both.house, both.house.dan)

    def ask(**headers: str) -> httpx.Response:
        return fetch(both, path, **headers)

    first = ask()
    assert [ask().status_code for _ in range(30)] == [200] * 29 + [429]
    refused = ask(Accept_Language="ru")
    assert (refused.headers["retry-after"], refused.json()["error"]["code"]) == ("2", "too_often")
    assert [ask(If_None_Match=first.headers["etag"]).status_code for _ in range(40)] == [304] * 40
    other = link(both.house, both.house.alice)
    assert fetch(both, other).status_code == 200
    both.house.clock.move(seconds=2)
    assert [ask().status_code for _ in range(2)] == [200, 429]
    free = Patience(0)
    assert [free.wait(1, NOW) for _ in range(100)] == [0] * 100


def test_text_that_one_reader_refuses_is_cleaned(web: Web) -> None:
    """VT, FF, NEL, U+2028 and U+2029 end a line, control characters go, whatever way a note came in."""
    house, shift = web.house, duty(web.house.dan, "2026-11-24")
    note = "Keys\x0bat\x0cthe\x85desk\u2028code\u2029 1234\x00\x07\x1b, ask\r\nOlga"
    house.put(Shift(house.dan, None, shift.start_at, shift.end_at, EventType.DUTY, note))
    content = fetch(web, link(house, house.dan)).content
    (event,) = events(content)
    assert str(event["DESCRIPTION"]) == "Keys\nat\nthe\ndesk\ncode\n 1234, ask\nOlga"
    assert len(content.decode().splitlines()) == len(content.split(b"\r\n")) - 1


@pytest.mark.parametrize("seed", [8, 14])
def test_subscriber_who_keeps_by_uid_ends_with_the_stored_schedule(web: Web, seed: int) -> None:
    """A month of imports, edits, covers, removals, undos and a rename; the client asks now and then, and never forgets.

    It takes an event only where its SEQUENCE is higher than the one it has, as calendars do.
    """
    house, chance = web.house, random.Random(seed)
    people = [house.dan, house.alice, house.person("Fay Free")]
    path, kept = link(house, house.dan, LinkScope.TEAM), dict[str, Any]()
    wanted = [duty(chance.choice(people), date(2026, 11, 24) + timedelta(days=n)) for n in range(40)]
    house.put(*wanted)

    def give(session: Session) -> None:
        start = house.clock.now + timedelta(hours=chance.randrange(300))
        end = start + timedelta(hours=chance.choice([2, 8, 30]))
        pieces = edits.stored_between(session, 1, start, end)
        items = [
            item
            for piece in pieces
            for item in edits.give([piece], start, end, chance.choice([p for p in people if p != piece.shift.user_id]))
        ]
        if items:
            kind = chance.choice([ChangeKind.COVER, ChangeKind.SWAP, ChangeKind.TAKEOVER, ChangeKind.EDIT])
            diff = edits.plan_edit(session, session.get_one(Roster, 1), items, kind).diff
            schedule_service.apply(session, diff, house.author, "", diff.revision, house.clock.now)

    def read() -> None:
        for event in events(fetch(web, path).content):
            known = kept.get(str(event["UID"]))
            if known is None or int(event["SEQUENCE"]) > int(known["SEQUENCE"]):
                kept[str(event["UID"])] = event
            else:
                assert event.to_ical() == known.to_ical()

    read()
    for step in range(60):
        house.clock.move(hours=chance.randrange(2, 20))
        what = chance.choice(["give", "give", "undo", "import", "rename"] if step % 9 == 8 else ["give", "undo"])
        if what == "give":
            house.write(give)
        elif what == "undo":
            if last := newest_change(house):
                house.undo(last)
        elif what == "import":
            house.put(*chance.sample(wanted, 30))
        else:
            house.write(lambda s, n=step: accounts.rename(s, people[2], f"Fay {'I' * (n + 1)}", house.clock.now))
        if chance.random() < 0.4:
            read()
    read()
    names = house.read(lambda s: {user: s.get_one(accounts.User, user).full_name for user in people})
    shown = {
        (str(e["SUMMARY"]).partition(": ")[2], e["DTSTART"].dt, e["DTEND"].dt)
        for e in kept.values()
        if str(e["STATUS"]) == "CONFIRMED"
    }
    assert shown == {(names[one.user_id], one.start_at, one.end_at) for one in house.live()}


def newest_change(house: House) -> int:
    """Returns the newest change that was not taken back and is no undo."""
    undone = {one.undoes_id for one in house.changes()}
    return [0, *(one.id or 0 for one in house.changes()[1:] if one.id not in undone and one.undoes_id is None)][-1]
