"""Ranges of days as they are typed, and the duties that fall into an absence."""

from datetime import date

import pytest

from duty_teller.db.models import EventType, Roster
from duty_teller.services.schedule_service import EditError, absences
from duty_teller.services.texts.typed_range import TypedRange, parse_range
from tests.house import House, absence, duty, moscow

TODAY = date(2026, 11, 23)
JANUARY = date(2027, 1, 3), date(2027, 1, 10)


@pytest.mark.parametrize(
    ("text", "days", "rest"),
    [
        ("3-10 Jan", JANUARY, ""),
        ("Smith 3-10 Jan", JANUARY, "Smith"),
        ("3 Jan - 10 Jan sick", JANUARY, "sick"),
        ("Jan 3-10", JANUARY, ""),
        ("3.01-10.01", JANUARY, ""),
        ("2027-01-03 - 2027-01-10", JANUARY, ""),
        ("с 3 по 10 января", JANUARY, ""),
        ("Смирнов с 3 января по 10 января отпуск", JANUARY, "Смирнов отпуск"),
        ("from 3 Jan to 10 Jan", JANUARY, ""),
        ("30-2 Dec", (date(2026, 11, 30), date(2026, 12, 2)), ""),
        ("30 Dec - 5 Jan", (date(2026, 12, 30), date(2027, 1, 5)), ""),
        ("today", (TODAY, TODAY), ""),
        ("сегодня болею", (TODAY, TODAY), "болею"),
        ("friday - tuesday", (date(2026, 11, 27), date(2026, 12, 1)), ""),
        ("20.11", (date(2026, 11, 20), date(2026, 11, 20)), ""),
    ],
)
def test_range_is_read(text: str, days: tuple[date, date], rest: str) -> None:
    assert parse_range(text, TODAY) == TypedRange(*days, None, rest)


@pytest.mark.parametrize("text", ["until friday", "до пятницы", "today until friday", "till 27.11"])
def test_until_a_day_ends_the_day_before_and_names_it(text: str) -> None:
    assert parse_range(text, TODAY) == TypedRange(TODAY, date(2026, 11, 26), date(2026, 11, 27), "")


@pytest.mark.parametrize("text", ["", "whatever", "Smith", "until"])
def test_what_names_no_day_is_none(text: str) -> None:
    assert parse_range(text, TODAY) is None


def affected(house: House, kind: EventType, first: date, last: date) -> list[tuple[int, int]]:
    found = house.read(
        lambda s: absences.affected(s, [s.get_one(Roster, 1)], house.dan, kind, first, last, house.clock.now)
    )
    return [
        (
            round((one.start_at - house.clock.now).total_seconds() / 3600),
            round((one.end_at - one.start_at).total_seconds() / 3600),
        )
        for one in found
    ]


def test_duty_of_the_evening_before_counts_for_whoever_is_ill_only(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.dan, "2026-11-24"), duty(house.dan, "2026-11-27"))
    day = date(2026, 11, 24)
    assert affected(house, EventType.VACATION, day, day) == [(18, 24)]
    assert affected(house, EventType.SICK, day, day) == [(9, 33)]  # from midnight on, as one
    assert affected(house, EventType.SICK, TODAY, TODAY) == [(0, 18)]  # from now on


def plan(house: House, kind: EventType, first: date, last: date) -> int:
    planned = house.read(lambda s: absences.plan_absence(s, s.get_one(Roster, 1), house.dan, kind, first, last))
    return house.apply(planned.diff, "by hand")


def test_absence_is_whole_local_days_and_undone_exactly(house: House) -> None:
    house.put(absence(house.dan, "2026-12-01", days=10))
    before = house.live()
    change = plan(house, EventType.SICK, date(2026, 12, 3), date(2026, 12, 4))
    assert [(s.event_type.value, s.start_at, s.end_at) for s in house.live()] == [
        ("vacation", moscow("2026-12-01"), moscow("2026-12-03")),
        ("sick", moscow("2026-12-03"), moscow("2026-12-05")),
        ("vacation", moscow("2026-12-05"), moscow("2026-12-11")),
    ]
    house.undo(change)
    assert house.live() == before


@pytest.mark.parametrize(
    ("days", "key"),
    [
        (("2026-12-02", "2026-12-03"), "away.already"),
        (("2026-12-03", "2026-12-02"), "away.order"),
        (("2026-12-03", "2028-12-02"), "away.long"),
    ],
)
def test_absence_that_cannot_be_meant_is_refused(house: House, days: tuple[str, str], key: str) -> None:
    house.put(absence(house.dan, "2026-12-01", days=10))
    with pytest.raises(EditError) as caught:
        plan(house, EventType.VACATION, *(date.fromisoformat(day) for day in days))
    assert caught.value.key == key
