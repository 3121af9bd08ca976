"""Calendars of others: what can be read of them is, whatever the rest is like."""

from datetime import UTC, date, datetime

import pytest

from duty_teller.domain.happenings import Expanded
from duty_teller.i18n import LocalizedError
from duty_teller.importers.child import expand_in_child
from duty_teller.importers.readers import foreign_calendar
from duty_teller.importers.readers.foreign_calendar import LONGEST_TITLE, MAX_OCCURRENCES, expand_calendar

FIRST, LAST = date(2026, 8, 25), date(2027, 12, 28)
BERLIN = "Europe/Berlin"


def calendar(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{head}{body}END:VCALENDAR\r\n".encode()


def event(title: str, start: str, *lines: str) -> str:
    return "\r\n".join([f"UID:{title}", f"SUMMARY:{title}", f"DTSTART{start}", *lines])


def read(data: bytes, zone: str = BERLIN, charset: str = "") -> Expanded:
    return expand_calendar(data, FIRST, LAST, zone, charset)


def days(data: bytes) -> list[tuple[str, str, str]]:
    return [(h.title, str(h.first_day), str(h.last_day)) for h in read(data).happenings]


def times(data: bytes, zone: str = BERLIN) -> list[str]:
    return [f"{datetime.fromtimestamp(h.start or 0, UTC):%d %H:%M}" for h in read(data, zone).happenings]


def test_whole_days_stay_days_and_old_yearly_rules_are_followed_in_the_window_alone() -> None:
    data = calendar(
        event("Fair", ";VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261126"),
        event("Birthday", ";VALUE=DATE:19700301", "RRULE:FREQ=YEARLY"),
        event("Long ago", ";VALUE=DATE:20200101"),
        event("Off", ";VALUE=DATE:20261224", "STATUS:CANCELLED"),
        event("Far", ";VALUE=DATE:20300101"),
    )
    assert days(data) == [("Fair", "2026-11-24", "2026-11-25"), ("Birthday", "2027-03-01", "2027-03-01")]


def test_times_are_those_of_their_zone_of_the_calendars_or_of_the_roster() -> None:
    data = calendar(
        event("utc", ":20261101T100000Z", "DTEND:20261101T110000Z"),
        event(
            "windows",
            ";TZID=W. Europe Standard Time:20261102T100000",
            "DTEND;TZID=W. Europe Standard Time:20261102T110000",
        ),
        event("iana", ";TZID=America/New_York:20261103T100000"),
        event("floating", ":20261104T100000", "DURATION:PT1H"),
        event("abbreviation", ";TZID=EST:20261105T100000"),
    )
    assert times(data) == ["01 10:00", "02 09:00", "03 15:00", "04 09:00", "05 15:00"]
    floating = event("floating", ":20261104T100000")
    assert times(calendar(floating), "Asia/Tokyo") == ["04 01:00"]
    assert times(calendar(floating, head="X-WR-TIMEZONE:Europe/Moscow\r\n")) == ["04 07:00"]
    assert times(calendar(floating, head="X-WR-TIMEZONE:Russian Standard Time\r\n")) == ["04 07:00"]


@pytest.mark.parametrize(
    "broken",
    [
        event("x", ":tomorrow"),
        event("x", ":20261399T000000Z"),
        event("x", ":20261101T100000Z", "DTEND:20261031T100000Z"),
        event("x", ";TZID=Mars/Olympus:20261101T100000"),
        event("x", ":20261101T100000Z", "RRULE:FREQ=SECONDLY"),
        event("x", ":20261101T100000Z", "RRULE:FREQ=DAILY;BYSECOND=0,1,2,3"),
        event("x", ":20261101T100000Z", "RRULE:FREQ=DAILY;INTERVAL=0"),
        event("x", ":20261101T100000Z", "RRULE:ALWAYS"),
        event("x", ":20261101T100000Z", "BEGIN:VALARM"),
        "SUMMARY:no start",
    ],
)
def test_broken_event_among_thousands_is_left_out_and_counted(broken: str) -> None:
    whole = [event(f"e{number}", f";VALUE=DATE:202611{number % 28 + 1:02}") for number in range(1200)]
    found = read(calendar(*whole[:600], broken, *whole[600:]))
    assert (len(found.happenings), found.left_out) == (1200, 1)


def test_event_without_end_and_zone_that_is_broken_take_nothing_with_them() -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nnonsense\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    data = calendar(event("a", ";TZID=Europe/Berlin:20261101T100000"), head=zone + "BEGIN:VEVENT\r\nSUMMARY:open\r\n")
    found = read(data)
    assert ([one.title for one in found.happenings], found.left_out) == (["a"], 1)


def test_rule_that_takes_too_long_is_ended_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_calendar, "_ALL_RULES", 1.0)  # not ten seconds
    monkeypatch.setattr(foreign_calendar, "_A_RULE", 0.1)
    never = "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    many = [
        event(f"n{number}", ":19700101T100000Z", never, f"EXDATE:{'19700101T100000Z,' * 50}19700101T100000Z")
        for number in range(40)
    ]
    found = read(calendar(*many, event("fine", ";VALUE=DATE:20261124")))
    assert [one.title for one in found.happenings] == ["fine"]


def test_changed_and_cancelled_occurrences_count() -> None:
    data = calendar(
        event("w", ":20261102T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261109T100000Z"),
        "UID:w\r\nSUMMARY:moved\r\nRECURRENCE-ID:20261116T100000Z\r\nDTSTART:20261117T120000Z",
    )
    assert [(one.title, str(one.first_day)) for one in read(data).happenings] == [
        ("w", "2026-11-02"),
        ("moved", "2026-11-17"),
    ]


def test_too_many_occurrences_are_cut_and_counted() -> None:
    daily = [event(f"d{number}", f":20260901T{number:02}0000Z", "RRULE:FREQ=DAILY") for number in range(12)]
    found = read(calendar(*daily))
    assert len(found.happenings) == MAX_OCCURRENCES
    assert found.left_out > 0


def test_titles_are_short_plain_text() -> None:
    data = calendar(
        event("x", ";VALUE=DATE:20261101").replace(
            "SUMMARY:x", "SUMMARY:<b onclick=x>Fair</b> &amp\\; more\u202e\\nline"
        ),
        event("y", ";VALUE=DATE:20261102").replace("SUMMARY:y", "SUMMARY:" + "long " * 100),
    )
    short, cut = (one.title for one in read(data).happenings)
    assert short == "Fair & more line"
    assert (len(cut) <= LONGEST_TITLE, cut[-1]) == (True, "…")


@pytest.mark.parametrize(
    ("encoding", "charset", "title"),
    [
        ("utf-8", "", "Ярмарка"),
        ("utf-8", "iso-8859-1", "Ярмарка"),
        ("utf-8-sig", "utf-8", "Ярмарка"),
        ("koi8-r", "koi8-r", "Ярмарка"),
        ("cp1251", "utf-8", "Ярмарка"),
        ("utf-16", "no-such-charset", "Ярмарка"),
    ],
)
def test_text_is_read_whatever_the_server_calls_it(encoding: str, charset: str, title: str) -> None:
    data = calendar(event(title, ";VALUE=DATE:20261101")).decode().encode(encoding)
    assert [one.title for one in read(data, charset=charset).happenings] == [title]


@pytest.mark.parametrize("data", [b"", b"<!DOCTYPE html><p>Log in</p>", b"\xff\xfe\x00", b'{"a": 1}', b"PK\x03\x04"])
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(LocalizedError) as caught:
        read(data)
    assert caught.value.key == "calendars.none"


async def test_child_reads_a_calendar_and_is_ended_when_it_takes_too_long() -> None:
    data = calendar(event("Fair", ";VALUE=DATE:20261124"))
    found = await expand_in_child(data, FIRST, LAST, BERLIN, "utf-8")
    assert [one.title for one in found.happenings] == ["Fair"]
    for wrong, seconds, why in ((b"<html>", 60.0, "none"), (data, 0.001, "heavy")):
        with pytest.raises(LocalizedError) as caught:
            await expand_in_child(wrong, FIRST, LAST, BERLIN, "", False, seconds)
        assert caught.value.key == f"calendars.{why}"
