"""What a calendar of somebody else's said last, as it is kept and read again; on either database."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from duty_teller.db.models import Roster
from duty_teller.domain.happenings import Expanded, Happening
from duty_teller.services.calendars import store
from duty_teller.services.calendars.notes import DayNotes, day_notes
from duty_teller.services.rosters import days_off
from duty_teller.utils.web_address import Known
from tests.house import NOW, House

DAY = date(2026, 11, 4)


def test_last_good_copy_is_kept_read_day_by_day_and_replaced(house: House) -> None:
    def keep(*happenings: Happening) -> None:
        def work(session: Session) -> None:
            asked = store.asked(session, number, NOW)
            store.note_good(session, asked, Known('"1"', ""), Expanded(happenings, 2), NOW)

        house.write(work)

    def notes() -> DayNotes:
        return house.read(lambda s: day_notes(s, s.get_one(Roster, 1), DAY, DAY + timedelta(days=1), "en"))

    number = house.write(lambda s: store.add(s, 1, "Fairs", "https://a.example/", NOW))
    house.write(lambda s: days_off.choose(s, 1, "RU", house.author, "", NOW))
    start = int(datetime(2026, 11, 4, 7, tzinfo=UTC).timestamp())
    keep(Happening(DAY, DAY, start, start + 3600, "Talk"), Happening(DAY, DAY + timedelta(days=3), None, None, "Fair"))
    assert {str(day): [(one.kind, one.text) for one in found] for day, found in notes().items()} == {
        "2026-11-04": [("holiday", "Unity Day"), ("event", "Fair"), ("event", "10:00 Talk")],
        "2026-11-05": [("event", "Fair")],
    }
    (state,) = house.read(store.calendars)
    assert (state.events, state.left_out, state.good_at, state.host) == (2, 2, NOW, "a.example")
    assert house.read(lambda s: store.asked(s, number, NOW)).known == Known('"1"', "")
    assert (
        house.read(lambda s: store.asked(s, number, NOW + timedelta(days=40))).known == Known()
    )  # its window moves on
    keep()
    assert [len(found) for found in notes().values()] == [1]
