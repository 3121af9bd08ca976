"""The questions: who is on duty, who is next, where the gaps are."""

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duty_teller.db.models import Coverage, EventType, Roster
from duty_teller.services import schedule_service
from duty_teller.services.schedule_service import NowNext, Shift, find_overlaps, gaps_of
from duty_teller.utils.handover import Handover, handover_span, instant
from tests.house import NOW, House, absence, duty, moscow

SECOND = timedelta(seconds=1)


def ask(house: House, now: datetime = NOW) -> NowNext:
    roster = house.roster()
    return house.read(lambda session: schedule_service.now_and_next(session, roster, now))


def names(stretches: object) -> list[str]:
    return [stretch.row.full_name for stretch in stretches]  # type: ignore[attr-defined]


def test_nobody_planned_at_all(house: House) -> None:
    answer = ask(house)
    assert (answer.current, answer.next, answer.gap, answer.valid_until) == ((), (), (NOW, None), None)


def test_duty_begins_at_its_handover_and_ends_at_the_next(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-24"))
    handover = moscow("2026-11-24", 9)

    before, at = ask(house, handover - SECOND), ask(house, handover)

    assert (names(before.current), names(before.next), before.valid_until) == (["Dan Duty"], ["Alice Admin"], handover)
    assert (names(at.current), at.next) == (["Alice Admin"], ())
    assert at.valid_until == moscow("2026-11-25", 9)


def test_consecutive_days_of_one_person_are_one_stretch(house: House) -> None:
    days = [date(2026, 11, 20) + timedelta(days=offset) for offset in range(7)]
    house.put(*(duty(house.dan, day) for day in days), duty(house.alice, "2026-11-27"), duty(house.alice, "2026-11-28"))

    answer = ask(house)

    (current,) = answer.current
    assert (current.start_at, current.end_at) == (moscow("2026-11-20", 9), moscow("2026-11-27", 9))
    (following,) = answer.next
    assert (following.start_at, following.end_at) == (moscow("2026-11-27", 9), moscow("2026-11-29", 9))
    assert answer.valid_until == moscow("2026-11-27", 9)


def test_two_people_at_once_and_two_positions(house: House) -> None:
    house.put(
        duty(house.dan, "2026-11-23", position="primary"),
        duty(house.alice, "2026-11-23", days=2, position="secondary"),
        duty(house.alice, "2026-11-24", position="primary"),
        duty(house.dan, "2026-11-24", position="third"),
    )
    answer = ask(house)
    assert sorted((s.row.full_name, s.row.position) for s in answer.current) == [
        ("Alice Admin", "secondary"),
        ("Dan Duty", "primary"),
    ]
    assert sorted((s.row.full_name, s.row.position) for s in answer.next) == [
        ("Alice Admin", "primary"),
        ("Dan Duty", "third"),
    ]
    assert answer.valid_until == moscow("2026-11-24", 9)


def test_absences_are_nobody_on_duty(house: House) -> None:
    house.put(absence(house.dan, "2026-11-23"), absence(house.alice, "2026-11-23", kind=EventType.UNAVAILABLE))
    answer = ask(house)
    assert (answer.current, answer.next) == ((), ())


def test_gap_that_is_open_now_ends_with_the_next_duty(house: House) -> None:
    house.put(duty(house.dan, "2026-11-20"), duty(house.alice, "2026-11-25"))
    answer = ask(house)
    assert (answer.current, names(answer.next)) == ((), ["Alice Admin"])
    assert answer.gap == (NOW, moscow("2026-11-25", 9))
    assert answer.valid_until == moscow("2026-11-25", 9)


def test_gap_before_the_next_duty_is_told_ahead(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-26"))
    answer = ask(house)
    assert names(answer.current) == ["Dan Duty"]
    assert answer.gap == (moscow("2026-11-24", 9), moscow("2026-11-26", 9))
    assert answer.valid_until == moscow("2026-11-24", 9)


def test_gap_without_an_end_when_nobody_is_planned_after_today(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"))
    answer = ask(house)
    assert answer.gap == (moscow("2026-11-24", 9), None)


def test_between_two_duties_of_one_day_nobody_is_missing_with_daily_coverage(house: House) -> None:
    day = [Shift(house.dan, None, moscow(d, 10), moscow(d, 14), EventType.DUTY) for d in ("2026-11-23", "2026-11-24")]
    house.put(*day)
    answer = ask(house)
    assert (answer.current, names(answer.next), answer.gap) == ((), ["Dan Duty"], None)
    assert answer.valid_until == moscow("2026-11-24", 9)


def test_tomorrows_early_shift_does_not_cover_today(house: House) -> None:
    """The defaults: hand-over at 09:00, day shifts from 08:00. A Monday without anybody is a gap all the same."""
    sunday, tuesday = (
        Shift(house.dan, None, moscow(d, 8), moscow(d, 20), EventType.DUTY) for d in ("2026-11-22", "2026-11-24")
    )
    night = Shift(house.alice, None, moscow("2026-11-22", 20), moscow("2026-11-23", 8), EventType.DUTY)
    house.put(sunday, night, tuesday)
    assert ask(house).gap == (NOW, moscow("2026-11-24", 8))


def test_always_coverage_asks_for_every_hour(house: House) -> None:
    house.roster(coverage=Coverage.ALWAYS)
    house.put(
        Shift(house.dan, None, moscow("2026-11-23", 9), moscow("2026-11-23", 18), EventType.DUTY),
        Shift(house.alice, None, moscow("2026-11-23", 20), moscow("2026-11-24", 9), EventType.DUTY),
    )
    answer = ask(house)
    assert answer.gap == (moscow("2026-11-23", 18), moscow("2026-11-23", 20))


def test_weekly_coverage_asks_in_its_hours_only(house: House) -> None:
    hours = {str(day): ["09:00-18:00"] for day in range(5)} | {"4": ["09:00-13:00", "22:00-02:00"]}
    house.roster(coverage=Coverage.WEEKLY, coverage_hours=json.dumps(hours))
    house.put(Shift(house.dan, None, moscow("2026-11-23", 9), moscow("2026-11-23", 16), EventType.DUTY))
    roster = house.roster()
    found = house.read(
        lambda session: schedule_service.gaps(session, roster, moscow("2026-11-23"), moscow("2026-11-30"))
    )
    assert found == [
        (moscow("2026-11-23", 16), moscow("2026-11-23", 18)),
        (moscow("2026-11-24", 9), moscow("2026-11-24", 18)),
        (moscow("2026-11-25", 9), moscow("2026-11-25", 18)),
        (moscow("2026-11-26", 9), moscow("2026-11-26", 18)),
        (moscow("2026-11-27", 9), moscow("2026-11-27", 13)),
        (moscow("2026-11-27", 22), moscow("2026-11-28", 2)),
    ]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 23), ("2026-10-24", 25)])
def test_duty_on_the_day_of_the_clock_change_is_whole(house: House, day: str, hours: int) -> None:
    house.roster(timezone="Europe/Berlin")
    first = date.fromisoformat(day)
    start, end = handover_span(first, Handover(time(9), "Europe/Berlin"))
    house.put(Shift(house.dan, None, start, end, EventType.DUTY))
    assert end - start == timedelta(hours=hours)
    answer = ask(house, end - SECOND)
    assert (names(answer.current), answer.valid_until) == (["Dan Duty"], end)
    assert ask(house, end).current == ()


def test_person_alone_for_months_has_one_end_and_a_successor(house: House) -> None:
    """Further than one look ahead: the end must not depend on when it is asked."""
    days = [date(2026, 11, 1) + timedelta(days=offset) for offset in range(120)]
    house.put(*(duty(house.dan, day) for day in days), duty(house.alice, days[-1] + timedelta(days=1)))
    answer = ask(house)
    assert answer.current[0].start_at == moscow("2026-11-01", 9)
    assert answer.current[0].end_at == moscow(days[-1] + timedelta(days=1), 9)
    assert names(answer.next) == ["Alice Admin"]
    assert answer.valid_until == moscow(days[-1] + timedelta(days=1), 9)


def test_plan_far_ahead_is_next(house: House) -> None:
    house.put(duty(house.dan, "2027-09-01"))
    answer = ask(house)
    assert (names(answer.next), answer.valid_until) == (["Dan Duty"], moscow("2027-09-01", 9))
    assert answer.gap == (NOW, moscow("2027-09-01", 9))


def test_shifts_of_days_go_by_the_rosters_own_midnight(house: House) -> None:
    house.put(duty(house.dan, "2026-11-22", hour=0), duty(house.alice, "2026-11-23", hour=0))
    rows = house.read(
        lambda session: (
            schedule_service.shifts_of_days(session, [house_roster], date(2026, 11, 23), date(2026, 11, 23))
            if (house_roster := session.get_one(Roster, 1))
            else []
        )
    )
    assert [row.full_name for row in rows] == ["Alice Admin"]


def test_overlap_is_one_person_twice_or_one_position_twice() -> None:
    a = duty(1, "2026-11-23", position="primary")
    b = duty(2, "2026-11-23", position="primary")
    c = duty(3, "2026-11-23")
    d = duty(4, "2026-11-23")
    vacation = absence(3, "2026-11-23", 3)
    found = find_overlaps([a, b, c, d, vacation, duty(1, "2026-11-24", position="primary")])
    assert [{overlap.first, overlap.second} for overlap in found] == [{a, b}, {vacation, c}]


def test_long_shift_meets_each_of_the_short_ones_within() -> None:
    long = duty(1, "2026-11-01", days=20)
    short = [duty(1, f"2026-11-{day:02}") for day in (3, 5, 30)]
    assert [overlap.second for overlap in find_overlaps([long, *short])] == short[:2]


def test_duty_that_ends_in_the_morning_of_an_absence_is_no_overlap() -> None:
    into, inside = duty(1, "2026-11-23"), duty(1, "2026-11-24")
    assert find_overlaps([into, absence(1, "2026-11-24")]) == []
    assert [overlap.second for overlap in find_overlaps([into, absence(1, "2026-11-24"), inside])] == [inside]


def test_no_overlap_where_one_ends_as_the_other_begins() -> None:
    assert find_overlaps([duty(1, "2026-11-23"), duty(1, "2026-11-24")]) == []


# --- against a model that thinks hour by hour ---

_ORIGIN = datetime(2026, 3, 26, tzinfo=UTC)  # the clocks change in Berlin on the 29th
_BERLIN = "Europe/Berlin"
_spans = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 150), st.integers(1, 40)), max_size=7)


def _model_gaps(roster: Roster, spans: list[tuple[datetime, datetime]], start: datetime, end: datetime) -> list[bool]:
    """For each hour of [start, end): does coverage ask for somebody, and nobody is there?"""
    missing = []
    hour = start
    while hour < end:
        if roster.coverage == Coverage.ALWAYS:
            missing.append(not any(s <= hour < e for s, e in spans))
        else:
            day = hour.astimezone(UTC).date() - timedelta(days=2)
            handover = Handover(roster.handover_at, roster.timezone)
            while not handover_span(day, handover)[0] <= hour < handover_span(day, handover)[1]:
                day += timedelta(days=1)
            first, last = handover_span(day, handover)
            hours = [first + timedelta(hours=n) for n in range(int((last - first) / timedelta(hours=1)))]
            covered = False
            for s, e in spans:
                inside = sum(s <= h < e for h in hours)
                covered |= inside * 2 > len(hours) or first <= s + (e - s) / 2 < last
            missing.append(not covered)
        hour += timedelta(hours=1)
    return missing


@settings(max_examples=60, derandomize=True, deadline=None)
@given(drawn=_spans, coverage=st.sampled_from([Coverage.ALWAYS, Coverage.DAILY]), begin=st.integers(0, 60))
def test_gaps_are_those_of_a_model_hour_by_hour(
    drawn: list[tuple[int, int, int]], coverage: Coverage, begin: int
) -> None:
    roster = Roster(timezone=_BERLIN, handover_at=time(9), coverage=coverage)
    shifts = [
        Shift(who, None, _ORIGIN + timedelta(hours=at), _ORIGIN + timedelta(hours=at + length), EventType.DUTY)
        for who, at, length in drawn
    ]
    start, end = _ORIGIN + timedelta(hours=begin), _ORIGIN + timedelta(hours=begin + 90)

    found = gaps_of(roster, shifts, start, end)

    hours = [start + timedelta(hours=number) for number in range(90)]
    shown = [any(s <= hour < e for s, e in found) for hour in hours]
    assert shown == _model_gaps(roster, [(s.start_at, s.end_at) for s in shifts], start, end)
    assert all(a[1] < b[0] for a, b in pairwise(found))  # joined and in order


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=_spans, asked=st.integers(0, 190))
def test_now_and_next_are_those_of_a_model(house: House, drawn: list[tuple[int, int, int]], asked: int) -> None:
    people = (house.alice, house.dan)
    shifts = [
        Shift(people[w], None, _ORIGIN + timedelta(hours=at), _ORIGIN + timedelta(hours=at + length), EventType.DUTY)
        for w, at, length in drawn
    ]
    house.put(*shifts)
    now = _ORIGIN + timedelta(hours=asked)

    answer = ask(house, now)

    def on(person: int, at: datetime) -> bool:
        return any(s.user_id == person and s.start_at <= at < s.end_at for s in shifts)

    hours = [now + timedelta(hours=number) for number in range(400)]
    assert {s.row.user_id for s in answer.current} == {person for person in people if on(person, now)}
    for stretch in answer.current:
        gone = next(hour for hour in hours if not on(stretch.row.user_id, hour))
        assert stretch.end_at == gone
    begins = {p: [h for h in hours[1:] if on(p, h) and not on(p, h - timedelta(hours=1))] for p in people}
    first = min((b[0] for b in begins.values() if b), default=None)
    assert {s.row.user_id for s in answer.next} == {
        p for p, b in begins.items() if first is not None and b[:1] == [first]
    }
    assert {s.start_at for s in answer.next} <= {first}
    # What is true now stays true until valid_until.
    if answer.valid_until is not None:
        later = ask(house, answer.valid_until - SECOND)
        assert {s.row.user_id for s in later.current} == {s.row.user_id for s in answer.current}
        assert (later.next, later.gap is None) == (answer.next, answer.gap is None)
        assert answer.valid_until > now


def test_handover_span_that_the_model_shares_is_right() -> None:
    """The model above and the product share nothing but `handover_span`: hold that one against a plain fact."""
    assert handover_span(date(2026, 3, 28), Handover(time(9), _BERLIN)) == (
        datetime(2026, 3, 28, 8, tzinfo=UTC),
        datetime(2026, 3, 29, 7, tzinfo=UTC),
    )
    assert instant(date(2026, 3, 29), time(9), _BERLIN) == datetime(2026, 3, 29, 7, tzinfo=UTC)
