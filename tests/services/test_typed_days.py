"""Days and weeks as people type them behind /duty and /week."""

from datetime import date

import pytest

from duty_teller.i18n import LocalizedError
from duty_teller.services.texts.typed_days import parse_day, parse_month, parse_week

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
        ("24.12.26", date(2026, 12, 24)),
        ("24 ноября 2027 года", date(2027, 11, 24)),
    ],
)
def test_parse_day_takes_names_of_days_and_months(typed: str, meant: date) -> None:
    assert parse_day(typed, THURSDAY) == meant


@pytest.mark.parametrize(
    "typed", ["on", "Monika", "24 people", "Иван 24", "24", "in friday", "May", "٢٤.١١", "24 nov 99999"]
)
def test_parse_day_leaves_names_and_numbers_to_others(typed: str) -> None:
    assert parse_day(typed, THURSDAY) is None


@pytest.mark.parametrize("typed", ["31 Ноября", "24 Nov 9999", "1.1.0000"])
def test_parse_day_that_there_is_not_is_refused_by_what_was_typed(typed: str) -> None:
    with pytest.raises(LocalizedError) as caught:
        parse_day(typed, THURSDAY)

    assert caught.value.text("en") == f"There is no such date: “{typed}”. Write it like 2026-11-23."


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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("december", date(2026, 12, 1)),
        ("Декабрь", date(2026, 12, 1)),
        ("январь", date(2027, 1, 1)),
        ("jan. 2026", date(2026, 1, 1)),
        ("12.2026", date(2026, 12, 1)),
        ("3", date(2027, 3, 1)),
        ("next month", date(2026, 12, 1)),
        ("прошлый", date(2026, 10, 1)),
        ("13", None),
        ("Dan", None),
        ("", None),
    ],
)
def test_parse_month_takes_a_name_a_number_or_a_word(typed: str, meant: date | None) -> None:
    assert parse_month(typed, THURSDAY) == meant
