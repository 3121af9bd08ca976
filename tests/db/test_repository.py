"""Range reads: nothing that overlaps is missed, and the past is not read."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from duty_teller.db import repository
from duty_teller.db.engine import get_engine
from duty_teller.db.models import EventType
from duty_teller.db.schemas import ShiftRow
from tests.house import NOW, House, absence, duty, moscow


def between(house: House, first: str, last: str, **more: Any) -> list[ShiftRow]:
    return house.read(lambda s: repository.shifts_between(s, [1], moscow(first), moscow(last), **more))


def test_shifts_between_takes_what_overlaps_and_not_what_touches(house: House) -> None:
    house.put(*(duty(house.dan, f"2026-11-{day}", hour=0) for day in (22, 23, 24, 25)))
    assert [row.start_at for row in between(house, "2026-11-23", "2026-11-25")] == [
        moscow("2026-11-23"),
        moscow("2026-11-24"),
    ]


def test_vacation_begun_300_days_ago_is_found(house: House) -> None:
    house.put(absence(house.dan, "2026-01-27", days=310), duty(house.alice, "2026-11-23"))
    assert [row.event_type for row in between(house, "2026-11-23", "2026-11-24")] == [
        EventType.VACATION,
        EventType.DUTY,
    ]


def test_shifts_between_carries_the_person_and_leaves_cancelled_ones_out(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.alice, "2026-11-24"))
    house.put(duty(house.dan, "2026-11-23"))
    (row,) = between(house, "2026-11-01", "2026-12-01")
    assert (row.full_name, row.username, row.phone) == ("Dan Duty", "dan", "+79001112233")


def test_shifts_between_filters_by_person_and_type(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"), absence(house.dan, "2026-11-26"), duty(house.alice, "2026-11-24"))
    mine = between(house, "2026-11-01", "2026-12-01", user_id=house.dan)
    assert [row.event_type for row in mine] == [EventType.DUTY, EventType.VACATION]
    duties = between(house, "2026-11-01", "2026-12-01", kinds=(EventType.DUTY,))
    assert [row.full_name for row in duties] == ["Dan Duty", "Alice Admin"]
    assert between(house, "2026-11-01", "2026-12-01", kinds=()) == []


@pytest.mark.sqlite("its query plan")
def test_range_read_searches_by_index_alone(house: House) -> None:
    """100,000 rows of past made this 40 times slower when the plan was a scan."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if "FROM duties" in statement:
            statements.append((statement, parameters))

    engine = get_engine(house.url)
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        between(house, "2026-11-01", "2026-12-01")
        between(house, "2026-11-01", "2026-12-01", user_id=house.dan)
        span = moscow("2026-11-01"), moscow("2026-12-01")
        house.read(lambda session: list(repository.shifts_of_feed(session, [1], *span, NOW, None)))
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)

    assert len(statements) == 3
    for statement, parameters in statements:
        with engine.connect() as connection:
            plan = [row[3] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)]
        touching = [line for line in plan if "duties" in line]
        feed = "cancelled_at >" in statement
        assert len(touching) == 2 * len(EventType) + feed  # for each type: the shifts, and its longest one
        for line in touching:
            assert line.startswith("SEARCH duties USING"), line
        bounded = [line for line in touching if "start_at>? AND start_at<?" in line]
        assert len(bounded) == len(EventType), plan


@pytest.mark.parametrize(("after", "expected"), [(-1, 0), (0, 1), (1, None)])
def test_next_start_is_after_and_not_at(house: House, after: int, expected: int | None) -> None:
    days = ["2026-11-24", "2026-11-25"]
    house.put(*(duty(house.dan, day) for day in days), absence(house.dan, "2026-12-30"))
    instants = [moscow(day, 9) for day in days]
    asked = instants[after] if after >= 0 else NOW
    found = house.read(lambda session: repository.next_start(session, 1, asked))
    assert found == (None if expected is None else instants[expected])


def test_feed_shows_what_overlaps_and_what_of_it_was_cancelled_lately(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"), duty(house.dan, "2026-11-25"), duty(house.alice, "2026-11-26"))
    house.put(duty(house.alice, "2026-11-26"), duty(house.dan, "2026-11-19"), absence(house.dan, "2026-11-10", 14))
    span = moscow("2026-11-21", 0), moscow("2026-12-01", 0)

    def read(since: datetime, user_id: int | None) -> list[Any]:
        found = house.read(lambda s: list(repository.shifts_of_feed(s, [1], *span, since, user_id)))
        return [(row.start_at, row.user_id, row.cancelled_at is not None) for row in found]

    away = (moscow("2026-11-10", 0), house.dan, False)
    gone = [(moscow(day, 9), house.dan, True) for day in ("2026-11-23", "2026-11-25")]  # also what had begun
    hers = (moscow("2026-11-26", 9), house.alice, False)
    assert read(NOW - timedelta(days=7), None) == [away, *gone, hers]
    assert read(NOW - timedelta(days=7), house.dan) == [away, *gone]
    assert read(NOW, None) == [away, hers]


def test_revision_that_was_never_raised_is_zero(house: House) -> None:
    assert house.revision("schedule:77") == 0
