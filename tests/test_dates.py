"""The `from` and `to` of a request, and days as instants."""

from datetime import UTC, date, datetime

import pytest

from duty_teller.i18n.core import LocalizedError
from duty_teller.utils.dates import day_range, day_span, local_day, midnight, parse_date


def test_validated_dates_are_both_included() -> None:
    assert day_range("2026-11-01", "2026-11-30") == (date(2026, 11, 1), date(2026, 11, 30))
    assert day_range("2026-11-01", "2026-11-01") == (date(2026, 11, 1), date(2026, 11, 1))


def test_range_of_400_days_is_the_longest() -> None:
    assert day_range("2026-01-01", "2027-02-04") == (date(2026, 1, 1), date(2027, 2, 4))


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [
        (None, "2026-11-30", "error.date_missing"),
        ("2026-11-01", "", "error.date_missing"),
        ("2026-11-31", "2026-12-01", "error.date"),
        ("2026-02-29", "2026-12-01", "error.date"),
        ("20261101", "2026-12-01", "error.date"),
        ("2026-11-1", "2026-12-01", "error.date"),
        ("2026-W47-1", "2026-12-01", "error.date"),
        ("2026-11-01T00:00", "2026-12-01", "error.date"),
        ("٢٠٢٦-١١-٠١", "2026-12-01", "error.date"),
        ("9999-12-31", "9999-12-31", "error.date"),
        ("1969-12-31", "1970-01-01", "error.date"),
        ("2026-11-02", "2026-11-01", "error.date_order"),
        ("2026-01-01", "2027-02-05", "error.date_range"),
    ],
)
def test_wrong_dates_are_refused_by_their_own_key(first: str | None, last: str | None, key: str) -> None:
    with pytest.raises(LocalizedError) as caught:
        day_range(first, last)
    assert caught.value.key == key
    for lang in ("ru", "en"):
        assert caught.value.text(lang) != key


def test_long_text_is_cut_in_the_message() -> None:
    with pytest.raises(LocalizedError) as caught:
        parse_date("9" * 5000)
    assert len(caught.value.text("en")) < 120


def test_local_day_is_that_of_the_zone() -> None:
    moment = datetime(2026, 11, 23, 22, tzinfo=UTC)
    assert local_day(moment, "Europe/Moscow") == date(2026, 11, 24)
    assert local_day(moment, "America/New_York") == date(2026, 11, 23)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_day_span_has_the_hours_of_the_local_day(day: date, hours: int) -> None:
    start, end = day_span(day, day, "Europe/Berlin")
    assert (end - start).total_seconds() == hours * 3600


def test_day_that_begins_in_a_gap_begins_at_its_end() -> None:
    # Beirut goes forward at midnight: 2026-03-29 begins at 01:00.
    assert midnight(date(2026, 3, 29), "Asia/Beirut") == datetime(2026, 3, 28, 22, tzinfo=UTC)
