"""Lists that are longer than a page: whatever is in them can be reached by its button, page after page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from duty_teller.db.models import Chat, EventType, GroupPin, Roster
from duty_teller.handlers.schedule import away, away_pages, change_line, change_pages, cover
from duty_teller.handlers.schedule.pages import Page
from duty_teller.services.cover_service.model import shift_of
from duty_teller.services.people.access import Level, Person
from duty_teller.services.schedule_service import edits
from duty_teller.services.schedule_service.asked_edits import AskedEdit, EditKind
from duty_teller.utils.callback_data import Data
from tests.handlers.conftest import ALICE, DAN, SAM, World, buttons, wait_for
from tests.handlers.test_cover import asked, pressed, team, team_kept  # noqa: F401  # fixtures
from tests.handlers.test_views import press
from tests.house import NOW, House, duty, moscow

MANY = 25
FIRST = date(2026, 11, 24)
EVERY_OTHER_DAY = [duty(0, FIRST + timedelta(days=2 * n)).start_at for n in range(MANY)]


def turned(page: Page, kind: Data, show: Callable[..., Page]) -> list[tuple[str, str]]:
    """Text and data of all buttons, over all pages that ▶ or ▼ leads to."""
    found = []
    for _page in range(9):
        keys = [key for row in page[1] for key in row]
        found += [(key.text, key.data or "") for key in keys if key.text not in ("◀", "▶", "▲", "▼")]
        onward = [kind.read(key.data) for key in keys if key.text in ("▶", "▼")]
        if not onward:
            return list(dict.fromkeys(found))
        page = show(*onward[0])
    raise AssertionError("no end of pages")


def namesakes(house: House) -> list[int]:
    return [house.person(f"Ivan {chr(1040 + n)}. Petrov") for n in range(MANY)]


def test_all_shifts_of_a_person_can_be_changed(house: House) -> None:
    house.put(*(duty(house.dan, FIRST + timedelta(days=2 * n)) for n in range(MANY)))

    def look(session: Session) -> list[tuple[str, str]]:
        roster = session.get_one(Roster, 1)
        page = change_line.resolve(session, "en", "Dan", roster, NOW)
        assert not isinstance(page, AskedEdit)
        show = lambda user, _roster, at: change_pages.shifts_of_page(session, "en", user, roster, NOW, at)  # noqa: E731
        return turned(page, change_pages.SHIFTS_OF, show)

    found = [change_pages.SHIFT.read(data) for _text, data in house.read(look)]
    assert [one[0].start for one in found if one] == [
        duty(0, FIRST + timedelta(days=2 * n)).start_at for n in range(MANY)
    ]


def test_all_who_bear_a_name_and_all_shifts_of_a_day_can_be_chosen(house: House) -> None:
    people = namesakes(house)
    house.put(*(duty(user, FIRST, position=f"{n:02}") for n, user in enumerate(people)))

    def look(session: Session) -> tuple[set[int], set[int]]:
        roster, rows = session.get_one(Roster, 1), edits.stored_between(session, 1, *span)
        shift = AskedEdit(EditKind.GIVE, 1, rows[0].id, 0, *span)
        page = change_line.typed_name(session, "en", "Petrov", replace(shift, shift_id=rows[-1].id))
        assert not isinstance(page, AskedEdit)
        show = lambda edit, at: change_pages.whom_page(session, "en", edit, at)  # noqa: E731
        people = turned(page, change_pages.TO_WHOM, show)
        day = change_line.resolve(session, "en", "24.11 Dan", roster, NOW)
        assert not isinstance(day, AskedEdit)
        on_day = lambda at_day, _roster, at: change_pages.day_page(session, "en", at_day, roster, NOW, at)  # noqa: E731
        shifts = turned(day, change_pages.CHANGE_DAY, on_day)
        return (
            {found[0].user_id for _text, data in people if (found := change_pages.SHOW.read(data))},
            {found[0].shift_id for _text, data in shifts if (found := change_pages.SHIFT.read(data))},
        )

    span = duty(0, FIRST).start_at, duty(0, FIRST).end_at
    chosen, shown = house.read(look)
    assert len(chosen & set(people)) == MANY - 1, "all but the one who has it"
    assert len(shown) == MANY


def test_all_who_bear_a_name_can_be_away(house: House) -> None:
    people = namesakes(house)
    first, last = FIRST, FIRST + timedelta(days=3)

    def look(session: Session) -> list[tuple[str, str]]:
        show = lambda *of: away_pages.which_page(session, "en", of[3], of[0], of[1], of[2])  # noqa: E731
        return turned(away_pages.which_page(session, "en", "petrov", first, last, 0), away_pages.WHICH, show)

    found = {away_pages.DAYS.read(data) for _text, data in house.read(look)}
    assert found == {(user, first, last) for user in people}


@pytest.mark.parametrize("kind", [EventType.VACATION, EventType.SICK])
def test_cover_is_found_for_all_duties_of_an_absence(house: House, kind: EventType) -> None:
    house.put(*(duty(house.dan, FIRST + timedelta(days=2 * n)) for n in range(MANY)))
    person = Person(house.dan, 1002, Level.MEMBER, "Dan Duty", None, None, None, None, True, True)
    days = away.Range(FIRST, FIRST + timedelta(days=60))

    def enter(session: Session) -> list[tuple[str, str]]:
        page = away.enter(session, house.settings, "en", person, house.dan, kind, days, NOW)
        show = lambda change, at: away._entered_page(session, "en", person, change, NOW, at)  # noqa: E731
        return turned(page, away_pages.AFFECTED, show)

    found = [away_pages.FIND.read(data) for _text, data in house.write(enter)]
    assert [one[0].start for one in found if one] == [
        duty(0, FIRST + timedelta(days=2 * n)).start_at for n in range(MANY)
    ]


def test_all_groups_of_a_roster_can_be_asked(house: House) -> None:
    house.put(duty(house.dan, FIRST))

    def look(session: Session) -> list[tuple[str, str]]:
        for n in range(MANY):
            session.add(Chat(id=-1000 - n, title=f"Group {n:02}", trusted=True))
            session.flush()
            session.add(GroupPin(chat_id=-1000 - n, thread_id=0, roster_id=1, message_id=n))
        session.flush()
        shift = shift_of(session, edits.stored_between(session, 1, moscow(FIRST, 9), moscow(FIRST, 10))[0].id, NOW)
        rows = lambda *of: ("", cover._group_rows(session, "en", shift, of[1:3], of[3]))  # noqa: E731
        return turned(rows(0, 60, 120, 0), cover._GROUPS, rows)

    found = [cover._ASK.read(data) for _text, data in house.write(look)]
    assert found == [(found[0][0], 60, 120, -1000 - n) for n in range(MANY) if found[0]]


def test_admin_puts_anybody_on_who_is_free(team: World) -> None:  # noqa: F811
    names = ["Bo", "Cy", "Di", "Ed", "Gus", "Hal", "Ida", "Jo", "Kim", "Lea"]

    def more(session: Session) -> None:
        for n, name in enumerate(names):
            person = f"INSERT INTO users (full_name, role, is_active, reachable, created_at) VALUES ('{name}', "
            session.connection().exec_driver_sql(person + "'user', 1, 0, 0)")
            row = session.connection().exec_driver_sql("SELECT max(id) FROM users").scalar_one()
            diff = edits.plan_edit(session, session.get_one(Roster, 1), edits.add(row, *far(n))).diff
            away.schedule_service.apply(session, diff, away.Author(None, "test"), "", diff.revision, team.clock.now)

    team.work(more)
    page = pressed(team, DAN, pressed(team, DAN, team.say(DAN, "/my"), "🔁"), "26 нояб")
    pressed(team, DAN, pressed(team, DAN, page, "🙋"), "Спросить")
    team.clock.set(moscow("2026-11-26", 8))
    warned = asked(team, ALICE, "⚠️ Nobody covers")
    assert len([label for label in buttons(warned) if label in names]) == 5
    shown = press_for_new(team, ALICE, warned, "Somebody else…")
    while "Lea" not in buttons(shown):
        shown = press(team, ALICE, shown, "▶")
    done = press(team, ALICE, shown, "Lea")
    assert done["text"] == "🤝 Noted. I'll tell your colleague."
    wait_for(lambda: team.rows("SELECT state FROM cover_requests") == [("taken",)])


def press_for_new(world: World, who: int, message: dict, label: str) -> dict:
    last = world.chat.messages(who)[-1]["message_id"]
    world.chat.press(who, message["message_id"], buttons(message)[label])
    return world.answer(who, last)


def far(number: int) -> tuple[datetime, datetime]:
    start = moscow(FIRST + timedelta(days=20 + 2 * number), 9)
    return start, start + timedelta(hours=12)


def test_month_longer_than_a_message_has_pages(team: World) -> None:  # noqa: F811
    def many(session: Session) -> None:
        user = session.connection().exec_driver_sql("SELECT id FROM users WHERE telegram_user_id = 1003").scalar_one()
        items = []
        for n in range(160):
            start = moscow(FIRST - timedelta(days=20), 0) + timedelta(hours=3 * n)
            items += edits.add(user, start, start + timedelta(hours=2))
        diff = edits.plan_edit(session, session.get_one(Roster, 1), items).diff
        away.schedule_service.apply(session, diff, away.Author(None, "test"), "", diff.revision, team.clock.now)

    team.work(many)
    page, before = team.say(SAM, "/my"), len(team.texts(SAM))
    texts = [page["text"]]
    while "▼" in buttons(page):
        page = press(team, SAM, page, "▼")
        texts.append(page["text"])
    assert len(team.texts(SAM)) == before, "in one message"
    assert len(texts) > 1 and "◀ October 2026" in buttons(page)
    assert sum(text.count("\n✓ ") + text.count("\n• ") + text.startswith("✓") for text in texts) >= 160
    assert page["text"].count("This month:") == 1
