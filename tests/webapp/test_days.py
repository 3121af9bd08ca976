"""The pure part of the page (`core.js`), run by the browser that will run it, in a zone that is not the roster's."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from duty_teller.i18n.lang import format_moment, table
from duty_teller.utils.handover import instant
from tests.webapp.conftest import Core


def entry(start: str, end: str, event_type: str = "duty", **more: Any) -> dict[str, Any]:
    return {"start_at": start, "end_at": end, "event_type": event_type} | more


@pytest.mark.parametrize(
    ("zone", "start", "end", "days"),
    [
        # From hand-over to hand-over, near midnight of UTC and of the zone.
        ("Europe/Moscow", "2026-11-23T06:00:00Z", "2026-11-24T06:00:00Z", ["2026-11-23"]),
        ("Pacific/Auckland", "2026-11-22T20:00:00Z", "2026-11-23T20:00:00Z", ["2026-11-23"]),
        ("America/New_York", "2026-11-24T01:00:00Z", "2026-11-25T01:00:00Z", ["2026-11-23"]),
        # A night belongs to the evening it starts in.
        ("Europe/Moscow", "2026-11-23T17:00:00Z", "2026-11-24T05:00:00Z", ["2026-11-23"]),
        # 25 and 23 hours.
        ("Europe/Berlin", "2026-10-24T07:00:00Z", "2026-10-25T08:00:00Z", ["2026-10-24"]),
        ("Europe/Berlin", "2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z", ["2026-03-28"]),
        # A hand-over at 02:30 that falls into the spring gap happens at 03:00.
        ("Europe/Berlin", "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", ["2026-03-28"]),
        # A weekend.
        ("Europe/Moscow", "2026-11-20T15:00:00Z", "2026-11-23T06:00:00Z", ["2026-11-20", "2026-11-21", "2026-11-22"]),
    ],
)
def test_a_duty_belongs_to_the_day_its_hand_over_starts_on(
    core: Core, zone: str, start: str, end: str, days: list[str]
) -> None:
    assert core("daysOf", entry(start, end), zone) == days


def test_a_week_long_duty_stands_on_seven_days_across_the_clock_change(core: Core) -> None:
    days = core("daysOf", entry("2026-10-19T07:00:00Z", "2026-10-26T08:00:00Z"), "Europe/Berlin")

    assert days == [f"2026-10-{day}" for day in range(19, 26)]


def test_a_vacation_covers_its_whole_local_days(core: Core) -> None:
    vacation = entry("2026-11-15T21:00:00Z", "2026-11-18T21:00:00Z", "vacation")

    assert core("daysOf", vacation, "Europe/Moscow") == ["2026-11-16", "2026-11-17", "2026-11-18"]


@pytest.mark.parametrize(
    ("day", "time", "expected"),
    [
        ("2026-11-23", "09:00", "2026-11-23T08:00:00.000Z"),
        ("2026-03-29", "02:30", "2026-03-29T01:00:00.000Z"),  # the gap's end
        ("2026-10-25", "02:30", "2026-10-25T00:30:00.000Z"),  # the first pass
        ("2026-03-29", "01:59", "2026-03-29T00:59:00.000Z"),
        ("2026-03-29", "03:00", "2026-03-29T01:00:00.000Z"),
        ("2026-10-25", "03:00", "2026-10-25T02:00:00.000Z"),
    ],
)
def test_a_wall_time_becomes_an_instant_by_the_roster_rules(core: Core, day: str, time: str, expected: str) -> None:
    instant = core("instantOf", day, time, "Europe/Berlin")

    assert instant == core("instantOf", expected[:10], expected[11:16], "UTC")


def test_local_days_agree_with_python_all_through_a_year(core: Core) -> None:
    zone = "America/St_Johns"
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=7 * step) for step in range(60)]
    local = [moment.astimezone(ZoneInfo(zone)) for moment in moments]

    clocks = [core("localClock", moment.timestamp() * 1000, zone) for moment in moments]

    assert clocks == [{"day": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}"} for moment in local]


ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Chatham")
CHANGES = ("2026-03-08", "2026-03-29", "2026-04-05", "2026-09-27", "2026-10-25", "2026-11-01")
"""Days on which one of them changes its clocks; Chatham is 45 minutes beside everybody."""


@pytest.mark.parametrize("zone", ZONES)
def test_clocks_of_the_roster_and_of_the_reader_are_right_through_every_change(core: Core, zone: str) -> None:
    """Every hour of six weeks, and a shift of twelve hours from it, by two clocks that change on different days."""
    starts = [datetime.fromisoformat(f"{day}T00:20Z") + timedelta(hours=n) for day in CHANGES for n in range(-84, 84)]
    script = """async ([zone, zones, starts, language]) => {
        const { formats, localClock, localDay, instantOf } = await import("/app/core.js");
        return zones.map((own) => {
            const format = formats(language, zone, own);
            return starts.map((start) => {
                const { day, time } = localClock(start, zone);
                const end = start + 12 * 3_600_000;
                const same = localDay(instantOf(day, time, zone), zone) === day;
                return [time, format.beside(day, start), format.beside(day, start, end), same];
            });
        });
    }"""
    found = core.run(script, [zone, ZONES, [int(one.timestamp() * 1000) for one in starts], table("en").for_page("en")])

    for own, shown in zip(ZONES, found, strict=True):
        assert shown == [expected(start, zone, own) for start in starts]


def expected(start: datetime, zone: str, own: str) -> list[Any]:
    theirs, mine = start.astimezone(ZoneInfo(zone)), start.astimezone(ZoneInfo(own))
    end = (start + timedelta(hours=12)).astimezone(ZoneInfo(own))
    moments = [format_moment("en", moment, theirs.date()) for moment in (mine, end)]
    same_day = mine.date() == end.date()
    span = f"{moments[0]}–{end:%H:%M}" if same_day else " – ".join(moments)
    their_end = (start + timedelta(hours=12)).astimezone(ZoneInfo(zone))
    now_same, end_same = mine.utcoffset() == theirs.utcoffset(), end.utcoffset() == their_end.utcoffset()
    return [f"{theirs:%H:%M}", "" if now_same else moments[0], "" if now_same and end_same else span, True]


@pytest.mark.parametrize("day", CHANGES)
@pytest.mark.parametrize("zone", ZONES)
def test_a_duty_from_hand_over_to_hand_over_stands_on_one_day_of_any_length(core: Core, zone: str, day: str) -> None:
    """The hand-over at 02:30 falls into the hour that is missing, or comes twice; the server says when that is."""
    today = date.fromisoformat(day)
    for handover in (time(2, 30), time(9)):
        edges = [instant(each, handover, zone) for each in (today, today + timedelta(days=1))]
        found = [core("instantOf", f"{today + timedelta(days=n)}", f"{handover:%H:%M}", zone) / 1000 for n in (0, 1)]
        assert found == [edge.timestamp() for edge in edges]
        assert core("daysOf", entry(*(edge.isoformat() for edge in edges)), zone) == [day]


@pytest.mark.parametrize(
    ("month", "first", "last", "count"),
    [
        ("2026-11", "2026-10-26", "2026-12-06", 42),
        ("2027-02", "2027-02-01", "2027-02-28", 28),
        ("2028-02", "2028-01-31", "2028-03-05", 35),
        ("2026-12", "2026-11-30", "2027-01-03", 35),
    ],
)
def test_a_month_is_whole_weeks_from_monday(core: Core, month: str, first: str, last: str, count: int) -> None:
    days = core("models/month.js:gridDays", month, 0)

    assert (days[0], days[-1], len(days)) == (first, last, count)


def test_an_unknown_zone_becomes_utc(core: Core) -> None:
    assert core("usableZone", "Mars/Olympus") == "UTC"


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [
        ("2026-11-23T05:00:00Z", "2026-11-23T17:00:00Z", "day"),
        ("2026-11-23T17:00:00Z", "2026-11-24T05:00:00Z", "night"),
        ("2026-11-23T12:00:00Z", "2026-11-23T21:00:00Z", "day"),  # until midnight in Moscow
        ("2026-11-23T06:00:00Z", "2026-11-24T06:00:00Z", "full"),
    ],
)
def test_shifts_are_told_apart_by_their_hours(core: Core, start: str, end: str, kind: str) -> None:
    assert core("shiftKind", entry(start, end), "Europe/Moscow") == kind


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["Dan Duty", "Alice Admin"], ["Dan D.", "Alice A."]),
        (["Иванов Иван Иванович", "Петров Пётр"], ["Иванов И. И.", "Петров П."]),
        (["Alexander Kim", "Alexander Popov"], ["Kim A.", "Popov A."]),
        (["Орлов О.О.", "Орлов Олег", "Петрова П.П."], ["Орлов О.О.", "Олег О.", "Петрова П.П."]),
        (["O. Finch", "Иванова А.А.", "Иванова М.П."], ["O. Finch", "Иванова А.А.", "Иванова М.П."]),
        (["Ann Lee", "Ann Lee"], ["Ann Lee", "Ann Lee"]),
        (["Ann Lee", "Ann Poe", "Bo Lee", "Bo Poe"], ["Ann L.", "Ann P.", "Bo L.", "Bo P."]),
        (["Cher", "  "], ["Cher", "  "]),
        (["𝒜lice 😀"], ["𝒜lice 😀."]),
    ],
)
def test_short_names_tell_people_apart(core: Core, names: list[str], short: list[str]) -> None:
    people = [{"id": number, "name": name} for number, name in enumerate(names)]

    assert core("models/month.js:shortNames", people) == [[number, name] for number, name in enumerate(short)]


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("+7 (901) 000-10-02", "+79010001002"),
        ("8-901-000-10-02", "89010001002"),
        ("javascript:alert(1)", None),
        ("", None),
        (None, None),
    ],
)
def test_only_numbers_are_dialled(core: Core, phone: str | None, number: str | None) -> None:
    assert core("dialable", phone) == number


@pytest.mark.parametrize(
    ("username", "link"),
    [("dan", "https://t.me/dan"), ("a/../b", None), ("x?y", None), (None, None), ("имя", None)],
)
def test_only_usernames_become_links(core: Core, username: str | None, link: str | None) -> None:
    assert core("chatLink", username) == link


@pytest.mark.parametrize(
    ("texts", "signs"),
    [
        (["secondary"], ["S"]),
        (["secondary", "Senior"], ["SEC", "SEN"]),
        (["backup", "Backup"], ["BA", "BA"]),
        (["дежурный 1", "дежурный 2", ""], ["ДЕЖУРНЫЙ1", "ДЕЖУРНЫЙ2", "•"]),
    ],
)
def test_positions_have_the_shortest_signs_that_tell_them_apart(core: Core, texts: list[str], signs: list[str]) -> None:
    assert core("models/month.js:signsOf", texts) == signs
