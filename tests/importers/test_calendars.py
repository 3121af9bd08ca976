"""Calendars of on-call products, Outlook and Google, as .ics and as tables: who is on duty, and what is no duty."""

from datetime import date, timedelta

import pytest

from duty_teller.importers.duty_schedule import Answers, ParsedRoster, Question, RosterFileError, parse_duty_schedule
from tests.importers.builders import MOSCOW

NOBODY = Answers()


def event(title: str, day: int, *lines: str, hours: tuple[int, int] | None = (6, 18), uid: str = "") -> str:
    """Returns an event of a day of March 2026; times are UTC, without any it is of the whole day."""
    times = [f"DTSTART;VALUE=DATE:202603{day:02d}"]
    if hours:
        times = [f"DTSTART:202603{day:02d}T{hours[0]:02d}0000Z", f"DTEND:202603{day:02d}T{hours[1]:02d}0000Z"]
    head = ["BEGIN:VEVENT", "DTSTAMP:20260301T120000Z", f"UID:{uid or (title, day)}"]
    return "\r\n".join([*head, *times, f"SUMMARY:{title}", *lines, "END:VEVENT"])


def calendar(*events: str, name: str = "") -> bytes:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *([f"X-WR-CALNAME:{name}"] if name else [])]
    return "\r\n".join([*head, *events, "END:VCALENDAR", ""]).encode()


def read(data: bytes, answers: Answers = NOBODY, name: str = "x.ics") -> ParsedRoster | tuple[Question, ...]:
    return parse_duty_schedule(data, name, MOSCOW, answers)


def names(data: bytes, answers: Answers = NOBODY, name: str = "x.ics") -> list[str]:
    roster = read(data, answers, name)
    assert isinstance(roster, ParsedRoster), roster
    return [shift.name for shift in roster.shifts]


def guest(name: str, mail: str = "", **params: str) -> str:
    more = "".join(f";{key}={value}" for key, value in params.items())
    return f"ATTENDEE;CN={name}{more}:mailto:{mail or name.split()[0].lower() + '@example.org'}"


def host(name: str) -> str:
    return f"ORGANIZER;CN={name}:mailto:{name.split()[0].lower()}@example.org"


ON_CALL = "On Call - Payments Support - out of hours"

PEOPLE = {
    "attendee_before_the_title": ([event(ON_CALL, 2, guest("Anna Lindt")), event(ON_CALL, 3, guest("Boris Kern"))], 2),
    "attendee_before_the_organiser": ([event("On call", 2, host("Zoe Boss"), guest("Anna Lindt"))], 1),
    "organiser_before_the_name_of_a_schedule": (
        [event("Platform Primary", 2, host("Anna Lindt")), event("Platform Primary", 3, host("Boris Kern"))],
        2,
    ),
    "keeper_of_the_calendar": (
        [event("Anna Lindt", 2, host("Zoe Boss")), event("Boris Kern", 3, host("Zoe Boss"))],
        2,
    ),
    "title_with_a_word_for_duty_and_a_keeper": ([event("Anna Lindt on call", 2, host("Zoe Boss"))], 1),
    "whole_team_is_invited": (
        [
            event("On call: Anna Lindt", 2, guest("Zoe Boss"), guest("Mia Holt")),
            event("On call: Boris Kern", 3, guest("Zoe Boss"), guest("Mia Holt")),
        ],
        2,
    ),
    "title_names_one_of_the_attendees": (
        [event("Anna on call", 2, guest("Anna Lindt"), guest("Zoe Boss")), event("On call", 3, guest("Boris Kern"))],
        2,
    ),
    "opsgenie": (
        [
            event("anna.lindt@example.org on-call for Schedule Ops_schedule", 2),
            event("boris.kern@example.org on-call for Schedule Ops_schedule", 3),
        ],
        2,
    ),
    "pagerduty_with_names": (
        [event("On Call - Anna Lindt - Primary Rotation", 2), event("On Call - Boris Kern - Primary Rotation", 3)],
        2,
    ),
    "grafana_oncall": ([event("[L1] anna.lindt", 2), event("[L2] boris.kern", 3)], 2),
    "role_behind_the_name": ([event("Anna Lindt (Primary)", 2), event("Boris Kern - L1", 3)], 2),
    "role_before_the_name": ([event("Primary: Anna Lindt", 2), event("Backup Boris Kern", 3)], 2),
    "first_names": ([event("Anna", 2), event("Boris", 3), event("Anna", 4), event("Boris", 5)], 4),
    "title_is_the_calendars_name": (
        [event("Berlin Rota", 2, guest("Anna Lindt")), event("Berlin Rota", 3, guest("Boris Kern"))],
        2,
    ),
    "room_and_a_decline": (
        [event("On call", 2, guest("Anna Lindt"), guest("Room 1", CUTYPE="ROOM"), guest("Sam", PARTSTAT="DECLINED"))],
        1,
    ),
}


@pytest.mark.parametrize(("events", "count"), PEOPLE.values(), ids=PEOPLE)
def test_person_on_duty_is_found(events: list[str], count: int) -> None:
    found = names(calendar(*events, name="Berlin Rota"))

    assert [name.casefold().replace(".", " ").split("@")[0].split()[0] for name in found] == ["anna", "boris"] * (
        count // 2
    ) + ["anna"] * (count % 2)


FOREIGN = {
    "standup": event("Standup", 4, guest("Anna Lindt"), guest("Boris Kern"), hours=(8, 9)),
    "meeting_of_the_whole_day": event("Team Offsite", 4, guest("Anna Lindt"), hours=None),
    "meeting_in_russian": event("Планёрка отдела", 4, guest("Anna Lindt"), hours=(8, 9)),
    "meeting_in_german": event("Besprechung", 4, host("Zoe Boss"), hours=(8, 9)),
    "short_event_with_a_title_of_its_own": event("Budget", 4, guest("Zoe Boss"), hours=(8, 9)),
    "unknown_single_word_of_a_day": event("Ostern", 4, hours=None),
}
DUTIES = [event("On call: Anna Lindt", 2), event("On call: Boris Kern", 3)]


@pytest.mark.parametrize("foreign", FOREIGN.values(), ids=FOREIGN)
def test_event_that_looks_like_no_duty_is_named_and_asked_about(foreign: str) -> None:
    data = calendar(*DUTIES, foreign)
    title = next(line for line in foreign.split("\r\n") if line.startswith("SUMMARY")).partition(":")[2]

    (question,) = read(data)  # type: ignore[misc]

    assert (question.kind, question.subject, question.options) == ("foreign", title, ("leave", "take"))
    left = read(data, NOBODY.answered("foreign", title, "leave"))
    assert isinstance(left, ParsedRoster)
    assert [shift.name for shift in left.shifts] == ["Anna Lindt", "Boris Kern"]
    assert left.names == ("Anna Lindt", "Boris Kern")
    assert [title in warning.text("en") for warning in left.warnings] == [True]
    assert len(names(data, NOBODY.answered("foreign", title, "take"))) > 2


def test_all_foreign_events_are_one_question() -> None:
    meetings = [event(f"Meeting {letter}", 4, guest("Zoe Boss"), hours=(8, 9)) for letter in "ABCDEFG"]

    (question,) = read(calendar(*DUTIES, *meetings))  # type: ignore[misc]

    assert (question.count, question.subject) == (
        7,
        "Meeting A, Meeting B, Meeting C, Meeting D, Meeting E…",
    )


@pytest.mark.parametrize(
    "foreign",
    [
        event("Office closed", 4, hours=None),
        event("Public holiday", 4, hours=None),
        event("Birthday Mia Holt", 4, hours=None),
        event("Standup", 4, "RRULE:FREQ=HOURLY", hours=(8, 9)),
    ],
)
def test_event_of_nobody_is_left_out_with_a_word(foreign: str) -> None:
    roster = read(calendar(*DUTIES, foreign))

    assert isinstance(roster, ParsedRoster)
    assert len(roster.shifts) == 2
    assert [warning.key for warning in roster.warnings] == ["import.file.events_of_nobody"]


def test_broken_meeting_does_not_refuse_the_duties() -> None:
    bad = event("Standup", 4, guest("Zoe Boss"), "RRULE:FREQ=SECONDLY", hours=(8, 9))

    roster = read(calendar(*DUTIES, bad))

    assert isinstance(roster, ParsedRoster)
    assert [warning.text("en") for warning in roster.warnings] == [
        "I left out 1 event that doesn't look like a duty: Standup."
    ]


def test_calendar_of_meetings_alone_is_asked_about() -> None:
    data = calendar(event("Standup", 4, guest("Anna Lindt"), hours=(8, 9)))

    (question,) = read(data)  # type: ignore[misc]

    assert (question.kind, question.options) == ("foreign", ("take",))
    assert names(data, NOBODY.answered("foreign", "Standup", "take")) == ["Anna Lindt"]


def test_series_given_away_for_a_day() -> None:
    day = ["DTSTART;TZID=Europe/Berlin:20260302T090000", "DTEND;TZID=Europe/Berlin:20260303T090000"]
    moved = ["DTSTART;TZID=Europe/Berlin:20260331T090000", "DTEND;TZID=Europe/Berlin:20260401T090000"]
    head = ["BEGIN:VEVENT", "DTSTAMP:20260301T120000Z", "UID:series"]
    first = [*head, *day, "RRULE:FREQ=WEEKLY;COUNT=5", "SUMMARY:On call: Anna Lindt", "END:VEVENT"]
    other = [
        *head,
        *moved,
        "RECURRENCE-ID;TZID=Europe/Berlin:20260330T090000",
        "SUMMARY:On call: Boris Kern",
        "END:VEVENT",
    ]

    roster = read(calendar("\r\n".join(first), "\r\n".join(other)))

    assert isinstance(roster, ParsedRoster)
    # The clocks of Berlin go forward on 29 March: 09:00 is 08:00 UTC before and 07:00 UTC after.
    assert [f"{shift.name} {shift.start:%d.%m %H:%M}" for shift in roster.shifts] == [
        "Anna Lindt 02.03 08:00",
        "Anna Lindt 09.03 08:00",
        "Anna Lindt 16.03 08:00",
        "Anna Lindt 23.03 08:00",
        "Boris Kern 31.03 07:00",
    ]


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("RRULE:FREQ=DAILY;COUNT=1000000000", 400),
        ("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", 1),
        ("RRULE:FREQ=WEEKLY;UNTIL=20260317T000000Z", 3),
        (
            "RRULE:FREQ=DAILY\r\n" + "\r\n".join(f"EXDATE:{2100 + n // 28}0101T{n % 24:02d}0000Z" for n in range(5000)),
            400,
        ),
        ("RDATE:20260305T060000Z,20260307T060000Z", 3),
    ],
    ids=["a-billion", "never-true", "until", "many-exceptions", "dates"],
)
def test_rules_are_followed_within_limits(rule: str, count: int) -> None:
    assert len(names(calendar(event("On call: Anna Lindt", 2, rule)))) == count


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=3", "FREQ=DAILY;BYHOUR=1,2", "FREQ=DAILY;INTERVAL=0"]
)
def test_rule_of_several_times_a_day_is_refused_by_name(rule: str) -> None:
    with pytest.raises(RosterFileError) as refused:
        read(calendar(event("On call: Anna Lindt", 2, f"RRULE:{rule}")))

    assert refused.value.problems[0].where == "On call: Anna Lindt (2026-03-02)"
    assert refused.value.problems[0].key == "import.file.event_rule"


def table(*rows: str, head: str = "Subject,Start Date,Start Time,End Date,End Time,All Day Event") -> bytes:
    return "\r\n".join([head, *rows, ""]).encode()


TABLES = {
    "google": table("On call: Anna Lindt,3/13/2026,9:00 AM,3/20/2026,9:00 AM,False"),
    "google_whole_days": table("On call: Anna Lindt,03/13/2026,,03/19/2026,,True"),
    "outlook": table(
        '"Anna Lindt","13.03.2026","09:00:00","20.03.2026","09:00:00","Falsch","Zoe Boss"',
        head='"Betreff","Beginnt am","Beginnt um","Endet am","Endet um","Ganztägiges Ereignis","Notiz"',
    ),
    "outlook_russian": table(
        '"Дежурство","13.03.2026","9:00:00","20.03.2026","9:00:00","Anna Lindt"',
        head='"Тема","Дата начала","Время начала","Дата завершения","Время завершения","Обязательные участники"',
    ),
    "outlook_whole_days": table(
        '"Anna Lindt on call","13.03.2026","0:00:00","20.03.2026","0:00:00","True"',
    ),
    "weeks_settle_the_order": table("Anna Lindt,3/4/2026,9:00 AM,3/11/2026,9:00 AM,False").replace(b"3/", b"3/"),
}


@pytest.mark.parametrize(("name", "data"), TABLES.items(), ids=TABLES)
def test_calendar_saved_as_a_table(name: str, data: bytes) -> None:
    roster = read(data, name="calendar.csv")

    assert isinstance(roster, ParsedRoster), roster
    assert roster.names == ("Anna Lindt",)
    first = date(2026, 3, 4) if name.startswith("weeks") else date(2026, 3, 13)
    assert (roster.first_day, (roster.last_day - roster.first_day).days) == (first, 6)
    assert {(shift.start.hour, shift.end.hour) for shift in roster.shifts} == {(6, 6)}


def test_order_of_dates_that_nothing_settles_is_asked() -> None:
    data = table("Anna Lindt,3/4/2026,9:00,3/5/2026,9:00,False", "Boris Kern,4/4/2026,9:00,4/5/2026,9:00,False")

    result = read(data, name="calendar.csv")

    assert isinstance(result, ParsedRoster)  # with the day first each would last a month
    assert [f"{shift.start:%m-%d}" for shift in result.shifts] == ["03-04", "04-04"]
    data = table("Anna Lindt,3/4/2026,9:00,3/4/2026,18:00,False", "Boris Kern,4/4/2026,9:00,4/4/2026,18:00,False")
    (question,) = read(data, name="calendar.csv")  # type: ignore[misc]
    assert (question.kind, question.subject, question.options) == ("order", "3/4/2026", ("dmy", "mdy"))
    for order, day in (("dmy", "04-03"), ("mdy", "03-04")):
        roster = read(data, NOBODY.answered("order", "3/4/2026", order), "calendar.csv")
        assert isinstance(roster, ParsedRoster)
        assert f"{roster.shifts[0].start:%m-%d}" == day or order == "dmy"


def test_meeting_in_a_table_is_asked_about() -> None:
    data = table(
        "On call: Anna Lindt,3/13/2026,9:00 AM,3/20/2026,9:00 AM,False",
        "Standup,3/14/2026,9:00 AM,3/14/2026,9:15 AM,False",
    )

    roster = read(data, name="calendar.csv")

    assert isinstance(roster, ParsedRoster)
    assert [warning.key for warning in roster.warnings] == ["import.file.events_of_nobody"]


def test_table_with_a_date_that_is_none_names_its_row() -> None:
    with pytest.raises(RosterFileError) as refused:
        read(table("Anna Lindt,33/33/2026,9:00,1/1/2026,9:00,False"), name="calendar.csv")

    assert refused.value.problems[0].where == "line 2"


def zoned(zone: str, *head: str) -> bytes:
    """Anna's duty of 10 July 2026, 09:00–21:00 of a zone; without one the calendar's own counts."""
    mark = f";TZID={zone}" if zone else ""
    times = [f"DTSTART{mark}:20260710T090000", f"DTEND{mark}:20260710T210000"]
    lines = ["BEGIN:VEVENT", "UID:1", *times, "SUMMARY:On call", guest("Anna Lindt"), "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *head, *lines, "END:VCALENDAR", ""]).encode()


@pytest.mark.parametrize(
    "data", [zoned("EST"), zoned("", "X-WR-TIMEZONE:EST")], ids=["of the event", "of the calendar"]
)
def test_times_of_an_abbreviated_zone_are_asked_about(data: bytes) -> None:
    found = read(data)
    assert not isinstance(found, ParsedRoster)
    (question,) = [one for one in found if one.kind == "zone"]
    assert (question.subject, question.options) == ("EST", ("America/New_York", "Etc/GMT+5"))

    for option, hour in (("America/New_York", 13), ("Etc/GMT+5", 14)):
        roster = read(data, NOBODY.answered("zone", "EST", option))
        assert isinstance(roster, ParsedRoster)
        assert [(shift.start.hour, shift.end - shift.start) for shift in roster.shifts] == [(hour, timedelta(hours=12))]
    assert isinstance(read(zoned("America/New_York")), ParsedRoster)
    assert isinstance(read(zoned("America/New_York", "X-WR-TIMEZONE:EST")), ParsedRoster)


def test_two_abbreviated_zones_are_asked_about_one_after_the_other() -> None:
    one, other = zoned("EST").decode(), zoned("CET").decode().replace("0710", "0711").replace("UID:1", "UID:2")
    both = one.replace("END:VCALENDAR\r\n", other.split("VERSION:2.0\r\n")[1])

    answers = NOBODY.answered("zone", "EST", "America/New_York").answered("zone", "CET", "Europe/Berlin")
    roster = read(both.encode(), answers)

    assert isinstance(roster, ParsedRoster)
    assert [shift.start.hour for shift in roster.shifts] == [13, 7]


def test_zone_that_the_file_defines_itself_is_taken_as_defined() -> None:
    definition = ["BEGIN:VTIMEZONE", "TZID:EST", "BEGIN:STANDARD", "DTSTART:19700101T000000"]
    definition += ["TZOFFSETFROM:-0500", "TZOFFSETTO:-0500", "TZNAME:EST", "END:STANDARD", "END:VTIMEZONE"]

    roster = read(zoned("EST", *definition))

    assert isinstance(roster, ParsedRoster)
    assert [shift.start.hour for shift in roster.shifts] == [14]
