"""Days and weeks as people type them behind /duty and /week."""

from datetime import date

import pytest

from duty_teller.i18n import LocalizedError
from duty_teller.services.typed_days import parse_day, parse_week

THURSDAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("friday", date(2026, 11, 27)),
        ("on Friday", date(2026, 11, 27)),
        ("пт", date(2026, 11, 27)),
        ("В  пятницу", date(2026, 11, 27)),
        ("Wed.", date(2026, 12, 2)),
        ("thursday", THURSDAY),
        ("во вторник", date(2026, 12, 1)),
        ("24 nov", date(2026, 11, 24)),
        ("Nov 24th", date(2026, 11, 24)),
        ("24 ноября", date(2026, 11, 24)),
        ("1 янв.", date(2027, 1, 1)),
        ("24 November, 2027", date(2027, 11, 24)),
        ("day after tomorrow", date(2026, 11, 28)),
    ],
)
def test_parse_day_takes_names_of_days_and_months(typed: str, meant: date) -> None:
    assert parse_day(typed, THURSDAY) == meant


@pytest.mark.parametrize("typed", ["on", "Monika", "24 people", "Иван 24", "24", "in friday", "May"])
def test_parse_day_leaves_names_and_numbers_to_others(typed: str) -> None:
    assert parse_day(typed, THURSDAY) is None


def test_parse_day_that_a_month_does_not_have_is_refused_by_what_was_typed() -> None:
    with pytest.raises(LocalizedError) as caught:
        parse_day("31 ноября", THURSDAY)

    assert caught.value.text("en") == "There is no such date: “31 ноября”. Write it like 2026-11-23."


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("next", date(2026, 12, 3)),
        ("Next  week", date(2026, 12, 3)),
        ("следующая", date(2026, 12, 3)),
        ("прошлая неделя", date(2026, 11, 19)),
        ("this week", THURSDAY),
        ("24.12", date(2026, 12, 24)),
        ("monday", date(2026, 11, 30)),
        ("Dan", None),
    ],
)
def test_parse_week_takes_a_word_or_any_day_of_it(typed: str, meant: date | None) -> None:
    assert parse_week(typed, THURSDAY) == meant
