"""From cells to instants: hand-overs, clock changes, midnights, whole days."""

from datetime import date, time

import pytest

from duty_teller.importers.duty_schedule import (
    Answers,
    ParsedRoster,
    RosterFileError,
    RosterRules,
    parse_codes,
    parse_duty_schedule,
)
from duty_teller.utils.handover import Handover
from tests.importers.builders import BERLIN, MOSCOW, grid, workbook

CODES = Answers(parse_codes("С=duty,Д=day,Н=night"))


def parse(first: date, cells: dict[int, object], rules: RosterRules = MOSCOW) -> ParsedRoster:
    table = grid(first, 28, {"Алиса": cells}, header=lambda day: day)
    roster = parse_duty_schedule(workbook(Лист1=table), "x.xlsx", rules, CODES)
    assert isinstance(roster, ParsedRoster)
    return roster


def spans(roster: ParsedRoster) -> list[str]:
    return [f"{shift.start:%m-%d %H:%M}/{shift.end:%m-%d %H:%M}" for shift in roster.shifts]


def test_duties_of_consecutive_days_stay_separate() -> None:
    assert spans(parse(date(2025, 2, 1), {1: "С", 2: "С"})) == ["02-01 06:00/02-02 06:00", "02-02 06:00/02-03 06:00"]


def test_duty_over_a_clock_change_has_23_or_25_hours() -> None:
    spring = parse(date(2025, 3, 29), {1: "С"}, BERLIN).shifts[0]
    autumn = parse(date(2025, 10, 25), {1: "С"}, BERLIN).shifts[0]

    assert [(shift.end - shift.start).total_seconds() / 3600 for shift in (spring, autumn)] == [23, 25]


def test_handover_in_the_spring_gap_happens_at_its_end() -> None:
    rules = RosterRules(Handover(time(2, 30), "Europe/Berlin"))

    assert spans(parse(date(2025, 3, 30), {1: "С"}, rules)) == ["03-30 01:00/03-31 00:30"]


def test_explicit_time_in_the_spring_gap_is_refused_with_its_cell() -> None:
    with pytest.raises(RosterFileError) as refused:
        parse(date(2025, 3, 30), {1: "02:30-10:00"}, BERLIN)

    assert refused.value.text("en") == (
        "Лист1!B2: 02:30 doesn't exist on Sun 30 Mar 2025: the clocks go forward, Europe/Berlin."
    )


def test_explicit_time_in_the_doubled_hour_takes_the_first_and_says_so() -> None:
    roster = parse(date(2025, 10, 26), {1: "02:30-10:00"}, BERLIN)

    assert spans(roster) == ["10-26 00:30/10-26 09:00"]
    assert [warning.text("en") for warning in roster.warnings] == [
        "Лист1!B2: 02:30 happens twice on Sun 26 Oct 2025, when the clocks go back. I took the first one."
    ]


def test_pieces_that_meet_at_midnight_are_joined() -> None:
    assert spans(parse(date(2025, 2, 1), {1: "20:00-24:00", 2: "0:00-8:00"})) == ["02-01 17:00/02-02 05:00"]


def test_pieces_that_meet_at_another_hour_are_not_joined() -> None:
    assert spans(parse(date(2025, 2, 1), {1: "8:00-12:00, 12:00-16:00"})) == [
        "02-01 05:00/02-01 09:00",
        "02-01 09:00/02-01 13:00",
    ]


def test_end_not_after_start_is_the_next_day() -> None:
    assert spans(parse(date(2025, 2, 1), {1: "20:00-08:00", 5: "8:00-8:00"})) == [
        "02-01 17:00/02-02 05:00",
        "02-05 05:00/02-06 05:00",
    ]


def test_day_and_night_follow_the_rules_of_the_roster() -> None:
    rules = RosterRules(Handover(time(9), "Europe/Moscow"), (time(7), time(19)), (time(19), time(7)))

    assert spans(parse(date(2025, 2, 1), {1: "Д", 2: "Н"}, rules)) == [
        "02-01 04:00/02-01 16:00",
        "02-02 16:00/02-03 04:00",
    ]


def test_consecutive_days_away_are_one_shift_from_midnight_to_midnight() -> None:
    roster = parse(date(2025, 3, 28), {1: "отпуск", 2: "отпуск", 3: "отпуск", 4: "sick", 6: "отпуск"}, BERLIN)

    assert [(shift.event_type, span) for shift, span in zip(roster.shifts, spans(roster), strict=True)] == [
        ("vacation", "03-27 23:00/03-30 22:00"),
        ("sick", "03-30 22:00/03-31 22:00"),
        ("vacation", "04-01 22:00/04-02 22:00"),
    ]
