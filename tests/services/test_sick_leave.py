"""Sick leave: a type of absence of its own, under which a duty counts as a gap."""

from datetime import date, time, timedelta

import pytest
from sqlmodel import Session

from duty_teller.db.models import EventType, Roster
from duty_teller.domain.coverage import Coverage, gaps_of
from duty_teller.domain.shift import Shift
from duty_teller.importers.words.codes import read_code
from duty_teller.services import schedule_service
from duty_teller.services.texts.days import day_text, week_text
from duty_teller.services.texts.people import month_text
from tests.house import House, absence, duty, moscow

SICK = EventType.SICK
TUESDAY = "2026-11-24"
SPAN = (moscow("2026-11-23", 9), moscow("2026-11-27", 9))


def found(coverage: Coverage, *shifts: Shift) -> list[str]:
    """The gaps of Monday to Friday, 09:00 each, in hours of Moscow."""
    hours = '{"1": ["09:00-18:00"]}' if coverage == Coverage.WEEKLY else None
    roster = Roster(timezone="Europe/Moscow", handover_at=time(9), coverage=coverage, coverage_hours=hours)
    moments = [(start + timedelta(hours=3), end + timedelta(hours=3)) for start, end in gaps_of(roster, shifts, *SPAN)]
    return [f"{start:%d %H} – {end:%d %H}" for start, end in moments]


def full(who: int = 1) -> list[Shift]:
    return [duty(who, f"2026-11-{day}") for day in range(22, 28)]


def nights_and_days(who: int) -> list[Shift]:
    starts = [moscow(f"2026-11-{day}", hour) for day in range(22, 28) for hour in (8, 20)]
    return [Shift(who, None, start, start + timedelta(hours=12), EventType.DUTY) for start in starts]


@pytest.mark.parametrize("coverage", [Coverage.DAILY, Coverage.ALWAYS])
def test_duty_that_begins_while_its_person_is_ill_is_a_gap(coverage: Coverage) -> None:
    assert found(coverage, *full(), absence(1, TUESDAY, kind=SICK)) == ["24 09 – 25 09"]
    assert found(coverage, *full(), absence(1, TUESDAY, days=2, kind=SICK)) == ["24 09 – 26 09"]


@pytest.mark.parametrize("kind", [EventType.VACATION, EventType.UNAVAILABLE])
@pytest.mark.parametrize("coverage", [Coverage.DAILY, Coverage.ALWAYS, Coverage.WEEKLY])
def test_duty_under_another_absence_is_none(coverage: Coverage, kind: EventType) -> None:
    assert found(coverage, *full(), absence(1, TUESDAY, kind=kind)) == []


@pytest.mark.parametrize("coverage", list(Coverage))
def test_somebody_else_who_is_ill_uncovers_nothing(coverage: Coverage) -> None:
    assert found(coverage, *full(), absence(2, TUESDAY, kind=SICK)) == []
    assert found(coverage, *full(1), *full(2), absence(2, TUESDAY, kind=SICK)) == []


def test_weekly_hours_of_a_sick_day_are_a_gap() -> None:
    assert found(Coverage.WEEKLY, *full(), absence(1, TUESDAY, kind=SICK)) == ["24 09 – 24 18"]


@pytest.mark.parametrize(("coverage", "gap"), [(Coverage.DAILY, "24 09 – 25 09"), (Coverage.ALWAYS, "24 09 – 25 09")])
def test_of_a_week_long_duty_only_the_sick_days_are_a_gap(coverage: Coverage, gap: str) -> None:
    week = duty(1, "2026-11-22", days=7)
    assert found(coverage, week, absence(1, TUESDAY, kind=SICK)) == [gap]


def test_whole_night_that_begins_on_a_sick_day_is_a_gap() -> None:
    gaps = found(Coverage.ALWAYS, *nights_and_days(1), absence(1, TUESDAY, kind=SICK))
    assert gaps == ["24 08 – 25 08"]


def test_gap_under_sick_leave_is_seen_where_gaps_are_asked_for(house: House) -> None:
    house.put(*(duty(house.dan, f"2026-11-{day}") for day in (23, 24, 25)), absence(house.dan, TUESDAY, kind=SICK))

    gaps = house.read(lambda session: schedule_service.gaps(session, session.get_one(Roster, 1), *SPAN))
    assert gaps[0] == (moscow(TUESDAY, 9), moscow("2026-11-25", 9))


def test_sick_leave_has_its_word_in_every_answer(house: House) -> None:
    house.put(absence(house.dan, TUESDAY, kind=SICK), duty(house.alice, TUESDAY))

    def texts(session: Session, lang: str) -> str:
        roster = session.get_one(Roster, 1)
        now = house.clock.now
        return "\n".join(
            [
                day_text(session, roster, date(2026, 11, 24), now, lang, False),
                week_text(session, roster, date(2026, 11, 23), now, lang, False),
                month_text(session, house.dan, [roster], 2026 * 12 + 10, now, lang),
            ]
        )

    english, russian = (house.read(lambda session, lang=lang: texts(session, lang)) for lang in ("en", "ru"))
    assert "<i>Sick: Dan Duty</i>" in english
    assert "<i>Sick: Dan Duty (Tue)</i>" in english
    assert "<i>Sick leave: Tue 24 Nov</i>" in english
    assert "<i>Болеют: Dan Duty</i>" in russian
    assert "<i>Больничный: вт 24 нояб.</i>" in russian


@pytest.mark.parametrize(
    "word", ["больничный", "Больничный лист", "sick", "Sick leave", "лікарняний", "chorobowe", "sairausloma", "krank"]
)
def test_words_of_six_languages_mean_sick_leave(word: str) -> None:
    assert [meaning.kind for meaning in read_code(word)] == [SICK]
