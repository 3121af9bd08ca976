"""What /duty, /week and /my say: days, weeks, people, months, in both languages and when the clocks change."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from sqlmodel import Session

from duty_teller.db import repository
from duty_teller.db.models import ChangeKind, EventType, ExternalCalendar, ExternalEvent, Roster, User, UserAlias
from duty_teller.i18n import LocalizedError
from duty_teller.services import schedule_service
from duty_teller.services.people import cards
from duty_teller.services.schedule_service import Covered, Shift
from duty_teller.services.texts import days as view_days
from duty_teller.services.texts import people as view_people
from duty_teller.services.texts import typed_days
from duty_teller.utils.handover import instant
from tests.house import EVERYTHING, NOW, House, absence, duty, moscow, untimed

MONDAY = date(2026, 11, 23)
NOVEMBER = 2026 * 12 + 10
DAN_CONTACT = "    +79001112233 · @dan"


def week(house: House, monday: date = MONDAY, lang: str = "en", now: datetime = NOW) -> list[str]:
    def look(session: Session) -> str:
        return untimed(view_days.week_text(session, session.get_one(Roster, 1), monday, now, lang, False))

    return house.read(look).split("\n")


def day(house: House, wanted: date, lang: str = "en", now: datetime = NOW) -> list[str]:
    def look(session: Session) -> str:
        return untimed(view_days.day_text(session, session.get_one(Roster, 1), wanted, now, lang, False))

    return house.read(look).split("\n")


def month(house: House, user_id: int, number: int = NOVEMBER, lang: str = "en", now: datetime = NOW) -> list[str]:
    def look(session: Session) -> str:
        return view_people.month_text(session, user_id, repository.rosters(session), number, now, lang)

    return house.read(look).split("\n")


def person(house: House, user_id: int, lang: str = "en", now: datetime = NOW) -> list[str]:
    def look(session: Session) -> str:
        user = session.get_one(User, user_id)
        return view_people.person_text(session, user, repository.rosters(session), now, lang)

    return house.read(look).split("\n")


def names(house: House, typed: str) -> list[str]:
    return [name for _id, name in house.read(lambda session: view_people.find_people(session, typed))]


def berlin(house: House) -> None:
    house.roster(timezone="Europe/Berlin", handover_at=time(9))


def local(day: str, zone: str = "Europe/Berlin", hour: int = 9) -> datetime:
    return instant(date.fromisoformat(day), time(hour), zone)


def second_roster(house: House, *wanted: Shift, timezone: str = "America/New_York") -> None:
    """Names the first roster, and adds another one with these shifts."""
    house.roster(name="Support")

    def work(session: Session) -> None:
        roster = Roster(name="<Network>", timezone=timezone, handover_at=time(9))
        session.add(roster)
        session.flush()
        people = frozenset(shift.user_id for shift in wanted)
        diff = schedule_service.plan_changes(
            session, roster.id or 0, list(wanted), Covered(people, (EVERYTHING,)), ChangeKind.IMPORT
        )
        schedule_service.apply(session, diff, house.author, "second.xlsx", diff.revision, NOW)

    house.write(work)


# -- days ------------------------------------------------------------------------------------------------------------


def test_day_names_shifts_positions_contacts_gap_and_absences(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23", position="primary"), absence(house.alice, "2026-11-24"))

    assert day(house, date(2026, 11, 24)) == [
        "<b>Tue 24 Nov</b>",
        "• until 09:00: <b>Dan Duty</b> (primary)",
        "    +79001112233 · @dan",
        "⚠️ 09:00–00:00: nobody",
        "<i>On vacation: Alice Admin</i>",
    ]


def test_day_in_russian_with_a_shift_that_ends_at_midnight(house: House) -> None:
    start = moscow("2026-11-24", 16)
    house.put(
        duty(house.dan, "2026-11-23"),
        Shift(house.alice, None, start, start + timedelta(hours=8), EventType.DUTY),
        absence(house.alice, "2026-11-24", kind=EventType.UNAVAILABLE),
    )

    assert day(house, date(2026, 11, 24), "ru") == [
        "<b>вт 24 нояб.</b>",
        "• до 09:00: <b>Dan Duty</b>",
        "    +79001112233 · @dan",
        "• 16:00–00:00: <b>Alice Admin</b>",
        "    @alice",
        "<i>Недоступны: Alice Admin</i>",
    ]


def test_day_that_a_shift_fills(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23", 3), duty(house.alice, "2026-11-25", hour=0))

    assert day(house, date(2026, 11, 25))[1::2] == ["• all day: <b>Dan Duty</b>", "• all day: <b>Alice Admin</b>"]


def test_gap_that_is_over_is_history_and_not_named(house: House) -> None:
    house.put(duty(house.dan, "2026-11-21"), duty(house.dan, "2026-11-23"))

    assert [line for line in day(house, date(2026, 11, 22)) if "nobody" in line] == []
    assert [line for line in day(house, date(2026, 11, 22), now=moscow("2026-11-22", 12)) if "nobody" in line] == [
        "⚠️ 09:00–00:00: nobody"
    ]


# -- weeks -----------------------------------------------------------------------------------------------------------


def plan_a_week(house: House) -> None:
    house.put(
        duty(house.dan, "2026-11-22"),
        duty(house.dan, "2026-11-23"),
        duty(house.alice, "2026-11-24", 2, position="primary"),
        duty(house.dan, "2026-11-27", 3),
        absence(house.dan, "2026-11-25", 2),
        absence(house.alice, "2026-11-16", 20, EventType.UNAVAILABLE),
    )


def test_week_day_by_day(house: House) -> None:
    plan_a_week(house)

    assert week(house) == [
        "<b>Mon 23 Nov – Sun 29 Nov</b>",
        "👉 <b>Mon 23 Nov</b> · today",
        "• until Tue 09:00: <b>Dan Duty</b>",
        "<b>Tue 24 Nov</b>",
        "• 09:00 – Thu 09:00: <b>Alice Admin</b> (primary)",
        "<b>Thu 26 Nov</b>",
        "⚠️ 09:00 – Fri 09:00: nobody",
        "<b>Fri 27 Nov</b>",
        "• 09:00 – Mon 09:00: <b>Dan Duty</b>",
        "<i>On vacation: Dan Duty (Wed – Thu)</i>",
        "<i>Unavailable: Alice Admin (all week)</i>",
        "<i>Times: Europe/Moscow</i>",
    ]


def test_week_in_russian_marks_today_where_it_is(house: House) -> None:
    plan_a_week(house)
    lines = week(house, lang="ru", now=moscow("2026-11-26", 12))

    assert lines[:2] == ["<b>пн 23 нояб. – вс 29 нояб.</b>", "<b>пн 23 нояб.</b>"]
    assert lines[5:8] == [
        "👉 <b>чт 26 нояб.</b> · сегодня",
        "• до 09:00: <b>Alice Admin</b> (primary)",
        "⚠️ 09:00 – пт 09:00: никого",
    ]
    assert lines[-3:] == [
        "<i>В отпуске: Dan Duty (ср – чт)</i>",
        "<i>Недоступны: Alice Admin (вся неделя)</i>",
        "<i>Время: Europe/Moscow</i>",
    ]


def test_week_without_shifts_says_so_or_where_the_roster_ends(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"))

    assert week(house, date(2026, 11, 9))[1] == "Nobody is on duty."
    assert week(house, date(2026, 12, 7))[1] == "The roster ends before that, on Mon 23 Nov."


def test_holidays_have_their_line_in_the_week_whether_or_not_a_shift_begins(house: House) -> None:
    def settle(session: Session) -> None:
        session.get_one(Roster, 1).holidays = "RU"

    house.write(settle)
    house.put(duty(house.dan, "2026-12-27", 5), duty(house.alice, "2027-01-02", 2))

    assert week(house, date(2026, 12, 28))[1:-1] == [
        "<b>Mon 28 Dec</b>",
        "• until Fri 09:00: <b>Dan Duty</b>",
        "<b>Thu 31 Dec</b> · 🎉 Day off (substituted from 01/04/2026)",
        "<b>Fri 1 Jan</b> · 🎉 New Year Holidays",
        "⚠️ 09:00 – Sat 09:00: nobody",
        "<b>Sat 2 Jan</b> · 🎉 New Year Holidays",
        "• 09:00 – Mon 09:00: <b>Alice Admin</b>",
        "<b>Sun 3 Jan</b> · 🎉 New Year Holidays",
    ]
    assert week(house, date(2027, 1, 4), "ru")[1] == "<b>пн 4 янв.</b> · 🎉 Новогодние каникулы"
    assert day(house, date(2027, 1, 7), "ru")[0] == "<b>чт 7 янв. 2027</b> · 🎉 Рождество Христово"


def test_events_of_other_calendars_are_named_under_their_days(house: House) -> None:
    def plan(session: Session) -> None:
        session.add(ExternalCalendar(id=1, roster_id=1, name="Fairs", url="https://a.example/", next_at=NOW))
        session.add(
            ExternalCalendar(id=2, roster_id=1, name="Away", url="https://b.example/", next_at=NOW, is_absences=True)
        )
        session.flush()
        start = moscow("2026-11-24", 10)
        rows = [
            ExternalEvent(calendar_id=1, first_day=date(2026, 11, 24), last_day=date(2026, 11, 25), title="Fair <b>"),
            ExternalEvent(
                calendar_id=1,
                first_day=date(2026, 11, 24),
                last_day=date(2026, 11, 24),
                start_at=start,
                end_at=start + timedelta(hours=1),
                title="",
            ),
            ExternalEvent(calendar_id=2, first_day=date(2026, 11, 25), last_day=date(2026, 11, 25), title="Dan Duty"),
            *(
                ExternalEvent(calendar_id=1, first_day=date(2026, 11, 29), last_day=date(2026, 11, 29), title=f"e{n}")
                for n in range(5)
            ),
        ]
        session.add_all(rows)

    house.write(plan)
    house.put(duty(house.dan, "2026-11-23", 7))

    assert week(house)[1:-1] == [
        "👉 <b>Mon 23 Nov</b> · today",
        "• 09:00 – Mon 30 Nov, 09:00: <b>Dan Duty</b>",
        "<b>Tue 24 Nov</b>",
        "🗓 <i>Fair &lt;b&gt;</i>",
        "🗓 <i>10:00 Fairs</i>",
        "<b>Wed 25 Nov</b>",
        "🗓 <i>Fair &lt;b&gt;</i>",
        "<b>Sun 29 Nov</b>",
        "🗓 <i>e0</i>",
        "🗓 <i>e1</i>",
        "🗓 <i>e2</i>",
        "…and 2 more",
    ]
    assert day(house, date(2026, 11, 25))[:2] == ["<b>Wed 25 Nov</b>", "🗓 <i>Fair &lt;b&gt;</i>"]


def test_week_of_the_change_of_the_clocks_keeps_the_wall_clock(house: House) -> None:
    berlin(house)
    days = [f"2026-10-{n}" for n in range(19, 27)]
    shifts = [Shift(house.dan, None, local(first), local(after), EventType.DUTY) for first, after in pairwise(days)]
    house.put(*shifts)

    lines = week(house, date(2026, 10, 19), now=local("2026-10-19", hour=0))

    assert [line for line in lines if line.startswith("•")] == ["• 09:00 – Mon 26 Oct, 09:00: <b>Dan Duty</b>"]


def test_week_on_call_in_daily_shifts_is_one_line_and_today_is_found(house: House) -> None:
    house.put(
        *(duty(house.dan, date(2026, 11, 20) + timedelta(days=n)) for n in range(7)),
        duty(house.alice, "2026-11-27"),
        duty(house.alice, "2026-11-28", position="primary"),
    )
    now = moscow("2026-11-25", 12)

    assert week(house, now=now)[1:] == [
        "<b>Mon 23 Nov</b>",
        "• until Fri 09:00: <b>Dan Duty</b>",
        "👉 <b>Wed 25 Nov</b> · today",
        "• until Fri 09:00: <b>Dan Duty</b>",
        "<b>Fri 27 Nov</b>",
        "• 09:00 – Sat 09:00: <b>Alice Admin</b>",
        "<b>Sat 28 Nov</b>",
        "• 09:00 – Sun 09:00: <b>Alice Admin</b> (primary)",
        "<b>Sun 29 Nov</b>",
        "⚠️ 09:00–00:00: nobody",
        "<i>Times: Europe/Moscow</i>",
    ]
    assert day(house, date(2026, 11, 25), now=now) == ["<b>Wed 25 Nov</b>", "• all day: <b>Dan Duty</b>", DAN_CONTACT]
    assert day(house, date(2026, 11, 27), now=now)[1:4:2] == [
        "• until 09:00: <b>Dan Duty</b>",
        "• 09:00 – Sat 28 Nov, 09:00: <b>Alice Admin</b>",
    ]
    assert person(house, house.dan, now=now)[3] == "🟢 On duty until Fri 27 Nov, 09:00"
    card = house.read(lambda s: cards.card(s, house.settings, house.dan, now))
    assert (card.on_duty_until, card.next_shift, card.coming) == ((moscow("2026-11-27", 9), "Europe/Moscow"), None, 2)


def test_days_in_a_row_without_anybody_are_one(house: House) -> None:
    house.put(duty(house.dan, "2026-11-16"), duty(house.dan, "2026-11-21"))

    assert week(house, date(2026, 11, 16))[1:] == [
        "<b>Mon 16 Nov</b>",
        "• 09:00 – Tue 09:00: <b>Dan Duty</b>",
        "<b>Wed 18 Nov</b> – <b>Fri 20 Nov</b>",
        "• nobody",
        "<b>Sat 21 Nov</b>",
        "• 09:00 – Sun 09:00: <b>Dan Duty</b>",
        "<i>Times: Europe/Moscow</i>",
    ]


def test_time_on_duty_of_a_year_is_found_whole(house: House) -> None:
    first = date(2026, 1, 1)
    house.put(*(duty(house.dan, first + timedelta(days=n)) for n in range(365)))

    (found,) = house.read(
        lambda s: schedule_service.stretches_between(s, s.get_one(Roster, 1), NOW, NOW + timedelta(hours=1))
    )
    assert (found.start_at, found.end_at) == (moscow("2026-01-01", 9), moscow("2027-01-01", 9))


def test_week_of_a_shift_longer_than_it_names_the_date_of_its_end(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23", 7), duty(house.alice, "2026-11-30", 10))

    assert week(house)[2] == "• 09:00 – Mon 30 Nov, 09:00: <b>Dan Duty</b>"
    assert week(house, date(2026, 11, 30))[1:4] == [
        "<b>Mon 30 Nov</b>",
        "• until 09:00: <b>Dan Duty</b>",
        "• 09:00 – Thu 10 Dec, 09:00: <b>Alice Admin</b>",
    ]


# -- people ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(house: House) -> House:
    house.person("Фёдор Алёшин", username="Fedor_A")
    house.person("Алёшина Мария")
    house.person("O'Neil, Ann-Mary")
    gone = house.person("Алёшин Пётр")
    house.write(lambda session: setattr(session.get_one(User, gone), "is_active", False))
    return house


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("алешин", ["Алёшина Мария", "Фёдор Алёшин"]),
        ("АЛЁШИН ф", ["Фёдор Алёшин"]),
        ("ф. алешин", ["Фёдор Алёшин"]),
        ("алёшина мария", ["Алёшина Мария"]),
        ("@fedor_a", ["Фёдор Алёшин"]),
        ("fedor", ["Фёдор Алёшин"]),
        ("ешин", ["Алёшина Мария", "Фёдор Алёшин"]),
        ("шин пётр", []),
        ("ann", ["O'Neil, Ann-Mary"]),
        ("du", ["Dan Duty"]),
        ("ty", []),
        ("dan dan", []),
        ("alice", []),  # let in, but not of the roster
        ("@", []),
        (" ", []),
        ("%", []),
        ("<b>&", []),
    ],
)
def test_name_means_people_of_the_roster(crowd: House, typed: str, found: list[str]) -> None:
    assert names(crowd, typed) == found


def test_name_that_files_use_means_its_person(crowd: House) -> None:
    crowd.write(lambda session: session.add(UserAlias(user_id=crowd.dan, name_key="данила дежурный")))

    assert names(crowd, "Данила Дежурный") == ["Dan Duty"]


def test_person_running_and_coming_shifts_with_absences(house: House) -> None:
    plan_a_week(house)

    assert person(house, house.dan) == [
        "<b>Dan Duty</b>",
        "+79001112233 · @dan",
        "",
        "🟢 On duty until Tue 24 Nov, 09:00",
        "Next shifts:",
        "• Fri 27 Nov, 09:00 – Mon 30 Nov, 09:00 · 72 h",
        "<i>Vacation: Wed 25 Nov – Thu 26 Nov</i>",
        "<i>Times: Europe/Moscow</i>",
    ]
    assert person(house, house.alice, "ru") == [
        "<b>Alice Admin</b>",
        "@alice",
        "",
        "Следующие смены:",
        "• вт 24 нояб., 09:00 – чт 26 нояб., 09:00 · 48 ч (primary)",
        "<i>Недоступность: пн 16 нояб. – сб 5 дек.</i>",
        "<i>Время: Europe/Moscow</i>",
    ]


def test_person_without_shifts_and_with_many(house: House) -> None:
    boris = house.person("Boris <b>")
    house.put(*(duty(house.dan, date(2026, 11, 24) + timedelta(days=2 * n)) for n in range(9)))

    assert person(house, boris) == ["<b>Boris &lt;b&gt;</b>", "No shifts are planned yet."]
    assert person(house, house.dan)[-2] == "…and 3 more"
    assert person(house, house.dan, now=moscow("2026-12-10", 12))[3:5] == [
        "🟢 On duty until Fri 11 Dec, 09:00",
        "No shifts are planned after this yet.",
    ]


def test_person_in_two_rosters_has_a_part_for_each(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"))
    start = local("2026-11-24", "America/New_York")
    second_roster(house, Shift(house.dan, None, start, start + timedelta(hours=7, minutes=30), EventType.DUTY))

    assert person(house, house.dan)[2:] == [
        "",
        "<b>Support</b>",
        "🟢 On duty until Tue 24 Nov, 09:00",
        "No shifts are planned after this yet.",
        "",
        "<b>&lt;Network&gt;</b>",
        "Next shifts:",
        "• Tue 24 Nov, 09:00–16:30 · 7 h 30 min",
        "<i>Times: Europe/Moscow, America/New_York</i>",
    ]


# -- months ----------------------------------------------------------------------------------------------------------


def test_month_with_hours_total_and_absences(house: House) -> None:
    plan_a_week(house)

    assert month(house, house.dan) == [
        "<b>Your shifts: November 2026</b>",
        "🟢 Sun 22 Nov, 09:00 – Tue 24 Nov, 09:00 · 48 h",
        "• Fri 27 Nov, 09:00 – Mon 30 Nov, 09:00 · 72 h",
        "",
        "This month: 3 shifts, 120 h",
        "<i>Vacation: Wed 25 Nov – Thu 26 Nov</i>",
        "<i>Times: Europe/Moscow</i>",
    ]
    assert month(house, house.alice, lang="ru")[:4] == [
        "<b>Ваши смены: ноябрь 2026</b>",
        "• вт 24 нояб., 09:00 – чт 26 нояб., 09:00 · 48 ч (primary)",
        "",
        "Всего за месяц: 1 смена, 48 ч",
    ]


@pytest.mark.parametrize(
    ("first", "after", "hours", "number"),
    [("2026-10-24", "2026-10-25", 25, 2026 * 12 + 9), ("2026-03-28", "2026-03-29", 23, 2026 * 12 + 2)],
)
def test_month_counts_real_hours_over_the_change_of_the_clocks(
    house: House, first: str, after: str, hours: int, number: int
) -> None:
    berlin(house)
    house.put(Shift(house.dan, None, local(first), local(after), EventType.DUTY))

    lines = month(house, house.dan, number)

    assert lines[1].endswith(f"09:00 · {hours} h")
    assert lines[3] == f"This month: 1 shift, {hours} h"


def test_month_counts_the_part_of_a_shift_that_lies_in_it(house: House) -> None:
    house.put(duty(house.dan, "2026-11-30"))

    assert month(house, house.dan)[-2] == "This month: 1 shift, 15 h"
    assert month(house, house.dan, NOVEMBER + 1)[1:4] == [
        "• Mon 30 Nov, 09:00 – Tue 1 Dec, 09:00 · 24 h",
        "",
        "This month: 1 shift, 9 h",
    ]


def test_empty_month_names_the_next_shift_but_not_from_the_past(house: House) -> None:
    house.put(duty(house.dan, "2027-01-05"))

    assert month(house, house.dan)[1:3] == ["You have no shifts this month.", "Next after that: Tue 5 Jan, 09:00"]
    assert month(house, house.dan, NOVEMBER - 1)[1:] == [
        "You have no shifts this month.",
        "<i>Times: Europe/Moscow</i>",
    ]
    assert month(house, house.dan, NOVEMBER, "ru")[1:3] == [
        "В этом месяце у вас смен нет.",
        "Следующая после этого: вт 5 янв., 09:00",
    ]


def test_month_in_two_rosters_sums_both(house: House) -> None:
    house.put(duty(house.dan, "2026-11-23"))
    start = local("2026-11-25", "America/New_York")
    second_roster(house, Shift(house.dan, "b", start, start + timedelta(hours=8), EventType.DUTY))

    assert month(house, house.dan)[1:] == [
        "<b>Support</b>",
        "🟢 Mon 23 Nov, 09:00 – Tue 24 Nov, 09:00 · 24 h",
        "<b>&lt;Network&gt;</b>",
        "• Wed 25 Nov, 09:00–17:00 · 8 h (b)",
        "",
        "This month: 2 shifts, 32 h",
        "<i>Times: Europe/Moscow, America/New_York</i>",
    ]


def test_month_numbers_go_there_and_back() -> None:
    every: Iterable[date] = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 11, 23))
    assert [view_people.first_of_month(view_people.month_number(d)) for d in every] == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 11, 1),
    ]


def test_sample_shows_a_person_as_the_pin_does(house: House) -> None:
    assert house.read(lambda session: view_people.sample_text(session, house.dan, "en")) == (
        "🟢 On duty now: <b>Dan Duty</b>\n      +79001112233 · @dan"
    )


def test_parse_day_leaves_what_is_no_day_to_others() -> None:
    assert [typed_days.parse_day(text, MONDAY) for text in ("Dan", "3/4", "", "7")] == [None] * 4
    with pytest.raises(LocalizedError):
        typed_days.parse_day("2026-02-30", MONDAY)
