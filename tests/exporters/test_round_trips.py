"""What was exported goes back in with no question and no change, whatever the schedule."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from itertools import pairwise, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlmodel import col, select

from duty_teller.db.models import Duty
from duty_teller.domain.shift import ABSENCES
from duty_teller.exporters.fixed_json import NotInJsonError
from duty_teller.importers.duty_schedule import ParsedRoster, RosterFileError, parse_duty_schedule
from duty_teller.services.export import write_file
from duty_teller.utils.handover import instant
from tests.exporters.conftest import MakeTeam, Stored, at, days, duty
from tests.properties import examples

PEOPLE = ("Alice Admin", "Dan Duty")
FORMATS = ("xlsx", "csv", "ics")
ALL = (*FORMATS, "json")
ODD_NAMES = (
    "Иванова Анна",
    "=SUM(A1)",
    "'-x",
    "@dandy",
    "+7 900",
    "Total",
    "Monday",
    "Dan",
    'O\'Neil, Pat; "x"',
    "Alice (ICU) @alice_icu",
    "Alice (ER) @alice_er",
    "on call / duty",
    "12345",
    "\\n, BEGIN:VEVENT",
)


@pytest.mark.parametrize(("file_format", "lang"), list(product(ALL, ("en", "ru"))))
def test_duties_and_absences_go_back_unchanged(make_team: MakeTeam, file_format: str, lang: str) -> None:
    shifts = [duty(0, "2026-11-02"), duty(1, "2026-11-03"), duty(1, "2026-11-04"), days(0, "2026-11-10", "2026-11-12")]

    with make_team(PEOPLE, shifts) as team:
        assert team.unchanged(team.export("2026-11-01", "2026-11-30", file_format, lang))


@pytest.mark.parametrize(("file_format", "lang"), list(product(("xlsx", "csv", "ics"), ("en", "ru"))))
def test_files_that_name_public_holidays_go_back_unchanged(make_team: MakeTeam, file_format: str, lang: str) -> None:
    with make_team(PEOPLE, [duty(0, "2026-12-25"), duty(1, "2026-12-26")]) as team:
        team.roster.holidays = "DE-BY"
        assert team.unchanged(team.export("2026-12-01", "2026-12-31", file_format, lang))


@pytest.mark.parametrize("file_format", ALL)
def test_absence_over_both_edges_goes_back_unchanged(make_team: MakeTeam, file_format: str) -> None:
    shifts = [duty(1, "2026-11-03"), days(0, "2026-10-20", "2026-11-05"), days(0, "2026-11-25", "2026-12-24")]

    with make_team(PEOPLE, shifts) as team:
        assert team.unchanged(team.export("2026-11-01", "2026-11-30", file_format))


@pytest.mark.parametrize("file_format", ALL)
def test_absences_that_meet_go_back_unchanged(make_team: MakeTeam, file_format: str) -> None:
    shifts = [days(0, "2026-11-02", "2026-11-05"), days(0, "2026-11-06", "2026-11-09"), duty(1, "2026-11-03")]

    with make_team(PEOPLE, shifts) as team:
        assert team.unchanged(team.export("2026-11-01", "2026-11-30", file_format))


@pytest.mark.parametrize("file_format", ALL)
@pytest.mark.parametrize("week", ["2026-03-23", "2026-10-19"])
def test_weeks_in_which_clocks_change_go_back_unchanged(make_team: MakeTeam, file_format: str, week: str) -> None:
    first = date.fromisoformat(week)
    shifts = [duty(index % 2, str(first + timedelta(days=index)), hour=2) for index in range(14)]

    with make_team(PEOPLE, shifts, handover=time(2)) as team:
        assert team.unchanged(team.export(first, first + timedelta(days=13), file_format))


@pytest.mark.parametrize("file_format", FORMATS)
def test_odd_hours_and_positions_go_back_unchanged(make_team: MakeTeam, file_format: str) -> None:
    shifts = [
        Stored(0, at("2026-11-02", 8), at("2026-11-02", 20), position="primary"),
        Stored(0, at("2026-11-02", 21), at("2026-11-03"), position="backup"),
        Stored(1, at("2026-11-02", 20), at("2026-11-03"), position="primary"),
        Stored(1, at("2026-11-03"), at("2026-11-03", 8), position="primary"),
        Stored(1, at("2026-11-05", 20), at("2026-11-06", 8)),
        duty(0, "2026-11-09", days=7),
        Stored(1, at("2026-11-30", 22), at("2026-12-01", 6, 15)),
    ]

    with make_team(PEOPLE, shifts) as team:
        assert team.unchanged(team.export("2026-11-01", "2026-11-30", file_format))


@pytest.mark.parametrize("file_format", FORMATS)
def test_second_pass_of_the_doubled_hour_goes_back_unchanged(make_team: MakeTeam, file_format: str) -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 in Berlin, for the second time
    first = second - timedelta(hours=1)

    with make_team(PEOPLE, [Stored(0, first, second), Stored(1, second, at("2026-10-25", 9))]) as team:
        assert team.unchanged(team.export("2026-10-19", "2026-10-25", file_format))


@pytest.mark.parametrize("file_format", ALL)
def test_names_that_are_formulas_or_labels_go_back_unchanged(make_team: MakeTeam, file_format: str) -> None:
    shifts = [duty(index, str(date(2026, 11, 1) + timedelta(days=index))) for index in range(len(ODD_NAMES))]

    with make_team(ODD_NAMES, shifts) as team:
        assert team.unchanged(team.export("2026-11-01", "2026-11-30", file_format))


@pytest.mark.parametrize("file_format", FORMATS)
def test_one_day_goes_back_unchanged(make_team: MakeTeam, file_format: str) -> None:
    with make_team(PEOPLE, [duty(0, "2026-11-02"), duty(1, "2026-11-03")]) as team:
        assert team.unchanged(team.export("2026-11-02", "2026-11-02", file_format))


def test_edited_workbook_changes_what_was_edited(make_team: MakeTeam) -> None:
    with make_team(PEOPLE, [duty(0, "2026-11-02"), duty(1, "2026-11-03"), days(0, "2026-11-10", "2026-11-12")]) as team:
        data = team.export("2026-11-01", "2026-11-30", "xlsx")
        plan = team.plan(_edited(data, {"C4": None, "E4": "N", "M4": "V"}))

    alice = plan.people[0].user_id
    assert [(s.user_id, s.start_at, s.end_at) for s in plan.diff.removed] == [
        (alice, at("2026-11-02", 9), at("2026-11-03", 9))
    ]
    assert [(s.user_id, s.start_at, s.end_at) for s in plan.diff.added] == [
        (alice, at("2026-11-04", 20), at("2026-11-05", 8))
    ]
    assert plan.diff.changed == []


def test_code_typed_into_an_exported_workbook_is_asked(make_team: MakeTeam) -> None:
    with make_team(PEOPLE, [duty(0, "2026-11-02"), duty(1, "2026-11-03")]) as team:
        data = _edited(team.export("2026-11-01", "2026-11-30", "xlsx"), {"E4": "Zz"})

    (question,) = parse_duty_schedule(data)
    assert (question.kind, question.subject, question.example) == ("code", "Zz", "November 2026!E4")


def test_workbook_without_its_hidden_sheet_is_read_like_any_other(make_team: MakeTeam) -> None:
    with make_team(PEOPLE, [duty(0, "2026-11-02"), duty(1, "2026-11-03"), days(0, "2026-11-10", "2026-11-12")]) as team:
        book = load_workbook(BytesIO(team.export("2026-11-01", "2026-11-30", "xlsx")))
    del book["duty-teller"]
    target = BytesIO()
    book.save(target)

    questions = parse_duty_schedule(target.getvalue())

    assert isinstance(questions, tuple)
    # V is explained by the workbook's own legend.
    assert [(question.kind, question.subject, question.count) for question in questions] == [("code", "On", 2)]


def test_person_and_shift_added_to_an_exported_workbook_are_taken(make_team: MakeTeam) -> None:
    with make_team(PEOPLE, [duty(0, "2026-11-02"), duty(1, "2026-11-03")]) as team:
        book = load_workbook(BytesIO(team.export("2026-11-01", "2026-11-30", "xlsx")))
        sheet = book.worksheets[0]
        sheet.insert_rows(5)
        sheet["A5"], sheet["F5"], sheet["G5"] = "Carol New", "N/ 08:00-09:30", "отпуск"
        target = BytesIO()
        book.save(target)
        plan = team.plan(target.getvalue())

    assert [person.name for person in plan.people if person.is_new] == ["Carol New"]
    assert [(s.start_at, s.end_at, s.event_type) for s in sorted(plan.diff.added, key=lambda s: s.start_at)] == [
        (at("2026-11-05", 8), at("2026-11-05", 9, 30), "duty"),
        (at("2026-11-05", 20), at("2026-11-06", 8), "duty"),
        (at("2026-11-06"), at("2026-11-07"), "vacation"),
    ]
    assert plan.diff.removed == plan.diff.changed == []


@pytest.mark.parametrize(
    ("written", "instead", "where"),
    [
        (b"2026-11-03 09:00+01:00,2026-11-04", b"someday,2026-11-04", "line 3"),
        (b"2026-11-03 09:00+01:00,2026-11-04", b"2026-11-05 09:00+01:00,2026-11-04", "line 3"),
        (b"Dan Duty", b"", "line 3"),
    ],
)
def test_spoiled_row_of_a_list_is_named(make_team: MakeTeam, written: bytes, instead: bytes, where: str) -> None:
    with make_team(PEOPLE, [duty(0, "2026-11-02"), duty(1, "2026-11-03")]) as team:
        data = team.export("2026-11-01", "2026-11-30", "csv").replace(written, instead)

    with pytest.raises(RosterFileError) as refused:
        parse_duty_schedule(data)

    assert [problem.where for problem in refused.value.problems] == [where]


def test_calendar_with_an_event_of_somebody_else_is_read_like_any_other(make_team: MakeTeam) -> None:
    event = b"BEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:20261101T000000Z\r\nSUMMARY:Alice Admin\r\n"
    event += b"DTSTART:20261110T080000Z\r\nDTEND:20261110T200000Z\r\nEND:VEVENT\r\nEND:VCALENDAR"
    with make_team(("Alice Admin", "Boris Petrov"), [duty(0, "2026-11-02"), duty(1, "2026-11-03")]) as team:
        data = team.export("2026-11-01", "2026-11-30", "ics").replace(b"END:VCALENDAR", event)

    parsed = parse_duty_schedule(data)

    assert isinstance(parsed, ParsedRoster)
    assert [shift.start.isoformat() for shift in parsed.shifts if shift.name == "Alice Admin"][-1:] == [
        "2026-11-10T08:00:00+00:00"
    ]


def test_shortened_vacation_in_a_list_is_a_change(make_team: MakeTeam) -> None:
    with make_team(PEOPLE, [duty(1, "2026-11-01"), duty(1, "2026-11-28"), days(0, "2026-11-10", "2026-11-12")]) as team:
        data = team.export("2026-11-01", "2026-11-30", "csv").replace(b"2026-11-12", b"2026-11-11")
        plan = team.plan(data)

    ((before, after),) = plan.diff.changed
    assert (before.end_at, after.end_at) == (at("2026-11-13"), at("2026-11-12"))


def test_row_taken_out_of_a_list_is_a_shift_taken_off(make_team: MakeTeam) -> None:
    with make_team(PEOPLE, [duty(1, "2026-11-01"), duty(1, "2026-11-15"), duty(1, "2026-11-28")]) as team:
        lines = team.export("2026-11-01", "2026-11-30", "csv").splitlines(keepends=True)
        plan = team.plan(b"".join(line for line in lines if b"2026-11-15 09:00" not in line))

    assert [shift.start_at for shift in plan.diff.removed] == [at("2026-11-15", 9)]
    assert plan.diff.added == []


def _edited(data: bytes, cells: dict[str, str | None]) -> bytes:
    book = load_workbook(BytesIO(data))
    for address, value in cells.items():
        book.worksheets[0][address] = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()


# -- any schedule --------------------------------------------------------------------------------------------------

ZONES = ("Europe/Berlin", "Europe/Moscow", "America/Havana", "Australia/Lord_Howe", "Africa/Cairo")
STARTS = (date(2026, 3, 2), date(2026, 4, 1), date(2026, 10, 1), date(2026, 10, 20), date(2026, 12, 20))


@st.composite
def schedules(draw: st.DrawFn) -> tuple[str, time, date, date, list[str], list[Stored]]:
    """A zone, a hand-over, days, people, and shifts in which nobody is twice at once in one position."""
    zone = draw(st.sampled_from(ZONES))
    handover = draw(st.sampled_from((time(0), time(2, 30), time(9))))
    first = draw(st.sampled_from(STARTS)) + timedelta(days=draw(st.integers(0, 9)))
    last = first + timedelta(days=draw(st.integers(0, 45)))
    people = draw(st.lists(st.sampled_from(ODD_NAMES), min_size=1, max_size=4, unique=True))
    shifts: list[Stored] = []
    for _ in range(draw(st.integers(1, 14))):
        who = draw(st.integers(0, len(people) - 1))
        day = first + timedelta(days=draw(st.integers(-3, (last - first).days + 1)))
        shift = draw(_shift(who, day, zone, handover))
        if not any(_clash(shift, other) for other in shifts):
            shifts.append(shift)
    return zone, handover, first, last, people, shifts


@st.composite
def _shift(draw: st.DrawFn, who: int, day: date, zone: str, handover: time) -> Stored:
    position = draw(st.sampled_from((None, None, "primary", "=backup, 2")))
    note = draw(st.sampled_from((None, "swap; with Sam", "=1+1")))
    next_day = day + timedelta(days=1)
    kind = draw(st.sampled_from(("handover", "handover", "day", "night", "midnight", "any", "week", "away")))
    if kind == "away":
        end = day + timedelta(days=draw(st.integers(1, 12)))
        event_type = draw(st.sampled_from(ABSENCES))
        return Stored(who, instant(day, time(0), zone), instant(end, time(0), zone), event_type)
    if kind == "any":
        start = datetime.combine(day, time(0), UTC) + timedelta(minutes=15 * draw(st.integers(0, 95)))
        return Stored(who, start, start + timedelta(minutes=15 * draw(st.integers(1, 300))), position=position)
    begins, ends, until = {
        "handover": (handover, handover, next_day),
        "day": (time(8), time(20), day),
        "night": (time(20), time(8), next_day),
        "midnight": (time(20), time(0), next_day),
        "week": (handover, handover, day + timedelta(days=7)),
    }[kind]
    return Stored(who, instant(day, begins, zone), instant(until, ends, zone), position=position, note=note)


def _clash(one: Stored, other: Stored) -> bool:
    same = (one.who, one.kind, one.position) == (other.who, other.kind, other.position)
    return same and one.start < other.end and other.start < one.end


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(schedules(), st.sampled_from(("en", "ru")))
def test_any_schedule_survives_export_and_import(
    make_team: MakeTeam, drawn: tuple[str, time, date, date, list[str], list[Stored]], lang: str
) -> None:
    zone, handover, first, last, people, shifts = drawn
    start, end = instant(first, time(0), zone), instant(last + timedelta(days=1), time(0), zone)
    begun = [shift for shift in shifts if start <= shift.start < end]
    if not begun:
        return
    with make_team(people, shifts, zone, handover) as team:
        schedule = team.read(first, last, lang)
        for file_format in ALL:
            try:
                data = write_file(schedule, file_format).data
            except NotInJsonError as error:
                assert any(name.partition(" @")[0] in error.text(lang) for name in people)
                continue
            assert team.unchanged(data), file_format


NOTE = 'Ключи у охраны; "14",\nзвонить до 21:00 🔑'


@pytest.mark.parametrize(("file_format", "lang"), list(product(("csv", "ics", "json"), ("en", "ru"))))
def test_notes_go_out_and_back_and_what_is_edited_in_between_is_a_change(
    make_team: MakeTeam, file_format: str, lang: str
) -> None:
    """A note that is gone from the list is taken off; JSON and a workbook leave what they do not name."""
    shifts = [
        replace(duty(0, "2026-11-02"), note=NOTE),
        duty(1, "2026-11-03"),
        replace(days(0, "2026-11-10", "2026-11-12"), note="Sea"),
        days(0, "2026-11-13", "2026-11-14"),
        replace(days(1, "2026-11-16", "2026-11-17"), note="Alps"),
        replace(days(1, "2026-11-18", "2026-11-19"), note="Home"),
    ]
    with make_team(PEOPLE, shifts) as team:
        data = team.export("2026-11-01", "2026-11-30", file_format, lang)
        assert team.unchanged(data)
        first, *_others = team.session.exec(select(Duty).order_by(col(Duty.id)))
        first.note = "=other"
        team.session.flush()
        (item,) = team.plan(data).diff.items
        assert item.is_note and item.after is not None and item.after.note == NOTE
        assert team.unchanged(team.export("2026-11-01", "2026-11-30", "csv", lang))
        assert team.unchanged(team.export("2026-11-01", "2026-11-30", "xlsx", lang))
        if file_format == "csv":
            for gone in ("Alps", "Home"):
                _first, item = team.plan(data.replace(gone.encode(), b"")).diff.items
                assert item.is_note and item.before is not None and item.after is not None
                assert (item.before.note, item.after.note) == (gone, None)


def test_note_that_is_too_long_or_of_no_day_is_refused_with_its_place(make_team: MakeTeam) -> None:
    with make_team(PEOPLE, [replace(duty(0, "2026-11-02"), note="short")]) as team:
        data = team.export("2026-11-01", "2026-11-30", "csv")
        letters = team.export("2026-11-01", "2026-11-30", "json")
        for spoiled, said in (
            (data.replace(b"short", b"x" * 501), "line 2: the note is longer than 500 characters."),
            (letters.replace(b"short", b"x" * 501), "schedule[0].notes.2026-11-02: the note is longer than 500"),
            (letters.replace(b"2026-11-02", b"2026-11-04"), "the note of “2026-11-04” belongs to nothing"),
        ):
            with pytest.raises(RosterFileError) as refused:
                team.plan(spoiled)
            assert said in refused.value.text("en")


def test_notes_of_duties_that_meet_at_midnight_go_back_each_to_its_own(make_team: MakeTeam) -> None:
    """A piece without a note is not given its neighbour's; one whose note is taken off loses that alone."""
    hours = [("2026-11-02", 20), ("2026-11-03", 0), ("2026-11-04", 0), ("2026-11-05", 0)]
    spans = [(at(*one), at(*other)) for one, other in pairwise(hours)]
    shifts = [Stored(0, *span, note=note) for span, note in zip(spans, ("first", None, "last"), strict=True)]
    with make_team(PEOPLE, shifts) as team:
        data = team.export("2026-11-01", "2026-11-30", "csv")
        assert team.unchanged(data)
        (item,) = team.plan(data.replace(b"first", b"")).diff.items
        assert (
            item.before is not None
            and item.after is not None
            and (item.before.note, item.after.note) == ("first", None)
        )
