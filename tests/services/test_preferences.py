"""What people choose for themselves."""

from datetime import time

import pytest

from duty_teller.db.models import NoticeKind, User
from duty_teller.i18n import LocalizedError
from duty_teller.services.people import preferences
from tests.house import NOW, House


def stored(house: House) -> tuple[str | None, str | None, str | None, str]:
    dan = house.read(lambda session: session.get_one(User, house.dan))
    return dan.language, dan.reminder_leads, dan.quiet_hours, dan.notices_off


def test_choices_of_somebody_who_has_chosen_nothing(house: House) -> None:
    found = house.read(lambda session: preferences.look(session, house.dan))
    assert (found.leads, found.quiet, found.off, found.linked) == ((720, 60), None, frozenset(), True)
    assert not house.read(lambda session: preferences.look(session, house.alice)).linked


def test_choices_are_stored_and_raise_the_revision_of_people(house: House) -> None:
    before = house.revision("people")

    house.write(lambda session: preferences.set_language(session, house.dan, "ru", NOW))
    house.write(lambda session: preferences.set_lead(session, house.dan, 15, True))
    house.write(lambda session: preferences.set_lead(session, house.dan, 720, False))
    house.write(lambda session: preferences.set_quiet(session, house.dan, (time(22), time(7, 30))))
    house.write(lambda session: preferences.set_kind(session, house.dan, NoticeKind.ENDS, False))
    house.write(lambda session: preferences.set_kind(session, house.dan, NoticeKind.CHANGED, False))

    assert stored(house) == ("ru", "60,15", "22:00-07:30", "changed,ends")
    assert house.revision("people") == before + 6

    house.write(lambda session: preferences.set_language(session, house.dan, None, NOW))
    house.write(lambda session: preferences.never_remind(session, house.dan))
    house.write(lambda session: preferences.set_quiet(session, house.dan, None))
    house.write(lambda session: preferences.set_kind(session, house.dan, NoticeKind.ENDS, True))

    assert stored(house) == (None, "", None, "changed")


def test_choices_that_are_none_are_refused(house: House) -> None:
    with pytest.raises(ValueError, match="de"):
        house.write(lambda session: preferences.set_language(session, house.dan, "de", NOW))
    with pytest.raises(ValueError, match="7"):
        house.write(lambda session: preferences.set_lead(session, house.dan, 7, True))


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("22:00-07:00", (time(22), time(7))),
        (" 22.30 – 7.15 ", (time(22, 30), time(7, 15))),
        ("23-8", (time(23), time(8))),
        ("с 22 до 7", (time(22), time(7))),
        ("from 9:00 to 10:00", (time(9), time(10))),
    ],
)
def test_quiet_hours_as_people_type_them(typed: str, span: tuple[time, time]) -> None:
    assert preferences.parse_quiet(typed) == span


@pytest.mark.parametrize("typed", ["", "22:00", "22:00-22:00", "25-7", "22:60-7:00", "ночью", "22-7-9", "2200-0700"])
def test_quiet_hours_that_are_none_raise(typed: str) -> None:
    with pytest.raises(LocalizedError) as caught:
        preferences.parse_quiet(typed)

    assert caught.value.key == "view.quiet_bad"
