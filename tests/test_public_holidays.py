"""Public holidays and weekends by country and region; whose they are follows the setting until an admin has said so."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from duty_teller.db.models import Roster
from duty_teller.i18n import LocalizedError
from duty_teller.services.rosters import days_off, rosters
from duty_teller.utils.public_holidays import country_of_zone, holiday_names, is_weekend, place_name, typed_place
from tests.house import NOW, House


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("de", "DE"),
        ("  Germany ", "DE"),
        ("ГЕРМАНИЯ", "DE"),
        ("de-by", "DE-BY"),
        ("Germany, bayern", "DE-BY"),
        ("us ca", "US-CA"),
        ("New Zealand", "NZ"),
        ("Guinea-Bissau", "GW"),
        ("NZ-South Canterbury", "NZ-South Canterbury"),
        ("Россия", "RU"),
    ],
)
def test_place_is_found_as_people_write_it(typed: str, place: str) -> None:
    assert typed_place(typed) == place


@pytest.mark.parametrize("typed", ["", "-", "Atlantis", "DE-XX", "RU-MOW", "XX"])
def test_place_that_does_not_exist_is_refused(typed: str) -> None:
    with pytest.raises(LocalizedError) as caught:
        typed_place(typed)
    assert caught.value.key == "holidays.unknown_place"


def test_names_are_in_the_readers_language_where_there_are_such() -> None:
    unity = date(2026, 11, 4)
    assert holiday_names("RU", unity, unity, "ru") == {unity: "День народного единства"}
    assert holiday_names("RU", unity, unity, "en") == {unity: "Unity Day"}
    corpus_christi = date(2026, 6, 4)
    assert holiday_names("DE-BY", corpus_christi, corpus_christi, "ru") == {corpus_christi: "Corpus Christi"}
    assert holiday_names("DE", corpus_christi, corpus_christi, "ru") == {}
    assert holiday_names("", unity, unity, "ru") == {}
    assert place_name("ru", "DE-BY") == "Германия, Bayern"
    turn = holiday_names("RU", date(2026, 12, 31), date(2027, 1, 1), "ru")
    assert list(turn) == [date(2026, 12, 31), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("place", "monday", "weekend"),
    [
        ("", "2026-11-23", "56"),
        ("RU", "2026-11-23", "56"),
        ("RU", "2024-12-23", "6"),  # Saturday 28 December 2024 was worked
        ("IL", "2026-11-23", "45"),
        ("AE", "2005-11-21", "45"),  # before 2022
        ("AE", "2026-11-23", "56"),
        ("IR", "2026-11-23", "4"),
    ],
)
def test_weekend_is_the_countrys(place: str, monday: str, weekend: str) -> None:
    first = date.fromisoformat(monday)
    assert "".join(str(at) for at in range(7) if is_weekend(place, first + timedelta(days=at))) == weekend


@pytest.mark.parametrize(("zone", "country"), [("Europe/Moscow", "RU"), ("Asia/Kolkata", "IN"), ("UTC", "")])
def test_country_is_guessed_from_the_zones_city(zone: str, country: str) -> None:
    assert country_of_zone(zone) == country


def test_setting_holds_until_an_admin_chooses(house: House) -> None:
    def places(session: Session) -> list[str]:
        return [session.get_one(Roster, one.id).holidays for one in rosters.live(session)]

    assert house.read(lambda s: days_off.have_others(s, "DE"))
    house.write(lambda s: days_off.follow_setting(s, "DE"))
    assert house.read(places) == ["DE"]
    assert not house.read(lambda s: days_off.have_others(s, "DE"))

    house.write(lambda s: rosters.add(s, "Network", NOW, "Support"))
    house.write(lambda s: days_off.choose(s, 1, "RU", house.author, "", NOW))
    house.write(lambda s: days_off.follow_setting(s, "IL"))
    assert house.read(places) == ["RU", "IL"]


def test_library_waits_for_its_first_question_and_loads_one_country() -> None:
    program = (
        "import sys, datetime; from duty_teller.config import Settings; Settings.from_env({'HOLIDAYS': 'DE'});"
        "from duty_teller.utils.public_holidays import holiday_names;"
        "before = 'holidays' in sys.modules; day = datetime.date(2026, 10, 3); holiday_names('DE', day, day, 'en');"
        "print(before, sorted(m for m in sys.modules if m.startswith('holidays.countries.')))"
    )
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert made.stdout == "False ['holidays.countries.germany']\n"
