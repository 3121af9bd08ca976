"""What people type in a hurry: days, ranges, hours and names in the word order that comes first, in two languages."""

from datetime import date, datetime, time

import pytest

from duty_teller.i18n import LocalizedError
from duty_teller.importers.words.hours import hours_in
from duty_teller.services.cover_service import spans
from duty_teller.services.cover_service.model import CoverError
from duty_teller.services.texts import people, typed_change, typed_days, typed_range
from tests.house import House, moscow

MONDAY = date(2026, 11, 23)


def november(day: int) -> date:
    return date(2026, 11, day)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("24-го ноября", 24),
        ("24-е", 24),
        ("24 числа", 24),
        ("24.11.", 24),
        ("24/11", 24),
        ("the 27th", 27),
        ("27th of November", 27),
        ("Fri, 27 Nov", 27),
        ("пт, 27 нояб.", 27),
        ("friday 27", 27),
        ("в эту пятницу", 27),
        ("на пятницу", 27),
        ("this friday", 27),
        ("Friday evening", 27),
        ("сегодня вечером", 23),
        ("tonight", 23),
        ("through", 0),
        ("через неделю", 30),
        ("in 3 days", 26),
        ("через пару дней", 25),
        ("в воскресение", 29),
        ("thursday 27 nov", 0),  # that is a Friday
        ("3/4", 0),  # which of them is the month?
        ("1st", 31),
    ],
)
def test_day_is_read_in_the_words_of_a_hurry_or_not_at_all(typed: str, day: int) -> None:
    meant = None if not day else november(day) if day < 31 else date(2026, 12, 1)
    assert typed_days.parse_day(typed, MONDAY) == meant


@pytest.mark.parametrize("typed", ["next friday", "в следующую пятницу", "след. пятницу"])
def test_next_weekday_is_the_one_of_the_next_week(typed: str) -> None:
    assert typed_days.parse_day(typed, MONDAY) == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("03.12.2026-10.12.2026", date(2026, 12, 3), date(2026, 12, 10)),
        ("2026-12-01..2026-12-05", date(2026, 12, 1), date(2026, 12, 5)),
        ("until monday", november(23), november(29)),
        ("по понедельник", november(23), november(30)),
        ("next week", november(30), date(2026, 12, 6)),
        ("на следующей неделе", november(30), date(2026, 12, 6)),
        ("this week", november(23), november(29)),
        ("3 дня", november(23), november(25)),
        ("for a week", november(23), november(29)),
        ("с 1 декабря на неделю", date(2026, 12, 1), date(2026, 12, 7)),
        ("весь декабрь", date(2026, 12, 1), date(2026, 12, 31)),
        ("today and tomorrow", november(23), november(24)),
        ("с завтра по пятницу", november(24), november(27)),
    ],
)
def test_range_is_read_in_the_words_of_a_hurry(typed: str, first: date, last: date) -> None:
    found = typed_range.parse_range(typed, MONDAY)
    assert found is not None and (found.first, found.last, found.rest) == (first, last, "")


@pytest.mark.parametrize("typed", ["с завтра", "from tomorrow sick", "с завтрашнего дня"])
def test_range_without_an_end_asks_for_it(typed: str) -> None:
    with pytest.raises(LocalizedError, match="Until which day"):
        typed_range.parse_range(typed, MONDAY)


@pytest.mark.parametrize(
    ("typed", "start", "end", "name", "holder"),
    [
        ("пт 20-8 Смирнов", 20, 8, "Смирнов", ""),
        ("Smith fri from 8 pm to 8 am", 20, 8, "Smith", ""),
        ("Смирнову в пятницу с 8 вечера до 8 утра", 20, 8, "Смирнову", ""),
        ("27.11 20.00-08.00 Smith", 20, 8, "Smith", ""),
        ("friday noon-midnight Smith", 12, 0, "Smith", ""),
        ("friday 20h-8h Smith", 20, 8, "Smith", ""),
        ("Smith friday from 20", 20, None, "Smith", ""),
        ("friday until 13:00 Smith", None, 13, "Smith", ""),
        ("give friday to Smith", None, None, "Smith", ""),
        ("отдай пятницу Смирнову", None, None, "Смирнову", ""),
        ("Smith instead of Dan on friday", None, None, "Smith", "Dan"),
        ("Смирнов вместо Иванова в пт с 20 до 8", 20, 8, "Смирнов", "Иванова"),
        ("Dan → Smith 27.11", None, None, "Smith", "Dan"),
        ("27.11, Sun Li", None, None, "Sun Li", ""),
        ("Sun Li 27.11", None, None, "Sun Li", ""),
    ],
)
def test_change_is_read_in_any_order(typed: str, start: int | None, end: int | None, name: str, holder: str) -> None:
    hours = [time(hour) if hour is not None else None for hour in (start, end)]
    assert typed_change.parse_change(typed, MONDAY) == typed_change.TypedChange(november(27), *hours, name, holder)


def test_hours_that_there_are_not_are_refused_by_what_was_typed() -> None:
    with pytest.raises(LocalizedError, match="25:00-26:00"):
        hours_in(["25:00-26:00", "Smith"])


@pytest.mark.parametrize(
    ("typed", "part", "reason"),
    [
        ("с 8 вечера до 11 вечера врач", (20, 23), "врач"),
        ("dentist 8pm-11pm", (20, 23), "dentist"),
        ("с 8 до 11 вечера врач", (20, 23), "врач"),
        ("9 - 6pm", (9, 18), ""),
        ("до 13:00 у врача", (9, 13), "у врача"),
        ("from 20:00", (20, 33), ""),
        ("dentist at 18:00", None, "dentist at 18:00"),
    ],
)
def test_part_of_a_shift_is_read_beside_a_reason(typed: str, part: tuple[int, int] | None, reason: str) -> None:
    def at(hour: int) -> datetime:
        return moscow(f"2026-11-{27 + hour // 24}", hour % 24)

    wanted = (at(part[0]), at(part[1])) if part is not None else None
    assert spans.part_and_reason(typed, at(9), at(33), "Europe/Moscow") == (wanted, reason)


@pytest.mark.parametrize("typed", ["23", "until 11pm", "до 11 вечера", "23:00"])
def test_until_takes_one_time_in_words(typed: str) -> None:
    shift = moscow("2026-11-27", 9), moscow("2026-11-28", 9)
    assert spans.until(typed, *shift, "Europe/Moscow") == moscow("2026-11-27", 23)
    with pytest.raises((CoverError, LocalizedError)):
        spans.until("20-23", *shift, "Europe/Moscow")


def test_russian_names_are_found_in_every_case(house: House) -> None:
    for name in ("Смирнов Иван", "Иванов Пётр", "Дмитрий Толстой", "Мария Андреева"):
        house.person(name)

    def found(text: str) -> list[str]:
        return [name for _number, name in house.read(lambda s: people.find_people(s, text))]

    assert found("Смирнову") == found("Смирнова Ивана") == found("Смирновым") == ["Смирнов Иван"]
    assert found("Толстому") == found("Дмитрия") == ["Дмитрий Толстой"]
    assert found("Марию Андрееву") == found("Андреевой") == ["Мария Андреева"]
    assert found("Иванову") == ["Иванов Пётр"]
    assert found("Петрову") == []
