"""/change: by buttons and in one line, what it causes, the reason, undo, and two admins on the same day."""

from datetime import datetime

import pytest

from tests.handlers.conftest import ALICE, DAN, MONDAY, MOSCOW, SAM, Json, World, buttons, roster_json
from tests.handlers.test_views import alert, press

SHIFTS = (
    "SELECT u.full_name, d.start_at, d.end_at FROM duties d JOIN users u ON u.id = d.user_id "
    "WHERE d.cancelled_at IS NULL AND d.event_type = 'duty' ORDER BY d.start_at, u.full_name"
)


def shifts(world: World) -> list[str]:
    """Who is on duty: `Dan Duty 23 09-24 09`."""
    return [f"{name.split()[0]} {_at(start)}-{_at(end)}" for name, start, end in world.rows(SHIFTS)]


def _at(seconds: int) -> str:
    moment = datetime.fromtimestamp(seconds, MOSCOW)
    return f"{moment:%d %H}" if not moment.minute else f"{moment:%d %H:%M}"


BEFORE = ["Dan 23 09-24 09", "Alice 24 09-25 09", "Dan 25 09-26 09"]


@pytest.fixture
def team(planned: World) -> World:
    """Bob Smith and Иван Смирнов are on the roster, too, without shifts in these days."""
    planned.import_roster(roster_json(MONDAY.replace(month=10), **{"Bob Smith": "Б", "Смирнов Иван": " Б"}))
    return planned


def test_shift_is_given_by_buttons_and_undone(team: World) -> None:
    page = team.say(ALICE, "/duty tomorrow")
    page = press(team, ALICE, page, "✏️ Change")
    assert page["text"] == "Tue 24 Nov\nWhich shift do you want to change?"
    assert list(buttons(page)) == [
        "Dan Duty · Mon 23 Nov, 09:00 – Tue 24 Nov, 09:00",
        "Alice Admin · Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00",
        "➕ Add a shift",
        "◀ Mon 23 Nov",
        "Wed 25 Nov ▶",
    ]
    page = press(team, ALICE, page, "Alice Admin · Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00")
    assert page["text"] == "Alice Admin\nTue 24 Nov, 09:00 – Wed 25 Nov, 09:00\nWhat do you want to do?"
    page = press(team, ALICE, page, "👤 Give to…")
    assert page["text"] == "Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00\nWho gets it?"
    page = press(team, ALICE, page, "Bob Smith")
    assert page["text"] == "Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00: Alice Admin → Bob Smith"
    assert list(buttons(page)) == ["Apply", "Add a reason", "Back"]
    assert shifts(team)[1:] != [] and "Bob 24 09-25 09" not in shifts(team)

    done = press(team, ALICE, page, "Apply")

    assert done["text"] == "✅ Changed.\nTue 24 Nov, 09:00 – Wed 25 Nov, 09:00: Alice Admin → Bob Smith"
    assert "Bob 24 09-25 09" in shifts(team) and "Alice 24 09-25 09" not in shifts(team)
    assert "gave Alice Admin's shift to Bob Smith: Tue 24 Nov, 09:00" in team.say(ALICE, "/history")["text"]
    assert "09:00 – Wed 25 Nov, 09:00: Bob Smith" in team.say(ALICE, "/duty tomorrow")["text"]
    press(team, ALICE, done, "↩️ Undo")
    assert set(BEFORE) <= set(shifts(team))


@pytest.mark.parametrize(
    ("line", "said", "result"),
    [
        ("24.11 Smith", "Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00: Alice Admin → Bob Smith", ["Bob 24 09-25 09"]),
        (
            "Смирнов 24 ноября",
            "Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00: Alice Admin → Смирнов Иван",
            ["Смирнов 24 09-25 09"],
        ),
        (
            "wednesday 20:00-08:00 Смирнов",
            "Wed 25 Nov, 20:00 – Thu 26 Nov, 08:00: Dan Duty → Смирнов Иван",
            ["Dan 25 09-25 20", "Смирнов 25 20-26 08", "Dan 26 08-26 09"],
        ),
        (
            "завтра с 13:00 до 15:00 smith",
            "Tue 24 Nov, 13:00–15:00: Alice Admin → Bob Smith",
            ["Alice 24 09-24 13", "Bob 24 13-24 15", "Alice 24 15-25 09"],
        ),
        ("tomorrow 9pm Smith", "Tue 24 Nov, 21:00 – Wed 25 Nov, 09:00: Alice Admin → Bob Smith", ["Bob 24 21-25 09"]),
    ],
)
def test_one_line_is_enough(team: World, line: str, said: str, result: list[str]) -> None:
    page = team.say(ALICE, f"/change {line}")
    assert page["text"].split("\n")[0] == said
    press(team, ALICE, page, "Apply")
    assert [one for one in result if one not in shifts(team)] == []


def test_line_in_russian_is_answered_in_russian(team: World) -> None:
    team.link_dan()
    team.stop()
    team.start(admin_ids=frozenset({ALICE, DAN}))
    page = team.say(DAN, "/change завтра 20:00-08:00 Смирнов")
    assert page["text"] == "вт 24 нояб., 20:00 – ср 25 нояб., 08:00: Alice Admin → Смирнов Иван"
    done = press(team, DAN, page, "Применить")
    assert done["text"].startswith("✅ Изменено.\n")


def test_what_it_causes_is_shown_before(team: World) -> None:
    page = team.say(ALICE, "/change 24.11 13:00 Dan")
    assert page["text"] == (
        "Tue 24 Nov, 13:00 – Wed 25 Nov, 09:00: Alice Admin → Dan Duty\n\n"
        "⚠️ Dan Duty: only 4 h of rest before Tue 24 Nov, 13:00"
    )
    page = team.say(ALICE, "/change 25.11")
    page = press(team, ALICE, page, "Dan Duty · Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00")
    page = press(team, ALICE, page, "🗑 Remove")
    assert page["text"] == (
        "− Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00: Dan Duty\n\n"
        "⚠️ Nobody on duty: Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00"
    )


def test_change_in_the_past_needs_a_reason(team: World) -> None:
    page = team.say(ALICE, "/change 23.11 Smith")
    assert page["text"].endswith("This is in the past. Write why you are changing it; I need a reason.")
    assert list(buttons(page)) == ["Back"]
    assert BEFORE[0] in shifts(team)
    done = team.say(ALICE, "Bob was there")
    assert done["text"].endswith("Dan Duty → Bob Smith · Bob was there")
    assert "Bob 23 09-24 09" in shifts(team)


def test_running_shift_is_given_from_now_on_without_a_reason(team: World) -> None:
    page = team.say(ALICE, "/change 23.11")
    page = press(team, ALICE, page, "Dan Duty · Mon 23 Nov, 09:00 – Tue 24 Nov, 09:00")
    page = press(team, ALICE, page, "👤 Give from now on")
    page = press(team, ALICE, page, "Bob Smith")
    press(team, ALICE, page, "Apply")
    assert {"Dan 23 09-23 12", "Bob 23 12-24 09"} <= set(shifts(team))
    assert "On duty now: Bob Smith" in team.say(ALICE, "/duty")["text"]


def test_times_are_typed_for_a_part_a_split_and_the_edges(team: World) -> None:
    def page() -> Json:
        there = team.say(ALICE, "/change 24.11")
        name = next(text for text in buttons(there) if text.startswith("Alice Admin"))
        return press(team, ALICE, there, name)

    asked = press(team, ALICE, page(), "✂️ Give a part")
    assert asked["text"].endswith("Which part? Write the times, like 21:00-01:00.")
    assert team.say(ALICE, "hello")["text"] == "I need two times, like 21:00-01:00."
    assert team.say(ALICE, "08:00-10:00")["text"] == "There is no shift at that time. Choose a time inside the shift."
    whom = team.say(ALICE, "21:00-01:00")
    press(team, ALICE, press(team, ALICE, whom, "Bob Smith"), "Apply")
    assert {"Alice 24 09-24 21", "Bob 24 21-25 01", "Alice 25 01-25 09"} <= set(shifts(team))

    press(team, ALICE, page(), "➗ Split")
    press(team, ALICE, team.say(ALICE, "15:00"), "Apply")
    assert {"Alice 24 09-24 15", "Alice 24 15-24 21"} <= set(shifts(team))

    press(team, ALICE, page(), "⏱ End")
    press(team, ALICE, team.say(ALICE, "14:00"), "Apply")
    assert "Alice 24 09-24 14" in shifts(team)
    press(team, ALICE, page(), "⏱ Start")
    press(team, ALICE, team.say(ALICE, "8:30"), "Apply")
    assert "Alice 24 08:30-24 14" in shifts(team)


def test_shift_is_added(team: World) -> None:
    page = press(team, ALICE, team.say(ALICE, "/change 27.11"), "➕ Add a shift")
    assert "Write them like 09:00-21:00." in page["text"]
    whom = team.say(ALICE, "10:00-18:00")
    preview = press(team, ALICE, whom, "Bob Smith")
    assert preview["text"].split("\n")[0] == "+ Fri 27 Nov, 10:00–18:00: Bob Smith"
    press(team, ALICE, preview, "Apply")
    assert "Bob 27 10-27 18" in shifts(team)


def test_second_admin_sees_what_moved_and_loses_nothing(team: World) -> None:
    first = team.say(ALICE, "/change 24.11 Smith")
    second = team.say(ALICE, "/change 24.11 20:00-22:00 Смирнов")
    press(team, ALICE, second, "Apply")

    again = press(team, ALICE, first, "Apply")

    assert again["text"].startswith(
        "The schedule has changed in the meantime:\n• Alice: Tue 24 Nov, 20:00–22:00: Alice Admin → Смирнов Иван\n\n"
        "It would now be:"
    )
    assert "Смирнов 24 20-24 22" in shifts(team)
    press(team, ALICE, again, "Apply")
    assert {"Bob 24 09-24 20", "Смирнов 24 20-24 22", "Bob 24 22-25 09"} <= set(shifts(team))
    gone = team.say(ALICE, "/change 25.11 Smith")
    other = team.say(ALICE, "/change 25.11 Смирнов")
    press(team, ALICE, other, "Apply")
    assert alert(team, ALICE, gone, "Apply").startswith("This shift has been changed or removed.")
    assert "Смирнов 25 09-26 09" in shifts(team)


def test_name_that_several_bear_and_one_that_nobody_does(team: World) -> None:
    team.import_roster(roster_json(MONDAY.replace(month=10, day=26), **{"Bob Jones": "Б"}))
    page = team.say(ALICE, "/change 24.11 Bob")
    assert page["text"] == "2 people fit. Who do you mean?"
    page = press(team, ALICE, page, "Bob Jones")
    assert page["text"] == "Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00: Alice Admin → Bob Jones"
    assert "neither a day nor a name" in team.say(ALICE, "/change 24.11 Nobody")["text"]


def test_only_admins_change(team: World) -> None:
    team.link_dan()
    assert team.say(DAN, "/change 24.11 Smith")["text"]
    assert set(BEFORE) <= set(shifts(team))
    assert "✏️ Изменить" not in buttons(team.say(DAN, "/duty завтра"))
    team.say(SAM, "/change 24.11 Smith")
    assert set(BEFORE) <= set(shifts(team))


def test_note_is_written_changed_and_removed_by_buttons(team: World) -> None:
    """What is typed is cleaned and shown before anything is stored; the time of the shift may be over."""
    page = team.say(ALICE, "/change 24.11")
    page = press(team, ALICE, page, "Alice Admin · Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00")
    page = press(team, ALICE, page, "📝 Note")
    assert page["text"].split("\n")[0] == "Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00"
    assert list(buttons(page)) == ["Back"]
    refused = team.say(ALICE, "x" * 501)
    assert refused["text"] == "The note has 501 characters, and 500 fit. Make it shorter."
    page = team.say(ALICE, "Keys\x0bat the \u202edesk\u2028<b>1</b>")
    shift = "Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00: Alice Admin"
    assert page["text"] == f"{shift}, note “Keys at the desk <b>1</b>”"
    assert list(buttons(page)) == ["Apply", "Back"]
    assert notes(team) == []

    done = press(team, ALICE, page, "Apply")

    assert notes(team) == ["Keys at the desk\n<b>1</b>"]
    assert done["text"] == f"✅ Changed.\n{shift}, note “Keys at the desk <b>1</b>”"
    assert "📝 Keys at the desk <b>1</b>" in team.say(ALICE, "/duty tomorrow")["text"]
    assert "📝 Keys at the desk" in team.say(ALICE, "/duty")["text"]  # she is next
    history = team.say(ALICE, "/history")["text"]
    assert "changed Alice Admin's shift, Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00: note “Keys at the desk" in history

    page = press(team, ALICE, team.say(ALICE, "/change 24.11"), "Alice Admin · Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00")
    assert "📝 Keys at the desk" in page["text"]
    page = press(team, ALICE, page, "📝 Note")
    page = press(team, ALICE, page, "🗑 Remove the note")
    assert page["text"] == f"{shift}, without the note “Keys at the desk <b>1</b>”"
    done = press(team, ALICE, page, "Apply")
    assert notes(team) == []
    press(team, ALICE, done, "↩️ Undo")
    assert notes(team) == ["Keys at the desk\n<b>1</b>"]


def test_note_of_one_line_is_for_the_shift_that_is_meant(team: World) -> None:
    """What is typed in Russian is understood, too; which of several is asked, and the text is not lost by that."""
    page = team.say(ALICE, "/change завтра заметка: ключи у охраны")
    assert page["text"] == "Tue 24 Nov, 09:00 – Wed 25 Nov, 09:00: Alice Admin, note “ключи у охраны”"
    press(team, ALICE, page, "Apply")
    page = team.say(ALICE, "/change Dan note: call first")
    assert page["text"] == "Which one?"
    page = press(team, ALICE, page, "Dan Duty · Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00")
    assert page["text"] == "Wed 25 Nov, 09:00 – Thu 26 Nov, 09:00: Dan Duty, note “call first”"
    press(team, ALICE, page, "Apply")
    assert notes(team) == ["ключи у охраны", "call first"]

    page = team.say(ALICE, "/change 24.11 Admin note:")
    assert page["text"].endswith("without the note “ключи у охраны”")
    press(team, ALICE, page, "Apply")
    assert notes(team) == ["call first"]


def notes(world: World) -> list[str]:
    rows = world.rows("SELECT note FROM duties WHERE cancelled_at IS NULL AND note IS NOT NULL ORDER BY start_at")
    return [note for (note,) in rows]
