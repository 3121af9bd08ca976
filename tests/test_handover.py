"""Hand-overs on the wall clock, on days on which the clocks change too."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duty_teller.i18n.core import LocalizedError
from duty_teller.utils.handover import (
    AmbiguousHandoverError,
    Handover,
    explicit_instant,
    handover_day,
    handover_span,
    instant,
    is_doubled,
    is_gap,
    parse_clock,
    parse_handover,
)
from duty_teller.utils.zones import zone, zone_label

BERLIN = "Europe/Berlin"
ZONES = (BERLIN, "Europe/Moscow", "America/New_York", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "UTC")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:00 Europe/Moscow", Handover(time(9), "Europe/Moscow")),
        ("  9.30   Europe/Berlin ", Handover(time(9, 30), BERLIN)),
        ("00:00 UTC", Handover(time(0), "UTC")),
        ("8:05", Handover(time(8, 5), BERLIN)),
        ("9", Handover(time(9), BERLIN)),
        ("10:00 Moscow", Handover(time(10), "Europe/Moscow")),
        ("9 new york", Handover(time(9), "America/New_York")),
        ("9 europe/moscow", Handover(time(9), "Europe/Moscow")),
        ("9 msk", Handover(time(9), "Europe/Moscow")),
        ("9 utc", Handover(time(9), "UTC")),
        ("9 Istanbul", Handover(time(9), "Europe/Istanbul")),  # Asia's and Europe's are one
        ("10:00 Москва", Handover(time(10), "Europe/Moscow")),
        ("8:30 мск", Handover(time(8, 30), "Europe/Moscow")),
    ],
)
def test_handover_as_people_write_it(text: str, expected: Handover) -> None:
    assert parse_handover(text, BERLIN) == expected


@pytest.mark.parametrize(
    ("name", "zones"),
    [
        ("EST", ["America/New_York", "Etc/GMT+5"]),
        ("est", ["America/New_York", "Etc/GMT+5"]),
        ("CET", ["Europe/Berlin", "Etc/GMT-1"]),
        ("MST", ["America/Denver", "America/Phoenix"]),
        ("IST", ["Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"]),
        ("CST", ["America/Chicago", "Asia/Shanghai", "Etc/GMT+6"]),
        ("BST", ["Europe/London", "Asia/Dhaka"]),
    ],
)
def test_zone_by_an_abbreviation_is_never_taken_in_silence(name: str, zones: list[str]) -> None:
    with pytest.raises(AmbiguousHandoverError) as caught:
        parse_handover(f"9:30 {name}", BERLIN)

    assert caught.value.handovers == [Handover(time(9, 30), zone) for zone in zones]
    assert all(parse_handover(str(one)) == one for one in caught.value.handovers)
    for lang in ("ru", "en"):
        labels = [zone_label(lang, zone) for zone in zones]
        assert len(set(labels)) == len(zones)
        assert all(label in caught.value.text(lang) for label in labels)
    assert parse_handover("8", "EST") == parse_handover("8 EST", "EST")  # a roster that has it already is left its own


def test_zone_is_told_by_its_city_and_offset() -> None:
    assert zone_label("en", "America/New_York") == "New York: UTC−5, summer −4"
    assert zone_label("ru", "America/New_York") == "New York: UTC−5, летом −4"
    assert zone_label("en", "Etc/GMT+5") == "UTC−5 all year"
    assert zone_label("en", "Asia/Kolkata") == "Kolkata: UTC+5:30 all year"
    assert zone_label("en", "Europe/London") == "London: UTC, summer +1"


def test_handover_reads_what_it_writes() -> None:
    assert parse_handover(str(Handover(time(9), "Europe/Moscow"))) == Handover(time(9), "Europe/Moscow")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "error.handover"),
        ("09:00", "error.handover"),
        ("09:00 Europe/Moscow please", "error.zone_unknown"),
        ("09:00 in the city of New York", "error.handover"),
        ("24:00 UTC", "error.clock"),
        ("24 UTC", "error.clock"),
        ("nine UTC", "error.handover"),
        ("09:00 Pacific", "error.zone_unknown"),  # no city
        ("09:00 Samoa", "error.zone_unknown"),  # two countries
        ("09:60 UTC", "error.clock"),
        ("09:00 Europe/Nowhere", "error.zone_unknown"),
        ("09:00 ../../etc/passwd", "error.zone_unknown"),
        ("09:00 /etc/localtime", "error.zone_unknown"),
        ("09:00 localtime", "error.zone_unknown"),
        ("09:00 Europe", "error.zone_unknown"),
        ("09:00 Europe/Moscow\0", "error.zone_unknown"),
    ],
)
def test_handover_that_is_none_is_refused_by_its_own_key(text: str, key: str) -> None:
    with pytest.raises(LocalizedError) as caught:
        parse_handover(text)
    assert caught.value.key == key


def test_parse_clock_takes_a_dot_for_a_colon() -> None:
    assert parse_clock(" 7.05 ") == time(7, 5)


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, tzinfo=UTC)),  # in the gap: its end, 03:00
        (date(2026, 3, 29), time(2), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (date(2026, 3, 29), time(3), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # doubled: the first pass
        (date(2026, 11, 23), time(9), datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ],
)
def test_instant_on_days_on_which_the_clocks_change(day: date, at: time, expected: datetime) -> None:
    assert instant(day, at, BERLIN) == expected


def test_gap_of_a_whole_day_ends_with_it() -> None:
    # Samoa skipped 2011-12-30.
    assert instant(date(2011, 12, 30), time(9), "Pacific/Apia") == instant(date(2011, 12, 31), time(0), "Pacific/Apia")


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 7, 1), 24)])
def test_duty_from_handover_to_handover_has_23_or_25_hours(day: date, hours: int) -> None:
    start, end = handover_span(day, Handover(time(9), BERLIN))
    assert (end - start) == timedelta(hours=hours)


def test_handover_day_begins_at_the_handover_itself() -> None:
    handover = Handover(time(9), "Europe/Moscow")
    at = datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert handover_day(at, handover) == date(2026, 11, 23)
    assert handover_day(at - timedelta(seconds=1), handover) == date(2026, 11, 22)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(
    day=st.dates(date(2010, 1, 1), date(2035, 12, 31)),
    at=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    name=st.sampled_from(ZONES),
)
def test_handovers_follow_each_other_and_read_as_the_wall_clock(day: date, at: time, name: str) -> None:
    start, end = handover_span(day, Handover(at, name))
    local = start.astimezone(zone(name))
    assert start <= end
    written = datetime.combine(day, at, ZoneInfo(name))
    if is_gap(written):
        before = (start - timedelta(seconds=1)).astimezone(zone(name))
        assert local.utcoffset() != before.utcoffset()
        assert before.replace(tzinfo=None) < datetime.combine(day, at) <= local.replace(tzinfo=None)
    else:
        assert (local.date(), local.time()) == (day, at)
        assert local.fold == 0


def test_explicit_time_in_the_gap_is_refused_and_a_doubled_one_is_told() -> None:
    with pytest.raises(LocalizedError) as caught:
        explicit_instant(date(2026, 3, 29), time(2, 30), BERLIN)
    assert caught.value.key == "error.time_in_gap"
    assert explicit_instant(date(2026, 10, 25), time(2, 30), BERLIN) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        True,
    )
    assert explicit_instant(date(2026, 11, 23), time(9), BERLIN) == (datetime(2026, 11, 23, 8, tzinfo=UTC), False)
    assert is_doubled(datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo(BERLIN))) is True
