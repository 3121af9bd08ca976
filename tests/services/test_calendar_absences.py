"""A calendar of vacations: its events become absences and go again, and nothing that people entered is touched."""

from datetime import date

import pytest
from sqlmodel import Session, col, select

from duty_teller.db.models import ChangeKind, ExternalCalendar, Notice, ScheduleChange, UserAlias
from duty_teller.domain.happenings import Expanded, Happening
from duty_teller.domain.shift import EventType
from duty_teller.importers.readers.foreign_calendar import expand_calendar
from duty_teller.services import calendar_absences
from duty_teller.services.calendars import store
from duty_teller.services.people import accounts
from duty_teller.services.people.matching import people_named
from tests.house import NOW, House, absence, duty

VACATION = EventType.VACATION


@pytest.fixture
def calendar(house: House) -> int:
    house.write(lambda s: accounts.set_reachable(s, house.alice, True))
    number = house.write(lambda s: store.add(s, 1, "Vacations", "https://a.example/v.ics", NOW))
    house.write(lambda s: calendar_absences.count(s, house.settings, number, True, NOW))
    return number


def away(name: str, first: str, last: str, kind: EventType = VACATION) -> Happening:
    return Happening(date.fromisoformat(first), date.fromisoformat(last), None, None, name, (name,), kind.value)


def sync(house: House, calendar: int, *happenings: Happening) -> None:
    house.write(lambda s: calendar_absences.sync(s, house.settings, calendar, Expanded(happenings, 0), NOW))


def away_of(house: House) -> list[tuple[int, str, str, str]]:
    return [
        (one.user_id, one.event_type.value, f"{one.start_at:%m-%d %H}", f"{one.end_at:%m-%d %H}")
        for one in house.live()
        if one.event_type.is_absence
    ]


def notices(house: House) -> list[str]:
    return house.read(
        lambda s: [one.dedupe_key for one in s.exec(select(Notice).where(col(Notice.dedupe_key).like("calendar:%")))]
    )


def revision(house: House) -> int:
    return house.read(lambda s: len(s.exec(select(ScheduleChange)).all()))


def test_vacations_come_change_and_go_with_their_calendar(house: House, calendar: int) -> None:
    house.put(duty(house.dan, "2026-11-26"), duty(house.dan, "2026-12-20"))
    sync(house, calendar, away("Dan Duty", "2026-11-20", "2026-11-30"), away("Zed", "2026-11-24", "2026-11-24"))
    assert away_of(house) == [(house.dan, "vacation", "11-19 21", "11-30 21")]
    (told,) = notices(house)
    made = house.read(lambda s: s.exec(select(ScheduleChange).order_by(col(ScheduleChange.id).desc())).first())
    assert made is not None
    assert (made.kind, made.author_name) == (ChangeKind.AWAY, "Vacations")
    assert house.read(store.calendars)[0].unknown == ("Zed",)

    before = revision(house)
    sync(house, calendar, away("Dan Duty", "2026-11-20", "2026-11-30"))
    assert (revision(house), notices(house)) == (before, [told])

    sync(house, calendar, away("Dan Duty", "2026-11-20", "2026-11-25"))  # today is the 23rd
    assert away_of(house) == [
        (house.dan, "vacation", "11-19 21", "11-22 21"),
        (house.dan, "vacation", "11-22 21", "11-25 21"),
    ]
    sync(house, calendar)
    assert away_of(house) == [(house.dan, "vacation", "11-19 21", "11-22 21")]
    assert [one for one in house.live() if not one.event_type.is_absence] == [
        duty(house.dan, "2026-11-26"),
        duty(house.dan, "2026-12-20"),
    ]


def test_what_people_have_entered_or_taken_back_stays(house: House, calendar: int) -> None:
    house.put(absence(house.dan, "2026-11-25", 2, EventType.SICK))
    sync(house, calendar, away("Dan Duty", "2026-11-24", "2026-11-28"))
    around = [
        (house.dan, "vacation", "11-23 21", "11-24 21"),
        (house.dan, "sick", "11-24 21", "11-26 21"),
        (house.dan, "vacation", "11-26 21", "11-28 21"),
    ]
    assert away_of(house) == around

    change = house.read(lambda s: s.exec(select(ScheduleChange.id).order_by(col(ScheduleChange.id).desc())).first())
    house.undo(change or 0)
    sync(house, calendar, away("Dan Duty", "2026-11-24", "2026-11-28"))
    assert away_of(house) == around[1:2]

    house.write(lambda s: calendar_absences.count(s, house.settings, calendar, False, NOW))
    sync(house, calendar, away("Dan Duty", "2026-12-01", "2026-12-02"))
    assert away_of(house) == around[1:2]


def test_calendar_that_is_removed_takes_its_absences_with_it(house: House, calendar: int) -> None:
    sync(house, calendar, away("Dan Duty", "2026-11-24", "2026-11-28"), away("Dan Duty", "2026-12-24", "2026-12-28"))
    assert len(away_of(house)) == 2
    house.write(lambda s: calendar_absences.withdraw(s, house.settings, calendar, NOW))
    house.write(lambda s: store.remove(s, calendar))
    assert away_of(house) == []
    assert house.read(lambda s: s.get(ExternalCalendar, calendar)) is None


def test_names_are_those_of_imports(house: House) -> None:
    def learn(session: Session) -> None:
        session.add(UserAlias(name_key="danny", user_id=house.dan))

    house.write(learn)
    names = ["Dan Duty", "duty dan", "Duty D.", "Danny", "Nobody", "Dan Duty @dan"]
    found = house.read(lambda s: people_named(s, names))
    assert found == {name: house.dan for name in names if name != "Nobody"}


def test_titles_say_who_is_away_and_why() -> None:
    titles = [
        "Dan Duty",
        "Отпуск: Орлова Алиса",
        "Sick leave - Dan Duty",
        "Dan Duty on call",
        "Team lunch",
        "Unavailable: Dan Duty",
    ]
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nSUMMARY:{title}\r\nDTSTART;VALUE=DATE:202611{n + 10}\r\nEND:VEVENT\r\n"
        for n, title in enumerate(titles)
    )
    span = "DTSTART:20261120T100000Z\r\nDTEND:20261120T110000Z"
    short = f"BEGIN:VEVENT\r\nUID:x\r\nSUMMARY:Dan Duty\r\n{span}\r\nEND:VEVENT\r\n"
    data = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}{short}END:VCALENDAR\r\n".encode()
    found = expand_calendar(data, date(2026, 11, 1), date(2026, 11, 30), "UTC", "", True)
    assert [(one.people, one.kind) for one in found.happenings] == [
        (("Dan Duty",), "vacation"),
        (("Орлова Алиса",), "vacation"),
        (("Dan Duty",), "sick"),
        ((), ""),
        ((), ""),
        (("Dan Duty",), "unavailable"),
        ((), ""),
    ]
    assert Expanded.from_json(found.to_json()) == found
